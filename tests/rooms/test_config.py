"""The YAML edge: what the author can get wrong, and where the error points."""

import pytest

from yomicast import config, speech
from yomicast.errors import ConfigError, UnknownEngine, UnknownVoice
from yomicast.model import Message
from yomicast.settings import Edition, EpisodeSettings, LexiconEntry, ShowSettings, Where, is_geo


def bound(text, cls=ShowSettings):
    return config.bind(cls, config.parse(text, "show.yaml"))


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)

ILLNESSES = {
    "unknown-key": ("titel: x", "show.yaml:1:1", "did you mean 'title'?"),
    "unknown-key-inside": ("sound:\n  opening:\n    moood: calm", "show.yaml:3:5", "did you mean 'mood'?"),
    "duplicate-key": ("title: a\ntitle: b", "show.yaml:2:1", "the first is on line 1"),
    "duplicate-key-inside": ("cast:\n  quote: a\n  quote: b", "show.yaml:3:3", "the first is on line 2"),
    "out-of-range": ("sound: {channels: 3}", "show.yaml:1:9", None),
    "no-number": ("sound: {bitrate: loud}", "show.yaml:1:9", None),
    "object-tag": ("title: !!python/object:os.system x", "show.yaml:1:8", None),
    "own-tag": ("title: !run x", "show.yaml:1:8", None),
    "open-quote": ('title: "x', "show.yaml:1:10", "check indentation"),
    "deep": ("[" * 100_000, "show.yaml:1:41", None),
    "alias-bomb": (BOMB, "show.yaml:", None),
    "list-at-top": ("- a\n- b", "show.yaml:1:1", None),
    "control-character": ("a\x00b: 1", "show.yaml", None),
    "no-boolean": ("explicit: maybe", "show.yaml:1:1", None),
    "no-list": ("category: News", "show.yaml:1:1", None),
    "no-mapping": ("cast: mei", "show.yaml:1:1", None),
    "no-section": ("sound: loud", "show.yaml:1:1", None),
    "text-of-a-list": ("title: [a, b]", "show.yaml:1:1", None),
    "mapping-of-a-list": ("sound: {opening: [x]}", "show.yaml:1:9", None),
}


@pytest.mark.parametrize("illness", ILLNESSES)
def test_an_error_points_at_line_and_column_and_says_the_next_step(illness):
    text, where, hint = ILLNESSES[illness]
    with pytest.raises(ConfigError) as caught:
        bound(text)
    assert str(caught.value.where).startswith(where)
    assert "\n" not in caught.value.message.en
    assert caught.value.message.ja != caught.value.message.en
    assert "nput should" not in caught.value.message.en  # pydantic's own words
    if hint:
        assert hint in caught.value.hint.en


def test_times_dates_and_dotted_numbers_stay_text():
    episode = bound("title: 12:30\npublished: 2026-03-20\nsummary: 1.10\nlink: 0x1F", EpisodeSettings)
    assert (episode.title, episode.published, episode.summary, episode.link) == ("12:30", "2026-03-20", "1.10", "0x1F")


def test_an_empty_value_means_the_default():
    assert bound("title:\nauthor: 私").title == ShowSettings().title


def test_front_matter_of_other_tools_is_left_alone():
    found = config.episode_from(
        {"date": "2026-01-01", "cover": {"image": "x"}, "tags": ["a"], "draft": True}, "a.md", ShowSettings()
    )
    assert found.published == "2026-01-01"
    assert found.cover == ""


def test_merging_joins_mappings_and_lists_and_keeps_what_is_not_said():
    base = EpisodeSettings(title="a", readings={"x": "エ"}, cut=("1",), number=3)
    over = EpisodeSettings(readings={"y": "ワイ"}, cut=("2",), title="b")
    one = {"clear": Edition(bed=False)}
    assert config.merged(EpisodeSettings(), EpisodeSettings(editions=one)).editions == one
    assert config.merged(EpisodeSettings(editions=one), EpisodeSettings()).editions == one
    both = config.merged(base, over)
    assert (both.title, dict(both.readings), both.cut, both.number) == ("b", {"x": "エ", "y": "ワイ"}, ("1", "2"), 3)


