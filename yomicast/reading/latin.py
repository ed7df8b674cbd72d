"""Latin letters: addresses, roman numerals, acronyms said as words or spelled, English words.

The lexicon comes first (it knows NATO ナトー from USTR ユーエスティーアール); then Sudachi's dictionary, which keeps the same
distinction; then capitals are spelled and words go to kanalizer, a small model that writes English in katakana.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import lru_cache

from yomicast.patterns import expression
from yomicast.reading import second
from yomicast.reading.draft import Draft, Edit, Forced
from yomicast.reading.frontend import default_accent
from yomicast.reading.numbers import UNITS
from yomicast.reading.sounds import morae, spoken

LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        [
            "エー",
            "ビー",
            "シー",
            "ディー",
            "イー",
            "エフ",
            "ジー",
            "エイチ",
            "アイ",
            "ジェー",
            "ケー",
            "エル",
            "エム",
            "エヌ",
            "オー",
            "ピー",
            "キュー",
            "アール",
            "エス",
            "ティー",
            "ユー",
            "ブイ",
            "ダブリュー",
            "エックス",
            "ワイ",
            "ゼット",
        ],
        strict=True,
    )
)
ENGLISH_NUMBERS = (
    "ゼロ",
    "ワン",
    "ツー",
    "スリー",
    "フォー",
    "ファイブ",
    "シックス",
    "セブン",
    "エイト",
    "ナイン",
    "テン",
    "イレブン",
    "トゥエルブ",
    "サーティーン",
    "フォーティーン",
    "フィフティーン",
    "シックスティーン",
)
SMALL_WORDS: dict[str, str] = {
    "the": "ザ", "of": "オブ", "and": "アンド", "in": "イン", "to": "トゥ", "a": "ア", "an": "アン", "for": "フォー", "is": "イズ",
    "on": "オン", "with": "ウィズ", "by": "バイ", "it": "イット", "at": "アット", "no": "ノー", "my": "マイ", "we": "ウィー", "you": "ユー",
    "i": "アイ", "your": "ユア", "new": "ニュー", "or": "オア", "not": "ノット", "all": "オール", "are": "アー", "be": "ビー", "as": "アズ",
    "from": "フロム", "this": "ディス", "that": "ザット", "what": "ワット", "how": "ハウ", "do": "ドゥ", "go": "ゴー", "me": "ミー",
    "up": "アップ", "out": "アウト", "he": "ヒー", "she": "シー", "us": "アス", "our": "アワー", "so": "ソー", "one": "ワン", "two": "ツー",
    "have": "ハブ", "can": "キャン", "will": "ウィル", "don't": "ドント", "i'm": "アイム", "it's": "イッツ", "let's": "レッツ", "can't": "キャント",
    "hello": "ハロー", "off": "オフ", "best": "ベスト", "more": "モア", "open": "オープン", "pro": "プロ", "team": "チーム", "bad": "バッド",
    "times": "タイムズ", "vs": "バーサス", "mr": "ミスター", "mrs": "ミセス", "ms": "ミズ", "dr": "ドクター", "etc": "エトセトラ", "feat": "フィーチャリング",
    "ft": "フィーチャリング", "st": "セント", "jr": "ジュニア", "inc": "インク", "ltd": "リミテッド", "co": "シーオー", "vol": "ボリューム",
    "ver": "バージョン", "ok": "オーケー", "tel": "テル", "fax": "ファックス", "app": "アップ", "pop": "ポップ", "key": "キー", "good": "グッド", "ad": "アド",
    "web": "ウェブ", "net": "ネット", "blog": "ブログ", "mail": "メール", "email": "イーメール", "i'll": "アイル", "you're": "ユーアー",
}  # fmt: skip
"""Everyday English words whose letters or dictionary entry would mislead. Not applied to capitals of two letters."""

_ENDINGS = {
    "com": "コム", "net": "ネット", "org": "オーグ", "jp": "ジェーピー", "co": "シーオー", "ne": "エヌイー", "or": "オーアール", "go": "ジーオー",
    "ac": "エーシー", "ed": "イーディー", "io": "アイオー", "dev": "デブ", "info": "インフォ", "biz": "ビズ", "tv": "ティービー", "ai": "エーアイ",
    "www": "ダブリューダブリューダブリュー", "html": "エイチティーエムエル", "me": "ミー", "app": "アップ", "gov": "ガブ", "edu": "イーディーユー", "uk": "ユーケー",
    "us": "ユーエス", "xyz": "エックスワイゼット",
}  # fmt: skip
_URL = expression(
    r"(?:https?|ftp)://[\w\-./?%&=+#~:@!$,;*]*[\w/]|(?<![\w@.])(?:www\.)[\w\-]+(?:\.[\w\-]+)+(?:/[\w\-./?%&=+#~]*[\w/])?",
    re.ASCII | re.IGNORECASE,
)
_DOMAIN = expression(
    r"(?<![\w@./\-])(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+(?:com|net|org|jp|io|dev|info|biz|tv|ai|app|gov|edu|co\.uk|me|xyz)(?:/[\w\-./?%&=+#~]*[\w/])?(?![\w\-])",
    re.ASCII,
)
_MAIL = expression(r"(?<![\w.+\-])[\w.+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+", re.ASCII)
_HANDLE = expression(r"(?<![\w@])@([A-Za-z]\w{1,30})", re.ASCII)
_SIGN_NAMES = {
    ".": "ドット", "/": "スラッシュ", "-": "ハイフン", "_": "アンダーバー", "?": "クエスチョン", "=": "イコール", "&": "アンド", "#": "シャープ",
    "%": "パーセント", "@": "アットマーク", "~": "チルダ", "+": "プラス", ":": "コロン", "!": "ビックリマーク", "$": "ドル", ",": "カンマ", ";": "セミコロン",
    "*": "アスタリスク",
}  # fmt: skip


def _forced(step: str, surface: str, pron: str, accent: int | None = None) -> Forced:
    return Forced(surface=surface, pron=pron, accent=default_accent(pron) if accent is None else accent, step=step)


def addresses(draft: Draft) -> Iterator[Edit]:
    """https://example.com/news is エグザンプルドットコムスラッシュニュース (no scheme); mail with アットマーク."""
    taken: set[int] = set()
    for pattern in (_URL, _MAIL, _DOMAIN):
        for found in pattern.finditer(draft.text):
            span = set(range(found.start(), found.end()))
            if not span & taken:
                taken |= span
                said = address(re.sub(r"^\w+://", "", found.group()).rstrip("/"))
                if said:
                    yield Edit(found.start(), found.end(), "", _forced("addresses", found.group(), said))
    for found in _HANDLE.finditer(draft.text):
        if found.start() not in taken:
            said = "アットマーク" + address(found[1])
            yield Edit(found.start(), found.end(), "", _forced("addresses", found.group(), said))


