"""Labels in, sound with exact times out: the door of the HTS engine.

Many utterances are taken at once and sorted by length into shares, one share a thread at a time; within a share they
sit in the vocoder's lanes. None of this can be heard: an utterance sounds the same alone and in any company.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from yomicast.errors import ConfigError, SynthesisError
from yomicast.model import Message, Samples
from yomicast.speech.hts import excitation, parameters, states, vocoder
from yomicast.speech.hts import voice as voices
from yomicast.speech.hts.lanes import compiled
from yomicast.speech.hts.parameters import HALF_TONE, HIGHEST, LOWEST, SILENT, Parameters
from yomicast.speech.hts.states import States
from yomicast.speech.hts.timing import Phone, phones
from yomicast.speech.hts.trees import Ints
from yomicast.speech.hts.voice import Floats, Voice

VERSION: Final = "4"
"""Raised whenever a sample may change."""
FULL_SCALE: Final = 32768.0
SHARE: Final = 30_000
"""Frames a thread takes at once (150 s at 5 ms): enough to keep the lanes full, small enough for memory."""
LABELS: Final = 3_000
"""Labels whose states are looked up at once: the trees are quick with many, their answers take a kilobyte each."""
NOTHING: Final = States(
    frames=np.zeros(0, np.int64), mean=(), vari=(), voiced=(), gv_mean=(), gv_vari=(), gv_on=np.zeros(0, np.bool_)
)
GLIDE: Final = 9
"""Frames over which a word's own pitch comes and goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """How a batch is spoken.

    `speed` 0.1–10; `half_tone` −24…24 semitones; `volume` −40…40 dB; `intonation` 0–3: width of the melody around the
    utterance's mean, 1 the voice's own, 0 flat; `alpha` 0–0.95: timbre, larger is a longer throat, None the voice's own.
    """

    speed: float = 1.0
    half_tone: float = 0.0
    volume: float = 0.0
    intonation: float = 1.0
    alpha: float | None = None

    def __post_init__(self) -> None:
        bounds = {
            "speed": (0.1, 10),
            "half_tone": (-24, 24),
            "volume": (-40, 40),
            "intonation": (0, 3),
            "alpha": (0, 0.95),
        }
        for name, (low, high) in bounds.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise ConfigError(
                    Message(
                        f"{name} {value!r} is not between {low} and {high}",
                        f"{name} の {value!r} は {low}〜{high} ではありません",
                    ),
                    where=name,
                    hint=Message("correct it in the voice file", "声のファイルを直してください"),
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What is said at once: full-context labels, one a phoneme.

    `pitch`: semitones added to each label, `length`: factor 0.2–5 on each label's length; empty = as the voice has it.
    """

    labels: tuple[str, ...]
    pitch: tuple[float, ...] = ()
    length: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        for row, low, high in ((self.pitch, -24, 24), (self.length, 0.2, 5)):
            if row and (len(row) != len(self.labels) or not all(low <= value <= high for value in row)):
                raise SynthesisError(
                    Message(
                        f"pitch or length is not one number ({low}…{high}) a label",
                        f"高さ・長さはラベルごとに {low}〜{high} の数で指定します",
                    ),
                    hint=Message(
                        "give each word −24…24 semitones and 0.2–5 times its length",
                        "−24〜24 半音、0.2〜5 倍で指定してください",
                    ),
                )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """Sound and timetable: `samples` mono float32, 1.0 = int16 full scale (which voices exceed); `phones` fill it."""

    samples: Samples
    rate: int
    phones: tuple[Phone, ...] = ()
    lf0: Floats = field(default_factory=lambda: np.zeros(0))


