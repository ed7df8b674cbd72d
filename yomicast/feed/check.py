"""Is the feed right? Rules of RSS 2.0, Apple, Podcasting 2.0 and what real clients stumble over, one row a rule."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeAlias

from lxml import etree
from lxml import html as lxml_html

from yomicast.errors import FeedError
from yomicast.feed import addresses, categories
from yomicast.feed.nodes import NAMESPACES, qualified
from yomicast.feed.read import parse, relative
from yomicast.feed.rules import RULES, finding
from yomicast.feed.write import ours
from yomicast.model import Finding
from yomicast.patterns import expression
from yomicast.settings import is_geo, is_osm
from yomicast.shownotes import DESCRIPTION_LIMIT, TITLE_LIMIT

Found: TypeAlias = Iterator[Finding]
URL_ATTRIBUTES = ("url", "href", "uri", "image", "img")
LONG_TEXTS = {"description", "encoded", "summary", "txt"}
KNOWN_PODCAST = {
    "guid", "locked", "funding", "medium", "person", "txt", "updateFrequency", "license", "image", "location",
    "podroll", "remoteItem", "value", "valueRecipient", "block", "trailer", "publisher", "transcript", "chapters",
    "soundbite", "season", "episode", "alternateEnclosure", "source", "integrity", "socialInteract", "contentLink",
    "chat", "podping", "liveItem",
}  # fmt: skip
ALLOWED_HTML = {"p", "br", "ol", "ul", "li", "a", "div"}
AUDIO_TYPES = {".mp3": ("audio/mpeg",), ".m4a": ("audio/x-m4a", "audio/mp4")}
DATE = expression(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d:\d\d ([+-]\d{4}|GMT)"
)
CLOCK = expression(r"(?m)^(\d{2}:\d{2}:\d{2})\s+(\S.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One document of the feed under examination."""

    name: str
    data: bytes
    root: etree._Element
    folder: Path
    base: str
    now: datetime

    @property
    def channel(self) -> etree._Element:
        """The channel element."""
        found = self.root.find("channel")
        assert found is not None
        return found

    @property
    def items(self) -> list[etree._Element]:
        """The items in file order."""
        return self.channel.findall("item")

    def file(self, address: str) -> Path | None:
        """The local file of an address below the base; None for addresses elsewhere."""
        path = relative(address, self.base)
        if not self.base or path == address:
            return None
        found = (self.folder / path.split("#")[0].split("?")[0]).resolve()
        return found if found.is_relative_to(self.folder.resolve()) else self.folder / "(outside)"


def check(folder: Path, *, base: str = "", now: datetime | None = None) -> list[Finding]:
    """What is wrong with the feed in `folder`: feed.xml and its archive pages, worst first.

    Args:
        folder: the output folder.
        base: where it is published; empty: as the feed says of itself.
        now: for dates in the future; None: the newest date of the feed is trusted.
    """
    found: list[Finding] = []
    sheets = [sheet for name in documents(folder) if (sheet := _sheet(folder, name, base, now, found)) is not None]
    for sheet in sheets:
        for rule in SHEET_CHECKS:
            found.extend(rule(sheet))
        for number, item in enumerate(sheet.items, 1):
            place = f"{sheet.name} item {number}"
            for item_rule in ITEM_CHECKS:
                found.extend(item_rule(sheet, item, place))
    found.extend(_twins(sheets))
    return sorted(dict.fromkeys(found), key=lambda one: (one.rule.level != "error", one.place, one.rule.slug))


def documents(folder: Path) -> list[str]:
    """feed.xml and the archive pages that stand beside it."""
    archives = sorted(folder.glob("feed.archive-*.xml"), key=lambda path: (len(path.name), path.name))
    return [addresses.FEED, *(path.name for path in archives)]


def base_of(folder: Path) -> str:
    """Where the feed says that it is published; empty when it cannot be read or does not say."""
    root = _root(folder)
    return "" if root is None else _self_link(root).removesuffix(addresses.FEED)


