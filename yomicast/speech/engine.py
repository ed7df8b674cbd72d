"""What an engine is: a small protocol, its powers, and the table in which it is found."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any, Literal, Protocol, TypeAlias

from yomicast.errors import EngineMissing, UnknownEngine, nearest
from yomicast.model import Line, Message, Samples, Voice, WordTime

Takes: TypeAlias = Literal["plain", "kana", "accent"]

ENGINES: dict[str, str] = {
    "openjtalk": "yomicast.speech.openjtalk:OpenJTalk",
    "marker": "yomicast.speech.marker:Marker",
}
"""Engines by name: `module:class`, loaded when asked for. Outside packages add to the group `yomicast.engines`."""

GROUP = "yomicast.engines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """What an engine can do. `longest`: characters a call; `rate`: its native rate, 0 when it depends on the voice."""

    takes: Takes = "plain"
    speed: bool = False
    pitch: bool = False
    timings: bool = False
    threads: bool = False
    longest: int = 5_000
    rate: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Utterance:
    """An engine's answer: mono float32 within ±1 after its declared gain, and word times when it knows them."""

    samples: Samples
    rate: int
    words: tuple[WordTime, ...] = ()


class Engine(Protocol):
    """A speech engine; one value a process. `Settings`: a frozen dataclass of its own voice-file keys."""

    name: str
    version: str
    powers: Powers
    Settings: type[object]

    def speak(self, line: Line, voice: Voice) -> Utterance:
        """Speak one line. Same line, same samples.

        Raises:
            SynthesisError: no usable sound came.
        """
        ...

    def fingerprint(self, voice: Voice) -> str:
        """Names the model and dictionary behind `voice`, for the cache."""
        ...

    def close(self) -> None:
        """Let go of models and connections."""
        ...


def names() -> list[str]:
    """Every engine that can be asked for."""
    return sorted({*ENGINES, *(point.name for point in metadata.entry_points(group=GROUP))})


@cache
def engine_class(name: str) -> Any:
    """The class behind a name.

    Raises:
        UnknownEngine: no such engine. EngineMissing: its package is not installed.
    """
    try:
        if name in ENGINES:
            module, _, attribute = ENGINES[name].partition(":")
            return getattr(importlib.import_module(module), attribute)
        for point in metadata.entry_points(group=GROUP):
            if point.name == name:
                return point.load()
    except ImportError as error:
        raise EngineMissing(
            Message(f"engine '{name}' is not installed: {error}", f"エンジン '{name}' が入っていません: {error}"),
            where="engine",
            hint=Message(f"pip install 'yomicast[{name}]'", f"pip install 'yomicast[{name}]' を実行してください"),
        ) from error
    raise UnknownEngine(
        Message(f"no engine '{name}'", f"'{name}' というエンジンはありません"),
        where="engine",
        hint=nearest(name, names()),
    )


def settings_type(name: str) -> type[object]:
    """The settings class of an engine's own voice-file keys."""
    found: type[object] = engine_class(name).Settings
    return found
