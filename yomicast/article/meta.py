"""What a page says of itself: title, author, date, language, lead picture, link. JSON-LD, OpenGraph, Dublin Core, HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from lxml import etree

from yomicast.article.tree import names_of, tag_of, text_of
from yomicast.model import Meta
from yomicast.patterns import expression

ARTICLES = frozenset(
    {
        "Article",
        "NewsArticle",
        "BlogPosting",
        "TechArticle",
        "Report",
        "WebPage",
        "SocialMediaPosting",
        "ScholarlyArticle",
    }
)
DATE = expression(
    r"(?P<y>(?:19|20)\d{2})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})日?"
    r"(?:\s*[T（(]?[^0-9]{0,5}\s*(?P<h>\d{1,2})\s*[:時]\s*(?P<i>\d{2})(?::(?P<s>\d{2}))?(?:\.\d+)?\s*(?P<z>Z|[+-]\d{2}:?\d{2})?)?"
)
ERA_DATE = expression(r"(?P<era>令和|平成|昭和)\s*(?P<y>元|\d{1,2})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日")
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
WIDE_DIGITS = str.maketrans("０１２３４５６７８９：／", "0123456789:/")


def iso_date(text: str) -> str:
    """The first date in `text` as ISO 8601 (with time and zone where given), empty if there is none."""
    text = text.translate(WIDE_DIGITS)
    if match := DATE.search(text):
        month, day = int(match["m"]), int(match["d"])
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return ""
        date = f"{match['y']}-{month:02d}-{day:02d}"
        if match["h"] and int(match["h"]) < 24 and int(match["i"]) < 60:
            zone = match["z"] or ""
            zone = zone if zone in ("", "Z") or ":" in zone else f"{zone[:3]}:{zone[3:]}"
            return f"{date}T{int(match['h']):02d}:{match['i']}:{match['s'] or '00'}{zone}"
        return date
    if match := ERA_DATE.search(text):
        year = ERAS[match["era"]] + (1 if match["y"] == "元" else int(match["y"]))
        return f"{year}-{int(match['m']):02d}-{int(match['d']):02d}"
    return ""


class Head:
    """The head of a page, asked by name."""

    def __init__(self, root: etree._Element, url: str = "") -> None:
        self.root = root
        self.url = url
        self._values: dict[str, str] = {}
        for node in root.iter("meta"):
            key = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
            value = " ".join((node.get("content") or "").split())
            if key and value:
                self._values.setdefault(key, value)
        self.linked = _json_ld(root)

    def first(self, *names: str) -> str:
        """The first of the named values that the page gives."""
        return next((self._values[name] for name in names if name in self._values), "")

    def meta(self) -> Meta:
        """All of it as a `Meta`."""
        html = next(self.root.iter("html"), self.root)
        return Meta(
            author=self.author(),
            published=self.published(),
            language=html.get("lang") or html.get("xml:lang") or _text(self.linked.get("inLanguage")),
            link=self.link(),
            image=self.image(),
            description=self.first("og:description", "description", "twitter:description", "dc.description"),
            site=self.first("og:site_name", "application-name") or _text(_name(self.linked.get("publisher"))),
        )

    def author(self) -> str:
        """Who wrote it; an address of a profile is no name."""
        found = _name(self.linked.get("author")) or self.first(
            "author", "article:author", "dc.creator", "dcterms.creator", "twitter:creator"
        )
        if not found or found.startswith(("http", "@", "//")):
            node = next(
                (
                    node
                    for node in self.root.iter()
                    if tag_of(node) in ("a", "span", "p", "div", "address")
                    and (node.get("rel") == "author" or node.get("itemprop") == "author")
                ),
                None,
            )
            found = text_of(node)[:60] if node is not None else ""
        return found

    def published(self) -> str:
        """When, ISO 8601: as declared, else the first dated `<time>` or element named date."""
        for value in (
            _text(self.linked.get("datePublished")),
            self.first(
                "article:published_time",
                "date",
                "dc.date",
                "dcterms.date",
                "dcterms.issued",
                "pubdate",
                "publishdate",
                "datepublished",
                "date.created",
                "cxenseparse:recs:publishtime",
            ),
        ):
            if date := iso_date(value):
                return date
        for node in self.root.iter("time"):
            if date := iso_date(node.get("datetime") or text_of(node)):
                return date
        for node in self.root.iter("p", "div", "span", "li", "dd", "td"):
            names = names_of(node)
            if (
                names
                and re.search(r"date|time|update|koushin|day", names.lower())
                and len(text := text_of(node)) < 60
                and (date := iso_date(text))
            ):
                return date
        return ""

    def link(self) -> str:
        """Its canonical address."""
        for node in self.root.iter("link"):
            if "canonical" in (node.get("rel") or "").lower().split() and node.get("href"):
                return _absolute(self.url, node.get("href") or "")
        return _absolute(self.url, self.first("og:url")) or self.url

    def image(self) -> str:
        """The lead picture."""
        image = self.linked.get("image")
        first = image[0] if isinstance(image, list) and image else image
        named = first.get("url") if isinstance(first, Mapping) else first
        return _absolute(self.url, self.first("og:image", "og:image:url", "twitter:image", "thumbnail") or _text(named))

    def titles(self) -> list[str]:
        """Declared titles, surest first."""
        title = next((text_of(node) for node in self.root.iter("title")), "")
        return [
            item
            for item in (_text(self.linked.get("headline")), self.first("og:title", "twitter:title", "dc.title"), title)
            if item
        ]


def _absolute(base: str, address: str) -> str:
    try:
        joined = urljoin(base, address.strip()) if address else ""
    except ValueError:
        return ""
    return joined if joined.startswith(("http://", "https://")) else ""


def _json_ld(root: etree._Element) -> Mapping[str, object]:
    """The page's own article in its JSON-LD."""
    for node in root.iter("script"):
        if (node.get("type") or "").lower() != "application/ld+json" or not node.text or len(node.text) > 200_000:
            continue
        try:
            value = json.loads(node.text)
        except (ValueError, RecursionError):
            continue
        for item in _items(value, 0):
            kinds = item.get("@type")
            if ARTICLES & set(kinds if isinstance(kinds, list) else [str(kinds)]):
                return item
    return {}


def _items(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value:
            yield from _items(item, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        yield from _items(value.get("@graph"), depth + 1)


def _name(value: object) -> str:
    if isinstance(value, list):
        return "、".join(name for name in map(_name, value) if name)
    if isinstance(value, Mapping):
        return _text(value.get("name"))
    return _text(value)


def _text(value: object) -> str:
    return " ".join(value.split())[:500] if isinstance(value, str) else ""


def without_site(title: str, site: str, known: str = "") -> str:
    """A page title without its site's name. `known`: the heading on the page, which decides where it stands in it."""
    title = " ".join(title.split())
    if known and known in title:
        return known
    parts = re.split(r"\s*(?:[|｜»«]|\s[-–—―:：/／]\s| - |\s?[–—]\s?)\s*", title)
    if len(parts) < 2:
        return title
    rest = [part for part in parts if part and part != site and (not site or site not in part)]
    return max(rest, key=len) if rest else title
