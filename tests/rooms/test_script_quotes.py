"""Who says what: our own sentences, one shape of attribution each, and quotation marks that are no speech."""

import json
from pathlib import Path

import pytest

from yomicast.model import Block, Place
from yomicast.script import quotes

CASES = json.loads((Path(__file__).parents[1] / "data/script/quotations.json").read_text(encoding="utf-8"))


def found(paragraphs):
    blocks = [Block(kind="paragraph", text=text, place=Place(line=n)) for n, text in enumerate(paragraphs, 1)]
    return quotes.find(blocks)


@pytest.mark.parametrize("case", CASES, ids=[case["text"][0][:24] for case in CASES])
def test_speaker(case):
    got = [(quote.speaker, quote.text[:7]) for quote in found(case["text"])]
    assert got == [(want["speaker"], want["begins"]) for want in case["quotes"]]


def test_a_quotation_over_paragraphs_is_one_and_knows_its_line():
    (quote,) = found(["前置きです。", "店長の浜田さんは「開店は春です。", "「準備は順調です」と話す。"])
    assert (quote.speaker, quote.text, quote.place.line) == ("浜田", "開店は春です。準備は順調です", 2)


@pytest.mark.parametrize(
    ("before", "after", "speaker"),
    [
        (
            "同僚で料理研究家の大野さんに相談したところ、返ってきたのは短い助言でした。",
            "その日から鍋を替えた。",
            "大野",
        ),
        ("坂の途中で、犬を連れた男性に呼び止められた。", "男性はそう言って、水筒を差し出した。", "男性"),
        ("週末は図書館で過ごした。", "窓の外は雨だった。", ""),
        ("作家の江波戸みのるは、随筆『坂の町』で次のように書く。", "", "江波戸みのる"),
        ("随筆『坂の町』（江波戸みのる）から引く。", "", "江波戸みのる"),
        ("管理人の沢木さんからの返信です。", "", "沢木"),
        ("祖母の日記の一節を写しておく。", "", "祖母"),
        ("環境省のガイドラインでは次のように定めている。", "", "環境省"),
        ("町史には、こんな記述がある。", "", ""),
    ],
)
def test_a_set_off_quotation_is_said_by_who_was_asked_or_said_so(before, after, speaker):
    kinds = ("paragraph", "quote", "paragraph")
    texts = (before, "急がなくていい。道は続いている。", after)
    blocks = [Block(kind=k, text=t, place=Place(line=n)) for n, (k, t) in enumerate(zip(kinds, texts, strict=True), 1)]
    assert [quote.speaker for quote in quotes.find(blocks)] == ([speaker] if speaker else [])


def test_a_part_of_the_body_never_speaks():
    assert found(["目が合うと、「あなたも走るの」と言って笑った。"]) == []
