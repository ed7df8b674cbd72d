"""The script sheet: the script as a text file that a person reviews and edits, and that outlives a changed article.

    # … what this file is …
    @ 3fa2c81e 見出し
    声を届ける工夫

    @ 91c0be77 本文
    録音にはマイクを1本使います。
    → 録音には、マイクを一本、使います。

Each paragraph carries a fingerprint of what the article gave. A paragraph whose words no longer fit its fingerprint was
edited; a fingerprint that a new script lacks means that the article changed there. So three texts can be merged with
two at hand. Every sentence is a line; `→` under it says what is spoken where that differs. `{漢字|かんじ}`,
`[pause: 500ms]` and `[声の名] せりふ` work as in articles. The list after `@@` names all paragraphs of the last run:
one that is listed but not there was deleted by the author and stays out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import groupby

from yomicast.model import Line, Message, Note, Script
from yomicast.patterns import expression
from yomicast.script import marks

HEAD = (
    "# 台本です。言葉を直し、行を消し、段落を足せます。記事が変わっても、直したところは残ります。",
    "# 一文が一行。→ の行は、書いてあるとおりに読まないときの読み方です。",
    "# 読み {漢字|かんじ}   間 [pause: 500ms]   声 [声の名] せりふ   段落を消すと読みません。# の行は覚え書きです。",
    "# The script: one sentence a line; edits stay when the article changes. → says what is spoken instead.",
)
PARAGRAPH = expression(r"^@ (?P<mark>[0-9a-f]{8}(?:\.\d+)?)(?P<rest>(?: .*)?)$")
LISTED = expression(r"^@@(?P<marks>(?: [0-9a-f]{8}(?:\.\d+)?)*)\s*$")
CONFLICT = "#! 記事ではこう変わりました: "
GONE = "#! 記事からはなくなった段落です"
ROLES = {
    "title": "題",
    "heading": "見出し",
    "body": "本文",
    "list_item": "項目",
    "quote": "引用",
    "caption": "図の説明",
    "aside": "囲み",
    "announce": "案内",
    "intro": "始まり",
    "outro": "終わり",
}
ALIKE = 0.45
"""Likeness from which an edited paragraph and a changed one are taken for the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph of a sheet. `mark`: fingerprint of the generated words, empty when the author added it.

    `rows`: its lines as written, `→` lines and remarks included.
    """

    mark: str
    rows: tuple[str, ...]
    rest: str = ""

    @property
    def edited(self) -> bool:
        """Whether the author changed it (or wrote it)."""
        return not self.mark or fingerprint(_words(self.rows)) != self.mark.split(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A parsed sheet: its paragraphs, and the fingerprints of all paragraphs when it was last written."""

    paragraphs: tuple[Paragraph, ...]
    listed: tuple[str, ...] = ()


def fingerprint(rows: Iterable[str]) -> str:
    """Eight hex digits of a paragraph's words."""
    return sha256("\n".join(rows).encode()).hexdigest()[:8]


def of(script: Script) -> Sheet:
    """The sheet of a script just written."""
    seen: dict[str, int] = {}
    paragraphs = []
    for _, group in groupby(script.lines, key=lambda line: line.block):
        lines = list(group)
        words = tuple(row for line in lines for row in rows(line))
        mark = fingerprint(words)
        count = seen[mark] = seen.get(mark, 0) + 1
        mark = mark if count == 1 else f"{mark}.{count}"
        paragraphs.append(Paragraph(mark=mark, rows=words, rest=f" {ROLES[lines[0].role]}"))
    return Sheet(paragraphs=tuple(paragraphs), listed=tuple(p.mark for p in paragraphs))


def written(sheet: Sheet) -> str:
    """The sheet as text."""
    out = [*HEAD, ""]
    for paragraph in sheet.paragraphs:
        if paragraph.mark:
            out.append(f"@ {paragraph.mark}{paragraph.rest}")
        out += (*paragraph.rows, "")
    listed = list(sheet.listed)
    out += [f"@@ {' '.join(listed[n : n + 12])}" for n in range(0, len(listed), 12)]
    return "\n".join(out) + "\n"


def parse(text: str) -> Sheet:
    """A sheet from text, whatever an editor did to it."""
    paragraphs: list[Paragraph] = []
    listed: list[str] = []
    mark, rest = "", ""
    body: list[str] = []
    for row in (*text.lstrip("\ufeff").replace("\r\n", "\n").split("\n"), ""):
        line = row.rstrip()
        if found := LISTED.match(line):
            listed += found["marks"].split()
        elif (found := PARAGRAPH.match(line)) or not line:
            if mark or _words(body):
                paragraphs.append(Paragraph(mark=mark, rows=tuple(body), rest=rest))
            mark, rest = (found["mark"], found["rest"]) if found else ("", "")
            body = []
        elif line not in HEAD:
            body.append(line)
    return Sheet(paragraphs=tuple(paragraphs), listed=tuple(listed))


