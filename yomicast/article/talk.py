"""Conversations by their elements: who speaks in a balloon, a row, a list of terms, behind a label in a paragraph.

A name is told from any other label by use: it comes again, takes turns with another, and the page calls somebody so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lxml import etree

from yomicast.article import boxes
from yomicast.article.shapes import ASKED, has_blocks
from yomicast.article.tree import names_of, tag_of, text_of
from yomicast.patterns import expression

LONGEST = 16
"""Letters of a label that names who speaks."""
TURNS = 4
"""Times that the rows or lists of a conversation are labelled at least."""
BALLOON = expression(
    r"(?:^| )(?:speech|balloon|fukidashi|hukidashi|kaiwa|chat|chatting|talk|talks|voice|say|conversation|serif|dialogue)(?= |$)"
)
CALLED = expression(r"(?:^| )(?:name|who|speaker|talker)$")
TURN = expression(r"(?:^| )(?:speaker|talker|interviewer|interviewee)(?= |$)")
NAMED = expression(r"(?:^| )(?:who|person|name)(?= |$)")
IN_SENTENCE = expression(r"(?:さん|氏|様|先生|くん|ちゃん|[はがをもの、。])")
"""Goes on from a name that is part of a sentence: `<span class="name">浜田</span>さんは`."""
DASH = expression(r"^(?:[―—─–-]{1,3}|ーー+)$")
ASKER = expression(
    rf"{DASH.pattern}|^(?:聞き手|聴き手|訊き手|インタビュアー|編集部|編集者?|記者|取材者|司会者?|進行(?:役)?|モデレーター|interviewer)$",
    re.IGNORECASE,
)
ROWS = ("div", "li", "section", "p")
LABELS = frozenset(["span", "b", "strong", "em", "i", "p", "div", "h4", "h5", "h6", "small", "cite"])


def balloon_name(node: etree._Element) -> etree._Element | None:
    """The element in a speech balloon that names who speaks."""
    if not any(BALLOON.search(boxes.words(name)) for name in names_of(node).split()):
        return None
    for child in node.iterdescendants():
        names = names_of(child) if isinstance(child.tag, str) else ""
        called = any(CALLED.search(boxes.words(name)) for name in names.split())
        if (called or (names and boxes.reason(names) == "speaker-label")) and 0 < len(text_of(child)) <= 24:
            return child
    return None


def labels(root: etree._Element) -> frozenset[etree._Element]:
    """Elements that open a paragraph and call themselves who speaks: `<span class="speaker">記者</span>`.

    Where most of a class are followed by no particle, none of it is part of a sentence: `<span>六車</span>はい。`.
    """
    groups: dict[str, list[etree._Element]] = {}
    for node in root.iter("span", "b", "strong", "em", "i"):
        if _opens_turn(node):
            groups.setdefault(node.get("class") or "", []).append(node)
    found: set[etree._Element] = set()
    for name, members in groups.items():
        apart = [node for node in members if not IN_SENTENCE.match(node.tail or "")]
        sure = any(TURN.search(boxes.words(part)) for part in name.split())
        sure = sure or (len(members) >= TURNS and len(apart) * 2 > len(members))
        found |= set(members if sure else apart)
    return frozenset(found)


def _opens_turn(node: etree._Element) -> bool:
    parent = node.getparent()
    if parent is None or (parent.text or "").strip() or node.getprevious() is not None:
        return False
    names = [boxes.words(name) for name in (node.get("class") or "").split()]
    called = any(NAMED.search(name) or TURN.search(name) for name in names)
    parted = (node.tail or "").startswith(("　", " ", "：", ":"))
    return called and not parted and 0 < len(text_of(node)) <= LONGEST and len(text_of(parent)) > len(text_of(node))


def talkers(root: etree._Element) -> dict[etree._Element, str]:
    """Terms and definitions of lists that are conversations: names come again within a list, terms never do.

    Names may also come again from list to list, one list an answer, when the page calls somebody so.
    """
    lists = [list(node.iter("dt", "dd")) for node in root.iter("dl")]
    terms = [[label(item) for item in items if tag_of(item) == "dt"] for items in lists]
    names: set[str] = set()
    for said in terms:
        if len(said) > len(set(said)) and max(map(len, said)) <= LONGEST:
            names |= set(said)
    names |= _taking_turns([name for said in terms for name in said if len(name) <= LONGEST], text_of(root))
    found: dict[etree._Element, str] = {}
    for items, said in zip(lists, terms, strict=True):
        known = sum(name in names for name in said)
        if not known or known * 2 < len(said) or max(map(len, said)) > LONGEST:
            continue
        name = ""
        for item in items:
            name = label(item) if tag_of(item) == "dt" else name
            found[item] = name
    return found


def rows(root: etree._Element) -> dict[etree._Element, tuple[etree._Element, str]]:
    """Boxes of one turn each, the label first and the words below: the label's element and who it names."""
    groups: dict[tuple[str, ...], list[tuple[etree._Element, etree._Element]]] = {}
    for box in root.iter(*ROWS):
        first = _first(box)
        if first is not None:
            kind = (tag_of(box), (box.get("class") or " ").split(" ")[0], tag_of(first), first.get("class") or "")
            groups.setdefault(kind, []).append((box, first))
    found: dict[etree._Element, tuple[etree._Element, str]] = {}
    whole = text_of(root) if groups else ""
    for members in groups.values():
        if _taking_turns([label(first) for _, first in members], whole):
            found |= {box: (first, label(first)) for box, first in members}
    return found


def _first(box: etree._Element) -> etree._Element | None:
    """The short element that opens a box of blocks and stands alone there."""
    if (box.text or "").strip() or len(box) < 2:
        return None
    first = box[0]
    if tag_of(first) not in LABELS or (first.tail or "").strip() or has_blocks(first):
        return None
    said = text_of(first)
    whole = text_of(box)
    fits = 0 < len(said) <= LONGEST and "。" not in said and not ASKED.match(said)
    return first if fits and has_blocks(box) and re.search("[。！？!?]", whole[len(said) :]) else None


def label(node: etree._Element) -> str:
    """Who a label names; a dash is who asks."""
    said = text_of(node).strip("：: 　")
    return "聞き手" if DASH.match(said) else said


def _taking_turns(said: Sequence[str], text: str) -> set[str]:
    """The names among labels that take turns, empty when they are no names."""
    again = {name for name, count in Counter(said).items() if count > 1}
    total = sum(name in again for name in said)
    if len(again) < 2 or total < TURNS or total * 2 < len(said):
        return set()
    return again if all(_is_called(name, text) for name in again) or _asks(again, text) else set()


def _asks(names: Iterable[str], text: str) -> bool:
    """Whether one asks and another is called so in the text."""
    asker = [name for name in names if ASKER.match(name)]
    return bool(asker) and any(_is_called(name, text) for name in names if name not in asker)


def _is_called(name: str, text: str) -> bool:
    """Whether the text calls a person so: 真壁さん, 真壁すみれさん, 苫米地 文（とまべち・あや）."""
    bare = re.sub(r"(?:さん|氏|様|先生|くん|ちゃん)$", "", name)
    rest = r"[\s　・]?(?:[一-鿿々]{1,3}|[ァ-ヶー]{2,8}|[ぁ-ん]{2,4})"
    return bool(
        re.search(
            rf"{re.escape(bare)}(?:{rest})?(?:さん|氏|様|先生|くん|ちゃん|[\s　]?[（(][ぁ-んァ-ヶー]{{2}}[^。（()）]*[)）])",
            text,
        )
    )
