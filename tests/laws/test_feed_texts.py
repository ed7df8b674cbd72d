"""Laws of what leaves the house: any text, any times."""

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from tests import showcase
from yomicast import shownotes
from yomicast.export import lines, timed
from yomicast.export.texts import FORMS, told
from yomicast.feed.table import Channel
from yomicast.feed.write import document, ours
from yomicast.model import Cue, Link, Mark

ANY = st.text(max_size=120)
URL = st.one_of(
    ANY, st.sampled_from(["https://example.com/", "javascript:x", "http://[::1]/", "https://a@b/", "https://あ.jp"])
)


@st.composite
def cues(draw):
    found, at = [], 0.0
    for number in range(draw(st.integers(0, 6))):
        at += draw(st.floats(0, 3))
        long = draw(st.floats(0.05, 20))
        text = draw(st.one_of(ANY, st.text("あ漢アa、。」「ー ", max_size=300)))
        found.append(Cue(start=at, end=at + long, text=text, speaker=draw(st.text(max_size=8)), line=number))
        at += long
    return tuple(found)


@given(cues())
@settings(max_examples=60, deadline=None)
def test_every_timed_form_tells_the_same_and_nothing_overlaps(given_cues):
    whole = told(dataclasses.replace(showcase.draft(1), cues=given_cues, seconds=999), showcase.SHOW)
    forms = {form.media_type: form for form in FORMS}
    found = [read(forms[kind].write(whole).encode()) for kind, read in timed.READERS.items()]
    plain = [[(row.start, row.end, timed.bare(row.text)) for row in rows] for rows in found]
    assert plain[0] == plain[1] == plain[2]
    for row in found[0]:
        assert 0 <= row.start < row.end
        assert row.speaker
        assert all(len(line) <= lines.LINE for line in row.text.splitlines())
    assert all(a.end <= b.start for a, b in zip(found[0], found[0][1:], strict=False))
    said = timed.bare(
        "".join(lines.plain(cue.text) for cue in given_cues if round(cue.end * 1000) > round(cue.start * 1000))
    )
    assert timed.bare("".join(row.text for row in found[0])) == said


@given(st.text("あ漢アa、。」「ー ", max_size=400), st.integers(8, 80))
@settings(max_examples=100, deadline=None)
def test_pieces_lose_nothing_but_spaces(text, limit):
    parts = lines.pieces(text, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert timed.bare("".join(parts)) == timed.bare(text)


@given(ANY)
@settings(max_examples=100, deadline=None)
def test_cleaning_once_is_enough(text):
    assert shownotes.clean(shownotes.clean(text)) == shownotes.clean(text)


@given(URL)
@settings(max_examples=100, deadline=None)
def test_an_address_is_plain_ascii_http_or_nothing(url):
    found = shownotes.web_url(url)
    assert found == "" or (found.isascii() and found.startswith(("http://", "https://")) and " " not in found)
    assert shownotes.web_url(found) == found


@given(
    st.text(max_size=6000), st.lists(st.builds(Link, text=ANY, url=URL), max_size=30), st.lists(ANY, max_size=40), ANY
)
@settings(max_examples=40, deadline=None)
def test_any_episode_makes_a_feed_that_can_be_read(summary, links, titles, title):
    marks = tuple(Mark(start=number, title=name) for number, name in enumerate(titles))
    episode = showcase.with_files(showcase.draft(1))
    episode = dataclasses.replace(episode, title=title, summary=summary, links=tuple(links), marks=marks)
    data = document(Channel(show=showcase.SHOW, episodes=(episode,), address="https://example.com/podcast/feed.xml"))
    assert ours(data)
    root = etree.fromstring(data)
    said = root.findtext("channel/item/description")
    assert len(said.encode()) <= shownotes.DESCRIPTION_LIMIT
    page = html.fragment_fromstring(said, create_parent="div")
    assert {element.tag for element in page.iter()} <= {"div", "p", "br", "ul", "li", "a"}
    assert all(a.get("href").startswith(("http://", "https://")) for a in page.iter("a"))
    assert data == document(
        Channel(show=showcase.SHOW, episodes=(episode,), address="https://example.com/podcast/feed.xml")
    )
