"""The review list: the few words a person should check before a voice speaks them.

Each word's risk comes from a small linear model whose features are of the language: what the second analyser says, with
long words and with short ones, how much dearer the word's next reading is in Open JTalk's lattice, parts of speech,
single kanji, rare words, names. The weights in `data/risk.tsv` were learned by `benchmarks/train_risk.py`, which prints
what they hold on text that they were not learned from; they hold no words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TypeAlias

from yomicast.patterns import expression
from yomicast.reading import frontend, second
from yomicast.reading.corrections import Doubt, only_voicing, said
from yomicast.reading.draft import Draft
from yomicast.reading.frontend import Token
from yomicast.reading.second import Morpheme
from yomicast.reading.sounds import folded

WIDEST = 8
"""Characters of a word whose other readings are looked up; longer ones have none in the dictionary."""
NEAR = 3000
"""How much dearer a reading may be to be offered to the person who checks."""

_KANJI = expression(r"[㐀-鿿々〆ヶ]")
_AMBIGUOUS = frozenset(
    "方後家下上中前間角金空月日市町村山川所色目手風頭体面表裏生主本分人男女水火木土国城寺神宮島岩谷沢原田野林森北南"
    "東西口声音形型話語文字者物事時年度代世族種類性品店場館室階地道路橋門台弟兄姉妹父母子孫君私皆何今昔元先末初行経"
    "縁額刀草花竹梅桜鳥虫魚牛馬犬猫竜骨血肉毛皮羽実根葉芽幹枝米麦豆塩油酒茶石砂氷雪雨雲霧雷光影闇夜朝昼夕春夏秋冬沖"
    "浜港海湖"
)
"""Kanji that are words by themselves, with several readings in everyday use."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A word to check: where it stands in the line, how it would be read, what else it may be."""

    surface: str
    start: int
    end: int
    reading: str
    candidates: tuple[str, ...]
    risk: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of a word in Open JTalk's lattice: what it costs there, and what word it would be."""

    pron: str
    cost: int
    kind: str


Lattice: TypeAlias = Mapping[tuple[int, int], tuple[Reading, ...]]
"""Readings by the stretch low..high of the draft."""


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
    lattice = _lattice(draft, tokens)
    told = described(draft, tokens, doubts, lattice)
    risks = [(chance(features, table), token) for token, features in told]
    if _together(risk for risk, _ in risks) < threshold:
        return []
    most = max((risk for risk, _ in risks), default=0.0)
    found = []
    for risk, token in risks:
        if risk >= most * 0.5:
            word = token.word
            theirs = [d.theirs for d in doubts if (d.start, d.end) == (word.start, word.end)]
            others = [*word.candidates, *theirs, *_near(token, lattice)]
            candidates = tuple(dict.fromkeys(o for o in others if o and o != word.kana))
            found.append(Flag(line[word.start : word.end], word.start, word.end, word.kana, candidates, risk))
    return found


def _together(risks: Iterable[float]) -> float:
    safe = 1.0
    for risk in risks:
        safe *= 1 - risk
    return 1 - safe


def chance(features: Sequence[str], table: Mapping[str, float]) -> float:
    """The logistic of the summed weights."""
    return 1 / (1 + math.exp(-sum(table.get(name, 0.0) for name in features)))


def described(
    draft: Draft, tokens: Sequence[Token], doubts: Sequence[Doubt], lattice: Lattice | None = None
) -> list[tuple[Token, list[str]]]:
    """Every word with kanji or Latin letters, and what is known of its risk."""
    lattice = _lattice(draft, tokens) if lattice is None else lattice
    long, short = second.morphemes(draft.line), second.morphemes(draft.line, short=True)
    out = []
    for at, token in enumerate(tokens):
        if _asked(token):
            word = token.word
            doubt = next((d for d in doubts if d.start < word.end and word.start < d.end), None)
            theirs = [m for m in long if m.start < word.end and word.start < m.end]
            parts = [m for m in short if m.start < word.end and word.start < m.end]
            features = [*_own(tokens, at), *_second(token, theirs, parts, doubt)]
            features += _costs(token, lattice.get((token.low, token.high), ()), theirs)
            out.append((token, list(dict.fromkeys(features))))
    return out


def _asked(token: Token) -> bool:
    word = token.word
    return bool(word.pron) and re.search(r"[㐀-鿿々〆ヶA-Za-z]", word.surface) is not None


def _kind(token: Token) -> str:
    return ".".join((*token.word.pos, "*", "*")[:2])


def _alone(token: Token) -> str:
    """s: a single kanji."""
    return "s" if len(token.word.surface) == 1 and _KANJI.search(token.word.surface) else "m"


def _own(tokens: Sequence[Token], at: int) -> list[str]:
    """What the word is and what stands beside it."""
    token = tokens[at]
    word, kind, alone = token.word, _kind(token), _alone(token)
    before = tokens[at - 1].word if at else None
    after = tokens[at + 1].word if at + 1 < len(tokens) else None
    ahead, behind = (before.pos or ("^",))[0] if before else "^", (after.pos or ("$",))[0] if after else "$"
    third = (*word.pos, "*", "*", "*")[2]
    kanji = len(_KANJI.findall(word.surface))
    out = [
        "b",
        f"pos={kind}",
        f"pos3={kind}.{third}/{alone}",
        f"step={word.step.split(':', maxsplit=1)[0]}",
        f"k={min(kanji, 4)}/{min(len(word.surface), 4)}",
        f"rare={min(max(token.cost, 0) // 2500, 6)}/{alone}",
        f"unknown={'unknown' in word.doubts}",
        f"ctx={ahead}/{kind}.{third}/{behind}",
    ]
    if alone == "s":
        listed = token.surface in _AMBIGUOUS
        out += [
            f"s={listed}/{kind}",
            f"id={token.surface}" if listed else "id",
            f"s/after={behind}",
            f"s/before={ahead}",
        ]
        if any(w is not None and len(w.surface) == 1 and _KANJI.search(w.surface) for w in (before, after)):
            out += ["beside", f"beside/{kind}"]
    return out


