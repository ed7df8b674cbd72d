"""Word documents (.docx): styles say what is a heading, list, quote or caption; readings, notes and tables are kept.

Source: ECMA-376 Part 1 (WordprocessingML). The body is rebuilt as an element tree and walked like a page.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

import docx
from docx.document import Document
from lxml import etree

from yomicast.article import headings
from yomicast.article.archive import Archive, broken
from yomicast.article.endings import PERSON
from yomicast.article.ledger import Ledger, Piece
from yomicast.article.refine import refine
from yomicast.article.source import Options, Source
from yomicast.article.tree import tag_of, text_of
from yomicast.article.walk import Walker
from yomicast.model import Article, Meta
from yomicast.patterns import expression

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
HEADING = expression(r"^(?:heading|見出し)\s*(?P<level>[1-9])$", re.IGNORECASE)
COVER_LINES = 6
ON_COVER = frozenset({"paragraph", "aside", "table", "break", "figure", "caption"})
"""Kinds of pieces in which a paper's head stands: lines, a text box, a table of one row, its emblem."""
TITLE = expression(r"^(?:title|表題|タイトル)$", re.IGNORECASE)
ISSUE = expression(
    r"第[\s　]?[\d０-９一二三四五六七八九十百〇]+[\s　]?号(?![室線棟車館機])|通巻|\b(?:No|Vol)\.?\s?\d", re.IGNORECASE
)
"""The number of an issue, in the head of a paper."""
OF_OFFICE = expression(
    rf"^[^\s　。、]{{1,16}}(?:部|課|係|室|班|科|会|所|館|支部|局|組|センター|大学|学校|研究員|主任|係長|課長|部長|館長)[\s　]+{PERSON}(?:[（(][^（()）。]{{1,12}}[)）])?$"
)
QUOTE = expression(r"quote|引用", re.IGNORECASE)
CAPTION = expression(r"caption|図表番号", re.IGNORECASE)
LIST = expression(r"^list|箇条書き|段落番号|リスト", re.IGNORECASE)
ASIDE = (
    ("toc", expression(r"^(?:toc|目次)", re.IGNORECASE)),
    (
        "byline",
        expression(
            r"^(?:author|by-?line|date|signature|著者名?|執筆者名?|作成者|投稿者|文責|筆者名?|記者名?|署名|日付|発行日)$",
            re.IGNORECASE,
        ),
    ),
    (
        "colophon",
        expression(
            r"^(?:colophon|imprint|copyright|masthead|issue|publication|publisher|folio|running ?head|credits?$|奥付け?|著作権|発行|編集(?:情報|部|者)|誌名|紙名|題字|号数|巻号|通巻|書誌|版元|マストヘッド|欄外|ノンブル|クレジット|(?:媒体|文書|書類)(?:情報|番号))",
            re.IGNORECASE,
        ),
    ),
    (
        "press-contact",
        expression(r"^(?:press|media) ?contact|^(?:取材|報道|プレス|広報)(?:連絡|問い?合わ?せ|窓口)", re.IGNORECASE),
    ),
    ("header", expression(r"^(?:page )?header$|^ヘッダー?$", re.IGNORECASE)),
    ("footer", expression(r"^(?:page )?footer$|^フッター?$|^(?:page number|ページ番号)$", re.IGNORECASE)),
)
"""Styles whose paragraphs are not read, and why; a sentence in one is (a date that tells of its day)."""
BOX = expression(r"囲み|枠|\bbox|boxed|callout|コラム|お知らせ|告知|\bnotice\b", re.IGNORECASE)
CODE = expression(r"code|コード|source|preformatted|html preformatted", re.IGNORECASE)


