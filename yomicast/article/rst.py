# ruff: noqa: ARG002, SLF001 - one signature for all handlers of the table
"""reStructuredText, also Sphinx's: docutils parses, its document tree is rebuilt as elements and walked like a page.

Nothing is included or evaluated: `include`, `raw` and `csv-table` with files are switched off.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice, takewhile

from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import directives
from docutils.utils import SystemMessage
from lxml import etree

from yomicast.article import headings
from yomicast.article.decode import decode
from yomicast.article.ledger import JAPANESE, URL, Ledger, Piece
from yomicast.article.meta import iso_date
from yomicast.article.refine import refine
from yomicast.article.source import Options, Source, too_large
from yomicast.article.tree import CONTROL
from yomicast.article.walk import Walker
from yomicast.errors import ArticleError
from yomicast.model import Article, Message, Meta
from yomicast.patterns import expression

SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 5,
    "traceback": True,
    "input_encoding": "unicode",
    "_disable_config": True,
    "doctitle_xform": True,
    "sectsubtitle_xform": False,
    "smart_quotes": False,
    "line_length_limit": 100_000,
    "syntax_highlight": "none",
    "language_code": "en",
    "warning_stream": False,
}
LARGEST = 2**20
"""Bytes above which docutils would take more than about ten seconds."""
KNOWN_ROLES = frozenset(
    [
        "emphasis",
        "strong",
        "literal",
        "code",
        "math",
        "sub",
        "subscript",
        "sup",
        "superscript",
        "title-reference",
        "title",
        "t",
        "pep-reference",
        "rfc-reference",
        "pep",
        "rfc",
    ]
)
ROLE = expression(r":(?P<role>[A-Za-z][\w:+.-]*):`(?P<text>[^`\n]*)`")
SHORTENED = frozenset(["abbr", "abbreviation", "acronym"])
EXPLAINED = expression(r"^(?P<short>[^()]+?)\s*(?P<long>\([^()]+\))$")
"""What an abbreviation stands for is shown only to who points at it."""
TARGET = expression(r"^(?P<shown>.*?)\s*<(?P<target>[^<>]*)>$", re.DOTALL)
DIRECTIVE = expression(r"^(?P<indent>[ ]*)\.\.[ ]+(?P<name>[A-Za-z][\w:+.-]*)::(?P<rest>.*)$")
LINKED = expression(rf":[\w:+.-]+:`[^`]*`|`[^`]*`_{{1,2}}|{URL}")
LEAST_SAID = 6
"""Letters beside its links that a box of references says something with: more than と and など."""
TOLD = expression(r"[。！？!?]|(?:です|ます|ません|ください)\s*$")
BUILT = expression(r"^[^。]*\|today\|[^。]*$")
"""A line that Sphinx stamps with the day of its build, as it does in a page's foot."""
CLOSE_STARS = expression(
    r"(?<=[ぁ-んァ-ヶー一-龥々、。」）])(?P<stars>\*{1,2})(?=[ぁ-んァ-ヶ一-龥々「『\w])[^*\n]{0,40}[ぁ-んァ-ヶー一-龥々」』\w](?P=stars)(?=[ぁ-んァ-ヶー一-龥々、。「（])"
)
"""Emphasis set without the spaces that the form asks for, as Japanese has none between words."""
OPTION = expression(r"^\s+:[\w-]+:")
SILENT = frozenset(
    [
        "toctree",
        "contents",
        "index",
        "highlight",
        "currentmodule",
        "module",
        "meta",
        "sectnum",
        "tabularcolumns",
        "ifconfig",
        "todo",
        "todolist",
        "include",
        "literalinclude",
        "raw",
        "role",
        "default-role",
        "automodule",
        "autoclass",
        "autofunction",
        "autosummary",
        "youtube",
        "post",
        "tags",
        "category",
        "author",
        "date",
        "cssclass",
        "rst-class",
        "target-notes",
        "header",
        "footer",
        "restructuredtext-test-directive",
    ]
)
BOXES = frozenset(["seealso", "versionadded", "versionchanged", "deprecated", "tip-box", "topic", "sidebar"])
CODE_OPTION = expression(r"^\s+:(?P<name>[\w-]+):.*$")
VERSION = expression(r"^[0-9][\w.]*[\s　]*")
LABEL = expression(r"^\.\. _(?P<name>[^:`]+|`[^`]+`):[ ]*$")
COUNTED = {"figure": "図", "table": "表", "list-table": "表", "csv-table": "表", "code-block": "リスト"}
PAGES = {"genindex": "索引", "modindex": "モジュール索引", "search": "検索ページ"}
"""Sphinx's own pages, by their titles in Japanese."""
OWN_PAGES = expression(
    r"^\s*(?:[*+-]\s+)?(?::(?:std:)?(?:ref|any|doc):`(?:[^`<]*<)?(?:genindex|modindex|py-modindex|search)>?`[\s|・,、]*)+$"
)
"""A line that leads to nothing but those."""
LOOKED_AT = 200
"""Lines of an unknown directive in which Japanese is looked for."""
ONLY_SEEN = expression(r"(?<!not )\b(?:html|epub)\b")
ONLY_TOLD = 2
"""Sentences from which they are text, though only one form of the document shows them."""
PLAIN_CODE = frozenset(["code-block", "sourcecode", "highlight-block", "prompt", "parsed-literal", "console"])


