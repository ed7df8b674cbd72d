"""Boxes inside the text that sell, advertise or ask, told by what they hold: shops to choose from, prices, paid links,
a book's price beside its author, a button that serves the site.

The plug-ins that draw them go by hundreds of class names; what a box of goods says is the same everywhere.
"""

from __future__ import annotations

import re

from lxml import etree

from yomicast.article import shapes
from yomicast.article.tree import tag_of, text_of
from yomicast.patterns import expression

LONGEST, LINE, NAMED = 300, 60, 24
"""Letters of a box of goods, of one line in it that is no description, and of a link that only names a shop."""
HOLDERS = frozenset(["div", "section", "aside", "figure", "form", "center", "article", "dl", "ul", "p"])
"""Elements that may hold a box of goods or an advertisement."""
STOPS = frozenset(["body", "main", "html", "td", "th", "blockquote", "details", "figcaption"])
SHOP = (
    r"(?:amazon(?:\.co\.jp)?|アマゾン|amzn|kindle(?:版|ストア)?|prime video|audible|楽天(?:市場|ブックス|kobo|トラベル|ペイ)?|rakuten|kobo|"
    r"yahoo!?(?:[\s　]?(?:ショッピング|トラベル|japan))?|ヤフー(?:ショッピング)?|paypay(?:モール|フリマ)|メルカリ|ラクマ|ヨドバシ(?:\.com)?|ビックカメラ|"
    r"セブンネット(?:ショッピング)?|7net|honto|e-?hon|hmv|tsutaya|タワーレコード|紀伊[国國]屋(?:書店)?|ブックウォーカー|bookwalker|dmm(?:ブックス)?|booth|base|minne|creema|"
    r"google[\s　]?play|app[\s　]?store|じゃらん|一休(?:\.com)?|zozotown|公式(?:ストア|オンラインショップ|通販)|版元ドットコム|"
    r"[^\s　。、]{1,12}(?:市場|ショッピング|ストア|モール|マーケット|ブックス|オンライン(?:ショップ|ストア)?|書店|通販))"
)
OFFER_VERB = r"(?:で|から|に|を)?[\s　]*(?:詳細を|価格を|在庫を|最安値を|口コミを|商品を)?[\s　]*(?:見る|みる|探す|さがす|買う|購入(?:する)?|注文(?:する)?|チェック(?:する)?|検索(?:する)?|確認(?:する)?|調べる|予約(?:する)?|ダウンロード|ゲット|詳しく見る|詳細)"
BUTTON = expression(
    rf"^[\W_]*(?:{SHOP}[\s　]*(?:{OFFER_VERB})?|[^\s。、]{{1,14}}で[\s　]*(?:詳細を|価格を|在庫を)?(?:見る|探す|買う|購入(?:する)?|チェック(?:する)?|予約(?:する)?)|"
    r"(?:商品(?:の)?(?:詳細|ページ|情報)|詳細|詳しく|価格|在庫|口コミ|レビュー|最安値|販売(?:ページ|サイト))(?:を|は)?(?:こちら|見る|みる|チェック(?:する)?|確認(?:する)?)?|(?:今すぐ)?(?:購入|注文|予約|お?買い物|お買い?求め)(?:は|する|へ|手続き)?(?:こちら)?(?:から)?|カートに入れる|ショップ(?:へ|を見る)|buy(?: now)?|shop(?: now)?)[\W_]*$",
    re.IGNORECASE,
)
"""A button that leads to a shop: its name, or what one does there."""
VERBAL = expression(rf"{OFFER_VERB}[\W_]*$|こちら|カート|buy|shop", re.IGNORECASE)
PRICE = expression(
    r"^[\W_]*(?:(?:参考|税込|税別|販売|通常|定価|特別|最安|会員|中古|新品|円)?(?:価格|定価|値段|本体)?[\s　]*[:：]?[\s　]*)[¥￥$]?[\s　]*\d[\d,，.]*[\s　]*(?:円|ドル|ユーロ)?(?:から|～|〜)?[\s　]*(?:[（(＋+／/][^。]{0,40}|税[込抜別]|送料[^。]{0,12}|\+税)?[\W_]*$"
)
PRICED = expression(r"^[^。]{2,60}[\s　][¥￥]?\d[\d,，]*[\s　]?円(?:から|～|〜)?(?:[（(＋+／/][^。]{0,16})?$")
"""Goods and their price on one line."""
CURRENCY = expression(r"円|[¥￥$]|ドル|ユーロ|価格|定価")
DATA = expression(
    r"^[\W_]*(?:JAN|ISBN(?:-1[03])?|ASIN|型番|品番|メーカー(?:名)?|ブランド(?:名)?|発売(?:日|元)|販売元|出版社|著者|作者|メディア|価格|定価|参考価格|サイズ|内容量|対応OS|開発元|カテゴリー?)[\s　]*[:：]",
    re.IGNORECASE,
)
"""Lines of a catalogue."""
WROTE = expression(
    r"^[\W_]*(?:著者?|作者?|編者?|訳者?|著・訳|監修)[\s　]*[:：／/]|(?:[\s　]|[（(])?(?:著|編著?|訳|作)[）)]?[\W_]*$"
)
BOUGHT = expression(r"ISBN|(?:定価|本体|価格)[\s　:：]*[\d,，]+|[\d,，]+[\s　]*円[\s　]*(?:[（(＋+]|税)")
"""What tells that a book, named with its writer, is for sale."""
DOMAIN = expression(r"(?:amazon|rakuten|shopping\.yahoo|books\.\w+|store\.\w+)\.co\.jp|amzn\.", re.IGNORECASE)
SERVES = expression(
    r"^[\W_]*[^。]{0,16}(?:(?:無料)?(?:会員|読者|メルマガ|メール|友だち|友達|チャンネル)?(?:登録|購読|投票|追加|フォロー|応援|支援|サポート|投げ銭)(?:する|はこちら)?|登録(?:は|する)?こちら|チップ(?:で応援する|を送る)|クーポン(?:を使う|を?取得)|(?:無料)?(?:で)?(?:試す|試してみる|体験する)|資料(?:を)?請求(?:する)?|アンケートに(?:答える|回答する)|採用(?:情報|サイト|ページ)を?(?:見る|はこちら)?|募集要項(?:を見る)?|(?:カジュアル)?面談(?:を?申し込む|はこちら)?|"
    r"(?:app[\s　]?store|google[\s　]?play)(?:から|で)[^。]{0,14}|buy me a coffee|subscribe|sign up|follow(?: us)?)[\W_]*$",
    re.IGNORECASE,
)
"""A button that serves the site, not the matter."""
LEADS = expression(
    r"^[\W_]*(?:(?:もっと|さらに)?(?:詳しく|くわしく|詳細)(?:は|を)?(?:こちら(?:から|へ)?|見る|みる|チェック(?:する)?)?|(?:特設|公式|イベント|応募|チケット|参加)(?:サイト|ページ|フォーム)?(?:は|を|へ)?(?:こちら|見る)?|(?:お?申し?込み?|お?申し?込む|参加(?:する|申し?込み?)|応募(?:する)?|チケット(?:を)?(?:購入|予約|買う)(?:する)?)(?:は|する)?(?:こちら)?(?:から|へ)?|(?:read|learn) more|view more)[\W_]*$",
    re.IGNORECASE,
)
"""A button that leads to what a box announces."""
RUNS = expression(
    r"(?:参加(?:者|の)?)?(?:募集|受付|開催|発売|販売|配信|公開|上映|掲載|予約受付|展示|実施)中(?=[^ぁ-ん]|詳|申|く|$)|(?:受付|発売|募集|開催)(?:開始|決定|スタート)[！!♪]?$"
)
"""参加者募集中: what runs at the time, at a line's end."""
ASKING, ABOVE_IT = 140, 40
"""Letters of a box that only asks, and of what its frame adds to it."""
LABEL = expression(
    r"^[\W_]*(?:PR|ＰＲ|広告|AD|ADs?|advertisements?|sponsored(?: (?:by|links?).{0,30})?|スポンサー?ド?リンク|スポンサー(?:からの?お知らせ)?|タイアップ|プロモーション)[\W_]*$",
    re.IGNORECASE,
)
"""What stands above an advertisement, and nothing else."""


