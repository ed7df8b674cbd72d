"""The corridor: the only module that knows the order of the rooms.

`render` takes one article to a finished episode in the output folder:

    <out>/feed.xml  <out>/cover.jpg  <out>/<slug>/{<slug>.<hash>.mp3 .vtt … chapters.json episode.json report.json}

Every step is cached by content or written only when it changed, so a killed run resumes by running again, and a second
run speaks nothing and rewrites nothing. The feed is written last: it never points at what is not there.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import itertools
import json
import os
import re
import shutil
import socket
import tempfile
import unicodedata
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import TypeAlias, get_args
from urllib.parse import unquote, urljoin, urlsplit

from yomicast import (
    __version__,
    article,
    config,
    encode,
    export,
    feed,
    master,
    mix,
    publish,
    reading,
    script,
    shownotes,
    site,
    speech,
)
from yomicast.config import Project
from yomicast.errors import ArticleError, AudioError, ConfigError, InputError, OutputError, nearest
from yomicast.files import explained, locked, sha256_of, snapshot, sweep, write_changed
from yomicast.model import (
    Article,
    Cue,
    Episode,
    Line,
    Location,
    Mark,
    Message,
    Note,
    Person,
    Picture,
    Place,
    Rendition,
    Role,
    Samples,
    Script,
    Soundbite,
    Spoken,
    Voice,
)
from yomicast.reading import lexicon
from yomicast.report import report_json
from yomicast.settings import (
    Edition,
    EpisodeSettings,
    LexiconEntry,
    PublishSettings,
    ScriptSettings,
    ShowSettings,
    SoundSettings,
)

JST = timezone(timedelta(hours=9), "JST")
COVER_FILE, EPISODE_FILE, REPORT_FILE, CACHE, STAGED = "cover.jpg", "episode.json", "report.json", ".cache", "staged"
NUMBERS_FILE = "numbers.json"
DEFAULT_VOICE = "mei"
ROLES = ("narrator", *get_args(Role))
"""What an entry of the cast may be called, beside speakers and voices."""

MORAS_PER_SECOND = 7.5
"""Open JTalk's pace with pauses, for estimates before anything is spoken."""

OWN_GUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-5")
"""What our guids look like (UUIDv5); an adopted feed's own may be anything."""

HASHED = re.compile(r"\.[0-9a-f]{8}\.(?:mp3|m4a|opus|flac|wav)$|^chapter-\d+\.[0-9a-f]{8}\.jpg$")

NO_COVER = Note(
    slug="no-cover",
    text=Message(
        "no cover was given, so one was drawn; name yours with cover: in show.yaml",
        "カバー画像がないため、描いたものを使いました。show.yaml の cover: で指定できます",
    ),
)

Progress: TypeAlias = Callable[[str, float, float], None]
"""Called with a stage (`speak`, `mix`, `encode`), what is done and the whole, in the stage's own unit."""


def silent(stage: str, done: float, total: float) -> None:
    """No progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What an episode must know of the others in its folder, looked up once for all the episodes of a run.

    `following`: the next free number. `moved`: guids that are no longer under the slug they were made of, because a
    renamed episode took them along. `orphans`: slugs whose article is no longer there.
    """

    following: int = 1
    moved: frozenset[str] = frozenset()
    orphans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One article on its way: what the author wrote, resolved. `neighbours`: None, and they are looked up. `told`: the
    file that the episode's settings stand in, for errors.
    """

    source: str
    slug: str
    project: Project
    show: ShowSettings
    settings: EpisodeSettings
    article: Article
    out: Path
    neighbours: Neighbours | None = None
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A job with its script read and its cast chosen: all that can be known before a sound is made."""

    job: Job
    script: Script
    cast: Mapping[str, Voice]
    editions: Mapping[str, Edition]
    sound: SoundSettings
    seconds_estimated: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """A chapter's picture, written: `path` below the output folder, the JPEG itself, what the article says of it."""

    path: str
    data: bytes
    alt: str
    credit: str


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


# --- before any sound ------------------------------------------------------------------------------------------------


