"""What becomes of each kind of block, after the practice of trained narrators (音訳).

Text is spoken; tables, code, formulas, figures and notes are announced, read or left to the show notes, and what is
left out is counted so that it can be declared. Podcast is the default mode; strict (音訳) passes nothing over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yomicast.model import Block, Message, Role
from yomicast.patterns import expression
from yomicast.script import labels, setoff, tex
from yomicast.script.desk import SPEAKABLE, Desk

JAPANESE = expression(r"[ぁ-んァ-ヶ一-鿿々]")
WIDEST, LONGEST = 4, 8
"""Columns and rows of the largest table that is read out; a listener loses larger ones."""
COUNTERS = {
    "code": ("code block", "code blocks", "プログラムのコード", "か所"),
    "table": ("table", "tables", "表", "点"),
    "math": ("formula", "formulas", "数式", "か所"),
    "footnote": ("footnote", "footnotes", "注", "件"),
    "figure": ("figure", "figures", "画像", "点"),
    "attachment": ("attached file", "attached files", "添付ファイル", "点"),
}
UNSAID = frozenset({"figure", "attachment"})
"""Left out and declared in the notes, but not spoken of at the end."""
STEP = expression(r"^(?:STEP|ステップ|手順|POINT|ポイント|その)\d{1,2}$", re.IGNORECASE)
ALERTS = expression(r"alert|warn|caution|danger|important|注意|警告", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spot:
    """A block and its neighbours, which say where groups begin and end."""

    this: Block
    before: Block | None = None
    after: Block | None = None


def block(desk: Desk, this: Block, before: Block | None, after: Block | None) -> None:
    """Put one block on the desk."""
    KINDS[this.kind](desk, Spot(this, before, after))


def _text(role: Role) -> Callable[[Desk, Spot], None]:
    def speak(desk: Desk, at: Spot) -> None:
        _turn(desk, at)
        desk.speak(at.this.text, at.this.place, role, rubies=at.this.rubies, speaker=at.this.speaker)

    return speak


def _turn(desk: Desk, at: Spot) -> None:
    """Say who speaks when the speaker changes; listeners see no labels."""
    if (
        not at.this.speaker
        or at.this.kind == "quote"
        or setoff.is_found(at.this)
        or (at.before is not None and at.before.speaker == at.this.speaker and at.before.kind != "heading")
    ):
        return
    if labels.QUESTION.match(at.this.speaker):
        desk.announce("質問。", at.this.place, "speaker-label", speaker=at.this.speaker)
    elif labels.ANSWER.match(at.this.speaker):
        desk.announce("回答。", at.this.place, "speaker-label", speaker=at.this.speaker)
    elif SPEAKABLE.search(at.this.speaker):
        desk.announce(f"{at.this.speaker}。", at.this.place, "speaker-label", speaker=at.this.speaker)


def _item(desk: Desk, at: Spot) -> None:
    _turn(desk, at)
    number = re.sub(r"[^\w]", "", at.this.info)
    if number and (number.isdigit() or len(number) <= 2 or STEP.match(number)):
        desk.announce(f"{number}、", at.this.place, "list-number", speaker=at.this.speaker)
    desk.speak(at.this.text, at.this.place, "list_item", rubies=at.this.rubies, speaker=at.this.speaker)


def _quote(desk: Desk, at: Spot) -> None:
    announced = at.this.info != "indented" or _stands_apart(desk.article.blocks, at.this)
    if announced and not _same_quote(at.before, at.this):
        source = setoff.source_of(at.this)
        desk.announce(f"{source}の引用です。" if source else "引用です。", at.this.place, "quote-begins")
    desk.speak(at.this.text, at.this.place, "quote", rubies=at.this.rubies, speaker=at.this.speaker)
    if announced and not _same_quote(at.this, at.after):
        desk.announce("引用、終わり。", at.this.place, "quote-ends")


def _stands_apart(blocks: Sequence[Block], this: Block) -> bool:
    """Whether sentences before and after an indented group of lines are whole: no sign within a sentence (…という札)."""
    at = next((n for n, block in enumerate(blocks) if block is this or block == this), None)
    if at is None:
        return False
    before = next((b for b in reversed(blocks[:at]) if not _same_quote(b, this)), None)
    after = next((b for b in blocks[at:] if not _same_quote(b, this)), None)
    whole = before is not None and before.text.rstrip().endswith(("。", "：", "！", "？"))
    return whole and not (
        after is not None and re.match(r"^(?:と(?!ころ|はいえ|りあえ|ても|にかく)|って|なる)", after.text)
    )


def _same_quote(one: Block | None, other: Block | None) -> bool:
    if one is None or other is None:
        return False
    return one.kind == other.kind == "quote" and one.speaker == other.speaker and one.info == other.info


def _caption(desk: Desk, at: Spot) -> None:
    beside = ("figure", "caption") if at.this.info == "picture" else ("figure", "table", "code", "caption")
    if at.before is None or at.before.kind not in beside:
        desk.announce("画像の説明。", at.this.place, "caption")
    desk.speak(at.this.text, at.this.place, "caption", rubies=at.this.rubies)


def _figure(desk: Desk, at: Spot) -> None:
    alt = at.this.text.strip()
    if alt and JAPANESE.search(alt):
        desk.announce(f"画像があります。{alt.rstrip('。')}。", at.this.place, "figure")
        if desk.strict:
            desk.announce("画像、終わり。", at.this.place, "figure-ends")
        return
    desk.drop(alt, "image-alt", at.this.place)
    desk.omitted["figure"] += 1
    captioned = at.after is not None and at.after.kind == "caption"
    if desk.strict or captioned or desk.omitted["figure"] == 1:
        desk.announce("ここに画像があります。", at.this.place, "figure")


def _table(desk: Desk, at: Spot) -> None:
    rows = [row for row in at.this.rows if any(cell.strip() for cell in row)]
    columns = max(map(len, rows), default=0)
    title = f"{at.this.text.strip().rstrip('。')}。" if at.this.text.strip() else ""
    small = columns <= WIDEST and len(rows) - 1 <= LONGEST
    read = desk.settings.tables == "read" or (desk.settings.tables == "auto" and (small or desk.strict))
    if not rows or not read:
        desk.omitted["table"] += 1
        for row in rows:
            desk.drop(" ".join(row), "table-in-notes", at.this.place)
        desk.announce(f"ここに表があります。{title}内容は番組ノートにあります。", at.this.place, "table")
        return
    headed = len(rows) > 1 and "none" not in at.this.info.split()
    body = rows[1:] if headed else rows
    heads = f"項目は、{'、'.join(filter(None, map(_cell, rows[0])))}。" if headed else ""
    desk.announce(f"ここに表があります。{title}{len(body)}行です。{heads}", at.this.place, "table")
    for row in body:
        desk.announce(_row(row, rows[0] if headed else ()), at.this.place, "table-row")
    desk.announce("表、終わり。", at.this.place, "table-ends")


def _row(row: Sequence[str], heads: Sequence[str]) -> str:
    """A row as it is heard: the first cell names it, the others come with their column's head."""
    parts = []
    for n, cell in enumerate(row):
        words = _cell(cell) or "空欄"
        head = _cell(heads[n]) if n and n < len(heads) else ""
        parts.append(f"{head}、{words}" if head else words)
    return ("。" if heads else "、").join(parts) + "。"


