"""`yomicast voices`: who can speak, what each can do, on what terms. `yomicast doctor`: what is here and what mends it."""

from __future__ import annotations

import importlib.util
import platform
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from yomicast import __version__, config, pipeline, speech
from yomicast.cli.frame import Command, Screen, language_of_locale
from yomicast.errors import ConfigError, YomicastError
from yomicast.files import whole
from yomicast.model import Message, Voice

TRIED = Path("audio_out") / "voices"
"""Where clips go unless -o says otherwise."""
POWERS = {
    "plain": Message("takes text", "文をそのまま読む"),
    "kana": Message("takes kana", "かなで読む"),
    "accent": Message("takes readings and accents", "読みとアクセントを指定できる"),
    "speed": Message("speed", "速さ"),
    "pitch": Message("pitch", "高さ"),
    "intonation": Message("intonation", "抑揚"),
    "timings": Message("word timings", "語の時刻"),
    "seed": Message("seed", "シード"),
    "remote": Message("on a server", "サーバーで合成"),
}
"""What a voice can do, by the stable words of --json."""
NOT_HERE = Message("not usable yet, see `yomicast doctor`", "まだ使えません(`yomicast doctor` で調べられます)")
SAMPLE = "はじめまして。この声で、記事をお届けします。"

EXTRAS: tuple[tuple[str, str, Message], ...] = (
    ("fast", "numba", Message("speaks and masters faster", "読み上げと仕上げが速くなります")),
    ("cluster", "distributed", Message("many articles on many machines", "多数の記事を多数のマシンで処理します")),
    ("publish", "obstore", Message("uploads to object stores", "オブジェクトストアに公開します")),
)
"""Optional parts: extra, its package, what it is for. Engines speak for themselves."""


# --- voices --------------------------------------------------------------------------------------------------------


def _voices_arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "action", nargs="?", choices=("list", "try", "terms"), default="list",
        help="list: 一覧、try: 試し聞き、terms: 利用条件を取り寄せる" if ja else "list, try (make a clip), terms (fetch the conditions)",
    )  # fmt: skip
    parser.add_argument("name", nargs="?", help="声の名前" if ja else "a voice's name")
    parser.add_argument("text", nargs="?", default=SAMPLE, help="読ませる文" if ja else "what it says")
    parser.add_argument("-o", "--out", type=Path, metavar="WAV", help="出力ファイル" if ja else "output file")
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="番組の設定ファイル" if ja else "the show's settings file"
    )


def _voices(args: Namespace, screen: Screen) -> int:
    folders = config.find_project(Path("episodes"), show_file=args.show).voices
    if args.action == "list":
        return _list(folders, screen)
    if not args.name:
        raise ConfigError(
            Message("which voice?", "どの声ですか?"),
            where=f"voices {args.action}",
            hint=Message("`yomicast voices` lists them", "`yomicast voices` で一覧できます"),
        )
    voice = config.find_voice(
        args.name, folders, settings_type=speech.settings_type, where=f"voices {args.action} {args.name}"
    )
    return _try(voice, args, screen) if args.action == "try" else _terms(voice, screen)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A voice file: the voice, or why it cannot be read."""

    name: str
    path: Path
    voice: Voice | None = None
    error: YomicastError | None = None


def _rows(folders: tuple[Path, ...]) -> Iterator[_Row]:
    for name, path in sorted(config.voice_names(folders).items()):
        try:
            yield _Row(name=name, path=path, voice=config.load_voice(path, settings_type=speech.settings_type))
        except YomicastError as error:
            yield _Row(name=name, path=path, error=error)


def _powers(voice: Voice) -> list[str]:
    """What the voice can do, in stable words."""
    try:
        powers = speech.powers_of(speech.opened(voice.engine), voice)
    except YomicastError:
        return []
    can = [key for key in ("speed", "pitch", "intonation", "timings", "seed") if getattr(powers, key)]
    return [powers.takes, *can, *(["remote"] if powers.remote else [])]


def _list(folders: tuple[Path, ...], screen: Screen) -> int:
    rows = list(_rows(folders))
    if screen.as_json:
        screen.data([_as_data(row) for row in rows])
        return 0
    wide = max((len(row.name) for row in rows), default=0)
    for row in rows:
        name = row.name.ljust(wide)
        if row.voice is None:
            assert row.error is not None
            screen.result(f"{name}  ✗ {screen.text(row.error.message)} ({row.error.where})")
            continue
        can = [screen.text(POWERS[power]) for power in _powers(row.voice)] or [screen.text(NOT_HERE)]
        screen.result(f"{name}  {row.voice.engine}: {('、' if screen.language == 'ja' else ', ').join(can)}")
        for note in _conditions(row.voice):
            screen.result(f"{' ' * wide}  {screen.text(note)}")
        if row.voice.licence.credit:
            screen.result(f"{' ' * wide}  {row.voice.licence.credit}")
    screen.say(Message("hear one: yomicast voices try NAME", "試し聞き: yomicast voices try 名前"))
    return 0


def _conditions(voice: Voice) -> Iterator[Message]:
    licence = voice.licence
    terms = " ".join(part for part in (licence.name, licence.url) if part)
    if terms:
        yield Message(f"licence: {terms}", f"ライセンス: {terms}")
    if not licence.commercial or getattr(voice.settings, "noncommercial", False):
        yield Message("not for commercial use", "商用利用不可")
    if licence.forbids:
        barred = ", ".join(licence.forbids)
        yield Message(f"not for: {barred}", f"使えない分野: {barred}")
    if getattr(voice.settings, "cloned", False):
        yes = licence.consent or "-"
        yield Message(f"cloned; consent: {yes}", f"複製した声。同意: {yes}")


def _as_data(row: _Row) -> dict[str, object]:
    if row.voice is None:
        assert row.error is not None
        return {"name": row.name, "file": str(row.path), "error": row.error.slug, "what": row.error.message.en}
    voice, licence = row.voice, row.voice.licence
    return {
        "name": row.name, "file": str(row.path), "engine": voice.engine, "speaker": voice.speaker,
        "powers": _powers(voice),
        "licence": {
            "name": licence.name, "url": licence.url, "credit": licence.credit, "commercial": licence.commercial,
            "forbids": list(licence.forbids), "consent": licence.consent,
        },
    }  # fmt: skip


def _try(voice: Voice, args: Namespace, screen: Screen) -> int:
    samples, rate = pipeline.sample(voice, args.text.strip())
    path = args.out or TRIED / f"{args.name}.wav"
    with whole(path) as part:
        part.write_bytes(speech.wav_bytes(samples, rate))
    if screen.as_json:
        screen.data({"file": str(path), "seconds": round(len(samples) / rate, 3), "credit": voice.licence.credit})
    else:
        screen.result(str(path))
        if voice.licence.credit:
            screen.say(Message(f"credit: {voice.licence.credit}", f"クレジット: {voice.licence.credit}"))
    return 0


def _terms(voice: Voice, screen: Screen) -> int:
    engine = speech.opened(voice.engine)
    found = engine.terms(voice) if isinstance(engine, speech.Credits) else voice.licence
    if screen.as_json:
        screen.data({"voice": voice.name, "credit": found.credit, "terms": found.name, "url": found.url})
        return 0
    screen.result(found.credit)
    for text in (found.name, found.url):
        if text:
            screen.result(text)
    screen.say(
        Message("write credit: and forbids: into the voice file", "credit: と forbids: を声のファイルに書いてください")
    )
    return 0


# --- doctor --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One line of the doctor's report. `needed`: nothing works without it."""

    part: str
    health: speech.Health
    needed: bool = False


