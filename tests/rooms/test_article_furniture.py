"""What themes and services print around and inside an article, in their class names: none of it is heard, no prose is lost."""

import json
from pathlib import Path

import pytest

from yomicast import article, config

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


@pytest.mark.parametrize(
    "last",
    [
        "ここまでお読みいただき、ありがとうございました。よかったら「いいね」を押してもらえると励みになります！",
        "長い話にお付き合いくださり感謝します。フォローやスキをいただけると、とても喜びます。感想もいただけるとうれしいです。",
        "（次回は氷を割る人の話です。お楽しみに）",
        "よろしければサポートをお願いします！いただいたサポートは次の旅に使います。",
        "感想は「#港の朝を読む」をつけて投稿してください！",
        "（全三回の第一回）",
        "（文・高見恵子、写真・飯森亘）",
        "text & photo by Keiko Takami",
        "【次号は「網の手入れ」を予定しています】",
    ],
)
def test_calls_below_the_last_sentence(tmp_path, last):
    assert heard_with(tmp_path, last) == list(PROSE)


@pytest.mark.parametrize(
    "last",
    [
        "最後まで読んでくださって、ありがとうございました。",
        "次回は、船を下りた人の話を書くつもりだ。",
        "父の手紙を読んで、ありがとうと言いたくなった。港へ行こうと思う。",
        "（次の朝、船は出なかった。）",
    ],
)
def test_last_words_of_the_author(tmp_path, last):
    assert heard_with(tmp_path, last) == [*PROSE, last]


def heard_with(tmp_path, last):
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><title>港の朝</title><body>{middle('')}", encoding="utf-8")
    page.write_text(page.read_text("utf-8").replace("</p></div>", f"</p><p>{last}</p></div>"), encoding="utf-8")
    return [block.text for block in article.read(str(page)).blocks if block.kind == "paragraph"]


@pytest.mark.parametrize("label", ["お問い合わせ", "担当・お問い合わせ先", "この事業についてのお問い合わせ"])
@pytest.mark.parametrize("links", ["", '<h2>関連リンク</h2><ul><li><a href="#">港のあゆみ</a></li></ul>'])
def test_whom_to_ask_is_the_last_heading_of_a_notice(tmp_path, label, links):
    """Drawn by its style only, and below a list of links it is no part of the list."""
    office = "<p>水産課　港湾係</p><p>電話：0123-45-6789</p>"
    below = end(f"<h2>場所</h2><p>港の西。</p>{links}<div><p>{label}</p></div>{office}")
    page = tmp_path / "page.html"
    page.write_text(f"<title>港の朝</title><body>{below}", encoding="utf-8")
    blocks = article.read(str(page)).blocks
    at = next(n for n, block in enumerate(blocks) if "お問い合わせ" in block.text)
    assert (blocks[at].kind, blocks[at].level) == ("heading", 2)
    assert [block.text for block in blocks[at + 1 : at + 3]] == ["水産課　港湾係", "電話：0123-45-6789"]


OLD = json.loads((Path(__file__).parents[1] / "data/script/old_pages.json").read_text(encoding="utf-8"))
COLUMNS = "<TABLE><TR><TD><A HREF=1>はじめに</A><BR><A HREF=2>港の話</A><BR><A HREF=3>日記</A><BR><A HREF=4>リンク</A></TD><TD>{above}<FONT SIZE=4><B>港の朝</B></FONT><BR><BR>{text}{below}</TD></TR></TABLE>"
HEADED = "{above}<H2>港の朝</H2><HR>{text}<HR>{below}"
CENTRED = "<CENTER><TABLE><TR><TD>{above}<CENTER><FONT SIZE=+2><B>港の朝</B></FONT></CENTER><BR><BR>{text}</TD></TR><TR><TD>{below}</TD></TR></TABLE></CENTER>"


@pytest.mark.parametrize("layout", [COLUMNS, HEADED, CENTRED], ids=["columns", "headed", "centred"])
@pytest.mark.parametrize(("place", "snippet"), [(place, text) for place in OLD for text in OLD[place]])
def test_old_pages(tmp_path, layout, place, snippet):
    first, second = "<BR><BR>".join(PROSE[:3]), "<BR><BR>".join(PROSE[3:])
    text = f"<FONT COLOR=blue><B>■夜明け</B></FONT><BR><BR>{first}<BR><BR><FONT COLOR=blue><B>■昼の仕事</B></FONT><BR><BR>{second}<BR><BR>"
    words = {"above": "", "below": "", "text": text, place: snippet}
    page = tmp_path / "page.html"
    page.write_text(f"<HTML><TITLE>港の朝</TITLE><BODY>{layout.format(**words)}", encoding="cp932")
    found = article.read(str(page))
    heard = [block.text for block in found.blocks if block.kind not in ("figure", "title")]
    assert (found.title, heard) == ("港の朝", ["夜明け", *PROSE[:3], "昼の仕事", *PROSE[3:]])


SOURCES = json.loads((Path(__file__).parents[1] / "data/script/sources.json").read_text(encoding="utf-8"))
MARKDOWN = "---\ntitle: 港の朝\n---\n\n## 夜明け\n\n{first}\n\n{middle}\n\n## 昼の仕事\n\n{second}\n\n{end}\n"
RST = "港の朝\n======\n\n夜明け\n------\n\n{first}\n\n{middle}\n\n昼の仕事\n--------\n\n{second}\n\n{end}\n"


@pytest.mark.parametrize(
    ("template", "name", "place", "snippet"),
    [
        *((MARKDOWN, "page.md", "middle", text) for text in SOURCES["markdown"]),
        *((MARKDOWN, "page.md", "end", text) for text in SOURCES["markdown_below"]),
        *((RST, "page.rst", "middle", text) for text in SOURCES["rst"]),
    ],
)
def test_what_sources_carry_beside_the_text(tmp_path, template, name, place, snippet):
    words = {"first": "\n\n".join(PROSE[:3]), "second": "\n\n".join(PROSE[3:]), "middle": "", "end": "", place: snippet}
    page = tmp_path / name
    page.write_text(template.format(**words), encoding="utf-8")
    found = article.read(str(page), front_matter=config.front_matter)
    heard = [
        block.text for block in found.blocks if block.kind in ("heading", "paragraph", "list_item", "quote", "aside")
    ]
    assert (found.title, heard) == ("港の朝", ["夜明け", *PROSE[:3], "昼の仕事", *PROSE[3:]])
