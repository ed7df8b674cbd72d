"""What `yomicast check` says about files, in both languages: one row a rule."""

from __future__ import annotations

from typing import Literal

from yomicast.model import Finding, Message, Rule


def _rule(slug: str, level: Literal["error", "warning"], en: str, ja: str, remedy: Message) -> Rule:
    return Rule(slug=slug, level=level, wrong=Message(en, ja), remedy=remedy)


AGAIN = Message("render the episode again", "エピソードをもう一度作ってください")
COVER = Message(
    "give a square JPEG or PNG of 1400 to 3000 pixels and render again",
    "正方形で 1400〜3000 ピクセルの JPEG か PNG にして、作り直してください",
)

_ROWS = (
    _rule("state-unreadable", "error", "{detail}", "エピソードの状態を読めません: {detail}", Message("restore episode.json from a copy", "episode.json を控えから戻してください")),
    _rule("state-not-in-feed", "error", "the finished episode '{value}' is not in the feed", "完成したエピソード「{value}」がフィードにありません", AGAIN),
    _rule("state-differs", "error", "{what} was written once as '{ours}', the feed says '{feeds}'; listeners get the episode twice or not at all", "{what} は最初に '{ours}' と決まりましたが、フィードでは '{feeds}' です。二重に届くか、届かなくなります", AGAIN),
    _rule("file-lost", "error", "the file is not there", "ファイルがありません", AGAIN),
    _rule("file-changed", "error", "the file's bytes are not those that were made", "ファイルの中身が作ったときと違います", AGAIN),
    _rule("sound-unreadable", "error", "no player can read this file: {detail}", "再生できないファイルです: {detail}", AGAIN),
    _rule("sound-format", "error", "{rate} Hz at {bitrate} kbit/s; 44100 or 48000 Hz at 64 to 320 is what players take", "{rate} Hz {bitrate} kbit/s です。44100 か 48000 Hz、64〜320 kbit/s にします", AGAIN),
    _rule("sound-without-info", "error", "there is no Info or Xing frame; players guess the length", "Info フレームがなく、長さが正しく表示されません", AGAIN),
    _rule("sound-duration", "error", "the feed says {feed} s, the file lasts {file} s", "フィードでは {feed} 秒、ファイルは {file} 秒です", AGAIN),
    _rule("sound-cut", "error", "the file says {said} s but holds {real} s, or something follows the sound", "ファイルの表示は {said} 秒、中身は {real} 秒です。または音の後に何かあります", AGAIN),
    _rule("id3-unreadable", "error", "the tags cannot be read: {detail}", "タグを読めません: {detail}", AGAIN),
    _rule("id3-version", "error", "ID3v{value}; cars and Windows read 2.3", "ID3v{value} です。車や Windows が読むのは 2.3 です", AGAIN),
    _rule("id3-unsync", "error", "the tag is unsynchronised; AntennaPod misreads it", "非同期化されたタグです。AntennaPod が読み違えます", AGAIN),
    _rule("id3-v1", "warning", "an ID3v1 tag follows the sound; it holds no Japanese", "末尾に ID3v1 があります。日本語が入りません", AGAIN),
    _rule("id3-differs", "error", "{frame} is '{said}', the feed says '{value}'", "{frame} が '{said}'、フィードでは '{value}' です", AGAIN),
    _rule("id3-missing", "error", "there is no {frame}", "{frame} がありません", AGAIN),
    _rule("id3-language", "error", "the language of {frame} is '{value}', not jpn", "{frame} の言語が jpn でなく '{value}' です", AGAIN),
    _rule("id3-script", "error", "the text in the tag is not the whole transcript", "タグの中の全文が文字起こしと違います", AGAIN),
    _rule("id3-sylt", "error", "the timed text in the tag is not the transcript", "タグの中の時刻付きの文が文字起こしと違います", AGAIN),
    _rule("id3-mojibake", "error", "{frame} is garbled: '{value}'", "{frame} が文字化けしています: '{value}'", AGAIN),
    _rule("id3-cover", "error", "the cover in the tag is not square, or not the front cover", "タグの中の画像が正方形でないか、表紙ではありません", AGAIN),
    _rule("id3-feed", "error", "WFED lacks its encoding byte; iTunes reads the address without its first letter", "WFED に文字コードの 1 バイトがありません", AGAIN),
    _rule("chapters-unreadable", "error", "the chapters cannot be read: {detail}", "チャプターを読めません: {detail}", AGAIN),
    _rule("chapters-order", "error", "the chapters do not begin at 0 and rise inside the episode", "チャプターが 0 から順に、番組の中で並んでいません", AGAIN),
    _rule("chapters-fraction", "warning", "a chapter begins between whole seconds; AntennaPod cuts to the second", "チャプターの始まりが秒の途中です。AntennaPod は秒で切ります", AGAIN),
    _rule("chapters-cut", "error", "the chapter at {at} begins inside '{text}…'", "{at} のチャプターが「{text}…」の途中で始まります", AGAIN),
    _rule("chapters-differ", "error", "{other} and chapters.json are not the same chapters", "{other} と chapters.json のチャプターが違います", AGAIN),
    _rule("chapters-image", "error", "the picture of the chapter at {at} is not the same in feed, chapters.json, tag and folder", "{at} のチャプター画像が、フィード、chapters.json、タグ、フォルダーで同じではありません", AGAIN),
    _rule("chapters-gap", "error", "the ID3 chapters do not meet, or do not end with the sound", "ID3 のチャプターの間が空いているか、音の終わりと合いません", AGAIN),
    _rule("chapters-offset", "error", "an ID3 chapter has a byte offset; players jump to the wrong place", "ID3 チャプターにバイト位置が入っています", AGAIN),
    _rule("chapters-contents", "error", "CTOC does not list the chapters in order", "CTOC がチャプターを順に挙げていません", AGAIN),
    _rule("chapters-shuffled", "error", "the CHAP frames are out of order in the file; ffprobe and AntennaPod list them so", "CHAP フレームの並びが時刻順ではありません", AGAIN),
    _rule("text-unreadable", "error", "the transcript is broken: {detail}", "文字起こしが壊れています: {detail}", AGAIN),
    _rule("text-empty", "error", "the transcript has no cue", "文字起こしが空です", AGAIN),
    _rule("text-differs", "error", "words or times differ from the WebVTT transcript", "WebVTT と言葉か時刻が違います", AGAIN),
    _rule("text-order", "error", "the cue at {at} overlaps the one before, or ends before it begins", "{at} の字幕が前と重なるか、始まる前に終わります", AGAIN),
    _rule("text-speaker", "error", "the cue at {at} names no speaker", "{at} の字幕に話者がありません", AGAIN),
    _rule("text-line", "error", "a line of the cue at {at} is longer than 65 characters", "{at} の字幕に 65 文字を超える行があります", AGAIN),
    _rule("text-markup", "error", "markup in the cue at {at}: '{text}'", "{at} の字幕に記号が残っています: '{text}'", AGAIN),
    _rule("text-mojibake", "error", "garbled characters at {at}: '{text}'", "{at} の字幕が文字化けしています: '{text}'", AGAIN),
    _rule("text-outside", "error", "the transcript goes on after the end of the sound", "音の終わりより後に字幕があります", AGAIN),
    _rule("text-drift", "error", "the transcript is not in step with the sound at {at}: '{text}…'", "{at}「{text}…」で字幕と音がずれています", AGAIN),
    _rule("page-language", "error", "the page does not say that it is Japanese in UTF-8", 'ページに lang="ja" か文字コードがありません', AGAIN),
    _rule("page-unreadable", "error", "the page cannot be read", "ページを読めません", AGAIN),
    _rule("page-title", "error", "the page has no title", "ページに題名がありません", AGAIN),
    _rule("page-remote", "error", "the page loads '{value}' from another host", "ページがよそから '{value}' を読み込みます", AGAIN),
    _rule("page-policy", "error", "the page has no content security policy", "ページに Content-Security-Policy がありません", AGAIN),
    _rule("page-link", "error", "the page points at '{value}', and there is no such file", "ページが指す '{value}' がありません", AGAIN),
    _rule("page-script", "error", "the page has a javascript: link", "ページに javascript: のリンクがあります", AGAIN),
    _rule("art-unreadable", "error", "the artwork cannot be read as a picture", "カバーを画像として読めません", COVER),
    _rule("art-size", "error", "the artwork is {size}; square, 1400 to 3000 pixels is asked for", "カバーが {size} です。正方形で 1400〜3000 ピクセルが必要です", COVER),
    _rule("art-colour", "error", "the artwork's colours are {value}, not RGB", "カバーの色が RGB でなく {value} です", COVER),
    _rule("art-type", "error", "the artwork is {value}; JPEG or PNG with the true suffix is asked for", "カバーが {value} です。拡張子どおりの JPEG か PNG が必要です", COVER),
    _rule("art-bytes", "warning", "the artwork has {size} KB; some hosts take 512", "カバーが {size} KB あります。512 KB までの配信先があります", COVER),
)  # fmt: skip
RULES: dict[str, Rule] = {rule.slug: rule for rule in _ROWS}


def finding(slug: str, place: str, **details: object) -> Finding:
    """A broken rule with its details in both languages."""
    rule = RULES[slug]
    said = {name: str(value) for name, value in details.items()}
    text = Message(rule.wrong.en.format(**said), rule.wrong.ja.format(**said))
    return Finding(rule=rule, place=place, text=text)
