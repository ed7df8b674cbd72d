"""From blocks to lines: roles, levels, rests, narration by kind, glosses, marks, templates."""

import pytest

from yomicast import script
from yomicast.errors import ArticleError, ConfigError
from yomicast.model import Article, Block, Dropped, Pauses, Place, Ruby, Word
from yomicast.script import labels, shape
from yomicast.settings import ScriptSettings

BARE = {"intro": "", "outro": ""}


def blocks(*specs):
    """(kind, text) or (kind, text, fields) to blocks on lines 1, 2, 3 …"""
    out = []
    for n, (kind, text, *more) in enumerate(specs, 1):
        out.append(Block(kind=kind, text=text, place=Place(file="a.md", line=n), **(more[0] if more else {})))
    return tuple(out)


def write(*specs, title="見本", **settings):
    given = Article(title=title, blocks=blocks(*specs))
    return script.write(given, ScriptSettings(**{**BARE, **settings}))


def said(made):
    return [line.spoken for line in made.lines if line.role != "title"]


def line_of(made, text):
    return next(line for line in made.lines if text in line.shown)


# --- levels and rests ---------------------------------------------------------------------------------------------


def test_the_highest_heading_is_a_chapter_and_said_as_it_is_titled():
    made = write(
        ("heading", "はじめに🎉", {"level": 3}),
        ("paragraph", "文。"),
        ("heading", "細目", {"level": 5}),
        ("paragraph", "文。"),
    )
    assert [(line.shown, line.level) for line in made.lines if line.role == "heading"] == [
        ("はじめに", 2),
        ("細目", 3),
    ]
    assert all(line.spoken == line.shown for line in made.lines if line.level)
    assert [(d.text, d.reason) for d in made.dropped] == [("🎉", "emoji")]


def test_a_first_heading_that_repeats_the_title_is_the_title():
    made = write(("heading", "見本", {"level": 1}), ("heading", "章", {"level": 2}), ("paragraph", "文。"))
    assert [(line.shown, line.level) for line in made.lines[:2]] == [("見本", 1), ("章", 2)]


def test_rests_are_one_two_three():
    pauses = Pauses()
    made = script.write(
        Article(
            title="題",
            blocks=blocks(
                ("paragraph", "一つ。二つ。"), ("paragraph", "三つ。"), ("list_item", "甲", {"info": "1"}), ("list_item", "乙", {"info": "2"}),
                ("break", ""), ("paragraph", "四つ。"), ("heading", "章", {"level": 2}), ("paragraph", "五つ。"),
            ),
        ),
        ScriptSettings(**BARE),
    )  # fmt: skip
    rest = {line.shown: line.pause for line in made.lines}
    assert rest["題"] == rest["章"] == rest["四つ。"] == rest["乙"] == pauses.heading
    assert rest["一つ。"] == rest["甲"] == pauses.sentence
    assert rest["二つ。"] == rest["三つ。"] == pauses.paragraph
    assert rest["1、"] == rest["2、"] == pauses.comma
    assert pauses.comma * 2 == pytest.approx(pauses.sentence)
    assert pauses.comma * 3 == pytest.approx(pauses.paragraph)


def test_two_headings_in_a_row_stay_but_an_emptied_section_goes():
    made = write(("heading", "上", {"level": 2}), ("heading", "下", {"level": 2}), ("paragraph", "文。"))
    assert [line.shown for line in made.lines if line.level == 2] == ["上", "下"]
    given = Article(
        title="題",
        blocks=blocks(("paragraph", "文。"), ("heading", "参考", {"level": 2})),
        dropped=(Dropped(text="{{< x >}}", reason="shortcode", place=Place(line=3)),),
    )
    made = script.write(given, ScriptSettings(**BARE))
    assert "参考" not in [line.shown for line in made.lines]
    assert ("参考", "empty-section") in [(d.text, d.reason) for d in made.dropped]


# --- narration by kind --------------------------------------------------------------------------------------------

SMALL = (("駅", "乗客", "本数"), ("東", "300人", "12"), ("西", "", "8"))
LARGE = tuple((f"行{n}", "1", "2", "3", "4") for n in range(12))


