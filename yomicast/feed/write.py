"""feed.xml and its archive pages: written only when they changed, and never over a file that is not ours."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from yomicast import __version__, shownotes
from yomicast.errors import FeedError
from yomicast.feed import addresses
from yomicast.feed.nodes import NAMESPACES, Node, append
from yomicast.feed.table import CHANNEL, CHANNEL_RSS, ITEM, ITEM_RSS, Channel, Entry
from yomicast.files import explained, write_changed
from yomicast.model import Episode, Message
from yomicast.patterns import expression
from yomicast.settings import ShowSettings

PAGE = 200
"""Episodes of a full archive page; feed.xml itself holds the newest, at least that many (RFC 5005, paged feeds)."""
_SEAL = expression(rb"yomicast sha256:([0-9a-f]{64})")
_BLANK = b"0" * 64


def write(
    show: ShowSettings, episodes: Sequence[Episode], folder: Path, *, adopt: bool = False, page: int = PAGE
) -> bool:
    """Write feed.xml, its stylesheets and archive pages into `folder`; True if feed.xml changed.

    Args:
        show: of the feed.
        episodes: all so far, in any order.
        folder: the output folder, to which `Rendition.path` is relative.
        adopt: replace a feed.xml that is not ours or was edited; it is kept as feed.before-adopt.xml.
        page: episodes of a full archive page.

    Raises:
        FeedError: two episodes share guid, slug or file; an episode has no audio; a category Apple does not know;
            feed.xml was edited, is damaged, or another tool's.
    """
    newest_first = _ordered(episodes)
    _refuse_twins(newest_first)
    for name in (addresses.FEED, *(addresses.page_name(n) for n in range(1, len(episodes) // page + 1))):
        _guard(folder / name, adopt=adopt)
    for name, channel in _pages(show, newest_first, page):
        if name == addresses.FEED:
            for style in addresses.STYLES:
                write_changed(folder / style, (files(__package__) / style).read_bytes())
        changed = write_changed(folder / name, document(channel))
    return changed


def _ordered(episodes: Sequence[Episode]) -> tuple[Episode, ...]:
    return tuple(sorted(episodes, key=lambda e: (e.published, e.number or 0, e.guid), reverse=True))


def _refuse_twins(episodes: Sequence[Episode]) -> None:
    for episode in episodes:
        if not any(rendition.rel == "audio" for rendition in episode.renditions):
            raise FeedError(
                Message("the episode has no audio file", "音声ファイルのないエピソードです"), where=episode.slug
            )
    shared = {
        "guid": [episode.guid for episode in episodes],
        "slug": [episode.slug for episode in episodes],
        "file": [r.path for episode in episodes for r in episode.renditions if r.rel == "audio"],
    }
    for what, values in shared.items():
        twins = [value for value, count in Counter(values).items() if count > 1 or not value]
        if twins:
            raise FeedError(
                Message(
                    f"two episodes share the {what} '{twins[0]}'", f"二つのエピソードの {what} が同じです: {twins[0]}"
                ),
                where=twins[0],
                hint=Message("give one of them its own slug", "一方に別の slug を付けてください"),
            )


def _pages(show: ShowSettings, episodes: tuple[Episode, ...], page: int) -> list[tuple[str, Channel]]:
    """Archive pages first, feed.xml last. Pages fill from the oldest on, so that a full one stays as it is."""
    archives = max(0, len(episodes) // page - 1)
    names = [addresses.page_name(number + 1) for number in range(archives)] + [addresses.FEED]
    address = [shownotes.base(show) + name for name in names]
    oldest_first = episodes[::-1]
    found = []
    for number, name in enumerate(names):
        last = number == archives
        part = oldest_first[number * page : None if last else (number + 1) * page][::-1]
        links = []
        if archives:
            links = [("first", address[-1]), ("last", address[0])]
            links += [("next", address[number - 1])] if number else []
            links += [] if last else [("previous", address[number + 1])]
        found.append((name, Channel(show=show, episodes=part, address=address[number], links=tuple(links))))
    return found


# --- the document ----------------------------------------------------------------------------------------------------


class _ChannelNodes(BaseExtension):  # type: ignore[misc]
    """feedgen's way in for the channel rows of our table, namespaces and the stylesheet."""

    rows: tuple[tuple[str, Node], ...] = ()

    def extend_ns(self) -> dict[str, str]:
        return {prefix: uri for prefix, uri in NAMESPACES.items() if prefix not in ("atom", "content")}

    def extend_rss(self, rss_feed: etree._Element) -> etree._Element:
        for name, kind in addresses.STYLES.items():
            rss_feed.addprevious(etree.ProcessingInstruction("xml-stylesheet", f'type="{kind}" href="{name}"'))
        rss_feed.addprevious(etree.Comment(f" yomicast sha256:{_BLANK.decode()} "))
        for name, given in self.rows:
            append(rss_feed[0], name, given)
        return rss_feed


