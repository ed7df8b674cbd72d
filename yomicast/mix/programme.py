"""The mixed programme: sound and timetable in one value, rendered in blocks when asked for."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from yomicast.mix import shape, voice
from yomicast.mix.music import Track
from yomicast.mix.scale import Rows, Scale
from yomicast.mix.timeline import Chapter, Slot, Timeline, within
from yomicast.model import Cue, Mark, Note, Samples, Spoken, Voice

RATE = 48_000
BLOCK = 2 * RATE
"""Short enough that all steps of a block stay in the processor's cache."""
VERSION = 3
"""Part of every chapter's key: raise it when the same ingredients sound different."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strip:
    """Music as it runs in the mix: gain in dB against speech where it has room and under speech, fades in frames."""

    track: Track
    high: float
    low: float
    fade_in: int
    fade_out: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mixed:
    """A `model.Programme`. Every chapter is computed in its own frames, so its sound does not depend on its place.

    `pieces`: the strip of each kind of piece; `beds`: the strip under each chapter, or None; `remarks`: notes on the
    author's settings. `balances` and `gains` remember what was measured while rendering: of each chapter rendered
    whole, and of each line.
    """

    title: str
    channels: int
    timeline: Timeline
    spoken: Sequence[Spoken]
    cues: tuple[Cue, ...]
    pieces: Mapping[str, Strip]
    beds: Sequence[Strip | None]
    voices: Mapping[str, Voice] = field(default_factory=dict)
    remarks: tuple[Note, ...] = ()
    balances: dict[int, Rows] = field(default_factory=dict)
    gains: dict[int, float] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a person should know of the music."""
        strips = [*self.pieces.values(), *(bed for bed in self.beds if bed)]
        return tuple(dict.fromkeys((*self.remarks, *(note for strip in strips for note in strip.track.notes))))

    @property
    def rate(self) -> int:
        """48 000."""
        return RATE

    @property
    def frames(self) -> int:
        """Length."""
        return self.timeline.frames

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Chapters and sub-chapters."""
        return self.timeline.marks

    @property
    def seams(self) -> tuple[int, ...]:
        """Where chapters may be encoded apart."""
        return self.timeline.seams

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[Samples]:
        """The mix from `start` to `stop`, in blocks of at most two seconds that never cross a seam.

        Each channel lies in one piece of memory: the view is (frames, channels), the store (channels, frames).
        A chapter rendered whole for the first time is weighed on the way (`balances`).
        """
        stop = self.frames if stop is None else min(stop, self.frames)
        for chapter in self.timeline.chapters:
            first, last = max(start, chapter.start), min(stop, chapter.start + chapter.frames)
            whole = last - first == chapter.frames and chapter.number not in self.balances
            scale = Scale(chapter) if whole else None
            for speech, music in self.stems(first, last) if first < last else ():
                if scale:
                    scale.weigh(speech, music)
                yield np.add(speech, music, out=speech)
            if scale:
                self.balances[chapter.number] = scale.rows()

    def stems(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[Samples, Samples]]:
        """Speech and music apart, same blocks as `blocks`."""
        stop = self.frames if stop is None else min(stop, self.frames)
        lines = _Lines(self)
        for chapter in self.timeline.chapters:
            first, last = max(start - chapter.start, 0), min(stop - chapter.start, chapter.frames)
            if first >= last:
                continue
            points = shape.duck_points(_speech(chapter))
            for at in range(first // BLOCK * BLOCK, last, BLOCK):
                end = min(at + BLOCK, chapter.frames)
                speech = self._speech(chapter, lines, at, end)
                music = self._music(chapter, points, at, end)
                cut = slice(max(first - at, 0), min(last, end) - at)
                yield speech[cut], music[cut]

    def key(self, start: int, stop: int) -> str:
        """A hash of all that makes the sound between two seams; the same key, the same samples."""
        parts: list[object] = [VERSION, voice.SPEECH, self.channels]
        parts += [self._ingredients(chapter) for chapter in self.timeline.chapters if start <= chapter.start < stop]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _ingredients(self, chapter: Chapter) -> list[object]:
        strips: list[tuple[str, int, int, Strip]] = [
            (piece.kind, piece.start, piece.stop, self.pieces[piece.kind]) for piece in chapter.pieces
        ]
        bed = self.beds[chapter.number]
        if bed:
            strips.append(("bed", *chapter.bed, bed))
        return [
            chapter.frames,
            [(slot.start, slot.stop, *self._voiced(self.spoken[slot.line])) for slot in chapter.slots],
            [(*where, s.track.key, s.track.gain, s.high, s.low, s.fade_in, s.fade_out) for *where, s in strips],
        ]

    def _voiced(self, spoken: Spoken) -> tuple[str, float, tuple[str, ...]]:
        card = self.voices.get(spoken.voice)
        return (spoken.key, card.volume, card.chain) if card else (spoken.key, 0.0, ())

    def line(self, number: int) -> npt.NDArray[np.float32]:
        """The samples of line `number` as they stand in the mix."""
        spoken = self.spoken[number]
        _, volume, chain = self._voiced(spoken)
        samples = voice.prepared(spoken.clip, chain=chain)
        if number not in self.gains:
            self.gains[number] = voice.gain_of(samples, volume=volume)
        samples *= np.float32(self.gains[number])
        return samples

    def _speech(self, chapter: Chapter, lines: _Lines, at: int, end: int) -> Samples:
        out = np.zeros((self.channels, end - at), np.float32)
        for slot in within(chapter, at, end):
            a, b = max(slot.start, at), min(slot.stop, end)
            if a < b:
                out[:, a - at : b - at] += lines.samples(slot)[a - slot.start : b - slot.start]
        return out.T

    def _music(
        self, chapter: Chapter, points: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]], at: int, end: int
    ) -> Samples:
        out = np.zeros((self.channels, end - at), np.float32).T
        strips = [(self.pieces[p.kind], p.start, p.stop, False) for p in chapter.pieces]
        bed = self.beds[chapter.number]
        if bed:
            strips.append((bed, *chapter.bed, True))
        for strip, begin, stop, loop in strips:
            a, b = max(begin, at), min(stop, end)
            if a < b:
                out[a - at : b - at] += _strip(
                    strip, points, a, b, begin=begin, end=stop, loop=loop, wide=self.channels
                )
        return out


def _strip(
    strip: Strip,
    points: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    start: int,
    stop: int,
    *,
    begin: int,
    end: int,
    loop: bool,
    wide: int,
) -> Samples:
    sound = strip.track.read(start - begin, stop - begin, channels=wide, loop=loop)
    gain = shape.curve(points, start, stop, high=strip.high, low=strip.low)
    sound *= gain if isinstance(gain, np.float32) else gain[:, None]
    faded = shape.fade(start, stop, begin=begin, end=end, fade_in=strip.fade_in, fade_out=strip.fade_out)
    if faded is not None:
        sound *= faded[:, None]
    return sound


def _speech(chapter: Chapter) -> list[tuple[int, int]]:
    return [(slot.start, slot.stop) for slot in chapter.slots if slot.stop > slot.start]


class _Lines:
    """The lines last asked for: one that crosses a block's end is made ready once."""

    def __init__(self, programme: Mixed) -> None:
        self._programme = programme
        self._kept: OrderedDict[int, npt.NDArray[np.float32]] = OrderedDict()

    def samples(self, slot: Slot) -> npt.NDArray[np.float32]:
        if slot.line not in self._kept:
            self._kept[slot.line] = self._programme.line(slot.line)
            if len(self._kept) > 2:
                self._kept.popitem(last=False)
        return self._kept[slot.line]
