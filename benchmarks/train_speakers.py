"""Learns yomicast/script/data/speakers.tsv: who most likely says a quotation, and says how well that is told.

    PYTHONPATH=. python benchmarks/train_speakers.py                  leave one author out, then the table from all
    PYTHONPATH=. python benchmarks/train_speakers.py --check          leave one author out only
    PYTHONPATH=. python benchmarks/train_speakers.py --add NAME DIR   first reads gold scripts into the passages

`speaker_passages.jsonl` beside this program holds the passages: author, page, adjacent paragraphs, and who says which words; all
from made-up pages that our own authors wrote. Words in brackets without a speaker are learned as nobody's;
words set apart stand in brackets. The cases of
tests/data/script are learned too, and never counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sparse
from extraction import norm
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from yomicast.script import likely, spans
from yomicast.script.spoken import Spoken

PASSAGES = Path(__file__).with_name("speaker_passages.jsonl")
ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests/data/script"
TABLE = ROOT / "yomicast/script/data/speakers.tsv"
HEADER = "# Weights of who says a quotation, in hundredths; see yomicast/script/likely.py.\n# Learned by benchmarks/train_speakers.py from pages of our own writing.\n"
OWN = "own"
"""The author of the cases."""
TIMES = 2
"""Quotations that must have a feature before it is learned."""
LOOSE = 2.0
"""How loose the penalty is."""


@dataclass(frozen=True)
class Words:
    """One quotation: what is seen of it, and its speaker, empty when it has none."""

    author: str
    seen: likely.Passage
    speaker: str

    def is_right(self, name: str) -> bool:
        """Whether a name is the speaker's, by the rule of the scorer: part of how a listener would name whom is meant."""
        short, long = sorted((norm(name), norm(self.speaker)), key=len)
        return bool(short) and (norm(name) in norm(self.speaker) or (self.author == OWN and short in long))


def quoted(author: str, paragraphs: Sequence[str], quotes: Sequence[Sequence[str]]) -> Iterator[Words]:
    """The quotations of adjacent paragraphs."""
    text = "\n".join(paragraphs)
    left = [(speaker, norm(words)) for speaker, words in quotes]
    voice, previous = "", 0
    for chain in spans.chains(text, spans.found(text)):
        spoken = Spoken.of(text, chain, previous, last="", voice=voice)
        previous = chain[-1][1]
        words = norm(spans.body(text[chain[0][0] + 1 : chain[0][1] - 1]))
        if len(words) < likely.SHORTEST:
            continue
        found = next((one for one in left if words.startswith(one[1]) or one[1].startswith(words)), None)
        if found:
            left.remove(found)
        voice = found[0] if found else ""
        yield Words(author, likely.passage(spoken), voice)


def runs_of(gold: Path) -> Iterator[dict[str, object]]:
    """The passages of one page: paragraphs with quotations, and those beside them."""
    script = json.loads(gold.read_text(encoding="utf-8"))
    if not isinstance(script, dict) or "blocks" not in script:
        return
    run: list[str] = []
    quotes = [[item["speaker"], item["text"]] for item in script.get("quotes", [])]
    for block in [*script["blocks"], {"kind": "h1", "sentences": []}]:
        if block["kind"] == "p" and not block.get("speaker"):
            run.append("".join(block["sentences"]))
            continue
        if block["kind"] == "p" and block.get("role") == "quote":
            words = "".join(block["sentences"]).strip("「」")
            whose = any(norm(quote[1]) == norm(words) for quote in quotes)
            run.append(f"「{words}」" if whose or not block.get("speaker") else words)
            continue
        near = [text for n, text in enumerate(run) if "「" in "".join(run[max(0, n - 1) : n + 2])]
        said = norm("".join(near))
        here = [quote for quote in quotes if norm(quote[1]) in said]
        if near:
            yield {"page": gold.stem, "paragraphs": near, "quotes": here}
        run = []


