"""A real dask cluster on loopback: the same bytes as here, also when a worker is killed in the middle."""

import dataclasses
import os
import signal
from pathlib import Path

import loopback
import pytest

from yomicast import batch
from yomicast.errors import EngineMissing, YomicastError

pytest.importorskip("distributed")  # it brings psutil, which the benchmark measures with
import scale

pytestmark = pytest.mark.cluster


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_changes_no_byte(desk, capsys):
    """A small one of `benchmarks/scale.py cluster`: articles of every form, one of two workers killed half-way."""
    found = scale.compare(10)
    assert "killed -9 half-way: 1" in capsys.readouterr().out
    assert found["unlike"] == 0
    assert found["files"] > 100


@pytest.mark.slow
def test_two_thousand_tasks_pass_through_a_real_scheduler(desk, capsys):
    """A small one of `benchmarks/scale.py tasks`: none is made twice, none lost."""
    scale.simulate(2_000, 2)
    assert "{'made': 0, 'fresh': 2000, 'failed': 0}" in capsys.readouterr().out


@pytest.mark.slow
def test_a_task_that_wants_a_gpu_and_a_folder_that_is_not_shared(desk):
    from yomicast import cluster

    with loopback.cluster(desk, workers=1, nanny=False, options=(("--resources", "GPU=1"),)) as there:
        with cluster.connected(there.address, desk) as pool:
            task = batch.Task(target="x", out=desk, show_file=None, neighbours=NOBODY, always=False, gpu=True)
            assert pool.submit(os.path.basename, "a/b").result(timeout=60) == "b"
            assert pool.submit(id, task).result(timeout=60)
        there.processes[1].send_signal(signal.SIGKILL)
        there.processes[1].wait()
        with pytest.raises(YomicastError, match="no workers"), cluster.connected(there.address, desk):
            pass
        assert not list(desk.glob(".cluster-*"))


NOBODY = scale.pipeline.Neighbours()


def test_gpu_tasks_go_where_one_is_offered(desk):
    from yomicast import cluster

    asked = []

    class Client:
        def get_executor(self, **options):
            asked.append(options.get("resources"))
            return options

    desk_ = cluster.Desk(versions={}, folder=str(desk), out=Path(), token="t")
    with_gpu, without = cluster._Cluster(Client(), desk_, gpu=True), cluster._Cluster(Client(), desk_, gpu=False)
    assert with_gpu._gpu["resources"] == {"GPU": 1}
    assert "resources" not in with_gpu._plain
    assert without._gpu is without._plain


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
