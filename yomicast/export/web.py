"""Pages for people, checked: Japanese, titled, nothing loaded from other hosts, a policy that says so, links that hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml import html as lxml_html

from yomicast.export.rules import finding
from yomicast.model import Finding

LOADED = {
    "script": "src", "img": "src", "audio": "src", "video": "src", "source": "src", "iframe": "src", "embed": "src",
    "object": "data", "track": "src",
}  # fmt: skip

LOADING_LINKS = {"stylesheet", "preload", "icon", "modulepreload", "preconnect", "dns-prefetch"}


def inspect_pages(folder: Path, *, base: str = "") -> list[Finding]:
    """What is wrong with the HTML files below `folder`, which is published at `base`."""
    found: list[Finding] = []
    for path in sorted(folder.rglob("*.html")):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            found.extend(_page(folder, path, base))
    return list(dict.fromkeys(found))


def _page(folder: Path, path: Path, base: str) -> Iterator[Finding]:
    place = path.relative_to(folder).as_posix()
    parser = lxml_html.HTMLParser(no_network=True, encoding="utf-8", huge_tree=False)
    data = path.read_bytes()
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        yield finding("page-unreadable", place)
        return
    charset = re.search(rb'(?i)<meta[^>]+charset="?utf-8', data[:4096])
    if not (root.get("lang") or "").lower().startswith("ja") or not charset:
        yield finding("page-language", place)
    if not (root.findtext(".//title") or "").strip():
        yield finding("page-title", place)
    if not root.xpath("//meta[translate(@http-equiv,'CPS','cps')='content-security-policy']"):
        yield finding("page-policy", place)
    yield from _loads(place, root, base)
    yield from _links(folder, path, place, root)


def _loads(place: str, root: etree._Element, base: str) -> Iterator[Finding]:
    addresses = [element.get(name, "") for tag, name in LOADED.items() for element in root.iter(tag)]
    addresses += [link.get("href", "") for link in root.iter("link") if (link.get("rel") or "") in LOADING_LINKS]
    for address in addresses:
        if re.match(r"(?i)(https?:)?//", address) and not (base and address.startswith(base)):
            yield finding("page-remote", place, value=address[:80])


def _links(folder: Path, path: Path, place: str, root: etree._Element) -> Iterator[Finding]:
    addresses = [a.get("href", "") for a in root.iter("a", "link")]
    addresses += [element.get(name, "") for tag, name in LOADED.items() for element in root.iter(tag)]
    for address in addresses:
        if re.match(r"(?i)\s*(javascript|vbscript)\s*:", address):
            yield finding("page-script", place)
            continue
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            continue
        target = (path.parent / unquote(parts.path)).resolve()
        if not target.exists() or not target.is_relative_to(folder.resolve()):
            yield finding("page-link", place, value=address[:80])
