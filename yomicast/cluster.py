"""Articles on many machines: an existing engine (dask.distributed), nothing of our own but the connection.

Workers need the same versions of yomicast and its engines, and must see the output folder under the same path (a shared
file system): sounds, chapters and episodes are written there, and only facts travel back.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import metadata
from typing import Any

from yomicast.errors import EngineMissing
from yomicast.model import Message

TIMEOUT = 10.0
ALIKE = ("yomicast", "pyopenjtalk-plus", "numpy", "lameenc")
"""Packages whose version changes what comes out."""


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """An executor on the scheduler at `address` (tcp://host:port).

    Raises:
        EngineMissing: dask is not installed here, nothing answers there, there is no worker, or versions differ.
    """
    try:
        import distributed
    except ImportError as error:
        raise EngineMissing(
            Message("the cluster extra is not installed", "クラスター用の追加パッケージが入っていません"),
            where="--cluster",
            hint=Message("pip install 'yomicast[cluster]'", "pip install 'yomicast[cluster]' を実行してください"),
        ) from error
    try:
        client: Any = distributed.Client(address, timeout=TIMEOUT)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise EngineMissing(
            Message(f"no scheduler answers: {error}", f"スケジューラーが応答しません: {error}"),
            where=address,
            hint=Message(
                "start one with 'dask scheduler', or correct the address",
                "dask scheduler を起動するか、アドレスを直してください",
            ),
        ) from error
    with client:
        _same_everywhere(client.run(versions), address)
        # retries: a task whose worker dies runs again elsewhere; tasks are idempotent.
        yield client.get_executor(retries=3, pure=False)


def versions() -> dict[str, str]:
    """What this process would make episodes with."""
    return {name: metadata.version(name) for name in ALIKE if name != "yomicast"} | {"yomicast": _own_version()}


def _own_version() -> str:
    from yomicast import __version__

    return __version__


def _same_everywhere(workers: dict[str, dict[str, str]], address: str) -> None:
    if not workers:
        raise EngineMissing(
            Message("the cluster has no workers", "クラスターにワーカーがありません"),
            where=address,
            hint=Message("start some with 'dask worker'", "dask worker を起動してください"),
        )
    ours = versions()
    for worker, theirs in workers.items():
        for name, version in ours.items():
            if theirs.get(name) != version:
                raise EngineMissing(
                    Message(
                        f"{name} is {theirs.get(name)} on {worker} and {version} here",
                        f"{name} が {worker} では {theirs.get(name)}、ここでは {version} です",
                    ),
                    where=address,
                    hint=Message("install the same versions everywhere", "同じ版をすべての機械に入れてください"),
                )
