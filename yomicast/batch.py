"""Many articles: what is there, what is out of date, made in parallel, one broken article stopping only itself.

Takes any `concurrent.futures.Executor`. A task is one article; it is idempotent (sounds and chapters by content, files
whole or absent), so a task that ran twice or died half-way does no harm, and it returns facts, never samples. Only a
window of tasks is handed over at a time. A pool that broke (a worker was killed) is made anew and what was lost is
submitted again, the second time alone, so that an article that kills its worker takes no other with it.
"""

from __future__ import annotations

import dataclasses
import functools
import glob
import hashlib
import json
import multiprocessing
import os
import queue
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Literal, TypeAlias

from yomicast import __version__, article, config, export, pipeline, script, speech
from yomicast.errors import ArticleError, EngineError, OutputError, YomicastError
from yomicast.files import write_changed
from yomicast.model import Message

Status: TypeAlias = Literal["made", "fresh", "failed"]
SHARED_TRIES = 2
"""How often a task may go down with a pool before it is tried alone, once."""

WAITING = 2
"""Tasks handed over for each core: the one that runs and the next."""

MADE_WITH = (
    "pyopenjtalk-plus", "sudachipy", "sudachidict-core", "kanalizer", "numpy", "soxr", "lameenc", "av", "mutagen", "pillow",
)  # fmt: skip
"""Packages whose version may change what comes out."""

FEEDS = {"feed"}
"""Readers whose files hold many articles: named with --feed, not found in folders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one article. `error`: slug, place, what and next step of what stopped it.

    `worker`: host and process that ran it; `began`: when (seconds since 1970); `wall`, `cpu`: seconds it took.
    """

    target: str
    slug: str = ""
    status: Status = "made"
    title: str = ""
    seconds: float = 0.0
    spoken: int = 0
    error: YomicastError | None = None
    worker: str = ""
    began: float = 0.0
    wall: float = 0.0
    cpu: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One article for a worker, and what it must know of the others (its number, if it has none yet).

    `now`: the run's, the same for every worker. `gpu`: a voice of the show computes on one. `refused`: why it is not
    made: another article of the run would make the same episode.
    """

    target: str
    out: Path
    show_file: Path | None
    neighbours: pipeline.Neighbours
    always: bool
    now: datetime | None = None
    gpu: bool = False
    refused: YomicastError | None = None


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
    return path.stat().st_mtime >= moment(since)


def moment(since: str) -> float:
    """Seconds since 1970 of an ISO date.

    Raises:
        ArticleError: it is none.
    """
    try:
        return datetime.fromisoformat(since).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise ArticleError(
            Message(f"'{since}' is no date", f"'{since}' は日付として読めません"),
            where="--since",
            hint=Message("write it as 2026-03-20", "2026-03-20 のように書いてください"),
        ) from error


def tasks(
    targets: Sequence[str],
    out: Path,
    *,
    show_file: Path | None = None,
    always: bool = False,
    keep: bool = True,
    now: datetime | None = None,
) -> list[Task]:
    """Tasks in order; new episodes are numbered on from the last, so parallel workers cannot collide.

    `keep`: the numbers stay theirs, also when this run is killed before they are made.
    """
    if not targets:
        return []
    project = config.find_project(_beside(targets[0]), show_file=show_file)
    beside = pipeline.neighbours(project.show, out)
    gpu = _likes_gpu(project)
    known, following = pipeline.reserved(out), beside.following
    numbers: dict[str, int] = {}
    made: dict[str, Task] = {}
    twins: list[Task] = []
    for target in targets:
        slug = pipeline.slug_of_target(target)
        task = Task(target=target, out=out, show_file=show_file, neighbours=beside, always=always, now=now, gpu=gpu)
        if slug in made:
            twins.append(dataclasses.replace(task, refused=_twins(target, made[slug].target, slug)))
            continue
        if not (out / slug / pipeline.EPISODE_FILE).is_file():
            number = known.get(slug, following)
            following += number == following
            numbers[slug] = number
            task = dataclasses.replace(task, neighbours=dataclasses.replace(beside, following=number))
        made[slug] = task
    if keep and numbers:
        pipeline.reserve(out, numbers)
    return [*made.values(), *twins]


def _likes_gpu(project: config.Project) -> bool:
    """Whether a voice of the show computes on a GPU where there is one; a broken voice is each article's own error."""
    try:
        voices = pipeline.show_cast(project).values()
        return any(speech.powers_of(speech.opened(voice.engine), voice).gpu for voice in voices)
    except YomicastError:
        return False


