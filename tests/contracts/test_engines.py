"""Promises that every row of ENGINES keeps; a new row, or an installed outside engine, is tested by being there."""

import dataclasses
import importlib.util
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.speech_stands import line, read_line, standing, word
from yomicast import speech
from yomicast.errors import EngineError, SynthesisError, YomicastError
from yomicast.speech import speaking

MARKS = {"coqui": [pytest.mark.coqui]}
ODD = ["、、、。", "😀", "㍿①", "\ud800", "a\0b", "<b>&amp;</b>", "-rf", "한국어", "'; DROP", "「」", "ー", "ッ"]


@pytest.fixture(scope="module", params=[pytest.param(name, marks=MARKS.get(name, ())) for name in speech.names()])
def voice(request, tmp_path_factory):
    if request.param == "coqui" and importlib.util.find_spec("TTS") is None:
        pytest.skip("the package TTS is not installed")
    speech.close()
    with standing(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found
    speech.close()


@pytest.fixture
def engine(voice):
    return speech.opened(voice.engine)


def say(text, voice, cache, **more):
    return speech.speak([line(text)], {"narrator": voice}, cache=cache, **more)[0]


def test_a_row_names_a_class_with_all_parts(voice, engine):
    assert engine.name == voice.engine
    assert engine.version
    assert isinstance(engine.powers, speech.Powers)
    assert dataclasses.is_dataclass(engine.Settings)
    assert engine.Settings.__dataclass_params__.frozen
    assert engine.Settings.__pydantic_config__["extra"] == "forbid"
    assert speech.settings_type(voice.engine) is engine.Settings


def test_it_says_that_it_is_ready(voice):
    speech.ready({"narrator": voice})


@pytest.mark.parametrize("spoken", [line(), read_line()], ids=["plain", "read"])
def test_same_line_same_samples(voice, engine, spoken, tmp_path):
    if not speech.powers_of(engine, voice).steady:
        return  # makes no such promise: nothing to hold it to
    first, _ = speaking.utter(spoken, voice, engine)
    second, _ = speaking.utter(spoken, voice, engine)
    assert np.array_equal(first, second)


def test_sound_is_mono_float_48_khz_within_one_and_not_silent(voice, tmp_path):
    found = say("今日は良い天気です。", voice, tmp_path)
    samples = found.clip.read()
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) == found.clip.frames
    assert found.clip.rate == 48_000
    assert 0.01 < np.abs(samples).max() <= 1.0
    assert found.clip.frames > 4_800


def test_no_silence_is_left_at_the_ends(voice, tmp_path):
    samples = np.abs(say("今日は良い天気です。", voice, tmp_path).clip.read())
    loud = np.flatnonzero(samples > samples.max() * 0.01)
    assert loud[0] < 0.06 * 48_000
    assert len(samples) - loud[-1] < 0.06 * 48_000


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_odd_text_is_spoken_or_explained(voice, tmp_path, text):
    try:
        found = say(text, voice, tmp_path)
    except EngineError as error:
        refused = error
    else:
        assert found.clip.frames > 0
        return
    assert str(refused.where) == "a.txt:3"
    assert refused.message.ja != refused.message.en


@pytest.mark.parametrize("text", ["", "   ", "\n", "……。"], ids=ascii)
def test_nothing_to_say_is_explained(voice, tmp_path, text):
    with pytest.raises(SynthesisError):
        say(text, voice, tmp_path)


