"""The review list: the few words a person should check before a voice speaks them.

Each word's risk comes from a small linear model whose features are of the language: what the second analyser says, how
close Open JTalk's own next-best analyses are, parts of speech, single kanji, rare words, names. The weights in
`data/risk.tsv` were learned by `benchmarks/train_risk.py`; they hold no words.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from yomicast.reading import frontend, second
from yomicast.reading.corrections import Doubt
from yomicast.reading.draft import Draft
from yomicast.reading.frontend import Token
from yomicast.reading.second import Morpheme
from yomicast.reading.sounds import folded

PATHS = 12
"""Analyses that Open JTalk is asked for."""

_KANJI = re.compile(r"[㐀-鿿々〆ヶ]")
_AMBIGUOUS = frozenset(
    [
        "方",
        "後",
        "家",
        "下",
        "上",
        "中",
        "前",
        "間",
        "角",
        "金",
        "空",
        "月",
        "日",
        "市",
        "町",
        "村",
        "山",
        "川",
        "所",
        "色",
        "目",
        "手",
        "風",
        "頭",
        "体",
        "面",
        "表",
        "裏",
        "生",
        "主",
        "本",
        "分",
        "人",
        "男",
        "女",
        "水",
        "火",
        "木",
        "土",
        "国",
        "城",
        "寺",
        "神",
        "宮",
        "島",
        "岩",
        "谷",
        "沢",
        "原",
        "田",
        "野",
        "林",
        "森",
        "北",
        "南",
        "東",
        "西",
        "口",
        "声",
        "音",
        "形",
        "型",
        "話",
        "語",
        "文",
        "字",
        "者",
        "物",
        "事",
        "時",
        "年",
        "度",
        "代",
        "世",
        "族",
        "種",
        "類",
        "性",
        "品",
        "店",
        "場",
        "館",
        "室",
        "階",
        "地",
        "道",
        "路",
        "橋",
        "門",
        "台",
        "弟",
        "兄",
        "姉",
        "妹",
        "父",
        "母",
        "子",
        "孫",
        "君",
        "私",
        "皆",
        "何",
        "今",
        "昔",
        "元",
        "先",
        "末",
        "初",
        "行",
        "経",
        "縁",
        "額",
        "刀",
        "草",
        "花",
        "竹",
        "梅",
        "桜",
        "鳥",
        "虫",
        "魚",
        "牛",
        "馬",
        "犬",
        "猫",
        "竜",
        "骨",
        "血",
        "肉",
        "毛",
        "皮",
        "羽",
        "実",
        "根",
        "葉",
        "芽",
        "幹",
        "枝",
        "米",
        "麦",
        "豆",
        "塩",
        "油",
        "酒",
        "茶",
        "石",
        "砂",
        "氷",
        "雪",
        "雨",
        "雲",
        "霧",
        "雷",
        "光",
        "影",
        "闇",
        "夜",
        "朝",
        "昼",
        "夕",
        "春",
        "夏",
        "秋",
        "冬",
        "沖",
        "浜",
        "港",
        "海",
        "湖",
    ]
)


@dataclass(frozen=True, slots=True)
class Flag:
    """A word to check: where it stands in the line, how it would be read, what else it may be."""

    surface: str
    start: int
    end: int
    reading: str
    candidates: tuple[str, ...]
    risk: float


@cache
def _model() -> tuple[Mapping[str, float], float]:
    """Weights and the threshold of a line's risk."""
    text = resources.files("yomicast.reading").joinpath("data", "risk.tsv").read_text(encoding="utf-8")
    rows = dict(row.split("\t") for row in text.splitlines() if row and not row.startswith("#"))
    threshold = int(rows.pop("threshold")) / 1000
    return MappingProxyType({name: int(value) / 100 for name, value in rows.items()}), threshold


def flagged(draft: Draft, tokens: Sequence[Token], doubts: Sequence[Doubt], line: str) -> list[Flag]:
    """The riskiest words of a line, none when the line is not risky enough."""
    table, threshold = _model()
    risks = [(chance(features, table), token) for token, features in described(draft, tokens, doubts)]
    if _together(risk for risk, _ in risks) < threshold:
        return []
    most = max((risk for risk, _ in risks), default=0.0)
    found = []
    for risk, token in risks:
        if risk >= most * 0.5:
            word = token.word
            others = [*word.candidates, *(d.theirs for d in doubts if (d.start, d.end) == (word.start, word.end))]
            candidates = tuple(dict.fromkeys(o for o in others if o and o != word.kana))
            found.append(Flag(line[word.start : word.end], word.start, word.end, word.kana, candidates, risk))
    return found


def _together(risks: Iterable[float]) -> float:
    safe = 1.0
    for risk in risks:
        safe *= 1 - risk
    return 1 - safe


def line_risk(draft: Draft, tokens: Sequence[Token], doubts: Sequence[Doubt], table: Mapping[str, float]) -> float:
    """The chance that some word of the line is read wrong."""
    return _together(chance(features, table) for _, features in described(draft, tokens, doubts))


def chance(features: Sequence[str], table: Mapping[str, float]) -> float:
    """The logistic of the summed weights."""
    return 1 / (1 + math.exp(-sum(table.get(name, 0.0) for name in features)))


def described(draft: Draft, tokens: Sequence[Token], doubts: Sequence[Doubt]) -> list[tuple[Token, list[str]]]:
    """Every word with kanji or Latin letters, and what is known of its risk."""
    close = _margins(draft)
    morphs = second.morphemes(draft.line)
    out = []
    for at, token in enumerate(tokens):
        word = token.word
        if not word.pron or not (_KANJI.search(word.surface) or re.search(r"[A-Za-z]", word.surface)):
            continue
        inside = [m for m in morphs if m.start < word.end and word.start < m.end]
        out.append((token, _features(tokens, at, inside, doubts, close)))
    return out


