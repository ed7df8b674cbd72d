"""The HTS engine beside hts_engine itself (pyopenjtalk's wheel), its times, its controls and its refusals."""

import itertools
import os
import subprocess
import sys
import tracemalloc
from functools import cache
from pathlib import Path

import numpy as np
import pyopenjtalk
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyopenjtalk.htsengine import HTSEngine

from tests import htsvoice
from yomicast.errors import ConfigError, SynthesisError
from yomicast.model import Word
from yomicast.speech import hts
from yomicast.speech.hts import excitation, machine, parameters, states, timing, trees, vocoder

MEI = Path(pyopenjtalk.__file__).parent / "htsvoice" / "mei_normal.htsvoice"
SENTENCES = ("駅前の図書館は、五時に閉まります。", "えっ、本当ですか?", "ん", "あっ。", "切符は、券売機でも買えます。")
PATHS = ["numpy", *(["lanes"] if hts.compiled() else [])]


needs_numba = pytest.mark.skipif("lanes" not in PATHS, reason="numba is not installed")


@cache
def synthesiser(path="lanes", threads=1):
    return hts.Synthesiser(MEI, threads=threads, fast=path == "lanes")


@cache
def labels(text):
    return tuple(pyopenjtalk.extract_fullcontext(text, use_sudachi_kanji_yomi=False))


@cache
def wheel(text, speed=1.0, tone=0.0):
    engine = HTSEngine(str(MEI).encode())
    engine.set_speed(speed)
    engine.add_half_tone(tone)
    return engine.synthesize(list(labels(text))) / 32768


def snr(reference, sound):
    return 10 * np.log10((reference**2).sum() / ((reference - sound) ** 2).sum())


# --- the same speech --------------------------------------------------------------------------------------------


@needs_numba
@pytest.mark.parametrize(("speed", "tone"), [(1.0, 0.0), (0.7, 0.0), (1.5, 3.0), (1.0, -4.5), (10.0, 0.0), (1.0, 40.0)])
def test_the_compiled_vocoder_gives_the_samples_of_hts_engine(speed, tone, monkeypatch):
    if tone > 24:  # both clamp F0; we do not offer it, but the arithmetic must be the same
        monkeypatch.setattr(hts.Controls, "__post_init__", lambda self: None)
    made = synthesiser().speak_many([labels(s) for s in SENTENCES], hts.Controls(speed=speed, half_tone=tone))
    for text, result in zip(SENTENCES, made, strict=True):
        assert len(result.samples) == len(wheel(text, speed, tone))
        assert snr(wheel(text, speed, tone), result.samples) > 85


@pytest.mark.parametrize(("speed", "tone"), [(1.0, 0.0), (0.7, 2.0), (1.5, 0.0)])
def test_the_numpy_vocoder_sounds_like_hts_engine(speed, tone):
    # "ん" alone is one sharp moving resonance, which the recursion follows otherwise: 1.7 dB in a band.
    said = [text for text in SENTENCES if text != "ん"]
    made = synthesiser("numpy").speak_many([labels(s) for s in said], hts.Controls(speed=speed, half_tone=tone))
    theirs = [wheel(text, speed, tone) for text in said]
    assert [len(r.samples) for r in made] == [len(w) for w in theirs]
    a, b = (10 * np.log10(bands(np.concatenate(x))) for x in (theirs, [r.samples for r in made]))
    assert np.abs(a - b).max() < 1.0
    assert snr(np.concatenate(theirs), np.concatenate([r.samples for r in made])) > 15


def bands(sound):
    power = np.abs(np.fft.rfft(sound)) ** 2
    edges = np.array([0, 250, 500, 1000, 2000, 4000, 8000, 12000, 24000]) / 24000 * (len(power) - 1)
    return np.array([power[int(a) : int(b)].sum() for a, b in itertools.pairwise(edges)])


