"""The meter against EBU Tech 3341 and 3342 signals made here, and ffmpeg's ebur128."""

import re
import shutil
import subprocess
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.soundstage import babble
from yomicast import loudness

RATE = 48_000


def tone(seconds, decibels, hertz=1000.0, phase=0.0):
    at = np.arange(round(seconds * RATE)) / RATE
    return 10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * at + phase)


def stereo(*parts):
    one = np.concatenate(parts).astype(np.float32)
    return np.stack([one, one], axis=1)


def heard(samples, pieces=7):
    return loudness.listen(np.array_split(samples, pieces))


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ([(20, -23)], -23.0),
        ([(20, -33)], -33.0),
        ([(10, -36), (60, -23), (10, -36)], -23.0),
        ([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23.0),
        ([(20, -26), (20.1, -20), (20, -26)], -23.0),
    ],
    ids=["case 1", "case 2", "case 3: relative gate", "case 4: absolute gate", "case 5"],
)
def test_tech_3341_integrated(parts, wanted):
    assert loudness.integrated(heard(stereo(*(tone(*part) for part in parts)))) == pytest.approx(wanted, abs=0.1)


def test_tech_3341_case_9_short_term_stays():
    signal = stereo(*([tone(1.34, -20), tone(1.66, -30)] * 5))
    assert loudness.short_term(heard(signal)) == pytest.approx(-23.0, abs=0.1)


def test_tech_3341_case_12_momentary():
    signal = stereo(*([tone(0.18, -20), tone(0.22, -30)] * 25))
    assert loudness.loudness(heard(signal)).momentary == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(
    ("hertz", "degrees", "amplitude", "wanted"),
    [
        (RATE / 4, 0.0, 0.5, -6.0),
        (RATE / 4, 45.0, 0.5, -6.0),
        (RATE / 6, 60.0, 0.5, -6.0),
        (RATE / 8, 67.5, 0.5, -6.0),
        (RATE / 4, 45.0, 1.41, 3.0),
    ],
    ids=["case 15", "case 16", "case 17", "case 18", "case 19"],
)
def test_tech_3341_true_peak(hertz, degrees, amplitude, wanted):
    edges = np.minimum(1, np.minimum(np.arange(RATE), np.arange(RATE)[::-1]) / 480)  # cut off, a tone really overshoots
    signal = stereo(edges * amplitude * tone(1.0, 0.0, hertz, np.radians(degrees)))
    found = loudness.loudness(heard(signal)).true_peak
    assert wanted - 0.4 <= found <= wanted + 0.2


@given(st.floats(0, 2 * np.pi), st.floats(300, 18_000), st.integers(1, 9))
def test_the_true_peak_of_a_tone_does_not_depend_on_phase_or_blocks(phase, hertz, pieces):
    """Away from the edges, where a tone that is cut off really does overshoot."""
    shape = np.minimum(1, np.minimum(np.arange(4800), np.arange(4800)[::-1]) / 1000)
    signal = (0.5 * tone(0.1, 0.0, hertz, phase) * shape).astype(np.float32)[:, None]
    assert heard(signal, pieces).peak == pytest.approx(0.5, rel=0.055)


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ([(20, -20), (20, -30)], 10.0),
        ([(20, -20), (20, -15)], 5.0),
        ([(20, -40), (20, -20)], 20.0),
        ([(20, -50), (20, -35), (20, -20), (20, -35), (20, -50)], 15.0),
    ],
    ids=["case 1", "case 2", "case 3", "case 4"],
)
def test_tech_3342_range(parts, wanted):
    assert loudness.loudness_range(heard(stereo(*(tone(*part) for part in parts)))) == pytest.approx(wanted, abs=1.0)


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=8))
def test_blocks_of_any_size_give_the_same_levels(cuts):
    signal = babble(2.0, 3)[:, None]
    places = np.cumsum(cuts)
    found = loudness.listen(np.split(signal, places[places < len(signal)]))
    whole = loudness.listen([signal])
    assert np.allclose(found.energies, whole.energies, rtol=1e-5)
    assert found.peak == pytest.approx(whole.peak, rel=1e-5)


def test_joined_levels_are_the_levels_of_the_whole():
    signal = babble(8.0, 5)[:, None]
    parts = [loudness.listen([signal[: 3 * RATE]]), loudness.listen([signal[3 * RATE :]])]
    assert np.allclose(loudness.join(parts).energies, loudness.listen([signal]).energies, rtol=1e-4)


def test_silence_and_nothing_are_minus_infinity():
    for levels in (loudness.listen([]), loudness.listen([np.zeros((RATE, 2), np.float32)])):
        assert loudness.loudness(levels).integrated == float("-inf")
        assert loudness.loudness(levels).range == 0.0


def test_a_sound_shorter_than_a_block_has_a_loudness():
    assert -30 < loudness.integrated(loudness.listen([stereo(tone(0.05, -20))])) < -20


def test_empty_blocks_and_single_frames_do_no_harm():
    meter = loudness.Meter()
    for block in (np.zeros((0, 2)), np.full((1, 2), 0.5), np.zeros((0, 2)), np.full((30, 2), 0.25)):
        meter.feed(block.astype(np.float32))
    assert meter.levels().peak >= 0.5


def test_the_longest_silence_is_found():
    signal = stereo(tone(1, -20), np.zeros(3 * RATE), tone(1, -20), np.zeros(RATE))
    assert loudness.longest_silence(heard(signal)) == pytest.approx(3.0, abs=0.11)


@pytest.mark.clients
@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
@pytest.mark.parametrize("channels", [1, 2])
def test_ffmpeg_measures_the_same(tmp_path, channels):
    signal = np.concatenate([babble(4, n, level=0.02 + 0.02 * n) for n in range(6)])
    both = np.stack([signal, np.roll(signal, 2000)], axis=1)[:, :channels]
    pcm = np.rint(both * 32767).astype("<i2")
    with wave.open(str(tmp_path / "a.wav"), "wb") as out:
        out.setparams((channels, 2, RATE, 0, "NONE", ""))
        out.writeframes(pcm.tobytes())
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(tmp_path / "a.wav")]
    said = subprocess.run(
        [*command, "-af", "ebur128=peak=true", "-f", "null", "-"], capture_output=True, text=True, check=True
    ).stderr.rsplit("Summary:", 1)[1]
    wanted = {key: float(re.search(rf"{key}:\s+(-?[\d.]+)", said)[1]) for key in ("I", "LRA", "Peak")}
    found = loudness.loudness(heard(pcm.astype(np.float32) / 32768))
    assert found.integrated == pytest.approx(wanted["I"], abs=0.1)
    assert found.range == pytest.approx(wanted["LRA"], abs=0.2)
    assert found.true_peak == pytest.approx(wanted["Peak"], abs=0.2)
