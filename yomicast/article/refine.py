"""Rules of wording on pieces, whatever form they came from: what sites add around an article goes, with a reason.

A chain of small steps; each takes the pieces and the ledger and gives the pieces that stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from yomicast.article import headings, junk
from yomicast.article.ledger import JAPANESE, Ledger, Piece
from yomicast.article.speakers import speakers

Step: TypeAlias = Callable[[list[Piece], Ledger], list[Piece]]

SECTIONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(rf"^[\W_]*(?:{words})[\W_]*$", re.IGNORECASE))
    for reason, words in (
        (
            "related",
            (
                r"(?:この記事(?:に|と|の))?(?:関連|類似|おすすめ|オススメ|お勧め|人気|注目|新着|最新|最近|前後|次|前|こちら|併せて読みたい|その他|ほか|他)の?(?:する|した)?の?"
                r"(?:記事|ニュース|エントリー?|投稿|ページ|リンク|コンテンツ|トピックス?|コラム|情報|連載|特集|サイト|動画|商品|キーワード|ワード|タグ|リリース|プレスリリース|お知らせ)(?:はこちら|一覧|ランキング|も読む)?|"
                r"(?:あわせて|合わせて|併せて|こちらも(?:あわせて)?)(?:お?読み(?:たい|ください|いただきたい)?|チェック|どうぞ|ご覧ください)(?:記事)?|こちらの記事も(?:おすすめ|どうぞ|読まれています|人気です)(?:です)?|"
                r"(?:アクセス|人気|週間|月間|デイリー)?ランキング|よく読まれている記事|読まれている記事|(?:related|recommended|popular|recent|latest)(?: (?:posts?|articles?|entries|stories|news))?|"
                r"この(?:カテゴリー?|シリーズ|連載|特集)の(?:他の|最新|新着|人気)?(?:記事|一覧|の記事)?(?:一覧)?|カテゴリー?(?:一覧)?|アーカイブ|バックナンバー|タグ(?:一覧|クラウド)?|最近の(?:投稿|記事|コメント)|pickup|ピックアップ(?:記事)?|you may also like|more from.*|あなたにおすすめ(?:の記事)?|編集部(?:の)?おすすめ(?:の?記事)?|連載(?:一覧|の一覧)"
            ),
        ),
        (
            "author-box",
            (
                r"(?:この記事(?:を|の))(?:書いた人?|執筆(?:者|した人)?|著者|監修(?:者|した人)?|ライター|作者|投稿者|シェア|編集(?:者|した人)?)|(?:著者|執筆者|筆者|監修者|ライター|運営者|作者|書いた人|プロフィール|自己紹介|投稿者)(?:について|紹介|プロフィール|情報|略歴)?|"
                r"about (?:the )?(?:author|me|writer)|author|profile|ABOUT(?: ME)?|WRITER|この人が書いています"
            ),
        ),
        (
            "share",
            r"(?:この記事を|記事を|ページを|友だちに|SNSで)?(?:シェア|共有|拡散|ツイート|ポスト|いいね)(?:する|しよう|してください|してね|お願いします)?|share(?: this)?(?: (?:post|article|page))?|sns|フォローする|follow(?: (?:us|me))?|この記事が気に入ったら.{0,20}|シェアはこちら",
        ),
        (
            "comments",
            r"コメント(?:欄|一覧|を(?:残す|書く|投稿する|する|どうぞ))?(?:[（(]\s*\d+\s*(?:件)?[)）])?|トラックバック.*|comments?(?: ?[（(]?\d+[)）]?)?|leave a (?:comment|reply)|みんなのコメント|ご意見・ご感想",
        ),
        (
            "toc",
            r"(?:(?:今週|今号|今回|今月|本日|本号|この章|この記事)の)?(?:目次|もくじ|あらまし)(?:\s*[\[［(（](?:非表示|表示|隠す|開く|閉じる|hide|show|close|open|toggle)[\]］)）])?|contents|table of contents|index|この記事の(?:目次|内容|もくじ)|ページ内(?:目次|リンク|メニュー)|コンテンツ",
        ),
        (
            "ad",
            r"広告|スポンサー?ド?リンク|sponsored?(?: links?)?|PR|ad(?:s|vertisement)?|提供|おすすめ(?:の)?商品|この記事で紹介した(?:商品|本|アイテム)(?:はこちら)?|紹介した(?:商品|本)",
        ),
        (
            "press-contact",
            (
                r"(?:(?:本|この)?(?:件|リリース|プレスリリース|発表|ニュースリリース|内容|製品|サービス|イベント)?に(?:関する|ついての)?(?:報道(?:関係(?:者(?:様|の方|の皆様|各位)?)?)?|メディア|取材|プレス)(?:からの|の|に関する|・|向け)*(?:お?問い?合わ?せ先?|ご?連絡先?|窓口)*(?:先|窓口|はこちら)?"
                r"|(?:報道(?:関係)?(?:者(?:様|の方|の皆様|各位)?)?|メディア(?:関係者?)?|取材|プレス|広報|press)(?:様|の方|の皆様|関係者)?(?:からの?|に関する|の|・|向け|用)*(?:お?問い?合わ?せ先?|ご?連絡先?|窓口|contact).{0,8}"
                r"|本(?:件|リリース|プレスリリース|発表|ニュースリリース)(?:に関する|についての|の)(?:お?問い?合わ?せ先?|ご?連絡先?|問合せ).{0,8}"
                r"|press contacts?|media contacts?|メディアお?問い?合わ?せ.{0,4})"
            ),
        ),
        (
            "company-outline",
            r"会社(?:概要|情報|紹介)|企業(?:概要|情報)|運営会社(?:概要|について|情報)?|(?:株式会社|有限会社|合同会社).{0,20}(?:について|概要|会社概要)|.{1,20}(?:株式会社|有限会社|合同会社)(?:について|概要|会社概要)|about (?:us|the company)|(?:当社|弊社)について|団体概要|企業プロフィール|会社プロフィール",
        ),
        (
            "survey",
            r"(?:この|本)?ページ(?:に関する|に対する|についての?|の)?(?:アンケート|評価|ご意見|感想|情報は).{0,20}|より(?:良|よ)い(?:ウェブサイト|ホームページ|サイト).{0,30}|(?:アンケート|お聞かせください|ご意見をお聞かせください)|この(?:記事|ページ)は(?:お?役に?立|参考にな).{0,15}",
        ),
        (
            "nav",
            r"(?:グローバル|サイト|メイン|サイド|ローカル|フッター)?(?:ナビ(?:ゲーション)?|メニュー)|menu|navigation|サイト内検索|検索|サイトマップ|現在(?:の位置|地)|パンくず(?:リスト)?|リンク集|このカテゴリー?のメニュー|サブメニュー",
        ),
        (
            "call",
            r"(?:メルマガ|メールマガジン|ニュースレター)(?:の?(?:登録|購読|ご案内))?.{0,10}|(?:無料)?会員登録.{0,10}|お申(?:し)?込みはこちら|資料請求.{0,10}|LINE(?:で|友だち|公式).{0,20}|チャンネル登録.{0,10}|newsletter|subscribe|ダウンロードはこちら|採用情報|求人情報|サポートする|この記事をサポート.{0,10}",
        ),
        (
            "footer",
            r"copyright.*|ページ情報|サイトについて|プライバシーポリシー|利用規約|免責事項|著作権について|このサイトについて",
        ),
    )
)
LINES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE))
    for reason, pattern in (
        (
            "ad",
            r"^[\W_]*(?:広告|スポンサー?ド?リンク|sponsored?(?:\s*links?)?|advertisements?|PR|ad|AD|【PR】|\[PR\]|［PR］|タイアップ広告|広告の(?:後|あと|下)に(?:も|本文が)?.{0,12}続きます.?|(?:当|本|この)?(?:ページ|サイト|記事|ブログ|コンテンツ)(?:の|に|は|内|で)[^。]{0,30}(?:広告|プロモーション|アフィリエイト|PR)[^。]{0,30}(?:含|利用し|使用し|参加し|掲載し|得て|表示し|あります)[^。]{0,14}[。]?|記事は広告の(?:後|あと|下)に続きます.?|本?(?:記事|ページ|サイト)(?:に)?は.{0,12}(?:プロモーション|広告|アフィリエイト).{0,30})[\W_]*$",
        ),
        (
            "related",
            r"^[\W_]*(?:関連(?:記事|リンク|ページ|ニュース|動画|特集|サイト|情報)?|あわせて読みたい|合わせて読みたい|併せて読みたい|こちらも(?:おすすめ|どうぞ|あわせて)|おすすめ(?:記事)?|参考記事|前回の記事|次回の記事|過去記事|(?:前|次)の(?:記事|ページ|投稿)|(?:前|次)へ|【?関連】?|【?(?:あわせて|合わせて)読みたい】?|see also|read more|related|関連：|特集|連載)\s*[:：＞>»≫→⇒]+\s*.{0,120}$",
        ),
        (
            "related",
            r"^[\W_]*(?:関連記事|関連リンク|関連ニュース|あわせて読みたい|合わせて読みたい|併せて読みたい|(?:前|次)の(?:記事|ページ|投稿)|(?:前|次)へ|トップ(?:ページ)?(?:へ|に)(?:戻る)?|一覧(?:へ|に)?(?:戻る)?|記事一覧|(?:記事|お知らせ|ニュース|新着)(?:一覧)(?:へ|に|を)?(?:戻る|見る)?|もっと見る|すべて見る|全て見る|HOME|home|トップ|next|prev(?:ious)?|ホーム)[\W_]*$",
        ),
        (
            "call",
            r"^[\W_]*(?:続き(?:を|は)(?:読む|みる|見る|こちら).{0,10}|もっと(?:読む|見る|詳しく)|詳細?(?:は|を)(?:こちら|見る)|詳しくはこちら(?:から|をご覧ください|へ)?|詳しく見る|こちら(?:から|へ|をクリック|をご覧ください)?|クリック(?:して|で).{0,14}|(?:お?申し?込み?|お?問い?合わ?せ|ご?予約|ご?購入|ダウンロード|資料請求|会員登録|無料登録|ログイン|登録|応募|詳細)(?:は|する|フォーム)?(?:こちら)?(?:から|へ)?|公式サイト(?:は|を)?(?:こちら|見る)?|(?:amazon|楽天(?:市場)?|yahoo!?(?:ショッピング)?|メルカリ|kindle)(?:で|を)(?:見る|購入|探す|詳細を見る|チェック|買う).{0,6}|フォロー(?:する|してね)|いいね[!！]?(?:する)?|チャンネル登録.{0,12}|メルマガ.{0,20}登録.{0,12}|read more|click here|subscribe|sign up|log ?in)[\W_]*$",
        ),
        (
            "share",
            r"^[\W_]*(?:(?:この(?:記事|ページ|投稿)を)?(?:シェア|共有|ツイート|ポスト|ブックマーク|ブクマ|保存|印刷|コピー|送る|LINEで送る|メールで送る|はてなブックマーク|はてブ|pocket|feedly|facebook|twitter|X|line|tweet|share|post|pin it|note|hatena|リンクをコピー|urlをコピー|コピーしました|copied!?|いいね!?)(?:する|に追加|でシェア(?:する)?|で(?:送る|共有)(?:する)?|してください)?\s*(?:\d+)?)[\W_]*$",
        ),
        (
            "share",
            r"^[\W_]*(?:.{0,20}(?:facebook|twitter|LINE|X|はてなブックマーク|インスタグラム|instagram)(?:で|に|を)(?:シェア|投稿|共有|送る|ブックマーク|フォロー|ポスト|ツイート)(?:する)?.{0,6})[\W_]*$",
        ),
        (
            "nav",
            r"^[\W_]*(?:(?:この)?(?:ページ|記事)の(?:先頭|トップ|上部?|top|最初)(?:へ|に)(?:戻る|移動(?:する)?)?|(?:ページ)?(?:トップ|top)(?:へ|に)(?:戻る)?|page ?top|back to top|to top|(?:本文|メインコンテンツ|コンテンツ|メニュー)(?:へ|に|を)(?:スキップ|移動|飛ばす)(?:する|します)?|ここから(?:本文|メニュー|サブメニュー|フッター|ヘッダー)(?:です|となります)?|(?:本文|フッター|ヘッダー|サブメニュー)ここまで(?:です)?|文字サイズ.{0,20}|(?:標準|大|中|小|特大|拡大)|閲覧支援.{0,12}|読み上げ.{0,12}|印刷(?:する|用ページ|用ページを表示する|ページ)?|print|skip to (?:main )?content|戻る|閉じる|検索|メニュー|menu|close|open)[\W_]*$",
        ),
        (
            "breadcrumb",
            r"^[\W_]*(?:現在(?:の位置|地|のページ|位置)\s*[:：]?.*|(?:ホーム|トップ(?:ページ)?|home|top)\s*[>＞»›/／→≫].{0,160})$",
        ),
        (
            "reader-notice",
            r"(?:adobe\s*(?:acrobat\s*)?reader|acrobat\s*reader|アドビ(?:社の?)?.{0,20}リーダー|PDF(?:形式の)?(?:ファイル|文書|データ)?を?(?:ご覧|閲覧|見る|開く|表示|お読み)(?:いただく|になる|する)?(?:に|ため|場合|際)).{0,160}$",
        ),
        (
            "reader-notice",
            r"^.{0,60}(?:リーダー|reader|ソフト).{0,10}(?:お持ちでない方|インストールされていない|ダウンロード(?:して|が必要)).{0,80}$",
        ),
        (
            "byline",
            r"^[\W_]*(?:(?:最終)?更新(?:日時?|日付)?|公開(?:日時?)?|投稿(?:日時?)?|掲載(?:日時?)?|登録日|作成日|発行日|印刷日|配信(?:日時?)?|update|updated|published|posted(?: on)?|date|last (?:updated|modified))\s*[:：]?\s*(?:(?:20\d\d|19\d\d|令和|平成|令|平).{0,50}|\d{1,2}\s*[/月]\s*\d{1,2}\s*日?\s*(?:[(（][月火水木金土日][)）])?\s*(?:\d{1,2}[:時]\d{2}分?)?)$",
        ),
        (
            "byline",
            r"^[\W_]*(?:20\d\d|19\d\d)\s*[年./\-]\s*\d{1,2}\s*[月./\-]\s*\d{1,2}\s*日?\s*(?:[(（]?[月火水木金土日](?:曜日?)?[)）]?)?[\s\-－]*(?:\d{1,2}[:時]\d{2}分?(?::\d{2})?)?\s*(?:更新|公開|配信|掲載|投稿|付|JST)?(?:\s*[/|｜・]\s*[^\s。]{1,12}){0,3}[\W_]*$",
        ),
        (
            "byline",
            r"^[\W_]*\d{1,2}\s*[/月]\s*\d{1,2}\s*日?\s*[(（][月火水木金土日][)）]\s*\d{1,2}[:時]\d{2}分?\s*(?:配信|更新|公開|掲載)?[\W_]*$",
        ),
        (
            "press-contact",
            r"^[\W_]*(?:報道|プレス|マスコミ|メディア)(?:関係)?(?:者|の)?(?:の)?[\s　]*(?:各位|(?:の)?(?:皆様|皆さま|皆さん|方々))(?:へ)?[\W_]*$",
        ),
        (
            "byline",
            r"^[\W_]*(?:令和|平成)\s*(?:元|\d{1,2})\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日?\s*(?:[(（]?[月火水木金土日](?:曜日?)?[)）]?)?\s*(?:更新|公開|掲載)?[\W_]*$",
        ),
        (
            "byline",
            r"^[\W_]*(?:ページ(?:番号|ID|id)|page ?id|記事ID|文書番号|ID番号|コンテンツID|印刷用?)\s*[:：]?\s*\w{1,20}[\W_]*$",
        ),
        (
            "byline",
            r"^[\W_]*(?:(?:(?:19|20)\d\d年)?\d{1,2}月(?:\d{1,2}日)?(?:号|掲載|公開)?[\s　・/／|｜]+)?(?:著者?|執筆者?|文|筆者|ライター|取材・?文|文・?写真|取材|編集|写真|撮影|構成|聞き手|監修|text|writer|written by|author|posted by|by|投稿者|作成者|記者|担当)\s*[:：/／=＝＿_・]\s*[^。、]{1,40}$",
        ),
        (
            "byline",
            r"^[\W_]*(?:カテゴリー?|タグ|tags?|category|categories|keywords?|キーワード|ジャンル|テーマ|filed under|ハッシュタグ)\s*[:：]\s*.{1,120}$",
        ),
        ("byline", r"^(?:[#＃][^\s#＃。、]{1,30}[\s　]*){1,20}$"),
        (
            "byline",
            r"^[\W_]*(?:この記事は)?(?:約|およそ)?\s*\d{1,3}\s*(?:分|min(?:utes?)?)(?:で|ほどで|程度で)?(?:読め(?:ます|る)|read).{0,6}$|^読了(?:時間|目安).{0,20}$|^\d[\d,]*\s*(?:views?|pv|回(?:閲覧|再生))$",
        ),
        (
            "feed-footer",
            r"^[\W_]*(?:投稿|記事)\s*.{1,120}\s*は\s*.{1,60}\s*に最初に(?:表示|投稿|公開)されました.?$|^the post .{1,200} (?:first appeared|appeared first) on .{1,100}$|^copyright © .{1,80}$|^.{0,40}の続きを読む$",
        ),
        (
            "image-button",
            r"^[\W_]*(?:(?:写真|画像|図|地図)?(?:を)?(?:クリック|タップ|押す)(?:して|すると|で)?(?:写真|画像)?(?:を)?(?:拡大|表示).{0,10}|(?:写真|画像)(?:を)?(?:拡大|もっと見る|見る)(?:する|表示)?|拡大(?:する|表示|画像|写真)|全\d{1,3}枚|画像一覧.{0,6})[\W_]*$",
        ),
        (
            "counter",
            r"^.{0,14}人目の.{0,14}(?:です|様|さん)?[。!！]?$|^[\W_]*(?:total|today|yesterday|累計|本日|昨日|訪問者数?|アクセス(?:数|カウンター)?)\s*[:：]?\s*[\d,]+[\W_]*$",
        ),
        (
            "mail-notice",
            r"^[\W_]*(?:(?:この|本)(?:メール|メルマガ|メールマガジン|配信)(?:マガジン)?(?:は|を|の|が).{0,40}(?:配信|送信|お送り|ご覧|購読|自動|登録|転送|等幅|解除).{0,40}|.{0,20}(?:配信|購読)(?:の)?(?:停止|解除|中止|変更).{0,50}|(?:登録|購読)[・/／](?:解除|停止|変更).{0,60}|(?:バックナンバー|過去(?:の)?(?:記事|号)).{0,40}(?:こちら|ご覧|ウェブ|サイト|https?).{0,40}|ご意見[・、や]?ご?感想.{0,60}@.{0,40})$",
        ),
        (
            "copyright",
            r"^[^。]{0,40}copyright\s*(?:\(c\)|©|ⓒ).{0,120}$|^.{0,30}リンクフリー.{0,60}$|^[\W_]*(?:copyright|©|\(c\)|Ⓒ|ⓒ|all rights reserved|無断(?:転載|複製|転用).{0,20}(?:禁|お断り)|.{0,40}(?:無断転載|無断複製|無断での転載).{0,30}(?:禁じ|禁止|お断り)).{0,120}$|^.{0,60}all rights reserved.{0,20}$",
        ),
        (
            "comments",
            r"^[\W_]*(?:コメント(?:を(?:書く|残す|する|投稿する|見る)|する|欄|\s*[（(]?\d+件?[)）]?|はまだありません|はありません|は受け付けていません).{0,20}|トラックバック.{0,20}|返信(?:する)?|メールアドレスが公開されることはありません.{0,60})[\W_]*$",
        ),
        ("cookie", r"^.{0,80}(?:cookie|クッキー).{0,40}(?:使用|利用|同意|許可|ポリシー).{0,160}$"),
        (
            "login",
            r"^.{0,40}(?:この(?:記事|先|続き)は?.{0,20}(?:有料|会員(?:限定|登録)|ログイン|購読)|残り\s*\d[\d,]*\s*文字|ログインして(?:続き|全文)|(?:有料)?会員(?:に(?:なる|登録)|限定|の方は)|続きを読むには).{0,80}$",
        ),
        (
            "survey",
            r"^[\W_]*(?:この(?:ページ|記事|情報)(?:の情報)?は.{0,12}(?:役に立ち|参考にな|見つけやす|わかりやす|分かりやす).{0,12}|(?:はい|いいえ|(?:役に立った|役に立たなかった|普通|ふつう|どちらとも?(?:い|言)?え?ない)+)|(?:役に立った|わかりやすかった).{0,30})[\W_?？]*$",
        ),
        (
            "call",
            r"^[\s　]*[＼\\]\s*.{2,40}\s*[／/][\s　]*$|(?:ブログ村|人気ブログランキング|ブログランキング).{0,30}$|^.{0,30}ランキング(?:に)?参加(?:中|して(?:い)?ます).{0,40}$|^.{0,20}(?:ポチッと|ぽちっと|応援クリック).{0,30}$",
        ),
        (
            "share",
            r"^[\W_]*(?:(?:twitter|x|facebook|line|pocket|hatena|はてブ|はてなブックマーク|feedly|rss|pinterest|linkedin|threads|bluesky|mastodon|instagram|note|シェア|ツイート|コピー|メール|リンク)[\s　/|｜・,、]*){2,}[\W_]*$",
        ),
        ("nav", r"^[^。]{1,20}(?:\t+[^。\t]{1,20}){2,}$|^[^。|｜]{1,16}(?:\s*[|｜]\s*[^。|｜]{1,16}){2,}$"),
        ("embed", r"^[\W_]*(?:https?://\S+|//\S+\.\S+)[\W_]*$"),
        (
            "shortcode",
            r"^(?:\[/?[a-z][\w-]*(?:\s[^\]]*)?\]\s*)+$|^\{\{[<%].*[>%]\}\}$|^@\[[\w-]+\]\([^)]*\)$|^\{%.*%\}$",
        ),
        ("list-marker", r"^(?:more|<!--more-->|====+)$"),
    )
)
BARE_CONTACT = re.compile(r"^[\W_]*お?問い?合わ?せ(?:先)?[\W_]*$")
BESIDE = re.compile(
    r"^【(?:関連(?:記事|リンク)?|あわせて読みたい|合わせて読みたい|併せて読みたい|写真(?:特集|一覧)?|画像(?:一覧)?|動画|図解|グラフ|フォト(?:ギャラリー)?|おすすめ(?:記事)?|こちらも|次のページ|前回)】[^。]{2,100}$"
)
"""A link to something beside the article, named in brackets, in the middle of the text."""
MENU = re.compile(r"^(?:\s*[\[［【〔|｜・<＜]\s*[^\[\]［］【】|｜。]{1,14}\s*[\]］】〕>＞|｜]?[\s|｜]*){2,}$")
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
NUMBERED = re.compile(
    r"^(?P<word>STEP|ステップ|手順|POINT|ポイント|その)?[\s.．]*(?P<n>[\d０-９]{1,2})[.．)）]?$", re.IGNORECASE
)
NOTES_HEAD = re.compile(r"^[\W_]*(?:脚注|注釈?|注記|補注|footnotes?|notes?|references)[\W_]*$", re.IGNORECASE)
ATTACHED = re.compile(
    r"[（(\[［【]\s*(?:PDF|ＰＤＦ|Word|ワード|Excel|エクセル|PowerPoint|ZIP|CSV|JPEG|一太郎).{0,30}[)）\]］】][\s　]*$",
    re.IGNORECASE,
)
"""The name of a file that an office attaches to a notice."""
CONTACT_FORM = re.compile(
    r"フォーム(?:による|からの?|で|へ)?の?お?問い?合わ?せ|お?問い?合わ?せ(?:専用)?フォーム(?:へ|から|はこちら)?$"
)
PAGER = re.compile(
    r"(?:前へ|次へ|前の(?:ページ|記事|回|章|話)|次の(?:ページ|記事|回|章|話)|目次(?:へ|に)?|(?:トップ|一覧|TOP|HOME|ホーム)(?:ページ)?(?:へ|に)?|戻る|もどる|[<＜«‹]\s*(?:前|prev)|(?:次|next)\s*[>＞»›])",
    re.IGNORECASE,
)
LINK_MARK = re.compile(
    r"^[\s　]*(?:[▶►▷≫»＞>→⇒☞👉🔗◎●・※]+|【[^】]{1,10}】|関連|参考|あわせて|合わせて|併せて|こちら|詳しく|前|次)"
)
SERVICE_LINK = re.compile(
    r"(?:はこちら|こちら(?:から|へ|をご覧ください)?|をご覧ください|を見る|へ(?:戻る|移動)|する|続きを読む|もっと見る|ダウンロード|お申込み|一覧)[。]?[\W_]*$"
)
MUNICIPAL = re.compile(
    r"(?:[都道府県市区町村]役?[所場]?|市役所|区役所|町役場|村役場|県庁|課|係|室|センター|省|庁|局|部|館|保健所|教育委員会|消防|警察|事務所|機構|法人)"
)
COMPANY = re.compile(r"株式会社|有限会社|合同会社|\(株\)|（株）|㈱|Inc\.|Co\.,? ?Ltd|代表取締役")


def refine(pieces: list[Piece], ledger: Ledger, steps: Sequence[Step] | None = None) -> list[Piece]:
    """All steps in order."""
    for step in steps or STEPS:
        pieces = step(pieces, ledger)
    return pieces


TAG = re.compile(r"</?[a-zA-Z][\w-]*(?:\s[^<>]{0,400})?/?>")


def stray_markup(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Pieces full of tags come from broken markup (an unclosed title or text area): the tags go, the words stay."""
    return [
        _untagged(piece, ledger) if piece.text.count("<") > 3 and piece.kind not in ("code", "math") else piece
        for piece in pieces
    ]


