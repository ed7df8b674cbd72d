"""The proof sheet as values and as a page."""

import base64
import hashlib
import re

import pytest
from lxml import html

from yomicast.model import Line, Place, Script, Word
from yomicast.site import proof
from yomicast.site.proof import view


def word(surface, start, pron, accent=0, *, chained=False, end=None, **more):
    return Word(surface=surface, start=start, end=end or start + len(surface), pron=pron, accent=accent, chained=chained, **more)  # fmt: skip


def line(spoken, *words, shown=None, row=1, **more):
    place = Place(file="episodes/night.txt", line=row)
    return Line(shown=shown or spoken, spoken=spoken, role="body", place=place, pause=0.7, words=words, **more)


def script(*lines, title="夜の図書館"):
    return Script(title=title, lines=lines)


HEARD = line(
    "NATOの聞き取り、行った。",
    word("NATO", 0, "ナトー", 1, doubts=("acronym",), candidates=("エヌエーティーオー",)),
    word("の", 4, "ノ", chained=True),
    word("聞き取り", 5, "キ’キトリ", 0),
    word("、", 9, "", sign="、"),
    word("行っ", 10, "イッ", 0, doubts=("heteronym", "disagree"), candidates=("オコナッ",)),
    word("た", 12, "タ", chained=True),
    word("。", 13, "", sign="、"),
)
NUMBER = ("名詞", "数", "*", "*", "*", "*")
YEAR = line(
    "2026年にNATOは",
    word("2", 0, "ニ", 2, doubts=("number",), pos=NUMBER),
    word("2", 0, "セン", 1, chained=True, end=1, pos=NUMBER),
    word("2026", 0, "ニ", 1, pos=NUMBER),
    word("年", 4, "ジュー", 1, chained=True, pos=NUMBER),
    word("年", 4, "ロク", 2, pos=NUMBER),
    word("年", 4, "ネン", 1, chained=True),
    word("に", 5, "ニ", chained=True),
    word("NATO", 6, "ナトー", 1, doubts=("acronym",)),
    word("は", 10, "ワ", chained=True),
    row=3,
)


# --- what is shown -------------------------------------------------------------------------------------------------

FURIGANA = {
    "okurigana stays bare": ("聞き取り", "キキトリ", (("聞き取", "ききと"), ("り", ""))),
    "kana before": ("お話", "オハナシ", (("お", ""), ("話", "はなし"))),
    "kana alone": ("カメラ", "カメラ", (("カメラ", ""),)),
    "particle": ("は", "ワ", (("は", ""),)),
    "latin in katakana": ("NATO", "ナトー", (("NATO", "ナトー"),)),
    "kana that is said otherwise": ("時計", "トケー", (("時計", "とけー"),)),
    "kana and kanji": ("取り扱い", "トリアツカイ", (("取り扱", "とりあつか"), ("い", ""))),
    "signs": ("。", "", (("。", ""),)),
    "more text than kana": ("々々々", "ア", (("々々々", "あ"),)),
}


@pytest.mark.parametrize(("surface", "kana", "parts"), FURIGANA.values(), ids=FURIGANA)
def test_furigana(surface, kana, parts):
    assert view.furigana(surface, kana) == parts


def drawn(words):
    signs = []
    for phrase in view.phrases(words):
        signs.append("".join(("^" if b.high else "_") + b.kana + ("]" if b.fall else "") for b in phrase.beats))
        signs[-1] += "、" if phrase.rest else ""
    return signs


def test_the_accent_line_is_high_until_it_falls():
    assert drawn(HEARD.words) == ["^ナ]_ト_ー_ノ", "_キ^キ^ト^リ、", "_イ^ッ^タ、"]


def test_an_accent_on_the_last_beat_has_no_fall_to_draw():
    assert drawn([word("橋", 0, "ハシ", 2)]) == ["_ハ^シ"]
    assert drawn([word("橋", 0, "ハシ", 2), word("が", 1, "ガ", chained=True)]) == ["_ハ^シ]_ガ"]


def test_every_character_of_the_line_is_there_once():
    for one in (HEARD, YEAR):
        row = proof.rows(script(one), {})[0]
        assert "".join(piece.surface for piece in row.pieces) == one.spoken
        assert "".join(text for piece in row.pieces for text, _ in piece.parts) == one.spoken


def test_words_that_share_characters_are_one_piece():
    row = proof.rows(script(YEAR), {})[0]
    assert (row.pieces[0].surface, row.pieces[0].reading) == ("2026年", "ニセンニジューロクネン")


def test_the_reading_offered_has_the_accent_the_word_has():
    pieces = {piece.surface: piece.reading for piece in proof.rows(script(HEARD), {})[0].pieces}
    assert pieces["NATO"] == "ナ'トー"
    assert pieces["聞き取り"] == "キキトリ0"
    assert pieces["の"] == "ノ", "a chained word has no accent of its own"


