"""An edited article tells its listeners what changed: once, dated, in the record for ever, and only for other words."""

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yomicast import export, pipeline, script, shownotes
from yomicast.files import snapshot

ARTICLE = """港の朝

港のそばの市場は、朝の五時に始まります。

去年は三つの店が新しく開いています。

工事のあいだも、朝の市は続くそうです。
"""
FIRST, SECOND, THIRD = (datetime(2026, 11, day, 3, tzinfo=UTC) for day in (20, 26, 28))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mei.yaml").write_text("engine: marker\n", encoding="utf-8")
    (tmp_path / "port.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def render(now, target="port.txt"):
    return pipeline.render(pipeline.open_job(target, out=Path("out")), now=now).episode


def edit(desk, old, new, name="port.txt"):
    text = (desk / name).read_text(encoding="utf-8")
    assert old in text
    (desk / name).write_text(text.replace(old, new), encoding="utf-8")


NOTE = (
    "2026-11-26",
    "「去年は三つの店が新しく開いています。」を「去年は四つの店が新しく開いています。」に改めました。",
)


def test_an_edit_of_a_published_episode_is_told_with_its_date(desk):
    assert shownotes.corrections(render(FIRST)) == ()
    edit(desk, "三つの店", "四つの店")
    assert shownotes.corrections(render(SECOND)) == (NOTE,)
    said = f"{NOTE[0]} 訂正: {NOTE[1]}"
    for name in ("feed.xml", "port/port.notes.md", "port/port.notes.html"):
        assert said in (desk / "out" / name).read_text(encoding="utf-8"), name
    assert NOTE[1] in (desk / "out/port/index.html").read_text(encoding="utf-8")


def test_a_second_run_adds_nothing_and_later_edits_leave_it_there(desk):
    render(FIRST)
    edit(desk, "三つの店", "四つの店")
    render(SECOND)
    before = snapshot(desk / "out")
    render(THIRD)
    assert snapshot(desk / "out") == before
    edit(desk, "朝の五時", "朝の六時")
    told = shownotes.corrections(render(THIRD))
    assert [day for day, _ in told] == ["2026-11-26", "2026-11-28"]
    assert told[0] == NOTE


def test_the_same_history_gives_the_same_bytes(desk):
    made = []
    for _ in range(2):
        (desk / "port.txt").write_text(ARTICLE, encoding="utf-8")
        render(FIRST)
        edit(desk, "三つの店", "四つの店")
        render(SECOND)
        made.append({name: (desk / "out" / name).read_bytes() for name in snapshot(desk / "out")})
        (desk / "out").rename(desk / f"out{len(made)}")
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "manifest",
    ["readings: {市場: シジョウ}\n", 'say: {"三つ": "みっつほど"}\n', "cast: {narrator: mei}\n", "cut: [工事]\n"],
    ids=["reading", "say", "cast", "cut"],
)
def test_another_sound_of_the_same_words_is_no_correction(desk, manifest):
    render(FIRST)
    (desk / "port.yaml").write_text(manifest, encoding="utf-8")
    assert shownotes.corrections(render(SECOND)) == ()


def test_a_comma_or_a_paragraph_is_no_correction(desk):
    render(FIRST)
    edit(desk, "市場は、朝の", "市場は朝の")
    edit(desk, "開いています。\n\n工事の", "開いています。工事の")
    assert shownotes.corrections(render(SECOND)) == ()


@pytest.mark.parametrize("where", ["show.yaml", "port.yaml"])
def test_it_can_be_switched_off(desk, where):
    (desk / where).write_text("correction_notes: false\n", encoding="utf-8")
    render(FIRST)
    edit(desk, "三つの店", "四つの店")
    assert shownotes.corrections(render(SECOND)) == ()


def test_what_the_author_says_of_a_day_stands_for_it(desk):
    render(FIRST)
    edit(desk, "三つの店", "四つの店")
    render(SECOND)
    (desk / "port.yaml").write_text('corrections: {"2026/11/26": 店の数を直しました。}\n', encoding="utf-8")
    assert shownotes.corrections(render(THIRD)) == (("2026/11/26", "店の数を直しました。"),)
    (desk / "port.yaml").write_text('corrections: {"2026-11-26": ""}\n', encoding="utf-8")
    assert shownotes.corrections(render(THIRD)) == ()
    (desk / "port.yaml").unlink()
    assert shownotes.corrections(render(THIRD)) == (NOTE,), "kept in the record for ever"


def test_nothing_is_told_before_the_day_of_publication(desk):
    (desk / "port.yaml").write_text("published: 2026-11-27\n", encoding="utf-8")
    render(FIRST)
    edit(desk, "三つの店", "四つの店")
    assert shownotes.corrections(render(SECOND)) == ()
    edit(desk, "四つの店", "五つの店")
    assert [day for day, _ in shownotes.corrections(render(THIRD))] == ["2026-11-28"]


def test_a_renamed_article_keeps_its_notes(desk):
    render(FIRST)
    edit(desk, "三つの店", "四つの店")
    render(SECOND)
    (desk / "port.txt").rename(desk / "minato.txt")
    assert shownotes.corrections(render(THIRD, "minato.txt")) == (NOTE,)


def test_a_later_version_of_our_rules_corrects_nobody(desk, monkeypatch):
    """The author's words are the same; what is made of them may change with every release."""
    render(FIRST)
    real = script.write
    monkeypatch.setattr(script, "write", lambda *a, **k: _without_last(real(*a, **k)))
    assert shownotes.corrections(render(SECOND)) == ()


def _without_last(script):
    kept = [line for line in script.lines if "工事" not in line.shown]
    assert len(kept) < len(script.lines)
    return dataclasses.replace(script, lines=tuple(kept))


OLD = ("港の朝。", "去年は三つの店が開きました。", "市は続きます。", "また来ます。")


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (OLD, ""),
        (("港の朝。", "去年は三つの店が開きました。市は続きます。", "また来ます。"), ""),
        ((*OLD, "新しい文です。"), "「新しい文です。」を加えました。"),
        (OLD[:3], "「また来ます。」を削りました。"),
        (("港の夜。", *OLD[1:]), "「港の朝。」を「港の夜。」に改めました。"),
        (("「港」の夜。", *OLD[1:]), "「港の朝。」を「『港』の夜。」に改めました。"),
        (tuple(f"{n}番目の別の文。" for n in range(4)), "本文を全体に改めました。"),
    ],
)
def test_a_change_is_told_in_one_line(new, told):
    assert export.correction(OLD, new) == told


def test_many_changes_are_counted_and_long_sentences_shown_where_they_differ():
    long = "港のそばの市場は、長い冬のあいだも毎朝五時に始まり、遠くから来る人たちでいつもにぎわっているそうです。"
    before = [long, *(f"{n}番目の文です。" for n in range(9))]
    after = [long.replace("五時", "六時"), *(f"{n}番目の文{'章' if n < 3 else ''}です。" for n in range(9))]
    told = export.correction(before, after)
    assert "冬のあいだも毎朝五時に始まり、遠くから来る…」を「…は、長い冬のあいだも毎朝六時に始まり" in told
    assert told.endswith("ほか1か所を改めました。")
    assert len(told) < 250
