"""What stands below the last sentence: who wrote it, to be continued, when it was revised, a call, a licence."""

from __future__ import annotations

import re

from yomicast.article import calls
from yomicast.article.furniture import line_reason
from yomicast.article.ledger import Ledger, Piece
from yomicast.patterns import expression

PERSON = r"[一-鿿々]{1,4}[\s　]?[一-鿿々ぁ-んァ-ヶー]{1,5}"
AGENCY = r"(?:共同|時事|ロイター|AP|AFP|新華社|聯合)(?:通信)?"
SIGNED = expression(
    rf"^[（(【［\[](?:[^（()）。、]{{0,14}}[・＝=：:／/])?(?:{PERSON}|{AGENCY})(?:(?:編集)?記者|特派員|通信員)?[）)】］\]]$"
)
WROTE = r"(?:取材|文|写真|構成|聞き手|聞き書き|撮影|編集|執筆|記者|報告|談|まとめ|text|photo)"
SIGNATURE = expression(
    rf"[\s　]*(?:[（(［\[]{WROTE}(?:[・と、／/＆&]{WROTE})*[\s　]*[・＝=：:／/\s　][\s　]*[^（()）。]{{2,30}}[）)］\]]|【{PERSON}(?:、{PERSON})*】|＝(?:{AGENCY}))$",
    re.IGNORECASE,
)
NAMED = expression(r"[。」](?P<sign>[（(](?P<name>[一-鿿々ぁ-んァ-ヶー]{2,6})[）)])$")
"""A name behind the last sentence; a writer's where the page has it elsewhere, beside the date or a picture."""
SOURCE_NAME = expression(r"^[^。、\s]{2,12}(?:新聞社?|通信社?|放送局?|テレビ|ニュース|編集部)$")


