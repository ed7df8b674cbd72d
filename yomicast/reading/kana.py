"""Katakana: morae, vowels, spelling to sound."""

from __future__ import annotations

import re

_MORA = re.compile(r"[ァ-ヶ][ァィゥェォャュョヮ]?|ー")
_ALONE = re.compile(r"[アイウエオ]?[ァィゥェォャュョヮ]")

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
