"""Numbers with their counters, after the front end: the sound changes it misses (八回 ハッカイ, 二十四時間 ニジューヨジカン).

The tables follow the appendix on counters of NHK's accent dictionary: before カ行 and パ行 counters 一 六 八 十 百 close to
ッ; before サ行 and タ行 一 八 十; 四 is ヨ before 時 人 年 円, 零 before 時 is レー; 二 and 五 are short in decimals.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yomicast.patterns import expression
from yomicast.reading.frontend import Token

_CLOSED = {"イチ": "イッ", "ロク": "ロッ", "ハチ": "ハッ", "ジュー": "ジュッ", "ヒャク": "ヒャッ"}
_K = expression(
    r"回|個|階|件|軒|校|巻|曲|機|級|期|局|球|貫|缶|画|角|戸|カ国|か国|ヶ国|ヵ国|ケ国|箇国|カ所|か所|ヶ所|ヵ所|箇所|カ月|か月|ヶ月|ヵ月|箇月|ヶ|ケ|区画|公演|行程|系統|気筒|脚|基|客|斤"
)
_ST = expression(
    r"冊|歳|才|社|章|足|隻|席|世紀|周|週|種|石|試合|色|食|室|層|艘|勝|点|頭|着|通|丁|店|体|隊|打|滴|等|手|戦|寸|尺|世|船|射|首|時限"
)
_P = {
    "本": "ポン", "匹": "ピキ", "杯": "パイ", "泊": "パク", "発": "パツ", "票": "ピョー", "品": "ピン", "分": "プン", "版": "パン", "編": "ペン",
    "歩": "ポ", "拍": "パク", "敗": "パイ", "筆": "ピツ", "遍": "ペン", "分間": "プンカン", "匹目": "ピキメ", "本目": "ポンメ", "百": "ピャク", "杯目": "パイメ",
}  # fmt: skip
_SOFT = expression(r"キロ|カロリー|ケルビン")
_YO = expression(r"時|人|年|円|畳半")
_NATIVE_GROUP = expression(r"の(?:夫婦|カップル|親子|布団|家族|男女|きょうだい|兄弟|ペア)")
_COUNTED = expression(
    r"世帯|世代|試合|打席|打数|文字|連休|連覇|連勝|連敗|等級|区画|店舗|品目|種目|科目|項目|都市|部屋|球団|作品|団体|行程|段階|週|房|里|羽|十[一-鿿]|[十百千万]"
)
_WHOLE = {
    "数羽": "スーワ", "数口": "スークチ", "数貫": "スーカン", "数里": "スーリ", "何合": "ナンゴー", "何輪": "ナンリン",
    "一浪": "イチロー", "二浪": "ニロー", "三浪": "サンロー",
}  # fmt: skip
"""What a dictionary has as a name or an older word."""
_NATIVE_AFTER = expression(
    r"駅|鍋|籠|かご|カゴ|揃い|そろい|仕事|休み|息|苦労|工夫|枝|鉢|樽|さじ|匙|夏|冬|安心|家族|波乱|悶着|味|塊|かたまり|山|皿|箱|袋"
)
_NATIVE = {"イチ": "ヒト", "イッ": "ヒト", "ニ": "フタ"}


def _number(token: Token) -> bool:
    return token.word.pos[:2] == ("名詞", "数")


def adjust(tokens: Sequence[Token], line: str) -> list[Token]:
    """The tokens with the sounds of numbers put right; each change carries the step `counters`."""
    out = [_some(tokens, at) for at in range(len(tokens))]
    for at, token in enumerate(out):
        if not _number(token) or token.word.step.startswith("lexicon"):
            continue
        after = out[at + 1] if at + 1 < len(out) else None
        if after is None:
            continue
        if _number(after):
            continue
        _join(out, at, line)
    return [_decimal(out, at) for at in range(len(out))]


def _some(tokens: Sequence[Token], at: int) -> Token:
    """数十日 スージューニチ, 何文字 ナンモジ: 数 and 何 as numerals before what is counted."""
    token = tokens[at]
    sound, after = token.word.kana, tokens[at + 1].surface if at + 1 < len(tokens) else ""
    numbered = at > 0 and (_number(tokens[at - 1]) or tokens[at - 1].surface in ("何", "数"))
    if token.surface == "万人" and numbered and sound == "バンニン":
        return _said(token, "マンニン")
    if token.surface.startswith("十日") and at and tokens[at - 1].surface == "数":
        return _said(token, "ジューニチ" + sound.removeprefix("トーカ"))
    if token.surface in _WHOLE and not token.word.step.startswith(("lexicon", "ruby")):
        return _said(token, _WHOLE[token.surface])
    if (token.surface, sound) in (("数", "カズ"), ("数", "ス")) and _COUNTED.match(after):
        return _said(token, "スー")
    if (token.surface, sound) == ("何", "ナニ") and _COUNTED.match(after):
        return _said(token, "ナン")
    return token


def _join(out: list[Token], at: int, line: str) -> None:
    """The last numeral and its counter."""
    number, counter = out[at], out[at + 1]
    sound, surface = number.word.kana, counter.surface
    if surface == "対" and at + 2 < len(out) and _number(out[at + 2]):
        out[at + 1] = _said(counter, "タイ")
        if sound in ("イチ", "ハチ", "ジュー"):
            out[at] = _said(number, _CLOSED[sound])
    elif (sound == "ヨン" and _YO.match(surface)) or (
        sound == "ヨン" and surface == "畳" and at + 2 < len(out) and out[at + 2].surface == "半"
    ):
        out[at] = _said(number, "ヨ")
    elif sound == "ゼロ" and surface.startswith("時"):
        out[at] = _said(number, "レー")
    elif sound == "ハチ" and surface in _P and counter.word.kana[:1] in "ハヒフヘホパピプペポ":
        out[at], out[at + 1] = _said(number, "ハッ"), _said(counter, _P[surface])
    elif (
        (sound in _CLOSED and _K.match(surface) and counter.word.kana[:1] in "カキクケコ")
        or (
            sound in ("イチ", "ハチ", "ジュー")
            and _ST.fullmatch(re.sub(r"(?:目|間|分|あたり|当たり|後|前)$", "", surface))
            and counter.word.kana[:1] in "サシスセソタチツテト"
        )
        or (sound in ("ロク", "ジュー", "ヒャク") and _SOFT.match(surface))
    ):
        out[at] = _said(number, _CLOSED[sound])
    elif surface in ("房", "挺") and sound in _NATIVE:
        out[at] = _said(number, _NATIVE[sound] if surface == "房" else "イッ" if sound == "イチ" else sound)
        out[at + 1] = _said(counter, "フサ" if surface == "房" else "チョー")
    elif surface == "浪" and counter.word.kana == "ナミ":
        out[at + 1] = _said(counter, "ロー")
    elif surface == "セット" and sound in ("ヒト", "フタ"):
        out[at] = _said(number, "イチ" if sound == "ヒト" else "ニ")
    elif (sound in _NATIVE and _NATIVE_AFTER.fullmatch(surface) and _alone(out, at, line)) or (
        surface == "組" and sound in _NATIVE and _NATIVE_GROUP.match(line[counter.word.end :])
    ):
        out[at] = _said(number, _NATIVE[sound])


def _alone(tokens: Sequence[Token], at: int, line: str) -> bool:
    """One numeral by itself, not 十一, 第二 or 0.2."""
    return not (at and (_number(tokens[at - 1]) or tokens[at - 1].surface in ("第", "．"))) and not re.search(
        r"[第.\d]$", line[: tokens[at].word.start]
    )


def _decimal(out: Sequence[Token], at: int) -> Token:
    """二 and 五 beside a decimal point are short, as in 2.5 ニテンゴ."""
    token = out[at]
    if not _number(token) or token.word.kana not in ("ニー", "ゴー"):
        return token
    before, after = _kana(out, at - 1), _kana(out, at + 1)
    last = not (at + 1 < len(out) and _number(out[at + 1]))
    if after == "テン" or (before == "テン" and last):
        return _said(token, token.word.kana[0])
    return token


def _kana(tokens: Sequence[Token], at: int) -> str:
    point = 0 <= at < len(tokens) and tokens[at].surface in ("．", "点", "・")
    return tokens[at].word.kana if point else ""


def _said(token: Token, pron: str) -> Token:
    return replace(token, word=replace(token.word, pron=pron, step="counters", candidates=(token.word.kana,)))
