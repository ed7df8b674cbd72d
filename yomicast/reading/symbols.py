"""Signs: what cannot be read is taken out with a reason, compatibility forms are unfolded, the rest gets its name.

Readings of signs follow what announcers say: ℃ is 度, & アンド, × カケル, ㈱ 株式会社; decoration (★ ● 【】) is silent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from yomicast.patterns import expression
from yomicast.reading.draft import Draft, Edit, Forced

COMPANY = {
    "㍿": "株式会社", "㈱": "株式会社", "㈲": "有限会社", "㈳": "社団法人", "㈶": "財団法人", "㈻": "学校法人",
    "㈼": "監査", "㈹": "代表", "㊑": "株式会社", "㊒": "有限会社", "㈾": "合資会社", "㈴": "合名会社", "㊙": "丸秘",
    "㊞": "印", "㊗": "祝", "㊤": "上", "㊥": "中", "㊦": "下", "㊧": "左", "㊨": "右", "㊐": "日", "㊊": "月", "㊋": "火",
    "㊌": "水", "㊍": "木", "㊎": "金", "㊏": "土", "㊡": "休",
}  # fmt: skip
SQUARES = {
    "㎡": "平方メートル", "㎢": "平方キロメートル", "㎠": "平方センチメートル", "㎟": "平方ミリメートル",
    "㎥": "立方メートル", "㎤": "立方センチメートル", "㎦": "立方キロメートル", "㏄": "cc", "㎞": "km", "㎏": "kg",
    "㏋": "馬力", "㏊": "ヘクタール", "㍲": "da",
}  # fmt: skip
NAMED = {
    "‐": "-", "‑": "-", "℃": "度", "℉": "華氏度", "°": "度", "№": "No.", "℡": "電話", "☎": "電話", "〒": "郵便番号", "‰": "パーミル", "∞": "無限大",
    "≒": "ニアリーイコール", "≠": "ノットイコール", "≧": "以上", "≦": "以下", "≥": "以上", "≤": "以下", "√": "ルート",
    "÷": "割る", "〆": "〆", "℠": "", "™": "", "®": "", "©": "", "㏍": "株式会社", "µ": "μ", "Ω": "Ω", "€": "€", "₂": "2",
    "₀": "0", "₁": "1", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9", "♯": "シャープ", "♭": "フラット",
}  # fmt: skip
"""Signs with a name of their own, before NFKC takes them apart."""

_KEPT = frozenset("…‥～〜￣´｀゛゜〝〟‼⁉⁇⁈ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ²³")
_POWERS = {"²": "2", "³": "3"}
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        [
            "アルファ",
            "ベータ",
            "ガンマ",
            "デルタ",
            "イプシロン",
            "ゼータ",
            "イータ",
            "シータ",
            "イオタ",
            "カッパ",
            "ラムダ",
            "ミュー",
            "ニュー",
            "クサイ",
            "オミクロン",
            "パイ",
            "ロー",
            "シグマ",
            "タウ",
            "ウプシロン",
            "ファイ",
            "カイ",
            "プサイ",
            "オメガ",
        ],
        strict=True,
    )
)
_BULLETS = "■□◆◇●○◎◯★☆▼▽△▲▶►◀◁▷▪▫•‣◦※†‡§¶♪♬♫♡♥❤❥✓✔✕✖✗✘☑♠♣♦♤♧♢▓░▒█─━│┃┌┐└┘├┤┬┴┼═║♀♂☀☁☂☃✨⭐➡⬅⬆⬇"
_ARROWS = "→⇒➔➜⇨←⇐↑↓⇔↔⇩⇧"
_FACE = expression(
    r"[(（][^()（）一-鿿A-Za-z0-9]{0,6}[・ω´`≧≦∀▽д°^*_;ﾟ゜Дー～ﾉヮ><TΤ゚ﾛ￣╹◡]{2,}[^()（）一-鿿A-Za-z0-9]{0,6}[)）][ﾉノシ♪]?"
    r"|[＼\\ヽ]?[(（]\^[oO]\^[)）][／/ﾉノ]?"
    r"|[(（](?:笑|爆笑|泣|汗|苦笑|\^_\^;?|\^\^;?|T_T|>_<|・_・|-_-)[)）]"
    r"|(?<![A-Za-z0-9])(?:orz|m\(_ _\)m|\^\^;?|\^_\^;?)(?![A-Za-z0-9])"
)
_LAUGH = expression(r"(?<=[ぁ-んァ-ヶー一-鿿。!?！？])[wｗ]{1,}(?=$|[。、\s)）」])")


@cache
def unfolded(char: str) -> str:
    """One character in the form the later steps know; "" when nothing is to be read."""
    if char in COMPANY or char in SQUARES or char in NAMED:
        return COMPANY.get(char) or SQUARES.get(char) or NAMED[char]
    if char in _KEPT:
        return char
    category = unicodedata.category(char)
    if category == "Cf" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return ""
    if category == "Zs" or char in "\t\n\r\v\f\u2028\u2029":
        return " "
    if category in ("Cc", "Cs", "Co", "Cn"):
        return ""
    if "①" <= char <= "⑳" or "❶" <= char <= "❿" or "㉑" <= char <= "㊿" or "➀" <= char <= "➓" or "⓵" <= char <= "⓾":
        return f"丸{int(unicodedata.numeric(char))}"
    plain = unicodedata.normalize("NFKC", char)
    return _everyday_form(plain) if len(plain) == 1 and plain > "\u2e80" else plain


def _everyday_form(char: str) -> str:
    """𠮷 髙 﨑, which no dictionary has, are read as 吉 高 崎. What JIS X 0208 has stays as it is."""
    from pyopenjtalk.utils import normalize_itaiji

    try:
        char.encode("iso2022_jp")
    except UnicodeEncodeError:
        pass
    else:
        return char
    plain: str = normalize_itaiji(char)
    return plain if len(plain) == 1 else char


def unreadable(draft: Draft) -> Iterator[Edit]:
    """Controls, lone surrogates, private and unassigned characters: nothing can be said for them."""
    for at, char in enumerate(draft.text):
        if unicodedata.category(char) in ("Cs", "Co", "Cn") or (
            unicodedata.category(char) == "Cc" and char not in "\t\n\r\v\f\x85"
        ):
            yield Edit(at, at + 1, "")


def compatibility(draft: Draft) -> Iterator[Edit]:
    """㍿ ① ㎡ Ａ ﾊﾟ are written out; selectors and joiners go."""
    text = draft.text
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and text[end] in "ﾞﾟ\u3099\u309a":
            end += 1
        new = unfolded(text[at]) if end == at + 1 else unicodedata.normalize("NFKC", text[at:end])
        if new != text[at:end]:
            yield Edit(at, end, new)
        at = end


def is_emoji(char: str) -> bool:
    """Pictures that stand in running text and have no reading."""
    point = ord(char)
    return (
        0x1F000 <= point <= 0x1FAFF
        or 0x2600 <= point <= 0x27BF
        or 0x2B00 <= point <= 0x2BFF
        or 0x1F1E6 <= point <= 0x1F1FF
        or 0xE0020 <= point <= 0xE007F
    )


def pictures(draft: Draft) -> Iterator[Edit]:
    """Emoji, emoticons and (笑): a rest, or 笑い where it is written out."""
    text = draft.text
    for found in _FACE.finditer(text):
        inside = found.group().strip("()（）")
        yield Edit(
            found.start(),
            found.end(),
            f"、{inside}い" if inside in ("笑", "苦笑", "爆笑") and inside != "爆笑" else "、",
        )
    for found in _LAUGH.finditer(text):
        yield Edit(found.start(), found.end(), "")
    for found in re.finditer(r"[\U0001F000-\U0001FAFF☀-➿⬀-⯿\u200d\ufe0f]+", text):
        if not is_emoji(found.group()[0]) or found.group()[0] in "☎♯♭":
            continue
        yield Edit(found.start(), found.end(), _rest(text, found.start(), found.end()))


def _rest(text: str, start: int, end: int) -> str:
    """A comma, unless a stop stands there already."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if not before or not after or before[-1] in "。、！？!?…「（(" or after[0] in "。、！？!?…」）)":
        return ""
    return "、"