def _second(token: Token, theirs: Sequence[Morpheme], parts: Sequence[Morpheme], doubt: Doubt | None) -> list[str]:
    """What Sudachi says, with long words and with short ones."""
    word, kind, alone = token.word, _kind(token), _alone(token)
    split, group = _alignment(word.start, word.end, theirs), _their_class(theirs)
    long, short = _agreement(token, theirs), _agreement(token, parts)
    step = word.step.split(":", maxsplit=1)[0]
    out = [
        f"sp={split}/{group}",
        f"sp={split}/{kind}",
        f"theirs={group}/{kind}",
        f"C={long}",
        f"A={short}",
        f"CA={long}{short}",
        f"CA={long}{short}/{kind}",
        f"C={long}/{alone}",
        f"step={step}/C={long}",
        f"d={'v' if doubt and doubt.voicing else 'y' if doubt else 'n'}",
    ]
    if doubt and doubt.voicing:
        out += ["v", f"v/{kind}", f"v/{group}"]
    elif doubt:
        out += [f"d/{kind}", f"d/{group}", f"d/{alone}", f"d/sp={split}"]
    return out


def _agreement(token: Token, morphs: Sequence[Morpheme]) -> str:
    """= the same sound, v but for its voicing, ! another, o unknown to Sudachi, x no such word."""
    word = token.word
    if not morphs or (morphs[0].start, morphs[-1].end) != (word.start, word.end):
        return "x"
    if not all(one.known for one in morphs):
        return "o"
    ours, theirs = folded(word.kana), folded("".join(said(one) for one in morphs))
    return "=" if ours == theirs else "v" if only_voicing(ours, theirs) else "!"


def _costs(token: Token, readings: Sequence[Reading], theirs: Sequence[Morpheme]) -> list[str]:
    """How close the next-best reading of the word is, and what it would be."""
    kind, alone, mine = _kind(token), _alone(token), folded(token.word.kana)
    own = min((one.cost for one in readings if folded(one.pron) == mine), default=None)
    best = min((one for one in readings if folded(one.pron) != mine), key=lambda one: one.cost, default=None)
    many = min(len({folded(one.pron) for one in readings}), 6)
    near = "none" if best is None else "new" if own is None else str(_step(best.cost - own))
    agreed = _agreement(token, theirs)
    out = [f"m={near}", f"m={near}/{alone}", f"m={near}/{kind}", f"n={many}", f"n={many}/{alone}"]
    out += [f"C={agreed}/m={near}", f"C={agreed}/{alone}/m={near}", f"C={agreed}/n={min(many, 4)}"]
    if best is not None:
        out += [f"alt={best.kind}", f"alt={best.kind}/{kind}", f"alt={best.kind}/m={near}"]
        out.append(f"altv={only_voicing(folded(best.pron), mine)}/m={near}")
        out.append(f"as={bool(theirs) and folded(best.pron) == folded(''.join(said(one) for one in theirs))}/{agreed}")
    return out


def _step(cost: int) -> int:
    return sum(cost >= edge for edge in (-3000, -1500, 0, 700, 1500, 2500, 3500, 5000, 7000))


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


def _lattice(draft: Draft, tokens: Sequence[Token]) -> Lattice:
    """The readings that Open JTalk's dictionary has for each word in its place, with their costs there."""
    text = "".join(frontend.wide(c) for c in draft.text)
    spans = [(one.low, one.high) for one in tokens if _asked(one) and 0 < one.high - one.low <= WIDEST]
    if not spans or len(text) > frontend.LONGEST or len(text) != len(draft.text):
        return {}
    found: dict[tuple[int, int], list[Reading]] = {}
    paths = frontend.jtalk().analyze_mecab_candidates(text, tuple(dict.fromkeys(spans)))["paths"]
    for path in paths:
        fields = path["features"][0].split(",")
        kind = (
            f"{fields[1]}.{fields[2]}"
            if len(path["features"]) == 1 and len(fields) > 2
            else f"split{len(path['features'])}"
        )
        found.setdefault(path["char_span"], []).append(Reading(path["pronunciation"], path["boundary_cost"], kind))
    return {span: tuple(readings) for span, readings in found.items()}


def _near(token: Token, lattice: Lattice) -> list[str]:
    """Other readings of the word that cost little more, the nearest first, two at most."""
    readings = sorted(lattice.get((token.low, token.high), ()), key=lambda one: one.cost)
    mine = folded(token.word.kana)
    own = min((one.cost for one in readings if folded(one.pron) == mine), default=None)
    others = [one for one in readings if folded(one.pron) != mine and (own is None or one.cost - own < NEAR)]
    return list(dict.fromkeys(one.pron.replace("’", "") for one in others))[:2]
