"""MP3 chapter by chapter: the Info frame, the joins, the cache, what happens when the disk is full."""

import dataclasses
import errno
import itertools
import shutil
import subprocess
import threading

import mutagen.mp3
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.soundstage import spoken, talk, whole
from yomicast.encode import ahead, containers, decode, encode, mp3
from yomicast.encode.crc import crc16, joined
from yomicast.encode.decode import Stream
from yomicast.errors import AudioError, OutputError
from yomicast.master import master, preview
from yomicast.mix import mix
from yomicast.settings import Edition, SoundSettings

RATE = 48_000
FRAME = 1_152


def made(lines, folder, *, channels=2, bitrate=128, cache=None, pinned=None):
    sound = SoundSettings(channels=channels)
    programme = mix(lines, sound, Edition(), title="題", base=folder, cache=folder / "music")
    mastered = master(programme, sound, pinned_gain=pinned)
    return encode(mastered, folder / "a.mp3", form="mp3", bitrate=bitrate, cache=cache or folder / "cache")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("encode")


@pytest.fixture(scope="module")
def encoded(folder):
    return made(talk(3), folder)


# --- the checksum ----------------------------------------------------------------------------------------------------


def slow_crc(data, crc=0):
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def test_the_checksum_of_the_standard_word():
    assert crc16(b"123456789") == 0xBB3D


@given(st.binary(max_size=300), st.integers(0, 65_535))
def test_short_checksums(data, before):
    assert crc16(data, before) == slow_crc(data, before)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_the_checksum_of_two_stretches_from_those_of_each(one, two):
    assert joined(crc16(one), crc16(two), len(two)) == slow_crc(one + two)


@pytest.mark.parametrize("size", [32_767, 32_768, 40_000, 100_001])
def test_long_checksums_by_lanes(size):
    data = np.random.default_rng(size).integers(0, 256, size, dtype=np.uint8).tobytes()
    assert crc16(data, 0x1234) == slow_crc(data, 0x1234)


# --- the file --------------------------------------------------------------------------------------------------------


def test_the_info_frame_says_what_is_there(encoded):
    data = encoded.path.read_bytes()
    size = 3 * 128
    info, audio = data[:size], data[size:]
    at = info.index(b"Info")
    assert at == 36
    assert int.from_bytes(info[at + 8 : at + 12], "big") == len(audio) // size == encoded.frames // FRAME + 1
    assert int.from_bytes(info[at + 12 : at + 16], "big") == len(data)
    lame = info[at + 120 : at + 156]
    assert lame.startswith(b"LAME3.1")
    delay, padding = lame[21] << 4 | lame[22] >> 4, (lame[22] & 15) << 8 | lame[23]
    assert len(audio) // size * FRAME - delay - padding == encoded.frames
    assert int.from_bytes(lame[28:32], "big") == len(data)
    assert int.from_bytes(lame[32:34], "big") == slow_crc(audio)
    assert int.from_bytes(lame[34:36], "big") == slow_crc(info[: at + 154])


@pytest.mark.parametrize(("channels", "bitrate"), [(1, 64), (1, 96), (2, 64), (2, 128), (2, 192), (2, 320)])
def test_players_agree_on_the_duration(tmp_path, channels, bitrate):
    found = made([spoken(seconds=3.0)], tmp_path, channels=channels, bitrate=bitrate)
    info = mutagen.mp3.MP3(found.path).info
    assert info.length == pytest.approx(found.seconds, abs=0.03)
    assert info.bitrate_mode == mutagen.mp3.BitrateMode.CBR
    assert (info.bitrate, info.sample_rate, info.channels) == (bitrate * 1000, RATE, channels)
    assert sum(len(block) for block in decode(found.path)) == found.frames


def test_every_frame_is_an_mp3_frame_of_the_same_size(encoded):
    data = encoded.path.read_bytes()
    assert len(data) % 384 == 0
    headers = {data[at : at + 3] for at in range(0, len(data), 384)}
    assert {header[:2] for header in headers} == {b"\xff\xfb"}


def test_a_bit_rate_that_mp3_has_not_becomes_the_nearest():
    assert mp3.nearest_bitrate(100) == 96
    assert mp3.nearest_bitrate(8) == 64
    assert mp3.nearest_bitrate(1000) == 320


