"""What the proof sheet shows, as values: furigana, accent beats, and the words a person should look at first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yomicast.model import Line, Message, Script, Word
from yomicast.patterns import expression

WHY: Mapping[str, Message] = {
    "unknown": Message("not in the dictionary: the reading is a guess", "辞書にない語です。読みは推測です"),
    "disagree": Message("two analysers read it differently", "解析器によって読みが違います"),
    "heteronym": Message("the word has more than one reading", "読みが二つ以上ある語です"),
    "name": Message("a name", "人や土地の名前です"),
    "acronym": Message("an acronym: spelled or said as a word?", "略語です。文字ごとに読むか、単語として読むか"),
    "number": Message("a number", "数の読み方です"),
}
"""Why a word is flagged, the riskiest first."""

LABELS: Mapping[str, Message] = {
    "unknown": Message("unknown", "未知語"),
    "disagree": Message("analysers differ", "読み分かれ"),
    "heteronym": Message("heteronym", "多読語"),
    "name": Message("name", "名前"),
    "acronym": Message("acronym", "略語"),
    "number": Message("number", "数"),
}
DECIDED = frozenset({"lexicon", "ruby", "author"})
"""Steps in which a person has already said how the word is read."""

_BEAT = expression(r"[ァ-ヴー][ャュョァィゥェォヮ]?")
_IDEOGRAPH = expression(r"[\u3400-\u9fff\uf900-\ufaff々〆ヶ\U00020000-\U0003ffff]")
_KANA_ONLY = expression(r"[ぁ-ゖァ-ヺー・]*")
_SAME = str.maketrans("ヲヂヅヰヱ", "オジズイエ")
_PARTICLES = {"ハ": "ワ", "ヘ": "エ"}


@dataclass(frozen=True, slots=True)
class Beat:
    """One mora of the accent line; `fall`: pitch drops after it."""

    kana: str
    high: bool
    fall: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Morae said under one accent; `rest`: a pause follows; `rising`: a question's end."""

    beats: tuple[Beat, ...]
    rest: bool = False
    rising: bool = False

    @property
    def typed(self) -> str:
        """The phrase in the lexicon's notation, for people who can't see the line: `ナ'トーノ`."""
        return "".join(f"{beat.kana}'" if beat.fall else beat.kana for beat in self.beats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the line: `parts` are (text, furigana or ""); `reading` in the lexicon's notation, "" for signs."""

    surface: str
    parts: tuple[tuple[str, str], ...]
    reading: str
    doubts: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the script; `number` from 1; `shown` only where it differs from what is spoken; `sound` a URL or ""."""

    number: int
    role: str
    speaker: str
    place: str
    shown: str
    pieces: tuple[Piece, ...]
    phrases: tuple[Phrase, ...]
    sound: str = ""

    @property
    def risky(self) -> bool:
        """A person should look."""
        return any(piece.doubts for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A word to look at, with every line it stands in."""

    surface: str
    reading: str
    doubts: tuple[str, ...]
    candidates: tuple[str, ...]
    rows: tuple[int, ...]
    context: tuple[str, str]


def rows(script: Script, sounds: Mapping[int, str]) -> tuple[Row, ...]:
    """The script's lines; `sounds`: index of a line to the address of its sound."""
    return tuple(_row(number, line, sounds.get(number - 1, "")) for number, line in enumerate(script.lines, 1))


def risks(lines: Sequence[Row]) -> tuple[Risk, ...]:
    """Flagged words, each once: the riskiest first, of equal risk the more frequent, then the earlier."""
    found: dict[tuple[str, str], list[tuple[Row, int]]] = {}
    for row in lines:
        for at, piece in enumerate(row.pieces):
            if piece.doubts:
                found.setdefault((piece.surface, _unmarked(piece.reading)), []).append((row, at))
    listed = [_risk(places) for places in found.values()]
    order = list(WHY)
    return tuple(sorted(listed, key=lambda risk: (_rank(risk.doubts, order), -len(risk.rows), risk.rows[0])))


def _unmarked(reading: str) -> str:
    """The reading without its accent: one word in two phrases is still one to look at."""
    return reading.replace("'", "").rstrip("0")


def _rank(doubts: Iterable[str], order: Sequence[str]) -> int:
    return min(order.index(doubt) if doubt in order else len(order) for doubt in doubts)


def _risk(places: Sequence[tuple[Row, int]]) -> Risk:
    row, at = places[0]
    pieces = [line.pieces[index] for line, index in places]
    text = "".join(piece.surface for piece in row.pieces[:at])
    rest = "".join(piece.surface for piece in row.pieces[at + 1 :])
    doubts = dict.fromkeys(doubt for piece in pieces for doubt in piece.doubts)
    return Risk(
        surface=pieces[0].surface,
        reading=pieces[0].reading,
        doubts=tuple(sorted(doubts, key=lambda doubt: _rank((doubt,), list(WHY)))),
        candidates=tuple(dict.fromkeys(kana for piece in pieces for kana in piece.candidates)),
        rows=tuple(dict.fromkeys(line.number for line, _ in places)),
        context=(text[-14:], rest[:14]),
    )


def _row(number: int, line: Line, sound: str) -> Row:
    return Row(
        number=number,
        role=line.role,
        speaker=line.speaker,
        place=str(line.place),
        shown=line.shown if line.shown != line.spoken else "",
        pieces=tuple(_pieces(line)),
        phrases=tuple(phrases(line.words)),
        sound=sound,
    )


def _pieces(line: Line) -> Iterator[Piece]:
    """Words and what stands between them; words that share characters (2026年 is six) are one piece."""
    at = 0
    for stretch in _stretches(line.words):
        start, end = stretch[0].start, max(word.end for word in stretch)
        if at < start:
            yield _sign(line.spoken[at:start])
        yield _piece(line.spoken[start:end], stretch)
        at = end
    if at < len(line.spoken):
        yield _sign(line.spoken[at:])


def _stretches(words: Sequence[Word]) -> list[list[Word]]:
    groups: list[list[Word]] = []
    end = -1
    for word in sorted((word for word in words if word.end > word.start), key=lambda word: word.start):
        if groups and (word.start < end or (_counts(word) and _counts(groups[-1][-1]))):
            groups[-1].append(word)
        else:
            groups.append([word])
        end = max(end, word.end)
    return groups


def _counts(word: Word) -> bool:
    return word.pos[1:2] == ("数",)


def _sign(text: str) -> Piece:
    return Piece(surface=text, parts=((text, ""),), reading="")


def _piece(surface: str, words: Sequence[Word]) -> Piece:
    kana = "".join(word.kana for word in words)
    open_ = [word for word in words if word.step.partition(":")[0] not in DECIDED]
    return Piece(
        surface=surface,
        parts=furigana(surface, kana),
        reading=_typed(words, kana),
        doubts=tuple(dict.fromkeys(doubt for word in open_ for doubt in word.doubts)),
        candidates=tuple(dict.fromkeys(c for word in open_ for c in word.candidates if c != kana)),
        step=words[0].step,
    )


def _typed(words: Sequence[Word], kana: str) -> str:
    """The reading in the lexicon's notation; the accent only where this word alone decides it."""
    head = words[0]
    beats = _BEAT.findall(kana)
    if len(words) > 1 or head.chained or head.accent > len(beats) or not kana:
        return kana
    at = len("".join(beats[: head.accent]))
    return f"{kana[:at]}'{kana[at:]}" if head.accent else f"{kana}0"


def phrases(words: Sequence[Word]) -> Iterator[Phrase]:
    """Accent phrases with high and low beats, as Tokyo Japanese has them: low–high…, falling after the accent."""
    held: list[Word] = []
    for word in words:
        if word.kana and (not held or word.chained):
            held.append(word)
        elif word.kana or word.sign:
            if held:
                yield _phrase(held, rest=bool(word.sign))
            held = [word] if word.kana else []
    if held:
        yield _phrase(held, rest=False)


def _phrase(words: Sequence[Word], *, rest: bool) -> Phrase:
    kana = _BEAT.findall("".join(word.kana for word in words))
    accent = words[0].accent if words[0].accent <= len(kana) else 0
    beats = [
        Beat(beat, (n > 1 or accent == 1 or len(kana) == 1) and (n <= accent or not accent), n == accent < len(kana))
        for n, beat in enumerate(kana, 1)
    ]
    return Phrase(tuple(beats), rest=rest, rising=any(word.rising for word in words))


def furigana(surface: str, kana: str) -> tuple[tuple[str, str], ...]:
    """Text with its furigana; kana at either end that reads as written stays without: 聞(き)き.

    Hiragana above ideographs, katakana above everything else (Latin, digits).
    """
    if not kana or (_KANA_ONLY.fullmatch(surface) and len(surface) == len(kana)):
        return ((surface, ""),)
    head = 0
    while head < min(len(surface), len(kana)) and _alike(surface[head], kana[head]):
        head += 1
    tail = 0
    limit = min(len(surface), len(kana)) - head
    while tail < limit and _alike(surface[-1 - tail], kana[-1 - tail]):
        tail += 1
    core, reading = surface[head : len(surface) - tail], kana[head : len(kana) - tail]
    if not core or not reading:
        return ((surface, _shown(surface, kana)),)
    parts = ((surface[:head], ""), (core, _shown(core, reading)), (surface[len(surface) - tail :], ""))
    return tuple(part for part in parts if part[0])


def _alike(sign: str, kana: str) -> bool:
    written = chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign
    if not "ァ" <= written <= "ヺ" and written != "ー":
        return False
    return written.translate(_SAME) == kana or _PARTICLES.get(written) == kana


def _shown(core: str, kana: str) -> str:
    if not _IDEOGRAPH.search(core):
        return kana
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in kana)
