"""A file is whole or absent, and is not touched when nothing in it changed."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from yomicast.errors import OutputError
from yomicast.model import Message

SEAL = 32
"""Bytes of a seal."""

PART = ".part"
"""Suffix of unfinished files; `sweep` removes those that a killed run left."""


@contextmanager
def whole(path: Path, *, lasting: bool = True) -> Iterator[Path]:
    """Yield a temporary name in the same folder; on success it is fsynced and becomes `path`, else it vanishes.

    `lasting` off: not fsynced, for caches whose readers check a sum: all a power cut can cost is making them again.

    Raises:
        OutputError: the folder cannot be written or the disk is full.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=PART, dir=path.parent)
        os.close(handle)
    part = Path(name)
    try:
        with explained(path):
            yield part
            if lasting:
                with part.open("rb+") as stream:
                    os.fsync(stream.fileno())
            part.chmod(0o644)
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def seal(part: Path, *others: Path) -> None:
    """Append to a cache file the SHA-256 of its content and of `others` that belong to it; readers of arrays stop
    before it.
    """
    digest = _digest(part.read_bytes(), others)
    with part.open("ab") as stream:
        stream.write(digest)


def sealed(path: Path, *others: Path) -> bool:
    """Whether a cache file and `others` are as they were sealed; what is absent or damaged is to be made again."""
    try:
        data = path.read_bytes()
        return len(data) > SEAL and _digest(data[:-SEAL], others) == data[-SEAL:]
    except OSError:
        return False


def _digest(data: bytes, others: Iterable[Path]) -> bytes:
    total = hashlib.sha256(data)
    for other in others:
        with other.open("rb") as stream:
            total.update(hashlib.file_digest(stream, "sha256").digest())
    return total.digest()


def compiled_folder(beside: Path, given: str = "") -> Path | None:
    """Where compiled code may be kept: the folder `given` and no other, else the `__pycache__` next to the module
    `beside`, else the user's cache; None where none of them can be written.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "yomicast"
    for place in (Path(given),) if given else (beside.parent / "__pycache__", home):
        with suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK):
                return place
    return None


def write_changed(path: Path, content: bytes | str) -> bool:
    """Write `content` to `path` unless it already stands there; True if it was written."""
    data = content.encode() if isinstance(content, str) else content
    with suppress(FileNotFoundError), explained(path):
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    with whole(path) as part:
        part.write_bytes(data)
    return True


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the operating system's refusal into an `OutputError` with a next step."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise OutputError(_said(error), where=str(path), hint=_next_step(error)) from error


def _said(error: OSError) -> Message:
    reason = error.strerror or str(error)
    if error.errno == errno.ENOSPC:
        return Message("the disk is full", "ディスクの空きがありません")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Message("the place cannot be written", "この場所には書き込めません")
    return Message(f"writing failed: {reason}", f"書き込みに失敗しました: {reason}")


def _next_step(error: OSError) -> Message:
    if error.errno == errno.ENOSPC:
        return Message(
            "free some space and run again: finished work is kept",
            "空きを作り、もう一度実行してください。済んだ分は残っています",
        )
    return Message("choose another folder with --out", "--out で別のフォルダーを指定してください")


def sweep(folder: Path) -> int:
    """Remove unfinished files below `folder`; how many there were."""
    found = [path for path in folder.rglob(f".*{PART}") if path.is_file()]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold `folder` for one run; the lock goes with the process, also when it is killed.

    Raises:
        OutputError: another run holds it.
    """
    path = folder / ".lock"
    with explained(path):
        stream = path.open("a+b")
    with stream:
        if not _try_lock(stream):
            raise OutputError(
                Message("another run is writing here", "ほかの実行がここに書き込み中です"),
                where=str(folder),
                hint=Message(
                    "wait for it, or give this run its own --out",
                    "終わるのを待つか、--out で別のフォルダーを指定してください",
                ),
            )
        yield


def _try_lock(stream: IO[bytes]) -> bool:
    """Take an exclusive lock without waiting, by the means the system has."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Relative names of the finished files below `folder`, with size and time of writing in ns; dot files apart."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            status = path.stat()
            found[relative.as_posix()] = (status.st_size, status.st_mtime_ns)
    return found
