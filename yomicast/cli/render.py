"""`yomicast render`: an article in, a finished episode out."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path

from yomicast import pipeline
from yomicast.cli.frame import Command, Screen, language_of_locale
from yomicast.cli.progress import ProgressView
from yomicast.model import Message, Note


def _arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "target", metavar="ARTICLE", help="記事、設定ファイル、または URL" if ja else "article, manifest or URL"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("audio_out"), metavar="DIR",
        help="出力フォルダー(既定: audio_out)" if ja else "output folder (default: audio_out)",
    )  # fmt: skip
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="番組の設定ファイル" if ja else "the show's settings file"
    )
    parser.add_argument(
        "--adopt",
        action="store_true",
        help="ほかの道具が作った feed.xml を引き継いで置き換える(元は残す)"
        if ja
        else "replace a feed.xml that another tool made (it is kept beside)",
    )
    parser.add_argument(
        "--dry-run", action="store_true",
        help="何が作られるかだけを表示する" if ja else "say what would be made; make nothing",
    )  # fmt: skip


def _run(args: Namespace, screen: Screen) -> int:
    job = pipeline.open_job(args.target, out=args.out, show_file=args.show)
    if args.dry_run:
        _show_plan(pipeline.prepare(job), screen)
        return 0
    with ProgressView(screen) as progress:
        rendered = pipeline.render(job, progress=progress, adopt=args.adopt)
    if screen.as_json:
        screen.data(_as_data(rendered))
    elif not screen.quiet:
        _show_summary(rendered, screen)
    return 0


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _show_plan(prepared: pipeline.Prepared, screen: Screen) -> None:
    script = prepared.script
    chapters = [line.shown for line in script.lines if line.level == 2]
    about = prepared.seconds_estimated
    if screen.as_json:
        screen.data(
            {
                "slug": prepared.job.slug,
                "title": script.title,
                "lines": len(script.lines),
                "chapters": chapters,
                "seconds_estimated": round(about),
                "dropped": [{"reason": d.reason, "text": d.text, "line": d.place.line} for d in script.dropped],
                "notes": [{"slug": n.slug, "text": screen.text(n.text), "line": n.place.line} for n in script.notes],
                "out": str(prepared.job.out / prepared.job.slug),
            }
        )
        return
    screen.say(Message(f"{script.title}", f"{script.title}"))
    screen.say(
        Message(
            f"  about {_clock(about)}, {len(script.lines)} lines, {len(chapters)} chapters, {len(script.dropped)} dropped",
            f"  約{_clock(about)}、{len(script.lines)}行、{len(chapters)}章、読まないもの{len(script.dropped)}件",
        )
    )
    for item in script.dropped:
        screen.say(
            Message(
                f"  - line {item.place.line} [{item.reason}] {item.text[:60]}",
                f"  - {item.place.line}行目 [{item.reason}] {item.text[:60]}",
            )
        )
    _show_notes(script.notes, screen)
    screen.say(
        Message(
            f"  would be made in {prepared.job.out / prepared.job.slug}",
            f"  作られる場所: {prepared.job.out / prepared.job.slug}",
        )
    )


def _show_notes(notes: tuple[Note, ...], screen: Screen, most: int = 8) -> None:
    for note in notes[:most]:
        line = f"{note.place.line}" if note.place.line else ""
        screen.say(
            Message(
                f"  note {line}: {note.text.en}" if line else f"  note: {note.text.en}",
                f"  メモ {line}行目: {note.text.ja}" if line else f"  メモ: {note.text.ja}",
            )
        )
    if len(notes) > most:
        screen.say(
            Message(
                f"  … {len(notes) - most} more notes in report.json", f"  … ほか{len(notes) - most}件は report.json に"
            )
        )


def _show_summary(rendered: pipeline.Rendered, screen: Screen) -> None:
    episode, script = rendered.episode, rendered.script
    main = rendered.editions[0]
    chapters = [mark for mark in episode.marks if mark.level == 2]
    screen.say(Message(f"{episode.title}", f"{episode.title}"))
    screen.say(Message(f"  {_clock(episode.seconds)}, {len(chapters)} chapters, {rendered.spoken_new} lines newly spoken",
                       f"  {_clock(episode.seconds)}、{len(chapters)}章、新しく読み上げた行 {rendered.spoken_new}"))  # fmt: skip
    for mark in chapters:
        screen.say(Message(f"    {_clock(mark.start):>8}  {mark.title}", f"    {_clock(mark.start):>8}  {mark.title}"))
    figures = main.figures
    if "lufs" in figures:
        screen.say(Message(f"  loudness {figures['lufs']} LUFS, true peak {figures.get('true_peak_dbtp')} dBTP",
                           f"  ラウドネス {figures['lufs']} LUFS、トゥルーピーク {figures.get('true_peak_dbtp')} dBTP"))  # fmt: skip
    reasons = ", ".join(f"{reason} {count}" for reason, count in Counter(d.reason for d in script.dropped).items())
    if reasons:
        screen.say(Message(f"  not read: {reasons}", f"  読まなかったもの: {reasons}"))
    _show_notes(rendered.notes, screen)
    if not rendered.written:
        screen.say(Message("  nothing changed", "  変更はありません"))
    for name in rendered.written:
        screen.say(Message(f"  wrote {rendered.out / name}", f"  書き出し: {rendered.out / name}"))


def _as_data(rendered: pipeline.Rendered) -> dict[str, object]:
    episode = rendered.episode
    return {
        "slug": episode.slug,
        "title": episode.title,
        "guid": episode.guid,
        "seconds": round(episode.seconds, 3),
        "chapters": [{"start": mark.start, "title": mark.title} for mark in episode.marks if mark.level == 2],
        "dropped": len(rendered.script.dropped),
        "notes": len(rendered.notes),
        "spoken": rendered.spoken_new,
        "written": list(rendered.written),
        "files": [rendition.path for rendition in episode.renditions],
        "sound": {one.name: dict(one.figures) for one in rendered.editions},
    }


COMMANDS = (
    Command(
        name="render",
        help=Message("make an episode from an article", "記事から番組の一話を作る"),
        arguments=_arguments,
        run=_run,
        examples=(
            (
                "yomicast render episodes/night-library.txt",
                Message("the sample episode, into audio_out/", "見本の記事を audio_out/ に"),
            ),
            (
                "yomicast render my-post.md --out ~/podcast",
                Message("any article, no manifest needed", "設定なしで、どんな記事でも"),
            ),
            (
                "yomicast render my-post.md --dry-run",
                Message("what would be said and dropped", "何を読み、何を読まないかを確かめる"),
            ),
        ),
    ),
)
