"""A true-peak limiter: looks ahead and behind six milliseconds, so that it never clicks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from yomicast import loudness
from yomicast.model import Samples

HOP = loudness.PEAK_HOP
REACH = 6
"""Hops of 1 ms on each side that share the gain of their loudest neighbour."""

MARGIN = (2 * REACH + 2) * HOP
"""Frames of context on each side of a block that its gain depends on."""

HALF = loudness.TAPS // 2
"""Frames that looking for the peak between two frames needs beyond them."""

NEAR = 0.63
"""Hops under −4 dB of the ceiling are not oversampled: speech and soft music gain less than that between samples."""

_HANN = np.hanning(2 * REACH + 3)[1:-1].astype(np.float32)
_HANN /= _HANN.sum()


def limit(blocks: Iterable[Samples], *, gain: float, ceiling: float) -> Iterator[Samples]:
    """Blocks times `gain`, with no true peak above `ceiling` (both linear).

    The gain curve: the least factor each millisecond needs, its minimum over ±6 ms, smoothed by a Hann window of the
    same width (so it is down before the peak comes), straight between milliseconds. Silence surrounds the stream.
    """
    before: Samples | None = None
    now: Samples | None = None
    for block in _whole_hops(blocks):
        after = block * np.float32(gain)
        if now is not None:
            yield _limited(before, now, after, ceiling)
        before, now = now, after
    if now is not None:
        yield _limited(before, now, None, ceiling)


def _whole_hops(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The same sound in blocks of whole milliseconds that are longer than the margin; the last as it is left."""
    rest: Samples | None = None
    for block in blocks:
        joined = block if rest is None else np.concatenate([rest, block])
        stop = len(joined) // HOP * HOP if len(joined) >= MARGIN + HOP else 0
        if stop:
            yield joined[:stop]
        rest = joined[stop:] if stop < len(joined) else None
    if rest is not None:
        yield rest


def _limited(before: Samples | None, now: Samples, after: Samples | None, ceiling: float) -> Samples:
    if max(float(now.max(initial=0)), -float(now.min(initial=0))) <= ceiling * NEAR and not _loud(
        before, after, ceiling
    ):
        return now
    length = -(-len(now) // HOP) * HOP
    around = MARGIN + HALF
    planes = np.empty((now.shape[1], length + 2 * around), np.float32)
    planes[:, :around] = planes[:, around + len(now) :] = 0.0
    planes[:, around : around + len(now)] = now.T
    if before is not None:
        kept = min(MARGIN, len(before))
        planes[:, around - kept : around] = before[-kept:].T
    if after is not None:
        room = planes[:, around + len(now) : -HALF]
        kept = min(room.shape[1], len(after))
        room[:, :kept] = after[:kept].T
    gain = _curve(planes, ceiling)
    return now if gain is None else now * gain[: len(now), None]


def _loud(before: Samples | None, after: Samples | None, ceiling: float) -> bool:
    edges = (None if before is None else before[-MARGIN:], None if after is None else after[:MARGIN])
    return any(edge is not None and float(np.abs(edge).max(initial=0)) > ceiling * NEAR for edge in edges)


def _curve(planes: loudness.Planes, ceiling: float) -> npt.NDArray[np.float32] | None:
    """Gain for the frames between the margins; None when nothing is too loud. `planes`: `HALF` more on each side."""
    peaks = np.max([loudness.peaks(channel, ceiling * NEAR) for channel in planes], axis=0)
    if peaks.max() <= ceiling:
        return None
    need = np.minimum(np.float32(ceiling) / np.maximum(peaks, 1e-9), 1.0).astype(np.float32)
    reach = REACH + 1  # one more: the straight line between two hops must lie under both
    ones = np.pad(need, reach, constant_values=1.0)
    least = np.lib.stride_tricks.sliding_window_view(ones, 2 * reach + 1).min(axis=1)
    smooth = np.convolve(least, _HANN, mode="same").astype(np.float32)
    smooth[smooth > 1.0 - 1e-5] = 1.0  # where nothing is too loud nothing is touched
    middle = smooth[MARGIN // HOP - 1 : -(MARGIN // HOP) + 1]
    # Hop values stand at the middle of their hop: from one middle to the next the gain runs straight.
    slope = (np.arange(HOP, dtype=np.float32) + 0.5) / HOP
    lines = middle[:-1, None] + (middle[1:] - middle[:-1])[:, None] * slope
    flat = lines.reshape(-1)[HOP // 2 :]
    return np.asarray(flat[: planes.shape[1] - 2 * (MARGIN + HALF)], dtype=np.float32)
