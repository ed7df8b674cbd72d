"""`yomicast reading`: how lines are read aloud, before any sound is made."""

from __future__ import annotations

import sys
import unicodedata
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from yomicast import config, reading
from yomicast.cli.frame import Command, Screen
from yomicast.model import Line, Message, Note, Place, Word
from yomicast.reading import lexicon
from yomicast.settings import LexiconEntry


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "text", nargs="*", metavar="TEXT", help="lines to read (none: stdin) / 読む文 (なければ標準入力)"
    )
    parser.add_argument(
        "--prosody", action="store_true", help="accent phrases, ^ミ[ズヲ#マ[レ]ーシアカラ…$ / アクセント句つきで出す"
    )
    parser.add_argument("--explain", action="store_true", help="show each step that decided / 読みが決まった手順を出す")
    parser.add_argument("--review", action="store_true", help="list the words to check / 確かめたい語を出す")
    parser.add_argument(
        "--lexicon", action="append", default=[], metavar="FILE", type=Path, help="a lexicon file to use / 使う辞書"
    )


def _run(args: Namespace, screen: Screen) -> int:
    entries = [one for path in args.lexicon for one in lexicon.distinct(config.load_lexicon(path, lexicon.entry))]
    for number, line in enumerate(_lines(args.text), 1):
        _unreadable(number, line, screen)
        if args.explain:
            _explain(line, entries, screen)
        elif args.review:
            _review(line, entries, screen)
        else:
            words = reading.words(line, (), entries)
            _spoken(line, words, screen, form=reading.prosody(words) if args.prosody else reading.kana(words))
    screen.out.flush()
    return 0


def _unreadable(number: int, line: str, screen: Screen) -> None:
    """A note for characters that are no text: nothing is left out in silence."""
    bad = [f"U+{ord(c):04X}" for c in line if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and not c.isspace()]
    if bad:
        some = " ".join(dict.fromkeys(bad))
        screen.say(
            Message(f"line {number}: not read, no text: {some}", f"{number} 行目: 文字でないものは読みません: {some}")
        )


def _lines(given: Sequence[str]) -> Iterator[str]:
    """The lines from the command line, or from stdin, whose broken bytes become characters that are noted."""
    if given:
        yield from given
        return
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    for line in sys.stdin:
        yield line.rstrip("\r\n")


def _spoken(line: str, words: Sequence[Word], screen: Screen, *, form: str) -> None:
    if screen.as_json:
        screen.data({"text": _printable(line), "reading": form, "words": [asdict(word) for word in words]})
    else:
        screen.out.write(form + "\n")


def _explain(line: str, entries: Sequence[LexiconEntry], screen: Screen) -> None:
    told = reading.explain(line, (), entries)
    if screen.as_json:
        steps = [{**asdict(change), "before": _printable(change.before)} for change in told.changes]
        screen.data({"text": _printable(line), "steps": steps, "reading": reading.kana(told.words)})
        return
    screen.result(_printable(line))
    for change in told.changes:
        screen.result(f"  {change.step:<20} {_printable(change.before)} → {change.after or '∅'}")
    kept = " ".join(f"{_printable(word.surface)}={word.kana}" for word in told.words if word.pron)
    screen.result(f"  {'words':<20} {kept}")
    screen.result(f"  {'prosody':<20} {reading.prosody(told.words)}")


def _review(line: str, entries: Sequence[LexiconEntry], screen: Screen) -> None:
    spoken = Line(shown=line, spoken=line, role="body", place=Place(), pause=0.0)
    notes: Sequence[Note] = reading.review(spoken, entries)
    if screen.as_json:
        screen.data({"text": _printable(line), "notes": [screen.text(note.text) for note in notes]})
        return
    for note in notes:
        screen.result(f"{_printable(line)}\t{screen.text(note.text)}")


def _printable(text: str) -> str:
    """Text that any terminal takes: lone surrogates as U+FFFD."""
    return text.encode("utf-8", "replace").decode("utf-8")


COMMANDS: tuple[Command, ...] = (
    Command(
        name="reading",
        help=Message("print how lines are read aloud, before any sound is made", "音を作る前に、各行の読みを出す"),
        arguments=_arguments,
        run=_run,
        examples=(
            ("yomicast reading 三本の木", Message("prints サンボンノキ", "サンボンノキ と出ます")),
            (
                "yomicast reading --explain 9:05に行った",
                Message("shows each step that decided", "読みが決まった手順を見せます"),
            ),
            (
                "yomicast reading --prosody < lines.txt",
                Message("accent phrases for every line of a file", "ファイルの各行をアクセント句つきで"),
            ),
        ),
    ),
)