def test_a_small_table_is_read_by_rows_with_its_heads():
    made = write(("paragraph", "文。"), ("table", "駅の一覧", {"rows": SMALL}))
    assert said(made)[1:] == [
        "ここに表があります。駅の一覧。2行です。項目は、駅、乗客、本数。",
        "東。乗客、300人。本数、12。",
        "西。乗客、空欄。本数、8。",
        "表、終わり。",
    ]
    assert not made.omissions


def test_marks_and_markup_in_cells_are_not_said():
    rows = (("名", "先"), ("{南風|はえ}™", "https://example.jp/x"))
    (row,) = [
        line for line in write(("paragraph", "文。"), ("table", "", {"rows": rows})).lines if line.reason == "table-row"
    ]
    assert row.spoken == "南風。先、example.jp。"
    assert [(row.spoken[r.start : r.end], r.reading) for r in row.rubies] == [("南風", "はえ")]


def test_a_large_table_is_announced_and_declared():
    made = write(("paragraph", "文。"), ("table", "", {"rows": LARGE}))
    assert said(made)[1:] == ["ここに表があります。内容は番組ノートにあります。"]
    assert [message.ja for message in made.omissions] == ["読み上げでは、表 1 点を省きました。"]
    assert write(("paragraph", "文。"), ("table", "", {"rows": LARGE}), mode="strict").omissions == ()


@pytest.mark.parametrize(
    ("how", "lines"),
    [
        ("announce", ["ここにコードがあります。内容は番組ノートにあります。"]),
        ("skip", []),
        ("read", ["ここからコードです。", "print(1)", "コード、終わり。"]),
    ],
)
def test_code(how, lines):
    assert said(write(("paragraph", "文。"), ("code", "print(1)"), code=how))[1:] == lines


def test_formulas():
    made = write(
        ("paragraph", "面積は $S = \\frac{ab}{2}$ です。$x^2$ も使う。値段は$5から$8です。"),
        ("math", "E = mc^2"),
        ("math", "\\begin{pmatrix}a & b\\end{pmatrix}"),
    )
    assert said(made) == [
        "面積は Sイコール2分のab です。",
        "xの2乗 も使う。",
        "値段は$5から$8です。",
        "数式。Eイコールmcの2乗。",
        "ここに数式があります。",
    ]


def test_footnotes_go_to_the_notes_or_in_line():
    notes = ("paragraph", "文[^1]。"), ("footnote", "出典はこちら。")
    made = write(*notes)
    assert said(made) == ["文。"]
    assert [d.reason for d in made.dropped] == ["footnote-in-notes"]
    assert said(write(*notes, footnotes="inline")) == ["文。", "注。", "出典はこちら。"]


def test_block_quotations_are_announced_before_and_after():
    made = write(
        ("quote", "雨は歌う。", {"speaker": "ある詩人"}),
        ("quote", "風も歌う。", {"speaker": "ある詩人"}),
        ("paragraph", "文。"),
    )
    assert said(made) == ["ある詩人の引用です。", "雨は歌う。", "風も歌う。", "引用、終わり。", "文。"]
    assert [(quote.speaker, quote.text) for quote in made.quotes] == [("ある詩人", "雨は歌う。風も歌う。")]


def test_figures_with_japanese_words_are_told_others_once():
    made = write(("figure", "港の夕暮れ"), ("figure", "IMG_2041.jpg"), ("paragraph", "文。"), ("figure", ""))
    assert said(made) == ["画像があります。港の夕暮れ。", "ここに画像があります。", "文。"]
    assert [(d.text, d.reason) for d in made.dropped] == [("IMG_2041.jpg", "image-alt")]


