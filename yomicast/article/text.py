"""Plain text, also pasted from a page: lost markup, image alts and photo credits left behind, headings bare.

Structure is inferred from language: a short line without a sentence's end, alone, is a heading; a line without
Japanese beside a credit or a heading is an image's alt text. What was guessed is noted.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import groupby, pairwise

from yomicast.article import aozora, breaks, catalogue, headings, junk, mail, marks, pasted, ruled, titled
from yomicast.article.decode import decode
from yomicast.article.endings import closed, endings, signatures
from yomicast.article.furniture import beside, heads, line_reason, lines, link_lists, sections
from yomicast.article.guessed import clean_headings
from yomicast.article.ledger import Ledger, Piece
from yomicast.article.likeness import unlike
from yomicast.article.refine import refine
from yomicast.article.source import Options, Source
from yomicast.article.speakers import speakers
from yomicast.article.structure import COUNTED, counted
from yomicast.errors import ArticleError
from yomicast.model import Article, Message, Meta
from yomicast.patterns import expression

BULLET = expression(
    r"^[\s　]*(?P<mark>[・･•‣◦∙*＊\-–—‐+＋→]|(?:[(（]?(?:\d{1,2}|[a-zA-Zア-ン])[)）]|\d{1,2}[.．、]|[①-⑳㉑-㉟]|[❶-❿])(?=[^\d]))[\s　]*(?P<text>\S.*)$"
)
RULE = expression(r"^[\s　]*([-=*_~〜～―—─━＝－*＊☆★◇◆□■○●.・…※]\s?)\1{2,}[\s　]*$")
CONTENTS_ITEM = expression(r"^(?:(?P<n>\d{1,2}(?:[.．\-]\d{1,2})*)[.．、)）]?[\s　]*)?(?P<text>\S.*)$")
NAME = expression(r"^[一-鿿々]{1,4}[ 　]+[一-鿿々ぁ-んァ-ヶ]{1,5}$")
COLUMNED = expression(r"^[\s　]*[^\s　。、]{1,6}[　:：]+\S")
"""A word and what belongs to it, set in columns: 日時　二月十四日. Such lines never go on."""
DEEP = 2
"""Full-width signs more by which the rest of such a line is set in."""
WRAPPED = 25
"""Width of a line, begun with a blank and not closed, that goes on in the next one whatever the others' widths."""
WIDER = 3
"""Lines of that column at least for each wider one that ends a sentence."""
FULL, RAGGED = 0.85, 0.75
"""Share of that column from which a line is full; and one that stops inside a sentence for a word that is kept whole."""
NEARLY = 2.5
"""Full-width signs by which lines wrapped at one column differ: no line begins with a comma or ends with a bracket."""
SELDOM = 0.25
"""Share of its paragraphs that a text may set in when that means a quotation."""
ANNOUNCED = expression(
    r"(?:(?:こう|こんな|次の|以下の|このよう)[^。：:]{0,24}|(?:一部|一節|全文|抜粋)を[^。：:]{0,6}(?:紹介|引用|抜粋|引|写|載せ|掲げ)[^。：:]{0,8})[。：:]$"
)
COLUMNS, ROWS, CELL = 3, 3, 20
"""Columns and rows of a table typed with spaces at least, letters of its cells at most."""
GAP = expression(r"　{2,}|[ 　]*(?:　 | 　)[ 　]*|[ 　]*\t[ 　\t]*| {3,}|[ 　]{3,}")
GAPS = ("　　", "  ", "\t", "　 ", " 　")
"""What every gap has in it: most lines have none."""
SENTENCE = expression(r"[。！？!?」][\s　]*$")
REMARK = expression(r"[\s　]+(?:（[^（）]*）|\([^()]*\))$")
OPEN = expression(r"[、，をはが]$")
"""How a line ends that surely goes on."""
MAILED = expression(r"^[ \t　]*[>＞](?:[ 　]?[>＞])*[ ]?")
"""How a mail begins the lines that it quotes."""
CLOSING = expression(r"[」』）)〉》]$")
PARTICLE = expression(r"(?:へ|を|が|に|で|と|の|は|も|から|まで|より)(?=[一-鿿ァ-ヶ「『（、おごあいう])")
"""How a line begins that goes on from a bracket: …（電話 22-3333）/ へお願いします。"""
ENDS = expression(r"[。．！？!?…‥♪」』）)】〕〉》]\s*$")


