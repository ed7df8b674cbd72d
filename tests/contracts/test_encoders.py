"""Promises that every row of ENCODERS keeps: length, loudness, true peak, whole or absent, the same bytes again."""

import shutil
import subprocess

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


CLEAR = Edition(bed=False, sting=False, speed=0.92, announce_headings=True)


@pytest.fixture(scope="module", params=[(1, CLEAR), (2, Edition())], ids=["mono clear", "stereo podcast"])
def mastered(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    channels, edition = request.param
    sound = SoundSettings(channels=channels)
    return master(mix(talk(2, 2, 3.0), sound, edition, title="題", base=folder, cache=folder), sound)


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


def test_left_stays_left(encoded, mastered):
    """What tells the channels apart in the master tells them apart in the file, with the same sign."""
    if mastered.channels == 1:
        return
    wanted, found = (np.concatenate(list(blocks)) for blocks in (encoded.mastered.blocks(), decode(encoded.path)))
    sides = [
        sound[: min(len(wanted), len(found)), 0] - sound[: min(len(wanted), len(found)), 1] for sound in (wanted, found)
    ]
    assert np.corrcoef(*sides)[0, 1] > 0.5


def test_the_same_again_gives_the_same_bytes(encoded, mastered, tmp_path):
    again = encode(mastered, tmp_path / "b", form=encoded.form, bitrate=128, cache=tmp_path / "cache")
    assert again.path.read_bytes() == encoded.path.read_bytes()


def test_every_gap_is_short(encoded):
    assert loudness.longest_silence(encoded.levels) <= 2.5


def test_no_sample_jumps(encoded):
    """No click: no step in the file is steeper than the master's steepest, but for what coding adds."""
    wanted = np.concatenate(list(encoded.mastered.blocks()))[:, 0]
    found = np.concatenate(list(decode(encoded.path)))[:, 0]
    assert np.abs(np.diff(found)).max() <= np.abs(np.diff(wanted)).max() + 0.15


def said(*command):
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run([*command], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.clients
def test_ffmpeg_decodes_it_clean_and_agrees(encoded):
    done = said("ffmpeg", "-v", "error", "-i", str(encoded.path), "-map", "0:a", "-f", "null", "-")
    assert (done.returncode, done.stderr.strip()) == (0, "")
    probe = said("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(encoded.path))
    assert float(probe.stdout) == pytest.approx(encoded.seconds, abs=0.06)


@pytest.mark.clients
def test_chapters_are_in_the_containers_that_have_room(encoded):
    if encoded.form in ("mp3", "wav"):  # MP3 has them in its tags, which are another room's; WAV has no room
        return
    probe = said("ffprobe", "-v", "error", "-show_chapters", "-of", "compact=nk=0", str(encoded.path)).stdout
    for mark in encoded.mastered.marks:
        assert f"start_time={mark.start:.6f}" in probe
        assert f"title={mark.title}" in probe
    if encoded.form == "m4a":
        data = encoded.path.read_bytes()
        assert b"chpl" in data  # Nero's list
        assert b"chap" in data  # QuickTime's track
        assert data.index(b"moov") < data.index(b"mdat")


def test_an_unknown_form_is_explained(mastered, tmp_path):
    with pytest.raises(AudioError) as caught:
        encode(mastered, tmp_path / "a.ram", form="ram", bitrate=128, cache=tmp_path)
    assert "mp3" in str(caught.value.hint)
    assert not list(tmp_path.iterdir())
