"""HTML pages: blogs, news, municipalities, old table layouts. Finds the article's root, then walks it.

The root: per-site selectors, else elements that name themselves an article's text, else the smallest element that
holds nearly all prose. Everything outside it is dropped with the reason its element gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from yomicast.article import boxes, headings, shapes
from yomicast.article.charset import text_of_page
from yomicast.article.furniture import BARE_CONTACT, line_reason
from yomicast.article.ledger import JAPANESE, Ledger, Piece
from yomicast.article.meta import Head, iso_date, without_site
from yomicast.article.refine import refine
from yomicast.article.source import Options, Source
from yomicast.article.tree import names_of, parse, tag_of, text_of
from yomicast.article.walk import TITLE_HERE, Walker
from yomicast.errors import ArticleError, ConfigError
from yomicast.model import Article, Message, Meta
from yomicast.patterns import expression
from yomicast.settings import SiteSelectors

TEXT_NAMES = expression(
    r"(?:^| )(?:(?:entry|post|article|single|news|story|blog|note|release|pressrelease|topics?|column|detail|page|cms|rich|main) ?(?:content|contents|body|text|txt|detail|honbun|main|inner|area)|"
    r"note common styles textnote body|textnote|article ?body ?text|body ?text|main ?text|honbun|hon ?bun|wysiwyg|rte|tmp contents|editor ?(?:content|body)|"
    r"markdown ?(?:body|content)|znc|e content|entry|articlebody|mw parser output|p article content|c entry content|kizi|kiji(?: ?(?:body|honbun|text))?)(?= |$)"
)
SURE_NAMES = expression(
    r"(?:^| )(?:articlebody|(?:entry|post|article|news|note|blog|release|story|single) ?(?:content|contents|body|text|txt|honbun)|textnote ?body|article ?body ?text|honbun|wysiwyg|tmp contents|markdown ?body)(?= |$)"
)
SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "head", "a", "button", "select", "textarea", "nav", "footer", "iframe"]
)
NEARLY_ALL, MAIN_CELL = 0.8, 0.65
"""Shares of a page's prose that its text has at least: in any element, and in the cell of a layout table."""
HALF, PARAGRAPH, LINE = 0.5, 45, 16
"""The share that is enough when nothing beside it in a page laid out by tables is as long as a paragraph."""
MARGIN = "data-margin"
"""Attribute of an element that was a block quote for its margins only."""
OWNED = expression(r"転載|複製|著作権|copyright|推奨|ブラウザ|Internet Explorer|リンクフリー", re.IGNORECASE)
INNERMOST = frozenset(["p", "h1", "h2", "ul", "ol", "blockquote", "b", "span", "pre"])
SET_APART = frozenset(["center", "font"])
"""Elements that set single lines apart, or a whole page of tables."""
TITLE_NAMES = expression(
    r"(?:^| )(?:(?:entry|post|article|news|page|note|single|story|release|content|detail) ?(?:title|ttl|headline|heading|tit|name)|title|headline|ttl|midashi)(?= |$)"
)
LOGIN = expression(r"ログイン|会員登録|サインイン|パスワード|log ?in|sign ?in|password", re.IGNORECASE)
CONTACT_NAMES = expression(
    r"(?:^| )(?:inquiry|inquire|contact|toiawase|otoiawase|toi|reference|section ?(?:info|contact|data)|division|tantou?|tanto|department|busho|sosiki|soshiki|address|renrakusaki|contactus|info ?box)(?= |$)"
)
OFFICE = expression(
    r"[都道府県市区町村]役?所|役場|県庁|(?:課|係|室|局|部|センター|教育委員会|保健所|消防署?|事務所|省|庁)(?:[^一-龥]|$|[一-龥]{0,6}(?:課|係|担当|グループ))"
)
ABOUT_PAGE = expression(r"(?:この|本)(?:ページ|記事|件|事業|制度|お知らせ|情報)|担当|問い?合わ?せ先")
PHONE = expression(r"(?:電話|TEL|tel|ファクス|ＦＡＸ|FAX|℡)|\d{2,5}[-‐－(（]\d{1,4}[-‐－)）]\d{3,4}")
COMPANY = expression(r"株式会社|有限会社|合同会社|\(株\)|（株）|㈱|Inc\.|Ltd")
PRESS = expression(r"報道|プレス|取材|メディア|広報担当|IR担当")
SUBTITLES = frozenset(["sub", "subtitle", "subttl", "lead", "catch", "deck", "subhead", "catchcopy"])
NO_LEAD = frozenset(
    {
        "author-box",
        "share",
        "nav",
        "breadcrumb",
        "related",
        "toc",
        "ad",
        "cookie",
        "comments",
        "link-card",
        "product",
        "call",
        "login",
        "pager",
        "search",
    }
)


