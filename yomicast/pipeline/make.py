"""One article to a finished episode: its own folder, then pages and feed."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from yomicast import (
    export,
    feed,
)
from yomicast.files import snapshot, write_changed
from yomicast.model import (
    Episode,
    Line,
    Note,
    Rendition,
    Script,
    Soundbite,
    Voice,
)
from yomicast.pipeline.draft import amended, cover_of, draft_of, with_credits
from yomicast.pipeline.folder import changed_since, former_records, gather, neighbours, standing, workplace
from yomicast.pipeline.job import EPISODE_FILE, JST, REPORT_FILE, Job, Prepared, Progress, silent
from yomicast.pipeline.pictures import illustrations
from yomicast.pipeline.prepare import settle, with_readings
from yomicast.pipeline.sound import Early, EditionAudio, EditionWork, produced, spoken_lines, to_length
from yomicast.report import report_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a run made: the episode, what was new, what a person should know."""

    episode: Episode
    script: Script
    out: Path
    editions: tuple[EditionAudio, ...]
    written: tuple[str, ...]
    spoken_new: int
    notes: tuple[Note, ...] = field(default_factory=tuple)


def render(job: Job, *, progress: Progress = silent, now: datetime | None = None, adopt: bool = False) -> Rendered:
    """Make or renew one episode under `job.out`, then pages and feed; `adopt` replaces a feed that is not ours.

    Raises:
        YomicastError: with place and next step; nothing half-written is left, finished work is kept.
    """
    settled = settle(job)
    with workplace(job.out), ExitStack() as stack:
        before = snapshot(job.out)
        known = standing(job, settled.script.title)
        early = Early(settled, stack)
        count = itertools.count(1)

        def on_read(line: Line) -> None:
            progress("read", next(count), len(settled.script.lines))
            early.add(line)

        prepared = with_readings(settled, on_read)
        made = make(prepared, known, early, progress=progress, now=now, adopt=adopt)
        gather(job.show, job.out, adopt=adopt, made=None if adopt else made.episode)
        return dataclasses.replace(made, written=changed_since(before, job.out))


def make(
    prepared: Prepared,
    known: Episode | None,
    early: Early | None = None,
    *,
    progress: Progress = silent,
    now: datetime | None = None,
    adopt: bool = False,
) -> Rendered:
    """The episode's own folder: sound, texts, record, report. Idempotent; of other episodes it touches only the record
    of its own former name. `known`: its record as it stands (`standing`). `early`: the first edition's sounds, where they were begun. `adopt`: guid, date and number
    come from a feed that another tool made.
    """
    job = prepared.job
    prepared.readings.save()
    episode_file = job.out / job.slug / EPISODE_FILE
    cover, cover_notes = cover_of(job)
    beside = job.neighbours or neighbours(job.show, job.out)
    formers = former_records(job, prepared.script.title, known, beside)
    now = now or datetime.now(JST)
    pictures, picture_notes = illustrations(prepared)
    previous = known or next(iter(formers), None)
    draft = draft_of(prepared, previous, beside, now)
    if adopt and (job.out / feed.FEED).is_file():
        draft = feed.adopt(job.out / feed.FEED, [draft], base=job.show.audio_base)[0]
    audio: list[EditionAudio] = []
    heard: dict[str, Voice] = {}
    fresh = 0
    for name, edition in prepared.editions.items():
        first = name == next(iter(prepared.editions))
        spoken, new = early.spoken(prepared, progress) if early and first else spoken_lines(prepared, edition, progress)
        fresh += new
        if first:
            draft = amended(draft, previous, spoken, job, now)
        heard |= {voice.name: voice for voice in prepared.cast.values() if voice.name in {s.voice for s in spoken}}
        whole = with_credits(draft, heard.values())
        this = EditionWork(prepared, name, edition, whole, cover, pictures)
        if first and job.settings.length:
            this, spoken = to_length(this, spoken, progress)
        audio.append(produced(this, spoken, progress))
    episode = _with_sound(with_credits(draft, heard.values()), audio[0])
    renditions: list[Rendition] = []
    for one in audio:
        stem = job.slug if one is audio[0] else f"{job.slug}-{one.name}"
        renditions += [*one.renditions, *export.texts(_view(episode, one), job.show, job.out, stem)]
    episode = dataclasses.replace(episode, renditions=tuple(renditions))
    notes = dict.fromkeys(
        (
            *job.article.notes,
            *prepared.script.notes,
            *cover_notes,
            *picture_notes,
            *(note for one in audio for note in one.notes),
            *export.doubts(episode, job.show),
        )
    )
    write_changed(job.out / job.slug / REPORT_FILE, _report(prepared, episode, audio, notes, sorted(heard)))
    export.write_episode(episode_file, episode)
    for former in formers:
        (job.out / former.slug / EPISODE_FILE).unlink(missing_ok=True)
    return Rendered(
        episode=episode,
        script=prepared.script,
        out=job.out,
        editions=tuple(audio),
        written=(),
        spoken_new=fresh,
        notes=tuple(notes),
    )


def _with_sound(draft: Episode, audio: EditionAudio) -> Episode:
    """The episode with what its first edition's sound says about it."""
    return dataclasses.replace(
        draft, seconds=audio.seconds, marks=audio.marks, cues=audio.cues, soundbites=_soundbites(audio)
    )


def _soundbites(audio: EditionAudio) -> tuple[Soundbite, ...]:
    """The beginning of the talk, 15–60 s on whole lines, stands for the episode."""
    spoken = [cue for cue in audio.cues if cue.role in ("body", "quote", "list_item")]
    if not spoken:
        return ()
    start = spoken[0].start
    end = next((cue.end for cue in spoken if cue.end - start >= 15), None)
    if end is None or end - start > 60:
        return ()
    return (Soundbite(start=round(start, 1), seconds=round(end - start, 1), title=spoken[0].text[:60]),)


def _view(episode: Episode, audio: EditionAudio) -> Episode:
    """The episode as this edition tells it: its own times and files."""
    return dataclasses.replace(
        episode, seconds=audio.seconds, cues=audio.cues, marks=audio.marks, renditions=audio.renditions
    )


def _report(
    prepared: Prepared, episode: Episode, audio: Sequence[EditionAudio], notes: Iterable[Note], voices: Sequence[str]
) -> str:
    resolved = {
        "episode": dataclasses.asdict(prepared.job.settings),
        "sound": dataclasses.asdict(prepared.sound),
        "editions": {name: dataclasses.asdict(edition) for name, edition in prepared.editions.items()},
        "cast": {role: voice.name for role, voice in prepared.cast.items()},
    }
    return report_json(
        source=prepared.job.source,
        script=prepared.script,
        episode=episode,
        sound={one.name: one.figures for one in audio},
        notes=notes,
        settings=resolved,
        voices=voices,
    )