def engines(target: str, show_file: Path | None) -> tuple[str, ...]:
    """Engines that the show of `target` speaks with; what is broken there is each article's own error."""
    try:
        project = config.find_project(_beside(target), show_file=show_file)
        return tuple(sorted({voice.engine for voice in pipeline.show_cast(project).values()}))
    except YomicastError:
        return ()


def _twins(target: str, other: str, slug: str) -> ArticleError:
    return ArticleError(
        Message(
            f"'{other}' makes the episode '{slug}' too (case and composition of letters do not count)",
            f"'{other}' も同じエピソード '{slug}' になります(大文字小文字と文字の合成は区別しません)",
        ),
        where=target,
        hint=Message("rename one of them, or set slug:", "どちらかの名前を変えるか、slug: を指定してください"),
    )


def _beside(target: str) -> Path:
    """Where the show of a target is looked for."""
    return Path("episodes") / "x" if "://" in target else Path(target)


def run(task: Task) -> Outcome:
    """Make one episode unless nothing it depends on changed. Runs in any process; never raises."""
    began, start, used = time.time(), time.perf_counter(), time.process_time()
    try:
        outcome = _made(task)
    except YomicastError as error:
        outcome = Outcome(target=task.target, status="failed", error=error)
    except OSError as error:
        refused = OutputError(Message(f"{error.strerror or error}", f"{error.strerror or error}"), where=task.target)
        outcome = Outcome(target=task.target, status="failed", error=refused)
    except Exception as error:  # noqa: BLE001  our own mistake in one article stops only that article
        outcome = Outcome(target=task.target, status="failed", error=_mistake(error, task.target))
    return dataclasses.replace(
        outcome,
        worker=f"{socket.gethostname()}:{os.getpid()}",
        began=round(began, 3),
        wall=round(time.perf_counter() - start, 3),
        cpu=round(time.process_time() - used, 3),
    )


def _mistake(error: Exception, target: str) -> YomicastError:
    said = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:200]}"
    return YomicastError(
        Message(f"a mistake of ours, {said}", f"読みcast の誤りです: {said}"),
        where=target,
        hint=Message("please report it with the article", "記事を添えて報告してください"),
    )


def _made(task: Task) -> Outcome:
    if task.refused is not None:
        raise task.refused
    job = pipeline.open_job(task.target, out=task.out, show_file=task.show_file)
    job = dataclasses.replace(job, neighbours=task.neighbours)
    digest = inputs(job)
    if not task.always and _is_fresh(job, digest):
        return Outcome(target=task.target, slug=job.slug, status="fresh")
    prepared = pipeline.prepare(job)
    made = pipeline.make(prepared, pipeline.standing(job, prepared.script.title), now=task.now)
    write_changed(_memory(job), json.dumps({"inputs": digest}))
    episode = made.episode
    return Outcome(
        target=task.target, slug=job.slug, title=episode.title, seconds=episode.seconds, spoken=made.spoken_new
    )


def plan(task: Task) -> dict[str, object]:
    """What `run` would make: state (new, changed, fresh), seconds and bytes, estimated where it is not there yet.

    Raises:
        YomicastError: the article cannot be made.
    """
    if task.refused is not None:
        raise task.refused
    job = pipeline.open_job(task.target, out=task.out, show_file=task.show_file)
    before = export.read_outline(job.out / job.slug / pipeline.EPISODE_FILE)
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
    """A digest of everything the author wrote that the episode depends on, and of what makes it: versions of yomicast,
    dictionaries and engines, models behind the voices. What needs no remaking then comes from the caches.
    """
    written = (versions(), job.article, job.settings, job.show, _voices_behind(job))
    total = hashlib.sha256(repr(written).encode(errors="replace"))
    for path in _files_behind(job):
        if path.is_file():
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


@functools.cache
def versions() -> Mapping[str, str]:
    """What this process would make episodes with."""
    return {"yomicast": __version__, **{name: metadata.version(name) for name in MADE_WITH}}


def _files_behind(job: pipeline.Job) -> list[Path]:
    """Files beside the article: its edited script, music, covers, lexicons, voices."""
    sound = job.show.sound
    music = [one.file for one in (sound.opening, sound.closing, sound.bed, sound.sting)]
    named = [*music, job.show.cover, job.settings.cover, *job.show.lexicon]
    voices = [path for folder in job.project.voices for path in sorted(folder.glob("*.yaml"))]
    return [
        script.sheet_path(job.source, job.slug), *(job.project.folder / name for name in named if name), *voices,
    ]  # fmt: skip


def _voices_behind(job: pipeline.Job) -> list[str]:
    """Engine and model of each voice of the cast; what cannot be asked now is left to the making."""
    found = []
    for voice in pipeline.cast_of(job).values():
        try:
            engine = speech.opened(voice.engine)
            found.append(f"{engine.name} {engine.version} {engine.fingerprint(voice)}")
        except EngineError:
            found.append(voice.engine)
    return found


