"""The front end: Open JTalk (pyopenjtalk-plus) turns a draft into words with pronunciation and accent.

Words whose reading is decided are put in *before* accents are computed: the kanji are analysed in their sentence, the
found morphemes get the decided reading, and Open JTalk's own rules join them into accent phrases. Where a decided word
does not end at a morpheme's edge, a stand-in noun takes its place. One Open JTalk a thread: it is not thread-safe.
"""

from __future__ import annotations

import re
import threading
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from typing import Any, cast

from yomicast import memory
from yomicast.model import Word
from yomicast.patterns import expression
from yomicast.reading.draft import Draft, Forced
from yomicast.reading.sounds import katakana, morae, spoken

LONGEST = 1_200
"""Characters analysed at once; Open JTalk takes 5,461 and its time grows with the square."""

STAND_IN = "Ｑｘｚ"
"""Unknown to every dictionary, so always one noun."""

SIGNS = {"、": "、", "？": "？", "！": "！"}
_SILENT = frozenset("「」『』“”‘’\"'〝〟«»《》〈〉＂＇")
_KANJI = expression(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_KANA = expression(r"[ぁ-ゖー]+")
_local = threading.local()
_starting = threading.Lock()


@cache
def version() -> str:
    """Front end and dictionary, for cache keys."""
    return f"pyopenjtalk-plus {metadata.version('pyopenjtalk-plus')}"


def jtalk() -> Any:
    """This thread's Open JTalk with its dictionary."""
    import pyopenjtalk
    from pyopenjtalk.utils import get_sudachi_tokenizer

    if not hasattr(_local, "jtalk"):
        memory.let_go(memory.LIBRARIES, code=True)  # to start takes code of 40 MB that nobody runs again
        with _starting, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it makes its Sudachi the old way
            get_sudachi_tokenizer()
        memory.let_go(memory.DICTIONARIES)  # opened, it has been read from end to end
        _local.jtalk = pyopenjtalk.openjtalk.OpenJTalk(dn_mecab=pyopenjtalk.OPEN_JTALK_DICT_DIR)
    return _local.jtalk


@dataclass(frozen=True, slots=True)
class _Own:
    """What MeCab knew of each morpheme, by where it starts in the view."""

    costs: dict[int, int]
    accents: dict[int, int]
    unknown: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Expanded:
    """Draft text as Open JTalk sees it; `origin[i]` is the draft index of character i; `spans`: forced words' places."""

    text: str
    origin: tuple[int, ...]
    spans: tuple[tuple[int, int, Forced], ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A word and the stretch low..high of the draft that it was read from; `surface` as the front end saw it.

    `lexical`: the word's own accent before it joined a phrase; `rule`: Open JTalk's accent rule for joining;
    `cost`: MeCab's for the word, higher for rarer ones.
    """

    word: Word
    low: int
    high: int
    surface: str
    base: str = ""
    lexical: int = 0
    rule: str = "*"
    cost: int = 0


def words(draft: Draft) -> tuple[Word, ...]:
    """Every word and sign of the draft in order."""
    return tuple(token.word for token in tokens(draft))


def tokens(draft: Draft) -> list[Token]:
    """The words with their places in the draft, for corrections."""
    return [token for start, end in _pieces(draft.text) for token in _piece(draft, start, end)]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Cuts a long text after sentence ends, commas or, failing that, anywhere."""
    start = 0
    while len(text) - start > LONGEST:
        cut = max(text.rfind(sign, start, start + LONGEST) for sign in "。！？\n")
        if cut <= start:
            cut = max(text.rfind(sign, start, start + LONGEST) for sign in "、　 ,")
        cut = cut if cut > start else start + LONGEST - 1
        yield start, cut + 1
        start = cut + 1
    if start < len(text):
        yield start, len(text)


def _expand(draft: Draft, start: int, end: int, stood_in: frozenset[int]) -> _Expanded:
    text: list[str] = []
    origin: list[int] = []
    spans: list[tuple[int, int, Forced]] = []
    for i in range(start, end):
        word = draft.word(draft.text[i])
        if word is None:
            new = wide(draft.text[i])
        elif word.natural and i not in stood_in:
            new = wide(word.surface)
        else:
            new = STAND_IN
            if text and text[-1] and "！" <= text[-1][-1] <= "～":  # keep stand-ins apart
                text.append("　")
                origin.append(i)
        at = len(origin)
        text.append(new)
        origin += [i] * len(new)
        if word is not None:
            spans.append((at, at + len(new), word))
    return _Expanded("".join(text), tuple(origin), tuple(spans))


def wide(text: str) -> str:
    """ASCII in its full-width form, as the dictionary has it."""
    return "".join(
        "　" if c == " " else "．" if c == "." else chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text
    )


def _piece(draft: Draft, start: int, end: int) -> list[Token]:
    stood_in: frozenset[int] = frozenset()
    for _ in range(3):
        view = _expand(draft, start, end, stood_in)
        _, morphs = jtalk().run_mecab_detailed(view.text)
        view = _grown(view, morphs)
        edges = _edges(view.text, morphs)
        bad = {view.origin[a] for a, b, word in view.spans if not (a in edges and b in edges)}
        if not bad - stood_in:
            break
        stood_in |= bad
    return _spoken(draft, view, morphs)


def _grown(view: _Expanded, morphs: Sequence[dict[str, Any]]) -> _Expanded:
    """Decided kanji with the kana of their morpheme: 強 ツヨ of 強い decides ツヨイ, so that the word stays an adjective."""
    spans = []
    for a, b, word in view.spans:
        around = next((m["char_span"] for m in morphs if m["char_span"][0] <= a and b <= m["char_span"][1]), (a, b))
        head, tail = view.text[around[0] : a], view.text[b : around[1]]
        if (head or tail) and _KANA.fullmatch(head + tail) and word.natural:
            pron = spoken(katakana(head) + word.pron + katakana(tail), verb=True)
            spans.append((*around, replace(word, surface=view.text[around[0] : around[1]], pron=pron)))
        else:
            spans.append((a, b, word))
    return replace(view, spans=tuple(spans))


def _edges(text: str, morphs: Sequence[dict[str, Any]]) -> set[int]:
    return {0, len(text)} | {edge for morph in morphs for edge in morph["char_span"]}


def _spoken(draft: Draft, view: _Expanded, morphs: Sequence[dict[str, Any]]) -> list[Token]:
    features = _features(view, morphs)
    if not features:
        return []
    njd: list[dict[str, Any]] = jtalk().run_njd_from_mecab(features, restore_unknown_katakana=True)
    places = _places(njd, view.text)
    starts = {a: word for a, _, word in view.spans}
    for feature, (a, b) in zip(njd, places, strict=True):
        feature["is_reading_protected"] = a in starts and b > a
        feature["is_reading_rewritten"] = False
    njd = _postprocess(view.text, njd)
    places = _places(njd, view.text)
    own = _Own(
        {m["char_span"][0]: m["word_cost"] for m in morphs},
        _lexical(view, morphs),
        frozenset(m["char_span"][0] for m in morphs if m["is_unknown"]),
    )
    return [_token(draft, view, feature, place, own) for feature, place in zip(njd, places, strict=True)]


def _lexical(view: _Expanded, morphs: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Each morpheme's own accent by where it starts in the view."""
    own = {m["char_span"][0]: _accent_of(m["features"][10]) for m in morphs if len(m["features"]) > 10}
    for start, _, word in view.spans:
        if word.accent is not None:
            own[start] = word.accent
    return own


def _postprocess(text: str, njd: list[dict[str, Any]]) -> list[dict[str, Any]]:
    import pyopenjtalk

    after: Any = pyopenjtalk.apply_postprocessing(text, cast("Any", njd), jtalk=jtalk())
    return list(after)


def _features(view: _Expanded, morphs: Sequence[dict[str, Any]]) -> list[str]:
    """MeCab's lines for Open JTalk, the morphemes of each forced word merged into one with its reading."""
    lines: list[str] = []
    covered = {a: (b, word) for a, b, word in view.spans}
    skip_to = -1
    for index, morph in enumerate(morphs):
        a, _ = morph["char_span"]
        if a < skip_to or morph["is_ignored"]:
            continue
        if a in covered:
            skip_to, word = covered[a]
            inside = [m for m in morphs[index:] if m["char_span"][1] <= skip_to and not m["is_ignored"]]
            lines.append(_forced_line(view.text[a:skip_to], word, inside))
        else:
            lines.append(",".join(morph["features"]))
    return lines


def _forced_line(surface: str, word: Forced, inside: Sequence[dict[str, Any]]) -> str:
    """One morpheme with the decided reading; part of speech, inflection and accent rule from the analysis."""
    last = (inside[-1]["features"] if inside else [surface]) + ["*"] * 12
    size = len(morae(word.pron))
    known = len(inside) == 1 and not inside[0]["is_unknown"] and word.natural
    tags = last[1:7] if known else ["名詞", "固有名詞", "一般", "*", "*", "*"]
    rule = last[11] if known else "C1"
    accent = word.accent
    if accent is None:
        accent = _accent_of(last[10]) if known else default_accent(word.pron)
    return ",".join([surface, *tags, surface, word.pron, word.pron, f"{min(accent, size)}/{size}", rule])


def _accent_of(field: str) -> int:
    head = field.split("/", maxsplit=1)[0]
    return int(head) if head.isdigit() else 0


def default_accent(pron: str) -> int:
    """Loan words fall on the third mora from the end, one earlier where that is no full mora (ッ ン ー)."""
    parts = morae(pron)
    if len(parts) <= 2:
        return 1
    at = len(parts) - 2
    while at > 1 and parts[at - 1] in {"ッ", "ン", "ー"}:
        at -= 1
    return at


def _places(njd: Sequence[dict[str, Any]], text: str) -> list[tuple[int, int]]:
    """Where each feature stands in the text; features made from one stretch (digits, 々) share it."""
    places: list[tuple[int, int]] = []
    at = 0
    for number, feature in enumerate(njd):
        at += len(text) - at - len(text[at:].lstrip("　"))
        string = feature["string"]
        if text.startswith(string, at):
            places.append((at, at + len(string)))
            at += len(string)
            continue
        end = _resume(njd[number + 1 : number + 16], text, at)
        places.append(places[-1] if end == at and places else (at, end))  # one of several made from one stretch
        at = end
    return places


def _resume(following: Sequence[dict[str, Any]], text: str, at: int) -> int:
    """The next place where the coming features are found again in the text."""
    for feature in following:
        found = text.find(feature["string"], at)
        if 0 <= found <= at + 40:
            return found
    return at if following else len(text)


def _token(draft: Draft, view: _Expanded, feature: dict[str, Any], place: tuple[int, int], own: _Own) -> Token:
    a, b = place
    indices = view.origin[a:b] or view.origin[a : a + 1] or view.origin[-1:]
    low, high = indices[0], indices[-1] + 1
    start, end = draft.span(low, high)
    forced = next((one for at, stop, one in view.spans if at == a and stop == b), None)
    pron = feature["pron"]
    sound = re.sub(r"[^ァ-ヶー’]", "", pron)
    steps = [step for step in draft.steps[low:high] if step]
    is_sign = feature["pos"] == "記号" and (pron in SIGNS or not re.search(r"[ァ-ヶ]", pron))
    silent = is_sign and all(c in _SILENT for c in feature["string"])
    word = Word(
        surface=draft.line[start:end],
        start=start,
        end=end,
        pron="" if is_sign else sound,
        sign="" if not is_sign or silent else SIGNS.get(pron, "、"),
        accent=feature["acc"],
        chained=feature["chain_flag"] == 1,
        pos=tuple(feature[key] for key in ("pos", "pos_group1", "pos_group2", "pos_group3", "ctype", "cform")),
        step=forced.step if forced else steps[0] if steps else "front-end",
        doubts=forced.doubts if forced else _doubts(feature, "" if is_sign else sound, unknown=a in own.unknown),
        candidates=forced.candidates if forced else (),
    )
    return Token(
        word,
        low,
        high,
        feature["string"],
        feature["orig"],
        own.accents.get(a, feature["acc"]),
        feature["chain_rule"],
        own.costs.get(a, 0),
    )


def _doubts(feature: dict[str, Any], pron: str, *, unknown: bool) -> tuple[str, ...]:
    """`unread`: letters without a sound; `unknown`: kanji that are in no dictionary; `name`: a person's."""
    letters = any(unicodedata.category(c)[0] in "LN" for c in feature["string"])
    if letters and not pron:
        return ("unread",)
    if unknown and _KANJI.search(feature["string"]):
        return ("unknown",)
    return ("name",) if feature["pos_group2"] == "人名" else ()
