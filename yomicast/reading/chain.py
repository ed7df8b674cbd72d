"""The chain: named steps in order, each turning what is written into what is said.

The order matters: an author's ruby and lexicon win over every rule; addresses go before signs are taken apart; dates and
times before ranges and fractions (12/31 is no fraction, 9:05 no ratio); units and counters need their numbers whole;
the shipped lexicon goes before Latin rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from yomicast.model import Ruby
from yomicast.reading import frontend, latin, numbers, symbols
from yomicast.reading.draft import Draft, Edit, Forced
from yomicast.reading.lexicon import Matcher, starter
from yomicast.reading.sounds import katakana, spoken
from yomicast.settings import LexiconEntry

Step: TypeAlias = Callable[[Draft], Iterable[Edit]]

BEFORE_LEXICON: tuple[tuple[str, Step], ...] = (
    ("unreadable", symbols.unreadable),
    ("compatibility", symbols.compatibility),
    ("addresses", latin.addresses),
    ("marks", symbols.marks),
    ("pictures", symbols.pictures),
    ("money", numbers.money),
    ("natives", numbers.natives),
    ("floors", numbers.floors),
    ("numbered", latin.numbered),
    ("files", latin.files),
)
STEPS: tuple[tuple[str, Step], ...] = (
    ("dates", numbers.dates),
    ("weekdays", numbers.weekdays),
    ("times", numbers.times),
    ("codes", numbers.codes),
    ("versions", numbers.versions),
    ("averages", numbers.averages),
    ("magnitudes", numbers.magnitudes),
    ("commas", numbers.commas),
    ("percents", numbers.percents),
    ("units", numbers.units),
    ("spans", numbers.spans),
    ("plus-minus", numbers.plus_minus),
    ("fractions", numbers.fractions),
    ("ranges", numbers.ranges),
    ("superscripts", symbols.superscripts),
    ("roman", latin.roman),
    ("phrases", latin.phrases),
    ("latin", latin.words),
    ("signs", symbols.signs),
)
"""Rewriting steps after the lexicon, in order."""


def draft(text: str, rubies: Sequence[Ruby] = (), entries: Sequence[LexiconEntry] = ()) -> Draft:
    """The line after every rewriting step, ready for the front end."""
    one = Draft.of(text)
    one = one.edited((Edit(r.start, r.end, "", _said(text, r)) for r in _ruby(rubies, len(text))), "ruby")
    for name, step in BEFORE_LEXICON:
        one = one.edited(_outside_words(one, step), name)
    one = one.edited(lexicon(one, tuple(entries)), "lexicon")
    for name, step in STEPS:
        one = one.edited(_outside_words(one, step), name)
    return one


def _outside_words(one: Draft, step: Step) -> Iterable[Edit]:
    """Edits that touch no decided word."""
    for edit in step(one):
        if not any(one.word(c) for c in one.text[edit.start : edit.end]):
            yield edit


def _ruby(rubies: Sequence[Ruby], size: int) -> list[Ruby]:
    """Rubies with a readable kana reading, in order, without overlaps."""
    good: list[Ruby] = []
    for ruby in sorted(rubies, key=lambda r: r.start):
        fits = 0 <= ruby.start < ruby.end <= size and (not good or good[-1].end <= ruby.start)
        if fits and _kana_only(ruby.reading):
            good.append(ruby)
    return good


def _kana_only(reading: str) -> bool:
    text = katakana(reading.strip())
    return bool(text) and all("ァ" <= c <= "ヶ" or c in "ー・ 　" for c in text)


def _said(text: str, ruby: Ruby) -> Forced:
    plain = "".join(c for c in katakana(ruby.reading) if "ァ" <= c <= "ヶ" or c == "ー")
    surface = text[ruby.start : ruby.end]
    return Forced(surface=surface, pron=spoken(plain), accent=None, step="ruby", natural=_is_japanese(surface))


def _is_japanese(surface: str) -> bool:
    return bool(surface) and all("ぁ" <= c <= "ヿ" or "一" <= c <= "鿿" or c in "々〆ヶ" for c in surface)


@lru_cache(maxsize=8)
def _matcher(entries: tuple[LexiconEntry, ...]) -> Matcher:
    return Matcher((*entries, *starter()))


def lexicon(one: Draft, entries: tuple[LexiconEntry, ...]) -> Iterable[Edit]:
    """The author's and the shipped lexicon, the longest word first. Shipped units are left to the step `units`."""
    matcher = _matcher(entries)
    hits = matcher.find(one.text)
    if any(hit.word_class not in ("", "単位") or _is_japanese(hit.word) for _, _, hit in hits):
        hits = matcher.find(one.text, frontend.words(Draft.of(one.text)))
    for start, end, hit in hits:
        if hit.scope == "starter" and hit.word_class == "単位":
            continue
        surface = one.text[start:end]
        forced = Forced(
            surface=surface,
            pron=hit.reading,
            accent=hit.accent,
            step=f"lexicon:{hit.scope}",
            natural=_is_japanese(surface),
        )
        yield Edit(start, end, "", forced)
