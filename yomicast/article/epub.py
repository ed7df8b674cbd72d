"""EPUB 2 and 3 books: the spine in reading order as one article, cover, contents and colophon left out.

Source: EPUB 3.3 (OCF container, package document, structural semantics).
"""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

from lxml import etree

from yomicast.article import headings
from yomicast.article.archive import Archive, broken, inside
from yomicast.article.charset import declared
from yomicast.article.decode import decode
from yomicast.article.ledger import Ledger, Piece
from yomicast.article.meta import iso_date
from yomicast.article.refine import refine
from yomicast.article.source import Options, Source
from yomicast.article.tree import parse, tag_of, text_of
from yomicast.article.walk import Walker
from yomicast.errors import ArticleError
from yomicast.model import Article, Message, Meta
from yomicast.patterns import expression

CONTAINER = "META-INF/container.xml"
DRM = "META-INF/encryption.xml"
OUTSIDE = {
    "cover": "cover",
    "titlepage": "cover",
    "halftitlepage": "cover",
    "toc": "toc",
    "landmarks": "toc",
    "page-list": "toc",
    "loi": "toc",
    "lot": "toc",
    "index": "toc",
    "colophon": "colophon",
    "copyright-page": "colophon",
    "imprint": "colophon",
    "imprimatur": "colophon",
}
"""epub:type values whose sections are not read."""
NAMED = expression(
    r"(?:^|[/_.-])(?:cover|titlepage|title-page|nav|toc|contents|mokuji|colophon|copyright|okuduke|okuzuke|imprint|caution|p-(?:cover|toc|colophon|caution|titlepage))(?=[_.-])",
    re.IGNORECASE,
)
COLOPHON = expression(r"発行(?:日|者|所)|著作権|電子版|ISBN|Copyright|奥付|印刷所|底本")


def read(source: Source, options: Options) -> list[Article]:
    """The book as one article; its chapters are headings.

    Raises:
        ArticleError: damaged, protected, too large, or nothing in it can be spoken.
    """
    archive = Archive(source.data, source.name, options.limits)
    _refuse_protected(archive)
    package_name = _package_name(archive)
    package = _xml(archive, package_name)
    ledger = Ledger(file=source.name, form="epub")
    meta, title = _meta(package)
    pieces: list[Piece] = []
    for member, reason in _spine(package, package_name):
        if member not in archive:
            ledger.note(
                "missing-part",
                f"the book names a part that it lacks: {member}",
                f"書籍内に見つからない部分があります: {member}",
            )
            continue
        data = archive.bytes_of(member)
        tree = parse(decode(data, name=source.name, declared=declared(data)))
        if tree is not None:
            pieces += _read(_section(tree, reason, ledger), title, ledger, opened=_has_begun(pieces, title))
    pieces = refine(pieces, ledger)
    if not title:
        title, pieces = headings.title(pieces, ledger, fallback=source.stem)
    return [ledger.article(title, _without_title(pieces, title, ledger), meta=meta)]


def _refuse_protected(archive: Archive) -> None:
    if DRM not in archive:
        return
    data = archive.bytes_of(DRM)
    if b"obfuscation" in data and b"aes" not in data.lower():
        return
    raise ArticleError(
        Message("the book is protected (DRM)", "書籍がコピー防止(DRM)で保護されています"),
        where=archive.name,
        hint=Message("use an edition without protection", "保護のない版を使ってください"),
    )


