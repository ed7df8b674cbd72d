"""Rows of what can be pressed on a page, left behind as one line of words: menus, buttons, pagers. Pure questions."""

from __future__ import annotations

import re

from yomicast.patterns import expression

LONGEST = 90
"""Letters of such a row at most."""
WORD = 14
"""Letters of one button at most."""
ROW, GLUED, WORDS = 0.5, 0.34, 3
"""Shares of a row's words, and of a glued row's letters, that must be known; and how many words of a glued one."""
PRESSED = expression(
    r"(?:ホーム|トップ(?:ページ)?|HOME|TOP|お?問い?合わ?せ|お知らせ|新着(?:情報)?|ニュース|コラム|ブログ|日記|プロフィール|自己紹介|会社(?:概要|案内|情報)|企業情報|店舗(?:案内|情報|一覧)?|"
    r"営業(?:日|時間|案内)(?:カレンダー)?|カレンダー|メニュー|商品(?:一覧|紹介)?|作品(?:集|一覧)?|ギャラリー|アクセス|地図|料金(?:表|案内)?|ご?予約|ご?利用案内|ご?購入|カート|お気に入り|マイページ|マイリスト|"
    r"ログイン|ログアウト|新規登録|会員登録|無料登録|登録|購読|定期購読|サイトマップ|リンク集?|掲示板|検索|サイト内検索|カテゴリー?(?:一覧)?|タグ(?:一覧)?|アーカイブ|記事一覧|一覧|バックナンバー|特集|連載|ランキング|"
    r"人気(?:記事)?|プライバシーポリシー|個人情報(?:保護方針|の取り?扱い)|利用規約|規約|特定商取引法?(?:に(?:基づく|もとづく|関する)(?:表[記示])?)?|免責事項|著作権|概要|ヘルプ|よくあるご?質問|FAQ|採用情報|求人|IR情報|English|日本語|中文|한국어|"
    r"印刷(?:する)?|保存(?:する)?|ブックマーク|お気に入り登録|シェア(?:する)?|ツイート|ポスト|共有|コピー|URLをコピー|いいね[!！]?|スキ|リブログ|リツイート|フォロー(?:する|中)?|(?:著者|筆者|この著者)(?:を)?フォロー|"
    r"コメント(?:する|を見る)?|クリップ|送る|LINE(?:で送る)?|メール(?:で送る)?|音声で聞く|聞く|文字サイズ|拡大|縮小|標準|[大中小]|編集|削除|返信|通報(?:する)?|報告|閉じる|開く|戻る|次へ|前へ|次のページ|前のページ|続きを読む|"
    r"もっと見る|もっと読む|すべて見る|ページトップへ|トップへ戻る|先頭へ|Cookie ?ポリシー|クッキー(?:ポリシー|設定)|広告(?:掲載)?|お問合せ|はこちら|"
    r"ビジネス|マーケット|政策|政治|経済|社会|国際|スポーツ|文化|エンタメ|芸能|地域|科学|テクノロジー|キャリア|ライフ|くらし|暮らし|教育|医療|健康|オピニオン|社説|論説|動画|写真|天気|速報|朝刊|夕刊|会員限定|有料|無料|"
    r"(?:前|次)の?(?:記事|ページ|回|話|章|投稿|号)(?:へ|に)?|(?:一覧|目次|表紙|トップ(?:ページ)?|ホーム|前|先頭|ページの?(?:上|先頭|トップ))(?:へ|に)(?:戻る|もどる)?|"
    r"製品(?:情報|一覧)?|サービス(?:一覧)?|事業(?:内容|紹介|案内)|サステナビリティ|環境|ソリューション|導入事例|実績|沿革|拠点|株主|投資家(?:情報)?|ニュースリリース|プレスルーム|資料請求|店舗検索|購読の?(?:ご案内|お申し?込み)|"
    r"(?:サイト|当サイト)?の?ご?利用(?:について|条件|規約|にあたって|案内)|(?:ソーシャルメディア|セキュリティ|アクセシビリティ|個人情報保護|プライバシー|リンク|著作権)(?:・リンク)?(?:ポリシー|方針|について)?|おくやみ|紙面(?:ビューアー)?|読者(?:の声|投稿)|画像一覧|ブログトップ|"
    r"読者(?:になる|です|をやめる)|JP|EN|CN|KR|About|Blog|News|Contact|Works?|Profile|Home|Top|Menu|Search|Log ?in|Log ?out|Sign ?(?:in|up)|Share|Tweet|Print|Facebook|Twitter|X|Instagram|YouTube|RSS|Pocket|note|はてブ|はてなブックマーク|B!)",
    re.IGNORECASE,
)
SURE = expression(
    r"(?:ホーム|トップ(?:ページ)?|HOME|TOP|お?問い?合わ?せ|ログイン|ログアウト|(?:新規|会員|無料)登録|サイトマップ|プライバシーポリシー|利用規約|印刷(?:する)?|保存(?:する)?|ブックマーク|お気に入り|シェア(?:する)?|ツイート|"
    r"ポスト|コピー|読者(?:になる|です|をやめる)|いいね[!！]?|スキ|リブログ|フォロー(?:する|中)?|コメント(?:する|を見る)?|記事一覧|一覧(?:へ|に)?(?:戻る)?|編集|閉じる|戻る|次へ|前へ|(?:前|次)の(?:記事|ページ)(?:へ)?|もっと見る|Log ?in|Home|About|Contact|Share|Tweet|RSS|Facebook|Instagram|YouTube)",
    re.IGNORECASE,
)
"""Words that nothing but a page's controls are called by: two words need one of them, as 料金　無料 is text."""
SHARED = expression(
    r"シェア(?:する)?|ツイート|ポスト|共有|いいね[!！]?|スキ|LINE(?:で送る)?|はてブ|はてなブックマーク|B!|Pocket|Facebook|Twitter|X|(?:URLを|リンクを)?コピー|印刷(?:する)?|保存(?:する)?|クリップ|ブックマーク|リポスト",
    re.IGNORECASE,
)
"""What hands a page on or keeps it."""
SHOP = expression(
    r"(?:Amazon|アマゾン|楽天(?:市場|ブックス|Kobo)?|Yahoo!?[\s　]?ショッピング|メルカリ|ヨドバシ\.com|honto|Kindle|7net|セブンネット)(?:で(?:見る|探す|購入(?:する)?|詳細を見る|チェック))?",
    re.IGNORECASE,
)
COUNT = expression(r"[\d,.]+(?:件|人|回|万)?|[（(]\s*[\d,]+\s*(?:件)?\s*[)）]")
NAMED = expression(r"\w")
SENTENCE = expression(r"[。！？!?、，]|(?:です|ます|でした|ました|だった|である|ません)$")
PARTED = expression(r"[\s　|｜│┃/／・>＞»＜<«,\[\]［］]+")
COLUMNS = expression(r"[\s　]{2,}|\t|[\s　]*[|｜│┃][\s　]*")
"""What parts the words of a menu, where one blank parts those of a title."""
NUMBERS = expression(
    r"^(?:\d{1,3}[\s　]+){2,}(?:\d{1,3}|…|\.{3}|[>＞»›]|次|前|最後|最終|next|prev).*$|^(?:\d{1,3}[\s　]+){3,}\d{1,3}$"
)
ARROWED = expression(r"^[«‹≪＜<←][\s　]*[^。]{2,60}$|^[^。<＞>]{2,60}[\s　]*[»›≫→]$")
"""Titles of the post before and the one after, with the arrow of a pager."""
TURNED = expression(
    r"^(?:[←⇐◀◁]|[＜<]{2}(?![＜<]))[\s　]*[^。\s　]{1,40}[\s　|｜/／・][^。]{0,40}[^。\s　＞>]{1,40}[\s　]*(?:[→⇒▶▷]|[＞>]{2})$"
)
"""A row from the page before to the page after: ←第三夜　目次　第五夜→; single brackets frame a title."""


