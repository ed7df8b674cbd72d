"""All that can be known before a sound is made: script, readings, cast, licences. Nothing is written."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args

from yomicast import (
    config,
    mix,
    reading,
    script,
    shownotes,
    speech,
)
from yomicast.config import Project
from yomicast.errors import ConfigError, nearest
from yomicast.files import explained
from yomicast.model import (
    Line,
    Message,
    Note,
    Place,
    Role,
    Samples,
    Script,
    Voice,
)
from yomicast.pipeline.job import CACHE, DEFAULT_VOICE, Job, Prepared, Settled, date_of
from yomicast.reading import lexicon
from yomicast.settings import (
    LexiconEntry,
    ScriptSettings,
    SoundSettings,
)

ROLES = ("narrator", *get_args(Role))
"""What an entry of the cast may be called, beside speakers and voices."""

MORAS_PER_SECOND = 7.5
"""Open JTalk's pace with pauses, for estimates before anything is spoken."""


def written(job: Job, *, strict: bool = False) -> tuple[Script, str]:
    """The script with the author's edits from its sheet, and the sheet's text as it should now stand.

    Raises:
        ArticleError: nothing can be spoken, or too little of the article is accounted for.
    """
    settings = _script_settings(job, strict=strict)
    names = config.voice_names(job.project.voices)
    pauses = _voice(job, _cast_names(job)["narrator"], "narrator").pauses
    fresh = script.write(
        job.article,
        settings,
        show=job.show.title,
        author=job.settings.author or job.article.meta.author,
        date=job.settings.published or job.article.meta.published,
        pauses=pauses,
        voices=names,
        people=[name for name in _cast_names(job) if name not in ROLES],
    )
    if title := shownotes.clean(job.settings.title):
        fresh = dataclasses.replace(fresh, title=title)
    path = script.sheet_path(job.source, job.slug)
    sheet = ""
    if path.is_file():
        with explained(path):
            sheet = path.read_text(encoding="utf-8-sig", errors="replace")
    return script.revised(fresh, sheet, settings, pauses=pauses, voices=names)


def prepare(job: Job) -> Prepared:
    """Article to script with readings, and the cast that will speak it; nothing is written, nothing spoken."""
    return with_readings(settle(job))


def settle(job: Job) -> Settled:
    """Article to script, and the cast that may and can speak it; what is left is to read the lines.

    Raises:
        YomicastError: something that the author asked for is not there, or may not be.
    """
    cast = cast_of(job)
    unread = written(job)[0]
    unread = dataclasses.replace(unread, notes=(*unread.notes, *_cast_doubts(job, unread)))
    voices = _named_voices(job, cast, unread)
    heard = speech.used(unread.lines, voices)
    speech.licence_check(
        heard,
        job.settings.category or job.show.category,
        bool(job.show.explicit if job.settings.explicit is None else job.settings.explicit),
        commercial=job.show.commercial,
    )
    speech.ready(heard)
    editions = job.settings.editions or job.show.editions
    sound = job.settings.sound or job.show.sound
    mix.ready(sound, editions.values(), base=job.project.folder, voices=heard.values())
    if job.settings.length:
        mix.seconds_of(job.settings.length, where=f"{job.told}: length")
    if when := job.settings.published or job.article.meta.published:
        date_of(when, job.told)
    return Settled(job=job, script=unread, cast=voices, editions=editions, sound=sound)


def with_readings(settled: Settled, on_read: Callable[[Line], None] | None = None) -> Prepared:
    """The same with every line read; `on_read` is given each as soon as it is."""
    job = settled.job
    readings = reading.Kept(job.out / CACHE / "readings" / f"{job.slug}.kept")
    spelled = reading.read(settled.script, lexicon_entries(job), readings, on_read=on_read)
    moras = sum(len(word.kana) for line in spelled.lines for word in line.words)
    pauses = sum(line.pause for line in spelled.lines)
    return Prepared(
        job=job,
        script=spelled,
        cast=settled.cast,
        editions=settled.editions,
        sound=settled.sound,
        seconds_estimated=moras / MORAS_PER_SECOND + pauses,
        readings=readings,
    )


def ready(role: str, voice: Voice) -> None:
    """See that one voice may and can speak, as a render would.

    Raises:
        LicenceError: it is cloned and no consent is written down. ConfigError, EngineError: what it asks for is not
            there.
    """
    speech.licence_check({role: voice}, (), False)
    mix.ready(SoundSettings(), (), base=Path(), voices=[voice])
    speech.ready({role: voice})


