"""Whole articles against gold scripts: our own, one an input form, and the team's where it is there."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from yomicast import article, config, script
from yomicast.settings import ScriptSettings

ROOT = Path(__file__).resolve().parents[2]
OWN = sorted((ROOT / "tests/data/articles").glob("*.json"))
TEAM = {
    "shunou-kaidan": "shunou-kaidan.txt",
    "e03": "e03_k8s_bookclub.md",
    "e04": "e04_reiwa.md",
    "h03": "h03_chumon.html",
}


def made(source):
    read = article.read(str(source), front_matter=config.front_matter)
    return script.as_json(script.write(read, ScriptSettings(), show="番組", author=read.meta.author))


def solid(text):
    return re.sub(r"[\W_]+", "", text)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_own_articles_keep_their_blocks_headings_and_quotations(path):
    gold = json.loads(path.read_text(encoding="utf-8"))
    source = next(other for other in path.parent.glob(f"{path.stem}.*") if other.suffix != ".json")
    data = made(source)
    blocks = [b for b in data["blocks"] if b.get("role") != "announce"]
    ours = {(b["kind"], solid("".join(b["sentences"]))) for b in blocks}
    want = [(b["kind"], solid("".join(b["sentences"]))) for b in gold["blocks"]]
    assert {block for block in want if block[0] != "p"} <= ours
    found = sum(block in ours for block in want)
    assert found >= 0.9 * len(want), [block for block in want if block not in ours]
    heard = solid("".join("".join(b["sentences"]) for b in blocks))
    meant = solid("".join("".join(b["sentences"]) for b in gold["blocks"]))
    for item in gold.get("dropped", []):
        text = solid(item["text"])
        assert len(text) < 4 or text in meant or text not in heard, item
    for quote in gold.get("quotes", []):
        same = [q for q in data["quotes"] if solid(q["text"]) == solid(quote["text"])]
        assert same, quote
        assert solid(same[0]["speaker"]) in solid(quote["speaker"])
    assert gold.get("chapters", data["chapters"]) in (data["chapters"], data["chapters"][1:], [])
    assert [list(pair) for pair in gold.get("readings", [])] == data["readings"] or not gold.get("readings")


def _shared():
    places = (ROOT.parent / "shared", ROOT.parent.parent / "shared")
    found = next((place for place in places if (place / "gold").is_dir()), None)
    if found is None:
        pytest.skip("no ../shared here")
    return found


@pytest.mark.shared
@pytest.mark.parametrize("name", TEAM)
def test_the_teams_gold(name):
    shared = _shared()
    spec = importlib.util.spec_from_file_location("score_script", shared / "tools/score_script.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    gold = json.loads((shared / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    got = scorer.score(gold, made(shared / "articles" / TEAM[name]))
    least = {
        "char_f": 0.99,
        "head_f": 0.97,
        "head_lv": 0.97,
        "sent_f": 0.97,
        "chap_f": 0.97,
        "read_r": 1.0,
        "quote_r": 1.0,
        "spk": 1.0,
        "say": 1.0,
    }
    assert {key: got[key] for key, value in least.items() if key in got and got[key] < value} == {}
    assert got["leak"] == got["markup"] == 0
    assert got.get("pause", 1.0) >= 7 / 9
