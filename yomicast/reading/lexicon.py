"""The lexicon: how the author says a word is read, and where it stands in a text.

The notation: `語: よ'み`. Hiragana is spelling (おう and えい are said long: とうきょう is トーキョー); katakana is said as it
stands. `'` stands before the fall of pitch: `い'のち` falls after the first mora, `はし'` after the last (尾高). A number
at the end is the accent as dictionaries print it: `さくら0` and `さくら⓪` are flat (平板), `いのち1` is `い'のち`. Neither:
the accent is not said and the front end's is kept. ・ and spaces between names have no sound. Instead of text a mapping
may stand: `{reading, accent, note, source, class}`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Literal, TypeAlias

from yomicast.errors import LexiconError, nearest
from yomicast.model import Message, Place, Word
from yomicast.patterns import expression
from yomicast.settings import LexiconEntry

Scope: TypeAlias = Literal["starter", "show", "episode"]
Hit: TypeAlias = tuple[int, int, LexiconEntry]

RANK: Mapping[Scope, int] = {"episode": 0, "show": 1, "starter": 2}
LONGEST_WORD = 100
SHORT = 3
LONGEST_READING = 200

CLASSES: Mapping[str, tuple[str, ...]] = {
    "名詞": ("名詞",),
    "固有名詞": ("名詞", "固有名詞"),
    "人名": ("名詞", "固有名詞", "人名"),
    "地名": ("名詞", "固有名詞", "地域"),
    "組織": ("名詞", "固有名詞", "組織"),
    "サ変名詞": ("名詞", "サ変接続"),
    "接尾": ("名詞", "接尾"),
    "助数詞": ("名詞", "接尾", "助数詞"),
    "接頭": ("接頭詞",),
    "動詞": ("動詞",),
    "形容詞": ("形容詞",),
    "副詞": ("副詞",),
    "感動詞": ("感動詞",),
    "記号": ("記号",),
    "単位": ("名詞", "接尾", "助数詞"),
}
"""Word classes by name, as the IPADIC parts of speech they stand for. A 単位 counts only right after a number."""

COUNTERS = "日月年時分秒人回本中対"
"""Kanji that count when a number stands before them: 24日朝 holds no 日朝."""

_EVERYDAY = (
    "ad am an as at be by do go he hi if in is it me my no of oh ok on or so to up us we who how why what when win aids "
    "act all and any are arm art ask bad bat bed big but can car cat chip chips cop cup day dear dog ear eat end eye fast "
    "fit for fun get hat her his hot ice ion job key kid led let lot man map may mid mid net new not now off old one "
    "our out own pet pin ram red rest rim run sap saw say see set she sim sit smart soap start stem step sum ten the tip "
    "top try two use van war was way web wet wine yes you zip"
)
EVERYDAY = frozenset(_EVERYDAY.split())
"""English words that are also acronyms: `IT` in a lexicon does not stand for the `it` of an English phrase."""

_PAIRS = (
    "キャ キュ キョ シャ シュ ショ シェ チャ チュ チョ チェ ニャ ニュ ニョ ニェ ヒャ ヒュ ヒョ ヒェ ミャ ミュ ミョ ミェ リャ リュ リョ リェ "
    "ギャ ギュ ギョ ジャ ジュ ジョ ジェ ヂャ ヂュ ヂョ ヂェ ビャ ビュ ビョ ビェ ピャ ピュ ピョ ピェ キェ ギェ "
    "イェ ウィ ウェ ウォ クァ クィ クェ クォ クヮ グァ グィ グェ グォ グヮ スィ ズィ ツァ ツィ ツェ ツォ "
    "ティ テュ テャ テョ ディ デュ デャ デョ トゥ ドゥ ファ フィ フェ フォ フュ フャ フョ ヴァ ヴィ ヴェ ヴォ ヴュ ヴャ ヴョ"
)
PAIRS = frozenset(_PAIRS.split())
"""Morae of two kana."""

_KATAKANA = {sign: sign + 0x60 for sign in range(ord("ぁ"), ord("ゖ") + 1)}
_HIRAGANA = {sign + 0x60: sign for sign in _KATAKANA}
_LONE_SMALL = str.maketrans("ァィゥェォ", "アイウエオ")
_SAME_SOUND = str.maketrans("ヂヅヲヰヱヵヶ", "ジズオイエカケ")
_SOUNDLESS = str.maketrans("", "", " \t・=·")
_KANA = expression(r"[ァ-ヴー]+")
_ROWS = (
    "アカサタナハマヤラワガザダバパャァヮ",
    "イキシチニヒミリギジヂビピィ",
    "ウクスツヌフムユルグズヅブプュゥヴ",
    "エケセテネヘメレゲゼデベペェ",
    "オコソトノホモヨロゴゾドボポョォ",
)
_LONG_AFTER = ("ア", "イ", "ウ", "エイ", "オウ")
_FALL = expression(r"['’‘＇′]")
_NUMBER = expression(r"[0-9〇零一二三四五六七八九十百千万億兆数何]$")
_WEIGHT = expression(r"\d+[gm]")
"""5g is a weight and 3m a length, not 5G and 3M."""
_NEEDS_EDGES = expression(r"[ぁ-ゖー]+|[\u3400-\u9fff々〆]")


def entry(word: str, value: object, place: Place, *, scope: Scope = "show") -> LexiconEntry:
    """One entry as the author wrote it: `value` is the reading in the notation above or a mapping with a `reading`.

    Raises:
        LexiconError: with `place`: not kana, an accent beyond the word, an unknown key or class, control characters.
    """
    _check_word(word, place)
    given = _given(word, value, place)
    written = _text(word, given["reading"], place).strip()
    reading, marked = _notation(word, written, place)
    accent = _accent(word, given.get("accent"), place)
    if None not in (accent, marked) and accent != marked:
        raise LexiconError(
            Message(
                f"'{word}': the reading falls after mora {marked}, but accent says {accent}",
                f"「{word}」: 読みの ' は {marked} 拍目、accent は {accent} で食い違っています",
            ),
            where=place,
            hint=Message("keep one of the two", "どちらか一方だけを書いてください"),
        )
    accent = marked if accent is None else accent
    _check_accent(word, reading, accent, place)
    return LexiconEntry(
        word=word,
        reading=reading,
        accent=accent,
        note=str(given.get("note", "")),
        source=str(given.get("source", "")),
        file=place.file,
        line=place.line,
        word_class=_word_class(str(given.get("class", "")), place),
        scope=scope,
        written=written,
    )


def _given(word: str, value: object, place: Place) -> Mapping[str, object]:
    known = ("reading", "accent", "note", "source", "class")
    if isinstance(value, str):
        return {"reading": value}
    if isinstance(value, Mapping) and "reading" in value:
        for key in value:
            if key not in known:
                said = Message(f"'{word}': unknown key '{key}'", f"「{word}」: 知らない項目「{key}」")
                raise LexiconError(said, where=place, hint=nearest(str(key), known))
        return value
    raise LexiconError(
        Message(f"'{word}' has no reading", f"「{word}」に読みがありません"),
        where=place,
        hint=Message("write e.g. NATO: ナ'トー", "たとえば NATO: ナ'トー と書きます"),
    )


def _check_word(word: str, place: Place) -> None:
    bad = next((c for c in word if unicodedata.category(c) in ("Cc", "Cs", "Co", "Zl", "Zp")), None)
    if bad is not None:
        code = f"U+{ord(bad):04X}"
        raise LexiconError(
            Message(f"the word holds a character that is no text: {code}", f"語に文字でないものが入っています: {code}"),
            where=place,
            hint=Message("type the word anew", "語を打ち直してください"),
        )
    if all(c.isspace() or _is_selector(c) for c in word) or len(word) > LONGEST_WORD:
        raise LexiconError(
            Message(f"a word has 1 to {LONGEST_WORD} characters", f"語は 1〜{LONGEST_WORD} 文字です"),
            where=place,
            hint=Message("write the word before the colon", "コロンの前に語を書いてください"),
        )


def _text(word: str, value: object, place: Place) -> str:
    if isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_READING:
        return value
    raise LexiconError(
        Message(
            f"'{word}': the reading is not 1 to {LONGEST_READING} kana",
            f"「{word}」: 読みは 1〜{LONGEST_READING} 文字のかなです",
        ),
        where=place,
        hint=Message("write e.g. NATO: ナ'トー", "たとえば NATO: ナ'トー と書きます"),
    )


def _notation(word: str, written: str, place: Place) -> tuple[str, int | None]:
    """Reading and accent of the written form; the accent None where it is not said."""
    plain = unicodedata.normalize("NFKC", _FALL.sub("'", written)).translate(_SOUNDLESS)
    number = re.search(r"\d+$", plain)
    head, *rest = (plain[: number.start()] if number else plain).split("'")
    if len(rest) + bool(number) > 1:
        raise LexiconError(
            Message(f"'{word}': '{written}' marks two falls", f"「{word}」: 「{written}」に下がり目が二つあります"),
            where=place,
            hint=Message("one word falls once", "一つの語の下がり目は一つです"),
        )
    whole = "".join((head, *rest))
    beats = morae(katakana(whole))
    if not beats:
        raise LexiconError(
            Message(f"'{word}': '{written}' is not kana", f"「{word}」: 「{written}」はかなではありません"),
            where=place,
            hint=Message(
                "hiragana or katakana, with ' before the fall: ナ'トー",
                "ひらがなかカタカナで、下がり目の前に ' を置きます: ナ'トー",
            ),
        )
    verb = re.search(r"[一-鿿々]う$", word) is not None
    reading = said(whole, last_vowel_stays=verb)
    if number:
        return reading, int(number[0][:4])
    return reading, _fall(word, written, head, beats, place) if rest else None


def _fall(word: str, written: str, head: str, beats: Sequence[str], place: Place) -> int:
    """How many morae stand before the mark."""
    reached = 0
    for count, beat in enumerate(beats, 1):
        reached += len(beat)
        if reached == len(head):
            return count
    raise LexiconError(
        Message(
            f"'{word}': the ' in '{written}' does not stand between two beats",
            f"「{word}」: 「{written}」の ' が拍の切れ目にありません",
        ),
        where=place,
        hint=Message("put ' after the last high beat: ナ'トー", "高い拍のうち最後のものの後に ' を置きます: ナ'トー"),
    )


def _accent(word: str, value: object, place: Place) -> int | None:
    if value is None:
        return None
    text = str(value)
    if not isinstance(value, bool) and re.fullmatch(r"[0-9]{1,3}", text):
        return int(text)
    raise LexiconError(
        Message(
            f"'{word}': accent {value!r} is not a number of beats",
            f"「{word}」: accent {value!r} は拍の数ではありません",
        ),
        where=place,
        hint=Message("0 is flat, 1 falls after the first beat", "0 は平板、1 は一拍目の後で下がります"),
    )


def _check_accent(word: str, reading: str, accent: int | None, place: Place) -> None:
    count = len(morae(reading))
    if accent is not None and accent > count:
        raise LexiconError(
            Message(
                f"'{word}': accent {accent} lies beyond the {count} beats of {reading}",
                f"「{word}」: アクセント {accent} は {reading} の {count} 拍を超えています",
            ),
            where=place,
            hint=Message(f"0 (flat) to {count}", f"0(平板)から {count} までです"),
        )


def _word_class(name: str, place: Place) -> str:
    if name and name not in CLASSES:
        said_so = Message(f"unknown word class '{name}'", f"知らない品詞「{name}」")
        raise LexiconError(said_so, where=place, hint=nearest(name, CLASSES))
    return name


# --- kana ----------------------------------------------------------------------------------------------------------


def katakana(text: str) -> str:
    """Hiragana to katakana; one character stays one."""
    return text.translate(_KATAKANA)


def morae(reading: str) -> tuple[str, ...]:
    """The beats of katakana, empty when it is not kana that can be said (ャ or ー at the start, カャ, signs)."""
    if not _KANA.fullmatch(reading) or reading[0] in "ーァィゥェォャュョヮ":
        return ()
    beats: list[str] = []
    for sign in reading:
        if sign in "ャュョヮァィゥェォ" and beats and beats[-1] + sign in PAIRS:
            beats[-1] += sign
        elif sign in "ャュョヮ":
            return ()
        else:
            beats.append(sign)
    return tuple(beats)


def said(written: str, *, last_vowel_stays: bool = False) -> str:
    """Katakana as it is pronounced: one sign a mora for ヂ ヅ ヲ ヵ, hiragana's long vowels as ー."""
    stop = len(written) - last_vowel_stays
    spoken: list[str] = []
    for place, (sign, kana) in enumerate(zip(written, katakana(written), strict=True)):
        long = 0 < place < stop and sign in "あいうえお" and "ぁ" <= written[place - 1] <= "ゖ"
        spoken.append("ー" if long and _lengthens(kana, katakana(written[place - 1])) else kana)
    beats = morae("".join(spoken).translate(_SAME_SOUND))
    return "".join(beat.translate(_LONE_SMALL) if len(beat) == 1 else beat for beat in beats)


