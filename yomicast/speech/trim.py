"""Engine silence goes: pauses are designed, not inherited."""

from __future__ import annotations

import numpy as np

from yomicast.model import Samples

FLOOR_DB = -50.0
KEPT = 0.02
"""Seconds left before and after the sound, faded, so that no consonant is cut."""


def trimmed(samples: Samples, rate: int) -> Samples:
    """`samples` without silence at the ends: below −50 dB of their own peak, in 5 ms steps; empty when all silent."""
    hop = rate // 200
    count = -(-len(samples) // hop)
    if count == 0:
        return samples
    padded = np.zeros(count * hop, np.float32)
    padded[: len(samples)] = np.abs(samples)
    level = padded.reshape(count, hop).max(axis=1)
    peak = float(level.max())
    if not np.isfinite(peak) or peak <= 1e-5:
        return samples[:0]
    loud = np.flatnonzero(level > peak * 10 ** (FLOOR_DB / 20))
    kept = int(KEPT * rate)
    start, stop = max(0, loud[0] * hop - kept), min(len(samples), (loud[-1] + 1) * hop + kept)
    out = samples[start:stop].copy()
    ramp = np.linspace(0, 1, min(hop, len(out)), dtype=np.float32)
    out[: len(ramp)] *= ramp
    out[len(out) - len(ramp) :] *= ramp[::-1]
    return out
