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
    frames = np.zeros((now.shape[1], length + 2 * MARGIN), np.float32).T
    frames[MARGIN : MARGIN + len(now)] = now
    if before is not None:
        kept = min(MARGIN, len(before))
        frames[MARGIN - kept : MARGIN] = before[-kept:]
    if after is not None:
        room = frames[MARGIN + len(now) :]
        kept = min(len(room), len(after))
        room[:kept] = after[:kept]
    gain = _curve(frames, ceiling)
    return now if gain is None else now * gain[: len(now), None]


def _loud(before: Samples | None, after: Samples | None, ceiling: float) -> bool:
    edges = (None if before is None else before[-MARGIN:], None if after is None else after[:MARGIN])
    return any(edge is not None and float(np.abs(edge).max(initial=0)) > ceiling * NEAR for edge in edges)


def _curve(frames: Samples, ceiling: float) -> npt.NDArray[np.float32] | None:
    """Gain for the frames between the margins; None when nothing is too loud."""
    half = loudness.TAPS // 2
    padded = np.pad(frames, ((half, half), (0, 0)))
    peaks = np.max([loudness.peaks(np.ascontiguousarray(c), ceiling * NEAR) for c in padded.T], axis=0)
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
    return np.asarray(flat[: len(frames) - 2 * MARGIN], dtype=np.float32)