def _features(
    tokens: Sequence[Token],
    at: int,
    inside: Sequence[Morpheme],
    doubts: Sequence[Doubt],
    close: Mapping[int, int],
) -> list[str]:
    token = tokens[at]
    word = token.word
    pos = (*word.pos, "*", "*", "*")
    before = tokens[at - 1].word if at else None
    after = tokens[at + 1].word if at + 1 < len(tokens) else None
    kanji = len(_KANJI.findall(word.surface))
    single = kanji == 1 and len(word.surface) == 1
    doubt = next((d for d in doubts if d.start < word.end and word.start < d.end), None)
    step = word.step.split(":", maxsplit=1)[0]
    theirs = _their_class(inside)
    split = _alignment(word.start, word.end, inside)
    margin = min((close[i] for i in range(token.low, token.high) if i in close), default=99_999)
    near = (
        "0"
        if margin < 300
        else "1"
        if margin < 800
        else "2"
        if margin < 1600
        else "3"
        if margin < 3000
        else "4"
        if margin < 6000
        else "9"
    )
    rare = min(max(token.cost, 0) // 2500, 6)
    kind = f"{pos[0]}.{pos[1]}"
    alone = "s" if single else "m"
    beside = single and any(w is not None and len(w.surface) == 1 and _KANJI.search(w.surface) for w in (before, after))
    out = [
        "b",
        f"pos={kind}",
        f"pos3={kind}.{pos[2]}/{alone}",
        f"step={step}",
        f"near={near}",
        f"near={near}/{alone}",
        f"d={'v' if doubt and doubt.voicing else 'y' if doubt else 'n'}",
        f"sp={split}/{theirs}",
        f"sp={split}/{kind}",
        f"k={min(kanji, 4)}/{min(len(word.surface), 4)}",
        f"rare={rare}/{alone}",
        f"unknown={'unknown' in word.doubts}",
        f"theirs={theirs}/{kind}",
        f"near={near}/{kind}",
        f"step={step}/{kind}/{theirs}" if step != "front-end" else "fe",
        f"ctx={(before.pos or ('^',))[0] if before else '^'}/{kind}.{pos[2]}/{(after.pos or ('$',))[0] if after else '$'}",
    ]
    if doubt and doubt.voicing:
        out += ["v", f"v/{kind}", f"v/{theirs}"]
    elif doubt:
        out += [f"d/{kind}", f"d/{theirs}", f"d/{alone}", f"d/near={near}", f"d/sp={split}"]
    if beside:
        out += ["beside", f"beside/{kind}"]
    if single:
        listed = token.surface in _AMBIGUOUS
        out += [
            f"s={listed}",
            f"s={listed}/{kind}",
            f"id={token.surface}" if listed else "id",
            f"s/after={(after.pos or ('$',))[0] if after else '$'}",
            f"s/before={(before.pos or ('^',))[0] if before else '^'}",
        ]
    return out


def _their_class(inside: Sequence[Morpheme]) -> str:
    if not inside:
        return "-"
    if not all(one.known for one in inside):
        return "oov"
    first = inside[0].pos
    return f"{first[1]}.{first[2]}" if first[0] == "名詞" else first[0]


def _alignment(start: int, end: int, inside: Sequence[Morpheme]) -> str:
    """Whether Sudachi has the same word, a longer one, parts of it, or cuts across."""
    if not inside:
        return "-"
    low, high = inside[0].start, inside[-1].end
    if (low, high) == (start, end):
        return "same" if len(inside) == 1 else "parts"
    if len(inside) == 1:
        return "longer"
    return "across"


def _margins(draft: Draft) -> dict[int, int]:
    """For each character of the draft, how much dearer the cheapest analysis is that reads it otherwise."""
    text = "".join(frontend.wide(c) for c in draft.text)
    if not text or len(text) > frontend.LONGEST or len(text) != len(draft.text):
        return {}
    paths = frontend.jtalk().run_mecab_nbest_features(text, PATHS)
    if not paths:
        return {}
    best = _readings(paths[0]["morphs"])
    base = paths[0]["path_cost"]
    close: dict[int, int] = {}
    for path in paths[1:]:
        other = _readings(path["morphs"])
        cost = path["path_cost"] - base
        for start, end in _unlike(best, other):
            for i in range(start, end):
                close[i] = min(close.get(i, cost), cost)
    return close


def _readings(morphs: Sequence[Mapping[str, object]]) -> list[tuple[int, int, str]]:
    out = []
    for morph in morphs:
        fields, (start, end) = morph["features"], morph["char_span"]  # type: ignore[misc]
        pron = fields[9] if len(fields) > 9 else ""  # type: ignore[arg-type,index]
        out.append((start, end, str(pron)))  # type: ignore[has-type]
    return out


def _unlike(one: Sequence[tuple[int, int, str]], two: Sequence[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """Stretches between common cuts whose sounds differ."""
    cuts = sorted(({s for s, _, _ in one} | {e for _, e, _ in one}) & ({s for s, _, _ in two} | {e for _, e, _ in two}))
    found = []
    for low, high in itertools.pairwise(cuts):
        left = "".join(p for s, e, p in one if low <= s and e <= high)
        right = "".join(p for s, e, p in two if low <= s and e <= high)
        if folded(left) != folded(right):
            found.append((low, high))
    return found
