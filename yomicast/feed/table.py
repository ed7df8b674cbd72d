"""The feed as a table that can be read aloud: element, what stands in it. A new element is a new row.

Sources: RSS 2.0 (rssboard.org), Apple "A Podcaster's Guide to RSS", Podcasting 2.0 namespace (podcastindex.org),
Podlove Simple Chapters 1.2, RFC 4287 links, RFC 5005 paging, WebSub 1.0.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TypeAlias

from yomicast import shownotes
from yomicast.feed import addresses, categories
from yomicast.feed.nodes import Node, Nodes, node, text
from yomicast.model import Episode, Location, Person, Rendition
from yomicast.settings import ShowSettings, Where
from yomicast.shownotes import clean, public_url, shorten, web_url

SOUNDBITE = (15.0, 120.0)
"""Seconds a soundbite may last (Podcasting 2.0)."""
UPDATES = {
    "daily": ("毎日", "FREQ=DAILY"),
    "weekdays": ("平日", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    "weekly": ("毎週", "FREQ=WEEKLY"),
    "biweekly": ("隔週", "FREQ=WEEKLY;INTERVAL=2"),
    "monthly": ("毎月", "FREQ=MONTHLY"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One document of the feed: its episodes, newest first; `links`: atom links of paging by rel."""

    show: ShowSettings
    episodes: tuple[Episode, ...]
    address: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item."""

    show: ShowSettings
    episode: Episode

    @property
    def audio(self) -> Rendition:
        """The file of the enclosure: the first MP3, else the first audio file."""
        sounds = [rendition for rendition in self.episode.renditions if rendition.rel == "audio"]
        return next((sound for sound in sounds if sound.media_type == "audio/mpeg"), sounds[0])

    def files(self, rel: str) -> list[Rendition]:
        """Written files that belong to the enclosure's edition: another edition has other times."""
        return [r for r in self.episode.renditions if r.rel == rel and r.edition == self.audio.edition]


# --- channel ---------------------------------------------------------------------------------------------------------


def _cover(channel: Channel) -> str:
    return public_url(channel.show, addresses.COVER)


def _description(channel: Channel) -> str:
    return shownotes.cut_at_sentence(clean(channel.show.description), shownotes.DESCRIPTION_LIMIT) or clean(
        channel.show.title
    )


def _categories(channel: Channel) -> Iterator[Node]:
    for top, subs in categories.tree(channel.show.category).items():
        inner = tuple(("itunes:category", Node(attributes={"text": sub})) for sub in subs)
        yield Node(attributes={"text": top}, nodes=inner)


def _owner(channel: Channel) -> Nodes:
    name, email = clean(channel.show.author), clean(channel.show.email)
    return (node("", ("itunes:name", Node(text=name)), ("itunes:email", Node(text=email))),)


def _links(channel: Channel) -> Iterator[Node]:
    hub = web_url(channel.show.hub)
    if hub:
        yield node(rel="hub", href=hub)
    for rel, href in channel.links:
        yield node(rel=rel, href=href, type="application/rss+xml")


def _persons(persons: tuple[Person, ...]) -> Iterator[Node]:
    for person in persons:
        if name := shorten(clean(person.name), 128):
            group = "writing" if person.role == "author" else "cast"
            yield node(name, role=person.role, group=group, href=web_url(person.href))


def _channel_persons(channel: Channel) -> Iterator[Node]:
    """Everybody who is heard in the episodes, the show's author where none is named."""
    heard = (p for e in channel.episodes for p in e.persons if p.role != "author" and clean(p.name))
    persons = tuple(dict.fromkeys(heard))
    return _persons(persons or (Person(name=channel.show.author, role="host"),))


def _license(name: str) -> Nodes:
    address = web_url(name)
    return (node(shorten(clean(name), 128), url=address),) if clean(name) else ()


def _location(place: Location | Where | None) -> Nodes:
    name = shorten(clean(place.name), 128) if place else ""
    if place is None or not name:
        return ()
    geo = f"geo:{place.geo.removeprefix('geo:')}" if place.geo else ""
    return (node(name, geo=geo, osm=place.osm),)


def _funding(channel: Channel) -> Nodes:
    address = web_url(channel.show.funding)
    return (node("番組を支援する", url=address),) if address else ()


