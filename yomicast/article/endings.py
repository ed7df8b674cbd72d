"""What stands below the last sentence: who wrote it, to be continued, when it was revised, a call, a licence."""

from __future__ import annotations

import re

from yomicast.article.ledger import Ledger, Piece

PERSON = r"[一-鿿々]{1,4}[\s　]?[一-鿿々ぁ-んァ-ヶー]{1,5}"
AGENCY = r"(?:共同|時事|ロイター|AP|AFP|新華社|聯合)(?:通信)?"
SIGNED = re.compile(
    rf"^[（(【［\[](?:[^（()）。、]{{0,14}}[・＝=：:／/])?(?:{PERSON}|{AGENCY})(?:(?:編集)?記者|特派員|通信員)?[）)】］\]]$"
)
WROTE = r"(?:取材|文|写真|構成|聞き手|聞き書き|撮影|編集|執筆|記者|報告|談|まとめ|text|photo)"
SIGNATURE = re.compile(
    rf"[\s　]*(?:[（(［\[]{WROTE}(?:[・と、／/＆&]{WROTE})*[\s　]*[・＝=：:／/\s　][\s　]*[^（()）。]{{2,30}}[）)］\]]|【{PERSON}(?:、{PERSON})*】|＝(?:{AGENCY}))$",
    re.IGNORECASE,
)
SOURCE_NAME = re.compile(r"^[^。、\s]{2,12}(?:新聞社?|通信社?|放送局?|テレビ|ニュース|編集部)$")


DATELINE = re.compile(
    rf"^【[^【】。]{{1,16}}[＝=・](?:{PERSON}|{AGENCY})(?:記者|特派員)?】[\s　]*|^【[^【】。]{{1,12}}(?:記者|特派員|支局|共同|時事)】[\s　]*"
)
"""【シェルブルク＝三好俊】: from where and whom a report comes."""


