"""Where a voice file's paths point: as they stand, else from the project's folder, else from its `voices/`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from yomicast.errors import UnknownVoice
from yomicast.files import sha256_of
from yomicast.model import Message


def seen(name: str) -> Path | None:
    """The file or folder called `name`; None when it is nowhere."""
    path = Path(name).expanduser()
    places = [path] if path.is_absolute() else [path, Path("voices") / path]
    return next((place.resolve() for place in places if name and place.exists()), None)


def needed(name: str, what: Message, *, kind: Callable[[Path], bool] = Path.is_file) -> Path:
    """The same, for what must be there.

    Raises:
        UnknownVoice: it is not.
    """
    path = seen(name)
    if path is None or not kind(path):
        raise UnknownVoice(
            Message(f"no {what.en} '{name}'", f"{what.ja} '{name}' がありません"),
            where=name,
            hint=Message(
                "paths count from the project's folder or from voices/",
                "パスはプロジェクトのフォルダーか voices/ から数えます",
            ),
        )
    return path


def digest(path: Path) -> str:
    """16 hex digits of a file's or folder's content; read anew only when size or time of writing changed."""
    files = [path] if path.is_file() else sorted(found for found in path.rglob("*") if found.is_file())
    facts = tuple((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    return _digest(facts, path)


@lru_cache(maxsize=256)
def _digest(facts: tuple[tuple[str, int, int], ...], root: Path) -> str:
    lines = [
        f"{Path(name).relative_to(root) if name != str(root) else ''} {sha256_of(Path(name))}" for name, _, _ in facts
    ]
    return sha256("\n".join(lines).encode()).hexdigest()[:16]
