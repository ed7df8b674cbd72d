"""What a site adds around an article: sections under a heading of its own, single lines, links, files. It goes, with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from yomicast.article import headings, junk, menus
from yomicast.article.ledger import URL, Ledger, Piece
from yomicast.article.wordings import ADVERT, IN_CALENDAR, IN_SERIES, LINES, PART, SECTIONS
from yomicast.patterns import expression

PULLED, NEAR, ENTRY = 10, 12, 20
"""Letters of a sentence that is set again, and how many pieces away the text has it; and of a sentence that no table of contents has."""
LINES_KEPT = 1 << 14
"""Lines whose wording is remembered: several steps ask of each line of a text, and there are many patterns."""
MASTHEAD_LINES = 16
"""Lines that may stand above the first sentence."""
DATED = 80
"""Letters of a line of several bylines at most."""
BESIDE_IT = expression(r"[\s　]*[|｜/／・][\s　]*|[\s　]+|(?<=[\d日])(?=[^\W\d])")
OUTLINE = expression(r"^[＜<【■◆●\s　]*[^。、]{2,24}(?:について|概要|とは)[＞>】\s　]*$")
"""Who publishes a press release presents itself below whom the press may ask."""
BARE_CONTACT = expression(
    r"^[\W_]*(?:(?:この|本)(?:ページ|記事|件|事業|制度)(?:に(?:関する|ついての)|の)|(?:担当|ご?連絡先)[・と、])?お?問い?合わ?せ(?:先|窓口)?(?:[・と、](?:担当|ご?連絡先?))?[\W_]*$"
)
READ_TOO = (
    r"(?:(?:あわせて|合わせて|併せて|次に|続けて)(?:お?読み(?:たい|ください)|チェック|どうぞ)(?:記事)?|関連(?:記事|リンク|ニュース|動画|特集|コラム|ページ|トピックス?)|こちら(?:の記事)?も(?:おすすめ|オススメ|あわせてどうぞ|どうぞ|チェック|人気)[！!]?"
    r"|この(?:記事|ページ|話)も(?:おすすめ|オススメ|どうぞ|チェック|読まれています|人気)[！!]?|(?:おすすめ|オススメ|注目|人気|参考|前回|次回)の?記事)"
)
BESIDE = expression(
    r"^【(?:関連(?:記事|リンク|イベント|書籍|動画|商品|情報|サイト|ページ|作品)?|あわせて読みたい|合わせて読みたい|併せて読みたい|写真(?:特集|一覧)?|画像(?:一覧)?|動画|図解|グラフ|フォト(?:ギャラリー)?|おすすめ(?:記事)?|こちらも|次のページ|前回)】.{2,100}(?<!。)$"
    rf"|^{READ_TOO}(?![のをがはにとでもへやかとてたなばりるられ、，。」』一])[\s　]*.{{6,100}}(?<![。：:])$"
)
"""A link to something beside the article, in the middle of the text: named in brackets, or by words that its title
follows as if it went on, where the box around them got lost.
"""
MENU = expression(r"^(?:\s*[\[［【〔|｜・<＜]\s*[^\[\]［］【】|｜。]{1,14}\s*[\]］】〕>＞|｜]?[\s|｜]*){2,}$")
ATTACHED = expression(
    r"[（(\[［【]\s*(?:PDF|ＰＤＦ|Word|ワード|Excel|エクセル|PowerPoint|ZIP|CSV|JPEG|一太郎).{0,30}[)）\]］】][\s　]*$",
    re.IGNORECASE,
)
"""The name of a file that an office attaches to a notice."""
ATTACHED_LINK = 0.7
"""Share of its letters in a link from which a line is a file to fetch."""
CONTACT_FORM = expression(
    r"フォーム(?:による|からの?|で|へ)?の?お?問い?合わ?せ|お?問い?合わ?せは?[、，]?(?:専用)?フォーム(?:を?ご?利用(?:ください)?|を|へ|から|はこちら)?。?$"
)
PAGER = expression(
    r"(?:前へ|次へ|前の(?:ページ|記事|回|章|話)|次の(?:ページ|記事|回|章|話)|目次(?:へ|に)?|(?:トップ|一覧|TOP|HOME|ホーム)(?:ページ)?(?:へ|に)?|戻る|もどる|[<＜«‹]\s*(?:前|prev)|(?:次|next)\s*[>＞»›])",
    re.IGNORECASE,
)
LINK_MARK = expression(
    r"^[\s　]*(?:[▶►▷≫»＞>→⇒☞👉🔗◎●・※]+|【[^】]{1,10}】|関連|参考|あわせて|合わせて|併せて|こちら|詳しく|前|次)"
)
SERVICE_LINK = expression(
    r"(?:はこちら|こちら(?:から|へ|をご覧ください)?|をご覧ください|[をで](?:詳しく)?(?:見る|読む|調べる|探す)|へ(?:戻る|移動)|する|続きを読む|もっと見る|ダウンロード|お申込み|一覧)[。]?[\W_]*$"
)


def stock(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Credits and English image descriptions that stand as text."""
    kept: list[Piece] = []
    for piece in pieces:
        shown = piece.kind == "caption" or (bool(kept) and kept[-1].kind in ("caption", "figure"))
        if piece.kind in ("paragraph", "caption", "list_item", "aside") and junk.is_credit(piece.text, shown=shown):
            ledger.leave(piece, "photo-credit")
            if kept:
                kept[-1] = kept[-1].to(hints=kept[-1].hints | {"image-after"})
        elif piece.kind == "caption" and junk.is_latin(piece.text):
            ledger.leave(piece, "image-alt")
        else:
            kept.append(junk.without_credit_tail(piece, ledger) if piece.kind == "caption" else piece)
    return kept


