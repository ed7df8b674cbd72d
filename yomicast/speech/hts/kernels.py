"""The source of the compiled code (extra `[fast]`): the vocoder's lanes and the solvers, as numba compiles them.

Imported only where machine code has to be made (`machine` keeps it); a render that finds the code kept never loads
numba.

Utterances sit in `SLOTS`; when one ends, its slot takes the next from the queue. `vectors` filters all slots at once.

The filter works in float32, twice as wide as float64 and 95 dB from it; the pitch clock stays float64, so every pulse
falls on the original's sample. No slot ever reads another's numbers and no fast-math is allowed, so the sound of an
utterance does not depend on who sits beside it. The excitation follows HTS_engine API 1.10 (HTS_vocoder.c).

Nothing here allocates or raises: the code must stand alone in an object file. Work arrays come from the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from numba import carray, types, uint64  # type: ignore[attr-defined, unused-ignore]

from yomicast.speech.hts.layout import BLOCK, FIRST, SLOTS, STAGES, TAP, TAPS, rows
from yomicast.speech.hts.trees import Bools, Ints
from yomicast.speech.hts.vectors import filter_frame
from yomicast.speech.hts.voice import Floats, Singles

F = TypeVar("F", bound=Callable[..., Any])

_ZERO: Final = np.float32(0.0)
_index: Any = uint64
"""Numba guards signed indices against being negative, and a guarded loop is not vectorised."""


def _compiled(function: F) -> F:
    """Machine code with strict IEEE arithmetic that holds no GIL."""
    return cast("F", numba.njit(nogil=True, error_model="numpy")(function))


_rows: Final = _compiled(rows)


@_compiled
def _excite(  # noqa: PLR0917 -- compiled code takes its arguments by position
    x: Any,
    ring: Singles,
    dry: Singles,
    pulse: Floats,
    lowpass: Singles,
    noise: Singles,
    at: int,
    pitch: float,
    gain: Any,
) -> int:
    """One frame of excitation of one slot into `x`, shape (samples,); the index of the next noise sample.

    `pulse`: pitch now, counter. `ring`: room for a frame and the filter's tail; `dry`: for a frame before the filter.
    `gain`: log gain before and after.
    """
    count, taps = _index(len(x)), _index(len(lowpass))
    step = 0.0
    if pulse[0] != 0.0 and pitch != 0.0:
        step = (pitch - pulse[0]) / len(x)
    else:
        pulse[0] = pulse[1] = pitch
    voiced, begun = pulse[0] != 0.0, _index(at)
    if voiced:
        _beat(dry, pulse, step, count)
    if taps:
        at += len(x)
        if voiced:  # what is under the filter's edge is pulses, what is above it noise
            for n in range(count):
                dry[n] -= noise[begun + n]
            for k in range(taps):
                for n in range(count):
                    ring[k + n] += dry[n] * lowpass[k]
        center = (taps - _index(1)) // _index(2)
        for n in range(count):
            ring[center + n] += noise[begun + n]
    elif voiced:
        for n in range(count):
            ring[n] = dry[n]
    else:
        at += len(x)
        for n in range(count):
            ring[n] = noise[begun + n]
    level, rise = np.exp(gain[0]), np.exp((gain[1] - gain[0]) / len(x))
    for n in range(count):
        x[n] = ring[n] * level
        level *= rise
    for k in range(taps):
        ring[k] = ring[count + k]
    for n in range(count):
        ring[taps + n] = _ZERO
    pulse[0] = pitch
    return at


@_compiled
def _beat(dry: Singles, pulse: Floats, step: float, count: Any) -> None:
    """The pulses of one voiced frame: the clock counts as the original's does, sample by sample."""
    length, counter = pulse[0], pulse[1]
    for n in range(count):
        counter += 1.0
        beat = _ZERO
        if counter >= length:
            beat = np.float32(np.sqrt(length))
            counter -= length
        dry[n] = beat
        length += step
    pulse[0], pulse[1] = length, counter


@_compiled
def _coefficients(bank: Singles, spectrum: Singles, frame: int, before: int, slot: int, period: int) -> None:  # noqa: PLR0917
    """Load one slot's coefficients: the frame before's, and the step that leads to this one's."""
    for tap in range(1, spectrum.shape[1]):
        start = spectrum[before, tap]
        row = FIRST if tap == 1 else TAPS + (tap - 2) * TAP + STAGES
        bank[row, slot] = start
        bank[row + 1, slot] = (spectrum[frame, tap] - start) / np.float32(period)


