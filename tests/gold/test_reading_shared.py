"""The team's gold sets, where they are at hand: the figures of the issue hold."""

import importlib.util
import re
from pathlib import Path

import pytest

from yomicast import reading

FOLDERS = [Path(__file__).resolve().parents[n] / "shared" for n in (3, 4)]
SHARED = next((folder for folder in FOLDERS if (folder / "gold/reading").is_dir()), None)
GOALS = [
    ("gsd", 0.75, 89.0),
    ("gsdnum", 0.555, 83.0),
    ("gsdlat", 1.4, 79.0),
    ("wac", 0.62, 90.0),
    ("ita", 0.56, 94.1),
    ("shunou-kaidan", 0.0, 100.0),
]

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(SHARED is None, reason="no shared gold here"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the scorer leaves its files open
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def scorer():
    spec = importlib.util.spec_from_file_location("score_reading", SHARED / "tools/score_reading.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.load_variants(str(SHARED / "gold/reading/variants.tsv"))
    return module


@pytest.mark.slow
@pytest.mark.parametrize(("name", "mer", "exact"), GOALS)
def test_gold_is_read_as_well_as_promised(scorer, name, mer, exact):
    rows = scorer.load(str(SHARED / f"gold/reading/{name}.tsv"))
    kana = [reading.kana(reading.words(text)) for _, text, _ in rows]
    assert not [k for k in kana if re.search(r"[^ァ-ヺー、？！]", k)]
    count, size, edits, right = scorer.score(rows, kana)[0]["ALL"]
    assert 100 * edits / size <= mer
    assert 100 * right / count >= exact
