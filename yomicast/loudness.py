"""Loudness and true peak as numbers: ITU-R BS.1770-4, EBU R128, EBU Tech 3341 and 3342. Pure; sound at 48 kHz.

Three rooms measure: mix levels its lines, master its programme, encode the decoded file. The K filter is not run as a
recursion: each hop of 100 ms is weighted in the frequency domain by |K(f)|², and energies of hops are all that is
kept, so a chapter's `Levels` can be cached and chapters can be joined without listening again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from yomicast.model import Samples

RATE = 48_000
HOP = 4_800
"""Frames of 100 ms: a momentary block of BS.1770 is four of them, overlapping by three."""

TOGETHER = 16
"""Hops weighed at once: their spectra (200 kB) stay in the cache, and in memory that need not be asked for anew."""

PEAK_HOP = 48
TAPS = 24
AROUND = 2 * TAPS + PEAK_HOP
"""Frames at a block's edge that are looked at again together with what lies beyond it."""
NEAR = 0.63
"""Hops whose sample peak is 4 dB under what matters are not oversampled: more than speech and music that were coded
gain between samples."""

OFFSET = -0.691
ABSOLUTE_GATE = -70.0
SILENCE = float("-inf")

Planes = npt.NDArray[np.float32]
"""Sound as (channels, frames)."""

_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """K-weighted energy of each 100 ms (channels summed) and the true peak (linear) of a stretch of sound."""

    energies: npt.NDArray[np.float32]
    peak: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """Integrated loudness (LUFS), loudness range (LU), true peak (dBTP), loudest momentary value (LUFS)."""

    integrated: float
    range: float
    true_peak: float
    momentary: float


def decibels(linear: float) -> float:
    """20 log10; −inf for zero."""
    return 20.0 * float(np.log10(linear)) if linear > 0 else SILENCE


def linear(decibels_: float) -> float:
    """The factor of a gain in dB."""
    return float(10.0 ** (decibels_ / 20.0))


def sample_peak(samples: Samples) -> float:
    """The largest magnitude, 0 for none, without an array of magnitudes; no number where a sample is none."""
    return max(float(samples.max(initial=0.0)), -float(samples.min(initial=0.0)))


@cache
def _weights(size: int) -> npt.NDArray[np.float32]:
    """|K(f)|² for the real and the imaginary part of each rfft bin of `size` frames (`norm="forward"`), so that the weighted
    sum of their squares is the mean square.
    """
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones_like(z)
    for above, below in (_SHELF, _HIGH_PASS):
        response *= np.polyval(above[::-1], z) / np.polyval(below[::-1], z)
    weights = np.abs(response) ** 2 * 2.0
    weights[0] /= 2
    weights[-1] /= 2
    return np.repeat(weights, 2).astype(np.float32)


def hop_energies(samples: Samples) -> npt.NDArray[np.float32]:
    """K-weighted mean square of each 100 ms of `samples` (whole hops; shape (frames,) or (frames, channels))."""
    channels = (samples if samples.ndim == 2 else samples[:, None]).T
    count = channels.shape[1] // HOP
    hops = channels[:, : count * HOP].reshape(len(channels) * count, HOP).astype(np.float32, copy=False)
    energies = np.empty(len(hops), np.float32)
    for at in range(0, len(hops), TOGETHER):
        # Scaled forward: numpy transforms single precision as such only where it multiplies with a factor of its kind;
        # without one it goes by way of double precision, four times as slow.
        parts = np.ascontiguousarray(np.fft.rfft(hops[at : at + TOGETHER], axis=1, norm="forward")).view(np.float32)
        np.multiply(parts, parts, out=parts)
        # Two dimensions: with three numpy does without BLAS and takes four times as long.
        np.matmul(parts, _weights(HOP), out=energies[at : at + TOGETHER])
    return np.asarray(energies.reshape(len(channels), count).sum(axis=0), dtype=np.float32)


def energies(samples: Samples) -> npt.NDArray[np.float32]:
    """`hop_energies` of sound of any length; the last counts as if silence followed."""
    whole = len(samples) // HOP * HOP
    found = hop_energies(samples[:whole])
    if whole == len(samples):
        return found
    last = np.zeros((HOP, *samples.shape[1:]), np.float32)
    last[: len(samples) - whole] = samples[whole:]
    return np.concatenate([found, hop_energies(last)])