@_compiled
def _speak(  # noqa: PLR0917
    spectrum: Singles,
    pitch: Floats,
    lowpass: Singles,
    starts: Ints,
    lengths: Ints,
    noise: Singles,
    clocks: Floats,
    seats: Ints,
    bank: Singles,
    x: Singles,
    rings: Singles,
    out: Singles,
    alpha: float,
    volume: float,
) -> None:
    """See `lanes.Lanes.speak`. `clocks`: shape (SLOTS + 1, 2), last row the gain; `rings`: shape
    (SLOTS + 1, samples + taps), last row to work in; `bank`: see `layout`.
    """
    period = len(x)
    heard, done, who = seats[0], seats[1], seats[2]
    gain, waiting = clocks[SLOTS], 0
    who[:] = -1
    while True:
        busy = 0
        for slot in range(SLOTS):
            while (who[slot] < 0 or done[slot] == lengths[who[slot]]) and waiting < len(starts):
                who[slot], done[slot], heard[slot] = waiting, 0, 0
                waiting += 1
                rings[slot, :] = _ZERO
                clocks[slot, :] = pitch[starts[who[slot]]] if lengths[who[slot]] else 0.0
                bank[:, slot] = _ZERO
            if who[slot] < 0 or done[slot] == lengths[who[slot]]:
                x[:, slot] = _ZERO
                continue
            busy += 1
            frame = starts[who[slot]] + done[slot]
            before = frame - 1 if done[slot] else frame
            gain[0], gain[1] = spectrum[before, 0], spectrum[frame, 0]
            _coefficients(bank, spectrum, frame, before, slot, period)
            heard[slot] = _excite(
                x[:, slot], rings[slot], rings[SLOTS], clocks[slot], lowpass[frame], noise, heard[slot], pitch[frame],
                gain,
            )  # fmt: skip
        if not busy:
            return
        filter_frame(x, bank, np.float32(alpha), period, spectrum.shape[1] - 2)
        for slot in range(SLOTS):
            if who[slot] >= 0 and done[slot] < lengths[who[slot]]:
                at = (starts[who[slot]] + done[slot]) * period
                for n in range(period):
                    out[at + n] = x[n, slot] * np.float32(volume)
                done[slot] += 1


@_compiled
def _eliminate(band: Floats, right: Floats) -> None:
    """`parameters.eliminate`, compiled: the same operations in the same order."""
    length, width, _ = band.shape
    wide = _index(band.shape[2])
    for t in range(length):
        for i in range(1, min(width, t + 1)):
            for k in range(wide):
                band[t, 0, k] -= band[t - i, i, k] * band[t - i, i, k] * band[t - i, 0, k]
        for i in range(1, width):
            for j in range(1, min(width - i, t + 1)):
                for k in range(wide):
                    band[t, i, k] -= band[t - j, j, k] * band[t - j, i + j, k] * band[t - j, 0, k]
            for k in range(wide):
                band[t, i, k] /= band[t, 0, k]
        for i in range(1, min(width, t + 1)):
            for k in range(wide):
                right[t, k] -= band[t - i, i, k] * right[t - i, k]
    for t in range(length - 1, -1, -1):
        for k in range(wide):
            right[t, k] /= band[t, 0, k]
        for i in range(1, min(width, length - t)):
            for k in range(wide):
                right[t, k] -= band[t, i, k] * right[t + i, k]


@_compiled
def _equations(  # noqa: PLR0917
    mean: Any, precision: Any, state: Ints, whole: Bools, windows: Floats, band: Floats, right: Floats
) -> None:
    """`parameters.equations`, compiled: the same sums."""
    length = len(right)
    wide = _index(band.shape[2])
    band[:, :, :] = 0.0
    right[:, :] = 0.0
    kinds, half = windows.shape[0], windows.shape[1] // 2
    for kind in range(kinds):
        for shift in range(-half, half + 1):
            weight = windows[kind, half - shift]
            if weight == 0.0:
                continue
            for t in range(max(0, -shift), min(length, length - shift)):
                if not whole[kind, t + shift]:
                    continue
                there = state[t + shift]
                for k in range(wide):
                    right[t, k] += weight * precision[there, kind, k] * mean[there, kind, k]
                for ahead in range(min(half + shift + 1, length - t)):
                    other = windows[kind, half + ahead - shift] if ahead - shift >= -half else 0.0
                    if other != 0.0:
                        for k in range(wide):
                            band[t, ahead, k] += weight * precision[there, kind, k] * other