@pytest.mark.parametrize("path", PATHS)
def test_company_threads_and_order_are_not_heard(path):
    rows = [labels(s) for s in SENTENCES] * 3
    alone = [synthesiser(path).speak(row).samples for row in rows[: len(SENTENCES)]]
    for made in (
        synthesiser(path).speak_many(rows),
        synthesiser(path, threads=3).speak_many(rows),
        synthesiser(path).speak_many(rows[::-1])[::-1],
    ):
        for n, result in enumerate(made):
            assert np.array_equal(result.samples, alone[n % len(SENTENCES)])


@needs_numba
def test_the_compiled_solver_gives_the_numbers_of_the_plain_one():
    voice = synthesiser().voice
    rows = [states.states(voice, labels(s), speed=1.0) for s in SENTENCES]
    plain = parameters.generate(voice, rows, half_tone=0.0)
    fast = parameters.generate(voice, rows, half_tone=0.0, solvers=hts.compiled())
    for a, b in zip(plain, fast, strict=True):
        assert np.array_equal(a.spectrum, b.spectrum)
        assert np.allclose(a.lf0, b.lf0, rtol=1e-13, atol=0)  # float64: sums in another order


def test_noise_is_that_of_the_c_library_example_generator():
    state, made = 1, []
    while len(made) < 200_000:
        pair = []
        for _ in range(2):
            state = (state * 1103515245 + 12345) & 0xFFFFFFFF
            pair.append(2 * ((state >> 16) % 32768) / 32767 - 1)
        size = pair[0] ** 2 + pair[1] ** 2
        if 0 < size <= 1:
            made += [p * np.sqrt(-2 * np.log(size) / size) for p in pair]
    assert np.array_equal(excitation.noise(200_000), np.float32(made[:200_000]))


# --- times --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("speed", [0.7, 1.0, 1.5])
def test_phonemes_and_moras_fill_the_sound(speed):
    for text in SENTENCES:
        result = synthesiser("numpy").speak(labels(text), hts.Controls(speed=speed))
        for parts in (result.phones, hts.moras(result.phones)):
            assert parts[0].start == 0
            assert parts[-1].end == len(result.samples)
            assert all(a.end == b.start and a.start < a.end for a, b in itertools.pairwise(parts))
        assert [p.name for p in result.phones] == [row.split("-")[1].split("+")[0] for row in labels(text)]


def test_each_phoneme_is_heard_in_its_own_stretch():
    """The closure of ッ and the pauses are silent, the vowels are not: times and sound belong together."""
    result = synthesiser("numpy").speak(labels("すっごい、ですね。"))
    level = {
        phone.name: np.abs(result.samples[phone.start + 480 : phone.end - 480]).max(initial=0)
        for phone in result.phones
        if phone.end - phone.start > 2000
    }
    assert level["o"] > 20 * level["sil"]
    assert level["o"] > 20 * level["pau"]


def word(surface, pron, start, **more):
    return Word(surface=surface, start=start, end=start + len(surface), pron=pron, **more)


WORDS = (
    word("今日", "キョー", 0),
    word("は", "ワ", 2),
    word("、", "", 3, sign="、"),
    word("学校", "ガッコー", 4),
    word("です", "デス’", 6),
    word("。", "", 8),
)


def test_words_take_their_own_moras_and_signs_none():
    result = synthesiser("numpy").speak(labels("今日は、学校です。"))
    times = hts.word_times(WORDS, result.phones, result.rate)
    assert [(t.start_char, t.end_char) for t in times] == [(0, 2), (2, 3), (4, 6), (6, 8)]
    phones = dict(enumerate(result.phones))
    names = [p.name for p in result.phones]
    pause = phones[names.index("pau")]
    assert times[1].end * result.rate == pytest.approx(pause.start)
    assert times[2].start * result.rate == pytest.approx(pause.end)
    assert times[0].start * result.rate == pytest.approx(phones[1].start)
    assert times[-1].end * result.rate == pytest.approx(result.phones[-1].start)
    assert times[0].end == times[1].start
    assert times[2].end == times[3].start


def test_cutting_the_beginning_moves_the_words():
    result = synthesiser("numpy").speak(labels("今日は、学校です。"))
    plain = hts.word_times(WORDS, result.phones, result.rate)
    moved = hts.word_times(WORDS, result.phones, result.rate, shift=-4800)
    assert [t.start - 0.1 for t in plain] == pytest.approx([t.start for t in moved])