def reason(text: str, *, listed: bool = False) -> str:
    """`nav` for a row of two or more things to press, `pager` for a row of page numbers; empty for all else.

    `listed`: it is an item of a list, where 政治 経済 社会 is a text's own matter.
    """
    text = text.strip()
    if not listed and SHOP.fullmatch(text):
        return "product"
    if NUMBERS.match(text) and len(text) <= LONGEST and not text.endswith("。") and _counts_up(text):
        return "pager"
    if TURNED.match(text):
        return "pager"
    if not 4 <= len(text) <= LONGEST or SENTENCE.search(text):
        return ""
    parts = [part for part in PARTED.split(text) if NAMED.search(part)]  # a heart is no word
    known = sum(bool(PRESSED.fullmatch(part)) for part in parts)
    counts = sum(bool(COUNT.fullmatch(part)) for part in parts)
    if len(parts) - counts >= 2:
        sure = any(SURE.fullmatch(part) for part in parts) or (known > 2 and "・" not in text and not listed)
        if known >= 2 and sure and max(map(len, parts)) <= WORD and known > (len(parts) - counts) * ROW:
            return "nav"
        return (
            "nav" if any(map(_glued, parts)) and all(_glued(part) or PRESSED.fullmatch(part) for part in parts) else ""
        )
    return "nav" if (counts and any(SURE.fullmatch(part) for part in parts)) or _glued(text) else ""


def is_row(text: str) -> bool:
    """A menu, where it stands above a title: a control's name, or a row of short words of the site's own making.

    One word in a row of three is surely a control's, or four stand in columns.
    """
    text = text.strip()
    parts = [part for part in PARTED.split(text) if part]
    short = len(parts) >= WORDS and max(map(len, parts)) <= WORD and not SENTENCE.search(text)
    columned = len(parts) > WORDS and len([part for part in COLUMNS.split(text) if part]) == len(parts)
    return bool(PRESSED.fullmatch(text)) or (short and (columned or any(SURE.fullmatch(part) for part in parts)))


def shares(text: str) -> bool:
    """Whether a row of buttons hands the page on, as stands below a title as well as above."""
    return any(SHARED.fullmatch(part) for part in PARTED.split(text.strip()))


def _counts_up(text: str) -> bool:
    found = [int(part) for part in re.match(r"[\d\s　]*", text)[0].split()]  # type: ignore[index]  # matches all texts
    return found == list(range(found[0], found[0] + len(found))) if found else False


def _glued(text: str) -> bool:
    """Buttons whose gaps got lost: a good part of the letters are known words, and one stands at an end."""
    found = [match for match in PRESSED.finditer(text) if len(match[0]) > 1]
    size = sum(len(match[0]) for match in found)
    if not any(SURE.fullmatch(match[0]) for match in found):
        return False
    edge = bool(found) and (found[0].start() == 0 or found[-1].end() == len(text))
    return (len(found) >= WORDS and edge and size > len(text) * GLUED) or (len(found) >= 2 and size == len(text))
