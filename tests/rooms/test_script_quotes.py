"""Who says what: our own sentences, one shape of attribution each, and quotation marks that are no speech."""

import json
from pathlib import Path

import pytest

from yomicast.model import Block, Place
from yomicast.script import quotes, setoff

DATA = Path(__file__).parents[1] / "data/script"
CASES = [
    case
    for name in ("quotations.json", "in_prose.json")
    for case in json.loads((DATA / name).read_text(encoding="utf-8"))
]
IN_FOCUS = json.loads((DATA / "in_focus.json").read_text(encoding="utf-8"))
BESIDE = json.loads((DATA / "beside.json").read_text(encoding="utf-8"))
SET_OFF = json.loads((DATA / "set_off.json").read_text(encoding="utf-8"))


def found(paragraphs):
    blocks = [Block(kind="paragraph", text=text, place=Place(line=n)) for n, text in enumerate(paragraphs, 1)]
    return quotes.find(blocks)


@pytest.mark.parametrize("case", CASES, ids=[case["text"][0][:24] for case in CASES])
def test_speaker(case):
    got = [(quote.speaker, quote.text[:7]) for quote in found(case["text"])]
    assert got == [(want["speaker"], want["begins"]) for want in case["quotes"]]


@pytest.mark.parametrize("case", IN_FOCUS, ids=[case["text"][0][:24] for case in IN_FOCUS])
def test_words_without_a_clue_are_said_by_the_one_person_in_focus_and_by_nobody_where_two_compete(case):
    got = [(quote.speaker, quote.text[:7]) for quote in found(case["text"])]
    assert got == [(want["speaker"], want["begins"]) for want in case["quotes"]]


@pytest.mark.parametrize("case", BESIDE, ids=[case["blocks"][0][1][:24] for case in BESIDE])
def test_words_set_apart_are_said_by_whom_the_text_beside_them_presents(case):
    blocks = [
        Block(kind=kind, text=text, speaker="".join(speaker), place=Place(line=n))
        for n, (kind, text, *speaker) in enumerate(case["blocks"], 1)
    ]
    got = [[quote.speaker, quote.text[:7]] for quote in quotes.find(blocks)]
    assert got == case["quotes"]


@pytest.mark.parametrize(
    ("turn", "speaker"),
    [
        ("祖父がよく言うんです。『急ぐ舟ほど、綱を忘れる』って。", "祖父"),
        ("入りたてのころ、先輩に怒られました。『線を引く前に、消しゴムを持つな』と。", "先輩"),
        ("お客さんから手紙が来ましてね。『あの時計、また動きました』と、一行だけ。", "お客さん"),
        ("『夜の測量』という本に助けられました。", ""),
        ("私は「急ぐ舟」と名づけました。", ""),
    ],
)
def test_a_speaker_quotes_others_also_in_double_brackets(turn, speaker):
    said = quotes.find([Block(kind="paragraph", text=turn, speaker="佐伯", place=Place(line=1))])
    assert [quote.speaker for quote in said] == ([speaker] if speaker else [])


def test_a_turn_quotes_somebody_of_whom_the_turn_before_told():
    first = Block(kind="paragraph", text="最初は漁師をしていた年配の男性です。", speaker="佐伯", place=Place(line=1))
    then = Block(
        kind="paragraph", text="工房でその方は「海は揺れるものだ」と笑って。", speaker="沢", place=Place(line=2)
    )
    assert [(quote.speaker, quote.text) for quote in quotes.find([first, then])] == [("男性", "海は揺れるものだ")]
    assert quotes.find([then]) == []


def test_whom_a_turn_quotes_goes_on_in_its_next_paragraph():
    told = ["地主の榊さんが「墓の隣に箱を置くのか」と言うんです。", "それが、ひと月で変わった。「花が増えた」って。"]
    blocks = [Block(kind="paragraph", text=text, speaker="堀", place=Place(line=n)) for n, text in enumerate(told, 1)]
    assert [(quote.speaker, quote.text[:3]) for quote in quotes.find(blocks)] == [("榊", "墓の隣"), ("榊", "花が増")]


@pytest.mark.parametrize(
    "source", ["二〇二四年十月の社内勉強会より", "朗読会の記録から抜粋", "（昭和三十年の広報より）"]
)
def test_a_last_line_that_says_from_what_the_words_are_is_none_of_them(source):
    said = quotes.find(set_off("棟梁の高森さんは、こう語っていた。", "木は嘘をつかない。", source))
    assert [(quote.speaker, quote.text) for quote in said] == [("高森", "木は嘘をつかない。")]


