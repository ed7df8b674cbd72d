"""Cues -> transcript segments: short enough to read at a glance, times from the timeline, shared by every timed form.

Pure. Breaks follow Japanese typesetting (JIS X 4051, kinsoku): after punctuation first, then between phrases (kana
before kanji, katakana or Latin), never before a sign that may not begin a line, never inside a word of one script.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yomicast.model import Cue, WordTime
from yomicast.shownotes import clean

LINE = 40
"""Characters of a transcript line; two lines make a full segment. Apple and the acceptance kit allow 65."""
SEGMENT = 2 * LINE - 8
"""Characters of a segment: two lines, with some room to choose the break."""
_STOPS, _COMMAS = "。！？!?", "、，,：；;:"
_CLOSERS = "」』）)】》〉］]}”’"
_OPENERS = "「『（(【《〈［[{“‘"
_NOT_FIRST = _STOPS + _COMMAS + _CLOSERS + "ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞ・…‥.%％"
_PLAIN = str.maketrans({"&": "＆", "<": "＜", ">": "＞"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of one cue in programme time (ms), one or two lines long. `words`: (start, end, text) where known."""

    start: int
    end: int
    text: str
    speaker: str
    block: int
    role: str
    words: tuple[tuple[int, int, str], ...] = ()

    @property
    def lines(self) -> list[str]:
        """The text in lines of at most `LINE` characters."""
        return pieces(self.text, LINE)


def plain(text: str) -> str:
    """Text as every transcript prints it: clean, & < > in full width, since players disagree whether to unescape."""
    return clean(text).translate(_PLAIN)


def segments(cues: Iterable[Cue], *, narrator: str) -> tuple[Segment, ...]:
    """All cues with something to read, in time order, never overlapping, at most `SEGMENT` characters each."""
    found: list[Segment] = []
    before = 0
    for cue in sorted(cues, key=lambda cue: (cue.start, cue.end)):
        start, end = max(before, round(cue.start * 1000)), round(cue.end * 1000)
        text = plain(cue.text)
        if text and end > start:
            found.extend(_cut(cue, text, start, end, plain(cue.speaker) or narrator))
            before = end
    return tuple(found)


def _cut(cue: Cue, text: str, start: int, end: int, speaker: str) -> Iterator[Segment]:
    """One cue as one or more segments that meet without a gap."""
    parts = pieces(text, SEGMENT)
    edges = [start, *_times(cue, text, parts, start, end), end]
    at = 0
    for part, (begin, stop) in zip(parts, itertools.pairwise(edges), strict=True):
        at = text.index(part, at)
        yield Segment(
            start=begin,
            end=stop,
            text=part,
            speaker=speaker,
            block=cue.block,
            role=cue.role,
            words=_words(cue, text, at, at + len(part)),
        )
        at += len(part)


def _times(cue: Cue, text: str, parts: Sequence[str], start: int, end: int) -> list[int]:
    """When each part but the first begins: at its first timed word, else by its share of the characters."""
    found: list[int] = []
    at = len(parts[0])
    for part in parts[1:]:
        at = text.index(part, at)
        share = start + round((end - start) * _weight(text[:at]) / max(1, _weight(text)))
        said = _start_of(cue.words, at) if cue.text == text else None
        floor = (found[-1] if found else start) + 1
        found.append(min(max(floor, share if said is None else round(said * 1000)), end - len(parts) + len(found) + 1))
        at += len(part)
    return found


def _weight(text: str) -> int:
    """How long a text sounds, in characters; a sign rests about as long as two."""
    return sum(2 if char in _STOPS + _COMMAS else 1 for char in text if char not in _CLOSERS + _OPENERS)


def _start_of(words: Sequence[WordTime], at: int) -> float | None:
    return next((word.start for word in words if word.start_char >= at), None)


def _words(cue: Cue, text: str, first: int, last: int) -> tuple[tuple[int, int, str], ...]:
    """The timed words inside text[first:last]; none when the printed text differs from the cue's."""
    if cue.text != text:
        return ()
    return tuple(
        (round(word.start * 1000), round(word.end * 1000), text[word.start_char : word.end_char])
        for word in cue.words
        if first <= word.start_char < word.end_char <= last and word.end > word.start
    )


def pieces(text: str, limit: int) -> list[str]:
    """Cut `text` into parts of at most `limit` characters at the best places, as even as they allow; only spaces at the
    cuts are lost.
    """
    left, found = text.strip(), []
    while len(left) > limit:
        at = _best_break(left, limit)
        found.append(left[:at].rstrip())
        left = left[at:].lstrip()
    return [*found, left] if left else found


def _best_break(text: str, limit: int) -> int:
    """Where to cut: the kindest place, the nearer to even parts the better; `limit` itself where there is none.

    Places that would need one part more than necessary come second.
    """
    parts = -(-len(text) // limit)
    even, least = -(-len(text) // parts), len(text) - (parts - 1) * limit
    low = max(1, limit // 4)
    tidy = [at for at in range(low, limit + 1) if text[at] not in _NOT_FIRST and text[at - 1] not in _OPENERS]
    allowed = [at for at in tidy if _between_words(text, at)]
    kept = [at for at in allowed if at >= least] or allowed or tidy
    return max(kept, key=lambda at: (_kindness(text, at) * limit / 2 - abs(at - even), at), default=limit)


def _between_words(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    return " " in (before, after) or not (_script(before) == _script(after) in ("latin", "katakana"))


def _kindness(text: str, at: int) -> float:
    """3 after a sentence, 2 after a comma or closing bracket or before an opening one, 1 between phrases, then spaces."""
    before, after = text[at - 1], text[at]
    if before in _STOPS:
        return 3.0
    if before in _COMMAS:
        return 2.0
    if before in _CLOSERS or after in _OPENERS:
        return 1.5
    if " " in (before, after):
        return 0.5
    return 1.0 if _script(before) == "hiragana" != _script(after) else 0.0


def _script(char: str) -> str:
    if char.isascii() or "０" <= char <= "ｚ":
        return "latin"
    if "ぁ" <= char <= "ゟ":
        return "hiragana"
    return "katakana" if "ァ" <= char <= "ヿ" else "kanji"
