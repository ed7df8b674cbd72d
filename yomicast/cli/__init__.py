"""Front door: parses arguments, prints, exits. One module a family of commands, found by its `COMMANDS`."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import traceback
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from yomicast.cli.frame import Command, screen
from yomicast.cli.grammar import parser
from yomicast.errors import OutputError, YomicastError
from yomicast.memory import frugal
from yomicast.model import Message
from yomicast.patterns import keep

__all__ = ["commands", "main", "parser"]

TRACE = "YOMICAST_TRACE"
"""Environment variable that shows our own mistakes with all their steps."""


def commands(asked: str = "") -> dict[str, Command]:
    """Every command by name, from each module of this package that has `COMMANDS`.

    Where a module is named like the command that is `asked`, and has it, its commands are enough: the others' modules
    are not loaded.
    """
    names = [found.name for found in pkgutil.iter_modules(__path__)]
    if asked in names:
        table = _of([asked])
        if asked in table:
            return table
    return _of(names)


def _of(names: Sequence[str]) -> dict[str, Command]:
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return {command.name: command for module in modules for command in getattr(module, "COMMANDS", ())}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status as docs/errors.md lists them (130: interrupted)."""
    frugal()
    words = list(sys.argv[1:] if argv is None else argv)
    view = screen(Namespace(json="--json" in words, quiet="--quiet" in words))
    try:
        table = commands(words[0] if words else "")
        args = parser(table).parse_args(words or ["--help"])
        return table[args.command].run(args, view)
    except YomicastError as error:
        view.error(error)
        return error.exit_code
    except KeyboardInterrupt:
        view.say(Message("interrupted; finished work is kept", "中断しました。済んだ分は残っています"))
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        known = OutputError(
            Message(f"{error.strerror}", f"{error.strerror}"),
            where=str(error.filename or ""),
            hint=Message("check the path and its rights", "パスと権限を確かめてください"),
        )
        view.error(known)
        return known.exit_code
    except Exception as error:
        if os.environ.get(TRACE):
            raise
        mistake = _ours(error)
        view.error(mistake)
        return mistake.exit_code
    finally:
        keep()


def _ours(error: Exception) -> YomicastError:
    """A mistake of ours in one line: what it was and where in our code."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {' '.join(str(error).split())[:200]} ({Path(last.filename).name}:{last.lineno})"
    return YomicastError(
        Message(f"a mistake of ours: {what}", f"yomicast の誤りです: {what}"),
        hint=Message(
            f"please report it with the command; {TRACE}=1 shows all of it",
            f"コマンドとともにお知らせください。{TRACE}=1 を付けると詳しく出ます",
        ),
    )
