"""When each phoneme, mora and word sounds, counted in samples: exact, since the engine itself set the lengths."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yomicast.model import Word, WordTime
from yomicast.patterns import expression
from yomicast.speech.hts.trees import Ints

SILENCES: Final = frozenset({"sil", "pau"})
NUCLEI: Final = frozenset("aiueoAIUEO") | {"N", "cl"}
"""Phonemes that end a mora."""
_MORA: Final = expression(r"[ァ-ヴ][ァィゥェォャュョヮ]*|ー")
_PHONE: Final = expression(r"-([^+]*)\+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A phoneme and where it sounds: samples `start` to `end` of its utterance."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mora:
    """A mora (`names`: its phonemes) or a pause, and where it sounds, in samples."""

    names: tuple[str, ...]
    start: int
    end: int

    @property
    def vowel(self) -> str:
        """`a` `i` `u` `e` `o` `N` `cl`, voiced or not; empty for a pause."""
        last = self.names[-1]
        return "" if last in SILENCES else last if last in ("N", "cl") else last.lower()


def phones(labels: Sequence[str], frames: Ints, states: int, period: int) -> tuple[Phone, ...]:
    """The phonemes of an utterance; they follow each other without gap from 0 to its last sample.

    Args:
        labels: full-context labels.
        frames: frames of each state.
        states: states a label.
        period: samples a frame.
    """
    if not labels:
        return ()
    ends = (frames.reshape(len(labels), states).sum(axis=1).cumsum() * period).tolist()
    named = [found[1] if (found := _PHONE.search(label)) else label for label in labels]
    return tuple(
        Phone(name=name, start=start, end=end) for name, start, end in zip(named, [0, *ends[:-1]], ends, strict=True)
    )


def moras(spoken: Sequence[Phone]) -> tuple[Mora, ...]:
    """Phonemes gathered into moras; each silence stands alone. They fill the utterance as the phonemes do."""
    gathered: list[Mora] = []
    open_: list[Phone] = []
    for n, phone in enumerate(spoken):
        open_.append(phone)
        last = n + 1 == len(spoken)
        if phone.name in NUCLEI | SILENCES or last or spoken[n + 1].name in SILENCES:
            gathered.append(Mora(names=tuple(p.name for p in open_), start=open_[0].start, end=phone.end))
            open_ = []
    return tuple(gathered)


def kana_vowels(pron: str, before: str = "a") -> list[str]:
    """The vowel of each mora of a pronunciation in katakana: `a` … `o`, `N` for ン, `cl` for ッ.

    `before`: the vowel that a leading ー prolongs.
    """
    vowels: list[str] = []
    for mora in _MORA.findall(pron):
        if mora == "ー":
            vowels.append(vowels[-1] if vowels else before)
        elif mora in ("ン", "ッ"):
            vowels.append("N" if mora == "ン" else "cl")
        else:
            vowels.append(unicodedata.name(mora[-1]).rsplit(" ", 1)[1][-1].lower())
    return vowels


def word_spans(words: Sequence[Word], sung: Sequence[Mora]) -> list[tuple[int, int] | None]:
    """For each word the moras it is spoken with, first and one past the last; None for what is silent.

    Words and labels normally hold the same moras. Where the front end made another number of them, both sides are
    aligned by their vowels and a word takes what lies between its neighbours.
    """
    heard = [n for n, mora in enumerate(sung) if mora.vowel]
    vowels: list[list[str]] = []
    for word in words:
        vowels.append(kana_vowels(word.kana, next((row[-1] for row in reversed(vowels) if row), "a")))
    said = [vowel for row in vowels for vowel in row]
    place = _aligned(said, [sung[n].vowel for n in heard])
    spans: list[tuple[int, int] | None] = []
    at = 0
    for row in vowels:
        first, last = place[at], place[at + len(row)]
        at += len(row)
        spans.append((heard[first], heard[last - 1] + 1) if last > first else None)
    return spans


def _aligned(said: Sequence[str], heard: Sequence[str]) -> list[int]:
    """For each boundary between said moras, the boundary between heard ones."""
    if len(said) == len(heard):
        return list(range(len(said) + 1))
    place = [0] * (len(said) + 1)
    for _, i1, i2, j1, j2 in difflib.SequenceMatcher(None, said, heard, autojunk=False).get_opcodes():
        for n in range(i1, i2 + 1):
            place[n] = j1 + (n - i1) * (j2 - j1) // max(1, i2 - i1)
    place[-1] = len(heard)
    return place


def word_times(words: Sequence[Word], spoken: Sequence[Phone], rate: int, *, shift: int = 0) -> tuple[WordTime, ...]:
    """When each word sounds; silent signs have no time.

    Args:
        words: the words whose labels were spoken, in order.
        spoken: their phonemes.
        rate: Hz.
        shift: samples to add, negative when the beginning of the sound was cut away.
    """
    sung = moras(spoken)
    return tuple(
        WordTime(
            start=max(0, sung[span[0]].start + shift) / rate,
            end=max(0, sung[span[1] - 1].end + shift) / rate,
            start_char=word.start,
            end_char=word.end,
        )
        for word, span in zip(words, word_spans(words, sung), strict=True)
        if span is not None
    )


def spread(words: Sequence[Word], labels: Sequence[str], values: Sequence[float], neutral: float) -> tuple[float, ...]:
    """A value a word, handed to each label the word is spoken with; `neutral` in silences. For pitch and length."""
    bare = [
        Phone(name=found[1] if (found := _PHONE.search(label)) else label, start=n, end=n + 1)
        for n, label in enumerate(labels)
    ]
    sung = moras(bare)
    row = [neutral] * len(labels)
    for value, span in zip(values, word_spans(words, sung), strict=True):
        for mora in sung[span[0] : span[1]] if span else ():
            row[mora.start : mora.end] = [value] * (mora.end - mora.start)
    return tuple(row)
