"""Where everything stands in the programme: pure arithmetic in frames of 48 kHz, no sound.

Chapters and sub-chapters are laid out one by one, each in its own frames from 0, so that an edit in one leaves the
others as they were, frame by frame: that is what lets the encoder keep them. Each begins on a seam (the grid of MP3
frames) with digital silence on both sides: the bed takes a breath before every heading. Marks are on whole seconds
inside the pause before a heading; as a chapter may slide against the second hand, every such pause is long enough to
hold a whole second wherever it falls.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from yomicast.model import Mark

RATE = 48_000
GRID = 1_152
"""Frames of one MP3 frame: chapters are cut here."""

GUARD = GRID
"""Digital silence on each side of a seam: 24 ms."""

LONGEST_REST = 2.3
"""Seconds: no pause between lines is longer, whatever the script asks (issue: no gap over 2.5 s)."""

CHAPTER_REST = 1.1
"""Seconds at least between speech and the seam after it, so that a whole second lies between them."""

LEAD_IN = 0.3
TAIL = 0.5
AFTER_STING = 0.1
WITHOUT_STING = 0.1

Kind: TypeAlias = Literal["opening", "closing", "sting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A line as the timeline sees it: frames of sound, seconds of pause after it, heading level and its title."""

    frames: int
    pause: float
    level: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """Lengths in frames of the music around the talk (0: none) and how far talk reaches into it."""

    opening: int = 0
    opening_overlap: int = 0
    closing: int = 0
    closing_overlap: int = 0
    sting: int = 0
    sting_overlap: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Line number `line` sounds from frame `start` to `stop` of its chapter."""

    line: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Opening, closing or sting at frame `start` of its chapter."""

    kind: Kind
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter (`level` 2) or sub-chapter (3): a stretch between two seams. `start` in programme frames; `slots`,
    `pieces`, `bed` in its own frames from 0.

    `number`: of the stretch; `part_of`: of the chapter that it is or belongs to, both from 0. `bed`: first and last
    frame at which a bed may sound; outside lie digital silence, the opening, the closing.
    """

    number: int
    level: int
    part_of: int
    title: str
    start: int
    frames: int
    slots: tuple[Slot, ...]
    pieces: tuple[Piece, ...]
    bed: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The whole programme, `chapters` with their sub-chapters in order. `marks` in seconds; `frames` is the start of the
    seam after the last chapter.
    """

    chapters: tuple[Chapter, ...]
    marks: tuple[Mark, ...]
    frames: int

    @property
    def titles(self) -> tuple[str, ...]:
        """Of the chapters, without sub-chapters."""
        return tuple(chapter.title for chapter in self.chapters if chapter.level == 2)

    @property
    def seams(self) -> tuple[int, ...]:
        """Starts of chapters and sub-chapters, and the end."""
        return (*(chapter.start for chapter in self.chapters), self.frames)


def within(chapter: Chapter, start: int, stop: int) -> tuple[Slot, ...]:
    """The lines that sound between two frames of a chapter; found by halves, as a chapter may last twelve hours."""
    first = bisect_left(chapter.slots, start, key=lambda slot: slot.stop)
    return chapter.slots[first : bisect_left(chapter.slots, stop, lo=first, key=lambda slot: slot.start)]


def frames_of(seconds: float) -> int:
    """Seconds as whole frames."""
    return round(seconds * RATE)


def rest(pause: float) -> int:
    """Frames of a pause; what is no number or negative counts as none, what is too long is cut."""
    return frames_of(min(max(pause, 0.0), LONGEST_REST)) if math.isfinite(pause) else 0


