"""RSS and Atom feeds: their entries as articles, newest first by instant, whatever the order and date form in the file."""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import feedparser

from yomicast.article import furniture, headings
from yomicast.article.charset import text_of_page
from yomicast.article.ledger import Ledger, Piece
from yomicast.article.meta import iso_date
from yomicast.article.refine import refine
from yomicast.article.source import Options, Source
from yomicast.article.tree import parse, text_of
from yomicast.article.walk import Walker
from yomicast.errors import ArticleError
from yomicast.model import Article, Message, Meta
from yomicast.patterns import expression

DOCTYPE = expression(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
SURROGATE = expression(
    r"&#(?:x0*d[89a-f][0-9a-f]{2}|0*5(?:5(?:29[6-9]|[3-9]\d\d)|6\d{3}|7(?:[0-2]\d\d|3[0-3]\d|34[0-3])));", re.IGNORECASE
)
"""References to halves of UTF-16 pairs, which stand for no character."""
LONGEST_FOOTER = 400
"""Letters of what may stand below the text of an entry."""
LAST_LINES, SHORTEST_NAME, AROUND_NAME = 4, 3, 60
"""How many last lines may name the feed's site, letters of its name at least, and of what else such a line says."""
SITE_PARTS = expression(r"[\s　]*[|｜:：/／–—―][\s　]*|[\s　]+[-－][\s　]+")
APPEARED = expression(
    r"(?:初めて|最初に|初出|元(?:の)?(?:記事|投稿)|原文|出典|続き|全文|(?:記事|投稿|文章|エントリー?|内容|もの)は)[^。]{0,60}(?:掲載|公開|投稿|配信|発表|表示|書|読め|お読み|ご覧|です|より|から)|(?:掲載|公開|投稿|配信|発行|運営)(?:され|した|元|しています|:|：)|"
    r"(?:初出|元記事|出典|配信元|提供|source|from|via|by)[\s　]*[:：]|originally|appeared|published|posted|read (?:more|on)|copyright|©|(?:で|を)(?:もっと|さらに|全部)?(?:読む|購読|フォロー|見る)",
    re.IGNORECASE,
)
"""How an entry came to the site that it names."""
OLDEST = float("-inf")
TOKYO_NAMES = expression(r"\b(?:JST|日本時間)\b")


def read(source: Source, options: Options) -> list[Article]:
    """Every entry that has text, newest first; entries without a date come last, in file order.

    Raises:
        ArticleError: no feed, or no entry with text.
    """
    text = DOCTYPE.sub("", text_of_page(source), count=1)
    text = re.sub(r"^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']", r"\1", text, count=1)
    parsed = _parsed(SURROGATE.sub("", text), source.name)
    entries = sorted(parsed.entries, key=_instant, reverse=True)
    articles, refused = [], None
    for entry in entries[: options.newest or None]:
        if options.since is not None and _instant(entry) < options.since.timestamp():
            continue
        try:
            articles.append(_article(entry, parsed.feed, source))
        except ArticleError as error:
            refused = refused or error
    if articles:
        return articles
    raise ArticleError(
        Message("the feed has no entry with text to speak", "読み上げる文章のある記事がフィードにありません"),
        where=refused.where if refused else source.name,
        hint=Message(
            "give the address of the article's page instead",
            "フィードではなく、記事のページのアドレスを指定してください",
        ),
    )


def _parsed(text: str, name: str) -> Any:
    """What feedparser makes of the feed; it sees no network and no file.

    Raises:
        ArticleError: broken in a way that it cannot bear.
    """
    headers = {"content-type": "application/xml; charset=utf-8"}
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    try:
        return feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False, response_headers=headers)
    except (ValueError, AttributeError, TypeError, LookupError, AssertionError, RecursionError) as error:
        raise ArticleError(
            Message("the feed is broken", "フィードが壊れています"),
            where=name,
            hint=Message(
                "give the address of the article's page instead",
                "フィードではなく、記事のページのアドレスを指定してください",
            ),
        ) from error


def _instant(entry: Mapping[str, Any]) -> float:
    """Seconds since 1970 UTC; entries without a readable date are the oldest."""
    written = str(_of(entry, "published") or _of(entry, "updated") or "")
    moment = None if TOKYO_NAMES.search(written) else _of(entry, "published_parsed") or _of(entry, "updated_parsed")
    if moment:
        return float(timegm(moment))
    iso = iso_date(written) or iso_date(str(_of(entry, "updated") or ""))
    if not iso:
        return OLDEST
    zone = "" if re.search(r"(?:Z|[+-]\d\d:\d\d)$", iso[10:]) else "+09:00"
    try:
        full = iso if "T" in iso else iso + "T00:00:00"
        return datetime.fromisoformat(full + zone).timestamp()
    except ValueError:
        return OLDEST


