"""The script as plain data: titles, blocks of sentences, quotations, chapters, readings. The source's orthography."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from yomicast.model import Line, Script
from yomicast.patterns import expression
from yomicast.script import edits, people, signs

KINDS = {1: "h1", 2: "h2", 3: "h3"}
OPENING = 5
"""Paragraphs before the first chapter from which the opening is a chapter of its own, under the article's title."""
OPENING_SIZE = 160
"""The same in characters; an opening of short lines is soon over."""
SENTENCE = expression(r"[。！？!?…」』）)]$")
ADDED = frozenset({"intro", "outro", "announce"})


def as_json(script: Script) -> dict[str, object]:
    """`title`, `blocks` (kind h1 h2 h3 p, sentences, speaker, role), `quotes`, `chapters`, `readings`, `coverage`.

    Sentences stand as in the source, without leftover markup, with 、 where a lost separator got its rest. Lines the
    producer adds have role `announce`.
    """
    return {
        "title": script.title,
        "blocks": [_block(list(lines)) for _, lines in groupby(script.lines, key=lambda line: line.block)],
        "quotes": [{"speaker": _listed(quote.speaker), "text": quote.text} for quote in script.quotes],
        "chapters": chapters(script),
        "readings": [list(pair) for pair in script.readings],
        "omissions": [message.ja for message in script.omissions],
        "coverage": round(script.coverage, 4),
        "notes": [{"slug": note.slug, "text": note.text.ja, "line": note.place.line} for note in script.notes],
        "dropped": [{"reason": item.reason, "text": item.text, "line": item.place.line} for item in script.dropped],
    }


def _listed(speaker: str) -> str:
    """The shortest that names a speaker: 中学生の娘 is 娘, 弊社デザイナーの一ノ瀬 is 一ノ瀬."""
    head, _, last = speaker.rpartition("の")
    return last if head and (people.is_human(last) or people.is_human(head)) else speaker


def written(line: Line) -> str:
    """What a line shows, without markup that no reader wants to see."""
    return edits.applied(line.shown, line.edits, signs.NOT_WRITTEN).replace("\u2003", "　").strip()


def chapters(script: Script) -> list[str]:
    """Chapter titles. A long opening is a chapter under the article's own title."""
    found = [written(line) for line in script.lines if line.level == 2]
    first = next((n for n, line in enumerate(script.lines) if line.level == 2), 0)
    turns = {line.speaker for line in script.lines if line.role == "announce"}
    opening = [line for line in script.lines[:first] if line.role == "body" and line.speaker not in turns - {""}]
    told = {line.block for line in opening if SENTENCE.search(line.shown)}  # a name or a date on its own tells nothing
    long = len(told) >= OPENING and sum(len(line.shown) for line in opening if line.block in told) >= OPENING_SIZE
    return [script.title, *found] if found and long else found


def _block(lines: Sequence[Line]) -> Mapping[str, object]:
    first = lines[0]
    value: dict[str, object] = {"kind": KINDS.get(first.level, "p"), "sentences": [written(line) for line in lines]}
    if first.speaker:
        value["speaker"] = first.speaker
    if first.role in ADDED:
        value["role"] = "announce"
    elif first.role not in ("body", "heading", "title"):
        value["role"] = first.role
    if first.place.line:
        value["line"] = first.place.line
    return value
