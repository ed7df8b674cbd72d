"""The room's door: lines in, words out; what they sound like as kana and as a line of accent phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yomicast.model import Ruby, Script, Word
from yomicast.reading import accent, chain, corrections, counters, frontend
from yomicast.reading.draft import Draft
from yomicast.reading.frontend import Token
from yomicast.reading.kana import morae
from yomicast.settings import LexiconEntry


def read(script: Script, entries: Sequence[LexiconEntry] = ()) -> Script:
    """The script with `words` on every line. What is shown is not touched."""
    lines = tuple(replace(line, words=words(line.spoken, line.rubies, entries)) for line in script.lines)
    return replace(script, lines=lines)


def words(text: str, rubies: Sequence[Ruby] = (), entries: Sequence[LexiconEntry] = ()) -> tuple[Word, ...]:
    """How a line is spoken, word by word; `start` and `end` count characters of `text`."""
    return tuple(token.word for token in accent.phrased(_analysed(text, rubies, entries)[1]))


def unphrased(text: str) -> list[Token]:
    """The tokens of a line as they go to `accent`, for training."""
    return _analysed(text, (), ())[1]


def _analysed(
    text: str, rubies: Sequence[Ruby], entries: Sequence[LexiconEntry]
) -> tuple[Draft, list[Token]]:
    draft = chain.draft(text, rubies, entries)
    tokens = frontend.tokens(draft)
    better = corrections.corrected(draft, tokens)
    if better is not draft:
        draft, tokens = better, frontend.tokens(better)
    return draft, counters.adjust(tokens, text)


def kana(words: Sequence[Word]) -> str:
    """What is really spoken, in katakana; rests as 、 ？ ！."""
    return "".join(word.sign or word.kana for word in words)


def prosody(words: Sequence[Word]) -> str:
    """Accent phrases as a line: `^ミ[ズヲ#マ[レ]ーシアカラ…$`.

    `#` phrase edge, `_` rest, `[` rise, `]` fall after the accented mora (not written at a phrase's end), `?` final rise
    (Kurihara et al. 2021).
    """
    parts: list[str] = []
    pause = False
    for phrase, rest in phrases(words):
        if parts:
            parts.append("_" if pause else "#")
        parts.append(_phrase(phrase))
        pause = rest
    rising = any(word.rising for word in words[-3:])
    return f"^{''.join(parts)}{'?' if rising else ''}$"


def phrases(words: Sequence[Word]) -> list[tuple[list[Word], bool]]:
    """Accent phrases in order, each with whether a rest follows it."""
    found: list[tuple[list[Word], bool]] = []
    for word in words:
        if word.sign and found:
            found[-1] = (found[-1][0], True)
        elif word.pron and (not word.chained or not found or found[-1][1]):
            found.append(([word], False))
        elif word.pron:
            found[-1][0].append(word)
    return found


def _phrase(phrase: Sequence[Word]) -> str:
    sounds = morae("".join(word.pron for word in phrase))
    accent = phrase[0].accent if phrase[0].accent < len(sounds) else 0
    out = sounds[:1]
    if accent == 1:
        out.append("]")
    elif len(sounds) > 1:
        out.append("[")
    for number, mora in enumerate(sounds[1:], 2):
        out.append(mora)
        if number == accent:
            out.append("]")
    return "".join(out)