_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (expression(pattern), text)
    for pattern, text in (
        (r"(?<=[ぁ-んァ-ヶ])[~〜～]+(?=[!?！？。、ぁ-ん」』)）♪☆★\s]|$)", "ー"),
        (r"(?<=[0-9]) (?=[0-9])", "、"),
        (r"(?<=[一-鿿ァ-ヶー])[〜～~](?=[一-鿿ァ-ヶ0-9])", "から"),
        (r"(?<=[A-Za-z0-9\ue000-\uf8ff])[〜～~](?=[A-Za-z0-9\ue000-\uf8ff])", "から"),
        (r"[〜～~]", "、"),
        (r"(?<=[A-Za-z0-9ァ-ヶー一-鿿\ue000-\uf8ff]) ?& ?(?=[A-Za-z0-9ァ-ヶ一-鿿\ue000-\uf8ff])", "アンド"),
        (r"&", "アンド"),
        (r"[○◯〇][×✕]", "まるばつ"),
        (r"(?<=[0-9]) ?[×✕xX*] ?(?=[0-9])", "かける"),
        (r"(?<=[\ue000-\uf8ff]) ?× ?(?=[\ue000-\uf8ff])", ""),
        (r"(?<=[0-9ァ-ヶー一-鿿\ue000-\uf8ff]) ?× ?(?=[0-9\ue000-\uf8ff])", "かける"),
        (r"×", "、"),
        (r"(?<=[\dA-Za-zァ-ヶー一-鿿\ue000-\uf8ff]) ?[+＋] ?(?=[\dA-Za-zァ-ヶ一-鿿\ue000-\uf8ff])", "プラス"),
        (r"\+", "プラス"),
        (r"(?<=[ァ-ヶー]) ?[=＝] ?(?=[ァ-ヶ])", "、"),
        (r"(?<=[\w）)$€%℃²³\ue000-\uf8ff]) ?[=＝] ?(?=[\w（($¥√\-−\ue000-\uf8ff])", "イコール"),
        (r"(?<=[A-Za-z0-9\ue000-\uf8ff])@(?=[A-Za-z0-9\ue000-\uf8ff])", "アット"),
        (r"@", "アットマーク"),
        (r"#(?=\d)", "ナンバー"),
        (r"(?<=[ァ-ヶ])[—―](?=[ァ-ヶ])", "ー"),
        (r"(?<![A-Za-z])#(?=[\wぁ-んァ-ヶ一-鿿\ue000-\uf8ff])", "ハッシュタグ"),
        (r"#", "シャープ"),
        (r"%", "パーセント"),
        (r"(?<=[A-Za-z])/(?=[A-Za-z])", "スラッシュ"),
        (r"[/／|｜\\]+", "、"),
        (r"[_*^<>＜＞=`´{}\[\]【】〔〕〈〉]+", "、"),
        (r"¥", "円"),
        (r"\$", "ドル"),
        (r"€", "ユーロ"),
        (r"£", "ポンド"),
        (r"¢", "セント"),
        (r"₩", "ウォン"),
        (r"(?<=[ぁ-んァ-ヶ一-鿿」』）)])[,，]", "、"),
        (r"(?<=[ぁ-んァ-ヶ一-鿿」』）)])[.．]", "。"),
        (r"[,，;；]", "、"),
        (r"(?<=[^\s]) ?[:：] ?(?=[^\s])", "、"),
        (r"[-−–—―‐]{2,}", "、"),
        (r"(?<=[ァ-ヶ])[-‐−–](?=[ァ-ヶ])", "、"),
        (r"[-−–—―‐]+", "、"),
        (r"[…‥]+|\.{2,}|・{2,}", "、"),
    )
)