def _lengthens(vowel: str, before: str) -> bool:
    row = next((rank for rank, row in enumerate(_ROWS) if before in row), None)
    return row is not None and vowel in _LONG_AFTER[row]


def notation(one: LexiconEntry) -> str:
    """The reading as an author would type it, with its accent: `ナ'トー`, `さくら0`."""
    if one.accent is None:
        return one.written or one.reading
    bare = _bare(one)
    at = len("".join(morae(katakana(bare))[: one.accent]))
    return f"{bare}0" if one.accent == 0 else f"{bare[:at]}'{bare[at:]}"


def plain_kana(one: LexiconEntry) -> str:
    """The reading in hiragana without marks, as input methods have it."""
    return _bare(one).translate(_HIRAGANA)


def _bare(one: LexiconEntry) -> str:
    """What was typed, without marks of accent."""
    plain = unicodedata.normalize("NFKC", _FALL.sub("", one.written or one.reading)).translate(_SOUNDLESS)
    return re.sub(r"\d+$", "", plain)


# --- folding -------------------------------------------------------------------------------------------------------


def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """`text` for comparing: full width, case, composed signs and variation selectors folded.

    Returns:
        The folded text and, for each of its characters and its end, the offset in `text` it came from.
    """
    if text.isascii():
        return text.lower(), tuple(range(len(text) + 1))
    folded: list[str] = []
    origin: list[int] = []
    for start, cluster in _clusters(text):
        plain = cluster if cluster in "²³" else unicodedata.normalize("NFKC", cluster).casefold()
        folded.append(plain)
        origin.extend([start] * len(plain))
    return "".join(folded), (*origin, len(text))


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Characters with the marks that follow them, without variation selectors."""
    start, held = 0, ""
    for place, sign in enumerate(text):
        if _is_selector(sign):
            continue
        if held and (sign in "ﾞﾟ" or unicodedata.combining(sign)):
            held += sign
            continue
        if held:
            yield start, held
        start, held = place, sign
    if held:
        yield start, held


def _is_selector(sign: str) -> bool:
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


# --- where words stand ---------------------------------------------------------------------------------------------


class Matcher:
    """Finds lexicon words in a text: the longest first; of equal ones the episode's, then the show's, then ours.

    A Latin word counts only where no letter goes on before or after it, a number where no digit does, a katakana word
    where no katakana does. A word of small letters in the text does not stand for an acronym that is also an everyday
    English word (`EVERYDAY`), nor `Ad` for AD. A 単位 counts only right after a number and in its own case (mW is not MW).
    """

    def __init__(self, entries: Iterable[LexiconEntry]) -> None:
        self._words: dict[str, list[LexiconEntry]] = defaultdict(list)
        lengths: dict[str, set[int]] = defaultdict(set)
        for one in entries:
            key = fold(one.word)[0]
            self._words[key].append(one)
            lengths[key[0]].add(len(key))
        for found in self._words.values():
            found.sort(key=lambda one: RANK[one.scope])
        self._lengths = {first: sorted(sizes, reverse=True) for first, sizes in lengths.items()}

    def find(self, text: str, words: Sequence[Word] = ()) -> list[Hit]:
        """(start, end, entry) from left to right, without overlaps; offsets count characters of `text`.

        `words`: the front end's analysis of `text`, if there is one: an entry with a word class must then agree with
        it; one kanji, a word in hiragana and a shipped entry must not be cut out of longer words (欧米|中心).
        """
        folded, origin = fold(text)
        hits: list[Hit] = []
        here = 0
        while here < len(folded):
            found = self._longest(text, folded, origin, here, words)
            if found is None:
                here += 1
                continue
            size, one = found
            start, end = origin[here], origin[here + size]
            hits.append((start, end, one))
            here += size
        return hits

    def _longest(
        self, text: str, folded: str, origin: Sequence[int], here: int, words: Sequence[Word]
    ) -> tuple[int, LexiconEntry] | None:
        for size in self._lengths.get(folded[here], ()):
            candidates = self._words.get(folded[here : here + size])
            if here + size > len(folded) or not candidates or not _whole(folded, origin, here, here + size):
                continue
            start, end = origin[here], origin[here + size]
            fitting = [one for one in candidates if _fits(one, text, start, end, words)]
            if fitting:
                return size, _closest(fitting, text[start:end])
        return None


def _closest(fitting: Sequence[LexiconEntry], shown: str) -> LexiconEntry:
    """Of the innermost scope's entries the one written as the text is."""
    scope = fitting[0].scope
    plain = unicodedata.normalize("NFKC", shown)
    own = [one for one in fitting if one.scope == scope]
    return next((one for one in own if unicodedata.normalize("NFKC", one.word) == plain), own[0])