def read(source: Source, options: Options) -> list[Article]:  # noqa: ARG001 one signature for all readers
    """The article of a reStructuredText file.

    Raises:
        ArticleError: not text, broken beyond reading, or nothing in it can be spoken.
    """
    if len(source.data) > LARGEST:
        raise too_large(source.name, LARGEST)
    text = CONTROL.sub("", decode(source.data, name=source.name, declared=source.charset))
    ledger = Ledger(file=source.name, form="rst")
    rewritten = _rewrite(text, ledger)
    try:
        document = publish_doctree(rewritten, settings_overrides=SETTINGS)
    except (SystemMessage, ValueError, IndexError, AttributeError, RecursionError, AssertionError, TypeError) as error:
        raise ArticleError(
            Message("reStructuredText that cannot be read", "reStructuredText として読めません"),
            where=ledger.place(),
            hint=Message(
                "check it with rst2html, or give it as plain text (.txt)",
                "rst2html で確かめるか、.txt として渡してください",
            ),
        ) from error
    maker = _Maker(ledger)
    tree = etree.Element("article")
    maker.children(document, tree, 1)
    pieces = refine(Walker(ledger, keep=frozenset([tree]), lined=True).walk(tree), ledger)
    title, pieces = _titled(pieces, ledger, source.stem)
    return [ledger.article(title, pieces, meta=Meta(**maker.meta))]


def _titled(pieces: list[Piece], ledger: Ledger, fallback: str) -> tuple[str, list[Piece]]:
    first = pieces[0] if pieces else None
    if (
        first is not None
        and first.kind == "heading"
        and sum(piece.kind == "heading" and piece.level <= first.level for piece in pieces) == 1
    ):
        return first.text, [first.to(kind="title", level=0), *pieces[1:]]
    return headings.title(pieces, ledger, fallback=fallback)


# --- Sphinx's additions


