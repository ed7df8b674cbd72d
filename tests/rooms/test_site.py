"""The server behaves as podcast hosts do; embed code; the EPUB."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from yomicast import site
from yomicast.errors import OutputError
from yomicast.model import Cue, Episode, Mark, Person, Rendition
from yomicast.settings import ShowSettings

SHOW = ShowSettings(title="番組 <&>", audio_base="https://example.com/podcast/")


def episode(**changes):
    facts = {
        "slug": "a", "guid": "6e1c0f1c-9d0b-5f5e-8d7e-1a2b3c4d5e6f", "title": "題 <b>&]]>", "seconds": 12.0,
        "published": datetime(2026, 3, 20, tzinfo=UTC), "summary": "要約 <script>", "image": "cover.jpg",
        "renditions": (Rendition(path="a/a.0123abcd.mp3", media_type="audio/mpeg", size=9, sha256="0" * 64),),
        "cues": (
            Cue(start=0.5, end=2, text="題 <b>&]]>", speaker="Mei", line=0, role="title", block=0),
            Cue(start=3, end=5, text="最初の文です。", speaker="Mei", line=1, block=1),
            Cue(start=6, end=7, text="章", speaker="Mei", line=2, role="heading", block=2),
            Cue(start=8, end=11, text="終わりの<文>です。", speaker="Mei", line=3, block=3),
        ),
        "marks": (Mark(start=0, title="題 <b>&]]>"), Mark(start=6, title="章")),
        "persons": (Person(name="Mei"),), "credits": ("声の credit",),
    }  # fmt: skip
    return Episode(**{**facts, **changes})


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.mp3").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "feed.xml").write_text('<rss url="https://example.com/podcast/a/a.mp3"/>', encoding="utf-8")
    (tmp_path / "a" / "index.html").write_text("<body>x</body>", encoding="utf-8")
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "secret").write_text("no", encoding="utf-8")
    return tmp_path


@pytest.fixture
def ask(folder):
    made = site.server(folder, public="https://example.com/podcast/", live=True)
    site.running(made)

    def ask(path, method="GET", **headers):
        line = http.client.HTTPConnection("127.0.0.1", made.server_address[1], timeout=10)
        line.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = line.getresponse()
        body = answer.read()
        line.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, body

    yield ask
    made.shutdown()
    made.server_close()


SOUND = bytes(range(256)) * 40


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, 10239),
        ("bytes=-5", 10235, 10239),
        ("bytes=10000-99999", 10000, 10239),
    ],
)
def test_a_range_is_answered_exactly(ask, asked, first, last):
    status, headers, body = ask("/a/a.mp3", Range=asked)
    assert status == 206
    assert body == SOUND[first : last + 1]
    assert headers["content-range"] == f"bytes {first}-{last}/10240"
    assert headers["content-length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=5-2"])
def test_an_impossible_range_is_refused(ask, asked):
    status, headers, _ = ask("/a/a.mp3", Range=asked)
    assert status == 416
    assert headers["content-range"] == "bytes */10240"


@pytest.mark.parametrize("asked", ["bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "bytes=-"])
def test_a_range_we_do_not_know_gets_the_whole(ask, asked):
    status, _, body = ask("/a/a.mp3", Range=asked)
    assert (status, body) == (200, SOUND)


def test_head_says_what_get_sends(ask):
    status, headers, body = ask("/a/a.mp3", "HEAD")
    assert (status, body) == (200, b"")
    assert headers["content-length"] == "10240"
    assert headers["content-type"] == "audio/mpeg"
    assert headers["accept-ranges"] == "bytes"
    assert headers["access-control-allow-origin"] == "*"


def test_what_did_not_change_is_not_sent_again(ask):
    _, headers, _ = ask("/a/a.mp3")
    status, _, body = ask("/a/a.mp3", If_None_Match=headers["etag"])
    assert (status, body) == (304, b"")
    assert ask("/a/a.mp3", Range="bytes=0-9", If_Range='"other"')[0] == 200
    assert ask("/a/a.mp3", Range="bytes=0-9", If_Range=headers["etag"])[0] == 206


def test_the_feed_points_at_this_server(ask):
    _, headers, body = ask("/feed.xml", Host="192.168.0.5:8500")
    assert b'url="http://192.168.0.5:8500/a/a.mp3"' in body
    assert headers["content-type"].startswith("application/rss+xml")
    assert b"example.com" in ask("/feed.xml", Host='"><script>')[2]


def test_the_address_alone_is_the_page_to_a_browser_and_the_feed_to_an_app(ask, folder):
    (folder / "index.html").write_text("<body>show</body>", encoding="utf-8")
    assert b"show" in ask("/", Accept="text/html,*/*;q=0.8")[2]
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/rss+xml"}):
        _, told, body = ask("/", **headers)
        assert told["content-type"].startswith("application/rss+xml")
        assert body == ask("/feed.xml")[2]
    assert "Accept" in told["vary"]
    assert ask("/feed.xml", Accept="text/html")[1]["content-type"].startswith("application/xml"), "shown, not as source"
    (folder / "feed.xml").unlink()
    assert b"show" in ask("/")[2]


@pytest.mark.parametrize(
    "path",
    [
        "/../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/.cache/secret",
        "/a/..%2f..%2fetc/passwd",
        "/none",
        "/a%00",
        "/a\\b",
    ],
)
def test_nothing_outside_the_folder_is_there(ask, path):
    assert ask(path)[0] == 404


def test_a_link_out_of_the_folder_is_not_followed(ask, folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text("no", encoding="utf-8")
    (folder / "a" / "link.txt").symlink_to(outside)
    assert ask("/a/link.txt")[0] == 404


def test_pages_reload_when_they_change(ask):
    assert b'<script src="/-/reload.js"></script></body>' in ask("/a/")[2]
    assert ask("/-/reload.js")[1]["content-type"].startswith("text/javascript")


def test_a_missing_folder_or_taken_port_is_said(tmp_path, folder):
    with pytest.raises(OutputError, match="no such folder"):
        site.server(tmp_path / "none")
    made = site.server(folder)
    try:
        with pytest.raises(OutputError, match="cannot listen"):
            site.server(folder, port=made.server_address[1])
    finally:
        made.server_close()


def test_pages_escape_what_authors_write():
    page = site.episode_page(SHOW, episode())
    assert "<b>&]]>" not in page.split("<body>")[1].replace("題 &lt;b&gt;&amp;]]&gt;", "")
    assert "要約 <script>" not in page
    assert "</script>" not in page.split('id="cues">')[1].split("\n")[0][:-9]


def test_characters_that_no_page_may_hold_are_left_out(tmp_path):
    odd = episode(title="港\x07\x1b朝\ud800", author="文\x00", credits=("声\x0b",))
    for page in (site.episode_page(SHOW, odd), site.embed_page(SHOW, odd), site.show_page(SHOW, [odd])):
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", page)
        assert "港朝" in page
    (tmp_path / "a.mp3").write_bytes(b"")
    site.write_epub(SHOW, odd, tmp_path / "a.mp3", None, tmp_path / "a.epub")
    with zipfile.ZipFile(tmp_path / "a.epub") as archive:
        package = etree.fromstring(archive.read("EPUB/package.opf"))
    assert package.findtext(".//{*}title") == "港朝"


def test_a_link_that_is_no_link_is_not_written():
    assert "javascript:" not in site.episode_page(SHOW, episode(link="javascript:alert(1)"))


def test_pages_are_written_once(tmp_path):
    site.write_pages(SHOW, [episode()], tmp_path)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
    site.write_pages(SHOW, [episode()], tmp_path)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()} == before


def test_embed_code_comes_in_three_tiers_and_escapes():
    made = site.snippets(SHOW, episode(title='"><script>'), text=".entry")
    assert set(made) == {"component", "iframe", "audio"}
    assert 'for=".entry"' in made["component"]
    for code in made.values():
        assert '"><script>' not in code
        assert 'preload="none"' in code or "iframe" in code


@pytest.fixture
def book(tmp_path):
    from PIL import Image

    Image.new("RGB", (1400, 1400)).save(tmp_path / "cover.jpg")
    import lameenc
    import numpy as np

    encoder = lameenc.Encoder()
    encoder.silence()
    sound = encoder.encode(np.zeros((48000 * 12, 2), np.int16)) + encoder.flush()
    (tmp_path / "a.mp3").write_bytes(sound)
    site.write_epub(SHOW, episode(), tmp_path / "a.mp3", tmp_path / "cover.jpg", tmp_path / "a.epub")
    return tmp_path / "a.epub"


def test_every_sentence_of_the_book_has_its_sound(book):
    with zipfile.ZipFile(book) as archive:
        assert archive.namelist()[0] == "mimetype"
        ids, times = [], []
        for name in archive.namelist():
            if name.endswith(".xhtml") and "chapter" in name:
                ids += [f"{name[5:]}#{i}" for i in etree.fromstring(archive.read(name)).xpath("//@id")]
            if name.endswith(".smil"):
                tree = etree.fromstring(archive.read(name))
                times += [
                    (t, tree.xpath("//*[local-name()='audio']/@clipBegin")[n])
                    for n, t in enumerate(tree.xpath("//@src[contains(., '#')]"))
                ]
    assert sorted(ids) == sorted(target for target, _ in times)
    assert sorted(begin for _, begin in times) == ["0:00:00.500", "0:00:03.000", "0:00:06.000", "0:00:08.000"]


def test_the_same_episode_is_the_same_book(book, tmp_path):
    again = tmp_path / "again.epub"
    site.write_epub(SHOW, episode(), tmp_path / "a.mp3", tmp_path / "cover.jpg", again)
    assert again.read_bytes() == book.read_bytes()


@pytest.mark.clients
def test_epubcheck_finds_nothing(book):
    program = shutil.which("epubcheck")
    if not program or not shutil.which("java"):
        pytest.skip("epubcheck is not installed")
    # Debian's program is a jar that only a kernel with binfmt_misc starts by itself.
    done = subprocess.run(["java", "-jar", program, str(book)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stderr


@contextlib.contextmanager
def serving(folder, *options):
    """`yomicast serve` in a process of its own; its address, and what it said once it has ended (by Ctrl+C)."""
    said = []
    command = [sys.executable, "-m", "yomicast", "serve", "--out", str(folder), "--port", "0", *options]
    there = {**os.environ, "PYTHONPATH": str(Path(site.__file__).parents[2]), "YOMICAST_LANG": "en"}
    with subprocess.Popen(
        command, cwd=folder, env=there, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process.stdout.readline().strip(), said
        finally:
            process.send_signal(signal.SIGINT)
            said.append(process.communicate(timeout=60)[1])


def test_phones_nearby_are_served_only_when_asked(folder):
    own = site.own_address()
    with serving(folder) as (address, quiet):
        port = urlsplit(address).port
        assert urlsplit(address).hostname == "127.0.0.1"
        if own != "127.0.0.1":
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((own, port), timeout=5)
    assert "█" not in quiet[0]
    with serving(folder, "--share") as (address, shared):
        assert urlsplit(address).hostname == own
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert answer.headers["content-type"].startswith("application/rss+xml")
    assert f"{address}feed.xml" in shared[0]
    assert sum(line.count("█") > 5 for line in shared[0].splitlines()) > 10, "a code to point the phone at"
    assert "Traceback" not in quiet[0] + shared[0]