@dataclass(frozen=True, slots=True)
class _Line:
    """`alone`: between blank lines. `level`: of a heading that the form marks, 0 none. `indented`: set off as a whole."""

    number: int
    text: str
    alone: bool
    level: int = 0
    indented: bool = False


def read(source: Source, options: Options) -> list[Article]:
    """The one article of a plain text file.

    Raises:
        ArticleError: not text, empty, a line beyond the limit, or nothing in it can be spoken.
    """
    text = decode(source.data, name=source.name, declared=source.charset)
    ledger = Ledger(file=source.name, form="text")
    rows = _lines(text, ledger, options.limits.line)
    pieces = _pieces(_without_junk(rows, ledger), ledger)
    subject, pieces = mail.header(pieces, ledger)
    pieces = refine(pieces, ledger, (beside, titled.above, pasted.below, pasted.blocks, catalogue.products))
    pieces = refine(pieces, ledger, (heads, sections, heads, lines, closed))
    author, pieces = _author(pieces, ledger)
    title, pieces = headings.title(pieces, ledger, fallback=subject or mail.name(ledger) or source.stem)
    pieces = headings.levels(refine(pieces, ledger, (counted,)), ledger, _contents(ledger))
    pieces = refine(
        pieces,
        ledger,
        (
            sections,
            link_lists,
            mail.announcements,
            endings,
            signatures,
            endings,
            unlike,
            endings,
            headings.last_words,
            clean_headings,
            speakers,
        ),
    )
    return [ledger.article(title, pieces, meta=Meta(author=author))]


def _author(pieces: list[Piece], ledger: Ledger) -> tuple[str, list[Piece]]:
    """A name set far to the right, or a bare Japanese name, under the title."""
    if len(pieces) > 2 and pieces[1].kind == "paragraph" and len(pieces[1].text) <= 20:
        named = pieces[1].text.strip()
        if "right" in pieces[1].hints or NAME.match(named):
            ledger.leave(pieces[1], "byline")
            return named, [pieces[0], *pieces[2:]]
    return "", pieces


def _lines(text: str, ledger: Ledger, longest: int) -> list[_Line]:
    rows = text.split("\n")
    marked = aozora.rows(rows, ledger) if aozora.is_aozora(rows) else None
    rows = [row.text for row in marked] if marked else rows
    for number, row in enumerate(rows, 1):
        if len(row) > longest:
            raise ArticleError(
                Message(f"a line of {len(row)} characters", f"1 行が {len(row)} 字もあります"),
                where=ledger.place(number),
                hint=Message("put each paragraph on a line of its own", "段落ごとに改行してください"),
            )
    drawn = ruled.ruling(rows)
    gone = dict.fromkeys(mail.signature(rows), "imprint") | drawn.gone
    gone |= dict.fromkeys(mail.notices(rows, gone), "mail-notice")
    for n, reason in sorted(gone.items()):
        ledger.drop(rows[n], reason, n + 1)
    blank = [not row.strip() or n in gone for n, row in enumerate(rows)]
    last = len(rows) - 1
    return [
        _Line(
            n + 1,
            "" if blank[n] else row.rstrip(),
            (n == 0 or blank[n - 1]) and (n == last or blank[n + 1]),
            level=1 if n in drawn.boxed and not _is_furniture(row) else _marked_level(marked[n]) if marked else 0,
            indented=marked is not None and "indented" in marked[n].hints,
        )
        for n, row in enumerate(rows)
    ]


def _marked_level(row: aozora.Row) -> int:
    return next((int(hint.removeprefix("heading:")) for hint in row.hints if hint.startswith("heading:")), 0)


def _contents(ledger: Ledger) -> dict[str, int]:
    """The headings that a table of contents named, with how deep each stood: 2.1 is deeper than 2."""
    named = {}
    for item in ledger.dropped:
        if item.reason == "toc" and (number := CONTENTS_ITEM.match(item.text)):
            named[headings.key(number["text"])] = len(re.findall(r"[.．\-]", number["n"] or ""))
    return named


