"""Engine silence goes: pauses are designed, not inherited."""

from __future__ import annotations

import numpy as np

from yomicast.loudness import sample_peak
from yomicast.model import Samples

FLOOR_DB = -50.0
KEPT = 0.02
"""Seconds left before and after the sound, faded, so that no consonant is cut."""


def ends(samples: Samples, rate: int) -> tuple[int, int]:
    """First and last+1 frame of the sound: above −50 dB of its own peak, in 5 ms steps; (0, 0) when all is silent."""
    peak = sample_peak(samples)
    if not np.isfinite(peak) or peak <= 1e-5:
        return 0, 0
    floor = np.float32(peak * 10 ** (FLOOR_DB / 20))
    loud = (samples > floor) | (samples < -floor)  # no absolute value: that would be as long as the sound
    hop, kept = max(1, rate // 200), int(KEPT * rate)
    first, last = int(loud.argmax()), len(loud) - 1 - int(loud[::-1].argmax())
    return max(0, first // hop * hop - kept), min(len(samples), (last // hop + 1) * hop + kept)


def trimmed(samples: Samples, rate: int) -> tuple[Samples, int]:
    """`samples` from end to end of the sound with 5 ms fades, and the frame at which that began."""
    start, stop = ends(samples, rate)
    out = samples[start:stop].copy()
    ramp = np.linspace(0, 1, min(max(1, rate // 200), len(out)), dtype=np.float32)
    out[: len(ramp)] *= ramp
    out[len(out) - len(ramp) :] *= ramp[::-1]
    return out, start