def _whole(folded: str, origin: Sequence[int], start: int, end: int) -> bool:
    """Neither edge lies inside a word, nor inside one character of the text (㍿ folds to four)."""
    if start and (origin[start] == origin[start - 1] or _goes_on(folded[start - 1], folded[start])):
        return False
    return end == len(folded) or (origin[end] != origin[end - 1] and not _goes_on(folded[end - 1], folded[end]))


def _goes_on(before: str, after: str) -> bool:
    kind = _kind(before)
    return kind != "" and kind == _kind(after)


def _kind(sign: str) -> str:
    if sign.isdigit():
        return "digit"
    if sign.isalpha() and sign < "\u2e80":
        return "letter"
    return "katakana" if "ァ" <= sign <= "ヺ" or sign == "ー" else ""


def _fits(one: LexiconEntry, text: str, start: int, end: int, words: Sequence[Word]) -> bool:
    shown = unicodedata.normalize("NFKC", text[start:end])
    before = unicodedata.normalize("NFKC", text[max(0, start - 2) : start])
    as_written = shown == written(one.word)
    if not as_written and (one.word_class == "単位" or _is_everyday(one.word, shown) or _WEIGHT.fullmatch(shown)):
        return False
    if one.word_class == "単位":
        return _NUMBER.search(before.rstrip()) is not None
    if one.scope == "starter" and shown[0] in COUNTERS and _NUMBER.search(before):
        return False
    inside = [word for word in words if word.start < end and start < word.end]
    if not inside:
        return True
    cut = inside[0].start < start or end < inside[-1].end
    if cut and (one.scope == "starter" or one.word_class or _NEEDS_EDGES.fullmatch(one.word)):
        return False
    return not one.word_class or _agrees(CLASSES[one.word_class], inside)