def address(text: str) -> str:
    """An address part by part."""
    said = []
    for part in re.findall(r"[A-Za-z]+|\d+|[^\w]|_", text):
        if part.isdigit():
            said.append("".join(_DIGIT_NAMES[int(c)] for c in part))
        elif part in _SIGN_NAMES:
            said.append(_SIGN_NAMES[part])
        else:
            said.append(_ENDINGS.get(part.lower()) or word(part)[0])
    return "".join(said)


_DIGIT_NAMES = ("ゼロ", "イチ", "ニー", "サン", "ヨン", "ゴー", "ロク", "ナナ", "ハチ", "キュー")

# --- roman numerals ------------------------------------------------------------------------------------------------

_ROMAN_SIGNS = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ"
_ROMAN = expression(
    rf"([{_ROMAN_SIGNS}]+)|(?<![A-Za-z0-9'])((?:X{{1,2}})?(?:IX|IV|VI{{1,3}}|I{{2,3}})|X{{1,2}}I{{1,3}}|X{{1,2}}V?I{{0,3}}|V|I)(?![A-Za-z0-9'])"
)
_JAPANESE_AFTER = expression(r"[世章部巻期型類度相号次条項級系群節種段番回話]")
_VALUES = {"I": 1, "V": 5, "X": 10}