def boxes_of(root: etree._Element) -> dict[etree._Element, str]:
    """The boxes below `root` that sell (`product`) or say that they are paid for (`ad`)."""
    found: dict[etree._Element, str] = {}
    for field in root.iter("button", "input"):
        box = next((up for up in _holders(field, root) if tag_of(up) in ("div", "section", "aside", "form")), None)
        if box is not None and _polls(box):
            found[box] = "survey"
    for node in root.iter(
        "a", "button", "p", "li", "div", "span", "dt", "dd", "small", "b", "strong", "h4", "h5", "h6"
    ):
        if any(up in found for up in node.iterancestors()) or len(node) > 2:
            continue
        text = text_of(node) if not shapes.has_blocks(node) else ""
        if not text or len(text) > LINE:
            continue
        if LABEL.match(text):
            box = _advertised(node, root)
            if box is not None:
                found[box] = "ad"
        elif BUTTON.match(text) or (tag_of(node) == "a" and shapes.is_paid_link(node)):
            box = _sold(node, root)
            if box is not None:
                found[box] = "product"
        elif BOUGHT.search(text) and "。" not in text:
            box = next((up for up in _holders(node, root) if _is_book(up)), None)
            if box is not None:
                found[box] = "product"
        if tag_of(node) in ("a", "button") and (SERVES.match(text) or LEADS.match(text)):
            box = _asks(node, root)
            if box is not None and (SERVES.match(text) or _announces(box)):
                found.setdefault(box, "call" if SERVES.match(text) else "ad")
    return found


