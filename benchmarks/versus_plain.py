"""yomicast against a plain script on the same article, in turn, in one run: ratios of wall, CPU and peak memory.

usage: python benchmarks/versus_plain.py [ARTICLE] [--rounds N] [--numpy]
Cold: yomicast starts with an empty cache. Warm: the same again after one sentence was edited. Absolute seconds mean
nothing on a shared machine; the ratios of medians do. Before each run the same program speaks one sentence, untimed, so
that none waits for the disk: hosts of shared machines empty the file cache within a minute, and what yomicast reads
of dictionaries and libraries then took up to ten seconds. The plain script needs ffmpeg on PATH. With --numpy yomicast
does not see numba, as if it were installed without [fast].
"""

import argparse
import compileall
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "tools" / "naive_baseline.py"


PLAIN_NUMPY = (
    "import runpy, sys; sys.modules['numba'] = None; sys.argv = sys.argv[1:]; sys.path[0] = sys.argv.pop(0); "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)
"""Runs the program that follows, a folder to import from and then its command line, in a Python without numba."""


def measured(argv: list[str]) -> dict[str, float]:
    """Wall and CPU seconds and peak MB of a program and its children."""
    start = time.perf_counter()
    with Path(os.devnull).open("wb") as null:
        actions = [(os.POSIX_SPAWN_DUP2, null.fileno(), 1)]
        pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=actions)
    _, status, use = os.wait4(pid, 0)
    if status:
        sys.exit(f"failed ({status}): {' '.join(argv)}")
    return {
        "wall s": time.perf_counter() - start,
        "CPU s": use.ru_utime + use.ru_stime,
        "peak MB": use.ru_maxrss / 1024,
    }


def programs(plain: Path, article: Path, *, numpy: bool) -> dict[str, list[str]]:
    """The commands to compare; all they make goes beside the article."""
    out = str(article.parent / "out")
    hidden = ["-c", PLAIN_NUMPY, str(ROOT)] if numpy else []
    ours = [sys.executable, *hidden, str(ROOT / "produce.py"), "render", str(article), "--out", out, "--quiet"]
    return {"plain": [sys.executable, str(plain), str(article), f"{out}.mp3"], "cold": ours, "warm": ours}


def edited(article: Path, folder: Path) -> Path:
    """A copy of the article in which one sentence in the middle reads differently."""
    copy = folder / article.name
    lines = article.read_text(encoding="utf-8").splitlines()
    middle = [n for n, line in enumerate(lines) if line.endswith("。")][len(lines) // 6]
    lines[middle] = lines[middle][:-1] + "のだそうです。"
    copy.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return copy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("article", type=Path, nargs="?", default=ROOT / "episodes" / "night-library.txt")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--numpy", action="store_true", help="yomicast without numba")
    parser.add_argument(
        "--plain", type=Path, default=SHARED if SHARED.is_file() else ROOT / "benchmarks" / "plain_script.py"
    )
    args = parser.parse_args()
    if not shutil.which("ffmpeg"):
        sys.exit("the plain script needs ffmpeg")
    compileall.compile_dir(
        ROOT / "yomicast", quiet=1
    )  # as an installed program is; else PYTHONDONTWRITEBYTECODE counts
    runs: dict[str, list[dict[str, float]]] = {"plain": [], "cold": [], "warm": []}
    for _ in range(args.rounds):
        with tempfile.TemporaryDirectory() as made:
            article, small = Path(made) / args.article.name, Path(made) / "small" / "one.txt"
            small.parent.mkdir()
            small.write_text("雨の日\n\n窓の外で雨が降っています。\n", encoding="utf-8")
            shutil.copy(args.article, article)
            for name, argv in programs(args.plain, article, numpy=args.numpy).items():
                if name == "warm":
                    edited(args.article, article.parent)
                measured(programs(args.plain, small, numpy=args.numpy)[name])
                runs[name].append(measured(argv))
    without = ", without numba" if args.numpy else ""
    print(f"{args.article.name}, {args.rounds} rounds, medians{without}; plain script: {args.plain.name}")
    print(f"{'':8}{'wall s':>10}{'CPU s':>10}{'peak MB':>10}")
    medians = {name: {key: statistics.median(r[key] for r in rows) for key in rows[0]} for name, rows in runs.items()}
    for name, row in medians.items():
        print(f"{name:8}" + "".join(f"{value:10.1f}" for value in row.values()))
    for name in ("cold", "warm"):
        ratio = {key: medians["plain"][key] / medians[name][key] for key in medians[name]}
        print(
            f"plain/{name}: wall {ratio['wall s']:.2f}x, CPU {ratio['CPU s']:.2f}x, peak memory {ratio['peak MB']:.2f}x"
        )
    print(f"warm wall is {100 * medians['warm']['wall s'] / medians['plain']['wall s']:.1f} % of the plain script's")


if __name__ == "__main__":
    main()
