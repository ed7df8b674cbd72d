"""The mixing room: pauses, music, ducking, editions, chapters, odd lines."""

import dataclasses
import itertools

import numpy as np
import pytest

from tests.soundstage import BARE, PLAIN, SILENT, babble, spoken, talk, whole
from yomicast import loudness
from yomicast.errors import ConfigError
from yomicast.mix import audition, balance, fit, mix, seconds_of
from yomicast.model import Line, Place, Sound, Spoken, Voice
from yomicast.settings import Edition, Music, SoundSettings

RATE = 48_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mix")


@pytest.fixture
def mixed(folder):
    def make(lines, sound=BARE, edition=PLAIN, **more):
        return mix(lines, sound, edition, title="題名", base=folder, cache=folder, **more)

    return make


def test_pauses_are_the_scripts(mixed):
    lines = [spoken(pause=0.35, seed=1), spoken(pause=1.05, seed=2), spoken(seed=3)]
    one, two, three = mixed(lines).cues
    assert two.start - one.end == pytest.approx(0.35, abs=1e-4)
    assert three.start - two.end == pytest.approx(1.05, abs=1e-4)


def test_a_pause_that_is_too_long_is_cut_and_said(mixed):
    programme = mixed([spoken(pause=0.7), spoken(pause=10.0), spoken(pause=2.3), spoken(pause=9.0)])
    ends = [b.start - a.end for a, b in itertools.pairwise(programme.cues)]
    assert ends == pytest.approx([0.7, 2.3, 2.3], abs=0.001)
    assert [note.text.en for note in programme.notes] == ["a pause of 10 s is cut to 2.3 s"]


def test_cues_carry_text_speaker_words_and_place_in_the_article(mixed):
    first = spoken("見出しの無い文。", seconds=2.0, speaker="山田", block=7)
    second = dataclasses.replace(spoken("二つ目。", seed=2), voice="mei")
    card = Voice(name="mei", engine="marker", settings=None, speaker="メイ")
    one, two = mixed([first, second], voices={"mei": card}).cues
    assert (one.text, one.speaker, one.block, one.line) == ("見出しの無い文。", "山田", 7, 0)
    assert two.speaker == "メイ"
    assert one.words[0].start == pytest.approx(one.start + 0.1)
    assert one.words[0].end <= one.end


def test_a_line_that_shows_nothing_still_has_a_cue_with_text(mixed):
    line = Line(shown=" ", spoken="ここまで。", role="announce", place=Place(), pause=0.5)
    clip = Sound(samples=babble(1.0), rate=RATE)
    (cue,) = mixed([Spoken(line=line, clip=clip, voice="mei", key="k")]).cues
    assert cue.text == "ここまで。"


def test_every_line_has_the_same_loudness_whatever_the_engine_gave(mixed):
    lines = [spoken(seconds=2.5, seed=n, samples=babble(2.5, n, level=10 ** (-n / 4))) for n in range(6)]
    found = balance(mixed(lines))
    assert found.spread <= 0.5
    assert found.speech.max() - found.speech.min() <= 0.5


def test_a_voice_keeps_its_own_volume(mixed):
    lines = [spoken(seed=1), dataclasses.replace(spoken(seed=2), voice="quiet")]
    card = Voice(name="quiet", engine="marker", settings=None, volume=-6.0)
    loud, quiet = balance(mixed(lines, voices={"quiet": card})).speech
    assert loud - quiet == pytest.approx(6.0, abs=0.2)


@pytest.mark.parametrize("rate", [8_000, 22_050, 24_000, 44_100, 48_000])
def test_any_rate_becomes_48k_with_the_same_pitch_and_length(mixed, rate):
    at = np.arange(rate) / rate
    line = spoken(samples=(0.3 * np.sin(2 * np.pi * 440 * at)).astype(np.float32), rate=rate)
    programme = mixed([line])
    (cue,) = programme.cues
    sound = whole(programme)[round(cue.start * RATE) : round(cue.end * RATE), 0]
    assert len(sound) == pytest.approx(RATE, abs=1)
    assert np.argmax(np.abs(np.fft.rfft(sound))) == pytest.approx(440, abs=1)