def _update(channel: Channel) -> Nodes:
    said = clean(channel.show.update)
    if re.match(r"FREQ=[A-Z;=,0-9]+$", said):
        return (node(said, rrule=said),)
    by_japanese = {japanese: (japanese, rule) for japanese, rule in UPDATES.values()}
    name, rule = {**UPDATES, **by_japanese}.get(said, (said, ""))
    return (node(shorten(name, 128), rrule=rule),) if name else ()


def _trailers(channel: Channel) -> Iterator[Node]:
    for episode in channel.episodes:
        if episode.kind == "trailer":
            sound = Entry(show=channel.show, episode=episode).audio
            yield node(
                shorten(shownotes.title(episode), 128),
                pubdate=format_datetime(episode.published),
                url=public_url(channel.show, sound.path),
                length=str(sound.size),
                type=sound.media_type,
                season=str(episode.season or ""),
            )


ChannelRow: TypeAlias = tuple[str, Callable[[Channel], Nodes]]
CHANNEL: tuple[ChannelRow, ...] = (
    ("atom:link", _links),
    ("itunes:author", lambda c: text(clean(c.show.author))),
    ("itunes:owner", _owner),
    ("itunes:image", lambda c: (node(href=_cover(c)),)),
    ("itunes:category", _categories),
    ("itunes:explicit", lambda c: text("true" if c.show.explicit else "false")),
    ("itunes:type", lambda c: text(c.show.kind)),
    ("podcast:guid", lambda c: text(addresses.podcast_guid(c.show))),
    ("podcast:locked", lambda c: (node("yes" if c.show.locked else "no", owner=clean(c.show.email)),)),
    ("podcast:medium", lambda _: text("podcast")),
    ("podcast:person", _channel_persons),
    ("podcast:license", lambda c: _license(c.show.license)),
    ("podcast:location", lambda c: _location(c.show.location)),
    ("podcast:funding", _funding),
    ("podcast:image", lambda c: (_image(_cover(c), c.show.cover_alt or f"{c.show.title}のカバー"),)),
    ("podcast:updateFrequency", _update),
    ("podcast:trailer", _trailers),
    ("podcast:txt", lambda _: (node("true", purpose="ai-content"),)),
)
"""Channel elements beyond plain RSS, in order. `ai-content`: the voice is synthetic (Apple asks for disclosure too)."""


def _image(href: str, alt: str) -> Node:
    kind = "image/png" if href.endswith(".png") else "image/jpeg"
    return node(href=href, alt=shorten(clean(alt), 255), aspect_ratio="1/1", type=kind, purpose="artwork")


CHANNEL_RSS: tuple[tuple[str, Callable[[Channel], dict[str, object]]], ...] = (
    ("title", lambda c: {"title": shorten(clean(c.show.title), shownotes.TITLE_LIMIT)}),
    ("link", lambda c: {"href": c.address, "rel": "self", "type": "application/rss+xml"}),
    ("link", lambda c: {"href": web_url(c.show.site) or shownotes.base(c.show), "rel": "alternate"}),
    ("description", lambda c: {"description": _description(c)}),
    ("language", lambda c: {"language": c.show.language}),
    ("image", lambda c: {"url": _cover(c)}),
    ("managingEditor", lambda c: {"managingEditor": f"{clean(c.show.email)} ({clean(c.show.author)})"}),
)
"""feedgen's methods and what they are called with. Of its `link` calls the last one is the channel's link."""


# --- item ------------------------------------------------------------------------------------------------------------


def description(entry: Entry) -> str:
    """The show notes in at most 4000 bytes."""
    return shownotes.fitted(shownotes.sections(entry.episode))


def _whole_notes(entry: Entry) -> Nodes:
    """All of the notes, where the description had to be shortened."""
    whole = shownotes.as_html(shownotes.sections(entry.episode))
    return () if whole == description(entry) else (Node(text=whole, cdata=True),)


def _entry_image(entry: Entry) -> str:
    return public_url(entry.show, entry.episode.image or addresses.COVER)


def _transcripts(entry: Entry) -> Iterator[Node]:
    for one in entry.files("transcript"):
        captions = "captions" if one.media_type in ("text/vtt", "application/x-subrip") else ""
        address = public_url(entry.show, one.path)
        yield node(url=address, type=one.media_type, language=entry.show.language, rel=captions)


def _chapters(entry: Entry) -> Iterator[Node]:
    for one in entry.files("chapters"):
        yield node(url=public_url(entry.show, one.path), type=one.media_type)


