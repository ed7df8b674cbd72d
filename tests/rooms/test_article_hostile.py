"""Hostile and broken sources: an article or an explained refusal, in bounded time, never a crash."""

import io
import time
import zipfile

import pytest

from yomicast import article
from yomicast.article import Limits
from yomicast.errors import ArticleError
from yomicast.settings import SiteSelectors

PROSE = "<p>これは記事の段落です。二つ目の文もあります。</p>\n"


def read(tmp_path, name, data, **more):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return article.read(str(path), **more)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "deep.html",
            "<html><body>" + "<div>" * 10_000 + PROSE * 3 + "</div>" * 10_000 + "<p>あとの文です。</p></body></html>",
        ),
        ("spans.html", "<p>" + "<span>" * 10_000 + "深い文です。" + "</span>" * 10_000 + "</p>"),
        ("tables.html", "<table><tr><td>" * 3_000 + "深い文です。" + "</td></tr></table>" * 3_000),
        ("lists.html", "<ul><li>" * 3_000 + "深い文です。"),
        ("unclosed.html", "<p>" + "<b><i>文です。" * 3_000),
        ("ruby.html", "<p>" + "<ruby>" * 3_000 + "漢字<rt>かんじ" + "</ruby>" * 3_000 + "です。</p>"),
        ("attribute.html", f'<p onclick="{"x" * 2_000_000}">本文の文です。</p>'),
        ("quotes.md", ">" * 3_000 + " 引用です。\n\n本文です。"),
        ("lists.md", "\n".join("  " * n + "- 項目です" for n in range(400)) + "\n\n本文です。"),
        ("brackets.md", "題\n\n" + "[" * 15_000 + "本文です。"),
        ("ticks.md", "題\n\n" + "".join("`" * n + "あ" for n in range(1, 190)) + "本文です。"),
        ("codes.md", "題\n\n" + "{{< " * 4_000 + "本文です。"),
        ("dollars.md", "題\n\n" + "$a" * 9_000 + "本文です。"),
        ("quotes.txt", "題\n\n" + "「" * 50_000 + "\n\n本文です。"),
        ("open.txt", "題\n\n" + "「閉じない引用の行です、\n\n" * 5_000 + "本文です。"),
        ("labels.txt", "題\n\n" + "名前：言葉です。\n別名：言葉です。\n" * 5_000),
        ("pictures.html", "<p>本文です。</p>" + '\n<img src="a.jpg" alt="港の朝の図"><p>文です。</p>' * 12_000),
        ("deep.rst", "題\n====\n\n" + "\n\n".join("  " * n + "引用です。" for n in range(60))),
    ],
    ids=lambda value: value if len(value) < 20 else "",
)
def test_bounded_time_and_nothing_lost(tmp_path, name, data):
    began = time.process_time()
    found = read(tmp_path, name, data)
    assert time.process_time() - began < 8
    assert "です。" in "".join(block.text for block in found.blocks)


def test_a_page_of_ten_megabytes(tmp_path):
    page = "<html><body><article>" + PROSE * 4_000 + "<!--" + "x" * 9_000_000 + "--></article></body></html>"
    began = time.process_time()
    assert len(read(tmp_path, "big.html", page).blocks) == 4_000
    assert time.process_time() - began < 12


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("image.html", '<html><body><img src="a.png" alt="画像だけのページです"></body></html>', "no Japanese text"),
        (
            "login.html",
            '<h1>ログイン</h1><form><p>続きを読むにはログインしてください。</p><input type="password"></form>',
            "login page",
        ),
        ("frames.html", "<frameset><frame src=a></frameset>", "no Japanese text"),
        ("comment.html", "<!--" * 50_000 + "本文です。", "page is empty"),
        ("empty.xml", "<rss version='2.0'><channel><title>番組</title></channel></rss>", "no entry with text"),
        (
            "nothing.xml",
            "<rss version='2.0'><channel><item><title>題</title></item></channel></rss>",
            "no entry with text",
        ),
    ],
)
def test_what_is_no_article_is_refused(tmp_path, name, data, said):
    with pytest.raises(ArticleError, match=said) as caught:
        read(tmp_path, name, data)
    assert caught.value.hint is not None


