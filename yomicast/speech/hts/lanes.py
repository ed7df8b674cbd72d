"""The vocoder compiled by numba (extra `[fast]`): six utterances at a time, side by side in SIMD lanes.

The MLSA filter (Fukada, Tokuda, Kobayashi & Imai, ICASSP 1992; Imai's Padé form of order 5) is a recursion from tap to
tap and from sample to sample, so one utterance cannot be vectorised along either. Two things can run beside each
other: utterances, and the five Padé stages of one, since each stage hears its neighbour's output of the sample before.
A lane is therefore (stage, utterance): 5 × `SLOTS` of the `WIDTH` lanes work. When an utterance ends its slot takes the
next one from the queue.

No lane ever reads another's numbers and no fast-math is allowed, so the sound of an utterance does not depend on who
sits beside it. The excitation follows HTS_engine API 1.10 (HTS_vocoder.c) to the last addition.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt
from numba import uint64

from yomicast.speech.hts.excitation import PADE
from yomicast.speech.hts.trees import Ints
from yomicast.speech.hts.voice import Floats

F = TypeVar("F", bound=Callable[..., Any])

STAGES: Final = 5
SLOTS: Final = 6
WIDTH: Final = 32
UNROLLED: Final = 11
"""Taps done in one pass over the lanes; a voice's taps are padded to a multiple. LLVM unrolls them wholly."""
_W: Final = np.uint64(WIDTH)
_U: Final = np.uint64(UNROLLED)
_S: Final = np.uint64(SLOTS)
_D, _T, _F = np.uint64(2), np.uint64(3), np.uint64(4)
_PADE: Final = np.array(PADE)


def _compiled(function: F) -> F:
    """Machine code that holds no GIL and is kept between runs; strict IEEE arithmetic."""
    try:
        return cast("F", numba.njit(nogil=True, cache=True, error_model="numpy")(function))
    except RuntimeError:  # numba finds no folder that can be written: compile anew in each process
        return cast("F", numba.njit(nogil=True, error_model="numpy")(function))


@_compiled
def _taps(  # noqa: PLR0917
    e: Floats, b: Floats, c: Floats, low: Floats, old: Floats, out: Floats, at: Any, a: float
) -> None:
    """`UNROLLED` taps of the all-pass chain for every lane, from flat index `at`.

    `e`: states, `b`: coefficients, `c`: their step a sample, all flat (taps × lanes). `low`, `old`, `out`: for each
    lane the tap before, its former value, and the sum so far. The indices are unsigned because numba guards signed
    ones against being negative, and a guarded loop is not vectorised.
    """
    for lane in range(_W):
        d, p, y = low[lane], old[lane], out[lane]
        for tap in range(_U):
            j = at + tap * _W + lane
            o = e[j]
            d = (p + a * o) - a * d
            e[j] = d
            p = o
            f = b[j]
            y += d * f
            b[j] = f + c[j]
        low[lane], old[lane], out[lane] = d, p, y


@_compiled
def _pade(feed: Floats, made: Floats, x: Floats, out: Floats) -> None:
    """Weigh the five stages' outputs `made` into `x` (fed back) and `out`; `feed` becomes the next sample's input."""
    for slot in range(_S):
        fifth, fourth = made[_F * _S + slot] * _PADE[5], made[_T * _S + slot] * _PADE[4]
        third, second, first = made[_D * _S + slot] * _PADE[3], made[_S + slot] * _PADE[2], made[slot] * _PADE[1]
        back = x[slot] + fifth - fourth + third - second + first
        out[slot] = fifth + fourth + third + second + first + back
        feed[slot] = back
    for lane in range(_S, _W):
        feed[lane] = made[lane - _S]


@_compiled
def _filter(  # noqa: PLR0917
    x: Floats, state: Floats, b: Floats, c: Floats, work: Floats, a: float, taps: int
) -> None:
    """Filter one frame of all slots in place; `x`: shape (samples, slots).

    `work`: shape (7, WIDTH): input of the first filter, its state, input of the second, its first tap, and three to
    spare. Row 0 of `b` and `c` is the first filter's coefficient, the others the second's.
    """
    feed1, hold1, feed2, first = work[0], work[1], work[2], work[3]
    low, old, out = work[4], work[5], work[6]
    rest = 1.0 - a * a
    for n in range(len(x)):
        row = x[n]
        for lane in range(_W):
            hold1[lane] = rest * feed1[lane] + a * hold1[lane]
            out[lane] = hold1[lane] * b[lane]
            b[lane] += c[lane]
        _pade(feed1, out, row, row)
        for lane in range(_W):
            old[lane] = first[lane]
            low[lane] = rest * feed2[lane] + a * first[lane]
            first[lane] = low[lane]
            out[lane] = 0.0
        for tap in range(uint64(0), uint64(taps), _U):
            _taps(state, b, c, low, old, out, _W + tap * _W, a)
        _pade(feed2, out, row, row)


