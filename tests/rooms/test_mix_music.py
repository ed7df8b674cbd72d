"""The author's own music, in every state it can be in."""

import itertools
import subprocess
import sys
import wave

import av
import numpy as np
import pytest

from tests.soundstage import BARE, SILENT, spoken, talk, whole
from yomicast.errors import AudioError
from yomicast.mix import balance, mix, ready
from yomicast.mix.music import LONGEST, load
from yomicast.settings import Edition, Music, SoundSettings

RATE = 48_000


def wav(path, samples, *, rate=RATE, width=2, channels=1):
    data = np.asarray(samples)
    if width == 1:
        raw = np.clip(data * 127 + 128, 0, 255).astype(np.uint8).tobytes()
    else:
        raw = np.clip(data * 32767, -32768, 32767).astype("<i2").tobytes()
    with wave.open(str(path), "wb") as out:
        out.setparams((channels, width, rate, 0, "NONE", ""))
        out.writeframes(raw)
    return path


def tone(seconds, rate=RATE, hertz=330.0, level=0.3):
    return level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def file_of(path, form, codec, layout, samples, sample_format, rate=RATE):
    with av.open(str(path), "w", format=form) as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(samples, sample_format, layout)
        frame.sample_rate = rate
        for packed in stream.encode(frame):
            out.mux(packed)
        out.mux(stream.encode(None))
    return path


def planar(seconds, channels, rate=RATE):
    return np.stack([tone(seconds, rate)] * channels).astype(np.float32)


def prepared(folder, name, part="bed", **more):
    return load(Music(file=name, **more), part, base=folder, cache=folder / "cache", reference=-20.0)


def test_8_bit_is_read(tmp_path):
    wav(tmp_path / "a.wav", tone(3.0), width=1)
    assert prepared(tmp_path, "a.wav", "opening").frames == pytest.approx(3 * RATE, rel=0.01)


def test_192_khz_keeps_its_pitch(tmp_path):
    wav(tmp_path / "a.wav", tone(2.0, 192_000), rate=192_000)
    track = prepared(tmp_path, "a.wav", "opening", fade_in=0.0, fade_out=0.0)
    assert track.frames == pytest.approx(2 * RATE, rel=0.01)
    found = np.abs(np.fft.rfft(track.samples[:RATE, 0]))
    assert np.argmax(found) == pytest.approx(330, abs=1)


def test_7_1_becomes_two_channels(tmp_path):
    file_of(
        tmp_path / "a.flac",
        "flac",
        "flac",
        "7.1",
        np.tile((tone(2) * 32767).astype(np.int16), (8, 1)).T.reshape(1, -1).copy(),
        "s16",
    )
    track = prepared(tmp_path, "a.flac", "opening")
    assert track.samples.shape[1] == 2
    assert np.abs(track.samples).max() > 1000


@pytest.mark.parametrize(
    ("name", "form", "codec"),
    [
        ("a.mp3", "mp3", "libmp3lame"),
        ("a.m4a", "ipod", "aac"),
        ("a.ogg", "ogg", "libopus"),
        ("名前 の.flac", "flac", "flac"),
    ],
)
def test_every_usual_form_is_read(tmp_path, name, form, codec):
    samples = (
        planar(2.0, 2)
        if codec not in ("flac", "libopus")
        else (planar(2.0, 2).T.reshape(1, -1) * 32767).astype(np.int16)
    )
    file_of(tmp_path / name, form, codec, "stereo", samples, "fltp" if codec in ("aac", "libmp3lame") else "s16")
    assert prepared(tmp_path, name, "opening").frames == pytest.approx(2 * RATE, rel=0.06)


def test_a_file_broken_half_way_gives_its_first_half(tmp_path):
    path = file_of(tmp_path / "a.mp3", "mp3", "libmp3lame", "stereo", planar(20.0, 2), "fltp")
    data = bytearray(path.read_bytes())
    half = len(data) // 2
    data[half:] = np.random.default_rng(1).integers(0, 256, len(data) - half, dtype=np.uint8).tobytes()
    path.write_bytes(data)
    track = prepared(tmp_path, "a.mp3", "opening")
    assert track.frames >= 8 * RATE
    assert np.abs(track.samples[: 5 * RATE]).max() > 1000


