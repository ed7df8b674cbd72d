"""Lines read before are not read again, and nothing stale or broken is taken for a reading."""

import pytest

from yomicast import reading
from yomicast.model import Line, Place, Ruby, Script
from yomicast.reading import door, kept
from yomicast.settings import LexiconEntry

TEXTS = ("市場は坂の上にある。", "Ｇ２０の首脳が集まった。", "😀を見た。", "\ud800と\x00がある。")


def script(*texts, rubies=()):
    return Script(
        title="t",
        lines=tuple(
            Line(shown=t, spoken=t, role="body", place=Place(file="a.txt", line=n), pause=0.7, rubies=rubies)
            for n, t in enumerate(texts, 1)
        ),
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "readings" / "a.json"


@pytest.fixture
def asked(monkeypatch):
    """The texts that are really analysed."""
    seen = []
    real = door.analysed
    monkeypatch.setattr(door, "analysed", lambda text, *rest: seen.append(text) or real(text, *rest))
    return seen


def read(path, made, entries=()):
    known = reading.Kept(path)
    done = reading.read(made, entries, known)
    known.save()
    return done


def test_what_was_read_is_the_same_from_the_file_words_and_notes(path, asked):
    first = read(path, script(*TEXTS))
    assert len(asked) == len(TEXTS)
    assert first.notes
    assert first == reading.read(script(*TEXTS))
    asked.clear()
    assert read(path, script(*TEXTS)) == first
    assert not asked


def test_an_edit_reads_one_line_and_forgets_the_old_one(path, asked):
    read(path, script(*TEXTS))
    asked.clear()
    moved = read(path, script("坂の下にも市場がある。", *TEXTS[1:]))
    assert asked == ["坂の下にも市場がある。"]
    assert moved.notes == reading.read(script("坂の下にも市場がある。", *TEXTS[1:])).notes
    asked.clear()
    read(path, script(*TEXTS))
    assert asked == [TEXTS[0]]


def test_a_lexicon_or_a_ruby_that_changed_is_heard(path):
    entry = LexiconEntry(word="市場", reading="イチバ", scope="episode")
    kana = [reading.kana(line.words) for line in read(path, script(TEXTS[0])).lines]
    other = [reading.kana(line.words) for line in read(path, script(TEXTS[0]), [entry]).lines]
    ruby = [
        reading.kana(line.words)
        for line in read(path, script(TEXTS[0], rubies=(Ruby(start=0, end=2, reading="バザール"),))).lines
    ]
    assert len({*kana, *other, *ruby}) >= 2
    assert ruby[0].startswith("バザール")
    assert other[0].startswith("イチバ")


def test_another_state_of_the_room_reads_anew(path, asked, monkeypatch):
    read(path, script(TEXTS[0]))
    asked.clear()
    monkeypatch.setattr(kept, "state", lambda: "another")
    read(path, script(TEXTS[0]))
    assert asked == [TEXTS[0]]


def test_code_tables_and_dictionaries_are_part_of_the_state(monkeypatch, tmp_path):
    names = {path.name for path in kept._sources()}
    assert {"heteronyms.py", "corrections.py", "accent.tsv", "starter.tsv", "model.py"} <= names
    before = kept.state.__wrapped__()
    extra = tmp_path / "more.tsv"
    extra.write_text("x")
    files = [*kept._sources(), extra]
    monkeypatch.setattr(kept, "_sources", lambda: iter(files))
    with_more = kept.state.__wrapped__()
    extra.write_text("y")
    assert len({before, with_more, kept.state.__wrapped__()}) == 3


@pytest.mark.parametrize("change", ["flip", "cut", "empty", "text", "absent"])
def test_a_damaged_file_counts_as_absent(path, asked, change):
    first = read(path, script(*TEXTS))
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(
        {
            "flip": data[:middle] + bytes([data[middle] ^ 4]) + data[middle + 1 :],
            "cut": data[:middle],
            "empty": b"",
            "text": b"{}" * 40,
            "absent": b"",
        }[change]
    )
    if change == "absent":
        path.unlink()
    asked.clear()
    assert read(path, script(*TEXTS)) == first
    assert len(asked) == len(TEXTS)


@pytest.mark.parametrize("row", [None, 5, [[]], [[["水"]], []], {"a": 1}, [[[1, 2]], [[3]]]])
def test_a_row_of_another_shape_is_no_reading(row):
    assert kept._reading(row) is None


def test_nothing_is_written_before_it_is_asked(path):
    reading.read(script(TEXTS[0]), (), reading.Kept(path))
    assert not path.parent.exists()