@dataclass(slots=True)
class _Maker:
    """Builds the tree of one document."""

    document: Document
    ledger: Ledger
    notes: Mapping[str, etree._Element]
    styles: Mapping[str, str]
    cited: list[str] = field(default_factory=list)
    number: int = 0

    def body(self) -> etree._Element:
        root = etree.Element("article")
        self._blocks(self.document.element.body, root)
        if self.cited:
            section = etree.SubElement(root, "section")
            section.set("class", "footnotes")
            listed = etree.SubElement(section, "ol")
            for name in self.cited:
                item = etree.SubElement(listed, "li")
                for paragraph in self.notes[name].iter(f"{W}p"):
                    self._inline(paragraph, item)
        return root

    def _blocks(self, parent: etree._Element, out: etree._Element) -> None:
        for node in parent:
            tag = tag_of(node)
            if tag == "p":
                self._paragraph(node, out)
            elif tag == "tbl":
                self._table(node, out)
            elif tag in ("sdt", "sdtcontent", "customxml", "smarttag", "ins", "moveto"):
                if tag == "sdt" and _is_contents(node):
                    self.ledger.drop(_words(node), "toc", self.number)
                else:
                    self._blocks(node, out)
            elif tag in ("del", "movefrom"):
                self.ledger.drop(_words(node), "deleted", self.number)

    def _paragraph(self, node: etree._Element, out: etree._Element) -> None:
        self.number += 1
        style = self._style(node)
        why = next((reason for reason, styles in ASIDE if styles.match(style)), "")
        if why and (why == "toc" or "。" not in _words(node)):
            self.ledger.drop(_words(node), why, self.number)
            return
        name, holder = self._tag(node, style, out)
        made = etree.SubElement(holder, name)
        made.set("data-line", str(self.number))
        self._inline(node, made)
        before = made.getprevious()
        if name == "pre" and before is not None and tag_of(before) == "pre":
            _append(before, "\n" + text_of(made))
            holder.remove(made)

    def _tag(self, node: etree._Element, style: str, out: etree._Element) -> tuple[str, etree._Element]:
        if TITLE.match(style):
            return "h1", out
        if match := HEADING.match(style):
            return f"h{min(6, int(match['level']) + 1)}", out
        if outline := node.find(f"{W}pPr/{W}outlineLvl"):
            level = outline.get(f"{W}val", "9")
            if level.isdigit() and int(level) < 6:
                return f"h{int(level) + 2 if int(level) < 5 else 6}", out
        listed = node.find(f"{W}pPr/{W}numPr")
        if listed is not None or LIST.search(style):
            return "li", self._list(listed, style, out)
        if QUOTE.search(style):
            return "p", _last(out, "blockquote") if tag_of(_tail(out)) == "blockquote" else etree.SubElement(
                out, "blockquote"
            )
        if CAPTION.search(style):
            return "figcaption", out
        if BOX.search(style):
            box = etree.SubElement(out, "div")
            box.set("class", "kakomi")
            return "p", box
        return ("pre" if CODE.search(style) else "p"), out

    def _list(self, listed: etree._Element | None, style: str, out: etree._Element) -> etree._Element:
        kind = "ol" if re.search(r"number|番号", style, re.IGNORECASE) or self._numbered(listed) else "ul"
        tail = _tail(out)
        return tail if tag_of(tail) == kind else etree.SubElement(out, kind)

    def _numbered(self, listed: etree._Element | None) -> bool:
        """Whether a list counts (its first level's format is no bullet)."""
        if listed is None:
            return False
        number = listed.find(f"{W}numId")
        try:
            part = self.document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return False
        wanted = number.get(f"{W}val") if number is not None else ""
        for instance in part.iter(f"{W}num"):
            abstract = instance.find(f"{W}abstractNumId")
            if instance.get(f"{W}numId") == wanted and abstract is not None:
                for definition in part.iter(f"{W}abstractNum"):
                    if definition.get(f"{W}abstractNumId") == abstract.get(f"{W}val"):
                        form = definition.find(f"{W}lvl/{W}numFmt")
                        return form is not None and form.get(f"{W}val") not in ("bullet", "none")
        return False

    def _style(self, node: etree._Element) -> str:
        found = node.find(f"{W}pPr/{W}pStyle")
        if found is None:
            return ""
        identifier = found.get(f"{W}val", "")
        return self.styles.get(identifier, identifier)

    # --- inline

    def _inline(self, node: etree._Element, out: etree._Element) -> None:
        for child in node:
            tag = tag_of(child)
            if tag == "r":
                self._run(child, out)
            elif tag == "hyperlink":
                link = etree.SubElement(out, "a")
                target = self.document.part.rels.get(child.get(f"{R}id", ""))
                link.set("href", str(target.target_ref) if target is not None and target.is_external else "#")
                self._inline(child, link)
            elif tag in ("ins", "smarttag", "sdt", "sdtcontent", "fldsimple", "moveto", "customxml", "bdo", "dir"):
                self._inline(child, out)
            elif tag in ("del", "movefrom"):
                self.ledger.drop(_words(child), "deleted", self.number)
            elif tag in ("omath", "omathpara"):
                formula = etree.SubElement(out, "span")
                formula.set("class", "math")
                formula.text = "".join(text.text or "" for text in child.iter() if tag_of(text) == "t")

    def _run(self, run: etree._Element, out: etree._Element) -> None:
        if _on(run, "vanish"):
            self.ledger.drop(_words(run), "hidden", self.number)
            return
        holder = out
        if _on(run, "strike") or _on(run, "dstrike"):
            holder = etree.SubElement(out, "del")
        elif _on(run, "b"):
            holder = etree.SubElement(out, "strong")
        raised = run.find(f"{W}rPr/{W}vertAlign")
        if raised is not None and raised.get(f"{W}val") == "superscript":
            holder = etree.SubElement(holder, "sup")
        for child in run:
            tag = tag_of(child)
            if tag == "t":
                _append(holder, child.text or "")
            elif tag in ("br", "cr"):
                etree.SubElement(holder, "br")
            elif tag == "tab":
                _append(holder, " ")
            elif tag == "ruby":
                holder.append(_ruby(child))
            elif tag in ("footnotereference", "endnotereference"):
                self._cite(tag[:-9], child)
            elif tag in ("drawing", "pict", "alternatecontent", "object"):
                self._drawing(child, holder)
            elif tag == "noBreakHyphen":
                _append(holder, "-")

    def _cite(self, kind: str, node: etree._Element) -> None:
        name = f"{kind}:{node.get(f'{W}id', '')}"
        if name in self.notes and name not in self.cited:
            self.cited.append(name)

    def _drawing(self, node: etree._Element, out: etree._Element) -> None:
        """A picture's description; text boxes are read as paragraphs of their own."""
        for child in node.iter():
            if tag_of(child) == "docpr" and (child.get("descr") or "").strip():
                etree.SubElement(out, "img").set("alt", child.get("descr", ""))
        boxes = [
            box
            for box in node.iter()
            if tag_of(box) == "txbxcontent" and not any(tag_of(up) == "fallback" for up in box.iterancestors())
        ]
        for box in boxes:
            holder = etree.SubElement(out, "div")
            holder.set("class", "memo")
            self._blocks(box, holder)

    def _table(self, node: etree._Element, out: etree._Element) -> None:
        table = etree.SubElement(out, "table")
        for n, row in enumerate(node.iter(f"{W}tr")):
            if next((up for up in row.iterancestors() if tag_of(up) == "tbl"), None) is not node:
                continue
            made = etree.SubElement(table, "tr")
            for cell in row.findall(f"{W}tc"):
                self._blocks(cell, etree.SubElement(made, "th" if n == 0 else "td"))


