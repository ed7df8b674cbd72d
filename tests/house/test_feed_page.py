"""docs/feed.md: its settings load, and its tables name what exists."""

import re
from pathlib import Path
from typing import get_args

from yomicast import config
from yomicast.settings import ChapterImages, EpisodeSettings, ShowSettings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "feed.md").read_text(encoding="utf-8")


def test_the_example_is_a_show():
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1]
    show = config.bind(ShowSettings, config.parse(example, "docs/feed.md"))
    assert show.location.name == "函館市"


def test_the_settings_of_the_table_exist_where_it_says():
    for name, mark in re.findall(r"(?m)^\| `(\w+)` \| (● only|●|) \|", PAGE):
        assert (name in ShowSettings.__dataclass_fields__) is (mark != "● only"), name
        assert (name in EpisodeSettings.__dataclass_fields__) is ("●" in mark), name


def test_every_way_of_choosing_pictures_is_explained():
    assert set(re.findall(r"(?m)^\| `(own|all|off)`", PAGE)) == set(get_args(ChapterImages))
