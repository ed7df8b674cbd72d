"""Where the title of a page pasted as plain text stands: between the site's name and menus above, dates and buttons below.

Told by the title's neighbours, by the path to the page and by the owner's name in the last line, not by its words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from yomicast.article import headings, menus
from yomicast.article.furniture import CATEGORY, line_reason, section_reason
from yomicast.article.ledger import JAPANESE, Ledger, Piece
from yomicast.patterns import expression

TOP = 40
"""Lines above the first sentence at most among which the title is looked for: menus stand one word a line."""
WORD = expression(r"[^\W\d_]")
SHORTEST, WIDEST = 8, 80
"""Width of a title at least, in full-width letters, for a name is shorter; and at most."""
WIDER = 1.3
"""How much wider than all above its date a title is, where it stands below the date."""
NEAR = 3
"""Lines below a title in which its date stands."""
BUTTON = 12
"""Letters of a button's name at most."""
TAGS = expression(r"[\s　]*[,，、][\s　]*")
TAG = 8
"""Letters of a word that an entry is filed under, at most."""
NAME = 14
"""Width of a writer's name at most."""
ISSUE = expression(r"[\d０-９一二三四五六七八九十百]+[\s　]*号|vol\.?[\s　]*\d", re.IGNORECASE)
OWNED = expression(r"©|[（(][cCＣ][)）]|[ⓒⒸ]|copyright", re.IGNORECASE)
NOT_NAME = expression(
    r"[\d\s　\-–—―~〜～,.，．・|｜:：]+|copyright|all rights? reserved|[（(][cCＣ][)）]|[©ⓒⒸ]|無断.*|転載.*",
    re.IGNORECASE,
)
OWNER = 3
"""Letters of an owner's name at least."""
LABEL = expression(r"^[^。：:]{1,6}[：:]\s?\S")
"""Who or where, in a word; longer ones are a title of two parts, 櫛の里を歩く：三百年の手仕事."""
PHRASE, TWO_PARTS = expression(r"^[^：:]+[をがにでと][^：:]+[：:]"), 18
"""What no label is, 湯を継ぐ：…; and the width from which a line between blank lines is a title of two parts anyway."""
PARTED = expression(r"[\s　]*[>＞»›/／→≫|｜│┃][\s　]*")
CUT = expression(r"(?:…+|\.{2,}|・{3})$")
"""The end of a title that a path shortens."""