class _ItemNodes(BaseEntryExtension):  # type: ignore[misc]
    """The same for items."""

    rows: tuple[tuple[str, Node], ...] = ()

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        for name, given in self.rows:
            append(entry, name, given)
        return entry


def document(channel: Channel) -> bytes:
    """One document of the feed, sealed: its comment holds the SHA-256 of itself with zeros in that place."""
    feed = FeedGenerator()
    feed.register_extension("yomicast", _ChannelNodes, _ItemNodes, atom=False)
    _call(feed, CHANNEL_RSS, channel)
    feed.generator("yomicast", version=__version__)
    feed.docs("https://www.rssboard.org/rss-specification")
    feed.copyright(shownotes.clean(channel.show.copyright) or None)
    newest = max((episode.published for episode in channel.episodes), default=None)
    feed.lastBuildDate(newest) if newest else _without_date(feed)
    feed.yomicast.rows = tuple((name, given) for name, make in CHANNEL for given in make(channel))
    for episode in channel.episodes:
        entry = Entry(show=channel.show, episode=episode)
        item = feed.add_entry(order="append")
        _call(item, ITEM_RSS, entry)
        item.yomicast.rows = tuple((name, given) for name, make in ITEM for given in make(entry))
    return sealed(feed.rss_str(pretty=True))


def _call(target: Any, rows: Sequence[tuple[str, Any]], source: object) -> None:
    for method, make in rows:
        if given := make(source):
            getattr(target, method)(**given)


def _without_date(feed: Any) -> None:
    """A feed without episodes: feedgen would put the clock into it."""
    feed.lastBuildDate("2000-01-01T00:00:00+00:00")


# --- ours or not -----------------------------------------------------------------------------------------------------


def sealed(data: bytes) -> bytes:
    """`data` with its own hash in the place of the zeros."""
    return data.replace(_BLANK, hashlib.sha256(data).hexdigest().encode(), 1)


def ours(data: bytes) -> bool:
    """Whether `data` is a feed of ours, byte for byte as written."""
    found = _SEAL.search(data[:2000])
    return found is not None and sealed(data.replace(found[1], _BLANK, 1)) == data


def _guard(path: Path, *, adopt: bool) -> None:
    with explained(path):
        data = path.read_bytes() if path.exists() else b""
    if not data or ours(data):
        return
    if adopt:
        write_changed(path.with_name(f"{path.stem}.before-adopt.xml"), data)
        return
    edited = _SEAL.search(data[:2000]) is not None
    raise FeedError(
        Message("it was changed by hand or cut short", "手で書き換えられたか、途中で切れています")
        if edited
        else Message("this feed is not yomicast's", "yomicast が作ったフィードではありません"),
        where=str(path),
        hint=Message(
            "move it away, or run with --adopt: guid and dates are taken over and the old file is kept",
            "別の場所へ移すか、--adopt で実行してください。guid と日付を引き継ぎ、元のファイルも残します",
        ),
    )
