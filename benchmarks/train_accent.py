"""Learns yomicast/reading/data/accent.tsv from hand-annotated prosody labels, and cross-validates.

    PYTHONPATH=. python benchmarks/train_accent.py LABELS.tsv            five-fold cross-validation, then the table from all rows
    PYTHONPATH=. python benchmarks/train_accent.py LABELS.tsv --check    cross-validation only

LABELS.tsv: ID, text, prosody (^ミ[ズヲ#マ[レ]ーシアカラ…$), tab-separated: the JSUT labels by T. Koriyama and S. Takamichi
(sarulab-speech/jsut-label, CC BY-SA 4.0); the table learned from them carries that licence.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from yomicast.reading import accent, door
from yomicast.reading.frontend import Token

TABLE = Path(__file__).resolve().parents[1] / "yomicast/reading/data/accent.tsv"
HEADER = """\
# Weights of accent phrases (hundredths), learned by benchmarks/train_accent.py; see yomicast/reading/accent.py.
# Learned from: sarulab-speech/jsut-label v0.0.4 by T. Koriyama and S. Takamichi, CC BY-SA 4.0; this table: CC BY-SA 4.0.
"""
Line: TypeAlias = Sequence[accent.Unit]
Phrases: TypeAlias = Mapping[int, tuple[int, int]]
Row: TypeAlias = tuple[int, str, list[Token], Line, Phrases | None, bool]
Numbers: TypeAlias = npt.NDArray[Any]
SMALL = set("ァィゥェォャュョヮ")


def gold(text: str) -> tuple[list[str], dict[int, tuple[int, int]], bool]:
    """(morae, phrase starts, {start: (end, accent)}, rises) of a label."""
    body = text.strip()[1:-1]
    rises = body.endswith("?")
    morae, starts, falls, pauses = [], [0], set(), set()
    for c in body:
        if c in SMALL and morae and len(morae) not in starts[1:]:
            morae[-1] += c
        elif c == "]":
            falls.add(len(morae))
        elif c in "#_":
            starts.append(len(morae))
            if c == "_":
                pauses.add(len(morae))
        elif "ァ" <= c <= "ヺ" or c == "ー":
            morae.append(c)
    starts = sorted({s for s in starts if s < len(morae)})
    phrases = {}
    for a, b in zip(starts, [*starts[1:], len(morae)], strict=True):
        inside = [f - a for f in falls if a < f < b]
        phrases[a] = (b, min(inside) if inside else 0)
    return morae, phrases, rises


def sentences(path: Path) -> list[Row]:
    """Every row whose morae are ours: (row number, units, gold)."""
    rows = []
    for row in path.read_text(encoding="utf-8").splitlines():
        if not row or row.startswith("#"):
            continue
        _, text, label = row.split("\t")[:3]
        tokens = door.analysed(text).tokens
        line = [one for _, one in accent.units(tokens)]
        morae, phrases, rises = gold(label)
        usable = sum(one.size for one in line) == len(morae)
        rows.append((zlib.crc32(row.split("\t")[0].encode()), text, tokens, line, phrases if usable else None, rises))
    return rows


def edge_rows(line: Line, phrases: Phrases) -> Iterator[tuple[list[str], bool]]:
    """(features, begins a phrase) for every inner word edge; history is the gold's."""
    at, start = 0, 0
    for number, one in enumerate(line):
        if number and not one.rest:
            yield accent.edge_features(line, number, start), at in phrases
        if number and (one.rest or at in phrases):
            start = number
        at += one.size


def fall_rows(line: Line, phrases: Phrases) -> Iterator[tuple[list[list[str]], int]]:
    """(features per candidate, index of the right one) for phrases on word edges."""
    places, at = {}, 0
    for number, one in enumerate(line):
        places[at] = number
        at += one.size
    places[at] = len(line)
    for begin, (stop, right) in phrases.items():
        if begin not in places or stop not in places or stop - begin > accent.LONGEST_PHRASE:
            continue
        a, b = places[begin], places[stop]
        given = accent.given_accent(line, a, b)
        after = line[b] if b < len(line) else None
        yield [accent.fall_features(accent.Phrase.of(line[a:b]), given, k, after) for k in range(stop - begin)], right


