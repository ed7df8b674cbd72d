"""The vocoder in plain numpy: each frame's excitation through its filter by FFT, overlap-added.

The mel-cepstrum is evaluated as a minimum-phase spectrum on the warped unit circle (Tokuda et al., ICSLP 1994) and
neighbouring frames are cross-faded, which stands for the sample-by-sample interpolation of HTS_engine API 1.10. The
excitation has the same pulses, noise and low-pass filters as the original's. Works wherever numpy does; the compiled
vocoder is in `lanes`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from yomicast.model import Samples
from yomicast.speech.hts import excitation
from yomicast.speech.hts.parameters import Parameters
from yomicast.speech.hts.voice import Floats, Singles

RINGING: Final = 0.030
"""Seconds for which a frame's filter may ring."""
BLOCK: Final = 32
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
    size = 1 << math.ceil(math.log2(2 * period + RINGING * rate))
    reach = -(-size // period)
    sound = np.zeros((frames + 1 + reach, period), np.float32)
    # Row 0 sounds through the first frame's filter alone, as the original starts with it.
    source = np.zeros((frames + 2, period), np.float32)
    source[1:-1] = excite(par, rate, period).reshape(frames, period)
    fade = (np.arange(period, dtype=np.float32) / np.float32(period))[None, :]
    basis = _basis(par.spectrum.shape[1], alpha, size)
    cepstrum = np.concatenate([par.spectrum[:1], par.spectrum]).astype(np.float32)
    for start in range(0, frames + 1, BLOCK):
        stop = min(start + BLOCK, frames + 1)
        piece = np.concatenate([source[start:stop] * fade, source[start + 1 : stop + 1] * (1 - fade)], axis=1)
        heard = np.zeros((stop - start, reach * period), np.float32)
        heard[:, :size] = np.fft.irfft(np.fft.rfft(piece, size) * _response(cepstrum[start:stop], basis), size)
        for k in range(reach):
            sound[start + k : stop + k] += heard[:, k * period : (k + 1) * period]
    return sound[1 : frames + 1].ravel() * np.float32(volume)


@lru_cache(maxsize=8)
def _basis(order: int, alpha: float, size: int) -> Singles:
    """Cosine and −sine of m times the warped frequency, shape (order, 2 × bins)."""
    omega = np.linspace(0, np.pi, size // 2 + 1)
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
    """Pulses and noise, shape (frames × period,): in voiced frames pulses below the low-pass filter, noise above."""
    pitch = excitation.periods(par.lf0, rate)
    frames, taps = par.lowpass.shape
    voiced = pitch > 0
    beats = pulses(pitch, period).reshape(frames, period)
    count = frames * period
    if not taps:
        hiss = np.zeros((frames, period))
        hiss[~voiced] = excitation.noise(int((~voiced).sum()) * period).reshape(-1, period)
        return (beats + hiss).astype(np.float32).ravel()
    noise = excitation.noise(count).reshape(frames, period)
    center = (taps - 1) // 2
    out = np.zeros(count + taps, np.float32)
    out[center : center + count] = noise.ravel()
    shaped = _convolved((beats - noise)[voiced].astype(np.float32), par.lowpass[voiced].astype(np.float32))
    rows = -(-(period + taps - 1) // period)
    full = np.zeros((frames + rows, period), np.float32)
    for k in range(rows):
        part = shaped[:, k * period : (k + 1) * period]
        full[np.flatnonzero(voiced) + k, : part.shape[1]] += part
    return out[:count] + full.ravel()[:count]


def _convolved(x: Singles, lowpass: Singles) -> Singles:
    """Each row of `x` with its own filter, full length."""
    taps, period = lowpass.shape[1], x.shape[1]
    out = np.zeros((len(x), period + taps - 1), np.float32)
    for k in range(taps):
        out[:, k : k + period] += x * lowpass[:, k : k + 1]
    return out


def pulses(pitch: Floats, period: int) -> Floats:
    """One pulse a pitch period, as high as its root, at the samples the original puts them; shape (frames × period,).

    The original counts samples up to the present period. With n samples gone, the next pulse falls where n − period(n)
    first reaches a known mark, and n − period(n) rises, so each pulse is one search.
    """
    out = np.zeros(len(pitch) * period)
    before = np.concatenate([pitch[:1], pitch[:-1]])
    joined = (before > 0) & (pitch > 0)
    step = np.where(joined, (pitch - before) / period, 0.0)
    now = (np.where(joined, before, pitch)[:, None] + step[:, None] * np.arange(period)).ravel()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], pitch > 0, [False]]).astype(np.int8)))
    for start, stop in edges.reshape(-1, 2) * period:
        run = now[start:stop]
        lead = np.maximum.accumulate(np.arange(len(run)) - run)
        at, mark = 0, -1.0 - run[0]
        while True:
            at = max(at, int(lead.searchsorted(mark)))
            if at >= len(run):
                break
            out[start + at] = np.sqrt(run[at])
            # The counter starts anew with what is left over: count(at) = at − mark, less the period.
            mark += run[at]
            at += 1
    return out
