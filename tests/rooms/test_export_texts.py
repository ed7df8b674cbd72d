"""Transcripts: segments, line breaks, times; one text in every form."""

import dataclasses
import json

import pytest

from tests import showcase
from yomicast import export
from yomicast.errors import OutputError
from yomicast.export import lines, timed
from yomicast.export.texts import FORMS, told
from yomicast.model import Cue, Mark, WordTime

LONG = (
    "坂の上の小学校では、子どもたちが灯台の歴史を調べていて、去年の秋からは港の古い写真を集める活動も始まり、"
    "いまでは町の人たちが家の押し入れから見つけた写真を学校まで届けに来るようになりました。"
)


def cue(text=LONG, start=10.0, end=20.0, **more):
    return Cue(start=start, end=end, text=text, speaker="メイ", line=0, **more)


def form(suffix):
    return next(one for one in FORMS if one.suffix == suffix)


def test_a_long_sentence_becomes_segments_that_meet():
    found = lines.segments([cue()], narrator="メイ")
    assert len(found) == 2
    assert found[0].start == 10_000
    assert found[-1].end == 20_000
    assert found[0].end == found[1].start
    assert "".join(one.text for one in found) == LONG
    assert all(len(line) <= lines.LINE for one in found for line in one.lines)
    assert all(len(one.lines) <= 2 for one in found)


def test_segments_begin_where_their_first_word_sounds():
    plain = lines.segments([cue()], narrator="")
    at = len(plain[0].text)
    words = (
        WordTime(start=10, end=11, start_char=0, end_char=1),
        WordTime(start=17.25, end=18, start_char=at, end_char=at + 2),
    )
    timed_ = lines.segments([cue(words=words)], narrator="")
    assert timed_[0].end == timed_[1].start == 17_250
    assert timed_[1].words == ((17_250, 18_000, LONG[at : at + 2]),)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("短い文です。", ["短い文です。"]),
        (
            "市場の人たちは、まだ暗いうちから声をかけ合い、氷の上に銀色の魚を次々に並べていきます。",
            ["市場の人たちは、まだ暗いうちから声をかけ合い、", "氷の上に銀色の魚を次々に並べていきます。"],
        ),
        (
            "この町で生まれ育った人たちは「海は見ているだけで心が落ち着く」とそろって口にします。",
            ["この町で生まれ育った人たちは", "「海は見ているだけで心が落ち着く」とそろって口にします。"],
        ),
    ],
)
def test_lines_break_where_a_reader_breathes(text, parts):
    assert lines.pieces(text, lines.LINE) == parts


def test_no_line_begins_with_a_sign_that_may_not_begin_one():
    for text in ("か、" * 60, "コンピューター" * 14, "「あっ」" * 30, "あっさり" * 20):
        parts = lines.pieces(text, lines.LINE)
        assert "".join(parts) == text
        assert not any(part[0] in "、。」ーっ" or part[-1] == "「" for part in parts)


def test_empty_and_backward_cues_are_left_out():
    found = lines.segments(
        [cue("  ", 0, 1), cue("前。", 3, 2), cue("あと。", 5, 6), cue("重なる。", 5.5, 7)], narrator="メイ"
    )
    assert [(one.start, one.end, one.text) for one in found] == [(5000, 6000, "あと。"), (6000, 7000, "重なる。")]


def test_the_narrator_speaks_where_nobody_is_named():
    episode = dataclasses.replace(showcase.draft(1), cues=(dataclasses.replace(cue("文。"), speaker=""),))
    assert told(episode, showcase.SHOW).segments[0].speaker == "メイ"


def test_vtt_srt_and_json_tell_the_same_words_and_times():
    whole = told(dataclasses.replace(showcase.draft(1), cues=(cue(), cue("A&B <c>。", 21, 22))), showcase.SHOW)
    vtt = timed.read_vtt(form(".vtt").write(whole).encode())
    srt = timed.read_srt(form(".srt").write(whole).encode())
    raw = timed.read_json(form(".transcript.json").write(whole).encode())
    assert [(r.start, r.end, timed.bare(r.text)) for r in vtt] == [(r.start, r.end, timed.bare(r.text)) for r in srt]
    assert [(r.start, r.end, timed.bare(r.text)) for r in vtt] == [(r.start, r.end, timed.bare(r.text)) for r in raw]
    assert vtt[-1].text == "A＆B ＜c＞。"
    assert {r.speaker for r in vtt} == {"メイ"}


def test_words_are_timed_in_json_when_the_voice_knows():
    whole = told(showcase.draft(1), showcase.SHOW)
    first = json.loads(form(".transcript.json").write(whole))["segments"][0]
    assert first["words"][0] == {"startTime": 1.2, "endTime": 1.6, "body": first["body"][:2]}


def test_the_page_has_a_heading_a_chapter_and_a_time_a_paragraph():
    page = form(".transcript.html").write(told(showcase.draft(1), showcase.SHOW))
    assert page.count("<h2>") == len(showcase.draft(1).marks)
    assert '<time datetime="PT1.200S">00:00:01</time>' in page
    assert "漁師の話 &amp; 海" in page or "灯台" in page


def test_a_spoken_heading_is_printed_once_with_its_time():
    heading = dataclasses.replace(cue("漁師の話", 0.5, 2), role="heading", block=0)
    body = dataclasses.replace(cue("本文です。", 3, 5), block=1)
    episode = dataclasses.replace(showcase.draft(1), cues=(heading, body), marks=(Mark(start=0, title="漁師の話"),))
    page = form(".transcript.html").write(told(episode, showcase.SHOW))
    assert page.count("漁師の話") == 1
    assert '<h2><time datetime="PT0.500S">00:00:00</time> 漁師の話</h2>' in page
    assert timed.html_text(page) == " 漁師の話  本文です。"


def test_chapters_json_counts_whole_seconds_as_whole_numbers():
    raw = form(".chapters.json").write(told(showcase.draft(1), showcase.SHOW))
    assert json.loads(raw)["version"] == "1.2.0"
    assert '"startTime": 0,' in raw


@pytest.mark.parametrize("stem", ["../x", "a/b", ""])
def test_a_stem_may_not_leave_the_folder(tmp_path, stem):
    with pytest.raises(OutputError):
        export.texts(showcase.draft(1), showcase.SHOW, tmp_path, stem)


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (timed.read_vtt, b"\xff\xfe"),
        (timed.read_vtt, b"WEBVTT\n\n1\nno time\ntext"),
        (timed.read_vtt, b"WEBVTT\n\n1\n00:01 --> 00:02\ntext"),
        (timed.read_srt, b"1\n00:00:01,000 -> 00:00:02,000\ntext"),
        (timed.read_json, b"[" * 100_000),
        (timed.read_json, b'{"version": "1.0.0", "segments": [{"body": "a"}]}'),
    ],
)
def test_broken_transcripts_are_refused(read, data):
    with pytest.raises(timed.BadText):
        read(data)
