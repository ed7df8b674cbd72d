"""The only module that starts another program: argv lists, never a shell; bounded in time and output."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yomicast.errors import EngineMissing, SynthesisError
from yomicast.model import Message

KEPT_STDERR = 4_000
"""Characters of a program's error output that are kept; the rest is read and thrown away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a program left: exit status, standard output (bytes), the tail of its error output."""

    status: int
    stdout: bytes
    stderr: str


def run(
    argv: Sequence[str],
    *,
    stdin: bytes = b"",
    timeout: float = 60.0,
    limit: int = 512 * 1024 * 1024,
    env: Mapping[str, str] | None = None,
    cwd: str | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Finished:
    """Run `argv` and wait; `stopped` is asked every 0.2 s and ends the program when true.

    Raises:
        EngineMissing: there is no such program.
        SynthesisError: it ran past `timeout` seconds or wrote more than `limit` bytes; its process group is ended.
    """
    try:
        process = subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **env} if env is not None else None,
            cwd=cwd,
            start_new_session=True,
        )
    except OSError as error:
        raise EngineMissing(
            Message(f"cannot start '{argv[0]}': {error.strerror}", f"'{argv[0]}' を起動できません: {error.strerror}"),
            hint=Message("install it or correct the path", "インストールするか、パスを直してください"),
        ) from error
    try:
        return _talk(process, stdin, time.monotonic() + timeout, limit, stopped)
    finally:
        if process.poll() is None:
            _end(process)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _talk(
    process: subprocess.Popen[bytes], stdin: bytes, deadline: float, limit: int, stopped: Callable[[], bool]
) -> Finished:
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None  # noqa: PT018
    out, err, left = bytearray(), bytearray(), memoryview(stdin)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        if stdin:
            selector.register(process.stdin, selectors.EVENT_WRITE)
        else:
            process.stdin.close()
        while selector.get_map():
            if stopped():
                _end(process)
                raise SynthesisError(Message("cancelled", "中止しました"))
            if time.monotonic() > deadline:
                _end(process)
                raise _late()
            for key, _ in selector.select(timeout=0.2):
                if key.fileobj is process.stdin:
                    left = _feed(process, selector, left)
                    continue
                chunk = os.read(key.fd, 65_536)
                if not chunk:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stdout:
                    out += chunk
                else:
                    err = (err + chunk)[-KEPT_STDERR:]
            if len(out) > limit:
                _end(process)
                raise SynthesisError(
                    Message("the program wrote too much", "プログラムの出力が多すぎます"), hint=_BY_HAND
                )
    try:
        status = process.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        _end(process)
        raise _late() from error
    return Finished(status=status, stdout=bytes(out), stderr=err.decode(errors="replace"))


_BY_HAND = Message("run it by hand and see what it does", "手で実行して、動きを確かめてください")


def _late() -> SynthesisError:
    return SynthesisError(
        Message("the program did not finish in time", "プログラムが時間内に終わりません"), hint=_BY_HAND
    )


def _feed(process: subprocess.Popen[bytes], selector: selectors.BaseSelector, left: memoryview) -> memoryview:
    assert process.stdin is not None
    try:
        left = left[os.write(process.stdin.fileno(), left[:65_536]) :]
    except BrokenPipeError:
        left = left[len(left) :]
    if not left:
        selector.unregister(process.stdin)
        process.stdin.close()
    return left


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
