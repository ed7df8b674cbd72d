"""Mail magazines and saved mails: header lines, the magazine's name, what the editors announce below the last article."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from yomicast.article import headings, ruled
from yomicast.article.ledger import Ledger, Piece
from yomicast.patterns import expression

MAIL_HEADER = expression(
    r"^(?P<name>件名|題名|差出人|送信者|送信元|宛先|日付|日時|送信日時|返信先|Subject|From|To|Cc|Date|Reply-To)\s*[:：]\s*(?P<value>\S.*)$",
    re.IGNORECASE,
)
TOP, SENTENCE = 10, 20
"""Blocks among which a mail says to whom it goes, and letters of a sentence of the text at least."""
SUBJECT = frozenset({"件名", "題名", "subject"})
LISTED = expression(r"^(?:(?:re|fwd?)[:：]\s*|\[[\w.\-]+(?:[\s:：]+\d+)?\]\s*)+", re.IGNORECASE)
"""What mailers and mailing lists set before a subject: Re:, [list 0412]."""
ISSUE = expression(
    r"第?[\s　]*[\d０-９一二三四五六七八九十百]+[\s　]*(?:号|便|報|信|通|夜|回)|(?:vol|no)\.?[\s　]*[\d０-９]+",
    re.IGNORECASE,
)
DATED = expression(
    r"[\s　（(]*(?:(?:19|20|２０)[\d０-９]{2}[\s　]*[年/.\-]|二〇[〇一二三四五六七八九]{2}年|(?:令和|平成|昭和)[\d０-９元一二三四五六七八九十]|発行|配信|通巻).*$"
)
OF_MAIL = expression(
    r"(?:この|本|当)(?:メール|メルマガ|メールマガジン|配信|便り|通信)|メルマガ|メールマガジン|ニュースレター|配信|送信|発行|購読|解除|退会|登録|等幅|フォント|返信|転送|心当たり|メールアドレス|アドレス(?:の|を)(?:変更|登録)"
    r"|HTML|表示が(?:崩|乱)れ|文字化け|レイアウト|不要な(?:方|場合|とき)|ご?不要の|お答え|行き違い|重複して|件名|会員の?(?:様|皆|方)|(?:頂|いただ)いた(?:方|皆)|申し?込(?:み|ま)[^。]{0,6}(?:方|皆)|バックナンバー",
    re.IGNORECASE,
)
"""Of what a mail speaks when it speaks of itself."""
HANDLED = expression(
    r"お送り|お届け|お読み|(?:専用|限定|宛て?|向け)の?(?:メール|配信|ご案内)?です|送って|届けて|配信|送信|発行して|ご覧|ご利用|設定|くださ?い|下さい|でき(?:ます|ません|かね)|いたしかね|お願い|ご了承|ご容赦|まで$|こちら|下記|[→⇒]|https?://|@|^(?:配信|購読|登録|解除|メール)[^。]{0,12}$"
)
"""What is to be done with it; a text that only says how old its magazine is tells its readers something."""
THANKS = expression(r"^(?:いつも|平素|毎度|日頃|毎々)[^。]{0,30}(?:ありがと|御礼|お礼|お世話|感謝)[^。]{0,14}[。！!]$")
MARKED = expression(r"^[※＊*●◎・★☆◇■（(【《≪＜<]")
SAID_OF_MAIL = expression(r"(?<=[。！!])|(?=[※＊★☆●◎■])|[\s　]+(?=https?://)")
LINKS = expression(r"https?://[\w\-./?%&=+#:~@!$,;]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
ANNOUNCES = expression(
    r"^(?:.{0,12}(?:編集(?:部|室|局|者|委員会?)|事務局|広報(?:室|課|部)?|運営|発行(?:者|元)|読者|本誌|当会|次号)(?:から|より)?(?:の|へ(?:の)?)?)?(?:お知らせ|ご案内|予告|ご連絡|お願い|インフォメーション|information)$",
    re.IGNORECASE,
)
SMALL_PRINT = expression(
    r"(?:次号|次回|次の号)[^。]{0,30}(?:配信|発行|お届け|予定|お休み)|(?:感想|意見|お便り|投稿|質問)[^。]{0,20}(?:アンケート|フォーム|お寄せ|お送り|こちら|まで|募集)|アンケート|受付中|申し?込み?(?:受付|は)|募集中|発売中|公開中|配信中|開催中|https?://|[\w.+-]+@[\w-]+\.",
    re.IGNORECASE,
)


def header(pieces: list[Piece], ledger: Ledger) -> tuple[str, list[Piece]]:
    """The subject of a saved mail, and its text without sender, receiver and date; nothing of the sort in most texts."""
    found = [MAIL_HEADER.match(piece.text) for piece in pieces[:6]]
    subject = next((match["value"] for match in found if match and match["name"].lower() in SUBJECT), "")
    if not subject or sum(match is not None for match in found) < 2:
        return "", pieces
    subject = LISTED.sub("", subject) or subject
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


def notices(lines: Sequence[str], gone: Collection[int]) -> set[int]:
    """Lines of what a mail says of itself above its text and right below its title: to whom it goes, how to be left out.

    `gone`: lines that are known to be none of the text. A block of lines goes as a whole, however it was wrapped, where
    each of its sentences speaks of the mail.
    """
    found: set[int] = set()
    for block in _blocks(lines[: TOP * 4], gone)[:TOP]:
        said = "".join(lines[n].strip(" \t　") for n in block)
        if _is_notice(said):
            found |= set(block)
        elif _is_prose(said):
            break
        else:
            found |= _opening_notice([(n, lines[n].strip(" \t　")) for n in block])
    return found


SIGNS_OFF = expression(r"^--[ 　]?$")
SIGNED = 12
"""Lines of a signature at most."""


def signature(lines: Sequence[str]) -> list[int]:
    """The lines below the two strokes by which mailers set a signature off, and what a list adds below it."""
    at = max((n for n, line in enumerate(lines) if SIGNS_OFF.match(line)), default=0)
    below = [n for n in range(at, len(lines)) if lines[n].strip()]
    signed = at > 0 and len(below) <= SIGNED and not any("。" in lines[n] for n in below)
    return below if signed else []


def _blocks(lines: Sequence[str], gone: Collection[int]) -> list[list[int]]:
    """Runs of lines that no blank one, no rule and nothing already gone parts."""
    blocks: list[list[int]] = [[]]
    for n, line in enumerate(lines):
        if not line.strip() or n in gone or ruled.is_rule(line):
            blocks.append([])
        else:
            blocks[-1].append(n)
    return [block for block in blocks if block]


def _is_notice(said: str) -> bool:
    """Whether each sentence speaks of the mail itself, and of what is to be done with it, bare addresses apart."""
    sentences = [part for part in SAID_OF_MAIL.split(said) if LINKS.sub("", part).strip(" \t　※（）()。→")]
    sentences = sentences[1:] if len(sentences) > 1 and THANKS.match(sentences[0]) else sentences
    marked = MARKED.match(said) is not None
    own = sum(bool(OF_MAIL.search(part) and (marked or HANDLED.search(part))) for part in sentences)
    return bool(sentences) and own == len(sentences) and (marked or "メール" in said or "メルマガ" in said)


def _opening_notice(block: Sequence[tuple[int, str]]) -> set[int]:
    """The first lines of a block that are notices behind a mark each, above a title or a greeting."""
    found: set[int] = set()
    for n, line in block:
        if not (MARKED.match(line) and _is_notice(line)):
            break
        found.add(n)
    return found


def _is_prose(said: str) -> bool:
    """Whether a block is the text: a sentence of some length."""
    return len(said) > SENTENCE and said.endswith(("。", "」", "！", "？"))


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