@_compiled
def _excite(  # noqa: PLR0917 -- compiled code takes its arguments by position
    x: Any, ring: Floats, pulse: Floats, lowpass: Floats, noise: Floats, at: int, pitch: float, gain: Floats
) -> int:
    """One frame of excitation of one slot into `x`, shape (samples,); the index of the next noise sample.

    `pulse`: pitch now, counter. `ring`: room for a frame and the filter's tail. `gain`: log gain before and after.
    """
    count, taps = len(x), len(lowpass)
    size, center = uint64(taps), uint64((taps - 1) // 2)
    step = 0.0
    if pulse[0] != 0.0 and pitch != 0.0:
        step = (pitch - pulse[0]) / count
    else:
        pulse[0] = pulse[1] = pitch
    level, rise = np.exp(gain[0]), np.exp((gain[1] - gain[0]) / count)
    for n in range(uint64(count)):
        sound = noise[at] if taps or pulse[0] == 0.0 else 0.0
        at += 1 if taps or pulse[0] == 0.0 else 0
        beat = 0.0
        if pulse[0] != 0.0:
            pulse[1] += 1.0
            if pulse[1] >= pulse[0]:
                beat = np.sqrt(pulse[0])
                pulse[1] -= pulse[0]
            pulse[0] += step
            for k in range(size):
                ring[n + k] -= sound * lowpass[k]
        if taps:
            ring[n + center] += sound
            if beat != 0.0:
                for k in range(size):
                    ring[n + k] += beat * lowpass[k]
        else:
            ring[n] += sound + beat
        x[n] = ring[n] * level
        level *= rise
    for k in range(taps):
        ring[k] = ring[count + k]
    ring[taps:] = 0.0
    pulse[0] = pitch
    return at


@_compiled
def eliminate(band: Floats, right: Floats) -> None:
    """`parameters.eliminate`, compiled: the same operations in the same order."""
    length, width, size = band.shape
    for t in range(length):
        for k in range(size):
            for i in range(1, min(width, t + 1)):
                band[t, 0, k] -= band[t - i, i, k] * band[t - i, i, k] * band[t - i, 0, k]
            for i in range(1, width):
                for j in range(1, min(width - i, t + 1)):
                    band[t, i, k] -= band[t - j, j, k] * band[t - j, i + j, k] * band[t - j, 0, k]
                band[t, i, k] /= band[t, 0, k]
            for i in range(1, min(width, t + 1)):
                right[t, k] -= band[t - i, i, k] * right[t - i, k]
    for t in range(length - 1, -1, -1):
        for k in range(size):
            right[t, k] /= band[t, 0, k]
            for i in range(1, min(width, length - t)):
                right[t, k] -= band[t, i, k] * right[t + i, k]


@_compiled
def _coefficients(  # noqa: PLR0917
    b: Floats, c: Floats, spectrum: Floats, frame: int, before: int, slot: int, period: int
) -> None:
    """Load one slot's coefficients: the frame before's, and the step that leads to this one's."""
    for tap in range(1, spectrum.shape[1]):
        start = spectrum[before, tap]
        step = (spectrum[frame, tap] - start) / period
        for stage in range(STAGES):
            j = (tap - 1) * WIDTH + stage * SLOTS + slot
            b[j], c[j] = start, step


@_compiled
def speak(  # noqa: PLR0917
    spectrum: Floats,
    pitch: Floats,
    lowpass: Floats,
    starts: Ints,
    lengths: Ints,
    noise: Floats,
    alpha: float,
    volume: float,
    period: int,
    out: npt.NDArray[np.float32],
) -> None:
    """Fill `out` with the sound of utterances that lie end to end.

    Args:
        spectrum: MLSA coefficients b, shape (frames, order + 1).
        pitch: periods in samples, 0 unvoiced, shape (frames,).
        lowpass: shape (frames, taps).
        starts: first frame of each utterance; longest first keeps the lanes full.
        lengths: frames of each.
        noise: Gaussian noise, as long as the longest utterance.
        alpha: frequency warping.
        volume: factor on the samples.
        period: samples a frame.
        out: shape (frames × period,).
    """
    taps = (spectrum.shape[1] - 2 + UNROLLED - 1) // UNROLLED * UNROLLED
    state, b, c = np.zeros((taps + 1) * WIDTH), np.zeros((taps + 1) * WIDTH), np.zeros((taps + 1) * WIDTH)
    work, x = np.zeros((7, WIDTH)), np.zeros((period, SLOTS))
    rings, pulses = np.zeros((SLOTS, period + lowpass.shape[1])), np.zeros((SLOTS, 2))
    heard, done = np.zeros(SLOTS, np.int64), np.zeros(SLOTS, np.int64)
    who, waiting, gain = np.full(SLOTS, -1), 0, np.zeros(2)
    while True:
        busy = 0
        for slot in range(SLOTS):
            while (who[slot] < 0 or done[slot] == lengths[who[slot]]) and waiting < len(starts):
                who[slot], done[slot], heard[slot] = waiting, 0, 0
                waiting += 1
                rings[slot], pulses[slot] = 0.0, pitch[starts[who[slot]]] if lengths[who[slot]] else 0.0
                for stage in range(STAGES):
                    state[stage * SLOTS + slot :: WIDTH] = 0.0
                    work[:, stage * SLOTS + slot] = 0.0
            if who[slot] < 0 or done[slot] == lengths[who[slot]]:
                x[:, slot] = 0.0
                continue
            busy += 1
            frame = starts[who[slot]] + done[slot]
            before = frame - 1 if done[slot] else frame
            gain[0], gain[1] = spectrum[before, 0], spectrum[frame, 0]
            _coefficients(b, c, spectrum, frame, before, slot, period)
            heard[slot] = _excite(
                x[:, slot], rings[slot], pulses[slot], lowpass[frame], noise, heard[slot], pitch[frame], gain
            )
        if not busy:
            return
        _filter(x, state, b, c, work, alpha, taps)
        for slot in range(SLOTS):
            if who[slot] >= 0 and done[slot] < lengths[who[slot]]:
                at = (starts[who[slot]] + done[slot]) * period
                for n in range(period):
                    out[at + n] = x[n, slot] * volume
                done[slot] += 1
