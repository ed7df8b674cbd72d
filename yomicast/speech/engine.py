"""What an engine is: a small protocol, its powers, and the table in which it is found.

An engine need only have `name`, `version`, `powers`, `Settings`, `speak`, `fingerprint` and `close`. What more it can do
stands in small protocols of its own (`Batches`, `Checks`, `Sends`, `Varies`, `Credits`, `Doctor`): one that lacks them is used by
their defaults. One object of each engine lives in a process, so models load once.
"""

from __future__ import annotations

import atexit
import importlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from yomicast.errors import EngineMissing, UnknownEngine, nearest
from yomicast.model import Licence, Line, Message, Samples, Voice, WordTime

Takes: TypeAlias = Literal["plain", "kana", "accent"]

ENGINES: dict[str, str] = {
    "openjtalk": "yomicast.speech.openjtalk:OpenJTalk",
    "htsengine": "yomicast.speech.hts.original:Original",
    "coqui": "yomicast.speech.coqui:Coqui",
    "voicevox": "yomicast.speech.voicevox:Voicevox",
    "openai": "yomicast.speech.openai:OpenAI",
    "command": "yomicast.speech.command:Command",
    "marker": "yomicast.speech.marker:Marker",
}
"""Engines by name: `module:class`, loaded when asked for. Outside packages add to the group `yomicast.engines`."""