def _is_everyday(word: str, shown: str) -> bool:
    """`us` is not US, and a short word with one capital (Ad, Sim) is English, not an acronym."""
    return shown.casefold().strip(".") in EVERYDAY or (len(word) <= SHORT and word.isupper() and shown.istitle())


def _agrees(wanted: Sequence[str], inside: Sequence[Word]) -> bool:
    """One word must be of the very class; several (a name the front end cut up) of the same part of speech."""
    depth = len(wanted) if len(inside) == 1 else 1
    return not inside[-1].pos or inside[-1].pos[:depth] == tuple(wanted[:depth])


# --- sets of entries -----------------------------------------------------------------------------------------------


def written(word: str) -> str:
    """The word as one file may hold it once: full and half width are one, upper and lower case are not."""
    return unicodedata.normalize("NFKC", word)


def distinct(entries: Iterable[LexiconEntry]) -> tuple[LexiconEntry, ...]:
    """The entries of one file, each word once for a word class.

    Raises:
        LexiconError: two entries for one word (full and half width are one), with both lines.
    """
    seen: dict[tuple[str, str], LexiconEntry] = {}
    for one in entries:
        key = (written(one.word), one.word_class)
        first = seen.setdefault(key, one)
        if first is not one:
            line = f" (line {first.line})" if first.line else ""
            line_ja = f"({first.line} 行目)" if first.line else ""
            raise LexiconError(
                Message(
                    f"two entries for '{one.word}'; the first{line}",
                    f"「{one.word}」が二つあります。初めのもの{line_ja}",
                ),
                where=Place(file=one.file, line=one.line),
                hint=Message("keep one of them", "どちらか一方を消してください"),
            )
    return tuple(seen.values())


@cache
def starter() -> tuple[LexiconEntry, ...]:
    """The lexicon that ships: common acronyms, units, organisations, countries, products, with accent and source."""
    file = "starter.tsv"
    text = resources.files("yomicast.reading").joinpath("data", file).read_text(encoding="utf-8")
    return distinct(_starter_row(file, line, row) for line, row in enumerate(text.splitlines(), 1) if _is_row(row))


def _is_row(row: str) -> bool:
    return bool(row.strip()) and not row.startswith("#")


def _starter_row(file: str, line: int, row: str) -> LexiconEntry:
    word, reading, word_class, source, note = (*row.split("\t"), "", "", "")[:5]
    value = {"reading": reading, "class": word_class, "source": source, "note": note}
    return entry(word, value, Place(file=file, line=line), scope="starter")
