"""Doubts: what cannot be read is noted, what is risky is listed, never a silent skip, never a crash."""

import sys
from io import BytesIO, TextIOWrapper

import pytest

from yomicast import reading
from yomicast.cli import main
from yomicast.model import Line, Place, Script
from yomicast.reading import door, risk


def line(text, **more):
    return Line(shown=text, spoken=text, role="body", place=Place(file="a.txt", line=3, column=1), pause=0.7, **more)


def notes(text):
    return [(n.slug, str(n.place)) for n in reading.read(Script(title="", lines=(line(text),))).notes]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("楽しい😀", "emoji"),
        ("壊れた\ud800字", "unreadable"),
        ("한국語", "unread"),
        ("Привет", "unread"),
        ("龘龘に", "unknown-word"),
        ("a\x07b", "unreadable"),
    ],
)
def test_what_is_not_read_is_noted_with_its_place(text, slug):
    found = notes(text)
    assert slug in [s for s, _ in found]
    assert all(place.startswith("a.txt:3:") for _, place in found)


def test_plain_prose_has_no_note():
    assert notes("きょうは天気がいいので、三本の木を見に行きます。") == []


def test_words_carry_doubts_and_candidates():
    words = reading.words("山道を歩く")
    assert any("disagree" in w.doubts and w.candidates for w in words)


def test_the_review_list_names_word_reading_and_alternatives():
    found = reading.review(line("この反は、峠の山道にある。"))
    assert found
    assert all(n.slug == "reading-doubt" and n.text.ja and n.text.en for n in found)


def test_a_words_other_readings_are_weighed_in_its_place():
    found = door.analysed("市場の様子を聞いた。")
    told = {token.surface: features for token, features in risk.described(found.draft, found.tokens, found.doubts)}
    assert any(name.startswith("m=") and name[2].isdigit() for name in told["市場"]), "イチバ costs a little more"
    assert "m=none" in told["様子"], "no other reading"


def test_most_lines_are_not_on_the_review_list():
    plain = [
        "きょうは天気がいい。",
        "駅前で友人と昼ごはんを食べた。",
        "会議は午後三時に始まる。",
        "新しい本を買って読んだ。",
        "雨が降ったので家にいた。",
    ]
    assert sum(bool(reading.review(line(text))) for text in plain) <= 1


def test_a_line_of_five_thousand_characters_is_reviewed():
    assert isinstance(reading.review(line("山道を歩き、反物を買う。" * 420)), tuple)


def run(arguments, monkeypatch, capsys, stdin=b""):
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin), encoding="utf-8"))
    status = main(["reading", *arguments])
    return status, capsys.readouterr().out


def test_the_command_reads_stdin_line_by_line(monkeypatch, capsys):
    assert run([], monkeypatch, capsys, "三本の木\n\n8階".encode()) == (0, "サンボンノキ\n\nハッカイ\n")


def test_the_command_takes_broken_bytes(monkeypatch, capsys):
    status, out = run([], monkeypatch, capsys, b"\xff\xfe\xe6\x9c\xa8\n")
    assert (status, out) == (0, "キ\n")


def test_what_is_no_text_is_named_with_its_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO("木\n森\x07\n".encode()), encoding="utf-8"))
    assert main(["reading"]) == 0
    said = capsys.readouterr()
    assert said.out == "キ\nモリ\n"
    assert "2" in said.err
    assert "U+0007" in said.err


def test_one_word_twice_in_a_lexicon_is_refused(monkeypatch, capsys, tmp_path):
    file = tmp_path / "lexicon.yaml"
    file.write_text("NATO: ナ'トー\nＮＡＴＯ: なとー\n", encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b""), encoding="utf-8"))
    assert main(["reading", "--lexicon", str(file), "木"]) == 2
    assert "lexicon.yaml:2" in capsys.readouterr().err


def test_the_command_prints_prosody(monkeypatch, capsys):
    assert run(["--prosody", "水を買った"], monkeypatch, capsys) == (0, "^ミ[ズヲ#カ[ッタ$\n")


def test_the_command_explains_each_step(monkeypatch, capsys):
    status, out = run(["--explain", "9:05に会議を行う"], monkeypatch, capsys)
    assert status == 0
    assert "times" in out
    assert "9:05 → 9時5分" in out


def test_the_command_uses_a_lexicon_file(monkeypatch, capsys, tmp_path):
    file = tmp_path / "lexicon.yaml"
    file.write_text("月子: ル'ナ\n", encoding="utf-8")
    assert run(["--lexicon", str(file), "月子"], monkeypatch, capsys) == (0, "ルナ\n")


def test_the_command_lists_what_to_check(monkeypatch, capsys):
    status, out = run(["--review", "峠の山道", "きょうは雨"], monkeypatch, capsys)
    assert status == 0
    assert "きょうは雨" not in out


def test_nothing_is_written_to_stdout_by_the_library(capfd):
    reading.words("「ーあー」のヘ長調、ー。")
    assert capfd.readouterr().out == ""
