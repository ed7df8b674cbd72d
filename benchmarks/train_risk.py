"""Learns yomicast/reading/data/risk.tsv: which words of a line are at risk; cross-validates on the first two files.

    PYTHONPATH=. python benchmarks/train_risk.py SCORER.py GOLD.tsv GOLD.tsv [MORE.tsv …] [--only-validate]

SCORER.py: the reading scorer (its normalise, expand, lev decide whether a line is right). The gold is laid along what is
said, and a word under an edit is a wrong one; logistic regression with shrinkage learns which words those are, from
features of the language only: no words, no readings are kept. What is printed first holds for lines that were not
learned from: five folds over the first two files, then each of the two with nothing learned from it. The labels rest on
UD Japanese-GSD (CC BY-SA 4.0), the Wikipedia Annotated Corpus (CC BY-SA) and ROHAN (CC0).
"""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import sys
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yomicast.reading import accent, door
from yomicast.reading import risk as model

TABLE = Path(__file__).resolve().parents[1] / "yomicast/reading/data/risk.tsv"
HEADER = """\
# Risk of a word being read wrong: weights in hundredths, the threshold of a line in thousandths; see yomicast/reading/risk.py.
# Learned by benchmarks/train_risk.py from UD Japanese-GSD (CC BY-SA 4.0), Wikipedia Annotated Corpus (CC BY-SA), ROHAN (CC0).
"""
FLAGGED = 0.14
SHARES = (0.1, 0.14, 0.15, 0.2, 0.25)
MORE = 0.1
"""What a line of the other files weighs: their style is not prose."""
SHRINK = 1.0
LEAST = 5
"""A feature of fewer words is not learned."""


@dataclass(frozen=True)
class Row:
    """A line: where it was put by its text, the features of its words and which of them are wrong."""

    fold: int
    features: list[list[str]]
    bad: list[bool]
    wrong: bool


def load(path: Path, scorer: Any, limit: int) -> list[Row]:
    rows = []
    for _, text, gold in scorer.load(path)[:limit]:
        found = door.analysed(text)
        said = [token.word for token in accent.phrased(found.tokens)]
        hyp = scorer.normalise("".join(word.sign or word.kana for word in said))
        golds = [scorer.normalise(g) for g in scorer.expand(gold)]
        golds = scorer.with_variants(unicodedata.normalize("NFKC", text), golds)
        nearest = min(golds, key=lambda g: scorer.lev(g, hyp))
        wrong = _wrong_words(said, hyp, nearest, scorer)
        told = model.described(found.draft, found.tokens, found.doubts)
        bad = [(token.word.start, token.word.end) in wrong for token, _ in told]
        rows.append(Row(zlib.crc32(text.encode()) % 5, [f for _, f in told], bad, hyp != nearest))
    return rows


def _wrong_words(said: Sequence[Any], hyp: str, gold: str, scorer: Any) -> set[tuple[int, int]]:
    """Places of the words whose sound is edited on the way to the gold."""
    ends, so_far = [], ""
    for word in said:
        so_far += word.sign or word.kana
        ends.append(len(scorer.normalise(so_far)))
    wrong = set()
    for kind, low, high, _, _ in difflib.SequenceMatcher(None, hyp, gold, autojunk=False).get_opcodes():
        first, last = (low, high) if high > low else (low - 1, low + 1)
        for word, start, end in zip(said, [0, *ends], ends, strict=False):
            if kind != "equal" and start < last and first < end:
                wrong.add((word.start, word.end))
    return wrong


