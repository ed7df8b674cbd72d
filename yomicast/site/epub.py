"""EPUB 3 with media overlays: the text as read, and each sentence tied to its stretch of the sound.

EPUB 3.3 and Media Overlays (W3C); accessibility metadata by EPUB Accessibility 1.1 and schema.org. Entry times and order
are fixed, so the same episode gives the same bytes.
"""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined

from yomicast import shownotes
from yomicast.files import whole
from yomicast.model import Cue, Episode, Mark
from yomicast.settings import ShowSettings

STAMP = (1980, 1, 1, 0, 0, 0)
CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n'
)
CSS = "body{line-height:1.9}.-epub-media-overlay-active{background:#ffe08a;color:#1c1b22}blockquote{margin:1em;padding-left:1em;border-left:.3em solid #7a3d12}\n"
TAGS = {"heading": "h2", "quote": "blockquote"}


@cache
def _environment() -> Environment:
    folder = files(__package__) / "templates" / "epub"
    return Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=True,
        finalize=shownotes.printable,
        undefined=StrictUndefined,
    )


def write_epub(show: ShowSettings, episode: Episode, audio: Path, cover: Path | None, path: Path) -> None:
    """Write the book to `path`; `audio` (MP3) and `cover` (JPEG) are put inside.

    Raises:
        OutputError: it cannot be written.
    """
    chapters = _chapters(episode)
    values: Mapping[str, object] = {
        "show": show,
        "episode": episode,
        "chapters": chapters,
        "cover": cover is not None,
        "modified": episode.published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "published": episode.published.date().isoformat(),
        "clock": clock,
        "narrators": [person.name for person in episode.persons if person.role == "narrator"],
        "total": clock(sum(cue.end - cue.start for cue in episode.cues)),
    }
    with whole(path) as part, zipfile.ZipFile(part, "w") as book:
        _put(book, "mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
        _put(book, "META-INF/container.xml", CONTAINER.encode())
        for name in ("package.opf", "nav.xhtml"):
            _put(book, f"EPUB/{name}", _environment().get_template(f"{name}.j2").render(values).encode())
        for chapter in chapters:
            inner = {**values, "chapter": chapter}
            for kind in ("xhtml", "smil"):
                text = _environment().get_template(f"chapter.{kind}.j2").render(inner)
                _put(book, f"EPUB/{chapter['name']}.{kind}", text.encode())
        _put(book, "EPUB/style.css", CSS.encode())
        _put(book, "EPUB/audio.mp3", audio.read_bytes(), zipfile.ZIP_STORED)
        if cover is not None:
            _put(book, "EPUB/cover.jpg", cover.read_bytes(), zipfile.ZIP_STORED)


def _put(book: zipfile.ZipFile, name: str, data: bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, STAMP)
    entry.compress_type = how
    entry.external_attr = 0o644 << 16
    book.writestr(entry, data)


def _chapters(episode: Episode) -> list[dict[str, object]]:
    """One document per chapter: its blocks of numbered cues."""
    marks: Sequence[Mark] = [mark for mark in episode.marks if mark.level <= 2] or [Mark(start=0, title=episode.title)]
    numbered = list(enumerate(episode.cues))
    made: list[dict[str, object]] = []
    for n, mark in enumerate(marks):
        stop = marks[n + 1].start if n + 1 < len(marks) else float("inf")
        inside = [(k, cue) for k, cue in numbered if mark.start <= cue.start < stop]
        if inside:
            made.append(
                {
                    "name": f"chapter{n:03}",
                    "title": mark.title,
                    "blocks": _blocks(inside, mark.title),
                    "length": sum(cue.end - cue.start for _, cue in inside),
                }
            )
    return made


def _blocks(inside: Sequence[tuple[int, Cue]], title: str) -> list[dict[str, object]]:
    blocks: list[dict[str, object]] = []
    for _, group in itertools.groupby(inside, key=lambda pair: (pair[1].block, pair[1].role)):
        cues = list(group)
        role, text = cues[0][1].role, cues[0][1].text
        tag = "h1" if role in ("title", "heading") and text == title else TAGS.get(role, "p")
        blocks.append({"tag": tag, "cues": [{"id": f"s{k}", "cue": cue} for k, cue in cues]})
    if blocks and not any(block["tag"] == "h1" for block in blocks):
        blocks.insert(0, {"tag": "h1", "cues": []})
    return blocks


def clock(seconds: float) -> str:
    """SMIL clock value h:mm:ss.mmm."""
    thousandths = round(seconds * 1000)
    whole_seconds, rest = divmod(thousandths, 1000)
    return f"{whole_seconds // 3600}:{whole_seconds // 60 % 60:02}:{whole_seconds % 60:02}.{rest:03}"
