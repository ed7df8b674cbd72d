"""Words in parentheses: said lower by engines that can, at the same times, and only those lines are made anew."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.speech_stands import line, serving, voice, voicevox, word
from yomicast import reading, script, speech
from yomicast.model import Article, Block, Place
from yomicast.settings import ScriptSettings
from yomicast.speech.engine import LOWER
from yomicast.speech.openjtalk import OpenJTalk, _lowered
from yomicast.speech.voicevox import SEMITONE, VoicevoxSettings

TEXT = "新しい取り組み（再来年までに達成する予定）は、来月に始まります。"


def written(text, **settings):
    blocks = (Block(kind="paragraph", text=text, place=Place(file="a.txt", line=1)),)
    made = script.write(Article(title="題名", blocks=blocks), ScriptSettings(**settings), show="番組")
    return next(found for found in made.lines if found.role == "body")


def read(text):
    made = script.write(
        Article(title="題名", blocks=(Block(kind="paragraph", text=text, place=Place()),)),
        ScriptSettings(),
        show="番組",
    )
    return next(found for found in reading.read(made, []).lines if found.role == "body")


@pytest.mark.parametrize(
    ("text", "low"),
    [
        (TEXT, ["再来年までに達成する予定"]),
        ("彼は「道具（古い槌）は友だ」と言い、窓（南向き）を開けた。", ["古い槌", "南向き"]),
        ("世界貿易機関（WTO）の会議が開かれた。", []),
        ("神保謙（じんぼ・けん）教授は笑った（笑）。", []),
        ("（注はない）という話だ。", []),
        ("何もない文です。", []),
    ],
)
def test_supplements_are_known_by_their_place_in_the_spoken_text(text, low):
    made = written(text)
    assert [made.spoken[start:end] for start, end in made.asides] == low


def test_what_the_author_says_instead_moves_or_ends_a_stretch():
    moved = written(TEXT, say={"新しい": "まったく新しい"})
    assert [moved.spoken[a:b] for a, b in moved.asides] == ["再来年までに達成する予定"]
    assert written(TEXT, say={"（再来年までに達成する予定）": ""}).asides == ()


def test_open_jtalk_lowers_those_words_and_no_others_and_their_times_stay():
    engine, mei = OpenJTalk(), voice("openjtalk")
    low = read(TEXT)
    plain = replace(low, asides=())
    heard, flat = engine.speak_many([low, plain], mei)
    assert heard.words == flat.words
    assert len(heard.samples) == len(flat.samples)
    synthesiser = engine._voice("mei_normal")
    labels = _lowered(low, _labels(low), synthesiser)
    assert set(labels.pitch) == {0.0, LOWER}
    moved = synthesiser.speak(labels).lf0 - synthesiser.speak(labels.labels).lf0
    rate, period = synthesiser.rate, synthesiser.period
    inside = np.zeros(len(moved), bool)
    for time in flat.words:
        if low.is_aside(time.start_char):
            inside[round(time.start * rate / period) : round(time.end * rate / period)] = True
    sunk = moved < -0.02
    assert (sunk & ~inside).sum() <= 12
    assert np.median(moved[inside & sunk]) == pytest.approx(LOWER * np.log(2) / 12, rel=0.05)


def _labels(made):
    from yomicast.speech.openjtalk import _labels as of

    return of(made)


def test_voicevox_is_sent_lower_moras_for_those_phrases():
    words = (
        word("窓", "マド", 0, accent=1),
        word("、", "", 1, sign="、"),
        word("南", "ミナミ", 2, accent=0),
        word("、", "", 3, sign="、"),
        word("です", "デス", 4, accent=1),
    )
    spoken = line("窓、南、です", words)
    pitches = []
    for asides in ((), ((2, 3),)):
        with serving(voicevox) as server:
            mine = voice("voicevox", VoicevoxSettings(url=server.url, character="試験つむぎ", tries=1))
            speech.opened("voicevox").speak(replace(spoken, asides=asides), mine)
            sent = next(json.loads(a["body"]) for a in server.asked if a["path"] == "/synthesis")
        pitches.append([[m["pitch"] for m in p["moras"]] for p in sent["accent_phrases"]])
    moved = [[after - before for before, after in zip(*pair, strict=True)] for pair in zip(*pitches, strict=True)]
    assert moved[0] == moved[2] == [0.0, 0.0]
    assert moved[1] == pytest.approx([LOWER * SEMITONE] * 3)


def test_only_engines_that_lower_make_such_a_line_anew():
    low = read(TEXT)
    plain = replace(low, asides=())
    assert speech.key_of(low, voice("openjtalk")) != speech.key_of(plain, voice("openjtalk"))
    assert speech.key_of(low, voice("marker")) == speech.key_of(plain, voice("marker"))


def test_a_line_without_readings_that_is_cut_has_no_stretch_left():
    from yomicast.speech.cut import pieces

    low = replace(read(TEXT), words=())
    parts = pieces(low, 12, lambda piece: len(piece.spoken))
    assert len(parts) > 1
    assert all(part.asides == () for part in parts)
