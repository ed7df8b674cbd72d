"""Katakana: morae, vowels, spelling to sound."""

from __future__ import annotations

from yomicast.patterns import expression

_MORA = expression(r"[ァ-ヶ][ァィゥェォャュョヮ]?|ー")
_ALONE = expression(r"[アイウエオ]?[ァィゥェォャュョヮ]")

_ROWS = (
    ("アカサタナハマヤラワガザダバパァャヮ", "ア"),
    ("イキシチニヒミリギジヂビピィ", "イ"),
    ("ウクスツヌフムユルグズヅブプヴゥュ", "ウ"),
    ("エケセテネヘメレゲゼデベペェ", "エ"),
    ("オコソトノホモヨロヲゴゾドボポォョ", "オ"),
)
VOWELS = {kana: vowel for row, vowel in _ROWS for kana in row}


def morae(pron: str) -> list[str]:
    """The morae of a pronunciation: キョーワ → キョ ー ワ; devoicing marks do not count."""
    return _MORA.findall(pron.replace("’", ""))


def katakana(text: str) -> str:
    """Hiragana as katakana, everything else as it is."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def spoken(reading: str, *, verb: bool = False) -> str:
    """Spelling as sound: オウ オオ → オー, エイ エエ → エー, ウウ → ウー, ヂ ヅ → ジ ズ. A verb's last ウ stays (思う)."""
    out: list[str] = []
    for at, kana in enumerate(reading.translate(_SAME)):
        vowel = VOWELS.get(out[-1]) if out else None
        last = at == len(reading) - 1
        joins = (vowel, kana) in _LONG
        if joins and not (verb and last and kana in "ウイ") and not _small_after(reading, at):
            out.append("ー")
        else:
            out.append(kana)
    return "".join(out)


_LONG = {("オ", "ウ"), ("オ", "オ"), ("エ", "イ"), ("エ", "エ"), ("ウ", "ウ")}
_FOLDED = str.maketrans("ヂヅヲヰヱヵヶ", "ジズオイエカケ")
_FOREIGN = (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"))


def folded(pron: str) -> str:
    """A pronunciation for comparing: every long vowel as its vowel, ヂ as ジ, ヴァ as バ, ニッポン as ニホン."""
    text = pron.replace("’", "").translate(_FOLDED).replace("ニッポン", "ニホン")
    for foreign, plain in _FOREIGN:
        text = text.replace(foreign, plain)
    out: list[str] = []
    for kana in text:
        vowel = VOWELS.get(out[-1]) if out else None
        if vowel is not None and (kana == "ー" or (vowel, kana) in {("オ", "ウ"), ("エ", "イ")}):
            out.append(vowel)
        else:
            out.append(kana)
    return "".join(out).replace("イウ", "ユウ")


_SAME = str.maketrans("ヂヅヰヱ", "ジズイエ")


def _small_after(reading: str, at: int) -> bool:
    return at + 1 < len(reading) and reading[at + 1] in "ァィゥェォャュョヮ"
