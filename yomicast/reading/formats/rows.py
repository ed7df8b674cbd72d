"""What the readers of foreign dictionaries give: rows, and rows that are no readings."""

from __future__ import annotations

from dataclasses import dataclass

from yomicast.model import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A word and its reading as the file has them; not checked yet."""

    word: str
    reading: str
    line: int
    accent: int | None = None
    word_class: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A row that is no reading, and why."""

    line: int
    why: Message
