# ruff: noqa: ARG002, SLF001 - one signature for all handlers of the table, which is this class's own
"""From an element tree to pieces: every form that is or becomes markup goes through here.

Blocks, inline text, ruby, tables, lists, figures, quotations, footnotes, code and formulas; what is not handed on is
dropped with a reason. Class names are judged by `boxes`, wording by `furniture`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import groupby

from lxml import etree

from yomicast.article import boxes, breaks, goods, junk, marks, shapes, talk, terms
from yomicast.article.ledger import JAPANESE, Ledger, Piece
from yomicast.article.run import Run, Text, joined
from yomicast.article.tree import names_of, tag_of, text_of
from yomicast.article.wordings import is_owners
from yomicast.model import BlockKind
from yomicast.patterns import expression

SOURCES = ("src", "data-src", "data-original", "data-lazy-src")
"""Where an img names its file: pages that load late put a place-holder into src."""
SILENT = frozenset(
    [
        "script",
        "style",
        "template",
        "head",
        "title",
        "meta",
        "link",
        "base",
        "param",
        "source",
        "track",
        "map",
        "area",
        "datalist",
        "colgroup",
        "col",
        "wbr",
        "noembed",
        "noframes",
    ]
)
EMBEDS = frozenset(
    ["iframe", "object", "embed", "video", "audio", "canvas", "svg", "applet", "frame", "frameset", "marquee"]
)
FORMS = frozenset(
    ["button", "input", "select", "textarea", "option", "optgroup", "label", "output", "progress", "meter", "dialog"]
)
BLOCKS = shapes.BLOCKS
BY_TAG = {"nav": "nav", "footer": "footer", "menu": "nav", "dialog": "popup"}
BY_ROLE = {
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
    "search": "search",
    "complementary": "sidebar",
    "dialog": "popup",
    "alertdialog": "popup",
}
NO_PROSE = frozenset(
    {
        "nav",
        "header",
        "byline",
        "print",
        "anchor",
        "search",
        "toc",
        "share",
        "breadcrumb",
        "pager",
        "copy-button",
        "button",
        "sidebar",
        "photo-credit",
    }
)
"""Reasons that a name can give only to things without running sentences."""
TITLE_HERE = "data-title-here"
"""Attribute of the element that stands where the title was taken out."""
STRUCK = expression(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
HIDDEN_STYLE = expression(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
BIG_FONT = expression(
    r"font-size\s*:\s*(?:1[89]|[2-9]\d)px|font-size\s*:\s*(?:1\.[2-9]|[2-9])\d*r?em|font-size\s*:\s*(?:1[2-9]\d|[2-9]\d\d)%|font-weight\s*:\s*(?:bold|[6-9]00)",
    re.IGNORECASE,
)
QUOTED = expression(r"(?:^|[\s_-])(?:inyou?(?:bun)?|blockquote|quotation|bq)(?=$|[\s_-])", re.IGNORECASE)
"""A box that calls itself a quotation."""
INDENTED = expression(r"margin-left\s*:\s*[2-9]\d*(?:\.\d+)?em|\bjisage_[2-9]")
NOTE_MARK = expression(
    r"^[\s\[［(（*＊※†‡^注脚]*(?:note|fn|注|脚注)?\s*[\d０-９a-zA-Z一二三四五六七八九十]{0,3}[\s\])）］*＊†‡^]*$",
    re.IGNORECASE,
)
NOTE_HREF = expression(r"^#(?:.*(?:fn|foot|note|cite|chu|ref|f-|sdfootnote|_ftn|_edn)|[*f]?\d+$)", re.IGNORECASE)
NOTE_LIST = expression(
    r"(?:^| )(?:footnotes?|endnotes?|footnote ?(?:list|block|group|area)|references|reflist|fn ?list|citation(?: list)?|chushaku|kyakuchu|notes section)(?= |$)"
)
BACK = expression(r"^[\s↩︎↑⏎^⤴️▲戻るback]+$", re.IGNORECASE)
FILE_NAME = expression(
    r"^\S+\.(?:jpe?g|png|gif|webp|svg|bmp|avif|heic)$|^(?:img|image|dsc|photo|pict?|screenshot|スクリーンショット|f:id:)[\w\s:：.\-]*$|"
    r"^(?:見出し|アイキャッチ|サムネイル|メイン|トップ|ヘッダー|イメージ|代替|記事|投稿)?(?:画像|写真|イメージ|サムネイル|アイコン|バナー|ロゴ|図|イラスト)[\d０-９]*$",
    re.IGNORECASE,
)
MATH_CLASS = expression(r"(?:^| )(?:math|katex|mathjax\w*|mjx\w*|tex|latex|zenn katex|embed katex)(?= |$)")
LANGUAGE = expression(r"(?:^|\s)(?:language|lang|brush:?|highlight-source|sourceCode)[-:\s]+([\w+#.-]+)")
PULLED = expression(r"(?:^| )pull ?(?:quote|out|text)?(?= |$)")
"""A sentence set once more in large letters."""
CHECKBOX = expression(r"^\[[ xX]\]\s+")
SUMMARY = expression(
    r"^(?:クリック|タップ|ここを|詳細|詳しく|もっと|続き|開く|閉じる|展開|コード|ソース|全文|表示|解答|答え|details?|show|open|click|more)(?:して|を|は)?(?:開く|見る|読む|表示|展開|する|(?:を)?(?:開く|見る|表示))?(?:コード)?[!！…▼ ]*$",
    re.IGNORECASE,
)
FOLD_CUE = expression(
    r"[\s　]*[（(【\[][^（()）【】\[\]]{0,12}(?:クリック|タップ|押す|折りたた|折り畳|開き|開く|開閉|展開)[^（()）【】\[\]]{0,10}[)）】\]]\s*$"
)
"""What a folded box says of itself behind its title."""


@dataclass(frozen=True, slots=True)
class _State:
    """What the elements around say: inherited downwards, never changed."""

    kind: BlockKind = "paragraph"
    info: str = ""
    level: int = 0
    linked: bool = False
    strong: bool = False
    speaker: str = ""
    hints: frozenset[str] = frozenset()
    depth: int = 0


@dataclass(slots=True)
class Walker:
    """Walks one tree. `keep`: elements never judged by their names (the article's own root and what holds it).

    `judged`: class names count. `drops`: elements that a site's selectors take out. `links`: write links down.
    `lined`: lines come from `data-line`, not from the tree's own source.
    """

    ledger: Ledger
    keep: frozenset[etree._Element] = frozenset()
    judged: bool = True
    drops: frozenset[etree._Element] = frozenset()
    links: bool = True
    lined: bool = False
    pieces: list[Piece] = field(default_factory=list)
    _run: Run = field(default_factory=Run)
    _figures: list[Piece] = field(default_factory=list)
    _line: int | None = None
    _weights: dict[etree._Element, int] = field(default_factory=dict)
    _total: int = 0
    _menus: set[etree._Element] = field(default_factory=set)
    _names: set[etree._Element] = field(default_factory=set)
    _asking: set[etree._Element] = field(default_factory=set)
    _goods: dict[etree._Element, str] = field(default_factory=dict)
    _notes: set[str] = field(default_factory=set)
    _second: frozenset[etree._Element] = frozenset()
    _talkers: dict[etree._Element, str] = field(default_factory=dict)
    _rows: dict[etree._Element, tuple[etree._Element, str]] = field(default_factory=dict)
    _labels: frozenset[etree._Element] = frozenset()
    _styled: frozenset[str] = frozenset()

    def walk(self, root: etree._Element) -> list[Piece]:
        """All pieces below `root`, in reading order."""
        self._weigh(root)
        self._talkers = talk.talkers(root)
        self._rows = talk.rows(root) if self.judged else {}
        self._labels = talk.labels(root) if self.judged else frozenset()
        self._second = shapes.alternatives(root)
        self._styled = shapes.styled_headings(root) if self.judged else frozenset()
        self._asking = shapes.mail_boxes(root)
        self._goods = terms.boxes_of(root) | goods.boxes_of(root) if self.judged else {}
        self._notes = {_fragment(node) for node in root.iter("a") if _is_note_mark(node)}
        self._line = None if self.lined else root.sourceline
        self._children(root, _State())
        self._flush(_State())
        return self.pieces

    def _weigh(self, root: etree._Element) -> None:
        """How many characters outside links each element holds; a box with much of the article is no box."""
        for element in root.iter():
            self._weights[element] = 0
        for element in reversed(list(root.iter())):
            own = len((element.text or "").strip()) if isinstance(element.tag, str) else 0
            if tag_of(element) in ("script", "style", "template", "noscript"):
                self._weights[element] = 0
                continue
            inside = own + self._weights[element]
            self._weights[element] = 0 if tag_of(element) == "a" else inside
            parent = element.getparent()
            if parent is not None and element is not root:
                self._weights[parent] = (
                    self._weights.get(parent, 0) + self._weights[element] + len((element.tail or "").strip())
                )
        self._total = self._weights.get(root, 0)

    # --- text and children

    def _children(self, node: etree._Element, state: _State) -> None:
        self._text(node.text, state)
        bare = shapes.bare_lines(node)
        for child in node:
            if child in bare:
                self._bare_line(child, state)
            elif isinstance(child.tag, str):
                self._element(child, state)
            self._text(child.tail, state)

    def _bare_line(self, node: etree._Element, state: _State) -> None:
        """A nameless div among others is one line of a paragraph; an empty one parts paragraphs."""
        if self._unwanted(node, "div", state):
            self._element(node, state)
            return
        self._line = self._line if self.lined else node.sourceline or self._line
        self._run.part(self._line)
        self._children(node, state)
        self._run.cut(self._line)

    def _text(self, text: str | None, state: _State) -> None:
        if text:
            if not self._run:
                self._run.line = self._line
            self._run.add(text, linked=state.linked, strong=state.strong)

    def _element(self, node: etree._Element, state: _State) -> None:
        tag = tag_of(node)
        if (line := node.get("data-line", "")).isdigit():
            self._line = int(line)
        elif node.sourceline and not self.lined:
            self._line = node.sourceline
        if tag in SILENT:
            return
        if node.get(TITLE_HERE) is not None:
            self._flush(state)
            self.pieces.append(Piece(kind="title", text="", line=self._line))
            return
        if why := self._unwanted(node, tag, state):
            self._drop(node, why, state)
            return
        if tag in BLOCKS and node.get("id") in self._notes and state.kind != "footnote" and _is_note(node):
            self._flush(state)
            state = replace(state, kind="footnote")
        handler = HANDLERS.get(tag)
        if handler is not None:
            handler(self, node, state)
        elif MATH_CLASS.search(boxes.words(names_of(node))) and not tag.startswith("h"):
            self._math(node, state)
        else:
            self._plain(node, state, block=tag in BLOCKS)

    def _plain(self, node: etree._Element, state: _State, *, block: bool) -> None:
        if not block:
            if not self._run and node in self._labels:
                self._children(node, replace(state, strong=True))
                self._run.add("　")
                return
            if not self._run and shapes.is_asked_label(node):
                self._children(node, state)
                self._flush(state)
                return
            if state.kind == "paragraph" and boxes.is_caption(node.get("class", "")) and shapes.is_alone(node):
                self._flush(state)
                self._children(node, replace(state, linked=False))
                self._flush(replace(state, kind="caption"))
                return
            styled = bool(BIG_FONT.search(node.get("style", "")))
            self._children(node, replace(state, strong=state.strong or styled))
            return
        self._flush(state)
        names = names_of(node)
        inner = state
        name = talk.balloon_name(node) if names and not state.speaker else None
        if name is not None:
            self._names.add(name)
            inner = replace(state, kind="aside", info="balloon", speaker=talk.label(name))
        elif node in self._rows and not state.speaker:
            name, speaker = self._rows[node]
            self._names.add(name)
            inner = replace(state, speaker=speaker)
        elif self._is_box(names) and state.kind == "paragraph":
            inner = replace(state, kind="aside", info=shapes.box_kind(names))
        elif boxes.is_caption(names) and not shapes.has_blocks(node):
            self._children(node, state)
            self._flush(replace(state, kind="caption"))
            return
        elif self._is_heading(names) and not shapes.has_blocks(node):
            inner = replace(state, hints=state.hints | _heading_hints(names))
        if state.kind == "paragraph" and QUOTED.search(names):
            inner = replace(inner, kind="quote", info="")
        elif state.kind == "paragraph" and INDENTED.search(node.get("style", "") + " " + names):
            inner = replace(inner, kind="quote", info="indented")
        if BIG_FONT.search(node.get("style", "")) and not shapes.has_blocks(node):
            inner = replace(inner, strong=True)
        self._children(node, inner)
        self._flush(inner)

    def _is_heading(self, names: str) -> bool:
        return boxes.is_heading(names) or not self._styled.isdisjoint(names.split())

    def _is_box(self, names: str) -> bool:
        return bool(names) and boxes.is_aside(names)

    # --- what is not article text

    def _unwanted(self, node: etree._Element, tag: str, state: _State) -> str:
        if node in self.drops:
            return "site-rule"
        if node in self._second:
            return "alternative"
        if "pagebreak" in node.get("epub:type", "") + node.get("role", ""):
            return "page-number"
        if node in self._names or node in self._menus:
            return ("list-mark" if text_of(node).isdigit() else "speaker-label") if node in self._names else "nav"
        if node in self._asking and node not in self.keep and self.judged:
            return "call"
        if node in self._goods and node not in self.keep:
            return self._goods[node]
        if (
            node.get("hidden") is not None
            or HIDDEN_STYLE.search(node.get("style", ""))
            or node.get("aria-hidden") == "true"
        ):
            return "" if node in self.keep or shapes.is_formula(node) else "hidden"
        if STRUCK.search(node.get("style", "")):
            return "struck"
        if tag == "noscript":
            return "noscript"
        if tag in EMBEDS:
            return "embed"
        if tag in FORMS and not (tag in ("label", "button") and boxes.FOLDED.search(boxes.words(names_of(node)))):
            return "form"
        if tag == "form" and node not in self.keep and shapes.is_asked(node) and not self._heavy(node, 0.3):
            return "form"
        if node in self.keep or not self.judged:
            return ""
        why = BY_TAG.get(tag) or BY_ROLE.get(node.get("role", "").lower(), "")
        names = node.get("class", "") if tag in shapes.IN_TEXT else names_of(node)
        if (
            not why
            and names
            and tag not in ("h1", "h2", "h3", "h4", "body", "html", "pre", "code", "p", "table", "sup")
        ):
            why = boxes.reason(names)
            if why == "button" and tag in ("label", "button"):  # of something folded, which it names
                return "button" if SUMMARY.match(text_of(node)) else ""
            if why and (
                shapes.inside_text(node, tag, why)
                or (why in NO_PROSE and shapes.holds_prose(node))
                or (why in boxes.SOFT and shapes.holds_text(node))
                or (why == "comments" and shapes.is_remark(node))
                or (why == "glossary" and not shapes.explains_word(node))
                or (why == "speaker-label" and len(text_of(node)) > 24)
            ):
                why = ""
        if not why or self._heavy(node, 0.4):
            return ""
        return why

    def _heavy(self, node: etree._Element, share: float) -> bool:
        return self._weights.get(node, 0) > share * max(1, self._total) and self._weights.get(node, 0) > 80

    def _drop(self, node: etree._Element, why: str, state: _State) -> None:
        tag = tag_of(node)
        if tag in BLOCKS:
            self._flush(state)
        self.ledger.drop(text_of(node), why, self._line)

    # --- blocks

    def _flush(self, state: _State) -> None:
        run, self._run = self._run, Run()
        for removed in run.removed:
            self.ledger.drop(removed, "ruby-mark", run.line)
        if run:
            shown = run.whole().text
            told = [
                figure
                for figure in self._figures
                if len(shown) < 120 and shapes.squeezed(figure.text) == shapes.squeezed(shown)
            ]
            for figure in told:
                self.ledger.drop(figure.text, "image-alt", figure.line)
                self._figures.remove(figure)
            self._emit(run, replace(state, kind="caption") if told and state.kind == "paragraph" else state)
        if self._figures:
            self.pieces += self._figures
            self._figures = []

    def _emit(self, run: Run, state: _State) -> None:
        if state.kind in ("heading", "caption", "title"):
            self._append(run.whole(), state)
            return
        for text in paragraphs(run.lines()):
            self._append(text, state)

    def _append(self, text: Text, state: _State) -> None:
        if not text.text:
            return
        self.pieces.append(
            Piece(
                kind=state.kind,
                text=text.text,
                line=text.line,
                level=state.level,
                rubies=text.rubies,
                info=state.info,
                speaker=state.speaker,
                linked=text.linked,
                strong=text.strong > 0.95,
                lead=text.lead,
                hints=state.hints,
            )
        )

    def _heading(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        if state.kind == "list_item":
            state = replace(state, kind="paragraph", level=0)
        if self.judged and (number := shapes.set_number(node)) is not None:
            self._names.add(number)
        self._children(node, replace(state, strong=False))
        self._flush(
            replace(
                state,
                kind="heading",
                level=int(tag_of(node)[1]),
                info="",
                hints=state.hints | frozenset(boxes.words(names_of(node)).split()),
            )
        )

    def _break(self, node: etree._Element, state: _State) -> None:
        self._run.cut(self._line)

    def _rule(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        if self.pieces and self.pieces[-1].kind != "break":
            self.pieces.append(Piece(kind="break", text="", line=self._line))

    def _list(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        names = boxes.words(names_of(node))
        kind: BlockKind = "footnote" if NOTE_LIST.search(names) else "list_item"
        number = shapes.start_of(node)
        self._text(node.text, state)
        for child in node:
            if not isinstance(child.tag, str):
                self._text(child.tail, state)
                continue
            if tag_of(child) != "li":
                self._element(child, state)
                self._text(child.tail, state)
                continue
            value = child.get("value", "")
            number = int(value) if value.isdigit() and len(value) < 6 else number
            info = str(number) if tag_of(node) == "ol" else ""
            self._item(
                child,
                replace(
                    state,
                    kind=kind if state.kind != "footnote" else "footnote",
                    level=state.level + 1,
                    info=info or state.info * (state.kind == "aside"),
                ),
            )
            number += 1
            self._text(child.tail, state)
        self._flush(state)

    def _item(self, node: etree._Element, state: _State) -> None:
        if why := self._unwanted(node, "li", state):
            self._drop(node, why, state)
            return
        if (line := node.get("data-line", "")).isdigit():
            self._line = int(line)
        inner = replace(state, linked=False)
        first = len(self.pieces)
        self._children(node, inner)
        self._flush(inner)
        if len(self.pieces) == first and state.info.isdigit():
            self.ledger.drop(f"{state.info}.", "list-mark", self._line)  # a number without an item is seen all the same
        for n in range(first, len(self.pieces)):
            piece = self.pieces[n]
            if n > first and piece.kind == "list_item" and piece.level == state.level and piece.info == state.info:
                self.pieces[n] = piece.to(info="")
            if piece.kind == "list_item" and (mark := CHECKBOX.match(piece.text)):
                self.ledger.drop(mark[0], "list-mark", piece.line)
                self.pieces[n] = piece.cut(mark.end(), self.ledger)

    def _definition(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        tag = tag_of(node)
        info = "term" if tag == "dt" else "definition"
        talker = self._talkers.get(node)
        if talker is not None:
            if tag == "dt":
                self.ledger.drop(text_of(node), "speaker-label", self._line)
                return
            self._children(node, replace(state, speaker=talker))
            self._flush(replace(state, speaker=talker))
            return
        inner = replace(
            state,
            kind="list_item" if state.kind == "paragraph" else state.kind,
            level=max(1, state.level),
            info=info,
            strong=False,
        )
        self._children(node, inner)
        self._flush(inner)

    def _quote(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        names = boxes.words(names_of(node))
        if re.search(r"(?:^| )(?:twitter|instagram|tiktok|bluesky|mastodon|x) (?:tweet|media|embed|post|video)", names):
            self.ledger.drop(text_of(node), "embed", self._line)
            return
        cite = shapes.cite_of(node)
        speaker = ""
        if cite is not None:
            speaker = _source(text_of(cite))
            speaker = re.sub(r"^(?:出典|引用元?|引用|source)\s*[:：]\s*", "", speaker, flags=re.IGNORECASE)
            self.ledger.drop(text_of(cite), "quote-source", self._line)
            self._links_of(cite)
            shapes.detach(cite)
        inner = replace(state, kind="quote", info="", speaker=speaker, level=0)
        self._children(node, inner)
        self._flush(inner)

    def _preformatted(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        code = node.find(".//code")
        names = " ".join(
            filter(
                None,
                (
                    node.get("class"),
                    code.get("class") if code is not None else "",
                    "language-" + (node.get("data-lang") or node.get("lang") or ""),
                ),
            )
        )
        language = LANGUAGE.search(names)
        text = "".join(shapes.raw_texts(node)).strip("\n")
        if code is None and shapes.is_prose(text) and not language:
            for line in text.split("\n"):
                self._run.add(line)
                self._run.cut()
            self._flush(state)
        elif text.strip():
            self.pieces.append(Piece(kind="code", text=text, line=self._line, info=language[1] if language else ""))

    def _paragraph(self, node: etree._Element, state: _State) -> None:
        if state.kind == "list_item" and self._run:
            self._flush(state)
        names = names_of(node)
        if state.kind == "paragraph" and boxes.is_caption(names):
            state = replace(state, kind="caption")
        elif state.kind == "paragraph" and self._is_heading(names):
            state = replace(state, hints=state.hints | _heading_hints(names))
        elif state.kind == "paragraph" and PULLED.search(boxes.words(names)):
            state = replace(state, kind="aside", info="pull")
        if names and self.judged and node not in self.keep and not self._heavy(node, 0.3):
            why = boxes.reason(names)
            told = why == "photo-credit" and shapes.holds_prose(node)
            if (
                why
                and not told
                and why
                not in (
                    "share",
                    "related",
                    "call",
                    "sidebar",
                    "popup",
                    "header",
                    "author-box",
                    "anchor",
                    "copy-button",
                    "glossary",
                )
            ):
                self._drop(node, why, state)
                return
        self._plain_paragraph(node, state)

    def _plain_paragraph(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        if BIG_FONT.search(node.get("style", "")):
            state = replace(state, strong=True)
        self._children(node, state)
        self._flush(state)

    # --- figures and tables

    def _figure(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        if self.judged and (node.get("embedded-service") or shapes.is_linked_whole(node)):
            self.ledger.drop(text_of(node), "link-card", self._line)
            self._links_of(node)
            return
        caption = next((child for child in node.iter() if tag_of(child) == "figcaption"), None)
        start = len(self.pieces)
        self._text(node.text, state)
        own = caption is not None and caption.getparent() is node and not self._unwanted(caption, "figcaption", state)
        order = shapes.caption_last(node, caption) if caption is not None and own else list(node)
        for child in order:
            if child is caption and own:
                self._flush(state)
                self._caption(child, start, state)
            elif isinstance(child.tag, str):
                self._element(child, state)
            self._text(child.tail, state)
        self._flush(state)

    def _figcaption(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        self._children(node, replace(state, linked=False))
        self._flush(replace(state, kind="caption"))

    def _caption(self, node: etree._Element, start: int, state: _State) -> None:
        made = self.pieces[start:]
        if len(made) == 1 and made[0].kind == "table" and not made[0].text:
            self._children(node, state)
            self.pieces[start] = made[0].to(text=self._run.whole().text)
            self._run = Run()
            return
        if made and all(piece.kind == "quote" for piece in made):
            said = _source(text_of(node))
            self.ledger.drop(text_of(node), "quote-source", self._line)
            self._links_of(node)
            self.pieces[start:] = [piece.to(speaker=piece.speaker or said) for piece in made]
            return
        self._children(node, replace(state, linked=False))
        figure = node.getparent()
        pictured = figure is not None and any(tag_of(child) in ("img", "picture", "svg") for child in figure.iter())
        self._flush(replace(state, kind="caption", info="picture" if pictured else ""))
        said = text_of(node)
        for piece in [piece for piece in made if piece.kind == "figure" and shapes.alike(piece.text, said)]:
            self.pieces.remove(piece)
            self.ledger.drop(piece.text, "image-alt", piece.line)

    def _image(self, node: etree._Element, state: _State) -> None:
        alt = " ".join((node.get("alt") or "").split())
        source = next((at for name in SOURCES if (at := node.get(name, "").strip()) and not at.startswith("data:")), "")
        after = self.pieces[-1].text if self.pieces else ""
        self.ledger.picture(source, alt, self._line, after=after, credit=junk.owner(source, alt))
        if not alt:
            if node.get("data-figure") is not None:
                self._figures.append(Piece(kind="figure", text="", line=self._line))
            return
        if shapes.is_emoji(node, alt):
            self.ledger.drop(alt, "emoji", self._line)
            self._run.cut(self._line)
        elif (
            JAPANESE.search(alt)
            and not FILE_NAME.match(alt)
            and len(alt) > 3
            and not state.linked
            and not junk.is_credit(alt)
        ):
            self._figures.append(Piece(kind="figure", text=alt, line=self._line))
        else:
            if self.lined and FILE_NAME.match(alt) and not state.linked:  # pasted into the text by its author
                self._figures.append(Piece(kind="figure", text="", line=self._line))
            self.ledger.drop(alt, "image-alt", self._line)

    def _table(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        rows = shapes.rows(node)
        if shapes.is_asked_and_answered(rows):
            self._asked(rows, state)
            return
        if shapes.is_layout(node, rows):
            if self.judged and shapes.is_for_sale(node):
                self._drop(node, "product", state)
                return
            if shapes.is_framed_words(rows) and self.pieces and shapes.ANNOUNCED.search(self._above()):
                self._quote(node, state)
                return
            if self.judged:
                self._menus |= {cell for row in rows for cell in row if len(row) > 1 and shapes.is_menu(cell)}
            self._children(node, replace(state, kind=state.kind if state.kind != "list_item" else "paragraph"))
            self._flush(state)
            return
        caption = next((child for child in node if tag_of(child) == "caption"), None)
        cells = tuple(tuple(self._cell(cell, state) for cell in row) for row in rows)
        cells = tuple(row for row in cells if any(row))
        text = text_of(caption) if caption is not None else ""
        if cells:
            header = "none" if shapes.headless(rows) else ""
            self.pieces.append(Piece(kind="table", text=text, line=self._line, rows=cells, info=header))
        elif text:
            self.pieces.append(Piece(kind="caption", text=text, line=self._line))

    def _asked(self, rows: list[list[etree._Element]], state: _State) -> None:
        """Questions and answers set as a table: the letters are labels."""
        for label, text in rows:
            self.ledger.drop(text_of(label), "speaker-label", self._line)
            inner = replace(state, info=text_of(label).strip(".．：:"))
            self._children(text, inner)
            self._flush(inner)

    def _above(self) -> str:
        """The text of the piece before, when it is a paragraph."""
        return self.pieces[-1].text if self.pieces[-1].kind in ("paragraph", "quote") else ""

    def _cell(self, node: etree._Element, state: _State) -> str:
        """A cell's words; pictures in it are left out."""
        inner = Walker(self.ledger, judged=self.judged, links=self.links, lined=self.lined)
        inner._line = self._line
        pieces = inner.walk(node)
        for piece in pieces:
            if piece.kind == "figure":
                self.ledger.drop(piece.text, "image-alt", piece.line)
            for ruby in piece.rubies:
                self.ledger.drop(ruby.reading, "ruby-in-table", piece.line)
        texts = [
            piece.text if not piece.rows else " ".join(" ".join(row) for row in piece.rows)
            for piece in pieces
            if piece.kind != "figure"
        ]
        return (
            "、".join(text.rstrip("、") for text in texts[:-1] if text)
            + ("、" if len([t for t in texts if t]) > 1 else "")
            + (texts[-1] if texts else "")
        )

    # --- inline

    def _anchor(self, node: etree._Element, state: _State) -> None:
        href = node.get("href", "").strip()
        text = text_of(node)
        if _is_note_mark(node):
            self.ledger.drop(text, "footnote-mark", self._line)
            return
        if text in ("¶", "§", "🔗", "#") or (href.startswith("#") and BACK.match(text)):
            self.ledger.drop(text, "anchor", self._line)
            return
        if href and self.judged and shapes.is_card(node) and not self._heavy(node, 0.3):
            self._drop(node, "link-card", state)
        elif self.judged and shapes.is_paid(node):
            self._drop(node, "ad", state)
        elif shapes.has_blocks(node):
            self._plain(node, replace(state, linked=True), block=True)
        else:
            self._children(node, replace(state, linked=True))
        self._link(text, href)

    def _link(self, text: str, href: str) -> None:
        if self.links:
            self.ledger.link(text, href)

    def _links_of(self, node: etree._Element) -> None:
        for anchor in node.iter("a"):
            self._link(text_of(anchor), anchor.get("href", ""))

    def _ruby(self, node: etree._Element, state: _State) -> None:
        base, reading = "", ""
        for text, part in shapes.ruby_parts(node):
            if part == "rp":
                self.ledger.drop(text, "ruby-parenthesis", self._line)
                continue
            base, reading = (base, reading + text) if part == "rt" else (base + text, reading)
        base, reading = re.sub(r"[\t\n\r ]+", "", base), re.sub(r"[\t\n\r ]+", " ", reading).strip()
        if not base:
            self._run.add(reading, linked=state.linked, strong=state.strong)
        elif not reading or marks.is_dots(reading):
            self.ledger.drop(reading, "emphasis-dots", self._line)
            self._run.add(base, linked=state.linked, strong=state.strong, plain=True)
        else:
            self._run.ruby(base, reading, linked=state.linked, strong=state.strong)

    def _strong(self, node: etree._Element, state: _State) -> None:
        labelled = not self._run and node in self._labels
        self._children(node, replace(state, strong=True))
        if labelled:
            self._run.add("　")

    def _font(self, node: etree._Element, state: _State) -> None:
        size = node.get("size", "")
        big = size.startswith("+") or (size.isdigit() and int(size) >= 4)
        self._children(node, replace(state, strong=state.strong or big))

    def _struck(self, node: etree._Element, state: _State) -> None:
        self.ledger.drop(text_of(node), "struck", self._line)

    def _sup(self, node: etree._Element, state: _State) -> None:
        text = text_of(node)
        if text and NOTE_MARK.match(text) and (node.find(".//a") is not None or text[0] in "[［*＊※(（注†‡"):
            self.ledger.drop(text, "footnote-mark", self._line)
            return
        if re.fullmatch(r"[\[［][^\[\]]{1,12}[\]］]", text):
            self.ledger.drop(text, "footnote-mark", self._line)
            return
        raised = text.translate(str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ"))
        if re.fullmatch(r"[\d+\-n]{1,4}", text) and len(node) == 0:
            self._text(raised, state)
        else:
            self._children(node, state)

    def _code(self, node: etree._Element, state: _State) -> None:
        if shapes.has_blocks(node):
            self._plain(node, state, block=True)
            return
        if not self._run:
            self._run.line = self._line
        self._run.add("".join(shapes.raw_texts(node)), linked=state.linked, strong=state.strong, plain=True)

    def _math(self, node: etree._Element, state: _State) -> None:
        """A formula: its TeX where the page carries it, else what can be seen."""
        tex = next(
            (
                child
                for child in node.iter()
                if tag_of(child) == "annotation" and "tex" in (child.get("encoding") or "")
            ),
            None,
        )
        shown = text_of(node)
        text = (tex.text if tex is not None and tex.text else shown).strip()
        block = (
            "block" in (node.get("class") or "") + (node.get("display") or "")
            or tag_of(node) == "div"
            or "display" in (node.get("class") or "")
        )
        if text != shown:
            self.ledger.drop(shown, "formula-as-drawn", self._line)
        if block:
            self._flush(state)
            self.pieces.append(Piece(kind="math", text=text, line=self._line))
        elif text:
            self._run.add(text if text.startswith("$") else f"${text}$", plain=True)

    def _details(self, node: etree._Element, state: _State) -> None:
        self._flush(state)
        inner = state if state.kind != "paragraph" else replace(state, kind="aside", info="details")
        self._text(node.text, inner)
        for child in node:
            if tag_of(child) == "summary":
                text = text_of(child)
                if SUMMARY.match(text):
                    self.ledger.drop(text, "button", self._line)
                else:
                    self._uncue(child)
                    self._children(child, inner)
                    self._flush(replace(inner, info="summary"))
            elif isinstance(child.tag, str):
                self._element(child, inner)
            self._text(child.tail, inner)
        self._flush(inner)

    def _uncue(self, summary: etree._Element) -> None:
        """Without the cue at a folded title's end, （クリックで開く）: there is nothing to unfold where one listens."""
        text = summary.text or ""
        if len(summary) == 0 and (cue := FOLD_CUE.search(text)) is not None and cue.start():
            self.ledger.drop(cue[0], "button", self._line)
            summary.text = text[: cue.start()]

    def _aside(self, node: etree._Element, state: _State) -> None:
        names = names_of(node)
        if node.get("role") == "doc-footnote" or re.search(
            r"footnote|endnote|rearnote", node.get("epub:type", "") + " " + names
        ):
            self._flush(state)
            self._children(node, replace(state, kind="footnote"))
            self._flush(replace(state, kind="footnote"))
            return
        if not self._is_box(names) and self.judged and node not in self.keep and not self._heavy(node, 0.3):
            self._drop(node, "aside", state)
            return
        self._flush(state)
        inner = replace(state, kind="aside" if state.kind == "paragraph" else state.kind, info=shapes.box_kind(names))
        self._children(node, inner)
        self._flush(inner)

    def _section(self, node: etree._Element, state: _State) -> None:
        if MATH_CLASS.search(boxes.words(names_of(node))):
            self._math(node, state)
            return
        if NOTE_LIST.search(boxes.words(names_of(node))) or node.get("role") in ("doc-endnotes", "doc-footnotes"):
            self._flush(state)
            inner = replace(state, kind="footnote")
            self._children(node, inner)
            self._flush(inner)
            return
        self._plain(node, state, block=True)

    def _annotation(self, node: etree._Element, state: _State) -> None:
        self.ledger.drop(text_of(node), "formula-source", self._line)


Handler = Callable[[Walker, etree._Element, _State], None]
W = Walker
HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), W._heading),
    **dict.fromkeys(("ul", "ol", "dir"), W._list),
    **dict.fromkeys(("dt", "dd"), W._definition),
    **dict.fromkeys(("b", "strong"), W._strong),
    **dict.fromkeys(("s", "del", "strike"), W._struck),
    **dict.fromkeys(("pre", "xmp", "listing"), W._preformatted),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), W._code),
    **dict.fromkeys(("div", "section"), W._section),
    "p": W._paragraph,
    "br": W._break,
    "hr": W._rule,
    "blockquote": W._quote,
    "figure": W._figure,
    "figcaption": W._figcaption,
    "img": W._image,
    "table": W._table,
    "a": W._anchor,
    "ruby": W._ruby,
    "font": W._font,
    "sup": W._sup,
    "math": W._math,
    "annotation": W._annotation,
    "details": W._details,
    "aside": W._aside,
}


