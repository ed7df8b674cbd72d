"""Readings, resolved once, lowered to what each engine takes: kana text, AquesTalk-like accent phrases. Pure.

The notation is VOICEVOX's (voicevox_engine, README, AquesTalk 風記法): katakana only, phrases parted by `/` or, with a
rest, by `、`; `'` after the mora from which pitch falls, exactly once a phrase; `_` before a devoiced mora; `？` at the
end of a phrase that asks. It has no long-vowel mark: ー becomes the vowel before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from yomicast.model import Line, Word
from yomicast.patterns import expression

PAIRS = frozenset(
    base + small
    for bases, smalls in (
        ("イ", "ェ"), ("ウ", "ィゥェォ"), ("キギニヒビピミリ", "ィェャュョ"), ("クグ", "ァィゥェォヮ"),
        ("シジチヂ", "ェャュョ"), ("スズ", "ィ"), ("ツ", "ァィェォ"), ("テデ", "ィェャュョ"), ("トド", "ゥ"),
        ("フ", "ァィェォ"), ("ヴ", "ァィェォャュョ"),
    )
    for base in bases
    for small in smalls
)  # fmt: skip
"""Morae of two characters that the notation knows; any other character stands alone."""

MORA = expression("(?:" + "|".join(sorted(PAIRS)) + r"|[ァ-ヶ]|ー)’?")
OWN_MORA = expression(r"(?:[ァ-ヶ][ァィゥェォャュョヮ]?|ー)’?")
"""A mora as the front end counts them for accents: a small kana always belongs to the one before."""

_VOWELS = {
    "ア": "アァカガサザタダナハバパマヤャラワヮ",
    "イ": "イィキギシジチヂニヒビピミリヰ",
    "ウ": "ウゥクグスズツヅヌフブプムユュルヴ",
    "エ": "エェケゲセゼテデネヘベペメレヱヶ",
    "オ": "オォコゴソゾトドノホボポモヨョロヲ",
}
VOWEL = {kana: vowel for vowel, row in _VOWELS.items() for kana in row}


@dataclass(frozen=True, slots=True)
class Phrase:
    """An accent phrase: its morae as the notation writes them (`_ス`), each with the number of its word.

    `accent`: the mora after which pitch falls, counted from 1 (a flat phrase: its last). `rest`: silence follows.
    """

    morae: tuple[str, ...]
    owners: tuple[int, ...]
    accent: int
    rest: bool = False
    asks: bool = False

    def __str__(self) -> str:
        text = "".join(mora + ("'" if n == self.accent else "") for n, mora in enumerate(self.morae, 1))
        return text + ("？" if self.asks else "")


def phrases(words: Sequence[Word]) -> list[Phrase]:
    """The accent phrases of a line; signs part them."""
    found: list[Phrase] = []
    group: list[int] = []
    for n, word in enumerate(words):
        if word.pron and word.chained and group:
            group.append(n)
            continue
        if word.pron or word.sign:
            found += _phrase(words, group)
            group = [n] if word.pron else []
        if word.sign and found:
            found[-1] = _closed(found[-1], asks=word.sign == "？")
    found += _phrase(words, group)
    return found


def _closed(phrase: Phrase, *, asks: bool) -> Phrase:
    return Phrase(phrase.morae, phrase.owners, phrase.accent, rest=True, asks=phrase.asks or asks)


def _phrase(words: Sequence[Word], group: Sequence[int]) -> Iterator[Phrase]:
    """The phrase that these words make; none when they hold no kana."""
    morae: list[str] = []
    owners: list[int] = []
    ends: list[int] = []  # for each mora as the accent counts them: how many of ours have passed
    for n in group:
        for own in OWN_MORA.findall(words[n].pron):
            for mora in MORA.findall(own):
                morae.append(_written(mora, morae[-1] if morae else ""))
                owners.append(n)
            ends.append(len(morae))
    if morae:
        accent = words[group[0]].accent
        fall = ends[accent - 1] if 0 < accent <= len(ends) else len(morae)
        yield Phrase(tuple(morae), tuple(owners), fall, asks=any(words[n].rising for n in group))


def _written(mora: str, before: str) -> str:
    """A mora without the marks that the notation lacks."""
    kana = mora.rstrip("’")
    if kana == "ー":
        return VOWEL.get(before[-1:], "ッ" if before.endswith("ッ") else "ン" if before.endswith("ン") else "ア")
    return f"_{kana}" if mora.endswith("’") and kana[-1] in VOWEL else kana


def aquestalk(found: Sequence[Phrase]) -> str:
    """Phrases in the notation; a rest or a question at the very end of the line needs no delimiter."""
    parts: list[str] = []
    for n, phrase in enumerate(found):
        parts.append(str(phrase))
        if n + 1 < len(found):
            parts.append("、" if phrase.rest else "/")
    return "".join(parts)


def kana_text(words: Iterable[Word]) -> str:
    """Words as plain katakana with the signs that make a voice rest."""
    return "".join(word.kana or word.sign for word in words).strip("、")


def corrected_text(line: Line) -> str:
    """The text as written, but kana where a reading was decided by anything other than the front end."""
    if not line.words:
        return line.spoken
    parts: list[str] = []
    at = line.words[0].start
    for (start, end), group in groupby(line.words, key=lambda word: (word.start, word.end)):
        words = list(group)
        parts.append(line.spoken[at:start])
        plain = all(word.step == "front-end" for word in words)
        parts.append(line.spoken[start:end] if plain else "".join(word.kana or word.surface for word in words))
        at = end
    return "".join(parts)


def said(line: Line, reading: str) -> str:
    """What a text engine is handed: `text` as written, `corrected`, or all `kana`; control characters apart."""
    text = line.spoken
    if line.words and reading == "kana":
        text = kana_text(line.words)
    elif line.words and reading == "corrected":
        text = corrected_text(line)
    return "".join(" " if ord(character) < 32 or 0xD800 <= ord(character) < 0xE000 else character for character in text)