def _sold(node: etree._Element, root: etree._Element) -> etree._Element | None:
    """The widest box round a button that holds nothing but goods."""
    box = None
    for up in _holders(node, root):
        if not _sells(up):
            if box is not None:
                break
            continue
        box = up
    return box


def _holders(node: etree._Element, root: etree._Element) -> list[etree._Element]:
    found = []
    for up in node.iterancestors():
        if up is root or tag_of(up) in STOPS or not _is_short(up):
            break
        if any(tag_of(child) in ("h1", "h2", "table", "blockquote", "pre") for child in up.iter()):
            break
        if tag_of(up) in HOLDERS:
            found.append(up)
    return found


def _is_short(box: etree._Element) -> bool:
    size = 0
    for text in box.itertext():
        size += len(text.strip())
        if size > LONGEST:
            return False
    return True


def _sells(box: etree._Element) -> bool:
    """Whether a box offers goods in at least two ways (shops, a price, a paid link, a catalogue's lines) and tells nothing."""
    lines = _lines(box)
    if (
        shapes.APPOINTED.search(text_of(box))
        or sum("。" in text for text, _ in lines) > 1
        or any(text.count("。") > 2 for text, _ in lines)
    ):
        return False
    linked = any(node is not None and len(text) <= NAMED for text, node in lines if BUTTON.match(text))
    shops = sum(bool(BUTTON.match(text)) and (node is not None or bool(VERBAL.search(text))) for text, node in lines)
    prices = any((PRICE.match(text) and CURRENCY.search(text)) or PRICED.match(text) for text, _ in lines)
    data = any(DATA.match(text) for text, _ in lines)
    paid = bool(DOMAIN.search(text_of(box))) or any(node is not None and shapes.is_paid_link(node) for _, node in lines)
    if tag_of(box) == "p" and any(node is None for _, node in lines):
        return False
    signs = min(shops, 2) + prices + data + paid
    return signs >= 2 and (shops > 0 or paid) and (linked or tag_of(box) not in ("ul", "dl"))


