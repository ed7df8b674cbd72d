"""A run of inline text in the making: white space, line breaks, readings, links and bold kept apart from the words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from yomicast.article import marks
from yomicast.model import Ruby
from yomicast.patterns import expression

BREAK = "\v"
"""Stands for a forced line break inside a run."""
INVISIBLE = expression(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")
BLANK = expression(r"[ \t\n\r\f\u00a0]+")
LETTERS = 4
"""Letters of a word whose readings may be set one by one."""
WIDE = expression(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    linked: bool
    strong: bool
    reading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A finished run. `linked` and `strong`: shares 0..1 of its characters. `indented`: began with a wide space.
    `lead`: characters at its beginning that are bold while what follows is not.
    """

    text: str
    rubies: tuple[Ruby, ...] = ()
    linked: float = 0.0
    strong: float = 0.0
    indented: bool = False
    lead: int = 0
    line: int | None = None


@dataclass(slots=True)
class Run:
    """Collects inline text; `lines()` gives it cut at forced breaks."""

    parts: list[_Part] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    line: int | None = None

    def __bool__(self) -> bool:
        return any(not part.text.isspace() for part in self.parts)

    def add(self, text: str, *, linked: bool = False, strong: bool = False, plain: bool = False) -> None:
        """Add text as written; reading marks in it are taken as readings unless `plain`."""
        text = INVISIBLE.sub("", text).replace(BREAK, " ")
        if not text:
            return
        if plain:
            self.parts.append(_Part(text, linked, strong))
            return
        clean, found, gone = marks.rubies(text)
        if gone:
            self.removed.append(gone)
        at = 0
        for ruby in found:
            self.parts.append(_Part(clean[at : ruby.start], linked, strong))
            self.parts.append(_Part(clean[ruby.start : ruby.end], linked, strong, ruby.reading))
            at = ruby.end
        self.parts.append(_Part(clean[at:], linked, strong))

    def ruby(self, base: str, reading: str, *, linked: bool = False, strong: bool = False) -> None:
        """Add a word with its reading."""
        self.parts.append(_Part(INVISIBLE.sub("", base), linked, strong, INVISIBLE.sub("", reading)))

    def cut(self, line: int | None = None) -> None:
        """Add a forced line break; `line`: where the next line of text stands in the source."""
        self.parts.append(_Part(BREAK, False, False, str(line or "")))

    def part(self, line: int | None = None) -> None:
        """Begin a new line unless one has just begun."""
        if self.parts and self.parts[-1].text != BREAK:
            self.cut(line)

    def lines(self) -> list[Text]:
        """The run cut at forced breaks; empty lines stay, as they part paragraphs."""
        groups: list[tuple[int | None, list[_Part]]] = [(self.line, [])]
        for part in self.parts:
            if part.text == BREAK:
                groups.append((int(part.reading) if part.reading else groups[-1][0], []))
            else:
                groups[-1][1].append(part)
        return [replace(_finished(group), line=line) for line, group in groups]

    def whole(self) -> Text:
        """The run on one line."""
        parts = [part if part.text != BREAK else _Part("\n", False, False) for part in self.parts]
        return replace(_finished(parts), line=self.line)


def _finished(parts: list[_Part]) -> Text:
    """Collapse white space (a line end between two wide characters vanishes) and count shares."""
    text = ""
    rubies: list[Ruby] = []
    linked = strong = total = lead = 0
    pending = ""
    for part in parts:
        for chunk in re.findall(r"[ \t\n\r\f\u00a0]+|[^ \t\n\r\f\u00a0]+", part.text):
            if BLANK.fullmatch(chunk):
                pending += chunk
                continue
            if pending and text:
                text += _space(pending, text[-1], chunk[0])
            if not text:
                chunk = chunk.lstrip("　") if not part.reading else chunk  # noqa: PLW2901 indentation is layout
            pending = ""
            start = len(text)
            text += chunk
            total += len(chunk)
            linked += len(chunk) * part.linked
            strong += len(chunk) * part.strong
            lead = len(text) if part.strong and strong == total else lead
            if part.reading:
                rubies.append(Ruby(start=start, end=len(text), reading=re.sub(r"[\s　]+", "", part.reading)))
    stripped = text.rstrip("　 ")
    return Text(
        text=stripped,
        rubies=_by_word([ruby for ruby in rubies if ruby.end <= len(stripped)]),
        linked=linked / total if total else 0.0,
        strong=strong / total if total else 0.0,
        lead=lead if lead < len(stripped) else 0,
        indented="".join(part.text for part in parts[:3]).lstrip(" \t\r\n\u00a0").startswith("　"),
    )


def _by_word(rubies: list[Ruby]) -> tuple[Ruby, ...]:
    """Readings set letter by letter (鵜飼 with う and かい) as their word's; one on two letters is a word's already."""
    words: list[Ruby] = []
    lettered = False
    for ruby in rubies:
        before = words[-1] if words else None
        single = ruby.end - ruby.start == 1
        if before and lettered and single and before.end == ruby.start and before.end - before.start < LETTERS:
            words[-1] = Ruby(start=before.start, end=ruby.end, reading=before.reading + ruby.reading)
        else:
            words.append(ruby)
            lettered = single
    return tuple(words)


def _space(blank: str, before: str, after: str) -> str:
    if "\n" in blank or "\r" in blank:
        return "" if WIDE.match(before) or WIDE.match(after) else " "
    return " "


def joined(first: Text, second: Text, between: str = "") -> Text:
    """Two runs as one."""
    shift = len(first.text) + len(between)
    moved = tuple(Ruby(start=r.start + shift, end=r.end + shift, reading=r.reading) for r in second.rubies)
    size = max(1, len(first.text) + len(second.text))
    return Text(
        text=first.text + between + second.text,
        rubies=first.rubies + moved,
        linked=(first.linked * len(first.text) + second.linked * len(second.text)) / size,
        strong=(first.strong * len(first.text) + second.strong * len(second.text)) / size,
        indented=first.indented,
        lead=first.lead,
        line=first.line,
    )