@pytest.mark.parametrize("name", ["bomb.xml", "bomb.html"])
def test_entities_are_not_expanded(tmp_path, name):
    bomb = (
        '<!DOCTYPE r [<!ENTITY a "爆発">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]>"
    )
    body = "<rss version='2.0'><channel><title>題</title><item><title>題</title><description>本文です。&j;</description></item></channel></rss>"
    found = read(
        tmp_path,
        name,
        '<?xml version="1.0"?>'
        + bomb
        + (body if name.endswith("xml") else "<html><body><p>本文です。&j;</p></body></html>"),
    )
    assert "".join(block.text for block in found.blocks).count("爆発") == 0


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"])
def test_a_markdown_link_to_nowhere_good_is_its_words(tmp_path, address):
    (tmp_path / "a.md").write_text(
        f"# 題\n\n本文の文です。[押す]({address})と[読む](https://example.com/)。\n", encoding="utf-8"
    )
    found = article.read(str(tmp_path / "a.md"))
    assert [block.text for block in found.blocks] == ["題", "本文の文です。押すと読む。"]
    assert [link.url for link in found.links] == ["https://example.com/"]


def test_scripts_and_javascript_addresses_are_never_text_or_link(tmp_path):
    found = read(
        tmp_path,
        "x.html",
        '<p onclick="alert(1)">本文の文です。<a href="javascript:alert(2)">押す</a><script>alert(3)</script><style>p{}</style></p><p>次の文です。</p>',
    )
    assert "alert" not in "".join(block.text for block in found.blocks)
    assert found.links == ()


def test_a_paywall_is_noted(tmp_path):
    found = read(
        tmp_path,
        "x.html",
        "<article><h1>題名です</h1><div class='body'><p>記事の冒頭の文です。</p><p>もう一つの文です。</p></div><div class='paywall'>この記事は有料記事です。残り500文字</div></article>",
    )
    assert [note.slug for note in found.notes] == ["paywall"]
    assert "有料" not in "".join(block.text for block in found.blocks)


def zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


CONTAINER = '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>'
PACKAGE = '<package><metadata><title>題</title></metadata><manifest><item id="a" href="{}"/></manifest><spine><itemref idref="a"/></spine></package>'


@pytest.mark.parametrize("name", ["b.epub", "b.docx"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, name):
    data = zipped(
        {
            "META-INF/container.xml": CONTAINER,
            "p.opf": PACKAGE.format("a.xhtml"),
            "a.xhtml": b" " * 60_000_000,
            "word/document.xml": b" " * 60_000_000,
        }
    )
    with pytest.raises(ArticleError, match="too large"):
        read(tmp_path, name, data)


@pytest.mark.parametrize(
    "href",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "..%2f..%2fetc/passwd",
        "C:\\x",
        "https://example.jp/a.xhtml",
    ],
)
def test_a_book_cannot_point_outside_itself(tmp_path, href):
    data = zipped(
        {"META-INF/container.xml": CONTAINER, "p.opf": PACKAGE.format(href), "../../etc/passwd": "<p>外の文です。</p>"}
    )
    with pytest.raises(ArticleError, match="no Japanese text"):
        read(tmp_path, "b.epub", data)


def test_a_protected_book_is_refused(tmp_path):
    data = zipped(
        {
            "META-INF/container.xml": CONTAINER,
            "META-INF/encryption.xml": "<encryption>aes256-cbc</encryption>",
            "p.opf": PACKAGE.format("a.xhtml"),
        }
    )
    with pytest.raises(ArticleError, match="protected"):
        read(tmp_path, "b.epub", data)


def test_the_size_limit_holds(tmp_path):
    with pytest.raises(ArticleError, match="MiB"):
        read(tmp_path, "a.txt", "本文です。\n" * 1000, limits=Limits(size=1000))


def test_selectors_of_a_site_win_over_the_rules(tmp_path):
    page = (
        '<html><head><link rel="canonical" href="https://www.example.jp/a"></head><body><h1>規則が選ぶ題</h1><p class="t">著者の題</p><p class="by">文 山田花子</p>'
        '<article><p>規則が選ぶ長い本文です。とても長い文章がここにあります。</p></article><div class="mine"><p>著者の本文です。</p><p class="no">要らない文です。</p></div></body></html>'
    )
    site = SiteSelectors(host="example.jp", article="div.mine", drop=("p.no",), title="p.t", author="p.by")
    found = read(tmp_path, "x.html", page, sites=(site,))
    assert (found.title, found.meta.author) == ("著者の題", "文 山田花子")
    assert [block.text for block in found.blocks if block.kind == "paragraph"] == ["著者の本文です。"]
    assert ("要らない文です。", "site-rule") in [(item.text, item.reason) for item in found.dropped]
