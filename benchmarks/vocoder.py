"""Our HTS engine beside hts_engine: is it the same speech, and what does it cost? Prints Markdown.

    python benchmarks/vocoder.py TEXT [TEXT …] [--lines 200] [--pace 0.7,0 1,0 1.5,0 1,3] [--hts-engine BINARY]

TEXT: an article, or a .tsv whose first column is text. Sounds are compared with pyopenjtalk's HTSEngine on the same
labels. With the path of a `hts_engine` binary its generated parameters are compared too (it writes float32). Costs are
CPU seconds for a second of sound, all of one run on one thread; parts of ours are timed apart.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pyopenjtalk
from pyopenjtalk.htsengine import HTSEngine

from yomicast.speech import hts
from yomicast.speech.hts import parameters, states

T = TypeVar("T")
Sound: TypeAlias = Any
Labels: TypeAlias = list[str]
Pace: TypeAlias = tuple[float, float]

VOICE = Path(pyopenjtalk.__file__).parent / "htsvoice" / "mei_normal.htsvoice"
TOGETHER = 48
"""Lines spoken at once."""
EDGES = (0, 250, 500, 1000, 2000, 4000, 6000, 8000, 12000, 16000, 24000)


def labels_of(paths: Sequence[Path], lines: int) -> list[Labels]:
    """Labels of every sentence that can be spoken."""
    found = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".tsv":
            rows = [row.split("\t")[0] for row in text.splitlines() if row and not row.startswith("#")]
        else:
            rows = [part for row in text.splitlines() for part in re.split(r"(?<=。)", row) if part.strip()]
        found += [made for row in rows[:lines] if len(made := pyopenjtalk.extract_fullcontext(row)) > 2]
    return found


def snr(reference: Sound, sound: Sound) -> float:
    return 10 * np.log10((reference**2).sum() / max(((reference - sound) ** 2).sum(), 1e-300))


def bands(sound: Sound) -> Sound:
    power = np.abs(np.fft.rfft(sound)) ** 2
    at = [int(edge / 24000 * (len(power) - 1)) for edge in EDGES]
    return np.array([power[a:b].sum() for a, b in itertools.pairwise(at)])


def distance(reference: Sound, sound: Sound, size: int = 1024) -> float:
    """Log-spectral distance in dB, frames within 40 dB of the loudest."""
    window = np.hanning(size)

    def power(x: Sound) -> Sound:
        frames = np.lib.stride_tricks.sliding_window_view(x, size)[:: 2 * size]
        return 10 * np.log10(np.abs(np.fft.rfft(frames * window)) ** 2 + 1e-3)

    a, b = power(reference), power(sound)
    loud = a.mean(axis=1) > a.mean(axis=1).max() - 40
    return float(np.sqrt(((a - b) ** 2).mean(axis=1))[loud].mean())


def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.process_time()
    made = work()
    return made, time.process_time() - start


class Tally:
    """What is known of one of our paths so far."""

    def __init__(self) -> None:
        self.cpu, self.equal = 0.0, 0
        self.snr: list[float] = []
        self.distance: list[float] = []
        self.power = np.zeros((2, len(EDGES) - 1))

    def add(self, wheel: Sequence[Sound], made: Sequence[Sound], cpu: float) -> None:
        """Take in a group of sounds."""
        self.cpu += cpu
        for a, b in zip(wheel, made, strict=True):
            if len(a) == len(b):
                self.equal += 1
                self.snr.append(snr(a, b.astype(np.float64)))
                self.distance.append(distance(a, b))
                self.power += bands(a), bands(b)

    def cells(self, seconds: float, wheel_cpu: float) -> list[str]:
        """The row of the table."""
        worst = np.abs(10 * np.log10(self.power[0] / self.power[1])).max()
        return [
            f"{self.equal}",
            f"{min(self.snr):.1f} / {np.median(self.snr):.1f}",
            f"{worst:.2f}",
            f"{np.mean(self.distance):.2f}",
            f"{self.cpu / seconds:.4f} ({wheel_cpu / self.cpu:.1f}×)",
        ]


def compare(labels: Sequence[Labels], pace: Pace, engine: HTSEngine, ours: Mapping[str, hts.Synthesiser]) -> None:
    """One row a path, after each group of lines so that memory stays flat."""
    speed, tone = pace
    controls = hts.Controls(speed=speed, half_tone=tone)
    tallies = {name: Tally() for name in ours}
    wheel_cpu = seconds = 0.0
    for start in range(0, len(labels), TOGETHER):
        rows = labels[start : start + TOGETHER]
        engine.set_speed(speed)
        engine.add_half_tone(tone)
        wheel, cpu = timed(lambda r=rows: [engine.synthesize(row) for row in r])
        wheel_cpu += cpu
        seconds += sum(map(len, wheel)) / ours["numpy"].rate
        for name, each in ours.items():
            made, cpu = timed(lambda e=each, r=rows: [x.samples * 32768.0 for x in e.speak_many(r, controls)])
            tallies[name].add(wheel, made, cpu)
        print(f"{pace} {start + len(rows)}/{len(labels)}", file=sys.stderr, flush=True)
    for name, tally in tallies.items():
        head = [f"{speed:g} / {tone:+g}", name, f"{len(labels)}", f"{seconds:.0f}", f"{wheel_cpu / seconds:.4f}"]
        print("| " + " | ".join(head + tally.cells(seconds, wheel_cpu)) + " |", flush=True)


def reference(labels: Sequence[Labels], pace: Pace, binary: Path, voice: hts.Voice) -> None:
    """Largest differences from hts_engine's own parameters: frames, spectrum, log F0, low-pass, voicing."""
    speed, tone = pace
    worst = np.zeros(4)
    lengths = voicing = 0
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        for row in labels:
            (at / "lab").write_text("\n".join(row) + "\n", encoding="utf-8")
            outs = [x for key in "mfl" for x in (f"-o{key}", at / key)]
            command = [binary, "-m", VOICE, "-r", str(speed), "-fm", str(tone), *outs, "-or", at / "raw", at / "lab"]
            subprocess.run(command, check=True, capture_output=True)
            theirs = [np.fromfile(at / key, "<f4").astype(float) for key in "mfl"]
            made = parameters.generate(voice, [states.states(voice, row, speed=speed)], half_tone=tone)[0]
            mine = [made.spectrum.ravel(), made.lf0, made.lowpass.ravel()]
            lengths += all(len(a) == len(b) for a, b in zip(theirs, mine, strict=True))
            voicing += bool(np.array_equal(theirs[1] < 0, mine[1] < 0))
            for n, (a, b) in enumerate(zip(theirs, mine, strict=True)):
                worst[n] = max(worst[n], np.abs(a - b)[a > -1e9].max(initial=0))
    print(
        f"| {speed:g} / {tone:+g} | {len(labels)} | {lengths} | {voicing} | "
        + " | ".join(f"{x:.1e}" for x in worst[:3])
        + " |"
    )


