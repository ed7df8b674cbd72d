"""What `yomicast check` says about a feed, in both languages: one row a rule."""

from __future__ import annotations

from typing import Literal

from yomicast.model import Finding, Message, Rule


def _rule(slug: str, level: Literal["error", "warning"], en: str, ja: str, remedy: Message) -> Rule:
    return Rule(slug=slug, level=level, wrong=Message(en, ja), remedy=remedy)


AGAIN = Message("render an episode again: the feed is rewritten", "エピソードをもう一度作ると書き直されます")
SHOW = Message("correct it in show.yaml and render again", "show.yaml を直して、もう一度作ってください")

_ROWS = (
    _rule("feed-absent", "error", "there is no feed", "フィードがありません", Message("render an episode first", "先にエピソードを作ってください")),
    _rule("feed-unreadable", "error", "{detail}", "XML として読めません: {detail}", Message("restore it from a copy, or render with --adopt", "控えから戻すか、--adopt を付けて作り直してください")),
    _rule("feed-encoding", "error", "the feed does not declare UTF-8", "文字コードが UTF-8 と宣言されていません", AGAIN),
    _rule("feed-edited", "warning", "the feed was changed after yomicast wrote it", "yomicast が書いたあとに変更されています", Message("make the change in show.yaml or the episode instead", "変更は show.yaml かエピソードの設定で行ってください")),
    _rule("feed-namespace", "error", "the namespace '{prefix}' is not {uri}", "名前空間 '{prefix}' が {uri} ではありません", AGAIN),
    _rule("channel-missing", "error", "the channel has no {element}", "チャンネルに {element} がありません", SHOW),
    _rule("channel-value", "error", "{element} may not be '{value}'", "{element} に '{value}' は使えません", SHOW),
    _rule("owner-email", "error", "'{value}' is no e-mail address; directories write to it to prove ownership", "'{value}' はメールアドレスではありません。配信先の本人確認に使われます", SHOW),
    _rule("ai-content", "error", 'the synthetic voice is not declared (podcast:txt purpose="ai-content")', '合成音声であることが示されていません (podcast:txt purpose="ai-content")', AGAIN),
    _rule("self-link", "error", "the feed says it lives at '{value}', not at '{wanted}'", "フィード自身の住所が '{value}' になっています。正しくは '{wanted}'", Message("set audio_base in show.yaml", "show.yaml の audio_base を直してください")),
    _rule("site-link", "error", "the channel's link is a feed, not a page: '{value}'", "番組のリンクがページでなくフィードです: '{value}'", Message("set site in show.yaml", "show.yaml の site を直してください")),
    _rule("guid-not-derived", "warning", "podcast:guid {value} does not come from this address; right only after a move", "podcast:guid {value} はこの住所のものではありません。引っ越し後なら正しい状態です", Message("keep it if the show has moved, else remove guid from show.yaml", "引っ越した番組ならそのままに、そうでなければ show.yaml の guid を消してください")),
    _rule("category", "error", "Apple has no category '{value}'", "Apple のカテゴリーに '{value}' はありません", SHOW),
    _rule("date", "error", "'{value}' is no RFC 2822 date with weekday and zone", "'{value}' は曜日と時差のある RFC 2822 の日付ではありません", AGAIN),
    _rule("order", "error", "the items are not newest first", "エピソードが新しい順に並んでいません", AGAIN),
    _rule("future", "warning", "an episode is dated in the future ({value}); most apps hide it until then", "未来の日付です ({value})。多くのアプリではその日まで表示されません", Message("correct 'published' unless this is meant", "意図したものでなければ published を直してください")),
    _rule("text-long", "error", "{element} has {length} characters; apps cut at 255", "{element} が {length} 文字あります。アプリは 255 文字で切ります", Message("shorten it", "短くしてください")),
    _rule("outer-space", "error", "{element} begins or ends with white space", "{element} の前後に空白があります", AGAIN),
    _rule("mojibake", "error", "garbled characters: '{value}'", "文字化けしています: '{value}'", Message("check the encoding of the source", "元の文字コードを確かめてください")),
    _rule("podcast-tag", "error", "Podcasting 2.0 has no tag '{element}'", "Podcasting 2.0 に '{element}' というタグはありません", AGAIN),
    _rule("location", "error", "podcast:location '{value}' has no name, or its geo or osm is not of their form", "podcast:location '{value}' に名前がないか、geo か osm の形が違います", Message('write location: {name: …, geo: "41.77,140.73", osm: R4003662}', 'location: {name: …, geo: "41.77,140.73", osm: R4003662} のように書いてください')),
    _rule("address", "error", "'{value}' is no absolute http(s) address in ASCII", "'{value}' は ASCII の http(s) アドレスではありません", Message("correct the link", "リンクを直してください")),
    _rule("no-file", "error", "the feed points at {value}, and there is no such file", "フィードが指す {value} がありません", Message("render the episode again before publishing", "公開の前に、そのエピソードを作り直してください")),
    _rule("guid-twice", "error", "two episodes have the guid '{value}'; apps show only one", "guid '{value}' が重なっています。アプリには一方しか出ません", Message("give one of them its own slug", "一方に別の slug を付けてください")),
    _rule("sound-twice", "error", "two episodes have the same audio file {value}", "音声ファイル {value} が二つのエピソードで使われています", Message("give one of them its own slug", "一方に別の slug を付けてください")),
    _rule("item-missing", "error", "the episode has no {element}", "エピソードに {element} がありません", AGAIN),
    _rule("item-value", "error", "{element} may not be '{value}'", "{element} に '{value}' は使えません", AGAIN),
    _rule("title-noise", "warning", "the title holds a number or the show's name: '{value}'; Apple asks to leave both out", "題名に話数か番組名が入っています: '{value}'。Apple は入れないよう求めています", Message("shorten the title", "題名から外してください")),
    _rule("guid-permalink", "error", "the guid is no address, but isPermaLink is not false", "guid が住所ではないのに isPermaLink が false ではありません", AGAIN),
    _rule("sound-type", "error", "type '{value}' does not fit a {suffix} file", "type '{value}' は {suffix} に合いません", AGAIN),
    _rule("sound-length", "error", "length {value} is not the file's size {size}", "length {value} がファイルの大きさ {size} と違います", AGAIN),
    _rule("description-long", "error", "the description has {length} bytes; Apple takes 4000", "説明が {length} バイトあります。Apple の上限は 4000 です", AGAIN),
    _rule("description-cdata", "error", "the description holds elements instead of text: its CDATA was lost", "説明の中が要素になっています。CDATA が失われました", AGAIN),
    _rule("description-markup", "error", "the description's markup is not whole, or more than p, ol, ul, li, a, br", "説明のタグが閉じていないか、p ol ul li a br 以外があります", AGAIN),
    _rule("description-link", "error", "a link in the description is not http(s): '{value}'", "説明の中のリンクが http(s) ではありません: '{value}'", Message("remove the link", "リンクを外してください")),
    _rule("description-chapters", "error", "the chapter lines of the description are not the chapters", "説明のチャプター行がチャプターと違います", AGAIN),
    _rule("transcript-missing", "error", "there is no transcript of type {kind}", "{kind} の文字起こしがありません", AGAIN),
    _rule("transcript-language", "error", "the transcript's language is '{value}'", "文字起こしの言語が '{value}' です", AGAIN),
    _rule("chapters-missing", "error", "there is no podcast:chapters", "podcast:chapters がありません", AGAIN),
    _rule("chapters-type", "error", "podcast:chapters has the type '{value}', not application/json+chapters", "podcast:chapters の type が '{value}' です。正しくは application/json+chapters", AGAIN),
    _rule("psc-missing", "error", "there is no psc:chapters; Spotify and gPodder read no other", "psc:chapters がありません。Spotify と gPodder はこれを読みます", AGAIN),
    _rule("soundbite", "error", "the soundbite ({start} + {seconds} s) is not 15 to 120 s inside the episode", "サウンドバイト ({start} から {seconds} 秒) が 15〜120 秒、番組の中、ではありません", AGAIN),
    _rule("alternate-source", "error", "an alternateEnclosure has no source", "alternateEnclosure に source がありません", AGAIN),
    _rule("alternate-length", "error", "an alternateEnclosure's length {value} is not the file's size {size}", "alternateEnclosure の length {value} がファイルの大きさ {size} と違います", AGAIN),
    _rule("integrity", "error", "{value} is not the file whose hash the feed holds", "{value} の中身がフィードのハッシュと違います", Message("render the episode again, or fetch the file from a copy", "エピソードを作り直すか、控えから戻してください")),
)  # fmt: skip
RULES: dict[str, Rule] = {rule.slug: rule for rule in _ROWS}


def finding(slug: str, place: str, **details: object) -> Finding:
    """A broken rule with its details in both languages."""
    rule = RULES[slug]
    said = {name: str(value) for name, value in details.items()}
    text = Message(rule.wrong.en.format(**said), rule.wrong.ja.format(**said))
    return Finding(rule=rule, place=place, text=text)
