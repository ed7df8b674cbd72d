"""The promise of every input form, kept by being in the table; and the pages in tests/data/articles against their gold.

A page is named after its illness. Its gold has the shape of the team's script score: what must be said in which order,
which headings on which level, which readings, and what must not be said.
"""

import io
import json
import re
import unicodedata
import zipfile
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from yomicast import article, config
from yomicast.article.readers import READERS, form_of
from yomicast.article.source import Source
from yomicast.errors import ArticleError

DATA = Path(__file__).resolve().parents[1] / "data" / "articles"
PAGES = sorted(path for path in DATA.iterdir() if path.suffix != ".json")
SILENT = {"break", "code", "math", "footnote", "figure", "table", "title"}
MARKUP = re.compile(
    r"https?://|</?[a-zA-Z][^>]{0,80}>|\{\{|\}\}|```|\[\^|\]\(|^\s*#{1,6}\s|\*\*|\|\s*-{2,}|^:::|^\.\. |&(?:amp|lt|gt|nbsp);|Photo by ",
    re.MULTILINE,
)


def read(path):
    return article.read(str(path), front_matter=config.front_matter)


def norm(text):
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN" or char in "ー々%×+")


def gold_of(path):
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def said(found):
    return [found.title, *(re.sub(r"\$[^$]+\$", "", block.text) for block in found.blocks if block.kind not in SILENT)]


def headings(found):
    ranks = sorted({block.level for block in found.blocks if block.kind == "heading"})
    return [("h1", norm(found.title))] + [
        ("h2" if block.level == ranks[0] else "h3", norm(block.text))
        for block in found.blocks
        if block.kind == "heading"
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_read_as_its_gold_says(path):
    found, gold = read(path), gold_of(path)
    optional = [norm(item["text"]) for item in gold.get("optional", [])]
    wanted = norm("".join(sentence for block in gold["blocks"] for sentence in block["sentences"]))
    heard = norm("".join(text for text in said(found) if norm(text) not in optional))
    match = SequenceMatcher(None, wanted, heard, autojunk=False)
    shared = sum(block.size for block in match.get_matching_blocks())
    assert 2 * shared / (len(wanted) + len(heard)) >= 0.99, [
        (wanted[a:b], heard[c:d]) for tag, a, b, c, d in match.get_opcodes() if tag != "equal"
    ]
    assert headings(found) == [(b["kind"], norm("".join(b["sentences"]))) for b in gold["blocks"] if b["kind"] != "p"]
    read_as = [(block.text[ruby.start : ruby.end], ruby.reading) for block in found.blocks for ruby in block.rubies]
    assert read_as == [tuple(pair) for pair in gold.get("readings", [])]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_nothing_is_said_that_must_not_be(path):
    found, gold = read(path), gold_of(path)
    heard, allowed = "\n".join(map(norm, said(found))), norm("".join(s for b in gold["blocks"] for s in b["sentences"]))
    leaked = [
        item["text"]
        for item in gold["dropped"]
        if len(norm(item["text"])) > 3 and norm(item["text"]) in heard and norm(item["text"]) not in allowed
    ]
    assert not leaked
    assert not [text for text in said(found) if MARKUP.search(text)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_same_source_gives_the_same_article_with_places(path):
    found = read(path)
    assert found == read(path)
    assert all(block.place.file == str(path) for block in found.blocks)
    assert found.visible > 100
    lines = [block.place.line for block in found.blocks if block.place.line and block.kind not in ("footnote", "title")]
    if found.form in ("text", "markdown", "html"):
        assert lines == sorted(lines)


# --- one small sample of each form, for those that have no page of their own


def _epub():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="OEBPS/p.opf"/></rootfiles></container>',
        )
        book.writestr(
            "OEBPS/p.opf",
            '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>山の小屋番</dc:title><dc:creator>峰 澄</dc:creator>'
            '<dc:language>ja</dc:language></metadata><manifest><item id="n" href="nav.xhtml" properties="nav"/><item id="c" href="text/cover.xhtml"/>'
            '<item id="a" href="text/one.xhtml"/><item id="z" href="text/colophon.xhtml"/></manifest>'
            '<spine><itemref idref="c"/><itemref idref="n"/><itemref idref="a"/><itemref idref="z"/></spine></package>',
        )
        page = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body{}>{}</body></html>'
        book.writestr("OEBPS/nav.xhtml", page.format("", "<nav epub:type='toc'><ol><li>小屋の朝</li></ol></nav>"))
        book.writestr("OEBPS/text/cover.xhtml", page.format("", "<img src='c.jpg' alt='表紙'/>"))
        book.writestr(
            "OEBPS/text/one.xhtml",
            page.format(
                "",
                "<h1>小屋の朝</h1><p>　<ruby>薪<rp>（</rp><rt>まき</rt><rp>）</rp></ruby>を割る音で目が覚める。<a epub:type='noteref' href='#n1'>*1</a></p>"
                "<aside epub:type='footnote' id='n1'><p>冬だけの習慣。</p></aside>",
            ),
        )
        book.writestr(
            "OEBPS/text/colophon.xhtml", page.format("", "<p>2025年3月1日　初版発行</p><p>発行者　峰出版</p>")
        )
    return stream.getvalue()


def _word():
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph("小屋番の一年", style="Title")
    document.add_paragraph("春", style="Heading 1")
    document.add_paragraph("雪がゆるむと、まず道を直す。")
    for item in ("鍬", "杭"):
        document.add_paragraph(item, style="List Bullet")
    document.add_paragraph("山は急がない。", style="Quote")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("月", "仕事", "四月", "道直し"), strict=True):
        cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


