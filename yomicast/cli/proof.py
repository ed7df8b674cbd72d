"""`yomicast proof`: look over how an episode will be read before a sound is made, and correct it."""

from __future__ import annotations

import io
import wave
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import numpy as np
from rich.console import Console
from rich.text import Text

from yomicast import export, files, pipeline, speech
from yomicast.cli import lexicon_file as shelves
from yomicast.cli.frame import Command, Screen, language_of_locale
from yomicast.errors import EngineError
from yomicast.model import Message, Spoken
from yomicast.site import proof

FOLDER = ".proof"
"""Below the output folder and hidden: the sheet is for the author and is never published."""


def _arguments(parser: ArgumentParser) -> None:
    ja = language_of_locale() == "ja"
    parser.add_argument(
        "target", metavar="EPISODE", help="記事、設定ファイル、または URL" if ja else "article, manifest or URL"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("audio_out"), metavar="DIR",
        help="出力フォルダー(既定: audio_out)" if ja else "output folder (default: audio_out)",
    )  # fmt: skip
    parser.add_argument(
        "--show", type=Path, metavar="FILE", help="番組の設定ファイル" if ja else "the show's settings file"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--serve", action="store_true",
        help="ブラウザーで直した読みをその場で辞書に書く" if ja else "corrections typed in the browser go into the lexicon",
    )  # fmt: skip
    how.add_argument("--text", action="store_true", help="端末に表示する" if ja else "show it in the terminal")
    how.add_argument(
        "--file", type=Path, metavar="HTML", help="書き出すファイル" if ja else "the file to write"
    )  # fmt: skip
    parser.add_argument("--port", type=int, default=0, help="--serve のポート番号" if ja else "port number of --serve")


def _run(args: Namespace, screen: Screen) -> int:
    desk = Desk(args.target, out=args.out, show=args.show, screen=screen)
    if args.serve:
        return _serve(desk, args.port, screen)
    prepared = desk.prepare()
    if args.text:
        _show(prepared, screen)
        return 0
    path = args.file or args.out / FOLDER / f"{prepared.job.slug}.html"
    sheet = proof.proof_sheet(prepared.script, sounds=_in_the_episode(prepared, path), language=screen.language)
    files.write_changed(path, sheet)
    found = proof.risks(proof.rows(prepared.script, {}))
    lines = len(prepared.script.lines)
    if screen.as_json:
        words = [{"word": r.surface, "reading": r.reading, "doubts": list(r.doubts), "candidates": list(r.candidates),
                  "lines": list(r.rows)} for r in found]  # fmt: skip
        screen.data({"file": str(path), "lines": lines, "words": words})
        return 0
    screen.result(str(path))
    screen.say(
        Message(
            f"{lines} lines, {len(found)} words to look at; --serve saves corrections at once",
            f"{lines} 行、確かめたい語 {len(found)}。--serve で開くと直した読みがそのまま保存されます",
        )
    )
    return 0


class Desk:
    """An episode on the desk: made anew whenever it is looked at, because corrections change it."""

    def __init__(self, target: str, *, out: Path, show: Path | None, screen: Screen) -> None:
        self.target, self.out, self.show, self.screen = target, out, show, screen
        self.sounds: Mapping[int, Spoken] = {}

    def job(self) -> pipeline.Job:
        """The article, read again."""
        return pipeline.open_job(self.target, out=self.out, show_file=self.show)

    def prepare(self) -> pipeline.Prepared:
        """The script with today's readings."""
        return pipeline.prepare(self.job())

    def page(self) -> str:
        """The sheet for the browser."""
        prepared = self.prepare()
        self.sounds = _cached(prepared)
        addresses = {number: f"sound/{number}" for number in self.sounds}
        return proof.proof_sheet(prepared.script, sounds=addresses, language=self.screen.language, served=True)

    def sound(self, number: int) -> tuple[bytes, str] | None:
        """A line's sound as a WAVE file."""
        spoken = self.sounds.get(number)
        return (_wave(spoken), "audio/wav") if spoken else None

    def save(self, correction: proof.Correction) -> proof.Saved:
        """Write a correction where it belongs, and say what it changes here."""
        job = self.job()
        shelf = shelves.show_shelf(job.project)
        if correction.scope == "episode":
            shelf = shelves.episode_shelf(self.target)
        before = pipeline.lexicon_entries(job)
        shelves.put(shelf, correction.word, correction.reading, replacing=True)
        prepared = self.prepare()
        lines = shelves.changed_lines(before, pipeline.lexicon_entries(prepared.job), prepared.script.lines)
        self.screen.say(
            Message(
                f"{correction.word}: {correction.reading} → {shelf.path}",
                f"{correction.word}: {correction.reading} → {shelf.path}",
            )
        )
        return proof.Saved(message=_saved(shelf, len(lines)))