GROUP = "yomicast.engines"
LOWER = -1.5
"""Semitones by which a narrator's voice sinks for words in parentheses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """What an engine can do.

    `takes`: what it is handed (text, kana, or kana with accents). `speed`, `pitch`, `intonation`: a voice file may set
    them. `seed`: the same seed gives the same samples. `timings`: it knows when each word sounds. `threads`: may be
    called from several threads at once. `steady`: same line, same samples, in every run. `longest`: characters of what
    it is handed; a longer line is cut at its rests. `rate`: native frames a second, 0 when it depends on the voice.
    `lowers`: says what stands in parentheses (`Line.asides`) lower. `pads`: leaves silence at the ends, which is trimmed.
    `clones`: can take a person's voice from clips. `remote`: speaks through a server. `gpu`: computes on a GPU where
    there is one. `frees`: while it works, other threads may run Python; else it only stands in the way of who reads.
    """

    takes: Takes = "plain"
    speed: bool = False
    pitch: bool = False
    intonation: bool = False
    seed: bool = False
    timings: bool = False
    lowers: bool = False
    threads: bool = False
    steady: bool = True
    longest: int = 5_000
    rate: int = 0
    pads: bool = True
    clones: bool = False
    remote: bool = False
    gpu: bool = False
    frees: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Utterance:
    """An engine's answer: mono float32 of nominal range ±1, its rate, and word times when it knows them."""

    samples: Samples
    rate: int
    words: tuple[WordTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One thing an engine needs: whether it is there, what was found, and the command (or the words) that mend it."""

    ok: bool
    what: Message
    mend: str | Message = ""


class Engine(Protocol):
    """A speech engine. `Settings`: a frozen dataclass of its own voice-file keys, forbidding others; its properties
    `cloned` (a person's voice: consent is asked for) and `noncommercial` may guard the licence.
    """

    name: str
    version: str
    powers: Powers
    Settings: type[object]

    def speak(self, line: Line, voice: Voice) -> Utterance:
        """Speak one line of at most `powers.longest` characters. Same line, same samples.

        Raises:
            SynthesisError: no usable sound came.
        """
        ...

    def fingerprint(self, voice: Voice) -> str:
        """Names the model and dictionary behind `voice`, for the cache."""
        ...

    def close(self) -> None:
        """Let go of models and connections; the next call opens them again."""
        ...


@runtime_checkable
class Batches(Protocol):
    """Speaks many lines at once faster than one by one; a line sounds the same alone and in company."""

    def speak_many(self, lines: Sequence[Line], voice: Voice) -> list[Utterance]:
        """Speak each line; see `Engine.speak`."""
        ...


@runtime_checkable
class Checks(Protocol):
    """Can say before a line is spoken whether a voice will work."""

    def check(self, voice: Voice) -> None:
        """Look for model files, server, character.

        Raises:
            EngineError: with the way out. ConfigError: a value this voice cannot take.
        """
        ...


@runtime_checkable
class Sends(Protocol):
    """Knows what of a line it hands on; only that is part of the cache key."""

    def sends(self, line: Line, voice: Voice) -> str:
        """Exactly the text that is sent."""
        ...


@runtime_checkable
class Varies(Protocol):
    """Its powers depend on the voice."""

    def powers_of(self, voice: Voice) -> Powers:
        """What it can do with this voice."""
        ...


@runtime_checkable
class Credits(Protocol):
    """Can ask where a voice comes from and what it demands."""

    def terms(self, voice: Voice) -> Licence:
        """The voice's terms as its source gives them.

        Raises:
            EngineError: they cannot be had.
        """
        ...


@runtime_checkable
class Doctor(Protocol):
    """Can say what it needs and whether that is there."""

    def health(self) -> tuple[Health, ...]:
        """One row a need; never raises, takes seconds at most."""
        ...


def powers_of(engine: Engine, voice: Voice) -> Powers:
    """What the engine can do with this voice."""
    return engine.powers_of(voice) if isinstance(engine, Varies) else engine.powers


def names() -> list[str]:
    """Every engine that can be asked for."""
    return sorted({*ENGINES, *(point.name for point in metadata.entry_points(group=GROUP))})


@cache
def engine_class(name: str) -> Any:
    """The class behind a name.

    Raises:
        UnknownEngine: no such engine. EngineMissing: its package is not installed, or lacks what an engine must have.
    """
    try:
        if name in ENGINES:
            module, _, attribute = ENGINES[name].partition(":")
            return getattr(importlib.import_module(module), attribute)
        for point in metadata.entry_points(group=GROUP):
            if point.name == name:
                return _complete(name, point.load())
    except (ImportError, AttributeError) as error:
        raise EngineMissing(
            Message(f"engine '{name}' does not load: {error}", f"エンジン '{name}' を読み込めません: {error}"),
            where="engine",
            hint=Message(f"pip install 'yomicast[{name}]'", f"pip install 'yomicast[{name}]' を実行してください"),
        ) from error
    raise UnknownEngine(
        Message(f"no engine '{name}'", f"'{name}' というエンジンはありません"),
        where="engine",
        hint=nearest(name, names()),
    )


def _complete(name: str, found: Any) -> Any:
    """An outside engine, with what the protocol asks for; a missing part is named at once, not in mid-episode."""
    wanted = ("name", "version", "powers", "Settings", "speak", "fingerprint", "close")
    lacking = [part for part in wanted if not hasattr(found, part)]
    if lacking:
        raise EngineMissing(
            Message(
                f"engine '{name}' lacks {', '.join(lacking)}", f"エンジン '{name}' に {', '.join(lacking)} がありません"
            ),
            where="engine",
            hint=Message("see CONTRIBUTING: how to add an engine", "CONTRIBUTING のエンジンの章を見てください"),
        )
    return found


def settings_type(name: str) -> type[object]:
    """The settings class of an engine's own voice-file keys."""
    found: type[object] = engine_class(name).Settings
    return found


# --- one object of each engine a process ---------------------------------------------------------------------------

_LOCK = threading.Lock()
_OPENED: dict[str, Engine] = {}
_LANES: dict[str, threading.Lock] = {}


def opened(name: str) -> Engine:
    """This process's engine of that name, made when first asked for."""
    with _LOCK:
        if name not in _OPENED:
            _OPENED[name] = engine_class(name)()
            _LANES[name] = threading.Lock()
        return _OPENED[name]


def lane(name: str) -> threading.Lock:
    """Held while an engine that may not be called from several threads speaks."""
    opened(name)
    return _LANES[name]


def close() -> None:
    """Close every engine of this process; the next line opens what it needs."""
    with _LOCK:
        engines = list(_OPENED.values())
        _OPENED.clear()
    for engine in engines:
        engine.close()


atexit.register(close)
