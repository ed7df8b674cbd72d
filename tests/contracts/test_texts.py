"""Every written form keeps the same promises: same bytes again, nothing rewritten, hostile text harmless, UTF-8."""

import dataclasses
import json
import re

import pytest
from lxml import html

from tests import showcase
from yomicast.export.texts import FORMS, texts, told
from yomicast.model import Cue, Mark
from yomicast.shownotes import SYNTHETIC

HOSTILE = "<b>&]]> --> \u202e逆\u0007 javascript:alert(1) ```😀</b>"
EVIL = dataclasses.replace(
    showcase.draft(1),
    title=HOSTILE,
    summary=HOSTILE,
    cues=(Cue(start=0.5, end=4, text=HOSTILE, speaker='x"><script>', line=0),),
    marks=(Mark(start=0, title=HOSTILE),),
    link="javascript:alert(1)",
    corrections=((HOSTILE, HOSTILE),),
    credits=(HOSTILE,),
)


@pytest.fixture(params=FORMS, ids=lambda form: form.suffix)
def form(request):
    return request.param


def write(form, episode):
    return form.write(told(episode, showcase.SHOW))


def test_the_same_episode_gives_the_same_text(form):
    assert write(form, showcase.draft(1)) == write(form, showcase.draft(1)) != ""


def test_the_text_ends_with_a_line_end_and_is_utf8(form):
    text = write(form, showcase.draft(1))
    assert text.endswith("\n")
    assert text.encode().decode() == text


def test_hostile_text_loses_its_power_not_its_words(form):
    text = write(form, EVIL)
    assert "逆" in text
    assert not re.search("[\u202e\u0007]", text)
    if form.suffix.endswith("html"):
        page = html.document_fromstring(text.encode())
        assert not page.xpath("//script | //b | //main//a[starts-with(@href, 'javascript')]")
        assert "javascript:alert(1)" in page.text_content()
    elif form.suffix == ".vtt":
        assert text.count("-->") == 1
    elif form.suffix.endswith("json"):
        json.loads(text)
    elif form.suffix.endswith("md"):
        assert "\\<b\\>" in text
        assert "](<javascript" not in text


def test_an_episode_without_words_is_written_too(form):
    bare = dataclasses.replace(
        showcase.draft(1), cues=(), marks=(), summary="", links=(), credits=(), persons=(), omissions=(), link=""
    )
    assert write(form, bare)


def test_files_are_named_in_the_table_and_written_once(tmp_path):
    episode = showcase.draft(1)
    first = texts(episode, showcase.SHOW, tmp_path, episode.slug)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    assert texts(episode, showcase.SHOW, tmp_path, episode.slug) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")} == times
    assert len({one.path for one in first}) == len(FORMS)
    for one in first:
        path = tmp_path / one.path
        assert path.stat().st_size == one.size
        assert showcase.sha256_of(path) == one.sha256
    assert (tmp_path / episode.slug / "chapters.json").is_file()


def test_a_second_edition_stands_beside_the_first(tmp_path):
    episode = showcase.draft(1)
    first = {one.path for one in texts(episode, showcase.SHOW, tmp_path, episode.slug)}
    assert not first & {one.path for one in texts(episode, showcase.SHOW, tmp_path, f"{episode.slug}-clear")}


def test_the_notes_tell_what_a_listener_asks():
    notes = next(form for form in FORMS if form.suffix == ".notes.md")
    text = write(notes, dataclasses.replace(showcase.draft(1), corrections=(("2026-03-22", "船の数を正しました。"),)))
    for asked in (
        "港町の朝を歩き",
        "2026-03-22 訂正: 船の数",
        "00:00:00 はじめに",
        "[港の案内図](<https://example.com/map?a=1&b=2>)",
        "画像の説明 1 件",
        "声: HTS Voice Mei (CC BY 3.0)",
        SYNTHETIC,
    ):
        assert asked in text, asked
