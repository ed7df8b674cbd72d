"""`yomicast audition`: hear a stretch of the mix without rendering the episode."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from pathlib import Path

from yomicast import pipeline
from yomicast.cli.frame import Command, Screen, clock, language_of_locale
from yomicast.cli.progress import ProgressView
from yomicast.mix import seconds_of
from yomicast.model import Message


def _arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "target", metavar="EPISODE", help="記事、設定ファイル、または URL" if ja else "article, manifest or URL"
    )
    parser.add_argument(
        "--from", dest="start", default="0:00", metavar="TIME",
        help="始まりの時刻(例 3:20)" if ja else "where to begin, such as 3:20",
    )  # fmt: skip
    parser.add_argument(
        "--for", dest="length", default="30s", metavar="LENGTH",
        help="長さ(例 30s、既定 30s)" if ja else "how long, such as 30s (default: 30s)",
    )  # fmt: skip
    parser.add_argument(
        "--edition",
        default="",
        metavar="NAME",
        help="版の名前(既定: 最初の版)" if ja else "edition (default: the first)",
    )
    parser.add_argument(
        "--out", type=Path, default=Path("audio_out"), metavar="DIR",
        help="出力フォルダー(既定: audio_out)" if ja else "output folder (default: audio_out)",
    )  # fmt: skip
    parser.add_argument(
        "--to", type=Path, metavar="FILE",
        help="書き出すファイル(.wav .mp3 .m4a .opus .flac)" if ja else "file to write (.wav .mp3 .m4a .opus .flac)",
    )  # fmt: skip
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="番組の設定ファイル" if ja else "the show's settings file"
    )


def _run(args: Namespace, screen: Screen) -> int:
    start = seconds_of(args.start, where="--from") if re.search("[^0:.hms 時間分秒]", args.start) else 0.0
    length = seconds_of(args.length, where="--for")
    job = pipeline.open_job(args.target, out=args.out, show_file=args.show)
    with ProgressView(screen) as progress:
        heard = pipeline.audition(job, start=start, seconds=length, edition=args.edition, to=args.to, progress=progress)
    if screen.as_json:
        screen.data(
            {
                "file": str(heard.path),
                "start": start,
                "seconds": round(heard.seconds, 3),
                "lufs": round(heard.loudness.integrated, 2),
                "lines": [
                    {"start": round(start + cue.start, 3), "end": round(start + cue.end, 3), "text": cue.text}
                    for cue in heard.mastered.cues
                ],
            }
        )
        return 0
    for cue in heard.mastered.cues:
        line = f"  {clock(start + cue.start):>8}  {cue.text}"
        screen.say(Message(line, line))
    screen.result(str(heard.path))
    return 0


COMMANDS = (
    Command(
        name="audition",
        help=Message("hear a stretch of the mix", "ミックスの一部だけを試し聴きする"),
        arguments=_arguments,
        run=_run,
        examples=(
            (
                "yomicast audition episodes/sample.txt --from 3:20 --for 30s",
                Message("writes 30 seconds as a WAV file", "30秒分を WAV ファイルに書き出します"),
            ),
        ),
    ),
)