def _saved(shelf: shelves.Shelf, lines: int) -> Message:
    name = shelf.path.name
    return Message(
        f"Saved in {name}: {lines} {'line' if lines == 1 else 'lines'} of this episode will sound different.",
        f"{name} に保存しました。この回では {lines} 行の読みが変わります。",
    )


def _serve(desk: Desk, port: int, screen: Screen) -> int:
    desk.prepare()
    server = proof.ProofServer(page=desk.page, save=desk.save, sound=desk.sound, language=screen.language, port=port)
    screen.result(server.address)
    screen.say(
        Message(
            "open this address in a browser; stop with Ctrl+C",
            "このアドレスをブラウザーで開いてください。Ctrl+C で終わります",
        )
    )
    try:
        with suppress(KeyboardInterrupt):
            server.serve()
    finally:
        server.close()
    return 0


def _cached(prepared: pipeline.Prepared) -> dict[int, Spoken]:
    """Lines whose sound is there already, by their running number."""
    try:
        cache = prepared.job.out / pipeline.CACHE / "speech"
        found = speech.cached(prepared.script.lines, prepared.cast, cache=cache)
    except EngineError:
        return {}
    return {number: spoken for number, spoken in enumerate(found) if spoken is not None}


def _in_the_episode(prepared: pipeline.Prepared, path: Path) -> dict[int, str]:
    """Where each line is heard in the finished episode, as long as it would be spoken in the same way again."""
    job = prepared.job
    episode = export.read_episode(job.out / job.slug / pipeline.EPISODE_FILE)
    audio = next((one for one in episode.renditions if one.rel == "audio"), None) if episode else None
    if episode is None or audio is None or not path.resolve().is_relative_to(job.out.resolve()):
        return {}
    fresh = _cached(prepared)
    ups = "../" * (len(path.resolve().relative_to(job.out.resolve()).parts) - 1)
    return {
        cue.line: f"{ups}{quote(audio.path)}#t={cue.start:.2f},{cue.end:.2f}"
        for cue in episode.cues
        if cue.line in fresh and prepared.script.lines[cue.line].shown == cue.text
    }


def _wave(spoken: Spoken) -> bytes:
    """A clip as 16-bit mono."""
    data = io.BytesIO()
    with wave.open(data, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(spoken.clip.rate)
        out.writeframes((np.clip(spoken.clip.read(), -1, 1) * 32767).astype("<i2").tobytes())
    return data.getvalue()


# --- the terminal ----------------------------------------------------------------------------------------------------


def _show(prepared: pipeline.Prepared, screen: Screen) -> None:
    """Risky words first, then every line with its accent: `[` rise, `]` fall, as `yomicast reading --prosody` has them."""
    console = Console(file=screen.out, highlight=False, soft_wrap=True, markup=False)
    lines = proof.rows(prepared.script, {})
    found = proof.risks(lines)
    if found:
        console.print(Text(screen.text(Message("Look at these first", "先に確かめたい語")), style="bold"))
    for risk in found:
        why = "・".join(screen.text(proof.LABELS[d]) if d in proof.LABELS else d for d in risk.doubts)
        row = Text.assemble((risk.surface, "bold red"), f"  {risk.reading}  [{why}]")
        if risk.candidates:
            row.append(f"  {screen.text(Message('or', 'ほかに'))}: {'、'.join(risk.candidates)}", style="dim")
        row.append(f"  {screen.text(Message('lines', '行'))} {', '.join(map(str, risk.rows[:8]))}", style="dim")
        console.print(row)
    for line in lines:
        text = Text(f"{line.number:>4}  ", style="dim")
        for piece in line.pieces:
            text.append(piece.surface, style="bold red" if piece.doubts else "not dim")
        console.print(text)
        console.print(Text("      " + _accents(line), style="cyan"))


def _accents(line: proof.Row) -> str:
    parts = []
    for phrase in line.phrases:
        high, said = False, ""
        for beat in phrase.beats:
            said += ("[" if beat.high and not high and said else "") + beat.kana + ("]" if beat.fall else "")
            high = beat.high
        parts.append(said + ("↗" if phrase.rising else "") + ("、" if phrase.rest else " "))
    return "".join(parts).rstrip()


COMMANDS: tuple[Command, ...] = (
    Command(
        name="proof",
        help=Message(
            "a sheet to proofread every reading before it is spoken", "声にする前に、すべての読みを校正するシート"
        ),
        arguments=_arguments,
        run=_run,
        examples=(
            ("yomicast proof episodes/night-library.txt", Message("writes one HTML page", "HTML を一枚書き出す")),
            (
                "yomicast proof episodes/night-library.txt --serve",
                Message("corrections are saved as you type them", "直した読みがその場で保存される"),
            ),
            ("yomicast proof episodes/night-library.txt --text", Message("in the terminal", "端末で見る")),
        ),
    ),
)
