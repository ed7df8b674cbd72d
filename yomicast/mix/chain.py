"""What a voice file's `chain` can ask for, one function a name. Pure: samples in, samples out, 48 kHz mono.

Levelling and the trimming of the engine's silence happen for every voice; these are off unless named. Filters work on
the whole line in the frequency domain, so they shift nothing in time and cues stay exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from yomicast.errors import ConfigError, nearest
from yomicast.model import Message

RATE = 48_000
Mono: TypeAlias = npt.NDArray[np.float32]
Link: TypeAlias = Callable[[Mono], Mono]

HOP = 240
"""Frames of 5 ms between points at which the compressor and the de-esser think."""


def high_pass(line: Mono) -> Mono:
    """80 Hz, 12 dB an octave: rumble and engine hum go, the voice stays."""
    return _filtered(line, lambda hertz: 1 / np.sqrt(1 + (80.0 / np.maximum(hertz, 1.0)) ** 4))


def compress(line: Mono) -> Mono:
    """Gentle: 2.5 : 1 over the line's own loud level less 8 dB, a soft knee, 10 ms to act and 120 ms to let go."""
    level = _envelope(line)
    loud = float(np.percentile(level, 90))
    over = np.maximum(0.0, level - (loud - 8.0))
    cut = over * (1 - 1 / 2.5) * np.minimum(1.0, over / 6.0)
    return _gained(line, -_released(cut, attack=2, release=24))


def de_ess(line: Mono) -> Mono:
    """Hiss between 5 and 10 kHz that stands out over the voice is held back, by at most 8 dB; only that band."""
    hiss = _filtered(line, lambda hertz: ((hertz >= 5_000) & (hertz <= 10_000)).astype(np.float64))
    hot = np.clip(_envelope(hiss) - _envelope(line) + 9.0, 0.0, 8.0)
    return np.asarray(line - hiss + _gained(hiss, -_released(hot, attack=1, release=8)), dtype=np.float32)


def _shelves(*points: tuple[float, float]) -> Link:
    """An equalizer through (hertz, dB) points, straight over log frequency."""
    hertz = np.log([at for at, _ in points])
    gains = [gain for _, gain in points]

    def equalized(line: Mono) -> Mono:
        return _filtered(line, lambda at: 10.0 ** (np.interp(np.log(np.maximum(at, 1.0)), hertz, gains) / 20))

    return equalized


CHAIN: Mapping[str, Link] = {
    "high-pass": high_pass,
    "compress": compress,
    "de-ess": de_ess,
    "warm": _shelves((100, 1.5), (250, 2.0), (1_000, 0.0), (4_000, -1.5), (12_000, -3.0)),
    "clear": _shelves((120, -2.0), (300, -1.5), (1_500, 0.5), (3_500, 3.0), (6_000, 1.5), (12_000, 0.0)),
    "soft": _shelves((200, 0.0), (2_500, -1.5), (5_000, -3.0), (12_000, -6.0)),
    "telephone": _shelves((150, -40.0), (300, 0.0), (3_400, 0.0), (5_000, -40.0)),
}
"""Names for voice files; a new row is tested by being here."""


def check(names: Iterable[str], *, voice: str) -> None:
    """Raise ConfigError for a name that is no link of the chain."""
    for name in names:
        if name not in CHAIN:
            raise ConfigError(
                Message(f"the chain has no '{name}'", f"chain に '{name}' はありません"),
                where=f"voices/{voice}.yaml: chain",
                hint=nearest(name, CHAIN),
            )


def through(line: Mono, names: Sequence[str]) -> Mono:
    """The line through the named links in order; as long as before."""
    for name in names if len(line) else ():
        line = CHAIN[name](line)
    return line


def _filtered(line: Mono, gain: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]) -> Mono:
    """The line with each frequency multiplied by `gain`, zero phase; a tenth of a second of silence is around it."""
    pad = RATE // 10
    size = -(-(len(line) + 2 * pad) // 4_800) * 4_800  # a length that transforms quickly
    # "ortho": numpy transforms single precision as such only where it scales both ways; see loudness.hop_energies.
    spectrum = np.fft.rfft(np.pad(line, (pad, size - len(line) - pad)), norm="ortho")
    factors = gain(np.asarray(np.fft.rfftfreq(size, 1 / RATE), dtype=np.float64)).astype(np.float32)
    shaped = np.fft.irfft(spectrum * factors, size, norm="ortho")
    return np.asarray(shaped[pad : pad + len(line)], dtype=np.float32)


def _envelope(line: Mono) -> npt.NDArray[np.float64]:
    """Level in dB every 5 ms."""
    padded = np.pad(line, (0, -len(line) % HOP)).reshape(-1, HOP)
    return np.asarray(10 * np.log10((padded.astype(np.float64) ** 2).mean(axis=1) + 1e-9))


def _released(cut: npt.NDArray[np.float64], *, attack: int, release: int) -> npt.NDArray[np.float64]:
    """A gain reduction that comes quickly and goes slowly; `attack`, `release` in steps of 5 ms."""
    now, out = 0.0, np.empty_like(cut)
    for i, wanted in enumerate(cut.tolist()):
        now += (wanted - now) / (attack if wanted > now else release)
        out[i] = now
    return out


def _gained(line: Mono, decibels: npt.NDArray[np.float64]) -> Mono:
    """The line with a gain that runs straight from the middle of one step to the next."""
    middles = np.arange(len(decibels)) * HOP + HOP / 2
    gain = np.interp(np.arange(len(line)), middles, 10 ** (decibels / 20))
    return np.asarray(line * gain, dtype=np.float32)
