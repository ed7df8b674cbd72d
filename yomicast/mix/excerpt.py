"""A stretch of a programme, for auditioning: only what is asked for is rendered."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from yomicast.errors import ConfigError
from yomicast.mix.length import clock
from yomicast.mix.programme import Mixed
from yomicast.mix.timeline import GRID, RATE, frames_of
from yomicast.model import Cue, Mark, Message, Samples

EDGE = 960
"""Frames (20 ms) of fade where the stretch is cut out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Excerpt:
    """A `model.Programme`: frames `first` to `last` of another. Cues that begin or end outside are cut to it."""

    source: Mixed
    first: int
    last: int

    @property
    def title(self) -> str:
        """Of the episode."""
        return self.source.title

    @property
    def rate(self) -> int:
        """48 000."""
        return RATE

    @property
    def channels(self) -> int:
        """1 or 2."""
        return self.source.channels

    @property
    def frames(self) -> int:
        """Length, a whole number of MP3 frames."""
        return -(-(self.last - self.first) // GRID) * GRID

    @property
    def seams(self) -> tuple[int, ...]:
        """One stretch."""
        return (0, self.frames)

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The lines that are heard, on the stretch's own clock."""
        begin, end = self.first / RATE, self.last / RATE
        return tuple(
            dataclasses.replace(cue, start=max(cue.start, begin) - begin, end=min(cue.end, end) - begin, words=())
            for cue in self.source.cues
            if cue.end > begin and cue.start < end
        )

    @property
    def marks(self) -> tuple[Mark, ...]:
        """One chapter."""
        return (Mark(start=0.0, title=self.title),)

    def key(self, start: int, stop: int) -> str:
        """Names the sound."""
        parts = f"{self.first} {self.last} {start} {stop} {self.source.key(0, self.source.frames)}"
        return hashlib.sha256(parts.encode()).hexdigest()

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[Samples]:
        """The stretch, faded in and out; the last frames up to the grid are silence."""
        stop = self.frames if stop is None else min(stop, self.frames)
        at = start
        for block in self.source.blocks(self.first + start, min(self.first + stop, self.last)):
            frames = np.arange(at, at + len(block), dtype=np.float32)
            slope = np.minimum(frames, self.last - self.first - frames) / np.float32(EDGE)
            yield np.asarray(block * np.clip(slope, 0.0, 1.0)[:, None], dtype=np.float32)
            at += len(block)
        if at < stop:
            yield np.zeros((stop - at, self.channels), np.float32)


def audition(programme: Mixed, start: float, seconds: float) -> Excerpt:
    """The stretch from `start` for `seconds`; at the end of the programme it is shorter.

    Raises:
        ConfigError: the programme ends before `start`.
    """
    first = frames_of(start)
    if not 0 <= first < programme.frames or seconds <= 0:
        whole = clock(programme.frames / RATE)
        raise ConfigError(
            Message(f"the episode lasts {whole}", f"このエピソードの長さは {whole} です"),
            where=f"--from {clock(start)}",
            hint=Message("choose an earlier place", "もっと前の位置を指定してください"),
        )
    return Excerpt(source=programme, first=first, last=min(first + frames_of(seconds), programme.frames))