def odd(name):
    sound = babble(1.0)
    return {
        "silent": np.zeros(RATE, np.float32),
        "not a number": np.full(RATE, np.nan, np.float32),
        "infinite": np.where(np.arange(RATE) == 100, np.inf, sound).astype(np.float32),
        "one NaN": np.where(np.arange(RATE) == 100, np.nan, sound).astype(np.float32),
        "direct current": np.full(RATE, 0.5, np.float32),
        "speech on direct current": sound + np.float32(0.4),
        "one frame": np.full(1, 0.5, np.float32),
        "empty": np.zeros(0, np.float32),
        "far too loud": sound * 1000,
        "two channels": np.stack([sound, sound], axis=1),
    }[name]


@pytest.mark.parametrize(
    "name",
    [
        "silent",
        "not a number",
        "infinite",
        "one NaN",
        "direct current",
        "speech on direct current",
        "one frame",
        "empty",
        "far too loud",
        "two channels",
    ],
)
def test_an_odd_line_spoils_nothing(mixed, name):
    lines = [spoken(seed=1), spoken(samples=odd(name), seed=9), spoken(seed=2)]
    programme = mixed(lines)
    sound = whole(programme)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 4.0
    for cue in programme.cues:
        assert cue.start < cue.end
        if cue.line != 1:
            piece = sound[round(cue.start * RATE) : round(cue.end * RATE), 0]
            assert np.array_equal(piece, programme.line(cue.line))
    if name == "direct current":
        assert np.abs(programme.line(1)).max() < 0.01


def test_lines_begin_and_end_without_a_click(mixed):
    programme = mixed([spoken(samples=np.full(RATE, 0.5, np.float32) * np.sign(np.sin(np.arange(RATE) / 50)))])
    steps = np.abs(np.diff(programme.line(0)[:48]))
    assert abs(programme.line(0)[0]) < 0.01
    assert steps.max() < 0.05


def test_no_lines_at_all_are_a_short_silence(mixed):
    programme = mixed([])
    assert programme.frames > 0
    assert not whole(programme).any()
    assert [mark.title for mark in programme.marks] == ["題名"]


def test_one_word_is_an_episode_with_all_its_music(mixed):
    programme = mixed([spoken("はい。", seconds=0.4)], SoundSettings(), Edition())
    assert len(programme.cues) == 1
    assert {piece.kind for piece in programme.timeline.chapters[0].pieces} == {"opening", "closing"}
    assert np.isfinite(whole(programme)).all()


def test_a_chapter_with_no_speech_but_its_heading(mixed):
    lines = [spoken("題", level=1), spoken("一", level=2, seed=2), spoken("二", level=2, seed=3), spoken(seed=4)]
    marks = mixed(lines).marks
    assert [mark.title for mark in marks] == ["題名", "一", "二"]
    assert all(b.start - a.start >= 1 for a, b in itertools.pairwise(marks))


def test_the_first_chapter_is_named_by_its_heading_or_the_episode(mixed):
    assert mixed([spoken("はじめに", level=2), spoken(seed=2)]).marks[0].title == "はじめに"
    assert mixed([spoken("本文。"), spoken("次", level=2)]).marks[0].title == "題名"


def test_sub_chapters_have_marks_of_level_3(mixed):
    lines = [
        spoken("題", level=1),
        spoken("一", level=2, seed=2),
        spoken(pause=0.1, seed=5),
        spoken("小", level=3, seed=3),
    ]
    marks = mixed(lines).marks
    assert [(mark.title, mark.level) for mark in marks] == [("題名", 2), ("一", 2), ("小", 3)]


# --- music -----------------------------------------------------------------------------------------------------------


