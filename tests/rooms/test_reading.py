"""The door: words with pronunciation, accent and place."""

import pytest

from yomicast import reading
from yomicast.model import Line, Place, Script


def test_words_carry_sound_accent_and_place():
    words = reading.words("水を買う。")
    assert [(w.surface, w.start, w.end, w.kana) for w in words] == [
        ("水", 0, 1, "ミズ"),
        ("を", 1, 2, "ヲ"),
        ("買う", 2, 4, "カウ"),
        ("。", 4, 5, ""),
    ]
    assert words[3].sign == "、"


def test_prosody_writes_phrases():
    assert reading.prosody(reading.words("水をマレーシアから買った")) == "^ミ[ズヲ#マ[レ]ーシアカラ#カ[ッタ$"


def test_read_fills_lines_and_leaves_what_is_shown():
    line = Line(shown="水だ", spoken="水だ", role="body", place=Place(), pause=0.7)
    script = reading.read(Script(title="t", lines=(line,)))
    assert (script.lines[0].shown, reading.kana(script.lines[0].words)) == ("水だ", "ミズダ")


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00\x01", "\ue000", "😀", "ーー", "ｶﾞｷﾞ", "。。。", "「」"])
def test_odd_text_is_no_crash(text):
    assert all(0 <= w.start <= w.end <= len(text) for w in reading.words(text))


def test_a_line_of_five_thousand_characters():
    text = "きょうは天気がいいので散歩に行く" * 320
    words = reading.words(text)
    assert words[-1].end == len(text)
    assert len(reading.kana(words)) > 5000
