"""Boxes that a newsroom sets beside or below its report to explain a word or a company of it: not the report's text."""

from __future__ import annotations

from itertools import takewhile

from yomicast.article.endings import PERSON, SIGNATURE, SIGNED, is_known
from yomicast.article.ledger import Ledger, Piece
from yomicast.article.terms import MANY, is_profile
from yomicast.patterns import expression

BELOW = 300
"""Letters that stand below the reporter's name at most."""
ENTRY = expression(r"^[\s　]*(?:[【〈《＜<\[［]|[■◆◇●○▽▼▲△★☆□◎＊*※・])")
IN_BRACKETS = expression(rf"^【(?P<name>{PERSON})】$")
UNTOLD = frozenset({"footnote", "break"})


def below_signature(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without what a report has below the name of who wrote it: a box with a heading or a sign of its own.

    A text of several signed parts is a collection and stays whole.
    """
    signed = [
        n for n, piece in enumerate(pieces) if piece.kind == "paragraph" and _is_signed(piece, pieces[:n], ledger)
    ]
    if len(signed) != 1 or ledger.form not in ("html", "feed") or signed[0] * 2 < len(pieces):
        return pieces
    below = [n for n in range(signed[0] + 1, len(pieces)) if pieces[n].kind not in UNTOLD]
    first = pieces[below[0]] if below else None
    apart = first is not None and (first.kind in ("heading", "aside") or first.strong or bool(ENTRY.match(first.text)))
    if not apart or sum(len(pieces[n].text) for n in below) > BELOW:
        return pieces
    if IN_BRACKETS.match(pieces[signed[0]].text):
        ledger.leave(pieces[signed[0]], "byline")
        below.insert(0, signed[0])
    for n in below[below[0] == signed[0] :]:
        ledger.leave(pieces[n], "glossary")
    return [piece for n, piece in enumerate(pieces) if n not in below]


def _is_signed(piece: Piece, above: list[Piece], ledger: Ledger) -> bool:
    """Whether a writer's name closes a paragraph; in 【…】, as headings stand, one that the page has elsewhere."""
    if found := IN_BRACKETS.match(piece.text):
        return is_known(found["name"], above, ledger)
    return bool(SIGNED.match(piece.text) or SIGNATURE.search(piece.text))


def profiles(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without a company's profile in words that have no verbs: in a box, or as a last section. Several are the matter."""
    spans = [(n, n + size) for n in range(len(pieces)) if (size := _profile(pieces, n))]
    last = max((n for n, piece in enumerate(pieces) if piece.kind == "heading"), default=len(pieces))
    gone = {
        n
        for start, end in spans
        for n in range(start, end)
        if len(spans) < MANY and (_is_boxed(pieces[end - 1]) or (start == last and start * 2 > len(pieces)))
    }
    for n in sorted(gone):
        ledger.leave(pieces[n], "company-outline")
    return [piece for n, piece in enumerate(pieces) if n not in gone]


def _profile(pieces: list[Piece], n: int) -> int:
    """How many pieces from `n` on are one profile with its heading: 0 for none."""
    if pieces[n].kind not in ("heading", "aside") or pieces[n].speaker or (n and _boxed(pieces, n - 1)):
        return 0
    headed = pieces[n].kind == "heading"
    size = headed + sum(1 for _ in takewhile(_is_boxed, pieces[n + headed :]))
    if headed and size == 1:
        size += sum(1 for _ in takewhile(lambda piece: piece.kind in ("paragraph", "list_item"), pieces[n + 1 :]))
        ends = n + size == len(pieces) or pieces[n + size].kind in ("heading", "break", "footnote")
        size = size if ends else 0
    return size if size and is_profile("\n".join(piece.text for piece in pieces[n : n + size])) else 0


def _boxed(pieces: list[Piece], n: int) -> bool:
    """Whether what stands after the piece belongs to its box."""
    return _is_boxed(pieces[n]) or (pieces[n].kind == "heading" and _is_boxed(pieces[n + 1]))


def _is_boxed(piece: Piece) -> bool:
    return piece.kind == "aside" and not piece.speaker
