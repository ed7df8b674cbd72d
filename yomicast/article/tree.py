"""Markup to a tree, safely: no network, no entities, bounded depth. Nothing here knows what an article is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from yomicast.patterns import expression

DEPTH = 180
"""Elements nested deeper are taken apart: libxml2 stops at 256, our walkers recurse."""
TAG = expression(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?:\"[^\"]*\"|'[^']*'|[^'\"<>])*>?")
RAW = expression(r"<(script|style|textarea|title|xmp|noembed|noframes)\b", re.IGNORECASE)
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
IN_HEAD = frozenset(["title", "meta", "link", "script", "style", "base", "noscript", "template", ""])
CONTROL = expression(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")


def parse(text: str) -> lxml_html.HtmlElement | None:
    """The tree of a page or fragment; None if it holds nothing at all. Broken markup is repaired as browsers do."""
    text = CONTROL.sub("", text)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    if not text.strip():
        return None
    root, too_deep = _parsed(text)
    if too_deep:
        root, _ = _parsed(_flattened(text))
    if root is not None:
        _embody(root)
    return root


def _embody(root: etree._Element) -> None:
    """Put into the body what libxml2 leaves in the head of a page that writes no `<body>` and begins with `<main>`."""
    head = next((child for child in root if tag_of(child) == "head"), None)
    wrong = (
        next((n for n, child in enumerate(head) if tag_of(child) not in IN_HEAD), None) if head is not None else None
    )
    if head is None or wrong is None:
        return
    body = next((child for child in root if tag_of(child) == "body"), None)
    if body is None:
        body = etree.SubElement(root, "body")
    moved = list(head)[wrong:]
    text, body.text = body.text, None
    for n, child in enumerate(moved):
        body.insert(n, child)
    moved[-1].tail = (moved[-1].tail or "") + (text or "")


def _parsed(text: str) -> tuple[lxml_html.HtmlElement | None, bool]:
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser, ensure_head_body=False)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    deep = any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log) or any(
        "depth" in entry.message for entry in parser.error_log
    )
    return root, deep


def _flattened(text: str) -> str:
    """The same page with tags below `DEPTH` taken out, their text kept."""
    out: list[str] = []
    depth = at = 0
    stack: list[bool] = []
    for match in TAG.finditer(text):
        if match.start() < at:
            continue
        out.append(text[at : match.start()])
        at = match.end()
        name = match["name"].lower()
        if name in VOID or match[0].endswith("/>"):
            out.append(match[0])
        elif match["close"]:
            if stack:
                kept = stack.pop()
                depth -= kept
                out.append(match[0] if kept else " ")
        else:
            kept = depth < DEPTH
            stack.append(kept)
            depth += kept
            out.append(match[0] if kept else " ")
    out.append(text[at:])
    return "".join(out)


def tag_of(node: etree._Element | None) -> str:
    """Lower-case local name; empty for comments, processing instructions and nothing."""
    if node is None or not isinstance(node.tag, str):
        return ""
    return node.tag.rpartition("}")[2].rpartition(":")[2].lower()


def names_of(node: etree._Element) -> str:
    """Class, id and role of an element in one string as written, tokens between spaces."""
    parts = (node.get("class"), node.get("id"), node.get("role"))
    return " ".join(part.strip() for part in parts if part)


def text_of(node: etree._Element) -> str:
    """All text inside, white space collapsed."""
    return re.sub(r"\s+", " ", "".join(_texts(node))).strip()


def _texts(node: etree._Element) -> Iterator[str]:
    for event, child in etree.iterwalk(node, events=("start", "end", "comment", "pi")):
        if event == "start" and child.text and tag_of(child) not in ("script", "style", "template"):
            yield child.text
        elif event in ("end", "comment", "pi") and child is not node and child.tail:
            yield child.tail
