"""Regular expressions that are compiled when they are first asked: of all the ways to say who speaks, an article has few."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from yomicast.patterns import expression


class Wording:
    """A pattern with the methods of `re.Pattern` that the rules of this room use."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source, self._flags = source, flags

    @cached_property
    def made(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return expression(self._source, self._flags)

    def match(self, text: str, pos: int = 0) -> re.Match[str] | None:
        """As `re.Pattern.match`."""
        return self.made.match(text, pos)

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self.made.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        return self.made.finditer(text)

    def sub(self, new: str, text: str, count: int = 0) -> str:
        """As `re.Pattern.sub`."""
        return self.made.sub(new, text, count)
