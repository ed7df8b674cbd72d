"""Tags: every frame of the list, in one save, in an order that every reader keeps."""

import dataclasses
import io

import pytest
from mutagen.id3 import ID3, CTOCFlags

from tests import showcase
from yomicast import export, feed
from yomicast.errors import AudioError
from yomicast.export import tags
from yomicast.model import Mark

FRAMES = {
    "TIT2", "TPE1", "TALB", "TCON", "TRCK", "TDRC", "TLAN", "COMM", "USLT", "SYLT", "APIC", "PCST", "WFED", "TGID",
    "TDES", "WOAF", "TLEN", "CHAP", "CTOC",
}  # fmt: skip
COVER = export.cover(None, title="x")[0]


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "a.mp3"
    episode = showcase.draft(2)
    showcase.write_sound(path, showcase.sound(episode.cues[:2], 12.0))
    return path.read_bytes()


def tagged(tmp_path, sound, episode, **more):
    path = tmp_path / "a.mp3"
    path.write_bytes(sound)
    known = {"cover": COVER, "script": "全文\n二行目", "feed_url": feed.url(showcase.SHOW)}
    export.tag(path, episode, showcase.SHOW, **{**known, **more})
    return path


def frames_in_file(data):
    at, found = 10, []
    end = 10 + tags._syncsafe(data[6:10])
    while at < end and data[at]:
        found.append(data[at : at + 4].decode())
        at += 10 + int.from_bytes(data[at + 4 : at + 8], "big")
    return found


def test_every_frame_of_the_list(tmp_path, sound):
    found = ID3(tagged(tmp_path, sound, showcase.draft(2)))
    assert {key.split(":")[0] for key in found} >= FRAMES
    assert found.version == (2, 3, 0)
    assert found["USLT::jpn"].text == "全文\n二行目"
    assert found["TIT2"].encoding == tags.UTF16
    assert found.getall("SYLT")[0].text[0][1] == 1200


def test_no_v1_no_unsynchronisation_and_the_sound_untouched(tmp_path, sound):
    data = tagged(tmp_path, sound, showcase.draft(2)).read_bytes()
    assert data[5] == 0
    assert data.endswith(sound)
    assert data[-128:-125] != b"TAG"


def test_chapters_lie_in_the_file_in_time_order(tmp_path, sound):
    marks = tuple(Mark(start=n, title="章" * (1 + (n * 7) % 5)) for n in range(12))
    data = tagged(tmp_path, sound, dataclasses.replace(showcase.draft(2), marks=marks)).read_bytes()
    starts = [int.from_bytes(data[(at := i + 10 + 6) : at + 4], "big") for i in _places(data, b"CHAP")]
    assert starts == [n * 1000 for n in range(12)]


def _places(data, name):
    at = data.find(name)
    while at >= 0:
        yield at
        at = data.find(name, at + 4)


def test_contents_name_the_chapters_in_order(tmp_path, sound):
    episode = showcase.draft(2)
    found = ID3(tagged(tmp_path, sound, episode))
    contents = found.getall("CTOC")[0]
    chapters = {chapter.element_id: chapter for chapter in found.getall("CHAP")}
    assert contents.flags == CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    assert [str(chapters[name].sub_frames["TIT2"]) for name in contents.child_element_ids] == [
        mark.title for mark in episode.marks
    ]
    ends = [chapters[name].end_time for name in contents.child_element_ids]
    starts = [chapters[name].start_time for name in contents.child_element_ids]
    assert [*starts[1:], round(episode.seconds * 1000)] == ends


def test_subchapters_stay_out_of_players(tmp_path, sound):
    episode = showcase.draft(2)
    deep = dataclasses.replace(episode, marks=(*episode.marks, Mark(start=5, title="小見出し", level=3)))
    assert len(ID3(tagged(tmp_path, sound, deep)).getall("CHAP")) == len(episode.marks)


def test_the_feed_frame_has_its_encoding_byte(tmp_path, sound):
    data = tagged(tmp_path, sound, showcase.draft(2)).read_bytes()
    at = data.index(b"WFED")
    assert data[at + 10 : at + 11] == b"\0"
    assert data[at + 11 :].startswith(feed.url(showcase.SHOW).encode())


def test_tagging_again_gives_the_same_bytes(tmp_path, sound):
    path = tagged(tmp_path, sound, showcase.draft(2))
    first = path.read_bytes()
    export.tag(
        path, showcase.draft(2), showcase.SHOW, cover=COVER, script="全文\n二行目", feed_url=feed.url(showcase.SHOW)
    )
    assert path.read_bytes() == first


def test_tags_of_others_are_replaced(tmp_path, sound):
    old = ID3()
    stream = io.BytesIO()
    old.add(tags.id3.TIT2(encoding=3, text="古い"))
    old.save(stream, v2_version=4)
    assert (
        tagged(tmp_path, stream.getvalue() + sound + b"TAG" + b"x" * 125, showcase.draft(2))
        .read_bytes()
        .endswith(sound)
    )


def test_chapter_pictures_and_links(tmp_path, sound):
    marks = (Mark(start=0, title="絵", image="a/1.jpg", link="https://example.com/"),)
    episode = dataclasses.replace(showcase.draft(2), marks=marks)
    chapter = ID3(tagged(tmp_path, sound, episode, images={"a/1.jpg": COVER})).getall("CHAP")[0]
    assert chapter.sub_frames["APIC:"].data == COVER
    assert chapter.sub_frames["WXXX:"].url == "https://example.com/"


def test_hostile_titles_are_cleaned(tmp_path, sound):
    episode = dataclasses.replace(showcase.draft(2), title="a\x00b\u202e<逆>\n" + "長" * 300)
    title = str(ID3(tagged(tmp_path, sound, episode))["TIT2"])
    assert title.startswith("ab<逆> 長")
    assert len(title) == 255


@pytest.mark.parametrize("name", ["a.xyz", "a"])
def test_an_unknown_container_is_an_error_with_the_known_ones(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(AudioError) as error:
        export.tag(tmp_path / name, showcase.draft(1), showcase.SHOW, cover=None, script="", feed_url="")
    assert ".mp3" in error.value.hint.en
