"""What the author wrote, found and merged into a job: article, manifest, show, command line."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TypeAlias

from yomicast import (
    article,
    config,
    reading,
)
from yomicast.config import Project
from yomicast.errors import ArticleError, ConfigError
from yomicast.model import (
    Article,
    Message,
    Script,
    Voice,
)
from yomicast.settings import (
    Edition,
    EpisodeSettings,
    ShowSettings,
    SoundSettings,
)

JST = timezone(timedelta(hours=9), "JST")

COVER_FILE, EPISODE_FILE, REPORT_FILE, CACHE, STAGED = "cover.jpg", "episode.json", "report.json", ".cache", "staged"

DEFAULT_VOICE = "mei"

Progress: TypeAlias = Callable[[str, float, float], None]
"""Called with a stage (`read`, `speak`, `mix`, `encode`), what is done and the whole, in the stage's own unit."""


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
class Settled:
    """A job with its script written and its cast chosen; what is asked for is there, and allowed."""

    job: Job
    script: Script
    cast: Mapping[str, Voice]
    editions: Mapping[str, Edition]
    sound: SoundSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared(Settled):
    """The same with its script read: all that can be known before a sound is made."""

    seconds_estimated: float
    readings: reading.Kept


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


def date_of(said: str, told: str) -> datetime:
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