def lay_out(parts: Sequence[Part], furniture: Furniture, *, title: str) -> Timeline:
    """Place every line, every piece of music and every mark.

    Args:
        parts: the lines in order; level 2 begins a chapter, level 3 a sub-chapter.
        furniture: lengths of the music.
        title: of the first chapter, when the first line is not a chapter's heading.
    """
    groups = _groups(parts)
    chapters: list[Chapter] = []
    start = 0
    for number, lines in enumerate(groups):
        head = parts[lines.start] if parts else Part(frames=0, pause=0.0)
        level = 3 if number and head.level == 3 else 2
        before = chapters[-1].part_of if chapters else -1
        chapter = _chapter(
            parts,
            lines,
            furniture,
            number=number,
            level=level,
            part_of=before + (level == 2),
            start=start,
            last=number == len(groups) - 1,
            title=head.title or title if number or head.level == 2 else title,
        )
        chapters.append(chapter)
        start += chapter.frames
    return Timeline(chapters=tuple(chapters), marks=_marks(chapters), frames=start)


def _groups(parts: Sequence[Part]) -> list[range]:
    """The lines of each chapter and sub-chapter; at least one chapter, even with no line."""
    heads = [0] + [i for i, part in enumerate(parts) if part.level in (2, 3) and i > 0]
    return [range(a, b) for a, b in zip(heads, [*heads[1:], len(parts)], strict=True)]


def _chapter(
    parts: Sequence[Part],
    lines: range,
    music: Furniture,
    *,
    number: int,
    level: int,
    part_of: int,
    start: int,
    last: bool,
    title: str,
) -> Chapter:
    pieces: list[Piece] = []
    at, bed_start = _entrance(music, pieces, kind="opening" if number == 0 else "sting" if level == 2 else None)
    slots: list[Slot] = []
    for line in lines:
        slots.append(Slot(line=line, start=at, stop=at + parts[line].frames))
        at = slots[-1].stop + rest(parts[line].pause)
    end = slots[-1].stop if slots else at
    if last and music.closing:
        begin = max(end - music.closing_overlap, slots[0].start if slots else at) if music.closing_overlap else at
        pieces.append(Piece(kind="closing", start=begin, stop=begin + music.closing))
        bed_stop, finish = max(begin, bed_start), max(end, *(piece.stop for piece in pieces)) + GUARD
    else:
        rests = max(at, end + frames_of(TAIL if last else CHAPTER_REST))
        finish = max(rests, *(piece.stop for piece in pieces), bed_start) + GUARD
        finish = -(-finish // GRID) * GRID
        bed_stop = finish - GUARD
    return Chapter(
        number=number,
        level=level,
        part_of=part_of,
        title=title,
        start=start,
        frames=-(-finish // GRID) * GRID,
        slots=tuple(slots),
        pieces=tuple(pieces),
        bed=(bed_start, bed_stop),
    )


def _entrance(music: Furniture, pieces: list[Piece], *, kind: Kind | None) -> tuple[int, int]:
    """Place what sounds before the talk; when talk may begin, and the bed."""
    length, overlap, gap = 0, 0, 0.0
    if kind == "opening":
        length, overlap, gap = music.opening, music.opening_overlap, LEAD_IN
    elif kind == "sting":
        length, overlap, gap = music.sting, music.sting_overlap, AFTER_STING
    if kind is None or not length:
        return GUARD + frames_of(LEAD_IN if kind == "opening" else WITHOUT_STING), GUARD
    pieces.append(Piece(kind=kind, start=GUARD, stop=GUARD + length))
    talk = length - min(overlap, length) if overlap else length + frames_of(gap)
    return GUARD + talk, GUARD + length - min(length, frames_of(0.5))


def _marks(chapters: Sequence[Chapter]) -> tuple[Mark, ...]:
    """A mark for each chapter and sub-chapter, whole seconds, never inside speech."""
    marks: list[Mark] = []
    for before, chapter in zip([None, *chapters[:-1]], chapters, strict=True):
        if before is None:
            marks.append(Mark(start=0.0, title=chapter.title))
        else:
            spoken = before.start + (before.slots[-1].stop if before.slots else 0)
            at = _second(spoken, chapter.start + GUARD)
            marks.append(Mark(start=at, title=chapter.title, level=chapter.level))
    return tuple(marks)


def _second(after: int, until: int) -> float:
    """The last whole second at or before frame `until`; by construction it is after frame `after`."""
    found = until // RATE
    assert found * RATE > after, "a pause before a heading is too short for its mark"
    return float(found)
