"""`yomicast lexicon`: the show's words and how they are read."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from yomicast import files
from yomicast.cli import lexicon_file as shelves
from yomicast.cli.frame import Command, Screen, language_of_locale
from yomicast.cli.lexicon_file import Affected, Shelf
from yomicast.errors import LexiconError, YomicastError
from yomicast.model import Message, Note, Place
from yomicast.reading import formats, lexicon
from yomicast.settings import LexiconEntry

MOST_NOTES = 10
FORM_OF_SUFFIX = {".json": "voicevox", ".plist": "macos", ".csv": "openjtalk", ".txt": "google"}
AS_TYPED = {
    "word": Message("the word as articles write it", "記事に書かれるとおりの語"),
    "reading": Message(
        "kana, ' before the fall of pitch, 0 at the end for flat", "かな。下がる所に '、平らなら末尾に 0"
    ),
    "file": Message("the file", "ファイル"),
    "episode": Message("for this episode only (its article or manifest)", "この回だけ(記事か設定ファイル)"),
    "replace": Message("change the reading of a word that is there", "すでにある語の読みを変える"),
    "note": Message("a remark", "覚え書き"),
    "source": Message("where the reading can be checked", "読みを確かめられる出典"),
    "class": Message("word class: where it counts", "品詞。どこで効くか"),
    "form": Message("the file's format (default: found out)", "ファイルの形式(既定: 自動)"),
    "all": Message("with the words that ship", "付属の語も含める"),
    "show": Message("the show's settings file", "番組の設定ファイル"),
    "out": Message("output folder (default: audio_out)", "出力フォルダー(既定: audio_out)"),
    "json": Message("print JSON for machines", "機械向けに JSON で出す"),
    "quiet": Message("print results only", "結果だけを出す"),
}


def _arguments(parser: ArgumentParser) -> None:
    asked = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, (help_, arguments, _) in ACTIONS.items():
        sub = asked.add_parser(name, help=_said(help_), description=_said(help_))
        arguments(sub)
        sub.add_argument("--show", type=Path, metavar="FILE", help=_said(AS_TYPED["show"]))
        sub.add_argument("--out", type=Path, default=Path("audio_out"), metavar="DIR", help=_said(AS_TYPED["out"]))
        for flag in ("json", "quiet"):
            sub.add_argument(f"--{flag}", action="store_true", default=SUPPRESS, help=_said(AS_TYPED[flag]))


def _said(message: Message) -> str:
    return message.ja if language_of_locale() == "ja" else message.en


def _option(parser: ArgumentParser, name: str, *, metavar: str = "TEXT", default: str = "") -> None:
    parser.add_argument(f"--{name}", default=default, metavar=metavar, help=_said(AS_TYPED[name]))


def _flag(parser: ArgumentParser, name: str) -> None:
    parser.add_argument(f"--{name}", action="store_true", help=_said(AS_TYPED[name]))


def _word_and_reading(parser: ArgumentParser) -> None:
    parser.add_argument("word", metavar="WORD", help=_said(AS_TYPED["word"]))
    parser.add_argument("reading", metavar="READING", help=_said(AS_TYPED["reading"]))
    _option(parser, "episode", metavar="FILE")
    _option(parser, "class", metavar="NAME")


def _run(args: Namespace, screen: Screen) -> int:
    return ACTIONS[args.action][2](args, screen)


# --- add, affected ---------------------------------------------------------------------------------------------------


def _add_arguments(parser: ArgumentParser) -> None:
    _word_and_reading(parser)
    _option(parser, "note")
    _option(parser, "source")
    _flag(parser, "replace")


def _shelf(args: Namespace) -> Shelf:
    if args.episode:
        return shelves.episode_shelf(args.episode)
    return shelves.show_shelf(shelves.project(args.show))


def _add(args: Namespace, screen: Screen) -> int:
    shelf = _shelf(args)
    more = {"note": args.note, "source": args.source, "class": getattr(args, "class")}
    put = shelves.put(shelf, args.word, args.reading, replacing=args.replace, **more)
    if not put.changed:
        screen.say(Message("it is there already: nothing changed", "すでに登録されています。変更はありません"))
        return _report(screen, [], [], put.entry)
    screen.say(Message(f"written to {shelf.path}", f"{shelf.path} に書きました"))
    changed, failed = _effect(args, put.before, put.entry)
    return _report(screen, changed, failed, put.entry)


def _affected(args: Namespace, screen: Screen) -> int:
    scope: lexicon.Scope = "episode" if args.episode else "show"
    given = {"reading": args.reading, "class": getattr(args, "class")}
    new = lexicon.entry(args.word, given, Place(), scope=scope)
    mine = (lexicon.written(new.word), new.scope)
    old = next((one for one in _known(args) if (lexicon.written(one.word), one.scope) == mine), None)
    return _report(screen, *_effect(args, old, new), new)


def _effect(args: Namespace, old: LexiconEntry | None, new: LexiconEntry) -> tuple[list[Affected], list[YomicastError]]:
    """What `new` in place of `old` changes in the episodes of the show (or in the one named)."""
    found = shelves.project(args.show, Path(args.episode) if args.episode else None)
    mine = (lexicon.written(new.word), new.scope)
    rest = [one for one in (*_known(args), *lexicon.starter()) if (lexicon.written(one.word), one.scope) != mine]
    targets = [args.episode] if args.episode else shelves.episode_targets(found)
    return shelves.affected(found, [*rest, old] if old else rest, [*rest, new], targets, args.out)


def _known(args: Namespace) -> list[LexiconEntry]:
    """The author's words that count: the show's and, with --episode, that episode's."""
    found = shelves.project(args.show, Path(args.episode) if args.episode else None)
    own = [shelves.episode_shelf(args.episode)] if args.episode else []
    return [one for shelf in (*own, *shelves.show_shelves(found)) for one in shelves.entries_of(shelf)]


