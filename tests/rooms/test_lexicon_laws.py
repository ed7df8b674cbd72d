"""What holds for every word, reading and text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from yomicast.errors import LexiconError
from yomicast.model import Place
from yomicast.reading import lexicon

KANA = st.text(
    "アイカキサトナニハマヤャュョラリンッーァあいうえおかきくけこさしすせそゃゅょっん", min_size=1, max_size=10
)
TEXT = st.text("NATOnatoＮＡＴＯ米中国人アイスー 0123５㎞㍿ｶﾞ葛\U000e0100。", max_size=30)
WORDS = st.lists(
    st.sampled_from(["NATO", "米中", "中国", "国", "アイス", "5", "km", "株式", "ガ", "葛"]), max_size=6, unique=True
)


@given(KANA, st.integers(0, 12))
def test_a_reading_survives_its_notation(kana, accent):
    """What was accepted, typed out by `notation`, is accepted again as the same reading and accent."""
    try:
        one = lexicon.entry("語", {"reading": kana, "accent": accent}, Place())
    except LexiconError:
        return
    again = lexicon.entry("語", lexicon.notation(one), Place())
    assert (again.reading, again.accent) == (one.reading, one.accent)
    assert 0 <= again.accent <= len(lexicon.morae(again.reading))
    assert "".join(lexicon.morae(again.reading)) == again.reading


@given(st.text(max_size=12), st.text(max_size=12))
def test_anything_typed_is_an_entry_or_an_error(word, reading):
    """No text breaks the parser: the answer is kana that can be said, or an error that says where."""
    place = where = Place(file="lexicon.yaml", line=3)
    kana = "ア"
    try:
        kana = lexicon.entry(word, reading, place).reading
    except LexiconError as error:
        where = error.where
    assert where == place
    assert lexicon.morae(kana)


@given(TEXT, WORDS)
def test_hits_stand_in_the_text(text, words):
    """Hits are in order, apart, and each is its word but for width and case."""
    entries = [lexicon.entry(word, "よみ", Place()) for word in words]
    end = 0
    for start, stop, one in lexicon.Matcher(entries).find(text):
        assert end <= start < stop <= len(text)
        end = stop
        shown = "".join(c for c in text[start:stop] if not "\U000e0100" <= c <= "\U000e01ef")
        assert unicodedata.normalize("NFKC", shown).casefold() == one.word.casefold()


@given(TEXT)
def test_folding_points_back_into_the_text(text):
    """Every folded character knows where it came from, in order, and the end is the end."""
    folded, origin = lexicon.fold(text)
    assert len(origin) == len(folded) + 1
    assert list(origin) == sorted(origin)
    assert origin[-1] == len(text)