_MARK_NAMES = {
    "○": "マル", "◯": "マル", "〇": "マル", "◎": "ニジューマル", "×": "バツ", "✕": "バツ", "△": "サンカク", "□": "シカク", "☆": "ホシ",
    "★": "ホシ", "●": "クロマル", "▲": "クロサンカク", "■": "クロシカク", "✓": "チェック",
}  # fmt: skip
_MARK = expression(
    r"(?:(?<=[ぁ-ん「『、・（(])|^)[○◯〇◎×✕△□☆★●▲■✓](?=[をがはにでとも」』]|か[、。ぁ-ん]|、[ぁ-ん一-鿿]|の(?:数|中|部分|位置|印)|印|だ|です)"
)
_TWICE = expression(r"(?<![○◯〇△×□])([○◯〇△×□])\1(?![○◯〇△×□])(?=[一-鿿ぁ-んァ-ヶ])")
_RATED = expression(r"(?:評価|度|おすすめ|オススメ|お薦め|点数)[はが:：、 　]?$")
_STARS = expression(r"(★{1,5})(☆{0,4})(?![★☆])")


def marks(draft: Draft) -> Iterator[Edit]:
    """に○をつける マル, 「◎」 ニジューマル, ○○さん マルマル, ★3つ ホシ, ★★★☆☆ ホシミッツ: marks that are words."""
    text = draft.text
    for found in _MARK.finditer(text):
        yield _mark(found.start(), found.end(), found.group(), _MARK_NAMES[found.group()])
    for found in _TWICE.finditer(text):
        yield _mark(found.start(), found.end(), found.group(), _MARK_NAMES[found[1]] * 2)
    for found in _STARS.finditer(text):
        if text[found.end() : found.end() + 1].isdigit() and len(found.group()) == 1:
            yield Edit(found.start(), found.end(), "星")
        elif (found[2] and len(found.group()) == 5) or _RATED.search(text[: found.start()]):
            yield Edit(found.start(), found.end(), f"、星{len(found[1])}つ")


