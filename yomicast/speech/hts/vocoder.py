"""The vocoder in plain numpy: each frame's excitation through its filter by FFT, overlap-added.

The mel-cepstrum is evaluated as a minimum-phase spectrum on the warped unit circle (Tokuda et al., ICSLP 1994) and
neighbouring frames are cross-faded, which stands for the sample-by-sample interpolation of HTS_engine API 1.10. The
excitation has the same pulses, noise and low-pass filters as the original's. Works wherever numpy does; the compiled
vocoder is in `lanes`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from yomicast.model import Samples
from yomicast.speech.hts import excitation
from yomicast.speech.hts.parameters import Parameters
from yomicast.speech.hts.trees import Ints
from yomicast.speech.hts.voice import Floats, Singles

RINGING: Final = 220
"""Samples for which a frame's filter may ring, unwarped; warped by alpha, low frequencies ring (1 + alpha) / (1 − alpha)
times as long. What comes later is 86 dB below or less (Mei: 109 dB, after 16 ms)."""
LONGEST: Final = 40
"""How many times as long at most: as alpha 0.95 has it. A voice file may ask for any that is less than 1."""
BLOCK: Final = 64
"""Frames transformed at once: as many as stay near the processor."""


def speak(par: Parameters, *, rate: int, period: int, alpha: float, volume: float) -> Samples:
    """The sound of one utterance, shape (frames × period,), in the scale of the voice (int16).

    Args:
        par: its parameters.
        rate: Hz.
        period: samples a frame.
        alpha: frequency warping of the mel-cepstrum.
        volume: factor on the samples.
    """
    frames = len(par.lf0)
    if not frames:
        return np.zeros(0, np.float32)
    reach = 2 + math.ceil(RINGING * min(LONGEST, (1 + alpha) / (1 - alpha)) / period)
    size = reach * period
    sound = np.zeros((frames + 1 + reach, period), np.float32)
    # Row 0 sounds through the first frame's filter alone, as the original starts with it.
    source = np.zeros((frames + 2, period), np.float32)
    source[1:-1] = excite(par, rate, period)
    fade = np.arange(period, dtype=np.float32) / np.float32(period)
    basis = _basis(par.spectrum.shape[1], alpha, size)
    cepstrum = np.concatenate([par.spectrum[:1], par.spectrum]).astype(np.float32, copy=False)
    piece = np.zeros((BLOCK, size), np.float32)  # what comes after the two frames stays silent
    for start in range(0, frames + 1, BLOCK):
        stop = min(start + BLOCK, frames + 1)
        count = stop - start
        np.multiply(source[start:stop], fade, out=piece[:count, :period])
        np.multiply(source[start + 1 : stop + 1], 1 - fade, out=piece[:count, period : 2 * period])
        heard = _heard(_spectrum(piece[:count], size) * _response(cepstrum[start:stop], basis), size)
        for k in range(reach):
            sound[start + k : stop + k] += heard[:, k * period : (k + 1) * period]
    sound *= np.float32(volume)
    return sound[1 : frames + 1].ravel()


@lru_cache(maxsize=8)
def _basis(order: int, alpha: float, size: int) -> Singles:
    """Cosine and −sine of m times the warped frequency, shape (order, 2 × bins)."""
    omega = np.arange(size // 2 + 1) * (2 * np.pi / size)
    warped = omega + 2 * np.arctan2(alpha * np.sin(omega), 1 - alpha * np.cos(omega))
    angle = np.arange(order)[:, None] * warped
    return np.concatenate([np.cos(angle), -np.sin(angle)], axis=1).astype(np.float32)


def _response(cepstrum: Singles, basis: Singles) -> npt.NDArray[np.complex64]:
    """The filter of each frame, shape (frames, bins)."""
    bins = basis.shape[1] // 2
    log = cepstrum @ basis
    response = np.empty((len(log), bins), np.complex64)
    level, phase = np.exp(log[:, :bins]), log[:, bins:]
    response.real = level * np.cos(phase)
    response.imag = level * np.sin(phase)
    return response


def excite(par: Parameters, rate: int, period: int) -> Singles:
    """Pulses and noise, shape (frames, period): in voiced frames pulses below the low-pass filter, noise above."""
    pitch = excitation.periods(par.lf0, rate)
    frames, taps = par.lowpass.shape
    at, height = pulses(pitch, period)
    if not taps:
        out = np.zeros((frames, period), np.float32)
        hiss = np.flatnonzero(pitch == 0)
        out[hiss] = excitation.noise(len(hiss) * period).reshape(-1, period)
        out.ravel()[at] = height
        return out
    noise = excitation.noise(frames * period).reshape(frames, period)
    late = (taps - 1) // 2  # the noise that is left alone comes as late as what went through the filter
    room = np.zeros((frames + -(-(period + taps) // period), period), np.float32)
    room.ravel()[late : late + noise.size] = noise.ravel()
    for start in range(0, frames, BLOCK):
        voiced = start + np.flatnonzero(pitch[start : start + BLOCK])
        if not len(voiced):
            continue
        first, last = np.searchsorted(at, (start * period, (start + BLOCK) * period))
        beats = np.zeros((BLOCK, period), np.float32)
        beats.ravel()[at[first:last] - start * period] = height[first:last]
        shaped = _convolved(beats[voiced - start] - noise[voiced], par.lowpass[voiced])
        for k in range(-(-shaped.shape[1] // period)):
            part = shaped[:, k * period : (k + 1) * period]
            room[voiced + k, : part.shape[1]] += part
    return room[:frames]


def _convolved(x: Singles, lowpass: Singles) -> Singles:
    """Each row of `x` with its own filter, full length."""
    size = x.shape[1] + lowpass.shape[1] - 1
    return _heard(_spectrum(x, size) * _spectrum(lowpass * np.float32(math.sqrt(size)), size), size)


def _spectrum(rows: Singles, size: int) -> npt.NDArray[np.complex64]:
    """Their spectrum over √size. Scaled, as numpy transforms single precision as such only where it has a factor of that
    kind to multiply with; without one it goes by way of double precision, at twice the cost.
    """
    return np.fft.rfft(rows, size, norm="ortho").astype(np.complex64, copy=False)


def _heard(spectrum: npt.NDArray[np.complex64], size: int) -> Singles:
    """The sound of what `_spectrum` gave."""
    return np.fft.irfft(spectrum, size, norm="ortho").astype(np.float32, copy=False)


def pulses(pitch: Floats, period: int) -> tuple[Ints, Floats]:
    """One pulse a pitch period, at the samples the original puts them: which samples, rising, and how high (its root).

    The original counts samples up to the present period. With n samples gone, the next pulse falls where n − period(n)
    first reaches a known mark. Within a frame that is a line, so each pulse is one division.
    """
    before = np.concatenate([pitch[:1], pitch[:-1]])
    joined = (before > 0) & (pitch > 0)
    slopes = np.where(joined, (pitch - before) / period, 0.0)
    firsts = np.where(joined, before, pitch)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], pitch > 0, [False]]).astype(np.int8)))
    found = [
        (start * period + at, now)
        for start, stop in edges.reshape(-1, 2).tolist()
        for at, now in _beats(firsts[start:stop], slopes[start:stop], period)
    ]
    return np.array([at for at, _ in found], np.int64), np.sqrt(np.array([now for _, now in found], np.float64))


def _beats(firsts: Floats, slopes: Floats, period: int) -> Iterator[tuple[int, float]]:
    """The pulses of one voiced stretch, sample and period, from the first period of each frame and its growth a sample."""
    mark = -1.0 - float(firsts[0])
    for frame, (low, rise) in enumerate(zip(firsts.tolist(), slopes.tolist(), strict=True)):
        begin, step = frame * period, 0
        while step < period:
            if rise < 1 and (due := (mark - begin + low) / (1 - rise)) > step:
                step = int(due) if due < period else period  # never behind the place
            now = low + rise * step
            if step < period and begin + step - now >= mark:
                yield begin + step, now
                # The counter starts anew with what is left over: count = n − mark, less the period.
                mark += now
            step += 1
