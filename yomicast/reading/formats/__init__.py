"""Other programs' dictionaries: VOICEVOX and Open JTalk user dictionaries, IME word lists, in and out.

`read` takes a file of any of them and gives lexicon entries; a row that cannot be a reading (an abbreviation, a smiley,
a suppressed word, kana that isn't kana) becomes a note with its line, never silence. `write` gives a file's bytes.
One row of `FORMATS` a format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from yomicast.errors import LexiconError, nearest
from yomicast.model import Message, Note, Place
from yomicast.reading import lexicon
from yomicast.reading.formats import ime, macos, mecab, voicevox
from yomicast.reading.formats.rows import Row, Skip
from yomicast.settings import LexiconEntry

__all__ = ["FORMATS", "Format", "Imported", "read", "write"]

LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`knows`: whether a file's beginning (bytes, decoded text) is of this form; `read` raises ValueError if it isn't."""

    name: Message
    suffix: str
    knows: Callable[[str], bool]
    read: Callable[[bytes, str], Iterable[Row | Skip]]
    write: Callable[[Iterable[LexiconEntry]], bytes] | None


FORMATS: Mapping[str, Format] = {
    "voicevox": Format(
        name=Message("VOICEVOX user dictionary (JSON)", "VOICEVOX ユーザー辞書 (JSON)"),
        suffix=".json",
        knows=lambda text: text.lstrip().startswith("{"),
        read=voicevox.read,
        write=voicevox.write,
    ),
    "macos": Format(
        name=Message("macOS text replacements (plist)", "macOS ユーザ辞書 (plist)"),
        suffix=".plist",
        knows=lambda text: text.lstrip().startswith(("<?xml", "<!DOCTYPE", "<plist", "bplist")),
        read=macos.read,
        write=macos.write,
    ),
    "msime": Format(
        name=Message("Microsoft IME word list", "Microsoft IME 一覧"),
        suffix=".txt",
        knows=lambda text: text.startswith("!Microsoft IME"),
        read=ime.read,
        write=ime.write_microsoft,
    ),
    "atok": Format(
        name=Message("ATOK word file", "ATOK 単語ファイル"),
        suffix=".txt",
        knows=lambda text: text.startswith("!!"),
        read=ime.read,
        write=None,
    ),
    "google": Format(
        name=Message("Google Japanese Input / Mozc word list", "Google 日本語入力・Mozc 一覧"),
        suffix=".txt",
        knows=lambda text: any("\t" in line for line in text.splitlines()[:20]),
        read=ime.read,
        write=ime.write_google,
    ),
    "openjtalk": Format(
        name=Message("Open JTalk / MeCab user dictionary (CSV)", "Open JTalk・MeCab ユーザー辞書 (CSV)"),
        suffix=".csv",
        knows=lambda text: any(line.count(",") >= mecab.IPADIC - 1 for line in text.splitlines()[:20]),
        read=mecab.read,
        write=mecab.write,
    ),
    "kotoeri": Format(
        name=Message("older macOS word list (CSV)", "ことえり単語登録 (CSV)"),
        suffix=".csv",
        knows=lambda text: "," in text,
        read=macos.read_csv,
        write=None,
    ),
}
"""Formats by name; when none is named, the first that knows the file reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file gave: entries (each word once), notes for every row that is no entry, the format's name."""

    entries: tuple[LexiconEntry, ...]
    notes: tuple[Note, ...]
    form: str