def _mark(start: int, end: int, sign: str, name: str) -> Edit:
    return Edit(start, end, "", Forced(surface=sign, pron=name, accent=0, step="marks"))


def signs(draft: Draft) -> Iterator[Edit]:
    """What is left of signs: said by name where they mean something, else a rest or silence."""
    text = draft.text
    taken: set[int] = set()
    for pattern, new in _RULES:
        for found in pattern.finditer(text):
            span = set(range(found.start(), found.end()))
            if span & taken:
                continue
            taken |= span
            said = _rest(text, found.start(), found.end()) if new == "、" else new
            yield Edit(found.start(), found.end(), said)
    for at, char in enumerate(text):
        if at in taken:
            continue
        if char in _ARROWS or char in _BULLETS:
            yield Edit(at, at + 1, _rest(text, at, at + 1))
        elif char.lower() in _GREEK:
            name = _GREEK[char.lower()]
            yield Edit(at, at + 1, name, Forced(surface=char, pron=name, accent=1, step="signs"))


def superscripts(draft: Draft) -> Iterator[Edit]:
    """x² is エックスの2乗; m² is 平方メートル (units come first)."""
    for found in re.finditer(r"(?<=[\w)）])([²³])", draft.text):
        yield Edit(found.start(), found.end(), f"の{_POWERS[found[1]]}乗")
    for found in re.finditer(r"(?<=[\w)）])\^(\d{1,3}|[a-z](?![A-Za-z]))", draft.text):
        yield Edit(found.start(), found.end(), f"の{found[1]}乗")
