"""`yomicast reading`: how lines are read aloud, before any sound is made."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from yomicast import reading
from yomicast.cli.frame import Command, Screen
from yomicast.model import Message


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--prosody", action="store_true", help="accent phrases: ^ミ[ズヲ#マ[レ]ーシアカラ…$")


def _run(args: Namespace, screen: Screen) -> int:
    form = reading.prosody if args.prosody else reading.kana
    sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
    for line in sys.stdin:
        screen.out.write(form(reading.words(line.rstrip("\r\n"))) + "\n")
    screen.out.flush()
    return 0


COMMANDS: tuple[Command, ...] = (
    Command(
        name="reading",
        help=Message("print how lines from stdin are read aloud", "標準入力の各行の読みを出す"),
        arguments=_arguments,
        run=_run,
        examples=(
            ("echo 三本の木 | yomicast reading", Message("prints サンボンノキ", "サンボンノキ と出ます")),
            ("echo 三本の木 | yomicast reading --prosody", Message("with accent phrases", "アクセント句つき")),
        ),
    ),
)
