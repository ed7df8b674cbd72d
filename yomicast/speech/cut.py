"""A line too long for an engine is cut where a reader would breathe. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from yomicast.model import Line

RESTS = "、,，。．.!?！？；;：:」』）)】…─\n"
SOFT = "はがをにでともやへの 　・"


def pieces(line: Line, longest: int, size: Callable[[Line], int]) -> list[Line]:
    """The line in pieces whose `size` is at most `longest`, cut at signs, else between phrases, else between words.

    `size` says how many characters of a piece the engine is handed. One word is never cut: a word longer than
    `longest` stays whole and the engine has the last word on it.
    """
    if size(line) <= longest:
        return [line]
    at = _middle_of_words(line) if line.words else _middle_of_text(line.spoken)
    if at is None:
        return [line]
    first, second = _parted(line, at)
    return [*pieces(first, longest, size), *pieces(second, longest, size)]


def _parted(line: Line, at: int) -> tuple[Line, Line]:
    if line.words:
        return replace(line, words=line.words[:at]), replace(line, words=line.words[at:])
    bare = replace(line, rubies=(), asides=())
    return replace(bare, spoken=line.spoken[:at]), replace(bare, spoken=line.spoken[at:])


def _middle_of_words(line: Line) -> int | None:
    words = line.words
    said = [n for n, word in enumerate(words) if word.pron]
    if not said:
        return None
    joints = [
        n
        for n in range(said[0] + 1, said[-1] + 1)
        if (words[n].start, words[n].end) != (words[n - 1].start, words[n - 1].end) and not words[n].sign
    ]
    after_sign = [n for n in joints if words[n - 1].sign]
    between_phrases = [n for n in joints if not words[n].chained]
    return _best((after_sign, between_phrases, joints), len(words))


def _middle_of_text(text: str) -> int | None:
    said = [n for n, character in enumerate(text) if character not in RESTS + SOFT]
    if not said:
        return None
    inner = range(said[0] + 1, said[-1] + 1)
    after_rest = [n for n in inner if text[n - 1] in RESTS and text[n] not in RESTS]
    after_particle = [n for n in inner if text[n - 1] in SOFT and text[n] not in RESTS]
    return _best((after_rest, after_particle, list(inner)), len(text))


def _best(choices: Iterable[Sequence[int]], length: int) -> int | None:
    """Of the first choice that has cuts, the one that leaves the two halves most alike."""
    cuts = next((cuts for cuts in choices if cuts), ())
    return min(cuts, key=lambda cut: (abs(2 * cut - length), cut), default=None)