def _doctor_arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="番組の設定ファイル" if ja else "the show's settings file"
    )


def _doctor(args: Namespace, screen: Screen) -> int:
    project = config.find_project(Path("episodes"), show_file=args.show)
    cast = {"narrator": pipeline.DEFAULT_VOICE, **project.show.cast}
    found = [*_machine(), *_extras(), *_engines(), *_voice_findings(project.voices, set(cast.values()))]
    if screen.as_json:
        screen.data(
            [
                {
                    "part": f.part,
                    "ok": f.health.ok,
                    "what": f.health.what.en,
                    "mend": str(f.health.mend),
                    "needed": f.needed,
                }
                for f in found
            ]
        )
    else:
        for finding in found:
            mark = "✓" if finding.health.ok else "✗" if finding.needed else "–"
            screen.result(f"{mark} {finding.part}: {screen.text(finding.health.what)}")
            if not finding.health.ok and finding.health.mend:
                mend = finding.health.mend
                screen.result(f"    → {screen.text(mend) if isinstance(mend, Message) else mend}")
    return int(any(finding.needed and not finding.health.ok for finding in found))


def _machine() -> Iterator[_Finding]:
    said = f"yomicast {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    yield _Finding(
        part="yomicast", health=speech.Health(ok=sys.version_info >= (3, 11), what=Message(said, said)), needed=True
    )


def _extras() -> Iterator[_Finding]:
    for extra, package, what in EXTRAS:
        there = importlib.util.find_spec(package) is not None
        name = f"{package} {metadata.version(package)}" if there else package
        missing = Message(f"{name} is not installed ({what.en})", f"{name} が入っていません({what.ja})")
        yield _Finding(
            part=f"[{extra}]",
            health=speech.Health(
                ok=there, what=Message(name, name) if there else missing, mend=f"pip install 'yomicast[{extra}]'"
            ),
        )


def _engines() -> Iterator[_Finding]:
    for name in speech.names():
        try:
            engine = speech.opened(name)
            rows = engine.health() if isinstance(engine, speech.Doctor) else ()
        except YomicastError as error:
            rows = (speech.Health(ok=False, what=error.message, mend=error.hint or ""),)
        for row in rows:
            yield _Finding(part=name, health=row)


def _voice_findings(folders: tuple[Path, ...], cast: set[str]) -> Iterator[_Finding]:
    """Every voice file, tried as a render would before it speaks; only those of the show's cast are needed."""
    for row in _rows(folders):
        error = row.error
        if row.voice is not None:
            try:
                pipeline.ready(row.name, row.voice)
            except YomicastError as found:
                error = found
        said = Message(f"{error.message.en}", f"{error.message.ja}") if error else Message("ready", "使えます")
        mend = (error.hint if error else None) or ""
        yield _Finding(
            part=f"voices/{row.name}",
            health=speech.Health(ok=error is None, what=said, mend=mend),
            needed=row.name in cast,
        )


COMMANDS: tuple[Command, ...] = (
    Command(
        name="voices",
        help=Message("list the voices, make a clip, fetch their terms", "声の一覧、試し聞き、利用条件"),
        arguments=_voices_arguments,
        run=_voices,
        examples=(
            ("yomicast voices", Message("who can speak, and on what terms", "使える声とその条件")),
            (
                'yomicast voices try mei "こんにちは。"',
                Message("makes audio_out/voices/mei.wav", "audio_out/voices/mei.wav を作ります"),
            ),
            ("yomicast voices try mei-deep -o deep.wav", Message("a clip of another voice", "別の声の試し聞き")),
        ),
    ),
    Command(
        name="doctor",
        help=Message("say what is installed, what is missing, what mends it", "入っているもの、足りないもの、直し方"),
        arguments=_doctor_arguments,
        run=_doctor,
        examples=(("yomicast doctor", Message("checks parts, engines and voices", "部品、エンジン、声を調べます")),),
    ),
)
