"""Spoken, mixed, mastered and encoded: one edition's files, and auditions of a stretch."""

from __future__ import annotations

import dataclasses
import json
import os
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from yomicast import (
    encode,
    export,
    feed,
    master,
    mix,
    script,
    speech,
)
from yomicast.errors import ConfigError, nearest
from yomicast.files import explained, locked, sha256_of, write_changed
from yomicast.model import (
    Cue,
    Episode,
    Line,
    Mark,
    Message,
    Note,
    Rendition,
    Spoken,
)
from yomicast.pipeline.job import CACHE, REPORT_FILE, STAGED, Job, Prepared, Progress, Settled, silent
from yomicast.pipeline.pictures import Illustration, furnished
from yomicast.pipeline.prepare import prepare
from yomicast.settings import (
    Edition,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionAudio:
    """One edition: its timetable and its audio files."""

    name: str
    seconds: float
    cues: tuple[Cue, ...]
    marks: tuple[Mark, ...]
    renditions: tuple[Rendition, ...]
    figures: Mapping[str, float]
    notes: tuple[Note, ...] = ()


TAKEN = 24
"""Lines that are spoken as soon as so many are read: three for each seat of the vocoder, to find some of like length."""


class Early:
    """The first edition's sounds, made while its lines are still being read: a core reads, the other plays and speaks."""

    def __init__(self, settled: Settled, stack: ExitStack) -> None:
        """What is begun here ends with `stack`."""
        self._edition = next(iter(settled.editions.values()))
        self._speaking = stack.enter_context(_speaking(settled, self._edition))
        self._reading = stack.enter_context(ExitStack())
        self._reading.enter_context(self._speaking.sparing())
        base, cache = settled.job.project.folder, settled.job.out / CACHE / "mix"
        self._music = self._speaking.aside(partial(mix.prepare, settled.sound, self._edition, base=base, cache=cache))
        self._waiting: list[Line] = []

    def add(self, line: Line) -> None:
        """One more line that has been read."""
        self._waiting.append(line)
        if len(self._waiting) == TAKEN and not self._edition.announce_headings:
            self._speaking.add(self._waiting)
            self._waiting = []

    def spoken(self, prepared: Prepared, progress: Progress) -> tuple[list[Spoken], int]:
        """As `spoken_lines`, for the first edition; its music is there as well."""
        self._reading.close()
        found = _finished(self._speaking, prepared, self._edition, progress)
        self._music.exception()  # what is wrong with it is told when it is mixed
        return found


def spoken_lines(prepared: Prepared, edition: Edition, progress: Progress) -> tuple[list[Spoken], int]:
    """Every line's sound, from the cache where it is; how many lines had to be spoken."""
    with _speaking(prepared, edition) as speaking:
        return _finished(speaking, prepared, edition, progress)


def _speaking(settled: Settled, edition: Edition) -> speech.Speaking:
    cast = {
        role: dataclasses.replace(voice, speed=min(2.0, max(0.5, voice.speed * edition.speed)))
        for role, voice in settled.cast.items()
    }
    return speech.Speaking(cast, cache=settled.job.out / CACHE / "speech")


def _finished(
    speaking: speech.Speaking, prepared: Prepared, edition: Edition, progress: Progress
) -> tuple[list[Spoken], int]:
    fresh = 0

    def done(count: int, total: int) -> None:
        nonlocal fresh
        fresh = max(fresh, total)
        progress("speak", count, total)

    lines = prepared.script.lines
    if edition.announce_headings:
        lines = script.announced_headings(lines)
    return speaking.finish(lines, done), fresh


@dataclass(frozen=True, slots=True)
class EditionWork:
    """One edition on its way: whose it is, how it sounds, what is known of the episode so far."""

    prepared: Prepared
    name: str
    edition: Edition
    draft: Episode
    cover: bytes
    pictures: tuple[Illustration | None, ...]
    pauses: float = 1.0
    notes: tuple[Note, ...] = ()


def to_length(this: EditionWork, spoken: list[Spoken], progress: Progress) -> tuple[EditionWork, list[Spoken]]:
    """The first edition at the manifest's `length`, by pauses and, where they are not enough, by speed; else a note."""
    job, sound = this.prepared.job, this.prepared.sound
    wanted = mix.seconds_of(job.settings.length)
    base, cache = job.project.folder, job.out / CACHE / "mix"
    found = mix.fit(spoken, sound, this.edition, wanted=wanted, base=base, cache=cache)
    if found.speed != 1.0:
        faster = dataclasses.replace(this.edition, speed=this.edition.speed * found.speed)
        spoken, _ = spoken_lines(this.prepared, faster, progress)
        found = mix.fit(spoken, sound, this.edition, wanted=wanted, base=base, cache=cache, as_spoken=True)
    notes = (Note(slug="length", text=found.advice),) if found.advice else ()
    return dataclasses.replace(this, pauses=found.pauses, notes=notes), spoken


def produced(this: EditionWork, spoken: Sequence[Spoken], progress: Progress) -> EditionAudio:
    """Mix, master and encode one edition in every format asked for."""
    job, sound = this.prepared.job, this.prepared.sound
    cache = job.out / CACHE
    progress("mix", 0, 1)
    programme = mix.mix(
        spoken,
        sound,
        this.edition,
        title=this.draft.title,
        base=job.project.folder,
        cache=cache / "mix",
        voices={voice.name: voice for voice in this.prepared.cast.values()},
        pauses=this.pauses,
    )
    mastered = _mastered(this, programme, progress)
    seconds = programme.frames / programme.rate
    marks = furnished(programme.marks, this.pictures, job)
    episode = dataclasses.replace(this.draft, seconds=seconds, cues=programme.cues, marks=marks)
    renditions = []
    figures: Mapping[str, float] = {}
    for form in sound.formats:
        staged = _staging(job.out) / f"{job.slug}-{this.name}.{form}"
        encoded = encode.encode(
            mastered,
            staged,
            form=form,
            bitrate=sound.bitrate,
            cache=cache / "encode",
            on_progress=lambda done, total: progress("encode", done, total),
        )
        if not figures:
            over = mix.balance(programme, cache=cache / "mix")  # weighed while it was encoded
            figures = {**encoded.figures, **over.figures}
            _draw(this, encoded, over.over.tolist())
        export.tag(
            staged,
            episode,
            job.show,
            cover=this.cover,
            script=_whole_text(programme.cues),
            feed_url=feed.url(job.show),
            images={one.path: one.data for one in this.pictures if one},
        )
        renditions.append(_placed(this, staged, form, encoded.seconds, encoded.media_type))
    return EditionAudio(
        name=this.name,
        seconds=renditions[0].seconds,
        cues=programme.cues,
        marks=marks,
        renditions=tuple(renditions),
        figures=figures,
        notes=(
            *this.notes,
            *programme.notes,
            *master.doubts(figures, target=master.target(sound), true_peak=sound.true_peak),
        ),
    )


def _mastered(this: EditionWork, programme: mix.Mixed, progress: Progress) -> master.Mastered:
    """At its target loudness. What a correction changed is encoded meanwhile, at the gain that most likely stays."""
    job, sound, cache = this.prepared.job, this.prepared.sound, this.prepared.job.out / CACHE
    gain = _gain_before(job, this.name)
    with ThreadPoolExecutor(1) as aside:
        if gain is not None and "mp3" in sound.formats:
            guess = master.preview(programme, sound, gain=gain)
            early = aside.submit(encode.ahead, guess, bitrate=sound.bitrate, cache=cache / "encode")
        else:
            early = None
        mastered = master.master(
            programme,
            sound,
            pinned_gain=gain,
            cache=cache / "levels",
            on_progress=lambda share: progress("mix", share, 1),
        )
        if early:
            early.result()
    return mastered


def _staging(out: Path) -> Path:
    """Where this process labels its files: the same article may be on its way in two, where one was given up for dead."""
    return out / CACHE / STAGED / f"{socket.gethostname()}-{os.getpid()}"


def _draw(this: EditionWork, encoded: encode.Encoded, over: Sequence[float]) -> None:
    """The picture of the sound, beside the episode: <slug>.sound.png."""
    job, sound = this.prepared.job, this.prepared.sound
    stem = job.slug if this.name == next(iter(this.prepared.editions)) else f"{job.slug}-{this.name}"
    target = master.target(sound)
    drawn = master.picture(encoded.mastered, encoded.levels, target=target, over=over)
    write_changed(job.out / job.slug / f"{stem}.sound.png", drawn)


def audition(
    job: Job,
    *,
    start: float,
    seconds: float,
    edition: str = "",
    to: Path | None = None,
    progress: Progress = silent,
) -> encode.Encoded:
    """Render `seconds` of one edition from `start` on, mastered at the last render's gain; the episode is not touched.

    Only lines that the cache lacks are spoken. `to`: its ending chooses the form; without it a WAV file in the cache.

    Raises:
        ConfigError: there is no such edition, or the episode ends before `start`.
    """
    prepared = prepare(job)
    name = edition or next(iter(prepared.editions))
    if name not in prepared.editions:
        raise ConfigError(
            Message(f"there is no edition '{name}'", f"'{name}' という版はありません"),
            where="--edition",
            hint=nearest(name, prepared.editions),
        )
    cache, sound, chosen = job.out / CACHE, prepared.sound, prepared.editions[name]
    path = to or cache / "audition" / f"{job.slug}.wav"
    with explained(job.out):
        job.out.mkdir(parents=True, exist_ok=True)
    with locked(job.out):
        spoken, _ = spoken_lines(prepared, chosen, progress)
        programme = mix.mix(
            spoken,
            sound,
            chosen,
            title=prepared.script.title,
            base=job.project.folder,
            cache=cache / "mix",
            voices={voice.name: voice for voice in prepared.cast.values()},
        )
        stretch = mix.audition(programme, start, seconds)
        mastered = master.preview(stretch, sound, gain=_gain_before(job, name))
        form = path.suffix.lstrip(".").lower()
        return encode.encode(mastered, path, form=form, bitrate=sound.bitrate, cache=cache / "audition")


def _gain_before(job: Job, edition: str) -> float | None:
    """The master gain of the last run, so that a small correction leaves the other chapters' bytes alone."""
    try:
        report = json.loads((job.out / job.slug / REPORT_FILE).read_text(encoding="utf-8"))
        return float(report["sound"][edition]["gain_db"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _placed(this: EditionWork, staged: Path, form: str, seconds: float, media_type: str) -> Rendition:
    """Move a finished file to its name, which carries its content: a corrected episode gets a new address."""
    job = this.prepared.job
    digest = sha256_of(staged)
    stem = job.slug if this.name == next(iter(this.prepared.editions)) else f"{job.slug}-{this.name}"
    final = job.out / job.slug / f"{stem}.{digest[:8]}.{form}"
    with explained(final):
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.is_file() and sha256_of(final) == digest:
            staged.unlink()
        else:
            staged.replace(final)
    return Rendition(
        path=final.relative_to(job.out).as_posix(),
        media_type=media_type,
        size=final.stat().st_size,
        sha256=digest,
        seconds=seconds,
        rel="audio",
        edition=this.name,
        title=this.name,
    )


def _whole_text(cues: Sequence[Cue]) -> str:
    return "\n".join(cue.text for cue in cues)