DATELINE = expression(
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
        elif last and (named := NAMED.search(piece.text)) and is_known(named["name"], kept[:n], ledger):
            ledger.drop(named["sign"], "byline", piece.line)
            kept[n] = piece.to(text=piece.text[: named.start("sign")])
        elif found:
            ledger.drop(found[0], "byline", piece.line)
            kept[n] = piece.to(
                text=piece.text[: found.start()], rubies=tuple(r for r in piece.rubies if r.end <= found.start())
            )
    return kept


def is_known(name: str, above: list[Piece], ledger: Ledger) -> bool:
    """Whether a name stands elsewhere on the page."""
    return any(name in piece.text for piece in above) or any(name in item.text for item in ledger.dropped)


BOXES = frozenset({"kakomi", "admonition", "message", "msg"})
"""`info` of a paragraph that its author framed as a thing apart from the text's run."""
CC = r"CC[\s-]?(?:BY|0)(?:-(?:NC|SA|ND))*(?:[\s　]?\d\.\d)?"
LICENCE = expression(
    rf"licen[sc]ed? under|released under|^[^。]{{0,20}}{CC}[^。]{{0,20}}(?:で|の下|のもと|に従|です)[^。]{{0,24}}(?:。|$)|^(?:本文|文章|テキスト|記事)[^。]{{0,16}}{CC}"
    r"|\bCC[ -](?:BY|0)\b.{0,40}(?:licen[sc]e|ライセンス)|(?:この|本|当)(?:記事|文章|サイト|ブログ|作品|ページ|投稿|文書|コンテンツ|ノート|写真|連載|コード)[^。]{0,20}(?:CC[ -]?(?:BY|0|ゼロ)|クリエイティブ[・\s]?コモンズ|Creative Commons|GFDL|パブリック[・\s]?ドメイン|(?:MIT|BSD|GPL|Apache))[^。]{0,50}(?:公開|提供|配布|頒布|利用|許諾|です|ます)|(?:MIT|Apache|CC).{0,20}ライセンス.{0,30}(?:です|ます|公開|提供)",
    re.IGNORECASE,
)
REVISED = expression(
    r"^(?:本|この)(?:記事|稿|文章|作品|エッセイ|投稿|原稿)は[^。]{0,40}(?:掲載|寄稿|書いた|発表|公開|投稿|執筆|配信|配布|発行|話した|登壇|講演|連載)[^。]{0,20}(?:もの|記事|原稿|文章|内容)[^。]{0,16}(?:改め|改題|加筆|改稿|修正|再構成|再編集|まとめ|書き直|書き改|更新)[^。]{0,16}。?$|^(?:本|この)(?:作品|書|電子書籍|作|小説|連載)は[^。]{0,60}(?:掲載|収録|刊行|発表|連載|公開)[^。]{0,40}(?:もの|加筆|改題|改稿|電子(?:書籍)?化|まとめ)[^。]{0,20}。?$|^[（(]?(?:(?:この|本)(?:記事|稿|文章)は)?[^。]{0,40}転載(?:です|しました|しています|したものです)?[）)]?。?$|^[\W_]*(?:本|この)(?:記事|稿|文章|作品)は[^。]{0,60}(?:再掲|転載|再録|再編集|再構成)[^。]{0,16}。?$|^[\W_]*(?:本|この)(?:記事|稿|文章|作品|原稿|投稿)は[^。]{2,60}(?:に|で|より)(?:掲載|公開|投稿|寄稿|発表|転載)(?:した|された)(?:もの|記事|文章|原稿)(?:です|になります)。?$|^[\W_]*(?:(?:この|本)?(?:記事|文章|ページ|インタビュー|文中|文|プロフィール)?(?:中)?の?(?:記載)?(?:内容|情報|肩書き?|所属|役職|年齢|学年|価格|料金|データ|数字|数値|写真)?(?:・(?:内容|情報|肩書き?|所属|役職|年齢|学年|価格|料金))*(?:などの?情報)?(?:は|、))(?:[^。]{0,24}(?:取材|公開|執筆|掲載|発表|放送|収録|撮影|インタビュー|対談)(?:した)?(?:当時|時点|時|日現在)?の?(?:もの|情報|内容|肩書き?)(?:です|になります|となります)。?[^。]{0,30}。?)$|^[\W_]*初出[\s　]*[:：].{2,80}$|^[（(][^（()）。]{0,60}(?:アップ|更新|公開|掲載|改訂|改稿|加筆|修正|差し?[か替]え|作成|記|校了|初出|執筆)(?:しました)?[)）]$"
)
TO_BE_CONTINUED = expression(
    r"^[\s　]*[（(【＜<→]?(?:(?:第?[\d０-９一二三四五六七八九十]+回|[前中後]編|次回|次ページ|次のページ|続き|つづき)(?:[へにはを]|は次回)?(?:続く|つづく|つづきます|続きます|続きは.{0,12}|お楽しみに)?|(?:つづく|続く|to be continued))[）)】＞>。．…！]*$"
    r"|^[\s　]*[（(【＜<〈［\[]?(?:全|[前中後]編と)[\d０-９一二三四五六七八九十]+回(?:の|中|連載の?)?[\s　]*第?[\d０-９一二三四五六七八九十]+回目?[）)】＞>〉］\]]?$|^[\s　]*[（(【＜<〈［\[](?:次回|次号|次の(?:回|号)|来週|来月|来号|続き|つづき|後編|完結編)[はもを、：:　][^（()）【】]{1,60}[）)】＞>〉］\]]$",
    re.IGNORECASE,
)
"""（次回は…です）: in brackets only; the same without them may be the author's own last words."""
END_MARK = expression(
    r"^[\s　]*[（(【［〔〈＜]?(?:了|完|お[\s　]*わ[\s　]*り|終[\s　]*わ[\s　]*り|終|fin|end|以[\s　]*上)[）)】］〕〉＞]?[\s　]*$",
    re.IGNORECASE,
)
BEGINS = expression(r"^[\s　]*記[\s　]*$")
SIGNS = expression(r"[\W_]")
SHORT_LINK = 40
"""Letters of a line below the text that is nothing but a link: to another page."""
ENDINGS = (
    ("end-mark", END_MARK),
    ("pager", TO_BE_CONTINUED),
    ("byline", REVISED),
    ("licence", LICENCE),
)


PAGES = frozenset({"html", "feed"})
"""Forms in which the owner of a site sets lines below a rule; in a mail the rule parts its sections."""
FOOT, FOOT_LINE = 160, 60
"""Letters that stand below the last rule of a page at most, together and in one paragraph."""


def below_rule(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """What a page sets below its last rule: a few short lines with links, the owner's notices, a banner, a licence.

    A heading there goes with what stands below it; notes belong to the text, wherever they stand.
    """
    told = [n for n, piece in enumerate(pieces) if piece.kind != "footnote"]
    while told and pieces[told[-1]].kind == "break":
        told.pop()
    at = max((n for n in told if pieces[n].kind == "break"), default=0)
    below = [pieces[n] for n in told if n > at]
    paged = ledger.form in PAGES
    reasons = ["image-alt" if piece.kind == "figure" else _foot_reason(piece, paged=paged) for piece in below]
    sizes = [len(piece.text) for piece, why in zip(below, reasons, strict=True) if why in ("pager", "call", "licence")]
    short = sum(sizes) <= FOOT and max(sizes, default=FOOT) <= FOOT_LINE
    if at * 2 < len(pieces) or not short or not all(reasons):
        return pieces
    for piece, why in zip(below, reasons, strict=True):
        ledger.leave(piece, why)
    return [*pieces[:at], *(piece for piece in pieces[at:] if piece.kind == "footnote")]


def _foot_reason(piece: Piece, *, paged: bool) -> str:
    """Why a line below the last rule is none of the text, empty if it may be. `paged`: a site drew the rule."""
    if piece.kind == "heading":
        return "empty-section"
    if piece.linked > 0 or END_MARK.match(piece.text):
        return "pager" if piece.linked > LINKED else "call"
    if paged and calls.announces(piece.text):
        return "call"
    return _closing_reason(piece) or line_reason(piece, first=False, last=True)


def _closing_reason(piece: Piece) -> str:
    """Why a line is none of the text where nothing but the like stands below it, empty if it is the text's own."""
    boxed = piece.info in BOXES
    if why := _worded(piece.text, boxed=boxed):
        return why
    parts = calls.sentences_of(piece.text)
    reasons = [
        "call"
        if calls.thanks(part)
        else _worded(part, boxed=boxed) or line_reason(piece.to(text=part, rubies=()), first=False, last=True)
        for part in parts
    ]
    told = [why for part, why in zip(parts, reasons, strict=True) if not calls.thanks(part)]
    return told[0] if told and all(reasons) else ""


def _worded(text: str, *, boxed: bool) -> str:
    found = next((reason for reason, pattern in ENDINGS if pattern.search(text)), "")
    return found or calls.reason(text, boxed=boxed)


LINKED = 0.7
"""Share of a line's letters in links from which it only leads on."""


def closed(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without the lines that only say 記 and 以上; below that stand enclosures, whom to ask, who sent it."""
    for piece in pieces:
        if BEGINS.match(piece.text):
            ledger.leave(piece, "end-mark")
    pieces = [piece for piece in pieces if not BEGINS.match(piece.text)]
    ends = [n for n, piece in enumerate(pieces) if piece.kind == "paragraph" and END_MARK.match(piece.text)]
    at = ends[-1] if ends else 0
    if not at or at * 2 < len(pieces):
        return pieces
    ledger.leave(pieces[at], "end-mark")
    return [*pieces[:at], *pieces[at + 1 :]]


def endings(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """What a site sets below the last sentence: to be continued, when it was revised, a call, a licence."""
    kept = _without_links(list(pieces), ledger)
    while True:
        at = next((n for n in range(len(kept) - 1, 1, -1) if kept[n].kind not in ("footnote", "break", "figure")), 0)
        last = kept[at] if at else None
        if last is not None and last.kind == "heading" and _is_bare(kept, at):
            ledger.leave(kept.pop(at), "empty-section")
            continue
        if last is None or last.kind not in ("paragraph", "aside", "list_item") or len(last.text) > 120:
            return kept
        why = _closing_reason(last)
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
        if last.info in BOXES and _titles_box(kept[at - 1], last):
            ledger.leave(kept.pop(at - 1), why)


def _titles_box(piece: Piece, last: Piece) -> bool:
    """Whether a piece is the title of the box whose text has gone."""
    return (
        piece.kind == last.kind and piece.info == last.info and len(piece.text) <= LINK_LABEL and "。" not in piece.text
    )


def _is_bare(pieces: list[Piece], at: int) -> bool:
    """Whether nothing is left below a real heading but notes: the line above it may then be the last."""
    return "guessed" not in pieces[at].hints and all(later.kind in ("footnote", "break") for later in pieces[at + 1 :])


NAME_LINE = expression(r"^[一-鿿々ぁ-んァ-ヶー・\s　]{2,16}(?:[（(][^（()）。]{2,24}[)）])?$")
PRESENTED = expression(
    r"(?:\d{4}年|昭和|平成)[^。]{0,16}(?:生まれ|卒)|在住。|出身。|著書に|主宰。|(?:ライター|記者|作家|編集者|研究者|翻訳家|写真家|カメラマン|デザイナー|エンジニア|講師|代表)。"
)
"""How somebody is presented: in words without a verb."""
PRESENTATION = 200
ABOUT_ITSELF = expression(
    r"^[\W_]*(?:(?:この|本|当)(?:文章|記事|投稿|稿|エッセイ|コラム|連載|シリーズ|ブログ|サイト|ページ|日記|ノート|ニュースレター|メルマガ|通信|原稿|テキスト|作品|号|冊子)(?:について|のこと|の(?:ライセンス|著作権|権利|利用条件|取り?扱い|再利用|初出))|(?:ライセンス|著作権|権利表記|利用条件|引用|転載|再利用|二次利用|引用[・、と]転載|初出)(?:について|等)?|初出一覧|クレジット|about this (?:post|article|site|blog|page)|(?:credits?|colophon|licen[sc]e))[\W_]*$",
    re.IGNORECASE,
)
"""A last section that tells of the page, not of its matter, where what it says is of that kind."""
OF_PAGES = expression(
    rf"{CC}|ライセンス|licen[sc]e|著作権|転載|引用(?:する|の際|は)|無断|初出|掲載|寄稿|加筆|改稿|公開(?:し|さ|日|中)|更新|誤字|誤り|お知らせください|ご?連絡|フォーム|issue|リポジトリ|github|毎[週月日]|配信|運営|広告|アフィリエイト|写真はすべて|イラストは|生成AI|MIT",
    re.IGNORECASE,
)


def about_itself(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without a short last section about the page itself: its licence, where it first appeared, whom to tell of errors."""
    heads = [n for n, piece in enumerate(pieces) if piece.kind == "heading"]
    at = heads[-1] if heads else 0
    below = [piece for piece in pieces[at + 1 :] if piece.kind not in ("footnote", "break")]
    told = below and all(piece.kind in ("paragraph", "aside", "list_item", "figure") for piece in below)
    said = sum(len(piece.text) for piece in below)
    if not told or at < FEWEST or said > PRESENTATION or not ABOUT_ITSELF.match(pieces[at].text):
        return pieces
    if any(not OF_PAGES.search(piece.text) and piece.kind != "figure" for piece in below):
        return pieces
    for piece in (pieces[at], *below):
        ledger.leave(piece, "footer")
    return [piece for n, piece in enumerate(pieces) if n < at or piece.kind in ("footnote", "break")]


FEWEST = 4
"""Pieces above a last section about the page itself at least."""


def presented(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without who wrote it, below the last sentence: a name alone on its line and a few words without verbs."""
    last = [n for n, piece in enumerate(pieces) if piece.kind not in ("footnote", "break", "figure")][-3:]
    for n in last[:-1]:
        below = [piece for piece in pieces[n + 1 :] if piece.kind not in ("footnote", "break", "figure")]
        said = "".join(piece.text for piece in below)
        plain = all(piece.kind in ("paragraph", "aside") for piece in (pieces[n], *below))
        if (
            plain
            and n > 2
            and NAME_LINE.match(pieces[n].text)
            and len(said) <= PRESENTATION
            and PRESENTED.search(below[0].text)
            and all(PRESENTED.search(piece.text) or piece.linked > 0.5 for piece in below)
        ):
            for piece in (pieces[n], *below):
                ledger.leave(piece, "author-box")
            return [piece for m, piece in enumerate(pieces) if m < n or piece.kind in ("footnote", "break", "figure")]
    return pieces


LINK_LINE, LINK_LABEL = 60, 14
"""Letters of a line below the text that leads to another page, one of several, and of the word above them."""


def _without_links(kept: list[Piece], ledger: Ledger) -> list[Piece]:
    """Without several last lines that are nothing but links, and the word above them."""
    at = len(kept)
    while at > 1 and _leads_on(kept[at - 1]):
        at -= 1
    if len(kept) - at < 2:
        return kept
    above = kept[at - 1]
    if above.kind == "heading":
        return kept
    if above.kind in ("paragraph", "aside") and len(above.text) <= LINK_LABEL and "。" not in above.text:
        at -= 1
    for piece in kept[at:]:
        ledger.leave(piece, "pager")
    return kept[:at]


def _leads_on(piece: Piece) -> bool:
    return (
        piece.kind in ("paragraph", "aside")
        and len(piece.text) <= LINK_LINE
        and piece.linked * len(piece.text) > 0.9 * len(SIGNS.sub("", piece.text))
    )
