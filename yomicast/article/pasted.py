"""What a page pasted as plain text leaves around its article, told by where it stands and what stands beside it.

Inside: blocks of lines of which most are furniture. Below: from where such lines come one after the other and no more of the text follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yomicast.article import calls, headings, menus
from yomicast.article.furniture import BARE_CONTACT, OFFICE_DATA, line_reason, section_reason
from yomicast.article.ledger import Ledger, Piece
from yomicast.article.titled import WORD, is_owner, is_prose, owners
from yomicast.patterns import expression

NEAR, CLUSTER = 4, 2
"""So many lines of furniture within so many lines begin what stands below the text."""
REST, REST_SHARE, REMARK = 260, 0.12, 60
"""Letters of sentences, and their share of the text, that may stand among what is below: comments, who wrote it; so
many may stand below a short text, too."""
OTHERS = frozenset({"related", "product", "ad", "comments"})
"""What a label above a block of names says that they are."""
LISTED = 12
"""Lines of such a block at most."""
PLACE = expression(r"^(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,12}(?:\s*[/›>]\s*\S{0,60})*(?:[\s　]+[\d./年月日-]+)?$")
"""Where another page stands: its site's address in a line of its own."""
LED = expression(r"^[▼▽▶▷►→⇒➡↓☞👇👉＞>»]+[\s　]*[^。]{2,24}(?:は|も)?こちら(?:から|へ|です|も)?[\W_]*$")
CARD, TITLE = 4, 8
"""Lines of a card above its address at most, and letters of its title at least."""
BLOCK, ALONE = 5, 0.7
"""Lines of a block of furniture at the end, and the share of the paragraphs that stand between blank lines."""
LONG = 12
"""Lines of such a block at least that may hold whole comments and who wrote it, however short the text is."""
OFFICE_LINES = 6
"""Lines of whom to ask at most."""
NAME = 20
"""Letters of a line that names a part of the site at most."""


