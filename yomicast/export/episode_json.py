"""An episode's state: the whole `Episode` in `episode.json`, from which feed and pages are rebuilt.

What is read is checked against the types of the nouns: unknown keys, wrong types, numbers that are no numbers, paths
that leave the folder are errors with a next step, never a guess.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args, get_origin

from yomicast.errors import FeedError
from yomicast.export.rows import rows_json
from yomicast.files import write_changed
from yomicast.model import Episode, Message

VERSION = 1
LIMIT = 64 * 1024 * 1024
"""Bytes of an episode.json; ten hours of talk with every word timed stay below."""


def write_episode(path: Path, episode: Episode) -> bool:
    """Write `episode` to `path` if that changes it; True if it was written."""
    value = {"version": VERSION, "episode": dataclasses.asdict(episode)}
    return write_changed(path, rows_json(value, depth=2, default=_iso) + "\n")


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def read_episode(path: Path) -> Episode | None:
    """The episode of `path`; None if there is no such file.

    Raises:
        FeedError: the file is damaged, not ours, or of a newer version.
    """
    return _read(path, _json)


def read_outline(path: Path) -> Episode | None:
    """The episode of `path` without its cues, which are most of the file and which feeds and lists do not need.

    Raises:
        FeedError: as `read_episode`.
    """
    return _read(path, _without_cues)


def _without_cues(path: Path) -> object:
    raw = _json(path)
    if isinstance(raw, dict) and isinstance(episode := raw.get("episode"), dict):
        return {**raw, "episode": {**episode, "cues": []}}
    return raw


def _read(path: Path, parse: Callable[[Path], object]) -> Episode | None:
    try:
        episode = _envelope(parse(path))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError, _Damaged) as error:
        raise FeedError(
            Message(f"the episode's state cannot be read: {error}", f"エピソードの状態を読めません: {error}"),
            where=str(path),
            hint=Message(
                "restore it from a copy; deleted, the episode gets a new guid and listeners get it twice",
                "控えから戻してください。消すと guid が変わり、聴取者に二重に届きます",
            ),
        ) from error
    return episode


class _Damaged(Exception):
    """What is wrong, in a few words."""


def _json(path: Path) -> object:
    if path.stat().st_size > LIMIT:
        raise _Damaged("larger than any episode")
    found: object = json.loads(path.read_bytes(), parse_constant=_refuse)
    return found


def _refuse(constant: str) -> None:
    raise _Damaged(f"{constant} is no number")


def _envelope(raw: object) -> Episode:
    if not isinstance(raw, dict) or set(raw) != {"version", "episode"}:
        raise _Damaged("not an episode.json")
    if raw["version"] != VERSION:
        raise _Damaged(f"version {raw['version']!r}, this yomicast reads {VERSION}")
    episode = _value(raw["episode"], Episode, "episode")
    assert isinstance(episode, Episode)
    _paths_stay_inside(episode)
    if episode.published.tzinfo is None:
        raise _Damaged("episode.published has no zone")
    return episode


def _paths_stay_inside(episode: Episode) -> None:
    if PurePosixPath(episode.slug).name != episode.slug or episode.slug in ("", ".", ".."):
        raise _Damaged("episode.slug is no folder name")
    for path in (*(r.path for r in episode.renditions), episode.image, *(mark.image for mark in episode.marks)):
        if path.startswith(("http://", "https://")):
            continue
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or "\\" in path or "\0" in path:
            raise _Damaged(f"{path!r} leaves the output folder")


@functools.cache
def _fields(noun: type) -> Mapping[str, Any]:
    return typing.get_type_hints(noun)


def _value(raw: object, kind: Any, where: str) -> object:
    """`raw` as a value of `kind`: a noun, a tuple, a union, a literal, a date or a plain value."""
    if dataclasses.is_dataclass(kind):
        return _noun(raw, typing.cast("type", kind), where)
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple(raw, get_args(kind), where)
    if origin is Literal:
        return _one_of(raw, get_args(kind), where)
    if origin in (typing.Union, types.UnionType):
        inner = [one for one in get_args(kind) if one is not type(None)]
        return None if raw is None else _value(raw, inner[0], where)
    return _plain(raw, kind, where)


def _noun(raw: object, kind: type, where: str) -> object:
    if not isinstance(raw, dict):
        raise _Damaged(f"{where} is no object")
    hints = _fields(kind)
    if unknown := set(raw) - set(hints):
        raise _Damaged(f"{where} has an unknown key {min(unknown)!r}")
    values = {name: _value(value, hints[name], f"{where}.{name}") for name, value in raw.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise _Damaged(f"{where}: {error}") from error


def _tuple(raw: object, kinds: tuple[Any, ...], where: str) -> tuple[object, ...]:
    if not isinstance(raw, list):
        raise _Damaged(f"{where} is no list")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_value(item, kinds[0], f"{where}[{n}]") for n, item in enumerate(raw))
    if len(raw) != len(kinds):
        raise _Damaged(f"{where} has {len(raw)} values, not {len(kinds)}")
    return tuple(_value(item, kind, f"{where}[{n}]") for n, (item, kind) in enumerate(zip(raw, kinds, strict=True)))


def _one_of(raw: object, known: tuple[object, ...], where: str) -> object:
    if not isinstance(raw, str) or raw not in known:
        raise _Damaged(f"{where} is {raw!r}")
    return raw


def _plain(raw: object, kind: type, where: str) -> object:
    if kind is datetime and isinstance(raw, str):
        return datetime.fromisoformat(raw)
    if kind is float and isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw):
        return float(raw)
    if type(raw) is kind and kind is not float:
        return raw
    raise _Damaged(f"{where} is not {kind.__name__}")