def read(source: Source, options: Options) -> list[Article]:
    """The article of a Word document; lines in places are paragraph numbers.

    Raises:
        ArticleError: damaged, too large, or nothing in it can be spoken.
    """
    archive = Archive(source.data, source.name, options.limits)
    if "word/document.xml" not in archive and "[Content_Types].xml" not in archive:
        raise broken(source.name, "word/document.xml")
    for member in archive.names():
        if member.endswith((".xml", ".rels")):
            _refuse_entities(archive.bytes_of(member), source.name, member)
    try:
        document = docx.Document(io.BytesIO(source.data))
        ledger = Ledger(file=source.name, form="docx")
        tree = _Maker(
            document=document,
            ledger=ledger,
            notes=_notes(archive),
            styles={style.style_id: style.name or "" for style in document.styles},
        ).body()
    except (KeyError, ValueError, etree.XMLSyntaxError, AttributeError, IndexError, OSError) as error:
        raise broken(source.name) from error
    margins = ""
    for reason, text in _margins(archive):
        ledger.drop(text, reason)
        margins += text if reason in ("header", "footer") else ""
    walked = Walker(ledger, keep=frozenset([tree]), lined=True).walk(tree)
    pieces = refine(_without_imprint(walked, margins, ledger), ledger)
    core = document.core_properties
    meta = Meta(
        author="" if core.author == "python-docx" else core.author or "",
        published=core.created.isoformat() if core.created and "python-docx" not in (core.author or "") else "",
        language=core.language or "",
    )
    return [_titled(pieces, ledger, core.title or "", source.stem, meta)]


def _titled(pieces: list[Piece], ledger: Ledger, given: str, fallback: str, meta: Meta) -> Article:
    pieces = _below_cover(pieces, ledger)
    first = pieces[0] if pieces else None
    if (
        first is not None
        and first.kind == "heading"
        and (first.level == 1 or sum(p.kind == "heading" and p.level == first.level for p in pieces) == 1)
    ):
        return ledger.article(first.text, [first.to(kind="title", level=0), *pieces[1:]], meta=meta)
    if given and given.lower() not in ("word document", "無題"):
        return ledger.article(given, pieces, meta=meta)
    title, pieces = headings.title(pieces, ledger, fallback=fallback)
    return ledger.article(title, pieces, meta=meta)


