"""Lines with sound, made by hand for the rooms of sound."""

from dataclasses import dataclass

import numpy as np

from yomicast.model import Line, Place, Sound, Spoken, WordTime
from yomicast.settings import Edition, Music, SoundSettings

SILENT = Music(off=True)
BARE = SoundSettings(opening=SILENT, closing=SILENT, bed=SILENT, sting=SILENT)
PLAIN = Edition(music=False, bed=False, sting=False)


def babble(seconds, seed=0, rate=48_000, level=0.1):
    """Noise with the spectrum and the syllables of speech, roughly; the same for the same seed."""
    frames = round(seconds * rate)
    dice = np.random.default_rng(seed)
    spectrum = np.fft.rfft(dice.standard_normal(frames))
    hertz = np.fft.rfftfreq(frames, 1 / rate)
    noise = np.fft.irfft(spectrum * (hertz / 300) / (1 + (hertz / 400) ** 2), frames)
    noise *= 1 + 0.8 * np.sin(2 * np.pi * 4.5 * np.arange(frames) / rate)
    return (level * noise / max(np.abs(noise).std() * 3, 1e-9)).astype(np.float32)


@dataclass(frozen=True)
class Drawn:
    """A clip that is drawn when it is read and never kept."""

    frames: int
    rate: int = 48_000
    seed: int = 0

    def read(self):
        return babble(self.frames / self.rate, self.seed, self.rate)[: self.frames]


def line(text="本文です。", *, level=0, pause=0.7, **more):
    return Line(
        shown=text, spoken=text, role="heading" if level else "body", place=Place(), pause=pause, level=level, **more
    )


def spoken(
    text="本文です。", *, seconds=2.0, seed=0, level=0, pause=0.7, samples=None, rate=48_000, voice="mei", **more
):
    sound = samples if samples is not None else babble(seconds, seed, rate)
    words = (WordTime(start=0.1, end=0.4, start_char=0, end_char=2),) if len(sound) > rate else ()
    return Spoken(
        line=line(text, level=level, pause=pause, **more),
        clip=Sound(samples=sound, rate=rate),
        voice=voice,
        key=f"{text}-{seconds}-{seed}",
        words=words,
    )


def talk(chapters=3, lines=3, seconds=2.0):
    """A title, then chapters of a heading and lines, each of its own sound."""
    found = [spoken("題名", level=1, seconds=1.2, seed=1, pause=1.4), spoken("導入です。", seconds=seconds, seed=2)]
    for chapter in range(chapters):
        found.append(spoken(f"第{chapter + 1}章", level=2, seconds=1.0, seed=10 * chapter + 3, pause=1.2))
        found += [
            spoken(f"第{chapter + 1}章の{n}文目。", seconds=seconds + 0.3 * n, seed=10 * chapter + 4 + n)
            for n in range(lines)
        ]
    return found


def whole(programme):
    return np.concatenate(list(programme.blocks()))
