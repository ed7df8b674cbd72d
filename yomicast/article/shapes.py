"""Shapes of elements: table rows, layout tables, ruby parts, citations. Pure questions, no text is kept or dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from yomicast.article import boxes, headings
from yomicast.article.ledger import JAPANESE
from yomicast.article.tree import names_of, tag_of, text_of
from yomicast.patterns import expression

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
PICTURES = frozenset(["img", "picture", "table", "pre", "blockquote", "video", "iframe", "svg", "canvas", "object"])
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
        if any(len(text.strip()) >= 8 and "。" in text for text in texts):
            return True
    return False


def holds_text(node: etree._Element) -> bool:
    """Whether only running text stands inside, no link, form or picture: text that a soft name alone can't take away."""
    if any(tag_of(child) in ("a", "form", "input", "button", "img", "iframe", "script") for child in node.iter()):
        return False
    text = text_of(node)
    return len(text) >= 60 and text.count("。") >= 2


COMMENTS = expression(r"コメント|comment|感想|返信|トラックバック|みんなの声|ご意見", re.IGNORECASE)


def _is_amid_text(node: etree._Element) -> bool:
    """Whether sentences of the text stand beside an element, in paragraphs above and below it, and sentences in it."""
    above = any(tag_of(child) == "p" and "。" in text_of(child) for child in node.itersiblings(preceding=True))
    below = any(tag_of(child) == "p" and "。" in text_of(child) for child in node.itersiblings())
    return above and below and holds_prose(node)


def is_remark(node: etree._Element) -> bool:
    """A box called comment in which somebody is heard on the matter: no reader wrote it.

    It stands under a heading that says who, or in the middle of the text, where no site puts its readers' words.
    """
    if any(tag_of(child) in ("li", "time", "article", "dl", "textarea", "form") for child in node.iter()):
        return False
    if _is_amid_text(node):
        return True
    named = next((text_of(child) for child in node.iter("h2", "h3", "h4", "h5", "strong", "b", "dt")), "")
    return bool(named) and not COMMENTS.search(named) and holds_text(node)


PRICED = expression(r"ISBN|定価|税込|税別|本体[\s　]?[\d０-９]|価格|[\d０-９,，]+円")
ORDERED = expression(r"ISBN|注文|購入|カート|買う|予約|取り寄せ|amazon|楽天|書店で", re.IGNORECASE)
OFFERED = expression(
    r"承(?:り|って)|受付中|受け付け中|[発販]売中|好評|送料|特価|格安|激安|割引|セール|キャンペーン|お?求め(?:は|やす)|お気軽|お任せ"
)
"""What only somebody says who has something to sell."""
APPOINTED = expression(r"日時|日程|会場|場所|開催|開館|開演|入場|参加|主催|持ち物|定員")
"""What an announcement of a day says, which has its price as well."""
FRAMED = 400
"""Letters that a quotation in a frame of its own has at most."""
OFFER = 250
"""Letters of a box that sells something at most."""


def is_for_sale(box: etree._Element) -> bool:
    """A box with a price and a link to order by, or one that offers its goods in a seller's words; no sentence in it."""
    text = text_of(box)
    if len(text) > OFFER or "。" in text or not PRICED.search(text):
        return False
    if OFFERED.search(text) and not APPOINTED.search(text):
        return True
    return box.find(".//a") is not None and bool(ORDERED.search(text))


def is_menu(cell: etree._Element) -> bool:
    """A cell of a layout table that is a column of links: most of its words are links, and no sentence stands in it."""
    links = [text_of(child) for child in cell.iter("a")]
    whole = len(text_of(cell))
    return len(links) >= 3 and sum(map(len, links)) >= whole * 0.4 and not holds_prose(cell)


def bare_lines(node: etree._Element) -> frozenset[etree._Element]:
    """Children that are single lines, as rich text editors write them: nameless div elements, empty ones between."""
    lines = [
        child
        for child in node
        if tag_of(child) == "div" and not child.get("class") and not child.get("id") and not has_blocks(child)
    ]
    empty = sum(not text_of(child).strip("\u00a0") and child.find(".//img") is None for child in lines)
    return frozenset(lines) if len(lines) >= 3 and empty else frozenset()