@_compiled
def _moments(par: Floats, on: Bools, chosen: float, mean: Floats, vari: Floats) -> None:
    """Mean and variance of each column over the frames that are `on`."""
    wide = _index(par.shape[1])
    mean[:] = 0.0
    vari[:] = 0.0
    for t in range(len(par)):
        if on[t]:
            for k in range(wide):
                mean[k] += par[t, k]
    for k in range(wide):
        mean[k] /= chosen
    for t in range(len(par)):
        if on[t]:
            for k in range(wide):
                away = par[t, k] - mean[k]
                vari[k] += away * away
    for k in range(wide):
        vari[k] /= chosen


@_compiled
def _pulled(band: Floats, par: Floats, pull: Floats) -> None:
    """The symmetric band matrix times `par`."""
    length, width, _ = band.shape
    wide = _index(band.shape[2])
    for t in range(length):
        for k in range(wide):
            pull[t, k] = band[t, 0, k] * par[t, k]
        for i in range(1, width):
            if t + i < length:
                for k in range(wide):
                    pull[t, k] += band[t, i, k] * par[t + i, k]
            if t >= i:
                for k in range(wide):
                    pull[t, k] += band[t - i, i, k] * par[t - i, k]


@_compiled
def _raise_variance(  # noqa: PLR0917
    par: Floats,
    pull: Floats,
    band: Floats,
    right: Floats,
    on: Bools,
    chosen: float,
    columns: Floats,
    weight: float,
    rounds: int,
    first: float,
    slower: float,
    faster: float,
) -> None:
    """The Newton steps of `parameters.raise_variance`, in place. `columns`: goal's mean and variance, and room."""
    length = len(par)
    wide = _index(par.shape[1])
    wanted, firm, mean, vari, step, last, cost = (
        columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6],
    )  # fmt: skip
    step[:] = first
    for turn in range(rounds):
        _moments(par, on, chosen, mean, vari)
        _pulled(band, par, pull)
        cost[:] = 0.0
        for t in range(length):
            for k in range(wide):
                cost[k] += weight * par[t, k] * (right[t, k] - 0.5 * pull[t, k])
        for k in range(wide):
            cost[k] = -cost[k] + 0.5 * vari[k] * firm[k] * (vari[k] - 2.0 * wanted[k])
            if turn:
                step[k] *= slower if cost[k] > last[k] else faster if cost[k] < last[k] else 1.0
            last[k] = cost[k]
        for t in range(length):
            lit = 1.0 if on[t] else 0.0
            for k in range(wide):
                away, off = par[t, k] - mean[k], vari[k] - wanted[k]
                curve = -weight * band[t, 0, k] - 2.0 / (length * length) * (
                    (length - 1) * firm[k] * off + 2.0 * firm[k] * away * away
                )
                slope = weight * (right[t, k] - pull[t, k]) + lit * (-2.0 * firm[k] * off / length * away)
                par[t, k] += step[k] * (slope / curve)


@_compiled
def _columns(mean: Floats, precision: Floats, goal: Floats, first: int, size: int, some: Any, columns: Floats) -> None:  # noqa: PLR0917
    """A block's columns from `first` on, the missing ones filled with harmless numbers. `some`: mean, precision."""
    kinds, there = some.shape[2], _index(min(some.shape[3], size - first))
    columns[:2] = 1.0
    some[0] = 0.0
    some[1] = 1.0
    for k in range(there if len(goal) else _index(0)):
        columns[0, k] = goal[0, _index(first) + k]
        columns[1, k] = goal[1, _index(first) + k]
    for s in range(len(mean)):
        for kind in range(kinds):
            at = _index(kind * size + first)
            for k in range(there):
                some[0, s, kind, k] = mean[s, at + k]
                some[1, s, kind, k] = precision[s, at + k]