def test_a_last_line_that_compares_is_words():
    said = quotes.find(set_off("棟梁の高森さんは、こう語っていた。", "木は嘘をつかない。", "急ぐより、待つより"))
    assert [quote.text for quote in said] == ["木は嘘をつかない。急ぐより、待つより"]


@pytest.mark.parametrize(
    "name",
    ["梨本", "望月", "石本", "溝上", "杉下", "谷中", "寺内", "久間", "山名", "美波", "孝文", "栄次", "葛巻", "国光"],
)
def test_bare_names_that_end_as_things_do_speak(name):
    said = quotes.find(set_off(f"業務部の{name}は、こう説明します。", "待つ時間より、待つ長さが分からないのがつらい。"))
    assert [quote.speaker for quote in said] == [name]
    assert found([f"{name}は「番号札に分数を刷ったんです」と話す。"])[0].speaker == name


@pytest.mark.parametrize(
    "thing", ["高さ", "広さ", "青", "後ろ", "絵本", "年月", "地下", "以上", "解説", "向こう", "廊下", "目次"]
)
def test_things_say_nothing(thing):
    said = found([f"蔵の{thing}は変わらない。「直すなら今だ」と主人の蒲生さんは言う。"])
    assert [quote.speaker for quote in said] == ["蒲生"]
    assert thing not in {quote.speaker for quote in found([f"{thing}はこうだ。「直すなら今だ」。"])}


def test_a_balloon_alone_is_a_quotation_and_a_turn_of_a_talk_is_none():
    balloon = Block(
        kind="aside", text="返す日は木曜が静かですよ。", speaker="司書の沢さん", info="balloon", place=Place(line=2)
    )
    prose = Block(kind="paragraph", text="本は木曜に返す。", place=Place(line=1))
    answer = Block(kind="aside", text="木曜ですね。", speaker="編集部", info="balloon", place=Place(line=3))
    assert [(quote.speaker, quote.text) for quote in quotes.find([prose, balloon, prose])] == [
        ("沢", "返す日は木曜が静かですよ。")
    ]
    assert quotes.find([prose, balloon, answer, prose]) == []


@pytest.mark.parametrize(
    ("paragraph", "speaker"),
    [
        ("土に詳しい東海大の岡崎涼教授（土壌学）の話　土は一年では戻らない。長い目で見るべきだ。", "岡崎涼"),
        ("岡崎涼・東海大教授（土壌学）の談話　土は一年では戻らない。長い目で見るべきだ。", "岡崎涼"),
        ("むかし村にあった橋の話　土は一年では戻らない。", ""),
    ],
)
def test_a_comment_as_newspapers_set_it_is_said_by_whom_it_names(paragraph, speaker):
    said = found([paragraph])
    assert [quote.speaker for quote in said] == ([speaker] if speaker else [])
    assert all(quote.text.startswith("土は") for quote in said)


@pytest.mark.parametrize(
    ("lead", "speaker"),
    [
        ("園長の真柄ちづは、再開を前に次のように話しています。", "真柄ちづ"),
        ("園長の真柄ちづは、門を開けた。", ""),
        ("手順は次のようにします。", ""),
    ],
)
def test_a_box_below_a_sentence_that_announces_words_is_what_was_said(lead, speaker):
    texts = (("paragraph", lead), ("aside", "門は開けておきます。"), ("aside", "雨の日もです。"))
    blocks = [
        Block(kind=k, text=t, info="memo" * (k == "aside"), place=Place(line=n)) for n, (k, t) in enumerate(texts, 1)
    ]
    said = [(quote.speaker, quote.text) for quote in quotes.find(blocks)]
    assert said == ([(speaker, "門は開けておきます。雨の日もです。")] if speaker else [])


def test_a_quotation_over_paragraphs_is_one_and_knows_its_line():
    (quote,) = found(["前置きです。", "店長の浜田さんは「開店は春です。", "「準備は順調です」と話す。"])
    assert (quote.speaker, quote.text, quote.place.line) == ("浜田", "開店は春です。準備は順調です", 2)