def test_joins_are_silent_and_in_place(encoded):
    """At every seam the decoded file is quiet, and what follows stands where the master has it."""
    wanted, found = whole(encoded.mastered), np.concatenate(list(decode(encoded.path)))
    seams = encoded.mastered.seams[1:-1]
    assert len(seams) == 3
    for seam in seams:
        assert not wanted[seam - FRAME : seam + FRAME].any()
        assert np.abs(found[seam - 600 : seam + 600]).max() <= 31 / 32768
    for start, stop in itertools.pairwise(encoded.mastered.seams):
        one, two = wanted[start:stop, 0], found[start:stop, 0]
        lag = int(np.argmax(np.fft.irfft(np.fft.rfft(two) * np.conj(np.fft.rfft(one)), len(one))))
        assert min(lag, len(one) - lag) <= 1


def test_no_click_anywhere(encoded):
    """No sample jumps further than the master's own steepest slope, but for what coding adds."""
    wanted, found = whole(encoded.mastered)[:, 0], np.concatenate(list(decode(encoded.path)))[:, 0]
    assert np.abs(np.diff(found)).max() <= np.abs(np.diff(wanted)).max() + 0.15


# --- chapters are the unit -------------------------------------------------------------------------------------------


def test_after_an_edit_one_chapter_is_encoded_and_the_bytes_are_a_full_renders(folder, encoded, tmp_path):
    edited = talk(3)
    edited[4] = spoken("直した文です。", seconds=3.1, seed=77)
    gain = encoded.mastered.gain_db
    quick = made(edited, folder, cache=folder / "cache", pinned=gain)
    quick_bytes = quick.path.read_bytes()
    assert quick.fresh == 1
    full = made(edited, tmp_path, pinned=gain)
    assert full.fresh == 4
    assert full.path.read_bytes() == quick_bytes


def test_a_second_run_encodes_nothing(tmp_path):
    first = made(talk(1, 1), tmp_path)
    before = first.path.read_bytes()
    again = made(talk(1, 1), tmp_path)
    assert (first.fresh, again.fresh) == (2, 0)
    assert again.path.read_bytes() == before
    assert again.figures == first.figures


def test_what_a_correction_changed_can_be_encoded_ahead_of_the_measuring(tmp_path):
    sound, edition = SoundSettings(), Edition()
    lines = talk(3)

    def mastered(gain=5.0):
        programme = mix(lines, sound, edition, title="題", base=tmp_path, cache=tmp_path / "music")
        return preview(programme, sound, gain=gain)

    cache = tmp_path / "cache"
    assert ahead(mastered(), bitrate=128, cache=cache) == 0  # all of it is lacking: not in vain
    encode(mastered(), tmp_path / "a.mp3", form="mp3", bitrate=128, cache=cache)
    assert ahead(mastered(), bitrate=128, cache=cache) == 0
    next((cache / "chunks").glob("*.npy")).unlink()
    assert ahead(mastered(), bitrate=128, cache=cache) == 1
    assert encode(mastered(), tmp_path / "b.mp3", form="mp3", bitrate=128, cache=cache).fresh == 0
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()


def test_what_a_killed_run_left_is_finished(tmp_path):
    """A chunk without its levels, or levels without a chunk, is made again."""
    first = made(talk(1, 1), tmp_path)
    before = first.path.read_bytes()
    chunks = sorted((tmp_path / "cache" / "chunks").iterdir())
    chunks[0].unlink()
    assert made(talk(1, 1), tmp_path).fresh == 1
    assert first.path.read_bytes() == before


