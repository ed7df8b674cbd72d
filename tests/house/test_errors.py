"""The error family: the drawing equals the classes, each slug has its page, errors cross processes whole."""

import inspect
import pickle
import re
from pathlib import Path

import pytest

from yomicast import errors
from yomicast.model import Message, Place

ROOT = Path(__file__).resolve().parents[2]


def family():
    return [
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, errors.YomicastError) and cls.__module__ == errors.__name__
    ]


def test_the_drawing_equals_the_classes():
    drawn = {m[1]: (int(m[2]), m[3]) for m in re.finditer(r"(\w+) +exit (\d) +([\w-]+)", errors.__doc__)}
    assert drawn == {cls.__name__: (cls.exit_code, cls.slug) for cls in family()}


@pytest.mark.parametrize("cls", family(), ids=lambda cls: cls.slug)
def test_every_error_has_a_page(cls):
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert f"## {cls.slug}\n[{cls.exit_code}]" in page


@pytest.mark.parametrize("cls", family(), ids=lambda cls: cls.slug)
def test_an_error_crosses_processes_whole(cls):
    error = cls(Message("a", "あ"), where=Place(file="x.yaml", line=3), hint=Message("b", "い"))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.message, again.where, again.hint) == (cls, error.message, error.where, error.hint)


def test_the_nearest_name_is_offered_else_all_of_them():
    assert errors.nearest("tilte", ["title", "author"]).en == "did you mean 'title'?"
    assert errors.nearest("zzz", ["b", "a"]).en == "one of: a, b"


def test_an_error_seen_from_outside_gains_steps():
    error = errors.ConfigError(Message("a", "あ"), where="speed").inside("voices[2]")
    assert str(error.where) == "voices[2].speed"