def test_the_riskiest_words_come_first_and_once():
    found = proof.risks(proof.rows(script(HEARD, YEAR), {}))
    assert [(risk.surface, risk.rows) for risk in found] == [("行っ", (1,)), ("NATO", (1, 2)), ("2026年", (2,))]
    assert found[0].doubts == ("disagree", "heteronym")
    assert found[1].candidates == ("エヌエーティーオー",)
    assert found[0].context == ("NATOの聞き取り、", "た。")


def test_of_equal_risk_the_frequent_word_comes_first():
    once, often = (line(text, word(text, 0, "カタ", doubts=("heteronym",))) for text in ("方", "型"))
    found = proof.risks(proof.rows(script(once, often, often), {}))
    assert [(risk.surface, risk.rows) for risk in found] == [("型", (2, 3)), ("方", (1,))]


def test_a_word_with_and_without_its_accent_is_one():
    alone = line("岸田", word("岸田", 0, "キシダ", 0, doubts=("name",)))
    joined = line("前岸田", word("前", 0, "ゼン", 1), word("岸田", 1, "キシダ", chained=True, doubts=("name",)))
    assert [risk.rows for risk in proof.risks(proof.rows(script(alone, joined), {}))] == [(1, 2)]


def test_what_a_person_decided_is_no_risk():
    decided = line("NATO", word("NATO", 0, "ナトー", 1, doubts=("acronym",), step="lexicon:show"))
    assert proof.risks(proof.rows(script(decided), {})) == ()


# --- the page ------------------------------------------------------------------------------------------------------


def page(*lines, **more):
    return html.document_fromstring(proof.proof_sheet(script(*lines), **more))


def test_the_page_is_the_same_for_the_same_script():
    assert proof.proof_sheet(script(HEARD, YEAR)) == proof.proof_sheet(script(HEARD, YEAR))


def test_the_page_loads_nothing():
    tree = page(HEARD, YEAR)
    assert (
        tree.xpath("//link | //img | //iframe | //script[@src] | //*[@style] | //*[starts-with(name(@*), 'on')]") == []
    )
    assert {href for href in tree.xpath("//a/@href") if not href.startswith("#")} == set()


def test_the_policy_names_the_style_and_the_script():
    tree = page(HEARD)
    rule = tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    for part in (tree.xpath("string(//style)"), tree.xpath("string(//script)")):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'" in rule
    assert rule.startswith("default-src 'none'")
    assert "unsafe" not in rule
    assert "connect-src 'none'" in rule
    served = page(HEARD, served=True).xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    assert "connect-src 'self'" in served


def test_text_of_the_article_is_never_markup():
    evil = "</style></script><img src=x onerror=alert(1)>\"'&"
    bad = line(evil, word(evil, 0, "ア", doubts=("unknown",), candidates=(evil, "イ")), shown=evil + "!", speaker=evil)
    tree = page(bad, sounds={0: f"x{evil}"})
    assert tree.xpath("//img") == []
    assert len(tree.xpath("//script")) == len(tree.xpath("//style")) == 1
    assert tree.xpath("//span[@class='w flagged']/@data-word") == [evil]


def test_a_title_is_never_markup():
    text = proof.proof_sheet(script(HEARD, title="<script>alert(1)</script>"))
    assert "<script>alert" not in text


def test_a_line_plays_only_where_it_has_a_sound():
    tree = page(HEARD, YEAR, sounds={1: "sound/1"})
    assert tree.xpath("//button[@class='play']/@data-sound") == ["sound/1"]
    assert tree.xpath("//li[@id='line-2']//button[@class='play']")


def test_the_page_speaks_english_too():
    text = proof.proof_sheet(script(HEARD), language="en")
    assert '<html lang="en"' in text
    outside = html.document_fromstring(text)
    for node in outside.xpath(
        "//*[@lang='ja'] | //style | //script | //p[@class='legend'] | //*[@data-said]/@data-said/.."
    ):
        if node.tag != "html":
            node.drop_tree()
    rest = re.sub(r"[（）「」、。…]", "", outside.xpath("string(//main) "))
    assert not re.search(r"[ぁ-ゖ一-鿿]", rest.replace("さくら0", "")), "everything Japanese is marked as Japanese"


def test_shown_text_stands_beside_what_is_spoken():
    tree = page(line("TPP", word("TPP", 0, "ティーピーピー"), shown="環太平洋経済連携協定(TPP)"))
    assert "環太平洋経済連携協定(TPP)" in tree.xpath("string(//p[@class='shown'])")


def test_an_empty_script_is_a_page():
    assert "疑わしい語はありません" in proof.proof_sheet(script())