def read(source: Source, options: Options) -> list[Article]:
    """The article of an HTML page.

    Raises:
        ArticleError: not text, no article in it, a login page.
    """
    text = text_of_page(source)
    ledger = Ledger(file=source.name, form="html")
    tree = parse(text)
    if tree is None:
        raise _nothing(ledger)
    site = _site(source.url or source.name, Head(tree, source.url).link(), options.sites)
    return [page(tree, ledger, url=source.url, fallback=source.stem, site=site)]


def page(
    tree: etree._Element, ledger: Ledger, *, url: str = "", fallback: str = "", site: SiteSelectors | None = None
) -> Article:
    """The article of a parsed page."""
    head = Head(tree, url)
    meta = head.meta()
    root = _root(tree, site)
    drops = frozenset(node for selector in (site.drop if site else ()) for node in _select(tree, selector, site))
    title, node = _title(tree, root, head, meta.site, site)
    node = None if node is not None and node in root.iterancestors() else node  # a title round all the text
    if site:
        meta = _by_selectors(tree, meta, site)
    keep = frozenset([root, *root.iterancestors(), *([node, *node.iterancestors()] if node is not None else [])])
    walker = Walker(ledger, keep=keep, drops=drops)
    home = (
        _common([root, node])
        if node is not None
        else next((up for up in root.iterancestors() if tag_of(up) in ("article", "main")), None)
    )
    inside = _over_lines(node, list(Walker(ledger, judged=False).walk(node))) if node is not None else []
    title_pieces = [piece.to(kind="title", level=0) for piece in inside[:1]]
    if node is not None:
        hidden = etree.Element("span")
        hidden.set(TITLE_HERE, "")
        hidden.tail = node.tail
        parent = node.getparent()
        if parent is not None:
            parent.replace(node, hidden)
    lead, contact = _outside(tree, root, home, ledger, alone=bool(site and site.article))
    walked = _after_title(walker.walk(root), ledger)
    if node is None:
        title, walked = _own_title(walked, title, ledger)
    pieces = [*inside[1:], *lead, *walked, *contact]  # blocks inside the title's element are text as well
    title_pieces = title_pieces or [piece for piece in pieces if piece.kind == "title"][:1]
    pieces = refine(_subtitle([piece for piece in pieces if piece.kind != "title"]), ledger)
    if not title:
        title, pieces = headings.title(pieces, ledger, fallback=fallback)
    elif title_pieces:
        title = title_pieces[0].text
        pieces = [*title_pieces, *(piece for piece in pieces if not _repeats(piece, title, ledger))]
    pieces = _without_eyecatch(pieces, title, ledger)
    pieces = _unsigned(pieces, meta.author, ledger)
    _refuse_login(tree, pieces, ledger)
    _note_paywall(ledger)
    return ledger.article(title, pieces, meta=meta)


def _over_lines(node: etree._Element, inside: list[Piece]) -> list[Piece]:
    """A title that a heading element sets over several lines is one: 石を積む人<br>―― 志村要（前編）."""
    if len(inside) < 2 or tag_of(node) not in ("h1", "h2", "h3") or shapes.has_blocks(node):
        return inside
    if any(piece.kind != "paragraph" or piece.rubies for piece in inside[1:]) or inside[0].kind != "paragraph":
        return inside
    text = inside[0].text
    for piece in inside[1:]:
        text += piece.text if re.match(r"\W", piece.text) else f" {piece.text}"
    return [inside[0].to(text=text)]