def _cell(cell: str) -> str:
    return re.sub(r"[\s　]+", " ", cell).strip(" 。")


def _code(desk: Desk, at: Spot) -> None:
    how = desk.settings.code
    if how == "read":
        desk.announce("ここからコードです。", at.this.place, "code")
        desk.recite(at.this.text, at.this.place, "body")
        desk.announce("コード、終わり。", at.this.place, "code-ends")
        return
    desk.omitted["code"] += 1
    desk.drop(at.this.text, "code-in-notes", at.this.place)
    if how == "announce":
        size = f"{len(at.this.text.splitlines())}行の" if desk.strict else ""
        where = "内容は番組ノートにあります。" if desk.omitted["code"] == 1 else ""
        desk.announce(f"ここに{size}コードがあります。{where}", at.this.place, "code")


def _math(desk: Desk, at: Spot) -> None:
    words = tex.spelled(at.this.text.strip().strip("$").strip())
    if words and SPEAKABLE.search(words):
        desk.drop(at.this.text, "math-spelled", at.this.place)
        desk.announce(f"数式。{words}。", at.this.place, "math")
        return
    desk.omitted["math"] += 1
    desk.drop(at.this.text, "math-in-notes", at.this.place)
    desk.announce("ここに数式があります。", at.this.place, "math")