def above(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without what stands above the title; where nothing tells it, all as it was."""
    prose = _first_prose(pieces)
    bare = [n for n in range(1, min(prose, TOP)) if len(pieces[n].text) < SHORTEST and not WORD.search(pieces[n].text)]
    for n in bare:
        ledger.leave(pieces[n], "counter")
    pieces = [piece for n, piece in enumerate(pieces) if n not in bare]
    end = min(prose - len(bare), TOP)
    end = next((n for n in range(1, end) if section_reason(pieces[n]) == "toc"), end)
    reasons = [_why(piece) for piece in pieces[: max(end, 0)]]
    paths = [PARTED.split(pieces[n].text) for n, why in enumerate(reasons) if why == "breadcrumb"]
    for n, piece in enumerate(pieces[: len(reasons)]):
        if not reasons[n] and any(piece.text.strip() in path[:-1] for path in paths):
            reasons[n] = "category"
    at = _title(pieces, reasons, {path[-1].strip() for path in paths}, owners(pieces, ledger))
    if at < 0:
        return pieces
    for n in range(at):
        ledger.leave(pieces[n], reasons[n] or "header")
    filed = [n for n in range(at + 1, len(reasons)) if CATEGORY.match(pieces[n].text) or reasons[n] == "category"]
    filed += [n for n in range(at + 1, len(reasons)) if n not in filed and _is_tags(pieces, reasons, at, n)]
    for n in filed:
        ledger.leave(pieces[n], "category")
    named = [n for n in range(at + 1, len(reasons)) if n not in filed and _is_author(pieces, reasons, n)]
    for n in named:
        ledger.leave(pieces[n], "byline")
    pressed = [
        n
        for n in range(at + 1, len(reasons))
        if reasons[n] == "nav" and menus.PRESSED.fullmatch(pieces[n].text.strip())
    ]
    for n in pressed:
        ledger.leave(pieces[n], "share")
    gone = {*filed, *named, *pressed, *_buttons(pieces, reasons, at, ledger)}
    kept = [piece for n, piece in enumerate(pieces) if n >= at and n not in gone]
    return [kept[0].to(hints=kept[0].hints | {"titled"}), *kept[1:]]


def _first_prose(pieces: Sequence[Piece]) -> int:
    """Where the text begins, 0 if nowhere: at a sentence below which, in the same lines, no date stands as below a title."""
    for n, piece in enumerate(pieces):
        if not is_prose(piece):
            continue
        same = [later for later in pieces[n + 1 : n + 1 + NEAR] if "opens" not in later.hints]
        if n > TOP or not any(line_reason(later, first=True, last=False) == "byline" for later in same):
            return n
    return 0


def _why(piece: Piece) -> str:
    why = line_reason(piece, first=True, last=False) or ("category" if CATEGORY.match(piece.text) else "")
    return why or ("nav" if menus.is_row(piece.text) else "")


def _title(pieces: Sequence[Piece], reasons: Sequence[str], named: set[str], owned: Sequence[str]) -> int:
    """The index of the title, -1 where the first line may be it or nothing tells."""
    dated = next((n for n, why in enumerate(reasons) if n and why == "byline"), 0)
    for n, why in enumerate(reasons):
        if not why and any(_is_path_to(pieces[n].text.strip(), name) for name in named):
            return n
    possible = [
        n for n, why in enumerate(reasons) if not why and _can_be(pieces, n, dated) and not is_owner(pieces[n], owned)
    ]
    widths = {n: headings.width(pieces[n].text) for n in range(dated) if not reasons[n]}
    if (
        not possible and widths and max(widths.values()) >= SHORTEST
    ):  # with a full stop, but nothing else above the date
        return max(widths, key=lambda n: widths[n])
    possible = [n for n in possible if n == possible[-1] or not _heads_menu(pieces, reasons, n)]
    if not possible or not any(reasons):
        return -1
    listed = [n for n in possible if n and any(pieces[n].text == later.text for later in pieces[len(pieces) // 2 :])]
    if listed:
        return listed[0]  # among the newest posts, below the text
    over = [n for n in possible if n < dated]
    under = [n for n in possible if n > dated and "alone" in pieces[n].hints]
    if not dated or not over:
        led = max((n for n in range(len(reasons)) if _leads(pieces, reasons, n)), default=-1)
        below = [n for n in possible if n > max(led, dated) and "opens" in pieces[n].hints]
        return below[0] if below and (led >= 0 or dated) else -1
    at = over[-1]
    widest = max(widths.values())
    if _is_dated_entry(pieces, reasons, dated, possible):
        return dated + 1
    wider = [n for n in possible if n > dated and headings.width(pieces[n].text) > widest * WIDER]
    if wider and wider[0] == min(n for n in possible if n > dated):
        return wider[0]  # what stands above the date is the site's name
    if under and ISSUE.search(pieces[at].text) and not headings.mark_level(pieces[under[0]].text):
        marked = any(headings.mark_level(piece.text) for piece in pieces[len(reasons) :])
        at = under[0] if marked else at  # a masthead, and the title of this number
        return at or -1
    if not at:
        return 0 if dated == 1 and not under else -1
    first = dated - at == 1 and any(reasons[:at])
    if under and not first:
        return -1
    wide = max(headings.width(piece.text) for piece in pieces[:at]) > headings.width(pieces[at].text)
    if not any(reasons[:at]) and not is_owner(pieces[0], owned) and ("opens" not in pieces[at].hints or wide):
        return -1  # a title and what it adds below itself
    return at


def _is_tags(pieces: Sequence[Piece], reasons: Sequence[str], at: int, n: int) -> bool:
    """Whether bare words between title and text say what it is filed under: right below the title that has its date above
    it, or parted by commas below its date; and the category between the two.
    """
    if "opens" in pieces[n].hints:
        return False
    if n == at + 1 and at and reasons[at - 1] == "byline" and "opens" not in pieces[at].hints:
        return _are_words(pieces[n].text.split())
    dated = "byline" in reasons[at + 1 : n]
    listed = _are_words(TAGS.split(pieces[n].text)) and dated
    above = reasons[n - 1] == "byline" and n + 1 < len(reasons) and _are_words(TAGS.split(pieces[n + 1].text))
    return listed or (above and dated and _are_words([pieces[n].text, ""]))


def _are_words(words: Sequence[str]) -> bool:
    return len(words) > 1 and max(map(len, words)) <= TAG and not any("。" in word for word in words)


def _is_dated_entry(pieces: Sequence[Piece], reasons: Sequence[str], dated: int, possible: Sequence[int]) -> bool:
    """Whether the line below a date is a diary's title: the date opens its block and nothing above it that can be a title
    is as wide, or furniture stands around the two.
    """
    n = dated + 1
    if n not in possible or "opens" in pieces[n].hints:
        return False
    widest = max(headings.width(pieces[k].text) for k in possible if k < dated)
    within = bool(reasons[dated - 1]) and n + 1 < len(reasons) and bool(reasons[n + 1])
    return within or ("opens" in pieces[dated].hints and headings.width(pieces[n].text) > widest * WIDER)


def _buttons(pieces: Sequence[Piece], reasons: Sequence[str], at: int, ledger: Ledger) -> set[int]:
    """Lines between title and text of whose block each is a word or two, and one a button's name."""
    gone: set[int] = set()
    start = at + 1
    for n in range(at + 1, len(reasons) + 1):
        if n < len(reasons) and "opens" not in pieces[n].hints:
            continue
        words = [pieces[k].text.strip() for k in range(start, n)]
        short = len(words) > 1 and max(map(len, words)) <= BUTTON and start > at + 1
        if short and any(menus.SHARED.fullmatch(word) for word in words):
            gone |= set(range(start, n))
        start = n
    for n in gone:
        ledger.leave(pieces[n], "share")
    return gone


def _leads(pieces: Sequence[Piece], reasons: Sequence[str], n: int) -> bool:
    """Whether a line stands above titles only: a menu, a path, to whom a letter goes, its date in the first line."""
    menu = reasons[n] in ("nav", "breadcrumb") and not _shares(pieces[n])
    return menu or reasons[n] == "addressee" or (n == 0 and reasons[n] == "byline")


def _can_be(pieces: Sequence[Piece], n: int, dated: int) -> bool:
    """A line that can be a title: no label, as in 文：山田, no bare name, no sentence. Right above its date, or alone,
    it may hold full stops and end as a sentence does.
    """
    piece = pieces[n]
    text = piece.text.strip()
    wide = SHORTEST <= headings.width(text) <= WIDEST
    two_parts = PHRASE.match(text) or headings.width(text) >= TWO_PARTS
    labelled = LABEL.match(text) and not (two_parts and {"opens", "alone"} <= piece.hints)
    if piece.kind != "paragraph" or not wide or labelled or not JAPANESE.search(text):
        return False
    set_off = dated == n + 1 or {"opens", "alone"} <= piece.hints
    told = set_off and not text.endswith(("。", "、", "，", "」")) and not text.startswith(headings.OPENS_NONE)
    return told or headings.looks_like(text)


def _heads_menu(pieces: Sequence[Piece], reasons: Sequence[str], n: int) -> bool:
    """Whether a menu or a path stands right below: a site's name."""
    below = n + 1 < len(reasons) and "opens" not in pieces[n + 1].hints
    return below and reasons[n + 1] in ("nav", "breadcrumb", "related") and not _shares(pieces[n + 1])


def _is_author(pieces: Sequence[Piece], reasons: Sequence[str], n: int) -> bool:
    """Whether a short line beside the date stands again below the text: the name of who wrote it."""
    beside = any(reasons[k] == "byline" for k in (n - 1, n + 1) if 0 <= k < len(reasons))
    text = pieces[n].text.strip()
    short = headings.width(text) <= NAME and "。" not in text
    return (
        not reasons[n] and beside and short and any(later.text.strip() == text for later in pieces[len(pieces) // 2 :])
    )


def _shares(piece: Piece) -> bool:
    return menus.shares(piece.text)


def _is_path_to(text: str, name: str) -> bool:
    """Whether a path ends in this title, which it may shorten."""
    short = CUT.sub("", name)
    return len(short) >= SHORTEST and (text == name or (short != name and text.startswith(short)))


def owners(pieces: Sequence[Piece], ledger: Ledger) -> list[str]:
    """Names in the lines of rights, which stand at the end of the page."""
    below = [*(piece.text for piece in pieces[len(pieces) // 2 :]), *(item.text for item in ledger.dropped)]
    found = [NOT_NAME.sub("", text) for text in below if OWNED.search(text)]
    return [name for name in found if len(name) >= OWNER and JAPANESE.search(name)]


def is_owner(piece: Piece, owned: Sequence[str]) -> bool:
    """Whether a line is the owner's name, also with what the site says of itself behind it."""
    text = NOT_NAME.sub("", piece.text)
    return any(text.startswith(name) or (text and name.startswith(text)) or text.endswith(name) for name in owned)


def is_prose(piece: Piece) -> bool:
    """A paragraph of the text: a sentence of some length, or words in brackets."""
    text = piece.text
    spoken = text.startswith("「") and text.endswith("」")
    told = piece.kind == "paragraph" and len(text) > 20 and (spoken or text.endswith("。"))
    return told and not line_reason(piece, first=True, last=False)
