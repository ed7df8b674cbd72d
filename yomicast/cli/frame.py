"""What every command has: a row in the table, a screen to write to, the language of the locale."""

from __future__ import annotations

import io
import json
import locale
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TextIO, TypeAlias

from yomicast.errors import YomicastError
from yomicast.model import Message

Language: TypeAlias = Literal["en", "ja"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A row of the command table. `examples` are shown by --help: the shell line and what it does."""

    name: str
    help: Message
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Screen], int]
    examples: tuple[tuple[str, Message], ...] = ()


class Screen:
    """The only place that prints. Results go to stdout; progress, notes and errors to stderr."""

    def __init__(
        self, *, language: Language, out: TextIO, err: TextIO, quiet: bool = False, as_json: bool = False
    ) -> None:
        self.language: Language = language
        self.out, self.err, self.quiet, self.as_json = out, err, quiet, as_json

    def text(self, message: Message) -> str:
        """The message in the screen's language."""
        return message.ja if self.language == "ja" else message.en

    def line(self, message: Message) -> str:
        """The same on one line, whatever the author's words in it hold."""
        return " ".join(self.text(message).split())

    def result(self, line: str) -> None:
        """A line of what was asked for; printed even with --quiet."""
        print(line, file=self.out, flush=True)

    def data(self, value: Mapping[str, object] | list[object]) -> None:
        """A machine-readable result."""
        plain = (getattr(self.out, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"
        print(json.dumps(value, ensure_ascii=plain, indent=1), file=self.out, flush=True)

    def say(self, message: Message) -> None:
        """A remark for a person; silent with --quiet and --json."""
        if not (self.quiet or self.as_json):
            print(self.text(message), file=self.err, flush=True)

    def error(self, error: YomicastError) -> None:
        """`error[slug] where: what` and `→ next step`; with --json the same fields on stderr."""
        if self.as_json:
            fields = {
                "error": error.slug,
                "where": str(error.where),
                "what": self.text(error.message),
                "hint": self.text(error.hint) if error.hint else "",
                "exit": error.exit_code,
            }
            print(json.dumps(fields, ensure_ascii=False), file=self.err, flush=True)
            return
        where = f" {error.where}:" if str(error.where) else ":"
        print(f"error[{error.slug}]{where} {self.line(error.message)}", file=self.err)
        if error.hint:
            print(f"  → {self.line(error.hint)}", file=self.err, flush=True)


def language_of_locale() -> Language:
    """Japanese (`ja`) when the user's locale is Japanese, else en. YOMICAST_LANG wins."""
    for name in ("YOMICAST_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ja" if value.lower().startswith("ja") else "en"
    return "ja" if (locale.getlocale()[0] or "").lower().startswith("ja") else "en"


def screen(args: Namespace) -> Screen:
    """The screen for parsed arguments. What a terminal's encoding lacks (✓ in a Japanese Windows) is written `?`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    return Screen(
        language=language_of_locale(),
        out=sys.stdout,
        err=sys.stderr,
        quiet=getattr(args, "quiet", False),
        as_json=getattr(args, "json", False),
    )


def clock(seconds: float) -> str:
    """A length as people write it: 5:04 or 1:02:03."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