def test_what_a_person_should_know_of_a_file_is_noted_every_time(tmp_path):
    wav(tmp_path / "long.wav", tone(200.0, 8000), rate=8000)
    sound = SoundSettings(opening=SILENT, closing=SILENT, sting=SILENT, bed=Music(file="long.wav"))
    for _ in range(2):
        (note,) = mix([spoken()], sound, Edition(), title="題", base=tmp_path, cache=tmp_path).notes
        assert note.slug == "music"
        assert str(note.place) == "long.wav"


def test_a_file_cut_short_is_read(tmp_path):
    path = wav(tmp_path / "a.wav", tone(4.0))
    path.write_bytes(path.read_bytes()[: RATE * 4 + 1])
    assert prepared(tmp_path, "a.wav", "opening").frames == pytest.approx(2 * RATE, rel=0.02)


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF", b"\0" * 5000, "これは音楽ではありません".encode() * 50, b"ID3\x03\0\0\0\0\x0f\x7f" + b"\xff" * 300],
)
def test_what_is_no_music_is_explained(tmp_path, content):
    (tmp_path / "a.mp3").write_bytes(content)
    with pytest.raises(AudioError) as caught:
        prepared(tmp_path, "a.mp3")
    assert str(caught.value.where) == "a.mp3"
    assert caught.value.hint.ja


def test_a_missing_file_is_explained(tmp_path):
    with pytest.raises(AudioError) as caught:
        mix(
            [spoken()],
            SoundSettings(opening=Music(file="無い.mp3")),
            Edition(),
            title="題",
            base=tmp_path,
            cache=tmp_path,
        )
    assert str(caught.value.where) == "無い.mp3"


def test_a_folder_is_no_music(tmp_path):
    (tmp_path / "a.mp3").mkdir()
    with pytest.raises(AudioError):
        prepared(tmp_path, "a.mp3")


def test_a_silent_file_is_explained(tmp_path):
    wav(tmp_path / "a.wav", np.zeros(RATE))
    with pytest.raises(AudioError) as caught:
        prepared(tmp_path, "a.wav")
    assert "no sound" in str(caught.value)


def test_what_nobody_can_hear_is_explained(tmp_path):
    wav(tmp_path / "a.wav", tone(3.0, hertz=0.3, level=0.005))
    with pytest.raises(AudioError) as caught:
        prepared(tmp_path, "a.wav")
    assert "no sound" in str(caught.value)


def floats(path, samples, rate=RATE):
    """A WAV of 32-bit floats, which may hold what no sound is."""
    return file_of(path, "wav", "pcm_f32le", "mono", np.asarray(samples, np.float32)[None], "flt", rate)


def test_direct_current_is_no_music(tmp_path):
    """Nobody hears it, and brought up to the level of speech it would fill the meter."""
    floats(tmp_path / "a.wav", np.full(5 * RATE, 0.5))
    with pytest.raises(AudioError, match="no sound"):
        prepared(tmp_path, "a.wav")


