"""episode.json: the whole episode and back; what is damaged is an error with a next step."""

import json

import pytest

from tests import showcase
from yomicast import export
from yomicast.errors import FeedError


def test_a_whole_episode_comes_back(tmp_path):
    path = tmp_path / "episode.json"
    episode = showcase.draft(2, corrections=(("2026-03-22", "訂正"),), season=3, kind="bonus", explicit=True)
    assert export.write_episode(path, episode)
    assert export.read_episode(path) == episode
    assert not export.write_episode(path, episode)


def test_no_file_is_no_episode(tmp_path):
    assert export.read_episode(tmp_path / "episode.json") is None


def spoiled(change):
    def spoil(value):
        change(value["episode"])
        return value

    return spoil


DAMAGE = {
    "cut-short": lambda v: None,
    "a-list": lambda v: [],
    "newer": lambda v: {**v, "version": 2},
    "unknown-key": spoiled(lambda e: e.update(colour="red")),
    "missing-key": spoiled(lambda e: e.pop("guid")),
    "text-for-number": spoiled(lambda e: e.update(seconds="66")),
    "true-for-number": spoiled(lambda e: e.update(number=True)),
    "unknown-kind": spoiled(lambda e: e.update(kind="song")),
    "no-date": spoiled(lambda e: e.update(published="yesterday")),
    "no-zone": spoiled(lambda e: e.update(published="2026-03-20T07:00:00")),
    "slug-escapes": spoiled(lambda e: e.update(slug="../x")),
    "image-escapes": spoiled(lambda e: e.update(image="../../etc/passwd")),
    "rendition-escapes": spoiled(
        lambda e: e.update(renditions=[{"path": "/etc/passwd", "media_type": "x", "size": 1, "sha256": ""}])
    ),
    "pair-of-three": spoiled(lambda e: e.update(corrections=[["a", "b", "c"]])),
    "tuple-is-text": spoiled(lambda e: e.update(credits="abc")),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_explained(tmp_path, name):
    path = tmp_path / "episode.json"
    export.write_episode(path, showcase.draft(1))
    value = DAMAGE[name](json.loads(path.read_text(encoding="utf-8")))
    path.write_text('{"version": 1, "epis' if value is None else json.dumps(value), encoding="utf-8")
    with pytest.raises(FeedError) as error:
        export.read_episode(path)
    assert error.value.hint is not None
    assert error.value.where.file == str(path)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999"])
def test_numbers_are_numbers(tmp_path, text):
    path = tmp_path / "episode.json"
    export.write_episode(path, showcase.draft(1))
    old = path.read_text(encoding="utf-8")
    seconds = json.loads(old)["episode"]["seconds"]
    path.write_text(old.replace(f'"seconds": {seconds}', f'"seconds": {text}', 1), encoding="utf-8")
    with pytest.raises(FeedError):
        export.read_episode(path)


def test_nesting_without_end_is_an_error(tmp_path):
    path = tmp_path / "episode.json"
    path.write_text("[" * 100_000)
    with pytest.raises(FeedError):
        export.read_episode(path)