def blocks(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without blocks of lines that no blank one parts: cards of other pages, what a label of the site heads, and those
    of which half or more are furniture and none is a sentence.
    """
    kept: list[Piece] = []
    seen_prose = False
    alone = _stand_alone(pieces)
    for group in _groups(_without_cards(pieces, ledger)):
        seen_prose = seen_prose or any(is_prose(piece) for piece in group)
        possible = seen_prose and len(group) > 1
        reasons = [_why(piece, late=True, last=False) for piece in group] if possible else []
        found = [why for why in reasons if why]
        most = bool(found) and len(found) * 2 >= len(group) and not any(map(_ends, group))
        headed = _headed(group) if possible and _is_listed(group[1:]) else ""
        paid = possible and alone and section_reason(group[0]) == "ad" and len(group) == 2 and _is_slogan(group[1])
        if most or headed in OTHERS or paid:
            for piece, why in zip(group, reasons, strict=True):
                ledger.leave(piece, why or headed or ("ad" if paid else found[0]))
        else:
            kept += group
    return kept


def _headed(group: Sequence[Piece]) -> str:
    """What the first line of a block says that the others are; 去年の様子はこちら with an arrow stands above a title."""
    led = LED.match(group[0].text) and len(group) <= CARD and not any(map(_ends, group))
    return section_reason(group[0]) or ("related" if led else "")


def _is_slogan(piece: Piece) -> bool:
    """Whether a line right below 広告, where all paragraphs stand between blank lines, is one sentence: its advertiser's."""
    return len(piece.text) <= REMARK and piece.text.count("。") <= 1 and not headings.looks_like(piece.text)


def _is_listed(below: Sequence[Piece]) -> bool:
    """Whether lines name things and tell nothing, but for a summary among three."""
    told = sum(piece.text.endswith("。") for piece in below)
    return len(below) <= LISTED and told * 3 <= len(below) and not any(map(is_prose, below[:1]))


def _without_cards(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without cards of other pages: a title, mostly what that page begins with, cut off, and where it stands."""
    gone: set[int] = set()
    first = next((n for n, piece in enumerate(pieces) if is_prose(piece)), len(pieces))
    for n in range(first + 1, len(pieces)):
        if not PLACE.match(pieces[n].text):
            continue
        near = range(max(first + 1, n - CARD), n)
        start = next((k + 1 for k in reversed(near) if "opens" in pieces[k + 1].hints), n)
        cut = n - 1 > first and pieces[n - 1].text.endswith(("…", "...", "[…]", "[...]"))
        if cut and start == n:  # each line alone
            start = n - 2 if n - 2 > first and not _ends(pieces[n - 2]) else n - 1
        card = pieces[start:n]
        titled = bool(card) and len(card[0].text) >= TITLE and not any(OFFICE_DATA.search(piece.text) for piece in card)
        if titled and not any(piece.text.endswith(("。", "：", ":")) for piece in card):
            gone |= set(range(start, n + 1))
    for n in sorted(gone):
        ledger.leave(pieces[n], "card")
    return [piece for n, piece in enumerate(pieces) if n not in gone]


def _groups(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces that stood without a blank line between them."""
    group: list[Piece] = []
    for piece in pieces:
        if group and "opens" in piece.hints:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def below(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without all that stands below the text, from the first of several lines of furniture after its last part.

    A sentence between blank lines is the text's: among what a page prints below, lines stand close.
    """
    half = _late(pieces)
    owned = owners(pieces, ledger)
    reasons = [_why(piece, late=n > half, last=n > half) for n, piece in enumerate(pieces)]
    for n in range(half + 1, len(pieces)):
        again = pieces[n].kind == "paragraph" and pieces[n].text == pieces[0].text
        named = len(pieces[n].text) <= NAME and is_owner(pieces[n], owned)
        reasons[n] = reasons[n] or ("related" if again else "footer" if named else "")
    whole = sum(len(piece.text) for piece in pieces if _ends(piece))
    most = min(REST, max(REMARK, whole * REST_SHARE))
    rest = 0
    asked = {end for n in range(half // 2, len(pieces)) if (end := _end_of_contact(pieces, reasons, n))}
    start = len(pieces)
    for n in range(len(pieces) - 1, len(pieces) // 3, -1):
        counts = _ends(pieces[n]) and not reasons[n] and not calls.reason(pieces[n].text)
        rest += len(pieces[n].text) if counts else 0
        if n in asked:
            break
        if rest > most or (_ends(pieces[n]) and not reasons[n] and {"alone"} <= pieces[n].hints):
            break
        if _begins(pieces, reasons, n):
            start = n
    start = min(start, _last_block(pieces, reasons, most))
    while 0 < start < len(pieces) and _leads_on(pieces, start):
        start -= 1
    for n in range(start, len(pieces)):
        ledger.leave(pieces[n], reasons[n] or "below-article")
    return pieces[:start]


def _end_of_contact(pieces: Sequence[Piece], reasons: Sequence[str], n: int) -> int:
    """The last line of whom a notice says to ask, an office below a line that heads it, right below the text; else 0."""
    if not n or reasons[n - 1] or not {"alone"} <= pieces[n].hints or not BARE_CONTACT.match(pieces[n].text):
        return 0
    end = next((k for k in range(n + 2, len(pieces)) if "opens" in pieces[k].hints), len(pieces))
    block = pieces[n + 1 : end]
    office = 0 < len(block) <= OFFICE_LINES and any(OFFICE_DATA.search(piece.text) for piece in block)
    return end - 1 if office else 0


def _late(pieces: Sequence[Piece]) -> int:
    """The last line that is surely the text's: half of all, or the last paragraph where paragraphs stand alone."""
    half = len(pieces) // 2
    told = [n for n, piece in enumerate(pieces) if is_prose(piece) and "alone" in piece.hints]
    return min(half, told[-1]) if told and _stand_alone(pieces[: told[-1] + 1]) else half


def _stand_alone(pieces: Sequence[Piece]) -> bool:
    """Whether nearly all paragraphs stand between blank lines."""
    prose = [piece for piece in pieces if is_prose(piece)]
    return sum("alone" in piece.hints for piece in prose) > ALONE * max(1, len(prose))


def _last_block(pieces: Sequence[Piece], reasons: Sequence[str], most: float) -> int:
    """Where the last block begins when it is many short lines, some of them furniture, below paragraphs that stand alone.

    `most`: letters of sentences it may hold.
    """
    at = max((n for n, piece in enumerate(pieces) if "opens" in piece.hints), default=0)
    block = pieces[at:]
    sentences = [len(piece.text) for piece in block if _ends(piece)]
    alone = _stand_alone(pieces[:at])
    said = {why for why in reasons[at:] if why} - {"byline"}
    known = sum(map(bool, reasons[at:]))
    many = len(block) >= BLOCK and known >= CLUSTER
    long = len(block) >= LONG and known > CLUSTER
    few = len(sentences) * 3 <= len(block) and sum(sentences) <= (REST if long else most)
    return at if many and alone and few and said else len(pieces)


def _begins(pieces: Sequence[Piece], reasons: Sequence[str], n: int) -> bool:
    """Whether what stands below the text could begin here. Dates alone say nothing: a diary is full of them."""
    near = [why for why in reasons[n : n + NEAR] if why]
    entry = reasons[n] == "byline" and n + 1 < len(pieces) and _ends(pieces[n + 1])
    return bool(reasons[n]) and not entry and len(near) >= CLUSTER and set(near) != {"byline"}


def _leads_on(pieces: Sequence[Piece], start: int) -> bool:
    """Whether the line above belongs to what begins at `start`: of the same block, or a bare number."""
    line = pieces[start - 1]
    same = "opens" not in pieces[start].hints and line.kind == "paragraph" and not _ends(line)
    return same or not WORD.search(line.text)


def _why(piece: Piece, *, late: bool, last: bool) -> str:
    """Why a line is furniture. `late`: below some text, where titles of other posts stand behind arrows. `last`: where
    dates and labels are no content.
    """
    arrowed = late and piece.kind == "paragraph" and menus.ARROWED.match(piece.text)
    why = line_reason(piece, first=False, last=last) or ("pager" if arrowed else "")
    why = why or (section_reason(piece) if last and len(piece.text) <= NAME else "")
    return "" if why == "ornament" or piece.kind == "heading" else why


def _ends(piece: Piece) -> bool:
    return piece.text.endswith(("。", "！", "？", "」"))
