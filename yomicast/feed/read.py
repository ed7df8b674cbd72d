"""A feed -> episodes as it tells them: for adoption of another tool's feed and for `check`. The feed is hostile."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml import etree

from yomicast.errors import FeedError
from yomicast.feed.nodes import qualified
from yomicast.model import Episode, Mark, Message, Person, Rendition

LIMIT = 50 * 1024 * 1024
JST = timezone(timedelta(hours=9), "JST")


def parse(data: bytes, where: str) -> etree._Element:
    """The root element, with CDATA kept, nothing fetched, no entity resolved.

    Raises:
        FeedError: not well-formed, with a document type (entity bombs), larger than 50 MB, or no RSS.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        strip_cdata=False,
        remove_comments=False,
    )
    if len(data) > LIMIT:
        raise _unreadable("larger than 50 MB", where)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unreadable((str(error).splitlines() or ["?"])[0][:200], where) from error
    if root.getroottree().docinfo.doctype:
        raise _unreadable("it has a document type", where)
    if root.tag != "rss" or root.find("channel") is None:
        raise _unreadable("it is no RSS feed", where)
    return root


def _unreadable(said: str, where: str) -> FeedError:
    return FeedError(
        Message(f"the feed cannot be read: {said}", f"フィードを読めません: {said}"),
        where=where,
        hint=Message("restore it from a copy, or run with --adopt", "控えから戻すか、--adopt で作り直してください"),
    )


def read(path: Path, *, base: str = "") -> tuple[Episode, ...]:
    """The episodes of a feed as it tells them, in its order.

    `Rendition.path` is relative where the address begins with `base`, else the whole address. What the feed does not
    say is empty; an item without guid takes its enclosure's address, as players do.

    Raises:
        FeedError: the feed cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise FeedError(
            Message("there is no feed", "フィードがありません"),
            where=str(path),
            hint=Message("render an episode first", "先にエピソードを作ってください"),
        ) from error
    return tuple(_episode(item, base) for item in parse(data, str(path)).iterfind("channel/item"))


def _episode(item: etree._Element, base: str) -> Episode:
    enclosure = item.find("enclosure")
    address = enclosure.get("url", "") if enclosure is not None else ""
    seconds = _seconds(_text(item, "itunes:duration"))
    main = Rendition(
        path=relative(address, base),
        media_type=enclosure.get("type", "") if enclosure is not None else "",
        size=_whole_number(enclosure.get("length", "") if enclosure is not None else "") or 0,
        sha256="",
        seconds=seconds,
    )
    return Episode(
        slug=PurePosixPath(unquote(urlsplit(address).path)).stem,
        guid=_text(item, "guid") or address,
        title=_text(item, "title"),
        published=_date(_text(item, "pubDate")),
        seconds=seconds,
        summary=_text(item, "description"),
        link=_text(item, "link"),
        author=_text(item, "itunes:author"),
        number=_whole_number(_text(item, "itunes:episode")),
        season=_whole_number(_text(item, "itunes:season")),
        explicit=_text(item, "itunes:explicit").lower() in ("true", "yes", "explicit"),
        renditions=((main,) if address else ()) + _files(item, base),
        marks=_marks(item, base),
        persons=tuple(
            Person(name=(one.text or "").strip(), role=one.get("role", "host"), href=one.get("href", ""))
            for one in item.iterfind(qualified("podcast:person"))
        ),
    )


def _files(item: etree._Element, base: str) -> tuple[Rendition, ...]:
    found = []
    for rel, name in (("transcript", "podcast:transcript"), ("chapters", "podcast:chapters")):
        for one in item.iterfind(qualified(name)):
            path = relative(one.get("url", ""), base)
            found.append(Rendition(path=path, media_type=one.get("type", ""), size=0, sha256="", rel=rel))
    return tuple(found)


def _marks(item: etree._Element, base: str) -> tuple[Mark, ...]:
    rows = item.iterfind(f"{qualified('psc:chapters')}/{qualified('psc:chapter')}")
    return tuple(
        Mark(
            start=_seconds(row.get("start", "")),
            title=row.get("title", ""),
            link=row.get("href", ""),
            image=_picture(row.get("image", ""), base),
        )
        for row in rows
    )


def _picture(address: str, base: str) -> str:
    """A chapter's picture below `base` or on the web; nothing where a stranger's feed points anywhere else."""
    path = relative(address, base)
    if path != address:
        pure = PurePosixPath(path)
        return "" if pure.is_absolute() or ".." in pure.parts or "\\" in path or "\0" in path else path
    return address if address.startswith(("http://", "https://")) else ""


def relative(address: str, base: str) -> str:
    """The path below `base`, unquoted; the address itself where it is elsewhere."""
    return unquote(address.removeprefix(base)) if base and address.startswith(base) else address


def _text(item: etree._Element, name: str) -> str:
    return (item.findtext(qualified(name)) or "").strip()


def _whole_number(said: str) -> int | None:
    return int(said) if re.fullmatch(r"[0-9]{1,15}", said) else None


def _seconds(said: str) -> float:
    """Seconds of `1530`, `25:30`, `0:25:30.500`; 0 where it says nothing sensible."""
    if not re.fullmatch(r"(\d{1,4}:){0,2}\d{1,7}(\.\d{1,9})?", said):
        return 0.0
    seconds = 0.0
    for part in said.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def _date(said: str) -> datetime:
    """RFC 2822, Asia/Tokyo where the zone is missing; the year 2000 where it is no date."""
    try:
        when = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return datetime(2000, 1, 1, tzinfo=JST)
    return when if when.tzinfo else when.replace(tzinfo=JST)


def adopt(path: Path, episodes: Sequence[Episode], *, base: str = "") -> tuple[Episode, ...]:
    """`episodes` with guid, date and number of the same episodes in the feed at `path`, so that nobody gets one twice.

    The same: same guid, else same article link, title, file name. Episodes of the feed that we do not have follow as
    they are, their audio at the old address, each with a folder name of its own.

    Raises:
        FeedError: the feed cannot be read.
    """
    old = list(read(path, base=base))
    adopted: list[Episode] = []
    for episode in episodes:
        match = next((one for same in _SAME for one in old if same(one, episode)), None)
        if match is not None:
            old.remove(match)
        adopted.append(episode if match is None else _with_identity(episode, match))
    taken = {episode.slug for episode in adopted}
    for one in old:
        if one.renditions:
            slug = _free(one.slug, taken)
            taken.add(slug)
            adopted.append(dataclasses.replace(one, slug=slug))
    return tuple(adopted)


def _with_identity(episode: Episode, known: Episode) -> Episode:
    number = episode.number if known.number is None else known.number
    return dataclasses.replace(episode, guid=known.guid, published=known.published, number=number)


def _free(name: str, taken: set[str]) -> str:
    """A folder name from what a stranger's address ends with."""
    slug = re.sub(r"[^\w.-]+", "-", name).strip("-._")[:80] or "episode"
    numbered = (f"{slug}-{number}" for number in itertools.count(2))
    return slug if slug not in taken else next(one for one in numbered if one not in taken)


_SAME: tuple[Callable[[Episode, Episode], bool], ...] = (
    lambda a, b: a.guid == b.guid,
    lambda a, b: bool(a.link) and a.link == b.link,
    lambda a, b: bool(a.title) and a.title == b.title,
    lambda a, b: bool(a.slug) and a.slug.split(".")[0] == b.slug,
)