class Synthesiser:
    """A voice ready to speak. May be used from several threads."""

    def __init__(self, voice: Path | Voice, *, threads: int | None = None, fast: bool | None = None) -> None:
        """Load a voice.

        Args:
            voice: an `.htsvoice` file, or one already read.
            threads: how many work at once; None: one a core.
            fast: compiled vocoder; None: when numba is there. True without numba falls back too.

        Raises:
            ConfigError: the file is no usable voice.
        """
        self.voice = voice if isinstance(voice, Voice) else voices.load(voice)
        self.rate, self.period = self.voice.rate, self.voice.period
        self._threads = threads or os.cpu_count() or 1
        self._lanes = compiled() if fast in (None, True) else None

    @property
    def version(self) -> str:
        """Engine, path of computation and voice: all that changes samples besides labels and controls."""
        return f"hts-{VERSION}-{'lanes' if self._lanes else 'numpy'}-{self.voice.digest[:16]}"

    def speak(self, labels: Sequence[str] | Utterance, controls: Controls | None = None) -> Result:
        """One utterance; see `speak_many`."""
        return self.speak_many([labels], controls)[0]

    def speak_many(
        self, utterances: Sequence[Sequence[str] | Utterance], controls: Controls | None = None
    ) -> list[Result]:
        """Speak each utterance.

        Args:
            utterances: labels, or labels with pitch and length; an empty one gives an empty sound.
            controls: for all of them.

        Raises:
            SynthesisError: a label is none, an utterance is too long, or the voice has no model for it.
        """
        controls = controls or Controls()
        asked = [u if isinstance(u, Utterance) else Utterance(labels=tuple(u)) for u in utterances]
        made = self._states(asked, controls)
        shares = _shares([each.total for each in made], self._threads)
        results: list[Result] = [Result(samples=np.zeros(0, np.float32), rate=self.rate)] * len(asked)

        def work(share: Sequence[int]) -> None:
            spoken = self._share([asked[n] for n in share], _taken(made, share), controls)
            for n, result in zip(share, spoken, strict=True):
                results[n] = result

        if len(shares) < 2 or self._threads == 1:
            for share in shares:
                work(share)
            return results
        with ThreadPoolExecutor(min(self._threads, len(shares))) as pool:
            list(pool.map(work, shares))
        return results

    def timetable(self, labels: Sequence[str] | Utterance, controls: Controls | None = None) -> tuple[Phone, ...]:
        """When each phoneme will sound, without making the sound."""
        asked = labels if isinstance(labels, Utterance) else Utterance(labels=tuple(labels))
        made = self._states([asked], controls or Controls())[0]
        return phones(asked.labels, made.frames, self.voice.states, self.period)

    def _states(self, asked: Sequence[Utterance], controls: Controls) -> list[States]:
        """Their states, for as many at a time as memory allows."""
        made: list[States] = []
        while len(made) < len(asked):
            some = list(asked[len(made) : len(made) + 1])
            room = LABELS - len(some[0].labels)
            for each in asked[len(made) + 1 :]:
                room -= len(each.labels)
                if room < 0:
                    break
                some.append(each)
            made += states.states_of(
                self.voice,
                [each.labels for each in some],
                speed=controls.speed,
                stretches=[np.array(each.length) if each.length else None for each in some],
            )
        return made

    def _share(self, asked: Sequence[Utterance], made: list[States], controls: Controls) -> list[Result]:
        """Speak what `made` holds, which is emptied on the way: a share's states are as large as its sound."""
        pars = parameters.generate(self.voice, made, half_tone=controls.half_tone, solvers=self._lanes)
        frames = [each.frames for each in made]
        made.clear()
        pars = [
            shaped(par, each.reshape(len(one.labels), self.voice.states).sum(axis=1), one.pitch, controls.intonation)
            for par, each, one in zip(pars, frames, asked, strict=True)
        ]
        sounds = self.vocode(pars, controls)
        return [
            Result(
                samples=sound,
                rate=self.rate,
                phones=phones(one.labels, each, self.voice.states, self.period),
                lf0=par.lf0,
            )
            for sound, one, each, par in zip(sounds, asked, frames, pars, strict=True)
        ]

    def vocode(self, pars: Sequence[Parameters], controls: Controls) -> list[Samples]:
        """Parameters as sound; of the controls only timbre and volume are left to do. Longest first fills the lanes."""
        alpha = self.voice.alpha if controls.alpha is None else controls.alpha
        volume = math.exp(controls.volume * math.log(10.0) / 20.0) / FULL_SCALE
        if self._lanes is None:
            return [vocoder.speak(par, rate=self.rate, period=self.period, alpha=alpha, volume=volume) for par in pars]
        lengths = np.array([len(par.lf0) for par in pars], np.int64)
        if not lengths.sum():
            return [np.zeros(0, np.float32) for _ in pars]
        filters = np.empty((int(lengths.sum()), pars[0].spectrum.shape[1]), np.float32)
        ends = np.cumsum(lengths)
        for par, end in zip(pars, ends, strict=True):
            filters[end - len(par.lf0) : end] = excitation.coefficients(par.spectrum, alpha)
        sound = self._lanes.speak(
            filters,
            excitation.periods(np.concatenate([par.lf0 for par in pars]), self.rate),
            np.concatenate([par.lowpass for par in pars]),
            ends - lengths,
            lengths,
            excitation.noise(int(lengths.max()) * self.period),
            alpha,
            volume,
            self.period,
        )
        return np.split(sound, ends[:-1] * self.period)


def _taken(made: list[States], share: Sequence[int]) -> list[States]:
    """The share's states; an empty one stands for each, so that they are let go where they are used up."""
    taken = [made[n] for n in share]
    for n in share:
        made[n] = NOTHING
    return taken


def _shares(frames: Sequence[int], threads: int) -> list[list[int]]:
    """Utterances by number, longest first, in shares of about `SHARE` frames and at least one a thread."""
    order = sorted(range(len(frames)), key=lambda n: (-frames[n], n))
    count = max(-(-sum(frames) // SHARE), min(threads, len(frames) // 3), 1)
    count = -(-count // threads) * threads if count > 1 else count
    shares: list[list[int]] = [[] for _ in range(min(count, max(1, len(frames))))]
    loads = [0] * len(shares)
    for n in order:
        at = loads.index(min(loads))
        shares[at].append(n)
        loads[at] += frames[n]
    return [share for share in shares if share]


def shaped(par: Parameters, frames: Ints, pitch: Sequence[float], intonation: float) -> Parameters:
    """The parameters with their melody changed after generation, so that what is neutral stays untouched.

    Args:
        par: the parameters.
        frames: frames of each label.
        pitch: semitones for each label, or empty; they glide over `GLIDE` frames.
        intonation: width around the mean of the voiced frames.
    """
    voiced = par.lf0 != SILENT
    if (intonation == 1.0 and not any(pitch)) or not voiced.any():
        return par
    lf0 = par.lf0[voiced]
    mean = lf0.mean()
    lf0 = mean + intonation * (lf0 - mean)
    if any(pitch):
        bend = np.repeat(np.asarray(pitch, np.float64), frames)
        sums = np.cumsum(np.concatenate([[0.0], np.pad(bend, GLIDE // 2, mode="edge")]))
        lf0 += ((sums[GLIDE:] - sums[:-GLIDE]) / GLIDE * HALF_TONE)[voiced]
    whole = np.full(len(par.lf0), SILENT)
    whole[voiced] = np.clip(lf0, math.log(LOWEST), math.log(HIGHEST))
    return replace(par, lf0=whole)
