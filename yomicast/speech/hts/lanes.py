"""The compiled vocoder and solvers (extra `[fast]`) as numpy functions; `kernels` says how they work."""

from __future__ import annotations

import threading
from typing import Final

import numpy as np
import numpy.typing as npt

from yomicast.speech.hts.layout import BLOCK, SLOTS, rows
from yomicast.speech.hts.machine import Kernels, kernels
from yomicast.speech.hts.trees import Bools, Ints
from yomicast.speech.hts.voice import Floats, Singles

LINE: Final = 16
"""Single floats in a cache line."""
KEPT: Final = 1_000_000
"""Numbers of room that a thread keeps, 8 MB: a minute of speech; a longer line takes its own and gives it back."""


class Lanes:
    """The functions, bound once. May be used from several threads."""

    def __init__(self, code: Kernels) -> None:
        self._speak, self._solve = code["speak"], code["solve"]
        self._held = threading.local()

    def speak(  # noqa: PLR0917 -- the order of HTS_vocoder.c
        self,
        spectrum: Singles,
        pitch: Floats,
        lowpass: Singles,
        starts: Ints,
        lengths: Ints,
        noise: Singles,
        alpha: float,
        volume: float,
        period: int,
    ) -> Singles:
        """The sound of utterances that lie end to end, shape (frames × period,).

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
        """
        frames, order = spectrum.shape
        clocks, seats = np.zeros((SLOTS + 1, 2)), np.zeros((3, SLOTS), np.int64)
        bank, x = _aligned(rows(order), SLOTS), _aligned(period, SLOTS)
        rings = np.zeros((SLOTS + 1, period + lowpass.shape[1]), np.float32)
        out = np.zeros(frames * period, np.float32)
        arrays = _plain((spectrum, np.float32), (pitch, np.float64), (lowpass, np.float32))
        arrays += _plain((starts, np.int64), (lengths, np.int64), (noise, np.float32))
        arrays += [clocks, seats, bank, x, rings, out]
        sizes = (frames, order, lowpass.shape[1], len(starts), len(noise), period)
        self._speak(*(array.ctypes.data for array in arrays), *sizes, alpha, volume)
        return out

    def solve(  # noqa: PLR0917 -- as `parameters.Solvers` has it
        self,
        mean: Floats,
        precision: Floats,
        state: Ints,
        whole: Bools,
        windows: Floats,
        goal: Floats,
        on: Bools,
        rounds: int,
        steps: tuple[float, float, float],
    ) -> Floats:
        """See `parameters.Solvers`."""
        (states, _), (kinds, width), length, size = mean.shape, windows.shape, len(state), goal.shape[1]
        arrays = _plain((mean, np.float64), (precision, np.float64), (state, np.int64), (whole, np.bool_))
        arrays += _plain((windows, np.float64), (goal, np.float64), (on, np.bool_))
        wide = length * BLOCK
        arrays += self._room(2 * states * kinds * BLOCK, width * wide, width * wide, 3 * wide, 7 * BLOCK)
        par = np.empty((length, size))
        arrays.append(par)
        sizes = (states, length, kinds, width, size, len(goal), rounds)
        self._solve(*(array.ctypes.data for array in arrays), *sizes, *steps)
        return par

    def _room(self, *sizes: int) -> list[Floats]:
        """Room to work in, not cleared, this thread's until it asks again: fresh memory costs as much as the sums."""
        total = sum(sizes)
        held: Floats | None = getattr(self._held, "room", None)
        if held is None or len(held) < total:
            held = np.empty(total)
            if total <= KEPT:
                self._held.room = held
        return np.split(held[:total], np.cumsum(sizes)[:-1])


def _aligned(rows: int, columns: int) -> Singles:
    """Zeros that begin on a cache line: the instructions of `vectors` take rows for aligned, and may crash if they lie."""
    room = np.zeros(rows * columns + LINE, np.float32)
    first = -(room.ctypes.data // room.itemsize) % LINE
    return room[first : first + rows * columns].reshape(rows, columns)


def _plain(*given: tuple[npt.NDArray[np.generic], type]) -> list[npt.NDArray[np.generic]]:
    return [np.ascontiguousarray(array, kind) for array, kind in given]


def compiled() -> Lanes | None:
    """The compiled functions; None without the extra `[fast]`."""
    code = kernels()
    return None if code is None else Lanes(code)
