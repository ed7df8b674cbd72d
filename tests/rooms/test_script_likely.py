"""Who most likely says it: passages written before the table was asked, none of them learned from."""

import pytest

from yomicast.script import likely, spans
from yomicast.script.spoken import Spoken


def quotation(text, voice=""):
    chain = spans.chains(text, spans.found(text))[-1]
    return Spoken.of(text, chain, 0, last="", voice=voice)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("倉庫番の沼田さんは「鍵はいつも左のポケットだ」と取り出してみせた。", "沼田"),
        ("窓口の菊地さんに聞くと、「水曜は早じまいです」とのことだった。", "菊地"),
        ("「橋のたもとで待っている」。電話の向こうで戸部さんはそれだけ言った。", "戸部"),
        ("種まきを終えた里見さんが腰を伸ばす。\n「雨は明日だね」\n雲は西から来ていた。", "里見"),
    ],
)
def test_somebody_is_likely(text, speaker):
    assert likely.speaker(quotation(text), "") == speaker


@pytest.mark.parametrize(
    "text",
    [
        "沼田さんは「鍵がない」と言われて青くなった。",  # who hears it
        "この道は「七曲がり」と呼ばれている。",
        "駅の掲示板には「本日運休」とだけあった。",
        "二つの案を「横木案」と「石積み案」と名づけた。",
        "雨の音だけがしている。「あす晴れますように」。",
    ],
)
def test_nobody_is_likely(text):
    assert likely.speaker(quotation(text), "") == ""


def test_whom_the_rules_name_stays_unless_another_is_far_likelier():
    text = "倉庫番の沼田さんは「鍵はいつも左のポケットだ」と話した。"
    assert likely.speaker(quotation(text), "沼田倉庫番") == "沼田倉庫番"
    assert likely.speaker(quotation(text), "左の会見で") == "沼田"
    near = "梶原課長は黙っていた。沼田さんは窓を見た。「鍵は左だ」。"
    assert likely.speaker(quotation(near), "梶原") == "梶原"


def test_words_set_apart_are_somebodys_only_below_what_leads_to_them():
    words = "毎朝、釜の前に立つ。それだけで足りる。"
    assert likely.set_off(words, "窯元の芳賀さんは、取材の最後にこう語った。", "") == "芳賀"
    assert likely.set_off(words, "窯元の芳賀さんは、古い歌集をめくった。", "") == ""


@pytest.mark.parametrize(("sure", "speaker"), [(0.5, ""), (1.0, ""), (1.5, "沼田")])
def test_one_who_is_hardly_likely_is_nobody(monkeypatch, sure, speaker):
    monkeypatch.setattr(likely, "odds", lambda seen: [sure if one.name == "沼田" else -9.0 for one in seen.candidates])
    assert likely.speaker(quotation("沼田さんは笑った。「鍵は左だ」。"), "") == speaker


def test_two_who_are_as_likely_are_nobody(monkeypatch):
    quote = quotation("梶原さんは笑った。沼田さんは笑った。「鍵は左だ」。")
    monkeypatch.setattr(likely, "odds", lambda seen: [2.0] * len(seen.candidates))
    assert likely.speaker(quote, "") == ""
    monkeypatch.setattr(likely, "odds", lambda seen: [2.0 * (one.name == "沼田") for one in seen.candidates])
    assert likely.speaker(quote, "") == "沼田"


def test_candidates_stand_on_every_side_and_not_in_the_words():
    found = likely.passage(quotation("海野さんがいた。森さんは「兄の健さんなら」と話す。空木さんも頷いた。"))
    assert {(one.name, one.side) for one in found.candidates if one.kind == "person"} == {
        ("海野", "b"),
        ("森", "b"),
        ("空木", "n"),
    }