def _article(entry: Mapping[str, Any], feed: Mapping[str, Any], source: Source) -> Article:
    title = _plain(str(_of(entry, "title") or ""))
    link = str(_of(entry, "link") or "")
    ledger = Ledger(file=source.name, form="feed")
    pieces = _pieces(entry, ledger, _plain(str(_of(feed, "title") or "")))
    if not _of(entry, "content") and not _long(pieces):
        ledger.note(
            "summary-only",
            f"the feed carries only a summary of {title!r}; the page itself may say more: {link}",
            f"フィードには要約しかありません。本文はページにあるかもしれません: {link}",
        )
    if not title:
        title, pieces = headings.title(pieces, ledger, fallback="")
    return ledger.article(
        title,
        [Piece(kind="title", text=title), *(piece for piece in pieces if piece.kind != "title")],
        meta=_meta(entry, feed, link),
    )


def _pieces(entry: Mapping[str, Any], ledger: Ledger, site: str) -> list[Piece]:
    """The longest text the entry carries; the others are left out as summaries."""
    bodies = [str(item.get("value") or "") for item in _of(entry, "content") or []]
    summary = str(_of(entry, "summary") or "")
    best = max([*bodies, summary], key=lambda body: len(re.sub(r"<[^>]*>", "", body)))
    for other in dict.fromkeys(body for body in (*bodies, summary) if body != best):
        tree = parse(other)
        ledger.drop(text_of(tree) if tree is not None else "", "summary")
    tree = parse(f"<article>{best}</article>") if best.strip() else None
    if tree is None:
        return []
    walker = Walker(ledger, keep=frozenset(tree.iter("article", "body", "html")), lined=True)
    return refine(_above_footer(walker.walk(tree), ledger, site), ledger)


def _above_footer(pieces: list[Piece], ledger: Ledger, site: str) -> list[Piece]:
    """Without what a site adds to each entry below the line that says where it first appeared."""
    told = [n for n, piece in enumerate(pieces) if piece.kind not in ("footnote", "break")]
    ends = [
        n
        for n, piece in enumerate(pieces)
        if furniture.line_reason(piece, first=False, last=True) == "feed-footer"
        or (n in told[-LAST_LINES:] and n * 2 > len(pieces) and _names_site(piece, site))
    ]
    at = ends[0] if ends else len(pieces)
    if sum(len(piece.text) for piece in pieces[at:]) > LONGEST_FOOTER:
        return pieces
    for piece in pieces[at:]:
        ledger.leave(piece, "feed-footer")
    return pieces[:at]


def _names_site(piece: Piece, site: str) -> bool:
    """Whether a line says that the entry is the site's: its name or a part of it, and hardly more than how it appeared there."""
    if piece.kind not in ("paragraph", "aside"):
        return False
    said = headings.key(piece.text)
    names = [headings.key(name) for name in (site, *SITE_PARTS.split(site))]
    named = [name for name in names if len(name) >= SHORTEST_NAME and name in said]
    around = len(said) - max(map(len, named), default=0)
    return bool(named) and (not around or (around <= AROUND_NAME and bool(APPEARED.search(piece.text))))


def _of(entry: Mapping[str, Any], name: str) -> Any:
    """An entry's own value; feedparser's look-up falls back to other names with a warning."""
    return dict.get(entry, name) if isinstance(entry, dict) else None


def _long(pieces: list[Piece]) -> bool:
    return sum(len(piece.text) for piece in pieces) > 400


def _plain(markup: str) -> str:
    tree = parse(markup)
    return text_of(tree) if tree is not None else ""


def _meta(entry: Mapping[str, Any], feed: Mapping[str, Any], link: str) -> Meta:
    moment = _instant(entry)
    written = iso_date(str(_of(entry, "published") or _of(entry, "updated") or ""))
    shown = written or ("" if moment == OLDEST else datetime.fromtimestamp(moment, tz=UTC).isoformat())
    pictures = [
        *(_of(entry, "media_thumbnail") or []),
        *(item for item in _of(entry, "media_content") or [] if str(item.get("type", "image")).startswith("image")),
    ]
    enclosed = [
        item.get("href") for item in _of(entry, "enclosures") or [] if str(item.get("type", "")).startswith("image")
    ]
    image = next((str(item.get("url")) for item in pictures if item.get("url")), "") or next(
        (str(href) for href in enclosed if href), ""
    )
    return Meta(
        author=str(_of(entry, "author") or feed.get("author") or ""),
        published=shown,
        language=str(feed.get("language") or ""),
        link=link if link.startswith("http") else "",
        image=image if image.startswith("http") else "",
        description=_plain(str(_of(entry, "summary") or ""))[:300],
        site=_plain(str(feed.get("title") or "")),
    )
