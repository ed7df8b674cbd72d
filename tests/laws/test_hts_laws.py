"""Laws of the HTS engine: hostile voices, wildcard questions, durations, times."""

import itertools
import re
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import htsvoice
from yomicast.errors import ConfigError, SynthesisError
from yomicast.speech import hts
from yomicast.speech.hts import states, timing, trees, voice

WHOLE = htsvoice.build()
PIECES = ["/A:", "/B:", "/", ":", "a", "i", "^", "-", "+", "=", "_", "x", "0", "1", "A", "|"]
LABELS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=16).map("".join)
PATTERNS = st.lists(
    st.lists(st.sampled_from([*PIECES, "?", "*"]), min_size=1, max_size=5).map(lambda x: f"*{''.join(x)}*"),
    min_size=1,
    max_size=4,
)


def refused(raw):
    """What is read; None if it is refused. Anything else is a fault."""
    try:
        return voice.read(raw)
    except ConfigError:
        return None


# --- hostile files ------------------------------------------------------------------------------------------------


@given(st.integers(0, len(WHOLE) - 1))
def test_a_voice_cut_short_anywhere_is_refused(at):
    assert refused(WHOLE[:at]) is None


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
@settings(max_examples=200)
def test_a_voice_with_broken_bytes_is_read_or_refused_and_what_is_read_speaks(changes):
    raw = bytearray(WHOLE)
    for at, value in changes:
        raw[at] = value
    made = refused(bytes(raw))
    if made is not None and made.rate * made.period < 1e8:
        rows = [htsvoice.label(p) for p in ("sil", "a", "sil")]
        try:
            with np.errstate(all="ignore"):
                sound = hts.Synthesiser(made, threads=1, fast=False).speak(rows).samples
        except SynthesisError:
            return
        assert len(sound) < 120_000 * 4096


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw):
    refused(raw)
    refused(b"[GLOBAL]\n" + raw + b"\n[DATA]\n")


def bent(part, content):
    def change(parts):
        parts[part] = content

    return htsvoice.build(change=change)


HUGE = b"\xff\xff\xff\x7f"
DEEP = (
    'QS Q { "*a*" }\n{*}[2]\n{\n'
    + "".join(f'  {-n or 0} Q {-(n + 1)} "x_1"\n' for n in range(1500))
    + ' -1500 Q "x_1" "x_1"\n}\n'
)


@pytest.mark.parametrize(
    "raw",
    [
        bent("STREAM_PDF[LF0]", HUGE * 2),
        bent("STREAM_PDF[LF0]", b"\0" * 8),
        bent("STREAM_PDF[LF0]", b"\x01\0\0\0" * 2 + np.full(14, np.nan, "<f4").tobytes()),
        bent("STREAM_PDF[LF0]", b"\x01\0\0\0" * 2 + np.full(14, np.inf, "<f4").tobytes()),
        bent("STREAM_PDF[LF0]", b"\x01\0\0\0" * 2 + np.full(14, -1, "<f4").tobytes()),
        bent("DURATION_PDF", b"\x02\0\0\0" + np.zeros(8, "<f4").tobytes()),
        bent("DURATION_TREE", DEEP.encode()),
        bent("DURATION_TREE", b'QS Q { "*a*" }\n{*}[2]\n{\n 0 Q -1 -1\n -1 Q "x_1" "x_2"\n}\n'),
        bent("DURATION_TREE", b'QS Q { "*a*" }\n{*}[2]\n{\n 0 Q -1 "x_1"\n -1 Q 0 "x_2"\n}\n'),
        bent("DURATION_TREE", b'QS Q { "*a*" }\n{*}[2]\n{\n 0 Q "x_9" "x_1"\n}\n'),
        bent("DURATION_TREE", b'QS Q { "*a*" }\n{*}[2]\n{\n 0 Q "x_0" "x_1"\n}\n'),
        bent("DURATION_TREE", b'{*}[2]\n{\n 0 Unknown "x_1" "x_1"\n}\n'),
        bent("DURATION_TREE", b'QS Q { "*a*"'),
        bent("DURATION_TREE", b"{*}[7]\n x_1\n"),
        bent("DURATION_TREE", b"free text"),
        bent("STREAM_WIN[LF0]", [b"1 1.0\n", b"2 0.5 0.5\n"]),
        bent("STREAM_WIN[LF0]", [b"1 1.0\n", b"3 nan 0 1\n"]),
        bent("STREAM_WIN[LF0]", [b"1 1.0\n", b"99 1\n"]),
        bent("STREAM_WIN[LF0]", [b"3 0 1 0\n"]),
        htsvoice.build(heads={"DURATION_PDF": "0-999999999"}),
        htsvoice.build(heads={"DURATION_PDF": "9-3"}),
        htsvoice.build(heads={"DURATION_PDF": None}),
        htsvoice.build(heads={"NUM_STATES": "9999999"}),
        htsvoice.build(heads={"NUM_STREAMS": "2"}),
        htsvoice.build(heads={"FRAME_PERIOD": "0"}),
        htsvoice.build(heads={"SAMPLING_FREQUENCY": "-1"}),
        htsvoice.build(heads={"STREAM_TYPE": "MCP,MCP,LPF"}),
        htsvoice.build(heads={"IS_MSD[LF0]": "0"}),
        htsvoice.build(options="ALPHA=1.5"),
        htsvoice.build(options="GAMMA=3,ALPHA=0.4"),
        WHOLE.replace(b"NUM_STATES:2", b"NUM_STATES 2"),
    ],
)  # fmt: skip
def test_a_lying_voice_is_refused(raw):
    assert refused(raw) is None


