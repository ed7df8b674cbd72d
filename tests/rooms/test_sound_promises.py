"""Five promises of the sound, and five ways to break each: a check that never fails is no check."""

import dataclasses
import itertools

import numpy as np
import pytest

from tests.rooms.test_mix_music import tone, wav
from tests.soundstage import SILENT, babble, spoken, whole
from yomicast import loudness, master, mix
from yomicast.encode import decode, encode
from yomicast.mix import music, shape
from yomicast.mix.timeline import Timeline
from yomicast.settings import Edition, Music, SoundSettings

RATE = 48_000
SEAM = 1_152


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A programme with a steady tone as its bed, so that its gain can be read off the music stem."""
    monkeypatch.setattr(music, "_ring", lambda samples: samples[: len(samples) // 192 * 192])  # whole periods loop
    wav(tmp_path / "bed.wav", tone(4.0, hertz=250.0))
    bed = Music(file="bed.wav", fade_in=0.1, fade_out=0.1)
    sound = SoundSettings(bed=bed, opening=SILENT, closing=SILENT, sting=SILENT)
    crackle = babble(3.0, 8) * (1 + 12 * (np.arange(3 * RATE) % 24_000 == 0))
    lines = [
        spoken(seconds=2.0, pause=2.3, seed=1),
        spoken(seconds=1.5, pause=0.3, seed=2),
        spoken(samples=crackle.astype(np.float32), seed=8),
        spoken("二", level=2, seconds=1.2, seed=3, pause=2.3),
        spoken(seconds=2.5, seed=4),
    ]

    def make():
        return mix.mix(lines, sound, Edition(), title="題", base=tmp_path, cache=tmp_path / "cache"), sound

    return make


def music_is_out_of_the_way_when_speech_begins(made):
    programme, sound = made()
    stems = [np.concatenate(part) for part in zip(*programme.stems(), strict=True)]
    full = np.abs(stems[1]).max()
    low = full * 10 ** (-(sound.speech_over_music - 16.0) / 20)
    for cue in programme.cues:
        under = stems[1][round((cue.start - 0.02) * RATE) : round(cue.end * RATE)]
        assert np.abs(under).max() <= low * 1.02
    waits = [b.start - 0.36 for a, b in itertools.pairwise(programme.cues) if 2.2 < b.start - a.end < 2.4]
    assert waits
    for second in waits:
        assert np.abs(stems[1][round(second * RATE) - 2400 : round(second * RATE)]).max() == pytest.approx(
            full, rel=0.02
        )
    steps = np.abs(np.diff(stems[1], axis=0)).max()
    assert steps <= full * 2 * np.pi * 250 / RATE * 1.05  # no step that the tone itself does not take


def speech_stands_20_db_over_music(made):
    over = mix.balance(made()[0]).over
    assert over.min() >= 20
    assert over.min() <= 30  # and the bed is still there


def cues_are_their_own_sound(made):
    programme, _ = made()
    speech = np.concatenate([part[0] for part in programme.stems()])[:, 0]
    for cue in programme.cues:
        a, b = round(cue.start * RATE), round(cue.end * RATE)
        assert np.array_equal(speech[a:b], programme.line(cue.line))
        assert not speech[a - 480 : a].any()
        assert not speech[b : b + 480].any()


def no_peak_is_over(made):
    programme, sound = made()
    mastered = master.master(programme, sound)
    assert master.measure(mastered.blocks()).true_peak <= sound.true_peak


def seams_lie_in_silence_on_the_grid(made):
    programme, _ = made()
    sound = whole(programme)
    assert len(programme.seams) == 3
    for seam in programme.seams:
        assert seam % SEAM == 0
        assert not sound[max(seam - SEAM, 0) : seam + SEAM].any()


PROMISES = {
    "ducking": music_is_out_of_the_way_when_speech_begins,
    "balance": speech_stands_20_db_over_music,
    "cues": cues_are_their_own_sound,
    "peaks": no_peak_is_over,
    "seams": seams_lie_in_silence_on_the_grid,
}


def late_ducking(patch, seconds):
    points = shape.duck_points
    patch.setattr(shape, "duck_points", lambda speech: (points(speech)[0] + seconds * RATE, points(speech)[1]))


def louder_bed(patch, decibels):
    level = music._kept_level
    patch.setattr(music, "_kept_level", lambda *given: level(*given) - decibels)


def shifted_cues(patch, seconds):
    cue = mix._cue

    def shifted(*given):
        found = cue(*given)
        return dataclasses.replace(found, start=found.start + seconds, end=found.end + seconds)

    patch.setattr(mix, "_cue", shifted)


def no_limiter(patch, _):
    patch.setattr(master, "limit", lambda blocks, *, gain, ceiling: (block * np.float32(gain) for block in blocks))


def moved_seam(patch, frames):
    seams = Timeline.seams.fget
    patch.setattr(Timeline, "seams", property(lambda t: (0, *(s + frames for s in seams(t)[1:-1]), t.frames)))


BREAKS = [
    ("ducking", late_ducking, 0.3),
    ("ducking", late_ducking, -0.3),
    ("balance", louder_bed, 6.0),
    ("cues", shifted_cues, 0.05),
    ("cues", shifted_cues, -0.05),
    ("peaks", no_limiter, 0),
    ("seams", moved_seam, 1),
    ("seams", moved_seam, SEAM),
    ("seams", moved_seam, -SEAM),
]


@pytest.mark.parametrize("name", PROMISES)
def test_the_promise_holds(made, name):
    PROMISES[name](made)


@pytest.mark.parametrize(("name", "mutate", "by"), BREAKS)
def test_breaking_it_is_noticed(made, monkeypatch, name, mutate, by):
    mutate(monkeypatch, by)
    with pytest.raises(AssertionError):
        PROMISES[name](made)


# --- what listeners understand ---------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # pyopenjtalk calls an old name of sudachi's
@pytest.mark.parametrize("mood", ["calm", "news"])
def test_speech_is_as_easy_to_understand_in_the_mix_as_alone(tmp_path, mood):
    """STOI of the decoded file against the clean line ≥ .92, with real Japanese speech."""
    stoi = pytest.importorskip("pystoi").stoi
    pyopenjtalk = pytest.importorskip("pyopenjtalk")
    lines = []
    for number, text in enumerate(["今日は新しい図書館の話をします。", "静かな部屋で本を読む人が増えています。"]):
        sound, rate = pyopenjtalk.tts(text)
        loud = np.flatnonzero(np.abs(sound) > 60)
        trimmed = (sound[loud[0] : loud[-1] + 1] / 32768).astype(np.float32)
        lines.append(spoken(text, samples=trimmed, rate=rate, seed=number))
    sound = SoundSettings(bed=Music(mood=mood), channels=1)
    programme = mix.mix(lines, sound, Edition(), title="題", base=tmp_path, cache=tmp_path)
    mastered = master.master(programme, sound)
    encoded = encode(mastered, tmp_path / "a.mp3", form="mp3", bitrate=96, cache=tmp_path)
    heard = np.concatenate(list(decode(encoded.path)))[:, 0]
    for cue in programme.cues:
        part = heard[round(cue.start * RATE) : round(cue.end * RATE)]
        assert stoi(programme.line(cue.line), part, RATE) >= 0.92
    assert loudness.loudness(encoded.levels).range <= 6.0
