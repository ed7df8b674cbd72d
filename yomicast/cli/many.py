"""Many articles in one run: `yomicast render episodes/`, `yomicast plan`, `yomicast watch`."""

from __future__ import annotations

import json
import os
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from yomicast import batch, config, pipeline
from yomicast.batch import Outcome
from yomicast.cli.frame import Command, Screen, clock, language_of_locale
from yomicast.cli.progress import ProgressView
from yomicast.errors import YomicastError
from yomicast.files import explained
from yomicast.model import Message

POLL = 1.0
"""Seconds between looks at the folder while watching."""


def is_many(name: str) -> bool:
    """Whether a name can stand for several articles."""
    return Path(name).is_dir() or (
        "://" not in name and any(sign in name for sign in "*?[") and not Path(name).exists()
    )


def render(args: Namespace, screen: Screen) -> int:
    """Make everything that is not up to date; the exit status of the first failure, or 0."""
    if args.since:
        batch.moment(args.since)  # a feed's dates are compared as text
    names = args.targets or ([] if args.feed else ["episodes"])
    targets = batch.find(names, since=args.since) if names else []
    if args.feed:
        targets += pipeline.addresses(args.feed, since=args.since)
    if args.dry_run:
        return _plan(targets, args, screen)
    show = config.find_project(Path(targets[0]) if targets else Path("episodes/x"), show_file=args.show).show
    with pipeline.workplace(args.out), _log(args.log, screen) as log, ProgressView(screen) as view:
        now = datetime.now(pipeline.JST)
        work = batch.tasks(targets, args.out, show_file=args.show, always=args.force, now=now)
        pool, window = _pool(args, work)

        def told(outcome: Outcome, done: int, total: int) -> None:
            log(outcome)
            view("episodes", done, total)
            _told(screen, outcome)

        outcomes = batch.run_all(work, pool, on_done=told, window=window)
        pipeline.gather(show, args.out, adopt=args.adopt)
    _summary(outcomes, screen)
    return next((o.error.exit_code for o in outcomes if o.error), 0)


@contextmanager
def _log(path: Path | None, screen: Screen) -> Iterator[Callable[[Outcome], None]]:
    """Writes a line as each article ends, so that a killed run's log says what it did."""
    if path is None:
        yield lambda _outcome: None
        return
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a", encoding="utf-8")
    with stream:
        yield lambda outcome: print(json.dumps(_data(outcome, screen), ensure_ascii=False), file=stream, flush=True)


def _pool(
    args: Namespace, work: Sequence[batch.Task]
) -> tuple[Callable[[], AbstractContextManager[Executor]], int | None]:
    """What runs the articles, and how many to hand over at a time."""
    if args.cluster:
        from yomicast import cluster

        engines = batch.engines(work[0].target, args.show) if work else ()
        return partial(cluster.connected, args.cluster, args.out, engines=engines), cluster.WINDOW
    workers = min(args.jobs or os.cpu_count() or 1, max(1, len(work)))
    return partial(batch.local_pool, workers), batch.WAITING * workers


def _told(screen: Screen, outcome: Outcome) -> None:
    if outcome.error is not None and not screen.as_json:
        screen.error(outcome.error)
    elif outcome.status == "made":
        screen.say(Message(f"made {outcome.slug} ({clock(outcome.seconds)}, {outcome.spoken} lines spoken)",
                           f"作成 {outcome.slug}({clock(outcome.seconds)}、読み上げ {outcome.spoken}行)"))  # fmt: skip


def _data(outcome: Outcome, screen: Screen) -> dict[str, object]:
    facts: dict[str, object] = {
        "target": outcome.target, "slug": outcome.slug, "status": outcome.status, "title": outcome.title,
        "seconds": round(outcome.seconds, 3), "spoken": outcome.spoken, "worker": outcome.worker, "began": outcome.began,
        "wall": outcome.wall, "cpu": outcome.cpu,
    }  # fmt: skip
    if outcome.error is not None:
        error = outcome.error
        facts["error"] = {
            "slug": error.slug, "where": str(error.where), "what": screen.text(error.message),
            "hint": screen.text(error.hint) if error.hint else "",
        }  # fmt: skip
    return facts


