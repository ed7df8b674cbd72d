"""The tables of words with several readings: each pattern is compiled when its word is met, so all are tried here."""

import re

import pytest

from yomicast.reading import heteronyms
from yomicast.reading.sounds import morae

ROWS = [one for rows in heteronyms._TABLE.values() for one in rows]


@pytest.mark.parametrize("field", ["before", "after", "within", "without"])
def test_every_pattern_can_be_compiled(field):
    patterns = [getattr(one, field) for one in ROWS if getattr(one, field)]
    assert len(patterns) > 10
    for pattern in patterns:
        re.compile(pattern)


def test_no_accent_lies_beyond_its_word():
    assert not [one for one in ROWS if one.accent > len(morae(one.pron))]


def test_a_sense_needs_its_surroundings():
    assert heteronyms.sense("背筋", "腹筋と", "を鍛える") == ("ハイキン", 0)
    assert heteronyms.sense("背筋", "", "が凍る") is None
    assert heteronyms.sense("値", "", "が張る品") == ("ネ", 0)
    assert heteronyms.sense("値", "変数の", "が張る品") == ("アタイ", 0)