def _heading_hints(names: str) -> frozenset[str]:
    """That a class makes it a heading, and which."""
    named = next((name for name in names.split() if boxes.is_heading(name)), names.split(maxsplit=1)[0])
    return frozenset({"heading-class", f"class:{named}"})


def _is_note_mark(node: etree._Element) -> bool:
    """A link that is a footnote's mark: 1, *2, [3], 注4."""
    text, href = text_of(node), (node.get("href") or "").strip()
    referring = "noteref" in (node.get("epub:type") or "") + (node.get("role") or "")
    if not (text and (href.startswith("#") or referring) and NOTE_MARK.match(text)):
        return False
    return referring or bool(NOTE_HREF.match(href)) or tag_of(node.getparent()) == "sup" or text[0] in "*＊[［※"


def _fragment(node: etree._Element) -> str:
    return (node.get("href") or "").strip().removeprefix("#")


def _is_note(node: etree._Element) -> bool:
    """An element that a footnote's mark points at: short, and beginning with the mark or leading back."""
    text = text_of(node)
    back = any((child.get("href") or "").startswith("#") for child in node.iter("a"))
    return len(text) < 500 and (back or bool(re.match(r"[*＊※†‡\[［(（注\d]", text)))


def _source(text: str) -> str:
    """Whom a quotation names as its source, without the dash or the brackets around it."""
    text = re.sub(r"^[\s—―–\-─~〜]+|\s+$", "", text)
    whole = re.fullmatch(r"[（(](.*)[)）]", text)
    return whole[1].strip() if whole else text


def _notices(lines: list[Text]) -> set[int]:
    """Lines of a page's foot: where half or more of those between two empty lines are owner's notices, none joins another."""
    found: set[int] = set()
    for filled, group in groupby(lines, key=lambda line: bool(line.text)):
        block = list(group) if filled else []
        said = sum(is_owners(line.text) for line in block)
        found |= set(map(id, block)) if said > 1 and said * 2 >= len(block) else set()
    return found


def paragraphs(lines: list[Text]) -> list[Text]:
    """Lines between forced breaks as paragraphs: an empty line parts them, a break inside a sentence vanishes."""
    out: list[Text] = []
    width = breaks.width_of([line.text for line in lines])
    notices = _notices(lines)
    fresh = True
    for line in lines:
        if not line.text:
            fresh = True
        elif fresh or not out:
            out.append(line)
            fresh = False
        elif line.indented or id(line) in notices:
            out.append(line)
        elif breaks.joins(out[-1].text, line.text, width) or breaks.same_paragraph(out[-1].text, line.text):
            space = " " if re.search(r"[A-Za-z0-9,.]$", out[-1].text) and re.match(r"[A-Za-z0-9]", line.text) else ""
            out[-1] = joined(out[-1], line, space)
        else:
            out.append(line)
    return out
