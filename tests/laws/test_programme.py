"""Sound and timetable are one value."""

import numpy as np
import pytest

from tests.soundstage import BARE, PLAIN, talk, whole
from yomicast.mix import mix


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mix")
    return mix(talk(), BARE, PLAIN, title="題", base=folder, cache=folder)


def test_every_cue_is_exactly_its_own_sound(programme):
    """Inside a cue only that line is heard; outside every cue nothing is."""
    left = whole(programme)
    assert len(left) == programme.frames
    for cue in programme.cues:
        start, stop = round(cue.start * 48_000), round(cue.end * 48_000)
        line = programme.line(cue.line)
        for channel in left[start:stop].T:
            assert np.array_equal(channel, line)
        left[start:stop] = 0
    assert not left.any()


def test_blocks_are_the_same_sound_wherever_reading_begins(programme):
    everything = whole(programme)
    for start, stop in ((0, 1), (5, 481_000), (480_000, 480_001), (700_000, programme.frames), (77_777, 900_001)):
        part = np.concatenate(list(programme.blocks(start, stop)))
        assert np.array_equal(part, everything[start:stop])


def test_blocks_after_the_end_are_none(programme):
    assert list(programme.blocks(programme.frames)) == []
