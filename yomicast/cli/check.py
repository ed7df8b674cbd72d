"""`yomicast check`: is the output right, before anybody subscribes to it?"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from yomicast import export, feed
from yomicast.cli.frame import Command, Screen, language_of_locale
from yomicast.errors import FeedError
from yomicast.model import Finding, Message


def _folder(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "folder", metavar="DIR", type=Path, nargs="?", default=Path("audio_out"),
        help="出力フォルダー(既定: audio_out)" if ja else "output folder (default: audio_out)",
    )  # fmt: skip


def _arguments(parser: ArgumentParser) -> None:
    _folder(parser)
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "--base", default="", metavar="URL",
        help="公開先のアドレス(既定: フィードに書かれたもの)" if ja else "where it is published (default: as the feed says)",
    )  # fmt: skip


def findings(folder: Path, *, base: str = "", now: datetime | None = None) -> list[Finding]:
    """Everything wrong with feed, files and pages of an output folder, errors first."""
    where = (base or feed.base_of(folder)).rstrip("/") + "/"
    found = feed.check(folder, base=base, now=now)
    try:
        told = tuple(e for name in feed.documents(folder) for e in feed.read(folder / name, base=where))
    except FeedError:
        told = ()  # said already, by the feed's own check
    found += export.inspect(folder, told, album=feed.title_of(folder))
    found += export.inspect_pages(folder, base=where)
    return sorted(found, key=lambda one: one.rule.level != "error")


def _must_exist(folder: Path) -> None:
    if not folder.is_dir():
        raise FeedError(
            Message("there is no such folder", "フォルダーがありません"),
            where=str(folder),
            hint=Message("render an episode first", "先にエピソードを作ってください"),
        )


def _run(args: Namespace, screen: Screen) -> int:
    _must_exist(args.folder)
    found = findings(args.folder, base=args.base, now=datetime.now(UTC))
    errors = sum(one.rule.level == "error" for one in found)
    if screen.as_json:
        screen.data({"errors": errors, "warnings": len(found) - errors, "findings": [_as_data(one) for one in found]})
        return FeedError.exit_code if errors else 0
    for one in found:
        screen.result(f"{one.rule.level}[{one.rule.slug}] {one.place}: {screen.text(one.text)}")
        screen.result(f"  → {screen.text(one.rule.remedy)}")
    warnings = len(found) - errors
    if errors:
        screen.say(Message(f"{errors} errors, {warnings} warnings", f"誤り {errors} 件、注意 {warnings} 件"))
        return FeedError.exit_code
    screen.say(Message(f"nothing is wrong; {warnings} warnings", f"誤りはありません。注意 {warnings} 件"))
    return 0


def _as_data(one: Finding) -> dict[str, object]:
    return {
        "rule": one.rule.slug,
        "level": one.rule.level,
        "place": one.place,
        "en": one.text.en,
        "ja": one.text.ja,
        "remedy": {"en": one.rule.remedy.en, "ja": one.rule.remedy.ja},
    }


COMMANDS = (
    Command(
        name="check",
        help=Message(
            "check feed, files and pages of an output folder, offline",
            "出力フォルダーのフィード、ファイル、ページを点検する(通信なし)",
        ),
        arguments=_arguments,
        run=_run,
        examples=(
            ("yomicast check", Message("check audio_out", "audio_out を点検する")),
            (
                "yomicast check audio_out --base https://example.jp/podcast/",
                Message("as it will stand at that address", "そのアドレスに置いたものとして点検する"),
            ),
        ),
    ),
)
