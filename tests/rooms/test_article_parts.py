"""Parts that themes build of divs and spans and that belong to the text: what kind of block each becomes."""

import pytest

from yomicast import article

ASKED = [("氷は足りますか。", "Q"), ("四トンあれば足ります。", "A")]


@pytest.mark.parametrize(
    ("part", "blocks"),
    [
        ("<dl><dt><span>Q</span>氷は足りますか。</dt><dd><span>A</span><p>四トンあれば足ります。</p></dd></dl>", ASKED),
        (
            (
                '<div class="faq-question"><div class="label">Q</div><div>氷は足りますか。</div></div>'
                '<div class="faq-answer"><div class="label">A</div><div><p>四トンあれば足ります。</p></div></div>'
            ),
            ASKED,
        ),
        (
            (
                '<div class="toggle-wrap"><input type="checkbox"><label class="toggle-button">氷の作り方</label>'
                '<div class="toggle-content"><p>四日かけて凍らせる。</p></div></div>'
            ),
            [("氷の作り方", ""), ("四日かけて凍らせる。", "")],
        ),
        (
            (
                '<div class="block-tab"><ul role="tablist"><li><button role="tab">夏</button></li></ul>'
                '<div class="tab-body"><p>夏は四トン使います。</p></div></div>'
            ),
            [("夏は四トン使います。", "")],
        ),
        ('<p><span class="name">浜田</span>さんは氷を運ぶ。</p>', [("浜田さんは氷を運ぶ。", "")]),
        ('<pre class="verse">氷よ\n溶けるな</pre>', [("氷よ", ""), ("溶けるな", "")]),
        (
            '<p>氷は<span class="tip">四トン<span class="tooltiptext">一トンは千キロ</span></span>使う。</p>',
            [("氷は四トン使う。", "")],
        ),
        ('<p>朝は早い。<span epub:type="pagebreak" title="12">12</span>夜も早い。</p>', [("朝は早い。夜も早い。", "")]),
    ],
    ids=["asked-in-a-list", "asked-in-boxes", "folded", "tabs", "name", "verse", "tooltip", "page-number"],
)
def test_parts(tmp_path, part, blocks):
    prose = "<p>港の朝は早い。市場の明かりがともるころ、船はもう沖から戻ってくる。</p>"
    page = tmp_path / "page.html"
    page.write_text(
        f"<title>港の朝</title><body><main><article><h1>港の朝</h1>{prose * 3}{part}{prose}", encoding="utf-8"
    )
    found = article.read(str(page)).blocks
    assert [
        (b.text, "" if b.info == "box" else b.info) for b in found if b.kind != "title" and not b.text.startswith("港")
    ] == blocks


@pytest.mark.parametrize("start", ["<article>", "<main><article>", "<header><p>港の日記</p></header><main>"])
def test_a_page_that_writes_no_body(tmp_path, start):
    page = tmp_path / "page.html"
    page.write_text(
        f"<!doctype html><title>港の朝</title>{start}<h1>港の朝</h1><p>朝は早い。</p><p>夜も早い。</p>",
        encoding="utf-8",
    )
    found = article.read(str(page))
    assert (found.title, [b.text for b in found.blocks if b.kind == "paragraph"]) == (
        "港の朝",
        ["朝は早い。", "夜も早い。"],
    )


@pytest.mark.parametrize(
    ("opens", "source"),
    [
        ('{{< quote author="江波戸みのる" source="『坂の町』" >}}', "江波戸みのる 『坂の町』"),
        ('{{% blockquote "江波戸みのる" %}}', "江波戸みのる"),
        ("{{< quote >}}", ""),
    ],
)
def test_a_shortcode_for_quotations_sets_off_the_words_with_who_said_them(opens, source, tmp_path):
    name = "blockquote" if "blockquote" in opens else "quote"
    closes = opens.split()[0] + f" /{name} " + opens[-3:]
    page = tmp_path / "post.md"
    page.write_text(f"# 坂\n\n本文です。\n\n{opens}\n急がなくていい。\n{closes}\n\n続きです。\n", "utf-8")
    blocks = article.read(str(page)).blocks
    assert [(b.kind, b.text, b.speaker) for b in blocks if b.kind != "title"] == [
        ("paragraph", "本文です。", ""),
        ("quote", "急がなくていい。", source),
        ("paragraph", "続きです。", ""),
    ]
