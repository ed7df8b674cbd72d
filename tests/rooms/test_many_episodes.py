"""What a run does with every episode of the folder is done once, and not again where nothing changed."""

import dataclasses

import pytest

from tests.rooms.test_publish import SHOW, add_episode
from yomicast import export, pipeline, site
from yomicast.pipeline import folder


@pytest.fixture
def out(tmp_path):
    for number in (1, 2, 3):
        add_episode(tmp_path, f"e{number}", number)
    return tmp_path


def test_an_outline_is_the_episode_without_its_cues(out):
    path = out / "e1" / "episode.json"
    whole = export.read_episode(path)
    assert whole.cues
    assert export.read_outline(path) == dataclasses.replace(whole, cues=())
    assert export.read_outline(out / "none.json") is None


def test_pages_are_made_again_only_where_record_show_or_page_changed(out, monkeypatch):
    made = []
    write = site.write_episode_pages
    monkeypatch.setattr(site, "write_episode_pages", lambda show, e, to: made.append(e.slug) or write(show, e, to))

    def gathered(show=SHOW):
        made.clear()
        pipeline.gather(show, out)
        return list(made)

    assert gathered() == ["e1", "e2", "e3"]
    assert gathered() == []
    add_episode(out, "e2", 2)
    assert gathered() == ["e2"]
    (out / "e3" / "index.html").write_text("edited", encoding="utf-8")
    assert gathered() == ["e3"]
    assert "edited" not in (out / "e3" / "index.html").read_text(encoding="utf-8")
    (out / "e1" / "embed.html").unlink()
    assert gathered() == ["e1"]
    assert gathered(dataclasses.replace(SHOW, title="別の名前")) == ["e1", "e2", "e3"]
    assert "別の名前" in (out / "e1" / "index.html").read_text(encoding="utf-8")


def test_neighbours_know_numbers_moved_guids_and_orphans(out):
    path = out / "e1" / "episode.json"
    taken = folder.guid_of(SHOW, "old-name")
    export.write_episode(path, dataclasses.replace(export.read_episode(path), guid=taken))
    (out / "e2" / "report.json").write_text('{"source": "/nowhere/e2.md"}', encoding="utf-8")
    found = pipeline.neighbours(SHOW, out)
    assert found == pipeline.Neighbours(following=4, moved=frozenset({taken}), orphans=("e2",))
