"""The corridor: the only module that knows the order of the rooms.

`render` takes one article to a finished episode in the output folder:

    <out>/feed.xml  <out>/cover.jpg  <out>/<slug>/{<slug>.<hash>.mp3 .vtt … chapters.json episode.json report.json}

Every step is cached by content or written only when it changed, so a killed run resumes by running again, and a second
run speaks nothing and rewrites nothing. The feed is written last: it never points at what is not there.
"""

from __future__ import annotations

import dataclasses
import difflib
import itertools
import json
import re
import tempfile
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import TypeAlias, get_args

from yomicast import article, config, encode, export, feed, master, mix, publish, reading, script, site, speech
from yomicast.config import Project
from yomicast.errors import ArticleError, AudioError, ConfigError, OutputError, nearest
from yomicast.files import explained, locked, sha256_of, snapshot, sweep, write_changed
from yomicast.model import (
    Article,
    Cue,
    Episode,
    Line,
    Mark,
    Message,
    Note,
    Person,
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
COVER_FILE, EPISODE_FILE, REPORT_FILE, CACHE = "cover.jpg", "episode.json", "report.json", ".cache"
DEFAULT_VOICE = "mei"
ROLES = ("narrator", *get_args(Role))
"""What an entry of the cast may be called, beside speakers and voices."""

MORAS_PER_SECOND = 7.5
"""Open JTalk's pace with pauses, for estimates before anything is spoken."""

HASHED = re.compile(r"\.[0-9a-f]{8}\.(?:mp3|m4a|opus|flac|wav)$")

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
class Job:
    """One article on its way: what the author wrote, resolved. `number`: the episode's, if it is new and has none.
    `told`: the file that the episode's settings stand in, for errors.
    """

    source: str
    slug: str
    project: Project
    show: ShowSettings
    settings: EpisodeSettings
    article: Article
    out: Path
    number: int | None = None
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
    stem = path.stem if not remote else slug_of(re.sub(r"^https?://", "", target))
    return Job(
        source=source,
        slug=slug_of(settings.slug or stem),
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
    if job.settings.title:
        fresh = dataclasses.replace(fresh, title=job.settings.title)
    path = script.sheet_path(job.source, job.slug)
    sheet = ""
    if path.is_file():
        with explained(path):
            sheet = path.read_text(encoding="utf-8-sig", errors="replace")
    return script.revised(fresh, sheet, settings, pauses=pauses, voices=names)


def prepare(job: Job) -> Prepared:
    """Article to script with readings, and the cast that will speak it; nothing is written, nothing spoken."""
    cast = {role: _voice(job, name, role) for role, name in _cast_names(job).items()}
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
        yield


def changed_since(before: Mapping[str, tuple[int, int]], out: Path) -> tuple[str, ...]:
    """Names of finished files that are new or rewritten."""
    return tuple(name for name, state in snapshot(out).items() if before.get(name) != state)


def gather(show: ShowSettings, out: Path, *, adopt: bool = False) -> None:
    """Pages and feed of all episodes so far; the feed last, so that it never points at what is not there.

    Raises:
        FeedError: there is a feed.xml that is not ours, and `adopt` is not asked for.
    """
    episodes = all_episodes(out)
    path = out / feed.FEED
    if adopt and path.is_file():
        episodes = feed.adopt(path, episodes, base=show.audio_base)
        for episode in episodes:
            export.write_episode(out / episode.slug / EPISODE_FILE, episode)
    site.write_pages(show, episodes, out)
    feed.write(show, episodes, out, adopt=adopt)


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
    formers = _formers(job, prepared.script.title, known)
    draft = _draft(prepared, known or next(iter(formers), None), now or datetime.now(JST))
    if adopt and (job.out / feed.FEED).is_file():
        draft = feed.adopt(job.out / feed.FEED, [draft], base=job.show.audio_base)[0]
    audio: list[EditionAudio] = []
    heard: dict[str, Voice] = {}
    fresh = 0
    for name, edition in prepared.editions.items():
        spoken, new = _speak(prepared, edition, progress)
        fresh += new
        heard |= {voice.name: voice for voice in prepared.cast.values() if voice.name in {s.voice for s in spoken}}
        whole = _with_credits(draft, heard.values())
        this = _Edition(prepared, name, edition, whole, cover)
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


def _formers(job: Job, title: str, known: Episode | None) -> list[Episode]:
    """Records of this episode under a former name: same guid, link or title, and their article is no longer there."""
    found = []
    for other in all_episodes(job.out):
        same = other.guid == known.guid if known else title == other.title or (job.settings.link or "-") == other.link
        if other.slug != job.slug and same and _source_is_gone(job.out / other.slug / REPORT_FILE):
            found.append(other)
    return found


def _source_is_gone(report: Path) -> bool:
    try:
        source = str(json.loads(report.read_text(encoding="utf-8"))["source"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return "://" not in source and not Path(source).exists()


def all_episodes(out: Path) -> tuple[Episode, ...]:
    """Every episode finished so far below `out`, by its episode.json."""
    found = (export.read_episode(path) for path in sorted(out.glob(f"*/{EPISODE_FILE}")))
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
    if not all_episodes(out):
        raise OutputError(
            Message("there is no finished episode", "できあがったエピソードがありません"),
            where=str(out),
            hint=Message("make one first: yomicast render ARTICLE", "まず yomicast render で作ってください"),
        )
    place = publish.opened(settings)
    return publish.publish(out, place, partial(_composed, show), dry_run=dry_run, adopt=adopt, on_done=on_done)


def _composed(show: ShowSettings, records: Mapping[str, bytes]) -> dict[str, bytes]:
    """The show's own files for these episodes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for slug, data in records.items():
            (folder / slug).mkdir()
            (folder / slug / EPISODE_FILE).write_bytes(data)
        episodes = all_episodes(folder)
        feed.write(show, episodes, folder)
        write_changed(folder / site.INDEX, site.show_page(show, episodes))
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def prune(out: Path, *, dry_run: bool = False) -> list[str]:
    """Remove sound files of episodes that their record no longer names; their names."""
    gone = []
    with workplace(out):
        for episode in all_episodes(out):
            named = {rendition.path for rendition in episode.renditions}
            for path in sorted((out / episode.slug).glob(f"{episode.slug}*.*")):
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


def _draft(prepared: Prepared, previous: Episode | None, now: datetime) -> Episode:
    """The episode before its sound: what never changes is taken from the previous run."""
    job, meta = prepared.job, prepared.job.article.meta
    settings, show = job.settings, job.show
    others = [episode for episode in all_episodes(job.out) if episode.slug != job.slug]
    following = job.number or 1 + max((e.number or 0 for e in others), default=0)
    author = settings.author or meta.author
    return Episode(
        slug=job.slug,
        guid=previous.guid if previous else _new_guid(job, {episode.guid for episode in others}),
        title=prepared.script.title,
        published=_published(settings.published or meta.published, previous, now, job.told),
        seconds=0.0,
        summary=settings.summary or meta.description or _first_sentences(prepared.script),
        link=settings.link or meta.link,
        author=author,
        number=settings.number or (previous.number if previous else None) or following,
        season=settings.season,
        kind=settings.kind,
        explicit=show.explicit if settings.explicit is None else settings.explicit,
        image=f"{job.slug}/{COVER_FILE}" if settings.cover else COVER_FILE,
        image_alt=settings.cover_alt or show.cover_alt,
        links=prepared.script.links,
        persons=(Person(name=author, role="author"),) if author else (),
        omissions=prepared.script.omissions,
        corrections=tuple(settings.corrections.items()),
        license=show.license,
    )


def _new_guid(job: Job, taken: set[str]) -> str:
    """A guid from show and slug, the same every time; another one if an episode that was renamed took it along."""
    show = uuid.UUID(feed.podcast_guid(job.show))
    names = (job.slug if n == 0 else f"{job.slug} {n}" for n in itertools.count())
    return next(guid for name in names if (guid := str(uuid.uuid5(show, name))) not in taken)


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
    mastered = master.master(
        programme,
        sound,
        pinned_gain=_gain_before(job, this.name),
        cache=cache / "levels",
        on_progress=lambda share: progress("mix", share, 1),
    )
    over = mix.balance(programme, cache=cache / "mix")
    seconds = programme.frames / programme.rate
    episode = dataclasses.replace(this.draft, seconds=seconds, cues=programme.cues, marks=programme.marks)
    renditions = []
    figures: Mapping[str, float] = {}
    for form in sound.formats:
        staged = cache / "staged" / f"{job.slug}-{this.name}.{form}"
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
            staged, episode, job.show, cover=this.cover, script=_whole_text(programme.cues), feed_url=feed.url(job.show)
        )
        renditions.append(_placed(this, staged, form, encoded.seconds, encoded.media_type))
    return EditionAudio(
        name=this.name,
        seconds=renditions[0].seconds,
        cues=programme.cues,
        marks=programme.marks,
        renditions=tuple(renditions),
        figures=figures,
        notes=(
            *this.notes,
            *programme.notes,
            *master.doubts(figures, target=master.target(sound), true_peak=sound.true_peak),
        ),
    )


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
