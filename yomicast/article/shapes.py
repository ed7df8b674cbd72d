"""Shapes of elements: table rows, layout tables, ruby parts, citations. Pure questions, no text is kept or dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from yomicast.article import boxes
from yomicast.article.ledger import JAPANESE
from yomicast.article.tree import names_of, tag_of, text_of

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "details",
        "dialog",
        "div",
        "dd",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
IN_TEXT = frozenset(
    [
        "a",
        "span",
        "em",
        "i",
        "b",
        "strong",
        "u",
        "font",
        "small",
        "mark",
        "time",
        "abbr",
        "q",
        "cite",
        "label",
        "code",
        "kbd",
        "var",
        "ins",
        "sub",
        "sup",
        "bdi",
        "bdo",
        "data",
    ]
)
NEVER_TEXT = frozenset({"anchor", "copy-button", "hidden-label", "speaker-label"})


def has_blocks(node: etree._Element) -> bool:
    """Whether block elements stand inside."""
    return any(tag_of(child) in BLOCKS for child in node.iterdescendants())


def inside_text(node: etree._Element, tag: str, why: str) -> bool:
    """An inline element in the middle of a sentence is text whatever its class says (`<span class="date">`)."""
    if tag not in IN_TEXT or why in NEVER_TEXT:
        return False
    parent = node.getparent()
    if parent is None or tag_of(parent) not in (
        "p",
        "li",
        "td",
        "dd",
        "span",
        "strong",
        "b",
        "em",
        "blockquote",
        "h2",
        "h3",
        "h4",
    ):
        return False
    around = (parent.text or "") + "".join(child.tail or "" for child in parent)
    return bool(JAPANESE.search(around))


def holds_prose(node: etree._Element) -> bool:
    """Whether a full sentence outside links stands inside: navigation and share buttons have none."""
    for child in node.iter():
        if tag_of(child) in ("script", "style", "a", "template", "noscript", "button"):
            continue
        texts = [child.text or "", *(item.tail or "" for item in child)]
        if any(len(text.strip()) >= 15 and "。" in text for text in texts):
            return True
    return False


def is_formula(node: etree._Element) -> bool:
    """KaTeX and MathJax hide one of the two forms of a formula from screen readers."""
    return any(
        re.search(r"katex|math-?jax|mjx", names_of(up), re.IGNORECASE) for up in [node, *node.iterancestors()][:4]
    )


def rows(table: etree._Element) -> list[list[etree._Element]]:
    """The table's own rows of cells; those of tables inside it are not among them."""
    found: list[list[etree._Element]] = []
    for child in table:
        tag = tag_of(child)
        if tag in ("thead", "tbody", "tfoot"):
            found += rows(child)
        elif tag == "tr":
            found.append([cell for cell in child if tag_of(cell) in ("td", "th")])
    return [row for row in found if row]


def is_layout(table: etree._Element, found: list[list[etree._Element]]) -> bool:
    """A table that only places things: one column, tables or headings inside, or cells full of prose."""
    if table.get("role") in ("presentation", "none"):
        return True
    if not found:
        return True
    inner = [tag_of(child) for row in found for cell in row for child in cell.iterdescendants()]
    if any(
        tag in ("table", "h1", "h2", "h3", "article", "section", "nav", "form", "pre", "blockquote") for tag in inner
    ):
        return True
    if max(map(len, found)) < 2:
        return True
    lengths = [len(text_of(cell)) for row in found for cell in row]
    long = [length for length in lengths if length > 160]
    has_head = any(tag_of(cell) == "th" for row in found for cell in row) or any(
        tag_of(child) in ("thead", "caption") for child in table
    )
    if has_head:
        return len(long) > len(lengths) * 0.6
    if len(found) < 2:
        return True
    ends = sum(text_of(cell).count("。") for row in found for cell in row)
    return bool(long) and (len(long) >= 2 or sum(long) > sum(lengths) * 0.6) and ends >= 2


def ruby_parts(node: etree._Element) -> Iterator[tuple[str, str]]:
    """(text, "base", "rt" or "rp") in order; rp holds parentheses for old browsers."""
    yield (node.text or "", "base")
    for child in node:
        tag = tag_of(child)
        if tag in ("rt", "rtc"):
            yield (text_of(child), "rt")
        elif tag == "rp":
            yield (text_of(child), "rp")
        elif tag == "ruby" or (tag and tag not in ("script", "style")):
            yield from ruby_parts(child)
        yield (child.tail or "", "base")


def raw_texts(node: etree._Element) -> Iterator[str]:
    """All text as it stands, line ends kept, `<br>` as one."""
    for event, child in etree.iterwalk(node, events=("start", "end", "comment", "pi")):
        if event == "start" and child.text:
            yield child.text
        if event in ("end", "comment", "pi") and child is not node:
            if tag_of(child) == "br":
                yield "\n"
            if child.tail:
                yield child.tail


def is_prose(text: str) -> bool:
    """Preformatted text that is no program: mostly Japanese sentences."""
    solid = re.sub(r"\s", "", text)
    return bool(solid) and len(JAPANESE.findall(solid)) > len(solid) * 0.6 and text.count("。") >= 1


def cite_of(quote: etree._Element) -> etree._Element | None:
    """The element at the end of a block quotation that names its source."""
    found = [child for child in quote.iterdescendants() if tag_of(child) in ("cite", "footer")]
    if found:
        outer = found[-1]
        return outer if not JAPANESE.search(outer.tail or "") else None
    last = quote[-1] if len(quote) else None
    if (
        last is not None
        and tag_of(last) == "p"
        and re.match(r"^(?:[—―–─]{1,2}|-{1,2}\s|出典|引用元?\s*[:：])\s*\S.{0,80}$", text_of(last))
    ):
        return last
    return None


def detach(node: etree._Element) -> None:
    """Take an element out of its tree; what follows it stays."""
    parent = node.getparent()
    if parent is None:
        return
    before, tail = node.getprevious(), node.tail
    if tail:
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    node.tail = None
    parent.remove(node)


def start_of(node: etree._Element) -> int:
    """The first number of an ordered list."""
    value = node.get("start", "1")
    return int(value) if re.fullmatch(r"-?\d{1,6}", value) else 1


def box_kind(names: str) -> str:
    """What a box calls itself: `message`, `alert`, `tip` …."""
    for name in names.split():
        if boxes.is_aside(name):
            return name
    return "box"
