"""What plain paragraphs really are: list items, notes, numbers of steps, section breaks; and broken markup made text again."""

from __future__ import annotations

import re

from yomicast.article import headings
from yomicast.article.ledger import Ledger, Piece
from yomicast.patterns import expression

NUMBERED = expression(
    r"^(?P<word>STEP|ステップ|手順|POINT|ポイント|その)?[\s.．]*(?P<n>[\d０-９]{1,2})[.．)）]?$", re.IGNORECASE
)
NOTES_HEAD = expression(r"^[\W_]*(?:脚注|注釈?|注記|補注|footnotes?|notes?|references)[\W_]*$", re.IGNORECASE)
TAG = expression(r"</?[a-zA-Z][\w-]*(?:\s[^<>]{0,400})?/?>")


def stray_markup(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Pieces full of tags come from broken markup (an unclosed title or text area): the tags go, the words stay."""
    return [
        _untagged(piece, ledger) if piece.text.count("<") > 3 and piece.kind not in ("code", "math") else piece
        for piece in pieces
    ]


def _untagged(piece: Piece, ledger: Ledger) -> Piece:
    tags = TAG.findall(piece.text)
    if len(tags) < 4:
        return piece
    ledger.drop("".join(tags), "markup", piece.line)
    for ruby in piece.rubies:
        ledger.drop(ruby.reading, "markup", piece.line)
    return piece.to(text=" ".join(TAG.sub(" ", piece.text).split()), rubies=())


def numbers(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """A step's number set as a line of its own is the number of what follows."""
    kept: list[Piece] = []
    number = ""
    for n, piece in enumerate(pieces):
        found = NUMBERED.match(piece.text) if piece.kind in ("paragraph", "list_item", "aside") else None
        after = pieces[n + 1] if n + 1 < len(pieces) else None
        if found and after is not None and after.kind in ("paragraph", "list_item", "aside"):
            ledger.drop(piece.text, "list-mark", piece.line)
            number = (found["word"] or "") + found["n"]
        else:
            kept.append(piece.to(kind="list_item", level=1, info=number) if number else piece)
            number = ""
    return kept


COUNTED = expression(
    r"^(?:[(（]?(?P<n>\d{1,2})(?:[)）.．、:：][\s　]*|[\s　]+)|(?P<kanji>[一二三四五六七八九十])、|(?P<circled>[①-⑳❶-❿])[\s　.．、:：]*)(?=[^\d\s　])"
)


def counted(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Paragraphs one below the other that count 1, 2, 3 are a list; single ones are headings or text."""
    out = list(pieces)
    n = 0
    while n < len(pieces):
        end = n
        while end < len(pieces) and _counts(pieces[end], end - n + 1):
            end += 1
        if end - n >= 2:
            for k in range(n, end):
                found = COUNTED.match(pieces[k].text)
                size = found.end() if found else 0
                ledger.drop(pieces[k].text[:size], "list-mark", pieces[k].line)
                out[k] = pieces[k].cut(size, ledger).to(kind="list_item", level=1, info=str(k - n + 1))
        n = max(end, n + 1)
    return out


def _counts(piece: Piece, number: int) -> bool:
    found = COUNTED.match(piece.text) if piece.kind == "paragraph" and not piece.strong else None
    if found is None:
        return False
    if found["circled"]:
        return number == ("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳".find(found["circled"]) + 1 or "❶❷❸❹❺❻❼❽❾❿".find(found["circled"]) + 1)
    if found["kanji"]:
        return "一二三四五六七八九十".index(found["kanji"]) + 1 == number
    return int(found["n"]) == number


BULLETED = expression(r"^[・･•‣◦∙][\s　]*(?=[^\s　・･])")


def bullets(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Paragraphs that begin with a printed bullet are items of a list; bold ones that stand apart are headings."""
    out = []
    marks = [BULLETED.match(piece.text) for piece in pieces]
    bold = {n for n, piece in enumerate(pieces) if marks[n] and piece.strong and piece.kind == "paragraph"}
    heads = {n for n in bold if not any(marks[n - 1 : n]) and not any(marks[n + 1 : n + 2])}
    sure = len(heads) > 1 or any(_heads_text(pieces, n) for n in heads)
    for n, piece in enumerate(pieces):
        found = marks[n] if piece.kind in ("paragraph", "list_item", "aside", "quote") else None
        if found and not (n in heads and sure):
            ledger.drop(found[0], "list-mark", piece.line)
            kind = "list_item" if piece.kind == "paragraph" else piece.kind
            piece = piece.cut(found.end(), ledger).to(kind=kind, level=max(1, piece.level))  # noqa: PLW2901
        out.append(piece)
    return out


def _heads_text(pieces: list[Piece], n: int) -> bool:
    """Whether a bold line stands between closed paragraphs as only a heading does."""
    near = [pieces[k] for k in (n - 1, n + 1) if 0 <= k < len(pieces)]
    closed = [piece.kind == "paragraph" and piece.text.endswith(("。", "」", "！", "？")) for piece in near]
    return len(near) > 1 and all(closed) and headings.looks_like(BULLETED.sub("", pieces[n].text))


MARK_AT_HEAD = expression(
    r"^[（(\[［]?(?P<mark>(?:※|＊|\*|注釈?|†)[\s　]?[\d０-９]{1,2})[）)\]］]?[\s　:：.．、]*(?=\S)"
)


def typed_notes(pieces: list[Piece], ledger: Ledger) -> list[Piece]:  # noqa: ARG001 a step
    """A paragraph that begins with a mark which the text before it cites (…になります※1。) is a footnote."""
    out = []
    before = ""
    for piece in pieces:
        found = MARK_AT_HEAD.match(piece.text) if piece.kind in ("paragraph", "list_item", "caption", "aside") else None
        mark = re.sub(r"[\s　]", "", found["mark"]) if found else ""
        noted = bool(mark) and re.search(rf"{re.escape(mark)}(?![\d０-９])", before) is not None
        out.append(piece.to(kind="footnote", info="", level=0) if noted else piece)
        if not noted:
            before += re.sub(r"[\s　]", "", piece.words) + "\n"
    return out


def note_heads(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """A line that heads nothing but footnotes."""
    kept = []
    for n, piece in enumerate(pieces):
        noted = n + 1 < len(pieces) and pieces[n + 1].kind == "footnote"
        if piece.kind in ("paragraph", "aside") and noted and NOTES_HEAD.match(piece.text):
            ledger.leave(piece, "footnote-head")
        else:
            kept.append(piece)
    return kept


def breaks_between(pieces: list[Piece], ledger: Ledger) -> list[Piece]:  # noqa: ARG001 a step
    """Section breaks only between text: none first, last or beside a heading."""
    kept: list[Piece] = []
    for n, piece in enumerate(pieces):
        if piece.kind == "break":
            before = kept[-1].kind if kept else "heading"
            after = next((later.kind for later in pieces[n + 1 :]), "heading")
            if before in ("heading", "title", "break") or after in ("heading", "break", "footnote"):
                continue
        kept.append(piece)
    return kept