def test_words_and_labels_of_different_moras_are_aligned_by_vowels():
    words = (word("今日", "キョーノ", 0), word("は", "ワ", 2), word("学校", "ガッコー", 4), word("です", "デス", 6))
    result = synthesiser("numpy").speak(labels("今日は、学校です。"))
    times = hts.word_times(words, result.phones, result.rate)
    right = hts.word_times(WORDS, result.phones, result.rate)
    assert [t.end for t in times][1:] == [t.end for t in right][1:]
    assert times[0].start == right[0].start


@pytest.mark.parametrize(
    ("pron", "vowels"),
    [
        ("キョー", "o o"), ("ガッコー", "a cl o o"), ("ンー", "N N"), ("ヴァイオリン", "a i o i N"), ("ファイトォ", "a i o"),
        ("", ""), ("シッ", "i cl"), ("ーア", "a a"),
    ],
)  # fmt: skip
def test_the_vowels_of_kana(pron, vowels):
    assert timing.kana_vowels(pron) == vowels.split()


# --- controls -----------------------------------------------------------------------------------------------------


def melody(result):
    return result.lf0[result.lf0 > 0]


def test_volume_is_in_decibels():
    a, b = (synthesiser("numpy").speak(labels(SENTENCES[1]), hts.Controls(volume=v)).samples for v in (0.0, -6.0))
    assert np.allclose(b, a * 10 ** (-6 / 20), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("width", [0.0, 0.5, 1.6])
def test_intonation_widens_the_melody_around_its_mean(width):
    plain, wide = (
        melody(synthesiser("numpy").speak(labels(SENTENCES[0]), hts.Controls(intonation=w))) for w in (1.0, width)
    )
    assert wide.mean() == pytest.approx(plain.mean())
    assert wide.std() == pytest.approx(width * plain.std(), abs=1e-9)


def test_timbre_moves_the_spectrum_and_nothing_else():
    low, high = (synthesiser("numpy").speak(labels(SENTENCES[0]), hts.Controls(alpha=a)) for a in (0.48, 0.62))
    assert len(low.samples) == len(high.samples)
    assert np.array_equal(low.lf0, high.lf0)
    hertz = np.fft.rfftfreq(len(low.samples), 1 / 48000)
    center = [
        (np.abs(np.fft.rfft(x.samples)) ** 2 * hertz).sum() / (np.abs(np.fft.rfft(x.samples)) ** 2).sum()
        for x in (low, high)
    ]
    assert center[0] != pytest.approx(center[1], rel=0.02)


@needs_numba
def test_timbre_is_what_a_rewritten_header_gives(tmp_path):
    bent = tmp_path / "bent.htsvoice"
    bent.write_bytes(MEI.read_bytes().replace(b"ALPHA=0.55", b"ALPHA=0.50"))
    theirs = HTSEngine(str(bent).encode()).synthesize(list(labels(SENTENCES[1]))) / 32768
    ours = synthesiser().speak(labels(SENTENCES[1]), hts.Controls(alpha=0.5)).samples
    assert snr(theirs, ours) > 85


def test_one_word_can_be_higher_and_longer_than_the_rest():
    rows = labels("今日は、学校です。")
    plain = synthesiser("numpy").speak(rows)
    pitch = hts.spread(WORDS, rows, [0, 0, 0, 4, 0, 0], 0.0)
    length = hts.spread(WORDS, rows, [1, 1, 1, 2, 1, 1], 1.0)
    changed = synthesiser("numpy").speak(hts.Utterance(labels=rows, pitch=pitch, length=length))
    a, b = (hts.word_times(WORDS, r.phones, r.rate) for r in (plain, changed))
    longer = [(y.end - y.start) / (x.end - x.start) for x, y in zip(a, b, strict=True)]
    assert longer[2] == pytest.approx(2, rel=0.1)
    assert longer[0] == longer[1] == longer[3] == 1

    def height(result, time):
        part = result.lf0[round((time.start + 0.05) * 200) : round((time.end - 0.05) * 200)]
        return part[part > 0].mean()

    assert height(changed, b[2]) - height(plain, a[2]) == pytest.approx(4 * np.log(2) / 12, abs=0.08)
    assert height(changed, b[0]) == pytest.approx(height(plain, a[0]), abs=0.02)


@pytest.mark.parametrize(
    "bad",
    [{"speed": 0.01}, {"speed": float("nan")}, {"half_tone": 99}, {"volume": 90}, {"intonation": -1}, {"alpha": 1.0}],
)
def test_controls_out_of_range_are_refused_by_name(bad):
    with pytest.raises(ConfigError) as caught:
        hts.Controls(**bad)
    assert str(caught.value.where) == next(iter(bad))
    assert caught.value.hint


@pytest.mark.parametrize("bad", [{"pitch": (0.0,)}, {"length": (0.0, 1.0)}, {"pitch": (float("nan"), 0.0)}])
def test_word_controls_that_cannot_be_are_refused(bad):
    with pytest.raises(SynthesisError):
        hts.Utterance(labels=("a", "b"), **bad)


# --- bounds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_nothing_gives_nothing(path):
    assert synthesiser(path).speak_many([]) == []
    made = synthesiser(path).speak_many([(), labels("ん"), ()])
    assert [len(r.samples) > 0 for r in made] == [False, True, False]
    assert made[0].phones == ()


def test_a_voice_that_would_ring_for_hours_takes_no_more_memory(tmp_path):
    voice = tmp_path / "v.htsvoice"
    voice.write_bytes(htsvoice.build(options="ALPHA=0.9999"))
    rows = [htsvoice.label(p) for p in ("sil", "a", "k", "i", "sil")]
    tracemalloc.start()
    try:
        samples = hts.Synthesiser(voice, fast=False).speak(rows).samples
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()
    assert np.isfinite(samples).all()


@pytest.mark.parametrize("alpha", [0.42, 0.55, 0.8])
def test_what_comes_after_a_filter_is_heard_out_is_not_heard(alpha, monkeypatch):
    heard = []
    for samples in (vocoder.RINGING, 1_000):
        monkeypatch.setattr(vocoder, "RINGING", samples)
        heard.append(synthesiser("numpy").speak(labels(SENTENCES[0]), hts.Controls(alpha=alpha)).samples)
    assert snr(heard[1], heard[0]) > 80


@pytest.mark.parametrize("speed", [0.1, 10.0])
def test_extreme_speeds_stay_speech(speed):
    result = synthesiser(PATHS[-1]).speak(labels("ん"), hts.Controls(speed=speed))
    assert np.isfinite(result.samples).all()
    assert result.phones[-1].end == len(result.samples)
    assert all(p.end - p.start >= 5 * 240 for p in result.phones)  # never a phoneme of no length


def test_a_line_no_listener_would_sit_through_is_refused_before_memory_is_taken():
    row = labels(SENTENCES[0])[1:-1] * 150
    with pytest.raises(SynthesisError, match="too long"):
        synthesiser("numpy").speak(row, hts.Controls(speed=0.1))


@pytest.mark.parametrize("bad", ["", "a b", "x" * 5000, "xx^xx-a\n+b=xx", "\x00"])
def test_what_is_no_label_is_refused(bad):
    with pytest.raises(SynthesisError, match="no full-context label"):
        synthesiser("numpy").speak([bad])


def test_labels_that_match_no_question_are_spoken_all_the_same():
    result = synthesiser("numpy").speak(["nonsense", "xx^xx-qqq+qqq=xx", "/A:/B:"])
    assert len(result.phones) == 3
    assert np.isfinite(result.samples).all()


@pytest.mark.parametrize("lowpass", [True, False])
@pytest.mark.parametrize("path", PATHS)
def test_other_voices_speak_too(path, lowpass, tmp_path):
    voice = tmp_path / "tiny.htsvoice"
    voice.write_bytes(htsvoice.build(lowpass=lowpass))
    rows = [htsvoice.label(p) for p in ("sil", "a", "k", "i", "sil")]
    result = hts.Synthesiser(voice, fast=path == "lanes").speak(rows)
    assert result.rate == 16000
    assert len(result.samples) == 5 * 2 * 3 * 80
    assert np.isfinite(result.samples).all()
    assert np.abs(result.samples).max() > 0


@needs_numba
@pytest.mark.parametrize("lowpass", [True, False])
@pytest.mark.parametrize("order", [1, 4, 24])
def test_other_voices_sound_as_hts_engine_makes_them(lowpass, order, tmp_path):
    file = tmp_path / "tiny.htsvoice"
    file.write_bytes(htsvoice.build(lowpass=lowpass, order=order))
    rows = [htsvoice.label(p) for p in ("sil", "a", "k", "i", "sil")]
    theirs = HTSEngine(str(file).encode()).synthesize(rows) / 32768
    ours = hts.Synthesiser(file, threads=1).speak(rows).samples
    assert len(ours) == len(theirs)
    assert snr(theirs, ours) > 85


def test_without_numba_the_numpy_vocoder_speaks(monkeypatch):
    monkeypatch.setattr(machine, "find_spec", lambda name: None)
    monkeypatch.setattr(machine, "_tried", [])
    assert hts.compiled() is None
    plain = hts.Synthesiser(MEI)
    assert "numpy" in plain.version
    assert len(plain.speak(labels("ん")).samples)


@needs_numba
def test_machine_code_is_kept_and_loaded_without_numba(tmp_path):
    """A second process loads the object file; a damaged one is made again, never run."""
    look = "import sys; from yomicast.speech.hts import machine; print(len(machine.kernels()), 'numba' in sys.modules)"
    around = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    def said():
        return subprocess.run(
            [sys.executable, "-c", look], env=around, capture_output=True, text=True, check=True
        ).stdout

    assert said() == "2 True\n"
    [kept] = tmp_path.glob("*.o")
    assert said() == "2 False\n"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert said() == "2 True\n"
    assert kept.read_bytes() == whole


@needs_numba
def test_where_nothing_can_be_compiled_the_numpy_vocoder_speaks(monkeypatch):
    def refuse():
        raise RuntimeError("no such processor")

    monkeypatch.setattr(machine, "_load", refuse)
    monkeypatch.setattr(machine, "_tried", [])
    assert "numpy" in hts.Synthesiser(MEI).version


def test_an_old_processor_without_fused_arithmetic_uses_the_numpy_vocoder():
    assert machine.fuses("x86_64-unknown-linux-gnu", {"avx2": True, "fma": True})
    assert not machine.fuses("x86_64-pc-windows-msvc", {"avx": True, "fma": False})
    assert machine.fuses("arm64-apple-darwin", {"neon": True})


@needs_numba
def test_machine_code_needs_no_place_to_be_kept(tmp_path):
    look = "from yomicast.speech.hts import machine; print(len(machine.kernels()))"
    around = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "file" / "folder")}
    (tmp_path / "file").write_text("in the way")
    done = subprocess.run([sys.executable, "-c", look], env=around, capture_output=True, text=True, check=True)
    assert done.stdout == "2\n"


