"""Lines read before: their words, kept from run to run, so that an edit reads the lines it changed.

One sealed file an article, JSON and its sum. It holds what the last run used and nothing older. A file that is damaged,
or was written by another state of this room or its dictionaries, counts as absent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from yomicast.files import SEAL, seal, sealed, whole
from yomicast.model import Line, Word
from yomicast.settings import LexiconEntry

DICTIONARIES: Final = ("pyopenjtalk-plus", "sudachipy", "sudachidict-core", "onnxruntime", "kanalizer")
FIELDS: Final = tuple(field.name for field in fields(Word))
LARGEST: Final = 64 << 20
"""Bytes of a file that is looked at: a book of a million characters takes 30 MB."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A doubt about a line: slug, what it says in two languages, and the character of `Line.spoken` it stands at."""

    slug: str
    en: str
    ja: str
    start: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line was read as."""

    words: tuple[Word, ...]
    remarks: tuple[Remark, ...]


class Kept:
    """The readings of one article; `path` None keeps nothing. Nothing is written before `save`."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._before: dict[str, list[object]] | None = None
        self._used: dict[str, Reading] = {}
        self._fresh = False

    def find(self, line: Line, entries: str) -> Reading | None:
        """How `line` was read with these entries (`entries_key`); None if it was not."""
        if self._path is None:
            return None
        if self._before is None:
            self._before = _load(self._path)
        key = _key(line, entries)
        found = self._used.get(key) or _reading(self._before.get(key))
        if found is not None:
            self._used[key] = found
        return found

    def add(self, line: Line, entries: str, made: Reading) -> None:
        """Remember how a line was read."""
        if self._path is not None:
            self._used[_key(line, entries)] = made
            self._fresh = True

    def save(self) -> None:
        """Write what this run used, unless that is what stands there.

        Raises:
            OutputError: the folder cannot be written.
        """
        if self._path is None or not (self._fresh or set(self._used) != set(self._before or ())):
            return
        rows = {
            key: [[_row(word) for word in made.words], [astuple(remark) for remark in made.remarks]]
            for key, made in self._used.items()
        }
        with whole(self._path, lasting=False) as part:
            part.write_text(json.dumps({"state": state(), "lines": rows}), encoding="utf-8")
            seal(part)
        self._fresh = False


def entries_key(entries: Sequence[LexiconEntry]) -> str:
    """Names the lexicon that lines are read with."""
    return hashlib.sha256(repr(tuple(entries)).encode(errors="replace")).hexdigest()


@cache
def state() -> str:
    """A hash of all that decides readings beside line and lexicon: this room's code and tables, the dictionaries."""
    total = hashlib.sha256()
    for path in _sources():
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for name in DICTIONARIES:
        try:
            total.update(f"{name} {metadata.version(name)}\0".encode())
        except metadata.PackageNotFoundError:
            total.update(f"{name} absent\0".encode())
    return total.hexdigest()


def _sources() -> Iterator[Path]:
    here = Path(__file__).parent
    yield from sorted(here.glob("*.py"))
    yield from sorted((here / "data").glob("*.tsv"))
    yield here.parent / "model.py"


def _key(line: Line, entries: str) -> str:
    rubies = tuple((ruby.start, ruby.end, ruby.reading) for ruby in line.rubies)
    return hashlib.sha256(repr((line.spoken, rubies, entries)).encode(errors="replace")).hexdigest()


def _load(path: Path) -> dict[str, list[object]]:
    try:
        if path.stat().st_size > LARGEST or not sealed(path):
            return {}
        told = json.loads(path.read_bytes()[:-SEAL])
        lines = told["lines"] if told["state"] == state() else {}
        return dict(lines)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _reading(told: Any) -> Reading | None:
    try:
        words, remarks = told
        made = [Word(**{name: _frozen(one) for name, one in zip(FIELDS, row, strict=True)}) for row in words]
        return Reading(tuple(made), tuple(Remark(*remark) for remark in remarks))
    except (TypeError, ValueError):
        return None


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _row(word: Word) -> list[object]:
    return [getattr(word, name) for name in FIELDS]
