"""Addresses in Japanese text: where they end, and that what follows right behind them is not lost."""

import pytest

from yomicast import article, script
from yomicast.model import Article, Block, Place
from yomicast.script import signs
from yomicast.settings import ScriptSettings


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("詳しくはhttps://example.jp/aをご覧ください。", "https://example.jp/a"),
        ("https://ja.example.org/wiki/読書を見た", "https://ja.example.org/wiki/読書"),
        ("https://example.jp/詳細はこちら", "https://example.jp/"),
        ("公式はhttps://example.jp。", "https://example.jp"),
        ("（https://example.jp/a.html）", "https://example.jp/a.html"),
        ("https://a.jp/x?y=1&z=2,と書く", "https://a.jp/x?y=1&z=2"),
        ("www.example.jpへどうぞ", "www.example.jp"),
        ("https://a.jp/b/東京/c-d/大阪_は", "https://a.jp/b/東京/c-d/大阪_"),
        ("https://a.jp/b/カタカナ.html、次", "https://a.jp/b/カタカナ.html"),
        ("終わりはhttps://x.jp/a.", "https://x.jp/a"),
        ("https://x.jp/a/#節一を読む", "https://x.jp/a/#節一"),
        ("https://日本語.jp/をどうぞ", "https://日本語.jp/"),
        ("http://127.0.0.1:8000/aで試す", "http://127.0.0.1:8000/a"),
    ],
)
def test_where_an_address_ends(text, address):
    assert [match[0] for match in signs.URL.finditer(text)] == [address]


def test_what_follows_an_address_without_a_space_is_said():
    text = "詳しくはhttps://example.jp/guideをご覧ください。"
    page = Article(title="題", blocks=(Block(kind="paragraph", text=text, place=Place(line=1)),))
    (line,) = [line for line in script.write(page, ScriptSettings(intro="", outro="")).lines if line.role == "body"]
    assert line.spoken == "詳しくはexample.jpをご覧ください。"


@pytest.mark.parametrize(
    "line",
    [
        "お問い合わせはinfo@example.jpまで",
        "申し込みはhttps://example.jp/formからどうぞ",
        "くわしくはhttps://example.jpへ",
    ],
)
def test_a_line_with_an_address_in_it_is_text_and_no_heading(tmp_path, line):
    page = tmp_path / "a.txt"
    page.write_text(
        f"秋の市\n\n港の広場で市を開きます。雨なら休みます。\n\n{line}\n\n来年も開きます。\n", encoding="utf-8"
    )
    assert ("paragraph", line) in [(block.kind, block.text) for block in article.read(str(page)).blocks]
