"""The lexicon's notation, its matcher and what ships with it."""

import re
import unicodedata
from pathlib import Path

import pytest

from yomicast.errors import LexiconError
from yomicast.model import Place, Word
from yomicast.reading import lexicon

HERE = Place(file="voices/lexicon.yaml", line=7)


def make(word, value, scope="show"):
    return lexicon.entry(word, value, HERE, scope=scope)


def found(text, *entries, words=()):
    return [(text[a:b], one.reading) for a, b, one in lexicon.Matcher(entries).find(text, words)]


# --- the notation --------------------------------------------------------------------------------------------------

READINGS = {
    "fall after the first beat": ("NATO", "ナ'トー", "ナトー", 1),
    "hiragana": ("命", "い'のち", "イノチ", 1),
    "fall after the last beat": ("橋", "はし'", "ハシ", 2),
    "flat, as dictionaries print it": ("桜", "さくら0", "サクラ", 0),
    "flat, circled": ("桜", "さくら⓪", "サクラ", 0),
    "number of the beat": ("心", "こころ2", "ココロ", 2),
    "accent not said": ("心", "こころ", "ココロ", None),
    "typographic and full-width marks": ("命", "い’のち", "イノチ", 1),
    "two kana are one beat": ("ショパン", "ショ'パン", "ショパン", 1),
    "hiragana's long vowels": ("東京", "とうきょう0", "トーキョー", 0),
    "long e": ("先生", "せんせ'い", "センセー", 3),
    "katakana stays": ("メイン", "メ'イン", "メイン", 1),
    "a verb's own u": ("思う", "おも'う", "オモウ", 2),
    "beats of the same sound": ("続", "つヅく", "ツズク", None),
    "a name's middle dot": ("Biden", "ジョー・バ'イデン", "ジョーバイデン", 3),
    "half-width kana": ("ガム", "ｶﾞ'ﾑ", "ガム", 1),
}


@pytest.mark.parametrize(("word", "written", "reading", "accent"), READINGS.values(), ids=READINGS)
def test_notation(word, written, reading, accent):
    one = make(word, written)
    assert (one.reading, one.accent, one.written) == (reading, accent, written)
    assert (one.file, one.line) == ("voices/lexicon.yaml", 7)


def test_a_mapping_says_more():
    value = {"reading": "ナトー", "accent": 1, "note": "国際", "source": "nato.int", "class": "組織"}
    one = make("NATO", value)
    assert (one.reading, one.accent, one.note, one.source, one.word_class) == (
        "ナトー",
        1,
        "国際",
        "nato.int",
        "組織",
    )


def test_the_table_in_the_docs_is_true():
    text = (Path(__file__).resolve().parents[2] / "docs/lexicon.md").read_text(encoding="utf-8")
    accents = {"flat": 0, "falls after ナ": 1, "falls after the second": 2, "falls after the last": 2, "not said": None}
    rows = re.findall(r"^\| (`[^|]+`) \| ([ァ-ヴー]+) \| ([^|]+) \|$", text, re.MULTILINE)
    assert len(rows) == 8
    for written, reading, accent in rows:
        word, *forms = re.findall(r"[^`:, ]+", written)
        for form in forms:
            one = make(word, form)
            assert one.reading == reading
            wanted = next((number for start, number in accents.items() if accent.startswith(start)), one.accent)
            assert one.accent == wanted


BROKEN = {
    "not kana": ("語", "yomi"),
    "kanji": ("語", "読み"),
    "empty": ("語", " "),
    "no text": ("語", 12),
    "no reading": ("語", {"accent": 1}),
    "unknown key": ("語", {"reading": "ゴ", "acent": 1}),
    "unknown class": ("語", {"reading": "ゴ", "class": "めいし"}),
    "a beat that nobody can say": ("語", "カャ"),
    "starts with a long vowel sign": ("語", "ーゴ"),
    "mark inside a beat": ("語", "し'ゃ"),
    "mark before everything": ("語", "'ゴ"),
    "two marks": ("語", "ゴ'ゴ'ゴ"),
    "mark and number": ("語", "ゴ'ゴ1"),
    "accent beyond the word": ("語", "ゴ9"),
    "accent beyond the word, said apart": ("語", {"reading": "ゴ", "accent": 2}),
    "accent is no number": ("語", {"reading": "ゴ", "accent": True}),
    "negative accent": ("語", {"reading": "ゴ", "accent": -1}),
    "two accents that differ": ("語", {"reading": "ゴ'ゴ", "accent": 2}),
    "lone surrogate": ("語\ud842", "ゴ"),
    "control character": ("語\x07", "ゴ"),
    "no word": ("　", "ゴ"),
    "only a variation selector": ("\ufe0f", "ゴ"),
    "a word without end": ("語" * 101, "ゴ"),
    "a reading without end": ("語", "ゴ" * 201),
}


