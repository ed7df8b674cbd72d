"""Hard readings of our own writing: at least 95 of 100 exact, and every category at least 85."""

import itertools
import re
from collections import defaultdict
from pathlib import Path

import pytest

from yomicast import reading
from yomicast.reading.sounds import folded

GOLD = Path(__file__).resolve().parents[1] / "data/reading/hard.tsv"


def rows():
    lines = GOLD.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def readings(gold):
    """Every reading that {A/B} allows."""
    parts = re.split(r"\{([^}]*)\}", gold)
    choices = [part.split("/") if n % 2 else [part] for n, part in enumerate(parts)]
    return {sound("".join(choice)) for choice in itertools.product(*choices)}


def sound(text):
    kept = "".join(c for c in text if "ァ" <= c <= "ヺ" or c == "ー")
    return re.sub(r"([アイウエオ])\1+", r"\1\1", folded(kept))


@pytest.fixture(scope="module")
def results():
    return [(kind, text, sound(reading.kana(reading.words(text))) in readings(gold)) for kind, text, gold in rows()]


def test_the_set_is_large_and_of_every_kind():
    kinds = {kind for kind, _, _ in rows()}
    assert len(rows()) >= 300
    assert {"date", "time", "counter", "number", "unit", "roman", "english", "symbol", "name", "heteronym"} <= kinds


def test_hard_sentences_are_read_exactly(results):
    wrong = [text for _, text, right in results if not right]
    assert len(wrong) <= 0.05 * len(results), wrong


def test_no_kind_is_weak(results):
    kinds = defaultdict(list)
    for kind, _, right in results:
        kinds[kind].append(right)
    weak = {kind: sum(rights) / len(rights) for kind, rights in kinds.items() if sum(rights) < 0.85 * len(rights)}
    assert not weak
