"""Laws of the timeline, whatever the lines."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from yomicast.mix.timeline import GRID, GUARD, LONGEST_REST, RATE, Furniture, Part, lay_out

parts = st.lists(
    st.builds(
        Part,
        frames=st.integers(0, 20 * RATE),
        pause=st.one_of(st.floats(0, 10), st.just(float("nan")), st.floats(-5, 0)),
        level=st.sampled_from([0, 0, 0, 1, 2, 3]),
        title=st.text(max_size=5),
    ),
    max_size=30,
)
lengths = st.integers(0, 10 * RATE)
furniture = st.builds(
    Furniture,
    opening=lengths,
    opening_overlap=lengths,
    closing=lengths,
    closing_overlap=lengths,
    sting=lengths,
    sting_overlap=lengths,
)


def timed(lines, timeline):
    return [(c.start + s.start, c.start + s.stop, lines[s.line]) for c in timeline.chapters for s in c.slots]


@given(parts, furniture)
def test_every_line_stands_once_in_order_and_none_overlap(lines, music):
    timeline = lay_out(lines, music, title="題")
    assert [slot.line for chapter in timeline.chapters for slot in chapter.slots] == list(range(len(lines)))
    for start, stop, part in timed(lines, timeline):
        assert stop - start == part.frames
    for (_, one, _), (two, _, _) in itertools.pairwise(timed(lines, timeline)):
        assert one <= two


@given(parts, furniture)
def test_seams_are_on_the_grid_inside_digital_silence(lines, music):
    timeline = lay_out(lines, music, title="題")
    seams = timeline.seams
    assert seams[0] == 0
    assert seams[-1] == timeline.frames
    assert all(seam % GRID == 0 for seam in seams)
    assert list(seams) == sorted(set(seams))
    for chapter in timeline.chapters:
        sounding = [(s.start, s.stop) for s in chapter.slots] + [(p.start, p.stop) for p in chapter.pieces]
        sounding.append(chapter.bed)
        assert all(start >= GUARD and stop <= chapter.frames - GUARD for start, stop in sounding)


@given(parts, furniture)
def test_marks_are_on_whole_seconds_and_never_inside_speech(lines, music):
    timeline = lay_out(lines, music, title="題")
    assert timeline.marks[0].start == 0.0
    assert [m.level for m in timeline.marks] == [c.level for c in timeline.chapters]
    assert [c.part_of for c in timeline.chapters] == [
        sum(c.level == 2 for c in timeline.chapters[: n + 1]) - 1 for n in range(len(timeline.chapters))
    ]
    assert len(timeline.titles) == 1 + sum(part.level == 2 for part in lines[1:])
    assert [m.start for m in timeline.marks] == sorted({m.start for m in timeline.marks})
    for mark in timeline.marks:
        assert mark.start == int(mark.start)
        assert not any(start < mark.start * RATE < stop for start, stop, _ in timed(lines, timeline))


@given(parts, furniture, st.integers(0, 29), st.integers(0, 5 * RATE))
def test_an_edit_leaves_every_other_chapter_as_it_was(lines, music, place, longer):
    before = lay_out(lines, music, title="題")
    if not lines:
        return
    place %= len(lines)
    edited = [*lines]
    edited[place] = Part(
        frames=lines[place].frames + longer,
        pause=lines[place].pause,
        level=lines[place].level,
        title=lines[place].title,
    )
    after = lay_out(edited, music, title="題")
    for one, two in zip(before.chapters, after.chapters, strict=True):
        if place not in [slot.line for slot in one.slots]:
            assert (one.frames, one.slots, one.pieces, one.bed) == (two.frames, two.slots, two.pieces, two.bed)


@given(parts)
def test_no_rest_between_lines_is_longer_than_a_listener_bears(lines):
    timeline = lay_out(lines, Furniture(), title="題")
    for (_, one, _), (two, _, _) in itertools.pairwise(timed(lines, timeline)):
        assert (two - one) / RATE <= LONGEST_REST + 0.2
