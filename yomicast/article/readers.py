"""The table of input forms: one row each, one module each. A new form is a module and a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TypeAlias, cast

from yomicast.article.source import Options, Source
from yomicast.model import Article

Reader: TypeAlias = Callable[[Source, Options], list[Article]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where a form's reader is, and what its sources look like.

    `reader`: module:function. `starts`: what the first 2 KiB look like, for sources whose name and type say nothing.
    """

    reader: str
    suffixes: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    starts: str = ""


READERS: dict[str, Row] = {
    "epub": Row(
        reader="yomicast.article.epub:read",
        suffixes=(".epub",),
        media_types=("application/epub+zip",),
        starts=r"PK\x03\x04.{26}mimetypeapplication/epub",
    ),
    "docx": Row(
        reader="yomicast.article.word:read",
        suffixes=(".docx",),
        media_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        starts=r"PK\x03\x04",
    ),
    "feed": Row(
        reader="yomicast.article.feed:read",
        suffixes=(".rss", ".atom", ".rdf", ".xml"),
        media_types=(
            "application/rss+xml",
            "application/atom+xml",
            "application/rdf+xml",
            "application/xml",
            "text/xml",
        ),
        starts=r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<\?xml-stylesheet[^>]*>\s*|<!DOCTYPE[^>]*>\s*)*<(?:rss|feed|rdf:RDF)\b",
    ),
    "html": Row(
        reader="yomicast.article.web:read",
        suffixes=(".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp"),
        media_types=("text/html", "application/xhtml+xml"),
        starts=r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|p|h1)\b",
    ),
    "markdown": Row(
        reader="yomicast.article.markdown:read",
        suffixes=(".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd"),
        media_types=("text/markdown", "text/x-markdown"),
    ),
    "rst": Row(
        reader="yomicast.article.rst:read",
        suffixes=(".rst", ".rest"),
        media_types=("text/x-rst", "text/prs.fallenstein.rst"),
    ),
    "text": Row(reader="yomicast.article.text:read", suffixes=(".txt", ".text"), media_types=("text/plain",)),
}
SURE = frozenset({"feed", "html", "epub"})
"""Forms whose beginning outweighs a wrong suffix or type (an .xml that is XHTML, text/html that is a feed)."""


def form_of(source: Source) -> str:
    """The form's name: by an unmistakable beginning, then suffix, media type, any beginning; else plain text."""
    begins = source.data[:2048].replace(b"\x00", b"").decode("latin-1").lstrip("ÿþï»¿")
    kind = source.media_type.split(";")[0].strip().lower()
    said = [name for name, row in READERS.items() if source.suffix in row.suffixes or kind in row.media_types]
    begun = [
        name for name, row in READERS.items() if row.starts and re.match(row.starts, begins, re.IGNORECASE | re.DOTALL)
    ]
    if begun and begun[0] in SURE and not set(said) & {"markdown", "text", "rst"}:
        return begun[0]
    by_name = [name for name in said if source.suffix in READERS[name].suffixes]
    return next(iter([*by_name, *said, *begun]), "text")


def reader_of(source: Source) -> Reader:
    """The reader for a source, its module loaded now."""
    module, name = READERS[form_of(source)].reader.split(":")
    return cast("Reader", getattr(import_module(module), name))
