"""The feed: stable for life, whole under hostile input, never over a file that is not ours."""

import dataclasses
import html
import re
from datetime import datetime, timedelta

import pytest
from lxml import etree

from tests import showcase
from yomicast import feed, shownotes
from yomicast.errors import FeedError
from yomicast.feed.nodes import qualified
from yomicast.feed.table import CHANNEL, ITEM
from yomicast.feed.write import ours
from yomicast.model import Link, Rendition, Soundbite

SHOW = showcase.SHOW


def finished(number=1, **changes):
    slug = changes.get("slug", f"minato-{number}")
    names = {".vtt": "text/vtt", ".srt": "application/x-subrip", ".transcript.json": "application/json"}
    texts = tuple(
        Rendition(path=f"{slug}/{slug}{end}", media_type=kind, size=1, sha256="0" * 64, rel="transcript")
        for end, kind in names.items()
    )
    audio = Rendition(
        path=f"{slug}/{slug}.0a1b2c3d.mp3", media_type="audio/mpeg", size=99, sha256="ab" * 32, seconds=60
    )
    return dataclasses.replace(showcase.draft(number), **{"renditions": (audio, *texts), **changes})


def written(tmp_path, *episodes, show=SHOW, **more):
    feed.write(show, episodes or [finished()], tmp_path, **more)
    return etree.fromstring((tmp_path / "feed.xml").read_bytes(), etree.XMLParser(strip_cdata=False))


def item(root, name):
    return root.findtext(f"channel/item/{qualified(name)}")


# --- stable for life -------------------------------------------------------------------------------------------------


def test_a_second_run_writes_nothing(tmp_path):
    episodes = [finished(1), finished(2)]
    assert feed.write(SHOW, episodes, tmp_path)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    assert not feed.write(SHOW, episodes[::-1], tmp_path)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.iterdir()} == before


def test_newest_first_and_no_clock(tmp_path):
    root = written(tmp_path, finished(1), finished(3), finished(2))
    assert [e.text for e in root.iterfind("channel/item/guid")] == [finished(n).guid for n in (3, 2, 1)]
    assert root.findtext("channel/lastBuildDate") == root.findtext("channel/item/pubDate")


def test_a_clock_set_back_puts_the_new_episode_where_its_date_is(tmp_path):
    late = finished(2, published=showcase.draft(1).published - timedelta(days=400))
    root = written(tmp_path, finished(1), late)
    assert root.findtext("channel/item/guid") == finished(1).guid


def test_a_corrected_episode_keeps_guid_and_date_under_a_new_address(tmp_path):
    first = written(tmp_path, finished(1))
    audio = dataclasses.replace(finished(1).renditions[0], path="minato-1/minato-1.ffffffff.mp3")
    second = written(tmp_path, finished(1, renditions=(audio,), corrections=(("2026-03-22", "数を正しました。"),)))
    for name in ("guid", "pubDate"):
        assert first.findtext(f"channel/item/{name}") == second.findtext(f"channel/item/{name}")
    assert second.find("channel/item/enclosure").get("url").endswith("ffffffff.mp3")
    assert "2026-03-22 訂正: 数を正しました。" in item(second, "description")


def test_the_show_guid_is_the_namespace_uuid_of_the_address_unless_written_down():
    # the example of the specification's own page
    assert feed.podcast_guid(dataclasses.replace(SHOW, audio_base="https://mp3s.nashownotes.com/", guid="")) != ""
    known = dataclasses.replace(SHOW, guid="9b024349-ccf0-5f69-a609-6b82873eab3c")
    assert feed.podcast_guid(known) == "9b024349-ccf0-5f69-a609-6b82873eab3c"


def test_the_show_guid_of_the_specification():
    """podcastindex.org gives podnews.net/rss as its example."""
    from yomicast.feed import addresses  # noqa: I001  the namespace alone is under test
    import uuid

    assert str(uuid.uuid5(addresses.NAMESPACE, "podnews.net/rss")) == "9b024349-ccf0-5f69-a609-6b82873eab3c"


# --- hostile input ---------------------------------------------------------------------------------------------------

TITLES = {
    "markup": "<b>港</b> & ]]> 海",
    "emoji": "港🐟の朝",
    "300-characters": "港" * 300,
    "rtl": "שלום \u202e港\u202c",
    "control": "港\x00\x07\x1b の\x85朝\ud800",
    "spaces": "  港 \n\t の　朝  ",
    "empty": "\x00",
}


@pytest.mark.parametrize("name", TITLES)
def test_titles_stay_whole(tmp_path, name):
    root = written(tmp_path, finished(title=TITLES[name]))
    title = item(root, "title")
    assert 0 < len(title) <= 255
    assert title == shownotes.title(finished(title=TITLES[name]))
    assert not re.search("[\x00-\x1f\x80-\x9f\u202e]|\\s$|^\\s", title)
    if name == "markup":
        assert title == "<b>港</b> & ]]> 海"