def test_an_interview_names_its_speakers_and_keeps_them_over_lists():
    made = write(
        ("paragraph", "木下 花 (KH): 始めましょう。"), ("paragraph", "森 太一 (MT): はい。二つあります。"), ("list_item", "絵"), ("list_item", "音"),
        ("paragraph", "KH: どちらが先ですか？"), ("paragraph", "MT: 絵です。"),
    )  # fmt: skip
    assert [(line.speaker, line.shown) for line in made.lines if line.role in ("body", "list_item")] == [
        ("木下 花", "始めましょう。"),
        ("森 太一", "はい。"),
        ("森 太一", "二つあります。"),
        ("森 太一", "絵"),
        ("森 太一", "音"),
        ("木下 花", "どちらが先ですか？"),
        ("森 太一", "絵です。"),
    ]
    assert [line.shown for line in made.lines if line.reason == "speaker-label"] == [
        "木下 花。",
        "森 太一。",
        "木下 花。",
        "森 太一。",
    ]
    assert [d.text for d in made.dropped] == ["木下 花 (KH):", "森 太一 (MT):", "KH:", "MT:"]


def test_form_fields_are_no_interview():
    rows = [
        ("paragraph", text)
        for text in ("日時: 五月一日", "会場: 公民館", "日時: 五月二日", "会場: 図書館", "料金: 無料")
    ]
    assert {line.speaker for line in write(*rows).lines} == {""}


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "spoken", "strict"),
    [
        ("世界銀行(WB)は動いた。", "世界銀行は動いた。", "世界銀行、WB、は動いた。"),
        (
            "大規模言語モデル(large language model)だ。",
            "大規模言語モデルだ。",
            "大規模言語モデル、large language model、だ。",
        ),
        ("田中さん(35)は笑う。", "田中さん、35歳、は笑う。", "田中さん、35歳、は笑う。"),
        ("失敗した(笑)。", "失敗した。", "失敗した、笑。"),
        ("絵を書く(描く)。", "絵を書く。", "絵を書く、描く。"),
        ("費用(前年の実績)を示す。", "費用、前年の実績、を示す。", "費用、前年の実績、を示す。"),
        (
            "調べた(対象は全国の成人で、二月から三月にかけて電話で行われたものである)。",
            "調べた。対象は全国の成人で、二月から三月にかけて電話で行われたものである。",
            "調べた。対象は全国の成人で、二月から三月にかけて電話で行われたものである。",
        ),
        ("春だ，夏だ．", "春だ、夏だ。", "春だ、夏だ。"),
        (
            "便は１２，３４５。１，２と数える。",
            "便は１２，３４５。|１、２と数える。",
            "便は１２，３４５。|１、２と数える。",
        ),
        (
            "港(北側)(工事中)を避け、市場(南側)、駅へ。",
            "港、北側、工事中、を避け、市場、南側、駅へ。",
            "港、北側、工事中、を避け、市場、南側、駅へ。",
        ),
        ("setup()を呼ぶ。", "setupを呼ぶ。", "setupを呼ぶ。"),
        ("終えた。（声 山田花）", "終えた。|声 山田花", "終えた。|声 山田花"),
        ("Foo™とBar®を使う:sparkles:。", "FooとBarを使う。", "FooとBarを使う。"),
        (
            "詳細は https://example.jp/a/b?c=d をどうぞ。",
            "詳細は example.jp をどうぞ。",
            "詳細は example.jp をどうぞ。",
        ),
    ],
)
def test_brackets_and_signs(shown, spoken, strict):
    for mode, want in (("podcast", spoken), ("strict", strict)):
        made = write(("paragraph", shown), mode=mode)
        assert said(made) == want.split("|")
        assert "".join(line.shown for line in made.lines[1:]) == shown


def test_an_acronym_used_later_is_said_once():
    made = write(("paragraph", "世界銀行(WB)は動いた。世界銀行(WB)は語った。WBは黙った。"))
    assert said(made) == ["世界銀行、WB、は動いた。", "世界銀行は語った。", "WBは黙った。"]


def test_a_reading_in_brackets_becomes_the_words_reading():
    (line,) = [line for line in write(("paragraph", "講師は神庭謙(かんば・けん)です。")).lines if line.role == "body"]
    assert line.spoken == "講師は神庭謙です。"
    assert [(line.spoken[r.start : r.end], r.reading) for r in line.rubies] == [("神庭謙", "かんばけん")]


