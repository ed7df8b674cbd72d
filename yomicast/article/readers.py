"""The table of input forms: one row each, one module each. A new form is a module and a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TypeAlias, cast

from yomicast.article.source import Options, Source
from yomicast.model import Article

Reader: TypeAlias = Callable[[Source, Options], list[Article]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where a form's reader is, and what its sources look like. `starts`: first bytes, for sources without a name."""

    reader: str
    suffixes: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()


READERS: dict[str, Row] = {
    "markdown": Row(
        reader="yomicast.article.markdown:read",
        suffixes=(".md", ".markdown", ".mdown", ".mkd"),
        media_types=("text/markdown",),
    ),
    "html": Row(
        reader="yomicast.article.web:read",
        suffixes=(".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp"),
        media_types=("text/html", "application/xhtml+xml"),
    ),
    "text": Row(reader="yomicast.article.text:read", suffixes=(".txt", ".text"), media_types=("text/plain",)),
}


def form_of(source: Source) -> str:
    """The form's name by suffix, media type, then content."""
    for name, row in READERS.items():
        if source.suffix in row.suffixes:
            return name
    kind = source.media_type.split(";")[0].strip().lower()
    return next((name for name, row in READERS.items() if kind in row.media_types), "text")


def reader_of(source: Source) -> Reader:
    """The reader for a source, its module loaded now."""
    module, name = READERS[form_of(source)].reader.split(":")
    return cast("Reader", getattr(import_module(module), name))
