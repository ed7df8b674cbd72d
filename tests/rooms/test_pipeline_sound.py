"""What the corridor does with the rooms of sound: length, picture, figures, notes, one chapter after an edit."""

import json
import shutil
import time
from pathlib import Path

import pytest

from yomicast import encode, pipeline, reading
from yomicast.errors import AudioError, ConfigError
from yomicast.pipeline import sound

ARTICLE = """朝の市場を歩く

港のそばの市場は、朝の五時に始まります。魚を並べる音が、まだ暗い通りに響きます。

市場で出会った人たち

三十年続く店の山本さんは、お客さんの顔を見て、今日のおすすめを決めると話します。

これからの市場

市場は来年、建て替えの工事に入ります。工事のあいだも、朝の市は続くそうです。
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mei.yaml").write_text("engine: marker\n", encoding="utf-8")
    (tmp_path / "market.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def render():
    return pipeline.render(pipeline.open_job("market.txt", out=Path("out")))


def test_figures_and_picture_of_the_sound(desk):
    render()
    figures = json.loads((desk / "out/market/report.json").read_text(encoding="utf-8"))["sound"]["podcast"]
    assert figures["lufs"] == pytest.approx(-16.0, abs=0.3)
    assert figures["true_peak_dbtp"] <= -1.0
    assert figures["speech_over_music_min_db"] >= 20.0
    assert figures["line_spread_lu"] <= 0.5
    assert figures["longest_silence_s"] <= 2.5
    assert (desk / "out/market/market.sound.png").read_bytes().startswith(b"\x89PNG")


def test_a_length_is_met_or_a_note_says_what_to_cut(desk):
    plain = render().episode.seconds
    (desk / "market.yaml").write_text(f"length: {plain - 1.5:.1f}s\n", encoding="utf-8")
    met = render()
    assert met.episode.seconds == pytest.approx(plain - 1.5, abs=0.6)
    assert not [note for note in met.notes if note.slug == "length"]
    (desk / "market.yaml").write_text("length: 15s\n", encoding="utf-8")
    made = render()
    (note,) = [note for note in made.notes if note.slug == "length"]
    assert "市場" in note.text.ja
    assert f"it lasts 0:{made.episode.seconds:02.0f} at the fastest" in note.text.en


@pytest.mark.parametrize("share", [0.85, 1.12])
def test_a_length_that_needs_another_speed_is_met_by_a_voice_that_follows_it_only_roughly(desk, share):
    """Open JTalk's lines do not become shorter by exactly the factor that was asked for."""
    (desk / "voices" / "mei.yaml").write_text("engine: openjtalk\n", encoding="utf-8")
    (desk / "show.yaml").write_text("sound: {opening: {off: true}, closing: {off: true}}\n", encoding="utf-8")
    plain = render().episode.seconds
    (desk / "market.yaml").write_text(f"length: {plain * share:.1f}s\n", encoding="utf-8")
    made = render()
    assert made.episode.seconds == pytest.approx(plain * share, abs=0.6)
    assert not [note for note in made.notes if note.slug == "length"]


def test_after_a_corrected_sentence_one_chapter_is_encoded(desk, monkeypatch):
    render()
    made = []
    original = encode.mp3.encode
    monkeypatch.setattr(encode.mp3, "encode", lambda *a, **k: made.append(1) or original(*a, **k))
    text = ARTICLE.replace("朝の市は続くそうです", "朝の市は休まないそうです")
    (desk / "market.txt").write_text(text, encoding="utf-8")
    render()
    assert len(made) == 1


PARTED = """# 朝の市場を歩く

港のそばの市場は、朝の五時に始まります。

## 市場の一日

魚を並べる音が、まだ暗い通りに響きます。

### 朝の店

山本さんは、お客さんの顔を見ておすすめを決めます。

### 昼の店

昼には食堂が開きます。

## これから

市場は来年、建て替えの工事に入ります。
"""


def test_after_a_correction_in_a_sub_chapter_only_that_is_encoded_and_the_file_is_that_of_a_fresh_run(
    desk, monkeypatch
):
    (desk / "market.txt").unlink()
    job = desk / "market.md"

    def run(out):
        made = pipeline.render(pipeline.open_job("market.md", out=Path(out)))
        return made, (Path(out) / made.episode.renditions[0].path).read_bytes()

    job.write_text(PARTED, encoding="utf-8")
    first, _ = run("out")
    assert [mark.level for mark in first.episode.marks] == [2, 2, 3, 3, 2]
    made = []
    original = encode.mp3.encode
    monkeypatch.setattr(encode.mp3, "encode", lambda *a, **k: made.append(1) or original(*a, **k))
    job.write_text(PARTED.replace("昼には食堂が", "昼には魚の食堂が"), encoding="utf-8")
    second, corrected = run("out")
    assert len(made) == 1
    assert second.spoken_new == 1
    gain = second.editions[0].figures["gain_db"]
    assert gain == first.editions[0].figures["gain_db"]
    for folder in ("encode", "levels", "mix", "speech", "readings"):
        for kept in sorted((desk / "out/.cache" / folder).rglob("*"), reverse=True):
            kept.unlink() if kept.is_file() else kept.rmdir()
    _, again = run("out")
    assert again == corrected


def test_lines_are_spoken_while_others_are_still_being_read(desk, monkeypatch):
    monkeypatch.setattr(sound, "TAKEN", 2)
    read, kept = reading.door.analysed, []

    def slow(*args):
        time.sleep(0.3)
        kept.append(len(list((desk / "out/.cache/speech").rglob("*.*"))))
        return read(*args)

    monkeypatch.setattr(reading.door, "analysed", slow)
    told = []
    job = pipeline.open_job("market.txt", out=Path("out"))
    made = pipeline.render(job, progress=lambda *a: told.append(a))
    assert kept[0] == 0
    assert kept[-1] >= 2
    assert made.spoken_new == len(made.script.lines)
    assert [done for stage, done, _ in told if stage == "read"] == [*range(1, len(made.script.lines) + 1)]
    assert [total for stage, _, total in told if stage == "speak"][-1] == len(made.script.lines)


def test_nothing_is_spoken_for_an_episode_that_another_article_has_taken(desk, monkeypatch):
    render()
    monkeypatch.setattr(sound, "TAKEN", 1)
    shutil.rmtree(desk / "out/.cache/speech")
    (desk / "other.txt").write_text("まったく別の話\n\n名前だけが同じ記事です。\n", encoding="utf-8")
    (desk / "other.yaml").write_text("slug: market\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="another article"):
        pipeline.render(pipeline.open_job("other.txt", out=Path("out")))
    assert not (desk / "out/.cache/speech").exists()


def test_music_that_cannot_be_read_is_told_once_and_as_ever(desk):
    (desk / "noise.wav").write_bytes(b"RIFF\0\0\0\0WAVE" + b"\0" * 400)
    (desk / "show.yaml").write_text("sound: {opening: {file: noise.wav}}\n", encoding="utf-8")
    with pytest.raises(AudioError):
        render()