def _memory(job: pipeline.Job) -> Path:
    return job.out / pipeline.CACHE / "inputs" / f"{job.slug}.json"


def _is_fresh(job: pipeline.Job, digest: str) -> bool:
    try:
        known = json.loads(_memory(job).read_text(encoding="utf-8"))["inputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    episode = export.read_outline(job.out / job.slug / pipeline.EPISODE_FILE)
    if known != digest or episode is None:
        return False
    files = ((job.out / rendition.path, rendition.size) for rendition in episode.renditions)
    return all(path.is_file() and path.stat().st_size == size for path, size in files)


def local_pool(workers: int | None = None) -> Executor:
    """A process a core, started clean (spawn): engines load once in each. They end with this process, however it ends."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Without this, workers of a killed run wait for work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait_for_it() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait_for_it, daemon=True).start()


def run_all(
    work: Sequence[Task],
    pool: Callable[[], AbstractContextManager[Executor]],
    *,
    on_done: Callable[[Outcome, int, int], None],
    window: int | None = None,
    act: Callable[[Task], Outcome] = run,
) -> list[Outcome]:
    """Act on every task, the largest first; the answer is in order of `work`.

    Args:
        work: tasks.
        pool: makes an executor, again if one breaks.
        on_done: called with each outcome, how many there are so far and how many there will be.
        window: tasks handed over at a time; None: a few for each core of this machine.
        act: what is done with each.
    """
    done: dict[str, Outcome] = {}
    makers: dict[str, str] = {}

    def tell(outcome: Outcome) -> None:
        if outcome.slug and (other := makers.setdefault(outcome.slug, outcome.target)) != outcome.target:
            twins = _twins(outcome.target, other, outcome.slug)  # by a slug: of their own
            outcome = dataclasses.replace(outcome, status="failed", error=twins)
        done[outcome.target] = outcome
        on_done(outcome, len(done), len(work))

    waiting = deque(sorted(work, key=_size, reverse=True))
    deaths: Counter[str] = Counter()
    doubtful: list[Task] = []
    while waiting:
        before = len(waiting)
        with pool() as executor:
            lost = _drained(_submitter(executor, act), waiting, window or WAITING * (os.cpu_count() or 1), tell)
        if len(waiting) == before:  # a pool that takes nothing will not take the next try either
            lost, waiting = list(waiting), deque()
        deaths.update(task.target for task in lost)
        doubtful += [task for task in lost if deaths[task.target] >= SHARED_TRIES]
        waiting.extendleft(task for task in lost if deaths[task.target] < SHARED_TRIES)
    for task in doubtful:
        with pool() as executor:
            if _drained(_submitter(executor, act), deque([task]), 1, tell):
                tell(Outcome(target=task.target, status="failed", error=worker_died(task.target)))
    return [done[task.target] for task in work]


def _submitter(executor: Executor, act: Callable[[Task], Outcome]) -> Callable[[Task], Future[Outcome]]:
    return lambda task: executor.submit(act, task)


def _size(task: Task) -> int:
    """Bytes of the article: the longest are begun first, so that no worker is left alone with one at the end."""
    try:
        return Path(task.target).stat().st_size
    except OSError:
        return 0


def _drained(
    submit: Callable[[Task], Future[Outcome]], waiting: deque[Task], window: int, tell: Callable[[Outcome], None]
) -> list[Task]:
    """Take tasks from `waiting` while the executor lives; those that it took and lost."""
    ended: queue.SimpleQueue[Future[Outcome]] = queue.SimpleQueue()
    running: dict[Future[Outcome], Task] = {}
    lost: list[Task] = []
    whole = True
    try:
        while running or (waiting and whole):
            while waiting and whole and len(running) < window:
                try:
                    job = submit(waiting[0])
                except BrokenExecutor:
                    whole = False
                    break
                running[job] = waiting.popleft()
                job.add_done_callback(ended.put)
            if not running:
                break
            job = ended.get()
            task = running.pop(job)
            try:
                tell(job.result())
            except (BrokenExecutor, CancelledError):
                whole = False
                lost.append(task)
            except YomicastError as error:
                tell(Outcome(target=task.target, status="failed", error=error))
    except BaseException:
        for job in running:
            job.cancel()
        raise
    return lost


def worker_died(target: str) -> EngineError:
    """What is said of an article that no worker survives."""
    return EngineError(
        Message("its worker died each time it was tried", "処理中のプロセスが毎回落ちました"),
        where=target,
        hint=Message("run it alone: yomicast render", "この記事だけを yomicast render で試してください"),
    )
