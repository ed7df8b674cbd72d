"""Promises that every row of ENCODERS keeps: length, loudness, true peak, whole or absent, the same bytes again."""

import numpy as np
import pytest

from tests.soundstage import talk
from yomicast import loudness
from yomicast.encode import ENCODERS, decode, encode
from yomicast.errors import AudioError
from yomicast.master import master
from yomicast.mix import mix
from yomicast.settings import Edition, SoundSettings

FRAME = 1_152


@pytest.fixture(scope="module", params=[1, 2], ids=["mono", "stereo"])
def mastered(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    sound = SoundSettings(channels=request.param)
    return master(mix(talk(2), sound, Edition(), title="題", base=folder, cache=folder), sound)


@pytest.fixture(scope="module", params=sorted(ENCODERS))
def encoded(request, mastered, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return encode(mastered, folder / f"a.{request.param}", form=request.param, bitrate=128, cache=folder / "cache")


def test_the_decoded_length_is_the_programmes(encoded, mastered):
    found = sum(len(block) for block in decode(encoded.path))
    assert abs(found - mastered.frames) <= FRAME
    assert encoded.frames == mastered.frames


def test_loudness_and_true_peak_hold_on_the_decoded_file(encoded, mastered):
    heard = loudness.loudness(loudness.listen(decode(encoded.path)))
    assert heard.integrated == pytest.approx({1: -19.0, 2: -16.0}[mastered.channels], abs=0.3)
    assert heard.true_peak <= -1.0
    assert encoded.loudness.integrated == pytest.approx(heard.integrated, abs=0.1)


def test_the_sound_stands_where_the_cues_say(encoded, mastered):
    """The decoded file is the master again, no frame shifted: correlation at lag 0 beats every other."""
    wanted = np.concatenate(list(encoded.mastered.blocks()))[:, 0]
    found = np.concatenate(list(decode(encoded.path)))[:, 0]
    length = min(len(wanted), len(found))
    spectrum = np.fft.rfft(wanted[:length]) * np.conj(np.fft.rfft(found[:length]))
    correlation = np.fft.irfft(spectrum, length)
    lag = int(np.argmax(correlation))
    assert min(lag, length - lag) <= 1


def test_the_same_again_gives_the_same_bytes(encoded, mastered, tmp_path):
    again = encode(mastered, tmp_path / "b", form=encoded.form, bitrate=128, cache=tmp_path / "cache")
    assert again.path.read_bytes() == encoded.path.read_bytes()


def test_an_unknown_form_is_explained(mastered, tmp_path):
    with pytest.raises(AudioError) as caught:
        encode(mastered, tmp_path / "a.ram", form="ram", bitrate=128, cache=tmp_path)
    assert "mp3" in str(caught.value.hint)
    assert not list(tmp_path.iterdir())