def _lines(box: etree._Element) -> list[tuple[str, etree._Element | None]]:
    """The lines of a box, each with the link that it is."""
    found: list[tuple[str, etree._Element | None]] = []
    for node in box.iter():
        tag = tag_of(node)
        if tag in ("a", "button"):
            found.append((text_of(node), node))
        elif tag and not any(tag_of(up) in ("a", "button") for up in _up_to(node, box)):
            own = [node.text or "", *(child.tail or "" for child in node)]
            text = " ".join(" ".join(own).split())
            if text and (tag in shapes.BLOCKS or tag in shapes.IN_TEXT):
                found.append((text, None))
    return [(text, node) for text, node in found if text]


def _up_to(node: etree._Element, box: etree._Element) -> list[etree._Element]:
    found = []
    for up in node.iterancestors():
        found.append(up)
        if up is box:
            break
    return found


def _advertised(label: etree._Element, root: etree._Element) -> etree._Element | None:
    """The box whose first words are the label: a few short lines, at most one sentence, no heading of the text. Where the
    label stands alone it is the box right below, if something in it is to be clicked.
    """
    box = None
    for up in _holders(label, root):
        text = text_of(up)
        if not text.startswith(text_of(label)) or text.count("。") > 1:
            break
        box = up
    return box if box is not None else _below(label)


def _below(label: etree._Element) -> etree._Element | None:
    """The box below an advertisement's label that stands between paragraphs: short lines and a link or button."""
    box = label.getnext()
    if box is None or (label.tail or "").strip() or tag_of(box) not in ("div", "section", "aside", "ins", "figure"):
        return None
    inside = {tag_of(node) for node in box.iter()}
    fits = _is_short(box) and text_of(box).count("。") <= 1 and not inside & {"h1", "h2", "table", "blockquote", "pre"}
    return box if fits and inside & {"a", "button"} and text_of(box) else None


def _is_book(box: etree._Element) -> bool:
    """Whether a box is a book's entry in a catalogue: its writer and its price, no sentence."""
    lines = [text for text, _ in _lines(box)]
    plain = len(lines) > 2 and "。" not in text_of(box) and not shapes.APPOINTED.search(text_of(box))
    return plain and any(WROTE.search(text) for text in lines) and any(BOUGHT.search(text) for text in lines)


def _asks(button: etree._Element, root: etree._Element) -> etree._Element | None:
    """The box round a button that serves the site: a few words and at most one sentence, no day, no office in it."""
    box = None
    for up in _holders(button, root):
        text = text_of(up)
        said = len(text) - (len(text_of(box)) if box is not None else 0)
        fits = text.count("。") <= 1 and len(text) <= ASKING and not shapes.APPOINTED.search(RUNS.sub("", text))
        if (
            not fits
            or shapes.PHONE.search(text)
            or (box is not None and (said > ABOVE_IT or up.find(".//h3") is not None))
        ):
            break
        if tag_of(up) in ("div", "section", "aside"):
            box = up
    return box


def _announces(box: etree._Element) -> bool:
    """Whether a box holds nothing but what runs at the time and the button that leads there."""
    lines = [text for text, _ in _lines(box)]
    return len(lines) > 1 and any(RUNS.search(text) for text in lines) and "。" not in text_of(box)


def _polls(box: etree._Element) -> bool:
    """Whether a box asks a question and gives the answers as buttons."""
    choices = [
        node for node in box.iter("button", "input") if node.get("type") in (None, "button", "radio", "checkbox")
    ]
    asks = any(text.endswith(("？", "?")) for text, _ in _lines(box))
    return len(choices) > 1 and asks and len(text_of(box)) <= ASKING and text_of(box).count("。") <= 1