def datelines(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """The first paragraphs of a report without where it comes from and who sent it."""
    out = list(pieces)
    for n, piece in enumerate(pieces[:6]):
        found = DATELINE.match(piece.text) if piece.kind == "paragraph" else None
        if found and found.end() < len(piece.text):
            ledger.drop(found[0], "byline", piece.line)
            out[n] = piece.cut(found.end(), ledger)
    return out


def signatures(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Who wrote it, at the end of the text: a line of its own or in brackets behind the last sentence."""
    kept = list(pieces)
    for n in range(len(pieces) - 1, max(0, len(pieces) - 5), -1):
        piece = kept[n]
        if piece.kind != "paragraph":
            continue
        last = all(later.kind in ("footnote", "break") for later in kept[n + 1 :])
        found = SIGNATURE.search(piece.text)
        if (
            SIGNED.match(piece.text)
            or (found and found.start() == 0)
            or (last and n > 2 and SOURCE_NAME.match(piece.text))
        ):
            ledger.leave(kept.pop(n), "byline")
        elif found:
            ledger.drop(found[0], "byline", piece.line)
            kept[n] = piece.to(
                text=piece.text[: found.start()], rubies=tuple(r for r in piece.rubies if r.end <= found.start())
            )
    return kept


LICENCE = re.compile(
    r"licen[sc]ed? under|released under|\bCC[ -](?:BY|0)\b.{0,40}(?:licen[sc]e|ライセンス)|(?:MIT|Apache|CC).{0,20}ライセンス.{0,30}(?:です|ます|公開|提供)",
    re.IGNORECASE,
)
PROMOTES = re.compile(
    r"^[^。]{0,60}(?:エンジニア|デザイナー|ライター|仲間|メンバー|社員|スタッフ|一緒に(?:働|つく|作))[^。]{0,30}募集(?:して(?:い|お)?り?ます|中(?:です)?)[。！!]?.{0,60}$|カジュアル面談.{0,20}(?:こちら|どうぞ|お気軽|募集|受付)|^[^。]{0,50}(?:フォロー|登録|購読|いいね|高評価|シェア|拡散|スキ|LGTM|サポート|投げ銭|チップ)[^。]{0,6}(?:して(?:ね|ください|くださいね|もらえ[^。]{0,8})|お願い(?:します|いたします|ね))[^。]{0,4}[。！!♪]?$|^[^。]{0,30}(?:いいね|LGTM|ストック|スキ|コメント|フォロー|高評価|ご意見|感想|応援)[^。]{0,24}(?:ける|える|れる|さる|たら|けたら)と?[、，]?(?:大変|とても|すごく|本当に|何より)?(?:嬉しい|うれしい|励み|喜び|幸い|助かり|(?:次|続き)[^。]{0,8}力に|力に|支えに|モチベーション|やる気)[^。]{0,12}[。！!]?$|^[^。]{0,30}[#＃][^\s。]{1,24}[^。]{0,14}(?:投稿|ポスト|つぶや|シェア|感想)[^。]{0,10}(?:ください|ね|お願いします)[。！!]?$|^[\s　]*[▼▽★☆◆◇●◎■□📢👇↓⬇➡▶►♪※＼\\].{0,80}(?:募集|フォロー|登録|応援|購入|予約|申し?込|チェック|こちら|シェア|スキ|サポート|ポチ|クリック|お知らせください|ご連絡|DM)"
)
THANKS = re.compile(
    r"^(?:いただ|頂戴し|頂)いた(?:サポート|チップ|投げ銭|お金)は|^[^。]{0,40}(?:読んで|お読み|ご覧|お付き合い|おつきあい|目を通して|読了|ご一読|ご高覧|見て|聴いて|ご視聴)[^。]{0,12}(?:ありがと|感謝|お礼|嬉し|うれし)[^。]{0,12}[。！!]?$"
)
"""読んでくださってありがとうございます: alone the author's own words, before a call a part of it."""
CALLED = re.compile(
    r"[「『](?=(?:スキ|いいね|フォロー|サポート|シェア|ストック|LGTM|チャンネル登録|高評価)[」』])|(?<=[ねキーア録価援トM])[」』]"
)
"""Brackets around the name of a button."""
REVISED = re.compile(
    r"^[（(]?(?:(?:この|本)(?:記事|稿|文章)は)?[^。]{0,40}転載(?:です|しました|しています|したものです)?[）)]?。?$|^[（(][^（()）。]{0,60}(?:アップ|更新|公開|掲載|改訂|改稿|加筆|修正|差し?[か替]え|作成|記|校了|初出|執筆)(?:しました)?[)）]$"
)
TO_BE_CONTINUED = re.compile(
    r"^[\s　]*[（(【＜<→]?(?:(?:第?[\d０-９一二三四五六七八九十]+回|[前中後]編|次回|次ページ|次のページ|続き|つづき)(?:[へにはを]|は次回)?(?:続く|つづく|つづきます|続きます|続きは.{0,12}|お楽しみに)?|(?:つづく|続く|to be continued))[）)】＞>。．…！]*$"
    r"|^[\s　]*[（(【＜<〈［\[]?(?:全|[前中後]編と)[\d０-９一二三四五六七八九十]+回(?:の|中|連載の?)?[\s　]*第?[\d０-９一二三四五六七八九十]+回目?[）)】＞>〉］\]]?$|^[\s　]*[（(【＜<〈［\[](?:次回|次号|次の(?:回|号)|来週|来月|来号|続き|つづき|後編|完結編)[はもを、：:　][^（()）【】]{1,60}[）)】＞>〉］\]]$",
    re.IGNORECASE,
)
"""（次回は…です）: in brackets only; the same without them may be the author's own last words."""
END_MARK = re.compile(
    r"^[\s　]*[（(【［〔〈＜]?(?:了|完|おわり|終わり|終|fin|end|以上)[）)】］〕〉＞]?[\s　]*$", re.IGNORECASE
)
SIGNS = re.compile(r"[\W_]")
SHORT_LINK = 40
"""Letters of a line below the text that is nothing but a link: to another page."""
ENDINGS = (
    ("end-mark", END_MARK),
    ("pager", TO_BE_CONTINUED),
    ("byline", REVISED),
    ("call", PROMOTES),
    ("licence", LICENCE),
)


def _calls(text: str) -> str:
    """The reason `call` for a paragraph of several sentences that only call to something, or thank and call."""
    said = re.findall(r"[^。！!]+[。！!]*", CALLED.sub("", text))
    calls = [PROMOTES.search(part) is not None for part in said]
    only = all(call or THANKS.match(part.strip()) for call, part in zip(calls, said, strict=True))
    return "call" if any(calls) and only else ""


FOOT, FOOT_LINE = 160, 60
"""Letters that stand below the last rule of a page at most, together and in one paragraph."""


def below_rule(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """What old pages set below their last rule: a few short lines, each with a link in it."""
    at = max((n for n, piece in enumerate(pieces) if piece.kind == "break"), default=0)
    below = pieces[at + 1 :]
    short = sum(len(piece.text) for piece in below) <= FOOT and all(len(piece.text) <= FOOT_LINE for piece in below)
    linked = all(piece.linked > 0 or END_MARK.match(piece.text) for piece in below)
    if at * 2 < len(pieces) or not below or not short or not linked:
        return pieces
    for piece in below:
        ledger.leave(piece, "pager" if piece.linked > LINKED else "call")
    return pieces[:at]


LINKED = 0.7
"""Share of a line's letters in links from which it only leads on."""


def endings(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """What a site sets below the last sentence: to be continued, when it was revised, a call, a licence."""
    kept = list(pieces)
    while True:
        at = next((n for n in range(len(kept) - 1, 1, -1) if kept[n].kind not in ("footnote", "break", "figure")), 0)
        last = kept[at] if at else None
        if last is None or last.kind not in ("paragraph", "aside", "list_item") or len(last.text) > 120:
            return kept
        why = next((reason for reason, pattern in ENDINGS if pattern.search(last.text)), "") or _calls(last.text)
        if (
            last.kind == "paragraph"
            and last.linked * len(last.text) > 0.9 * len(SIGNS.sub("", last.text))
            and len(last.text) <= SHORT_LINK
            and "。" not in last.text
        ):
            why = why or "pager"
        if not why:
            return kept
        ledger.leave(kept.pop(at), why)
