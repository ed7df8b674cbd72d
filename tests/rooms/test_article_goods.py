"""Boxes of goods and advertisements by what they hold: they go; text that speaks of shops, prices and adverts stays."""

import pytest

from yomicast import article

TEXT = (
    "窯を開ける朝は、町じゅうの犬がよく吠える。煙の匂いが変わるからだと、組合の老人は言う。",
    "棚板を外すと、灰をかぶった徳利が並んでいた。ひとつだけ、口の欠けたものがある。",
)


def heard(folder, between, wrap="div"):
    page = folder / "page.html"
    body = f"<h1>窯の朝</h1><h2>窯出し</h2><p>{TEXT[0]}</p>{between}<p>{TEXT[1]}</p>"
    page.write_text(f"<!doctype html><title>窯の朝</title><{wrap} class='post-body'>{body}</{wrap}>", encoding="utf-8")
    return [block.text for block in article.read(str(page)).blocks if block.kind not in ("title", "figure")]


@pytest.mark.parametrize(
    ("between", "kept"),
    [
        ("<ul><li>Amazon</li><li>楽天市場</li><li>町の荒物屋</li></ul>", ["Amazon", "楽天市場", "町の荒物屋"]),
        (
            "<div><p>徳利は市場で買う。</p><p>値は一本三千円。</p></div>",
            ["徳利は市場で買う。", "値は一本三千円。"],
        ),
        (
            "<div class='memo'><p>日時：十月四日</p><p>参加費：500円</p><p><a href='#'>予約する</a></p></div>",
            ["日時：十月四日", "参加費：500円"],
        ),
        (
            "<div><p>楽天市場で買った茶碗と、組合の店で買った茶碗を並べてみた。</p><p>値段は同じ1,200円だった。</p></div>",
            ["楽天市場で買った茶碗と、組合の店で買った茶碗を並べてみた。", "値段は同じ1,200円だった。"],
        ),
        (
            "<p>［広告］欄に載った小さな徳利が、祖父の作だった。</p>",
            ["［広告］欄に載った小さな徳利が、祖父の作だった。"],
        ),
        ("<ul><li>広告／宣伝の費用</li><li>薪の費用</li></ul>", ["広告／宣伝の費用", "薪の費用"]),
        ("<div><p>広告</p><p>それが最初の仕事だった。一枚二十円。窯の絵を描いた。</p></div>", None),
    ],
)
def test_text_about_goods_is_heard(tmp_path, between, kept):
    found = heard(tmp_path, between)
    if kept is None:
        assert "それが最初の仕事だった。一枚二十円。窯の絵を描いた。" in found
    else:
        assert found == ["窯出し", TEXT[0], *kept, TEXT[1]]


@pytest.mark.parametrize("wrap", ["div", "article", "section"])
def test_a_box_of_goods_goes_with_its_name_and_never_with_the_text(tmp_path, wrap):
    box = "<div><div><b>杉の踏み台</b></div><div><a href='#'>木工市場</a><a href='#'>Amazon</a><span>4,800円</span></div></div>"
    assert heard(tmp_path, box, wrap) == ["窯出し", *TEXT]
