"""Learns yomicast/reading/data/risk.tsv: which words of a line are at risk; cross-validates on the first two files.

    PYTHONPATH=. python benchmarks/train_risk.py SCORER.py GOLD.tsv GOLD.tsv [MORE.tsv …]

SCORER.py: the reading scorer (its normalise, expand, lev decide whether a line is right). Only whether a line was read
right is learned from (a noisy-or over its words), and only features of the language are kept: no words, no readings.
The labels rest on UD Japanese-GSD (CC BY-SA 4.0), the Wikipedia Annotated Corpus (CC BY-SA) and ROHAN (CC0).
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from yomicast import reading
from yomicast.reading import door
from yomicast.reading import risk as model

TABLE = Path(__file__).resolve().parents[1] / "yomicast/reading/data/risk.tsv"
Features: TypeAlias = list[list[str]]
Row: TypeAlias = tuple[int, Features, bool]
HEADER = """\
# Risk of a word being read wrong: weights in hundredths, the threshold of a line in thousandths; see yomicast/reading/risk.py.
# Learned by benchmarks/train_risk.py from UD Japanese-GSD (CC BY-SA 4.0), Wikipedia Annotated Corpus (CC BY-SA), ROHAN (CC0).
"""
FLAGGED = 0.14
MORE = 0.15
"""What a line of the other files weighs: their style is not prose."""


def load(path: Path, scorer: Any, limit: int) -> list[Row]:
    rows = []
    for _, text, gold in scorer.load(path)[:limit]:
        found = door.analysed(text)
        words = reading.words(text)
        golds = [scorer.normalise(g) for g in scorer.expand(gold)]
        golds = scorer.with_variants(text, golds)
        wrong = scorer.normalise(reading.kana(words)) not in golds
        features = [f for _, f in model.described(found.draft, found.tokens, found.doubts)]
        rows.append((zlib.crc32(text.encode()), features, wrong))
    return rows


def train(rows: Sequence[Row], weights: Sequence[float]) -> dict[str, float]:
    """A noisy-or over words, AdaGrad with shrinkage, the mean of the later epochs."""
    epochs, rate, shrink, least = 12, 0.1, 0.02, 6
    counts = {}
    for _, line, _ in rows:
        for features in line:
            for f in features:
                counts[f] = counts.get(f, 0) + 1
    index = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= least))}
    data = [([np.array([index[f] for f in fs if f in index]) for fs in line], wrong) for _, line, wrong in rows]
    w, g = np.zeros(len(index)), np.full(len(index), 1.0)
    w[index["b"]] = -5
    rng = np.random.default_rng(1)
    total, n = np.zeros(len(index)), 0
    for epoch in range(epochs):
        for i in rng.permutation(len(data)):
            line, wrong = data[i]
            if not line:
                continue
            p = np.array([1 / (1 + np.exp(-w[ids].sum())) for ids in line])
            safe = np.prod(1 - p)
            slopes = p if not wrong else -safe / max(1 - safe, 1e-6) * p
            slopes = slopes * weights[i]
            for ids, slope in zip(line, slopes, strict=True):
                g[ids] += slope**2
                step = rate / np.sqrt(g[ids])
                w[ids] -= step * slope
                w[ids] = np.sign(w[ids]) * np.maximum(np.abs(w[ids]) - step * shrink * abs(slope), 0)
        if epoch >= epochs // 2:
            total, n = total + w, n + 1
    w = total / n
    return {f: float(w[i]) for f, i in index.items() if abs(w[i]) > 0.02}


def risk(line: Features, table: Mapping[str, float]) -> float:
    safe = 1.0
    for features in line:
        safe *= 1 - model.chance(features, table)
    return 1 - safe


def caught(scores: Sequence[tuple[float, bool]], share: float) -> tuple[float, float, float]:
    """(flagged share, share of the wrong lines among the flagged) when the riskiest `share` are flagged."""
    ranked = sorted(scores, reverse=True)
    cut = ranked[int(len(ranked) * share)][0]
    flagged = [wrong for value, wrong in ranked if value > cut]
    return cut, len(flagged) / len(ranked), sum(flagged) / max(1, sum(wrong for _, wrong in ranked))


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("scorer", type=Path)
    arguments.add_argument("gold", type=Path, nargs="+")
    arguments.add_argument("--limit", type=int, default=5000)
    args = arguments.parse_args()
    spec = importlib.util.spec_from_file_location("scorer", args.scorer)
    scorer = importlib.util.module_from_spec(spec)
    sys.modules["scorer"] = scorer
    spec.loader.exec_module(scorer)
    scorer.load_variants(str(args.gold[0].parent / "variants.tsv"))
    sets = [load(path, scorer, args.limit) for path in args.gold]
    prose, more = sets[0] + sets[1], [row for rows in sets[2:] for row in rows]
    print("lines", [len(s) for s in sets], "wrong", [sum(r[2] for r in s) for s in sets], flush=True)
    scores = []
    for fold in range(5):
        kept = [row for row in prose if row[0] % 5 != fold]
        table = train(kept + more, [1.0] * len(kept) + [MORE] * len(more))
        scores += [(risk(row[1], table), row[2]) for row in prose if row[0] % 5 == fold]
    for share in (0.1, 0.13, FLAGGED, 0.2, 0.25):
        _, flagged, held = caught(scores, share)
        print(f"cross-validated: flag {flagged:.3f} of the lines, hold {held:.3f} of the wrong ones")
    table = train(prose + more, [1.0] * len(prose) + [MORE] * len(more))
    cut, flagged, held = caught([(risk(row[1], table), row[2]) for row in prose], FLAGGED)
    print(f"on all: flag {flagged:.3f}, hold {held:.3f}, threshold {cut:.3f}, {len(table)} weights")
    rows = [f"threshold\t{round(1000 * cut)}", *sorted(f"{f}\t{round(100 * v)}" for f, v in table.items())]
    TABLE.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