def test_the_editions_differ_in_music_and_not_in_chapters(mixed):
    podcast = mixed(talk(), SoundSettings(), Edition())
    clear = mixed(talk(), SoundSettings(), Edition(bed=False, sting=False))
    assert [mark.title for mark in podcast.marks] == [mark.title for mark in clear.marks]
    assert all(bed is None for bed in clear.beds)
    assert not any(p.kind == "sting" for c in clear.timeline.chapters for p in c.pieces)
    assert balance(clear).over.min() >= 20


def test_talk_starts_before_the_opening_ends_by_the_overlap(mixed):
    sound = SoundSettings(opening=Music(mood="bright", seconds=8, overlap=4), bed=SILENT, closing=SILENT, sting=SILENT)
    programme = mixed([spoken()], sound, Edition())
    (piece,) = programme.timeline.chapters[0].pieces
    assert piece.stop / RATE - programme.cues[0].start == pytest.approx(4.0, abs=1e-3)
    assert balance(programme).over.min() >= 20


def test_the_closing_begins_before_talk_ends_by_the_overlap(mixed):
    sound = SoundSettings(opening=SILENT, bed=SILENT, closing=Music(seconds=6, overlap=2), sting=SILENT)
    programme = mixed([spoken(seconds=5)], sound, Edition())
    (piece,) = programme.timeline.chapters[0].pieces
    assert programme.cues[0].end - piece.start / RATE == pytest.approx(2.0, abs=1e-3)
    assert balance(programme).over.min() >= 20


def test_beds_change_by_chapter(mixed):
    sound = SoundSettings(bed_by_chapter={"第1章": Music(mood="news"), "3": SILENT})
    beds = mixed(talk(3), sound, Edition()).beds
    assert beds[2] is None
    assert len({bed.track.key for bed in beds if bed}) == 2
    assert beds[1].track.key != beds[0].track.key == beds[3].track.key


def test_a_sub_chapter_has_its_chapters_bed_and_counts_for_none(mixed):
    lines = talk(3)
    lines.insert(4, spoken("第1章の一つ目", level=3, seconds=1.0, seed=90))
    lines.insert(7, spoken("第1章の二つ目", level=3, seconds=1.0, seed=91))
    sound = SoundSettings(bed_by_chapter={"第1章": Music(mood="news"), "3": SILENT})
    programme = mixed(lines, sound, Edition())
    assert [(c.level, c.part_of) for c in programme.timeline.chapters] == [
        (2, 0),
        (2, 1),
        (3, 1),
        (3, 1),
        (2, 2),
        (2, 3),
    ]
    beds = [bed.track.key if bed else "" for bed in programme.beds]
    assert beds[1] == beds[2] == beds[3] != beds[0] == beds[5]
    assert beds[4] == ""
    assert not [note for note in programme.notes if note.slug == "music"]
    assert [piece.kind for c in programme.timeline.chapters if c.level == 3 for piece in c.pieces] == []


@pytest.mark.parametrize("mood", ["calm", "news", "bright", "warm", "night"])
@pytest.mark.parametrize("channels", [1, 2])
def test_speech_stands_over_every_mood(mixed, mood, channels):
    sound = SoundSettings(channels=channels, bed=Music(mood=mood, seed=5), opening=Music(mood=mood))
    assert balance(mixed(talk(1), sound, Edition())).over.min() >= 20


def test_balance_is_kept_by_chapter(mixed, tmp_path):
    programme = mixed(talk(2), SoundSettings(), Edition())
    first = balance(programme, cache=tmp_path)
    assert len(list((tmp_path / "balance").iterdir())) == 3
    again = balance(programme, cache=tmp_path)
    assert np.array_equal(first.over, again.over)
    assert len(first.over) == len(programme.cues)


def test_the_spectrum_of_generated_music_leaves_consonants_alone(mixed):
    bed = mixed([spoken()], SoundSettings(), Edition()).beds[0].track
    power = np.abs(np.fft.rfft(bed.read(0, bed.frames, channels=1)[:, 0])) ** 2
    hertz = np.fft.rfftfreq(bed.frames, 1 / RATE)
    assert power[(hertz > 80) & (hertz < 1300)].sum() / power.sum() > 0.98


