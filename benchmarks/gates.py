"""Every gate of a finished sound, on the decoded files of both editions in all formats, heard by FFmpeg and by STOI.

usage: PYTHONPATH=. python benchmarks/gates.py [ARTICLE] [--forms mp3 m4a opus flac wav]

FFmpeg's ebur128 measures loudness, range and true peak of each file and says how long it is; speech over music comes from
the stems (report.json); STOI compares each line as it is heard in the file with the same line spoken alone. Needs ffmpeg
on PATH and pystoi. Ends with 1 if a gate is missed.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from pystoi import stoi

from yomicast import pipeline
from yomicast.encode import decode
from yomicast.loudness import listen, longest_silence
from yomicast.model import Samples
from yomicast.pipeline.sound import spoken_lines

ROOT = Path(__file__).resolve().parents[1]
RATE = 48_000
EDITIONS = "editions:\n  podcast: {}\n  clear: {bed: false, sting: false, speed: 0.9, announce_headings: true}\n"


def heard_by_ffmpeg(path: Path) -> dict[str, float]:
    """Integrated loudness (LUFS), range (LU) and true peak (dBTP)."""
    argv = [
        "ffmpeg",
        "-hide_banner",
        "-nostats",
        "-i",
        str(path),
        "-map",
        "0:a",
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    summary = subprocess.run(argv, capture_output=True, text=True, check=True).stderr.rsplit("Summary:", 1)[-1]
    found = {key: float(value) for key, value in re.findall(r"(I|LRA|Peak):\s+(-?[\d.]+)", summary)}
    return {"LUFS": found["I"], "LU": found["LRA"], "dBTP": found["Peak"]}


def intelligibility(heard: Samples, cues: list[dict[str, float]], clean: dict[int, Samples]) -> list[float]:
    """STOI of each line against itself alone."""
    found = []
    for cue in cues:
        start, own = round(cue["start"] * RATE), clean[int(cue["line"])]
        part = heard[start : start + len(own)]
        if len(own) > RATE // 2:
            found.append(float(stoi(own[: len(part)], part, RATE)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("article", type=Path, nargs="?", default=ROOT / "episodes" / "night-library.txt")
    parser.add_argument("--forms", nargs="+", default=["mp3", "m4a", "opus", "flac", "wav"])
    args = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "voices", folder / "voices")
        shutil.copy(args.article, folder)
        (folder / "show.yaml").write_text(
            f"sound: {{formats: [{', '.join(args.forms)}]}}\n{EDITIONS}", encoding="utf-8"
        )
        os.chdir(folder)
        job = pipeline.open_job(args.article.name, out=folder / "out")
        made = pipeline.render(job)
        prepared = pipeline.prepare(job)
        print(
            f"{args.article.name}\n{'':24}{'seconds':>10}{'LUFS':>8}{'LU':>6}{'dBTP':>7}{'silence':>9}{'STOI':>7}{'over music':>12}"
        )
        for audio in made.editions:
            spoken, _ = spoken_lines(prepared, prepared.editions[audio.name], lambda *_: None)
            clean = {number: one.clip.read() for number, one in enumerate(spoken)}
            cues = [{"start": cue.start, "line": cue.line} for cue in audio.cues]
            report = json.loads((folder / "out" / job.slug / "report.json").read_text(encoding="utf-8"))
            over = report["sound"][audio.name].get("speech_over_music_min_db", float("inf"))
            for rendition in audio.renditions:
                path = folder / "out" / rendition.path
                sound = np.concatenate(list(decode(path)))
                figures = heard_by_ffmpeg(path)
                clear = min(intelligibility(sound.mean(axis=1), cues, clean))
                quiet = longest_silence(listen([sound]))
                print(
                    f"{audio.name:10}{path.suffix[1:]:14}{len(sound) / RATE:>10.3f}{figures['LUFS']:>8.1f}{figures['LU']:>6.1f}"
                    f"{figures['dBTP']:>7.1f}{quiet:>9.1f}{clear:>7.3f}{over:>12.1f}"
                )
                missed += not (
                    abs(figures["LUFS"] + 16) <= 0.3
                    and figures["LU"] <= 6
                    and figures["dBTP"] <= -1
                    and quiet <= 2.5
                    and clear >= 0.92
                    and over >= 20
                    and abs(len(sound) / RATE - audio.seconds) <= 1152 / RATE
                )
    sys.exit(f"{missed} files miss a gate" if missed else 0)


if __name__ == "__main__":
    main()