def _without_imprint(pieces: list[Piece], margins: str, ledger: Ledger) -> list[Piece]:
    """Without a paper's name and number: above the title, and where the last lines only say again what stands in the
    `margins` of each page.
    """
    pieces = _unsigned(_below_number(pieces, ledger), ledger)
    end = len(pieces)
    while end > 1 and pieces[end - 1].kind in ("paragraph", "footnote", "break") and end > len(pieces) - COVER_LINES:
        end -= 1
    kept = pieces[:end]
    for piece in pieces[end:]:
        words = piece.text.split()
        if words and piece.kind == "paragraph" and "。" not in piece.text and all(word in margins for word in words):
            ledger.leave(piece, "colophon")
        else:
            kept.append(piece)
    return kept


def _below_number(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without the lines down to the number of the issue, where the title stands below it."""
    head = list(takewhile(lambda piece: piece.kind in ON_COVER and "。" not in _said(piece), pieces))[: COVER_LINES + 1]
    at = next((n for n, piece in enumerate(head) if ISSUE.search(_said(piece))), -1)
    below = pieces[at + 1 : at + 2]
    if at < 0 or not below or below[0].kind not in ("paragraph", "heading") or "。" in below[0].text:
        return pieces
    for piece in head[: at + 1]:
        ledger.leave(piece, "header")
    return pieces[at + 1 :]


def _unsigned(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without who wrote it and from which office, on a line directly below the one title: 総務部　鹿野みどり."""
    tops = [n for n, piece in enumerate(pieces) if piece.kind == "heading" and piece.level == 1]
    at = tops[0] + 1 if len(tops) == 1 else len(pieces)
    below = list(takewhile(lambda piece: piece.kind in ON_COVER and "。" not in _said(piece), pieces[at:]))
    gone = [piece for piece in below[:COVER_LINES] if piece.kind == "paragraph" and OF_OFFICE.match(piece.text)]
    for piece in gone:
        ledger.leave(piece, "byline")
    return [piece for piece in pieces if not any(piece is one for one in gone)]


def _below_cover(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without the date, addressee and sender that a letter or release sets above its one title."""
    tops = [n for n, piece in enumerate(pieces) if piece.kind == "heading" and piece.level == 1]
    at = tops[0] if len(tops) == 1 else 0
    above = pieces[:at]
    if at > COVER_LINES or any(piece.kind not in ON_COVER or "。" in _said(piece) for piece in above):
        return pieces
    for piece in above:
        ledger.leave(piece, "header")
    return pieces[at:]


def _said(piece: Piece) -> str:
    return piece.text + "".join("".join(row) for row in piece.rows)


def _refuse_entities(data: bytes, name: str, member: str) -> None:
    """Word never writes a DTD; one is an entity bomb or worse."""
    if b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data[:2000]:
        raise broken(name, member)


def _notes(archive: Archive) -> dict[str, etree._Element]:
    found = {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    for kind in ("footnote", "endnote"):
        member = f"word/{kind}s.xml"
        if member in archive:
            for node in etree.fromstring(archive.bytes_of(member), parser=parser).iter(f"{W}{kind}"):
                if node.get(f"{W}type") is None:
                    found[f"{kind}:{node.get(f'{W}id', '')}"] = node
    return found


def _margins(archive: Archive) -> Iterator[tuple[str, str]]:
    """Text of page headers, footers and reviewers' comments."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    for member in sorted(archive.names()):
        match = re.fullmatch(r"word/(header|footer|comments)\d*\.xml", member)
        if match:
            root = etree.fromstring(archive.bytes_of(member), parser=parser)
            if root is not None:
                yield match[1], _words(root)


def _words(node: etree._Element) -> str:
    return "".join(child.text or "" for child in node.iter() if tag_of(child) in ("t", "deltext"))


def _is_contents(node: etree._Element) -> bool:
    return any(
        tag_of(child) == "docpartgallery" and "Contents" in (child.get(f"{W}val") or "") for child in node.iter()
    )


def _on(run: etree._Element, name: str) -> bool:
    found = run.find(f"{W}rPr/{W}{name}")
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "off")


def _ruby(node: etree._Element) -> etree._Element:
    made = etree.Element("ruby")
    base = "".join(_words(part) for part in node if tag_of(part) == "rubybase")
    reading = "".join(_words(part) for part in node if tag_of(part) == "rt")
    made.text = base
    etree.SubElement(made, "rt").text = reading
    return made


def _append(holder: etree._Element, text: str) -> None:
    if len(holder):
        holder[-1].tail = (holder[-1].tail or "") + text
    else:
        holder.text = (holder.text or "") + text


def _tail(out: etree._Element) -> etree._Element:
    return out[-1] if len(out) else out


def _last(out: etree._Element, tag: str) -> etree._Element:
    return out[-1] if len(out) and tag_of(out[-1]) == tag else etree.SubElement(out, tag)
