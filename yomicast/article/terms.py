"""Boxes in a page that explain a word which its report uses: a term, and what it is in words without a verb.

Told by what they hold, as newsrooms call them by names of their own.
"""

from __future__ import annotations

from collections import Counter

from lxml import etree

from yomicast.article import shapes
from yomicast.article.tree import names_of, tag_of, text_of
from yomicast.patterns import expression

PROFILE = 220
"""Letters in which a company is presented at most."""
TRAITS = expression(
    r"(?:設立|創業|創立|発足|本社|本店|本部|資本金|従業員|社員|職員|売上高|年商|年間売上|上場|代表(?:取締役|者)?|社長|子会社|グループ会社|拠点|店舗|工場)"
)
"""What a company's profile says, and how many of it."""
FEW = 3
NOUN = expression(r"[一-鿿ァ-ヶー\d０-９％%A-Za-z)）」』]$")
"""The end of a sentence without a verb: 本社は大阪市。従業員14人。"""
SENTENCES = expression(r"[。\n]")
HOLDERS = ("div", "section", "aside", "dl")
HEADS = frozenset(["h2", "h3", "h4", "h5", "h6", "p", "dt", "b", "strong", "span", "div"])
TERM, EXPLAINED, DEFINED = 20, 200, 60
"""Letters of a term, of its box, and of the first sentence that says what it is, at most."""
NAMES = expression(
    r"^[\W_]*(?:(?:キーワード|ことば|用語(?:解説)?|メモ|ミニ知識|とは|Q)[\W_]+)?(?P<term>[^、。？?]+?)(?:とは)?[\W_]*$"
)
IS_NOUN = expression(r"[一-鿿ァ-ヶーつちとみのもり][。]")
"""The end of a first sentence that is a noun: …の一種。…の仕組み。"""
VERB = expression(r"(?:です|ます|ました|でした|だった|である|ている|した|する|なる|ある|いる|ない|れる)[。]")
MANY = 3
"""So many such boxes are the page's own matter: a list of words."""


def boxes_of(root: etree._Element) -> dict[etree._Element, str]:
    """The boxes below `root` that explain a word of the text before them or present a company of it, each with its reason."""
    found: dict[etree._Element, str] = {}
    for node in root.iter(*HOLDERS):
        if node is not root and not any(up in found for up in node.iterancestors()) and (term := _term(node)):
            found[node] = term
    looks = Counter(map(_look, root.iter(*HOLDERS)))
    if len(found) >= MANY or any(looks[_look(node)] >= MANY for node in found):
        return {}  # a list of words, or the turns of a talk
    return {
        node: "company-outline" if is_profile(text_of(node)) else "glossary"
        for node, term in found.items()
        if is_profile(text_of(node)) or _told_before(term, node, root)
    }


def _look(box: etree._Element) -> tuple[str, str, str]:
    """What boxes of one kind have in common."""
    return tag_of(box), names_of(box), next((tag_of(child) for child in box if tag_of(child)), "")


def _term(box: etree._Element) -> str:
    """What a box explains, in a few words that begin with a noun or hardly have a verb; empty if it is no such box."""
    children = [child for child in box if tag_of(child)]
    if not 2 <= len(children) <= MANY or (box.text or "").strip() or tag_of(children[0]) not in HEADS:
        return ""
    head, said = text_of(children[0]), "".join(text_of(child) for child in children[1:])
    named = NAMES.match(head)
    if not named or len(head) > TERM or not 0 < len(said) <= EXPLAINED or any(True for _ in box.iter("a", "img", "li")):
        return ""
    first = said[: said.find("。") + 1]
    noun = 0 < len(first) <= DEFINED and bool(IS_NOUN.search(first)) and not VERB.search(first)
    return named["term"] if noun and not shapes.APPOINTED.search(said) else ""


def _told_before(term: str, box: etree._Element, root: etree._Element) -> bool:
    """Whether the running text before the box speaks of the term: a heading of the text's own need not be met before."""
    paragraphs = []
    for node in root.iter("p", *HOLDERS):
        if node is box:
            break
        if tag_of(node) == "p":
            paragraphs.append(text_of(node))
    return any(term in text and "。" in text and text != term for text in paragraphs)


def is_profile(text: str) -> bool:
    """Whether a few words present a company: founded, seat, staff, sales, and hardly a verb."""
    parts = [part.strip() for part in SENTENCES.split(text) if part.strip()]
    verbless = sum(bool(NOUN.search(part)) for part in parts)
    return len(text) <= PROFILE and len(set(TRAITS.findall(text))) >= FEW and verbless * 3 >= len(parts) * 2
