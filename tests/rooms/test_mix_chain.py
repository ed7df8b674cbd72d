"""The voice chain: each name does what it says, shifts nothing, and breaks on nothing."""

import dataclasses

import numpy as np
import pytest

from tests.soundstage import BARE, PLAIN, babble, spoken
from yomicast.errors import ConfigError
from yomicast.mix import CHAIN, mix
from yomicast.mix.chain import through
from yomicast.model import Voice

RATE = 48_000


def tone(hertz, seconds=1.0, level=0.3):
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def gain(name, hertz):
    line = tone(hertz)
    return 20 * np.log10(np.std(through(line, [name])[4800:-4800]) / np.std(line[4800:-4800]))


@pytest.mark.parametrize("name", sorted(CHAIN))
@pytest.mark.parametrize(
    "line",
    [np.zeros(0), np.ones(1), np.zeros(500), np.full(4801, 0.5), babble(0.7), babble(1.0) * 20],
    ids=["nothing", "one frame", "silence", "constant", "speech", "too loud"],
)
def test_every_link_keeps_length_and_numbers(name, line):
    found = through(line.astype(np.float32), [name])
    assert found.shape == line.shape
    assert found.dtype == np.float32
    assert np.isfinite(found).all()


@pytest.mark.parametrize("name", sorted(CHAIN))
def test_no_link_shifts_the_sound(name):
    line = babble(1.0, 4)
    found = through(line, [name])
    lag = np.argmax(np.fft.irfft(np.fft.rfft(found) * np.conj(np.fft.rfft(line))))
    assert min(lag, len(line) - lag) <= 1


def test_high_pass():
    assert gain("high-pass", 30) < -15
    assert gain("high-pass", 400) == pytest.approx(0, abs=0.1)


def test_compression_narrows_the_range_of_a_line():
    line = np.concatenate([tone(300, 1.0, 0.05), tone(300, 1.0, 0.5)])
    found = through(line, ["compress"])
    before = np.std(line[RATE:]) / np.std(line[:RATE])
    after = np.std(found[RATE + 9600 :]) / np.std(found[: RATE - 9600])
    assert 20 * np.log10(before / after) > 3


def test_de_essing_touches_hiss_only():
    at = np.arange(RATE)
    hiss = np.where((at > 20_000) & (at < 26_000), tone(7_000, level=0.4), 0).astype(np.float32)
    voice = tone(300, level=0.2)
    found = through(voice + hiss, ["de-ess"])
    assert np.std(found[21_500:25_500] - voice[21_500:25_500]) < 0.6 * np.std(hiss[21_500:25_500])
    assert np.allclose(found[:15_000], voice[:15_000], atol=0.01)


@pytest.mark.parametrize(
    ("name", "hertz", "low", "high"),
    [
        ("warm", 250, 1.5, 2.5),
        ("warm", 10_000, -4, -2),
        ("clear", 3_500, 2.5, 3.5),
        ("soft", 5_000, -3.5, -2.5),
        ("telephone", 100, -80, -30),
        ("telephone", 1_000, -0.2, 0.2),
    ],
)
def test_the_presets(name, hertz, low, high):
    assert low <= gain(name, hertz) <= high


def test_an_unknown_name_is_explained_with_the_nearest(tmp_path):
    card = Voice(name="mei", engine="marker", settings=None, chain=("hi-pass",))
    with pytest.raises(ConfigError) as caught:
        mix([spoken()], BARE, PLAIN, title="題", base=tmp_path, cache=tmp_path, voices={"mei": card})
    assert "high-pass" in str(caught.value.hint)
    assert "mei" in str(caught.value.where)


def test_the_chain_is_heard_and_part_of_the_key(tmp_path):
    card = Voice(name="mei", engine="marker", settings=None)
    made = [
        mix([spoken()], BARE, PLAIN, title="題", base=tmp_path, cache=tmp_path, voices={"mei": voice})
        for voice in (card, dataclasses.replace(card, chain=("telephone",)))
    ]
    assert made[0].key(0, made[0].frames) != made[1].key(0, made[1].frames)
    assert not np.allclose(made[0].line(0), made[1].line(0))