@pytest.mark.parametrize(("word", "value"), BROKEN.values(), ids=BROKEN)
def test_a_broken_line_says_where(word, value):
    with pytest.raises(LexiconError) as caught:
        make(word, value)
    assert (caught.value.where, bool(caught.value.hint)) == (HERE, True)
    assert "\n" not in caught.value.message.en + caught.value.message.ja


def test_one_word_twice_names_both_lines():
    first = lexicon.entry("IT", "アイティ'ー", Place(file="lexicon.yaml", line=3))
    again = lexicon.entry("ＩＴ", "イット", Place(file="lexicon.yaml", line=9))
    with pytest.raises(LexiconError, match="line 3") as caught:
        lexicon.distinct([first, again])
    assert caught.value.where.line == 9


def test_one_word_in_two_classes_is_no_doubt():
    both = [make("行", {"reading": "ぎょう", "class": "接尾"}), make("行", {"reading": "こう", "class": "名詞"})]
    assert lexicon.distinct(both) == tuple(both)


# --- where words stand ---------------------------------------------------------------------------------------------

IT, NATO = make("IT", "アイティ'ー"), make("NATO", "ナ'トー")


def test_latin_words_are_whole():
    assert found("WITHのITとNITとIT化", IT) == [("IT", "アイティー"), ("IT", "アイティー")]


def test_full_width_and_case_are_one():
    assert [shown for shown, _ in found("ＮＡＴＯとnatoとNato", NATO)] == ["ＮＡＴＯ", "nato", "Nato"]


def test_an_acronym_is_not_the_english_word():
    assert found("it is what It was", IT) == []
    assert found("it", make("it", "イット")) == [("it", "イット")]


def test_a_short_word_with_one_capital_is_english():
    assert found("Gan", make("GAN", "ガ'ン")) == []
    assert found("ganとGAN", make("GAN", "ガ'ン")) == [("gan", "ガン"), ("GAN", "ガン")]


def test_digits_go_on_too():
    five = make("5G", "ファイブジー")
    assert found("5Gと15G、5Gbps", five) == [("5G", "ファイブジー")]
    assert found("GPT4", make("GPT", "ジーピーティー")) == [("GPT", "ジーピーティー")]


def test_katakana_words_are_whole():
    ice = make("アイス", "ア'イス")
    assert found("アイスランドのアイス・ティーとアイス", ice) == [("アイス", "アイス"), ("アイス", "アイス")]


def test_the_longest_word_wins():
    long, short = make("日米同盟", "ニチベイド'ーメイ"), make("日米", "ニチベイ")
    assert found("日米と日米同盟", short, long) == [("日米", "ニチベイ"), ("日米同盟", "ニチベイドーメイ")]


def test_the_inner_scope_wins():
    ours, show, episode = (make("SQL", r, s) for r, s in (("ア", "starter"), ("イ", "show"), ("ウ", "episode")))
    assert found("SQL", ours, episode, show) == [("SQL", "ウ")]
    assert found("SQL", ours, show) == [("SQL", "イ")]
    assert found("SQL", make("sql", "イ"), ours) == [("SQL", "イ")], "even when written otherwise"


def test_of_two_the_one_written_so():
    assert found("SATとSat", make("SAT", "エスエーティー"), make("Sat", "サタデー")) == [
        ("SAT", "エスエーティー"),
        ("Sat", "サタデー"),
    ]


def test_offsets_count_the_text_as_written():
    text = "㍿とｶﾞとガムと葛\U000e0100城とNATO"
    hits = lexicon.Matcher([NATO, make("葛城", "カツラギ"), make("が", "ガ"), make("株", "カブ")]).find(text)
    assert [text[a:b] for a, b, _ in hits] == ["葛\U000e0100城", "NATO"]


def test_rare_kanji_variants_and_emoji_are_words():
    words = [make("𠮷野家", "よしのや0"), make("葛󠄀城", "かつらぎ'"), make("👍🏽", "いいね'")]
    text = "𠮷野家と葛城で👍🏽、葛\U000e0100城も"
    assert [text[a:b] for a, b, _ in lexicon.Matcher(words).find(text)] == ["𠮷野家", "葛城", "👍🏽", "葛\U000e0100城"]