HEADS_LEAST, HEADED_LEAST = 5, 20
"""Width of a line that heads something by its style alone, and letters of the paragraph below it."""
NO_HEADS = expression(
    r"(?:^| )(?:q|a|question|answer|names?|speaker|who|person|date|day|time|note|price|tel|address|caption|cap|quote|verse|poem|haiku|lyric\w*|credit|label|lead|btn|button|tag)(?= |$)"
)


def styled_headings(root: etree._Element) -> frozenset[str]:
    """Classes of paragraphs that can only be headings: two or more short lines that all differ, none a sentence, each
    right above a paragraph of the text that has none of them.
    """
    by_class: dict[str, list[etree._Element]] = {}
    for node in root.iter("p"):
        names = (node.get("class") or "").split()
        if len(names) == 1:
            by_class.setdefault(names[0], []).append(node)
    return frozenset(
        name
        for name, nodes in by_class.items()
        if len(nodes) > 1
        and not NO_HEADS.search(boxes.words(name))
        and not (boxes.reason(name) or boxes.is_caption(name) or boxes.is_aside(name))
        and len({text_of(node) for node in nodes}) == len(nodes)
        and all(_heads_text(node, name) for node in nodes)
    )


def _heads_text(node: etree._Element, name: str) -> bool:
    text, below, above = text_of(node), node.getnext(), node.getprevious()
    told = below is not None and tag_of(below) == "p" and name not in (below.get("class") or "").split()
    said = text_of(below) if told and below is not None else ""
    asks = re.search(r"[？?！!」』）)]$|^[\W\d]", text) or node.find(".//a") is not None
    follows = above is not None and tag_of(above) in ("p", "figure", "ul", "ol", "blockquote", "table", "div", "aside")
    heads = headings.width(text) >= HEADS_LEAST and headings.looks_like(text) and not headings.LABEL.match(text)
    return bool(follows and heads and not asks) and len(said) >= HEADED_LEAST and "。" in said


def is_alone(node: etree._Element) -> bool:
    """Whether nothing but pictures stands beside an inline element."""
    parent = node.getparent()
    if parent is None or (node.tail or "").strip() or (parent.text or "").strip():
        return False
    return all(
        tag_of(child) in ("img", "br", "picture", "") and not (child.tail or "").strip()
        for child in parent
        if child is not node
    )


def caption_last(figure: etree._Element, caption: etree._Element) -> list[etree._Element]:
    """A figure's children, its caption after the picture or table it belongs to; what explains it further comes last."""
    order = list(figure)
    at = order.index(caption)
    shown = [
        n for n, child in enumerate(order) if child is not caption and any(tag_of(c) in PICTURES for c in child.iter())
    ]
    last = max(shown, default=-1)
    if last > at:
        order.insert(last, order.pop(at))
    return order


def squeezed(text: str) -> str:
    """Letters and digits only."""
    return re.sub(r"[\W_]", "", text)


def alike(one: str, other: str) -> bool:
    """Whether two texts say nearly the same: most pairs of letters of the shorter stand in the longer."""
    short, long = sorted((squeezed(one), squeezed(other)), key=len)
    pairs = {short[n : n + 2] for n in range(len(short) - 1)}
    return bool(pairs) and sum(pair in long for pair in pairs) >= len(pairs) * 0.6


PHONE = expression(r"(?:電話|TEL|℡|ファクス|FAX)|\d{2,5}[-‐－]\d{1,4}[-‐－]\d{3,4}", re.IGNORECASE)


def is_asked(form: etree._Element) -> bool:
    """A form that asks the visitor something; an office's address is often set in one."""
    fields = [
        child
        for child in form.iter("input", "select", "textarea", "button")
        if (child.get("type") or "").lower() != "hidden"
    ]
    return bool(fields) and not PHONE.search(text_of(form))


ASKS_MAIL = 250
"""Characters that the box around a field for a mail address has at most."""


def mail_boxes(root: etree._Element) -> set[etree._Element]:
    """Boxes that ask for a mail address, with the words that promise a newsletter; never an office's address."""
    found: set[etree._Element] = set()
    for field in root.iter("input"):
        if (field.get("type") or "").lower() != "email" and (field.get("name") or "").lower() not in ("email", "mail"):
            continue
        box = None
        for up in field.iterancestors():
            if up is root or tag_of(up) in ("body", "main", "article", "td") or len(text_of(up)) > ASKS_MAIL:
                break
            box = up if tag_of(up) in ("div", "section", "aside", "form") else box
        if box is not None and not PHONE.search(text_of(box)):
            found.add(box)
    return found


