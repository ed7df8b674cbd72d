"""Room 1: file or address -> Article. Every visible character stands in a block or in `dropped` with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yomicast.article.fetch import PICTURES, fetch
from yomicast.article.readers import READERS, reader_of
from yomicast.article.source import FrontMatter, Limits, Options, from_file
from yomicast.model import Article
from yomicast.settings import SiteSelectors

__all__ = ["READERS", "FrontMatter", "Limits", "picture", "read", "read_all"]

STANDARD = Limits()


def read(
    source: str,
    *,
    sites: Sequence[SiteSelectors] = (),
    front_matter: FrontMatter | None = None,
    limits: Limits = STANDARD,
) -> Article:
    """The article in the file or at the address `source`; of a feed, the newest.

    Args:
        source: a file name, or an address beginning with http:// or https://.
        sites: CSS selectors for pages that the rules get wrong.
        front_matter: parses the front matter of Markdown (text, "yaml" or "toml"); without it only TOML is read.
        limits: bounds on size and time.

    Raises:
        ArticleError: it cannot be read, or nothing in it can be spoken; says where and what to do.
    """
    return read_all(source, newest=1, sites=sites, front_matter=front_matter, limits=limits)[0]


def picture(address: str, *, limits: Limits = STANDARD) -> bytes:
    """The bytes of a picture on the web, asked for as carefully as an article.

    Raises:
        ArticleError: it cannot be had, or is no picture.
    """
    return fetch(address, limits, kinds=PICTURES).data


def read_all(
    source: str,
    *,
    newest: int = 0,
    since: datetime | None = None,
    sites: Sequence[SiteSelectors] = (),
    front_matter: FrontMatter | None = None,
    limits: Limits = STANDARD,
) -> list[Article]:
    """Every article of `source`: one, or a feed's entries, newest first.

    Args:
        source: as in `read`.
        newest: of a feed, at most so many; 0 means all.
        since: of a feed, none published before this instant (with a time zone); entries without a date count as older.
        sites: as in `read`.
        front_matter: as in `read`.
        limits: as in `read`.

    Raises:
        ArticleError: as `read`.
    """
    web = source.startswith(("http://", "https://"))
    found = fetch(source, limits) if web else from_file(source, limits)
    options = Options(newest=newest, since=since, sites=sites, front_matter=front_matter, limits=limits)
    return reader_of(found)(found, options)