def _xml(archive: Archive, member: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(archive.bytes_of(member), parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken(archive.name, member) from error
    if root is None:
        raise broken(archive.name, member)
    return root


def _package_name(archive: Archive) -> str:
    if CONTAINER in archive:
        for node in _xml(archive, CONTAINER).iter():
            if tag_of(node) == "rootfile" and (name := inside("", node.get("full-path", ""))) in archive:
                return name
    found = sorted(name for name in archive.names() if name.endswith(".opf") and inside("", name))
    if not found:
        raise broken(archive.name, CONTAINER)
    return found[0]


def _meta(package: etree._Element) -> tuple[Meta, str]:
    values: dict[str, list[str]] = {}
    for node in package.iter():
        if tag_of(node) in ("title", "creator", "date", "language", "description", "publisher", "source") and (
            text := text_of(node)
        ):
            values.setdefault(tag_of(node), []).append(text)

    def first(name: str) -> str:
        return values.get(name, [""])[0]

    meta = Meta(
        author="、".join(values.get("creator", [])),
        published=iso_date(first("date")),
        language=first("language"),
        description=re.sub(r"<[^>]+>", "", first("description")),
        site=first("publisher"),
        link=first("source") if first("source").startswith("http") else "",
    )
    return meta, first("title")


def _spine(package: etree._Element, package_name: str) -> list[tuple[str, str]]:
    """(member, reason not to read it) in reading order; paths that lead out of the container are left out."""
    folder = posixpath.dirname(package_name)
    items = {node.get("id", ""): node for node in package.iter() if tag_of(node) == "item"}
    guide = {
        inside(folder, unquote(node.get("href", ""))): node.get("type", "")
        for node in package.iter()
        if tag_of(node) == "reference"
    }
    parts: list[tuple[str, str]] = []
    for node in package.iter():
        if tag_of(node) != "itemref":
            continue
        item = items.get(node.get("idref", ""))
        member = inside(folder, unquote(item.get("href", ""))) if item is not None else ""
        if item is None or not member:
            continue
        reason = "toc" if "nav" in (item.get("properties") or "").split() else ""
        reason = reason or ("auxiliary" if node.get("linear") == "no" else "") or OUTSIDE.get(guide.get(member, ""), "")
        named = NAMED.search(member)
        parts.append((member, reason or (f"named:{named[0].strip('/_.-').lower()}" if named else "")))
    return parts


def _section(tree: etree._Element, reason: str, ledger: Ledger) -> list[Piece]:
    body = next(tree.iter("body"), tree)
    kind = next(
        (
            OUTSIDE[word]
            for node in [body, *body][:4]
            if isinstance(node.tag, str)
            for word in (node.get("epub:type") or "").split()
            if word in OUTSIDE
        ),
        "",
    )
    text = text_of(body)
    if reason.startswith("named:"):
        short = len(text) < 300 or "。" not in text or bool(COLOPHON.search(text))
        reason = "colophon" if short and COLOPHON.search(text) else ("front-page" if short else "")
    if not kind and not reason and "底本" in text and len(text) < 600 and COLOPHON.search(text):
        reason = "colophon"
    if kind or reason:
        ledger.drop(text, kind or reason)
        return []
    walker = Walker(ledger, keep=frozenset([body, *body.iterancestors(), *tree.iter("section", "article")]))
    return [*walker.walk(body), Piece(kind="break", text="")]


TITLE_LINES, TITLE_LINE = 8, 40
"""Lines of a title page, and letters of one."""
IMPRINT = 800
"""Letters of a colophon at most."""
PUBLISHED = expression(
    r"発行|初版|第.{1,3}[版刷]|著作権|電子版|ISBN|Copyright|©|奥付|印刷|製本|底本|〒|無断|[転複][載写製]|制作|装[丁幀]|編集協力|乱丁|https?://",
    re.IGNORECASE,
)
ON_SCREEN = expression(
    r"[縦横]書き[^。]{0,20}(?:想定|推奨|最適|制作|作成|表示)|(?:端末|リーダー|ビューアー?|機種|アプリ|閲覧環境|電子書籍)[^。]{0,40}(?:表示|見え方|レイアウト|改行|文字)[^。]{0,24}(?:異な|乱れ|変わ|崩れ|正しく|できない|場合)|電子書籍化にあたり"
)
"""How a book looks on a screen."""


def _has_begun(pieces: list[Piece], title: str) -> bool:
    """Whether more than the title has been met."""
    return any(piece.text not in ("", title) for piece in pieces)


def _read(pieces: list[Piece], title: str, ledger: Ledger, *, opened: bool) -> list[Piece]:
    """What is read of one file: nothing of a page about the book itself, the title of a title page."""
    shown = [piece for piece in pieces if piece.kind != "break"]
    why = _page_about(shown)
    own = next((piece for piece in shown[:3] if piece.text == title), None) if not opened else None
    bare = all("。" not in piece.text and len(piece.text) <= TITLE_LINE for piece in shown)
    if not why and (own is None or not bare or len(shown) > TITLE_LINES):
        return pieces
    for piece in shown:
        if why or piece is not own:
            ledger.leave(piece, why or "cover")
    return [] if why or own is None else [own]


def _page_about(shown: list[Piece]) -> str:
    """`colophon`, `caution`, `related` for a page about the book, its look on a screen, other books; else empty."""
    texts = [piece.text for piece in shown if piece.text]
    plain = [text for text in texts if "。" not in text]
    imprint = sum(bool(PUBLISHED.search(text)) for text in texts)
    if imprint > 1 and imprint * 3 >= len(texts) and len(plain) * 2 > len(texts) and sum(map(len, texts)) < IMPRINT:
        return "colophon"
    if texts and all(ON_SCREEN.search(text) for text in texts):
        return "caution"
    named = sum("『" in text for text in plain)
    return "related" if len(texts) > 1 and len(plain) == len(texts) and named * 2 >= len(texts) else ""


def _without_title(pieces: list[Piece], title: str, ledger: Ledger) -> list[Piece]:
    """The book's title printed on its first pages becomes the title block; once more is not heard."""
    printed = [
        n for n, piece in enumerate(pieces[:3]) if piece.kind in ("heading", "paragraph") and piece.text == title
    ]
    if not printed:
        return pieces
    for n in printed[1:]:
        ledger.leave(pieces[n], "cover")
    rest = [piece for n, piece in enumerate(pieces) if n not in printed]
    return [pieces[printed[0]].to(kind="title", level=0), *rest]