def test_pulses_fall_where_counting_samples_puts_them():
    pitch = np.array([0, 200, 190, 120, 0, 0, 80, 81.5, 300, 0], float)
    out, now, count = [], 0.0, 0.0
    for n, wanted in enumerate(pitch):
        if n and now and wanted:
            step = (wanted - now) / 240
        else:
            step, now, count = 0.0, wanted, wanted
        for _ in range(240):
            beat = 0.0
            if now:
                count += 1
                if count >= now:
                    beat, count = np.sqrt(now), count - now
                now += step
            out.append(beat)
        now = wanted
    at, height = vocoder.pulses(pitch, 240)
    assert at.tolist() == np.flatnonzero(out).tolist()
    assert np.allclose(height, np.array(out)[at])


@given(pitch=st.lists(st.just(0.0) | st.floats(2.4, 2400), max_size=12), period=st.sampled_from([1, 7, 80, 240]))
@example(pitch=[99.0] * 14 + [106.0], period=7).via("the period grows as fast as samples go by")
@example(pitch=[99.0] * 14 + [113.0], period=7).via("it grows faster")
@example(pitch=[2400.0, 2.4, 2.4], period=240).via("it falls by more than its length")
def test_pulses_fall_there_whatever_the_melody_does(pitch, period):
    """Sample by sample in the very arithmetic of `pulses`, so that not one may differ."""
    there, mark, now = [], 0.0, 0.0
    for n, wanted in enumerate(pitch):
        low, step = (now, (wanted - now) / period) if n and now and wanted else (wanted, 0.0)
        if wanted and not now:
            begin, mark = n * period, -1.0 - wanted
        for i in range(period if wanted else 0):
            if n * period + i - begin - (low + step * i) >= mark:
                there.append((n * period + i, low + step * i))
                mark += there[-1][1]
        now = wanted
    at, height = vocoder.pulses(np.array(pitch), period)
    assert at.tolist() == [at for at, _ in there]
    assert height.tolist() == np.sqrt([height for _, height in there]).tolist()