def _without_junk(lines: list[_Line], ledger: Ledger) -> list[_Line]:
    """Lines with credits, image alts and rules taken out; what came out leaves a mark on the line before."""
    kept: list[_Line] = []
    filled = [line for line in lines if line.text.strip()]
    reasons = _reasons(filled, ledger)
    for line in lines:
        if reason := reasons.get(line.number):
            ledger.drop(line.text, reason, line.number)
            if kept and (reason in ("image-alt", "photo-credit")):
                kept.append(_Line(line.number, "\f", True))
        else:
            kept.append(line)
    return kept


SHORT = 20
"""Letters of a sentence at least, and width of a heading at most, in a text without blank lines."""
GIVEN = expression(r"^[\s　(（]*(?:提供|出典|引用元|出所|協力|クレジット)[\s　]*[:：／/＝=][\s　]*[^。]{1,40}$")
"""Who gave a picture; a label of the text unless a picture's description stands above it."""


WORDY = 3
"""Words of an image's description above the text that has nothing else to show that it is one."""


def _reasons(filled: list[_Line], ledger: Ledger) -> dict[int, str]:
    begun = next((n for n, line in enumerate(filled) if SENTENCE.search(line.text)), len(filled))
    reasons = {line.number: "photo-credit" for line in filled if junk.is_credit(line.text)}
    for above, line in pairwise(filled):
        if GIVEN.match(line.text) and junk.alt_likeness(above.text):
            reasons[line.number] = "photo-credit"
    for n, line in enumerate(filled):
        if line.number in reasons:
            continue
        if RULE.match(line.text) or ruled.is_rule(line.text):
            reasons[line.number] = "rule"
        elif junk.is_latin(line.text) and (likeness := junk.alt_likeness(line.text)):
            credited = n + 1 < len(filled) and reasons.get(filled[n + 1].number) == "photo-credit"
            opening = n < begun and line.text.islower() and len(line.text.split()) >= WORDY
            under = n > 0 and (n == 1 or opening or headings.looks_like(filled[n - 1].text))
            if credited or likeness > 1 or (under and likeness):
                reasons[line.number] = "image-alt"
                if not credited:
                    ledger.note(
                        "guessed-alt",
                        f"left out as an image's description: {line.text.strip()!r}",
                        f"画像の説明とみて省きました: {line.text.strip()!r}",
                        line.number,
                    )
    return reasons


def _pieces(lines: list[_Line], ledger: Ledger) -> list[Piece]:
    pieces: list[Piece] = []
    group: list[_Line] = []
    column = _wrap_width(lines)
    blank = True
    for line in [*lines, _Line(0, "", True)]:
        if line.text.strip(" \t　") and line.text != "\f":
            group.append(line)
            continue
        made = _group(group, ledger, column)
        if group and group[0].text.startswith("　") and [piece.kind for piece in made] == ["paragraph"]:
            made = [made[0].to(hints=made[0].hints | {"set-in"})]
        pieces += [
            piece.to(hints=piece.hints | {"opens"}) if n == 0 and blank else piece for n, piece in enumerate(made)
        ]
        blank = line.text != "\f" or (blank and not group)
        group = []
        if line.text == "\f" and pieces:
            pieces[-1] = pieces[-1].to(hints=pieces[-1].hints | {"image-after"})
    return _set_in(_quotes_joined(_commas_joined(pieces)))


def _set_in(pieces: list[Piece]) -> list[Piece]:
    """The one paragraph set in, of many that are not, is a quotation where the one above announces it."""
    prose = [piece for piece in pieces if piece.kind == "paragraph" and SENTENCE.search(piece.text)]
    if sum("set-in" in piece.hints for piece in prose) > len(prose) * SELDOM:
        return pieces
    return pieces[:1] + [
        piece.to(kind="quote") if "set-in" in piece.hints and ANNOUNCED.search(above.text) else piece
        for above, piece in pairwise(pieces)
    ]


