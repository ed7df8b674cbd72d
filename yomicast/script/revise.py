"""A script as its author edited it: paragraphs untouched keep their lines, edited ones are written anew from the sheet."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from yomicast.model import Article, Dropped, Edit, Line, Pauses, Script
from yomicast.script import account, edits, marks, pacing, sheet
from yomicast.script.desk import Desk
from yomicast.script.parens import Glosses
from yomicast.settings import ScriptSettings

SHEETS = "scripts"
"""Folder beside the article, where sheets stand: what the author edits lives with what the author writes."""


def sheet_path(source: str, slug: str) -> Path:
    """Where the sheet of an article is: <folder of the article>/scripts/<slug>.txt, under episodes/ for an address."""
    folder = Path("episodes") if re.match(r"https?://", source) else Path(source).parent
    return folder / SHEETS / f"{slug}.txt"


def revised(
    script: Script,
    edited: str,
    settings: ScriptSettings,
    *,
    pauses: Pauses | None = None,
    voices: Collection[str] | None = None,
) -> tuple[Script, str]:
    """The script with the author's edits, and the sheet to write back.

    Args:
        script: fresh from `write`.
        edited: the sheet's text as it stands; empty when there is none yet.
        settings: as given to `write`.
        pauses: as given to `write`.
        voices: as given to `write`.
    """
    fresh = sheet.of(script)
    if not edited.strip():
        return script, sheet.written(fresh)
    whole = sheet.merged(sheet.parse(edited), fresh)
    if not any(paragraph.edited for paragraph in whole.paragraphs) and len(whole.paragraphs) == len(fresh.paragraphs):
        return script, sheet.written(whole)
    desk = Desk(
        article=Article(title=script.title, blocks=()), settings=settings, glosses=Glosses(text=""), voices=voices
    )
    blocks = [list(group) for _, group in groupby(script.lines, key=lambda line: line.block)]
    by_mark = dict(zip((p.mark for p in fresh.paragraphs), blocks, strict=True))
    template = blocks[0][0]
    for paragraph in whole.paragraphs:
        origin = by_mark.get(paragraph.mark)
        if origin is not None and not paragraph.edited:
            desk.block += 1
            for line in origin:
                _keep(desk, line)
            continue
        template = origin[0] if origin else _added_after(template)
        _paragraph(desk, paragraph, template, origin or ())
    return _result(script, desk, whole, pauses or Pauses(), by_mark), sheet.written(whole)


def _keep(desk: Desk, line: Line) -> None:
    desk.lines.append(replace(line, block=desk.block))


def _added_after(before: Line) -> Line:
    """What a paragraph of the author's own is: body text, said by whoever spoke before."""
    return Line(
        shown="", spoken="", role="body", place=replace(before.place, line=None), pause=0.0, speaker=before.speaker
    )


def _paragraph(desk: Desk, paragraph: sheet.Paragraph, template: Line, origin: Sequence[Line]) -> None:
    """An edited paragraph: rows that stand as generated keep their lines, others are read by the rules or by `→`."""
    desk.block += 1
    number = desk.block
    as_generated = {_first_row(line): line for line in origin}
    rows = [row for row in paragraph.rows if not row.startswith("#")]
    for n, row in enumerate(rows):
        if row.startswith("→"):
            continue
        after = rows[n + 1] if n + 1 < len(rows) and rows[n + 1].startswith("→") else ""
        same = as_generated.get(row)
        if same is not None and (after == _arrow(same)):
            _keep(desk, replace(same, block=number))
            continue
        first = len(desk.lines)
        desk.speak(
            sheet.plain(row),
            template.place,
            template.role,
            level=template.level,
            speaker=template.speaker,
            reason="author",
        )
        mine = after and (same is not None or after not in {_arrow(line) for line in origin})
        if mine and len(desk.lines) > first:
            desk.lines[first:] = [_said(desk.lines[first:], after[1:].strip())]
        desk.lines[first:] = [replace(line, block=number) for line in desk.lines[first:]]
    desk.block = number


def _said(lines: Sequence[Line], words: str) -> Line:
    """One line that shows `lines` and says `words`."""
    shown = "".join(line.shown for line in lines)
    marked = marks.readings(words)
    edit = Edit(start=0, end=len(shown), spoken=marked.text, rule="author")
    return replace(
        lines[0], shown=shown, spoken=edits.applied(shown, [edit]), rubies=marked.rubies, edits=(edit,), asides=()
    )


def _first_row(line: Line) -> str:
    return sheet.rows(line)[0]


def _arrow(line: Line) -> str:
    rows = sheet.rows(line)
    return rows[1] if len(rows) > 1 else ""


def _result(script: Script, desk: Desk, whole: sheet.Sheet, pauses: Pauses, by_mark: dict[str, list[Line]]) -> Script:
    """The script made of the desk's lines; what the author took out is written down as dropped."""
    left = {paragraph.mark for paragraph in whole.paragraphs}
    gone = [line for mark, lines in by_mark.items() if mark not in left for line in lines]
    rewritten = [line for p in whole.paragraphs if p.mark in by_mark and p.edited for line in by_mark[p.mark]]
    kept = {(line.place, line.shown) for line in desk.lines}
    dropped = [
        Dropped(text=line.shown, reason="author", place=line.place)
        for line in (*gone, *rewritten)
        if line.role not in account.ADDED and (line.place, line.shown) not in kept
    ]
    fixed = {**_asked(script, desk), **desk.fixed}
    title = next((line.shown for line in desk.lines if line.level == 1), script.title)
    return replace(
        script,
        title=title,
        lines=pacing.paced(desk.lines, pauses, fixed=fixed, parted=()),
        dropped=(*script.dropped, *dropped),
        readings=(*script.readings, *desk.readings),
        notes=(*script.notes, *sheet.notes(whole), *desk.notes),
    )


def _asked(script: Script, desk: Desk) -> dict[int, float]:
    """Rests of untouched lines, so that breaks and pauses of the article stay."""
    before = {(line.place, line.shown): (line.pause, n) for n, line in enumerate(script.lines)}
    found = {}
    for n, line in enumerate(desk.lines):
        pause, at = before.get((line.place, line.shown), (None, -1))
        follows = (
            n + 1 < len(desk.lines)
            and at + 1 < len(script.lines)
            and desk.lines[n + 1].shown == script.lines[at + 1].shown
        )
        if pause is not None and follows:
            found[n] = pause
    return found
