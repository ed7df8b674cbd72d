"""Whole or absent."""

import errno
import os
import subprocess
import sys
import time

import pytest

from yomicast.errors import OutputError
from yomicast.files import locked, snapshot, sweep, whole, write_changed


def test_a_file_that_fails_half_way_is_not_there(tmp_path):
    path = tmp_path / "a.txt"
    with pytest.raises(ValueError, match="half"), whole(path) as part:
        part.write_text("half")
        raise ValueError("half")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_rewrite_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    write_changed(path, "old")
    with pytest.raises(ValueError, match="half"), whole(path) as part:
        part.write_text("new")
        raise ValueError("half")
    assert path.read_text() == "old"


def test_the_same_content_is_not_written_again(tmp_path):
    path = tmp_path / "a.txt"
    assert write_changed(path, "x") is True
    os.utime(path, ns=(1, 1))
    assert write_changed(path, "x") is False
    assert path.stat().st_mtime_ns == 1
    assert write_changed(path, "y") is True
    assert path.read_text() == "y"


@pytest.mark.parametrize(("number", "word"), [(errno.ENOSPC, "full"), (errno.EACCES, "written"), (errno.EIO, "failed")])
def test_the_systems_refusal_says_the_next_step(tmp_path, monkeypatch, number, word):
    def refuse(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("yomicast.files.tempfile.mkstemp", refuse)
    with pytest.raises(OutputError) as caught:
        write_changed(tmp_path / "a", "x")
    assert word in caught.value.message.en
    assert caught.value.hint


def test_unfinished_files_of_a_killed_run_are_swept(tmp_path):
    code = (
        "import sys; from pathlib import Path; from yomicast.files import whole\n"
        "with whole(Path(sys.argv[1])) as part:\n"
        "    part.write_text('half'); print('ready', flush=True); import time; time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "a.mp3")], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"ready\n"
    child.kill()
    child.wait()
    child.stdout.close()
    assert not (tmp_path / "a.mp3").exists()
    assert sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_second_run_on_one_folder_is_refused_and_a_killed_one_lets_go(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from yomicast.files import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"held\n"
    with pytest.raises(OutputError, match="another run"), locked(tmp_path):
        pass
    child.kill()
    child.wait()
    child.stdout.close()
    for _ in range(50):
        try:
            with locked(tmp_path):
                break
        except OutputError:
            time.sleep(0.05)
    else:
        pytest.fail("the lock outlived its process")


def test_a_snapshot_knows_finished_files_only(tmp_path):
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "x").write_text("x")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.mp3").write_text("xy")
    assert list(snapshot(tmp_path)) == ["a/b.mp3"]
