"""Room 4: lines -> sounds. Doors: `speak`, `Speaking`, `cached`, `ready`, `used`, `licence_check`, `settings_type`; the table `ENGINES`."""

from __future__ import annotations

from yomicast.speech.engine import (
    ENGINES,
    Credits,
    Doctor,
    Engine,
    Health,
    Powers,
    Utterance,
    close,
    engine_class,
    names,
    opened,
    powers_of,
    settings_type,
)
from yomicast.speech.licence import licence_check
from yomicast.speech.speaking import RATE, Speaking, cached, clip, key_of, ready, speak, used, voice_of
from yomicast.speech.wav import bytes_of as wav_bytes

__all__ = [
    "ENGINES",
    "RATE",
    "Credits",
    "Doctor",
    "Engine",
    "Health",
    "Powers",
    "Speaking",
    "Utterance",
    "cached",
    "clip",
    "close",
    "engine_class",
    "key_of",
    "licence_check",
    "names",
    "opened",
    "powers_of",
    "ready",
    "settings_type",
    "speak",
    "used",
    "voice_of",
    "wav_bytes",
]
