"""`yomicast render`: an article in, a finished episode out."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path

from yomicast import pipeline
from yomicast.cli import many
from yomicast.cli.frame import Command, Screen, clock, language_of_locale
from yomicast.cli.progress import ProgressView
from yomicast.model import Message, Note

REASONS = {
    "image-alt": Message("image description", "画像の説明"),
    "photo-credit": Message("photo credit", "写真のクレジット"),
    "byline": Message("byline", "署名"),
    "nav": Message("menu", "メニュー"),
    "toc": Message("table of contents", "目次"),
    "header": Message("page header", "ページの見出し部"),
    "footer": Message("page footer", "ページの末尾"),
    "button": Message("button", "ボタン"),
    "url": Message("address", "URL"),
    "cut": Message("cut: by the author", "cut: の指定"),
    "emoji": Message("emoji", "絵文字"),
    "ornament": Message("ornament", "飾り"),
    "rule": Message("rule", "罫線"),
    "markup": Message("markup", "書式の記号"),
    "list-mark": Message("list mark", "箇条書きの記号"),
    "heading-mark": Message("heading mark", "見出しの記号"),
    "ruby-mark": Message("ruby mark", "ルビの記号"),
    "front-matter": Message("front matter", "フロントマター"),
    "html-comment": Message("comment", "コメント"),
    "outside-article": Message("outside the article", "記事の外"),
    "repeated-title": Message("title said again", "題名のくり返し"),
    "footnote-mark": Message("footnote mark", "注の番号"),
    "footnote-in-notes": Message("footnote, in the notes", "注(番組の説明へ)"),
    "code-in-notes": Message("code, in the notes", "コード(番組の説明へ)"),
    "speaker-label": Message("speaker's label", "話し手の名札"),
    "empty-section": Message("section without text", "本文のない節"),
    "pause-mark": Message("pause", "間の指定"),
    "voice-mark": Message("voice mark", "声の指定"),
}
"""Why a text is not read, by the stable slug that reports carry."""


def _arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"

    def text(en: str, japanese: str) -> str:
        return japanese if ja else en

    parser.add_argument(
        "targets", metavar="ARTICLE", nargs="*",
        help=text("articles, manifests, folders, globs, URLs", "記事、設定ファイル、フォルダー、ワイルドカード、URL"),
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=Path("audio_out"), metavar="DIR",
        help=text("output folder (default: audio_out)", "出力フォルダー(既定: audio_out)"),
    )  # fmt: skip
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help=text("the show's settings file", "番組の設定ファイル")
    )
    parser.add_argument(
        "--feed", metavar="URL", help=text("articles of an RSS or Atom feed", "RSS/Atom フィードの記事")
    )
    parser.add_argument(
        "--since", default="", metavar="DATE", help=text("only what is newer", "この日より新しいものだけ")
    )
    parser.add_argument(
        "--jobs", type=int, metavar="N", help=text("articles at once (default: cores)", "同時に作る数(既定: コア数)")
    )
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help=text("a dask scheduler, tcp://…", "dask スケジューラー tcp://…")
    )
    parser.add_argument("--force", action="store_true", help=text("also what is up to date", "最新のものも作り直す"))
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help=text("a JSON line per article", "記事ごとに JSON を一行書く")
    )
    parser.add_argument(
        "--adopt", action="store_true",
        help=text("replace a feed.xml that another tool made (it is kept beside)", "ほかの道具の feed.xml を置き換える(元は残す)"),
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true",
        help=text("say what would be made; make nothing", "何が作られるかだけを表示する"),
    )  # fmt: skip


def _run(args: Namespace, screen: Screen) -> int:
    if args.feed or len(args.targets) != 1 or many.is_many(args.targets[0]) or args.cluster:
        return many.render(args, screen)
    job = pipeline.open_job(args.targets[0], out=args.out, show_file=args.show)
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
                "notes": [
                    {"slug": n.slug, "text": screen.text(n.text), "line": n.place.line}
                    for n in (*prepared.job.article.notes, *script.notes)
                ],
                "out": str(prepared.job.out / prepared.job.slug),
            }
        )
        return
    screen.result(script.title)
    screen.result(
        screen.text(
            Message(
                f"  about {clock(about)}, {len(script.lines)} lines, {len(chapters)} chapters, {len(script.dropped)} dropped",
                f"  約{clock(about)}、{len(script.lines)}行、{len(chapters)}章、読まないもの{len(script.dropped)}件",
            )
        )
    )
    for item in script.dropped:
        why, text = screen.text(_reason(item.reason)), item.text[:60]
        line = Message(f"line {item.place.line}", f"{item.place.line}行目")
        screen.result(f"  - {screen.text(line)} [{why}] {text}")
    _show_notes((*prepared.job.article.notes, *script.notes), screen)
    place = prepared.job.out / prepared.job.slug
    screen.result(screen.text(Message(f"  would be made in {place}", f"  作られる場所: {place}")))


def _reason(slug: str) -> Message:
    """Why a text is not read, in words; the slug where it speaks for itself."""
    return REASONS.get(slug, Message(slug, slug))


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
    screen.say(Message(f"  {clock(episode.seconds)}, {len(chapters)} chapters, {rendered.spoken_new} lines newly spoken",
                       f"  {clock(episode.seconds)}、{len(chapters)}章、新しく読み上げた行 {rendered.spoken_new}"))  # fmt: skip
    for mark in chapters:
        screen.say(Message(f"    {clock(mark.start):>8}  {mark.title}", f"    {clock(mark.start):>8}  {mark.title}"))
    figures = main.figures
    if "lufs" in figures:
        screen.say(Message(f"  loudness {figures['lufs']} LUFS, true peak {figures.get('true_peak_dbtp')} dBTP",
                           f"  ラウドネス {figures['lufs']} LUFS、トゥルーピーク {figures.get('true_peak_dbtp')} dBTP"))  # fmt: skip
    counts = Counter(_reason(d.reason) for d in script.dropped)
    if counts:
        en = ", ".join(f"{reason.en} {count}" for reason, count in counts.items())
        ja = "、".join(f"{reason.ja} {count}" for reason, count in counts.items())
        screen.say(Message(f"  not read: {en}", f"  読まなかったもの: {ja}"))
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
