"""Rendering an archive: throughput, a worker killed in the middle, 100,000 tasks, and the model of docs/scale.md.

usage: python benchmarks/scale.py [table|cluster|tasks|gather|model|all] [--facts scale.json] [--page docs/scale.md]
table    articles an hour with 1 process, 2 processes and dask with 2 workers, in turn, with Open JTalk (about 6 min)
cluster  300 articles of mixed forms on dask, one worker killed -9 in the middle, against a local run (about 5 min)
tasks    100,000 tasks on dask: CPU and memory of scheduler, client and workers as the run grows (about 6 min)
gather   what grows with the number of episodes in one feed: looking, feed and pages (about 1 min)
model    1,000,000 articles from what the others measured and wrote into --facts
Times are of a quiet machine with two cores; ratios and CPU seconds hold elsewhere too.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import json
import os
import pickle
import re
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import archive  # noqa: E402
import loopback  # noqa: E402

from yomicast import batch, cluster, config, export, pipeline  # noqa: E402
from yomicast.files import snapshot  # noqa: E402
from yomicast.model import Episode  # noqa: E402
from yomicast.settings import ShowSettings  # noqa: E402

WORKERS = 2
Pool = Callable[[], AbstractContextManager[Executor]]
Facts = dict[str, float]


@contextmanager
def desk(count: int, *, voice: str, sentences: tuple[int, int]) -> Iterator[Path]:
    """A folder with an archive, into which this process moves."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="yomicast-scale-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        archive.write(folder / "episodes", count, sentences=sentences)
        (folder / "voices").mkdir()
        if voice:
            (folder / "voices" / "mei.yaml").write_text(voice, encoding="utf-8")
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(before)


MARKER = "engine: marker\nspeed: 2.0\n"


def render(
    out: Path, pool: Pool, *, window: int, on_done: Callable[[batch.Outcome, int, int], None] = lambda *_: None
) -> list[batch.Outcome]:
    """Everything below ./episodes, as `yomicast render` does it."""
    with pipeline.workplace(out):
        work = batch.tasks(batch.find(["episodes"]), out)
        done = batch.run_all(work, pool, on_done=on_done, window=window)
        pipeline.gather(config.find_project(Path("episodes/x")).show, out)
    failed = [outcome for outcome in done if outcome.status != "made"]
    if failed:
        sys.exit(f"{len(failed)} failed, the first: {failed[0].target}: {failed[0].error}")
    return done


def span(done: Sequence[batch.Outcome]) -> float:
    """Seconds from the first task's beginning to the last one's end."""
    return max(one.began + one.wall for one in done) - min(one.began for one in done)


def utilisation(done: Sequence[batch.Outcome], workers: int) -> float:
    """Share of the workers' time, from the first task's beginning to the last one's end, that was spent inside tasks."""
    return sum(one.wall for one in done) / (workers * span(done))


def steady(done: Sequence[batch.Outcome]) -> tuple[float, list[batch.Outcome]]:
    """Articles an hour after every worker has finished its first (which loads engine and dictionaries), and those."""
    firsts: dict[str, float] = {}
    for one in sorted(done, key=lambda one: one.began):
        firsts.setdefault(one.worker, one.began + one.wall)
    since = max(firsts.values())
    later = [one for one in done if one.began + one.wall > since]
    return 3600 * len(later) / (max(one.began + one.wall for one in later) - since), later


# --- table -----------------------------------------------------------------------------------------------------------