@pytest.mark.parametrize(
    ("text", "rests"),
    [
        ("ブラジルカナダなどを回る。", ["ブラジル、カナダなど"]),
        ("国際通貨基金(IMF)世界銀行といった機関だ。", ["基金、世界銀行といった"]),
        ("G8G20といった会議だ。", ["G8、G20といった"]),
        ("外務省防衛省の合意だ。", ["外務省、防衛省"]),
        ("蓄電池EVといった分野だ。", ["蓄電池、EVといった"]),
        ("生成AIといった技術だ。インドネシアへ行く。東京(本社)工場は動く。オーストラリアに着く。", []),
    ],
)
def test_glued_lists_get_their_rests(text, rests):
    spoken = "".join(said(write(("paragraph", text))))
    assert all(rest in spoken for rest in rests)
    assert spoken.count("、") == max(len(rests), 2 * text.count("本社"))


def test_a_seam_that_is_only_likely_is_a_note():
    made = write(("paragraph", "市場の歪み格差の拡大を正す。"))
    assert [(note.slug, note.place.line) for note in made.notes] == [("glued-list", 1)]


# --- what the author typed ----------------------------------------------------------------------------------------


def test_reading_marks_pauses_and_voices_leave_the_shown_text_alone():
    made = write(
        (
            "paragraph",
            "[takumi] {南風|はえ}が吹く。[pause: 500ms]｜凪《なぎ》を《《待つ》》。<ruby>帆<rt>ほ</rt></ruby>を張る。",
        )
    )
    first, second, third = made.lines[1:]
    assert [line.shown for line in (first, second, third)] == ["南風が吹く。", "凪を待つ。", "帆を張る。"]
    assert (first.voice, second.voice, first.pause) == ("takumi", "takumi", 0.5)
    assert made.readings == (("南風", "はえ"), ("凪", "なぎ"), ("帆", "ほ"))
    assert [(line.spoken[r.start : r.end], r.reading) for line in (first, second, third) for r in line.rubies] == list(
        made.readings
    )


def test_a_word_in_brackets_is_no_voice_unless_known():
    given = Article(title="題", blocks=blocks(("paragraph", "[追記] 直しました。")))
    assert script.write(given, ScriptSettings(**BARE)).lines[1].voice == ""
    line = script.write(given, ScriptSettings(**BARE), voices={"追記"}).lines[1]
    assert (line.voice, line.shown) == ("追記", "直しました。")


def test_rubies_of_the_reader_move_with_the_words():
    made = write(("paragraph", "国際連合(UN)の鶴嘴です。", {"rubies": (Ruby(start=9, end=11, reading="つるはし"),)}))
    (line,) = made.lines[1:]
    assert [(line.spoken[r.start : r.end], r.reading) for r in line.rubies] == [("鶴嘴", "つるはし")]


def test_say_changes_what_is_spoken_only():
    made = write(("paragraph", "環太平洋協定(TPP)に入る。"), say={"環太平洋協定(TPP)": "TPP、環太平洋協定"})
    assert (made.lines[1].shown, made.lines[1].spoken) == ("環太平洋協定(TPP)に入る。", "TPP、環太平洋協定に入る。")


def test_cut_takes_text_out_and_writes_it_down():
    made = write(("paragraph", "【PR】文です。"), ("paragraph", "続きはこちら"), cut=("^【PR】", "^続きはこちら$"))
    assert said(made) == ["文です。"]
    assert [(d.text, d.reason) for d in made.dropped] == [("【PR】", "cut"), ("続きはこちら", "cut")]


def test_a_broken_cut_is_named():
    with pytest.raises(ConfigError) as caught:
        write(("paragraph", "文。"), cut=("文", "(文"))
    assert str(caught.value.where) == "cut[1]"