@pytest.mark.parametrize(
    ("key", "value", "hint"),
    [
        ("geo", "函館", "41.77,140.73"),
        ("geo", "91.0,140.73", "41.77,140.73"),
        ("osm", "4003662", "R4003662"),
        ("name", "", "empty"),
    ],
)
def test_a_place_of_no_known_form_is_an_error_where_it_stands(tmp_path, key, value, hint):
    path = tmp_path / "show.yaml"
    path.write_text(
        f'location:\n  name: "函館"\n  {key}: "{value}"\n'.replace('  name: "函館"\n  name', "  name"), encoding="utf-8"
    )
    with pytest.raises(ConfigError, match=hint) as caught:
        config.bind(ShowSettings, config.load(path))
    assert str(caught.value.where).startswith(f"{path}:{2 if key == 'name' else 3}:")
    assert key != "geo" or "緯度" in caught.value.message.ja


def test_a_place_may_be_said_with_degrees_or_with_a_uri():
    for geo in ("41.77,140.73", "geo:41.77,140.73", "geo:-33.86,151.21,10;u=30", ""):
        assert is_geo(geo)
    assert config.bind(EpisodeSettings, config.parse("location: {name: 函館}", "x")).location.name == "函館"


def test_an_episodes_own_editions_and_place_join_what_says_nothing():
    both = config.merged(EpisodeSettings(), EpisodeSettings(editions={"clear": Edition()}, location=Where(name="函館")))
    assert (set(both.editions), both.location.name) == ({"clear"}, "函館")


def no_engine(name):
    raise UnknownEngine(Message("no engine", "エンジンがありません"), where="engine")


def test_a_voice_with_an_unknown_engine_points_at_the_line(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("speed: 1.1\nengine: nope\n", encoding="utf-8")
    with pytest.raises(UnknownEngine) as caught:
        config.load_voice(path, settings_type=no_engine)
    assert str(caught.value.where) == f"{path}:2:1"


VOICE_ILLNESSES = {
    "licence-key": ("licence: {forbid: [politics]}", "2:11", "did you mean 'forbids'?"),
    "pause-key": ("pauses: {coma: 1}", "2:10", "did you mean 'comma'?"),
    "pause-negative": ("pauses: {comma: -1}", "2:10", None),
    "pause-endless": ("pauses: {sentence: 1e9}", "2:10", None),
    "pause-nan": ("pauses: {sentence: nan}", "2:10", None),
    "chain-no-list": ("chain: warm", "2:1", None),
}


@pytest.mark.parametrize("illness", VOICE_ILLNESSES)
def test_a_mistake_in_a_voice_file_is_never_taken_in_silence(illness, tmp_path):
    """`forbid:` for `forbids:` would leave a barred voice free to speak."""
    text, where, hint = VOICE_ILLNESSES[illness]
    path = tmp_path / "v.yaml"
    path.write_text(f"engine: openjtalk\n{text}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load_voice(path, settings_type=speech.settings_type)
    assert str(caught.value.where) == f"{path}:{where}"
    assert not hint or hint in caught.value.hint.en


def test_an_unknown_voice_names_the_nearest(tmp_path):
    (tmp_path / "mei.yaml").write_text("engine: x\n", encoding="utf-8")
    with pytest.raises(UnknownVoice) as caught:
        config.find_voice("mey", [tmp_path], settings_type=no_engine)
    assert "mei" in caught.value.hint.en


def test_a_lexicon_line_keeps_its_place(tmp_path):
    path = tmp_path / "lexicon.yaml"
    path.write_text("# names\nAUKUS: オ'ーカス\nCHIPS: {reading: チップス, accent: 1}\n", encoding="utf-8")
    seen = []

    def entry(word, value, place):
        seen.append((word, value, place.line))
        return LexiconEntry(word=word, reading="ア")

    assert len(config.load_lexicon(path, entry)) == 2
    assert seen == [("AUKUS", "オ'ーカス", 2), ("CHIPS", {"reading": "チップス", "accent": "1"}, 3)]


def test_the_schema_knows_every_key():
    assert {"title", "sound", "cast"} <= set(config.schema(ShowSettings)["properties"])
    assert config.schema(ShowSettings)["additionalProperties"] is False
