"""A dask cluster on loopback, started as an operator would start one; for benchmarks and tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """`processes`: those started here, the scheduler first. With a nanny each stands over its worker."""

    address: str
    processes: tuple[subprocess.Popen[bytes], ...]

    def worker_pids(self) -> list[int]:
        """Process ids of the workers themselves."""
        from distributed import Client

        with Client(self.address, timeout=PATIENCE) as client:
            return sorted(client.run(os.getpid).values())


def _dask(program: str, *options: str) -> list[str]:
    return [sys.executable, "-m", f"distributed.cli.dask_{program}", "--no-dashboard", *options]


@contextmanager
def cluster(
    folder: Path, *, workers: int = 2, nanny: bool = True, options: Sequence[Sequence[str]] = ()
) -> Iterator[Cluster]:
    """A scheduler and single-threaded workers with `folder` as theirs; a nanny starts a dead worker again. `options`: for
    each worker, more of its command line.
    """
    from distributed import Client

    paths = os.pathsep.join((str(ROOT), str(ROOT / "benchmarks")))  # what tasks are made of lies in both
    environment = {**os.environ, "PYTHONPATH": paths, "DASK_DISTRIBUTED__WORKER__PRELOAD": "yomicast.cluster"}
    contact = folder / "scheduler.json"
    started: list[subprocess.Popen[bytes]] = []

    def start(argv: list[str]) -> None:
        with (folder / f"dask-{len(started)}.log").open("wb") as log:
            started.append(subprocess.Popen(argv, cwd=folder, env=environment, stdout=log, stderr=log))

    try:
        start(_dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(contact)))
        for number in range(workers):
            scratch = ("--local-directory", str(folder / f"scratch-{number}"))
            kind = () if nanny else ("--no-nanny",)
            more = options[number] if number < len(options) else ()
            start(_dask("worker", "--scheduler-file", str(contact), "--nthreads", "1", *scratch, *kind, *more))
        end = time.monotonic() + PATIENCE
        while not contact.exists():
            if time.monotonic() > end:
                raise TimeoutError((folder / "dask-0.log").read_text())
            time.sleep(0.05)
        address = str(json.loads(contact.read_text())["address"])
        with Client(address, timeout=PATIENCE) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)
        yield Cluster(address=address, processes=tuple(started))
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
