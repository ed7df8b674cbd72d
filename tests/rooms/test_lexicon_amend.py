"""A word goes into the author's file; comments, order and everything else stay."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from yomicast import config
from yomicast.errors import LexiconError
from yomicast.model import Place
from yomicast.reading import amend, lexicon

LEXICON = """\
# 番組の辞書
NATO: ナ'トー   # 国際
"#1": ナンバーワン

# 人名
桜庭: {reading: さくらば0, note: "司会"}
"""


def add(text, word, reading, under=""):
    document = config.parse(text, "lexicon.yaml")
    new = amend.added(text, word, amend.value_of(reading), places=document.places, under=under)
    return new, config.parse(new, "lexicon.yaml").value


def replace(text, word, reading, under=""):
    document = config.parse(text, "lexicon.yaml")
    new = amend.replaced(text, word, amend.value_of(reading), places=document.places, under=under)
    return new, config.parse(new, "lexicon.yaml").value


def test_a_word_is_added_below_everything():
    new, value = add(LEXICON, "東雲台", "しののめだい0")
    assert new == LEXICON + "東雲台: しののめだい0\n"
    assert value["東雲台"] == "しののめだい0"


FILES = {
    "empty": "",
    "only a comment": "# 辞書",
    "no newline at the end": "NATO: ナ'トー",
    "carriage returns": "NATO: ナ'トー\r\n# 人名\r\n",
    "comment at the end": LEXICON + "# おわり\n",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_any_file_keeps_its_text(text):
    new, value = add(text, "東雲台", "しののめだい0")
    assert new.startswith(text)
    assert value == {**config.parse(text, "x").value, "東雲台": "しののめだい0"}
    assert ("\r\n" in text) == ("台: しののめだい0\r\n" in new)


MANIFESTS = {
    "no readings yet": ("title: あ\n", "title: あ\nreadings:\n  東雲台: しののめだい0\n"),
    "a block": (
        "readings:\n  A: エー  # 一\n\n  # 二\n  B: ビー\n\n# 題\ntitle: あ\n",
        "readings:\n  A: エー  # 一\n\n  # 二\n  B: ビー\n  東雲台: しののめだい0\n\n# 題\ntitle: あ\n",
    ),
    "a block with long values": (
        "readings:\n    A:\n      reading: エー\n      note: い\ntitle: あ\n",
        "readings:\n    A:\n      reading: エー\n      note: い\n    東雲台: しののめだい0\ntitle: あ\n",
    ),
    "a block at the end without newline": (
        "readings:\n  A: エー",
        "readings:\n  A: エー\n  東雲台: しののめだい0\n",
    ),
    "nothing below": ("readings:\ntitle: あ\n", "readings:\n  東雲台: しののめだい0\ntitle: あ\n"),
    "one line": (
        "readings: {A: エ'ー, B: 'ビー'}  # 一\ntitle: あ\n",
        "readings: {A: エ'ー, B: 'ビー', 東雲台: しののめだい0}  # 一\ntitle: あ\n",
    ),
    "one empty line": ("readings: {}\n", "readings: {東雲台: しののめだい0}\n"),
    "braces over lines": (
        "readings: {\n  A: エー,\n}\ntitle: あ\n",
        "readings: {\n  A: エー, 東雲台: しののめだい0\n}\ntitle: あ\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), MANIFESTS.values(), ids=MANIFESTS)
def test_an_episode_takes_a_reading(before, after):
    new, value = add(before, "東雲台", "しののめだい0", under="readings")
    assert new == after
    assert value["readings"]["東雲台"] == "しののめだい0"


def test_what_cannot_be_extended_is_said():
    with pytest.raises(LexiconError) as caught:
        add("readings: &x\n  A: エー\n", "東雲台", "しののめだい", under="readings")
    assert "東雲台: しののめだい" in caught.value.hint.ja


def test_a_reading_is_changed_in_its_place():
    new, value = replace(LEXICON, "NATO", "ナトー0")
    assert new == LEXICON.replace("ナ'トー   # 国際", "ナトー0   # 国際")
    assert value["NATO"] == "ナトー0"
    assert replace(LEXICON, "#1", "いちばん")[0] == LEXICON.replace("ナンバーワン", "いちばん")
    assert replace("readings: {A: エ'ー, B: 'ビー'}\n", "A", "あ", "readings")[0] == "readings: {A: あ, B: 'ビー'}\n"
    assert replace("readings: {A: エ'ー, B: 'ビー'}\n", "B", "い", "readings")[0] == "readings: {A: エ'ー, B: い}\n"


def test_signs_inside_words_are_no_comments():
    assert replace("C#: シーシャープ # 言語\n", "C#", "シー")[0] == "C#: シー # 言語\n"


def test_a_word_with_a_note_is_left_to_its_author():
    with pytest.raises(LexiconError) as caught:
        replace(LEXICON, "桜庭", "さくら'ば")
    assert caught.value.where.line == 6


@example(word="0", note="\x85")
@example(word="語", note="\u2028\ufeff\uffff\x07")
@given(word=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8), note=st.text(max_size=9))
def test_any_word_and_note_come_back(word, note):
    value = amend.value_of("よ'み", note=note)
    text = f"# 辞書\n{amend.scalar(word)}: {value}\n"
    value = config.parse(text, "x").value
    assert value == {word: {"reading": "よ'み", "note": note} if note else "よ'み"}


def entries(*pairs):
    return [lexicon.entry(word, reading, Place()) for word, reading in pairs]


def test_affected_lines_are_those_that_sound_different():
    lines = ["NATOの会議", "天気の話", "米国とNATO", "WNATOW"]
    before = entries(("NATO", "ナ'トー"))
    assert amend.affected(before, entries(("NATO", "ナトー0")), lines) == (0, 2)
    assert amend.affected(before, entries(("NATO", "ナ'トー"), ("天気", "て'んき")), lines) == (1,)
    assert amend.affected(before, [lexicon.entry("NATO", {"reading": "ナ'トー", "note": "新"}, Place())], lines) == ()
