"""Rests after lines: sentence and paragraph in the narrator's ratio (comma 1 : sentence 2 : paragraph 3), headings more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from yomicast.model import Line, Pauses

SHORT = frozenset({"list-number", "speaker-label"})
TOGETHER = frozenset({"list_item", "announce"})


def paced(
    lines: Sequence[Line], pauses: Pauses, *, fixed: Mapping[int, float], parted: Collection[int]
) -> tuple[Line, ...]:
    """The lines with their rests. `fixed`: what the author asked for; `parted`: lines that a break follows."""
    return tuple(
        replace(
            line,
            pause=fixed[n]
            if n in fixed
            else _rest(line, lines[n + 1] if n + 1 < len(lines) else None, pauses, parted=n in parted),
        )
        for n, line in enumerate(lines)
    )


def _rest(line: Line, after: Line | None, pauses: Pauses, *, parted: bool) -> float:
    if line.level or parted or (after is not None and after.level):
        return pauses.heading
    if after is None:
        return pauses.paragraph
    if line.reason in SHORT:
        return pauses.comma
    if after.block == line.block:
        return pauses.sentence
    listed = line.role == "list_item" and (after.role == "list_item" or after.reason == "list-number")
    rows = line.reason in ("table", "table-row") and after.reason in ("table-row", "table-ends")
    return pauses.sentence if listed or rows else pauses.paragraph