PAID = expression(
    r"//(?:px\.a8\.net|af\.moshimo\.com|ck\.jp\.ap\.valuecommerce\.com|hb\.afl\.rakuten\.co\.jp|amzn\.to|a\.r10\.to|h\.accesstrade\.net|t\.afi-b\.com|"
    r"t\.felmat\.net|track\.affiliate-b\.com|click\.linksynergy\.com|[\w.]*amazon-adsystem\.com)/"
)


def is_paid(anchor: etree._Element) -> bool:
    """A link by which the site earns money, alone in its line; inside a sentence its words are text."""
    return is_paid_link(anchor) and is_alone(anchor)


def is_paid_link(anchor: etree._Element) -> bool:
    """A link that says, or whose address says, that the site earns money by it."""
    return "sponsored" in (anchor.get("rel") or "") or PAID.search(anchor.get("href") or "") is not None


def is_emoji(image: etree._Element, alt: str) -> bool:
    """A picture as high as the letters around it that stands for a feeling."""
    if not re.fullmatch(r":?[\w+-]{1,30}:?|[\U0001f000-\U0001faff☀-➿\ufe0f]+", alt):
        return False
    size = (image.get("width") or "").removesuffix("px"), (image.get("height") or "").removesuffix("px")
    small = any(side.isdigit() and int(side) <= 32 for side in size)
    return "emoji" in names_of(image).lower() or alt.startswith(":") or (small and len(alt) <= 8)


def is_card(anchor: etree._Element) -> bool:
    """A link round several blocks, or round a picture and words, alone: title and summary of another page."""
    picture = anchor.find(".//img") is not None and bool(text_of(anchor))
    captioned = any(isinstance(c.tag, str) and boxes.is_caption(names_of(c)) for c in anchor.iterdescendants())
    if picture and not captioned and tag_of(anchor.getparent()) != "figure" and is_alone(anchor):
        return True
    parts = [child for child in anchor.iterdescendants() if tag_of(child) in BLOCKS and not has_blocks(child)]
    return sum(bool(text_of(part)) for part in parts) >= 2


def is_linked_whole(figure: etree._Element) -> bool:
    """A figure whose every word stands in one link: no picture's caption but another page's title."""
    anchors = [child for child in figure.iter("a") if child.get("href")]
    text = text_of(figure)
    return len(anchors) == 1 and len(text) >= 8 and text == text_of(anchors[0]) and len(list(anchors[0])) > 0


COUNTER = expression(r"^[\s　]*(?:つ|人|年|月|日|回|番|本|個|枚|冊|軒|歳|分|時|円|%|％|[.,．：:]|[A-Za-z0-9０-９])")
NUMBERING = expression(r"(?:^| )(?:nums?|numbers?|no|count|counter|index|idx|order|step|chapter|sec)(?= |$)")


def set_number(heading: etree._Element) -> etree._Element | None:
    """The element that sets a section's number in front of its heading, as an ornament: `<span class="num">01</span>`.

    A number that the heading goes on from (`<b>3</b>つの理由`) or that stands apart in the text is part of it.
    """
    first = heading[0] if len(heading) and not (heading.text or "").strip() else None
    if first is None or tag_of(first) not in (*IN_TEXT, "div", "p"):
        return None
    number = text_of(first)
    if not re.fullmatch(r"[0-9０-９]{1,2}", number) or len(text_of(heading)) <= len(number):
        return None
    called = any(NUMBERING.search(boxes.words(name)) for name in (first.get("class") or "").split())
    return first if (called or number[0] in "0０") and not COUNTER.match(first.tail or "") else None


ASKED = expression(r"^(?:[QＱAＡ問答]|質問|回答|答え)[\s.．:：]*[\d０-９]{0,2}[\s.．:：]*$")


def is_asked_label(node: etree._Element) -> bool:
    """An element of its own for the letter before a question or an answer: `<span>Q</span>氷は足りますか。`."""
    parent = node.getparent()
    if parent is None or (parent.text or "").strip() or node.getprevious() is not None:
        return False
    return bool(ASKED.match(text_of(node))) and len(text_of(parent)) > len(text_of(node))


