"""Tags of the other containers, on files that the encode room makes."""

import json
import shutil
import struct
import subprocess

import mutagen
import pytest

from tests import showcase
from yomicast import encode, export, feed
from yomicast.export import riff

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
    starts = [float(chapter["start_time"]) for chapter in told["chapters"]]
    assert told["chapters"][0]["tags"]["title"] == "はじめに"
    assert len(starts) >= 2
    assert starts == sorted(starts)  # as they lie in the file, so do players list them


def test_a_wav_keeps_its_credits_and_its_chapters_in_time_order(tmp_path):
    path = tmp_path / "a.wav"
    episode = showcase.draft(1)
    showcase.write_sound(
        path, showcase.sound(episode.cues[:4], 26.0), form="wav", cues=episode.cues[:4], marks=episode.marks
    )
    found = label(path)
    assert episode.credits[0] in found.tags.getall("COMM")[0].text[0]
    data = path.read_bytes()
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    starts = [int.from_bytes(data[at + 16 : at + 20], "big") for at in _places(data, b"ch00")]
    assert len(starts) > 2
    assert starts == sorted(starts)


def _places(data, name):
    """Where CHAP frames with that beginning of an element id have their id."""
    at = 0
    while (at := data.find(b"CHAP", at)) >= 0:
        if data[at + 10 : at + 14] == name:
            yield at
        at += 4


def long_wav(path, size):
    """An RF64 file (over 4 GB) that takes no room: its data are a hole."""
    form = struct.pack("<HHIIHH", 1, 2, 48_000, 192_000, 4, 16)
    head = b"RF64" + b"\xff" * 4 + b"WAVE" + b"ds64" + struct.pack("<IQQQI", 28, size + 72, size, size // 4, 0)
    head += b"fmt " + struct.pack("<I", 16) + form + b"data" + b"\xff" * 4
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + size)
    return len(head) + size


def test_a_wav_of_twelve_hours_is_labelled_too(tmp_path):
    path = tmp_path / "a.wav"
    size = long_wav(path, 12 * 3600 * 192_000)
    for _ in range(2):
        with path.open("r+b") as file:
            riff.with_id3(file, b"ID3" + bytes(30))
        whole = path.stat().st_size
        assert whole == size + 8 + 33 + 1
        with path.open("rb") as file:
            assert struct.unpack("<4sI4s4sIQQ", file.read(36))[5:] == (whole - 8, 12 * 3600 * 192_000)
            file.seek(size)
            assert file.read(11) == b"id3 " + struct.pack("<I", 33) + b"ID3"


def test_a_plain_wav_never_outgrows_its_own_length_field(tmp_path):
    path = tmp_path / "a.wav"
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 2**32 - 20) + b"WAVE" + b"data" + struct.pack("<I", 2**32 - 32))
        file.truncate(2**32 - 12)
    with path.open("r+b") as file:
        riff.with_id3(file, bytes(100))
    assert path.stat().st_size == 2**32 - 12