def test_a_single_voiced_state_is_voiced():
    """Frames that are all alike have no variance to raise: hts_engine divides by zero and its pitch is no number."""
    result = synthesiser("numpy").speak(labels("っ。"))
    assert 0 < (result.lf0 > 0).sum() < 10
    assert np.isfinite(result.samples).all()


def test_one_voiced_frame_has_no_variance_to_raise():
    made = states.States(
        frames=np.array([3, 1, 3]),
        mean=(np.zeros((3, 15)), np.array([[5.0, 0, 0]] * 3)),
        vari=(np.ones((3, 15)), np.ones((3, 3))),
        voiced=(np.ones(3, bool), np.array([False, True, False])),
        gv_mean=(None, np.array([0.1])),
        gv_vari=(None, np.array([1.0])),
        gv_on=np.ones(3, bool),
    )
    voice = hts.Synthesiser(MEI).voice
    stream = voice.streams[1]
    tiny = next(parameters.solve([parameters._task(stream, 1, made, 0.0)]))
    assert np.isfinite(tiny).all()


def test_sections_are_forgotten_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(trees, "MAX_SECTIONS", 3)
    asked = trees.Questions([("*-a+*",), ("*-i+*",)])
    for phone in "aiueo" * 3:
        said = asked.answers([htsvoice.label(phone)])
        assert said.tolist() == [[phone == "a", phone == "i"]]


