"""Room 6: programme -> mastered programme. Doors: `master`, `measure`. Again streamed, again in two passes, no files."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from yomicast import loudness
from yomicast.chapters import side_by_side
from yomicast.files import seal, sealed, whole
from yomicast.loudness import Levels, Loudness, Meter
from yomicast.master.gates import doubts
from yomicast.master.limiter import limit
from yomicast.master.picture import picture
from yomicast.model import Cue, Mark, Programme, Samples
from yomicast.settings import SoundSettings

__all__ = ["Mastered", "doubts", "master", "measure", "picture", "preview", "target"]

VERSION = 3
"""Part of every key: raise it when mastering sounds different."""

TARGETS = {1: -19.0, 2: -16.0}
"""LUFS for mono and stereo."""

FIRST_GAIN = 4.2
"""dB: where the search begins; the mix room levels speech so that the answer is near."""

STEP = 0.1
"""dB: gains are whole steps, so that a change too small to hear changes nothing."""

PINNED = 0.2
"""LU: a pinned gain is kept while the programme stays this near to its target."""

FAR = 1.5
"""dB: over such a step the limiter's part is measured, not guessed."""

LONG = 60 * loudness.RATE
"""Frames of a chapter from which on not all of it is heard before it is encoded."""

STRETCH, EVERY = 6 * loudness.RATE, 5
"""Frames that are heard on end, and of how many such stretches one: short and often tells more than long and seldom."""

MOST_PASSES = 6
"""A target so loud that the limiter eats every further dB is given up."""

HEADROOM = 1.3
"""dB that the limiter stays under the wanted true peak: encoding adds to peaks."""


class Keyed(Programme, Protocol):
    """A programme that can name the sound between two seams without rendering it."""

    def key(self, start: int, stop: int) -> str:
        """The same key, the same samples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastered:
    """A `model.Programme` at its target loudness.

    `gain_db`: what the mix was raised by; hand it back as `pinned_gain` when the episode is rendered again.
    `ceiling_db`: the limiter's, in dBTP. `target`: LUFS, None for a stretch that stands for itself; `true_peak`: dBTP allowed on the encoded file. `figures`:
    of what `master` heard after the limiter, before encoding.
    """

    source: Keyed
    gain_db: float
    ceiling_db: float
    target: float | None
    true_peak: float
    figures: Loudness

    @property
    def title(self) -> str:
        """Of the episode."""
        return self.source.title

    @property
    def rate(self) -> int:
        """48 000."""
        return self.source.rate

    @property
    def channels(self) -> int:
        """1 or 2."""
        return self.source.channels

    @property
    def frames(self) -> int:
        """Length."""
        return self.source.frames

    @property
    def cues(self) -> tuple[Cue, ...]:
        """Unchanged from the mix."""
        return self.source.cues

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Unchanged from the mix."""
        return self.source.marks

    @property
    def seams(self) -> tuple[int, ...]:
        """Unchanged from the mix."""
        return self.source.seams

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[Samples]:
        """The sound from `start` to `stop`. Each stretch between seams is limited by itself, from silence."""
        stop = self.frames if stop is None else min(stop, self.frames)
        for a, b in itertools.pairwise(self.seams):
            if a < stop and b > start:
                yield from self._stretch(max(a, start), min(b, stop))

    def _stretch(self, start: int, stop: int) -> Iterator[Samples]:
        return limit(
            self.source.blocks(start, stop),
            gain=loudness.linear(self.gain_db),
            ceiling=loudness.linear(self.ceiling_db),
        )

    def key(self, start: int, stop: int) -> str:
        """Names the sound between two seams."""
        parts = f"{VERSION} {self.gain_db:.1f} {self.ceiling_db:.1f} {self.source.key(start, stop)}"
        return hashlib.sha256(parts.encode()).hexdigest()

    def corrected(self, levels: Levels) -> Mastered | None:
        """What to encode instead when the encoded sound misses the target or the true peak; None when it is right."""
        if self.target is None:
            return None
        found = loudness.loudness(levels)
        off = self.target - found.integrated
        over = found.true_peak - self.true_peak
        if found.integrated == loudness.SILENCE or (abs(off) <= PINNED and over <= 0):
            return None
        return dataclasses.replace(
            self,
            gain_db=_step(self.gain_db + (off if abs(off) > PINNED else 0.0)),
            ceiling_db=_step(self.ceiling_db - max(0.0, over) - (STEP if over > 0 else 0.0)),
        )


def measure(blocks: Iterable[Samples]) -> Loudness:
    """Loudness, range and true peak of a stream of blocks at 48 kHz."""
    return loudness.loudness(loudness.listen(blocks))


