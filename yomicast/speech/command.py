"""Any program that writes a WAV: an argv template, never a shell; text on stdin or as an argument.

The safe way to use speech programs whose licence keeps them at arm's length. In the template `{text}` is the text,
`{speed}` the voice's speed and `{out}` a file for the sound; without `{text}` the text goes to stdin, without `{out}`
the sound comes from stdout.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, Len

from yomicast.errors import ConfigError, EngineMissing, SynthesisError
from yomicast.model import Line, Message, Voice
from yomicast.programs import run
from yomicast.settings import STRICT
from yomicast.speech.engine import Powers, Utterance
from yomicast.speech.kana import said
from yomicast.speech.places import digest, seen
from yomicast.speech.wav import samples_of

LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSettings:
    """`argv`: program and arguments. `reading`: what it is handed: the `text`, the text with decided readings in kana
    (`corrected`), or all `kana`. `timeout`: seconds a line. `longest`: characters a call. `threads`: several may run at
    once. `version`: say another one to have everything spoken anew.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    argv: Annotated[tuple[str, ...], Len(1, 100)]
    reading: Literal["text", "corrected", "kana"] = "corrected"
    timeout: Annotated[float, Ge(1.0), Le(3600.0)] = 120.0
    longest: Annotated[int, Ge(10), Le(100_000)] = 1_000
    threads: bool = False
    version: str = ""


class Command:
    """A program a line."""

    name = "command"
    version = "1"
    powers = Powers(takes="plain", speed=True, threads=False, steady=False, longest=1_000)
    Settings = CommandSettings

    def __init__(self) -> None:
        self._stop = threading.Event()

    def speak(self, line: Line, voice: Voice) -> Utterance:
        """Run the program for one line."""
        stop = self._stop
        settings = _settings(voice)
        text = self.sends(line, voice)
        with tempfile.TemporaryDirectory(prefix="yomicast-") as folder:
            out = Path(folder) / "line.wav"
            argv = [_filled(part, text, voice, out) for part in settings.argv]
            reads = not any("{text}" in part for part in settings.argv)
            done = run(
                argv,
                stdin=text.encode() + b"\n" if reads else b"",
                timeout=settings.timeout,
                limit=LARGEST,
                stopped=stop.is_set,
            )
            if done.status != 0:
                last = (done.stderr.strip().splitlines() or ["(it said nothing)"])[-1][:160]
                raise SynthesisError(
                    Message(
                        f"{argv[0]} ended with {done.status}: {last}", f"{argv[0]} が {done.status} で終了: {last}"
                    ),
                    where=line.place,
                    hint=Message("run it by hand with this text", "同じ文で手で実行してみてください"),
                )
            samples, rate = samples_of(_sound(out, done.stdout, settings))
        return Utterance(samples=samples, rate=rate)

    def sends(self, line: Line, voice: Voice) -> str:
        """The text as the program gets it."""
        return said(line, _settings(voice).reading)

    def powers_of(self, voice: Voice) -> Powers:
        """Speed only when the template asks for it."""
        settings = _settings(voice)
        return Powers(
            speed=any("{speed}" in part for part in settings.argv),
            threads=settings.threads,
            steady=False,
            longest=settings.longest,
        )

    def check(self, voice: Voice) -> None:
        """The program must be there."""
        program = _settings(voice).argv[0]
        if "{" in program:
            raise ConfigError(
                Message("the program itself cannot be a blank to fill", "プログラム名に置き換えは使えません"),
                where="argv[0]",
            )
        if shutil.which(program) is None:
            raise EngineMissing(
                Message(f"no program '{program}'", f"プログラム '{program}' がありません"),
                where="argv[0]",
                hint=Message("install it, or give its full path", "インストールするか、フルパスで書いてください"),
            )

    def fingerprint(self, voice: Voice) -> str:
        """The program's own bytes and those of the files that its arguments name."""
        settings = _settings(voice)
        program = shutil.which(settings.argv[0])
        files = [Path(program)] if program else []
        files += [path for part in settings.argv[1:] if (path := seen(part)) is not None and path.is_file()]
        return " ".join([settings.version, *(digest(path) for path in files)])

    def close(self) -> None:
        """End what runs."""
        stop, self._stop = self._stop, threading.Event()
        stop.set()


def _settings(voice: Voice) -> CommandSettings:
    assert isinstance(voice.settings, CommandSettings)
    return voice.settings


def _filled(part: str, text: str, voice: Voice, out: Path) -> str:
    """One argument; a text that begins like an option is kept from being one."""
    safe = f" {text}" if part == "{text}" and text.startswith("-") else text
    blanks = {"{text}": safe, "{speed}": f"{voice.speed:g}", "{out}": str(out)}
    for blank, value in sorted(blanks.items(), reverse=True):  # {text} first would let a text name {out}
        part = part.replace(blank, value) if blank != "{text}" else part
    return part.replace("{text}", blanks["{text}"])


def _sound(out: Path, stdout: bytes, settings: CommandSettings) -> bytes:
    if not any("{out}" in part for part in settings.argv):
        return stdout
    if not out.is_file() or out.stat().st_size > LARGEST:
        raise SynthesisError(
            Message(f"{settings.argv[0]} wrote no sound file", f"{settings.argv[0]} が音のファイルを書きませんでした")
        )
    return out.read_bytes()