def table(articles: int, rounds: int) -> Facts:
    """Three ways in turn, each with an empty cache, medians of the rounds."""
    rates: dict[str, list[float]] = {}
    used: dict[str, list[float]] = {}
    busy: dict[str, list[float]] = {}
    per_second, per_article = [], []
    with desk(articles, voice="", sentences=(28, 44)) as folder, loopback.cluster(folder) as there:
        for turn in range(rounds):
            ways: dict[str, tuple[int, Callable[[Path], Pool]]] = {
                "1 process": (1, lambda _out: partial(batch.local_pool, 1)),
                "2 processes": (2, lambda _out: partial(batch.local_pool, 2)),
                "dask, 2 workers": (2, lambda out: partial(cluster.connected, there.address, out)),
            }
            for name, (workers, pool) in ways.items():
                out = folder / f"out-{turn}-{workers}-{name[0]}"
                done = render(out, pool(out), window=2 * workers)
                rate, later = steady(done)
                rates.setdefault(name, []).append(rate)
                used.setdefault(name, []).append(sum(o.cpu for o in later) / sum(o.seconds for o in later))
                busy.setdefault(name, []).append(utilisation(done, workers))
                per_article.append(statistics.mean(o.seconds for o in done))
                per_second.append(_sizes(out, sum(o.seconds for o in done), len(done)))
    print(
        f"{articles} articles of {statistics.mean(per_article):.0f} s each, Open JTalk, medians of {rounds} rounds in turn"
    )
    print(f"{'':18}{'articles/h':>12}{'h of sound/h':>14}{'CPU s per s':>13}{'in tasks':>10}")
    for name, found in rates.items():
        rate = statistics.median(found)
        print(
            f"{name:18}{rate:12.0f}{rate * statistics.mean(per_article) / 3600:14.1f}"
            f"{statistics.median(used[name]):13.4f}{100 * statistics.median(busy[name]):9.1f}%"
        )
    one, two, dask = (statistics.median(found) for found in rates.values())
    print(f"2 processes / 1 process {two / one:.2f}, dask / 2 processes {dask / two:.2f}")
    sizes = {key: statistics.median(found[key] for found in per_second) for key in per_second[0]}
    print(
        f"bytes: sound {sizes['media_per_s']:.0f}/s, cache {sizes['cache_per_s']:.0f}/s, "
        f"texts and pages {sizes['texts']:.0f} and {sizes['files']:.0f} files an episode"
    )
    return {
        "cpu_per_s": statistics.median(used["dask, 2 workers"]),
        "wall_per_s": WORKERS * 3600 / (dask * statistics.mean(per_article)),
        "rate_1": one, "rate_2": two, "rate_dask": dask, **sizes,
    }  # fmt: skip


def _sizes(out: Path, seconds: float, episodes: int) -> Facts:
    media = texts = cache = files = 0
    for path in out.rglob("*"):
        if not path.is_file():
            continue
        size = path.stat().st_size
        if pipeline.CACHE in path.parts:
            cache += size
        elif path.suffix == ".mp3":
            media += size
            files += 1
        elif path.parent != out:
            texts += size
            files += 1
    return {
        "media_per_s": media / seconds,
        "cache_per_s": cache / seconds,
        "texts": texts / episodes,
        "files": files / episodes,
    }


# --- cluster ---------------------------------------------------------------------------------------------------------


def compare(articles: int, *, kill: bool = True) -> Facts:
    """The same archive on dask, one worker killed -9 half-way, and by local processes: bytes, utilisation, throughput."""
    with desk(articles, voice=MARKER, sentences=(3, 8)) as folder:
        with loopback.cluster(folder) as there:
            killed: list[int] = []

            def on_done(_outcome: batch.Outcome, done: int, _total: int) -> None:
                if kill and done == articles // 2:
                    killed.append(there.worker_pids()[0])
                    os.kill(killed[0], signal.SIGKILL)

            on_dask = render(
                folder / "dask", partial(cluster.connected, there.address, folder / "dask"), window=articles,
                on_done=on_done,
            )  # fmt: skip
        here = render(folder / "local", partial(batch.local_pool, WORKERS), window=2 * WORKERS)
        files = sorted(snapshot(folder / "local"))
        unlike = [
            name for name in sorted({*files, *snapshot(folder / "dask")})
            if _bytes(folder / "local" / name) != _bytes(folder / "dask" / name)
        ]  # fmt: skip
    forms = len(archive.FORMS)
    print(f"{articles} articles of {forms} forms, marker voice, {sum(o.seconds for o in here) / 3600:.2f} h of sound")
    print(
        f"workers killed -9 half-way: {len(killed)}; processes that made articles: {len({o.worker for o in on_dask})}"
    )
    print(f"files {len(files)}, unlike the local run's: {len(unlike)} {unlike[:3]}")
    found = {"unlike": float(len(unlike)), "files": float(len(files))}
    for name, done in (("dask", on_dask), ("local", here)):
        found |= {f"{name}_span": span(done), f"{name}_busy": utilisation(done, WORKERS)}
        print(
            f"{name:6} {span(done):6.1f} s, {3600 * articles / span(done):6.0f} articles/h, in tasks "
            f"{100 * utilisation(done, WORKERS):.1f} % of worker time, CPU {sum(o.cpu for o in done):.0f} s"
        )
    print(f"throughput dask / local {found['local_span'] / found['dask_span']:.2f}")
    return found


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


