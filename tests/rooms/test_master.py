"""Mastering: target loudness, no peak over the ceiling, gains that stay, the picture."""

import dataclasses
import io
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.soundstage import BARE, PLAIN, babble, spoken, talk, whole
from yomicast import loudness
from yomicast.master import doubts, master, measure, picture, preview
from yomicast.master.limiter import limit
from yomicast.mix import audition, balance, mix
from yomicast.settings import Edition, SoundSettings

RATE = 48_000


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mix")
    return mix(talk(2, 4, 3.0), SoundSettings(), Edition(), title="題", base=folder, cache=folder)


def true_peak(samples):
    return loudness.listen([samples]).peak


def test_an_unfinished_tenth_of_a_second_counts_as_if_silence_followed():
    tone = np.sin(np.arange(7_200) * 0.1).astype(np.float32)[:, None]
    padded = np.pad(tone, ((0, 2_400), (0, 0)))
    assert np.allclose(loudness.energies(tone), loudness.energies(padded), rtol=1e-5)
    assert loudness.energies(tone)[1] > 0.1 * loudness.energies(tone)[0]
    assert loudness.energies(tone[:0]).shape == (0,)


# --- the limiter -----------------------------------------------------------------------------------------------------

SHOUTS = {
    "square": np.sign(np.sin(np.arange(RATE) / 37.0)),
    "impulse": np.where(np.arange(RATE) == 24_000, 3.0, 0.0),
    "two impulses": np.where(np.isin(np.arange(RATE), [24_000, 24_040]), 3.0, 0.0),
    "between samples": np.sin(np.arange(RATE) * np.pi / 2 + np.pi / 4) * 1.3,
    "at the start": np.where(np.arange(RATE) < 10, 2.0, 0.1),
    "at the end": np.where(np.arange(RATE) > RATE - 10, 2.0, 0.1),
    "noise": np.random.default_rng(1).standard_normal(RATE),
    "swell": np.sin(np.arange(RATE) / 20.0) * np.linspace(0, 3, RATE),
}


@pytest.mark.parametrize("name", sorted(SHOUTS))
@pytest.mark.parametrize("size", [RATE, 4_801, 100])
def test_no_true_peak_is_over_the_ceiling(name, size):
    signal = SHOUTS[name].astype(np.float32)[:, None]
    blocks = [signal[at : at + size] for at in range(0, RATE, size)]
    found = np.concatenate(list(limit(blocks, gain=1.0, ceiling=0.5)))
    assert len(found) == RATE
    padded = np.pad(found, ((0, 4800), (0, 0)))
    assert true_peak(padded) <= 0.5 * 10 ** (0.25 / 20)


