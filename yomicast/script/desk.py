"""The desk where a script is written: lines in the making, what was dropped, doubts, what must be declared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from yomicast.model import Article, Dropped, Edit, Line, Link, Message, Note, Place, Role, Ruby
from yomicast.patterns import expression
from yomicast.script import edits, glue, marks, parens, sentences, signs, tex
from yomicast.settings import ScriptSettings

SPEAKABLE = expression(r"[^\W_]")
WRAPPED = 15
"""A line of at least this many characters goes on in the next; a shorter one is an item of its own."""


@dataclass(slots=True)
class Desk:
    """One script in the making. `fixed`: pauses the author asked for, by line number; `parted`: a break follows."""

    article: Article
    settings: ScriptSettings
    glosses: parens.Glosses
    cuts: tuple[re.Pattern[str], ...] = ()
    voices: Collection[str] | None = None
    lines: list[Line] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    omitted: Counter[str] = field(default_factory=Counter)
    readings: list[tuple[str, str]] = field(default_factory=list)
    fixed: dict[int, float] = field(default_factory=dict)
    parted: set[int] = field(default_factory=set)
    block: int = 0

    @property
    def strict(self) -> bool:
        """Whether nothing is passed over (音訳)."""
        return self.settings.mode == "strict"

    def drop(self, text: str, reason: str, place: Place) -> None:
        """Write down text that is not spoken."""
        if text.strip():
            self.dropped.append(Dropped(text=text.strip(), reason=reason, place=place))

    def announce(self, text: str, place: Place, reason: str, *, speaker: str = "") -> None:
        """A line that the article does not have, a block of its own. Marks and markup in what it cites go."""
        self.block += 1
        marked = marks.readings(re.sub(r"\s*\n\s*", " ", text))
        quiet = edits.combined(signs.edits(marked.text))
        self.drop(marked.removed, "ruby-mark", place)
        for edit in quiet:
            self.drop(marked.text[edit.start : edit.end], edit.rule, place)
        self.links += [Link(text=url, url=url) for url in signs.addresses(marked.text)]
        shown = edits.applied(marked.text, quiet)
        self.lines.append(
            Line(
                shown=shown,
                spoken=shown,
                role="announce",
                place=place,
                pause=0.0,
                block=self.block,
                speaker=speaker,
                reason=reason,
                rubies=edits.moved(marked.rubies, quiet),
            )
        )

    def speak(
        self,
        text: str,
        place: Place,
        role: Role,
        *,
        rubies: tuple[Ruby, ...] = (),
        level: int = 0,
        speaker: str = "",
        reason: str = "",
    ) -> None:
        """The text of one block as lines: marks obeyed, cuts made, sentences parted, each said by the rules."""
        self.block += 1
        marked = marks.readings(text, rubies)
        self.drop(marked.removed, "ruby-mark", place)
        text, rubies = self._cut(*_unwrapped(marked.text, marked.rubies), place)
        voice, begin = marks.voice(text, self.voices)
        self.drop(text[:begin], "voice-mark", place)
        self.readings += [(text[r.start : r.end], r.reading) for r in rubies]
        for stretch in marks.stretches(text):
            start = max(begin, stretch.start)
            spans = [(start, stretch.end)] if level else _shifted(text[start : stretch.end], start)
            for a, b in spans:
                self._line(
                    text,
                    a,
                    b,
                    rubies,
                    Line(
                        shown="",
                        spoken="",
                        role=role,
                        place=place,
                        pause=0.0,
                        block=self.block,
                        level=level,
                        speaker=speaker,
                        voice=voice,
                        reason=reason,
                    ),
                )
            if stretch.pause is not None and self.lines:
                self.fixed[len(self.lines) - 1] = stretch.pause
                self.drop(text[stretch.end :][: _mark_length(text, stretch.end)], "pause-mark", place)

    def recite(self, text: str, place: Place, role: Role) -> None:
        """Text that is no language (code): one line a row, said as it stands."""
        self.block += 1
        for row in text.splitlines():
            if SPEAKABLE.search(row):
                self.lines.append(Line(shown=row, spoken=row, role=role, place=place, pause=0.0, block=self.block))
            else:
                self.drop(row, "code-sign", place)

    def _line(self, text: str, start: int, end: int, rubies: Sequence[Ruby], line: Line) -> None:
        shown = text[start:end].strip()
        if not shown:
            return
        start += len(text[start:end]) - len(text[start:end].lstrip())
        if line.level:
            shown, rubies = self._bare(shown, start, rubies, line.place)
            start = 0
        inside = [
            Ruby(start=r.start - start, end=r.end - start, reading=r.reading)
            for r in rubies
            if r.start >= start and r.end <= start + len(shown)
        ]
        made, glosses = self._edits(shown, line, inside)
        spoken = edits.applied(shown, made)
        if not SPEAKABLE.search(spoken):
            self.drop(shown, made[0].rule if made else "ornament", line.place)
            self.links += [Link(text=url, url=url) for url in signs.addresses(shown)]
            return
        self.links += [Link(text=url, url=url) for url in signs.addresses(shown)]
        own = sorted((*inside, *glosses), key=lambda r: r.start)
        self.lines.append(
            replace(
                line,
                shown=shown,
                spoken=spoken,
                rubies=edits.moved(own, made),
                edits=made,
                asides=edits.stretches(made, parens.SUPPLEMENT),
            )
        )

    def _bare(self, shown: str, start: int, rubies: Sequence[Ruby], place: Place) -> tuple[str, Sequence[Ruby]]:
        """A heading without silent signs: chapter title and spoken words are one, character by character."""
        own = [Ruby(start=r.start - start, end=r.end - start, reading=r.reading) for r in rubies if r.start >= start]
        quiet = tuple(edit for edit in edits.combined(signs.edits(shown)) if not edit.spoken)
        for edit in quiet:
            self.drop(shown[edit.start : edit.end], edit.rule, place)
        bare = edits.applied(shown, quiet)
        moved = edits.moved(own, quiet)
        lead = len(bare) - len(bare.lstrip())
        return bare.strip(), [Ruby(start=r.start - lead, end=r.end - lead, reading=r.reading) for r in moved]

    def _edits(self, shown: str, line: Line, rubies: Sequence[Ruby]) -> tuple[tuple[Edit, ...], list[Ruby]]:
        said = _said(shown, self.settings.say)
        if line.level:
            return edits.combined(said), []
        quiet = signs.edits(shown)
        gaps = [Edit(start=m.start(), end=m.end(), spoken="、", rule="line-rest") for m in re.finditer("\u2003", shown)]
        rests = [Edit(start=at, end=at, spoken="、", rule="list-rest") for at in glue.rests(shown)]
        for _, around in glue.doubts(shown):
            self.notes.append(
                Note(
                    slug="glued-list",
                    text=Message(
                        f"a separator may be lost in '{around}'", f"「{around}」は区切りが失われているかもしれません"
                    ),
                    place=line.place,
                )
            )
        brackets, glosses = parens.edits(shown, self.glosses)
        taken = {(r.start, r.end) for r in rubies}
        fresh = [r for r in glosses if (r.start, r.end) not in taken]
        return edits.combined(said, quiet, tex.edits(shown), gaps, rests, _beside(rests, brackets)), fresh

    def _cut(self, text: str, rubies: tuple[Ruby, ...], place: Place) -> tuple[str, tuple[Ruby, ...]]:
        """`text` without what the author's `cut` patterns match."""
        for pattern in self.cuts:
            gone = [
                Edit(start=m.start(), end=m.end(), spoken="", rule="cut")
                for m in pattern.finditer(text)
                if m.end() > m.start()
            ]
            for edit in gone:
                self.drop(text[edit.start : edit.end], "cut", place)
            text, rubies = edits.applied(text, gone), edits.moved(rubies, tuple(gone))
        return text, rubies


