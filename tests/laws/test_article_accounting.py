"""Accounting, for each input form: every visible character of the source is in a block or dropped for a named reason.

What is visible is found by other means than the reader's own: the standard library's HTML parser, docutils' writer,
the words of the XML, or for plain text the file itself.
"""

import io
import re
import unicodedata
import zipfile
from collections import Counter
from html import escape
from html.parser import HTMLParser

import docutils.core
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from yomicast import article
from yomicast.errors import ArticleError

FAST = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")

WORDS = st.sampled_from(
    [
        "朝",
        "市場",
        "図書館",
        "に行きました。",
        "「はい」",
        "と答えた。",
        "Photo",
        "by",
        "A",
        "on",
        "Unsplash",
        "目次",
        "関連記事",
        "シェア",
        "2026年1月3日",
        "第1章",
        "■概要",
        "・項目",
        "1.",
        "（注）",
        "山田：はい。",
        "Python3",
        "は",
        "AI",
        "C++",
        "です。",
        "～",
        "！",
        "？",
        "※",
        "東京",
        "｜漢字《かんじ》",
        "{山|やま}",
    ]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=8).map("".join)
CLASSES = st.sampled_from(
    [
        "",
        "entry-content",
        "sidebar",
        "share-buttons",
        "note",
        "caption",
        "author-box",
        "toc",
        "date",
        "related",
        "footnote",
        "ad",
        "midashi",
        "wp-block-quote",
        "speech-name",
        "math",
        "btn",
        "x1",
    ]
)
TAGS = st.sampled_from(
    [
        "p",
        "div",
        "span",
        "section",
        "h1",
        "h2",
        "h3",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "b",
        "strong",
        "em",
        "a",
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "blockquote",
        "figure",
        "figcaption",
        "pre",
        "code",
        "ruby",
        "rt",
        "rp",
        "sup",
        "sub",
        "del",
        "font",
        "center",
        "details",
        "summary",
        "aside",
        "nav",
        "footer",
        "header",
        "form",
        "label",
        "cite",
        "small",
        "time",
        "article",
        "main",
        "address",
    ]
)


class _Visible(HTMLParser):
    """Text outside what browsers don't show."""

    hidden = frozenset({"script", "style", "template", "title"})

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out, self.depth = [], 0

    def handle_starttag(self, tag, attrs):
        self.depth += tag in self.hidden

    def handle_endtag(self, tag):
        self.depth -= tag in self.hidden and self.depth > 0

    def handle_data(self, data):
        if not self.depth:
            self.out.append(data)


def visible_html(markup):
    parser = _Visible()
    parser.feed(markup)
    parser.close()
    return "".join(parser.out)


def counted(text):
    return Counter(UNSEEN.sub("", unicodedata.normalize("NFKC", UNSEEN.sub("", text))))


def accounted(found):
    parts = [item.text for item in found.dropped]
    for block in found.blocks:
        parts += [block.text, *(ruby.reading for ruby in block.rubies), *(cell for row in block.rows for cell in row)]
    return counted("".join(parts))


def check(path, seen):
    """Every character of `seen` is accounted for; a refused source has nothing to account."""
    try:
        found = article.read(str(path))
    except ArticleError:
        return
    missing = counted(seen) - accounted(found) - counted(found.title)
    assert not missing, f"lost without a word: {''.join(missing.elements())!r}"
    assert all(item.reason for item in found.dropped)


@st.composite
def markup(draw, depth=0):
    """Any nesting of elements, also such as no author would write."""
    if depth > 4 or draw(st.booleans()):
        return escape(draw(SENTENCES))
    tag, name = draw(TAGS), draw(CLASSES)
    inner = "".join(draw(st.lists(markup(depth + 1), min_size=0, max_size=4)))
    attributes = f' class="{name}"' if name else ""
    attributes += ' href="#fn1"' if tag == "a" and draw(st.booleans()) else ""
    breaks = "<br>" if draw(st.booleans()) else ""
    return f"<{tag}{attributes}>{inner}{breaks}</{tag}>"


PAGES = st.lists(markup(), min_size=1, max_size=6).map("\n".join)


@FAST
@given(PAGES)
def test_html(tmp_path, body):
    page = f"<!DOCTYPE html><html lang=ja><head><title>題</title></head><body>{body}<p>かならず本文です。</p></body></html>"
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    check(path, visible_html(page))


LINES = st.lists(
    st.one_of(SENTENCES, st.just(""), SENTENCES.map("　{}".format), SENTENCES.map("a photo of {}".format)),
    min_size=1,
    max_size=12,
)


@FAST
@given(LINES)
def test_plain_text(tmp_path, lines):
    path = tmp_path / "page.txt"
    text = "\n".join([*lines, "", "かならず本文です。"])
    path.write_text(text, encoding="utf-8")
    check(path, text)


