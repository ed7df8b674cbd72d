"""What arrives: bytes with a name. Knows nothing of forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from yomicast.errors import ArticleError
from yomicast.model import Message, Place
from yomicast.settings import SiteSelectors

FrontMatter: TypeAlias = Callable[[str, str], Mapping[str, object]]
"""(text, "yaml" or "toml") to plain values; `config.front_matter` fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds against hostile input. Sizes in bytes, times in seconds.

    `line`: characters on one line of plain text. `unpacked`: all members of a zip container together. `private`:
    whether addresses inside the own network may be asked.
    """

    size: int = 16 * 2**20
    line: int = 100_000
    unpacked: int = 64 * 2**20
    members: int = 5_000
    seconds: float = 20.0
    redirects: int = 5
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a reader may need to know beside the bytes. Of feeds: `newest` so many entries (0 all), none before `since`."""

    newest: int = 0
    since: datetime | None = None
    sites: Sequence[SiteSelectors] = ()
    front_matter: FrontMatter | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Bytes with the name the author gave them. `url`, `media_type`, `charset`: as the server said, else empty."""

    name: str
    data: bytes
    url: str = ""
    media_type: str = ""
    charset: str = ""

    @property
    def suffix(self) -> str:
        """Lower-case suffix of the name, with its dot."""
        return Path(self.name.split("?", 1)[0].split("#", 1)[0]).suffix.lower()

    @property
    def stem(self) -> str:
        """The name without folder and suffix."""
        return Path(self.name.split("?", 1)[0]).stem


def from_file(name: str, limits: Limits) -> Source:
    """Read a local file.

    Raises:
        ArticleError: there is none, it is a folder, unreadable or too large.
    """
    path = Path(name)
    try:
        size = path.stat().st_size
        if size > limits.size:
            raise too_large(name, limits.size)
        with path.open("rb") as stream:
            data = stream.read(limits.size + 1)
    except FileNotFoundError as error:
        raise ArticleError(
            Message("there is no such file", "ファイルがありません"),
            where=name,
            hint=Message(
                "check the name; a web page begins with https://",
                "名前を確かめてください。ウェブページなら https:// で始めます",
            ),
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ArticleError(
            Message(f"the file cannot be read: {reason}", f"ファイルを読めません: {reason}"),
            where=name,
            hint=Message("give a readable file, not a folder", "フォルダーではなく、読めるファイルを指定してください"),
        ) from error
    if len(data) > limits.size:
        raise too_large(name, limits.size)
    return Source(name=name, data=data)


def too_large(name: str, size: int) -> ArticleError:
    """The error for a source above the limit."""
    mebi = size // 2**20
    return ArticleError(
        Message(f"more than {mebi} MiB: this is no article", f"{mebi} MiB を超えています。記事とは思えません"),
        where=Place(file=name),
        hint=Message("give the article alone, or split it", "記事だけを渡すか、分けてください"),
    )
