"""Gain curves over time: ducking from the known speech times, fades. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

RATE = 48_000
FALL_BEGINS = 0.35
FALL_ENDS = 0.02
"""Seconds before speech: the music begins to give way, and is out of the way."""

HOLD = 0.12
RISE = 0.8
"""Seconds after speech: the music waits, then comes back."""

STEP = 48
"""Frames between points at which a curve is worked out; between them it runs straight."""


def duck_points(speech: Sequence[tuple[int, int]]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Break points (frames, depth): depth 1 under speech, 0 where music has room; short gaps stay ducked.

    Args:
        speech: start and stop frames in time order.
    """
    at: list[float] = []
    depth: list[float] = []
    for start, stop in speech:
        fall, low = start - FALL_BEGINS * RATE, start - FALL_ENDS * RATE
        if at and fall <= at[-1]:
            del at[-2:], depth[-2:]
        else:
            at += [fall, low]
            depth += [0.0, 1.0]
        at += [stop + HOLD * RATE, stop + (HOLD + RISE) * RATE]
        depth += [1.0, 0.0]
    return np.array(at), np.array(depth)


def curve(
    points: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]], start: int, stop: int, *, high: float, low: float
) -> npt.NDArray[np.float32] | np.float32:
    """Linear gain for frames start..stop: `high` dB where depth is 0, `low` dB where it is 1, a raised cosine between.

    A single number where the gain does not change.
    """
    at, depth = points
    if not len(at):
        return np.float32(10 ** (high / 20))
    grid = np.arange(start // STEP, -(-stop // STEP) + 1) * STEP
    now = np.interp(grid, at, depth)
    if now.min() == now.max() and now[0] in (0.0, 1.0):
        return np.float32(10 ** ((low if now[0] else high) / 20))
    smooth = 0.5 - 0.5 * np.cos(np.pi * now)
    gain = (10 ** ((high + (low - high) * smooth) / 20)).astype(np.float32)
    return straight(gain, start - int(grid[0]), stop - start)


def straight(points: npt.NDArray[np.float32], skip: int, length: int) -> npt.NDArray[np.float32]:
    """Values every STEP frames, joined by straight lines; `length` frames after `skip`."""
    slope = np.arange(STEP, dtype=np.float32) / STEP
    lines = points[:-1, None] + (points[1:] - points[:-1])[:, None] * slope
    return np.asarray(lines.reshape(-1)[skip : skip + length], dtype=np.float32)


def fade(start: int, stop: int, *, begin: int, end: int, fade_in: int, fade_out: int) -> npt.NDArray[np.float32] | None:
    """Raised-cosine fades of a sound that lives from frame `begin` to `end`, seen from start to stop; None: all 1."""
    if start >= begin + fade_in and stop <= end - fade_out:
        return None
    frames = np.arange(start, stop, dtype=np.float32)
    rising = (frames - begin) / max(fade_in, 1)
    falling = (end - frames) / max(fade_out, 1)
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(np.minimum(rising, falling), 0.0, 1.0)), dtype=np.float32)