def slug_of(name: str) -> str:
    """A folder name from a file name: letters and digits of any script, `-` between; never empty, never hidden."""
    text = unicodedata.normalize("NFC", name)
    slug = re.sub(r"[^\w.]+", "-", text).strip("-._").lower()
    return slug[:80] or "episode"


def slug_of_target(target: str) -> str:
    """The slug of an article file, manifest or address that names none itself."""
    bare = re.sub(r"^https?://", "", target)
    return slug_of(bare if bare != target else Path(target).stem)


def addresses(feed_address: str, *, since: str = "") -> list[str]:
    """Links of a feed's entries, newest first; `since`: an ISO date, only newer ones.

    Raises:
        ArticleError: it cannot be read, or its entries have no links.
    """
    entries = article.read_all(feed_address)
    links = [entry.meta.link for entry in entries if entry.meta.link and (not since or entry.meta.published >= since)]
    if not links and not since:
        raise ArticleError(
            Message("the feed's entries have no links", "フィードの記事にリンクがありません"), where=feed_address
        )
    return links


def is_manifest(path: Path) -> bool:
    """A YAML file that is about an episode."""
    return path.suffix.lower() in {".yaml", ".yml"}


def open_job(target: str, *, out: Path, show_file: Path | None = None) -> Job:
    """Find the show, the manifest and the article of `target` (an article file, a manifest or a URL).

    Raises:
        ArticleError: there is no such file, or it cannot be read. ConfigError: a settings file is wrong.
    """
    remote = re.match(r"https?://", target) is not None
    path = Path(target)
    if not remote and not path.is_file():
        raise _no_such(target, path)
    project = config.find_project(Path("episodes") / "x" if remote else path, show_file=show_file)
    manifest, source, told = _manifest_and_source(target, path, project.show, remote=remote)
    read = article.read(source, sites=project.show.sites, front_matter=config.front_matter)
    settings = config.merged(config.episode_from(read.settings, source, project.show), manifest)
    return Job(
        source=source,
        slug=slug_of(settings.slug) if settings.slug else slug_of_target(target),
        project=project,
        show=project.show,
        settings=settings,
        article=read,
        out=out,
        told=told,
    )


def _no_such(target: str, path: Path) -> ArticleError:
    if path.is_dir():
        return ArticleError(
            Message("this is a folder", "これはフォルダーです"),
            where=target,
            hint=Message("name an article file in it", "中の記事ファイルを指定してください"),
        )
    near = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, near, 1)
    hint = (
        Message(f"did you mean '{close[0]}'?", f"'{close[0]}' のことですか?")
        if close
        else Message(
            "check the name; a web page begins with https://",
            "名前を確かめてください。Web ページは https:// で始めます",
        )
    )
    return ArticleError(Message("there is no such file", "ファイルがありません"), where=target, hint=hint)