def _wrap_width(lines: list[_Line]) -> float:
    """The column the text was wrapped at, 0 if it was not: many lines of nearly one width, cut inside sentences, and few
    wider ones, for a page's menus may be of one width among paragraphs that nobody wrapped.
    """
    filled = sum(len(line.text.strip()) > 1 for line in lines)
    widths = sorted(
        headings.width(line.text)
        for line, after in pairwise(lines)
        if len(line.text.strip()) > 1
        and after.text.strip()
        and not ENDS.search(line.text)
        and not BULLET.match(after.text)
    )
    near = [bisect_right(widths, size) - bisect_left(widths, size - NEARLY) for size in widths]
    most = max(near, default=0)
    column = max((size for size, count in zip(widths, near, strict=True) if count == most), default=0)
    wider = sum(headings.width(line.text) > column + NEARLY and ENDS.search(line.text) is not None for line in lines)
    return column if 18 <= column <= 100 and most >= max(3, filled // 8) and wider * WIDER <= most else 0


def _group(group: list[_Line], ledger: Ledger, column: float) -> list[Piece]:
    """Lines without a blank one between them: paragraphs, list items, or one wrapped paragraph."""
    pieces: list[Piece] = []
    opened = ""
    told = any(SENTENCE.search(line.text) for line in group)  # lines without one full stop are no sentence cut in two
    tables = _tables(group) | _mailed(group, ledger, column)
    hung = told and _is_hung(group)
    bare = set() if column else _bare_headings(group)
    for n, line in enumerate(group):
        if n in tables:
            pieces += tables[n]
            continue
        stripped = line.text.strip(" \t　")
        if line.level or line.indented:
            pieces.append(_set_off(line, stripped, ledger))
            continue
        bullet = BULLET.match(line.text)
        rest = not bullet and n > 0 and (_continues(group[n - 1], line, column) or _hangs(group[n - 1].text, line.text))
        if pieces and pieces[-1].kind == "list_item" and rest:
            pieces[-1] = _joined(pieces[-1], _piece("paragraph", stripped, line.number, ledger))
            continue
        if bullet and _is_item(bullet, n, group, listed=bool(pieces) and pieces[-1].kind == "list_item"):
            ledger.drop(bullet["mark"], "list-mark", line.number)
            number = bullet["mark"] if bullet["mark"].strip("()（）.．、").isalnum() else ""
            item = _piece("list_item", bullet["text"].strip(" 　"), line.number, ledger)
            pieces.append(item.to(level=1, info=number))
            continue
        before = group[n - 1].text if n else ""
        full = bool(before) and column and headings.width(before) >= column * (RAGGED if _is_cut(before) else FULL)
        fresh = line.text.startswith(("　", " ", "「", "『"))  # where paragraphs are indented, any other line goes on
        set_in = opened == "　" and headings.width(before) >= WRAPPED and not ENDS.search(before)
        told_on = CLOSING.search(before) and PARTICLE.match(stripped)
        wrapped = not fresh and (set_in or (full and (opened == "　" or told_on or not ENDS.search(before))))
        hangs = bool(pieces) and (_hangs(before, line.text) or (hung and not ENDS.search(before)))
        wrapped = wrapped and not (COLUMNED.match(before) and COLUMNED.match(line.text))
        goes_on = wrapped or hangs or (told and n - 1 not in bare and breaks.joins(before, line.text))
        goes_on = (
            goes_on
            and not _is_dated(stripped)
            and (wrapped or hangs or not (_is_furniture(stripped) or _is_furniture(before)))
        )
        if pieces and pieces[-1].kind == "paragraph" and goes_on:
            pieces[-1] = _joined(pieces[-1], _piece("paragraph", stripped, line.number, ledger))
            continue
        pieces.append(_piece("paragraph", stripped, line.number, ledger).to(hints=_hints(line, group, bare=n in bare)))
        opened = line.text[:1]
    return pieces


def _mailed(group: list[_Line], ledger: Ledger, column: float) -> dict[int, list[Piece]]:
    """What somebody wrote before, line by line behind a > as mails quote it, by its first line; a line with nothing but
    the sign parts paragraphs. Signs before lines without a sentence point to other pages.
    """
    found: dict[int, list[Piece]] = {}
    for cited, run in groupby(enumerate(group), key=lambda item: bool(MAILED.match(item[1].text))):
        rows = list(run)
        said = "".join(line.text for _, line in rows)
        if (
            not cited
            or "。" not in said
            or any(_is_furniture(line.text.strip(" \t　>＞") or "引用") for _, line in rows)
        ):
            continue
        made: list[Piece] = []
        fresh = True
        for _, line in rows:
            mark = MAILED.match(line.text)
            text = line.text[mark.end() if mark else 0 :]
            ledger.drop(mark[0] if mark else "", "quote-mark", line.number)
            fresh = fresh or text.startswith("　")
            piece = _piece("quote", text.strip(" 　"), line.number, ledger)
            if piece.text and fresh:
                made.append(piece)
            elif piece.text:
                made[-1] = _joined(made[-1], piece)
            short = not column or headings.width(line.text) < column * 0.85
            fresh = not piece.text or (short and ENDS.search(piece.text) is not None)
        found |= {n: [] for n, _ in rows} | {rows[0][0]: made}
    return found


def _tables(group: list[_Line]) -> dict[int, list[Piece]]:
    """Tables typed with spaces, 年度　　件数　　金額, by their first line; the other lines of one hold nothing more."""
    texts = [line.text.strip(" \t　") for line in group]
    rows = [tuple(GAP.split(text)) if any(gap in text for gap in GAPS) else (text,) for text in texts]
    fit = [len(row) >= COLUMNS and max(map(len, row)) <= CELL and "。" not in "".join(row) for row in rows]
    found: dict[int, list[Piece]] = {}
    n = 0
    while n < len(group):
        end = n
        while end < len(group) and fit[end] and len(rows[end]) == len(rows[n]):
            end += 1
        words = "".join(map("".join, rows[n:end]))
        menu = not any(map(str.isdigit, words)) and any(_is_furniture(line.text.strip()) for line in group[n:end])
        if end - n >= ROWS and not menu:
            found |= {k: [] for k in range(n + 1, end)}
            headless = any(map(str.isdigit, "".join(rows[n])))
            table = Piece(kind="table", text="", line=group[n].number, rows=tuple(rows[n:end]))
            found[n] = [table.to(info="none" if headless else "", hints=_hints(group[n], group))]
        n = max(end, n + 1)
    return found


def _hangs(before: str, text: str) -> bool:
    """Whether a line is the rest of a note, set in below ※ and its unfinished sentence; an item's remark in brackets; or
    what stands in the second column below 出席者　会長、….
    """
    if REMARK.match(text):
        return bool(BULLET.match(before) or COUNTED.match(before.lstrip())) and _indent(text) > _indent(before)
    if COLUMNED.match(before) and not COLUMNED.match(text) and _indent(text) > _indent(before) + DEEP:
        return True
    return before.lstrip().startswith(("※", "＊")) and text[:1] in " 　" and not ENDS.search(before)


def _is_hung(group: list[_Line]) -> bool:
    """Whether all lines but the first are set in alike: one paragraph, as minutes set what was said."""
    below = {_indent(line.text) for line in group[1:]}
    return len(below) == 1 and min(below) > _indent(group[0].text) and not COLUMNED.match(group[-1].text)


def _is_furniture(text: str) -> bool:
    return len(text) <= 40 and bool(line_reason(Piece(kind="paragraph", text=text), first=False, last=False))


def _is_dated(text: str) -> bool:
    """Whether a line is no more than a date or who wrote it: it never goes on from the line above."""
    return len(text) <= 40 and line_reason(Piece(kind="paragraph", text=text), first=True, last=False) == "byline"


def _set_off(line: _Line, text: str, ledger: Ledger) -> Piece:
    """A heading or an indented line that the form itself marks."""
    if line.level:
        if framed := ruled.FRAMED.match(text):
            ledger.drop(f"{framed['open']} {framed['close']}", "heading-mark", line.number)
            text = framed["words"]
        return _piece("heading", text.strip("┃│║ 　"), line.number, ledger).to(
            level=line.level, hints=frozenset({"marked"})
        )
    return _piece("quote", text, line.number, ledger).to(info="indented")


def _continues(before: _Line, line: _Line, column: float) -> bool:
    """Whether a line is the rest of the list item above: indented more, after a line cut inside a sentence, or not at all
    after a full one.
    """
    text = before.text
    full = headings.width(text) >= (0.8 * column if column else 20)
    cut = OPEN.search(text) is not None or text.count("（") > text.count("）") or text.count("「") > text.count("」")
    wide = headings.width(text) >= column * FULL or text.count("（") > text.count("）")
    wrapped = column and wide and not line.text.startswith((" ", "　", "「", "『"))
    return bool(((full or cut) and _indent(line.text) > _indent(text)) or wrapped) and not ENDS.search(text)


def _is_cut(text: str) -> bool:
    """Whether a line has a comma and no end: no heading, no entry of a list."""
    return "、" in text and not ENDS.search(text) and not headings.mark_level(text) and not headings.LABEL.match(text)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t　"))


def _bare_headings(group: list[_Line]) -> set[int]:
    """Lines that head parts of a text pasted without blank lines: short, without an end, each between two sentences with
    full stops, where nothing else stands between the first sentence and the last.
    """
    told = [n for n, line in enumerate(group) if SENTENCE.search(line.text) and len(line.text) > SHORT]
    inside = range(told[0], told[-1]) if len(told) > 2 else range(0)
    short = {n for n in inside if not SENTENCE.search(group[n].text)}
    heads = {
        n
        for n in short
        if n - 1 not in short
        and n + 1 in told
        and headings.width(group[n].text) <= SHORT
        and headings.looks_like(group[n].text)
        and not headings.LABEL.match(group[n].text)
    }
    return heads if heads == short and 1 < len(heads) <= len(told) else set()


def _hints(line: _Line, group: list[_Line], *, bare: bool = False) -> frozenset[str]:
    first = len(group) > 1 and line is group[0]
    right = line.text.startswith(("　　　　　　", " " * 20))
    return frozenset(
        [*(["alone"] if len(group) == 1 or bare else []), *(["first"] if first else []), *(["right"] if right else [])]
    )


def _is_item(bullet: re.Match[str], n: int, group: list[_Line], *, listed: bool) -> bool:
    """One dash does not make a list: 「- 」 and ・ do, a number does if a neighbour has one too.

    `listed`: what stands before it is an item.
    """
    mark = bullet["mark"]
    if mark in "→—–―":
        return False
    if mark in "・･•‣◦∙①②③④⑤⑥⑦⑧⑨⑩":
        return True
    neighbours = [group[k] for k in (n - 1, n + 1) if 0 <= k < len(group)]
    return listed or any(BULLET.match(line.text) for line in neighbours)


def _piece(kind: str, text: str, line: int, ledger: Ledger) -> Piece:
    clean, found, removed = marks.rubies(text)
    ledger.drop(removed, "ruby-mark", line)
    return Piece(kind=kind, text=clean, line=line, rubies=found)  # type: ignore[arg-type]


def _joined(first: Piece, second: Piece) -> Piece:
    space = " " if re.search(r"[A-Za-z0-9,.]$", first.text) and re.match(r"[A-Za-z0-9]", second.text) else ""
    shift = len(first.text) + len(space)
    moved = tuple(type(r)(start=r.start + shift, end=r.end + shift, reading=r.reading) for r in second.rubies)
    return first.to(text=first.text + space + second.text, rubies=first.rubies + moved)


def _commas_joined(pieces: list[Piece]) -> list[Piece]:
    """A paragraph that ends with a comma goes on in the next one: the blank line between them is layout."""
    out: list[Piece] = []
    for piece in pieces:
        before = out[-1] if out else None
        goes_on = before is not None and before.kind == piece.kind == "paragraph" and before.text.endswith(("、", "，"))
        if before is not None and goes_on and "。" in piece.text:
            out[-1] = _joined(before, piece)
        else:
            out.append(piece)
    return out


def _quotes_joined(pieces: list[Piece]) -> list[Piece]:
    """A paragraph whose 「 is still open takes the next one in, at most five, if that closes it."""
    out: list[Piece] = []
    n = 0
    while n < len(pieces):
        piece = pieces[n]
        taken = n + 1
        if piece.kind == "paragraph" and _open(piece.text) > 0:
            joined = piece
            for k in range(n + 1, min(n + 6, len(pieces))):
                if pieces[k].kind != "paragraph":
                    break
                joined = _joined(joined, pieces[k])
                if _open(joined.text) <= 0:
                    piece, taken = joined, k + 1
                    break
        out.append(piece)
        n = taken
    return out


def _open(text: str) -> int:
    return text.count("「") - text.count("」")