def test_one_character_of_the_text_is_not_cut():
    assert found("㍿と会社と株式", make("会社", "カイシャ"), make("株式", "カブシキ")) == [
        ("会社", "カイシャ"),
        ("株式", "カブシキ"),
    ]


def test_a_unit_needs_its_number():
    km = make("km", {"reading": "キロメ'ートル", "class": "単位"})
    assert [hit[0] for hit in lexicon.Matcher([km]).find("5km、km、数 km、５ｋｍ")] == [1, 9, 13]


def test_a_unit_keeps_its_case():
    milli, mega = (make(w, {"reading": r, "class": "単位"}) for w, r in (("mW", "ミリワット"), ("MW", "メガワット")))
    assert found("5mWと5MWと5mw", milli, mega) == [("mW", "ミリワット"), ("MW", "メガワット")]


def test_a_shipped_word_is_no_counter_and_no_piece():
    morning, china = make("日朝", "ニッ'チョー", "starter"), make("米中", "ベ'ーチュー", "starter")
    assert found("24日朝、二十四日朝の日朝", morning) == [("日朝", "ニッチョー")]
    words = [word("欧米", 0, "名詞"), word("中心", 2, "名詞")]
    assert found("欧米中心", china, words=words) == []
    assert found("欧米中心", make("米中", "ベ'ーチュー"), words=words) != [], "the author knows better"


def word(surface, start, *pos):
    return Word(surface=surface, start=start, end=start + len(surface), pron="ア", pos=pos)


def test_a_word_class_agrees_with_the_front_end():
    name = make("大和", {"reading": "ヤマト", "class": "人名"})
    text = "大和と大和"
    words = [
        word("大和", 0, "名詞", "固有名詞", "地域"),
        word("と", 2, "助詞"),
        word("大和", 3, "名詞", "固有名詞", "人名"),
    ]
    assert [hit[:2] for hit in lexicon.Matcher([name]).find(text, words)] == [(3, 5)]
    assert len(lexicon.Matcher([name]).find(text)) == 2


def test_one_kanji_is_not_cut_out_of_a_word():
    way = make("方", "ホ'ー")
    words = [word("方法", 0, "名詞"), word("の", 2, "助詞"), word("方", 3, "名詞")]
    assert [hit[:2] for hit in lexicon.Matcher([way]).find("方法の方", words)] == [(3, 4)]


# --- what ships ----------------------------------------------------------------------------------------------------


def test_the_starter_lexicon_is_whole():
    for one in lexicon.starter():
        assert one.accent is not None, one.word
        assert one.source, one.word
        assert one.scope == "starter"
        assert unicodedata.is_normalized("NFKC", one.word), one.word


def test_the_starter_lexicon_holds_what_it_promises():
    words = {one.word: one for one in lexicon.starter()}
    assert len(words) > 600
    said_as_words = {
        "NATO": "ナトー",
        "JAXA": "ジャクサ",
        "AUKUS": "オーカス",
        "CHIPS": "チップス",
        "G20": "ジートゥエンティ",
    }
    spelled = {"USTR": "ユーエスティーアール", "CSIS": "シーエスアイエス", "TSMC": "ティーエスエムシー"}
    for word_, reading in (said_as_words | spelled).items():
        assert words[word_].reading == reading


NAMES = (
    "エー ビー シー ディー イー エフ ジー エイチ アイ ジェー ケー エル エム エヌ オー ピー キュー アール エス ティー ユー ブイ "
    "ダブリュー エックス ワイ ゼット"
)
LETTERS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", NAMES.split(), strict=True))


def test_spelled_words_fall_on_their_last_letter():
    rows = [one for one in lexicon.starter() if one.source.endswith("last letter") and one.word.isalpha()]
    spelled = [one for one in rows if one.reading == "".join(LETTERS.get(c, "?") for c in one.word.upper())]
    assert len(spelled) > 200
    for one in spelled:
        before = lexicon.morae("".join(LETTERS[c] for c in one.word.upper()[:-1]))
        assert one.accent == len(before) + 1, one.word


def test_every_starter_source_names_place_and_accent():
    basis = {"last letter", "Open JTalk", "loanword rule", "editor"}
    for one in lexicon.starter():
        place, _, accent = one.source.partition("; accent: ")
        assert "." in place, one.word
        assert accent in basis, one.word
