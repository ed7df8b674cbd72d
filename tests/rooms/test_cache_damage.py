"""Whatever befalls the cache, the episode comes out the same: damage is seen by its hash and the entry is made again."""

import shutil
from pathlib import Path

import pytest

from yomicast import files, pipeline

TEXT = "---\ndate: 2026-03-01\n---\n# 題名\n\n## 一つ目\n\n最初の文です。二つ目の文です。\n\n## 二つ目\n\n三つ目の文です。\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mei.yaml").write_text("engine: marker\n", encoding="utf-8")
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "show.yaml").write_text("sound: {formats: [mp3, opus]}\n", encoding="utf-8")
    return tmp_path


def render():
    out = Path("out")
    for path in out.glob("a/*"):
        if path.name != "report.json":  # it holds the gain, which a second run keeps
            path.unlink()
    pipeline.render(pipeline.open_job("a.md", out=out))
    return {name: (out / name).read_bytes() for name in files.snapshot(out)}


def flipped(data):
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0x10]) + data[middle + 1 :]


@pytest.mark.parametrize(
    "damage", [flipped, lambda data: data[: len(data) // 2], lambda _: b"", lambda data: data + b"x"],
    ids=["one bit", "half", "nothing", "one byte more"],
)  # fmt: skip
def test_a_damaged_entry_is_made_again(desk, damage):
    first = render()
    assert render() == first
    kinds = set()
    for path in sorted(Path("out/.cache").rglob("*")):
        if path.is_file():
            kinds.add(path.relative_to("out/.cache").parts[0])
            path.write_bytes(damage(path.read_bytes()))
    assert kinds >= {"speech", "mix", "levels", "encode"}
    assert render() == first


def test_a_seal_covers_the_file_and_what_belongs_to_it(tmp_path):
    path, other = tmp_path / "a", tmp_path / "b"
    path.write_bytes(b"one")
    other.write_bytes(b"two")
    files.seal(path, other)
    assert files.sealed(path, other)
    assert not files.sealed(path)
    other.write_bytes(b"tw0")
    assert not files.sealed(path, other)
    other.unlink()
    assert not files.sealed(path, other)
    assert not files.sealed(tmp_path / "none")


def test_the_cache_may_go_at_any_time(desk):
    first = render()
    shutil.rmtree("out/.cache")
    assert render() == first
