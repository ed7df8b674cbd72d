"""Many articles: what is there, what is out of date, made in parallel, one broken article stopping only itself.

Takes any `concurrent.futures.Executor`. A task is one article; it is idempotent (sounds and chapters by content, files
whole or absent), so a task that ran twice or died half-way does no harm, and it returns facts, never samples. A pool
that broke (a worker was killed) is made anew and what was lost is submitted again.
"""

from __future__ import annotations

import dataclasses
import glob
import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from yomicast import __version__, article, config, export, pipeline
from yomicast.errors import ArticleError, EngineError, YomicastError
from yomicast.files import write_changed
from yomicast.model import Message

Status: TypeAlias = Literal["made", "fresh", "failed"]
TRIES = 3
"""How often a task is submitted when its pool breaks."""

FEEDS = {"feed"}
"""Readers whose files hold many articles: named with --feed, not found in folders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one article. `error`: slug, place, what and next step of what stopped it."""

    target: str
    slug: str = ""
    status: Status = "made"
    title: str = ""
    seconds: float = 0.0
    spoken: int = 0
    error: YomicastError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One article for a worker, with the number it gets if it has none. `now`: the run's, the same for every worker."""

    target: str
    out: Path
    show_file: Path | None
    number: int | None
    always: bool
    now: datetime | None = None


def find(names: Iterable[str], *, since: str = "") -> list[str]:
    """Articles among files, folders, globs and addresses, each once, in order of name.

    A manifest stands for its article; a folder gives every file in it that some reader takes. `since` (ISO date): of
    files, those changed since.

    Raises:
        ArticleError: a name fits nothing.
    """
    found: dict[str, None] = {}
    for name in names:
        if "://" in name:
            found[name] = None
            continue
        path = Path(name)
        if path.is_dir():
            inside = _in_folder(path)
        elif any(sign in name for sign in "*?["):
            inside = sorted(Path(p) for p in glob.glob(name, recursive=True) if Path(p).is_file())  # noqa: PTH207  absolute patterns too
        else:
            inside = [path]
        if not inside:
            raise ArticleError(
                Message("no article is there", "記事がありません"),
                where=name,
                hint=Message(
                    "put .txt, .md or .html files there", "テキスト、Markdown、HTML のファイルを置いてください"
                ),
            )
        found |= dict.fromkeys(str(p) for p in inside if not since or _changed_since(p, since))
    return list(found)


def _in_folder(folder: Path) -> list[Path]:
    """Manifests that name a source, and every other file that a reader takes by its ending."""
    endings = {end for name, row in article.READERS.items() if name not in FEEDS for end in row.suffixes}
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith(".")]
    manifests = {path: _source(path) for path in files if pipeline.is_manifest(path) and path.name != config.SHOW_FILE}
    spoken_for = {(folder / source).resolve() for source in manifests.values() if source}
    articles = [p for p in files if p.suffix.lower() in endings and p.resolve() not in spoken_for]
    return sorted([*articles, *(path for path, source in manifests.items() if source)])


def _source(manifest: Path) -> str:
    """What the manifest names as its source; itself when it is broken, so that the error is seen."""
    try:
        value = config.load(manifest).value
    except YomicastError:
        return manifest.name
    return str(value.get("source") or "") if isinstance(value, dict) else ""


def _changed_since(path: Path, since: str) -> bool:
    try:
        when = datetime.fromisoformat(since)
    except ValueError as error:
        raise ArticleError(
            Message(f"'{since}' is no date", f"'{since}' は日付として読めません"),
            where="--since",
            hint=Message("write it as 2026-03-20", "2026-03-20 のように書いてください"),
        ) from error
    return path.stat().st_mtime >= when.timestamp()


def tasks(
    targets: Sequence[str],
    out: Path,
    *,
    show_file: Path | None = None,
    always: bool = False,
    now: datetime | None = None,
) -> list[Task]:
    """Tasks in order; new episodes are numbered on from the last, so parallel workers cannot collide.

    Raises:
        ArticleError: two articles would make the same episode.
    """
    slugs: dict[str, str] = {}
    for target in targets:
        slug = pipeline.slug_of(Path(target).stem)
        if slug in slugs:
            raise ArticleError(
                Message(
                    f"two articles would make the episode '{slug}'", f"二つの記事が同じエピソード '{slug}' になります"
                ),
                where=target,
                hint=Message(
                    f"rename it, or {slugs[slug]}; or set slug:",
                    f"どちらかの名前を変えるか、slug: を指定してください({slugs[slug]})",
                ),
            )
        slugs[slug] = target
    known = {episode.slug: episode.number for episode in pipeline.all_episodes(out)}
    following = max((number or 0 for number in known.values()), default=0) + 1
    made = []
    for slug, target in slugs.items():
        number = known.get(slug)
        if number is None:
            number, following = following, following + 1
        made.append(Task(target=target, out=out, show_file=show_file, number=number, always=always, now=now))
    return made


