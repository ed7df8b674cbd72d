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
