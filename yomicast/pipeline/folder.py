"""The output folder as a whole: the episodes that are in it, their numbers and names, pages, feed, publishing, pruning."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from yomicast import (
    __version__,
    export,
    feed,
    publish,
    site,
)
from yomicast.errors import AudioError, ConfigError, OutputError
from yomicast.files import explained, locked, snapshot, sweep, write_changed
from yomicast.model import (
    Episode,
    Message,
)
from yomicast.patterns import expression
from yomicast.pipeline.job import CACHE, COVER_FILE, EPISODE_FILE, REPORT_FILE, STAGED, Job, Neighbours
from yomicast.settings import (
    PublishSettings,
    ShowSettings,
)

NUMBERS_FILE = "numbers.json"

OWN_GUID = expression(r"^[0-9a-f]{8}-[0-9a-f]{4}-5")
"""What our guids look like (UUIDv5); an adopted feed's own may be anything."""

HASHED = expression(r"\.[0-9a-f]{8}\.(?:mp3|m4a|opus|flac|wav)$|^chapter-\d+\.[0-9a-f]{8}\.jpg$")


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


def gather(show: ShowSettings, out: Path, *, adopt: bool = False, made: Episode | None = None) -> None:
    """Pages and feed of all episodes so far; the feed last, so that it never points at what is not there.

    `made`: an episode whose record was just written, and need not be read again.

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
        _renew_pages(show, look, episode.slug, out, made)
    site.write_show(show, episodes, out)
    feed.write(show, episodes, out, adopt=adopt)


def _renew_pages(show: ShowSettings, look: str, slug: str, out: Path, made: Episode | None) -> None:
    """Write an episode's pages unless they stand as they were written from the same record and show."""
    memory = out / CACHE / "pages" / f"{slug}.txt"
    if memory.is_file() and memory.read_text(encoding="utf-8", errors="replace") == _pages_digest(look, slug, out):
        return
    episode = made if made and made.slug == slug else export.read_episode(out / slug / EPISODE_FILE)
    if episode is not None:
        site.write_episode_pages(show, episode, out)
        write_changed(memory, _pages_digest(look, slug, out))


def _pages_digest(look: str, slug: str, out: Path) -> str:
    total = hashlib.sha256(look.encode(errors="replace"))
    for path in (out / slug / EPISODE_FILE, *site.episode_pages(slug, out)):
        total.update(hashlib.sha256(path.read_bytes() if path.is_file() else b"").digest())
    return total.hexdigest()


def neighbours(show: ShowSettings, out: Path) -> Neighbours:
    """Of all episodes below `out`. Reads every record, so a run does it once and not once an episode."""
    highest, moved, orphans = max(reserved(out).values(), default=0), set(), []
    for episode in outlines(out):
        highest = max(highest, episode.number or 0)
        if OWN_GUID.search(episode.guid) and episode.guid != guid_of(show, episode.slug):
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


def former_records(job: Job, title: str, known: Episode | None, beside: Neighbours) -> list[Episode]:
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


def standing(job: Job, title: str) -> Episode | None:
    """The record of this episode as it stands; None if there is none yet.

    Raises:
        FeedError: it is damaged. ConfigError: another article, still there and under another title, made the episode
            of this name: it must not vanish.
    """
    report = job.out / job.slug / REPORT_FILE
    known = export.read_episode(job.out / job.slug / EPISODE_FILE)
    source = _source_of(report)
    if known is None or known.title == title or not source or _source_is_gone(report):
        return known
    if source == job.source or ("://" not in source and Path(source).resolve() == Path(job.source).resolve()):
        return known
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


def guid_of(show: ShowSettings, name: str) -> str:
    """The guid that a name in this show is given: the same every time."""
    return str(uuid.uuid5(uuid.UUID(feed.podcast_guid(show)), name))
