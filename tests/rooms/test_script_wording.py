"""Wordings are compiled when they are first asked; so that none fails at a reader's, all are asked here."""

import re

import pytest

from yomicast.script import sayings
from yomicast.script.wording import Wording

ALL = {name: value for name, value in vars(sayings).items() if isinstance(value, Wording)}


@pytest.mark.parametrize("name", ALL)
def test_each_can_be_compiled(name):
    assert ALL[name].made.pattern


def test_a_wording_answers_as_its_pattern_does():
    wording, text = Wording(r"(?P<who>[a-z]+)さん", re.IGNORECASE), "Aさんとbさん"
    pattern = re.compile(r"(?P<who>[a-z]+)さん", re.IGNORECASE)
    assert wording.search(text)["who"] == pattern.search(text)["who"]
    assert wording.match(text, 4)["who"] == pattern.match(text, 4)["who"]
    assert [m.span() for m in wording.finditer(text)] == [m.span() for m in pattern.finditer(text)]
    assert wording.sub("x", text, 1) == pattern.sub("x", text, count=1)


def test_nothing_is_compiled_before_it_is_asked():
    assert "made" not in vars(Wording("["))
