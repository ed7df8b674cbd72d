"""What a place to publish to can do, and the table of places by address."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from yomicast.errors import PublishError
from yomicast.model import Message
from yomicast.settings import PublishSettings

PLACES: dict[str, str] = {
    "s3": "yomicast.publish.objects:opened",
    "memory": "yomicast.publish.objects:opened",
    "sftp": "yomicast.publish.rclone:opened",
    "rclone": "yomicast.publish.rclone:opened",
    "": "yomicast.publish.folder:opened",
}
"""By the address's scheme: `module:function`, loaded when asked for."""


class Conflict(Exception):
    """The file at the place is not the one that was read: somebody else published in between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A file at the place: bytes, and its MD5 in hex where the place knows it."""

    size: int
    md5: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """What a web server says of a file."""

    media_type: str
    cache: str


class Place(Protocol):
    """Keys are relative names with `/`. Every write is whole or nothing."""

    def files(self) -> Mapping[str, Remote]:
        """Every file below the place's root."""

    def read(self, key: str) -> tuple[bytes, str] | None:
        """A small file's bytes and its tag; None when there is none."""

    def create(self, key: str, path: Path, headers: Headers) -> bool:
        """Put a local file there if nothing is; False when something is."""

    def write(self, key: str, data: bytes, headers: Headers) -> None:
        """Put bytes there whatever is there."""

    def swap(self, key: str, data: bytes, headers: Headers, *, tag: str | None) -> None:
        """Put bytes there if the file still has `tag` (None: if there still is none).

        Raises:
            Conflict: it has not.
        """


def opened(settings: PublishSettings) -> Place:
    """The place that the settings name.

    Raises:
        PublishError: no address, an unknown scheme, or the place refuses.
    """
    if not settings.to:
        raise PublishError(
            Message("no place to publish to was given", "公開先が指定されていません"),
            where="publish.to",
            hint=Message(
                "yomicast publish --to FOLDER or s3://bucket/prefix",
                "yomicast publish --to フォルダー か s3://バケット/接頭辞",
            ),
        )
    scheme, mark, _ = settings.to.partition(":")
    known = PLACES.get(scheme if mark and len(scheme) > 1 else "")
    if known is None:
        listed = ", ".join(name for name in PLACES if name not in ("", "memory"))
        raise PublishError(
            Message(f"cannot publish to '{scheme}:'", f"'{scheme}:' には公開できません"),
            where="publish.to",
            hint=Message(f"a folder, or one of: {listed}", f"フォルダーか、次のどれか: {listed}"),
        )
    module, _, function = known.partition(":")
    return cast("Place", getattr(importlib.import_module(module), function)(settings))