def test_a_generated_loop_has_no_seam(mixed):
    bed = mixed([spoken()], SoundSettings(), Edition()).beds[0].track
    around = bed.read(bed.frames - 4800, bed.frames + 4800, channels=2, loop=True)
    steps = np.abs(np.diff(around, axis=0)).max(axis=1)
    assert steps[4795:4805].max() <= steps.max() * 0.9 + 1e-4
    assert np.abs(np.diff(around, 2, axis=0))[4780:4820].max() <= 3 * np.abs(np.diff(around, 2, axis=0)).max() / 2


def test_the_same_settings_give_the_same_sound(mixed):
    one, two = (mixed(talk(1), SoundSettings(), Edition()) for _ in "ab")
    assert one.key(0, one.frames) == two.key(0, two.frames)
    assert np.array_equal(whole(one), whole(two))


# --- keys, stretches, length -----------------------------------------------------------------------------------------


def test_an_edit_changes_the_key_and_the_sound_of_its_chapter_only(mixed):
    lines = talk(3)
    before = mixed(lines, SoundSettings(), Edition())
    edited = [*lines]
    edited[4] = spoken("直した文。", seconds=3.3, seed=99)
    after = mixed(edited, SoundSettings(), Edition())
    changed = []
    for number, ((a, b), (c, d)) in enumerate(
        zip(itertools.pairwise(before.seams), itertools.pairwise(after.seams), strict=True)
    ):
        same_key = before.key(a, b) == after.key(c, d)
        same_sound = b - a == d - c and np.array_equal(
            np.concatenate(list(before.blocks(a, b))), np.concatenate(list(after.blocks(c, d)))
        )
        assert same_key == same_sound
        if not same_key:
            changed.append(number)
    assert changed == [1]


@pytest.mark.parametrize(
    "change",
    [
        {"speech_over_music": 30.0},
        {"bed": Music(seed=8)},
        {"bed": Music(level=-20.0)},
        {"bed": Music(fade_in=3.0)},
        {"channels": 1},
        {"sting": SILENT},
    ],
    ids=str,
)
def test_the_key_changes_with_everything_that_is_heard(mixed, change):
    one = mixed(talk(1), SoundSettings(), Edition())
    two = mixed(talk(1), dataclasses.replace(SoundSettings(), **change), Edition())
    assert one.key(0, one.frames) != two.key(0, two.frames)


def test_an_audition_is_the_same_sound_and_knows_its_lines(mixed):
    programme = mixed(talk(2), SoundSettings(), Edition())
    stretch = audition(programme, 12.0, 5.0)
    sound = whole(stretch)
    assert len(sound) == stretch.frames
    original = whole(programme)[12 * RATE : 17 * RATE]
    assert np.array_equal(sound[960 : 5 * RATE - 960], original[960:-960])
    assert abs(sound[0]).max() == 0
    assert not sound[5 * RATE :].any()
    assert all(0 <= cue.start < cue.end <= 5.0 for cue in stretch.cues)
    assert {cue.line for cue in stretch.cues} == {c.line for c in programme.cues if c.end > 12 and c.start < 17}


def test_an_audition_reads_only_the_lines_it_needs(mixed):
    class Counting:
        frames, rate, reads = 2 * RATE, RATE, 0

        def read(self):
            Counting.reads += 1
            return babble(2.0)

    lines = [Spoken(line=spoken().line, clip=Counting(), voice="mei", key=str(n)) for n in range(40)]
    programme = mixed(lines)
    assert Counting.reads == 0
    whole(audition(programme, 50.0, 4.0))
    assert Counting.reads <= 6


def test_an_audition_after_the_end_is_explained(mixed):
    with pytest.raises(ConfigError) as caught:
        audition(mixed([spoken()]), 500.0, 10.0)
    assert caught.value.hint


