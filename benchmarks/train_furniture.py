"""Learns yomicast/article/data/furniture.tsv: what lines around articles look like, and says how well that is told.

    PYTHONPATH=. python benchmarks/train_furniture.py                  leave one author out, then the table from all
    PYTHONPATH=. python benchmarks/train_furniture.py --check          leave one author out only
    PYTHONPATH=. python benchmarks/train_furniture.py --add NAME DIR   first reads pages with gold scripts into the lines

`furniture_lines.tsv` beside this program holds the lines: author, page, 1 for furniture, pieces above, pieces below, text; all
from made-up pages that our own authors wrote. Furniture by the gold's `dropped`, one row a line; the text by its blocks and its captions.
Headings of whole articles (titles) are not learned. Lines of furniture are weighed down until each place (top, end, between) has as much of the one as of the other: how often rules leave something at a place is not what a page holds there.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
import sparse
from extraction import norm
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from yomicast.article.likeness import features

LINES = Path(__file__).with_name("furniture_lines.tsv")
TABLE = Path(__file__).resolve().parents[1] / "yomicast/article/data/furniture.tsv"
HEADER = "# Weights of what lines around articles look like, in hundredths; see yomicast/article/likeness.py.\n# Learned by benchmarks/train_furniture.py from pages of our own writing.\n"
PAGES = 3
"""Pages that must have a feature before it is learned."""
LOOSE = 3.0
"""How loose the penalty is."""
HEADING = 24
"""Letters from which a line without an end is no heading."""
STRUCTURAL = re.compile(
    r"alt|item|code|math|markup|html|toc|contents|shortcode|directive|front_matter|formula|^url$|struck|entry"
)
"""Reasons whose lines the forms tell apart, or that look like the text."""
CONTAINERS = (".xml", ".xhtml", ".html", ".opf")


@dataclass(frozen=True)
class Row:
    """One line of a page."""

    author: str
    page: str
    furniture: int
    above: int
    below: int
    text: str

    @property
    def place(self) -> int:
        """0 at the top, 1 at the end, 2 between."""
        return 0 if self.above <= 1 else 1 if self.below == 0 else 2


def visible(path: Path) -> str:
    """The letters of a page in their order, tags taken away; good enough to say what stands before what."""
    data = path.read_bytes()
    if data[:2] == b"PK":
        with zipfile.ZipFile(path) as box:
            text = "".join(box.read(n).decode("utf-8", "replace") for n in box.namelist() if n.endswith(CONTAINERS))
    else:
        text = next(
            decoded
            for code in ("utf-8-sig", "cp932", "euc-jp", "utf-16", "latin-1")
            if (decoded := _decoded(data, code))
        )
    if path.suffix == ".xml":
        text = html.unescape(html.unescape(re.sub(r"<!\[CDATA\[|\]\]>", "", text)))
    if data[:2] == b"PK" or path.suffix in (".html", ".xml"):
        text = re.sub(r"(?s)<r[tp]>.*?</r[tp]>|<(script|style)\b.*?</\1>|<[^>]+>", "", text)
    return norm(html.unescape(text))


def _decoded(data: bytes, code: str) -> str:
    try:
        return data.decode(code)
    except UnicodeError:
        return ""


def lines_of(author: str, gold: Path) -> Iterator[Row]:
    """The rows of one page."""
    script = json.loads(gold.read_text(encoding="utf-8"))
    source = next((path for path in gold.parent.glob(f"{gold.stem}.*") if path.suffix not in (".json", ".err")), None)
    if source is None or not isinstance(script, dict) or "blocks" not in script:
        return
    page, at, starts, spoken = visible(source), 0, [], []
    for block in script["blocks"]:
        text = "".join(block["sentences"])
        found = max(page.find(norm(text)[:10], at), page.find(norm(text)[:6], at))
        at = max(at, found)
        starts.append(at)
        spoken.append((block.get("kind"), text))
    for n, (kind, text) in enumerate(spoken):
        if kind != "h1" and norm(text):
            yield Row(author, gold.stem, 0, n, len(spoken) - 1 - n, _one_line(text))
    for item in script.get("optional", []):
        if "caption" in (item.get("reason") or "") and (found := page.find(norm(item["text"])[:12])) >= 0:
            above = sum(start < found for start in starts)
            yield Row(author, gold.stem, 0, above, len(starts) - above, _one_line(item["text"]))
    said = norm("".join(text for _, text in spoken))
    for item in script.get("dropped", []):
        if STRUCTURAL.search(item.get("reason") or ""):
            continue
        begins = page.find(norm(item["text"])[:12])
        for line in filter(None, map(str.strip, item["text"].splitlines())):
            key = norm(line)
            if len(key) < 3 or key in said:
                continue
            found = page.find(key[:12], max(begins, 0))
            found = begins if found < 0 else found
            if found >= 0:
                above = sum(start < found for start in starts)
                yield Row(author, gold.stem, 1, above, len(starts) - above, _one_line(line))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def read() -> list[Row]:
    """The lines beside this program."""
    rows = []
    for line in LINES.read_text(encoding="utf-8").splitlines():
        author, page, furniture, above, below, text = line.split("\t")
        rows.append(Row(author, page, int(furniture), int(above), int(below), text))
    return rows


def write(rows: Sequence[Row]) -> None:
    """The same, written."""
    fields = ((r.author, r.page, r.furniture, r.above, r.below, r.text) for r in rows)
    LINES.write_text("".join("\t".join(map(str, row)) + "\n" for row in fields), encoding="utf-8")


def elsewhere(rows: Sequence[Row]) -> Iterator[Row]:
    """Paragraphs as they would stand at the top and at the end."""
    for row in rows:
        if not row.furniture and (len(row.text) > HEADING or row.text.endswith("。")):
            yield replace(row, above=1, below=row.above + row.below)
            yield replace(row, above=row.above + row.below, below=0)


class Model:
    """Rows as a matrix, and what a model learned from some of them says of others."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.real = len(rows)
        self.rows = [*rows, *elsewhere(rows)]
        seen = [features(row.text, row.above, row.below) for row in self.rows]
        pages: dict[str, set[str]] = {}
        for row, found in zip(self.rows, seen, strict=True):
            for name in found:
                pages.setdefault(name, set()).add(row.author + row.page)
        common = {name for name, having in pages.items() if len(having) >= PAGES}
        self.names = DictVectorizer(dtype=np.float32)
        self.matrix = self.names.fit_transform([{k: v for k, v in found.items() if k in common} for found in seen])
        self.truth = np.array([row.furniture for row in self.rows])
        place = np.array([row.place for row in self.rows])
        self.weight = np.ones(len(self.rows))
        for at in np.unique(place):
            furniture = (place == at) & (self.truth == 1)
            text = (place == at) & (self.truth == 0)
            if furniture.any():
                self.weight[furniture] = min(1.0, text.sum() / furniture.sum())
        self.place = place

    def learn(self, rows: np.ndarray) -> LogisticRegression:
        """A model of the rows that are true in `rows`."""
        return sparse.learner(LOOSE).fit(self.matrix[rows], self.truth[rows], sample_weight=self.weight[rows])

    def check(self) -> None:
        """Prints how lines of authors are told that were not learned from."""
        authors = np.array([row.author for row in self.rows])
        size = np.array([len(row.text) for row in self.rows])
        odds = np.zeros(len(self.rows))
        for author in np.unique(authors):
            left = authors == author
            odds[left] = self.learn(~left).decision_function(self.matrix[left])
        for at, named in enumerate(("at the top", "at the end", "between")):
            for least in (2.0, 3.0, 3.5, 4.0, 5.0):
                text, furniture = (self.truth == 0) & (self.place == at), (self.truth == 1) & (self.place == at)
                lost, found = text & (odds > least), furniture & (odds > least)
                print(
                    f"{named:10} {least:.1f}: text lost {lost[: self.real].sum()} of {text[: self.real].sum()} there, "
                    f"{lost[self.real :].sum()} of {text[self.real :].sum()} moved there; furniture found "
                    f"{found.sum() / furniture.sum():.3f} of lines, {size[found].sum() / size[furniture].sum():.3f} of letters"
                )

    def table(self) -> str:
        """The weights learned from all rows."""
        model = self.learn(np.ones(len(self.rows), dtype=bool))
        return sparse.table(HEADER, self.names.get_feature_names_out(), model)


def main(arguments: Sequence[str]) -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="leave one author out only")
    parser.add_argument("--add", nargs=2, metavar=("NAME", "DIR"), help="read an author's pages into the lines first")
    asked = parser.parse_args(arguments)
    rows = read() if LINES.exists() else []
    if asked.add:
        name, folder = asked.add
        rows = [row for row in rows if row.author != name]
        rows += [row for gold in sorted(Path(folder).glob("*.json")) for row in lines_of(name, gold)]
        rows.sort(key=lambda row: (row.author, row.page))
        write(rows)
    counts = [(author, len(list(group))) for author, group in groupby(rows, key=lambda row: row.author)]
    print(f"{len(rows)} lines, {sum(row.furniture for row in rows)} of furniture, by {len(counts)} authors")
    model = Model(rows)
    model.check()
    if not asked.check:
        TABLE.write_text(model.table(), encoding="utf-8")
        print(f"{TABLE.name}: {len(TABLE.read_text(encoding='utf-8').splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
