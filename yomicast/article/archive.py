"""Zip containers (EPUB, Word) opened with care: size, number and names of members are checked; nothing touches a disk."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable

from yomicast.article.source import Limits
from yomicast.errors import ArticleError
from yomicast.model import Message, Place

RATIO = 200
"""Unpacked to packed size above which a member of more than 1 MiB is taken for a bomb (deflate tops out near 1000)."""


class Archive:
    """The members of a zip file in memory, read one by one within the limits."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise broken(name) from error
        self._sizes = {item.filename: item.file_size for item in members}
        bombs = [
            item for item in members if item.file_size > 2**20 and item.file_size > RATIO * max(1, item.compress_size)
        ]
        total = sum(self._sizes.values())
        if bombs or len(members) > limits.members or total > limits.unpacked:
            raise ArticleError(
                Message("unpacked it would be far too large: refused", "展開すると大きすぎるため、開きません"),
                where=Place(file=name),
                hint=Message("save the document again without its pictures", "画像を除いて保存し直してください"),
            )
        self._left = limits.unpacked

    def __contains__(self, member: str) -> bool:
        return member in self._sizes

    def names(self) -> Iterable[str]:
        """Names of all members."""
        return self._sizes

    def bytes_of(self, member: str) -> bytes:
        """A member's bytes; a lie about its size is found out.

        Raises:
            ArticleError: missing, damaged, encrypted or larger than it says.
        """
        try:
            with self._zip.open(member) as stream:
                data = stream.read(self._sizes[member] + 1)
        except (
            KeyError,
            zipfile.BadZipFile,
            RuntimeError,
            OSError,
            EOFError,
            NotImplementedError,
            ValueError,
        ) as error:
            raise broken(self.name, member) from error
        except Exception as error:  # zlib.error and lzma errors share no base
            if type(error).__module__ in ("zlib", "_lzma", "lzma"):
                raise broken(self.name, member) from error
            raise
        if len(data) > self._sizes[member]:
            raise broken(self.name, member)
        return data


def broken(name: str, member: str = "") -> ArticleError:
    """The error for a container that cannot be read."""
    part = f": {member}" if member else ""
    return ArticleError(
        Message(f"the container is damaged{part}", f"ファイルが壊れています{part}"),
        where=Place(file=name),
        hint=Message("save or download it again", "もう一度保存、またはダウンロードしてください"),
    )


def inside(folder: str, href: str) -> str:
    """The member that `href` means, seen from `folder`; empty when it points out of the container."""
    href = href.split("#", 1)[0].split("?", 1)[0]
    if not href or re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:|^[/\\]", href) or "\\" in href or "\x00" in href:
        return ""
    path = posixpath.normpath(posixpath.join(folder, href))
    return "" if path.startswith("../") or path in ("..", ".") else path
