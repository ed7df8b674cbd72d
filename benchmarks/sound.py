"""What the rooms of sound cost: CPU seconds a second of audio for each step, and peak memory at growing lengths.

usage: PYTHONPATH=. python benchmarks/sound.py [--hours 1 3 10] [--channels 2] [--bitrate 128] [--form mp3]
Synthetic lines of noise with the syllables of speech, a chapter every four minutes, generated music. Each length runs
in a process of its own. Ratios within one run mean something; absolute seconds on a shared machine do not.
"""

import argparse
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yomicast.encode import encode
from yomicast.master import master
from yomicast.mix import balance, mix
from yomicast.model import Line, Place, Samples, Spoken
from yomicast.settings import Edition, SoundSettings

RATE = 48_000
LINE = 5 * RATE
WHITE = np.cumsum(np.random.default_rng(1).standard_normal(LINE + RATE + 24))
NOISE = ((WHITE[24:] - WHITE[:-24]) / 5).astype(np.float32)  # little above 2 kHz, as in speech
SYLLABLES = (0.03 * (1 + 0.8 * np.sin(2 * np.pi * 4.5 * np.arange(LINE) / RATE))).astype(np.float32)


@dataclass(frozen=True)
class Drawn:
    """A clip that is made when it is read and kept by nobody."""

    seed: int
    frames: int = LINE
    rate: int = RATE

    def read(self) -> Samples:
        """Five seconds, different for each seed."""
        begin = self.seed * 7919 % RATE
        return NOISE[begin : begin + LINE] * SYLLABLES


def lines(hours: float) -> list[Spoken]:
    found = []
    for number in range(max(2, round(hours * 3600 / (LINE / RATE + 0.7)))):
        heading = number % 42 == 1
        line = Line(
            shown=f"文{number}",
            spoken=f"文{number}",
            role="heading" if heading else "body",
            place=Place(),
            pause=1.2 if heading else 0.7,
            level=2 if heading else 0,
        )
        found.append(Spoken(line=line, clip=Drawn(number), voice="mei", key=str(number)))
    return found


def cpu() -> float:
    use = resource.getrusage(resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime


def one(hours: float, channels: int, bitrate: int, form: str) -> dict[str, object]:
    sound = SoundSettings(channels=channels)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spoken = lines(hours)
        marks = [cpu()]
        wall = time.perf_counter()
        programme = mix(spoken, sound, Edition(), title="長い話", base=folder, cache=folder)
        marks.append(cpu())
        for _ in programme.blocks():
            pass
        marks.append(cpu())
        mastered = master(programme, sound)
        marks.append(cpu())
        encoded = encode(mastered, folder / f"a.{form}", form=form, bitrate=bitrate, cache=folder / "cache")
        marks.append(cpu())
        over = balance(programme).figures
        marks.append(cpu())
        steps = [b - a for a, b in itertools.pairwise(marks)]
        names = ("music_s", "mix_rtf", "master_rtf", "encode_rtf", "balance_rtf")
        scaled = [steps[0], *(step / encoded.seconds for step in steps[1:])]
        return {
            "hours": round(encoded.seconds / 3600, 2),
            **{label: round(value, 5) for label, value in zip(names, scaled, strict=True)},
            "wall_s": round(time.perf_counter() - wall, 1),
            "peak_mb": peak_mb(),
            **encoded.figures,
            **over,
        }


def peak_mb() -> int:
    """Peak resident memory of this program alone: ru_maxrss would count the parent it was forked from."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return round(int(line.split()[1]) / 1024)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--hours", type=float, nargs="+", default=[1.0, 3.0, 10.0])
    given.add_argument("--channels", type=int, choices=(1, 2), default=2)
    given.add_argument("--bitrate", type=int, default=128)
    given.add_argument("--form", default="mp3")
    given.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    args = given.parse_args()
    if args.inside:
        print(json.dumps(one(args.hours[0], args.channels, args.bitrate, args.form)))
        return
    for hours in args.hours:
        more = ["--channels", str(args.channels), "--bitrate", str(args.bitrate), "--form", args.form]
        subprocess.run([sys.executable, __file__, "--inside", "--hours", str(hours), *more], check=True)


if __name__ == "__main__":
    main()