SAMPLES = {
    "text": ("a.txt", "題名のある文\n\n本文は短い。\n".encode()),
    "markdown": ("a.md", "# 題名\n\n本文は**短い**。\n".encode()),
    "html": (
        "a.html",
        "<html><head><title>題名</title></head><body><h1>題名</h1><p>本文は短い。</p></body></html>".encode(),
    ),
    "rst": ("a.rst", "題名\n====\n\n本文は短い。\n".encode()),
    "feed": (
        "a.xml",
        "<rss version='2.0'><channel><title>番組</title><item><title>題名</title><description>本文は短い。</description></item></channel></rss>".encode(),
    ),
    "epub": ("a.epub", _epub()),
    "docx": ("a.docx", _word()),
}


@pytest.fixture(params=sorted(READERS))
def form(request):
    return request.param


def sample(form, folder):
    name, data = SAMPLES[form]
    path = folder / name
    path.write_bytes(data)
    return path


def test_every_form_reads_its_sample_and_names_itself(form, tmp_path):
    found = read(sample(form, tmp_path))
    assert found.form == form
    assert found.title
    assert any(block.kind == "paragraph" for block in found.blocks)


def test_every_form_is_found_by_name_and_by_media_type(form):
    row = READERS[form]
    assert {form_of(Source(name=f"a{suffix}", data=b"")) for suffix in row.suffixes} == {form}
    assert {form_of(Source(name="https://example.jp/a", data=b"", media_type=kind)) for kind in row.media_types} == {
        form
    }


@pytest.mark.parametrize(
    "data", [b"", b"   \n", bytes(range(256)) * 20, b"\x00" * 5000, b"PK\x03\x04broken", "😀\n".encode()], ids=str
)
def test_every_form_refuses_what_is_no_article(form, tmp_path, data):
    path = tmp_path / SAMPLES[form][0]
    path.write_bytes(data)
    with pytest.raises(ArticleError) as caught:
        read(path)
    assert str(path) in str(caught.value.where)
    assert caught.value.hint is not None


def test_a_book_leaves_out_cover_contents_and_colophon(tmp_path):
    found = read(sample("epub", tmp_path))
    assert (found.title, found.meta.author) == ("山の小屋番", "峰 澄")
    assert [(b.kind, b.text) for b in found.blocks if b.kind != "break"] == [
        ("heading", "小屋の朝"),
        ("paragraph", "薪を割る音で目が覚める。"),
        ("footnote", "冬だけの習慣。"),
    ]
    assert {d.reason for d in found.dropped} >= {"colophon", "toc", "footnote-mark"}


def test_a_word_document_keeps_its_styles(tmp_path):
    found = read(sample("docx", tmp_path))
    assert found.title == "小屋番の一年"
    assert [(b.kind, b.text) for b in found.blocks] == [
        ("title", "小屋番の一年"),
        ("heading", "春"),
        ("paragraph", "雪がゆるむと、まず道を直す。"),
        ("list_item", "鍬"),
        ("list_item", "杭"),
        ("quote", "山は急がない。"),
        ("table", ""),
    ]
    assert found.blocks[-1].rows == (("月", "仕事"), ("四月", "道直し"))
