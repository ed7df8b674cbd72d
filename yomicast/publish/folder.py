"""A folder as a place: a mounted disk, a web root, a checkout of a pages branch."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from yomicast.errors import OutputError, PublishError
from yomicast.files import explained, locked, whole
from yomicast.model import Message
from yomicast.publish.place import Conflict, Headers, Remote
from yomicast.settings import PublishSettings

PATIENCE = 30.0
"""Seconds to wait for another publisher's lock."""


def opened(settings: PublishSettings) -> Folder:
    """The folder, made if it is not there."""
    root = Path(settings.to.removeprefix("file:"))
    with explained(root):
        root.mkdir(parents=True, exist_ok=True)
    return Folder(root)


class Folder:
    """Files below one folder; web servers take types from names, so headers are not kept."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self) -> Mapping[str, Remote]:
        """Every finished file; names that begin with a dot apart."""
        found = {}
        for path in sorted(self.root.rglob("*")):
            relative = path.relative_to(self.root)
            if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                found[relative.as_posix()] = Remote(size=path.stat().st_size)
        return found

    def read(self, key: str) -> tuple[bytes, str] | None:
        """Bytes and their SHA-256."""
        try:
            data = self._at(key).read_bytes()
        except FileNotFoundError:
            return None
        return data, hashlib.sha256(data).hexdigest()

    def create(self, key: str, path: Path, headers: Headers) -> bool:
        """Copy, then link under the name: the system refuses a second one."""
        del headers
        target = self._at(key)
        if target.exists():
            return False
        with explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.{os.getpid()}.part")
            try:
                shutil.copyfile(path, part)
                with part.open("rb") as stream:
                    os.fsync(stream.fileno())
                os.link(part, target)
            except FileExistsError:
                return False
            finally:
                part.unlink(missing_ok=True)
        return True

    def write(self, key: str, data: bytes, headers: Headers) -> None:
        """Whole or not at all."""
        del headers
        with whole(self._at(key)) as part:
            part.write_bytes(data)

    def swap(self, key: str, data: bytes, headers: Headers, *, tag: str | None) -> None:
        """Compare and write under the folder's lock."""
        with self._alone():
            now = self.read(key)
            if (now[1] if now else None) != tag:
                raise Conflict(key)
            self.write(key, data, headers)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                with locked(self.root):
                    yield
                    return
            except OutputError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def _at(self, key: str) -> Path:
        path = self.root / key
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise PublishError(
                Message(f"'{key}' leads out of the folder", f"'{key}' はフォルダーの外を指しています"), where=key
            )
        return path