@_compiled
def _solve(  # noqa: PLR0917
    mean: Floats,
    precision: Floats,
    state: Ints,
    whole: Bools,
    windows: Floats,
    goal: Floats,
    on: Bools,
    some: Any,
    band: Floats,
    factor: Floats,
    rows: Any,
    columns: Floats,
    out: Floats,
    rounds: int,
    step: float,
    slower: float,
    faster: float,
) -> None:
    """See `lanes.Lanes.solve`, `BLOCK` columns at a time, whose numbers stay in the processor's cache.

    Room to work in: `some` shape (2, states, windows, BLOCK), `band` and `factor` (frames, width, BLOCK), `rows`
    (3, frames, BLOCK), `columns` (7, BLOCK).
    """
    length, size = out.shape
    wide = _index(band.shape[2])
    right, pull, par = rows[0], rows[1], rows[2]
    weight, chosen = 1.0 / (windows.shape[0] * length), 0.0
    for t in range(length):
        chosen += 1.0 if on[t] else 0.0
    for first in range(0, size, BLOCK):
        _columns(mean, precision, goal, first, size, some, columns)
        _equations(some[0], some[1], state, whole, windows, band, right)
        for t in range(length):
            for k in range(wide):
                par[t, k] = right[t, k]
                for i in range(band.shape[1]):
                    factor[t, i, k] = band[t, i, k]
        _eliminate(factor, par)
        if len(goal) and chosen:
            now, vari = columns[2], columns[3]
            _moments(par, on, chosen, now, vari)
            for k in range(wide):
                vari[k] = np.sqrt(columns[0, k] / vari[k]) if vari[k] > 0.0 else 1.0
            for t in range(length):
                if on[t]:
                    for k in range(wide):
                        par[t, k] = vari[k] * (par[t, k] - now[k]) + now[k]
            _raise_variance(par, pull, band, right, on, chosen, columns, weight, rounds, step, slower, faster)
        for t in range(length):
            for k in range(min(BLOCK, size - first)):
                out[t, first + k] = par[t, k]


_kinds: Any = types
_F4, _F8, _I8, _B1 = (_kinds.CPointer(kind) for kind in (types.float32, types.float64, types.int64, types.boolean))
_n, _x = types.int64, types.float64


def speak(  # noqa: PLR0917 -- a C function: pointers, then sizes
    spectrum: Any, pitch: Any, lowpass: Any, starts: Any, lengths: Any, noise: Any, clocks: Any, seats: Any, bank:
    Any, x: Any, rings: Any, out: Any, frames: Any, order: Any, taps: Any, count: Any, hiss: Any, period: Any, alpha:
    Any, volume: Any,
) -> None:  # fmt: skip
    """`_speak` on bare memory."""
    _speak(
        carray(spectrum, (frames, order)), carray(pitch, (frames,)), carray(lowpass, (frames, taps)),
        carray(starts, (count,)), carray(lengths, (count,)), carray(noise, (hiss,)), carray(clocks, (SLOTS + 1, 2)),
        carray(seats, (3, SLOTS)), carray(bank, (_rows(order), SLOTS)), carray(x, (period, SLOTS)),
        carray(rings, (SLOTS + 1, period + taps)), carray(out, (frames * period,)), alpha, volume,
    )  # fmt: skip


def solve(  # noqa: PLR0917 -- a C function: pointers, then sizes
    mean: Any, precision: Any, state: Any, whole: Any, windows: Any, goal: Any, on: Any, some: Any, band: Any, factor:
    Any, rows: Any, columns: Any, out: Any, states: Any, length: Any, kinds: Any, width: Any, size: Any, goals: Any,
    rounds: Any, step: Any, slower: Any, faster: Any,
) -> None:  # fmt: skip
    """`_solve` on bare memory."""
    _solve(
        carray(mean, (states, kinds * size)), carray(precision, (states, kinds * size)), carray(state, (length,)),
        carray(whole, (kinds, length)), carray(windows, (kinds, width)), carray(goal, (goals, size)),
        carray(on, (length,)), carray(some, (2, states, kinds, BLOCK)), carray(band, (length, width, BLOCK)),
        carray(factor, (length, width, BLOCK)), carray(rows, (3, length, BLOCK)), carray(columns, (7, BLOCK)),
        carray(out, (length, size)), rounds, step, slower, faster,
    )  # fmt: skip


ENTRIES: Final[Mapping[str, tuple[Callable[..., None], Any]]] = {
    "speak": (
        speak,
        types.void(_F4, _F8, _F4, _I8, _I8, _F4, _F8, _I8, _F4, _F4, _F4, _F4, *[_n] * 6, _x, _x),
    ),
    "solve": (
        solve,
        types.void(_F8, _F8, _I8, _B1, _F8, _F8, _B1, *[_F8] * 6, *[_n] * 7, _x, _x, _x),
    ),
}
"""C functions by name, with their types."""


def assembly() -> dict[str, tuple[str, str]]:
    """Each entry's symbol and its module as LLVM assembly, optimised for this processor."""
    made = {}
    for name, (function, signature) in ENTRIES.items():
        one = numba.cfunc(signature, error_model="numpy")(function)
        made[name] = (str(one.native_name), str(one.inspect_llvm()))
    return made