class _Rewriter:
    """Line by line: directives and roles that docutils does not know, as plain text or gone; lines keep their numbers."""

    def __init__(self, lines: list[str], ledger: Ledger) -> None:
        self.lines = lines
        self.ledger = ledger
        self.labels = _labels(lines)
        self.skipping: int | None = None
        self.options = False

    def line(self, number: int, line: str) -> str:
        """One line rewritten."""
        if self.options and CODE_OPTION.match(line):
            return self._gone(number, line)
        self.options = False
        if OWN_PAGES.match(line):
            return self._gone(number, line)
        if self.skipping is not None:
            if not line.strip() or len(line) - len(line.lstrip()) > self.skipping:
                return self._gone(number, line)
            self.skipping = None
        match = DIRECTIVE.match(line)
        if match and match["name"] in SILENT:
            return self._skip(number, line, match)
        if match:
            return self._directive(number, line, match)
        if BUILT.match(line) and self._apart(number):
            return self._gone(number, line)
        line = CLOSE_STARS.sub(r"\\ \g<0>\\ ", line)
        return ROLE.sub(lambda found: self._role(found, number), line)

    def _gone(self, number: int, line: str) -> str:
        self.ledger.drop(line, "directive", number)
        return ""

    def _apart(self, number: int) -> bool:
        """Whether a line is a paragraph of its own."""
        around = (self.lines[n] for n in (number - 2, number) if 0 <= n < len(self.lines))
        return not any(line.strip() for line in around)

    def _skip(self, number: int, line: str, match: re.Match[str]) -> str:
        self.skipping = len(match["indent"])
        return self._gone(number, line)

    def _directive(self, number: int, line: str, match: re.Match[str]) -> str:
        name, indent, rest = match["name"], match["indent"], match["rest"].strip()
        if name == "only":
            if not ONLY_SEEN.search(rest) or self._about_page(number, indent):
                return self._skip(number, line, match)
            self._gone(number, line)
            return f"{indent}.. container::"
        if name == "seealso" and not self._says(number, indent, rest):
            return self._skip(number, line, match)
        if name in BOXES - {"topic", "sidebar"}:
            self.ledger.drop(f".. {name}::", "markup", number)
            said = VERSION.sub("", rest)
            return f"{indent}.. note::{' ' + said if said else ''}"
        if name in PLAIN_CODE:
            self.options = True
            return f"{indent}.. code::{match['rest']}"
        if _known(name):
            return ROLE.sub(lambda found: self._role(found, number), line)
        return self._unknown(number, line, match)

    def _about_page(self, number: int, indent: str) -> bool:
        """Whether what one form of a document alone shows is about that form: a link, a date, a line, no text of its own."""
        body = takewhile(
            lambda row: not row.strip() or row.startswith(indent + " "), islice(self.lines, number, number + LOOKED_AT)
        )
        return " ".join(body).count("。") < ONLY_TOLD

    def _says(self, number: int, indent: str, rest: str) -> bool:
        """Whether a sentence stands in a box of references, not links and titles alone."""
        body = takewhile(
            lambda row: not row.strip() or row.startswith(indent + " "), islice(self.lines, number, number + LOOKED_AT)
        )
        words = LINKED.sub("", " ".join((rest, *body)))
        return len(JAPANESE.findall(words)) > LEAST_SAID and bool(TOLD.search(words))

    def _unknown(self, number: int, line: str, match: re.Match[str]) -> str:
        """A directive of some extension: a box when Japanese stands in it (tabs, cards, glossaries), else left out."""
        indent, rest = match["indent"], match["rest"].strip()
        body = takewhile(
            lambda row: not row.strip() or row.startswith(indent + " "), islice(self.lines, number, number + LOOKED_AT)
        )
        if any(JAPANESE.search(row) and not CODE_OPTION.match(row) for row in body):
            self.options = True
            titled = (
                bool(rest)
                and (JAPANESE.search(rest) is not None or rest.replace(" ", "").isalnum())
                and not rest.isdigit()
            )
            self.ledger.drop(f".. {match['name']}::" + ("" if titled else rest), "directive", number)
            return f"{indent}.. admonition:: {rest}" if titled else f"{indent}.. container::"
        self.ledger.note(
            "unknown-directive",
            f"left out: {line.strip()}",
            f"読み取れない指示を省きました: {line.strip()}",
            number,
        )
        return self._skip(number, line, match)

    def _role(self, match: re.Match[str], number: int) -> str:
        if match["role"].lower() in SHORTENED and (found := EXPLAINED.match(match["text"])):
            self.ledger.drop(f":{match['role']}: {found['long']}", "tooltip", number)
            return found["short"]
        if match["role"].lower() in KNOWN_ROLES:
            return match[0]
        text = match["text"].lstrip("!~")
        if target := TARGET.match(text):
            self.ledger.drop(f":{match['role']}:<{target['target']}>", "role", number)
            return target["shown"]
        if match["role"] in ("ref", "numref", "any"):
            shown = self.labels.get(text.lower(), "" if text.isascii() else text)
            self.ledger.drop(match[0], "role", number)
            return shown
        self.ledger.drop(f":{match['role']}:", "role", number)
        return text


def _rewrite(text: str, ledger: Ledger) -> str:
    lines = text.split("\n")
    rewriter = _Rewriter(lines, ledger)
    return "\n".join(rewriter.line(number, line) for number, line in enumerate(lines, 1))


def _labels(lines: Sequence[str]) -> dict[str, str]:
    """What labels of this file stand for, as Sphinx prints it: the title below, 図1, 表2; its own index pages."""
    found = dict(PAGES)
    counts: Counter[str] = Counter()
    waiting: list[str] = []
    for n, line in enumerate(lines):
        label = LABEL.match(line)
        directive = DIRECTIVE.match(line)
        kind = COUNTED.get(directive["name"], "") if directive else ""
        if kind:
            counts[kind] += 1
        if label:
            waiting.append(label["name"].strip("`").lower())
        elif line.strip() and waiting:
            below = lines[n + 1].strip() if n + 1 < len(lines) else ""
            above = len(set(line.strip())) == 1 and not line.strip().isalnum()
            title = (
                below
                if above
                else line.strip()
                if len(below) > 1 and len(set(below)) == 1 and not below.isalnum()
                else ""
            )
            found |= dict.fromkeys(waiting, f"{kind}{counts[kind]}" if kind else title)
            waiting = []
    return {label: shown for label, shown in found.items() if shown}


