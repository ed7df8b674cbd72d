"""`yomicast script`: the sheet, the account, the JSON, from the command line."""

import json

import pytest

from yomicast.cli import main

TEXT = """灯台守の一年

灯台は岬の先に立っています。海洋保安機構(MSO)が管理しています。

春の仕事

春はレンズを磨きます。「光は遠くまで届いてこそです」と灯台守の滝口さんは話します。
"""


@pytest.fixture
def page(tmp_path, monkeypatch):
    monkeypatch.setenv("YOMICAST_LANG", "ja")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "todai.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_json(page, capsys):
    assert main(["script", str(page), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["title"] == "灯台守の一年"
    assert data["chapters"] == ["春の仕事"]
    assert data["quotes"] == [{"speaker": "滝口", "text": "光は遠くまで届いてこそです"}]
    assert not (page.parent / "scripts").exists()


def test_the_sheet_is_written_edited_and_kept(page, capsys):
    assert main(["script", str(page)]) == 0
    sheet = page.parent / "scripts" / "todai.txt"
    assert capsys.readouterr().out.strip() == str(sheet)
    sheet.write_text(
        sheet.read_text(encoding="utf-8").replace("レンズを磨きます", "レンズを拭きます"), encoding="utf-8"
    )
    page.write_text(TEXT.replace("岬の先に", "岬のはずれに"), encoding="utf-8")
    assert main(["script", str(page)]) == 0
    after = sheet.read_text(encoding="utf-8")
    assert "春はレンズを拭きます。" in after
    assert "岬のはずれに" in after
    assert main(["script", str(page)]) == 0
    assert "変更はありません" in capsys.readouterr().err
    assert sheet.read_text(encoding="utf-8") == after


def test_a_dry_run_writes_nothing(page, capsys):
    assert main(["script", str(page), "--dry-run"]) == 0
    assert "海洋保安機構(MSO)が管理しています。\n→ 海洋保安機構が管理しています。" in capsys.readouterr().out
    assert not (page.parent / "scripts").exists()


def test_explain(page, capsys):
    assert main(["script", str(page), "--explain"]) == 0
    out = capsys.readouterr().out
    assert "    3  読まない [gloss-acronym] (MSO)" in out
    assert out.rstrip().endswith("100.00%")


def test_strict(page, capsys):
    assert main(["script", str(page), "--dry-run", "--strict"]) == 0
    assert "→ 海洋保安機構、MSO、が管理しています。" in capsys.readouterr().out


def test_a_missing_article_is_one_line(page, capsys):
    assert main(["script", str(page.parent / "nai.txt")]) == 2
    assert capsys.readouterr().err.startswith("error[article]")