# --- the engine rows ----------------------------------------------------------------------------------------------


def test_both_engine_rows_speak_the_same_words_at_the_same_times():
    from yomicast import speech
    from yomicast.model import Line, Place, Voice

    spoken = Line(
        shown="今日は、学校です。", spoken="今日は、学校です。", role="body", place=Place(), pause=0.5, words=WORDS
    )
    found = []
    for name in ("openjtalk", "htsengine"):
        voice = Voice(name="mei", engine=name, settings=speech.settings_type(name)(), speed=1.2, pitch=1.0)
        found.append(speech.opened(name).speak(spoken, voice))
    ours, theirs = found
    assert ours.words == theirs.words
    assert len(ours.samples) == len(theirs.samples)
    assert np.abs(theirs.samples - ours.samples).max() < (1e-5 if hts.compiled() else 0.1)


def test_a_timetable_can_be_had_without_the_sound():
    made = synthesiser("numpy").speak(labels(SENTENCES[0]), hts.Controls(speed=1.3))
    assert synthesiser("numpy").timetable(labels(SENTENCES[0]), hts.Controls(speed=1.3)) == made.phones


def test_a_state_that_does_not_vary_is_sure_and_one_that_varies_without_end_says_nothing():
    """The bounds of HTS_finv (HTS_misc.c): no division by zero reaches the equations."""
    speaker = synthesiser()
    (made,) = states.states_of(speaker.voice, [labels("雨です。")], speed=1.0, stretches=[None])
    plain = parameters._task(speaker.voice.streams[0], 0, made, 0.0)
    made.vari[0][0, 0], made.vari[0][1, 0] = 0.0, 1.0e20
    task = parameters._task(speaker.voice.streams[0], 0, made, 0.0)
    assert task.precision[:2, 0].tolist() == [1.0e38, 0.0]
    assert np.array_equal(task.precision[2:], plain.precision[2:])