def _known(name: str) -> bool:
    return name in vars(directives)["_directive_registry"]  # docutils lists them nowhere else


# --- the document tree as elements

PLAIN: dict[str, str] = {
    "paragraph": "p",
    "bullet_list": "ul",
    "list_item": "li",
    "definition_list": "dl",
    "term": "dt",
    "definition": "dd",
    "block_quote": "blockquote",
    "attribution": "cite",
    "emphasis": "em",
    "strong": "strong",
    "literal": "code",
    "subscript": "sub",
    "superscript": "sup",
    "title_reference": "cite",
    "line_block": "div",
    "line": "p",
    "figure": "figure",
    "caption": "figcaption",
    "legend": "div",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "row": "tr",
    "transition": "hr",
    "container": "div",
    "compound": "div",
    "topic": "div",
    "inline": "span",
    "generated": "span",
    "abbreviation": "abbr",
    "acronym": "abbr",
    "rubric": "p",
    "problematic": "span",
    "option_list": "dl",
    "option_list_item": "div",
    "option_group": "dt",
    "description": "dd",
    "subtitle": "p",
    "field_name": "dt",
    "field_body": "dd",
    "field": "div",
}
ADMONITIONS = frozenset(
    ["attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning", "admonition", "sidebar"]
)
SILENT_NODES = frozenset(
    [
        "comment",
        "substitution_definition",
        "target",
        "pending",
        "system_message",
        "meta",
        "decoration",
        "raw",
        "colspec",
        "label",
    ]
)