def test_frame():
    given = Article(title="港の「朝」", blocks=blocks(("paragraph", "文。")))
    made = script.write(given, ScriptSettings(), show="海の番組", author="浜野", date="2026-03-05T07:00")
    assert [(line.role, line.spoken) for line in made.lines] == [
        ("intro", "海の番組。"),
        ("intro", "今回の記事をお届けします。"),
        ("title", "港の「朝」"),
        ("intro", "文、浜野。"),
        ("intro", "2026年3月5日の記事です。"),
        ("body", "文。"),
        ("outro", "以上で、『港の「朝」』を終わります。"),
    ]
    noted = Article(title="港", blocks=blocks(("paragraph", "文。"), ("code", "x"), ("footnote", "注。")))
    assert script.write(noted, ScriptSettings()).lines[-2].spoken == "プログラムのコード、注は番組ノートにあります。"
    made = script.write(given, ScriptSettings(intro="{title}、{date}。", outro=""), date="2026/3/5")
    assert [line.spoken for line in made.lines] == ["港の「朝」、2026年3月5日。", "港の「朝」", "文。"]


@pytest.mark.parametrize("template", ["{titel}", "{title", "{0}", "{title.x}"])
def test_a_wrong_template_is_named(template):
    with pytest.raises(ConfigError) as caught:
        write(("paragraph", "文。"), intro=template)
    assert str(caught.value.where) == "script.intro"


# --- accounts -----------------------------------------------------------------------------------------------------


def test_too_little_accounted_for_stops_with_what_looked_wrong():
    given = Article(
        title="題",
        blocks=blocks(("paragraph", "文。")),
        visible=100,
        dropped=(Dropped(text="あ" * 90, reason="unknown", place=Place()),),
    )
    with pytest.raises(ArticleError) as caught:
        script.write(given, ScriptSettings(coverage=0.5, **BARE))
    assert "unknown 90" in caught.value.message.en
    assert caught.value.hint is not None


def test_nothing_to_say_is_an_error():
    with pytest.raises(ArticleError):
        write(("heading", "章", {"level": 2}), ("figure", ""))


def test_explain_accounts_by_line():
    made = write(("paragraph", "世界銀行(WB)は動いた。"), ("code", "x = 1"))
    assert [(entry.line, entry.fate, entry.reason) for entry in script.explain(made)] == [
        (None, "spoken", "title"),
        (1, "spoken", "body"),
        (1, "silent", "gloss-acronym"),
        (2, "added", "code"),
        (2, "dropped", "code-in-notes"),
    ]


def test_json_shape():
    made = write(
        ("paragraph", "G7G20といった™会議。", {"speaker": "北野"}), ("table", "", {"rows": SMALL}), ("list_item", "甲")
    )
    data = script.as_json(made)
    assert data["title"] == "見本"
    assert [block["kind"] for block in data["blocks"][:1]] == ["h1"]
    assert {"kind": "p", "sentences": ["G7、G20といった会議。"], "speaker": "北野", "line": 1} in data["blocks"]
    assert [block["role"] for block in data["blocks"] if "role" in block] == [*["announce"] * 6, "list_item"]


def test_announced_headings_keep_their_words_in_step():
    made = write(("heading", "章", {"level": 2}), ("paragraph", "文。"))
    heading = next(line for line in made.lines if line.level == 2)
    read = type(heading)(
        **{f: getattr(heading, f) for f in heading.__slots__}
        | {"words": (Word(surface="章", start=0, end=1, pron="ショー"),)}
    )
    (told,) = script.announced_headings([read])
    assert told.spoken == "見出し、章"
    assert told.shown == "章"
    assert [(told.spoken[w.start : w.end], w.kana) for w in told.words] == [
        ("見出し", "ミダシ"),
        ("、", ""),
        ("章", "ショー"),
    ]


# --- speakers with a voice of their own ------------------------------------------------------------------------------

TALK = (
    ("paragraph", "本文です。"),
    ("paragraph", "田中：こんにちは。お元気ですか。"),
    ("paragraph", "場所：図書館の二階です。"),
    ("list_item", "本を持ってくること。"),
    ("paragraph", "以上です。"),
)


def test_a_label_counts_once_where_the_author_gave_its_name_a_voice():
    """Without the cast one 「田中：」 may be anything; with it, the line must not be read by the narrator."""
    given = Article(title="見本", blocks=blocks(*TALK))
    made = script.write(given, ScriptSettings(**BARE), people=["田中"])
    assert [line.shown for line in made.lines if line.speaker == "田中" and not line.reason] == [
        "こんにちは。",
        "お元気ですか。",
    ]
    assert line_of(made, "場所：図書館").speaker == ""
    assert line_of(made, "以上").speaker == ""
    assert not any(line.speaker for line in write(*TALK).lines)