class Model:
    """A linear model under AdaGrad with L1 shrinkage."""

    def __init__(self, rate: float, shrink: float) -> None:
        self.index: dict[str, int] = {}
        self.rate, self.shrink = rate, shrink

    def ids(self, features: Iterable[str]) -> list[int]:
        """Numbers of features, new ones included."""
        return [self.index.setdefault(f, len(self.index)) for f in features]

    def start(self) -> None:
        """Weights and slopes for all features known by now."""
        self.w, self.g = np.zeros(len(self.index)), np.full(len(self.index), 1e-6)

    def step(self, ids: Numbers, slopes: Numbers) -> None:
        """One step against the slopes."""
        np.add.at(self.g, ids, slopes**2)
        rate = self.rate / np.sqrt(self.g[ids])
        np.add.at(self.w, ids, -rate * slopes)
        self.w[ids] = np.sign(self.w[ids]) * np.maximum(np.abs(self.w[ids]) - rate * self.shrink, 0)

    def rest(self, epoch: int, epochs: int) -> None:
        """At an epoch's end: the mean of the later epochs is steadier than the last."""
        if epoch >= epochs // 2:
            self.sum = getattr(self, "sum", 0) + self.w
            if epoch == epochs - 1:
                self.w = self.sum / (epochs - epochs // 2)

    def table(self, kind: str, least: float = 0.08) -> dict[str, float]:
        """The weights that matter."""
        return {f"{kind}:{name}": float(self.w[i]) for name, i in self.index.items() if abs(self.w[i]) >= least}


def prune(rows: Iterable[list[str]], least: int) -> set[str]:
    """Feature names seen in `least` rows or more."""
    counts = Counter(f for features in rows for f in features)
    return {f for f, n in counts.items() if n >= least}


def train(data: Sequence[Row], epochs: int, least: int, shrink: float) -> dict[str, float]:
    rng = np.random.default_rng(1)
    edges = [row for *_, line, phrases, _ in data if phrases for row in edge_rows(line, phrases)]
    keep = prune((f for f, _ in edges), least)
    model = Model(0.3, shrink)
    rows = [(np.array(model.ids([f for f in fs if f in keep])), label) for fs, label in edges]
    model.start()
    for epoch in range(epochs):
        for i in rng.permutation(len(rows)):
            ids, label = rows[i]
            p = 1 / (1 + np.exp(-model.w[ids].sum()))
            model.step(ids, np.full(len(ids), p - label))
        model.rest(epoch, epochs)
    table = model.table("e")
    falls = [row for *_, line, phrases, _ in data if phrases for row in fall_rows(line, phrases)]
    keep = prune((f for candidates, _ in falls for f in candidates), least)
    model = Model(0.3, shrink)
    rows = [
        ([np.array(model.ids([f for f in fs if f in keep])) for fs in candidates], right) for candidates, right in falls
    ]
    model.start()
    for epoch in range(epochs):
        for i in rng.permutation(len(rows)):
            candidates, right = rows[i]
            scores = np.array([model.w[ids].sum() for ids in candidates])
            p = np.exp(scores - scores.max())
            p /= p.sum()
            p[right] -= 1
            flat = np.concatenate(candidates)
            slopes = np.concatenate([np.full(len(ids), p[k]) for k, ids in enumerate(candidates)])
            unique, where = np.unique(flat, return_inverse=True)
            sums = np.zeros(len(unique))
            np.add.at(sums, where, slopes)
            model.step(unique, sums)
        model.rest(epoch, epochs)
    return table | model.table("f")


def prosody(tokens: Sequence[Token], table: Mapping[str, float]) -> str:
    return door.prosody([t.word for t in accent.phrased(tokens, table)])


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("labels", type=Path)
    arguments.add_argument("--check", action="store_true", help="cross-validate only")
    arguments.add_argument("--only", action="store_true", help="train only")
    arguments.add_argument("--folds", type=int, default=5)
    arguments.add_argument("--hyps", type=Path, help="write the cross-validated prosody lines here")
    arguments.add_argument("--epochs", type=int, default=8)
    arguments.add_argument("--least", type=int, default=6)
    arguments.add_argument("--shrink", type=float, default=0.04)
    args = arguments.parse_args()
    data = sentences(args.labels)
    print(len(data), "sentences,", sum(row[4] is not None for row in data), "usable")
    hyps = [""] * len(data)
    for fold in range(0 if args.only else args.folds):
        table = train([row for row in data if row[0] % args.folds != fold], args.epochs, args.least, args.shrink)
        for number, row in enumerate(data):
            if row[0] % args.folds == fold:
                hyps[number] = prosody(row[2], table)
        print("fold", fold, len(table), "weights", flush=True)
    if args.hyps:
        args.hyps.write_text("\n".join(hyps) + "\n", encoding="utf-8")
    if not args.check:
        table = train(data, args.epochs, args.least, args.shrink)
        rows = sorted(f"{name}\t{round(100 * value)}" for name, value in table.items())
        TABLE.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
        print(len(rows), "weights in", TABLE.name, TABLE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
