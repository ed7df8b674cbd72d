"""A line on its way to the voice: the text as rewritten so far, and where each character came from.

A step gives `Edit`s: "characters 3 to 6 are read as …". The draft applies them and keeps, for each character of the new
text, the stretch of the line it stands for and the step that wrote it, so that words can point at what was written.
A stretch whose reading is decided (`Forced`) becomes one private character: later steps see a word, not its letters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

FIRST_PRIVATE, LAST_PRIVATE = 0xE000, 0xF8FF
"""Private characters of the Basic Multilingual Plane: they stand for forced words and never reach a reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forced:
    """A word whose reading is decided. `pron`: katakana. `accent`: 0 flat, None = as the front end finds it.

    `natural`: `surface` is Japanese that the front end should see in its sentence. `noun`: IPADIC part of speech,
    where the step knows it.
    """

    surface: str
    pron: str
    accent: int | None
    step: str
    natural: bool = False
    doubts: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters start..end of the draft become `text` (read on by later steps) or one `forced` word."""

    start: int
    end: int
    text: str
    forced: Forced | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the log: `step` read `before` as `after`, which stands at start..end of the line."""

    step: str
    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`text[i]` stands for characters `origin[i]` of the line and was last written by `steps[i]` ("" = the author)."""

    line: str
    text: str
    origin: tuple[tuple[int, int], ...]
    steps: tuple[str, ...]
    forced: tuple[Forced, ...] = ()
    log: tuple[Change, ...] = ()

    @classmethod
    def of(cls, line: str) -> Draft:
        """A line nobody has worked on."""
        return cls(line=line, text=line, origin=tuple((i, i + 1) for i in range(len(line))), steps=("",) * len(line))

    def word(self, char: str) -> Forced | None:
        """The forced word that a private character stands for."""
        number = ord(char) - FIRST_PRIVATE
        return self.forced[number] if 0 <= number < len(self.forced) else None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where characters start..end of the draft stand in the line."""
        if not self.origin:
            return (0, 0)
        if start >= end:
            at = self.origin[start][0] if start < len(self.origin) else len(self.line)
            return (at, at)
        return (min(s for s, _ in self.origin[start:end]), max(e for _, e in self.origin[start:end]))

    def edited(self, edits: Iterable[Edit], step: str) -> Draft:
        """The draft after `edits`, which do not overlap. An edit that changes nothing is not logged."""
        text: list[str] = []
        origin: list[tuple[int, int]] = []
        steps: list[str] = []
        forced, log, at = list(self.forced), list(self.log), 0
        for edit in sorted(edits, key=lambda e: e.start):
            if edit.start < at or (edit.forced is None and edit.text == self.text[edit.start : edit.end]):
                continue
            text.append(self.text[at : edit.start])
            origin += self.origin[at : edit.start]
            steps += self.steps[at : edit.start]
            new = edit.text
            if edit.forced is not None:
                new = chr(FIRST_PRIVATE + len(forced))
                forced.append(edit.forced)
            place = self.span(edit.start, edit.end)
            text.append(new)
            origin += [place] * len(new)
            steps += [step] * len(new)
            after = edit.forced.pron if edit.forced else self.plain(new)
            log.append(
                Change(
                    edit.forced.step if edit.forced else step,
                    *place,
                    self.plain(self.text[edit.start : edit.end]),
                    after,
                )
            )
            at = edit.end
        text.append(self.text[at:])
        origin += self.origin[at:]
        steps += self.steps[at:]
        return replace(
            self,
            text="".join(text),
            origin=tuple(origin),
            steps=tuple(steps),
            forced=tuple(forced),
            log=tuple(log),
        )

    def plain(self, text: str) -> str:
        """Draft text with forced words as they were written."""
        return "".join(word.surface if (word := self.word(c)) else c for c in text)