@pytest.mark.parametrize(
    "title", ["<古地図> と海", "a ]]> b", "Q&A", "記号 &lt; の話", "&copy の話", "<script>alert(1)</script>"]
)
def test_a_chapters_name_is_the_same_read_as_html_or_as_it_stands(tmp_path, title):
    episode = finished()
    marks = (dataclasses.replace(episode.marks[0], title=title), *episode.marks[1:])
    root = written(tmp_path, dataclasses.replace(episode, marks=marks))
    first = root.find(f".//{qualified('psc:chapter')}").get("title")
    line = re.search(r"(?m)^00:00:00 (.*)$", item(root, "description"))[1]
    assert line == html.unescape(line) == first
    assert "<" not in first
    assert first == "Q&A" or title != "Q&A"


def test_a_description_is_cut_at_a_sentence_with_whole_markup(tmp_path):
    summary = "港の朝は早い。" * 900
    links = tuple(Link(text=f"資料 {n}", url=f"https://example.com/{n}") for n in range(60))
    root = written(tmp_path, finished(summary=summary, links=links))
    said = item(root, "description")
    assert 3000 < len(said.encode()) <= 4000
    assert said.count("<p>") == said.count("</p>")
    assert re.search("早い。</p>", said)
    assert "00:00:00 はじめに" in said
    assert shownotes.SYNTHETIC in said
    assert len(item(root, "content:encoded")) > 6000


def test_a_summary_without_a_full_stop_is_cut_too(tmp_path):
    said = item(written(tmp_path, finished(summary="港" * 5000)), "description")
    assert len(said.encode()) <= 4000
    assert "…</p>" in said


def test_a_hundred_chapters_fit_and_the_summary_stays(tmp_path):
    marks = tuple(dataclasses.replace(finished().marks[0], start=n * 0.5, title="長い章の題" * 6) for n in range(100))
    said = item(written(tmp_path, finished(marks=marks)), "description")
    assert len(said.encode()) <= 4000
    assert finished().summary in said
    assert said.count("長い章の題" * 6) > 10


def test_an_address_with_a_password_is_not_published():
    assert shownotes.web_url("https://fumi:secret@example.com/") == ""


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x", "http://", " "]
)
def test_links_that_are_no_web_addresses_are_left_out(tmp_path, link):
    text = etree.tostring(written(tmp_path, finished(link=link, links=(Link(text="x", url=link),)))).decode()
    assert "javascript" not in text
    assert "/etc/passwd" not in text
    assert shownotes.doubts(finished(link=link), SHOW) != () or not link.strip()


def test_japanese_addresses_become_ascii(tmp_path):
    root = written(tmp_path, finished(link="https://日本語.jp/港 の?朝=早い#節", slug="港の朝"))
    assert root.findtext("channel/item/link") == (
        "https://xn--wgv71a119e.jp/%E6%B8%AF%20%E3%81%AE?%E6%9C%9D=%E6%97%A9%E3%81%84#%E7%AF%80"
    )
    assert root.find("channel/item/enclosure").get("url").isascii()


def test_a_soundbite_outside_the_rules_is_left_out(tmp_path):
    bites = tuple(Soundbite(start=start, seconds=seconds, title="x") for start, seconds in ((0, 5), (0, 300), (50, 60)))
    assert written(tmp_path, finished(soundbites=bites)).find(f"channel/item/{qualified('podcast:soundbite')}") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [({"slug": "a"}, {"slug": "a", "guid": "b"}), ({"guid": "same"}, {"guid": "same"})],
)
def test_twins_are_refused_before_anything_is_written(tmp_path, one, other):
    with pytest.raises(FeedError) as error:
        feed.write(SHOW, [finished(1, **one), finished(2, **other)], tmp_path)
    assert error.value.hint is not None
    assert not list(tmp_path.iterdir())


def test_an_episode_without_sound_is_refused(tmp_path):
    with pytest.raises(FeedError):
        feed.write(SHOW, [finished(renditions=())], tmp_path)


def test_a_mistyped_category_is_an_error_with_the_nearest_one(tmp_path):
    with pytest.raises(FeedError) as error:
        feed.write(dataclasses.replace(SHOW, category=("Polotics",)), [finished()], tmp_path)
    assert "Politics" in error.value.hint.en


def test_a_place_stands_in_show_and_episode(tmp_path):
    root = written(tmp_path)
    shows, episodes = (root.find(f"{path}{qualified('podcast:location')}") for path in ("channel/", "channel/item/"))
    assert (shows.text, dict(shows.attrib)) == ("函館市", {"geo": "geo:41.77,140.73", "osm": "R4003662"})
    assert (episodes.text, dict(episodes.attrib)) == ("函館港", {"geo": "geo:41.7688,140.7288"})
    root = written(tmp_path, finished(location=None), show=dataclasses.replace(SHOW, location=None))
    assert not list(root.iter(qualified("podcast:location")))


