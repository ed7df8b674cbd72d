"""The encoding a page declares: HTTP, then `<meta charset>`, then the XML declaration."""

from __future__ import annotations

import re

from yomicast.article.decode import decode
from yomicast.article.source import Source
from yomicast.patterns import expression

META = expression(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{3,30})", re.IGNORECASE)
XML = expression(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_\-]{3,30})", re.IGNORECASE)


def declared(data: bytes) -> str:
    """The name of the encoding that the markup itself declares in its first 4 KiB, empty if none."""
    head = data[:4096]
    match = XML.search(head) or META.search(head)
    return match[1].decode("ascii") if match else ""


def text_of_page(source: Source) -> str:
    """The markup as text.

    Raises:
        ArticleError: this is no text.
    """
    return decode(source.data, name=source.name, declared=source.charset or declared(source.data))