# --- tasks -----------------------------------------------------------------------------------------------------------


def again(task: batch.Task) -> batch.Outcome:
    """`batch.run` for one of many visits: the target is an article's path and, after #, the number of the visit."""
    path, _, number = task.target.partition("#")
    outcome = batch.run(dataclasses.replace(task, target=path))
    return dataclasses.replace(outcome, target=task.target, slug=f"{outcome.slug}#{number}")


@dataclasses.dataclass(frozen=True, slots=True)
class Sample:
    """What stands after `done` tasks: wall seconds, CPU seconds and MB of each kind of process."""

    done: int
    wall: float
    cpu: Mapping[str, float]
    memory: Mapping[str, float]


def _sample(done: int, since: float, pids: Mapping[str, Sequence[int]]) -> Sample:
    cpu, memory = {}, {}
    for name, those in pids.items():
        processes = [psutil.Process(pid) for pid in those]
        cpu[name] = sum(sum(process.cpu_times()[:2]) for process in processes)
        memory[name] = sum(process.memory_info().rss for process in processes) / 1e6
    return Sample(done, time.monotonic() - since, cpu, memory)


def simulate(count: int, articles: int) -> Facts:
    """`count` tasks of the real code on a real scheduler: `articles` are made, then each is looked at again and again."""
    marks = sorted({n for n in (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000) if n < count} | {count})
    with desk(articles, voice=MARKER, sentences=(1, 2)) as folder, loopback.cluster(folder) as there:
        out = folder / "out"
        render(out, partial(cluster.connected, there.address, out), window=cluster.WINDOW)
        pids = {"scheduler": [there.processes[0].pid], "client": [os.getpid()], "workers": there.worker_pids()}
        with pipeline.workplace(out):
            once = batch.tasks(batch.find(["episodes"]), out)
            visits = (
                dataclasses.replace(once[n % articles], target=f"{once[n % articles].target}#{n}") for n in range(count)
            )
            work = list(visits)
            begun = time.monotonic()
            samples = [_sample(0, begun, pids)]
            print(f"{'tasks':>8}{'wall s':>9}{'tasks/s':>9}   CPU ms a task since the row above, MB now")
            print(f"{'':26}" + "".join(f"{name:>18}" for name in samples[0].cpu), flush=True)

            def on_done(_outcome: batch.Outcome, done: int, _total: int) -> None:
                if done == marks[len(samples) - 1]:
                    samples.append(_sample(done, begun, pids))
                    _row(samples[-2], samples[-1])

            done = batch.run_all(
                work, partial(cluster.connected, there.address, out), on_done=on_done, window=cluster.WINDOW, act=again
            )
    return _shape(samples, done, work[0])


def _row(before: Sample, now: Sample) -> None:
    count = now.done - before.done
    print(
        f"{now.done:8}{now.wall:9.1f}{count / (now.wall - before.wall):9.0f}"
        + "".join(f"{1000 * (now.cpu[n] - before.cpu[n]) / count:10.2f}{now.memory[n]:8.0f}" for n in now.cpu),
        flush=True,
    )


def _shape(samples: Sequence[Sample], done: Sequence[batch.Outcome], task: batch.Task) -> Facts:
    first, last = samples[0], samples[-1]
    statuses = {status: sum(one.status == status for one in done) for status in ("made", "fresh", "failed")}
    print(f"{len(done)} tasks on 1 scheduler, {WORKERS} workers: {statuses}; a task {len(pickle.dumps(task))} bytes, an answer "
          f"{len(pickle.dumps(done[0]))} bytes; window {cluster.WINDOW}")  # fmt: skip
    half = next(sample for sample in samples if sample.done >= last.done / 2)
    late, early = (last.wall - half.wall) / (last.done - half.done), half.wall / half.done
    print(f"seconds a task, second half / first half: {late / early:.2f} (1 is linear)")
    inside = statistics.mean(one.wall for one in done)
    cpu = {name: (last.cpu[name] - first.cpu[name]) / last.done for name in last.cpu}
    overhead = cpu["workers"] - statistics.mean(one.cpu for one in done)
    print(f"inside a task {1000 * inside:.1f} ms wall; dask's own CPU a task: scheduler {1000 * cpu['scheduler']:.2f}, "
          f"client {1000 * cpu['client']:.2f}, worker {1000 * overhead:.2f} ms")  # fmt: skip
    print(f"scheduler grew by {last.memory['scheduler'] - samples[1].memory['scheduler']:.0f} MB after the first "
          f"{samples[1].done} tasks; in tasks {100 * utilisation(done, WORKERS):.0f} % of worker time")  # fmt: skip
    return {
        "scheduler_cpu": cpu["scheduler"],
        "client_cpu": cpu["client"],
        "worker_cpu": overhead,
        "look_cpu": statistics.mean(one.cpu for one in done),
        "linear": late / early,
        "scheduler_mb": last.memory["scheduler"],
        "client_mb_per_task": (last.memory["client"] - samples[1].memory["client"]) / (last.done - samples[1].done),
    }