def run(task: Task) -> Outcome:
    """Make one episode unless nothing it depends on changed. Runs in any process; never raises what it can explain."""
    try:
        job = dataclasses.replace(
            pipeline.open_job(task.target, out=task.out, show_file=task.show_file), number=task.number
        )
        digest = inputs(job)
        if not task.always and _is_fresh(job, digest):
            return Outcome(target=task.target, slug=job.slug, status="fresh")
        made = pipeline.make(pipeline.prepare(job), now=task.now)
        write_changed(_memory(job), json.dumps({"inputs": digest}))
    except YomicastError as error:
        return Outcome(target=task.target, status="failed", error=error)
    episode = made.episode
    return Outcome(
        target=task.target, slug=job.slug, title=episode.title, seconds=episode.seconds, spoken=made.spoken_new
    )


def plan(task: Task) -> dict[str, object]:
    """What `run` would make: state (new, changed, fresh), seconds and bytes, estimated where it is not there yet.

    Raises:
        YomicastError: the article cannot be made.
    """
    job = pipeline.open_job(task.target, out=task.out, show_file=task.show_file)
    before = export.read_episode(job.out / job.slug / pipeline.EPISODE_FILE)
    if before is not None and _is_fresh(job, inputs(job)):
        size = sum(rendition.size for rendition in before.renditions)
        return {"slug": job.slug, "state": "fresh", "seconds": round(before.seconds, 1), "bytes": size}
    prepared = pipeline.prepare(job)
    kilobits = prepared.sound.bitrate * len(prepared.editions)
    return {
        "slug": job.slug,
        "state": "changed" if before else "new",
        "seconds": round(prepared.seconds_estimated, 1),
        "bytes": round(prepared.seconds_estimated * kilobits * 125),
    }


def inputs(job: pipeline.Job) -> str:
    """A digest of everything the author wrote that the episode depends on, and of yomicast's version."""
    total = hashlib.sha256(f"{__version__}\n{job.article!r}\n{job.settings!r}\n{job.show!r}\n".encode(errors="replace"))
    sounds = [
        music.file
        for music in (job.show.sound.opening, job.show.sound.closing, job.show.sound.bed, job.show.sound.sting)
    ]
    named = [*sounds, job.show.cover, job.settings.cover]
    paths = [job.project.folder / name for name in named if name]
    paths += [path for folder in job.project.voices for path in sorted(folder.glob("*.yaml"))]
    paths += filter(None, (pipeline.picture_file(job, picture) for picture in job.article.pictures))
    for path in paths:
        if path.is_file():
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _memory(job: pipeline.Job) -> Path:
    return job.out / pipeline.CACHE / "inputs" / f"{job.slug}.json"


def _is_fresh(job: pipeline.Job, digest: str) -> bool:
    try:
        known = json.loads(_memory(job).read_text(encoding="utf-8"))["inputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    episode = export.read_episode(job.out / job.slug / pipeline.EPISODE_FILE)
    if known != digest or episode is None:
        return False
    files = ((job.out / rendition.path, rendition.size) for rendition in episode.renditions)
    return all(path.is_file() and path.stat().st_size == size for path, size in files)


def local_pool(workers: int | None = None) -> Executor:
    """A process a core, started clean (spawn): engines load once in each."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=context)


def run_all(
    work: Sequence[Task],
    pool: Callable[[], AbstractContextManager[Executor]],
    *,
    on_done: Callable[[Outcome, int, int], None],
) -> list[Outcome]:
    """Run every task, in order of `work` in the answer. `pool` makes an executor, again if one breaks."""
    done: dict[str, Outcome] = {}
    left = list(work)
    for _ in range(TRIES):
        with pool() as executor:
            jobs: dict[Future[Outcome], Task] = {executor.submit(run, task): task for task in left}
            for job in as_completed(jobs):
                try:
                    outcome = job.result()
                except BrokenExecutor:
                    continue
                done[jobs[job].target] = outcome
                on_done(outcome, len(done), len(work))
        left = [task for task in work if task.target not in done]
        if not left:
            break
    for task in left:
        lost = EngineError(
            Message("its worker died each time it was tried", "処理中のプロセスが毎回落ちました"),
            where=task.target,
            hint=Message("run it alone: yomicast render", "この記事だけを yomicast render で試してください"),
        )
        done[task.target] = Outcome(target=task.target, status="failed", error=lost)
    return [done[task.target] for task in work]