def test_a_stretch_of_direct_current_goes_and_the_music_stays(tmp_path):
    current = np.where(np.arange(6 * RATE) // RATE == 3, 0.5, 0.0)
    floats(tmp_path / "a.wav", tone(6.0, level=0.2) + current)
    track = prepared(tmp_path, "a.wav", "opening", fade_in=0.0, fade_out=0.0)
    still = track.samples[: 6 * RATE // 4800 * 4800, 0].reshape(-1, 4800)[33:37].mean(axis=1) / 32767
    assert np.abs(still).max() < 0.01
    assert np.abs(track.samples[3 * RATE + 9600 : 4 * RATE - 9600, 0]).max() / 32767 == pytest.approx(
        0.2 / 2**0.5, abs=0.01
    )


def test_what_is_no_number_is_silence_and_said(tmp_path):
    samples = tone(6.0, level=0.3)
    samples[3 * RATE : 3 * RATE + 1000] = np.nan
    samples[4 * RATE] = np.inf
    floats(tmp_path / "a.wav", samples)
    track = prepared(tmp_path, "a.wav", "opening")
    assert np.abs(track.samples).max() < 0.31 * 32767
    assert [note.text.en[:25] for note in track.notes] == ["the music file is damaged"]


def test_sound_over_full_scale_is_turned_down_not_cut_off(tmp_path):
    floats(tmp_path / "a.wav", tone(3.0, level=8.0))
    track = prepared(tmp_path, "a.wav", "opening")
    spectrum = np.abs(np.fft.rfft(track.samples[RATE : 2 * RATE, 0].astype(np.float64)))
    assert spectrum[990] < 0.001 * spectrum[330]  # a cut sine has a third harmonic


@pytest.mark.parametrize("entry", [b"drms", b"enca"])
def test_a_copy_protected_file_is_refused_not_played_as_noise(tmp_path, entry):
    path = file_of(tmp_path / "a.m4a", "ipod", "aac", "stereo", planar(2.0, 2), "fltp")
    path.write_bytes(path.read_bytes().replace(b"mp4a", entry))
    with pytest.raises(AudioError) as caught:
        prepared(tmp_path, "a.m4a")
    assert "cop" in f"{caught.value} {caught.value.hint.en}"


def test_music_is_looked_at_before_a_line_is_spoken(tmp_path):
    (tmp_path / "a.mp3").write_text("これは音楽ではありません", encoding="utf-8")
    ask = {"base": tmp_path, "voices": ()}
    with pytest.raises(AudioError, match="no sound") as caught:
        ready(SoundSettings(bed_by_chapter={"2": Music(file="a.mp3")}), [Edition()], **ask)
    assert str(caught.value.where) == "sound.bed_by_chapter.2.file: a.mp3"
    with pytest.raises(AudioError, match="no such"):
        ready(SoundSettings(closing=Music(file="b.mp3")), [Edition()], **ask)
    ready(SoundSettings(bed=Music(file="a.mp3")), [Edition(bed=False)], **ask)
    ready(SoundSettings(bed=Music(file="a.mp3", off=True)), [Edition()], **ask)


def test_a_bed_for_a_chapter_that_is_not_there_is_said(tmp_path):
    sound = SoundSettings(sting=SILENT, bed_by_chapter={"第1章": Music(mood="news"), "第9章": SILENT, "2": SILENT})
    notes = mix(talk(2), sound, Edition(), title="題", base=tmp_path, cache=tmp_path).notes
    assert [note.text.en for note in notes] == ["bed_by_chapter: no chapter '第9章'; did you mean '第2章'?"]
    assert not mix(talk(2), sound, Edition(bed=False), title="題", base=tmp_path, cache=tmp_path).notes


def test_a_few_frames_of_sound_are_a_bed(tmp_path):
    wav(tmp_path / "a.wav", tone(0.002, level=0.9))
    assert prepared(tmp_path, "a.wav").frames > 0


def test_a_header_without_sound_is_explained(tmp_path):
    wav(tmp_path / "a.wav", np.zeros(0))
    with pytest.raises(AudioError):
        prepared(tmp_path, "a.wav")


def test_a_film_without_sound_is_explained(tmp_path):
    with av.open(str(tmp_path / "a.mkv"), "w") as out:
        stream = out.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with pytest.raises(AudioError):
        prepared(tmp_path, "a.mkv")


def test_two_hours_are_not_read_to_the_end(tmp_path):
    """Bounded in time, memory and length: the file says two hours, three minutes are used."""
    with wave.open(str(tmp_path / "a.wav"), "wb") as out:
        out.setparams((1, 1, 8000, 0, "NONE", ""))
        minute = (127 * tone(60, 8000) + 128).astype(np.uint8).tobytes()
        for _ in range(120):
            out.writeframes(minute)
    track = prepared(tmp_path, "a.wav")
    assert track.frames <= LONGEST["bed"] * RATE
    assert track.frames >= (LONGEST["bed"] - 3) * RATE


def test_a_full_scale_square_stays_under_speech(tmp_path):
    wav(tmp_path / "a.wav", np.sign(tone(5.0)))
    sound = SoundSettings(bed=Music(file="a.wav"), opening=Music(file="a.wav"), closing=SILENT, sting=SILENT)
    programme = mix(talk(1), sound, Edition(), title="題", base=tmp_path, cache=tmp_path)
    assert balance(programme).over.min() >= 20


def test_silence_at_both_ends_is_trimmed_and_fades_are_made(tmp_path):
    wav(tmp_path / "a.wav", np.concatenate([np.zeros(RATE), tone(3.0), np.zeros(2 * RATE)]))
    track = prepared(tmp_path, "a.wav", "opening", fade_in=0.5, fade_out=1.0)
    assert track.frames == pytest.approx(3 * RATE, rel=0.02)
    loud = (
        np.abs(track.samples[:, 0]).reshape(-1, 480)[: track.frames // 480].max(axis=1)
        if track.frames % 480 == 0
        else None
    )
    middle = np.abs(track.samples[RATE : 2 * RATE - 4800]).max()
    assert np.abs(track.samples[:960]).max() < 0.2 * middle
    assert np.abs(track.samples[-960:]).max() < 0.2 * middle
    assert loud is None or loud.max() <= middle * 1.01


def test_a_length_is_kept(tmp_path):
    wav(tmp_path / "a.wav", tone(9.0))
    assert prepared(tmp_path, "a.wav", "opening", seconds=4.0).frames == 4 * RATE


def test_the_users_bed_loops_without_a_click(tmp_path):
    wav(tmp_path / "a.wav", tone(7.3) + 0.2 * tone(7.3, hertz=523.1))
    track = prepared(tmp_path, "a.wav")
    around = track.read(track.frames - 9600, track.frames + 9600, channels=2, loop=True)[:, 0]
    assert np.abs(np.diff(around)).max() < 0.1 * np.abs(around).max()


@pytest.mark.parametrize("seconds", [0.01, 0.5, 3.0])
def test_a_very_short_bed_is_looped_all_the_same(tmp_path, seconds):
    wav(tmp_path / "a.wav", tone(seconds))
    sound = SoundSettings(opening=SILENT, closing=SILENT, sting=SILENT, bed=Music(file="a.wav"))
    programme = mix([spoken(seconds=6)], sound, Edition(), title="題", base=tmp_path, cache=tmp_path)
    assert np.isfinite(whole(programme)).all()
    assert balance(programme).over.min() >= 20  # a loop is as loud as all its rounds, not as one


def test_prepared_music_is_kept_and_renewed_when_the_file_changes(tmp_path):
    wav(tmp_path / "a.wav", tone(2.0))
    one = prepared(tmp_path, "a.wav")
    assert prepared(tmp_path, "a.wav").key == one.key
    assert len(list((tmp_path / "cache" / "music").glob("*.npy"))) == 1
    wav(tmp_path / "a.wav", tone(2.0, hertz=200.0))
    assert prepared(tmp_path, "a.wav").key != one.key


def test_a_sting_may_be_shorter_than_its_notes(tmp_path):
    track = load(Music(seconds=0.1), "sting", base=tmp_path, cache=tmp_path, reference=-20.0)
    assert track.frames == 4800


def test_music_that_is_off_is_none(tmp_path):
    assert load(SILENT, "bed", base=tmp_path, cache=tmp_path, reference=-20.0) is None
    programme = mix([spoken()], BARE, Edition(), title="題", base=tmp_path, cache=tmp_path)
    assert not programme.pieces
    assert programme.beds == (None,)


def test_moods_and_seeds_are_all_different(tmp_path):
    moods = ["calm", "news", "bright", "warm", "night"]
    tracks = [
        load(Music(mood=mood, seed=seed), "sting", base=tmp_path, cache=tmp_path, reference=-20.0)
        for mood in moods
        for seed in (1, 2)
    ]
    for one, two in itertools.combinations(tracks, 2):
        assert not np.array_equal(one.samples[:RATE], two.samples[:RATE])


def test_importing_the_room_warns_of_nothing():
    """pydub looks for ffmpeg when it is imported; that is nobody's business here."""
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", "import yomicast.mix"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/nowhere", "PYTHONPATH": "."},
    )
    assert (done.returncode, done.stderr) == (0, "")