def merged(sheet: Sheet, fresh: Sheet) -> Sheet:
    """The author's edits on a fresh sheet: unchanged paragraphs follow the article, edited ones stay as they are.

    Where both changed, the author's words stand and the article's new ones are put beside them as a remark.
    """
    known = [p.mark for p in sheet.paragraphs if p.mark]
    base = list(sheet.listed) or known
    deleted = set(base) - set(known)
    own = {p.mark: p for p in sheet.paragraphs if p.mark}
    new = {p.mark: p for p in fresh.paragraphs}
    out: list[Paragraph] = []
    for kind, a, b, c, d in SequenceMatcher(None, base, list(new), autojunk=False).get_opcodes():
        if kind == "equal":
            out += [own[mark] if own[mark].edited else new[mark] for mark in base[a:b] if mark not in deleted]
        else:
            old = [own[mark] for mark in base[a:b] if mark in own]
            out += _changed(old, [new[mark] for mark in list(new)[c:d]])
    return Sheet(paragraphs=tuple(_with_added(out, sheet)), listed=tuple(new))


def _changed(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[Paragraph]:
    """A stretch where the article changed: new paragraphs, each replaced by the edited one that it came from."""
    edited = [p for p in old if p.edited]
    out: list[Paragraph] = []
    waiting = list(edited)
    for paragraph in new:
        match = max(waiting, key=lambda own: _likeness(own, paragraph), default=None)
        if match is None or _likeness(match, paragraph) < ALIKE:
            out.append(paragraph)
            continue
        out += _orphans(waiting[: waiting.index(match)])
        waiting = waiting[waiting.index(match) + 1 :]
        remark = tuple(CONFLICT + row for row in paragraph.rows)
        kept = tuple(row for row in match.rows if not row.startswith("#!"))
        out.append(replace(paragraph, rows=(*remark, *kept)))
    return out + _orphans(waiting)


def _orphans(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """Edited paragraphs that the article lost: the author's words stay, as the author's own."""
    return [
        Paragraph(mark="", rows=(GONE, *(row for row in p.rows if not row.startswith("#!"))))
        for p in paragraphs
        if _words(p.rows)
    ]


def _likeness(one: Paragraph, other: Paragraph) -> float:
    return SequenceMatcher(None, "".join(_words(one.rows)), "".join(_words(other.rows)), autojunk=False).ratio()


def _with_added(paragraphs: list[Paragraph], sheet: Sheet) -> list[Paragraph]:
    """The author's own paragraphs, each after the one it followed."""
    out = list(paragraphs)
    after = ""
    for paragraph in sheet.paragraphs:
        if paragraph.mark:
            after = paragraph.mark
            continue
        at = next((n for n, p in enumerate(out) if p.mark == after), None)
        place = 0 if not after else len(out) if at is None else at + 1
        while place < len(out) and not out[place].mark:
            place += 1
        out.insert(place, paragraph)
    return out


def notes(sheet: Sheet) -> list[Note]:
    """Conflicts that wait for the author."""
    found = []
    for paragraph in sheet.paragraphs:
        said = next(iter(_words(paragraph.rows)), "")
        if any(row.startswith(CONFLICT) for row in paragraph.rows):
            found.append(
                Note(
                    slug="script-conflict",
                    text=Message(
                        f"the article changed where you edited: {said}", f"直した段落の元の記事が変わりました: {said}"
                    ),
                )
            )
        elif GONE in paragraph.rows:
            found.append(
                Note(
                    slug="script-orphan",
                    text=Message(
                        f"the article no longer has what you edited: {said}",
                        f"直した段落は記事からなくなりました: {said}",
                    ),
                )
            )
    return found


def rows(line: Line) -> list[str]:
    """A line as the sheet shows it; with its spoken form where that differs."""
    said = marks.written(line.spoken, line.rubies)
    shown = line.shown.replace("\u2003", "　")
    voice = f"[{line.voice}] " if line.voice else ""
    if line.spoken == line.shown:
        return [_escaped(voice + said).rstrip()]
    return [_escaped(voice + shown).rstrip(), f"→ {said}".rstrip()]


def _escaped(row: str) -> str:
    """A row that begins like one of ours gets a backslash before it."""
    return f"\\{row}" if row.startswith(("#", "@", "→", "\\")) else row


def plain(row: str) -> str:
    """A row of words without the backslash that `written` may have put before it."""
    return row.removeprefix("\\")


def _words(rows: Iterable[str]) -> list[str]:
    """A paragraph's rows without remarks."""
    return [row for row in rows if not row.startswith("#")]
