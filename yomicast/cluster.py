"""Articles on many machines: an existing engine (dask.distributed), nothing of our own but the connection.

Workers need the same versions of yomicast and its engines, and must see the output folder: sounds, chapters and episodes
are written there, and only facts travel back. All of that is looked at in every worker before its first task, also in
one that joins later. Tasks that need a GPU go to workers that offer one (`dask worker --resources GPU=1`).
"""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yomicast.batch import Task, versions, worker_died
from yomicast.errors import EngineMissing, OutputError, YomicastError
from yomicast.model import Message

TIMEOUT = 10.0
WINDOW = 10_000
"""Tasks that the scheduler holds at a time, whatever the archive's size."""

RETRIES = 3
GPU = "GPU"
"""The dask resource that GPU workers offer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a worker must share with the client: versions, the folder the client stands in, the output folder (it holds
    a file called `token`), the engines of the show.
    """

    versions: Mapping[str, str] = field(hash=False)
    folder: str
    out: Path
    token: str
    engines: tuple[str, ...] = ()


@contextmanager
def connected(address: str, out: Path, *, engines: tuple[str, ...] = ()) -> Iterator[Executor]:
    """An executor on the scheduler at `address` (tcp://host:port) for episodes below `out`.

    Raises:
        EngineMissing: dask is not installed here, nothing answers there, there is no worker, versions differ, or a
            worker lacks one of `engines`. OutputError: a worker does not see `out`.
    """
    client = _client(address)
    token = out / f".cluster-{uuid.uuid4().hex}.part"  # swept where a kill left it
    token.touch()
    desk = Desk(versions=versions(), folder=os.getcwd(), out=out, token=token.name, engines=engines)  # noqa: PTH109  workers get it as text
    try:
        with client:
            refuse(client.run(inspected, desk, on_error="return"), address)
            offers = client.scheduler_info(n_workers=-1)["workers"].values()
            yield _Cluster(client, desk, gpu=any(worker["resources"].get(GPU) for worker in offers))
    finally:
        token.unlink(missing_ok=True)


def _client(address: str) -> Any:
    try:
        import distributed
    except ImportError as error:
        raise EngineMissing(
            Message("the cluster extra is not installed", "クラスター用の追加パッケージが入っていません"),
            where="--cluster",
            hint=Message("pip install 'yomicast[cluster]'", "pip install 'yomicast[cluster]' を実行してください"),
        ) from error
    try:
        return distributed.Client(address, timeout=TIMEOUT)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise EngineMissing(
            Message(f"no scheduler answers: {said}", f"スケジューラーが応答しません: {said}"),
            where=address,
            hint=Message(
                "start one with 'dask scheduler', or correct the address",
                "dask scheduler を起動するか、アドレスを直してください",
            ),
        ) from error


def refuse(found: Mapping[str, object], address: str) -> None:
    """Go on only when every worker is fit; `found`: by worker, None or what is wrong with it.

    Raises:
        EngineMissing: there is no worker, or one lacks yomicast. YomicastError: what a worker said.
    """
    if not found:
        raise EngineMissing(
            Message("the cluster has no workers", "クラスターにワーカーがありません"),
            where=address,
            hint=Message("start some with 'dask worker'", "dask worker を起動してください"),
        )
    for worker, wrong in found.items():
        if isinstance(wrong, YomicastError):
            wrong.where = type(wrong.where)(file=worker)
            raise wrong
        if wrong is not None:
            said = (str(wrong).splitlines() or [type(wrong).__name__])[0][:200]
            raise EngineMissing(
                Message(f"yomicast does not run there: {said}", f"読みcast が動きません: {said}"),
                where=worker,
                hint=Message("install the same versions everywhere", "同じ版をすべての機械に入れてください"),
            )


# --- on the worker ---------------------------------------------------------------------------------------------------


def inspected(desk: Desk) -> YomicastError | None:
    """What keeps this worker from working at `desk`."""
    return _other_version(desk) or _other_folder(desk) or _missing_engine(desk.engines)


def _other_version(desk: Desk) -> YomicastError | None:
    ours = versions()
    for name, wanted in desk.versions.items():
        if ours.get(name) != wanted:
            return EngineMissing(
                Message(
                    f"{name} is {ours.get(name)} on the worker and {wanted} on the client",
                    f"{name} がワーカーでは {ours.get(name)}、クライアントでは {wanted} です",
                ),
                hint=Message("install the same versions everywhere", "同じ版をすべての機械に入れてください"),
            )
    return None


def _other_folder(desk: Desk) -> YomicastError | None:
    try:
        os.chdir(desk.folder)
        if (desk.out / desk.token).is_file():
            return None
    except OSError:
        pass
    return OutputError(
        Message(
            f"the worker does not see {desk.folder} with {desk.out} as the client does",
            f"ワーカーからは {desk.folder} と {desk.out} が同じように見えません",
        ),
        hint=Message(
            "put both on a shared disk under one path", "共有ディスクに置き、同じパスで見えるようにしてください"
        ),
    )


def _missing_engine(names: tuple[str, ...]) -> YomicastError | None:
    from yomicast import speech

    for name in names:
        try:
            engine = speech.opened(name)
            rows = engine.health() if isinstance(engine, speech.Doctor) else ()
        except YomicastError as error:
            return error
        for row in rows:
            if not row.ok:
                return EngineMissing(
                    Message(f"engine {name}: {row.what.en}", f"エンジン {name}: {row.what.ja}"),
                    hint=(row.mend if isinstance(row.mend, Message) else Message(row.mend, row.mend))
                    if row.mend
                    else None,
                )
    return None


_known = functools.lru_cache(maxsize=64)(inspected)


def on_worker(desk: Desk, function: Callable[..., object], *given: object) -> object:
    """Run a task here if this process is fit for it; looked at once a run in each process.

    Raises:
        YomicastError: it is not.
    """
    if (wrong := _known(desk)) is not None:
        raise wrong
    if os.getcwd() != desk.folder:  # noqa: PTH109  another client's task was here
        os.chdir(desk.folder)
    return function(*given)


# --- on the client ---------------------------------------------------------------------------------------------------


class _Cluster(Executor):
    """Hands tasks to dask and gives its losses our names."""

    def __init__(self, client: Any, desk: Desk, *, gpu: bool) -> None:
        # retries: a task whose worker dies runs again elsewhere; tasks are idempotent.
        self._plain = client.get_executor(retries=RETRIES, pure=False)
        self._gpu = client.get_executor(retries=RETRIES, pure=False, resources={GPU: 1}) if gpu else self._plain
        self._desk = desk

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """As every executor does; a `Task` that likes a GPU gets one where a worker offers it."""
        task = next((one for one in given if isinstance(one, Task)), None)
        pool = self._gpu if task is not None and task.gpu else self._plain
        outer: Future[Any] = Future()
        inner = pool.submit(on_worker, self._desk, function, *given, **named)
        inner.add_done_callback(functools.partial(_handed_over, outer, task.target if task else ""))
        return outer


def _handed_over(outer: Future[Any], target: str, inner: Future[Any]) -> None:
    if not outer.set_running_or_notify_cancel():
        return
    if inner.cancelled():
        outer.set_exception(BrokenExecutor("the scheduler let go of the task"))
        return
    error = inner.exception()
    if error is None:
        outer.set_result(inner.result())
    elif type(error).__name__ == "KilledWorker":
        outer.set_exception(worker_died(target))
    elif isinstance(error, YomicastError):
        outer.set_exception(error)
    else:
        outer.set_exception(BrokenExecutor(f"{type(error).__name__}: {error}"))
