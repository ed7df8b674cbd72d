"""Markdown in the dialects Japanese writers use: CommonMark, GitHub, Hugo, Jekyll, Zenn, Qiita, VitePress, Docusaurus.

What a dialect adds is first rewritten line by line (line numbers stay true), then markdown-it-py parses, and the
result goes through the same walker as HTML, because Markdown may hold any HTML.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Mapping
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from yomicast.article import dialects, headings
from yomicast.article.decode import decode
from yomicast.article.ledger import Ledger, Piece
from yomicast.article.meta import iso_date
from yomicast.article.refine import refine
from yomicast.article.source import Options, Source
from yomicast.article.tree import parse
from yomicast.article.walk import Walker
from yomicast.errors import ArticleError
from yomicast.model import Article, Message, Meta
from yomicast.patterns import expression
from yomicast.settings import EpisodeSettings

FRONT = expression(r"\A(?P<fence>---|\+\+\+)[ \t]*\n(?P<text>.*?)\n?(?P=fence)[ \t]*(?:\n|\Z)", re.DOTALL)
LONGEST = 20_000
"""Characters on one line of Markdown above which its parser takes too long."""
META_KEYS = frozenset(
    [
        "title",
        "author",
        "authors",
        "date",
        "lastmod",
        "updated",
        "published",
        "published_at",
        "description",
        "image",
        "cover_image",
        "eyecatch",
        "thumbnail",
        "link",
        "canonical",
        "canonical_url",
        "permalink",
        "lang",
        "language",
        "slug",
        "source",
        "category",
    ]
)
SETTINGS = frozenset(item.name for item in dataclasses.fields(EpisodeSettings)) - META_KEYS


def read(source: Source, options: Options) -> list[Article]:
    """The article of a Markdown file.

    Raises:
        ArticleError: not text, or nothing in it can be spoken.
        ConfigError: the front matter is broken.
    """
    text = decode(source.data, name=source.name, declared=source.charset)
    ledger = Ledger(file=source.name, form="markdown")
    front, body = _front(text, ledger, options)
    pieces = pieces_of(body, ledger)
    title, pieces = _titled(pieces, ledger, _word(front.get("title")), source.stem)
    settings = {key: value for key, value in front.items() if key in SETTINGS}
    return [ledger.article(title, pieces, meta=_meta(front), settings=settings)]


def pieces_of(body: str, ledger: Ledger) -> list[Piece]:
    """Markdown without front matter as pieces."""
    for number, line in enumerate(body.split("\n"), 1):
        if len(line) > LONGEST:
            raise ArticleError(
                Message(f"a line of {len(line)} characters", f"1 行が {len(line)} 字もあります"),
                where=ledger.place(number),
                hint=Message("put each paragraph on a line of its own", "段落ごとに改行してください"),
            )
    rewritten, origin, breaks = dialects.rewrite(body, ledger)
    tree = parse("<article>" + _render(rewritten, origin, breaks) + "</article>")
    if tree is None:
        return []
    walker = Walker(ledger, keep=frozenset(tree.iter("article", "body", "html")), lined=True)
    return refine(walker.walk(tree), ledger)


# --- front matter


def _front(text: str, ledger: Ledger, options: Options) -> tuple[Mapping[str, object], str]:
    """The front matter's values and the text with it blanked out, so that lines keep their numbers."""
    match = FRONT.match(text)
    if not match or (match["fence"] == "---" and not re.search(r"^[\w-]+\s*:", match["text"], re.MULTILINE)):
        return {}, text
    ledger.drop(match[0], "front-matter", 1)
    body = "\n" * match[0].count("\n") + text[match.end() :]
    if match["fence"] == "+++" and options.front_matter is None:
        try:
            return tomllib.loads(match["text"]), body
        except tomllib.TOMLDecodeError as error:
            raise ArticleError(
                Message(f"the front matter is no TOML: {error}", f"フロントマターが TOML として読めません: {error}"),
                where=ledger.place(1),
                hint=Message(
                    "check quotes and brackets between the +++ lines", "+++ の間の引用符とかっこを確かめてください"
                ),
            ) from error
    if options.front_matter is None:
        ledger.note("front-matter", "front matter was not read", "フロントマターは読み取っていません", 1)
        return {}, body
    return options.front_matter(match["text"], "toml" if match["fence"] == "+++" else "yaml"), body


def _meta(front: Mapping[str, object]) -> Meta:
    def first(*keys: str) -> str:
        return next((word for key in keys if (word := _word(front.get(key)))), "")

    link = first("link", "canonical_url", "canonical", "permalink")
    return Meta(
        author=first("author", "authors"),
        published=next(
            (
                date
                for key in ("date", "published_at", "published", "created")
                if (date := iso_date(_word(front.get(key))))
            ),
            "",
        ),
        language=first("lang", "language"),
        link=link if link.startswith("http") else "",
        image=first("image", "cover_image", "eyecatch", "thumbnail"),
        description=first("description", "summary", "excerpt"),
    )


def _word(value: object) -> str:
    if isinstance(value, list | tuple):
        return "、".join(word for word in map(_word, value) if word)
    if isinstance(value, Mapping):
        return _word(value.get("name"))
    return " ".join(str(value).split()) if value is not None and not isinstance(value, bool) else ""


# --- title


def _titled(pieces: list[Piece], ledger: Ledger, given: str, fallback: str) -> tuple[str, list[Piece]]:
    first = pieces[0] if pieces else None
    top = first is not None and first.kind == "heading" and first.level == 1
    if given:
        if first is not None and first.kind == "heading" and first.text == given:
            return given, [first.to(kind="title", level=0), *pieces[1:]]
        return given, pieces
    tops = sum(piece.kind == "heading" and piece.level == 1 for piece in pieces)
    if first is not None and top and not (headings.KEYWORD.match(first.text) and tops > 1):
        return first.text, [first.to(kind="title", level=0), *pieces[1:]]
    return headings.title(pieces, ledger, fallback=fallback)


# --- parsing and rendering


def _parser(breaks: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "breaks": breaks, "maxNesting": 80}).enable(
        ["table", "strikethrough"]
    )
    parser.use(footnote_plugin).use(dollarmath_plugin, allow_digits=False, double_inline=True, renderer=_formula).use(
        deflist_plugin
    )
    parser.add_render_rule("fence", _fence)
    parser.validateLink = _any_address  # type: ignore[method-assign, assignment]  # the words of a link are text, wherever it leads
    return parser


def _any_address(_: str) -> bool:
    """A javascript: link is still a link: refused, its markup would be read aloud. The ledger keeps http(s) only."""
    return True


def _formula(content: str, options: Mapping[str, Any]) -> str:
    tag = "div" if options.get("display_mode") else "span"
    return f'<{tag} class="math tex">{escape(content.strip())}</{tag}>'


def _fence(_: object, tokens: list[Token], index: int, *__: object) -> str:
    token = tokens[index]
    info = token.info.strip()
    language = re.split(r"[\s:{,]", info)[0] if info else ""
    line = token.attrGet("data-line") or ""
    if language == "math":
        return f'<div class="math tex" data-line="{line}">{escape(token.content.strip())}</div>\n'
    return f'<pre data-line="{line}"><code class="language-{escape(language or "text")}">{escape(token.content)}</code></pre>\n'


def _render(text: str, origin: list[int], breaks: bool) -> str:
    parser = _parser(breaks)
    tokens = parser.parse(text)
    for token in tokens:
        if token.map and token.nesting >= 0:
            token.attrSet("data-line", str(origin[min(token.map[0], len(origin) - 1)]))
    return str(parser.renderer.render(tokens, parser.options, {}))