def master(
    programme: Keyed,
    sound: SoundSettings,
    *,
    pinned_gain: float | None = None,
    cache: Path | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> Mastered:
    """Bring a programme to its target loudness under a true-peak limiter.

    The first pass mixes, limits and measures at a gain that is always the same and always near, so that chapters
    measured once need never be measured again when `cache` is given; of chapters over a minute it hears a fifth. The
    second pass is whoever reads the blocks.

    Args:
        programme: the mix.
        sound: target loudness (None: −16 LUFS in stereo, −19 in mono) and true peak.
        pinned_gain: `gain_db` of the last render's encoded file; kept unless loudness would be off by over 0.2 LU, so
            that a corrected sentence leaves the other chapters' bytes as they were.
        cache: folder for the levels of chapters.
        on_progress: called with the share done, 0 to 1.
    """
    wanted = target(sound)
    first = _at(programme, sound, FIRST_GAIN, wanted)
    for _ in range(MOST_PASSES):
        figures = loudness.loudness(_levels(first, cache, on_progress or _nothing))
        if figures.integrated == loudness.SILENCE:
            return first
        gain = first.gain_db + wanted - figures.integrated
        if pinned_gain is not None and abs(pinned_gain - gain) <= PINNED:
            gain = pinned_gain
        moved = _step(gain) - first.gain_db
        first = dataclasses.replace(first, gain_db=_step(gain), figures=_moved(figures, moved, first.ceiling_db))
        if abs(moved) <= FAR:
            break
    return first


def target(sound: SoundSettings) -> float:
    """LUFS that a programme is brought to: what the author set, else −16 in stereo and −19 in mono."""
    return TARGETS[sound.channels] if sound.loudness is None else sound.loudness


def preview(programme: Keyed, sound: SoundSettings, *, gain: float | None = None) -> Mastered:
    """Master without measuring: at the gain of the last render, or the usual one. For auditioning a stretch, and for
    encoding what changed while the measuring is still under way.
    """
    return _at(programme, sound, FIRST_GAIN if gain is None else gain, None)


def _at(programme: Keyed, sound: SoundSettings, gain: float, target: float | None) -> Mastered:
    return Mastered(
        source=programme,
        gain_db=_step(gain),
        ceiling_db=_step(sound.true_peak - HEADROOM),
        target=target,
        true_peak=sound.true_peak,
        figures=Loudness(
            integrated=loudness.SILENCE, range=0.0, true_peak=loudness.SILENCE, momentary=loudness.SILENCE
        ),
    )


def _moved(figures: Loudness, by: float, ceiling: float) -> Loudness:
    """The figures after a small change of gain: a limiter that is rarely at work lets it through whole."""
    return Loudness(
        integrated=figures.integrated + by,
        range=figures.range,
        true_peak=min(figures.true_peak + by, ceiling),
        momentary=figures.momentary + by,
    )


def _nothing(_: float) -> None:
    return


def _step(gain: float) -> float:
    return round(round(gain / STEP) * STEP, 1)


def _levels(mastered: Mastered, cache: Path | None, on_progress: Callable[[float], None]) -> Levels:
    """Every chapter's levels."""
    spans = list(itertools.pairwise(mastered.seams))
    return loudness.join(
        side_by_side(
            lambda span: _chapter(mastered, span[0], span[1], cache),
            spans,
            on_progress=lambda done: on_progress(done / mastered.frames),
        )
    )


def _chapter(mastered: Mastered, start: int, stop: int, cache: Path | None) -> Levels:
    if cache is None:
        return _heard(mastered, start, stop)
    stored = cache / "levels" / f"{mastered.key(start, stop)[:32]}-{EVERY}.npy"
    if not sealed(stored):
        levels = _heard(mastered, start, stop)
        with whole(stored, lasting=False) as part:
            with part.open("wb") as stream:
                np.save(stream, np.append(levels.energies, np.float32(levels.peak)))
            seal(part)
    values = np.load(stored, allow_pickle=False)
    return Levels(energies=values[:-1], peak=float(values[-1]))


def _heard(mastered: Mastered, start: int, stop: int) -> Levels:
    """Levels after the limiter; its sample peak is enough, the true peak is looked for in the encoded file.

    Of a long chapter a fifth is heard, which tells its loudness to some 0.1 LU: every line was brought to one
    loudness before, and what was encoded is heard whole in the end.
    """
    peak = 0.0
    meter = Meter(peaks=False)
    spans = [(start, stop)]
    if stop - start > LONG:
        spans = [(at, min(at + STRETCH, stop)) for at in range(start + STRETCH, stop, EVERY * STRETCH)]
    for block in itertools.chain.from_iterable(mastered.blocks(*span) for span in spans):
        meter.feed(block)
        peak = max(peak, loudness.sample_peak(block))
    energies = meter.levels().energies
    if len(spans) > 1:  # what was heard stands for what was not: every chapter counts by its length
        energies = np.resize(energies, (stop - start) // loudness.HOP)
    return Levels(energies=energies, peak=peak)
