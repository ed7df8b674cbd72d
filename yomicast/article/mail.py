"""Mail magazines and saved mails: header lines, the magazine's name, what the editors announce below the last article."""

from __future__ import annotations

import re

from yomicast.article import headings
from yomicast.article.ledger import Ledger, Piece

MAIL_HEADER = re.compile(
    r"^(?P<name>件名|題名|差出人|送信者|送信元|宛先|日付|日時|送信日時|返信先|Subject|From|To|Cc|Date|Reply-To)\s*[:：]\s*(?P<value>\S.*)$",
    re.IGNORECASE,
)
TOP = 10
"""Pieces among which a mail says to whom it goes."""
SUBJECT = frozenset({"件名", "題名", "subject"})
ISSUE = re.compile(
    r"第?[\s　]*[\d０-９一二三四五六七八九十百]+[\s　]*(?:号|便|報|信|通|夜|回)|(?:vol|no)\.?[\s　]*[\d０-９]+",
    re.IGNORECASE,
)
DATED = re.compile(
    r"[\s　（(]*(?:(?:19|20|２０)[\d０-９]{2}[\s　]*[年/.\-]|二〇[〇一二三四五六七八九]{2}年|(?:令和|平成|昭和)[\d０-９元一二三四五六七八九十]|発行|配信|通巻).*$"
)
NOTICE = re.compile(
    r"^[※＊*●◎・（(].{0,40}(?:配信|購読|解除|登録|退会|このメール|本メール|メールマガジン|メルマガ|返信|転送|等幅|会員の?(?:様|皆)|メールアドレス|HTML)",
    re.IGNORECASE,
)
ANNOUNCES = re.compile(
    r"^(?:.{0,12}(?:編集(?:部|室|局|者|委員会?)|事務局|広報(?:室|課|部)?|運営|発行(?:者|元)|読者|本誌|当会|次号)(?:から|より)?(?:の|へ(?:の)?)?)?(?:お知らせ|ご案内|予告|ご連絡|お願い|インフォメーション|information)$",
    re.IGNORECASE,
)
SMALL_PRINT = re.compile(
    r"(?:次号|次回|次の号)[^。]{0,30}(?:配信|発行|お届け|予定|お休み)|(?:感想|意見|お便り|投稿|質問)[^。]{0,20}(?:アンケート|フォーム|お寄せ|お送り|こちら|まで|募集)|アンケート|受付中|申し?込み?(?:受付|は)|募集中|発売中|公開中|配信中|開催中|https?://|[\w.+-]+@[\w-]+\.",
    re.IGNORECASE,
)


def header(pieces: list[Piece], ledger: Ledger) -> tuple[str, list[Piece]]:
    """The subject of a saved mail, and its text without sender, receiver and date; nothing of the sort in most texts."""
    found = [MAIL_HEADER.match(piece.text) for piece in pieces[:6]]
    subject = next((match["value"] for match in found if match and match["name"].lower() in SUBJECT), "")
    if not subject or sum(match is not None for match in found) < 2:
        return "", pieces
    for piece, match in zip(pieces, found, strict=False):
        if match:
            ledger.leave(piece, "mail-header")
    return subject, [piece for n, piece in enumerate(pieces) if n >= len(found) or not found[n]]


def name(ledger: Ledger) -> str:
    """What a mail magazine calls itself in its first box, with its number but without date and publisher."""
    box = [item.text for item in ledger.dropped if item.reason == "masthead"]
    at = next((n for n, text in enumerate(box) if ISSUE.search(text)), 0)
    own = _undated(box[at]) if box else ""
    if at and not ISSUE.sub("", own).strip(" 　・"):  # a line that holds no more than the number
        own = f"{_undated(box[at - 1])} {own}"
    return " ".join(own.split())


def _undated(text: str) -> str:
    return DATED.sub("", text).strip(" 　┃│║■□◆◇")


def notices(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without what a mail says of itself above its text: to whom it goes and how to be left out."""
    kept: list[Piece] = []
    for n, piece in enumerate(pieces):
        if n < TOP and piece.kind in ("paragraph", "list_item") and NOTICE.search(piece.text) and not _begun(kept):
            ledger.leave(piece, "mail-notice")
        else:
            kept.append(piece)
    return kept


def _begun(kept: list[Piece]) -> bool:
    """Whether the text has begun."""
    return any(piece.kind == "paragraph" and piece.text.endswith("。") for piece in kept)


def announcements(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without the last section when it only says when the next number comes, where to write, what can be applied for."""
    at = max((n for n, piece in enumerate(pieces) if piece.kind == "heading"), default=0)
    inside = pieces[at + 1 :]
    small = sum(bool(SMALL_PRINT.search(piece.text)) for piece in inside)
    listed = any(
        item.reason == "toc" and headings.key(pieces[at].text) in headings.key(item.text) for item in ledger.dropped
    )
    if not at or listed or not ANNOUNCES.match(headings.unmarked(pieces[at].text)) or small * 2 < max(1, len(inside)):
        return pieces
    for piece in pieces[at:]:
        ledger.leave(piece, "announcements")
    return pieces[:at]