def parts(labels: Sequence[Labels], voice: hts.Voice) -> None:
    """Where our own time goes."""
    made, first = timed(lambda: [states.states(voice, row, speed=1.0) for row in labels])
    lanes = hts.compiled()
    seconds = sum(each.total for each in made) * voice.period / voice.rate
    for name, fast in (("lanes", True), ("numpy", False)):
        if fast and lanes is None:
            continue
        engine = hts.Synthesiser(voice, threads=1, fast=fast)
        solvers = lanes if fast else None
        chunks = [made[n : n + 24] for n in range(0, len(made), 24)]
        pars, second = timed(
            lambda s=solvers, c=chunks: [
                p for part in c for p in parameters.generate(voice, part, half_tone=0.0, solvers=s)
            ]
        )
        by_length = sorted(pars, key=lambda par: -len(par.lf0))
        _, third = timed(lambda e=engine, p=by_length: e.vocode(p, hts.Controls()))
        print(f"| {name} | " + " | ".join(f"{x / seconds:.5f}" for x in (first, second, third)) + " |")


def start_up(labels: Sequence[Labels]) -> None:
    """Compiling, and the first sound of one sentence, with two threads to hand."""
    code = (
        "import time\nfrom time import perf_counter as wall, process_time as cpu\n"
        "t = cpu()\nfrom pathlib import Path\nfrom yomicast.speech import hts\n"
        f"s = hts.Synthesiser(Path({str(VOICE)!r})); rows = {labels[0]!r}\n"
        "a = cpu(); s.speak(rows); b = cpu(); c = wall(); r = s.speak(rows); d = wall()\n"
        "print(a - t, b - a, cpu() - b, d - c, len(r.samples) / r.rate)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in ("first run, compiling", "next process, cache warm"):
            env = os.environ | {"NUMBA_CACHE_DIR": folder}
            out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=env)
            load, once, again, wall, sound = map(float, out.stdout.split())
            print(f"| {name} | {load:.2f} | {once:.2f} | {again:.3f} | {wall:.3f} | {sound:.2f} |")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("texts", type=Path, nargs="+")
    ask.add_argument("--lines", type=int, default=200)
    ask.add_argument("--pace", nargs="+", default=["1,0", "0.7,0", "1.5,0", "1,3", "1,-4.5"])
    ask.add_argument("--hts-engine", type=Path)
    given = ask.parse_args()
    labels = labels_of(given.texts, given.lines)
    paces = [tuple(map(float, pace.split(","))) for pace in given.pace]
    voice = hts.load(VOICE)
    ours = {name: hts.Synthesiser(voice, threads=1, fast=name == "lanes") for name in ("lanes", "numpy")}
    if hts.compiled() is None:
        del ours["lanes"]
    for each in ours.values():
        each.speak(labels[0])
    heads = "speed / tone|ours|lines|s of sound|hts_engine CPU|equal lengths|SNR dB min / median|worst band dB|LSD dB|our CPU"
    print("| " + heads.replace("|", " | ") + " |\n|" + "---|" * 10)
    for pace in paces:
        compare(labels, pace, HTSEngine(str(VOICE).encode()), ours)
    print("\n| our parts, CPU a second of sound | states | parameters | vocoder |\n|---|---|---|---|")
    parts(labels, voice)
    print(
        "\n| process | load, import: CPU s | first sentence: CPU s | again: CPU s | again: wall s | s of sound |\n|"
        + "---|" * 6
    )
    start_up(labels)
    if given.hts_engine:
        print(
            "\n| speed / tone | lines | equal lengths | equal voicing | spectrum, worst | log F0, worst | low-pass, worst |\n|"
            + "---|" * 7
        )
        for pace in paces:
            reference(labels, pace, given.hts_engine, voice)


if __name__ == "__main__":
    main()
