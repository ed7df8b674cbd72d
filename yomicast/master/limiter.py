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

MARGIN = 2 * REACH + 2
"""Hops on each side of a block that its gain depends on."""

HALF = loudness.TAPS // 2
"""Frames that looking for the peak between two frames needs beyond them."""

NEAR = 0.63
"""Hops under −4 dB of the ceiling are not oversampled: speech and soft music gain less than that between samples."""

_HANN = np.hanning(2 * REACH + 3)[1:-1].astype(np.float32)
_HANN /= _HANN.sum()
_SLOPE = (np.arange(HOP, dtype=np.float32) + 0.5) / HOP


def limit(blocks: Iterable[Samples], *, gain: float, ceiling: float) -> Iterator[Samples]:
    """Blocks times `gain`, with no true peak above `ceiling` (both linear).

    The gain curve: the least factor each millisecond needs, its minimum over ±6 ms, smoothed by a Hann window of the
    same width (so it is down before the peak comes), straight between milliseconds. Silence surrounds the stream.
    """
    floor = ceiling * NEAR
    now: Samples | None = None
    past = lead = np.zeros(MARGIN, np.float32)
    for block in _whole_hops(blocks):
        after = block * np.float32(gain)
        # Each hop is looked at once: the last of a block with the first of the next, the others where they lie.
        before = np.zeros((HOP + HALF, after.shape[1]), np.float32) if now is None else now[-HOP - HALF :]
        seam = _peaks(_planes(before, after, hops=1 + min(MARGIN, -(-len(after) // HOP))), floor)
        if now is not None:
            own = np.concatenate([lead, _peaks(now[len(lead) * HOP - HALF : len(now) - HOP + HALF].T, floor), seam[:1]])
            yield _limited(now, np.concatenate([past, own, seam[1:]]), ceiling)
            past = own[-MARGIN:]
        now, lead = after, seam[1:]
    if now is not None:
        rest = -(-len(now) // HOP) - len(lead)
        last = _peaks(_planes(now[len(lead) * HOP - HALF :], hops=rest), floor) if rest else lead[:0]
        yield _limited(now, np.concatenate([past, lead, last]), ceiling)


def _whole_hops(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The same sound in blocks of whole milliseconds that are longer than the margin; the last as it is left."""
    rest: Samples | None = None
    for block in blocks:
        joined = block if rest is None else np.concatenate([rest, block])
        stop = len(joined) // HOP * HOP if len(joined) >= (MARGIN + 1) * HOP else 0
        if stop:
            yield joined[:stop]
        rest = joined[stop:] if stop < len(joined) else None
    if rest is not None:
        yield rest


def _planes(*parts: Samples, hops: int) -> loudness.Planes:
    """What follows each other, as far as `hops` and `HALF` frames on each side of them go; then silence."""
    planes = np.zeros((parts[0].shape[1], hops * HOP + 2 * HALF), np.float32)
    at = 0
    for part in parts:
        room = planes[:, at : at + len(part)]
        room[:] = part[: room.shape[1]].T
        at += len(part)
    return planes


def _peaks(planes: loudness.Planes, floor: float) -> npt.NDArray[np.float32]:
    """The true peak of each hop in whichever channel is louder; `planes`: `HALF` frames more on each side."""
    found = loudness.peaks(planes[0], floor)
    for channel in planes[1:]:
        np.maximum(found, loudness.peaks(channel, floor), out=found)
    return found


def _limited(now: Samples, peaks: npt.NDArray[np.float32], ceiling: float) -> Samples:
    """`now`, changed in its place where it has to be.

    `peaks`: of `MARGIN` hops before it, of its own, and of as many after it as there are, up to `MARGIN`.
    """
    if peaks.max() <= ceiling:
        return now
    hops = -(-len(now) // HOP)
    need = np.ones(MARGIN + hops + MARGIN, np.float32)
    np.divide(np.float32(ceiling), peaks, out=need[: len(peaks)], where=peaks > ceiling)
    reach = REACH + 1  # one more: the straight line between two hops must lie under both
    ones = np.pad(need, reach, constant_values=1.0)
    least = np.lib.stride_tricks.sliding_window_view(ones, 2 * reach + 1).min(axis=1)
    smooth = np.convolve(least, _HANN, mode="same").astype(np.float32)
    smooth[smooth > 1.0 - 1e-5] = 1.0  # where nothing is too loud nothing is touched
    middle = smooth[MARGIN - 1 : MARGIN + hops + 1]
    changed = np.flatnonzero(middle < 1.0)
    if len(changed):
        # Hop values stand at the middle of their hop: from one middle to the next the gain runs straight.
        first, last = max(0, int(changed[0]) - 1), min(hops, int(changed[-1]))
        some = middle[first : last + 2]
        lines = some[:-1, None] + (some[1:] - some[:-1])[:, None] * _SLOPE
        begin = first * HOP - HOP // 2
        flat = lines.reshape(-1)[max(0, -begin) : len(now) - begin]
        begin = max(0, begin)
        now[begin : begin + len(flat)] *= flat[:, None]
    return now