def _footnote(desk: Desk, at: Spot) -> None:
    if desk.settings.footnotes == "inline":
        if at.before is None or at.before.kind != "footnote":
            desk.announce("注。", at.this.place, "footnote")
        desk.speak(at.this.text, at.this.place, "aside", rubies=at.this.rubies)
        return
    desk.omitted["footnote"] += 1
    desk.drop(at.this.text, "footnote-in-notes", at.this.place)


def _aside(desk: Desk, at: Spot) -> None:
    first = at.before is None or at.before.kind != "aside" or at.before.info != at.this.info
    _turn(desk, at)
    if first and ALERTS.search(at.this.info):
        desk.announce("ご注意。", at.this.place, "aside")
    elif first and desk.strict:
        desk.announce("囲み。", at.this.place, "aside")
    desk.speak(at.this.text, at.this.place, "aside", rubies=at.this.rubies, speaker=at.this.speaker)


def _break(desk: Desk, at: Spot) -> None:
    desk.drop(at.this.text, "rule", at.this.place)
    desk.parted.add(len(desk.lines) - 1)


def _heading(desk: Desk, at: Spot) -> None:
    desk.speak(at.this.text, at.this.place, "heading", rubies=at.this.rubies, level=max(2, min(3, at.this.level)))


KINDS: dict[str, Callable[[Desk, Spot], None]] = {
    "title": _text("title"),
    "heading": _heading,
    "paragraph": _text("body"),
    "list_item": _item,
    "quote": _quote,
    "caption": _caption,
    "figure": _figure,
    "table": _table,
    "code": _code,
    "math": _math,
    "footnote": _footnote,
    "aside": _aside,
    "break": _break,
}


def omissions(desk: Desk) -> tuple[Message, ...]:
    """One line that declares what was left out of the sound."""
    counts = [(kind, n) for kind in COUNTERS if (n := desk.omitted[kind])]
    if not counts:
        return ()
    english = ", ".join(f"{n} {COUNTERS[kind][0 if n == 1 else 1]}" for kind, n in counts)
    japanese = "、".join(f"{COUNTERS[kind][2]} {n} {COUNTERS[kind][3]}" for kind, n in counts)
    return (Message(f"Not read aloud: {english}.", f"読み上げでは、{japanese}を省きました。"),)


def where_the_rest_is(desk: Desk) -> str:
    """What a narrator says at the end of text that was left to the show notes; empty when there is none."""
    left = [COUNTERS[kind][2] for kind in COUNTERS if kind not in UNSAID and desk.omitted[kind]]
    return f"{'、'.join(left)}は番組ノートにあります。" if left else ""


def levelled(blocks: Sequence[Block]) -> dict[int, int]:
    """Heading levels of the article as levels of the script: the highest is 2 (a chapter), all below are 3."""
    found = sorted({b.level for b in blocks if b.kind == "heading"})
    return {level: 2 if level == found[0] else 3 for level in found}
