"""A real dask cluster on loopback: the same bytes as here, also when a worker is killed in the middle."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from yomicast import batch, pipeline
from yomicast.errors import EngineMissing, YomicastError
from yomicast.files import snapshot

pytestmark = pytest.mark.cluster
ROOT = Path(__file__).resolve().parents[2]
TEXT = "---\ndate: 2026-03-01\n---\n題名 {n}\n\n最初の文です。二つ目の文、{n}です。\n\nもうひとつの段落です。\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mei.yaml").write_text("engine: marker\n", encoding="utf-8")
    (tmp_path / "episodes").mkdir()
    for n in range(8):
        (tmp_path / "episodes" / f"a{n}.md").write_text(TEXT.format(n=n), encoding="utf-8")
    return tmp_path


@pytest.fixture
def scheduler(desk):
    """A scheduler and two single-threaded workers, as an operator would start them."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    contact = desk / "scheduler.json"
    common = {"cwd": desk, "env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
    ]
    started = [subprocess.Popen([*dask, "--scheduler-file", str(contact)], **common)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(contact), "--nthreads", "1"]
    workers = [
        subprocess.Popen([*worker, "--no-dashboard", "--no-nanny", "--local-directory", str(desk / f"w{n}")], **common)
        for n in range(2)
    ]
    started += workers
    end = time.monotonic() + 60
    while not contact.exists() and time.monotonic() < end:
        time.sleep(0.1)
    import json

    yield json.loads(contact.read_text())["address"], workers
    for process in started:
        process.kill()
        process.wait()


def test_a_worker_killed_in_the_middle_changes_no_byte(desk, scheduler):
    from distributed import Client

    from yomicast import cluster

    address, workers = scheduler
    with Client(address, timeout=30) as client:
        client.wait_for_workers(2, timeout=60)
    killed = []

    def on_done(outcome, done, total):
        if done == 2 and not killed:
            workers[0].send_signal(signal.SIGKILL)
            killed.append(True)

    for name, pool, tell in (
        ("there", lambda: cluster.connected(address, desk / "there"), on_done),
        ("here", batch.local_pool, lambda *_: None),
    ):
        out = desk / name
        with pipeline.workplace(out):
            work = batch.tasks(batch.find(["episodes"]), out)
            done = batch.run_all(work, pool, on_done=tell)
            pipeline.gather(pipeline.config.find_project(desk / "episodes/a0.md").show, out)
        assert [outcome.status for outcome in done] == ["made"] * 8
    assert killed
    ours = {name: (desk / "here" / name).read_bytes() for name in snapshot(desk / "here")}
    assert {name: (desk / "there" / name).read_bytes() for name in snapshot(desk / "there")} == ours


def test_nobody_at_the_address_is_one_line(desk, monkeypatch):
    from yomicast import cluster

    monkeypatch.setattr(cluster, "TIMEOUT", 1.0)
    with (
        pytest.raises(EngineMissing, match="no scheduler answers") as caught,
        cluster.connected("tcp://127.0.0.1:9", desk),
    ):
        pass
    assert "\n" not in caught.value.message.en


def test_what_a_worker_lacks_is_named_with_the_worker(desk):
    from yomicast import cluster

    (desk / "token").touch()
    fit = cluster.Desk(versions=batch.versions(), folder=str(desk), out=Path(), token="token", engines=("marker",))
    assert cluster.inspected(fit) is None
    for change, said in (
        ({"versions": {**batch.versions(), "numpy": "0.1"}}, r"numpy is .* and 0\.1 on the client"),
        ({"out": Path("elsewhere")}, "does not see"),
        ({"folder": str(desk / "none")}, "does not see"),
        ({"engines": ("no-such",)}, "no engine"),
    ):
        wrong = cluster.inspected(dataclasses.replace(fit, **change))
        with pytest.raises(YomicastError, match=said) as caught:
            cluster.refuse({"tcp://w:1": None, "tcp://w:2": wrong}, "tcp://s")
        assert str(caught.value.where) == "tcp://w:2"
        with pytest.raises(YomicastError, match=said):
            cluster.on_worker(dataclasses.replace(fit, **change), len, "ab")
    assert cluster.on_worker(fit, len, "ab") == 2
    with pytest.raises(EngineMissing, match="no workers"):
        cluster.refuse({}, "tcp://s")
    with pytest.raises(EngineMissing, match="does not run there: No module"):
        cluster.refuse({"tcp://w": ModuleNotFoundError("No module named 'yomicast'")}, "tcp://s")
