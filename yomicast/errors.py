"""The family of errors. Library code raises these; only the command line prints them.

YomicastError                  exit 1   internal
 ├ InputError                  exit 2   input            the author can fix it
 │  ├ ArticleError             exit 2   article
 │  ├ ConfigError              exit 2   config
 │  ├ LexiconError             exit 2   lexicon
 │  ├ LicenceError             exit 2   licence
 │  └ OutputError              exit 2   output
 ├ EngineError                 exit 3   engine
 │  ├ UnknownEngine            exit 3   unknown-engine
 │  ├ EngineMissing            exit 3   engine-missing
 │  ├ UnknownVoice             exit 3   unknown-voice
 │  └ SynthesisError           exit 3   synthesis
 ├ AudioError                  exit 4   audio
 ├ FeedError                   exit 5   feed
 └ PublishError                exit 6   publish

Each class has a slug, which is also its heading in docs/errors.md. An error says what, where and what next, in
English and Japanese (`Message`); the command line picks the language.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar

from yomicast.model import Message, Place


def nearest(word: str, known: Iterable[str]) -> Message:
    """The hint for a mistyped name: the closest known one, else all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, 1)
    if near:
        return Message(f"did you mean '{near[0]}'?", f"'{near[0]}' のことですか?")
    listed = ", ".join(names)
    return Message(f"one of: {listed}", f"使えるもの: {listed}")


class YomicastError(Exception):
    """Anything yomicast can explain. Not an `InputError` and so on: our own mistake."""

    slug: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: Message, *, where: Place | str = "", hint: Message | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.where = where if isinstance(where, Place) else Place(file=where)
        self.hint = hint

    def inside(self, step: str) -> YomicastError:
        """The same error seen from one level further out: `step` is put before its place."""
        inner = self.where.file
        joined = step if not inner else (f"{step}{inner}" if inner.startswith("[") else f"{step}.{inner}")
        self.where = Place(file=joined, line=self.where.line, column=self.where.column)
        return self

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process borders whole (executors pickle them)."""
        return (_rebuild, (type(self), self.message, self.where, self.hint))


def _rebuild(cls: type[YomicastError], message: Message, where: Place, hint: Message | None) -> YomicastError:
    return cls(message, where=where, hint=hint)


class InputError(YomicastError):
    """The author can fix it."""

    slug, exit_code = "input", 2


class ArticleError(InputError):
    """The article cannot be read, or nothing in it can be spoken."""

    slug = "article"


class ConfigError(InputError):
    """A manifest, show file or voice file says something that cannot be meant."""

    slug = "config"


class LexiconError(InputError):
    """A lexicon line is broken."""

    slug = "lexicon"


class LicenceError(InputError):
    """A voice's licence does not allow this use."""

    slug = "licence"


class OutputError(InputError):
    """The output folder cannot be written: rights, space, a lock, a file that is not ours."""

    slug = "output"


class EngineError(YomicastError):
    """A speech engine failed."""

    slug, exit_code = "engine", 3


class UnknownEngine(EngineError):
    """No engine has that name."""

    slug = "unknown-engine"


class EngineMissing(EngineError):
    """The engine is known but not installed, or its server does not answer."""

    slug = "engine-missing"


class UnknownVoice(EngineError):
    """No voice has that name, or the engine lacks it."""

    slug = "unknown-voice"


class SynthesisError(EngineError):
    """The engine was asked and gave no usable sound."""

    slug = "synthesis"


class AudioError(YomicastError):
    """Sound cannot be decoded, mixed or encoded."""

    slug, exit_code = "audio", 4


class FeedError(YomicastError):
    """The feed cannot be read or written."""

    slug, exit_code = "feed", 5


class PublishError(YomicastError):
    """The target place refused."""

    slug, exit_code = "publish", 6