def _report(screen: Screen, changed: Sequence[Affected], failed: Sequence[YomicastError], entry: LexiconEntry) -> int:
    lines = sum(len(one.lines) for one in changed)
    if screen.as_json:
        episodes = [{"episode": one.name, "lines": list(one.lines), "of": one.all} for one in changed]
        screen.data({"entry": _fields(entry), "lines": lines, "episodes": episodes})
        return 0
    screen.result(
        screen.text(
            Message(
                f"this change affects {lines} {'line' if lines == 1 else 'lines'} in "
                f"{len(changed)} {'episode' if len(changed) == 1 else 'episodes'}",
                f"この変更で {len(changed)} 話の {lines} 行の読みが変わります",
            )
        )
    )
    for one in changed:
        numbers = ", ".join(map(str, one.lines[:12])) + (" …" if len(one.lines) > 12 else "")
        screen.say(
            Message(f"  {one.name}: lines {numbers} of {one.all}", f"  {one.name}: {one.all} 行のうち {numbers}")
        )
    for error in failed:
        screen.say(
            Message(
                f"  not looked at: {error.where} {error.message.en}",
                f"  調べられません: {error.where} {error.message.ja}",
            )
        )
    return 0


def _fields(one: LexiconEntry) -> dict[str, object]:
    return {
        "word": one.word,
        "reading": one.reading,
        "accent": one.accent,
        "typed": lexicon.notation(one),
        "class": one.word_class,
        "note": one.note,
        "source": one.source,
        "scope": one.scope,
        "file": one.file,
        "line": one.line,
    }


# --- check, find -----------------------------------------------------------------------------------------------------


def _check_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", nargs="*", type=Path, help=_said(AS_TYPED["file"]))


def _check(args: Namespace, screen: Screen) -> int:
    """Every lexicon of the show and every episode's readings; all broken files are shown, not the first only."""
    found = shelves.project(args.show)
    named = [Shelf(path=path) for path in args.file]
    manifests = [shelves.episode_shelf(target) for target in shelves.episode_targets(found)]
    looked = named or [*shelves.show_shelves(found), *(shelf for shelf in manifests if shelf.path.is_file())]
    status, count = 0, 0
    for shelf in looked:
        try:
            count += len(shelves.entries_of(shelf))
        except YomicastError as error:
            screen.error(error)
            status = error.exit_code
    if not status:
        said = Message(
            f"{count} words in {len(looked)} files are fine", f"{len(looked)} ファイルの {count} 語に問題はありません"
        )
        if screen.as_json:
            screen.data({"words": count, "files": [str(shelf.path) for shelf in looked]})
        else:
            screen.result(screen.text(said))
    return status


def _find_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("word", metavar="WORD", help=_said(AS_TYPED["word"]))


def _find(args: Namespace, screen: Screen) -> int:
    """Words that hold the text, the author's first."""
    asked = lexicon.fold(args.word)[0]
    args.episode = ""
    hits = [one for one in (*_known(args), *lexicon.starter()) if asked in lexicon.fold(one.word)[0]]
    if screen.as_json:
        screen.data([_fields(one) for one in hits])
        return 0 if hits else 1
    for one in hits:
        place = f"{one.file}:{one.line}" if one.scope != "starter" else "yomicast"
        more = " ".join(part for part in (one.word_class, one.note, one.source) if part)
        screen.result(f"{one.word}\t{lexicon.notation(one)}\t{place}\t{more}".rstrip())
    if not hits:
        screen.say(Message(f"no word holds '{args.word}'", f"「{args.word}」を含む語はありません"))
    return 0 if hits else 1


# --- import, export --------------------------------------------------------------------------------------------------


def _import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help=_said(AS_TYPED["file"]))
    _option(parser, "form", metavar="NAME")


