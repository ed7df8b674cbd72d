"""The sheet an author edits: edits outlive a changed article, and nothing of the author's is ever overwritten."""

import pytest

from yomicast import script
from yomicast.model import Article, Block, Place
from yomicast.settings import ScriptSettings

SETTINGS = ScriptSettings(intro="", outro="")
PARAGRAPHS = (
    "港の朝は早い。五時には市が立つ。",
    "魚を運ぶ声が響き、氷の音が重なる。",
    "昼になると、通りは静かになる。猫だけが歩いている。",
    "夕方、船がもう一度出ていく。",
)


def article(*paragraphs):
    blocks = [Block(kind="title", text="港の一日", place=Place(line=1))]
    blocks += [Block(kind="paragraph", text=text, place=Place(line=n * 2)) for n, text in enumerate(paragraphs, 1)]
    return Article(title="港の一日", blocks=tuple(blocks))


def write(*paragraphs):
    return script.write(article(*paragraphs), SETTINGS)


def revise(edited, *paragraphs):
    return script.revised(write(*paragraphs), edited, SETTINGS)


def body(made):
    return [line.shown for line in made.lines if line.role == "body"]


def first_sheet(*paragraphs):
    return script.revised(write(*paragraphs), "", SETTINGS)[1]


def test_a_sheet_that_nobody_touched_changes_nothing():
    sheet = first_sheet(*PARAGRAPHS)
    made, again = revise(sheet, *PARAGRAPHS)
    assert made == write(*PARAGRAPHS)
    assert again == sheet


def test_an_edit_is_said_and_survives_a_change_elsewhere():
    sheet = first_sheet(*PARAGRAPHS).replace("五時には市が立つ。", "四時半には市が立つ。")
    made, sheet = revise(sheet, *PARAGRAPHS)
    assert body(made)[:2] == ["港の朝は早い。", "四時半には市が立つ。"]
    changed = (*PARAGRAPHS[:3], "夕方、船はもう出ない。")
    made, again = revise(sheet, *changed)
    assert body(made)[1] == "四時半には市が立つ。"
    assert body(made)[-1] == "夕方、船はもう出ない。"
    assert not made.notes
    assert revise(again, *changed) == (made, again)


def test_a_conflict_keeps_the_authors_words_and_shows_the_articles():
    sheet = first_sheet(*PARAGRAPHS).replace("氷の音が重なる", "氷を砕く音が重なる")
    changed = (PARAGRAPHS[0], "魚を運ぶ人の声が響き、氷の音が重なる。", *PARAGRAPHS[2:])
    made, again = revise(sheet, *changed)
    assert "魚を運ぶ声が響き、氷を砕く音が重なる。" in body(made)
    assert "魚を運ぶ人の声が響き、氷の音が重なる。" not in body(made)
    assert [note.slug for note in made.notes] == ["script-conflict"]
    assert "#! 記事ではこう変わりました: 魚を運ぶ人の声が響き、氷の音が重なる。" in again
    solved = "\n".join(row for row in again.split("\n") if not row.startswith("#!"))
    assert not revise(solved, *changed)[0].notes


def test_a_paragraph_the_author_took_out_stays_out_and_is_accounted_for():
    rows = first_sheet(*PARAGRAPHS).split("\n\n")
    sheet = "\n\n".join(part for part in rows if "猫だけ" not in part)
    made, again = revise(sheet, *PARAGRAPHS, "夜は波の音だけになる。")
    assert "昼になると、通りは静かになる。" not in body(made)
    assert body(made)[-1] == "夜は波の音だけになる。"
    assert {item.text for item in made.dropped if item.reason == "author"} == {
        "昼になると、通りは静かになる。",
        "猫だけが歩いている。",
    }
    assert "猫だけ" not in again
    assert "猫だけ" not in revise(again, *PARAGRAPHS)[1]


def test_a_paragraph_the_author_put_in_stays_where_it_was():
    sheet = (
        first_sheet(*PARAGRAPHS)
        .replace("\n@ ", "\nこれは放送だけの一言です。\n\n@ ", 3)
        .replace("これは放送だけの一言です。\n\n", "", 2)
    )
    made, again = revise(sheet, "まったく新しい書き出し。", *PARAGRAPHS[1:])
    assert "これは放送だけの一言です。" in body(made)
    assert body(revise(again, *PARAGRAPHS)[0]).count("これは放送だけの一言です。") == 1


