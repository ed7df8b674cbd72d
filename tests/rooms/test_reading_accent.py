"""Accents: forced readings keep or set theirs; phrases, falls and rises."""

import pytest

from yomicast import reading
from yomicast.model import Ruby
from yomicast.settings import LexiconEntry


def prosody(text, rubies=(), entries=()):
    return reading.prosody(reading.words(text, rubies, entries))


def test_a_lexicon_word_has_the_accent_it_was_given():
    entry = LexiconEntry(word="月子", reading="ルナ", accent=1)
    assert prosody("月子さんが来た", entries=(entry,)).startswith("^ル]ナサンガ#")
    flat = LexiconEntry(word="月子", reading="ルナ", accent=0)
    assert prosody("月子が来た", entries=(flat,)).startswith("^ル[ナガ#")


def test_a_lexicon_word_without_accent_keeps_the_analysed_one():
    entry = LexiconEntry(word="日本橋", reading="ニッポンバシ")
    words = reading.words("日本橋を渡る", (), (entry,))
    assert (words[0].kana, words[0].step) == ("ニッポンバシ", "lexicon:show")
    assert not words[0].chained


def test_ruby_is_honoured_and_the_word_stays_what_it_was():
    words = reading.words("強い雨が降る", (Ruby(start=0, end=1, reading="つよ"),))
    assert (words[0].surface, words[0].kana, words[0].pos[0], words[0].step) == ("強い", "ツヨイ", "形容詞", "ruby")


def test_ruby_wins_over_the_lexicon_and_the_show_over_what_ships():
    ruby = (Ruby(start=0, end=4, reading="ナト"),)
    assert reading.kana(reading.words("NATO", ruby, (LexiconEntry(word="NATO", reading="ノース"),))) == "ナト"
    assert reading.kana(reading.words("NATO", (), (LexiconEntry(word="NATO", reading="ノース"),))) == "ノース"
    assert reading.kana(reading.words("NATO")) == "ナトー"


@pytest.mark.parametrize(
    "ruby", [Ruby(start=0, end=9, reading="ア"), Ruby(start=1, end=1, reading="ア"), Ruby(start=0, end=1, reading="?")]
)
def test_a_ruby_that_cannot_be_meant_is_let_be(ruby):
    assert reading.kana(reading.words("雨だ", (ruby,))) == "アメダ"


def test_a_reading_inside_a_longer_word():
    entry = LexiconEntry(word="亜米利加", reading="アメリカ", accent=0)
    assert reading.kana(reading.words("亜米利加人", (), (entry,))) == "アメリカジン"


@pytest.mark.parametrize(
    ("text", "rises"),
    [
        ("行きますか。", True),
        ("本当ですか", True),
        ("本当？", True),
        ("いいですね。", True),
        ("なぜなのか。", False),
        ("雨だ。", False),
    ],
)
def test_questions_rise(text, rises):
    assert prosody(text).endswith("?$") is rises
    assert any(word.rising for word in reading.words(text)) is rises


def test_brackets_do_not_break_a_phrase():
    assert prosody("「東京」へ行く") == prosody("東京へ行く")
    assert "_" in prosody("東京(首都)へ行く")


def test_phrases_begin_where_a_speaker_begins_them():
    assert (
        prosody("水をマレーシアから買わなくてはならないのです。")
        == "^ミ[ズヲ#マ[レ]ーシアカラ#カ[ワナ]クテワ#ナ[ラ]ナイノデス$"
    )