def _psc(entry: Entry) -> Nodes:
    marks = shownotes.chapters(entry.episode)
    rows = tuple(
        (
            "psc:chapter",
            node(
                start=f"{shownotes.clock(mark.start)}.{round(mark.start % 1 * 1000):03d}",
                title=mark.title,
                href=mark.link,
                image=public_url(entry.show, mark.image) if mark.image else "",
            ),
        )
        for mark in marks
    )
    return (node("", *rows, version="1.2"),) if rows else ()


def _soundbites(entry: Entry) -> Iterator[Node]:
    for bite in entry.episode.soundbites:
        inside = bite.start >= 0 and bite.start + bite.seconds <= entry.episode.seconds
        if inside and SOUNDBITE[0] <= bite.seconds <= SOUNDBITE[1]:
            title = shorten(clean(bite.title), 128)
            yield Node(text=title, attributes={"startTime": f"{bite.start:.1f}", "duration": f"{bite.seconds:.1f}"})


def _alternates(entry: Entry) -> Iterator[Node]:
    """Every audio file with the hash of its bytes (W3C Subresource Integrity); the enclosure's is the default."""
    for one in entry.episode.renditions:
        if one.rel == "audio":
            rate = str(round(one.size * 8 / one.seconds)) if one.seconds > 0 else ""
            clear = "音声版（音楽なし・ゆっくり）" if one.edition == "clear" else ""
            title = clear or (clean(one.title) if one.edition != entry.audio.edition else "")
            attributes = {
                "type": one.media_type,
                "length": str(one.size),
                "bitrate": rate,
                "lang": entry.show.language,
                "title": shorten(title, 32),
                "rel": one.edition if one.edition != entry.audio.edition else "",
                "default": "true" if one == entry.audio else "",
            }
            kept = {name: value for name, value in attributes.items() if value}
            inner: list[tuple[str, Node]] = [("podcast:source", node(uri=public_url(entry.show, one.path)))]
            if sri := integrity(one.sha256):
                inner.append(("podcast:integrity", node(type="sri", value=sri)))
            yield Node(attributes=kept, nodes=tuple(inner))


def integrity(sha256: str) -> str:
    """An SRI value from the hex of a SHA-256; nothing where there is none."""
    return "sha256-" + base64.b64encode(bytes.fromhex(sha256)).decode() if re.fullmatch("[0-9a-f]{64}", sha256) else ""


EntryRow: TypeAlias = tuple[str, Callable[[Entry], Nodes]]
ITEM: tuple[EntryRow, ...] = (
    ("content:encoded", _whole_notes),
    ("itunes:duration", lambda e: text(str(max(1, round(e.episode.seconds))))),
    ("itunes:image", lambda e: (node(href=_entry_image(e)),)),
    ("itunes:explicit", lambda e: text("true" if e.episode.explicit or e.show.explicit else "false")),
    ("itunes:episodeType", lambda e: text(e.episode.kind)),
    ("itunes:episode", lambda e: text(str(e.episode.number or ""))),
    ("itunes:season", lambda e: text(str(e.episode.season or ""))),
    ("itunes:author", lambda e: text(clean(e.episode.author))),
    ("podcast:episode", lambda e: text(str(e.episode.number or ""))),
    ("podcast:season", lambda e: text(str(e.episode.season or ""))),
    ("podcast:transcript", _transcripts),
    ("podcast:chapters", _chapters),
    ("podcast:person", lambda e: _persons(e.episode.persons)),
    ("podcast:soundbite", _soundbites),
    ("podcast:location", lambda e: _location(e.episode.location)),
    ("podcast:license", lambda e: _license(e.episode.license)),
    ("podcast:alternateEnclosure", _alternates),
    ("podcast:image", lambda e: (_image(_entry_image(e), e.episode.image_alt or e.show.cover_alt or e.episode.title),)),
    ("psc:chapters", _psc),
)
"""Item elements beyond plain RSS, in order."""

ITEM_RSS: tuple[tuple[str, Callable[[Entry], dict[str, object]]], ...] = (
    ("title", lambda e: {"title": shownotes.title(e.episode)}),
    ("content", lambda e: {"content": description(e), "type": "CDATA"}),
    ("guid", lambda e: {"guid": e.episode.guid, "permalink": False}),
    (
        "enclosure",
        lambda e: {"url": public_url(e.show, e.audio.path), "length": str(e.audio.size), "type": e.audio.media_type},
    ),
    ("published", lambda e: {"published": e.episode.published}),
    ("link", lambda e: {"href": web_url(e.episode.link)} if web_url(e.episode.link) else {}),
)
"""feedgen's methods and what they are called with; nothing given: not called."""
