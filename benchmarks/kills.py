"""Kill -9 at random moments of `yomicast render` and `yomicast publish`: nothing corrupt, nothing lost, a rerun completes.

usage: python benchmarks/kills.py [--rounds 50] [--seed N] [--articles 3]
Each round renders and publishes a small archive of mixed forms with the test engine, in real processes, and kills them
at a random moment (every other round the main process alone, else its workers too). Then every file is looked at, the
two commands run again, and the result must be the undisturbed run's, byte for byte. About 6 s a round on a quiet machine.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import archive  # noqa: E402

from yomicast import encode, export, feed, files  # noqa: E402
from yomicast.errors import YomicastError  # noqa: E402
from yomicast.pipeline import CACHE  # noqa: E402

BASE = "https://example.com/podcast/"
STEPS = (
    ("render", "episodes", "--out", "out", "--jobs", "2", "--quiet"),
    ("publish", "--out", "out", "--to", "web", "--quiet"),
)
ORPHANS_END = 5.0
"""Seconds within which the workers of a killed run must be gone."""


def start(step: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    """The command in a process group of its own."""
    argv = [sys.executable, "-m", "yomicast", *step]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        argv, cwd=folder, env=environment, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def finish(folder: Path) -> list[float]:
    """Both commands to their ends; seconds of each."""
    took = []
    for step in STEPS:
        begun = time.monotonic()
        process = start(step, folder)
        said, _ = process.communicate()
        if process.returncode:
            sys.exit(f"{' '.join(step)} ended with {process.returncode}: {said.decode()[-2000:]}")
        took.append(time.monotonic() - begun)
    return took


def killed_at(folder: Path, which: int, moment: float, *, alone: bool) -> str:
    """Run the commands before step `which` to their ends and kill that one after `moment` seconds; its name, or '' when
    it had ended by then.
    """
    for step in STEPS[:which]:
        start(step, folder).communicate()
    process = start(STEPS[which], folder)
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=moment)
        return ""
    if alone:
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()
    _orphans_end(process.pid)
    return STEPS[which][0]


def _orphans_end(group: int) -> None:
    end = time.monotonic() + ORPHANS_END
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    sys.exit("workers outlived the run they belonged to")


def corrupt(folder: Path) -> Iterator[str]:
    """Finished files below out and web that are not whole, and links of feeds that lead nowhere."""
    for place in (folder / "out", folder / "web"):
        for path in sorted(place.rglob("*")):
            hidden = path.name.startswith(".") or (CACHE in path.parts and "staged" in path.parts)
            if path.is_file() and not hidden and (wrong := _wrong(path)):
                yield f"{path.relative_to(folder)}: {wrong}"
        yield from (f"{place.name}/feed.xml names {key}" for key in dangling(place))


def _wrong(path: Path) -> str:
    """What is wrong with a file, by its kind and, for sound, by the hash in its name or head."""
    data = path.read_bytes()
    try:
        if path.name == "episode.json":
            export.read_episode(path)
        elif path.suffix == ".json":
            json.loads(data)
        elif path.name.startswith("feed") and path.suffix == ".xml":
            feed.read(path)
        elif path.suffix == ".f32":
            head, _, body = data.partition(b"\n")
            return "" if json.loads(head)["sha256"] == hashlib.sha256(body).hexdigest() else "not its own hash"
        elif (named := re.search(r"\.([0-9a-f]{8})\.mp3$", path.name)) is not None:
            return "" if hashlib.sha256(data).hexdigest().startswith(named[1]) else "not its own hash"
        elif path.suffix == ".mp3":
            sum(len(block) for block in encode.decode(path))
        elif path.suffix == ".html" and "</html>" not in data.decode()[-20:] and "notes" not in path.name:
            return "cut short"
        elif not data:
            return "empty"
    except (YomicastError, ValueError, KeyError) as error:
        return str(error)
    return ""


def dangling(place: Path) -> list[str]:
    """Addresses in the feed whose files are not there."""
    path = place / "feed.xml"
    if not path.is_file():
        return []
    links = re.findall(rf'"{re.escape(BASE)}([^"]+)"', path.read_text(encoding="utf-8"))
    keys = {unquote(link.partition("#")[0]) for link in links}
    return sorted(key for key in keys if not (key.endswith("/") or (place / key).is_file()))


def everything(folder: Path) -> dict[str, str]:
    """Hashes of all finished files by name."""
    return {
        f"{place}/{name}": files.sha256_of(folder / place / name)
        for place in ("out", "web") for name in files.snapshot(folder / place)
    }  # fmt: skip


def prepared(folder: Path, articles: int) -> Path:
    """A desk with an archive and the test engine."""
    archive.write(folder / "episodes", articles, sentences=(2, 4))
    (folder / "voices").mkdir()
    (folder / "voices" / "mei.yaml").write_text("engine: marker\nspeed: 2.0\n", encoding="utf-8")
    return folder


def rounds(count: int, seed: int, articles: int) -> int:
    """Print what happened; how many corrupt files, lost episodes and unlike results there were."""
    dice = random.Random(seed)
    hit: Counter[str] = Counter()
    bad = lost = unlike = swept = 0
    with tempfile.TemporaryDirectory(prefix="yomicast-kills-") as name:
        reference = prepared(Path(name) / "reference", articles)
        took = finish(reference)
        wanted = everything(reference)
        print(f"seed {seed}; undisturbed: render {took[0]:.1f} s, publish {took[1]:.1f} s, {len(wanted)} files")
        if problems := list(corrupt(reference)):
            sys.exit(f"the undisturbed run is not whole: {problems[:3]}")
        for number in range(count):
            folder = prepared(Path(name) / f"round-{number}", articles)
            # Moments fall on both commands alike, however long each takes.
            which = dice.randrange(2)
            moment = dice.random() * took[which]
            victim = killed_at(folder, which, moment, alone=dice.random() < 0.5)
            hit[victim or "nothing: all had ended"] += 1
            swept += sum(1 for _ in folder.rglob(".*.part"))
            found = list(corrupt(folder))
            bad += len(found)
            finish(folder)
            now = everything(folder)
            episodes = {key for key in wanted if key.startswith("web/") and key.endswith("episode.json")}
            missing = len(episodes - set(now)) + len(dangling(folder / "web"))
            lost += missing
            different = sorted(key for key in {*wanted, *now} if wanted.get(key) != now.get(key))
            unlike += len(different)
            if found or missing or different:
                print(f"round {number}: killed {victim} at {moment:.3f} s: {found[:3]} {missing} {different[:3]}")
    print(f"{count} rounds, killed: {dict(hit)}; unfinished temporary files left by kills: {swept}")
    print(f"corrupt files {bad}, lost episodes {lost}, files unlike the undisturbed run's after resuming {unlike}")
    return bad + lost + unlike


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4)))
    parser.add_argument("--articles", type=int, default=3)
    args = parser.parse_args()
    sys.exit(1 if rounds(args.rounds, args.seed, args.articles) else 0)


if __name__ == "__main__":
    main()
