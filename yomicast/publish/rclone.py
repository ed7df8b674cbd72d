"""Every other place, through the program rclone: `rclone:remote:path`, and `sftp://user@host/path` by its connection string.

rclone has no conditional write: the feed is read again just before it is replaced, which narrows the gap between two
publishers but cannot close it. Use a store with conditional writes where several publish at once.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from yomicast.errors import PublishError, YomicastError
from yomicast.model import Message
from yomicast.programs import Finished, run
from yomicast.publish.place import Conflict, Headers, Remote
from yomicast.settings import PublishSettings

TIMEOUT = 3600.0
ABSENT = 3, 4
"""rclone's exit statuses for a directory or file that is not there."""


def opened(settings: PublishSettings) -> Rclone:
    """The place behind an `rclone:` or `sftp:` address."""
    if settings.to.startswith("sftp:"):
        parts = urlsplit(settings.to)
        login = f",user={parts.username}" if parts.username else ""
        port = f",port={parts.port}" if parts.port else ""
        return Rclone(f":sftp,host={parts.hostname}{login}{port}:{parts.path}", settings.to)
    return Rclone(settings.to.removeprefix("rclone:"), settings.to)


class Rclone:
    """A remote and a path, in rclone's own notation."""

    def __init__(self, root: str, name: str) -> None:
        self.root, self.name = root.rstrip("/"), name

    def files(self) -> Mapping[str, Remote]:
        """Every file below the path; MD5 where the remote can tell."""
        done = self._run(
            ["lsjson", "--recursive", "--files-only", "--hash", "--hash-type", "md5", self.root], ok=(0, *ABSENT)
        )
        rows = json.loads(done.stdout or b"[]") if done.status == 0 else []
        return {row["Path"]: Remote(size=row["Size"], md5=row.get("Hashes", {}).get("md5", "")) for row in rows}

    def read(self, key: str) -> tuple[bytes, str] | None:
        """Bytes and their SHA-256."""
        done = self._run(["cat", self._at(key)], ok=(0, *ABSENT))
        if done.status or (not done.stdout and key not in self.files()):
            return None
        return done.stdout, hashlib.sha256(done.stdout).hexdigest()

    def create(self, key: str, path: Path, headers: Headers) -> bool:
        """Copy a file that is not there."""
        found = self._run(["lsjson", self._at(key)], ok=(0, *ABSENT))
        if found.status == 0 and json.loads(found.stdout or b"[]"):
            return False
        self._copy(path, key, headers)
        return True

    def write(self, key: str, data: bytes, headers: Headers) -> None:
        """Copy bytes over what is there."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            path.write_bytes(data)
            self._copy(path, key, headers)

    def swap(self, key: str, data: bytes, headers: Headers, *, tag: str | None) -> None:
        """Replace what is there if it is still what was read, as far as rclone can tell."""
        now = self.read(key)
        if (now[1] if now else None) != tag:
            raise Conflict(key)
        self.write(key, data, headers)

    def _copy(self, path: Path, key: str, headers: Headers) -> None:
        said = [
            "--header-upload",
            f"Content-Type: {headers.media_type}",
            "--header-upload",
            f"Cache-Control: {headers.cache}",
        ]
        self._run(["copyto", *said, str(path), self._at(key)], ok=(0,))

    def _at(self, key: str) -> str:
        return f"{self.root}/{key}"

    def _run(self, arguments: Sequence[str], *, ok: tuple[int, ...]) -> Finished:
        try:
            done = run(["rclone", *arguments], timeout=TIMEOUT)
        except YomicastError as error:
            raise PublishError(
                error.message,
                where=self.name,
                hint=Message("install rclone", "rclone をインストールしてください"),
            ) from error
        if done.status not in ok:
            said = (done.stderr.strip().splitlines() or ["no answer"])[-1][:300]
            raise PublishError(
                Message(f"rclone refused: {said}", f"rclone が受け付けません: {said}"),
                where=self.name,
                hint=Message(
                    "run again: what arrived is not sent twice", "もう一度実行してください。届いた分は送り直しません"
                ),
            )
        return done