# --- gather ----------------------------------------------------------------------------------------------------------


def gather(counts: Sequence[int]) -> Facts:
    """CPU seconds and memory of what a run does with every episode of its feed, for growing feeds."""
    rows = []
    with desk(1, voice="", sentences=(36, 36)) as folder:
        render(folder / "one", partial(batch.local_pool, 1), window=1)
        (known,) = pipeline.all_episodes(folder / "one")
        show = config.find_project(Path("episodes/x")).show
        out = folder / "many"
        print(f"{'episodes':>9}{'records ms':>12}{'pages, feed ms':>16}{'again ms':>10}{'MB':>6}   (ms an episode)")
        made = 0
        for count in counts:
            for number in range(made, count):
                _copy(known, out, number)
            made = count
            rows.append(_gathered(show, out, count))
            print(
                f"{count:9}"
                + "".join(
                    f"{value:{w}.{d}f}" for value, w, d in zip(rows[-1], (12, 16, 10, 6), (2, 2, 2, 0), strict=True)
                )
            )
    return {
        "record_cpu": rows[-1][0] / 1000,
        "gather_cpu": rows[-1][1] / 1000,
        "gather_mb_per_episode": rows[-1][3] / counts[-1],
    }


def _copy(known: Episode, out: Path, number: int) -> None:
    """The record of one more episode, with names of files that nobody wrote."""
    slug = f"e{number:06}"
    files = tuple(dataclasses.replace(r, path=r.path.replace(known.slug, slug)) for r in known.renditions)
    episode = dataclasses.replace(known, slug=slug, guid=f"guid-{number}", number=number + 1, renditions=files)
    (out / slug).mkdir(parents=True)
    export.write_episode(out / slug / pipeline.EPISODE_FILE, episode)