CATEGORY = expression(
    r"^[\W_]*(?:特集|連載|コラム|インタビュー|ニュース|お知らせ|社会|経済|政治|国際|スポーツ|文化|生活|暮らし|くらし|地域|科学|医療|教育|エンタメ|ビジネス|テクノロジー|ライフ|レポート|"
    r"エッセイ|オピニオン|社説|論説|解説|トピックス?|新着|有料(?:会員)?(?:記事|限定)?|会員限定(?:記事)?|無料|PR|new|news|column|interview|feature|report|blog|topics?)[\W_]*$",
    re.IGNORECASE,
)


def heads(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """A category's name, path or date above the title."""
    start = 0
    while start < min(6, len(pieces) - 2) and pieces[start].kind == "paragraph":
        piece = pieces[start]
        why = "category" if CATEGORY.match(piece.text) else line_reason(piece, first=True, last=False)
        if not why or (why == "ad" and start == 0):
            break
        ledger.leave(piece, why)
        start += 1
    return pieces[start:]


def lines(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Single lines that every site prints around its articles."""
    kept = []
    opens = next((n for n, piece in enumerate(pieces[:MASTHEAD_LINES]) if _is_prose(piece)), 0)
    ends = [n for n, piece in enumerate(pieces) if piece.kind not in ("footnote", "break")][-3:]
    for n, piece in enumerate(pieces):
        why = (
            line_reason(piece, first=n < max(6, opens), last=n >= min(ends, default=0))
            if piece.kind in ("paragraph", "list_item", "aside", "caption", "quote")
            else ""
        )
        if why == "ad" and n == 0 and ledger.form not in ("html", "feed"):
            why = ""  # the first line of a text is its title, paid for or not
        if why and not _heads_contact(pieces, n):
            ledger.leave(piece, why)
        else:
            kept.append(piece)
    return kept


def contact_heads(pieces: list[Piece], _: Ledger) -> list[Piece]:
    """The line above an office's address is the last heading of a notice, though a page may draw it by its style only."""
    level = min((piece.level for piece in pieces if piece.kind == "heading"), default=0)
    return [
        piece.to(kind="heading", level=level)
        if level and n * 2 > len(pieces) and piece.kind == "paragraph" and _heads_contact(pieces, n)
        else piece
        for n, piece in enumerate(pieces)
    ]


def _heads_contact(pieces: list[Piece], n: int) -> bool:
    """Whether a line that only says お問い合わせ stands above an office's address."""
    after = " ".join(piece.text for piece in pieces[n + 1 : n + 4])
    return pieces[n].linked < 0.5 and bool(BARE_CONTACT.match(pieces[n].text)) and bool(OFFICE_DATA.search(after))


OFFICE_DATA = expression(
    r"(?:課|係|室|局|部|センター|事務所|役場|窓口)(?:[\s　（(：:]|$)|電話|TEL|℡|\d{2,5}[-‐－]\d{1,4}[-‐－]\d{3,4}",
    re.IGNORECASE,
)


PRESS = expression(
    r"(?:報道|プレス|マスコミ|メディア|取材|記者|\bpress\b|\bmedia\b)[^。、「」]{0,16}(?:お?問い?合わ?せ先?|ご?連絡先?|窓口|各位|の方々?|の(?:皆様|皆さま|皆さん)|向け|へ|contacts?)[\W_]*$",
    re.IGNORECASE,
)
LABELLED = expression(
    r"^[^\w【\[［〔＜<〈《（(]*(?:[【\[［〔＜<〈《（(](?P<label>[^【】\[\]［］〔〕＜＞<>〈〉《》（()）。]{2,40})[】\]］〕＞>〉》）)]|(?P<bare>[^：:。、「」]{2,40})[：:])[\s　]*(?P<rest>\S.{1,120})$"
)
REACHED = expression(rf"@|＠|内線|メール|{OFFICE_DATA.pattern}", re.IGNORECASE)


OUTLINED = expression(r"^[\W_]*(?:会社|企業|団体|法人)概要[\s　]+\S")
COMPANY = expression(
    r"(?:社名|商号|名称|設立|創業|創立|資本金|従業員数?|社員数|所在地|本社|代表(?:者|取締役)?|事業内容|業種|URL|住所)[\s　]*[：:／/]",
    re.IGNORECASE,
)
"""What a company says of itself, item by item."""


def _labelled(text: str) -> str:
    """Why a line with a label of its own is none of the text: whom the press may ask and how, who the company is."""
    if OUTLINED.match(text) and len(COMPANY.findall(text)) > 1:
        return "company-outline"
    found = LABELLED.match(text)
    if not found or "。" in found["rest"]:
        return ""
    label = found["label"] or found["bare"]
    of = next((why for why, pattern in SECTIONS if pattern.match(label)), "")
    if (PRESS.search(label) or of == "press-contact") and REACHED.search(found["rest"]):
        return "press-contact"
    return of if of == "company-outline" and len(COMPANY.findall(found["rest"])) > 1 else ""


CATALOGUED = expression(r"円|https?://|[\d０-９]{2,4}[-－‐][\d０-９]{2,4}|『|こちら|住所|営業|定休|アクセス|徒歩")
OTHER_PART = expression(rf"^[\W_]*{PART}[\s　:：「『（(]", re.IGNORECASE)
RUNNING = expression(r"(?:募集|受付|開催|発売|販売|配信|上映|予約受付|公開)中[！!♪]?$")
"""What a line that is a link as a whole leads to: another part, what runs at the time."""
PARTS = expression(r"(?<=[。！!])[\s　]*")


def _sentences_reason(text: str) -> str:
    """The reason of several sentences (リンクはご自由に。推奨環境は…。), each of which is a notice by itself."""
    reasons = [_worded(part)[1] for part in PARTS.split(text) if part]
    return reasons[0] if len(reasons) > 1 and all(reasons) else ""


BOOK = expression(
    r"^[\W_]*(?:[^。『』]{0,16}の?(?:最新刊|新刊|著書|近著|新著|本))?『[^『』]{1,60}』[^。『』]{2,60}[\d０-９,，]{3,}[\s　]?円[^。]{0,16}$"
)


def _is_book(text: str) -> bool:
    """A book on one line as a catalogue has it, title, publisher and price, and no sentence."""
    return bool(BOOK.match(text)) and not re.search(r"[をがはに][^『』]{0,20}$", text)


def beside(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Links to other pages: named in brackets inside the text, or bare before it."""
    first = next((n for n, piece in enumerate(pieces) if _is_prose(piece)), 0)
    headed = {headings.key(piece.text) for piece in pieces if piece.kind == "heading"}
    kept = []
    for n, piece in enumerate(pieces):
        bare = piece.kind in ("paragraph", "aside", "list_item") and piece.linked > 0.9 and len(piece.text) <= 20
        bare = bare and headings.key(piece.text) not in headed
        if piece.kind in ("paragraph", "aside") and BESIDE.match(piece.text):
            ledger.leave(piece, "related")
        elif piece.kind in ("paragraph", "aside") and piece.linked > 0.5 and MENU.match(piece.text):
            ledger.leave(piece, "nav")
        elif n < first and bare and not any(p.kind == "heading" for p in pieces[:n]):
            ledger.leave(piece, "header")
        else:
            kept.append(piece)
    return kept


def pull_quotes(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """A sentence of the text set once more in a box, large, to catch the eye: heard once is enough."""
    texts = [headings.key(piece.text) if piece.kind in ("paragraph", "list_item") else "" for piece in pieces]
    kept = []
    for n, piece in enumerate(pieces):
        said = headings.key(piece.text)
        boxed = piece.kind == "aside" and not piece.speaker and len(said) >= PULLED
        if boxed and any(said in text for text in texts[max(0, n - NEAR) : n + NEAR + 1]):
            ledger.leave(piece, "pull-quote")
        else:
            kept.append(piece)
    return kept


def _is_prose(piece: Piece) -> bool:
    return (
        piece.kind == "paragraph" and piece.linked < 0.5 and len(piece.text) > 20 and piece.text.endswith(("。", "」"))
    )


REFERENCES = expression(
    r"^[\W_]*(?:参考(?:に(?:した|なる))?(?:文献|資料|リンク|サイト|ページ|URL|記事|図書|情報|動画)?(?:など|一覧|・リンク)?|(?:関連|外部|お役立ち|便利な)?リンク(?:集)?|関連(?:資料|ファイル|情報|サイト|ページ)|"
    r"ブックマーク|出典|引用元?|(?:添付|配布)?(?:ファイル|資料|書類|様式)(?:の?ダウンロード)?|ダウンロード|references?|links?|see also|further reading|bookmarks?)[\W_]*$",
    re.IGNORECASE,
)


def references(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Sections that hold nothing but links: the addresses stand in the show notes. So do files attached to a notice."""
    kept: list[Piece] = []
    n = 0
    while n < len(pieces):
        piece = pieces[n]
        end = n + 1
        while end < len(pieces) and pieces[end].kind not in ("heading", "footnote") and _is_reference(pieces[end]):
            end += 1
        filed = end > n + 1 and all(ATTACHED.search(gone.text) for gone in pieces[n + 1 : end])
        closed = filed or end == len(pieces) or pieces[end].kind in ("heading", "footnote", "break")
        if REFERENCES.match(piece.text) and closed and (end > n + 1 or _heads_nothing(pieces, n)) and _can_head(piece):
            for gone in pieces[n:end]:
                ledger.leave(gone, "references")
            n = end
            continue
        if piece.linked > ATTACHED_LINK and ATTACHED.search(piece.text):
            ledger.leave(piece, "attachment")
        else:
            kept.append(piece)
        n += 1
    return kept


def _can_head(piece: Piece) -> bool:
    return piece.kind in ("heading", "paragraph", "aside")


def _heads_nothing(pieces: list[Piece], n: int) -> bool:
    """A heading of which nothing is left: what stood below was dropped as files or cards."""
    after = pieces[n + 1] if n + 1 < len(pieces) else None
    empty = after is None or (after.kind == "heading" and after.level <= pieces[n].level)
    return n > 0 and pieces[n].kind == "heading" and empty


def _is_reference(piece: Piece) -> bool:
    return _is_link(piece) or (piece.linked > ATTACHED_LINK and ATTACHED.search(piece.text) is not None)


def _is_link(piece: Piece) -> bool:
    linked = piece.linked >= 0.4 or re.fullmatch(rf"\s*{URL}\s*", piece.text) is not None
    return piece.kind in ("list_item", "paragraph") and linked and "。" not in piece.text[:-1]


def line_reason(piece: Piece, *, first: bool, last: bool) -> str:
    """Why a single line is no article text, empty if it is. `first`, `last`: it stands at the edge of the text."""
    text = piece.text.strip()
    if len(text) > 240:
        return ""
    if not re.search(r"\w", text):
        return "ornament" if piece.kind != "quote" else ""
    worded, undated = _worded(text)
    if why := undated if worded == "byline" and _is_content(piece, first=first, last=last) else worded:
        return why
    if why := _labelled(text):
        return why
    if last and piece.kind != "quote" and (why := _sentences_reason(text)):
        return why
    if _is_book(text) and (piece.kind in ("paragraph", "aside") or piece.info == "definition"):
        return "product"
    if piece.kind != "quote" and ADVERT.search(text):
        return "ad"
    if (piece.linked or piece.kind != "aside") and IN_SERIES.search(text):
        return "related"  # in a box of its own and without a link the author's word
    if piece.linked and IN_CALENDAR.search(text):
        return "related"
    if piece.kind != "quote" and (why := menus.reason(text, listed=piece.kind == "list_item")):
        return why
    if piece.linked > 0.74 and PAGER.search(text) and len(text) < 60:
        return "pager"
    if piece.linked > 0.9 and CONTACT_FORM.search(text):
        return "call"
    if piece.linked > 0.9 and piece.kind in ("paragraph", "aside") and "。" not in text:
        if OTHER_PART.match(text):
            return "pager"
        if RUNNING.search(text):
            return "ad"
    marked = LINK_MARK.match(text)
    if (
        piece.linked * len(text) > 0.9 * (len(text) - (marked.end() if marked else 0))
        and piece.linked > 0.5
        and piece.kind in ("paragraph", "aside")
        and (marked or (SERVICE_LINK.search(text) and len(text) < 40))
    ):
        return "related"
    return ""


@lru_cache(maxsize=LINES_KEPT)
def _worded(text: str) -> tuple[str, str]:
    """The reason that a line's wording gives, and the one where dates and labels are content: empty for none."""
    found = [reason for reason, pattern in LINES if pattern.search(text)] if text else []
    if not found and len(text) <= DATED and any(char.isdigit() for char in text) and _is_byline(text):
        found = ["byline"]
    return next(iter(found), ""), next((reason for reason in found if reason != "byline"), "")


def _is_byline(text: str) -> bool:
    """Whether a line is nothing but bylines side by side: 2025.11.18　この記事は約6分で読めます."""
    ends = [match.span() for match in BESIDE_IT.finditer(text)]
    reached = [0]
    for end, after in [*ends, (len(text), len(text))]:
        if any(_is_one_byline(text[start:end]) for start in reached):
            reached.append(after)
    return len(text) in reached


def _is_one_byline(text: str) -> bool:
    return bool(CATEGORY.match(text)) or any(reason == "byline" and pattern.search(text) for reason, pattern in LINES)


def _is_content(piece: Piece, *, first: bool, last: bool) -> bool:
    """Dates and labels inside the text are content (開催日 in a notice, a diary's days)."""
    return not (first or last) or piece.kind == "list_item"


def sections(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """A heading that announces something of the site, and all that stands below it."""
    kept: list[Piece] = []
    press = any(item.reason == "press-contact" for item in ledger.dropped)
    n = 0
    while n < len(pieces):
        piece = pieces[n]
        why = section_reason(piece) if piece.kind == "heading" or _announces(piece) else ""
        if not why and press and OUTLINE.match(piece.text):
            why = "company-outline"
        if why == "author-box" and (_is_part(pieces, n) if piece.kind == "heading" else n * 2 < len(pieces)):
            if piece.kind != "heading" and PROFILE.match(piece.text):
                ledger.leave(piece, "author-box")
                n += 1
                continue
            why = ""  # a role under the title presents nobody
        end = _section_end(pieces, n, why) if why else n
        if why and not _agrees(pieces[n + 1 : end], why):
            end = _end_of_links(pieces, n + 1)
            why = why if end > n + 1 else ""
        if why:
            for gone in pieces[n:end]:
                ledger.leave(gone, why)
            press = press or why == "press-contact"
            n = max(end, n + 1)
        else:
            kept.append(piece)
            n += 1
    return kept


SOMEBODY = expression(
    r"^[\W_]*(?:著者|作者|執筆者|筆者|訳者|監修者|書いた人|運営者|プロフィール|略歴)(?:について|紹介|の?こと|略歴)?[\W_]*$"
)
"""Whom a section presents that may be the article's writer, or the one it tells of."""
PRESENTS = expression(r"\d{4}年|昭和|平成|生まれ|在住|出身|著書|主宰|所属|代表|を経て|卒業")
"""What is said of who is presented."""
PROFILE = expression(r"^[\W_]*(?:プロフィール|略歴|profiles?)[\W_]*$", re.IGNORECASE)
"""A label, no heading, above who talks to whom: what it labels is heard without it."""


def _is_part(pieces: list[Piece], n: int) -> bool:
    """Whether a section about somebody is one of the text's own: it tells in sentences, and the text goes on below it
    under headings of its rank or above, as it began before.
    """
    level = pieces[n].level
    heads = [at for at, piece in enumerate(pieces) if piece.kind == "heading" and piece.level <= level]
    later = [at for at in heads if at > n]
    if not SOMEBODY.match(pieces[n].text) or not later or not any(_is_prose(piece) for piece in pieces[:n]):
        return False
    own = [at for at in later if not section_reason(pieces[at])]
    ends = {at: next((end for end in heads if end > at), len(pieces)) for at in own}
    goes_on = any(_is_prose(piece) for at in own for piece in pieces[at + 1 : ends[at]])
    return goes_on and any(_is_prose(piece) for piece in pieces[n + 1 : later[0]])


def _end_of_links(pieces: list[Piece], start: int) -> int:
    """Where the list of links ends that begins at `start`: the text goes on below it."""
    end = start
    while end < len(pieces) and (
        (pieces[end].kind == "list_item" and pieces[end].linked > 0.5)
        or (
            pieces[end].kind in ("paragraph", "aside")
            and pieces[end].linked > 0.9
            and not pieces[end].text.endswith("。")
        )
    ):
        end += 1
    return end


def _announces(piece: Piece) -> bool:
    named = piece.kind in ("paragraph", "aside") or piece.info == "term"
    return named and len(piece.text) <= 30 and not piece.text.endswith("。")


FULL_WIDTH = expression(r"[Ａ-Ｚａ-ｚ]")
"""Letters of ＩＮＤＥＸ, which old mails set as wide as Japanese."""
TWICE = expression(
    r"^[A-Za-z][A-Za-z &'’.]*(?=[\s　/／|｜]+[^\x00-\x7f])|(?<=[^\x00-\x7f])[\s　/／|｜]+[A-Za-z][A-Za-z &'’.]*$"
)
"""English beside a Japanese heading that says the same."""


def section_reason(piece: Piece) -> str:
    """What a heading announces of the site, empty when it heads the text."""
    text = FULL_WIDTH.sub(lambda wide: chr(ord(wide[0]) - 0xFEE0), headings.unmarked(piece.text))
    bare = TWICE.sub("", text)  # in two languages: RECOMMEND おすすめ記事
    return next((reason for reason, pattern in SECTIONS if pattern.match(text) or (bare and pattern.match(bare))), "")


def _section_end(pieces: list[Piece], start: int, why: str) -> int:
    """Where the section ends: the next heading of its level or above, a rule, or for a bare line its list."""
    level = pieces[start].level if pieces[start].kind == "heading" else 99
    listed: set[str] = set()
    for n in range(start + 1, len(pieces)):
        piece = pieces[n]
        if piece.kind == "heading" and (piece.level <= level or level == 99):
            return n
        if why != "press-contact" and n > start + 1 and _heads_contact(pieces, n):
            return n  # whom to ask about the notice itself
        if level == 99 and n > start + 1 and pieces[n - 1].kind == "list_item" and piece.kind != "list_item":
            return n
        presented = why == "author-box" and n == start + 1  # the author's name, alone on its line, heads nothing
        begins = _new_heading(pieces, n) and not presented
        if (level == 99 and (why in ("ad", "share", "call") or begins)) or (why == "toc" and begins):
            return n
        if why == "press-contact" and level == 99 and OUTLINE.match(piece.text):
            return n
        if why == "toc" and headings.key(piece.text) in listed:
            return n
        listed.add(headings.key(piece.text))
        prose = piece.kind == "paragraph" and piece.linked < 0.5 and piece.text.endswith(("。", "」", "！", "？"))
        if why == "product" and n > start + 1 and prose and not CATALOGUED.search(piece.text):
            return n  # the text goes on below a box of books
        if (
            why == "author-box"
            and start * 2 < len(pieces)
            and n > start + 1
            and prose
            and not PRESENTS.search(piece.text)
        ):
            return n  # who speaks, set above a text without headings
        told = n > start + 1 and not any("。" in above.text for above in pieces[start + 1 : n])
        if why == "toc" and prose and piece.text.endswith("。") and (told or len(piece.text) > ENTRY):
            return n
        presents = why == "author-box" or (why == "company-outline" and start * 2 > len(pieces))
        if level == 99 and not presents and prose and len(piece.text) > 40:
            return n
    return len(pieces)


def _new_heading(pieces: list[Piece], n: int) -> bool:
    """A bare line that heads the next part of the text."""
    after = pieces[n + 1] if n + 1 < len(pieces) else None
    return (
        "alone" in pieces[n].hints
        and headings.looks_like(pieces[n].text)
        and after is not None
        and after.text.endswith("。")
        and len(after.text) > 20
    )


def _agrees(inside: Sequence[Piece], why: str) -> bool:
    """Whether what stands below fits the heading; a real section on, say, 検索 or 会社概要 of an essay is long prose."""
    size = sum(len(piece.text) for piece in inside)
    prose = sum(len(piece.text) for piece in inside if piece.linked < 0.5 and piece.text.endswith("。"))
    if why in ("press-contact", "company-outline"):
        return prose < 700
    if why in ("toc", "related"):
        return not size or prose < max(60, size * 0.34)
    if why == "author-box":
        return prose < 500
    return prose < 160


def link_lists(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Lists of links into the page itself (contents), and lists of links at the very end without a word before."""
    kept: list[Piece] = []
    headed = {headings.key(piece.text): at for at, piece in enumerate(pieces) if piece.kind == "heading"}
    n = 0
    while n < len(pieces):
        end = n
        while end < len(pieces) and pieces[end].kind == "list_item":
            end += 1
        group = pieces[n:end]
        if group and _is_series(group):
            if kept and _names_contents(kept[-1]):
                ledger.leave(kept.pop(), "related")
            for piece in group:
                ledger.leave(piece, "related")
        elif group and _is_contents(group, headed, end, linked=ledger.form != "text"):
            if kept and _names_contents(kept[-1]):
                ledger.leave(kept.pop(), "toc")
            for piece in group:
                ledger.leave(piece, "toc")
        else:
            kept += group or [pieces[n]]
        n = max(end, n + 1)
    return kept


HERE = expression(
    r"[（(【\[←](?:この|本|今回の)?(?:記事|回|ページ|今回|現在地|いまここ|今ここ|now)[^（()）]{0,6}[)）】\]]?$"
)


def _is_series(group: Sequence[Piece]) -> bool:
    """The parts of a series as links, the one that is being read marked."""
    linked = sum(piece.linked > 0.5 for piece in group)
    return len(group) > 1 and linked * 2 >= len(group) and any(HERE.search(piece.text) for piece in group)


def _names_contents(piece: Piece) -> bool:
    """A short line above the contents that can only be their name."""
    if piece.kind == "heading" and "guessed" not in piece.hints:
        return re.search(r"目次|もくじ|内容|contents|index", piece.text, re.IGNORECASE) is not None
    return piece.kind in ("paragraph", "aside", "heading") and len(piece.text) <= 20 and "。" not in piece.text


def _is_contents(group: Sequence[Piece], headed: Mapping[str, int], end: int, *, linked: bool) -> bool:
    """List items that repeat the headings below; where the form has links, as links."""
    if linked and sum(piece.linked > 0.5 for piece in group) < len(group) * 0.6:
        return False
    hits = sum(headed.get(headings.key(piece.text), -1) >= end for piece in group)
    return len(group) >= 2 and hits >= max(2, len(group) * 0.6)
