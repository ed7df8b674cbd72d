"""Elements as values, and how they become XML. XML is never made from strings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from lxml import etree

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What stands in an element: text (`cdata`: as a CDATA section), attributes without empty values, elements."""

    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    nodes: tuple[tuple[str, Node], ...] = ()
    cdata: bool = False


Nodes: TypeAlias = Iterable[Node]


def text(value: str) -> Nodes:
    """One element with text; none when there is nothing to say."""
    return (Node(text=value),) if value else ()


def node(said: str = "", /, *nodes: tuple[str, Node], **attributes: str) -> Node:
    """An element; a `_` in an attribute's name stands for `-`."""
    kept = {name.replace("_", "-"): given for name, given in attributes.items() if given}
    return Node(text=said, attributes=kept, nodes=nodes)


def qualified(name: str) -> str:
    """`itunes:author` as lxml wants it."""
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local


def append(parent: etree._Element, name: str, given: Node) -> None:
    """Put an element into `parent`."""
    element = etree.SubElement(parent, qualified(name), dict(given.attributes), NAMESPACES)
    if given.text:
        element.text = etree.CDATA(given.text) if given.cdata else given.text
    for inner, value in given.nodes:
        append(element, inner, value)