def test_a_person_with_one_turn_in_a_marked_interview_is_known_by_the_cast():
    turns = [("paragraph", text, {"speaker": who}) for who, text in (("山田", "一つ目。"), ("鈴木", "二つ目。"))]
    given = Article(title="見本", blocks=blocks(*turns, ("paragraph", "司会：時間です。", {"speaker": "鈴木"})))
    made = script.write(given, ScriptSettings(**BARE), people=["司会", "山田"])
    assert line_of(made, "時間です").speaker == "司会"
    assert line_of(made, "一つ目").speaker == "山田"


def test_a_speaker_answers_to_the_name_in_the_cast():
    place = Place(line=1)
    blocks = (
        Block(kind="paragraph", text="氷は四トン使います。", place=place, speaker="浜田花"),
        Block(kind="paragraph", text="塩も使います。", place=place, speaker="森下"),
    )
    article = Article(title="港の朝", blocks=blocks)
    for cast, speakers in (
        (("浜田",), ["浜田", "森下"]),
        ((), ["浜田花", "森下"]),
        (("浜田花", "浜田"), ["浜田花", "森下"]),
    ):
        lines = script.write(article, ScriptSettings(), people=cast).lines
        assert [line.speaker for line in lines if line.role == "body"] == speakers


SAYS = ("paragraph", "開場を待つ列で、店長の浜田花さんはこう話す。"), ("paragraph", "「氷は四トン使います」")


def test_a_paragraph_that_is_a_quotation_has_a_speaker_and_needs_no_label():
    made = write(*SAYS)
    assert said(made) == ["開場を待つ列で、店長の浜田花さんはこう話す。", "「氷は四トン使います」"]
    assert [line.speaker for line in made.lines][-2:] == ["", "店長の浜田花さん"]
    assert labels.by_cast(quoted_by("店長の浜田花さん"), ["浜田"])[0].speaker == "浜田"


def quoted_by(speaker):
    return [Block(kind="quote", text="氷は四トン使います。", place=Place(line=1), speaker=speaker)]


def test_a_quotation_in_a_long_opening_leaves_it_a_chapter_of_its_own():
    opening = [("paragraph", "港の朝は早く、氷を積む車が列をなして坂を下りてくる。" * 3) for _ in range(4)]
    made = write(*opening, *SAYS, ("heading", "氷の町", {"level": 2}), ("paragraph", "文。"))
    assert len(shape.chapters(made)) == 2


@pytest.mark.parametrize(("told", "named", "chapters"), [(5, 0, 2), (4, 0, 1), (4, 9, 1), (5, 2, 2)])
def test_an_opening_of_five_paragraphs_is_a_chapter_and_names_or_dates_are_no_paragraphs(told, named, chapters):
    opening = [("paragraph", "港の朝は早く、氷を積む車が列をなして、坂の上から下りてくるのだった。")] * told
    signed = [("paragraph", "令和六年十一月三日　港の会　岸田　潔")] * named
    made = write(*signed, *opening, ("heading", "氷の町", {"level": 2}), ("paragraph", "文。"))
    assert len(shape.chapters(made)) == chapters
    short = write(*[("paragraph", "朝だ。")] * 9, ("heading", "氷の町", {"level": 2}), ("paragraph", "文。"))
    assert len(shape.chapters(short)) == 1


@pytest.mark.parametrize(
    ("called", "listed"),
    [
        ("中学生の娘", "娘"),
        ("弊社デザイナーの一ノ瀬", "一ノ瀬"),
        ("江波戸みのる", "江波戸みのる"),
        ("滝口", "滝口"),
        ("市の担当者", "担当者"),
        ("世界の王", "世界の王"),
    ],
)
def test_the_list_of_quotations_names_speakers_briefly(called, listed):
    made = script.shape._listed(called)
    assert made == listed
