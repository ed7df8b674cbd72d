"""Small formulas in words; large ones are announced, as a listener could not follow them.

The wording follows how formulas are read in Japanese schools: 分母が先 (b分のa), 乗, ルート.
"""

from __future__ import annotations

import re

from yomicast.model import Edit
from yomicast.patterns import expression

INLINE = expression(
    r"(?<![\\$A-Za-z0-9])\$(?![\s$])(?P<tex>[^$\n]{1,200}?)(?<!\s)\$(?![\d$])|\\\((?P<paren>.{1,200}?)\\\)"
)
MATHS = expression(r"[\\^_=+<>≤≥×÷±√∑∫]|^[A-Za-z](?:\([A-Za-z]\))?$|^[-−–]?\d+(?:\.\d+)?$|^[a-zA-Z]\d?$")
LONGEST = 40
"""Characters of TeX above which a formula is not spelled."""
WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (expression(pattern), words)
    for pattern, words in (
        (r"\\(?:left|right|displaystyle|,|;|!|quad|mathrm|mathbf|text|operatorname)\b", ""),
        (r"\\(?:d|t)?frac\{([^{}]*)\}\{([^{}]*)\}", r"\2分の\1"),
        (r"\\sqrt\{([^{}]*)\}", r"ルート\1"),
        (r"\\sqrt\[(\d)\]\{([^{}]*)\}", r"\2の\1乗根"),
        (r"\^\{?\\circ\}?", "度"),
        (r"\^\{?-1\}?", "のマイナス1乗"),
        (r"\^\{([^{}]*)\}|\^([A-Za-z0-9])", r"の\1\2乗"),
        (r"_\{([^{}]*)\}|_([A-Za-z0-9])", r"\1\2"),
        (r"\\(?:leq?|leqslant)\b|≤|≦", "小なりイコール"),
        (r"\\(?:geq?|geqslant)\b|≥|≧", "大なりイコール"),
        (r"\\neq?\b|≠", "ノットイコール"),
        (r"\\approx\b|≈|≒", "ニアリーイコール"),
        (r"\\times\b|×|\\cdot\b|\*", "かける"),
        (r"\\div\b|÷", "割る"),
        (r"\\pm\b|±", "プラスマイナス"),
        (r"\\(?:to|rightarrow)\b|→", "から"),
        (r"\\infty\b|∞", "無限大"),
        (r"\\pi\b|π", "パイ"),
        (r"\\alpha\b|α", "アルファ"),
        (r"\\beta\b|β", "ベータ"),
        (r"\\gamma\b|γ", "ガンマ"),
        (r"\\[dD]elta\b|δ|Δ", "デルタ"),
        (r"\\(?:var)?epsilon\b|ε", "イプシロン"),
        (r"\\theta\b|θ", "シータ"),
        (r"\\lambda\b|λ", "ラムダ"),
        (r"\\mu\b|μ", "ミュー"),
        (r"\\sigma\b|σ", "シグマ"),
        (r"\\(?:var)?phi\b|φ", "ファイ"),
        (r"\\omega\b|ω", "オメガ"),
        (r"\\log\b", "ログ"),
        (r"\\sin\b", "サイン"),
        (r"\\cos\b", "コサイン"),
        (r"\\tan\b", "タンジェント"),
        (r"=", "イコール"),
        (r"\+", "プラス"),
        (r"[-−]", "マイナス"),
        (r"<|\\lt\b", "小なり"),
        (r">|\\gt\b", "大なり"),
        (r"/", "割る"),
        (r"\\%", "パーセント"),
    )
)


def spelled(tex: str) -> str:
    """A small formula in words; empty when it is too large or holds something that has no short reading."""
    if len(tex) > LONGEST or "\n" in tex:
        return ""
    text = tex
    for pattern, words in WORDS:
        for _ in range(3):
            text, count = pattern.subn(words, text)
            if not count:
                break
    text = re.sub(r"[{}\s]+", "", text)
    return "" if re.search(r"[\\^_&]", text) else text


def edits(text: str) -> list[Edit]:
    """Inline formulas of a sentence: the dollar signs go, what is between is spelled or, too large, called 数式."""
    found: list[Edit] = []
    for match in INLINE.finditer(text):
        tex = match["tex"] if match["tex"] is not None else match["paren"]
        if not MATHS.search(tex.strip()) or re.search(r"[ぁ-んァ-ヺ一-鿿]", tex):
            continue
        start, end = match.span()
        words = spelled(tex.strip())
        if not words or "\\" in tex:
            found.append(Edit(start=start, end=end, spoken=words or "数式", rule="tex-spelled"))
            continue
        edge = 1 if text[start] == "$" else 2
        found.append(Edit(start=start, end=start + edge, spoken="", rule="math-mark"))
        found.append(Edit(start=start + edge, end=end - edge, spoken=words, rule="tex"))
        found.append(Edit(start=end - edge, end=end, spoken="", rule="math-mark"))
    return found