def _summary(outcomes: list[Outcome], screen: Screen) -> None:
    if screen.as_json:
        screen.data([_data(outcome, screen) for outcome in outcomes])
        return
    counts = {status: sum(o.status == status for o in outcomes) for status in ("made", "fresh", "failed")}
    length = clock(sum(outcome.seconds for outcome in outcomes))
    screen.say(
        Message(
            f"{counts['made']} made ({length}), {counts['fresh']} up to date, {counts['failed']} failed",
            f"作成 {counts['made']}({length})、最新 {counts['fresh']}、失敗 {counts['failed']}",
        )
    )


def _plan(targets: list[str], args: Namespace, screen: Screen) -> int:
    """What would be made, how long and how large."""
    rows: list[dict[str, object]] = []
    status = 0
    for task in batch.tasks(targets, args.out, show_file=args.show, keep=False):
        try:
            row = batch.plan(task)
        except YomicastError as error:
            status = status or error.exit_code
            screen.error(error)
            continue
        rows.append(row)
        size = float(str(row["bytes"])) / 1e6
        state = {"new": "新規", "changed": "変更", "fresh": "最新"}[str(row["state"])]
        long = clock(float(str(row["seconds"])))
        screen.say(
            Message(
                f"{row['state']:8} {long:>8} {size:6.1f} MB  {row['slug']}",
                f"{state} {long:>8} {size:6.1f} MB  {row['slug']}",
            )
        )
    due = [row for row in rows if row["state"] != "fresh"]
    seconds = sum(float(str(row["seconds"])) for row in due)
    size = sum(float(str(row["bytes"])) for row in due) / 1e6
    if screen.as_json:
        screen.data({"episodes": rows, "due": len(due), "seconds": round(seconds), "bytes": round(size * 1e6)})
    screen.say(Message(f"to make: {len(due)} of {len(rows)}, about {clock(seconds)}, {size:.1f} MB",
                       f"作るもの: {len(rows)}件中{len(due)}件、約{clock(seconds)}、{size:.1f} MB"))  # fmt: skip
    return status


def _watch_arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "targets",
        metavar="FOLDER",
        nargs="*",
        help="記事のフォルダー(既定: episodes)" if ja else "folders (default: episodes)",
    )
    _common(parser)
    parser.add_argument("--once", action="store_true", help="一度だけ調べて終わる" if ja else "look once and stop")


def _common(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "--out", type=Path, default=Path("audio_out"), metavar="DIR",
        help="出力フォルダー(既定: audio_out)" if ja else "output folder (default: audio_out)",
    )  # fmt: skip
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="番組の設定ファイル" if ja else "the show's settings file"
    )
    parser.set_defaults(feed=None, since="", jobs=None, cluster=None, force=False, log=None, adopt=False, dry_run=False)


def _watch(args: Namespace, screen: Screen) -> int:
    """Render what changes until interrupted; an error is shown and waited out."""
    seen: dict[str, int] | None = None
    status = 0
    while True:
        now = _states(args.targets or ["episodes"])
        if now != seen:
            seen = now
            try:
                status = render(args, screen)
            except YomicastError as error:
                screen.error(error)
                status = error.exit_code
        if args.once:
            return status
        time.sleep(POLL)


def _states(names: Sequence[str]) -> dict[str, int]:
    """When each file that a render depends on was last written: what the names stand for, their folders, the voices."""
    folders = {Path(name) if Path(name).is_dir() else Path(name).parent for name in names} | {Path("voices")}
    found = {}
    for folder in folders:
        for path in (*folder.glob("*"), *folder.glob("scripts/*")):
            with suppress(FileNotFoundError):  # gone between the two looks
                found[str(path)] = path.stat().st_mtime_ns
    return found


def _plan_arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "targets",
        metavar="ARTICLE",
        nargs="*",
        help="記事やフォルダー(既定: episodes)" if ja else "articles or folders (default: episodes)",
    )
    _common(parser)


def _plan_run(args: Namespace, screen: Screen) -> int:
    return _plan(batch.find(args.targets or ["episodes"]), args, screen)


COMMANDS = (
    Command(
        name="plan",
        help=Message("say what a run would make, how long and how large", "何がどれだけ作られるかを先に見る"),
        arguments=_plan_arguments,
        run=_plan_run,
        examples=(
            ("yomicast plan episodes/", Message("new, changed and up-to-date episodes", "新規・変更・最新の一覧")),
        ),
    ),
    Command(
        name="watch",
        help=Message("render articles as they change", "記事が変わるたびに作り直す"),
        arguments=_watch_arguments,
        run=_watch,
        examples=(("yomicast watch episodes/", Message("stop with Ctrl+C", "Ctrl+C で終わります")),),
    ),
)