def test_a_long_line_is_cut_at_rests_and_rejoined_without_a_seam(voice, engine, tmp_path):
    longest = speech.powers_of(engine, voice).longest
    if longest > 2_000:
        return  # takes any line: nothing to hold it to
    text = "今日は良い天気です、" * (2 * longest // 9 + 2)
    samples = say(text, voice, tmp_path).clip.read()
    edges = np.flatnonzero(np.diff(np.r_[0, np.abs(samples) < 1e-6, 0].astype(int)))
    runs = edges.reshape(-1, 2)
    rest = round(voice.pauses.comma * 48_000)
    cuts = runs[(runs[:, 1] - runs[:, 0] >= rest) & (runs[:, 1] - runs[:, 0] < rest + 2_500)]
    assert len(cuts), "the voice's own rest lies where the line was cut"
    steps = np.abs(np.diff(samples))
    for start, stop in cuts:
        assert max(steps[start - 1], steps[stop - 1]) < 0.01, "no click where pieces meet"


def test_what_is_handed_over_never_exceeds_the_longest_input(voice, engine, tmp_path):
    powers = speech.powers_of(engine, voice)
    sizes = []
    tone = (0.3 * np.sin(np.arange(96_000) / 5)).astype(np.float32)

    def watched(parts, _voice, _engine):
        sizes.extend(speaking._size(engine, part, voice) for part in parts)
        return [speech.Utterance(samples=tone, rate=48_000)] * len(parts)

    text = "朝から雨が降り続いて、" * (powers.longest // 8 + 3) if powers.longest < 20_000 else "雨"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speaking, "_said", watched)
        speaking.utter(line(text), voice, engine)
    assert sizes
    assert max(sizes) <= powers.longest


def test_the_key_changes_with_all_that_changes_the_sound(voice, engine, monkeypatch):
    base = speech.key_of(line("あ"), voice)
    assert base == speech.key_of(dataclasses.replace(line("あ"), shown="別", pause=2.0), voice)
    assert base == speech.key_of(line("あ"), dataclasses.replace(voice, name="other", volume=3.0))
    assert base != speech.key_of(line("い"), voice)
    assert base != speech.key_of(line("あ"), dataclasses.replace(voice, speed=1.25))
    assert base != speech.key_of(line("あ"), dataclasses.replace(voice, pitch=1.0))
    monkeypatch.setattr(type(engine), "version", "another")
    assert base != speech.key_of(line("あ"), voice)
    monkeypatch.undo()
    monkeypatch.setattr(engine, "fingerprint", lambda _voice: "another model")
    assert base != speech.key_of(line("あ"), voice)


def test_another_reading_is_another_sound_where_readings_count(voice, engine):
    if speech.powers_of(engine, voice).takes == "plain":
        return  # speaks text: nothing to hold it to
    first = line("今日", [word("今日", "キョー", accent=1)])
    second = line("今日", [word("今日", "コンニチ", accent=1)])
    assert speech.key_of(first, voice) != speech.key_of(second, voice)


def test_a_second_run_speaks_nothing(voice, engine, tmp_path, monkeypatch):
    first = say("二度目は読まない。", voice, tmp_path)
    monkeypatch.setattr(speaking, "_said", lambda *_: pytest.fail("spoken twice"))
    second = say("二度目は読まない。", voice, tmp_path)
    assert np.array_equal(first.clip.read(), second.clip.read())
    assert first.words == second.words


@pytest.mark.parametrize("own", [True, False], ids=["our-threads", "the-caller's-threads"])
def test_from_several_threads_as_declared(voice, engine, tmp_path, monkeypatch, own):
    together = speech.powers_of(engine, voice).threads
    inside, most, lock = [0], [0], threading.Lock()
    real = speaking._said

    def counted(parts, asked, own):
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        try:
            return real(parts, asked, own)
        finally:
            with lock:
                inside[0] -= 1

    monkeypatch.setattr(speaking, "_said", counted)
    lines = [line(f"{n}番目の行です。") for n in range(6)]
    with ThreadPoolExecutor(3) as pool:
        spoken = speech.speak(lines, {"narrator": voice}, cache=tmp_path, executor=None if own else pool)
    assert [found.line for found in spoken] == lines
    assert together or most[0] == 1
    monkeypatch.undo()
    if speech.powers_of(engine, voice).steady:
        again, _ = speaking.utter(lines[3], voice, engine)
        assert np.array_equal(spoken[3].clip.read(), again)


def test_it_works_again_after_closing(voice, engine, tmp_path):
    engine.close()
    assert say("閉じてまた開く。", voice, tmp_path).clip.frames
    speech.close()
    assert say("もう一度開く。", voice, tmp_path).clip.frames


def test_voices_and_settings_travel_to_other_processes(voice):
    assert pickle.loads(pickle.dumps(voice)) == voice
    task = speaking._Task({"key": line()}, voice, None)
    assert pickle.loads(pickle.dumps(task)) == task


def test_cancelling_leaves_nothing_behind(voice, tmp_path):
    def stop(_done, _all):
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        speech.speak([line(f"{n}行目。") for n in range(5)], {"narrator": voice}, cache=tmp_path, on_done=stop)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".f32"]
    assert not [t for t in threading.enumerate() if t.name.startswith("speech")]
    assert threading.active_count() <= before + 2  # the stand-ins' own threads come and go
    assert len(speech.speak([line("0行目。")], {"narrator": voice}, cache=tmp_path)) == 1


def test_what_a_voice_lacks_is_said_before_a_line_is_spoken(voice, engine, tmp_path):
    powers = speech.powers_of(engine, voice)
    for key, value in (("speed", 1.5), ("pitch", 2.0), ("intonation", 0.5)):
        changed = dataclasses.replace(voice, **{key: value})
        if getattr(powers, key):
            speech.ready({"narrator": changed})
            continue
        with pytest.raises(YomicastError) as caught:
            speech.ready({"narrator": changed})
        assert key in str(caught.value.where)


def test_speed_is_heard(voice, engine, tmp_path):
    if not speech.powers_of(engine, voice).speed:
        return  # cannot change speed: nothing to hold it to
    slow, fast = (
        say("はやさが変わると長さも変わります。", dataclasses.replace(voice, speed=speed), tmp_path).clip.frames
        for speed in (0.8, 1.6)
    )
    assert slow > 1.5 * fast


def test_word_times_lie_in_order_inside_the_sound(voice, engine, tmp_path):
    found = speech.speak([read_line()], {"narrator": voice}, cache=tmp_path)[0]
    if not speech.powers_of(engine, voice).timings:
        assert found.words == ()
        return
    assert {(w.start_char, w.end_char) for w in found.words} == {(0, 2), (2, 3), (4, 6), (6, 8)}
    ends = [0.0, *(time for w in found.words for time in (w.start, w.end)), found.clip.frames / 48_000]
    assert ends == sorted(ends)


def test_health_never_raises(engine):
    if isinstance(engine, speech.Doctor):
        assert all(row.what.en and row.what.ja and (row.ok or row.mend) for row in engine.health())