def _import(args: Namespace, screen: Screen) -> int:
    """Words that are not there yet come in; a word that the author reads otherwise stays the author's."""
    read = formats.read(args.file, args.form)
    shelf = shelves.show_shelf(shelves.project(args.show))
    added, other = shelves.put_all(shelf, read.entries, f"{args.file.name} ({read.form})")
    notes = [*read.notes, *(_kept(one) for one in other)]
    if screen.as_json:
        listed = [{"slug": note.slug, "where": str(note.place), "text": screen.text(note.text)} for note in notes]
        counts = {"added": len(added), "kept": len(other), "skipped": len(read.notes)}
        screen.data({"form": read.form, "file": str(shelf.path), **counts, "notes": listed})
        return 0
    form = formats.FORMATS[read.form].name
    screen.result(
        screen.text(
            Message(
                f"{len(added)} words added to {shelf.path} from {len(read.entries)} in the {form.en}",
                f"{form.ja} の {len(read.entries)} 語のうち {len(added)} 語を {shelf.path} に加えました",
            )
        )
    )
    _notes(notes, screen)
    return 0


def _kept(one: LexiconEntry) -> Note:
    said = lexicon.notation(one)
    return Note(
        slug="lexicon-kept",
        text=Message(
            f"'{one.word}' stays as you read it, not {said}",
            f"「{one.word}」はいまの読みのままにします({said} にしません)",
        ),
        place=Place(file=one.file, line=one.line),
    )


def _notes(notes: Sequence[Note], screen: Screen) -> None:
    for note in notes[:MOST_NOTES]:
        screen.say(Message(f"  {note.place}: {note.text.en}", f"  {note.place}: {note.text.ja}"))
    if len(notes) > MOST_NOTES:
        rest = len(notes) - MOST_NOTES
        screen.say(Message(f"  … {rest} more: --json lists all", f"  … ほか {rest} 件。--json で全部出ます"))


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help=_said(AS_TYPED["file"]))
    _option(parser, "form", metavar="NAME")
    _option(parser, "episode", metavar="FILE")
    _flag(parser, "all")


def _export(args: Namespace, screen: Screen) -> int:
    """The author's words, the innermost reading of each; with --all those that ship too."""
    form = args.form or FORM_OF_SUFFIX.get(args.file.suffix.lower(), args.file.suffix or args.file.name)
    words: dict[str, LexiconEntry] = {}
    for one in (*_known(args), *(lexicon.starter() if args.all else ())):
        words.setdefault(lexicon.written(one.word), one)
    if not words:
        raise LexiconError(
            Message("there is no word to export", "書き出す語がありません"),
            hint=Message(
                "add words, or take those that ship with --all", "語を登録するか、--all で付属の語を書き出してください"
            ),
        )
    files.write_changed(args.file, formats.write(words.values(), form))
    guessed = [one for one in words.values() if one.accent is None]
    if screen.as_json:
        screen.data({"form": form, "file": str(args.file), "words": len(words), "without_accent": len(guessed)})
        return 0
    screen.result(
        screen.text(Message(f"{len(words)} words in {args.file}", f"{args.file} に {len(words)} 語を書き出しました"))
    )
    if guessed and form in ("voicevox", "openjtalk"):
        first = ", ".join(one.word for one in guessed[:5])
        screen.say(Message(f"  {len(guessed)} without an accent are written as flat: {first}",
                           f"  アクセントのない {len(guessed)} 語は平板として書きました: {first}"))  # fmt: skip
    return 0


Action = tuple[Message, Callable[[ArgumentParser], None], Callable[[Namespace, Screen], int]]
ACTIONS: Mapping[str, Action] = {
    "add": (Message("add a word, or change one", "語を加える、変える"), _add_arguments, _add),
    "check": (Message("check every lexicon line", "辞書のすべての行を確かめる"), _check_arguments, _check),
    "find": (Message("search for a word", "語を探す"), _find_arguments, _find),
    "import": (
        Message("take in another program's dictionary", "ほかのソフトの辞書を取り込む"),
        _import_arguments,
        _import,
    ),
    "export": (
        Message("write a dictionary for another program", "ほかのソフト向けに書き出す"),
        _export_arguments,
        _export,
    ),
    "affected": (
        Message("which lines a reading would change", "その読みで変わる行を調べる"),
        _word_and_reading,
        _affected,
    ),
}

COMMANDS: tuple[Command, ...] = (
    Command(
        name="lexicon",
        help=Message("the show's words and how they are read", "番組の語と読み"),
        arguments=_arguments,
        run=_run,
        examples=(
            (
                'yomicast lexicon add NATO "ナ\'トー"',
                Message("for the whole show, pitch falls after ナ", "番組全体で。ナの後で下がる"),
            ),
            (
                "yomicast lexicon add 行方 なめがた --episode episodes/night-library.txt",
                Message("for one episode", "一話だけ"),
            ),
            (
                "yomicast lexicon import user_dict.json",
                Message("words of VOICEVOX or an IME", "VOICEVOX や IME の辞書から"),
            ),
            (
                "yomicast lexicon export words.plist",
                Message("for macOS; .json VOICEVOX, .txt IME", "macOS 向け。.json は VOICEVOX、.txt は IME"),
            ),
            ("yomicast lexicon affected 日銀 にちぎん0", Message("before deciding", "決める前に")),
        ),
    ),
)