class _Maker:
    """Turns docutils nodes into elements; what a reader never sees is left out."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.meta: dict[str, str] = {}

    def children(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        for child in node.children:
            if isinstance(child, nodes.Text):
                _append(out, child.astext())
            elif isinstance(child, nodes.Element):
                self.node(child, out, level)

    def node(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        """One node and all below it."""
        name = node.tagname
        special = SPECIAL.get(name)
        if name in SILENT_NODES:
            if name in ("comment", "system_message"):
                self.ledger.drop(node.astext(), "comment" if name == "comment" else "markup", node.line)
        elif special is not None:
            special(self, node, out, level)
        elif name in ADMONITIONS:
            made = self._element(node, out, "div")
            made.set("class", f"admonition {name}")
            self.children(node, made, level)
        elif name in PLAIN:
            self.children(node, self._element(node, out, PLAIN[name]), level)
        else:
            self.children(node, out, level)

    def _element(self, node: nodes.Element, out: etree._Element, tag: str) -> etree._Element:
        made = etree.SubElement(out, tag)
        if node.line:
            made.set("data-line", str(node.line))
        return made

    def section(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        self.children(node, out, level + 1)

    def title(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        parent = node.parent
        if parent is not None and parent.tagname in ("document", "section"):
            self.children(node, self._element(node, out, f"h{min(level, 6)}"), level)
        elif parent is not None and parent.tagname == "table":
            self.children(node, self._element(node, out, "caption"), level)
        else:
            self.children(node, self._element(node, out, "p"), level)

    def enumerated(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        made = self._element(node, out, "ol")
        made.set("start", str(getattr(node, "attributes", {}).get("start", 1)))
        self.children(node, made, level)

    def code(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        made = self._element(node, out, "pre")
        inner = etree.SubElement(made, "code")
        classes = getattr(node, "attributes", {}).get("classes", [])
        language = next((word for word in classes if word != "code"), "text")
        inner.set("class", f"language-{language}")
        inner.text = CONTROL.sub("", node.astext())

    def math(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        made = self._element(node, out, "div" if node.tagname == "math_block" else "span")
        made.set("class", "math tex")
        made.text = CONTROL.sub("", node.astext())

    def image(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        made = self._element(node, out, "img")
        made.set("alt", str(getattr(node, "attributes", {}).get("alt", "")))
        made.set("data-figure", "")
        made.set("src", str(getattr(node, "attributes", {}).get("uri", "")))

    def reference(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        made = etree.SubElement(out, "a")
        made.set("href", str(getattr(node, "attributes", {}).get("refuri", "")))
        self.children(node, made, level)

    def footnote(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        listed = out[-1] if len(out) and out[-1].get("class") == "footnotes" else etree.SubElement(out, "ul")
        listed.set("class", "footnotes")
        item = self._element(node, listed, "li")
        for child in node.children:
            if isinstance(child, nodes.label):
                self.ledger.drop(child.astext(), "footnote-mark", node.line)
        self.children(node, item, level)

    def mark(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        _close_up(out)  # the space before a mark is asked for by the form
        self.ledger.drop(node.astext(), "footnote-mark", node.line)

    def entry(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        head = node.parent is not None and node.parent.parent is not None and node.parent.parent.tagname == "thead"
        self.children(node, etree.SubElement(out, "th" if head else "td"), level)

    def docinfo(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        for child in node.children:
            text = child.astext()
            if isinstance(child, nodes.author | nodes.authors):
                self.meta["author"] = text.replace("\n", "、")
            elif isinstance(child, nodes.date):
                self.meta["published"] = iso_date(text)
            elif isinstance(child, nodes.field) and len(child.children) > 1:
                self._field(child.children[0].astext().lower(), child.children[1].astext())
            self.ledger.drop(text, "front-matter", child.line)

    def fields(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        """A list of fields: right below the title it is about the document, whatever names it uses; else it is text."""
        if _opens(node) and all("。" not in child.astext() for child in node.children):
            self.docinfo(node, out, level)
        else:
            self.children(node, self._element(node, out, "dl"), level)

    def _field(self, name: str, text: str) -> None:
        if name in ("lang", "language"):
            self.meta["language"] = text
        elif name in ("url", "link", "canonical"):
            self.meta["link"] = text if text.startswith("http") else ""
        elif name in ("summary", "description"):
            self.meta["description"] = text
        elif name in ("author", "著者", "執筆者", "筆者", "作成者"):
            self.meta["author"] = text
        elif name in ("date", "日付", "published", "公開日", "作成日"):
            self.meta["published"] = iso_date(text)

    def contents(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        if "contents" in getattr(node, "attributes", {}).get("classes", []):
            self.ledger.drop(node.astext(), "toc", node.line)
        else:
            made = self._element(node, out, "div")
            made.set("class", "admonition topic")
            self.children(node, made, level)

    def problem(self, node: nodes.Element, out: etree._Element, level: int) -> None:
        """Markup docutils could not resolve: its signs go, its words stay."""
        text = node.astext()
        words = re.sub(r"^:[\w:+.-]+:|[`*|_]+|<[^<>]*>", "", text)
        if words != text:
            self.ledger.drop(text, "markup", node.line)
        _append(out, CONTROL.sub("", words))


Special = Callable[[_Maker, nodes.Element, etree._Element, int], None]
SPECIAL: dict[str, Special] = {
    "section": _Maker.section,
    "title": _Maker.title,
    "enumerated_list": _Maker.enumerated,
    "literal_block": _Maker.code,
    "doctest_block": _Maker.code,
    "math": _Maker.math,
    "math_block": _Maker.math,
    "image": _Maker.image,
    "reference": _Maker.reference,
    "footnote": _Maker.footnote,
    "citation": _Maker.footnote,
    "footnote_reference": _Maker.mark,
    "citation_reference": _Maker.mark,
    "entry": _Maker.entry,
    "docinfo": _Maker.docinfo,
    "field_list": _Maker.fields,
    "topic": _Maker.contents,
    "problematic": _Maker.problem,
}


def _opens(node: nodes.Node) -> bool:
    """Whether nothing that is read stands above a node but the title."""
    parent = node.parent
    if parent is None:
        return True
    above = parent.children[: parent.index(node)]
    names = {other.tagname for other in above if isinstance(other, nodes.Element)}
    silent = names <= SILENT_NODES | {"title", "subtitle", "docinfo"}
    return silent and (parent.tagname == "document" or (parent.tagname == "section" and _opens(parent)))


def _close_up(holder: etree._Element) -> None:
    """Without the spaces that the text so far ends with after a Japanese letter."""
    text = (holder[-1].tail if len(holder) else holder.text) or ""
    bare = text.rstrip(" ")
    if bare and JAPANESE.match(bare[-1]):
        if len(holder):
            holder[-1].tail = bare
        else:
            holder.text = bare


def _append(holder: etree._Element, text: str) -> None:
    text = CONTROL.sub("", text)
    if len(holder):
        holder[-1].tail = (holder[-1].tail or "") + text
    else:
        holder.text = (holder.text or "") + text