def load() -> list[Words]:
    """All quotations."""
    out = []
    for line in PASSAGES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        out += quoted(row["author"], row["paragraphs"], row["quotes"])
    for name in ("quotations", "in_focus", "in_prose"):
        for case in json.loads((CASES / f"{name}.json").read_text(encoding="utf-8")):
            out += quoted(OWN, case["text"], [(quote["speaker"], quote["begins"]) for quote in case["quotes"]])
    for case in json.loads((CASES / "beside.json").read_text(encoding="utf-8")):
        shown = [f"「{text}」" if kind == "quote" else text for kind, text, *speaker in case["blocks"] if not speaker]
        out += quoted(OWN, shown, case["quotes"])
    return out


class Model:
    """Candidates as a matrix, and what a model learned from some says of others."""

    def __init__(self, words: Sequence[Words]) -> None:
        self.words = words
        pairs = [(n, one) for n, item in enumerate(words) for one in item.seen.candidates]
        self.of = np.array([n for n, _ in pairs])
        self.truth = np.array([words[n].is_right(one.name) if words[n].speaker else False for n, one in pairs])
        seen = [likely.features(words[n].seen, one) for n, one in pairs]
        having: dict[str, set[int]] = {}
        for n, names in zip(self.of, seen, strict=True):
            for name in names:
                having.setdefault(name, set()).add(n)
        common = {name for name, where in having.items() if len(where) >= TIMES}
        self.names = DictVectorizer(dtype=np.float32)
        self.matrix = self.names.fit_transform([dict.fromkeys(names & common, 1.0) for names in seen])
        self.author = np.array([words[n].author for n in self.of])

    def learn(self, rows: np.ndarray) -> LogisticRegression:
        """A model of the candidates that are true in `rows`."""
        return sparse.learner(LOOSE).fit(self.matrix[rows], self.truth[rows])

    def check(self) -> dict[int, tuple[float, bool]]:
        """For each quotation the likeliest candidate's odds and whether it is right, its author not learned from; prints sums."""
        odds = np.full(len(self.of), -9.0)
        for author in sorted(set(self.author) - {OWN}):
            left = self.author == author
            odds[left] = self.learn(~left).decision_function(self.matrix[left])
        best: dict[int, tuple[float, bool]] = {}
        for n, sure, right in zip(self.of, odds, self.truth, strict=True):
            best[n] = max(best.get(n, (-9.0, False)), (float(sure), bool(right)))
        counted = [n for n, item in enumerate(self.words) if item.author != OWN]
        said = [n for n in counted if self.words[n].speaker]
        nobody = [n for n in counted if not self.words[n].speaker]
        for least in (-1.0, 0.0, 0.5, 1.0, 1.5, 2.0):
            sure = {n for n in counted if n in best and best[n][0] > least}
            right = sum(best[n][1] for n in sure)
            print(
                f"{least:4.1f}: of {len(said)} quotations {right / len(said):.3f} right, "
                f"{sum(n in sure for n in said) - right} to somebody else; {sum(n in sure for n in nobody)} of {len(nobody)} of nobody's given to somebody"
            )
        return best

    def table(self) -> str:
        """The weights learned from all."""
        model = self.learn(np.ones(len(self.of), dtype=bool))
        return sparse.table(HEADER, self.names.get_feature_names_out(), model)


def main(arguments: Sequence[str]) -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="leave one author out only")
    parser.add_argument(
        "--add", nargs=2, metavar=("NAME", "DIR"), help="read an author's gold scripts into the passages first"
    )
    asked = parser.parse_args(arguments)
    if asked.add:
        name, folder = asked.add
        rows = (
            [json.loads(line) for line in PASSAGES.read_text(encoding="utf-8").splitlines()]
            if PASSAGES.exists()
            else []
        )
        rows = [row for row in rows if row["author"] != name]
        rows += [{"author": name, **run} for gold in sorted(Path(folder).glob("*.json")) for run in runs_of(gold)]
        rows.sort(key=lambda row: (row["author"], row["page"]))
        PASSAGES.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return 0
    words = load()
    model = Model(words)
    print(f"{len(words)} quotations, {len(model.of)} candidates")
    model.check()
    if not asked.check:
        TABLE.write_text(model.table(), encoding="utf-8")
        print(f"{TABLE.name}: {len(TABLE.read_text(encoding='utf-8').splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
