"""A line of speech made ready: 48 kHz, sound numbers only, the voice's chain, one loudness for all lines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from yomicast import loudness
from yomicast.mix.chain import through
from yomicast.model import Clip, Samples

RATE = 48_000
SPEECH = -23.0
"""LUFS of one channel of speech while mixing; mastering brings the programme to its own target."""

MOST = 20.0
"""dB: no line is raised by more than this, so that a breath is not made a shout."""

EDGE = 96
"""Frames (2 ms) of fade at both ends of a line: an engine that stops off zero makes no click."""


def frames_at_48k(clip: Clip) -> int:
    """Length of a clip on the programme's clock."""
    return -(-clip.frames * RATE // clip.rate)


def prepared(clip: Clip, *, chain: tuple[str, ...] = ()) -> npt.NDArray[np.float32]:
    """The line's samples but for their level, exactly `frames_at_48k(clip)` long.

    What is no number becomes silence, a constant offset is taken away, the voice's chain is passed.
    """
    samples = _clean(clip.read())
    if clip.rate != RATE:
        samples = np.asarray(soxr.resample(samples, clip.rate, RATE), dtype=np.float32)
    samples = _fit(samples, frames_at_48k(clip))
    return _soft_edges(through(samples, chain))


def gain_of(samples: npt.NDArray[np.float32], *, volume: float = 0.0) -> float:
    """The factor that brings a line to SPEECH LUFS (and `volume` dB more, as its voice file says), whatever level the
    engine gave it. A line too quiet to be speech is left as it is.
    """
    found = measured(samples)
    if found < loudness.ABSOLUTE_GATE + 10:
        return 1.0
    return loudness.linear(min(SPEECH + volume - found, MOST))


def _clean(samples: Samples) -> npt.NDArray[np.float32]:
    mono = np.asarray(samples, dtype=np.float32).reshape(len(samples), -1)[:, 0]
    total = float(mono.sum(dtype=np.float64))
    if not np.isfinite(total):
        mono = np.nan_to_num(mono, nan=0.0, posinf=0.0, neginf=0.0)
        total = float(mono.sum(dtype=np.float64))
    mono -= np.float32(total / max(len(mono), 1))
    return mono


def _fit(samples: npt.NDArray[np.float32], frames: int) -> npt.NDArray[np.float32]:
    if len(samples) >= frames:
        return samples[:frames]
    return np.pad(samples, (0, frames - len(samples)))


def _soft_edges(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    edge = min(EDGE, len(samples) // 2)
    slope = np.linspace(0, 1, edge, endpoint=False, dtype=np.float32)
    samples[:edge] *= slope
    samples[len(samples) - edge :] *= slope[::-1]
    return samples


def measured(samples: npt.NDArray[np.float32]) -> float:
    """Gated loudness of a line, LUFS."""
    return loudness.integrated(loudness.Levels(energies=loudness.energies(samples), peak=0.0))
