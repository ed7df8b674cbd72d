"""`yomicast script`: what will be said, to review and edit before any voice speaks."""

from __future__ import annotations

import dataclasses
from argparse import ArgumentParser, Namespace
from pathlib import Path

from yomicast import pipeline, script
from yomicast.cli.frame import Command, Screen, language_of_locale
from yomicast.files import write_changed
from yomicast.model import Message, Note, Script

FATES = {
    "spoken": Message("spoken", "読む"),
    "replaced": Message("said as", "言いかえる"),
    "silent": Message("silent", "読まない"),
    "dropped": Message("dropped", "落とす"),
    "added": Message("added", "加える"),
}


def _arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "target", metavar="ARTICLE", help="記事、設定ファイル、または URL" if ja else "article, manifest or URL"
    )
    parser.add_argument(
        "--explain", action="store_true",
        help="元の記事の行ごとに、読む・言いかえる・落とすを表示する" if ja else "account for every line of the source",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true",
        help="書き出さずに台本を表示する" if ja else "print the script; write nothing",
    )  # fmt: skip
    parser.add_argument(
        "--strict", action="store_true",
        help="音訳の流儀で、何も省かずに" if ja else "as a transcriber for the blind reads: nothing passed over",
    )  # fmt: skip
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="番組の設定ファイル" if ja else "the show's settings file"
    )


def _run(args: Namespace, screen: Screen) -> int:
    job = pipeline.open_job(args.target, out=Path("audio_out"), show_file=args.show)
    revised, text = pipeline.written(job, strict=args.strict)
    if screen.as_json:
        screen.data(script.as_json(revised) | ({"account": _account(revised)} if args.explain else {}))
    elif args.explain:
        _explain(revised, screen)
    elif args.dry_run:
        screen.result(text.rstrip("\n"))
    else:
        _write(script.sheet_path(job.source, job.slug), text, revised, screen)
    return 0


def _write(path: Path, text: str, revised: Script, screen: Screen) -> None:
    changed = write_changed(path, text)
    count, chapters = len(revised.lines), sum(line.level == 2 for line in revised.lines)
    screen.say(
        Message(
            f"{revised.title}: {count} lines, {chapters} chapters, {revised.coverage:.1%} accounted for",
            f"{revised.title}: {count}行、{chapters}章、記事の {revised.coverage:.1%} の行き先が分かっています",
        )
    )
    for message in revised.omissions:
        screen.say(message)
    for note in revised.notes:
        screen.say(_placed(note))
    if changed:
        screen.say(Message("review and edit it:", "確かめて、直せます:"))
    else:
        screen.say(Message("nothing changed:", "変更はありません:"))
    screen.result(str(path))


def _placed(note: Note) -> Message:
    line = note.place.line
    if not line:
        return Message(f"  note: {note.text.en}", f"  メモ: {note.text.ja}")
    return Message(f"  note, line {line}: {note.text.en}", f"  メモ {line}行目: {note.text.ja}")


def _account(revised: Script) -> list[dict[str, object]]:
    return [dataclasses.asdict(entry) for entry in script.explain(revised)]


def _explain(revised: Script, screen: Screen) -> None:
    for entry in script.explain(revised):
        line = f"{entry.line}" if entry.line else "-"
        fate = screen.text(FATES[entry.fate])
        words = entry.text
        if entry.fate in ("replaced", "added"):
            words = f"{entry.text} → {entry.spoken}" if entry.text else f"+ {entry.spoken}"
        screen.result(f"{line:>5}  {fate} [{entry.reason}] {' '.join(words.split())}")
    screen.result(
        screen.text(Message(f"coverage {revised.coverage:.2%}", f"行き先の分かる文字の割合 {revised.coverage:.2%}"))
    )


COMMANDS: tuple[Command, ...] = (
    Command(
        name="script",
        help=Message("write what will be said, to review and edit", "読み上げる台本を書き出す(確かめて直せます)"),
        arguments=_arguments,
        run=_run,
        examples=(
            (
                "yomicast script episodes/night-library.txt",
                Message("writes episodes/scripts/night-library.txt", "episodes/scripts/night-library.txt に書きます"),
            ),
            (
                "yomicast script my-post.md --explain",
                Message("what is spoken, replaced or dropped, line by line", "行ごとに、読むもの・省くものを確かめる"),
            ),
            (
                "yomicast script my-post.md --json",
                Message("the script as JSON", "台本を JSON で"),
            ),
        ),
    ),
)
