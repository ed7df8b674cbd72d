"""What lines that sites set around articles look like, learned from pages: a second opinion behind the rules.

Rules know furniture by its class, its place and its wording; what no rule knows is judged here by its letters (pieces of one
to three), its length and how many pieces stand above and below it. Logistic regression with an L1 penalty; its weights are in
`data/furniture.tsv`, to be read and reviewed. They were learned by `benchmarks/train_furniture.py` from pages of our own
writing, which prints how often lines of authors who were not learned from are told right. No library: a table and a sum.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from math import sqrt

from yomicast.article.ledger import Ledger, Piece
from yomicast.patterns import expression

LETTERS, LONG = 3, 160
"""Longest piece of letters that is looked at, and how many letters of a line."""
SCALE = 3.0
EDGE, BETWEEN = 3.5, 5.5
"""Log-odds from which a piece at either end is furniture, and one between others that does not end as a sentence does."""
OPEN = 0.4
"""Share of its letters in paragraphs that end without a full stop from which a text has its own way with them, as verse has."""
HEAD, FOOT, LEAST = 8, 12, 3
"""How many pieces may go at either end, beyond which it is the text that is odd; and how many always stay."""
SHORTEST, WORDS, LONGEST = 6, 16, 240
"""Letters of a piece that is judged at all, and of one with a sentence's end: of a shorter one they say too little."""
JUDGED = frozenset({"paragraph", "aside"})
UNTITLED = frozenset({"docx"})
"""Forms whose title is found among the paragraphs afterwards."""
APART = frozenset({"title", "break", "figure", "footnote"})
"""Kinds that do not count when places are counted."""
CLOSED = expression(r"[」』！？!?…‥](?:[（(][^（()）]{1,4}[)）]|[ｗw笑]{1,4}|[^\w\s])*$")
"""How a sentence ends without a full stop."""
ADDRESS = expression(r"https?://\S+")
MAIL = expression(r"[\w.-]+@[\w.-]+")
NUMBER = expression(r"\d+")
SPACE = expression(r"\s+")


def features(text: str, above: int, below: int) -> dict[str, float]:
    """What is seen of a line with so many pieces above (the title counts) and below it. Pieces of letters have up to three
    letters, names of everything else more.
    """
    above = max(1, above)  # no title stands above the title: what is above it is judged by its letters
    text = SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    text = NUMBER.sub("0", MAIL.sub("M", ADDRESS.sub("U", text)))
    framed = f"^{text[:LONG]}$"
    letters = {framed[at : at + size] for size in range(1, LETTERS + 1) for at in range(len(framed) - size + 1)}
    weight = SCALE / sqrt(len(letters) + 1)
    seen = dict.fromkeys(letters, weight)
    seen[f"size:{min(9, len(text).bit_length())}:{'closed' if is_closed(text) else 'open'}"] = 1.0
    seen[f"above:{min(above, 2)}"] = 1.0
    seen[f"below:{min(below, 2)}"] = 1.0
    seen["above:share"] = 1 / (1 + above)
    seen["below:share"] = 1 / (1 + below)
    return seen


@cache
def weights() -> dict[str, float]:
    """The learned table."""
    table = (files("yomicast.article") / "data/furniture.tsv").read_text(encoding="utf-8")
    rows = (line.rsplit("\t", 1) for line in table.splitlines() if not line.startswith("# "))
    return {name: int(hundredths) / 100 for name, hundredths in rows}


def likeness(text: str, above: int, below: int) -> float:
    """Log-odds that a line with so many pieces above and below it is furniture; 0: as likely as not."""
    known = weights()
    return known["offset"] + sum(
        known[name] * value for name, value in features(text, above, below).items() if name in known
    )


def unlike(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without paragraphs at either end and between that no rule knew and that are much like furniture."""
    stops = _sets_stops(pieces)
    counted = [n for n, piece in enumerate(pieces) if piece.kind not in APART]
    first, last = 0, len(counted)
    while (
        last - first > LEAST
        and len(counted) - last < FOOT
        and _goes(pieces[counted[last - 1]], last, 0, stops)
        and not _one_of_several([pieces[n] for n in counted[last - 4 : last]], last)
    ):
        last -= 1
    titled = ledger.form not in UNTITLED
    while (
        titled and last - first > LEAST and first < HEAD and _goes(pieces[counted[first]], 1, last - first - 1, stops)
    ):
        first += 1
    gone = {*counted[:first], *counted[last:]}
    for order, n in enumerate(counted[first + 1 : last - 1], 2):
        if _goes(pieces[n], order, last - first - order, stops):
            gone.add(n)
    for n in sorted(gone):
        ledger.leave(pieces[n], "furniture")
    return [piece for n, piece in enumerate(pieces) if n not in gone]


def _one_of_several(ends: list[Piece], above: int) -> bool:
    """Whether the last section holds one paragraph and so does the one above it, much like it: entries of a list."""
    kinds = [piece.kind for piece in ends]
    return kinds == ["heading", "paragraph"] * 2 and likeness(ends[1].text, above, 0) >= EDGE / 2


def _goes(piece: Piece, above: int, below: int, stops: bool) -> bool:
    """Whether a piece is furniture. `stops`: whether paragraphs of its text end with full stops, so that one that does not is
    another thing.
    """
    if piece.kind not in JUDGED or piece.speaker or not SHORTEST <= len(piece.text) <= LONGEST:
        return False
    closed = is_closed(piece.text)
    if len(piece.text) < WORDS if closed else not stops:
        return False
    edge = above == 1 or below == 0
    return (edge or not closed) and likeness(piece.text, above, below) >= (EDGE if edge else BETWEEN)


def is_closed(text: str) -> bool:
    """Whether a text ends as a sentence does, whatever signs, laughter or brackets stand behind that."""
    return "。" in text or bool(CLOSED.search(text))


def _sets_stops(pieces: list[Piece]) -> bool:
    """Whether most of a text stands in paragraphs that end with full stops; where all are lines of verse, nobody knows."""
    long = [piece.text for piece in pieces if piece.kind == "paragraph" and len(piece.text) >= WORDS]
    return bool(long) and sum(len(text) for text in long if not is_closed(text)) <= OPEN * sum(map(len, long))
