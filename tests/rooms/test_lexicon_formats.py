"""Other programs' dictionaries come in and go out."""

import csv
import json
import plistlib
import time

import pytest

from yomicast.errors import LexiconError
from yomicast.model import Place
from yomicast.reading import formats, lexicon

WORDS = (
    ("NATO", "ナ'トー"),
    ("桜庭", "さくらば0"),
    ("長音町", "ちょうおん'ちょう"),
    ("C++", "シープラスプ'ラス"),
    ("𠮷田", "よ'しだ"),
)
ENTRIES = tuple(lexicon.entry(word, reading, Place()) for word, reading in WORDS)
WRITTEN = sorted(name for name, one in formats.FORMATS.items() if one.write is not None)
WITH_ACCENT = {"voicevox", "openjtalk"}


def saved(tmp_path, data, name="dictionary.txt"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize("form", WRITTEN)
def test_what_is_written_is_read_again(tmp_path, form):
    path = saved(tmp_path, formats.write(ENTRIES, form), f"words{formats.FORMATS[form].suffix}")
    back = formats.read(path)
    assert back.form == form or {back.form, form} <= {"msime", "google"}
    assert [(one.word, one.reading) for one in back.entries] == [(one.word, one.reading) for one in ENTRIES]
    accents = [one.accent for one in back.entries]
    assert accents == ([one.accent for one in ENTRIES] if form in WITH_ACCENT else [None] * len(ENTRIES))
    assert back.notes == ()


@pytest.mark.parametrize("form", WRITTEN)
def test_the_same_entries_give_the_same_bytes(form):
    assert formats.write(ENTRIES, form) == formats.write(list(ENTRIES), form)


def test_voicevox_gets_what_its_engine_checks():
    words = json.loads(formats.write(ENTRIES, "voicevox"))
    first = next(iter(words.values()))
    assert first["surface"] == "ＮＡＴＯ"
    assert (first["pronunciation"], first["accent_type"], first["mora_count"]) == ("ナトー", 1, 3)
    for word in words.values():
        assert 0 <= word["accent_type"] <= word["mora_count"]
        assert 0 <= word["priority"] <= 10


def test_aivis_lists_are_joined(tmp_path):
    words = {"u": {"surface": "石 垣", "pronunciation": ["イシ", "ガキ"], "accent_type": [0, 1]}}
    one = formats.read(saved(tmp_path, json.dumps(words))).entries[0]
    assert (one.reading, one.accent) == ("イシガキ", None)


def test_open_jtalk_lines_have_fifteen_fields():
    rows = list(csv.reader(formats.write(ENTRIES, "openjtalk").decode().splitlines()))
    assert {len(row) for row in rows} == {15}
    assert rows[0][13] == "1/3"


def test_ipadic_lines_carry_no_accent(tmp_path):
    line = "東雲台,1348,1348,5000,名詞,固有名詞,地域,*,*,*,東雲台,シノノメダイ,シノノメダイ\n"
    one = formats.read(saved(tmp_path, line, "user.csv")).entries[0]
    assert (one.word, one.reading, one.accent) == ("東雲台", "シノノメダイ", None)


MICROSOFT = "!Microsoft IME Dictionary Tool\r\n!Format:WORDLIST\r\n\r\nしののめだい\t東雲台\t地名その他\r\n"
ENCODINGS = {"UTF-16 with mark": ("utf-16", b""), "UTF-16 bare": ("utf-16-le", b""), "Shift_JIS": ("cp932", b"")}


@pytest.mark.parametrize(("encoding", "mark"), ENCODINGS.values(), ids=ENCODINGS)
def test_microsoft_files_of_every_age(tmp_path, encoding, mark):
    back = formats.read(saved(tmp_path, mark + MICROSOFT.encode(encoding)))
    assert back.form == "msime"
    assert [(one.word, one.reading, one.line) for one in back.entries] == [("東雲台", "シノノメダイ", 4)]


def test_a_microsoft_file_is_utf_16_with_crlf():
    data = formats.write(ENTRIES, "msime")
    assert data.startswith(b"\xff\xfe")
    assert data.decode("utf-16").startswith("!Microsoft IME Dictionary Tool\r\n")


def test_atok_stars_are_no_part_of_the_class(tmp_path):
    back = formats.read(saved(tmp_path, "!!ATOK_TANGO_TEXT_HEADER_1\r\nるみ\t留美\t固有人名*\r\n".encode("utf-16")))
    assert (back.form, back.entries[0].word) == ("atok", "留美")


def test_the_older_macos_list(tmp_path):
    back = formats.read(saved(tmp_path, '//ことえり単語登録一覧\r"しののめだい","東雲台","地名"\r'.encode("utf-16")))
    assert (back.form, back.entries[0].reading) == ("kotoeri", "シノノメダイ")


def test_what_is_no_reading_is_said_with_its_line(tmp_path):
    text = (
        "しののめだい\t東雲台\t地名\t\n"
        "めあど\tme@example.jp\t短縮よみ\t\n"
        "かお\t(^_^)\t顔文字\t\n"
        "やじるし\t→\t記号\t\n"
        "ASAP\tなるはや\t名詞\t\n"
        "とううんだい\t東雲台\t地名\t\n"
        "タブがない\n"
    )
    back = formats.read(saved(tmp_path, text))
    assert [one.word for one in back.entries] == ["東雲台"]
    assert [(note.place.line, note.slug) for note in back.notes] == [
        (2, "lexicon-skipped"),
        (3, "lexicon-skipped"),
        (4, "lexicon-skipped"),
        (5, "lexicon-broken"),
        (6, "lexicon-second-reading"),
        (7, "lexicon-skipped"),
    ]


BROKEN = {
    "nothing": b"",
    "prose": "ただの文です。".encode(),
    "not JSON": b'{"a": ',
    "a JSON list of lists without end": b"{" + b'"a":[' * 5000,
    "no word has a reading": b'{"u": {"surface": 3}}',
    "not a property list": b"<?xml version='1.0'?><a/>",
    "an entity bomb": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "x">]><plist version="1.0"><array/></plist>',
    "a broken binary property list": b"bplist00" + b"\xff" * 60,
    "no encoding": b"\x81\xff\xfd\x80\tx\n",
    "only a header": b"!Microsoft IME Dictionary Tool\r\n",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_an_error_with_its_file(tmp_path, data):
    path = saved(tmp_path, data)
    with pytest.raises(LexiconError) as caught:
        formats.read(path)
    assert caught.value.where.file == str(path)
    assert caught.value.hint is not None


def test_missing_files_and_unknown_forms(tmp_path):
    with pytest.raises(LexiconError):
        formats.read(tmp_path / "absent.txt")
    with pytest.raises(LexiconError) as caught:
        formats.read(saved(tmp_path, MICROSOFT), "voicebox")
    assert "voicevox" in caught.value.hint.en
    with pytest.raises(LexiconError):
        formats.write(ENTRIES, "atok")


def test_macos_words_are_phrase_and_shortcut():
    words = plistlib.loads(formats.write(ENTRIES, "macos"))
    assert words[1] == {"phrase": "桜庭", "shortcut": "さくらば"}


def test_a_dictionary_of_100_000_lines_takes_seconds(tmp_path):
    kana = "あいうえおかきくけこさしすせそたちつてと"
    digits = "一二三四五六七八九十日月火水木金土山川田"
    lines = []
    for n in range(100_000):
        places = [n // 20**k % 20 for k in range(4)]
        lines.append("".join(kana[p] for p in places) + "\t" + "".join(digits[p] for p in places) + "\t人名\n")
    path = saved(tmp_path, "".join(lines))
    start = time.process_time()
    back = formats.read(path)
    found = lexicon.Matcher(back.entries).find("八九十日さんと一二三四さん" * 100)
    assert time.process_time() - start < 30
    assert len(back.entries) == 100_000
    assert len(found) == 200