def test_progress_reaches_the_end(tmp_path):
    seen = []
    sound = SoundSettings()
    mastered = master(mix(talk(1, 1), sound, Edition(), title="題", base=tmp_path, cache=tmp_path), sound)
    encode(
        mastered,
        tmp_path / "a.mp3",
        form="mp3",
        bitrate=128,
        cache=tmp_path,
        on_progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (mastered.frames, mastered.frames)


# --- trouble ---------------------------------------------------------------------------------------------------------


class Failing:
    """A mastered programme whose reading fails after some blocks."""

    def __init__(self, source, error, after=1):
        self._source, self._error, self._after = source, error, after

    def __getattr__(self, name):
        return getattr(self._source, name)

    def blocks(self, *span):
        for number, block in enumerate(self._source.blocks(*span)):
            if number >= self._after:
                raise self._error
            yield block


@pytest.mark.parametrize("form", ["mp3", "m4a", "wav"])
def test_a_full_disk_in_the_middle_leaves_nothing_half_written(tmp_path, form):
    sound = SoundSettings()
    programme = mix([spoken(seconds=25)], sound, Edition(), title="題", base=tmp_path, cache=tmp_path / "music")
    full = Failing(master(programme, sound), OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(OutputError) as caught:
        encode(full, tmp_path / f"a.{form}", form=form, bitrate=128, cache=tmp_path / "cache")
    assert "full" in str(caught.value)
    left = [path for path in tmp_path.rglob("*") if path.is_file() and "music" not in path.parts]
    assert left == []


def test_the_episode_before_stays_when_a_run_fails(tmp_path):
    sound = SoundSettings()
    programme = mix([spoken(seconds=12)], sound, Edition(), title="題", base=tmp_path, cache=tmp_path / "music")
    (tmp_path / "a.mp3").write_bytes(b"the old one")
    with pytest.raises(KeyboardInterrupt):
        encode(
            Failing(master(programme, sound), KeyboardInterrupt()),
            tmp_path / "a.mp3",
            form="mp3",
            bitrate=128,
            cache=tmp_path / "cache",
        )
    assert (tmp_path / "a.mp3").read_bytes() == b"the old one"


def test_an_encoder_that_is_not_there_is_explained(tmp_path, monkeypatch):
    monkeypatch.setitem(containers.FORMS, "opus", dataclasses.replace(containers.FORMS["opus"], codec="no_such_codec"))
    sound = SoundSettings()
    mastered = master(mix([spoken()], sound, Edition(), title="題", base=tmp_path, cache=tmp_path), sound)
    with pytest.raises(AudioError) as caught:
        containers.write(
            mastered, tmp_path / "a", containers.FORMS["opus"], bitrate=64, on_progress=lambda done, total: None
        )
    assert "flac" in str(caught.value.hint)


def test_what_is_no_audio_is_explained(tmp_path):
    (tmp_path / "a.mp3").write_bytes(b"nothing of the kind")
    with pytest.raises(AudioError):
        list(decode(tmp_path / "a.mp3"))


# --- real clients ----------------------------------------------------------------------------------------------------


def said(*command):
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run([*command], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.clients
def test_mp3val_finds_nothing_but_missing_tags(encoded):
    lines = said("mp3val", str(encoded.path)).stdout.splitlines()
    worries = [line for line in lines if ("WARNING" in line or "ERROR" in line) and "No supported tags" not in line]
    assert lines
    assert worries == []


@pytest.mark.clients
def test_mpg123_plays_it_without_a_word(encoded):
    done = said("mpg123", "-t", "-q", str(encoded.path))
    assert (done.returncode, done.stderr.strip()) == (0, "")


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("step", [1, 977, 50_000])
def test_an_mp3_heard_while_it_is_written_is_the_file(tmp_path, channels, step):
    noise = np.random.default_rng(step).normal(0, 0.1, (FRAME * 40, channels)).astype(np.float32)
    data = b"".join(mp3.encode([noise[:20_000], noise[20_000:]], channels=channels, bitrate=96))
    assert len(data) == 41 * mp3.size_of(96)
    path = tmp_path / "a.mp3"
    path.write_bytes(data)
    stream = Stream()
    pieces = [data[at : at + step] for at in range(0, len(data), step)]
    heard = [block for piece in (*pieces, b"") for block in stream.feed(piece)]
    assert np.array_equal(np.concatenate(heard), np.concatenate(list(decode(path))))


def test_a_fault_while_blocks_are_made_ends_the_encoder(tmp_path):
    def blocks():
        yield np.zeros((FRAME * 10, 2), np.float32)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        list(mp3.encode(blocks(), channels=2, bitrate=128))
    assert not [one for one in threading.enumerate() if one.name.startswith("lame")]