def test_an_edited_paragraph_that_the_article_lost_stays_with_a_note():
    sheet = first_sheet(*PARAGRAPHS).replace("猫だけが歩いている。", "三毛猫だけが歩いている。")
    made, again = revise(sheet, PARAGRAPHS[0], PARAGRAPHS[1], PARAGRAPHS[3])
    assert "三毛猫だけが歩いている。" in body(made)
    assert [note.slug for note in made.notes] == ["script-orphan"]
    assert "三毛猫だけが歩いている。" in body(revise(again, PARAGRAPHS[0], PARAGRAPHS[1])[0])


def test_marks_work_in_a_sheet():
    sheet = (
        first_sheet(*PARAGRAPHS)
        .replace("港の朝は早い。", "{港|みなと}の朝は早い。[pause: 2s]")
        .replace("猫だけが歩いている。", "[takumi] 猫だけが歩いている。")
        .replace(
            "夕方、船がもう一度出ていく。",
            "夕方、船がもう一度出ていく。\n→ ゆうがた、{船|ふね}が、もう一度、出ていく。",
        )
    )
    made, _ = revise(sheet, *PARAGRAPHS)
    lines = {line.shown: line for line in made.lines}
    dawn = lines["港の朝は早い。"]
    assert dawn.pause == 2.0
    assert [(dawn.spoken[r.start : r.end], r.reading) for r in dawn.rubies] == [("港", "みなと")]
    assert lines["猫だけが歩いている。"].voice == "takumi"
    dusk = lines["夕方、船がもう一度出ていく。"]
    assert dusk.spoken == "ゆうがた、船が、もう一度、出ていく。"
    assert [(dusk.spoken[r.start : r.end], r.reading) for r in dusk.rubies] == [("船", "ふね")]


def test_a_changed_reading_is_seen_and_changed():
    made = write("米国通商代表部(USTR)は会見した。", *PARAGRAPHS[1:])
    sheet = script.revised(made, "", SETTINGS)[1]
    assert "米国通商代表部(USTR)は会見した。\n→ 米国通商代表部は会見した。" in sheet
    edited = sheet.replace("→ 米国通商代表部は", "→ アメリカの通商代表部は")
    again, _ = script.revised(made, edited, SETTINGS)
    line = next(line for line in again.lines if "USTR" in line.shown)
    assert (line.shown, line.spoken) == ("米国通商代表部(USTR)は会見した。", "アメリカの通商代表部は会見した。")


def test_rows_that_look_like_ours_come_through():
    text = "#音声 という印で探せます。→の先を見てください。"
    sheet = first_sheet(text, *PARAGRAPHS)
    assert body(revise(sheet, text, *PARAGRAPHS)[0])[0] == "#音声 という印で探せます。"
    edited = sheet.replace("探せます。", "探せるのです。")
    assert body(revise(edited, text, *PARAGRAPHS)[0])[0] == "#音声 という印で探せるのです。"


def test_pauses_of_untouched_lines_stay_when_another_is_edited():
    made = write(*PARAGRAPHS[:2], "一息つく。[pause: 5s]次へ進む。")
    sheet = script.revised(made, "", SETTINGS)[1].replace("五時には", "六時には")
    again, _ = script.revised(made, sheet, SETTINGS)
    assert next(line.pause for line in again.lines if line.shown == "一息つく。") == 5.0


@pytest.mark.parametrize(
    "wreck", ["@@@@\n\n@ zz\n→\n→ あ", "\ufeff# 何もない", "@ 00000000 本文\n", "→ 矢印だけ\n\n@ 12345678\n\\"]
)
def test_a_wrecked_sheet_is_no_crash(wreck):
    made, again = revise(wreck, *PARAGRAPHS)
    assert made.lines
    assert again


def test_windows_line_ends_are_no_edit():
    sheet = first_sheet(*PARAGRAPHS).replace("\n", "\r\n")
    assert revise(sheet, *PARAGRAPHS)[0] == write(*PARAGRAPHS)