def _after_title(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """The text below the title; above it a page sets its date, company and whom to ask, but sometimes a lead."""
    at = next((n for n, piece in enumerate(pieces) if piece.kind == "title"), None)
    if at is None:
        return pieces
    above, below = pieces[:at], [piece for piece in pieces[at + 1 :] if piece.kind != "title"]
    if sum(len(piece.text) for piece in above) > sum(len(piece.text) for piece in below):
        return [*above, *below]
    return [*(piece for piece in above if _is_lead(piece, ledger)), *below]


def _own_title(pieces: list[Piece], declared: str, ledger: Ledger) -> tuple[str, list[Piece]]:
    """The title that a page without heading elements prints in large or bold letters above its text.

    A line that only repeats part of the declared title beside one that says more is the series' name.
    """
    end = next((n for n, piece in enumerate(pieces) if len(piece.text) > 60 or piece.text.endswith("。")), 0)
    bold = [n for n in range(min(end, 8)) if pieces[n].strong and pieces[n].kind in ("paragraph", "heading")]
    bold = [n for n in bold if pieces[n].linked < 0.5 and not line_reason(pieces[n], first=True, last=False)]
    whole = next((n for n in bold if _squeezed(pieces[n].text) == _squeezed(declared)), None)
    known = [n for n in bold if _squeezed(pieces[n].text) and _squeezed(pieces[n].text) in _squeezed(declared)]
    marked = {n for n in bold if headings.mark_level(pieces[n].text)}
    more = [n for n in bold if n not in known and n not in marked and (known or shapes.alike(pieces[n].text, declared))]
    if not known and not more:
        return declared, pieces
    at = more[0] if more else max(known, key=lambda n: len(pieces[n].text))
    at = at if whole is None else whole
    for n in known:
        if n != at:
            ledger.leave(pieces[n], "series")
    kept = [
        piece for n, piece in enumerate(pieces) if n != at and n not in known and (n > at or _is_lead(piece, ledger))
    ]
    return pieces[at].text, [pieces[at].to(kind="title", level=0), *kept]


def _subtitle(pieces: list[Piece]) -> list[Piece]:
    """A second title directly below the first begins no chapter."""
    first = pieces[0] if pieces else None
    if first is not None and first.kind == "heading" and first.hints & SUBTITLES:
        return [first.to(kind="paragraph", level=0, hints=frozenset()), *pieces[1:]]
    return pieces


def _repeats(piece: Piece, title: str, ledger: Ledger) -> bool:
    if piece.kind in ("heading", "paragraph") and piece.text == title:
        ledger.leave(piece, "repeated-title")
        return True
    return False


def _without_eyecatch(pieces: list[Piece], title: str, ledger: Ledger) -> list[Piece]:
    """A lead picture whose description only repeats the title says nothing."""
    kept = []
    for piece in pieces:
        if piece.kind == "figure" and _squeezed(piece.text) in _squeezed(title):
            ledger.leave(piece, "image-alt")
        else:
            kept.append(piece)
    return kept


def _unsigned(pieces: list[Piece], author: str, ledger: Ledger) -> list[Piece]:
    """The text without the reporter's name in parentheses at its end."""
    names = [name for name in re.split(r"[、,・ 　]", author) if len(name) > 1] + ([author] if author else [])
    if not names:
        return pieces
    signed = re.compile(
        rf"[\s　]*[（(【［=＝](?:[^（(）)]{{0,12}}[・＝=：:])?(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?:記者)?[）)】］]?$"
    )
    out = list(pieces)
    for n in range(max(0, len(out) - 4), len(out)):
        match = signed.search(out[n].text)
        if match and out[n].kind == "paragraph" and match.start() > 0:
            ledger.drop(match[0], "byline", out[n].line)
            out[n] = out[n].to(
                text=out[n].text[: match.start()],
                rubies=tuple(ruby for ruby in out[n].rubies if ruby.end <= match.start()),
            )
    return out


# --- selectors given by the author


def _site(url: str, link: str, sites: Sequence[SiteSelectors]) -> SiteSelectors | None:
    hosts = [urlsplit(address).hostname or "" for address in (url, link) if "//" in address]
    for site in sites:
        if any(host == site.host or host.endswith("." + site.host) for host in hosts):
            return site
    return None


def _select(tree: etree._Element, selector: str, site: SiteSelectors | None) -> list[etree._Element]:
    try:
        return list(CSSSelector(selector, translator="html")(tree))
    except (SelectorError, etree.XPathError) as error:
        raise ConfigError(
            Message(f"not a CSS selector: {selector!r}", f"CSS セレクターとして読めません: {selector!r}"),
            where=f"sites[{site.host if site else ''}]",
            hint=Message(
                "write it as in a style sheet: div.body > p", "スタイルシートと同じ書き方にしてください: div.body > p"
            ),
        ) from error


def _by_selectors(tree: etree._Element, meta: Meta, site: SiteSelectors) -> Meta:
    author = [text_of(node) for node in (_select(tree, site.author, site) if site.author else [])]
    dates = [
        iso_date(node.get("datetime") or text_of(node))
        for node in (_select(tree, site.date, site) if site.date else [])
    ]
    return replace(
        meta, author=author[0] if author else meta.author, published=next(filter(None, dates), meta.published)
    )


# --- the root


def _root(tree: etree._Element, site: SiteSelectors | None) -> etree._Element:
    body = next(tree.iter("body"), tree)
    prose = _prose(body)
    _unindent(body, prose)
    if site and site.article and (found := _select(tree, site.article, site)):
        return _common(found)
    named = _named(body, prose)
    if named is not None:
        return named
    return _densest(body, prose)


def _unindent(body: etree._Element, prose: dict[etree._Element, int]) -> None:
    """Block quotations that only set a page in are none; one inside the other may be."""
    while found := shapes.margins(body, prose):
        for node in found:
            node.tag = "div"
            node.set(MARGIN, "")


def _prose(body: etree._Element) -> dict[etree._Element, int]:
    """Characters of running text below each element: outside links, buttons and boxes that name themselves no article."""
    size: dict[etree._Element, int] = {}
    skipped: set[etree._Element] = set()
    order = list(body.iter())
    for node in order:
        parent = node.getparent()
        out = (parent is not None and parent in skipped) or (node is not body and _is_out(node))
        if out:
            skipped.add(node)
        size[node] = 0 if out else _running(node.text)
    for node in reversed(order):
        parent = node.getparent()
        if parent is not None and node is not body:
            size[parent] += size[node] + (0 if parent in skipped else _running(node.tail))
    return size


def _is_out(node: etree._Element) -> bool:
    tag = tag_of(node)
    if not tag or tag in SKIPPED:
        return True
    if tag in ("p", "span", "h1", "h2", "h3", "main", "article", "td", "table", "tr"):
        return False
    names = names_of(node)
    return bool(names) and boxes.reason(names) not in ("", "byline", "anchor", "call", "header")


def _running(text: str | None) -> int:
    if not text:
        return 0
    text = text.strip()
    return len(text) if "。" in text or len(text) > 24 else len(text) // 4


def _named(body: etree._Element, prose: dict[etree._Element, int]) -> etree._Element | None:
    """The element that calls itself the text, when it holds most of the page's prose; the surest and deepest such name."""
    total = max(1, prose[body])
    groups: dict[str, list[etree._Element]] = {}
    for node in body.iter():
        if tag_of(node) in ("", "body", "html", "p", "span", "h1", "h2", "h3", "a", "img", "time"):
            continue
        if name := _text_name(node):
            groups.setdefault(name, []).append(node)
    found: list[tuple[int, int, int, etree._Element]] = []
    for name, members in groups.items():
        outer = [
            node for node in members if not any(up in members for up in node.iterancestors()) and prose.get(node, 0) > 0
        ]
        if not outer:
            continue
        root = max(outer, key=lambda node: prose[node]) if _different_articles(outer) else _common(outer)
        if tag_of(root) not in ("body", "html"):
            found.append(
                (
                    prose[root],
                    SURE_NAMES.search(boxes.words(name)) is not None,
                    sum(1 for _ in root.iterancestors()),
                    root,
                )
            )
    best = max((item[0] for item in found), default=0)
    if best < total * 0.4:
        return None
    near = [item for item in found if item[0] >= best * 0.7]
    return max(near, key=lambda item: (item[1], item[2]))[3]


def _text_name(node: etree._Element) -> str:
    if "articlebody" in (node.get("itemprop") or "").lower():
        return "articlebody"
    for name in names_of(node).split():
        spelt = boxes.words(name)
        if TEXT_NAMES.search(spelt) and not boxes.reason(name):
            return name
    return "article" if tag_of(node) == "article" else ""


def _different_articles(found: Sequence[etree._Element]) -> bool:
    """Several articles on one page (a blog's front page), not one in several parts."""
    homes = {next((up for up in [node, *node.iterancestors()] if tag_of(up) == "article"), None) for node in found}
    return len(homes) > 1


def _common(found: Sequence[etree._Element]) -> etree._Element:
    """The lowest element that holds all of `found`."""
    path = [found[0], *found[0].iterancestors()]
    for node in found[1:]:
        ups = {node, *node.iterancestors()}
        path = [up for up in path if up in ups]
    return path[0]


def _densest(body: etree._Element, prose: dict[etree._Element, int]) -> etree._Element:
    """Down from the body as long as one child holds nearly all prose; of a row's cells the one that holds most of it."""
    node = body
    total = prose[body]
    while total:
        child = max((child for child in node if prose.get(child, 0)), key=lambda item: prose[item], default=None)
        share = MAIN_CELL if tag_of(node) == "tr" else NEARLY_ALL
        if child is None or tag_of(child) in INNERMOST:
            break
        if prose[child] < total * (HALF if _is_layout(child) and not _strays(node, child) else share):
            break
        if child.get(MARGIN) is not None and _strays(node, child, LINE):
            break  # the page's author set only part of the text in
        if tag_of(child) in SET_APART and child.find(".//table") is None:
            break
        node = child
    return node


def _is_layout(node: etree._Element) -> bool:
    return tag_of(node) in ("table", "tbody", "tr", "td") or node.find(".//td") is not None


def _strays(node: etree._Element, child: etree._Element, least: int = PARAGRAPH) -> bool:
    """Whether a whole paragraph stands beside `child`, of `least` letters: then the text goes on there."""
    beside = [text for other in node if other is not child and tag_of(other) for text in other.itertext()]
    return any(
        len(text.strip()) >= least and "。" in text and not OWNED.search(text)
        for text in [node.text or "", *beside, *(c.tail or "" for c in node)]
    )


# --- the title


def _title(
    tree: etree._Element, root: etree._Element, head: Head, name: str, site: SiteSelectors | None
) -> tuple[str, etree._Element | None]:
    if site and site.title and (found := _select(tree, site.title, site)):
        return text_of(found[0]), found[0]
    declared = head.titles()
    best: tuple[int, etree._Element] | None = None
    inside = set(root.iterdescendants())
    sizes = _sizes(tree)
    biggest = _only_heading(root) if tag_of(root) == "td" else None
    headed = biggest is not None
    biggest = biggest if headed else _biggest(root, declared)
    opens = biggest is not None and (headed or _opens(root, biggest))
    for n, node in enumerate(tree.iter("h1", "h2", "h3", "p", "div", "font", "b", "td", "span", "strong")):
        score = _title_score(node, declared, node in inside, n) if sizes[node] <= 200 else 0
        if node is biggest:
            smaller = best is not None and best[1] in inside and tag_of(best[1]) not in ("h1", "h2")
            score = max(score, BIGGEST, best[0] + 1 if smaller and best is not None else 0)
        over = biggest is not None and node not in inside
        if over and (_only_part(node, () if opens else declared) or (opens and _names_site(node, biggest, declared))):
            score = 0  # the site's name, in the head of a page whose article has its own title in large letters
        if score > 0 and (best is None or score > best[0]):
            best = (score, node)
    if best is not None:
        return text_of(best[1]), best[1]
    return next((without_site(title, name)[:200] for title in declared if "<" not in title), ""), None


def _only_heading(cell: etree._Element) -> etree._Element | None:
    """The heading element of a cell that has no other of its rank or above, and no word before it."""
    found = [node for node in cell.iter("h1", "h2", "h3") if text_of(node)]
    alone = [node for node in found if tag_of(node) <= tag_of(found[0])]
    text = text_of(found[0]) if len(alone) == 1 else ""
    return found[0] if text and text_of(cell).startswith(text) else None


def _names_site(node: etree._Element, title: etree._Element | None, declared: Sequence[str]) -> bool:
    """Whether a heading element is what the page declares, and says less than the `title` of its text: the site's name."""
    said, own = _squeezed(text_of(node)), text_of(title) if title is not None else ""
    marked = headings.mark_level(own) in (1, 2) or headings.KEYWORD.match(own)
    whole = any(said == _squeezed(part) for part in declared)
    return tag_of(node) in ("h1", "h2") and whole and len(said) * LONGER < len(_squeezed(own)) and not marked


def _only_part(node: etree._Element, declared: Sequence[str]) -> bool:
    """Whether an element that is no heading says less than any declared title."""
    said = _squeezed(text_of(node))
    return tag_of(node) not in ("h1", "h2") and all(said != _squeezed(title) for title in declared)


def _opens(root: etree._Element, line: etree._Element) -> bool:
    """Whether a line stands above all sentences of the text and bears no mark of a chapter: its title.

    What a page declares is then the whole site's name.
    """
    text = text_of(line)
    if headings.mark_level(text) or headings.KEYWORD.match(text):
        return False
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if node is line:
            return True
        said = node.text if event == "start" else node.tail
        if said and "。" in said:
            return False
    return False


LONGER = 1.3
"""How much longer than its site's name a title is."""
TITLE_PARTS = expression(r"\s*(?:[|｜»>＞:：/／]|\s[-–—]\s)\s*")
BIGGEST = 30
"""Score of the one line in the largest letters, on pages without headings."""


def _biggest(root: etree._Element, declared: Sequence[str]) -> etree._Element | None:
    """The line set in larger letters than any other, above the text of a page without heading elements."""
    if any(tag_of(node) in ("h1", "h2", "h3") for node in root.iter()):
        return None
    fonts = [(_font_size(node), node) for node in root.iter("font")]
    most = max((size for size, _ in fonts), default=0)
    found = [node for size, node in fonts if size == most]
    text = text_of(found[0]) if len(found) == 1 and found[0].find(".//br") is None else ""
    parts = [_squeezed(part) for title in declared for part in TITLE_PARTS.split(title)]
    single = tag_of(root) == "td" and sum(_squeezed(text_of(node)) in parts[1:] for node in root.iter("font", "b")) == 1
    site = any(_squeezed(text) in _squeezed(title) for title in declared) and not (
        single and parts[-1] == _squeezed(text)
    )
    return found[0] if most >= 4 and 4 <= len(text) <= 80 and "。" not in text and not site else None


def _font_size(node: etree._Element) -> int:
    size = (node.get("size") or "").strip()
    return int(size) if size.isdigit() else 3 + int(size) if re.fullmatch(r"[+-]\d", size) else 0


def _sizes(tree: etree._Element) -> dict[etree._Element, int]:
    """Characters below each element, counted once."""
    size: dict[etree._Element, int] = {}
    for node in reversed(list(tree.iter())):
        size[node] = size.get(node, 0) + len((node.text or "").strip())
        parent = node.getparent()
        if parent is not None:
            size[parent] = size.get(parent, 0) + size[node] + len((node.tail or "").strip())
    return size


def _title_score(node: etree._Element, declared: Sequence[str], inside: bool, order: int) -> int:
    tag = tag_of(node)
    text = text_of(node)
    if not 2 <= len(text) <= 150 or not re.search(r"\w", text):
        return 0
    names = names_of(node)
    called = any(TITLE_NAMES.search(boxes.words(name)) for name in names.split())
    said = any(_squeezed(text) and _squeezed(text) in _squeezed(title) for title in declared)
    whole = any(_squeezed(text) and _squeezed(text) == _squeezed(title) for title in declared)
    if tag not in ("h1", "h2") and not (said and (called or whole or len(text) >= 8) and not shapes.has_blocks(node)):
        return 0
    if tag == "h2" and not (called or said):
        return 0
    if any(tag_of(up) in ("nav", "aside", "footer") for up in node.iterancestors()):
        return 0
    score = (
        {"h1": 40, "h2": 20}.get(tag, 5) + 20 * called + (30 + min(20, len(text))) * said + 10 * inside - min(order, 9)
    )
    if tag == "h1" and node.find(".//img") is not None and not said:
        score -= 30
    if boxes.reason(names) == "header" or any(
        boxes.reason(names_of(up)) == "header" for up in list(node.iterancestors())[:3]
    ):
        score -= 25
    if any(
        _squeezed(text) == _squeezed(part) for title in declared for part in re.split(r"[|｜\-–—:：/／]", title)[1:]
    ) and not any(_squeezed(title).startswith(_squeezed(text)) for title in declared):
        score -= 60
    return score


def _squeezed(text: str) -> str:
    return re.sub(r"[\s　\W_]+", "", text).lower()


# --- what stands outside


def _outside(
    tree: etree._Element, root: etree._Element, home: etree._Element | None, ledger: Ledger, *, alone: bool
) -> tuple[list[Piece], list[Piece]]:
    """Drop all that is not below `root`; kept are leads and captions between title and text, and an office's contact.

    `alone`: the author chose the root, nothing beside it counts.
    """
    path = {root, *root.iterancestors()}
    lead: list[Piece] = []
    contact: list[Piece] = []
    for node in tree.iter():
        if node not in path or node is root:
            continue
        ledger.drop(node.text or "", "outside-article", node.sourceline)
        for child in node:
            if child in path:
                ledger.drop(child.tail or "", "outside-article", child.sourceline)
                continue
            if isinstance(child.tag, str) and tag_of(child) not in ("script", "style", "head", "template"):
                if (
                    not alone
                    and home is not None
                    and (node is home or home in node.iterancestors())
                    and _before(child, path)
                ):
                    lead += _leads(child, ledger)
                elif not alone and not _before(child, path):
                    contact += _contacts(child, ledger)
                else:
                    _drop_named(child, ledger)
            ledger.drop(child.tail or "", "outside-article", child.sourceline)
    return lead, contact


def _contacts(node: etree._Element, ledger: Ledger) -> list[Piece]:
    """The office to ask, which municipalities print below a notice: it belongs to the notice. The rest is dropped."""
    box = next((child for child in [node, *node.iterdescendants()] if _is_contact(child)), None)
    if box is None:
        _drop_named(node, ledger)
        return []
    found = refine(
        Walker(ledger, keep=frozenset([box, *box.iterdescendants("div", "section", "form", "dl")])).walk(box), ledger
    )
    tail, box.tail = box.tail, None
    parent = box.getparent()
    if box is not node and parent is not None:
        parent.remove(box)
        _drop_named(node, ledger)
    ledger.drop(tail or "", "outside-article", box.sourceline) if box is not node else None
    return found


def _is_contact(node: etree._Element) -> bool:
    """Whether a box is an office's address, by its name or by the line on top of it (このページに関するお問い合わせ先)."""
    named = any(CONTACT_NAMES.search(boxes.words(name)) for name in names_of(node).split())
    if not named and not (tag_of(node) in ("div", "section", "aside", "dl", "address") and _heads_office(node)):
        return False
    text = "\n".join(word.strip() for word in node.itertext())  # a line each: 管理課, 電話
    return (
        len(text) < 500
        and bool(OFFICE.search(text))
        and bool(PHONE.search(text))
        and not COMPANY.search(text)
        and not PRESS.search(text)
    )


def _heads_office(node: etree._Element) -> bool:
    """Whether the first words of a box say that below stands whom to ask about this page; a site's own do not name it."""
    line = next((text for child in node.iter() if (text := " ".join((child.text or "").split()))), "")
    outer = any(
        tag_of(up) in ("footer", "nav") or boxes.reason(names_of(up)) in ("footer", "sidebar", "nav")
        for up in node.iterancestors()
    )
    return bool(BARE_CONTACT.match(line)) and bool(ABOUT_PAGE.search(line)) and (not outer or "ページ" in line)


def _before(child: etree._Element, path: Iterable[etree._Element]) -> bool:
    return any(later in path for later in child.itersiblings())


def _leads(node: etree._Element, ledger: Ledger) -> list[Piece]:
    """Lead paragraphs in an article's head; the rest of the head is dropped."""
    if boxes.reason(names_of(node)) in NO_LEAD:
        _drop_named(node, ledger)
        return []
    return [piece for piece in Walker(ledger).walk(node) if _is_lead(piece, ledger)]


def _is_lead(piece: Piece, ledger: Ledger) -> bool:
    """A sentence or a picture that stands with the title; all else there is dropped."""
    sentence = piece.text.endswith(("。", "！", "？")) and piece.linked < 0.5 and len(piece.text) > 20
    kept = piece.kind in ("caption", "figure") or (piece.kind == "paragraph" and sentence)
    if not kept:
        ledger.leave(piece, "header")
    return kept


def _drop_named(node: etree._Element, ledger: Ledger) -> None:
    """Drop an element by parts, each with the reason its name gives."""
    names = names_of(node)
    why = (boxes.reason(names) if names else "") or {
        "nav": "nav",
        "footer": "footer",
        "aside": "sidebar",
        "header": "header",
        "form": "form",
        "noscript": "noscript",
        "iframe": "embed",
    }.get(tag_of(node), "")
    if why or len(node) == 0 or not shapes.has_blocks(node):
        ledger.drop(text_of(node), why or "outside-article", node.sourceline)
        return
    ledger.drop(node.text or "", "outside-article", node.sourceline)
    for child in node:
        if isinstance(child.tag, str) and tag_of(child) not in ("script", "style", "template"):
            _drop_named(child, ledger)
        ledger.drop(child.tail or "", "outside-article", child.sourceline)


# --- refusals


def _refuse_login(tree: etree._Element, pieces: Sequence[Piece], ledger: Ledger) -> None:
    prose = sum(
        len(piece.text)
        for piece in pieces
        if piece.kind in ("paragraph", "list_item", "quote") and JAPANESE.search(piece.text)
    )
    asks = any(node.get("type") == "password" for node in tree.iter("input"))
    words = any(LOGIN.search(item.text) for item in ledger.dropped) or any(LOGIN.search(piece.text) for piece in pieces)
    if prose < 300 and asks and words:
        raise ArticleError(
            Message("this is a login page, not the article", "記事ではなくログイン画面です"),
            where=ledger.place(),
            hint=Message(
                "save the page from your browser and give the file",
                "ブラウザーで開いて保存し、そのファイルを渡してください",
            ),
        )


def _note_paywall(ledger: Ledger) -> None:
    """Say so when the page shows only the beginning."""
    wall = next(
        (item for item in ledger.dropped if item.reason == "login" and re.search(r"残り|有料|続き|会員", item.text)),
        None,
    )
    if wall is not None:
        ledger.note(
            "paywall",
            "the page shows only the beginning of the article",
            "このページには記事の冒頭しか載っていません",
            wall.place.line,
        )


def _nothing(ledger: Ledger) -> ArticleError:
    return ArticleError(
        Message("the page is empty", "ページが空です"),
        where=ledger.place(),
        hint=Message(
            "pages built by scripts: save them from the browser",
            "スクリプトで作られるページは、ブラウザーから保存してください",
        ),
    )
