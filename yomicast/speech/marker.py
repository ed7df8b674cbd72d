"""The audible test engine: each line is one flat level derived from its text, so drift between cues and sound shows.

The level is carried by a square wave: mixers rightly take a constant offset away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from zlib import crc32

import numpy as np

from yomicast.model import Line, Voice
from yomicast.settings import STRICT
from yomicast.speech.engine import Powers, Utterance

RATE = 48_000
FRAMES_A_CHARACTER = 6_000
PERIOD = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerSettings:
    """Nothing to set."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT


class Marker:
    """Never fails, never silent inside a line, exact zero outside."""

    name = "marker"
    version = "2"
    powers = Powers(takes="plain", speed=True, threads=True, longest=100_000, rate=RATE, pads=False)
    Settings = MarkerSettings

    def speak(self, line: Line, voice: Voice) -> Utterance:
        """125 ms a character at a flat level (0.1–0.9) that names the text."""
        level = np.float32(0.1 + crc32(line.spoken.encode(errors="replace")) % 800 / 1000)
        frames = round(FRAMES_A_CHARACTER * len(line.spoken) / voice.speed)
        wave = np.where(np.arange(frames) % PERIOD < PERIOD // 2, level, -level)
        return Utterance(samples=wave.astype(np.float32), rate=RATE)

    def sends(self, line: Line, voice: Voice) -> str:
        """The text itself."""
        del voice
        return line.spoken

    def fingerprint(self, voice: Voice) -> str:
        """The same for every voice."""
        del voice
        return self.version

    def close(self) -> None:
        """Nothing to let go of."""
