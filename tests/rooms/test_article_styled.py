"""Headings that only their style makes: a class of short lines, bold lines behind a dot, words in brackets; titles over lines."""

import pytest

from yomicast import article

TEXT = (
    "凧の骨は竹である。冬に切って二年寝かせ、節を削って細く裂く。",
    "紙は隣の村から来る。楮の皮をたたく音が、谷の向こうまで聞こえる。",
    "糸は綿を三本よる。風の強い日には、指の皮がむけるほど引く。",
    "尾は藁で、長さは背丈の三倍がよいとされている。短いと回る。",
)


def read(folder, body, title="<h1>凧の村</h1>"):
    page = folder / "page.html"
    page.write_text(f"<!doctype html><title>凧の村</title><main><article>{title}{body}</article></main>", "utf-8")
    return article.read(str(page))


def heads(found):
    return [(block.level, block.text) for block in found.blocks if block.kind == "heading"]


def page(lines):
    return "".join(line if line.startswith("<") else f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize("name", ["sub", "c-body__s2", "komi", "txt-b"])
def test_a_class_of_short_lines_above_paragraphs_heads(tmp_path, name):
    first, second = (f'<p class="{name}">{words}</p>' for words in ("竹を裂く冬の仕事", "糸をよる人"))
    found = read(tmp_path, page([TEXT[0], first, TEXT[1], TEXT[2], second, TEXT[3]]))
    assert [text for _, text in heads(found)] == ["竹を裂く冬の仕事", "糸をよる人"]
    ranked = read(tmp_path, page(['<p class="midashi">凧ができるまで</p>', first, *TEXT[:2], second, *TEXT[2:]]))
    assert [text for _, text in heads(ranked)] == ["凧ができるまで", "竹を裂く冬の仕事", "糸をよる人"]
    assert heads(ranked)[0][0] < heads(ranked)[1][0] == heads(ranked)[2][0]


@pytest.mark.parametrize(
    "lines",
    [
        ("竹内とめさん", "紙屋の楮田さん"),
        ("凧は揚がったのですか？", "糸は誰がよりますか？"),
        ("長い冬でした。", "短い春でした。"),
        ("「揚がったぞ」", "「糸を引け」"),
        ("場所：村の土手", "日時：三月一日"),
    ],
)
def test_other_short_lines_of_one_class_are_text(tmp_path, lines):
    name = "name" if lines[0].endswith("さん") else "line"
    first, second = (f'<p class="{name}">{words}</p>' for words in lines)
    assert heads(read(tmp_path, page([TEXT[0], first, TEXT[1], second, *TEXT[2:]]))) == []


@pytest.mark.parametrize("words", ["「揚がれ、揚がれ」", "風は北から来る", "凧を揚げるのは大人です"])
def test_what_a_class_calls_a_heading_may_be_said_or_be_a_sentence(tmp_path, words):
    found = read(tmp_path, page([f'<p class="c-midashi midashi">{words}</p>', *TEXT]))
    assert [text for _, text in heads(found)] == [words]


def test_bold_lines_behind_a_dot_head_where_they_stand_apart(tmp_path):
    found = read(tmp_path, page(["<b>・竹のこと</b>", *TEXT[:2], "<b>・糸のこと</b>", *TEXT[2:]]))
    assert [text for _, text in heads(found)] == ["竹のこと", "糸のこと"]
    listed = read(tmp_path, page([TEXT[0], "<p><b>・竹</b></p><p><b>・糸</b></p><p><b>・紙</b></p>", *TEXT[1:]]))
    assert heads(listed) == []
    assert [block.text for block in listed.blocks if block.kind == "list_item"] == ["竹", "糸", "紙"]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("竹を裂く人<br>── 凧師・笹倉実（前編）", "竹を裂く人── 凧師・笹倉実（前編）"),
        ("凧の村へ<br>（上）", "凧の村へ（上）"),
        ("凧の村へ<br>竹を裂く冬", "凧の村へ 竹を裂く冬"),
    ],
)
def test_a_title_over_two_lines_is_one(tmp_path, title, said):
    found = read(tmp_path, page(["<h2>竹</h2>", *TEXT]), title=f"<h1>{title}</h1>")
    assert found.title.replace(" ", "") == said.replace(" ", "")
    assert [block.text for block in found.blocks if block.kind == "paragraph"] == list(TEXT)
