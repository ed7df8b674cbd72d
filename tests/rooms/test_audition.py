"""`yomicast audition`: a stretch of the mix, nothing else touched."""

import json

import numpy as np
import pytest

from yomicast import cli, encode
from yomicast.files import snapshot

ARTICLE = """朝の市場を歩く

港のそばの市場は、朝の五時に始まります。魚を並べる音が、まだ暗い通りに響きます。

買い物に来る人は、近くの店の人だけではありません。遠くから来る人もいます。

若い店主も増えました。去年は三つの店が新しく開いています。
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YOMICAST_LANG", "en")
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mei.yaml").write_text("engine: marker\n", encoding="utf-8")
    (tmp_path / "market.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def test_a_stretch_is_written_with_its_lines(desk, capsys):
    assert cli.main(["audition", "market.txt", "--from", "0:10", "--for", "5s", "--out", "out", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["seconds"] == pytest.approx(5.0, abs=0.05)
    assert said["lines"]
    assert all(10 <= line["start"] < line["end"] <= 15 for line in said["lines"])
    sound = np.concatenate(list(encode.decode(desk / said["file"])))
    assert len(sound) / 48_000 == pytest.approx(5.0, abs=0.05)
    assert np.abs(sound).max() > 0.05


def test_it_touches_nothing_but_the_cache(desk):
    assert cli.main(["audition", "market.txt", "--out", "out", "--quiet"]) == 0
    assert set(snapshot(desk / "out")) == set()


def test_the_form_is_the_files_ending(desk, capsys):
    assert cli.main(["audition", "market.txt", "--for", "3s", "--out", "out", "--to", "a.mp3", "--quiet"]) == 0
    assert (desk / "a.mp3").read_bytes()[:2] == b"\xff\xfb"
    assert capsys.readouterr().out.strip() == "a.mp3"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--from", "9:00:00"], "lasts"),
        (["--from", "soon"], "no length"),
        (["--for", "0s"], "no length"),
        (["--edition", "podcasd"], "podcast"),
        (["--to", "a.ram"], "mp3"),
    ],
)
def test_mistakes_are_explained(desk, capsys, arguments, word):
    assert cli.main(["audition", "market.txt", "--out", "out", *arguments]) in (2, 4)
    said = capsys.readouterr().err
    assert word in said
    assert "Traceback" not in said
    assert "→" in said