def test_a_length_is_met_by_pauses_first(mixed, folder):
    lines = talk(2, 6, 4.0)
    long = mixed(lines).frames / RATE
    found = fit(lines, BARE, PLAIN, wanted=long - 3, base=folder, cache=folder)
    assert found.speed == 1.0
    assert found.advice is None
    assert mixed(lines, pauses=found.pauses).frames / RATE == pytest.approx(long - 3, abs=0.5)


def test_then_by_speed(folder):
    found = fit(talk(2, 6, 4.0), BARE, PLAIN, wanted=69.0, base=folder, cache=folder)
    assert 0.6 < found.pauses < 0.75  # some room is left for what voices make of a speed
    assert 1.0 < found.speed <= 1.12
    assert found.seconds == pytest.approx(69.0, abs=0.5)


def test_a_length_out_of_reach_says_what_to_cut(folder):
    found = fit(talk(3, 6, 4.0), BARE, PLAIN, wanted=60.0, base=folder, cache=folder)
    assert (found.pauses, found.speed) == (0.6, 1.12)
    assert found.over == pytest.approx(found.seconds - 60.0)
    assert "第" in found.advice.ja
    short = fit(talk(1), BARE, PLAIN, wanted=600.0, base=folder, cache=folder)
    assert short.over < 0
    assert "write more" in short.advice.en


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10m", 600),
        ("9m30s", 570),
        ("1h", 3600),
        ("90s", 90),
        ("90", 90),
        ("9:30", 570),
        ("1:02:03", 3723),
        ("10分", 600),
        ("9分30秒", 570),
        ("1時間 5分", 3900),
        (" 2.5M ", 150),
    ],
)
def test_lengths_are_read(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "soon", "10x", "-5m", "25h", "9:75", "1m2", "m", "１０分半"])
def test_what_is_no_length_is_explained(text):
    with pytest.raises(ConfigError) as caught:
        seconds_of(text)
    assert "10m" in str(caught.value.hint)


def test_the_shortest_chapter_that_is_long_enough_is_named(folder):
    lines = [
        spoken("題", level=1),
        *(spoken(seed=n, seconds=4.0) for n in range(6)),
        spoken("短い章", level=2, seed=20),
        spoken(seed=21, seconds=6.0),
        spoken("長い章", level=2, seed=30),
        *(spoken(seed=31 + n, seconds=6.0) for n in range(4)),
    ]
    fastest = fit(lines, BARE, PLAIN, wanted=10.0, base=folder, cache=folder).seconds
    advice = fit(lines, BARE, PLAIN, wanted=fastest - 4.0, base=folder, cache=folder).advice
    assert "短い章" in advice.ja
    assert "長い章" not in advice.ja
    alone = fit([spoken(seconds=30.0)], BARE, PLAIN, wanted=10.0, base=folder, cache=folder).advice
    assert "for example" not in alone.en


def test_the_balance_has_figures_for_the_report(mixed):
    figures = balance(mixed(talk(1), SoundSettings(), Edition())).figures
    assert figures["speech_over_music_min_db"] >= 20
    assert figures["line_spread_lu"] <= 0.5
    assert balance(mixed([])).figures == {"speech_over_music_min_db": 99.0, "line_spread_lu": 0.0}


def test_music_without_speech_is_at_its_full_level(mixed):
    programme = mixed([], SoundSettings(bed=SILENT), Edition())
    assert np.abs(whole(programme)).max() > 0.05


def test_the_mix_is_streamed(mixed):
    """Blocks are at most ten seconds, and never cross a seam."""
    programme = mixed([spoken(seconds=25.0), spoken("次", level=2, seed=2), spoken(seconds=3.0, seed=3)])
    ends = np.cumsum([len(block) for block in programme.blocks()])
    assert max(np.diff([0, *ends])) <= 10 * RATE
    assert set(programme.seams[1:]) <= set(ends.tolist())


def test_loudness_of_the_mix_is_what_mastering_expects(mixed):
    found = loudness.loudness(loudness.listen(mixed(talk(2, 6, 4.0), SoundSettings(), Edition()).blocks()))
    assert found.integrated == pytest.approx(-20.3, abs=1.0)
