"""The built wheel is whole: an episode is made from it alone, outside the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_an_episode_from_the_wheel(tmp_path):
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    copy = tmp_path / "source"
    for name in filter(None, tracked.stdout.decode().split("\0")):
        if name.startswith(("yomicast/", "voices/")) or "/" not in name:
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(tmp_path / "dist"),
        str(copy),
    ]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "dist").glob("yomicast-*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
        names = archive.namelist()
    shipped = {
        p.relative_to(ROOT).as_posix()
        for p in (ROOT / "yomicast").rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    tracked_names = set(tracked.stdout.decode().split("\0"))
    assert sorted((shipped & tracked_names) - set(names)) == []
    assert "yomicast/voices/mei.yaml" in names
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "a.txt").write_text("短い記事\n\n本文の文です。\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "yomicast", "render", "a.txt", "--quiet"], cwd=desk, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(site)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list((desk / "audio_out" / "a").glob("a.*.mp3"))
    assert (desk / "audio_out" / "a" / "index.html").is_file()