@cache
def _between() -> npt.NDArray[np.float32]:
    """Windowed-sinc interpolation at 1/4, 1/2 and 3/4 after each frame of a hop: shape (3 PEAK_HOP, PEAK_HOP + TAPS)."""
    at = np.arange(TAPS)[:, None] - (TAPS // 2 - 1) - np.array([0.25, 0.5, 0.75])
    kernel = np.sinc(at) * np.i0(7.0 * np.sqrt(np.maximum(0.0, 1 - (at / (TAPS / 2)) ** 2))) / np.i0(7.0)
    kernel /= kernel.sum(axis=0)
    rows = np.zeros((3, PEAK_HOP, PEAK_HOP + TAPS), np.float32)
    for frame in range(PEAK_HOP):
        rows[:, frame, frame + 1 : frame + 1 + TAPS] = kernel.T
    return rows.reshape(3 * PEAK_HOP, -1)


def peaks(channel: npt.NDArray[np.float32], floor: float) -> npt.NDArray[np.float32]:
    """True peak (4× oversampled) of each millisecond of one channel; 0 of those whose samples stay under `floor`.

    Args:
        channel: the frames with TAPS // 2 frames of what surrounds them on each side, 48 n + TAPS in all.
        floor: linear, not negative; below it a hop need not be oversampled.
    """
    inner = channel[TAPS // 2 : -TAPS // 2]
    found = np.zeros(len(inner) // PEAK_HOP, np.float32)
    # Two looks and no absolute value: that would be as long as the sound. Eight frames a word: most are quiet, and
    # numpy looks through long words faster than through single bytes.
    words = ((inner > floor) | (inner < -floor)).view(np.uint64)
    loud = np.flatnonzero(words) // (PEAK_HOP // 8)
    if not len(loud):
        return found
    found[loud] = 1.0
    loud = np.flatnonzero(found)
    for at in range(0, len(loud), 256):
        some = loud[at : at + 256]
        around = channel[some[:, None] * PEAK_HOP + _REACH]
        between = _between() @ around.T  # dense: three times the work of the filter, a tenth of its time
        np.abs(between, out=between)
        samples = np.abs(around[:, TAPS // 2 : -TAPS // 2])
        found[some] = np.maximum(samples.max(axis=1), between.max(axis=0))
    return found


_REACH = np.arange(PEAK_HOP + TAPS)
"""The frames that a hop's peak depends on, from `TAPS // 2` before it."""


class Meter:
    """Takes sound in blocks of any size and keeps only its `Levels`. `peaks` off: the peak is not looked for (0)."""

    def __init__(self, *, peaks: bool = True) -> None:
        self._peaks = peaks
        self._rest: Planes = np.zeros((0, 0), np.float32)
        self._tail: Planes = np.zeros((0, 0), np.float32)
        self._energies: list[npt.NDArray[np.float32]] = []
        self._peak = 0.0

    def feed(self, block: Samples) -> None:
        """The next frames, shape (frames, channels). Only what crosses the edges of blocks is copied."""
        if not len(block):
            return
        planes = block.T if block.ndim == 2 else block[None]
        self._weigh(planes)
        if not self._peaks:
            return
        tail = self._tail if self._tail.size else np.zeros((len(planes), TAPS), np.float32)
        self._look(np.concatenate([tail, planes[:, :AROUND]], axis=1))
        self._look(planes)
        self._tail = np.concatenate([tail, planes[:, -AROUND:]], axis=1)[:, -AROUND:]

    def _weigh(self, planes: Planes) -> None:
        missing = HOP - self._rest.shape[1] if self._rest.size else 0
        if missing:
            self._rest = np.concatenate([self._rest, planes[:, :missing]], axis=1)
            if self._rest.shape[1] < HOP:
                return
            self._energies.append(hop_energies(self._rest.T))
        whole = planes.shape[1] - (planes.shape[1] - missing) % HOP
        self._energies.append(hop_energies(planes[:, missing:whole].T))
        self._rest = planes[:, whole:].copy()

    def _look(self, planes: Planes) -> None:
        length = (planes.shape[1] - TAPS) // PEAK_HOP * PEAK_HOP
        for channel in planes:
            # From the first frame on the floor lies near what is loudest, and most of a quiet block needs no look.
            top = sample_peak(channel)
            near, self._peak = top > self._peak * NEAR, max(self._peak, top)
            if not near or length <= 0:
                continue
            # The last hops again from the end, so that no frame is left out whatever the block's length.
            for part in (channel[: length + TAPS], channel[-PEAK_HOP - TAPS :]):
                self._peak = max(self._peak, float(peaks(part, self._peak * NEAR).max()))

    def levels(self) -> Levels:
        """What was heard so far; the last unfinished 100 ms count as if silence followed."""
        heard = list(self._energies)
        if self._rest.size:
            heard.append(energies(self._rest.T))
        if self._tail.size:
            self._look(np.pad(self._tail, ((0, 0), (0, TAPS + PEAK_HOP))))
        return Levels(energies=np.concatenate([*heard, np.zeros(0, np.float32)]), peak=self._peak)


def listen(blocks: Iterable[Samples], *, peaks: bool = True) -> Levels:
    """The levels of a stream of blocks."""
    meter = Meter(peaks=peaks)
    for block in blocks:
        meter.feed(block)
    return meter.levels()


def join(parts: Iterable[Levels]) -> Levels:
    """Levels of stretches that follow each other."""
    found = list(parts)
    return Levels(
        energies=np.concatenate([*(part.energies for part in found), np.zeros(0, np.float32)]),
        peak=max((part.peak for part in found), default=0.0),
    )


def _sliding(levels: Levels, hops: int) -> npt.NDArray[np.float64]:
    """Mean energy of each window of `hops` hops, one a hop."""
    total = np.concatenate([[0.0], np.cumsum(levels.energies, dtype=np.float64)])
    return np.maximum(total[hops:] - total[:-hops], 0.0) / hops if len(total) > hops else np.zeros(0)


def _lufs(energy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return OFFSET + 10.0 * np.log10(np.maximum(energy, 1e-20))


def short_term(levels: Levels) -> npt.NDArray[np.float64]:
    """Short-term loudness (3 s windows, every 100 ms) in LUFS."""
    return _lufs(_sliding(levels, 30))


def integrated(levels: Levels) -> float:
    """Gated loudness of BS.1770-4 in LUFS; −inf when everything is under −70."""
    energy = _sliding(levels, 4)
    if not len(energy) and len(levels.energies):
        energy = np.array([levels.energies.mean()])  # shorter than one block: all there is
    energy = energy[_lufs(energy) > ABSOLUTE_GATE]
    if not len(energy):
        return SILENCE
    relative = _lufs(energy.mean()) - 10.0
    return float(_lufs(energy[_lufs(energy) > relative].mean()))


def loudness_range(levels: Levels) -> float:
    """LRA of EBU Tech 3342 in LU."""
    energy = _sliding(levels, 30)
    energy = energy[_lufs(energy) > ABSOLUTE_GATE]
    if not len(energy):
        return 0.0
    values = _lufs(energy)
    values = values[values > _lufs(energy.mean()) - 20.0]
    low, high = np.percentile(values, [10, 95])
    return float(high - low)


def loudness(levels: Levels) -> Loudness:
    """The four figures of R128."""
    momentary = _sliding(levels, 4)
    return Loudness(
        integrated=integrated(levels),
        range=loudness_range(levels),
        true_peak=decibels(levels.peak),
        momentary=float(_lufs(momentary).max()) if len(momentary) else SILENCE,
    )


def longest_silence(levels: Levels, *, under: float = -60.0) -> float:
    """Seconds of the longest stretch in which every 100 ms lies under `under` LUFS."""
    quiet = np.concatenate([[False], _lufs(levels.energies.astype(np.float64)) < under, [False]])
    edges = np.flatnonzero(quiet[1:] != quiet[:-1])
    return float((edges[1::2] - edges[::2]).max(initial=0)) * HOP / RATE
