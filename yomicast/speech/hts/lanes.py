"""The compiled vocoder and solvers (extra `[fast]`) as numpy functions; `kernels` says how they work."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from yomicast.speech.hts.layout import SLOTS, rows
from yomicast.speech.hts.machine import Kernels, kernels
from yomicast.speech.hts.trees import Bools, Ints
from yomicast.speech.hts.voice import Floats

Singles: TypeAlias = npt.NDArray[np.float32]


LINE: Final = 16
"""Single floats in a cache line."""


class Lanes:
    """The functions, bound once. May be used from several threads."""

    def __init__(self, code: Kernels) -> None:
        self._speak, self._eliminate, self._raise = code["speak"], code["eliminate"], code["raise_variance"]

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
        rings = np.zeros((SLOTS, period + lowpass.shape[1]), np.float32)
        out = np.zeros(frames * period, np.float32)
        arrays = _plain((spectrum, np.float32), (pitch, np.float64), (lowpass, np.float32))
        arrays += _plain((starts, np.int64), (lengths, np.int64), (noise, np.float32))
        arrays += [clocks, seats, bank, x, rings, out]
        sizes = (frames, order, lowpass.shape[1], len(starts), len(noise), period)
        self._speak(*(array.ctypes.data for array in arrays), *sizes, alpha, volume)
        return out

    def eliminate(self, band: Floats, right: Floats) -> None:
        """`parameters.eliminate`: the same operations in the same order. Both arrays C-contiguous float64."""
        assert band.flags.c_contiguous
        assert right.flags.c_contiguous
        self._eliminate(band.ctypes.data, right.ctypes.data, *band.shape)

    def raise_variance(  # noqa: PLR0917 -- the order of the formula
        self,
        par: Floats,
        band: Floats,
        right: Floats,
        on: Bools,
        goal: Floats,
        weight: float,
        rounds: int,
        steps: tuple[float, float, float],
    ) -> None:
        """The Newton steps of `parameters.raise_variance`, in place on `par`, shape (frames, size)."""
        assert par.flags.c_contiguous
        arrays = [par, np.empty_like(par), *_plain((band, np.float64), (right, np.float64), (on, np.bool_))]
        arrays += [*_plain((goal, np.float64)), np.zeros((5, par.shape[1]))]
        self._raise(*(array.ctypes.data for array in arrays), *band.shape, rounds, weight, *steps)


def _aligned(rows: int, columns: int) -> Singles:
    """Zeros that begin on a cache line: the widest registers are as long as one, and to cross lines costs double."""
    room = np.zeros(rows * columns + LINE, np.float32)
    first = -(room.ctypes.data // room.itemsize) % LINE
    return room[first : first + rows * columns].reshape(rows, columns)


def _plain(*given: tuple[npt.NDArray[np.generic], type]) -> list[npt.NDArray[np.generic]]:
    return [np.ascontiguousarray(array, kind) for array, kind in given]


def compiled() -> Lanes | None:
    """The compiled functions; None without the extra `[fast]`."""
    code = kernels()
    return None if code is None else Lanes(code)
