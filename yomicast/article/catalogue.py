"""Things for sale in a text: a book's or a product's data, line by line, with where it is to be had."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yomicast.article.ledger import Ledger, Piece
from yomicast.patterns import expression

DATA: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "code",
        expression(r"ISBN|\bJAN|(?:雑誌|商品|品目?)コード|(?:品|型|商品)番(?:号)?[\s　:：]|Cコード", re.IGNORECASE),
    ),
    (
        "price",
        expression(
            r"(?:定価|(?:販売|本体|税込|参考)?価格|本体|頒価|頒布価|お値段|特価)[\s　:：]*[(（]?[^。]{0,8}[\d０-９,，]+[\s　]*円|[\d０-９,，]+[\s　]*円[\s　]*[(（＋+][^。]{0,10}(?:税|本体)"
        ),
    ),
    (
        "make",
        expression(
            r"(?:四六|[AＡBＢ][4-6４-６]|新書|文庫|菊|変型)(?:変型)?判|並製|上製|(?:^|[\s　、・／/])(?:全|総)?[\d０-９]{2,4}[\s　]*(?:頁|ページ|p\.?$)|(?:内容量|重量|サイズ|寸法|素材|材質|原材料|賞味期限|カラー|色展開|容量|仕様)[\s　:：]"
        ),
    ),
    (
        "maker",
        expression(
            r"(?:発売(?:日|元|中|予定)?|発行(?:元|所|日)?|出版社|版元|販売元|製造元|取扱店|送料|著者?|訳者?|編者?|装[丁幀])[\s　]*[:：]|[^。]{0,24}(?:[好絶]評)?発売中[！!]?$|送料(?:無料|込)"
        ),
    ),
    (
        "order",
        expression(
            r"(?:ご?注文|ご?購入|お求め|お?買い?求め|ご?予約|試し読み|詳細)(?:は|先|方法)?[^。]{0,16}(?:こちら|から|まで|にて|で|[:：])|(?:全国の)?(?:書店|ネット書店)|Amazon|アマゾン|楽天|オンライン(?:ストア|ショップ)|^https?://",
            re.IGNORECASE,
        ),
    ),
)
EVENT = expression(
    r"(?:日[\s　]*時|会[\s　]*場|場[\s　]*所|開催|開[演場会]|定員|講師|対象|持ち物|参加費|受講料|入場料|入館料|休館)[\s　]*[:：】］　]?"
)
"""What a notice says of a day on which something is held: its price is part of it."""
LONGEST, LEAST = 80, 2
"""Letters of a line of such data, and how many lines make it."""


def products(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without data of books and products below the first sentences."""
    gone: set[int] = set()
    begun = next((n for n, piece in enumerate(pieces) if _ends(piece)), len(pieces))
    n = begun + 1
    while n < len(pieces):
        end = n
        while end < len(pieces) and _is_line(pieces[end]):
            end += 1
        if end - n >= LEAST:
            gone |= _sold(pieces, n, end)
        n = max(end, n) + 1
    for k in sorted(gone):
        ledger.leave(pieces[k], "product")
    return [piece for k, piece in enumerate(pieces) if k not in gone]


def _sold(pieces: Sequence[Piece], start: int, end: int) -> set[int]:
    """The lines of data between `start` and `end`, with the name above them in the same block; none where it is no offer."""
    kinds = {n: {kind for kind, rule in DATA if rule.search(pieces[n].text)} for n in range(start, end)}
    data = [n for n, found in kinds.items() if found]
    if len(data) < LEAST:
        return set()
    first, last = data[0], data[-1]
    found = set().union(*kinds.values())
    offered = "code" in found or ("price" in found and len(found) > 1)
    held = any(EVENT.search(pieces[n].text) for n in range(first, last + 1))
    if held or not offered or len(data) * 2 < last + 1 - first:
        return set()
    while first > start and "opens" not in pieces[first].hints and pieces[first].kind == pieces[first - 1].kind:
        first -= 1
    return set(range(first, last + 1))


def _is_line(piece: Piece) -> bool:
    return piece.kind in ("paragraph", "list_item") and len(piece.text) <= LONGEST and not piece.text.endswith("。")


def _ends(piece: Piece) -> bool:
    return piece.text.endswith(("。", "」"))
