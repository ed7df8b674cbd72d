"""Accent phrases: where they begin, where pitch falls, when a sentence rises.

Open JTalk's rules give a first answer; two small linear models correct it. One decides at every word edge whether a new
phrase begins, one chooses the accented mora of each phrase. Their features are of the language (parts of speech,
inflection, function words, Open JTalk's own answer, lengths), never names or rare words. The weights in
`data/accent.tsv` were learned by `benchmarks/train_accent.py` from the JSUT labels by T. Koriyama and S. Takamichi
(sarulab-speech/jsut-label, CC BY-SA 4.0) and carry that licence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType

from yomicast.reading.frontend import Token
from yomicast.reading.sounds import morae

LONGEST_PHRASE = 40
"""Morae; longer runs keep Open JTalk's accent."""

_CONTENT = frozenset(("名詞", "動詞", "形容詞", "副詞", "連体詞", "接続詞", "感動詞", "接頭詞", "フィラー"))
_CLOSED = frozenset(("助詞", "助動詞", "連体詞", "接続詞", "フィラー", "感動詞", "接頭詞"))
_OPEN_KEPT = frozenset(
    [
        "する",
        "し",
        "さ",
        "せ",
        "すれ",
        "しよ",
        "こと",
        "もの",
        "ため",
        "よう",
        "ほう",
        "方",
        "時",
        "とき",
        "中",
        "後",
        "前",
        "上",
        "間",
        "人",
        "的",
        "者",
        "年",
        "月",
        "日",
        "さん",
        "氏",
        "いる",
        "い",
        "おり",
        "ある",
        "あり",
        "あっ",
        "なる",
        "なり",
        "なっ",
        "なら",
        "ない",
        "なく",
        "なかっ",
        "できる",
        "でき",
        "いう",
        "いっ",
        "いわ",
        "思い",
        "思っ",
        "思う",
        "くる",
        "き",
        "くれ",
        "いく",
        "いっ",
        "おい",
        "しまっ",
        "み",
        "言っ",
        "言う",
        "私",
        "彼",
        "彼女",
        "それ",
        "これ",
        "ここ",
        "そこ",
        "何",
        "誰",
        "どこ",
        "どう",
        "そう",
        "こう",
        "もう",
        "まだ",
        "とても",
        "多く",
        "多い",
        "すべて",
        "今",
        "今日",
        "ところ",
        "わけ",
        "はず",
        "つもり",
        "まま",
        "ほど",
        "くらい",
        "一つ",
    ]
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sounding word as the models see it."""

    size: int
    tag: str
    fine: str
    key: str
    rule: str
    lexical: int
    joined: bool
    accent: int
    rest: bool
    last: str


def units(tokens: Sequence[Token]) -> list[tuple[int, Unit]]:
    """The sounding words with their index among the tokens; `rest`: a pause stands before the word."""
    found: list[tuple[int, Unit]] = []
    rest = True
    for at, token in enumerate(tokens):
        word = token.word
        if word.sign:
            rest = True
        sounds = morae(word.pron)
        if not sounds:
            continue
        pos = (*word.pos, "*", "*", "*", "*", "*", "*")
        closed = pos[0] in _CLOSED or pos[1] in ("非自立", "接尾", "代名詞", "副詞可能") or pos[0] == "副詞"
        key = token.surface if closed or token.surface in _OPEN_KEPT or token.base in _OPEN_KEPT else ""
        rule = token.rule.split("/", maxsplit=1)[0].split("@", maxsplit=1)[0]
        found.append(
            (
                at,
                Unit(
                    size=len(sounds),
                    tag=pos[0],
                    fine=f"{pos[0]}.{pos[1]}.{pos[5] if pos[0] in ('動詞', '助動詞', '形容詞') else pos[2]}",
                    key=key,
                    rule=rule if len(rule) <= 12 else rule[:12],
                    lexical=min(token.lexical, len(sounds)),
                    joined=word.chained and not rest,
                    accent=word.accent,
                    rest=rest,
                    last=sounds[-1],
                ),
            )
        )
        rest = False
    return found


# --- where phrases begin -------------------------------------------------------------------------------------------


def edge_features(line: Sequence[Unit], at: int, start: int) -> list[str]:
    """What speaks for or against a new phrase before word `at`, when the running phrase began at `start`."""
    left, right = line[at - 1], line[at]
    before = line[at - 2] if at - 2 >= start else None
    after = line[at + 1] if at + 1 < len(line) and not line[at + 1].rest else None
    joined = "j" if right.joined else "s"
    size = min(sum(one.size for one in line[start:at]), 9)
    content = sum(one.tag in _CONTENT for one in line[start:at])
    ahead = _ahead(line, at)
    lk, rk = left.key or left.fine, right.key or right.fine
    bk = (before.key or before.tag) if before else "^"
    ak = (after.key or after.fine) if after else "$"
    flat = "f" if left.lexical == 0 else "a"
    return [
        "b",
        f"j={joined}",
        f"l={left.fine}/{joined}",
        f"r={right.fine}/{joined}",
        f"lk={lk}/{joined}",
        f"rk={rk}/{joined}",
        f"lr={left.fine}/{right.fine}",
        f"lkr={lk}/{right.fine}",
        f"lrk={left.fine}/{rk}",
        f"lkrk={lk}/{rk}",
        f"blr={bk}/{lk}/{right.fine}",
        f"lra={lk}/{rk}/{ak}",
        f"ra={right.fine}/{ak}/{joined}",
        f"n={size}/{right.tag}/{joined}",
        f"rs={min(right.size, 5)}/{right.tag}/{left.tag}",
        f"c={min(content, 3)}/{right.tag}/{left.tag}/{joined}",
        f"ah={min(ahead, 9)}/{right.tag}/{joined}",
        f"fl={flat}/{left.tag}/{right.tag}/{rk}",
        f"rl={'0' if right.lexical == 0 else '1'}/{left.tag}/{lk}/{right.tag}",
        f"sz={min(left.size, 4)}/{min(right.size, 4)}/{left.tag}/{right.tag}",
    ]


def _ahead(line: Sequence[Unit], at: int) -> int:
    """Morae from word `at` to the next pause or word Open JTalk separates."""
    total = line[at].size
    for one in line[at + 1 :]:
        if one.rest or not one.joined:
            break
        total += one.size
    return total


# --- where pitch falls ---------------------------------------------------------------------------------------------


def by_rule(phrase: Sequence[Unit]) -> int:
    """The accent of a phrase from its words' own accents, as the head's joined by the words' simplest rule."""
    size, accent = phrase[0].size, phrase[0].lexical
    for one in phrase[1:]:
        rule = one.rule.rsplit("%", maxsplit=1)[-1]
        if rule == "C1" or (rule == "*" and one.tag == "名詞"):
            accent = size + one.lexical if one.lexical else 0
        elif rule == "C2":
            accent = size + 1
        elif rule == "C3":
            accent = size
        elif rule in ("C4", "F5"):
            accent = 0
        elif rule == "F2" and accent == 0:
            accent = size + max(one.lexical, 0)
        elif rule in ("F4", "F3") and accent:
            accent = size
        size += one.size
    return accent


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a phrase, with what every fall in it is judged by: size in morae, accent by rule, what follows the
    head.
    """

    units: Sequence[Unit]
    size: int
    rule: int
    shape: str

    @classmethod
    def of(cls, units: Sequence[Unit]) -> Phrase:
        """The phrase of these words."""
        shape = "+".join(one.key or one.tag for one in units[1:4])
        return cls(units, sum(one.size for one in units), by_rule(units), shape)


def fall_features(whole: Phrase, given: int | None, accent: int, after: Unit | None) -> list[str]:
    """What speaks for pitch falling after mora `accent` of the phrase; `given`: Open JTalk's answer for this phrase."""
    phrase, size, shape = whole.units, whole.size, whole.shape
    head, last = phrase[0], phrase[-1]
    told, ruled = _same(given, accent), _same(whole.rule, accent)
    out = [
        f"g={told}",
        f"u={ruled}",
        f"gh={told}/{head.fine}",
        f"gu={told}/{ruled}",
        f"gl={told}/{last.key or last.fine}/{len(phrase)}",
        f"gs={told}/{head.tag}/{shape}",
        f"hl={_same(head.lexical, accent)}/{head.fine}/{shape}",
        f"hk={accent}/{head.key or '-'}/{shape}"
        if head.key
        else f"hz={min(accent, 3)}/{min(head.size, 6)}/{head.fine}/{len(phrase)}",
    ]
    if accent == 0:
        flat = "0" if head.lexical == 0 else "1"
        return [
            *out,
            "z",
            f"z={head.fine}/{flat}/{last.key or last.fine}",
            f"zs={head.tag}/{flat}/{shape}",
            f"zn={min(size, 8)}/{head.tag}/{min(len(phrase), 3)}",
            f"za={after.tag if after else '$'}/{last.key or last.fine}/{flat}",
        ]
    at, inside = 0, accent
    while at < len(phrase) - 1 and inside > phrase[at].size:
        inside -= phrase[at].size
        at += 1
    one = phrase[at]
    end = one.size - inside
    own = "=" if inside == one.lexical else "0" if one.lexical == 0 else "!"
    flat = "0" if phrase[at - 1].lexical == 0 else "1"
    prior = (phrase[at - 1].key or phrase[at - 1].fine) if at else "^"
    following = (phrase[at + 1].key or phrase[at + 1].fine) if at + 1 < len(phrase) else "$"
    return [
        *out,
        f"w={min(at, 3)}/{one.fine}/{own}",
        f"wk={one.key or one.fine}/{min(inside, 4)}/{min(end, 4)}/{'h' if at == 0 else flat}",
        f"wp={prior}/{one.key or one.fine}/{min(inside, 4)}/{flat if at else '^'}",
        f"wf={one.key or one.fine}/{following}/{min(end, 4)}/{own}",
        f"we={one.tag}/{min(end, 4)}/{min(one.size, 6)}/{own}",
        f"fe={min(size - accent, 4)}/{head.tag}/{last.key or last.fine}",
        f"o={own}/{one.tag}/{min(len(phrase) - at, 3)}/{min(at, 2)}",
    ]


def _same(one: int | None, other: int) -> str:
    if one is None:
        return "?"
    return "=" if one == other else "0" if other == 0 else "x"


# --- applying ------------------------------------------------------------------------------------------------------


@cache
def weights() -> Mapping[str, float]:
    """Feature to weight: edges begin with `e:`, falls with `f:`."""
    text = resources.files("yomicast.reading").joinpath("data", "accent.tsv").read_text(encoding="utf-8")
    rows = (row.split("\t") for row in text.splitlines() if row and not row.startswith("#"))
    return MappingProxyType({name: int(value) / 100 for name, value in rows})


def score(table: Mapping[str, float], kind: str, features: Sequence[str]) -> float:
    """The sum of the weights."""
    total = 0.0
    for name in features:  # a generator's frames cost as much as the sum
        total += table.get(f"{kind}:{name}", 0.0)
    return total


def split(line: Sequence[Unit], table: Mapping[str, float]) -> list[int]:
    """Indices of the words that begin a phrase."""
    starts: list[int] = []
    for at, one in enumerate(line):
        if at == 0 or one.rest or score(table, "e", edge_features(line, at, starts[-1])) > 0:
            starts.append(at)
    return starts


def given_accent(line: Sequence[Unit], start: int, end: int) -> int | None:
    """Open JTalk's accent where it has the very same phrase; where it only goes on, if the fall lies inside."""
    if start and line[start].joined:
        return None
    size = sum(one.size for one in line[start:end])
    same = end == len(line) or line[end].rest or not line[end].joined
    whole = all(one.joined for one in line[start + 1 : end])
    accent = line[start].accent
    if whole and (same or 0 < accent <= size):
        return accent if accent <= size else 0
    return accent if 0 < accent <= line[start].size else None


def fall(line: Sequence[Unit], start: int, end: int, table: Mapping[str, float]) -> int:
    """The mora after which pitch falls in line[start:end], 0 for none."""
    phrase = Phrase.of(line[start:end])
    given = given_accent(line, start, end)
    if phrase.size > LONGEST_PHRASE:
        return given or 0
    after = line[end] if end < len(line) else None
    best, most = 0, float("-inf")
    for accent in range(phrase.size):
        value = score(table, "f", fall_features(phrase, given, accent, after))
        if value > most:
            best, most = accent, value
    return best


def phrased(tokens: Sequence[Token], table: Mapping[str, float] | None = None) -> list[Token]:
    """The tokens with phrases, accents and final rises decided. Lexicon words keep the accent they were given."""
    out = list(tokens)
    indexed = units(tokens)
    line = [one for _, one in indexed]
    if not line:
        return out
    table = weights() if table is None else table
    starts = split(line, table)
    for start, end in zip(starts, [*starts[1:], len(line)], strict=True):
        accent = _kept(tokens, indexed, start, end)
        if accent is None:
            accent = fall(line, start, end, table)
        for at in range(start, end):
            token = out[indexed[at][0]]
            word = replace(token.word, chained=at > start, accent=accent if at == start else token.lexical)
            out[indexed[at][0]] = replace(token, word=word)
    return _risen(out, indexed)


def _risen(out: list[Token], indexed: Sequence[tuple[int, Unit]]) -> list[Token]:
    """Marks the last word before ？ and of a polite question (…ますか。) or a ね that seeks assent."""
    places = [at for at, _ in indexed]
    for number, at in enumerate(places):
        following = out[at + 1 : places[number + 1]] if number + 1 < len(places) else out[at + 1 :]
        signs = [token for token in following if token.word.sign]
        ends = number + 1 == len(places) or any(token.surface in "。．" for token in signs)
        if any(token.word.sign == "？" for token in signs) or (ends and _asks(out, places, number)):
            out[at] = replace(out[at], word=replace(out[at].word, rising=True))
    return out


def _asks(out: Sequence[Token], places: Sequence[int], number: int) -> bool:
    last = out[places[number]]
    if last.word.pos[:1] != ("助詞",) or number == 0:
        return False
    before = out[places[number - 1]]
    polite = number > 1 and out[places[number - 2]].base in ("ます", "です")
    if last.surface == "か":
        return before.base in ("ます", "です") or before.surface == "ん" or (before.surface == "た" and polite)
    return last.surface == "ね"


def _kept(tokens: Sequence[Token], indexed: Sequence[tuple[int, Unit]], start: int, end: int) -> int | None:
    """The accent of a lexicon or ruby word at the head of a phrase, unless a compound follows it."""
    head = tokens[indexed[start][0]]
    if not head.word.step.startswith(("lexicon", "ruby", "latin", "addresses", "codes")):
        return None
    if any(one.tag == "名詞" for _, one in indexed[start + 1 : end]):
        return None
    return head.lexical or None