def _gathered(show: ShowSettings, out: Path, count: int) -> tuple[float, float, float, float]:
    """In a process of its own, so that its memory is its own."""
    times = []
    reader, writer = os.pipe()
    if (pid := os.fork()) == 0:
        for act in (lambda: pipeline.neighbours(show, out), *(2 * [lambda: pipeline.gather(show, out)])):
            start = time.process_time()
            act()
            times.append(1000 * (time.process_time() - start) / count)
        peak = psutil.Process().memory_info().rss / 1e6
        os.write(writer, json.dumps([*times, peak]).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        found = json.loads(stream.read())
    os.waitpid(pid, 0)
    return found[0], found[1], found[2], found[3]


# --- model -----------------------------------------------------------------------------------------------------------

ASSUMED = {
    "articles": (1_000_000, "articles in the archive"),
    "seconds": (480, "seconds of sound an article (about 3,000 characters)"),
    "feed": (2_000, "episodes a feed: an archive of this size is many shows"),
    "cores": (64, "worker cores"),
    "changed": (0.001, "share of articles that change in a day"),
    "core_hour": (0.04, "price of a core hour"),
    "gb_month": (0.02, "price of a GB and month in a store"),
    "thousand_puts": (0.005, "price of 1,000 writes to a store"),
}
"""What nobody measured: to be replaced by your own (`--assume name=value`)."""


def model(facts: Mapping[str, Facts], assumed: Mapping[str, float]) -> dict[str, float]:
    """The figures of docs/scale.md, each a formula of measured facts and assumptions."""
    t, k, g = facts["table"], facts["tasks"], facts["gather"]
    n, seconds = assumed["articles"], assumed["seconds"]
    task = t["wall_per_s"] * seconds
    cpu = n * (t["cpu_per_s"] * seconds + k["worker_cpu"]) / 3600
    scheduler = k["scheduler_cpu"]
    media, texts = n * seconds * t["media_per_s"] / 1e9, n * t["texts"] / 1e9
    rate = assumed["cores"] / task
    shows = n / assumed["feed"]
    return {
        "CPU hours": cpu,
        "days on the assumed cores": n * task / assumed["cores"] / 86_400,
        "tasks a second": rate,
        "scheduler, share of one core": rate * scheduler,
        "client, share of one core": rate * k["client_cpu"],
        "cores that one scheduler feeds": task / max(scheduler, k["client_cpu"]),
        "dask's share of all CPU": (scheduler + k["client_cpu"] + k["worker_cpu"]) / (t["cpu_per_s"] * seconds),
        "media GB": media,
        "texts and pages GB": texts,
        "files, millions": n * t["files"] / 1e6,
        "cache GB (may be deleted)": n * seconds * t["cache_per_s"] / 1e9,
        "feeds and pages, CPU hours": n * g["gather_cpu"] / 3600,
        "one feed and its pages, seconds": assumed["feed"] * g["gather_cpu"],
        "one feed, MB of memory": assumed["feed"] * g["gather_mb_per_episode"],
        "all in one feed, GB of memory": n * g["gather_mb_per_episode"] / 1000,
        "a day's looking, CPU hours": n * (k["look_cpu"] + g["record_cpu"]) / 3600,
        "a day's changes, CPU hours": assumed["changed"] * cpu,
        "cost of rendering once": cpu * assumed["core_hour"],
        "cost of sending once": n * t["files"] / 1000 * assumed["thousand_puts"],
        "cost of a month's storage": (media + texts) * assumed["gb_month"],
        "feeds": shows,
    }


def show_model(facts: Mapping[str, Facts], assumed: Mapping[str, float]) -> None:
    for name, (_, what) in ASSUMED.items():
        print(f"assumed  {what:<58}{assumed[name]:>14,g}")
    for name, value in model(facts, assumed).items():
        print(f"model    {name:<58}{value:>14,.4g}" if value < 1000 else f"model    {name:<58}{value:>14,.0f}")


@contextmanager
def into(page: Path | None, name: str) -> Iterator[None]:
    """What is printed inside also becomes the block of `page` after the line `<!-- name -->`."""
    if page is None:
        yield
        return
    heard = io.StringIO()
    real = sys.stdout
    with contextlib.redirect_stdout(Both(real, heard)):
        yield
    text = page.read_text(encoding="utf-8")
    mark = f"<!-- {name} -->\n"
    if mark not in text:
        sys.exit(f"{page} has no line {mark}")
    before, _, after = text.partition(mark)
    rest = re.sub(r"\A```text\n.*?```\n", "", after, count=1, flags=re.DOTALL)
    page.write_text(f"{before}{mark}```text\n{heard.getvalue()}```\n{rest}", encoding="utf-8")


class Both(io.TextIOBase):
    """Writes twice."""

    def __init__(self, *streams: TextIO) -> None:
        self.streams = streams

    def write(self, text: str) -> int:
        """To each stream."""
        for stream in self.streams:
            stream.write(text)
            stream.flush()
        return len(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "what", nargs="?", default="all", choices=["table", "cluster", "tasks", "gather", "model", "all"]
    )
    parser.add_argument("--facts", type=Path, default=Path("scale.json"), help="where what was measured is kept")
    parser.add_argument("--page", type=Path, help="also put what is printed into this page (docs/scale.md)")
    parser.add_argument("--articles", type=int, help="fewer or more of them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument(
        "--assume", action="append", default=[], metavar="NAME=VALUE", help=f"one of {', '.join(ASSUMED)}"
    )
    args = parser.parse_args()
    steps: dict[str, Callable[[], Facts]] = {
        "table": lambda: table(args.articles or 12, args.rounds),
        "cluster": lambda: compare(args.articles or 300),
        "tasks": lambda: simulate(args.tasks, args.articles or 100),
        "gather": lambda: gather((500, 1_000, 2_000)),
    }
    facts: dict[str, Facts] = json.loads(args.facts.read_text()) if args.facts.is_file() else {}
    for name in steps if args.what == "all" else [args.what]:
        if name in steps:
            with into(args.page, name):
                print(f"{name}; load average before: {os.getloadavg()[0]:.1f}", flush=True)
                facts[name] = steps[name]()
            args.facts.write_text(json.dumps(facts, indent=1))
    if args.what in ("model", "all"):
        assumed = {name: float(value) for name, (value, _) in ASSUMED.items()}
        assumed |= {name: float(value) for name, _, value in (given.partition("=") for given in args.assume)}
        with into(args.page, "model"):
            show_model(facts, assumed)


if __name__ == "__main__":
    main()
