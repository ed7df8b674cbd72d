"""What themes and services print around and inside an article, in their class names: none of it is heard, no prose is lost."""

import json
from pathlib import Path

import pytest

from yomicast import article

FURNITURE = json.loads((Path(__file__).parents[1] / "data/script/furniture.json").read_text(encoding="utf-8"))
MARK = "◆"
"""Stands in every text of a snippet."""
PROSE = (
    "港の朝は早い。市場の明かりがともるころ、船はもう沖から戻ってくる。",
    "網を下ろす手つきには迷いがない。三十年変わらない作業だと、仲間は言う。",
    "潮の匂いと重油の匂いが混ざる岸壁で、競りの声が響きはじめた。値段が決まるのは一瞬だ。",
    "魚は箱に詰められ、氷をかぶせられて、町の店へ運ばれていく。",
    "漁師の一日は、ここからが本番である。網の手入れに半日かかることも珍しくない。",
)


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def middle(snippet):
    inner = f"{paragraphs(PROSE[:3])}{snippet}{paragraphs(PROSE[3:])}"
    return f'<main><article class="post"><h1 class="entry-title">港の朝</h1><div class="entry-content"><h2>夜明け</h2>{inner}</div></article></main>'


def end(snippet):
    return f'<main><div class="wrap"><h1>港の朝</h1><h2>夜明け</h2>{paragraphs(PROSE)}{snippet}</div></main>'


@pytest.mark.parametrize("place", [middle, end])
@pytest.mark.parametrize("name", FURNITURE)
def test_furniture_is_silent_and_prose_stays(tmp_path, name, place):
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><title>港の朝</title><body>{place(FURNITURE[name])}", encoding="utf-8")
    heard = [block.text for block in article.read(str(page)).blocks if block.kind != "figure"]
    assert [text for text in heard if MARK in text] == []
    assert [text for text in PROSE if text not in heard] == []
