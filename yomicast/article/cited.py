"""Where a block quotation is from, set as its last line, with a label as its first, or below it: its source, no text of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from yomicast.article.ledger import Ledger, Piece
from yomicast.patterns import expression

LONGEST = 60
"""Letters of such a line at most."""
NAMED = expression(
    r"^(?:[—―─–]{1,2}|--)[\s　]*(?P<dashed>\S[^。]*)$|^[（(]?(?:出典|引用元?|典拠|出所)[\s　]*[:：][\s　]*(?P<told>[^。]*?)[）)]?$|"
    r"^[（(](?P<set>[^（()）。]*(?:[（(][^（()）]*[)）][^（()）。]*)?)[）)]$|^(?P<work>[『「][^』」]{2,}[』」](?:[（(][^（()）]*[)）]|[^。はがをにもで、]*))$"
)
LABEL = expression(r"^[（(]?(?:出典|引用元?|典拠|出所)[\s　]*[:：]")
OF_WORK = expression(
    r"『|(?:より|から|談|引用|抜粋|所収|所載|収録|[年月日号頁編著訳]|ページ|[帳録集抄誌記報史覚]|手引き?)$|p\.\s?\d"
)
"""What brackets below a quotation hold when they name where it is from: a title, a year, a page, a kind of writing."""
SHORTENED = expression(r"^(?:前|中|後|以下)?略$|^(?:笑|拍手|沈黙|つづく|続く|了|完)$")


def sources(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Quotations with their sources; those that name one themselves keep it."""
    out: list[Piece] = []
    n = 0
    while n < len(pieces):
        end = n
        while end < len(pieces) and pieces[end].kind == "quote":
            end += 1
        group = pieces[n:end]
        if not group:
            out.append(pieces[n])
            n += 1
            continue
        group, end = _with_source(group, pieces, end, ledger)
        out += group
        n = end
    return out


def _with_source(group: list[Piece], pieces: list[Piece], end: int, ledger: Ledger) -> tuple[list[Piece], int]:
    """The quotation, and where the text goes on."""
    if any(piece.speaker for piece in group):
        return group, end
    below = pieces[end] if end < len(pieces) and pieces[end].kind in ("paragraph", "caption") else None
    source = source_of(group[-1].text, below=False) if len(group) > 1 else ""
    if source:
        ledger.leave(group.pop(), "quote-source")
    elif len(group) > 1 and LABEL.match(group[0].text) and (source := source_of(group[0].text, below=True)):
        ledger.leave(group.pop(0), "quote-source")
    elif below is not None and (source := source_of(below.text, below=True)):
        ledger.leave(below, "quote-source")
        end += 1
    return [replace(piece, speaker=source) for piece in group] if source else group, end


def source_of(text: str, *, below: bool) -> str:
    """Whom or what a line names as the source; empty for a line of text. `below`: it stands outside the quotation."""
    text = text.strip()
    found = NAMED.match(text) if len(text) <= LONGEST else None
    if found is None:
        return ""
    shown = next(part for part in found.groups() if part is not None).strip()
    bracketed = found["set"] is not None
    if (bracketed and SHORTENED.match(shown)) or (bracketed and below and not OF_WORK.search(shown)):
        return ""
    return "" if found["work"] is not None and (below or not OF_WORK.search(shown)) else re.sub(r"より$", "", shown)
