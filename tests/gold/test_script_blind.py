"""Pages by blind authors (tests/data/blind/README.md), which found what our own could not: now development data."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from yomicast import article, config, script
from yomicast.settings import ScriptSettings

GOLD = sorted((Path(__file__).resolve().parents[1] / "data" / "blind").glob("*.json"))
UNFOUND = {"b19_readme_kura": 1}
"""Quotations whose speaker stands a sentence before and whose words are five letters: not found yet."""


def norm(text):
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN" or char in "ー々%×+")


@pytest.fixture(scope="module", params=GOLD, ids=lambda path: path.stem)
def pair(request):
    source = next(path for path in request.param.parent.glob(f"{request.param.stem}.*") if path.suffix != ".json")
    read = article.read(str(source), front_matter=config.front_matter)
    made = script.as_json(script.write(read, ScriptSettings(), show="番組", author=read.meta.author))
    return request.param.stem, json.loads(request.param.read_text("utf-8")), made


def heard(made):
    return [norm(text) for b in made["blocks"] if b.get("role") != "announce" for text in b["sentences"]]


def test_sentences(pair):
    _, gold, made = pair
    optional = {norm(part) for item in gold["optional"] for part in re.split(r"(?<=。)", item["text"])}
    want = Counter(norm(text) for b in gold["blocks"] for text in b["sentences"])
    got = Counter(text for text in heard(made) if text and (text not in optional or text in want))
    assert (want - got, sum((got - want).values()) <= 1) == (Counter(), True), got - want


def test_headings_chapters_and_readings(pair):
    _, gold, made = pair
    heads = [
        [(b["kind"], norm("".join(b["sentences"]))) for b in side["blocks"] if b["kind"] != "p"]
        for side in (gold, made)
    ]
    optional = {norm(item["text"]) for item in gold["optional"]}
    assert [head for head in heads[1] if head[1] not in optional] == heads[0]
    assert list(map(norm, made["chapters"])) == list(map(norm, gold["chapters"]))
    assert sorted(made["readings"]) == sorted(gold.get("readings", []))


def test_nothing_is_said_that_must_not_be(pair):
    _, gold, made = pair
    allowed = norm("".join(text for b in gold["blocks"] for text in b["sentences"]))
    allowed += norm("".join(item["text"] for item in gold["optional"]))
    said = "\n".join(heard(made))
    texts = [norm(item["text"]) for item in gold["dropped"]]
    assert [text for text in texts if len(text) > 3 and text in said and text not in allowed] == []


def test_speakers(pair):
    name, gold, made = pair
    missed = [
        quote
        for quote in gold["quotes"]
        if not any(
            norm(found["text"]) == norm(quote["text"]) and norm(found["speaker"]) in norm(quote["speaker"])
            for found in made["quotes"]
        )
    ]
    assert len(missed) == UNFOUND.get(name, 0), missed
    turns = {norm("".join(b["sentences"])): b.get("speaker", "") for b in made["blocks"]}
    for block in gold["blocks"]:
        if block.get("speaker"):
            assert norm(block["speaker"]) in norm(turns.get(norm("".join(block["sentences"])), "")), block
