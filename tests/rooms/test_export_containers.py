"""Tags of the other containers, on files that the encode room makes."""

import json
import shutil
import subprocess

import mutagen
import pytest

from tests import showcase
from yomicast import encode, export, feed

COVER = export.cover(None, title="x")[0]
FORMS = [suffix for suffix in export.TAGGERS if suffix.lstrip(".") in encode.ENCODERS and suffix != ".mp3"]


def test_every_form_that_is_made_can_be_labelled():
    assert {f".{name}" for name in encode.ENCODERS} <= set(export.TAGGERS)


@pytest.fixture(params=FORMS)
def path(request, tmp_path):
    path = tmp_path / f"a{request.param}"
    episode = showcase.draft(1)
    marks = tuple(mark for mark in episode.marks if mark.start < 25)
    showcase.write_sound(
        path, showcase.sound(episode.cues[:4], 26.0), form=request.param[1:], cues=episode.cues[:4], marks=marks
    )
    return path


def label(path):
    episode = showcase.draft(1)
    export.tag(path, episode, showcase.SHOW, cover=COVER, script="全文", feed_url=feed.url(showcase.SHOW))
    return mutagen.File(path)


def test_title_and_show_and_again_the_same_bytes(path):
    before = mutagen.File(path).info.length
    found = label(path)
    first = path.read_bytes()
    assert "灯台と子どもたち" in str(found.tags.values() if hasattr(found.tags, "values") else found.tags)
    assert found.info.length == pytest.approx(before, abs=0.01)
    label(path)
    assert path.read_bytes() == first


@pytest.mark.clients
def test_ffprobe_reads_title_and_chapters(path):
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe is not installed")
    label(path)
    argv = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json", str(path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    tags = {**told["streams"][0].get("tags", {}), **told["format"].get("tags", {})}
    assert {name.lower(): value for name, value in tags.items()}["title"] == "灯台と子どもたち"
    if path.suffix in (".m4a", ".opus"):
        assert told["chapters"][0]["tags"]["title"] == "はじめに"
        assert len(told["chapters"]) >= 2