def test_a_subcategory_brings_its_parent(tmp_path):
    root = written(tmp_path, show=dataclasses.replace(SHOW, category=("Tech News", "Arts")))
    top = root.find(f"channel/{qualified('itunes:category')}")
    assert (top.get("text"), top[0].get("text")) == ("News", "Tech News")


# --- not ours --------------------------------------------------------------------------------------------------------


def edited(data):
    return data.replace("港町だより".encode(), "山里だより".encode())


FOREIGN = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>old</title>
<item><title>\xe6\x9c\x9d\xe3\x81\xae\xe6\xb8\xaf</title><link>https://example.com/blog/minato-1</link><guid>old-1</guid>
<pubDate>Mon, 03 Feb 2020 07:00:00 +0900</pubDate><enclosure url="https://old.example/1.mp3" length="5" type="audio/mpeg"/></item>
<item><title>lost</title><guid>old-0</guid><pubDate>Sun, 02 Feb 2020 07:00:00 +0900</pubDate>
<enclosure url="https://old.example/0.mp3" length="7" type="audio/mpeg"/></item></channel></rss>"""


@pytest.mark.parametrize(
    "spoil", [edited, lambda data: data[:2000], lambda _: FOREIGN, lambda _: b"<html>", lambda _: b"\0\1\2"]
)
def test_a_feed_that_is_not_ours_is_not_overwritten(tmp_path, spoil):
    path = tmp_path / "feed.xml"
    written(tmp_path, finished(1))
    spoiled = spoil(path.read_bytes())
    path.write_bytes(spoiled)
    with pytest.raises(FeedError) as error:
        feed.write(SHOW, [finished(1), finished(2)], tmp_path)
    assert "--adopt" in error.value.hint.en
    assert "--adopt" in error.value.hint.ja
    assert path.read_bytes() == spoiled
    assert feed.write(SHOW, [finished(1), finished(2)], tmp_path, adopt=True)
    assert (tmp_path / "feed.before-adopt.xml").read_bytes() == spoiled
    assert ours(path.read_bytes())


def test_adoption_keeps_guid_and_date_and_the_episodes_we_do_not_have(tmp_path):
    (tmp_path / "feed.xml").write_bytes(FOREIGN)
    adopted = feed.adopt(tmp_path / "feed.xml", [finished(1), finished(2)])
    assert [one.guid for one in adopted] == ["old-1", finished(2).guid, "old-0"]
    assert adopted[0].published == datetime(2020, 2, 3, 7, tzinfo=showcase.JST)
    feed.write(SHOW, adopted, tmp_path, adopt=True)
    told = {one.guid: one for one in feed.read(tmp_path / "feed.xml", base=showcase.BASE)}
    assert told["old-0"].renditions[0].path == "https://old.example/0.mp3"
    assert told["old-1"].renditions[0].path == "minato-1/minato-1.0a1b2c3d.mp3"


def test_adopted_strangers_get_folders_of_their_own(tmp_path):
    hostile = FOREIGN.replace(b"https://old.example/0.mp3", b"https://old.example/%2e%2e/%2e%2e%2fminato-1.mp3")
    (tmp_path / "feed.xml").write_bytes(hostile)
    slugs = [one.slug for one in feed.adopt(tmp_path / "feed.xml", [finished(1), finished(2)])]
    assert slugs == ["minato-1", "minato-2", "minato-1-2"]


def test_a_feed_tells_its_episodes_back(tmp_path):
    episode = finished(2)
    written(tmp_path, episode)
    told = feed.read(tmp_path / "feed.xml", base=showcase.BASE)[0]
    for name in ("guid", "published", "number", "link", "author", "explicit"):
        assert getattr(told, name) == getattr(episode, name), name
    assert [mark.title for mark in told.marks] == [mark.title for mark in episode.marks]
    assert told.renditions[0].size == 99
    assert {one.path for one in told.renditions} == {one.path for one in episode.renditions}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<rss>",
        b"<html/>",
        b"<rss/>",
        b'<!DOCTYPE rss [<!ENTITY a "x">]><rss><channel>&a;</channel></rss>',
        b"<rss><channel>" + b"<a>" * 3000,
    ],
)
def test_a_hostile_feed_is_an_error_with_a_next_step(tmp_path, data):
    (tmp_path / "feed.xml").write_bytes(data)
    with pytest.raises(FeedError) as error:
        feed.read(tmp_path / "feed.xml")
    assert error.value.hint is not None
    with pytest.raises(FeedError):
        feed.read(tmp_path / "none.xml")


# --- the table -------------------------------------------------------------------------------------------------------


def test_every_row_of_the_table_stands_in_a_full_feed(tmp_path):
    whole = tuple(
        Rendition(
            path="minato-1/chapters.json", media_type="application/json+chapters", size=1, sha256="", rel="chapters"
        )
        for _ in "1"
    )
    full = finished(1, season=2, kind="trailer", summary="港の朝は早い。" * 900)
    full = dataclasses.replace(full, renditions=(*full.renditions, *whole))
    root = written(tmp_path, full)
    for name, _ in CHANNEL:
        assert root.find(f"channel/{qualified(name)}") is not None, name
    for name, _ in ITEM:
        assert root.find(f"channel/item/{qualified(name)}") is not None, name


def test_the_other_edition_is_an_alternate_with_its_hash_and_no_transcript(tmp_path):
    clear = Rendition(
        path="minato-1/minato-1-clear.11111111.mp3", media_type="audio/mpeg", size=7, sha256="cd" * 32, seconds=80,
        edition="clear",
    )  # fmt: skip
    text = Rendition(
        path="minato-1/minato-1-clear.vtt", media_type="text/vtt", size=1, sha256="", rel="transcript", edition="clear"
    )
    root = written(tmp_path, finished(1, renditions=(*finished().renditions, clear, text)))
    found = root.findall(f"channel/item/{qualified('podcast:alternateEnclosure')}")
    assert [one.get("default") for one in found] == ["true", None]
    assert "音声版" in found[1].get("title")
    assert found[1].find(qualified("podcast:integrity")).get("value").startswith("sha256-zc3Nzc")
    assert not [t for t in root.iter(qualified("podcast:transcript")) if "clear" in t.get("url")]


def test_descriptions_are_cdata_and_the_stylesheet_is_named(tmp_path):
    written(tmp_path, finished(1))
    data = (tmp_path / "feed.xml").read_bytes()
    assert b"<description><![CDATA[<p>" in data
    styles = re.findall(rb'<\?xml-stylesheet type="([^"]*)" href="([^"]*)"\?>', data)
    assert styles == [(b"text/xsl", b"feed.xsl"), (b"text/css", b"feed.css")], "a browser takes the first it knows"
    assert all((tmp_path / name.decode()).is_file() for _, name in styles)


def test_a_person_who_opens_the_feed_sees_a_page(tmp_path):
    root = written(tmp_path, finished(1), finished(2))
    style = etree.XSLT(etree.parse(str(tmp_path / "feed.xsl")))
    page = style(root)
    text = "".join(page.getroot().itertext())
    assert page.getroot().get("lang") == "ja"
    assert "購読のしかた" in text
    assert "How to subscribe" in text
    assert len(page.findall(".//audio")) == 2
    assert all(audio.get("preload") == "none" and audio.get("aria-label") for audio in page.findall(".//audio"))
    assert not page.findall(".//script")


# --- long shows ------------------------------------------------------------------------------------------------------


def pages(folder):
    found = {}
    for name in feed.documents(folder):
        root = etree.fromstring((folder / name).read_bytes())
        links = {one.get("rel"): one.get("href") for one in root.iterfind(f"channel/{qualified('atom:link')}")}
        found[name] = ([int(e.text) for e in root.iter(qualified("itunes:episode"))], links)
    return found


def test_long_shows_are_paged_and_full_pages_never_change(tmp_path):
    episodes = [
        finished(n, slug=f"e-{n}", published=showcase.draft(1).published + timedelta(days=n)) for n in range(1, 12)
    ]
    feed.write(SHOW, episodes[:9], tmp_path, page=3)
    found = pages(tmp_path)
    assert [numbers for numbers, _ in found.values()] == [[9, 8, 7], [3, 2, 1], [6, 5, 4]]
    links = found["feed.xml"][1]
    assert links["next"].endswith("feed.archive-2.xml")
    assert found["feed.archive-2.xml"][1]["next"].endswith("feed.archive-1.xml")
    assert "next" not in found["feed.archive-1.xml"][1]
    first = (tmp_path / "feed.archive-1.xml").read_bytes()
    feed.write(SHOW, episodes, tmp_path, page=3)
    assert (tmp_path / "feed.archive-1.xml").read_bytes() == first
    assert pages(tmp_path)["feed.xml"][0] == [11, 10, 9, 8, 7]


def test_a_short_show_has_no_pages(tmp_path):
    root = written(tmp_path, finished(1))
    assert {one.get("rel") for one in root.iterfind(f"channel/{qualified('atom:link')}")} == {"self", "hub"}
    assert feed.documents(tmp_path) == ["feed.xml"]


def test_an_empty_show_has_a_feed(tmp_path):
    feed.write(SHOW, [], tmp_path)
    assert feed.read(tmp_path / "feed.xml") == ()