def title_of(folder: Path) -> str:
    """The show's title; empty when the feed cannot be read."""
    root = _root(folder)
    return "" if root is None else root.findtext("channel/title") or ""


def _root(folder: Path) -> etree._Element | None:
    try:
        return parse((folder / addresses.FEED).read_bytes(), addresses.FEED)
    except (OSError, FeedError):
        return None


def _self_link(root: etree._Element) -> str:
    links = root.iterfind(f"channel/{qualified('atom:link')}")
    return next((link.get("href", "") for link in links if link.get("rel") == "self"), "")


def _sheet(folder: Path, name: str, base: str, now: datetime | None, found: list[Finding]) -> Sheet | None:
    try:
        data = (folder / name).read_bytes()
        root = parse(data, name)
    except FileNotFoundError:
        found.append(finding("feed-absent", name))
        return None
    except FeedError as error:
        found.append(finding("feed-unreadable", name, detail=error.message.en))
        return None
    dates = [_date(item.findtext("pubDate")) for item in root.iterfind("channel/item")]
    known = [date for date in dates if date is not None]
    newest = now or max(known, default=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
    address = (base or _self_link(root).removesuffix(name)).rstrip("/")
    return Sheet(name=name, data=data, root=root, folder=folder, base=f"{address}/" if address else "", now=newest)


def _date(said: str | None) -> datetime | None:
    """A date as RSS wants it: RFC 2822 with weekday and zone, the weekday the right one."""
    if not said or not DATE.fullmatch(said):
        return None
    try:
        when = parsedate_to_datetime(said)
    except ValueError:
        return None
    return when if when.strftime("%a") == said[:3] else None


# --- the document ----------------------------------------------------------------------------------------------------


def _bytes(sheet: Sheet) -> Found:
    if not re.match(rb"<\?xml[^>]*encoding=['\"]utf-8['\"]", sheet.data, re.IGNORECASE):
        yield finding("feed-encoding", sheet.name)
    if not ours(sheet.data):
        yield finding("feed-edited", sheet.name)
    declared = set(sheet.root.nsmap.values())
    for prefix in ("itunes", "podcast", "atom"):
        if NAMESPACES[prefix] not in declared:
            yield finding("feed-namespace", sheet.name, prefix=prefix, uri=NAMESPACES[prefix])


def _required(sheet: Sheet) -> Found:
    for name in ("title", "description", "link", "language", "itunes:author", "itunes:explicit"):
        if not (sheet.channel.findtext(qualified(name)) or "").strip():
            yield finding("channel-missing", sheet.name, element=name)
    for name in ("itunes:image", "itunes:category", "itunes:owner", "podcast:person"):
        if sheet.channel.find(qualified(name)) is None:
            yield finding("channel-missing", sheet.name, element=name)


def _values(sheet: Sheet) -> Found:
    for name, allowed in CHANNEL_VALUES.items():
        said = sheet.channel.findtext(qualified(name))
        if said is not None and not re.fullmatch(allowed, said):
            yield finding("channel-value", sheet.name, element=name, value=said[:60])
        if said is None and name not in ("language", "itunes:explicit"):
            yield finding("channel-missing", sheet.name, element=name)
    email = sheet.channel.findtext(f"{qualified('itunes:owner')}/{qualified('itunes:email')}") or ""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        yield finding("owner-email", sheet.name, value=email[:60])
    declared = [t.text for t in sheet.channel.findall(qualified("podcast:txt")) if t.get("purpose") == "ai-content"]
    if declared != ["true"]:
        yield finding("ai-content", sheet.name)


CHANNEL_VALUES = {
    "language": r"(?i)ja(-jp)?",
    "itunes:explicit": "true|false",
    "itunes:type": "episodic|serial",
    "podcast:locked": "yes|no",
    "podcast:medium": "podcast|blog|newsletter|audiobook|course",
    "podcast:guid": "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
}


def _channel_links(sheet: Sheet) -> Found:
    wanted = sheet.base + sheet.name
    if _self_link(sheet.root) != wanted:
        yield finding("self-link", sheet.name, value=_self_link(sheet.root), wanted=wanted)
    site = sheet.channel.findtext("link") or ""
    if site.endswith(".xml") or site == wanted:
        yield finding("site-link", sheet.name, value=site)
    guid = sheet.channel.findtext(qualified("podcast:guid"))
    named = re.sub(r"^[a-z]+://", "", sheet.base + addresses.FEED).rstrip("/")
    if guid and guid != str(uuid.uuid5(addresses.NAMESPACE, named)):
        yield finding("guid-not-derived", sheet.name, value=guid)


def _categories(sheet: Sheet) -> Found:
    for top in sheet.channel.findall(qualified("itunes:category")):
        name = top.get("text", "")
        if name not in categories.CATEGORIES:
            yield finding("category", sheet.name, value=name)
        for sub in top:
            if sub.get("text", "") not in categories.CATEGORIES.get(name, ()):
                yield finding("category", sheet.name, value=f"{name} > {sub.get('text', '')}")


def _dates(sheet: Sheet) -> Found:
    for name in ("lastBuildDate", "pubDate"):
        said = sheet.channel.findtext(name)
        if said is not None and _date(said) is None:
            yield finding("date", f"{sheet.name} {name}", value=said)
    dates = [date for item in sheet.items if (date := _date(item.findtext("pubDate"))) is not None]
    if dates != sorted(dates, reverse=True):
        yield finding("order", sheet.name)
    for date in dates:
        if date > sheet.now + timedelta(days=1):
            yield finding("future", sheet.name, value=date.isoformat())


def _texts(sheet: Sheet) -> Found:
    for element in sheet.root.iter():
        if not isinstance(element.tag, str) or len(element) or not element.text:
            continue
        name = etree.QName(element).localname
        if len(element.text) > TITLE_LIMIT and name not in LONG_TEXTS:
            yield finding("text-long", f"{sheet.name}:{element.sourceline}", element=name, length=len(element.text))
        if element.text != element.text.strip():
            yield finding("outer-space", f"{sheet.name}:{element.sourceline}", element=name)
        if MOJIBAKE.search(element.text):
            yield finding("mojibake", f"{sheet.name}:{element.sourceline}", value=element.text[:40])


MOJIBAKE = expression("\ufffd|[\x80-\x9f]|(?:[ãâåäæçèé][\x80-\xbf]){2}|繧|縺|譁|莨")


def _podcast_tags(sheet: Sheet) -> Found:
    for element in sheet.root.iter(f"{{{NAMESPACES['podcast']}}}*"):
        if etree.QName(element).localname not in KNOWN_PODCAST:
            yield finding("podcast-tag", f"{sheet.name}:{element.sourceline}", element=etree.QName(element).localname)


def _addresses(sheet: Sheet) -> Found:
    for element, address in _all_addresses(sheet.root):
        place = f"{sheet.name}:{element.sourceline}"
        if not re.fullmatch(r"https?://[!-~]+", address):
            yield finding("address", place, value=address[:80])
            continue
        path = sheet.file(address)
        if path is not None and address != sheet.base and not path.is_file():
            yield finding("no-file", place, value=address)


def _all_addresses(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for element in root.iter():
        if isinstance(element.tag, str):
            yield from ((element, str(value)) for name, value in element.items() if name in URL_ATTRIBUTES)
    for element in root.iter("link", "docs", "comments"):
        yield element, element.text or ""


def _twins(sheets: Sequence[Sheet]) -> Found:
    guids = Counter(item.findtext("guid") for sheet in sheets for item in sheet.items)
    sounds = Counter(item.find("enclosure").get("url") for sheet in sheets for item in sheet.items if item.find("enclosure") is not None)  # type: ignore[union-attr]  # fmt: skip
    yield from (
        finding("guid-twice", addresses.FEED, value=guid) for guid, count in guids.items() if guid and count > 1
    )
    yield from (finding("sound-twice", addresses.FEED, value=url) for url, count in sounds.items() if url and count > 1)


# --- an item ---------------------------------------------------------------------------------------------------------


def _names(_sheet: Sheet, item: etree._Element, place: str) -> Found:
    title, show = item.findtext("title") or "", item.findtext("../title") or ""
    if not title.strip():
        yield finding("item-missing", place, element="title")
    if re.match(r"(?i)\s*(#\d|ep\.?\s*\d|第?\d+[話回.:])", title) or (show and show in title):
        yield finding("title-noise", place, value=title[:60])
    guid = item.find("guid")
    if guid is None or not (guid.text or "").strip():
        yield finding("item-missing", place, element="guid")
    elif guid.get("isPermaLink") != "false" and not (guid.text or "").startswith("http"):
        yield finding("guid-permalink", place)
    if _date(item.findtext("pubDate")) is None:
        yield finding("date", f"{place} pubDate", value=item.findtext("pubDate") or "")


def _item_values(_sheet: Sheet, item: etree._Element, place: str) -> Found:
    for name, (allowed, needed) in ITEM_VALUES.items():
        said = item.findtext(qualified(name))
        if said is None and needed:
            yield finding("item-missing", place, element=name)
        if said is not None and not re.fullmatch(allowed, said):
            yield finding("item-value", place, element=name, value=said[:60])


ITEM_VALUES = {
    "itunes:duration": (r"[1-9]\d*", True),
    "itunes:explicit": ("true|false", True),
    "itunes:episodeType": ("full|trailer|bonus", False),
    "itunes:episode": (r"[1-9]\d*", False),
    "itunes:season": (r"[1-9]\d*", False),
    "podcast:episode": (r"[1-9]\d*", False),
    "podcast:season": (r"[1-9]\d*", False),
}


def _enclosure(sheet: Sheet, item: etree._Element, place: str) -> Found:
    enclosure = item.find("enclosure")
    if enclosure is None:
        yield finding("item-missing", place, element="enclosure")
        return
    address, kind = enclosure.get("url", ""), enclosure.get("type", "")
    suffix = Path(address.split("?")[0]).suffix.lower()
    if kind not in AUDIO_TYPES.get(suffix, ()):
        yield finding("sound-type", place, value=kind, suffix=suffix)
    path = sheet.file(address)
    if path is not None and path.is_file() and enclosure.get("length") != str(path.stat().st_size):
        yield finding("sound-length", place, value=enclosure.get("length"), size=path.stat().st_size)


def _description(_sheet: Sheet, item: etree._Element, place: str) -> Found:
    element = item.find("description")
    if element is not None and len(element):
        yield finding("description-cdata", place)
        return
    said = "" if element is None else (element.text or "").strip()
    if not said:
        yield finding("item-missing", place, element="description")
        return
    if len(said.encode()) > DESCRIPTION_LIMIT:
        yield finding("description-long", place, length=len(said.encode()))
    yield from _markup(said, place)
    psc = [(row.get("start", "")[:8], row.get("title", "")) for row in item.iterfind(_PSC_ROWS)]
    lines = [(start, html.unescape(title).strip()) for start, title in CLOCK.findall(said)]
    if psc and len(said.encode()) < DESCRIPTION_LIMIT - 300 and lines != psc:
        yield finding("description-chapters", place)


_PSC_ROWS = f"{qualified('psc:chapters')}/{qualified('psc:chapter')}"


def _markup(said: str, place: str) -> Found:
    """Only what apps keep, and every element closed."""
    opened = Counter(re.findall(r"<([a-z]+)(?=[ >])", said))
    closed = Counter(re.findall(r"</([a-z]+)>", said))
    opened.pop("br", None)
    if opened != closed or set(opened) - ALLOWED_HTML:
        yield finding("description-markup", place)
        return
    for link in lxml_html.fragment_fromstring(said, create_parent="div").iter("a"):
        if not re.match(r"https?://", link.get("href", "")):
            yield finding("description-link", place, value=link.get("href", "")[:80])


def _companions(_sheet: Sheet, item: etree._Element, place: str) -> Found:
    kinds = {one.get("type") for one in item.iterfind(qualified("podcast:transcript"))}
    for kind in ("text/vtt", "application/json", "application/x-subrip"):
        if kind not in kinds and not (kind.endswith("subrip") and "application/srt" in kinds):
            yield finding("transcript-missing", place, kind=kind)
    for one in item.iterfind(qualified("podcast:transcript")):
        if not (one.get("language") or "ja").lower().startswith("ja"):
            yield finding("transcript-language", place, value=one.get("language"))
    chapters = item.find(qualified("podcast:chapters"))
    if chapters is None:
        yield finding("chapters-missing", place)
    elif chapters.get("type") != "application/json+chapters":
        yield finding("chapters-type", place, value=chapters.get("type"))
    if item.find(qualified("psc:chapters")) is None:
        yield finding("psc-missing", place)


def _soundbites(_sheet: Sheet, item: etree._Element, place: str) -> Found:
    whole = float(item.findtext(qualified("itunes:duration")) or 0) if _item_is_timed(item) else 0.0
    for one in item.iterfind(qualified("podcast:soundbite")):
        try:
            start, long = float(one.get("startTime", "")), float(one.get("duration", ""))
        except ValueError:
            start = long = -1.0
        fits = start >= 0 and 15 <= long <= 120 and (not whole or start + long <= whole + 1)
        if not fits or len(one.text or "") > 128:
            yield finding("soundbite", place, start=one.get("startTime"), seconds=one.get("duration"))


def _item_is_timed(item: etree._Element) -> bool:
    return re.fullmatch(r"\d+", item.findtext(qualified("itunes:duration")) or "") is not None


def _alternates(sheet: Sheet, item: etree._Element, place: str) -> Found:
    for one in item.iterfind(qualified("podcast:alternateEnclosure")):
        source = one.find(qualified("podcast:source"))
        path = sheet.file(source.get("uri", "")) if source is not None else None
        if source is None:
            yield finding("alternate-source", place)
        if path is None or not path.is_file():
            continue
        if one.get("length") not in (None, str(path.stat().st_size)):
            yield finding("alternate-length", place, value=one.get("length"), size=path.stat().st_size)
        for seal in one.iterfind(qualified("podcast:integrity")):
            if not _intact(path, seal.get("value", "")):
                yield finding("integrity", place, value=path.name)


def _intact(path: Path, sri: str) -> bool:
    name, _, value = sri.partition("-")
    if name not in ("sha256", "sha384", "sha512"):
        return False
    with path.open("rb") as stream:
        return base64.b64encode(hashlib.file_digest(stream, name).digest()).decode() == value


def _locations(sheet: Sheet) -> Found:
    for one in sheet.root.iter(qualified("podcast:location")):
        geo, osm = one.get("geo", "geo:0,0"), one.get("osm", "")
        named = 0 < len((one.text or "").strip()) <= 128
        if not named or not (geo.startswith("geo:") and is_geo(geo)) or not is_osm(osm):
            yield finding("location", f"{sheet.name}:{one.sourceline}", value=f"{one.text} {geo} {osm}"[:120])


SHEET_CHECKS = (
    _bytes,
    _required,
    _values,
    _channel_links,
    _categories,
    _dates,
    _texts,
    _podcast_tags,
    _addresses,
    _locations,
)
ITEM_CHECKS = (_names, _item_values, _enclosure, _description, _companions, _soundbites, _alternates)
__all__ = ["RULES", "base_of", "check", "documents"]
