"""What the last lines of a text ask of its readers: hearts, followers, gifts, colleagues; and what comes next time.

Thanks go with what they are paid for; alone, they are the author's last word and stay.
"""

from __future__ import annotations

import re

from yomicast.patterns import expression

PROMOTES = expression(
    r"^[^。]{0,60}(?:エンジニア|デザイナー|ライター|仲間|メンバー|社員|スタッフ|一緒に(?:働|つく|作))[^。]{0,30}募集(?:して(?:い|お)?り?ます|中(?:です)?)[。！!]?.{0,60}$|カジュアル面談.{0,20}(?:こちら|どうぞ|お気軽|募集|受付)|^[^。]{0,50}(?:フォロー|登録|購読|いいね|高評価|シェア|拡散|スキ|LGTM|サポート|投げ銭|チップ)[^。]{0,6}(?:して(?:ね|ください|くださいね|もらえ[^。]{0,8})|お願い(?:します|いたします|ね))[^。]{0,4}[。！!♪]?$|^[^。]{0,30}(?:いいね|LGTM|ストック|スキ|コメント|フォロー|高評価|ご意見|感想|応援)[^。]{0,24}(?:ける|える|れる|さる|たら|けたら)と?[、，]?(?:大変|とても|すごく|本当に|何より)?(?:嬉しい|うれしい|励み|喜び|幸い|助かり|(?:次|続き)[^。]{0,8}力に|力に|支えに|モチベーション|やる気)[^。]{0,12}[。！!]?$|^[^。]{0,30}[#＃][^\s。]{1,24}[^。]{0,14}(?:投稿|ポスト|つぶや|シェア|感想|教えて|聞かせて)[^。]{0,10}(?:ください|ね|お願いします)[。！!]?$|^[\s　]*[▼▽★☆◆◇●◎■□📢👇↓⬇➡▶►♪※＼\\].{0,80}(?:募集|フォロー|登録|応援|購入|予約|申し?込|チェック|こちら|シェア|スキ|サポート|ポチ|クリック|お知らせください|ご連絡|DM|(?:ご?寄[付附]|ご?支援|ご?協賛|カンパ|投げ銭|クラウドファンディング)[^。]{0,16}(?:受け?付|お願い|歓迎|求め|できます|いただけ)|(?:発売|販売|配信|公開)中)"
)
SELF = r"(?:この|本|当)(?:記事|投稿|メール|メルマガ|メールマガジン|号|ブログ|通信|便り|お便り|ニュースレター|エッセイ|連載|番組|コラム)|気に入|面白|おもしろ|役に立|よろしければ|よかったら|よければ|いいなと思"
SPREAD = expression(
    rf"^(?=[^。！!]*(?:{SELF}))[^。！!]{{0,50}}(?:友(?:だち|達|人)|知り?合い|知人|まわり|周り|同僚|家族|仲間|身近|誰か|ほかの方|方々)[^。！!]{{0,16}}(?:転送|紹介|お?すすめ|お?勧め|シェア|教え|お知らせ|広め|回して|伝え)[^。！!]{{0,10}}(?:ください|下さい|いただ|ね|お願い|もらえ|幸い|うれし|嬉し)[^。！!]{{0,8}}[。！!♪]?$"
    r"|^[^。]{0,30}(?:転送|シェア|ご紹介|拡散)(?:は|も|を)?(?:大?歓迎|ご自由に)[^。]{0,8}。?$"
)
"""この記事が気に入ったら、お友だちに転送してください。"""
HELD = expression(
    r"^[^。]{0,10}(?:この|本)(?:対談|鼎談|座談会|連載|記事|企画|インタビュー|特集|シリーズ|コラム|番組|小説|作品|コーナー)[^。]{0,60}(?:開催|開か|収録|発売|書籍化|単行本|上映|展示|募集|配信|刊行|イベント|ツアー|講座|出版|公開|上演|放送)[^。]{0,40}(?:ます|です|中|決定|予定|開催|発売)[。！!]?(?:[^。]{0,30}(?:詳細|詳し|くわし|申し?込み?|予約|チケット|購入|ご覧|お求め|こちら|まで|ページ|サイト|書店)[^。]{0,30}[。！!]?){1,2}$"
)
"""本対談の公開収録を…に開催します。詳細はイベントページへ。: what is held or sold beside the text."""
OFFER = expression(
    r"^[\s　]*[【\[［〔](?:お得|おトク|期間限定|数量限定|[春夏秋冬]季?限定|限定|新発売|新商品|好評(?:発売|受付|配信)中|発売中|販売中|受付中|募集中|予約受付中?|キャンペーン|送料無料|セール|特典|クーポン|プレゼント|耳より|イベント(?:情報|のお知らせ)|告知|宣伝)[^】\]］〕。]{0,12}[】\]］〕][^。]{2,80}$"
)
"""【お得】冬季限定セット券 2,900円, below the text."""
HEARTS = r"(?:いいね|LGTM|ストック|スキ|高評価|ブックマーク|ブクマ|はてブ|フォロー|(?:チャンネル|読者|メルマガ)登録|シェア|拡散|リポスト|リツイート|クラップ|投げ銭|バッジ|チップ)"
ASKED = expression(
    rf"(?:ご?感想|お便り|おたより|ファンレター)[^。！!]{{0,20}}(?:お待ちして|お寄せ|お聞かせ|お送り)|フォローは?こちら|{HEARTS}[^。！!]{{0,24}}(?:お願い|ください|下さい|してね|ちょうだい|(?:いただけ|頂け|もらえ|くれ|くださ)る?と|押して|ポチ|お待ちして|よろしく|歓迎)"
)
ADDRESSED = expression(
    r"^[^。]{1,24}(?:[はも、，:：]|こちら|下記)[^。]{0,12}(?:こちら|下記|まで|へ|から|[:：→])[\W_]*$"
)
"""投稿はこちら, before an address."""
REPORTED = expression(
    r"(?:誤り|間違い|誤字|脱字|誤植|リンク切れ|不備|不具合|お?気づき|わかりにくい(?:点|ところ))[^。！!]{0,24}(?:お知らせ|ご?連絡|ご?指摘|ご?報告|教え|issue|プルリク|\bPR\b|コメント|修正)[^。！!]{0,24}(?:ください|下さい|くだされば|いただけ|頂け|もらえ|幸い|助か|歓迎|どうぞ|お願い|まで)",
    re.IGNORECASE,
)
"""誤りがあればお知らせください。: alone the author's own words, beside a notice a part of it."""
HEARD_AT = expression(
    r"(?:ご?感想|ご?質問|ご?意見|コメント|リクエスト|ご?要望|お?問い?合わ?せ|ご?指摘|誤字[^。はも]{0,8})[はも][、，]?[^。！!]{0,30}(?:コメント欄|フォーム|メール|DM|リプライ|掲示板|issue|Discord|\bX\b|Twitter|こちら|下記)[^。！!]{0,12}(?:まで|へ|から|にて?|で)(?:お気軽に)?[、，]?(?:どうぞ|お願い[^。！!]{0,6}|お寄せ[^。！!]{0,6}|ください|お送り[^。！!]{0,6}|ご連絡[^。！!]{0,6}|受け?付け?て[^。！!]{0,6})?[。！!♪]?$",
    re.IGNORECASE,
)
"""感想はコメント欄へどうぞ！"""
SERVICE = r"(?:旧?Twitter|X|ツイッター|Instagram|インスタ(?:グラム)?|Facebook|YouTube|ユーチューブ|TikTok|LINE|note|ブログ|GitHub|Mastodon|Bluesky|Threads|Discord|ポッドキャスト|メルマガ|ニュースレター|SNS|はてなブログ|Zenn|Qiita)"
ACCOUNT = expression(
    rf"^(?:公式|個人|筆者の?|私の)?{SERVICE}(?:[（(][^（()）]{{1,20}}[)）])?(?:公式)?(?:アカウント)?(?:や{SERVICE}|の[^。はがをに]{{1,8}})?(?:も|でも?|は|では|にて)[、，]?[^。]{{0,30}}"
    r"(?:(?:やって|発信|更新|つぶや|ポスト|投稿|公開|配信|書いて|運営)[^。]{0,6}(?:ます|ません)|フォロー|[→⇒➡＠@])",
    re.IGNORECASE,
)
THANKS = expression(
    r"^(?:いただ|頂戴し|頂)いた(?:サポート|チップ|投げ銭|お金)は|^[^。！!]{0,40}(?:読んで|お読み|ご覧|お?付き?合い|おつきあい|ご清聴|目を通して|読了|ご一読|ご高覧|見て|聴いて|ご視聴)[^。！!]{0,14}(?:ありがと|感謝|お礼|嬉し|うれし)[^。！!]{0,14}[。！!]?$"
)
"""読んでくださってありがとうございます: alone the author's own words, before a call a part of it."""
BUTTON = expression(
    r"[「『](?=(?:スキ|いいね|フォロー|サポート|シェア|ストック|LGTM|チャンネル登録|高評価)[」』])|(?<=[ねキーア録価援トM])[」』]"
)
"""Brackets around the name of a button."""
POLITE = expression(
    r"^(?:どうぞ|今後とも?|これからも|何卒|ぜひ)?[、，]?(?:どうぞ|ぜひ)?(?:よろしく|宜しく)お願い(?:し|いたし|致し)ます[。！!]?$"
)
POSTED = expression(
    r"^(?:宛て?先[\s　:：]*)?(?:〒[\d０-９]|[^。]{0,40}(?:係|編集部|事務局)(?:へ|まで|宛て?(?:に|へ)?)。?$)"
)
"""Where to write, in the sentence behind the one that asks for letters."""
HANDLE = expression(r"^[@＠]?[\w.\-/:]{2,40}$", re.ASCII)
REQUEST = expression(
    r"(?:アンケート|[応寄]募|投稿|寄稿|お?便り|募集|[ごお](?:意見|感想|一報|連絡|協力|申し?込み?)|お?寄せ)[^。]{0,24}(?:ください|下さい|お願い(?:し|いたし|致し)ます|し(?:てい|ており)ます|中(?:です)?|お待ちして(?:い|お)ります)[。！!]?$"
)
"""What a box below the text asks for."""
TRADE = r"(?:ご?注文|お?申し?込み?|ご?予約|ご?依頼|お?見積も?り?|ご?購入|お?買い?求め|ご?相談|お?問い?合わ?せ|販売|発売|通販|出張|教室|講座|講演|研修|ワークショップ|イベント|ツアー|新刊|既刊|著書|単行本|同人誌|書籍|グッズ|お?仕事|取材|執筆)"
PLACE = r"(?:フォーム|ページ|サイト|ストア|ショップ|BOOTH|通販|書店|リンク|プロフィール|メール|お?電話|DM|LINE|こちら|下記|店頭)"
OFFERED = expression(
    rf"^[^。]{{0,24}}{TRADE}[^。]{{0,24}}[はもを][^。]{{0,30}}{PLACE}[^。]{{0,6}}(?:から|へ|まで|で|にて)(?:[^。]{{0,6}}(?:どうぞ|お[^。]{{1,8}}ください|ください|承り?[^。]{{0,6}}|受け?付[^。]{{0,8}}|お願い[^。]{{0,8}}|販売[^。]{{0,8}}|発売中[^。]{{0,4}}))?[。！!]?$"
)
"""出張調律は問い合わせフォームから。, in a box: what its writer sells."""
LATER = expression(
    r"^[\W_]*(?:[^。]{1,20}の)?(?:[前中後上下]編|完結編|続編|続き|つづき|第[\d０-９一二三四五六七八九十]+[回話弾])(?:[はもの][^。]{0,24}(?:公開|掲載|配信|更新|発行|発売)[^。]{0,6}(?:予定|ます)(?:です|。|$)|[はも][^。]{0,40}(?:ご覧|お読み|読めます|どうぞ|こちら)[^。]{0,12}。?$)"
)
"""後編は6月10日に公開予定です。 and where the rest is to be read, below a text."""
SOLD = expression(
    r"^[^。]{0,40}『[^『』]{1,60}』[^。]{0,40}(?:好評|絶賛)?(?:発売中|刊行中|販売中|配信中)(?:です)?[。！!]?$"
)
EVERY_WEEK = expression(
    r"^[（(]?(?:この|本)(?:連載|コラム|シリーズ|コーナー|番組|エッセイ)は[^。]{0,16}(?:毎[週月日]|隔[週月]|月に?[\d一二三四]|週に?[\d一二三四]|第[\d一二三四])[^。]{0,20}(?:更新|公開|掲載|配信)[^。]{0,8}。?(?:次回も?お楽しみに。?)?[)）]?$"
)
BOUGHT_AT = expression(
    r"^(?:ご?購入|お?買い求め|お求め|ご?注文|お取り寄せ)は[、，]?[^。]{2,30}(?:ストア|ショップ|書店|通販|サイト|フォーム|こちら)(?:で|から|にて|へ|まで)(?:どうぞ)?。?$"
)
PRESENT = expression(r"^[\W_]*(?:読者|ご?愛読者)プレゼント[^。]{2,60}。?[^。]{0,24}。?$")
OF_THIS = r"(?:[本当](?:報告書?|報|資料|書|誌|紙|稿|号|論文|冊子|レポート|リリース|会報|社内報|通信|記事|連載)|この(?:報告書?|資料|冊子|レポート|リリース|会報|社内報|記事|連載|号))"
WHO_ANSWERS = expression(
    rf"^[\W_]*(?:(?:{OF_THIS}|ご?取材|報道|転載|引用|複製|(?:写真|画像|図版)の?(?:貸し?出し|借用|ご?提供|ご?使用|ご?利用)|落丁|乱丁)[^。はも]{{0,24}})(?:お?問い?合わ?せ|ご?質問|ご?照会|ご?連絡|お?申し?込み?|お?申し出|ご?依頼|ご?希望|ご?相談|ご?感想|ご?意見|ご?指摘|お便り|お取り?替え)(?:先)?(?:[\s　]*[：:／][\s　]*\S.{{2,80}}$|[はも、，]{{1,2}}"
    r"[^。]{2,70}(?:まで|へ|宛て?|にて(?:承り?ます)?|で承り?ます|に(?:ご連絡|お願い|お寄せ|お送り|お申し?[込付]み?|お問い?合わ?せ)|(?:お受けし|受け付けて|承って)[^。]{0,6}ます)(?:[^。]{0,6}(?:ください|下さい|お願い(?:します|いたします|申し上げます)|どうぞ|お寄せ|ご連絡[^。]{0,6}))?[。！!]?)$"
)
"""本報告に関する取材のお申し込みは総務係まで: whom to ask about the paper, not about what it tells of."""
BACK_NUMBERS = expression(
    r"^[\W_]*(?:バックナンバー|過去の?(?:記事|号|回)|既刊|前号まで)[はも][^。]{0,30}(?:読め|ご覧|見られ|閲覧|入手|公開|配布|こちら)[^。]{0,12}。?$"
)
ABOUT = expression(
    r"^[\W_]*(?:略歴|プロフィール|経歴|(?:著者|筆者|執筆者|話し手|登壇者|講師)(?:紹介|略歴|プロフィール))[〉》】］\]）)：:]\s*\S.{2,200}$"
)
"""〈略歴〉 and who somebody is, in one line below the text."""
WHO_ASKS = r"(?:編集(?:部|室|局|委員会|担当)?|事務局|運営(?:事務局|委員会|部)?|広報(?:課|部|室|係|担当|委員会)?|総務(?:課|部)|実行委員会|[本当][紙誌社会館園校店]|弊社)"
LABELLED = expression(
    rf"^[\W_]*(?:{WHO_ASKS}(?:から|より)の?[\s　]*(?:お願い|お知らせ|ご?案内|ご?連絡|募集)|(?:読者|会員|ご?利用者|皆)(?:の皆)?(?:様|さま|さん)へ(?:の?(?:お願い|お知らせ))?)[\W_]*[：:】　].{{2,120}}$"
)
"""編集部からのお願い：…, below a text; the same words on a line of their own head a section."""
NEXT = expression(
    r"^[\W_]*(?:次号|次回|来号|来月号|[春夏秋冬]号|次の号)の?(?:予告|予定|特集|内容|テーマ|ご?案内)[\W_]*[：:】　].{2,80}$"
)
PASSED_ON = expression(
    r"^[^。]{0,24}(?:次の?|[お]?隣の)(?:班|組|方|お?宅|家)[^。]{0,12}(?:回し|お?渡し|お回し)[^。]{0,12}。?$"
)
"""How what goes from door to door ends."""
NOTICE = expression(
    r"^[\W_]*[【\[［〔＜<《〈]\s*(?:重要な?|管理人から(?:の)?|当館から(?:の)?)?(?:お知らせ|おしらせ|ご案内|告知|募集|急募|更新情報|お詫び|お願い)\s*[】\]］〕＞>》〉].{2,}$"
    r"|^[^。！!？?]{1,24}(?:募集|受付|受け付け|開催|発売|販売|配信|公開)中(?:です)?[！!。♪]?[\s　]*(?:[^。！!]{2,50}(?:どうぞ|まで|こちら|ください|下さい|お待ちして[^。]{0,6}|歓迎[^。]{0,4}|へ)[。！!♪]?)?$"
)
"""【お知らせ】満席となりました。 部員募集中！見学は土曜に。: what the owner of a site sets below a rule."""
SENTENCE = expression(rf"(?<=[。！!？?♪])[\s　]*|[\s　]+(?={SERVICE}[もでは])")
SIGN = expression(r"^[\W_]+")
ADDRESS = expression(r"\s*(?:https?://[\w\-./?%&=+#:~@!$,;]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)


def reason(text: str, *, boxed: bool = False) -> str:
    """`call`, `ad`, `pager`, `press-contact` or `author-box` for a last paragraph that is nothing but that; empty for the text's own words.

    `boxed`: it stands in a box below the text, where whatever is asked for is no part of it.
    """
    bare = ADDRESS.sub("", text) or text
    addressed, text = bare != text, bare
    if NEXT.match(text) or LATER.match(text) or BACK_NUMBERS.match(text):
        return "pager"
    if ABOUT.match(text):
        return "author-box"
    if addressed and ADDRESSED.match(text):
        return "call"
    if WHO_ANSWERS.match(text):
        return "press-contact"
    asked = boxed and any(
        REQUEST.search(sentence) or OFFERED.match(sentence) for sentence in SENTENCE.split(text) if sentence
    )
    if any(rule.match(text) for rule in (HELD, OFFER, SOLD, PRESENT, EVERY_WEEK, BOUGHT_AT)):
        return "ad"
    return (
        "call"
        if asked
        or PASSED_ON.match(text)
        or SPREAD.match(text)
        or PROMOTES.search(text)
        or LABELLED.match(text)
        or _asks_only(text)
        else ""
    )


def thanks(sentence: str) -> bool:
    """Whether a sentence only thanks for reading or asks to be told of errors, which goes with a notice beside it."""
    return any(rule.match(sentence) for rule in (THANKS, POLITE, HANDLE, POSTED)) or bool(REPORTED.search(sentence))


def announces(text: str) -> bool:
    """Whether a line tells what runs or is wanted at the time, with a label or by its first words."""
    return bool(NOTICE.match(text))


def sentences_of(text: str) -> list[str]:
    """The sentences of a last paragraph, without the signs before them."""
    return [found for sentence in SENTENCE.split(BUTTON.sub("", text)) if (found := SIGN.sub("", sentence))]


def _asks_only(text: str) -> bool:
    """Whether each sentence asks, names an account or thanks, and one of them does not only thank."""
    sentences = sentences_of(text)
    asking = [any(rule.search(sentence) for rule in (ASKED, ACCOUNT, PROMOTES, HEARD_AT)) for sentence in sentences]
    thanking = list(map(thanks, sentences))
    return any(asking) and all(asks or only for asks, only in zip(asking, thanking, strict=True))
