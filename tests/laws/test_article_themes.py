"""Pages put together at random from parts that themes and newspapers really use: only the article is heard, all of it."""

import json
import random
from pathlib import Path

import pytest

from yomicast import article

PARTS = json.loads((Path(__file__).parents[1] / "data/script/themes.json").read_text(encoding="utf-8"))
LEAD = (
    "港の朝は早い。市場の明かりがともるころ、船はもう沖から戻ってくる。",
    "網を下ろす手つきには迷いがない。三十年変わらない作業だと、仲間は言う。",
)
FIRST = (
    "潮の匂いと重油の匂いが混ざる岸壁で、競りの声が響きはじめた。",
    "魚は箱に詰められ、氷をかぶせられて、町の店へ運ばれていく。",
)
ITEMS = ("網を繕う", "氷を運ぶ", "船底を洗う")
SECOND = (
    "漁師の一日は、ここからが本番である。網の手入れに半日かかることも珍しくない。",
    "冬になると、港はひときわ静かになる。",
)
HEADINGS = (
    "<h2>{}</h2>",
    '<h2 class="wp-block-heading"><span id="x">{}</span></h2>',
    '<h3 class="midashi">{}</h3>',
    '<h2 class="c-heading -lv2">{}</h2>',
)


def body(heading):
    def paragraphs(texts):
        return "".join(f"<p>{text}</p>" for text in texts)

    items = "".join(f"<li>{text}</li>" for text in ITEMS)
    return f"{paragraphs(LEAD)}{heading.format('夜明け')}{paragraphs(FIRST)}<ul>{items}</ul>{heading.format('昼の仕事')}{paragraphs(SECOND)}"


def page(seed):
    chance = random.Random(seed)

    def one(name):
        return chance.choice(PARTS[name])

    above = [one("meta"), one("share"), one("eyecatch"), one("contents")]
    chance.shuffle(above)
    below = [one("share"), *chance.sample(PARTS["below"], chance.randint(2, 5))]
    root = one("root").format(top="".join(above), body=body(HEADINGS[seed % 4]), below="".join(below))
    columns = [root, one("side")]
    chance.shuffle(columns)
    return (
        f"<!doctype html><title>港の朝 | 海辺日報</title><body>{one('float')}{one('head')}{one('crumb')}"
        f"<div class='container'>{''.join(columns)}</div>{one('foot')}{one('float')}"
    )


@pytest.mark.parametrize("seed", range(120))
def test_only_the_article_is_heard(tmp_path, seed):
    source = tmp_path / "page.html"
    source.write_text(page(seed), encoding="utf-8")
    found = article.read(str(source))
    heard = [block.text for block in found.blocks if block.kind not in ("title", "figure")]
    assert (found.title, heard) == ("港の朝", [*LEAD, "夜明け", *FIRST, *ITEMS, "昼の仕事", *SECOND])