def is_asked_and_answered(found: list[list[etree._Element]]) -> bool:
    """A table of two columns whose first holds only Q and A."""
    return len(found) >= 2 and all(len(row) == 2 and ASKED.match(text_of(row[0])) for row in found)


SWITCHED = (("composition-api", "options-api"), ("composition", "options"))
"""Pairs of classes between which a reader of documentation switches; the first is shown until then."""


def alternatives(root: etree._Element) -> frozenset[etree._Element]:
    """Elements that a page shows only instead of others: those of the second class, where both are used."""
    by_class: dict[str, list[etree._Element]] = {}
    for node in root.iter("span", "div", "p", "li"):
        for name in (node.get("class") or "").split():
            by_class.setdefault(name, []).append(node)
    return frozenset(
        node for first, second in SWITCHED if first in by_class and second in by_class for node in by_class[second]
    )


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


ANNOUNCED = expression(r"(?:こう|こんな|次の|以下の|このよう)[^。：:]{0,24}[。：:]$")
"""日誌には、こう書かれていました。: a quotation follows."""


SET_IN, BUILT_IN, A_PART = 0.8, 0.5, 0.1
"""Shares of a page's prose: what its margins hold, one with the page's own parts in it, and each of several."""


def margins(body: etree._Element, prose: Mapping[etree._Element, int]) -> list[etree._Element]:
    """Outer block quotes that only set the page in, as old editors did: nearly all prose stands in them, or most of it
    in one beside tables, rules or headings.

    `prose`: characters of running text below each element. A short one among several is still a quotation.
    """
    outer = [
        node
        for node in body.iter("blockquote")
        if not any(tag_of(up) == "blockquote" for up in node.iterancestors()) and prose[node]
    ]
    if sum(prose[node] for node in outer) >= prose[body] * SET_IN:
        return [node for node in outer if prose[node] >= prose[body] * A_PART]
    return [node for node in outer if prose[node] > prose[body] * BUILT_IN and _is_built(node)]


def _is_built(quote: etree._Element) -> bool:
    """Whether a page's own parts stand in a block quote: tables, rules, headings, also bold lines that are marked as such."""
    heads = {
        text
        for node in quote.iter("b", "strong", "font")
        if headings.mark_level(text := text_of(node)) and headings.looks_like(text)
    }
    parts = (tag_of(child) in ("table", "hr", "h1", "h2", "form", "center") for child in quote.iterdescendants())
    return len(heads) > 1 or any(parts)


def is_framed_words(found: list[list[etree._Element]]) -> bool:
    """A table of one cell with a few words in it."""
    return len(found) == 1 and len(found[0]) == 1 and 0 < len(text_of(found[0][0])) <= FRAMED


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
    share = len(JAPANESE.findall(solid)) / max(1, len(solid))
    verse = share > 0.85 and not re.search(r"[{};=<>$|├└│]", solid)
    return share > 0.6 and (text.count("。") >= 1 or verse)


def headless(found: list[list[etree._Element]]) -> bool:
    """A table without column heads: each row is a name and what belongs to it."""
    heads = [[tag_of(cell) == "th" for cell in row] for row in found]
    if len(found) > 1 and all(row[0] and not any(row[1:]) for row in heads):
        return True
    return not any(any(row) for row in heads) and max(map(len, found)) == 2


def cite_of(quote: etree._Element) -> etree._Element | None:
    """The element at the end of a block quotation that names its source."""
    found = [child for child in quote.iterdescendants() if tag_of(child) in ("cite", "footer", "figcaption")]
    if found:
        outer = found[-1]
        return outer if not JAPANESE.search(outer.tail or "") else None
    last = quote[-1] if len(quote) else None
    if (
        last is not None
        and len(text_of(quote)) > len(text_of(last))
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


EXPLAINED = 240
"""Letters of a box that explains a word at most."""


def explains_word(node: etree._Element) -> bool:
    """Whether a box that calls itself a glossary explains a word or two beside a report; a list of many is a text."""
    parent = node.getparent()
    alike = [other for other in parent if names_of(other) == names_of(node)] if parent is not None else []
    return tag_of(node) in ("div", "section", "aside", "dl") and len(text_of(node)) <= EXPLAINED and len(alike) <= 2


def box_kind(names: str) -> str:
    """What a box calls itself: `message`, `alert`, `tip` …."""
    for name in names.split():
        if boxes.is_aside(name):
            return name
    return "box"
