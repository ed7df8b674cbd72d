"""Laws of the reading room: whatever is written, every word points at it, nothing is left unread, nothing varies."""

import re
import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yomicast import reading
from yomicast.model import Line, Place, Script
from yomicast.reading import accent
from yomicast.reading.sounds import morae

PIECES = st.sampled_from(
    [
        "今日は",
        "東京",
        "行って",
        "方が",
        "家",
        "1日",
        "25%",
        "3-2",
        "1/3",
        "9:05",
        "2025/12/31",
        "㈱",
        "①",
        "Ⅲ",
        "Python",
        "NATO",
        "https://example.com/a?b=c",
        "😀",
        "、",
        "。",
        "「",
        "」",
        "（笑）",
        "〜",
        "ー",
        "ッ",
        "𠮷",
        "葛󠄀",
        "�",
        "\x00",
        "\ue000",
        "\u200d",
        "ｶﾞ",
        "~",
        "#",
        "@",
        "&",
        "+1",
        "−5度",
        "$1.5B",
        "v1.2.3",
        "03-1234-5678",
        "한국",
        "Привет",
        "́",
        "ゝ",
        "々",
        "\u3000",
        "\n",
        "十",
        "百",
        "万",
        "ヶ月",
        "℃",
        "50㎡",
        "km/h",
        "x²",
        "%",
        "0",
        "00",
        "1,234",
    ]
)
MIXED = st.lists(PIECES, max_size=12).map("".join)
ANY = st.text(max_size=40)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(MIXED | ANY)
def test_words_point_into_the_line_in_order(text):
    words = reading.words(text)
    assert all(0 <= w.start <= w.end <= len(text) for w in words)
    assert all(w.surface == text[w.start : w.end] for w in words)
    starts = [w.start for w in words]
    assert starts == sorted(starts)


@QUICK
@given(MIXED | ANY)
def test_what_comes_out_is_kana_and_rests(text):
    kana = reading.kana(reading.words(text))
    assert re.fullmatch(r"[ァ-ヺー、？！]*", kana)


@QUICK
@given(MIXED)
def test_nothing_with_letters_is_skipped_in_silence(text):
    """A letter, a digit or a kanji is either spoken or noted."""
    line = Line(shown=text, spoken=text, role="body", place=Place(), pause=0.0)
    script = reading.read(Script(title="", lines=(line,)))
    covered = {i for w in script.lines[0].words if w.pron for i in range(w.start, w.end)}
    silent = [i for i, c in enumerate(text) if unicodedata.category(c)[0] in "LN" and i not in covered]
    assert not silent or script.notes


@QUICK
@given(MIXED)
def test_the_same_line_is_read_the_same(text):
    assert reading.words(text) == reading.words(text)


@QUICK
@given(MIXED)
def test_prosody_has_every_mora(text):
    words = reading.words(text)
    marks = re.sub(r"[\^$#_\[\]?]", "", reading.prosody(words))
    assert morae(marks) == [m for w in words for m in morae(w.pron)]


@QUICK
@given(MIXED)
def test_an_accent_lies_inside_its_phrase(text):
    line = [one for _, one in accent.units(accent_tokens(text))]
    starts = accent.split(line, accent.weights())
    for start, end in zip(starts, [*starts, len(line)][1:], strict=True):
        assert 0 <= accent.fall(line, start, end, accent.weights()) <= sum(one.size for one in line[start:end])


def accent_tokens(text):
    from yomicast.reading import door

    return door.analysed(text).tokens