MARKDOWN = st.lists(
    st.one_of(
        SENTENCES,
        st.just(""),
        SENTENCES.map("# {}".format),
        SENTENCES.map("## {} {{#id}}".format),
        SENTENCES.map("- {}".format),
        SENTENCES.map("1. {}".format),
        SENTENCES.map("> {}".format),
        SENTENCES.map("    {}".format),
        SENTENCES.map("**{}**".format),
        SENTENCES.map(":::message\n{}\n:::".format),
        SENTENCES.map("::: tip {}\n\n本文\n\n:::".format),
        SENTENCES.map("{{{{< notice >}}}}{}{{{{< /notice >}}}}".format),
        SENTENCES.map("[{}](https://example.jp/)".format),
        SENTENCES.map("| a | b |\n|---|---|\n| {} | 2 |".format),
        SENTENCES.map("```py:x.py\n{}\n```".format),
        SENTENCES.map("<div class='note'>{}</div>\n".format),  # a blank line: CommonMark takes what follows as HTML too
        SENTENCES.map('!!! note "{}"\n    なか\n'.format),
        SENTENCES.map("> [!NOTE]\n> {}".format),
        st.sampled_from(
            [
                "---",
                "[^1]",
                "[^1]: 注です。",
                ":tada:",
                "$x^2$",
                "`code`",
                "@[card](https://example.jp)",
                "https://example.jp/a",
                "[toc]",
                "<!-- 見えない -->",
            ]
        ),
    ),
    min_size=1,
    max_size=12,
)


@FAST
@given(MARKDOWN)
def test_markdown(tmp_path, lines):
    text = "\n".join([*lines, "", "かならず本文です。", ""])
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    # Marks between shortcodes ("1.") are a list's where the shortcodes are rendered, and its numbers are the renderer's.
    tags = "".join(re.findall(r"\{\{[<%].*?[>%]\}\}", text))
    bare = re.sub(r"\{\{[<%].*?[>%]\}\}", "", text)
    plain = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(bare)
    seen = visible_html(plain) + tags
    check(
        path,
        re.sub(r"[-|#*:>{}()\[\]`$^~=\"'!<\\]|&\w+;", "", seen) if any(sign in text for sign in "|:{$[!`") else seen,
    )


RST = st.lists(
    st.one_of(
        SENTENCES.map(lambda text: re.sub(r"[|*`_{}]", "", text) + "\n"),
        st.just("節の題\n======\n"),
        SENTENCES.map(lambda text: "* " + re.sub(r"[|*`_{}]", "", text) + "\n"),
        SENTENCES.map(lambda text: ".. note::\n\n   " + re.sub(r"[|*`_{}]", "", text) + "\n"),
        SENTENCES.map(lambda text: "    " + re.sub(r"[|*`_{}]", "", text) + "\n\n    -- 出典\n"),
        st.just(".. code:: python\n\n   print(1)\n"),
        st.just("=== ===\n甲  乙\n=== ===\n1   2\n=== ===\n"),
    ),
    min_size=1,
    max_size=8,
)


@FAST
@given(RST)
def test_restructuredtext(tmp_path, parts):
    text = "題名\n####\n\nかならず本文です。\n\n" + "\n".join(parts)
    path = tmp_path / "page.rst"
    path.write_text(text, encoding="utf-8")
    body = docutils.core.publish_parts(
        text,
        writer="html5",
        settings_overrides={"report_level": 5, "halt_level": 5, "syntax_highlight": "none", "warning_stream": False},
    )
    check(path, re.sub(r"[*・—]|^Note$", "", visible_html(body["html_body"]), flags=re.MULTILINE))


@FAST
@given(PAGES)
def test_feed(tmp_path, body):
    path = tmp_path / "feed.xml"
    whole = f"{body}<p>かならず本文です。</p>"
    path.write_text(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>番組</title><item><title>題</title><description>{escape(whole)}</description></item></channel></rss>',
        encoding="utf-8",
    )
    check(path, visible_html(whole))


@FAST
@given(st.lists(PAGES, min_size=1, max_size=3))
def test_epub(tmp_path, chapters):
    path = tmp_path / "book.epub"
    pages = [
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}<p>かならず本文です。</p></body></html>'
        for body in chapters
    ]
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "META-INF/container.xml", '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>'
        )
        items = "".join(f'<item id="c{n}" href="c{n}.xhtml"/>' for n in range(len(pages)))
        spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(pages)))
        book.writestr(
            "p.opf",
            f"<package><metadata><title>題</title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
        for n, page in enumerate(pages):
            book.writestr(f"c{n}.xhtml", page)
    check(path, "".join(map(visible_html, pages)))


STYLES = st.sampled_from([None, "Heading 1", "Heading 2", "List Bullet", "List Number", "Quote", "Caption", "Title"])


@settings(FAST, max_examples=25)
@given(st.lists(st.tuples(STYLES, SENTENCES, st.booleans()), min_size=1, max_size=10))
def test_word(tmp_path, paragraphs):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for style, text, strong in paragraphs:
        document.add_paragraph(style=style).add_run(text).bold = strong
    table = document.add_table(rows=2, cols=2)
    table.cell(1, 1).text = "表の中"
    document.add_paragraph("かならず本文です。")
    stream = io.BytesIO()
    document.save(stream)
    path = tmp_path / "page.docx"
    path.write_bytes(stream.getvalue())
    with zipfile.ZipFile(path) as package:
        seen = re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", package.read("word/document.xml").decode())
    check(path, "".join(seen))
