"""Reading accuracy side by side with plain systems, and how good the review list is.

    PYTHONPATH=. python benchmarks/reading.py                                   our own hard set
    PYTHONPATH=. python benchmarks/reading.py GOLD.tsv … --scorer SCORER.py     other gold, scored by another scorer's rules

GOLD.tsv: [category TAB] text TAB kana, alternatives as {A/B}. SCORER.py offers load, expand, normalise, lev and, if it
has them, load_variants and with_variants. MER: kana edits per gold kana; exact: sentences without an error.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pykakasi
import pyopenjtalk

from yomicast import reading
from yomicast.model import Line, Place
from yomicast.reading import corrections, second
from yomicast.reading.sounds import folded, katakana

HARD = Path(__file__).resolve().parents[1] / "tests/data/reading/hard.tsv"


# --- systems -------------------------------------------------------------------------------------------------------


def yomicast(text: str) -> str:
    return reading.kana(reading.words(text))


def open_jtalk(text: str) -> str:
    return "".join(one["pron"] for one in pyopenjtalk.run_frontend(text))


def vanilla(text: str) -> str:
    return "".join(one["pron"] for one in pyopenjtalk.run_frontend(text, use_vanilla=True))


def sudachi(text: str) -> str:
    return "".join(corrections.said(one) if one.known else one.surface for one in second.morphemes(text))


KAKASI = pykakasi.kakasi()


def kakasi(text: str) -> str:
    return katakana("".join(one["hira"] for one in KAKASI.convert(text)))


SYSTEMS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("yomicast", yomicast),
    ("pyopenjtalk-plus", open_jtalk),
    ("pyopenjtalk-plus, use_vanilla", vanilla),
    ("Sudachi core", sudachi),
    ("pykakasi", kakasi),
)


# --- scoring -------------------------------------------------------------------------------------------------------


def load(path: str) -> list[list[str]]:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [row[:3] if len(row) > 2 else ["all", *row] for row in rows]


def expand(gold: str) -> list[str]:
    found = []
    for whole in gold.split("||"):
        parts = re.split(r"\{([^}]*)\}", whole.strip())
        choices = [part.split("/") if n % 2 else [part] for n, part in enumerate(parts)]
        found += ["".join(choice) for choice in itertools.product(*choices)]
    return found


def normalise(text: str) -> str:
    kept = "".join(c for c in katakana(text) if c.isalnum() or c == "ー")
    return re.sub(r"([アイウエオ])\1+", r"\1\1", folded(kept))


def lev(one: str, two: str) -> int:
    row = list(range(len(two) + 1))
    for i, x in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(two, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def scorer(path: Path | None, gold: Sequence[Path]) -> Any:
    """Our rules, or another scorer's with the list of variants beside the gold."""
    if path is None:
        return SimpleNamespace(load=load, expand=expand, normalise=normalise, lev=lev, with_variants=lambda _, g: g)
    spec = importlib.util.spec_from_file_location("scorer", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if gold:
        module.load_variants(str(gold[0].parent / "variants.tsv"))
    return module


def distance(rules: Any, text: str, gold: str, kana: str) -> tuple[int, int]:
    """Edits to the nearest gold, and its length."""
    said = rules.normalise(kana)
    golds = rules.with_variants(text, [rules.normalise(one) for one in rules.expand(gold)])
    best = min(golds, key=lambda one: rules.lev(one, said))
    return rules.lev(best, said), len(best)


def compared(rules: Any, paths: Iterable[Path]) -> None:
    for path in paths:
        rows = rules.load(str(path))
        print(f"\n{path.name}: {len(rows)} lines")
        for name, system in SYSTEMS:
            start = time.process_time()
            kana = [system(text) for _, text, _ in rows]
            seconds = time.process_time() - start
            pairs = [distance(rules, row[1], row[2], one) for row, one in zip(rows, kana, strict=True)]
            edits, size = sum(d for d, _ in pairs), sum(n for _, n in pairs)
            exact = sum(d == 0 for d, _ in pairs) / len(pairs)
            rate = len(rows) / max(seconds, 1e-9)
            print(
                f"  {name:<32} MER {100 * edits / size:5.2f} %   exact {100 * exact:5.1f} %   {rate:5.0f} lines/s of CPU"
            )


def reviewed(rules: Any, paths: Iterable[Path]) -> None:
    print("\nreview list: lines flagged, wrong lines among them")
    for path in paths:
        flagged = wrong = held = 0
        rows = rules.load(str(path))
        for _, text, gold in rows:
            line = Line(shown=text, spoken=text, role="body", place=Place(), pause=0.0)
            flag = bool(reading.review(line))
            bad = distance(rules, text, gold, yomicast(text))[0] > 0
            flagged, wrong, held = flagged + flag, wrong + bad, held + (bad and flag)
        print(f"  {path.name:<32} flags {100 * flagged / len(rows):5.1f} %   holds {held} of {wrong} wrong lines")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("gold", type=Path, nargs="*")
    arguments.add_argument("--scorer", type=Path)
    arguments.add_argument("--no-review", action="store_true")
    args = arguments.parse_args()
    paths = args.gold or [HARD]
    rules = scorer(args.scorer, args.gold)
    compared(rules, paths)
    if not args.no_review:
        reviewed(rules, paths)


if __name__ == "__main__":
    main()
