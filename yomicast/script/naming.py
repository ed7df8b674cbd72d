"""One name for each speaker: the short one where the text calls them by it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yomicast.model import Quote
from yomicast.script import people
from yomicast.script.sayings import CALLED, NAME_LETTER


def one_name_each(found: Sequence[Quote], text: str) -> list[Quote]:
    """堂本昭一 is 堂本 where the text calls him 堂本さん as well, unless two have that family name."""
    names = {quote.speaker for quote in found}
    called = _called(text)
    short: dict[str, str] = {}
    for name in names:
        for size in range(1, len(name) if people.is_own_name(name) else 0):
            family = name[:size]
            if family in called and not any(other.startswith(family) for other in names - {name, family}):
                short[name] = family
                break
    return [replace(quote, speaker=short.get(quote.speaker, quote.speaker)) for quote in found]


def _called(text: str) -> set[str]:
    """What may be the name before each さん or title, of up to seven letters and nothing in the middle of a word."""
    found: set[str] = set()
    for match in CALLED.finditer(text):
        at = match.start()
        found |= {text[n:at] for n in range(max(0, at - 7), at) if n == 0 or not NAME_LETTER.match(text[n - 1])}
    return found
