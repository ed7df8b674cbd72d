"""What the vocoders share: MLSA coefficients, pitch periods, and the noise every utterance begins with.

Formulas of HTS_engine API 1.10 (HTS_vocoder.c).
"""

from __future__ import annotations

import threading
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from yomicast.speech.hts.parameters import HIGHEST, LOWEST, SILENT
from yomicast.speech.hts.voice import Floats, Singles

PADE: Final = (1.0, 0.4999391, 0.1107098, 0.01369984, 0.0009564853, 0.00003041721)
"""Padé approximation of exp of order 5, as Imai modified it for the MLSA filter."""
_MULTIPLIER, _INCREMENT, _MASK = 1103515245, 12345, 0xFFFFFFFF
_BLOCK: Final = 1 << 16
KEPT: Final = 1 << 22
"""Noise kept between utterances (87 s at 48 kHz, 16 MiB)."""
_lock = threading.Lock()
_table: list[Singles] = [np.zeros(0, np.float32)]


Reals = TypeVar("Reals", npt.NDArray[np.float32], npt.NDArray[np.float64])


def coefficients(mel_cepstrum: Reals, alpha: float) -> Reals:
    """MLSA filter coefficients b of mel-cepstra, shape (frames, order + 1) both (HTS_mc2b)."""
    columns = np.ascontiguousarray(mel_cepstrum.T)
    for m in range(len(columns) - 2, -1, -1):
        columns[m] -= alpha * columns[m + 1]
    return np.ascontiguousarray(columns.T)


def periods(lf0: Floats, rate: int) -> Floats:
    """Pitch periods in samples, 0 where unvoiced."""
    hertz = np.exp(np.clip(lf0, np.log(LOWEST), np.log(HIGHEST)))
    return np.where(lf0 == SILENT, 0.0, rate / hertz)


def noise(count: int) -> Singles:
    """The first `count` numbers of the noise: the C library's example generator from seed 1, made Gaussian by
    Marsaglia's polar method. Every utterance hears the same noise, so its sound depends on nothing but itself.
    """
    if count > KEPT:
        return _gaussian(count)
    with _lock:
        table = _table[0]
        if len(table) < count:
            table = _table[0] = _gaussian(min(KEPT, max(count, 2 * len(table))))
    return table[:count]


def _gaussian(count: int) -> Singles:
    pieces: list[Singles] = []
    have, seed = 0, 1
    jump = _jumps()
    while have < count:
        with np.errstate(over="ignore"):
            states = (jump[0] * np.uint64(seed) + jump[1]) & np.uint64(_MASK)
        seed = int(states[-1])
        uniform = ((states >> np.uint64(16)) % np.uint64(32768)).astype(np.float64) / 32767
        pairs = (2 * uniform - 1).reshape(-1, 2)
        size = pairs[:, 0] * pairs[:, 0] + pairs[:, 1] * pairs[:, 1]
        kept = (size <= 1) & (size != 0)
        size = size[kept]
        pieces.append((pairs[kept] * np.sqrt(-2 * np.log(size) / size)[:, None]).astype(np.float32).ravel())
        have += len(pieces[-1])
    return np.concatenate(pieces)[:count]


def _jumps() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Factor and summand that lead from a state to the 1st … `_BLOCK`th after it, by doubling."""
    factor, summand = np.array([_MULTIPLIER], np.uint64), np.array([_INCREMENT], np.uint64)
    mask = np.uint64(_MASK)
    while len(factor) < _BLOCK:
        last_f, last_s = factor[-1], summand[-1]
        factor, summand = (
            np.concatenate([factor, factor * last_f & mask]),
            np.concatenate([summand, factor * last_s + summand & mask]),
        )
    return factor, summand
