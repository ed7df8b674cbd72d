"""`yomicast serve` and `yomicast embed`: hear it, and put it on a blog."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

import segno

from yomicast import config, pipeline, site
from yomicast.cli.frame import Command, Screen, language_of_locale
from yomicast.errors import ArticleError, nearest
from yomicast.model import Episode, Message

FEED = "feed.xml"


def _out(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "--out", type=Path, default=Path("audio_out"), metavar="DIR",
        help="出力フォルダー(既定: audio_out)" if ja else "output folder (default: audio_out)",
    )  # fmt: skip
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="番組の設定ファイル" if ja else "the show's settings file"
    )


def _serve_arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    _out(parser)
    parser.add_argument("--port", type=int, default=8500, help="ポート番号" if ja else "port number")
    parser.add_argument(
        "--share", action="store_true",
        help="同じネットワークのスマートフォンからも聞けるようにし、QR コードを出す"
        if ja else "let phones on the same network listen; prints a QR code",
    )  # fmt: skip


def _serve(args: Namespace, screen: Screen) -> int:
    show = config.find_project(Path("episodes") / "x", show_file=args.show).show
    host = "0.0.0.0" if args.share else "127.0.0.1"  # noqa: S104  only when asked with --share
    public = show.audio_base.rstrip("/") + "/"
    made = site.server(args.out, host=host, port=args.port, live=True, public=public)
    port = made.server_address[1]
    address = f"http://{site.own_address() if args.share else '127.0.0.1'}:{port}/"
    screen.result(address)
    screen.say(Message(f"feed: {address}{FEED}   stop with Ctrl+C", f"フィード: {address}{FEED}   Ctrl+C で終わります"))
    if args.share and not screen.quiet:
        segno.make(f"{address}{FEED}", error="m").terminal(out=screen.err, compact=True)
    try:
        made.serve_forever()
    finally:
        made.server_close()
    return 0


def _embed_arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    _out(parser)
    parser.add_argument("episode", help="エピソードの名前(フォルダー名)" if ja else "the episode's name (its folder)")
    parser.add_argument(
        "--text", default="article", metavar="CSS",
        help="ブログ本文の CSS セレクター(既定: article)" if ja else "CSS selector of the blog's text (default: article)",
    )  # fmt: skip


def _finished(args: Namespace) -> Episode:
    """The finished episode that the arguments name."""
    episodes = {episode.slug: episode for episode in pipeline.all_episodes(args.out)}
    if args.episode not in episodes:
        raise ArticleError(
            Message(f"no finished episode '{args.episode}'", f"'{args.episode}' というエピソードはまだありません"),
            where=str(args.out),
            hint=nearest(args.episode, episodes),
        )
    return episodes[args.episode]


def _embed(args: Namespace, screen: Screen) -> int:
    show = config.find_project(Path("episodes") / "x", show_file=args.show).show
    found = site.snippets(show, _finished(args), text=args.text)
    if screen.as_json:
        screen.data({**found, "notes": {name: screen.text(note) for name, note in site.NOTES}})
        return 0
    titles = {
        "component": Message(
            "Component: follows your own paragraphs", "部品: ブログの段落そのものが音に合わせて光ります"
        ),
        "iframe": Message("iframe: player only", "iframe: プレーヤーだけ"),
        "audio": Message("Plain audio: works everywhere HTML does", "audio 要素: HTML が書ければどこでも"),
    }
    for name, code in found.items():
        screen.say(Message(f"\n# {titles[name].en}", f"\n# {titles[name].ja}"))
        screen.result(code)
    screen.say(Message("", ""))
    for blog, note in site.NOTES:
        screen.say(Message(f"{blog}: {note.en}", f"{blog}: {note.ja}"))
    return 0


def _epub_arguments(parser: ArgumentParser) -> None:
    _out(parser)
    ja = language_of_locale() == "ja"
    parser.add_argument("episode", help="エピソードの名前(フォルダー名)" if ja else "the episode's name (its folder)")


def _epub(args: Namespace, screen: Screen) -> int:
    show = config.find_project(Path("episodes") / "x", show_file=args.show).show
    path = pipeline.make_epub(show, _finished(args), args.out)
    screen.result(str(path))
    return 0


COMMANDS = (
    Command(
        name="serve",
        help=Message(
            "serve the output folder as a podcast host would", "出力フォルダーをポッドキャストのサーバーとして見せる"
        ),
        arguments=_serve_arguments,
        run=_serve,
        examples=(
            ("yomicast serve", Message("feed and pages on this machine", "フィードとページをこの機械で")),
            ("yomicast serve --share", Message("subscribe from a phone nearby", "近くのスマートフォンから購読する")),
        ),
    ),
    Command(
        name="embed",
        help=Message("print code that puts an episode on a blog", "ブログに貼るコードを出す"),
        arguments=_embed_arguments,
        run=_embed,
        examples=(
            ("yomicast embed night-library", Message("three ways, from richest to plainest", "三通りの貼り方")),
            (
                "yomicast embed night-library --text .entry-content",
                Message("for a blog whose text is there", "本文の場所を指定する"),
            ),
        ),
    ),
    Command(
        name="epub",
        help=Message("make a book whose text follows the sound (EPUB 3)", "音と文字が同期する電子書籍(EPUB 3)を作る"),
        arguments=_epub_arguments,
        run=_epub,
        examples=(
            ("yomicast epub night-library", Message("prints the file's name", "できたファイルの名前を出します")),
        ),
    ),
)
