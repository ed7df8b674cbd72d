"""An episode's facts around its sound: identity, date, credits, cover, and the dated note of what an edit changed."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from yomicast import (
    export,
    script,
)
from yomicast.files import write_changed
from yomicast.model import (
    Episode,
    Location,
    Message,
    Note,
    Person,
    Script,
    Spoken,
    Voice,
)
from yomicast.pipeline.folder import guid_of
from yomicast.pipeline.job import COVER_FILE, JST, Job, Neighbours, Prepared, date_of

NO_COVER = Note(
    slug="no-cover",
    text=Message(
        "no cover was given, so one was drawn; name yours with cover: in show.yaml",
        "カバー画像がないため、描いたものを使いました。show.yaml の cover: で指定できます",
    ),
)


def draft_of(prepared: Prepared, previous: Episode | None, beside: Neighbours, now: datetime) -> Episode:
    """The episode before its sound: what never changes is taken from the previous run."""
    job, meta = prepared.job, prepared.job.article.meta
    settings, show = job.settings, job.show
    author = settings.author or meta.author
    return Episode(
        slug=job.slug,
        guid=previous.guid if previous else _new_guid(job, beside.moved),
        title=prepared.script.title,
        published=_published(settings.published or meta.published, previous, now, job.told),
        seconds=0.0,
        summary=settings.summary or meta.description or _first_sentences(prepared.script),
        link=settings.link or meta.link,
        author=author,
        number=settings.number or (previous.number if previous else None) or beside.following,
        season=settings.season,
        kind=settings.kind,
        explicit=show.explicit if settings.explicit is None else settings.explicit,
        image=f"{job.slug}/{COVER_FILE}" if settings.cover else COVER_FILE,
        image_alt=settings.cover_alt or show.cover_alt,
        links=prepared.script.links,
        persons=(Person(name=author, role="author"),) if author else (),
        omissions=prepared.script.omissions,
        corrections=tuple(settings.corrections.items()),
        amendments=previous.amendments if previous else (),
        wording=_wording(job),
        location=Location(name=place.name, geo=place.geo, osm=place.osm) if (place := settings.location) else None,
        license=show.license,
    )


NOT_THE_ARTICLES = {"intro", "outro", "announce"}
"""Roles of lines that the show says, not the article."""


def _wording(job: Job) -> str:
    """A digest of the author's words: article, title, edited sheet. What is spoken otherwise without it is our doing."""
    sheet = script.sheet_path(job.source, job.slug)
    words = [job.article.title, job.settings.title, *((b.text, b.speaker, b.rows) for b in job.article.blocks)]
    edited = sheet.read_bytes() if sheet.is_file() else b""
    return hashlib.sha256(repr(words).encode(errors="replace") + edited).hexdigest()


def amended(draft: Episode, previous: Episode | None, spoken: Sequence[Spoken], job: Job, now: datetime) -> Episode:
    """The draft with a dated note of what the article said otherwise when it was last made, if listeners had it then."""
    own = job.settings.correction_notes
    wanted = job.show.correction_notes if own is None else own
    if not wanted or previous is None or previous.wording == draft.wording or now < previous.published:
        return draft
    before = [cue.text for cue in previous.cues if cue.role not in NOT_THE_ARTICLES]
    after = [one.line.shown for one in spoken if one.clip.frames and one.line.role not in NOT_THE_ARTICLES]
    what = export.correction(before, after) if before else ""
    note = (now.astimezone(JST).date().isoformat(), what)
    if not what or note in draft.amendments:
        return draft
    return dataclasses.replace(draft, amendments=(*draft.amendments, note))


def _new_guid(job: Job, taken: Collection[str]) -> str:
    """A guid from show and slug, the same every time; another one if an episode that was renamed took it along."""
    names = (job.slug if n == 0 else f"{job.slug} {n}" for n in itertools.count())
    return next(guid for name in names if (guid := guid_of(job.show, name)) not in taken)


def _published(said: str, previous: Episode | None, now: datetime, told: str) -> datetime:
    """What the author says, else what was once written into the feed, else now."""
    if not said:
        return previous.published if previous else now.replace(microsecond=0)
    return date_of(said, told)


def _first_sentences(written: Script) -> str:
    """The article's own beginning, up to about 120 characters, as its summary."""
    text = ""
    for line in written.lines:
        if line.role == "body" and len(text) < 60:
            text += line.shown
        elif text:
            break
    return text[:200] or written.title


def with_credits(draft: Episode, voices: Iterable[Voice]) -> Episode:
    """The credits and narrators of the voices that are really heard."""
    heard = tuple(voices)
    credits_ = tuple(dict.fromkeys(voice.licence.credit for voice in heard if voice.licence.credit))
    narrators = tuple(Person(name=voice.speaker, role="narrator") for voice in heard)
    return dataclasses.replace(draft, credits=credits_, persons=tuple(dict.fromkeys((*narrators, *draft.persons))))


def cover_of(job: Job) -> tuple[bytes, tuple[Note, ...]]:
    """The artwork that stands in the tags; the show's (drawn if there is none) and the episode's own are written."""

    def written(named: str, target: Path) -> tuple[bytes, tuple[Note, ...]]:
        image, notes = export.cover(job.project.folder / named if named else None, title=job.show.title)
        write_changed(target, image)
        return image, notes

    shown, notes = written(job.show.cover, job.out / COVER_FILE)
    if not job.show.cover:
        notes = (*notes, NO_COVER)
    if job.settings.cover:
        return written(job.settings.cover, job.out / job.slug / COVER_FILE)
    return shown, notes