def sample(voice: Voice, text: str) -> tuple[Samples, int]:
    """One line as the voice speaks it in an episode: read, spoken, through the voice's chain. Samples and rate.

    Raises:
        YomicastError: see `ready`; nothing in the text can be spoken.
    """
    ready(voice.name, voice)
    line = Line(shown=text, spoken=text, role="body", place=Place(file="voices try"), pause=0.0)
    samples, rate = speech.clip(dataclasses.replace(line, words=tuple(reading.words(text))), voice)
    return mix.through(samples, voice.chain), rate


def _script_settings(job: Job, *, strict: bool) -> ScriptSettings:
    base = job.settings.script or job.show.script
    whole = dataclasses.replace(base, cut=(*base.cut, *job.settings.cut), say={**base.say, **job.settings.say})
    return dataclasses.replace(whole, mode="strict") if strict else whole


def lexicon_entries(job: Job) -> tuple[LexiconEntry, ...]:
    """Entries in order of precedence: the episode's, the show's, those that ship."""
    own = tuple(
        lexicon.entry(word, value, Place(file=f"{job.source} readings"), scope="episode")
        for word, value in job.settings.readings.items()
    )
    show: list[LexiconEntry] = []
    for name in job.show.lexicon:
        path = next((folder / name for folder in job.project.own_voices if (folder / name).is_file()), None)
        if path is None and (job.project.folder / name).is_file():
            path = job.project.folder / name
        if path is not None:
            show.extend(lexicon.distinct(config.load_lexicon(path, lexicon.entry)))
        elif name != "lexicon.yaml":
            raise ConfigError(
                Message(f"there is no lexicon '{name}'", f"辞書 '{name}' がありません"),
                where=str(job.project.show_file or ""),
            )
    return (*own, *show, *lexicon.starter())


def cast_of(job: Job) -> dict[str, Voice]:
    """The voice of each role.

    Raises:
        UnknownVoice: there is no such voice. ConfigError: its file is wrong.
    """
    return {role: _voice(job, name, role) for role, name in _cast_names(job).items()}


def show_cast(project: Project) -> dict[str, Voice]:
    """The voice of each role as the show casts them, whatever an article changes.

    Raises:
        UnknownVoice: there is no such voice. ConfigError: its file is wrong.
    """
    names = {"narrator": DEFAULT_VOICE, **project.show.cast}
    return {
        role: config.find_voice(name, project.voices, settings_type=speech.settings_type)
        for role, name in names.items()
    }


def _cast_names(job: Job) -> dict[str, str]:
    return {"narrator": DEFAULT_VOICE, **job.show.cast, **job.settings.cast}


def _voice(job: Job, name: str, role: str) -> Voice:
    """The voice for an entry of the cast."""
    return config.find_voice(
        name, job.project.voices, settings_type=speech.settings_type, where=f"{_cast_file(job, role)}: cast.{role}"
    )


def _cast_file(job: Job, role: str) -> str:
    """The file that gives a role its voice."""
    return job.told if role in job.settings.cast else str(job.project.show_file or "")


def _cast_doubts(job: Job, written: Script) -> tuple[Note, ...]:
    """A note for each entry of the episode's own cast that nobody in the article answers to.

    Raises:
        ConfigError: an entry is nearly a role's name (`narater: mei`), which would leave that role to another voice.
    """
    speakers = {name for line in written.lines for name in (line.speaker, line.voice)}
    for name in _cast_names(job):
        near = difflib.get_close_matches(name.lower(), ROLES, 1, cutoff=0.75)
        if near and name not in ROLES and name not in speakers:
            raise ConfigError(
                Message(f"no role or speaker '{name}'", f"'{name}' という役も話し手もいません"),
                where=f"{_cast_file(job, name)}: cast.{name}",
                hint=nearest(name, near),
            )
    heard = {*speakers, *(line.role for line in written.lines), "narrator"}
    return tuple(
        Note(
            slug="cast",
            text=Message(f"cast: no line is spoken by '{name}'", f"cast: '{name}' が読む行はありません"),
        )
        for name in job.settings.cast
        if name not in heard
    )


def _named_voices(job: Job, cast: Mapping[str, Voice], written: Script) -> dict[str, Voice]:
    """The cast with the voices that lines ask for by name."""
    voices = dict(cast)
    for line in written.lines:
        if line.voice and line.voice not in voices:
            voices[line.voice] = config.find_voice(
                line.voice, job.project.voices, settings_type=speech.settings_type, where=line.place
            )
    return voices
