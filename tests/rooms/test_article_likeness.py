"""What lines around articles look like: lines written before the table was asked, none of them learned from."""

import pytest

from yomicast.article import likeness as model
from yomicast.article.ledger import Ledger, Piece
from yomicast.article.likeness import likeness, unlike, weights

TEXT = (
    "峠の茶屋は、朝の六時に戸を開ける。湯が沸くまでの間に、あるじは道の石を掃く。",
    "登る人はまだ来ない。風の音と、鍋のふたの鳴る音だけがしている。",
    "団子は一日に百本と決めている。残ったことは一度もないという。",
    "午後の客は下りの人で、たいてい膝をさすりながら入ってくる。",
)
FURNITURE = [
    "各種お問い合わせは事務局まで",
    "無断での転用・複写はお断りします",
    "©2026 みなと坂ラジオ All Rights Reserved.",
    "登録者数 1,204名　発行部数 毎月1,500部",
    "このメルマガの配信停止はこちら",
    "スマホアプリでも読めます",
    "カテゴリ：暮らし　タグ：古道具",
    "人気の記事ランキング",
    "提供：坂の上新聞デジタル",
    "会員登録（無料）で続きが読めます",
    "編集・発行　港町商工会青年部",
    "本サイトの記事・写真の著作権は坂の上通信社に帰属します。",
]
LAST_WORDS = [
    "夜が明けるころ、船はもう見えなくなっていた。",
    "それでも来年の春、また同じ坂を上るつもりだ。",
    "残った木は、あと三本。",
    "答えは、まだ誰も知らない。",
    "湯気の向こうで、猫がひとつあくびをした。",
    "次の雪が来る前に、屋根を直さなければならない。",
    "申し込みは不要で、参加費は五百円である。",
    "詳しい日程は、決まりしだい市の広報で知らせるという。",
    "展示は十一月三日まで、旧駅舎で開かれている。",
    "わたしは今日も、あの時計の音を聞いている。",
]


def pieces(*texts, kind="paragraph"):
    return [Piece(kind="title", text="峠の茶屋"), *(Piece(kind=kind, text=text) for text in texts)]


def kept(found, form="html"):
    ledger = Ledger(file="a", form=form)
    return [piece.text for piece in unlike(found, ledger)][1:], [item.text for item in ledger.dropped]


@pytest.mark.parametrize("line", FURNITURE)
def test_lines_that_no_rule_knows_go_below_the_text_and_are_written_down(line):
    assert kept(pieces(*TEXT, line)) == ([*TEXT], [line])


@pytest.mark.parametrize("line", LAST_WORDS)
def test_last_words_stay(line):
    assert kept(pieces(*TEXT, line)) == ([*TEXT, line], [])


@pytest.mark.parametrize("line", LAST_WORDS)
def test_first_words_stay(line):
    assert kept(pieces(line, *TEXT)) == ([line, *TEXT], [])


def test_several_go_and_never_the_text_between_them():
    above, below = FURNITURE[6], FURNITURE[1:3]
    assert kept(pieces(above, *TEXT, *below)) == ([*TEXT], [above, *below])


def test_a_short_text_keeps_three_pieces_whatever_they_are_like():
    assert len(kept(pieces("".join(TEXT[:2]), "".join(TEXT[2:]), *FURNITURE[:3]))[0]) == 3


def test_in_the_middle_only_what_ends_as_no_sentence_does_can_be_furniture(monkeypatch):
    monkeypatch.setattr(model, "likeness", lambda text, *_: 9.0 if text not in TEXT else -9.0)
    closed, unclosed = FURNITURE[-1], FURNITURE[0]
    assert kept(pieces(*TEXT[:2], closed, unclosed, *TEXT[2:]))[1] == [unclosed]


def test_verse_and_speakers_are_left_alone():
    lines = ("雪は", "まだ来ない", "駅の鐘が", "鳴らずにいる", "待つ人も", "ない", "各種お問い合わせは事務局まで")
    assert kept(pieces(*lines))[1] == []
    said = [*pieces(*TEXT), Piece(kind="paragraph", text=FURNITURE[0], speaker="あるじ")]
    assert kept(said)[1] == []


def test_entries_of_a_list_stay_whole():
    entries = ("登録者数 1,204名　発行部数 毎月1,500部", "登録者数 880名　発行部数 毎月1,000部")
    assert kept(pieces(*TEXT, *entries))[1] == [*entries]
    found = pieces(*TEXT)
    for town, entry in zip(("谷口町", "港町"), entries, strict=True):
        found += [Piece(kind="heading", text=town, level=2), Piece(kind="paragraph", text=entry)]
    assert kept(found)[1] == []


def test_where_the_title_is_found_afterwards_the_first_line_may_be_it():
    first = "国立大学法人　雲野工芸大学"
    assert kept(pieces(first, *TEXT))[1] == [first]
    assert kept(pieces(first, *TEXT), form="docx")[1] == []


def test_the_table_says_what_it_should_of_places_and_sizes():
    assert len(weights()) > 500
    line = "このメルマガの配信停止はこちら"
    assert likeness(line, 20, 0) > likeness(line, 10, 10)
    assert likeness(TEXT[0], 20, 0) < 0
