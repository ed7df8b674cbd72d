"""Kill -9 at random moments: a small one of `benchmarks/kills.py`, with the seed in its output."""

import kills
import pytest


@pytest.mark.slow
def test_nothing_is_corrupt_or_lost_and_a_rerun_completes(capsys):
    assert kills.rounds(2, 20261126, 2) == 0, capsys.readouterr().out


def test_the_checker_sees_what_a_kill_could_leave(tmp_path):
    """Negative control: half-written files of each kind, and a feed that came first."""
    for place in ("out", "web"):
        (tmp_path / place / "a").mkdir(parents=True)
    broken = {
        "out/a/a.0a1b2c3d.mp3": b"half",
        "out/a/episode.json": b'{"version": 1, "epi',
        "out/a/chapters.json": b"{",
        "out/a/index.html": b"<html><body>",
        "out/.cache/speech/ab/x.f32": b'{"sha256": "0"}\n1234',
        "web/feed.xml": f'<rss><channel><enclosure url="{kills.BASE}a/a.mp3"/>'.encode(),
    }
    for name, data in broken.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    found = list(kills.corrupt(tmp_path))
    assert len(found) == len(broken) + 1
    assert any("names a/a.mp3" in one for one in found)
