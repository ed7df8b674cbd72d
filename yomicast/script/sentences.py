"""Sentences by rules of language alone: no dictionary, no dependency.

A full stop, ！ or ？ ends a sentence unless the language goes on: a particle follows (モーニング娘。のライブ、本当か？と思った),
it stands in a title or a short quotation (『君の名は。』), or it is part of a name (Yahoo!ニュース). Closing brackets and
repeated signs go with what they close. Speech long enough to need a breath is cut inside its quotation marks too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from yomicast.patterns import expression

OPEN, CLOSE = "「『（(【［[〈《〔“", "」』）)】］]〉》〕”"
PAIR = dict(zip(OPEN, CLOSE, strict=True))
STOPS = "。｡！？!?‼⁇⁈⁉"
BREATH = 16
"""Characters inside quotation marks from which their sentences are cut: a breath, not a catchphrase."""
BREATH_ROUND = 24
"""The same for parentheses, which interrupt a sentence and are better kept whole."""
CRY = 2
"""Letters of a cry that a quoted sentence begins with: 「えっ！？本当ですか。」."""
WINDOW = 80
"""Characters looked at on either side of a sign; keeps long paragraphs linear."""
DEPTH = 8
"""How deep brackets are followed."""
NAME = r"[一-鿿々〆ァ-ヺーA-Za-z0-9]"
WORD = r"[一-鿿々ァ-ヺA-Za-z0-9「『“]"
# を never begins a sentence; の は が も に へ do not before a noun, when a noun stands before the stop.
PARTICLE_AFTER_NAME = expression(rf"(?:を|(?:の|は|が|も|に|へ|や)(?={WORD})|さん(?:[はがをのにと、]))")
# After ！ or ？ the sentence goes on with these: the question or call is quoted without marks.
GOES_ON = expression(
    r"(?:[、，,。．」』）)\]】〉》〕・:：;；]"
    r"|と(?=[一-鿿、，]|い[うっいえわ]|の(?=[一-鿿ァ-ヺ])|して|か(?:[、い])|は(?=[一-鿿ァ-ヺ])|も(?=[一-鿿ァ-ヺ])|つぶや|ばかり|ささや|つっこ|ツッコ)"
    r"|って(?=[一-鿿い感こ何、]|の)|なんて(?=[一-鿿い])|など(?=[一-鿿とのがは、])|を|の(?=[一-鿿ァ-ヺA-Za-z])|が(?=[一-鿿ァ-ヺ])"
    r"|に(?=[一-鿿ァ-ヺ])|は(?=[一-鿿ァ-ヺ])|も(?=[一-鿿ァ-ヺ])|だ(?:と|そう|って|った|から)|です|でした|らしい|みたい)"
)
THOUGHT = expression(
    r"(?:と|って|なんて)(?:い[うっえわ]|思|考|言|聞|問|尋|訊|感|疑|書|叫|つぶや|呟|首を|声|返|答)|と(?:ばかり|でも(?:い|言))"
)
"""After ！ or ？ and a space: the sentence tells who thought, said or wrote it."""
AFTER_QUOTE = expression(
    r"(?:[、，,。．」』）)\]】〉》〕・:：;；？！?!〜～―—–-]|と|って|など|なんて|ら[しし]|[をがはにもへやで]|の|か(?:ら|も|、)|だ|です|でし|み?たい|なら|まで|より|さえ|ほど|ばかり|という|ね|よ(?=[うね。、]))"
)
LATIN_END = expression(r"[A-Za-z0-9]$")
ABBREVIATIONS = frozenset(
    [
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
        "no",
        "vs",
        "inc",
        "ltd",
        "co",
        "corp",
        "jr",
        "sr",
        "fig",
        "figs",
        "vol",
        "ed",
        "eds",
        "etc",
        "pp",
        "cf",
        "al",
        "ca",
        "approx",
        "dept",
        "est",
        "gen",
        "gov",
        "hon",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "e.g",
        "i.e",
        "u.s",
        "u.k",
        "u.n",
        "ph.d",
        "a.m",
        "p.m",
        "ver",
        "rev",
        "sec",
        "ch",
        "art",
    ]
)
EMOJI = expression(
    "(?:[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u2934\u2935\u3030\u303d\u23e9-\u23fa\u231a\u231b][\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]{0,8}|[♪♫♬☆★♡♥]){1,20}"
)
CODE = expression(r"(?<![A-Za-z0-9_/:]):[a-z][a-z0-9_+\-]{1,30}:(?![A-Za-z0-9_/:])")
"""An emoji by its name, as GitHub, Zenn and Qiita write it: :sparkles:."""
LAUGH = expression(
    r"[（(](?:笑|爆笑|苦笑|微笑|失笑|泣|涙|汗|怒|驚|照|謎|大汗|爆)[）)]|(?<![A-Za-z0-9])[wｗ]{1,30}(?![A-Za-z0-9.])"
)
PREDICATE = expression(
    r"(?:です|ます|ました|でした|ません|でしょう|ましょう|ください|[ねよわぞぜなさだたいうるくん])[!！?？〜～ー…]*$"
)
SIGN = expression(
    f"[{re.escape(OPEN + STOPS)}．.:\\nwｗ♪♫♬☆★♡♥\U0001f000-\U0001faff\u2300-\u27bf\u2900-\u297f\u2b50\u2b55\u3030\u303d]"
)
"""Whatever may end a sentence or open a bracket."""


@dataclass(frozen=True, slots=True)
class Group:
    """A bracketed stretch: text[start] opens it, text[end - 1] closes it."""

    start: int
    end: int


def groups(text: str) -> list[Group]:
    """Outermost bracketed stretches that are closed, in order; a bracket left open is only a sign."""
    found: list[Group] = []
    stack: list[tuple[int, str]] = []
    for at, char in enumerate(text):
        if char in PAIR:
            stack.append((at, PAIR[char]))
        elif char in CLOSE:
            while stack and stack[-1][1] != char and any(want == char for _, want in stack[-DEPTH:]):
                stack.pop()
            if stack and stack[-1][1] == char:
                start, _ = stack.pop()
                while found and found[-1].start > start:
                    found.pop()
                found.append(Group(start, at + 1))
    return found


def split(text: str, depth: int = 0) -> list[tuple[int, int]]:
    """The sentences of a paragraph as (start, end) character offsets, white space around them left out."""
    brackets = {group.start: group for group in groups(text)}
    spans: list[tuple[int, int]] = []
    start = at = 0
    while (sign := SIGN.search(text, at)) is not None:
        at = sign.start()
        group = brackets.get(at)
        if group is not None:
            spans += _inside(text, start, group, depth)
            start = spans[-1][1] if spans and spans[-1][1] > start else start
            at = group.end
            ends = _group_ends(text, start, group)
        else:
            ends = _ends(text, start, at)
            code = CODE.match(text, at)
            at = code.end() if code else at + 1
        if ends:
            at = _with_tail(text, at)
            if not _goes_on_over_quotes(text, at, brackets):
                spans.append((start, at))
                start = at
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trimmed(text, span)) is not None]


def _inside(text: str, start: int, group: Group, depth: int) -> list[tuple[int, int]]:
    """Cuts inside a long quotation: the spans up to the last cut, the first beginning at `start`."""
    inner = text[group.start + 1 : group.end - 1]
    round_ = text[group.start] in "（(［[〔"
    whole = not text[: group.start].strip() and not text[group.end :].strip()
    if (not whole and len(inner) < (BREATH_ROUND if round_ else BREATH)) or text[group.start] in "『【〈《“":
        return []
    if round_ and text[start : group.start].strip() and not _ends_before(text, start, group.start):
        return []
    if depth >= 2:
        return []
    ends = [
        group.start + 1 + end
        for begin, end in split(inner.rstrip(), depth + 1)[:-1]
        if len(re.sub(r"[\W_]", "", inner[begin:end])) > CRY
    ]
    return list(zip([start, *ends], ends, strict=False))


def _ends_before(text: str, start: int, at: int) -> bool:
    return text[start:at].rstrip()[-1:] in tuple(STOPS)


def _ends(text: str, start: int, at: int) -> bool:
    """Whether the sign at text[at] ends the sentence that began at `start`."""
    char = text[at]
    before, after = text[max(start, at - WINDOW) : at], text[at + 1 : at + WINDOW]
    if char in "。｡":
        return not (before and re.search(rf"{NAME}$", before) and PARTICLE_AFTER_NAME.match(after)) and not (
            after.startswith("を")
        )
    if char in STOPS:
        return _call_ends(before, char, after)
    if char in "．.":
        return _point_ends(before, char, after)
    if char == "\n":
        return after.startswith("\n")
    if (found := _emoji(text, at)) and not EMOJI.match(before[-1:] or " "):
        rest = text[found.end() : found.end() + WINDOW]
        return bool(PREDICATE.search(before.rstrip())) and not _continues(rest) and bool(rest.strip())
    if (found := LAUGH.match(text, at)) and char not in OPEN:
        rest = text[found.end() : found.end() + WINDOW]
        return bool(PREDICATE.search(before)) and not _continues(rest)
    return False


def _emoji(text: str, at: int) -> re.Match[str] | None:
    return EMOJI.match(text, at) or CODE.match(text, at)


def _continues(rest: str) -> bool:
    return bool(GOES_ON.match(rest) or EMOJI.match(rest) or rest[:1] in STOPS)


def _call_ends(before: str, char: str, after: str) -> bool:
    """！ and ？, full and half width."""
    rest = after.lstrip(STOPS)
    if not rest.strip():
        return True
    spaced = rest[0].isspace()
    if LATIN_END.search(before) and not spaced and re.match(r"[一-鿿ァ-ヺA-Za-z0-9]", rest):
        return False  # Yahoo!ニュース
    if char == "!" and re.search(r"[a-z_]$", before) and re.match(r"[ぁ-ん]", rest):
        return False  # save!させると: a name in a program
    if LATIN_END.search(before) and spaced and re.match(r"\s[A-Z]", rest):
        return False  # Yahoo! JAPAN
    if char in "!?" and not spaced and len(before.strip()) < 6 and rest[0] not in CLOSE:
        return False  # そうだ!京都、行こう。
    if spaced and THOUGHT.match(rest.lstrip()):
        return False  # 本当か？ と思った
    return not GOES_ON.match(rest) or rest[0] in CLOSE


def _point_ends(before: str, char: str, after: str) -> bool:
    """A point ends a sentence of Latin words, and a Japanese one where the text uses ． as its full stop."""
    if char == "．":
        return bool(re.search(r"[ぁ-んァ-ヺ一-鿿）)」]$", before)) and not re.match(r"[0-9０-９]", after)
    if not re.match(r"\s+[A-Z“\"(]", after) or re.search(r"[ぁ-んァ-ヺ一-鿿]", before[-60:]):
        return False
    word = re.search(r"([A-Za-z.]+)$", before)
    return bool(word) and len(word[1]) > 1 and word[1].lower() not in ABBREVIATIONS if word else bool(before.strip())


def _group_ends(text: str, start: int, group: Group) -> bool:
    """Whether a bracketed stretch ends the sentence: it began it, holds whole sentences, and nothing hangs on it."""
    inner = text[group.start + 1 : group.end - 1].rstrip()
    rest = text[group.end : group.end + WINDOW]
    if text[group.start] in "（(" and LAUGH.fullmatch(text[group.start : group.end]):
        before = text[max(start, group.start - WINDOW) : group.start]
        return bool(PREDICATE.search(before)) and bool(rest.strip()) and not _continues(rest)
    if text[group.start] in "『【〈《“［[〔" or not inner or inner[-1] not in STOPS + "…":
        return False
    opens = not text[start : group.start].strip() or bool(re.search(r"[、，。：:—―]\s*$", text[start : group.start]))
    return (opens or group.start < start < group.end) and not AFTER_QUOTE.match(rest)


def _with_tail(text: str, at: int) -> int:
    """Past the closing brackets, repeated stops, emoji and (笑) that belong to the sentence just ended."""
    while at < len(text):
        char = text[at]
        if char in STOPS or (char in CLOSE and char != "”"):
            at += 1
        elif (found := _emoji(text, at) or LAUGH.match(text, at)) is not None:
            at = found.end()
        else:
            break
    return at


def _goes_on_over_quotes(text: str, at: int, brackets: dict[int, Group]) -> bool:
    """「A。」「B。」と二人が言った: several quotations share one verb."""
    first = at
    while (group := brackets.get(at)) is not None and text[at] == "「":
        at = group.end
    return at > first and text[first - 1] == "」" and bool(re.match(r"[、，]?と", text[at : at + 2]))


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    start, end = span
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(stripped)
