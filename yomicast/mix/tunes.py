"""Music out of nothing: licence-free beds, jingles and stings by mood and seed. Pure: the same seed, the same samples.

Soft pads and plucked notes, energy between 100 and 1,200 Hz so that consonants stay clear. Beds are written on a
ring: what rings on past the end sounds at the beginning, so that they loop without a seam.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yomicast.model import Samples

VERSION = 1
"""Part of the cache key: raise it when a change here changes the sound."""

RATE = 48_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """`root`: MIDI note; `scale`: semitones; `chords`: scale degrees; `beat`: seconds; `plucks`: share of beats with a
    note; `bright`: strength of overtones, 0–1.
    """

    root: int
    scale: tuple[int, ...]
    chords: tuple[tuple[int, ...], ...]
    beat: float
    plucks: float
    bright: float


_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10)
_DORIAN = (0, 2, 3, 5, 7, 9, 10)
_ALTERNATIVES = {
    "major": ((0, 2, 4), (5, 7, 9), (3, 5, 7), (4, 6, 8)),
    "open": ((0, 4, 8), (3, 7, 9), (5, 7, 11), (4, 8, 10)),
    "minor": ((0, 2, 4), (5, 7, 9), (2, 4, 6), (6, 8, 10)),
}
MOODS = {
    "calm": Mood(root=57, scale=_MAJOR, chords=_ALTERNATIVES["open"], beat=0.625, plucks=0.30, bright=0.25),
    "news": Mood(root=50, scale=_DORIAN, chords=_ALTERNATIVES["minor"], beat=0.5, plucks=0.75, bright=0.5),
    "bright": Mood(root=60, scale=_MAJOR, chords=_ALTERNATIVES["major"], beat=0.5, plucks=0.65, bright=0.6),
    "warm": Mood(root=53, scale=_MAJOR, chords=_ALTERNATIVES["major"], beat=0.714, plucks=0.4, bright=0.15),
    "night": Mood(root=48, scale=_MINOR, chords=_ALTERNATIVES["minor"], beat=0.833, plucks=0.25, bright=0.1),
}


def bed(mood: str, seed: int) -> Samples:
    """A loop of 32 beats, 16 to 27 s, shape (frames, 2); the end runs into the beginning."""
    style, dice = MOODS[mood], np.random.default_rng([seed, VERSION, 0])
    beat = round(style.beat * RATE)
    ring = np.zeros((32 * beat, 2), np.float32)
    for bar in range(8):
        chord = _chord(style, bar // 2 + int(dice.integers(2)) * (bar % 2))
        for number, note in enumerate(chord):
            _place(ring, bar * 4 * beat, _pad(_hertz(note), 5.2 * beat / RATE, style), 0.3, (number - 1) * 0.5)
        for step in range(8):
            if dice.random() < style.plucks * 0.6:
                note = int(dice.choice(chord)) + 12
                _place(
                    ring, (bar * 8 + step) * beat // 2, _pluck(_hertz(note), 1.8, style), 0.22, dice.uniform(-0.6, 0.6)
                )
    return _level(ring)


def jingle(mood: str, seed: int, seconds: float) -> Samples:
    """An opening or closing of `seconds`: a run up the chord, then the chord ringing out; shape (frames, 2)."""
    style, dice = MOODS[mood], np.random.default_rng([seed, VERSION, 1])
    beat = round(style.beat * RATE)
    out = np.zeros((round(seconds * RATE), 2), np.float32)
    bars = max(1, round(seconds * RATE / (4 * beat)))
    for bar in range(bars):
        chord = _chord(style, 0 if bar == bars - 1 else bar + int(dice.integers(2)))
        for number, note in enumerate(chord):
            _place(
                out, bar * 4 * beat, _pad(_hertz(note), 5.5 * beat / RATE, style), 0.3, (number - 1) * 0.5, ring=False
            )
        for step, note in enumerate(_run(chord, dice, last=bar == bars - 1)):
            _place(
                out,
                (bar * 8 + step) * beat // 2,
                _pluck(_hertz(note + 12), 2.2, style),
                0.4,
                dice.uniform(-0.4, 0.4),
                ring=False,
            )
    return _level(_ended(out))


def sting(mood: str, seed: int, seconds: float) -> Samples:
    """Three quick notes up and a soft chord under them; shape (frames, 2)."""
    style, dice = MOODS[mood], np.random.default_rng([seed, VERSION, 2])
    out = np.zeros((round(seconds * RATE), 2), np.float32)
    chord = _chord(style, int(dice.integers(2)))
    for number, note in enumerate([*chord, chord[0] + 12]):
        at = round(number * 0.13 * RATE)
        _place(out, at, _pluck(_hertz(note + 12), seconds, style), 0.4, (number - 1.5) * 0.3, ring=False)
    for note in chord:
        _place(out, 0, _pad(_hertz(note), seconds, style), 0.12, 0.0, ring=False)
    return _level(_ended(out))


def _run(chord: Sequence[int], dice: np.random.Generator, *, last: bool) -> list[int]:
    notes = [*chord, chord[0] + 12]
    if last:
        return notes
    return [int(note) for note in dice.permutation(notes)] + [int(note) for note in dice.permutation(notes)]


def _chord(style: Mood, number: int) -> list[int]:
    degrees = style.chords[number % len(style.chords)]
    size = len(style.scale)
    return [style.root + style.scale[degree % size] + 12 * (degree // size) for degree in degrees]


def _hertz(note: int) -> float:
    """Frequency of a MIDI note, folded down until it is under 600 Hz."""
    hertz = 440.0 * 2 ** ((note - 69) / 12)
    while hertz > 600.0:
        hertz /= 2
    return float(hertz)


def _pad(hertz: float, seconds: float, style: Mood) -> npt.NDArray[np.float32]:
    """A soft tone that swells and goes, two strings slightly apart."""
    time = np.arange(round(seconds * RATE), dtype=np.float32) / np.float32(RATE)
    tone = np.zeros_like(time)
    for overtone, strength in ((1, 1.0), (2, 0.35 * style.bright)):
        if hertz * overtone < 1200:
            turn = np.float32(2 * np.pi * hertz * overtone)
            tone += np.float32(strength / 2) * (np.sin(turn * np.float32(1.0015) * time) + np.sin(turn * time))
    return np.asarray(tone * np.sin(np.pi * time / np.float32(seconds)) ** 2, dtype=np.float32)


def _pluck(hertz: float, seconds: float, style: Mood) -> npt.NDArray[np.float32]:
    """A plucked string: higher partials die sooner."""
    time = np.arange(round(seconds * RATE), dtype=np.float32) / np.float32(RATE)
    tone = np.zeros_like(time)
    for overtone, strength in ((1, 1.0), (2, 0.5 * style.bright), (3, 0.25 * style.bright)):
        if hertz * overtone < 1200:
            tone += (
                np.float32(strength)
                * np.exp(-time * np.float32(2.2 * overtone))
                * np.sin(np.float32(2 * np.pi * hertz * overtone) * time)
            )
    rise = np.minimum(time / np.float32(0.012), 1.0)
    fall = np.minimum((np.float32(seconds) - time) / np.float32(0.2), 1.0)
    return np.asarray(tone * rise * fall, dtype=np.float32)


def _place(
    out: Samples, at: int, tone: npt.NDArray[np.float32], gain: float, side: float, *, ring: bool = True
) -> None:
    """Add a tone at frame `at`, panned by `side` (−1 left, 1 right); on a ring it goes round the end."""
    both = tone[:, None] * np.array([gain * (1 - side) / 2, gain * (1 + side) / 2], np.float32)
    room = len(out) - at
    if room <= 0:
        return
    out[at : at + len(both)] += both[:room]
    if ring and len(both) > room:
        out[: len(both) - room] += both[room:]


def _ended(out: Samples) -> Samples:
    """The last half second fades, so that nothing is cut off."""
    length = min(len(out), RATE // 2)
    out[len(out) - length :] *= np.linspace(1, 0, length, dtype=np.float32)[:, None] ** 2
    return out


def _level(out: Samples) -> Samples:
    """Peak at −6 dB."""
    return np.asarray(out * np.float32(0.5 / max(float(np.abs(out).max()), 1e-9)), dtype=np.float32)