@pytest.mark.parametrize(
    ("before", "after", "speaker"),
    [
        (
            "同僚で料理研究家の大野さんに相談したところ、返ってきたのは短い助言でした。",
            "その日から鍋を替えた。",
            "大野",
        ),
        ("坂の途中で、犬を連れた男性に呼び止められた。", "男性はそう言って、水筒を差し出した。", "男性"),
        ("週末は図書館で過ごした。", "窓の外は雨だった。", ""),
        ("作家の江波戸みのるは、随筆『坂の町』で次のように書く。", "", "江波戸みのる"),
        ("随筆『坂の町』（江波戸みのる）から引く。", "", "江波戸みのる"),
        ("管理人の沢木さんからの返信です。", "", "沢木"),
        ("祖母の日記の一節を写しておく。", "", "祖母"),
        ("環境省のガイドラインでは次のように定めている。", "", "環境省"),
        ("町史には、こんな記述がある。", "", ""),
        ("糊を塗りすぎて、妻に叱られた。", "それからは刷毛を替えた。", "妻"),
        ("組合長の根来さんは、配られた紙を裏返し、", "と言って座った。", "根来"),
        ("向かいの席の常連、通称「時計屋さん」は言う。", "", "時計屋"),
        ("手紙の主は榊さんだ。先週届いた葉書には、こうあった。", "", "榊"),
        ("灯を守った元職員の話を、町の広報が書きとめている。", "", "元職員"),
        ("坂井さんは、来場者が書いた一枚の紙に足を止めた。", "坂の上は風が強かった。", ""),
    ],
)
def test_a_set_off_quotation_is_said_by_who_was_asked_or_said_so(before, after, speaker):
    kinds = ("paragraph", "quote", "paragraph")
    texts = (before, "急がなくていい。道は続いている。", after)
    blocks = [Block(kind=k, text=t, place=Place(line=n)) for n, (k, t) in enumerate(zip(kinds, texts, strict=True), 1)]
    assert [quote.speaker for quote in quotes.find(blocks)] == ([speaker] if speaker else [])


def set_off(before, *quoted, source="", after=""):
    blocks = [Block(kind="paragraph", text=before, place=Place(line=1))]
    blocks += [Block(kind="quote", text=t, speaker=source, place=Place(line=n)) for n, t in enumerate(quoted, 2)]
    return [*blocks, *([Block(kind="paragraph", text=after, place=Place(line=9))] if after else [])]


@pytest.mark.parametrize("case", SET_OFF, ids=[case["before"][:24] for case in SET_OFF])
def test_a_set_off_quotation_is_said_by_whom_the_text_around_it_names(case):
    blocks = set_off(case["before"], "急がなくていい。道は続いている。", source=case["source"], after=case["after"])
    assert [quote.speaker for quote in quotes.find(blocks)] == ([case["speaker"]] if case["speaker"] else [])


@pytest.mark.parametrize(
    ("before", "source", "speaker"),
    [
        ("棚を作った大工の父は、これを次のように言っています。", "蓮沼金物店、棚卸しの朝", "大工の父"),
        ("工務店の蓮沼さんは、会議でこう説明しています。", "第3回会議 議事録", "蓮沼"),
        ("坂の町の話をもうひとつ。", "江波戸みのる『坂の町』", "江波戸みのる"),
        ("編集長の弓削さんは巻頭にこう引く。", "江波戸みのる『坂の町』", "江波戸みのる"),
        ("社長の弓削は、発表会で次のように述べました。", "代表取締役社長 弓削 冬馬（発表会）", "弓削"),
        ("坂井さんは、来場者が書いた一枚の紙に足を止めた。", "感想ノートから", ""),
        ("条例の前文には、次の一節がある。", "石積町坂道条例 前文", ""),
    ],
)
def test_the_sentence_before_outranks_a_source_that_is_no_person(before, source, speaker):
    found = quotes.find(set_off(before, "急がなくていい。道は続いている。", source=source))
    assert [quote.speaker for quote in found] == ([speaker] if speaker else [])


@pytest.mark.parametrize(("lead", "speaker"), [("元の技師に連絡を取った。", "元の技師"), ("会は夜まで続いた。", "")])
def test_a_sentence_that_announces_words_of_its_own_says_nothing_of_those_before_it(lead, speaker):
    blocks = set_off(lead, "急がなくていい。", after="司会の真栄田さんは、こう締めくくった。「また来年、坂の上で」。")
    said = {quote.text: quote.speaker for quote in quotes.find(blocks)}
    assert (said.pop("また来年、坂の上で"), said) == ("真栄田", {"急がなくていい。": speaker} if speaker else {})


