"""`yomicast publish` and `yomicast prune`."""

from __future__ import annotations

import dataclasses
from argparse import ArgumentParser, Namespace
from pathlib import Path

from yomicast import config, pipeline
from yomicast.cli.frame import Command, Screen, language_of_locale
from yomicast.cli.progress import ProgressView
from yomicast.model import Message


def _out(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "--out", type=Path, default=Path("audio_out"), metavar="DIR",
        help="出力フォルダー(既定: audio_out)" if ja else "output folder (default: audio_out)",
    )  # fmt: skip
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="番組の設定ファイル" if ja else "the show's settings file"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="変わるものだけを表示する" if ja else "only say what would change"
    )


def _publish_arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    _out(parser)
    parser.add_argument(
        "--to",
        metavar="PLACE",
        help="フォルダー、s3://…、sftp://…、rclone:…" if ja else "folder, s3://…, sftp://…, rclone:…",
    )
    parser.add_argument(
        "--endpoint", metavar="URL", help="S3 互換ストアのアドレス" if ja else "address of an S3-compatible store"
    )
    parser.add_argument(
        "--adopt",
        action="store_true",
        help="読みcast のものでないフィードも置き換える" if ja else "replace a feed that is not ours",
    )


def _publish(args: Namespace, screen: Screen) -> int:
    show = config.find_project(Path("episodes") / "x", show_file=args.show).show
    settings = dataclasses.replace(
        show.publish, to=args.to or show.publish.to, endpoint=args.endpoint or show.publish.endpoint
    )
    with ProgressView(screen) as progress:
        done = pipeline.publish_to(
            show, settings, args.out, dry_run=args.dry_run, adopt=args.adopt,
            on_done=lambda count, total: progress("publish", count, total),
        )  # fmt: skip
    if screen.as_json:
        screen.data({"created": done.created, "written": done.written, "same": done.same, "dry_run": args.dry_run})
        return 0
    for key in [*done.created, *done.written]:
        screen.say(
            Message(
                f"  {'would send' if args.dry_run else 'sent'} {key}",
                f"  {'送る予定' if args.dry_run else '送信'} {key}",
            )
        )
    screen.say(Message(f"{done.sent} sent, {done.same} already there", f"送信 {done.sent}、すでにあるもの {done.same}"))
    return 0


def _prune(args: Namespace, screen: Screen) -> int:
    gone = pipeline.prune(args.out, dry_run=args.dry_run)
    if screen.as_json:
        screen.data({"removed": gone, "dry_run": args.dry_run})
        return 0
    for name in gone:
        screen.say(
            Message(
                f"  {'would remove' if args.dry_run else 'removed'} {name}",
                f"  {'消す予定' if args.dry_run else '削除'} {name}",
            )
        )
    screen.say(Message(f"{len(gone)} old files", f"古いファイル {len(gone)}件"))
    return 0


COMMANDS = (
    Command(
        name="publish",
        help=Message(
            "send the output folder to a place, the feed last", "出力フォルダーを公開先へ送る(フィードは最後)"
        ),
        arguments=_publish_arguments,
        run=_publish,
        examples=(
            (
                "yomicast publish --to /var/www/podcast",
                Message("a folder that a web server shows", "ウェブサーバーのフォルダーへ"),
            ),
            (
                "yomicast publish --to s3://bucket/podcast --dry-run",
                Message("what would be sent", "何が送られるかを見る"),
            ),
        ),
    ),
    Command(
        name="prune",
        help=Message("remove sound files that corrections have replaced", "訂正で古くなった音声ファイルを消す"),
        arguments=_out,
        run=_prune,
        examples=(("yomicast prune --dry-run", Message("list them first", "先に一覧を見る")),),
    ),
)
