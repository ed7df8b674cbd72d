"""The grammar of the command line: help that teaches by example, and mistakes explained, in the user's language."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from yomicast import __version__
from yomicast.cli.frame import Command, language_of_locale
from yomicast.errors import InputError, nearest
from yomicast.model import Message

ORDER = ("render", "plan", "watch", "script", "reading", "proof", "lexicon", "voices", "audition")
"""Commands as an author comes to need them; all others follow."""

EXAMPLES = (
    ("yomicast render my-post.txt", Message("a bare article becomes an episode", "記事がそのまま番組の一話になります")),
    ("yomicast render my-post.txt --dry-run", Message("what would be said and dropped", "何を読み、何を読まないか")),
    ("yomicast render --help", Message("each command shows its own examples", "各コマンドの説明に例があります")),
)

_SAID = (
    (r"the following arguments are required: (.*)", "{0} を指定してください"),
    (r"argument (.*): expected (?:one|at least one) argument", "{0} には値が必要です"),
    (r"argument (.*): invalid int value: (.*)", "{0} は整数で指定してください(いまは {1})"),
    (r"argument (.*): invalid choice: ('.*?') .*", "{0} に {1} は使えません"),
    (r"argument (.*): ignored explicit argument (.*)", "{0} に値は付けられません: {1}"),
    (r"unrecognized arguments: (.*)", "知らない指定です: {0}"),
    (r"ambiguous option: (.*) could match (.*)", "{0} は {1} のどれですか"),
)
"""What argparse says, and the same in Japanese."""


class Parser(argparse.ArgumentParser):
    """Raises mistakes instead of printing them; speaks the user's language."""

    def __init__(self, **more: Any) -> None:
        ja = language_of_locale() == "ja"
        super().__init__(add_help=False, formatter_class=_Japanese if ja else _Plain, **more)
        self._positionals.title = "指定するもの" if ja else "arguments"
        self._optionals.title = "オプション" if ja else "options"
        said = "この説明を出す" if ja else "show this help"
        self.add_argument("-h", "--help", action="help", help=said)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """The same, but a word that a command does not know is the command's own mistake, with its options as hint."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return found, rest

    def error(self, message: str) -> NoReturn:
        """A mistake on the command line.

        Raises:
            InputError: always.
        """
        raise InputError(_said(message), where=self.prog, hint=self._hint(message))

    def _hint(self, message: str) -> Message:
        choice = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        if choice:
            return nearest(choice[1], re.findall(r"[\w-]+", choice[2]))
        unknown = re.match(r"unrecognized arguments: (--[\w-]+)", message)
        if unknown:
            return nearest(unknown[1], [name for name in self._option_string_actions if name.startswith("--")])
        return Message(f"`{self.prog} --help` shows examples", f"`{self.prog} --help` に例があります")


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Examples keep their lines."""


class _Japanese(_Plain):
    def add_usage(
        self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "使い方: " if prefix is None else prefix)


def _said(message: str) -> Message:
    for pattern, japanese in _SAID:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return Message(re.sub(r" \(choose from.*", "", message), japanese.format(*found.groups()))
    return Message(message, f"指定に誤りがあります: {message}")


def parser(table: dict[str, Command]) -> Parser:
    """The whole command line."""
    ja = language_of_locale() == "ja"
    top = Parser(
        prog="yomicast",
        description="記事をポッドキャストの一話にします。"
        if ja
        else "Turns a Japanese article into a finished podcast episode.",
        epilog=_examples(EXAMPLES, japanese=ja),
    )
    top.add_argument(
        "--version", action="version", version=f"yomicast {__version__}", help="版を出す" if ja else "show the version"
    )
    families = top.add_subparsers(
        dest="command", metavar="コマンド" if ja else "COMMAND", required=True, title="コマンド" if ja else "commands"
    )
    for name in sorted(table, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)):
        command = table[name]
        text = command.help.ja if ja else command.help.en
        sub = families.add_parser(name, help=text, description=text, epilog=_examples(command.examples, japanese=ja))
        sub.add_argument(
            "--json", action="store_true", help="機械向けに JSON で出す" if ja else "print JSON for machines"
        )
        sub.add_argument("--quiet", action="store_true", help="結果だけを出す" if ja else "print results only")
        command.arguments(sub)
    return top


def _examples(examples: Iterable[tuple[str, Message]], *, japanese: bool) -> str:
    lines = "".join(f"\n  {line}\n      {m.ja if japanese else m.en}" for line, m in examples)
    return ("例:" if japanese else "examples:") + lines