def _said(shown: str, table: Mapping[str, str]) -> list[Edit]:
    """The author's `say` entries, longest first."""
    keys = sorted(filter(None, table), key=lambda key: (-len(key), key))
    layers = [
        [Edit(start=m.start(), end=m.end(), spoken=table[key], rule="say") for m in re.finditer(re.escape(key), shown)]
        for key in keys
    ]
    return list(edits.combined(*layers))


def _beside(rests: Sequence[Edit], brackets: Sequence[Edit]) -> list[Edit]:
    """The edits of brackets without the rests that stand beside them anyway."""
    at = {rest.start for rest in rests}
    return [replace(edit, spoken=edit.spoken.removesuffix("、")) if edit.end in at else edit for edit in brackets]


def _unwrapped(text: str, rubies: tuple[Ruby, ...]) -> tuple[str, tuple[Ruby, ...]]:
    """`text` on one line: a line end inside a sentence vanishes between Japanese, is a space between words.

    A short line without a stop is an item of its own (an address, a verse): its end becomes an em space, read as a rest.
    """
    found = []
    for match in re.finditer(r"(?<![ \t\r　])[ \t\r　]*+\n\s*", text):
        before, after = text[: match.start()], text[match.end() :]
        row = before.rsplit("\n", 1)[-1]
        wide = bool(before) and bool(after) and (ord(before[-1]) > 0x2E7F or ord(after[0]) > 0x2E7F)
        short = len(row) < WRAPPED and before[-1:] not in tuple("、。，．！？!?」』）)") and bool(after)
        found.append(
            Edit(
                start=match.start(),
                end=match.end(),
                spoken="\u2003" if short and wide else "" if wide else " ",
                rule="line-end",
            )
        )
    return (edits.applied(text, found), edits.moved(rubies, tuple(found))) if found else (text, rubies)


def _shifted(text: str, start: int) -> list[tuple[int, int]]:
    return [(a + start, b + start) for a, b in sentences.split(text)]


def _mark_length(text: str, at: int) -> int:
    match = marks.PAUSE.match(text, at)
    return len(match[0]) if match else 0