@given(st.integers(0, 1000), st.lists(st.integers(48, 30_000), min_size=1, max_size=6))
@settings(max_examples=30)
def test_blocks_do_not_change_what_the_limiter_does(seed, cuts):
    """Cuts on whole milliseconds, as the mix room makes them, change nothing at all."""
    signal = (babble(1.0, seed) * 6)[:, None]
    places = np.cumsum([cut // 48 * 48 for cut in cuts])
    blocks = np.split(signal, places[places < len(signal)])
    one = np.concatenate(list(limit([signal], gain=1.0, ceiling=0.5)))
    two = np.concatenate(list(limit(blocks, gain=1.0, ceiling=0.5)))
    assert np.allclose(one, two, atol=2e-4)


def test_nothing_and_very_short_sounds_pass():
    assert list(limit([], gain=1.0, ceiling=0.5)) == []
    (short,) = limit([np.full((10, 1), 0.9, np.float32)], gain=1.0, ceiling=0.5)
    assert short.shape == (10, 1)
    assert np.abs(short).max() <= 0.5


def test_what_is_under_the_ceiling_is_left_alone():
    signal = (babble(1.0) * 0.5)[:, None]
    assert np.array_equal(np.concatenate(list(limit([signal], gain=1.0, ceiling=0.9))), signal)


def test_limiting_is_smooth():
    """Gain moves slowly: a loud impulse lowers its neighbours without a step."""
    signal = np.full((RATE, 1), 0.3, np.float32)
    signal[24_000] = 2.0
    found = np.concatenate(list(limit([signal], gain=1.0, ceiling=0.5)))[:, 0]
    around = np.delete(found, 24_000)
    assert np.abs(np.diff(around)).max() < 0.002
    assert found[24_000] == pytest.approx(0.5, rel=0.05)
    assert np.array_equal(found[:23_000], signal[:23_000, 0])


def test_both_channels_share_one_gain():
    signal = np.stack([np.sin(np.arange(RATE) / 20), 0.1 * np.ones(RATE)], axis=1).astype(np.float32)
    found = np.concatenate(list(limit([signal], gain=1.0, ceiling=0.5)))
    assert found[24_000, 1] == pytest.approx(0.05, rel=0.05)


# --- the programme ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("channels", "target"), [(1, -19.0), (2, -16.0)])
def test_the_target_is_met_and_no_peak_is_over(tmp_path, channels, target):
    sound = SoundSettings(channels=channels)
    mastered = master(mix(talk(2, 4), sound, Edition(), title="題", base=tmp_path, cache=tmp_path), sound)
    found = measure(mastered.blocks())
    assert found.integrated == pytest.approx(target, abs=0.2)
    assert mastered.figures.integrated == pytest.approx(found.integrated, abs=0.15)
    assert found.true_peak <= mastered.ceiling_db + 0.25


@pytest.mark.parametrize("wanted", [-30.0, -23.0, -12.0])
def test_any_target_is_met(programme, wanted):
    sound = SoundSettings(loudness=wanted)
    mastered = master(programme, sound)
    assert measure(mastered.blocks()).integrated == pytest.approx(wanted, abs=0.3)


def test_a_target_too_loud_to_meet_ends_all_the_same(programme):
    mastered = master(programme, SoundSettings(loudness=-9.0, true_peak=-9.0))
    found = measure(mastered.blocks())
    assert found.true_peak <= -9.0
    assert found.integrated < -9.0


def test_timetable_and_seams_pass_through(programme):
    mastered = master(programme, SoundSettings())
    for name in ("title", "rate", "channels", "frames", "cues", "marks", "seams"):
        assert getattr(mastered, name) == getattr(programme, name)
    assert sum(len(block) for block in mastered.blocks()) == programme.frames


def test_chapters_are_mastered_apart(programme):
    """The same frames come out whether the whole is read or a chapter, so that chapters can be kept."""
    mastered = master(programme, SoundSettings())
    everything = whole(mastered)
    for start, stop in itertools.pairwise(programme.seams):
        assert np.array_equal(np.concatenate(list(mastered.blocks(start, stop))), everything[start:stop])


def test_a_pinned_gain_stays_while_it_is_near(programme):
    free = master(programme, SoundSettings())
    near = master(programme, SoundSettings(), pinned_gain=free.gain_db + 0.1)
    far = master(programme, SoundSettings(), pinned_gain=free.gain_db + 0.5)
    assert near.gain_db == pytest.approx(free.gain_db + 0.1)
    assert far.gain_db == free.gain_db


def test_levels_of_chapters_are_kept(programme, tmp_path):
    first = master(programme, SoundSettings(), cache=tmp_path)

    class Deaf:
        def __getattr__(self, name):
            return getattr(programme, name)

        def blocks(self, *_):
            raise AssertionError("measured again")

    assert master(Deaf(), SoundSettings(), cache=tmp_path, pinned_gain=first.gain_db).gain_db == first.gain_db
    assert len(list((tmp_path / "levels").iterdir())) == len(programme.seams) - 1


def test_progress_runs_to_the_end(programme):
    seen = []
    master(programme, SoundSettings(), on_progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_silence_stays_silence(tmp_path):
    lines = [spoken(samples=np.zeros(RATE, np.float32))]
    mastered = master(mix(lines, BARE, PLAIN, title="題", base=tmp_path, cache=tmp_path), BARE)
    assert not whole(mastered).any()
    assert mastered.corrected(loudness.listen(mastered.blocks())) is None


def test_a_miss_on_the_encoded_file_is_corrected(programme):
    mastered = master(programme, SoundSettings())
    levels = loudness.listen(mastered.blocks())
    assert mastered.corrected(levels) is None
    quiet = dataclasses.replace(levels, energies=levels.energies / 2)
    assert mastered.corrected(quiet).gain_db == pytest.approx(mastered.gain_db + 3.0, abs=0.15)
    hot = dataclasses.replace(levels, peak=10 ** (-0.5 / 20))
    assert mastered.corrected(hot).ceiling_db == pytest.approx(mastered.ceiling_db - 0.6, abs=0.11)
    assert mastered.corrected(hot).key(0, 1) != mastered.key(0, 1)


def test_a_stretch_is_mastered_at_the_gain_of_the_whole(programme):
    stretch = preview(audition(programme, 10, 5), SoundSettings(), gain=3.3)
    assert stretch.gain_db == 3.3
    assert stretch.corrected(loudness.listen(stretch.blocks())) is None


def test_the_picture_shows_the_episode(programme):
    mastered = master(programme, SoundSettings())
    levels = loudness.join(loudness.listen(mastered.blocks(a, b)) for a, b in itertools.pairwise(mastered.seams))
    over = balance(programme).over
    data = picture(mastered, levels, target=-16.0, over=over)
    image = Image.open(io.BytesIO(data)).convert("RGB")
    assert image.size == (1600, 650)
    assert len(image.getcolors(1 << 24)) > 5
    assert data == picture(mastered, levels, target=-16.0, over=over)
    bad = over.copy()
    bad[3] = 10.0
    red = (0xC0, 0x39, 0x2B)
    warned = Image.open(io.BytesIO(picture(mastered, levels, target=-16.0, over=bad))).convert("RGB")
    assert red in [colour for _, colour in warned.getcolors(1 << 24)]
    assert red not in [colour for _, colour in image.getcolors(1 << 24)]


def test_a_short_episode_is_drawn_without_gaps_and_nothing_runs_out_of_the_frame(programme):
    """Columns finer than a hop; chapters whose last hops are short, so that hop number × 100 ms is too late."""
    mastered = master(programme, SoundSettings())
    levels = loudness.join(loudness.listen(mastered.blocks(a, b)) for a, b in itertools.pairwise(mastered.seams))
    image = np.asarray(Image.open(io.BytesIO(picture(mastered, levels, target=-16.0))).convert("RGB"))
    blue, green = (0x35, 0x66, 0xA8), (0x1F, 0x7A, 0x4D)
    columns = (image[40:230] == blue).all(axis=2).sum(axis=0)[70:1580]
    loud = [
        c
        for cue in programme.cues
        for c in range(*(round(1510 * t / (programme.frames / 48_000)) for t in (cue.start + 0.2, cue.end - 0.2)))
    ]
    assert columns[loud].min() > 5
    assert not (image[:, 1581:] == green).all(axis=2).any()
    assert (image[:, 1560:1581] == green).all(axis=2).any()


def test_a_picture_of_nothing_is_a_picture(tmp_path):
    mastered = master(mix([], BARE, PLAIN, title="題", base=tmp_path, cache=tmp_path), BARE)
    assert picture(mastered, loudness.listen([]), target=-16.0).startswith(b"\x89PNG")


GATES = {
    "lufs": (-15.69, -15.71),
    "true_peak_dbtp": (-0.9, -1.0),
    "range_lu": (6.1, 6.0),
    "longest_silence_s": (2.6, 2.5),
    "speech_over_music_min_db": (19.9, 20.0),
}


@pytest.mark.parametrize("name", GATES)
def test_each_figure_has_its_gate(name):
    missed, met = GATES[name]
    (note,) = doubts({name: missed}, target=-16.0, true_peak=-1.0)
    assert f"{missed}" in note.text.en
    assert f"{missed}" in note.text.ja
    assert not doubts({name: met}, target=-16.0, true_peak=-1.0)


def test_a_fifth_of_long_chapters_tells_the_loudness_of_all(tmp_path, monkeypatch):
    lines = talk(2, lines=14, seconds=5.0)
    programme = mix(lines, SoundSettings(), Edition(), title="題", base=tmp_path, cache=tmp_path)
    assert max(b - a for a, b in itertools.pairwise(programme.seams)) > 90 * RATE
    heard = []
    blocks = type(programme).blocks
    monkeypatch.setattr(
        type(programme), "blocks", lambda self, a=0, b=None: (heard.append(len(x)) or x for x in blocks(self, a, b))
    )
    mastered = master(programme, SoundSettings())
    monkeypatch.undo()
    assert sum(heard) < 0.35 * programme.frames
    assert measure(mastered.blocks()).integrated == pytest.approx(-16.0, abs=0.15)