def roman_value(numeral: str) -> int:
    """XIV → 14."""
    values = [_VALUES[c] for c in numeral]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-one if one < following else one for one, following in pairs)


def roman(draft: Draft) -> Iterator[Edit]:
    """II, Ⅳ: a number before 世 章 期 …, in English after katakana (ドラゴンクエストIII), else a number."""
    text = draft.text
    for found in _ROMAN.finditer(text):
        sign, letters = found.groups()
        numeral = letters or "".join(_plain(c) for c in sign)
        before, after = text[: found.start()], text[found.end() :]
        japanese = bool(_JAPANESE_AFTER.match(after))
        if letters and numeral in ("I", "V", "X", "XX") and not _single(before, japanese=japanese):
            continue
        value = roman_value(numeral)
        if not japanese and value < len(ENGLISH_NUMBERS) and re.search(r"[ァ-ヶーA-Za-z\ue000-\uf8ff] ?$", before):
            yield Edit(found.start(), found.end(), "", _forced("roman", found.group(), ENGLISH_NUMBERS[value]))
        else:
            yield Edit(found.start(), found.end(), str(value))


def _single(before: str, *, japanese: bool) -> bool:
    """A lone I, V or X is a numeral only where a number must stand."""
    return japanese and bool(re.search(r"(?:第|[ァ-ヶー]) ?$", before))


