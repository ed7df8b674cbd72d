"""Chapter pictures from the article, where licence and size allow."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from yomicast import (
    article,
    export,
    script,
    shownotes,
    site,
)
from yomicast.errors import InputError
from yomicast.files import write_changed
from yomicast.model import (
    Mark,
    Message,
    Note,
    Picture,
)
from yomicast.pipeline.job import CACHE, Job, Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """A chapter's picture, written: `path` below the output folder, the JPEG itself, what the article says of it."""

    path: str
    data: bytes
    alt: str
    credit: str


def picture_file(job: Job, picture: Picture) -> Path | None:
    """The file that the article's picture is, below the article's folder or the show's; None: on the web, or not there."""
    if re.match(r"(?i)[a-z][a-z0-9+.-]*:|//", picture.source) or "://" in job.source:
        return None
    name = unquote(urlsplit(picture.source).path).lstrip("/")
    for folder in (Path(job.source).parent, job.project.folder):
        with suppress(OSError, ValueError):
            path = (folder / name).resolve()
            if path.is_file() and path.is_relative_to(folder.resolve()):
                return path
    return None


def illustrations(prepared: Prepared) -> tuple[tuple[Illustration | None, ...], tuple[Note, ...]]:
    """A picture for each chapter, the first one in it that may and can be used; why others were not."""
    job = prepared.job
    mode = job.settings.chapter_images or job.show.chapter_images
    notes: list[Note] = []
    found: list[Illustration | None] = []
    for number, pictures in enumerate(script.illustrated(job.article, prepared.script.lines), 1):
        usable = (_illustration(job, picture, number, mode, notes) for picture in pictures if mode != "off")
        found.append(next((one for one in usable if one), None))
    return tuple(found), tuple(notes)


def _illustration(job: Job, picture: Picture, number: int, mode: str, notes: list[Note]) -> Illustration | None:
    """The picture, squared and written beside the sound under a name that carries its content."""
    try:
        path = picture_file(job, picture)
        if path is not None and picture.credit and mode == "own":
            notes.append(_not_ours(picture))
            return None
        if path is None and mode == "all":
            path = _from_web(job, picture)
        if path is None:
            return None
        data = export.chapter_image(path)
    except InputError as error:
        notes.append(Note(slug="chapter-image", text=error.message, place=picture.place))
        return None
    name = f"{job.slug}/chapter-{number}.{hashlib.sha256(data).hexdigest()[:8]}.jpg"
    write_changed(job.out / name, data)
    return Illustration(path=name, data=data, alt=picture.alt, credit=picture.credit)


def _not_ours(picture: Picture) -> Note:
    return Note(
        slug="chapter-image",
        text=Message(
            f"'{picture.source}' is no chapter's picture: beside it stands '{picture.credit}'; chapter_images: all uses it",
            f"「{picture.source}」はチャプター画像にしません。「{picture.credit}」とあるためです。chapter_images: all で使えます",
        ),
        place=picture.place,
    )


def _from_web(job: Job, picture: Picture) -> Path | None:
    """A picture on the web, asked for once; None where the address is none."""
    address = urljoin(job.source, picture.source) if "://" in job.source else picture.source
    if not re.match(r"https?://", address):
        return None
    path = job.out / CACHE / "pictures" / hashlib.sha256(address.encode(errors="replace")).hexdigest()[:32]
    if not path.is_file():
        write_changed(path, article.picture(address))
    return path


def furnished(marks: Sequence[Mark], pictures: Sequence[Illustration | None], job: Job) -> tuple[Mark, ...]:
    """The marks with what chapters have beyond a time and a name: the place on the page where their words stand, and a
    picture. Sub-chapters have neither.
    """
    page = shownotes.public_url(job.show, f"{job.slug}/{site.INDEX}")
    chapters = itertools.count()
    left = iter(pictures)
    return tuple(
        _chapter(mark, f"{page}#c{next(chapters)}", next(left, None)) if mark.level <= 2 else mark for mark in marks
    )


def _chapter(mark: Mark, link: str, picture: Illustration | None) -> Mark:
    if picture is None:
        return dataclasses.replace(mark, link=link)
    return dataclasses.replace(mark, link=link, image=picture.path, image_alt=picture.alt, image_credit=picture.credit)
