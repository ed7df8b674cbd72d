"""Front door: parses arguments, prints, exits. One module a family of commands, found by its `COMMANDS`."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence

from yomicast import __version__
from yomicast.cli.frame import Command, language_of_locale, screen
from yomicast.errors import OutputError, YomicastError
from yomicast.memory import return_large_arrays
from yomicast.model import Message


def commands() -> dict[str, Command]:
    """Every command by name, from each module of this package that has `COMMANDS`."""
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return {command.name: command for module in modules for command in getattr(module, "COMMANDS", ())}


def parser(table: dict[str, Command]) -> argparse.ArgumentParser:
    """The whole command line."""
    japanese = language_of_locale() == "ja"
    top = argparse.ArgumentParser(
        prog="yomicast",
        description="記事をポッドキャストの一話にします。"
        if japanese
        else "Turns a Japanese article into a finished podcast episode.",
    )
    top.add_argument("--version", action="version", version=f"yomicast {__version__}")
    families = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in table.values():
        text = command.help.ja if japanese else command.help.en
        examples = "".join(f"\n  {line}\n      {m.ja if japanese else m.en}" for line, m in command.examples)
        sub = families.add_parser(
            command.name,
            help=text,
            description=text,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            epilog=(("例:" if japanese else "examples:") + examples) if examples else None,
        )
        sub.add_argument(
            "--json", action="store_true", help="機械向けに JSON で出す" if japanese else "print JSON for machines"
        )
        sub.add_argument("--quiet", action="store_true", help="結果だけを出す" if japanese else "print results only")
        command.arguments(sub)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status as docs/errors.md lists them (130: interrupted)."""
    return_large_arrays()
    table = commands()
    args = parser(table).parse_args(argv)
    view = screen(args)
    try:
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
        known = OutputError(Message(f"{error.strerror}", f"{error.strerror}"), where=str(error.filename or ""))
        view.error(known)
        return known.exit_code