def _plain(sign: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKC", sign).upper()


# --- words ---------------------------------------------------------------------------------------------------------

_ENGLISH_AFTER = expression(
    r"(?:フェーズ|フェイズ|パート|タイプ|シーズン|チャンネル|マーク|ベスト|トップ|ナンバー|ナンバ)$"
)
_COUNTED = expression(r"\s?(?:[0-9.,%〜～\-/:]|[一-鿿]|[かヶカつ]|[ァ-ヶ])")
_MODEL = expression(
    r"(?<![A-Za-z0-9\-])[A-Z]{2,}([1-9])(?![A-Za-z0-9.,:%]|\s?(?:[年月日号章話巻回階人円個時分秒台冊枚点種社校件名つかヶカ代]|本[のをがはで]))"
)
_APPLE = expression(r"(?<![A-Za-z0-9])M([1-5])(?=\s?(?:チップ|Mac|Pro|Max|Ultra|搭載))")
_ENGLISH_BEFORE = expression(
    r"(?<![A-Za-z])(?:Chapter|Part|Season|Phase|Step|Level|Episode|Round|Stage|Lesson|Act|Scene|Type|Day|Top|Best|Mark|Tier|Grade|Track)"
    r" ?(10|[1-9])(?![0-9.])",
    re.IGNORECASE,
)
_TITLE = expression(r"(?<=[『「])[ァ-ヶー・＝ ]{3,30}?([1-9])(?=[』」])")
_DECADE = expression(r"(?<![A-Za-z0-9])['’]?([5-9])0['’]?s(?![A-Za-z])")
_DECADES = ("フィフティーズ", "シックスティーズ", "セブンティーズ", "エイティーズ", "ナインティーズ")
_NUMBER_NO = expression(r"(?<![A-Za-z])(No|NO|no|Vol|vol|VOL|Op|op|Ch|ch|Lv|lv|LV)\. ?(\d+)")
_PAGES = expression(r"(?<![A-Za-z])pp?\. ?(\d+)")
_ABBREVIATED = {"no": "ナンバー", "vol": "ボリューム", "op": "オーパス", "ch": "チャプター", "lv": "レベル"}
_ALTERNATING = expression(r"(?<![A-Za-z0-9])([A-Za-z])(\d)([A-Za-z])(?![A-Za-z0-9])")
_TOKEN = expression(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][A-Za-z]+)*")
_FILE = expression(
    r"(?<![A-Za-z0-9.])(?:[a-z][\w\-]*|[A-Z][\w\-]*(?!\.jsx?\b))?\.(?:json|ya?ml|html?|css|jsx?|tsx?|py|rb|go|rs|sh|md|txt|csv|tsv|xml|toml|ini|conf|env|log|sql|zip|pdf|png|jpe?g|gif|svg|mp[34]|wav|"
    r"exe|app|dll|java|php|vue|gitignore|bashrc|zshrc|vimrc|npmrc|lock)(?![A-Za-z0-9])",
    re.ASCII,
)
_HYPHEN = expression(r"(?<=[A-Za-z\ue000-\uf8ff])[-‐](?=[A-Za-z0-9\ue000-\uf8ff])")
_CAMEL = expression(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+")
_VOWELLESS = expression(r"^[^aeiouyAEIOUY]+$")


def numbered(draft: Draft) -> Iterator[Edit]:
    """No.1, Vol.3, p.12, M2M, フェーズ3: numbers that are said in English."""
    text = draft.text
    for found in _NUMBER_NO.finditer(text):
        said = _ABBREVIATED[found[1].lower()]
        number = int(found[2])
        tail = ENGLISH_NUMBERS[number] if number <= 10 and found[1].lower() in ("no", "vol") else ""
        if tail and not re.match(r"\s?[\d.]", text[found.end() :]):
            yield Edit(found.start(), found.end(), "", _forced("numbered", found.group(), said + tail))
        else:
            yield Edit(found.start(), found.end(), f"{said}{found[2]}")
    for found in re.finditer(r"(?<=Windows) ?([78]|10|11)(?![0-9.])", text):
        said = ("セブン", "エイト", "", "テン", "イレブン")[int(found[1]) - 7]
        yield Edit(found.start(1), found.end(), "", _forced("numbered", found[1], said))
    for pattern in (_MODEL, _APPLE, _ENGLISH_BEFORE, _TITLE):
        for found in pattern.finditer(text):
            said = ENGLISH_NUMBERS[int(found[1])]
            yield Edit(found.start(1), found.end(1), "", _forced("numbered", found[1], said))
    for found in _DECADE.finditer(text):
        said = _DECADES[int(found[1]) - 5]
        yield Edit(found.start(), found.end(), "", _forced("numbered", found.group(), said))
    for found in _PAGES.finditer(text):
        yield Edit(found.start(), found.end(), f"{found[1]}ページ")
    for found in _ALTERNATING.finditer(text):
        said = LETTERS[found[1].lower()] + ENGLISH_NUMBERS[int(found[2])] + LETTERS[found[3].lower()]
        yield Edit(
            found.start(), found.end(), "", _forced("numbered", found.group(), said, _last_letter(said, found[3]))
        )
    for found in re.finditer(r"(?<=[ァ-ヶー]) ?(10|[1-9])(?![0-9.])", text):
        if _ENGLISH_AFTER.search(text[: found.start()]) and not _COUNTED.match(text[found.end() :]):
            yield Edit(found.start(1), found.end(), "", _forced("numbered", found[1], ENGLISH_NUMBERS[int(found[1])]))


def files(draft: Draft) -> Iterator[Edit]:
    """config.yaml, .gitignore: the dot is said."""
    for found in _FILE.finditer(draft.text):
        dot = found.start() + found.group().rindex(".")
        yield Edit(dot, dot + 1, "", _forced("files", ".", "ドット", 1))


def _last_letter(said: str, letter: str) -> int:
    """A spelled word falls after the first mora of its last letter."""
    return len(morae(said)) - len(morae(LETTERS[letter.lower()])) + 1


PHRASES = {
    "thank you": "サンキュー",
    "good bye": "グッバイ",
    "you tube": "ユーチューブ",
    "of the": "オブザ",
    "new york": "ニューヨーク",
}
_PHRASE = expression(rf"(?<![A-Za-z])(?:{'|'.join(PHRASES)})(?![A-Za-z])", re.IGNORECASE)


def phrases(draft: Draft) -> Iterator[Edit]:
    """English said in one breath, otherwise than its words."""
    for found in _PHRASE.finditer(draft.text):
        yield Edit(found.start(), found.end(), "", _forced("latin", found.group(), PHRASES[found.group().lower()]))


_UNITS = {
    name: UNITS[name]
    for name in [
        "km",
        "cm",
        "mm",
        "kg",
        "mg",
        "mL",
        "ml",
        "kW",
        "kWh",
        "GB",
        "MB",
        "TB",
        "Hz",
        "kHz",
        "MHz",
        "GHz",
        "hPa",
        "kcal",
    ]
}
"""Units that are no other word, even where no number stands before them."""


def words(draft: Draft) -> Iterator[Edit]:
    """Every Latin word left: the whole run first (YouTube), then its parts."""
    text = draft.text
    for found in _TOKEN.finditer(text):
        at, token = found.start(), found.group()
        if text[at - 1 : at] in ("'", "’") and token in ("s", "S"):
            continue
        if token in _UNITS:
            yield Edit(at, found.end(), _UNITS[token])
            continue
        english = _in_english(text, found)
        said, accent, doubt = word(token, english=english)
        forced = Forced(surface=token, pron=said, accent=accent, step="latin", doubts=doubt)
        yield Edit(at, found.end(), "", forced)
    for found in re.finditer(r"(?<=[ァ-ヶーA-Za-z])['’][sS](?![A-Za-z])", text):
        if not re.search(r"[A-Za-z]$", text[: found.start()]):
            yield Edit(found.start(), found.end(), "", _forced("latin", found.group(), "ズ"))
    for found in _HYPHEN.finditer(text):
        yield Edit(found.start(), found.end(), "")


def _in_english(text: str, found: re.Match[str]) -> bool:
    """Another Latin word of some length stands beside it."""
    before = re.search(r"[A-Za-z]{2,}['’]?[ ,]+$", text[: found.start()])
    after = re.match(r"[ ,]+[A-Za-z]{2,}", text[found.end() :])
    return bool(before or after)


def word(token: str, *, english: bool = False) -> tuple[str, int, tuple[str, ...]]:
    """Pronunciation, accent and doubts of one Latin word."""
    plain = token.replace("’", "'")
    low = plain.lower()
    if len(plain) == 1:
        if english and low in ("a", "i") and plain in ("a", "I"):
            return SMALL_WORDS[low], 1, ()
        return LETTERS.get(low, "エー"), 1, ()
    capitals = plain.isupper() and len(plain) <= 5
    if low in SMALL_WORDS and (english or not (capitals and len(plain) <= 3)):
        said = SMALL_WORDS[low]
        return said, default_accent(said), ()
    known = second.latin(plain)
    if known and len(plain) == 2 and plain.islower() and known.startswith(("ミリ", "キロ", "センチ", "マイクロ")):
        known = ""
    if known and _is_spelling(known, low) and not capitals and not _VOWELLESS.match(plain) and len(plain) > 2:
        known = ""
    if known:
        said = letters(low) if _is_spelling(known, low) else _today(spoken(known), low)
        accent = (
            _last_letter(said, low[-1]) if _is_spelling(known, low) and low[-1] in LETTERS else default_accent(said)
        )
        return said, accent, ()
    if plain.isupper() and len(plain) >= 4 and _ROMAJI.fullmatch(low):
        said = romaji(low)
        return said, default_accent(said), ("acronym",)
    if capitals and not (english and _looks_english(low)):
        return letters(low), _last_letter(letters(low), low[-1]) if low[-1] in LETTERS else 1, ("acronym",)
    parts = [part for part in _CAMEL.findall(plain) if part]
    if len(parts) > 1 and not plain.isupper():
        said = "".join(word(part)[0] for part in parts)
        return said, default_accent(said), ("acronym",)
    if _VOWELLESS.match(plain):
        return letters(low), 1, ("acronym",)
    said = _english(low)
    return said, default_accent(said), ("acronym",)


_SYLLABLES = dict(
    zip(
        "ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu me mo ya yu yo "
        "ra ri ru re ro wa ga gi gu ge go za ji zu ze zo da de do ba bi bu be bo pa pi pu pe po "
        "kya kyu kyo sha shu sho cha chu cho nya nyu nyo hya hyu hyo mya myu myo rya ryu ryo gya gyu gyo ja ju jo "
        "bya byu byo pya pyu pyo si ti tu zi sya syu syo tya tyu tyo zya zyu zyo a i u e o".split(),
        "カ キ ク ケ コ サ シ ス セ ソ タ チ ツ テ ト ナ ニ ヌ ネ ノ ハ ヒ フ ヘ ホ マ ミ ム メ モ ヤ ユ ヨ "
        "ラ リ ル レ ロ ワ ガ ギ グ ゲ ゴ ザ ジ ズ ゼ ゾ ダ デ ド バ ビ ブ ベ ボ パ ピ プ ペ ポ "
        "キャ キュ キョ シャ シュ ショ チャ チュ チョ ニャ ニュ ニョ ヒャ ヒュ ヒョ ミャ ミュ ミョ リャ リュ リョ ギャ ギュ ギョ ジャ ジュ ジョ "
        "ビャ ビュ ビョ ピャ ピュ ピョ シ チ ツ ジ シャ シュ ショ チャ チュ チョ ジャ ジュ ジョ ア イ ウ エ オ".split(),
        strict=True,
    )
)
_SYLLABLE = "|".join(sorted(_SYLLABLES, key=len, reverse=True))
_ROMAJI = expression(rf"(?:(?:{_SYLLABLE})|n(?![aiueoy])|([kstpcgdbz])(?=\1))+")


def romaji(low: str) -> str:
    """Japanese in Latin letters: nippon → ニッポン."""
    parts = re.findall(rf"{_SYLLABLE}|n(?![aiueoy])|[kstpcgdbz]", low)
    return "".join(_SYLLABLES.get(part) or ("ン" if part == "n" else "ッ") for part in parts)


def _today(said: str, low: str) -> str:
    """ウイ ウエ ウオ of older dictionaries for an English w are ウィ ウェ ウォ (weekend, highway)."""
    if "w" not in low:
        return said
    return said.replace("ウイ", "ウィ").replace("ウエ", "ウェ").replace("ウオ", "ウォ")


def letters(text: str) -> str:
    """Spelled out."""
    return "".join(LETTERS.get(c, "") for c in _ascii(text).lower())


def _ascii(text: str) -> str:
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isascii())


def _is_spelling(reading: str, low: str) -> bool:
    """Sudachi spells the word (with エイ for A, エッチ for H and so on)."""
    squeezed = spoken(reading).replace("ディー", "デー").replace("エッチ", "エーチ")
    own = spoken(letters(low)).replace("ディー", "デー")
    return squeezed == own or (
        len(morae(reading)) >= 2 * len(low) - 1
        and squeezed[:2] == own[:2]
        and squeezed[-2:] == own[-2:]
        and len(low) <= 5
    )


def _looks_english(low: str) -> bool:
    return bool(re.search(r"[aeiouy]", low)) and len(low) >= 3


@lru_cache(maxsize=4096)
def _english(low: str) -> str:
    """Kanalizer's katakana; letters when it gives up."""
    import kanalizer

    plain = re.sub(r"[^a-z]", "", _ascii(low).lower())
    if not plain:
        return "".join(LETTERS.get(c, "") for c in low) or "ラテンモジ"
    if len(plain) > 30:
        return letters(plain)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said: str = kanalizer.convert(plain, on_incomplete="ignore", on_invalid_input="ignore")
    return spoken(said) if said and re.fullmatch(r"[ァ-ヺー]+", said) else letters(plain)