def _untagged(piece: Piece, ledger: Ledger) -> Piece:
    tags = TAG.findall(piece.text)
    if len(tags) < 4:
        return piece
    ledger.drop("".join(tags), "markup", piece.line)
    for ruby in piece.rubies:
        ledger.drop(ruby.reading, "markup", piece.line)
    return piece.to(text=" ".join(TAG.sub(" ", piece.text).split()), rubies=())


def stock(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Credits and English image descriptions that stand as text."""
    kept: list[Piece] = []
    for piece in pieces:
        if piece.kind in ("paragraph", "caption", "list_item", "aside") and junk.is_credit(piece.text):
            ledger.leave(piece, "photo-credit")
            if kept:
                kept[-1] = kept[-1].to(hints=kept[-1].hints | {"image-after"})
        elif piece.kind == "caption" and junk.is_latin(piece.text):
            ledger.leave(piece, "image-alt")
        else:
            kept.append(junk.without_credit_tail(piece, ledger) if piece.kind == "caption" else piece)
    return kept


CATEGORY = re.compile(
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
        if not why:
            break
        ledger.leave(piece, why)
        start += 1
    return pieces[start:]


def lines(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Single lines that every site prints around its articles."""
    kept = []
    for n, piece in enumerate(pieces):
        why = (
            line_reason(piece, first=n < 6, last=n > len(pieces) - 4)
            if piece.kind in ("paragraph", "list_item", "aside", "caption", "quote")
            else ""
        )
        if why and not _heads_contact(pieces, n):
            ledger.leave(piece, why)
        else:
            kept.append(piece)
    return kept


def _heads_contact(pieces: list[Piece], n: int) -> bool:
    """Whether a line that only says お問い合わせ stands above an office's address."""
    after = " ".join(piece.text for piece in pieces[n + 1 : n + 4])
    return pieces[n].linked < 0.5 and bool(BARE_CONTACT.match(pieces[n].text)) and bool(OFFICE_DATA.search(after))


OFFICE_DATA = re.compile(
    r"(?:課|係|室|局|部|センター|事務所|役場|窓口)(?:[\s　（(：:]|$)|電話|TEL|℡|\d{2,5}[-‐－]\d{1,4}[-‐－]\d{3,4}",
    re.IGNORECASE,
)


def beside(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Links to other pages: named in brackets inside the text, or bare before it."""
    first = next((n for n, piece in enumerate(pieces) if _is_prose(piece)), 0)
    kept = []
    for n, piece in enumerate(pieces):
        bare = piece.kind in ("paragraph", "aside", "list_item") and piece.linked > 0.9 and len(piece.text) <= 20
        if piece.kind in ("paragraph", "aside") and BESIDE.match(piece.text):
            ledger.leave(piece, "related")
        elif piece.kind in ("paragraph", "aside") and piece.linked > 0.5 and MENU.match(piece.text):
            ledger.leave(piece, "nav")
        elif n < first and bare and not any(p.kind == "heading" for p in pieces[:n]):
            ledger.leave(piece, "header")
        else:
            kept.append(piece)
    return kept


def _is_prose(piece: Piece) -> bool:
    return (
        piece.kind == "paragraph" and piece.linked < 0.5 and len(piece.text) > 20 and piece.text.endswith(("。", "」"))
    )


def signatures(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Who wrote it, at the end of the text: a line of its own or in brackets behind the last sentence."""
    kept = list(pieces)
    for n in range(len(pieces) - 1, max(0, len(pieces) - 5), -1):
        piece = kept[n]
        if piece.kind != "paragraph":
            continue
        last = all(later.kind in ("footnote", "break") for later in kept[n + 1 :])
        if SIGNED.match(piece.text) or (last and n > 2 and SOURCE_NAME.match(piece.text)):
            ledger.leave(kept.pop(n), "byline")
        elif (found := SIGNATURE.search(piece.text)) and found.start() > 0:
            ledger.drop(found[0], "byline", piece.line)
            kept[n] = piece.to(
                text=piece.text[: found.start()], rubies=tuple(r for r in piece.rubies if r.end <= found.start())
            )
    return kept


def numbers(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """A step's number set as a line of its own is the number of what follows."""
    kept: list[Piece] = []
    number = ""
    for n, piece in enumerate(pieces):
        found = NUMBERED.match(piece.text) if piece.kind in ("paragraph", "list_item", "aside") else None
        after = pieces[n + 1] if n + 1 < len(pieces) else None
        if found and after is not None and after.kind in ("paragraph", "list_item", "aside"):
            ledger.drop(piece.text, "list-mark", piece.line)
            number = (found["word"] or "") + found["n"]
        else:
            kept.append(piece.to(kind="list_item", level=1, info=number) if number else piece)
            number = ""
    return kept


COUNTED = re.compile(
    r"^(?:[(（]?(?P<n>\d{1,2})(?:[)）.．、:：][\s　]*|[\s　]+)|(?P<circled>[①-⑳❶-❿])[\s　.．、:：]*)(?=[^\d\s　])"
)


def counted(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Paragraphs one below the other that count 1, 2, 3 are a list; single ones are headings or text."""
    out = list(pieces)
    n = 0
    while n < len(pieces):
        end = n
        while end < len(pieces) and _counts(pieces[end], end - n + 1):
            end += 1
        if end - n >= 2:
            for k in range(n, end):
                found = COUNTED.match(pieces[k].text)
                size = found.end() if found else 0
                ledger.drop(pieces[k].text[:size], "list-mark", pieces[k].line)
                out[k] = pieces[k].cut(size, ledger).to(kind="list_item", level=1, info=str(k - n + 1))
        n = max(end, n + 1)
    return out


def _counts(piece: Piece, number: int) -> bool:
    found = COUNTED.match(piece.text) if piece.kind == "paragraph" and not piece.strong else None
    if found is None:
        return False
    if found["circled"]:
        return number == ("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳".find(found["circled"]) + 1 or "❶❷❸❹❺❻❼❽❾❿".find(found["circled"]) + 1)
    return int(found["n"]) == number


BULLETED = re.compile(r"^[・･•‣◦∙][\s　]*(?=[^\s　・･])")


def bullets(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Paragraphs that begin with a printed bullet are items of a list."""
    out = []
    for piece in pieces:
        found = BULLETED.match(piece.text) if piece.kind in ("paragraph", "list_item", "aside", "quote") else None
        if found:
            ledger.drop(found[0], "list-mark", piece.line)
            kind = "list_item" if piece.kind == "paragraph" else piece.kind
            piece = piece.cut(found.end(), ledger).to(kind=kind, level=max(1, piece.level))  # noqa: PLW2901
        out.append(piece)
    return out


MARK_AT_HEAD = re.compile(
    r"^[（(\[［]?(?P<mark>(?:※|＊|\*|注釈?|†)[\s　]?[\d０-９]{1,2})[）)\]］]?[\s　:：.．、]*(?=\S)"
)


def typed_notes(pieces: list[Piece], ledger: Ledger) -> list[Piece]:  # noqa: ARG001 a step
    """A paragraph that begins with a mark which the text before it cites (…になります※1。) is a footnote."""
    out = []
    before = ""
    for piece in pieces:
        found = MARK_AT_HEAD.match(piece.text) if piece.kind in ("paragraph", "list_item", "caption", "aside") else None
        mark = re.sub(r"[\s　]", "", found["mark"]) if found else ""
        noted = bool(mark) and re.search(rf"{re.escape(mark)}(?![\d０-９])", before) is not None
        out.append(piece.to(kind="footnote", info="", level=0) if noted else piece)
        if not noted:
            before += re.sub(r"[\s　]", "", piece.words) + "\n"
    return out


REFERENCES = re.compile(
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
        while end < len(pieces) and pieces[end].kind not in ("heading", "footnote") and _is_link(pieces[end]):
            end += 1
        closed = end == len(pieces) or pieces[end].kind in ("heading", "footnote", "break")
        if REFERENCES.match(piece.text) and end > n + 1 and closed and piece.kind in ("heading", "paragraph"):
            for gone in pieces[n:end]:
                ledger.leave(gone, "references")
            n = end
            continue
        if piece.linked > 0.7 and ATTACHED.search(piece.text):
            ledger.leave(piece, "attachment")
        else:
            kept.append(piece)
        n += 1
    return kept


def _is_link(piece: Piece) -> bool:
    return piece.kind in ("list_item", "paragraph") and piece.linked >= 0.4 and "。" not in piece.text[:-1]


LICENCE = re.compile(
    r"licen[sc]ed? under|released under|\bCC[ -](?:BY|0)\b.{0,40}(?:licen[sc]e|ライセンス)|(?:MIT|Apache|CC).{0,20}ライセンス.{0,30}(?:です|ます|公開|提供)",
    re.IGNORECASE,
)
PROMOTES = re.compile(
    r"^[\s　]*[▼▽★☆◆◇●◎■□📢👇↓⬇➡▶►♪※＼\\].{0,80}(?:募集|フォロー|登録|応援|購入|予約|申し?込|チェック|こちら|シェア|スキ|サポート|ポチ|クリック|お知らせください|ご連絡|DM)"
)
REVISED = re.compile(
    r"^[（(][^（()）。]{0,60}(?:アップ|更新|公開|掲載|改訂|改稿|加筆|修正|差し?[か替]え|作成|記|校了|初出|執筆)(?:しました)?[)）]$"
)
TO_BE_CONTINUED = re.compile(
    r"^[\s　]*[（(【＜<→]?(?:(?:第?[\d０-９一二三四五六七八九十]+回|[前中後]編|次回|次ページ|次のページ|続き|つづき)(?:[へにはを]|は次回)?(?:続く|つづく|つづきます|続きます|続きは.{0,12}|お楽しみに)?|(?:つづく|続く|to be continued))[）)】＞>。．…！]*$",
    re.IGNORECASE,
)


ENDINGS = (("pager", TO_BE_CONTINUED), ("byline", REVISED), ("call", PROMOTES), ("licence", LICENCE))


def endings(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """What a site sets below the last sentence: to be continued, when it was revised, a call, a licence."""
    kept = list(pieces)
    while True:
        at = next((n for n in range(len(kept) - 1, 1, -1) if kept[n].kind not in ("footnote", "break", "figure")), 0)
        last = kept[at] if at else None
        if last is None or last.kind not in ("paragraph", "aside", "list_item") or len(last.text) > 120:
            return kept
        why = next((reason for reason, pattern in ENDINGS if pattern.search(last.text)), "")
        if not why:
            return kept
        ledger.leave(kept.pop(at), why)


def note_heads(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """A line that heads nothing but footnotes."""
    kept = []
    for n, piece in enumerate(pieces):
        noted = n + 1 < len(pieces) and pieces[n + 1].kind == "footnote"
        if piece.kind in ("paragraph", "aside") and noted and NOTES_HEAD.match(piece.text):
            ledger.leave(piece, "footnote-head")
        else:
            kept.append(piece)
    return kept


def line_reason(piece: Piece, *, first: bool, last: bool) -> str:
    """Why a single line is no article text, empty if it is. `first`, `last`: it stands at the edge of the text."""
    text = piece.text.strip()
    if len(text) > 240:
        return ""
    if not re.search(r"\w", text):
        return "ornament" if piece.kind != "quote" else ""
    for reason, pattern in LINES:
        if pattern.search(text) and not (reason == "byline" and _is_content(piece, first=first, last=last)):
            return reason
    if piece.linked > 0.74 and PAGER.search(text) and len(text) < 60:
        return "pager"
    if piece.linked > 0.9 and CONTACT_FORM.search(text):
        return "call"
    if (
        piece.linked > 0.9
        and piece.kind in ("paragraph", "aside")
        and (LINK_MARK.match(text) or (SERVICE_LINK.search(text) and len(text) < 40))
    ):
        return "related"
    return ""


def _is_content(piece: Piece, *, first: bool, last: bool) -> bool:
    """Dates and labels inside the text are content (開催日 in a notice, a diary's days)."""
    return not (first or last) or piece.kind == "list_item"


def sections(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """A heading that announces something of the site, and all that stands below it."""
    kept: list[Piece] = []
    n = 0
    while n < len(pieces):
        piece = pieces[n]
        why = _section_reason(piece) if piece.kind == "heading" or _announces(piece) else ""
        end = _section_end(pieces, n, why) if why else n
        if why and _agrees(pieces[n + 1 : end], why):
            for gone in pieces[n:end]:
                ledger.leave(gone, why)
            n = max(end, n + 1)
        else:
            kept.append(piece)
            n += 1
    return kept


def _announces(piece: Piece) -> bool:
    return piece.kind == "paragraph" and len(piece.text) <= 30 and not piece.text.endswith("。")


def _section_reason(piece: Piece) -> str:
    text = headings.unmarked(piece.text)
    return next((reason for reason, pattern in SECTIONS if pattern.match(text)), "")


def _section_end(pieces: list[Piece], start: int, why: str) -> int:
    """Where the section ends: the next heading of its level or above, a rule, or for a bare line its list."""
    level = pieces[start].level if pieces[start].kind == "heading" else 99
    listed: set[str] = set()
    for n in range(start + 1, len(pieces)):
        piece = pieces[n]
        if piece.kind == "heading" and (piece.level <= level or level == 99):
            return n
        if level == 99 and n > start + 1 and pieces[n - 1].kind == "list_item" and piece.kind != "list_item":
            return n
        presented = why == "author-box" and n == start + 1  # the author's name, alone on its line, heads nothing
        if level == 99 and (why in ("ad", "share", "call") or (_new_heading(pieces, n) and not presented)):
            return n
        if why == "toc" and _key(piece.text) in listed:
            return n
        listed.add(_key(piece.text))
        prose = piece.kind == "paragraph" and piece.linked < 0.5 and piece.text.endswith(("。", "」", "！", "？"))
        if level == 99 and why != "author-box" and prose and len(piece.text) > 40:
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
    headed = {_key(piece.text): at for at, piece in enumerate(pieces) if piece.kind == "heading"}
    n = 0
    while n < len(pieces):
        end = n
        while end < len(pieces) and pieces[end].kind == "list_item":
            end += 1
        group = pieces[n:end]
        if group and _is_contents(group, headed, end, linked=ledger.form != "text"):
            for piece in group:
                ledger.leave(piece, "toc")
        else:
            kept += group or [pieces[n]]
        n = max(end, n + 1)
    return kept


def _is_contents(group: Sequence[Piece], headed: Mapping[str, int], end: int, *, linked: bool) -> bool:
    """List items that repeat the headings below; where the form has links, as links."""
    if linked and sum(piece.linked > 0.5 for piece in group) < len(group) * 0.6:
        return False
    hits = sum(headed.get(_key(piece.text), -1) >= end for piece in group)
    return len(group) >= 2 and hits >= max(2, len(group) * 0.6)


def _key(text: str) -> str:
    return re.sub(r"[\W_]|^\d+(?:[.\-]\d+)*", "", text)


def bold_headings(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Paragraphs that are headings by bold print, printed mark or a class name."""
    real = any(piece.kind == "heading" for piece in pieces)
    candidates = [n for n, piece in enumerate(pieces) if _could_head(pieces, n)]
    strong = [n for n in candidates if "heading-class" in pieces[n].hints]
    marked = [n for n in candidates if pieces[n].strong or headings.mark_level(pieces[n].text) in (1, 2, 3)]
    bold = [n for n in marked if n not in strong]
    if real and len(bold) < 2:
        bold = [n for n in bold if headings.mark_level(pieces[n].text)]
    out = list(pieces)
    guessed = sorted((*strong, *bold))
    base = _level_above(pieces, min(guessed, default=0))
    ranks = _ranks([pieces[n] for n in guessed])
    for n in guessed:
        level = base + ranks[_style(pieces[n])]
        out[n] = pieces[n].to(kind="heading", level=level, hints=pieces[n].hints | {"guessed"})
        ledger.note(
            "guessed-heading",
            f"taken as a heading: {pieces[n].text}",
            f"見出しとみなしました: {pieces[n].text}",
            pieces[n].line,
        )
    return out


SIZES = (
    re.compile(r"(?:^| )(?:xl|l|large|big|oo|dai|omidashi|oomidashi|lv ?1|1)(?= |$)"),
    re.compile(r"(?:^| )(?:m|mid|middle|medium|naka|chu|nakamidashi|chumidashi|lv ?2|2)(?= |$)"),
    re.compile(r"(?:^| )(?:s|xs|small|ko|sho|komidashi|shomidashi|lv ?3|3)(?= |$)"),
)


def _style(piece: Piece) -> str:
    """How a guessed heading looks: its class, its printed mark, or plain bold."""
    named = next((hint for hint in piece.hints if hint.startswith("class:")), "")
    return named or headings.sign_of(piece.text)


def _ranks(found: Sequence[Piece]) -> dict[str, int]:
    """Ranks 0.. of the styles of guessed headings: by the size their classes name, else in the order of first use.

    A plain one that opens or closes (はじめに, まとめ) ranks with the first.
    """
    ranks: dict[str, int] = {}
    for piece in found:
        style = _style(piece)
        if style in ranks or (ranks and not style and headings.KEYWORD.match(piece.text)):
            continue
        ranks[style] = len(ranks)
    sized = {style: size for style in ranks if (size := _size(style)) is not None}
    if len(set(sized.values())) > 1:
        order = sorted(set(sized.values()))
        ranks |= {style: order.index(size) for style, size in sized.items()}
    return {"": 0, **ranks}


def _size(style: str) -> int | None:
    spelt = style.removeprefix("class:").replace("-", " ").replace("_", " ").lower()
    return next((n for n, pattern in enumerate(SIZES) if style.startswith("class:") and pattern.search(spelt)), None)


def _level_above(pieces: list[Piece], first: int) -> int:
    """The level of guessed headings: below all real ones (7), but theirs when the first guessed one comes before them."""
    real = [(n, piece.level) for n, piece in enumerate(pieces) if piece.kind == "heading" and not _is_title(pieces, n)]
    return min(level for _, level in real) if real and first < real[0][0] else 7


def _is_title(pieces: list[Piece], n: int) -> bool:
    """A first heading that stands above all others by itself."""
    return n == 0 and not any(p.kind == "heading" and p.level <= pieces[0].level for p in pieces[1:])


def _could_head(pieces: list[Piece], n: int) -> bool:
    piece = pieces[n]
    if piece.kind != "paragraph" or n + 1 >= len(pieces) or not headings.looks_like(piece.text):
        return False
    if piece.linked > 0.9 or not (piece.strong or "heading-class" in piece.hints or headings.mark_level(piece.text)):
        return False
    if headings.LABEL.match(piece.text) and "heading-class" not in piece.hints and not headings.mark_level(piece.text):
        return len(piece.text) > 15 and piece.strong
    return pieces[n + 1].kind != "heading" or "heading-class" in piece.hints


def clean_headings(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Headings without their printed marks; those with nothing below them and no deeper heading go."""
    kept: list[Piece] = []
    for n, piece in enumerate(pieces):
        if piece.kind != "heading":
            kept.append(piece)
            continue
        following = next((later for later in pieces[n + 1 :] if later.kind not in ("footnote", "break")), None)
        empty = following is None or (following.kind == "heading" and following.level <= piece.level)
        if empty or (not JAPANESE.search(piece.text) and not re.search(r"[A-Za-z0-9]", piece.text)):
            if "guessed" in piece.hints:
                kept.append(piece.to(kind="paragraph", level=0))
            else:
                ledger.leave(piece, "empty-section")
            continue
        kept.append(headings.without_mark(piece, ledger))
    return _unnumbered(kept, ledger)


def _unnumbered(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Guessed headings that count 1, 2, 3 without their numbers, which are printed marks like ■."""
    numbers = {
        n: found
        for n, piece in enumerate(pieces)
        if piece.kind == "heading"
        and piece.hints & {"guessed", "marked"}
        and (found := headings.NUMBER.match(piece.text))
    }
    counts = [found["n"].translate(headings.NARROW) for found in numbers.values()]
    if counts[:2] != ["1", "2"]:
        return pieces
    out = list(pieces)
    for n, found in numbers.items():
        ledger.drop(found[0], "heading-mark", pieces[n].line)
        out[n] = pieces[n].cut(found.end(), ledger)
    return out


def breaks_between(pieces: list[Piece], ledger: Ledger) -> list[Piece]:  # noqa: ARG001 a step
    """Section breaks only between text: none first, last or beside a heading."""
    kept: list[Piece] = []
    for n, piece in enumerate(pieces):
        if piece.kind == "break":
            before = kept[-1].kind if kept else "heading"
            after = next((later.kind for later in pieces[n + 1 :]), "heading")
            if before in ("heading", "title", "break") or after in ("heading", "break", "footnote"):
                continue
        kept.append(piece)
    return kept


STEPS: tuple[Step, ...] = (
    stray_markup,
    stock,
    beside,
    numbers,
    counted,
    bullets,
    typed_notes,
    references,
    note_heads,
    bold_headings,
    sections,
    lines,
    link_lists,
    endings,
    signatures,
    clean_headings,
    breaks_between,
    speakers,
)