def read(path: Path, form: str = "") -> Imported:
    """The dictionary in `path`.

    Raises:
        LexiconError: not readable, too large, of no known form, or without a single reading.
    """
    data = _bytes(path)
    text = _decoded(data, path)
    name = form or next((name for name, one in FORMATS.items() if one.knows(text)), "")
    if name not in FORMATS:
        raise LexiconError(
            Message("this is no dictionary that is known", "知っている辞書の形式ではありません"),
            where=str(path),
            hint=nearest(form, FORMATS),
        )
    try:
        imported = _collected(FORMATS[name].read(data, text), path, name)
    except (ValueError, RecursionError) as error:
        said = str(error).splitlines()[0] if str(error) else "nested too deeply"
        raise LexiconError(
            Message(f"not a {FORMATS[name].name.en}: {said}", f"{FORMATS[name].name.ja} として読めません: {said}"),
            where=str(path),
            hint=Message(
                "export it again, or name its form with --form", "書き出し直すか、--form で形式を指定してください"
            ),
        ) from error
    if not imported.entries:
        raise LexiconError(
            Message("the file holds no reading", "読みが一つもありません"),
            where=imported.notes[0].place if imported.notes else str(path),
            hint=imported.notes[0].text if imported.notes else Message("is it the right file?", "別のファイルでは?"),
        )
    return imported


def write(entries: Iterable[LexiconEntry], form: str) -> bytes:
    """A file of that format.

    Raises:
        LexiconError: the format is not known or cannot be written.
    """
    known = {name: one.write for name, one in FORMATS.items() if one.write is not None}
    if form not in known:
        raise LexiconError(
            Message(f"'{form}' cannot be written", f"'{form}' 形式では書き出せません"), hint=nearest(form, known)
        )
    return known[form](entries)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            said = Message("the file is larger than 64 MB", "ファイルが64MBを超えています")
            raise LexiconError(said, where=str(path), hint=Message("split it", "分けてください"))
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise LexiconError(
            Message(f"cannot be read: {reason}", f"読めません: {reason}"),
            where=str(path),
            hint=Message("name a dictionary file", "辞書のファイルを指定してください"),
        ) from error


def _decoded(data: bytes, path: Path) -> str:
    """UTF-16 (Microsoft, ATOK), UTF-8 (Google, VOICEVOX) or Shift_JIS (older Microsoft); binary plists as Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif data.startswith(b"bplist"):
        encodings = ("latin-1",)
    else:
        halves = b"\x00" in data[:4000]
        encodings = ("utf-16-le", "utf-16-be") if halves else ("utf-8-sig", "cp932")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
    raise LexiconError(
        Message("neither UTF-8, UTF-16 nor Shift_JIS", "UTF-8、UTF-16、Shift_JIS のどれでもありません"),
        where=Place(file=str(path), line=line),
        hint=Message("save it as UTF-8", "UTF-8 で保存し直してください"),
    )


def _collected(rows: Iterable[Row | Skip], path: Path, form: str) -> Imported:
    kept: dict[str, LexiconEntry] = {}
    notes: list[Note] = []
    for row in rows:
        place = Place(file=str(path), line=row.line)
        if isinstance(row, Skip):
            notes.append(Note(slug="lexicon-skipped", text=row.why, place=place))
            continue
        try:
            one = _entry(row, place)
        except LexiconError as error:
            notes.append(Note(slug="lexicon-broken", text=error.message, place=place))
            continue
        first = kept.setdefault(lexicon.written(one.word), one)
        if first is not one and (first.reading, first.accent) != (one.reading, one.accent):
            notes.append(_second(first, one, place))
    return Imported(entries=tuple(kept.values()), notes=tuple(notes), form=form)


def _entry(row: Row, place: Place) -> LexiconEntry:
    value: dict[str, object] = {"reading": row.reading, "note": row.note, "class": row.word_class}
    if row.accent is not None:
        value["accent"] = row.accent
    one = lexicon.entry(row.word, value, place)
    return replace(one, written=lexicon.notation(one))


def _second(first: LexiconEntry, other: LexiconEntry, place: Place) -> Note:
    line = first.line or 0
    return Note(
        slug="lexicon-second-reading",
        text=Message(
            f"'{other.word}' is read {first.written} since line {line}; {other.written} is left out",
            f"「{other.word}」は {line} 行目で {first.written} と読むので、{other.written} は使いません",
        ),
        place=place,
    )