def train(rows: Sequence[Row], weights: Sequence[float]) -> dict[str, float]:
    """Logistic regression over words with shrinkage, by Adam on the whole set; the bias `b` is free."""
    counts = Counter(f for row in rows for word in row.features for f in word)
    index = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= LEAST))}
    words = [[index[f] for f in word if f in index] for row in rows for word in row.features]
    starts = np.cumsum([0, *map(len, words)])[:-1]
    flat = np.array([i for word in words for i in word])
    owner = np.repeat(np.arange(len(words)), [len(word) for word in words])
    label = np.array([bad for row in rows for bad in row.bad], float)
    weight = np.array([w for row, w in zip(rows, weights, strict=True) for _ in row.bad])
    shrink = np.full(len(index), SHRINK)
    shrink[index["b"]] = 0.0
    w, m, v = np.zeros(len(index)), np.zeros(len(index)), np.zeros(len(index))
    w[index["b"]] = -4.0
    for step in range(1, 401):
        chance = 1 / (1 + np.exp(-np.add.reduceat(w[flat], starts)))
        slope = np.bincount(flat, (weight * (chance - label))[owner], len(index)) + shrink * w
        m, v = 0.9 * m + 0.1 * slope, 0.99 * v + 0.01 * slope**2
        rate = 0.1 * (1 - step / 401)
        w -= rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return {f: float(w[i]) for f, i in index.items() if abs(w[i]) > 0.02}


def risk(row: Row, table: Mapping[str, float]) -> float:
    safe = 1.0
    for features in row.features:
        safe *= 1 - model.chance(features, table)
    return 1 - safe


def caught(scores: Iterable[tuple[float, bool]], share: float) -> tuple[float, float, float]:
    """(threshold, flagged share, share of the wrong lines among the flagged) when the riskiest `share` are flagged."""
    ranked = sorted(scores, reverse=True)
    cut = ranked[int(len(ranked) * share)][0]
    flagged = [wrong for value, wrong in ranked if value > cut]
    return cut, len(flagged) / len(ranked), sum(flagged) / max(1, sum(wrong for _, wrong in ranked))


def held_out(test: Sequence[Row], kept: Sequence[Row], more: Sequence[Row]) -> list[tuple[float, bool]]:
    table = train([*kept, *more], [1.0] * len(kept) + [MORE] * len(more))
    return [(risk(row, table), row.wrong) for row in test]


def report(name: str, scores: Sequence[tuple[float, bool]]) -> None:
    told = (caught(scores, share) for share in SHARES)
    print(
        f"{name}: " + ", ".join(f"{100 * flagged:.1f} % hold {100 * held:.1f} %" for _, flagged, held in told),
        flush=True,
    )


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("scorer", type=Path)
    arguments.add_argument("gold", type=Path, nargs="+")
    arguments.add_argument("--limit", type=int, default=5000)
    arguments.add_argument("--only-validate", action="store_true")
    args = arguments.parse_args()
    spec = importlib.util.spec_from_file_location("scorer", args.scorer)
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    sys.modules["scorer"] = scorer
    spec.loader.exec_module(scorer)
    scorer.load_variants(str(args.gold[0].parent / "variants.tsv"))
    sets = [load(path, scorer, args.limit) for path in args.gold]
    prose, more = sets[0] + sets[1], [row for rows in sets[2:] for row in rows]
    print("lines", [len(s) for s in sets], "wrong", [sum(r.wrong for r in s) for s in sets], flush=True)
    folds = ([r for r in prose if r.fold == n] for n in range(5))
    scores = [one for n, test in enumerate(folds) for one in held_out(test, [r for r in prose if r.fold != n], more)]
    report("five folds, flags of the lines and what they hold of the wrong ones", scores)
    for test, kept, path in ((sets[1], sets[0], args.gold[1]), (sets[0], sets[1], args.gold[0])):
        report(f"nothing learned from {path.name}", held_out(test, kept, more))
    if args.only_validate:
        return
    table = train(prose + more, [1.0] * len(prose) + [MORE] * len(more))
    cut, flagged, held = caught([(risk(row, table), row.wrong) for row in prose], FLAGGED)
    print(f"learned from: flag {flagged:.3f}, hold {held:.3f}, threshold {cut:.3f}, {len(table)} weights")
    rows = [f"threshold\t{round(1000 * cut)}", *sorted(f"{f}\t{round(100 * v)}" for f, v in table.items())]
    TABLE.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
