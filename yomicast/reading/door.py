"""The room's door: lines in, words out; what they sound like as kana and as a line of accent phrases."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from yomicast import memory
from yomicast.model import Line, Message, Note, Place, Ruby, Script, Word
from yomicast.reading import accent, chain, corrections, counters, frontend, risk
from yomicast.reading.corrections import Doubt
from yomicast.reading.draft import Change, Draft
from yomicast.reading.frontend import Token
from yomicast.reading.kept import Kept, Reading, Remark, entries_key
from yomicast.reading.sounds import morae
from yomicast.settings import LexiconEntry

TOUCHED = 64 << 20
"""Bytes of the dictionaries' pages after which they go back: a line touches 30 MB, and to let go takes 4 ms."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a line got its reading: the steps that changed something, in order, and the words that came out."""

    text: str
    changes: tuple[Change, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a line before its accent phrases are made."""

    draft: Draft
    tokens: list[Token]
    doubts: tuple[Doubt, ...]


def read(
    script: Script,
    entries: Sequence[LexiconEntry] = (),
    kept: Kept | None = None,
    *,
    on_read: Callable[[Line], None] | None = None,
) -> Script:
    """The script with `words` on every line, and a note for what cannot be read or is in no dictionary.

    `kept`: what was read before; what is read now is added to it. `on_read`: given each line as soon as it is read.
    """
    kept = kept or Kept()
    lexicon = entries_key(entries)
    lines: list[Line] = []
    notes: list[Note] = []
    fresh, held = 0, memory.mapped()
    for line in script.lines:
        made = kept.find(line, lexicon)
        if made is None:
            fresh += 1
            if memory.mapped() > held + TOUCHED:
                memory.let_go(memory.DICTIONARIES)
                held = memory.mapped()
            found = analysed(line.spoken, line.rubies, entries)
            words_ = _words(found)
            made = Reading(words_, tuple(_remarks(words_, found.draft)))
            kept.add(line, lexicon, made)
        lines.append(replace(line, words=made.words))
        if on_read:
            on_read(lines[-1])
        notes += [_note(each.slug, each.en, each.ja, line, each.start) for each in made.remarks]
    if fresh:
        memory.let_go(memory.DICTIONARIES)
        memory.let_go(memory.LIBRARIES, code=True)
        memory.trim()
    return replace(script, lines=tuple(lines), notes=(*script.notes, *notes))


def words(text: str, rubies: Sequence[Ruby] = (), entries: Sequence[LexiconEntry] = ()) -> tuple[Word, ...]:
    """How a line is spoken, word by word; `start` and `end` count characters of `text`."""
    return _words(analysed(text, rubies, entries))


def explain(text: str, rubies: Sequence[Ruby] = (), entries: Sequence[LexiconEntry] = ()) -> Explanation:
    """The log of every step that had a part in the reading of a line."""
    found = analysed(text, rubies, entries)
    spoken = _words(found)
    counted = tuple(
        Change("counters", w.start, w.end, w.candidates[0], w.kana)
        for w in spoken
        if w.step == "counters" and w.candidates
    )
    told = (change for change in found.draft.log if not _only_width(change))
    return Explanation(text, (*told, *counted), spoken)


def _only_width(change: Change) -> bool:
    """（ for ( and so on: nothing a person wants to hear of."""
    return (
        change.step == "compatibility"
        and len(change.before) == 1
        and unicodedata.east_asian_width(change.before) in "FH"
    )


def review(line: Line, entries: Sequence[LexiconEntry] = ()) -> tuple[Note, ...]:
    """Notes on the words of a line that a person should look at; most lines have none.

    Calibrated on prose: at most 15 % of lines are flagged. Of the wrong ones they hold four of five where the weights
    were learned, three of five elsewhere (`benchmarks/train_risk.py` prints both).
    """
    found = analysed(line.spoken, line.rubies, entries)
    flagged = risk.flagged(found.draft, found.tokens, found.doubts, line.spoken)
    return tuple(_flag(line, one) for one in flagged)


def analysed(text: str, rubies: Sequence[Ruby] = (), entries: Sequence[LexiconEntry] = ()) -> Analysis:
    """The draft, the tokens before phrasing and the open doubts of a line."""
    draft = chain.draft(text, rubies, entries)
    tokens = frontend.tokens(draft)
    better, doubts = corrections.corrected(draft, tokens)
    if better is not draft:
        tokens = frontend.tokens(better)
    return Analysis(better, counters.adjust(tokens, text), doubts)


def _words(found: Analysis) -> tuple[Word, ...]:
    return tuple(_doubted(token.word, found.doubts) for token in accent.phrased(found.tokens))


def _doubted(word: Word, doubts: Sequence[Doubt]) -> Word:
    """The word with the other opinion beside it."""
    for doubt in doubts:
        if doubt.start <= word.start and word.end <= doubt.end and word.pron:
            whole = (word.start, word.end) == (doubt.start, doubt.end)
            others = (*word.candidates, doubt.theirs) if whole else word.candidates
            return replace(word, doubts=(*word.doubts, *(() if doubt.voicing else ("disagree",))), candidates=others)
    return word


def _remarks(found: Sequence[Word], draft: Draft) -> Iterator[Remark]:
    """What was taken out or could not be read, so that nothing is skipped in silence."""
    for change in draft.log:
        if change.step == "unreadable":
            code = " ".join(f"U+{ord(c):04X}" for c in change.before)
            yield Remark("unreadable", f"a character that is no text: {code}", f"文字でないもの: {code}", change.start)
        elif change.step == "pictures" and change.after in ("", "、") and _picture(change.before):
            yield Remark("emoji", f"not read: {change.before}", f"読みません: {change.before}", change.start)
    for word in found:
        if "unread" in word.doubts:
            yield Remark("unread", f"no reading: {word.surface}", f"読めません: {word.surface}", word.start)
        elif "unknown" in word.doubts:
            said = f"{word.surface} ({word.kana})"
            yield Remark("unknown-word", f"in no dictionary: {said}", f"辞書にない語: {said}", word.start)


def _picture(text: str) -> bool:
    return any(unicodedata.category(c) in ("So", "Sk", "Cn") for c in text) or text.startswith(("(", "（"))


def _note(slug: str, en: str, ja: str, line: Line, start: int) -> Note:
    return Note(slug=slug, text=Message(en, ja), place=_place(line, start))


def _place(line: Line, start: int) -> Place:
    """The line's place; the column only where what is spoken is what was written."""
    column = line.place.column
    same = line.spoken == line.shown and column is not None
    return replace(line.place, column=column + start) if same and column is not None else line.place


def _flag(line: Line, one: risk.Flag) -> Note:
    others = "・".join(one.candidates)
    en = f"check '{one.surface}': {one.reading}" + (f" or {others}?" if others else "?")
    ja = f"「{one.surface}」を確かめてください: {one.reading}" + (f"、それとも {others}" if others else "")
    return _note("reading-doubt", en, ja, line, one.start)


def kana(words: Sequence[Word]) -> str:
    """What is really spoken, in katakana; rests as 、 ？ ！."""
    return "".join(word.sign or word.kana for word in words)


def prosody(words: Sequence[Word]) -> str:
    """Accent phrases as a line: `^ミ[ズヲ#マ[レ]ーシアカラ…$`.

    `#` phrase edge, `_` rest, `[` rise, `]` fall after the accented mora (not written at a phrase's end), `?` final rise
    (Kurihara et al. 2021).
    """
    parts: list[str] = []
    pause = False
    for phrase, rest in phrases(words):
        if parts:
            parts.append("_" if pause else "#")
        parts.append(_phrase(phrase))
        pause = rest
    rising = any(word.rising for word in words[-3:])
    return f"^{''.join(parts)}{'?' if rising else ''}$"


def phrases(words: Sequence[Word]) -> list[tuple[list[Word], bool]]:
    """Accent phrases in order, each with whether a rest follows it."""
    found: list[tuple[list[Word], bool]] = []
    for word in words:
        if word.sign and found:
            found[-1] = (found[-1][0], True)
        elif word.pron and (not word.chained or not found or found[-1][1]):
            found.append(([word], False))
        elif word.pron:
            found[-1][0].append(word)
    return found


def _phrase(phrase: Sequence[Word]) -> str:
    sounds = morae("".join(word.pron for word in phrase))
    accent = phrase[0].accent if phrase[0].accent < len(sounds) else 0
    out = sounds[:1]
    if accent == 1:
        out.append("]")
    elif len(sounds) > 1:
        out.append("[")
    for number, mora in enumerate(sounds[1:], 2):
        out.append(mora)
        if number == accent:
            out.append("]")
    return "".join(out)