def test_what_the_fixture_builds_is_a_voice():
    made = refused(WHOLE)
    assert made is not None
    assert (made.rate, made.period, made.states, made.alpha) == (16000, 80, 2, 0.4)
    assert refused(htsvoice.build(options="GAMMA=0,ALPHA=0.4")) is not None


def test_a_voice_that_is_not_there_is_an_error_with_its_path(tmp_path):
    with pytest.raises(ConfigError) as caught:
        hts.load(tmp_path / "none.htsvoice")
    assert "none.htsvoice" in str(caught.value.where)


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.htsvoice"
    with path.open("wb") as stream:
        stream.truncate(voice.MAX_BYTES + 1)
    with pytest.raises(ConfigError, match="larger"):
        hts.load(path)


# --- questions ----------------------------------------------------------------------------------------------------


def oracle(label, pattern):
    """Whether a wildcard pattern matches, by dynamic programming."""
    row = [True] + [False] * len(label)
    for sign in pattern:
        new = [row[0] and sign == "*"]
        for n, character in enumerate(label):
            new.append(new[n] or row[n + 1] if sign == "*" else row[n] and sign in ("?", character))
        row = new
    return row[-1]


@given(st.lists(LABELS, min_size=1, max_size=5), st.lists(PATTERNS, min_size=1, max_size=6), st.booleans())
def test_questions_are_answered_as_their_patterns_say(labels, questions, anchored):
    rows = [tuple(p.removeprefix("*") if anchored else p.removesuffix("*") or "*" for p in q) for q in questions]
    rows += [tuple(q) for q in questions]
    said = trees.Questions(rows).answers(labels)
    for n, label in enumerate(labels):
        assert said[n].tolist() == [any(oracle(label, p) for p in row) for row in rows]


@given(LABELS, PATTERNS)
def test_a_pattern_list_matches_as_its_patterns_say(label, patterns):
    assert trees.matches(label, tuple(patterns)) == any(oracle(label, p) for p in patterns)


def test_stars_cannot_make_a_search_explode():
    assert not trees.matches("a" * 900, ("*a" * 90 + "b", "*" * 200 + "b", "*?a" * 60 + "b*"))
    assert trees.matches("a" * 900, ("*a" * 90,))


# --- durations ----------------------------------------------------------------------------------------------------


def plain(mean, vari, speed):
    """HTS_set_specified_duration, read aloud."""
    total = sum(mean[1:], mean[0])
    if speed == 1.0:
        return [max(1, int(m + 0.5)) for m in mean]
    wanted = max(1, int(total / speed + 0.5))
    if wanted <= len(mean):
        return [1] * len(mean)
    rho = (wanted - total) / sum(vari[1:], vari[0])
    frames = [max(1, int(m + rho * v + 0.5)) for m, v in zip(mean, vari, strict=True)]
    while sum(frames) != wanted:
        step = 1 if wanted > sum(frames) else -1
        costs = [
            (abs(rho - (f + step - m) / v), n)
            for n, (f, m, v) in enumerate(zip(frames, mean, vari, strict=True))
            if step > 0 or f > 1
        ]
        frames[min(costs)[1]] += step
    return frames


@given(
    st.lists(st.tuples(st.floats(0.5, 40), st.floats(0.1, 30)), min_size=1, max_size=30),
    st.sampled_from([0.1, 0.7, 1.0, 1.3, 2.0, 10.0]),
)
def test_durations_are_those_of_the_original(rows, speed):
    mean, vari = (np.array(x) for x in zip(*rows, strict=True))
    assert states.durations(mean, vari, speed).tolist() == plain(mean.tolist(), vari.tolist(), speed)


# --- times --------------------------------------------------------------------------------------------------------


@cache
def tiny():
    return hts.Synthesiser(voice.read(WHOLE), threads=1, fast=False)


@given(
    st.lists(st.sampled_from(["a", "i", "k", "N", "cl", "pau", "U", "sh"]), min_size=1, max_size=12), st.floats(0.2, 3)
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_times_always_add_up(names, speed):
    result = tiny().speak([htsvoice.label(n) for n in names], hts.Controls(speed=speed))
    sung = hts.moras(result.phones)
    assert [p.name for p in result.phones] == names
    assert sum(p.end - p.start for p in result.phones) == sum(m.end - m.start for m in sung) == len(result.samples)
    assert [n for m in sung for n in m.names] == names


@given(
    st.lists(st.text("アカキシャュョンッーファ", max_size=5), max_size=6),
    st.lists(st.sampled_from("aiueo"), max_size=8),
)
def test_words_never_overlap_nor_leave_their_line(prons, heard):
    from yomicast.model import Word

    words = [Word(surface=p, start=n, end=n + 1, pron=p) for n, p in enumerate(prons)]
    phones = [hts.Phone(name=v, start=n * 10, end=n * 10 + 10) for n, v in enumerate(heard)]
    times = hts.word_times(words, phones, 10)
    assert all(0 <= a.start <= a.end <= len(heard) for a in times)
    assert all(a.end <= b.start and a.start_char < b.start_char for a, b in itertools.pairwise(times))


@given(st.text("アカサタナハマヤラワガザダバパァィゥェォャュョンッーヴ", max_size=12))
def test_every_kana_has_a_vowel(pron):
    vowels = timing.kana_vowels(pron)
    assert all(re.fullmatch(r"[aiueo]|N|cl", vowel) for vowel in vowels)