def test_a_sentence_that_announces_the_next_quotation_names_nobody_for_the_one_before():
    after = "編集長の江口さんは、欄外にこう書いた。「次は頼む」"
    found = quotes.find(set_off("引退した前の設計者に連絡を取った。", "急がなくていい。", after=after))
    assert [quote.speaker for quote in found] == ["前の設計者", "江口"]


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("隣町・鵜沼ハル", "鵜沼ハル"),
        ("第七十二回卒業生一同", "第七十二回卒業生一同"),
        ("店主の真砂さん", "真砂"),
        ("雪の朝を歩く", ""),
        ("祖父の橋、父の川", ""),
    ],
)
def test_a_last_line_that_is_only_a_name_signs_the_words_above_it(line, speaker):
    said = quotes.find(set_off("寄せ書きが一枚だけ残っている。", "ありがとう、また来る。", line))
    assert [(quote.speaker, quote.text) for quote in said] == ([(speaker, "ありがとう、また来る。")] if speaker else [])


@pytest.mark.parametrize("source", ["『坂の町』（石積書房、2019年）", "（第3回会議議事録より）", "—— 会議の席で"])
def test_a_last_line_that_is_a_source_is_no_part_of_the_quotation(source):
    blocks = set_off("工務店の蓮沼さんは、次のように書いています。", "急がなくていい。", source)
    (quote,) = quotes.find(blocks)
    assert (quote.speaker, quote.text) == ("蓮沼", "急がなくていい。")
    assert [block.speaker for block in setoff.spoken_by(blocks, [quote])] == ["", "工務店の蓮沼さん", ""]


def test_blocks_that_are_a_quotation_have_the_speaker_as_the_text_calls_them_in_full():
    texts = (
        "春に役場を辞めた蓮沼ふゆさん（61）を訪ねた。",
        "蓮沼さんはこう話す。",
        "「道は続いている」",
        "「帰ろう」は題名だ。",
    )
    blocks = [Block(kind="paragraph", text=t, place=Place(line=n)) for n, t in enumerate(texts, 1)]
    said = setoff.spoken_by(blocks, quotes.find(blocks))
    assert [block.speaker for block in said] == ["", "", "蓮沼ふゆさん", ""]
    assert [setoff.is_found(block) for block in said] == [False, False, True, False]


@pytest.mark.parametrize(
    ("heading", "speaker"),
    [("土木史に詳しい蓮沼ふゆ・石積大教授の話", "蓮沼ふゆ・石積大教授"), ("橋の話", ""), ("むかしの話", "")],
)
def test_a_paragraph_under_a_heading_that_names_who_comments_is_theirs(heading, speaker):
    kinds = (("heading", heading), ("paragraph", "橋は町の記憶である。"), ("paragraph", "市は調査を始めた。"))
    blocks = [Block(kind=k, text=t, place=Place(line=n)) for n, (k, t) in enumerate(kinds, 1)]
    assert [block.speaker for block in setoff.spoken_by(blocks, quotes.find(blocks))] == ["", speaker, ""]


def test_a_source_is_kept_beside_the_speaker_that_the_text_names():
    blocks = set_off("工務店の蓮沼さんは、会議でこう説明しています。", "道は続いている。", source="第3回会議 議事録")
    block = setoff.spoken_by(blocks, quotes.find(blocks))[1]
    assert (block.speaker, setoff.source_of(block)) == ("工務店の蓮沼さん", "第3回会議 議事録")


def test_a_part_of_the_body_never_speaks():
    assert found(["目が合うと、「あなたも走るの」と言って笑った。"]) == []


@pytest.mark.parametrize(
    ("turns", "speakers"),
    [
        (
            ["「火は」と叔母が聞いた。", "「落としました」と清吉が答えた。", "「なら、戸を閉めておくれ」"],
            ["叔母", "清吉", "叔母"],
        ),
        (
            ["「火は」と叔母が聞いた。", "「落としました」と清吉が答えた。", "「戸も閉めました」。清吉はそう続けた。"],
            ["叔母", "清吉", "清吉"],
        ),
        (["店主の清吉さんは「火は落とした」と話す。", "「戸も閉めたよ」"], ["清吉", "清吉"]),
    ],
)
def test_below_an_answer_speaks_the_other_of_two_who_talk(turns, speakers):
    assert [quote.speaker for quote in found(turns)] == speakers