def _manifest_and_source(
    target: str, path: Path, show: ShowSettings, *, remote: bool
) -> tuple[EpisodeSettings, str, str]:
    """The manifest's settings, the article, and which of the two files the author's settings stand in."""
    if remote:
        return EpisodeSettings(), target, target
    if not is_manifest(path):
        beside = path.with_suffix(".yaml")
        if beside.is_file():
            return config.load_episode(beside, show), target, str(beside)
        return EpisodeSettings(), target, target
    manifest = config.load_episode(path, show)
    if manifest.source:
        source = manifest.source
        return manifest, source if re.match(r"https?://", source) else str(path.parent / source), target
    same_name = [p for p in sorted(path.parent.glob(f"{path.stem}.*")) if not is_manifest(p) and p.is_file()]
    if not same_name:
        raise ConfigError(
            Message(
                "the manifest names no source, and no article stands beside it",
                "source がなく、同じ名前の記事もありません",
            ),
            where=target,
            hint=Message("add a line 'source: article.txt'", "「source: 記事.txt」の行を足してください"),
        )
    return manifest, str(same_name[0]), target


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
    cast = cast_of(job)
    spelled = reading.read(written(job)[0], lexicon_entries(job))
    spelled = dataclasses.replace(spelled, notes=(*spelled.notes, *_cast_doubts(job, spelled)))
    voices = _named_voices(job, cast, spelled)
    heard = speech.used(spelled.lines, voices)
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
        _date(when, job.told)
    moras = sum(len(word.kana) for line in spelled.lines for word in line.words)
    pauses = sum(line.pause for line in spelled.lines)
    return Prepared(
        job=job,
        script=spelled,
        cast=voices,
        editions=editions,
        sound=sound,
        seconds_estimated=moras / MORAS_PER_SECOND + pauses,
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


# --- sound -----------------------------------------------------------------------------------------------------------


def render(job: Job, *, progress: Progress = silent, now: datetime | None = None, adopt: bool = False) -> Rendered:
    """Make or renew one episode under `job.out`, then pages and feed; `adopt` replaces a feed that is not ours.

    Raises:
        YomicastError: with place and next step; nothing half-written is left, finished work is kept.
    """
    prepared = prepare(job)
    with workplace(job.out):
        before = snapshot(job.out)
        made = make(prepared, progress=progress, now=now, adopt=adopt)
        gather(job.show, job.out, adopt=adopt)
        return dataclasses.replace(made, written=changed_since(before, job.out))


@contextmanager
def workplace(out: Path) -> Iterator[None]:
    """The output folder, made, held for this run alone and rid of a killed run's leftovers."""
    with explained(out):
        out.mkdir(parents=True, exist_ok=True)
    with locked(out):
        sweep(out)
        shutil.rmtree(out / CACHE / STAGED, ignore_errors=True)
        yield


def changed_since(before: Mapping[str, tuple[int, int]], out: Path) -> tuple[str, ...]:
    """Names of finished files that are new or rewritten."""
    return tuple(name for name, state in snapshot(out).items() if before.get(name) != state)


def gather(show: ShowSettings, out: Path, *, adopt: bool = False) -> None:
    """Pages and feed of all episodes so far; the feed last, so that it never points at what is not there.

    Raises:
        FeedError: there is a feed.xml that is not ours, and `adopt` is not asked for.
    """
    path = out / feed.FEED
    if adopt and path.is_file():
        for episode in feed.adopt(path, all_episodes(out), base=show.audio_base):
            export.write_episode(out / episode.slug / EPISODE_FILE, episode)
    episodes = outlines(out)
    look = repr((show, __version__, site.version()))
    for episode in episodes:
        _renew_pages(show, look, episode.slug, out)
    site.write_show(show, episodes, out)
    feed.write(show, episodes, out, adopt=adopt)


def _renew_pages(show: ShowSettings, look: str, slug: str, out: Path) -> None:
    """Write an episode's pages unless they stand as they were written from the same record and show."""
    memory = out / CACHE / "pages" / f"{slug}.txt"
    if memory.is_file() and memory.read_text(encoding="utf-8", errors="replace") == _pages_digest(look, slug, out):
        return
    episode = export.read_episode(out / slug / EPISODE_FILE)
    if episode is not None:
        site.write_episode_pages(show, episode, out)
        write_changed(memory, _pages_digest(look, slug, out))


def _pages_digest(look: str, slug: str, out: Path) -> str:
    total = hashlib.sha256(look.encode(errors="replace"))
    for path in (out / slug / EPISODE_FILE, *site.episode_pages(slug, out)):
        total.update(hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest())
    return total.hexdigest()


def make(
    prepared: Prepared, *, progress: Progress = silent, now: datetime | None = None, adopt: bool = False
) -> Rendered:
    """The episode's own folder: sound, texts, record, report. Idempotent; of other episodes it touches only the record
    of its own former name. `adopt`: guid, date and number come from a feed that another tool made.
    """
    job = prepared.job
    episode_file = job.out / job.slug / EPISODE_FILE
    cover, cover_notes = _cover(job)
    known = export.read_episode(episode_file)
    _refuse_taken(job, prepared.script.title, known)
    beside = job.neighbours or neighbours(job.show, job.out)
    formers = _formers(job, prepared.script.title, known, beside)
    now = now or datetime.now(JST)
    pictures, picture_notes = _illustrations(prepared)
    previous = known or next(iter(formers), None)
    draft = _draft(prepared, previous, beside, now)
    if adopt and (job.out / feed.FEED).is_file():
        draft = feed.adopt(job.out / feed.FEED, [draft], base=job.show.audio_base)[0]
    audio: list[EditionAudio] = []
    heard: dict[str, Voice] = {}
    fresh = 0
    for name, edition in prepared.editions.items():
        spoken, new = _speak(prepared, edition, progress)
        fresh += new
        if name == next(iter(prepared.editions)):
            draft = _amended(draft, previous, spoken, job, now)
        heard |= {voice.name: voice for voice in prepared.cast.values() if voice.name in {s.voice for s in spoken}}
        whole = _with_credits(draft, heard.values())
        this = _Edition(prepared, name, edition, whole, cover, pictures)
        if name == next(iter(prepared.editions)) and job.settings.length:
            this, spoken = _to_length(this, spoken, progress)
        audio.append(_produce(this, spoken, progress))
    episode = _with_sound(_with_credits(draft, heard.values()), audio[0])
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


def neighbours(show: ShowSettings, out: Path) -> Neighbours:
    """Of all episodes below `out`. Reads every record, so a run does it once and not once an episode."""
    highest, moved, orphans = max(reserved(out).values(), default=0), set(), []
    for episode in outlines(out):
        highest = max(highest, episode.number or 0)
        if OWN_GUID.search(episode.guid) and episode.guid != _guid_of(show, episode.slug):
            moved.add(episode.guid)
        if _source_is_gone(out / episode.slug / REPORT_FILE):
            orphans.append(episode.slug)
    return Neighbours(following=highest + 1, moved=frozenset(moved), orphans=tuple(orphans))


def reserved(out: Path) -> dict[str, int]:
    """Numbers by slug that runs gave to episodes before they were made, so that a killed run's rest gets the same."""
    try:
        found = json.loads((out / CACHE / NUMBERS_FILE).read_text(encoding="utf-8"))
        return {str(slug): int(number) for slug, number in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def reserve(out: Path, numbers: Mapping[str, int]) -> None:
    """Keep numbers for episodes that are still to be made."""
    write_changed(out / CACHE / NUMBERS_FILE, json.dumps({**reserved(out), **numbers}, ensure_ascii=False))


def _formers(job: Job, title: str, known: Episode | None, beside: Neighbours) -> list[Episode]:
    """Records of this episode under a former name: same guid, link or title, and their article is no longer there."""
    found = []
    for slug in beside.orphans:
        other = export.read_episode(job.out / slug / EPISODE_FILE) if slug != job.slug else None
        if other is None:
            continue
        if other.guid == known.guid if known else title == other.title or (job.settings.link or "-") == other.link:
            found.append(other)
    return found


def _source_is_gone(report: Path) -> bool:
    source = _source_of(report)
    return bool(source) and "://" not in source and not Path(source).exists()


def _source_of(report: Path) -> str:
    """The article that an episode was made from, as it was named then."""
    try:
        return str(json.loads(report.read_text(encoding="utf-8"))["source"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _refuse_taken(job: Job, title: str, known: Episode | None) -> None:
    """Another article, still there and under another title, made the episode of this name: it must not vanish."""
    report = job.out / job.slug / REPORT_FILE
    source = _source_of(report)
    if known is None or known.title == title or not source or _source_is_gone(report):
        return
    if source == job.source or ("://" not in source and Path(source).resolve() == Path(job.source).resolve()):
        return
    raise ConfigError(
        Message(
            f"the episode '{job.slug}' is made from another article, {source}",
            f"エピソード '{job.slug}' は別の記事 {source} から作られています",
        ),
        where=job.source,
        hint=Message(
            "give this one its own name with slug: in its manifest",
            "この記事の設定ファイルに slug: を書いて、別の名前を付けてください",
        ),
    )


def all_episodes(out: Path) -> tuple[Episode, ...]:
    """Every episode finished so far below `out`, by its episode.json."""
    found = (export.read_episode(path) for path in sorted(out.glob(f"*/{EPISODE_FILE}")))
    return tuple(episode for episode in found if episode is not None)


def outlines(out: Path) -> tuple[Episode, ...]:
    """The same without their cues: for feeds, lists and numbers, of any number of episodes."""
    found = (export.read_outline(path) for path in sorted(out.glob(f"*/{EPISODE_FILE}")))
    return tuple(episode for episode in found if episode is not None)


def publish_to(
    show: ShowSettings,
    settings: PublishSettings,
    out: Path,
    *,
    dry_run: bool = False,
    adopt: bool = False,
    on_done: Callable[[int, int], None],
) -> publish.Published:
    """Bring the place up to date with `out`; the feed there holds every publisher's episodes.

    Raises:
        PublishError: the place refuses. OutputError: there is nothing to publish.
    """
    episodes = outlines(out)
    if not episodes:
        raise OutputError(
            Message("there is no finished episode", "できあがったエピソードがありません"),
            where=str(out),
            hint=Message("make one first: yomicast render ARTICLE", "まず yomicast render で作ってください"),
        )
    named = {rendition.path for one in episodes for rendition in one.renditions if "://" not in rendition.path}
    named |= {mark.image for one in episodes for mark in one.marks if mark.image}
    place = publish.opened(settings)
    with locked(out):  # a render that is under way would change files between the look at them and the feed
        return publish.publish(
            out, place, partial(_composed, show), dry_run=dry_run, adopt=adopt, named=named, on_done=on_done
        )


def _composed(show: ShowSettings, records: Mapping[str, bytes]) -> dict[str, bytes]:
    """The show's own files for these episodes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for slug, data in records.items():
            (folder / slug).mkdir()
            (folder / slug / EPISODE_FILE).write_bytes(data)
        episodes = outlines(folder)
        feed.write(show, episodes, folder)
        write_changed(folder / site.INDEX, site.show_page(show, episodes))
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def prune(out: Path, *, dry_run: bool = False) -> list[str]:
    """Remove sounds and chapter images of episodes that their record no longer names; their names."""
    gone = []
    with workplace(out):
        for episode in outlines(out):
            named = {r.path for r in episode.renditions} | {mark.image for mark in episode.marks}
            for path in sorted((out / episode.slug).glob("*.*")):
                key = path.relative_to(out).as_posix()
                if HASHED.search(path.name) and key not in named:
                    gone.append(key)
                    if not dry_run:
                        path.unlink()
    return gone


def make_epub(show: ShowSettings, episode: Episode, out: Path) -> Path:
    """The episode as a book beside its sound.

    Raises:
        AudioError: it has no MP3, the one form that every reading system plays.
    """
    sound = next((r for r in episode.renditions if r.rel == "audio" and r.media_type == "audio/mpeg"), None)
    if sound is None:
        raise AudioError(
            Message("the episode has no MP3", "このエピソードには MP3 がありません"),
            where=episode.slug,
            hint=Message(
                "add mp3 to sound.formats and render again", "sound.formats に mp3 を加えて作り直してください"
            ),
        )
    path = out / episode.slug / f"{episode.slug}.epub"
    cover = out / COVER_FILE
    site.write_epub(show, episode, out / sound.path, cover if cover.is_file() else None, path)
    return path


def _draft(prepared: Prepared, previous: Episode | None, beside: Neighbours, now: datetime) -> Episode:
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


def _amended(draft: Episode, previous: Episode | None, spoken: Sequence[Spoken], job: Job, now: datetime) -> Episode:
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
    return next(guid for name in names if (guid := _guid_of(job.show, name)) not in taken)


def _guid_of(show: ShowSettings, name: str) -> str:
    return str(uuid.uuid5(uuid.UUID(feed.podcast_guid(show)), name))


def _published(said: str, previous: Episode | None, now: datetime, told: str) -> datetime:
    """What the author says, else what was once written into the feed, else now."""
    if not said:
        return previous.published if previous else now.replace(microsecond=0)
    return _date(said, told)


def _date(said: str, told: str) -> datetime:
    """A date as authors write it; Asia/Tokyo where no zone is given. `told`: the file that says it."""
    text = said.strip().replace("/", "-").replace("年", "-").replace("月", "-").replace("日", "")
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(
            Message(f"'{said}' is no date", f"'{said}' は日付として読めません"),
            where=f"{told}: published",
            hint=Message("write it as 2026-03-20 07:00", "2026-03-20 07:00 のように書いてください"),
        ) from error
    return when if when.tzinfo else when.replace(tzinfo=JST)


def _first_sentences(written: Script) -> str:
    """The article's own beginning, up to about 120 characters, as its summary."""
    text = ""
    for line in written.lines:
        if line.role == "body" and len(text) < 60:
            text += line.shown
        elif text:
            break
    return text[:200] or written.title


def _with_credits(draft: Episode, voices: Iterable[Voice]) -> Episode:
    """The credits and narrators of the voices that are really heard."""
    heard = tuple(voices)
    credits_ = tuple(dict.fromkeys(voice.licence.credit for voice in heard if voice.licence.credit))
    narrators = tuple(Person(name=voice.speaker, role="narrator") for voice in heard)
    return dataclasses.replace(draft, credits=credits_, persons=tuple(dict.fromkeys((*narrators, *draft.persons))))


def _cover(job: Job) -> tuple[bytes, tuple[Note, ...]]:
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


def _illustrations(prepared: Prepared) -> tuple[tuple[Illustration | None, ...], tuple[Note, ...]]:
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


def _furnished(marks: Sequence[Mark], pictures: Sequence[Illustration | None], job: Job) -> tuple[Mark, ...]:
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


def _speak(prepared: Prepared, edition: Edition, progress: Progress) -> tuple[list[Spoken], int]:
    """Every line's sound, from the cache where it is; how many lines had to be spoken."""
    cast = {
        role: dataclasses.replace(voice, speed=min(2.0, max(0.5, voice.speed * edition.speed)))
        for role, voice in prepared.cast.items()
    }
    fresh = 0

    def done(count: int, total: int) -> None:
        nonlocal fresh
        fresh = max(fresh, total)
        progress("speak", count, total)

    lines = prepared.script.lines
    if edition.announce_headings:
        lines = script.announced_headings(lines)
    spoken = speech.speak(lines, cast, cache=prepared.job.out / CACHE / "speech", on_done=done)
    return spoken, fresh


@dataclass(frozen=True, slots=True)
class _Edition:
    prepared: Prepared
    name: str
    edition: Edition
    draft: Episode
    cover: bytes
    pictures: tuple[Illustration | None, ...]
    pauses: float = 1.0
    notes: tuple[Note, ...] = ()


def _to_length(this: _Edition, spoken: list[Spoken], progress: Progress) -> tuple[_Edition, list[Spoken]]:
    """The first edition at the manifest's `length`, by pauses and, where they are not enough, by speed; else a note."""
    job, sound = this.prepared.job, this.prepared.sound
    wanted = mix.seconds_of(job.settings.length)
    base, cache = job.project.folder, job.out / CACHE / "mix"
    found = mix.fit(spoken, sound, this.edition, wanted=wanted, base=base, cache=cache)
    if found.speed != 1.0:
        faster = dataclasses.replace(this.edition, speed=this.edition.speed * found.speed)
        spoken, _ = _speak(this.prepared, faster, progress)
        found = mix.fit(spoken, sound, this.edition, wanted=wanted, base=base, cache=cache, as_spoken=True)
    notes = (Note(slug="length", text=found.advice),) if found.advice else ()
    return dataclasses.replace(this, pauses=found.pauses, notes=notes), spoken


def _produce(this: _Edition, spoken: Sequence[Spoken], progress: Progress) -> EditionAudio:
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
    over = mix.balance(programme, cache=cache / "mix")
    seconds = programme.frames / programme.rate
    marks = _furnished(programme.marks, this.pictures, job)
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


def _mastered(this: _Edition, programme: mix.Mixed, progress: Progress) -> master.Mastered:
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


def _draw(this: _Edition, encoded: encode.Encoded, over: Sequence[float]) -> None:
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
        spoken, _ = _speak(prepared, chosen, progress)
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


def _placed(this: _Edition, staged: Path, form: str, seconds: float, media_type: str) -> Rendition:
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
