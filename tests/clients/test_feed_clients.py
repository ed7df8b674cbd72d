"""Real podcast clients read what we make. Skipped where they are not installed; all of them run in CI."""

import dataclasses
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser
import podcastparser
import pytest
import webvtt

from tests import showcase
from yomicast import feed

pytestmark = pytest.mark.clients


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def npm():
    folder = os.environ.get("NPM_DIR", "")
    if not (folder and (Path(folder) / "node_modules").is_dir() and shutil.which("node")):
        pytest.skip("NPM_DIR names no folder with node_modules, or node is not installed")
    return folder


def node(code, *arguments):
    done = subprocess.run(
        ["node", "--input-type=module", "-e", code, *map(str, arguments)],
        check=False,
        cwd=npm(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-500:]
    return json.loads(done.stdout)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def live(tmp_path_factory):
    """The show, made for the loopback address it is served at."""
    out = tmp_path_factory.mktemp("live")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(out)))
    base = f"http://127.0.0.1:{server.server_port}/"
    show = dataclasses.replace(showcase.SHOW, audio_base=base)
    episodes = showcase.build(out, show, count=2)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield out, base, episodes
    server.shutdown()
    server.server_close()
    thread.join()


def home(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "HOME": str(tmp_path), "GPODDER_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}


def titles(episodes):
    return [e.title for e in sorted(episodes, key=lambda e: e.published, reverse=True)]


def test_feedparser(live):
    out, _, episodes = live
    told = feedparser.parse((out / "feed.xml").read_bytes())
    assert not told.bozo
    assert [one.title for one in told.entries] == titles(episodes)
    assert all(one.enclosures and one.published_parsed for one in told.entries)


def test_podcastparser(live):
    out, base, episodes = live
    with (out / "feed.xml").open("rb") as stream:
        told = podcastparser.parse(base + "feed.xml", stream)
    assert [one["title"] for one in told["episodes"]] == titles(episodes)
    for one, episode in zip(told["episodes"], episodes[::-1], strict=True):
        assert one["enclosures"][0]["file_size"] == episode.renditions[0].size
        assert [chapter["title"] for chapter in one["chapters"]] == [mark.title for mark in episode.marks]


@needs("gpo")
def test_gpodder_subscribes_downloads_and_updates(live, tmp_path):
    _out, base, episodes = live
    for command in (["subscribe", base + "feed.xml"], ["download"], ["update"]):
        subprocess.run(
            ["gpo", *command],
            env=home(tmp_path),
            capture_output=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
            check=True,
        )
    with sqlite3.connect(tmp_path / "Database") as database:
        rows = database.execute("select title, file_size from episode").fetchall()
    database.close()
    assert sorted(rows) == sorted((e.title, e.renditions[0].size) for e in episodes)
    got = {path.stat().st_size for path in (tmp_path / "Downloads").rglob("*.mp3")}
    assert got == {e.renditions[0].size for e in episodes}


@needs("newsboat")
def test_newsboat(live, tmp_path):
    _, base, episodes = live
    (tmp_path / "urls").write_text(base + "feed.xml\n")
    argv = ["newsboat", "-u", str(tmp_path / "urls"), "-c", str(tmp_path / "cache.db"), "-x", "reload"]
    subprocess.run(argv, env=home(tmp_path), capture_output=True, timeout=60, check=True)
    with sqlite3.connect(tmp_path / "cache.db") as database:
        rows = database.execute("select title, enclosure_type from rss_item").fetchall()
    database.close()
    assert sorted(rows) == sorted((e.title, "audio/mpeg") for e in episodes)


@needs("podget")
def test_podget(live, tmp_path):
    _, base, episodes = live
    folder = tmp_path / "d"
    subprocess.run(
        ["podget", "-d", str(folder), "--create-config", "podgetrc"],
        check=False,
        env=home(tmp_path),
        capture_output=True,
        timeout=60,
    )
    settings = folder / "podgetrc"
    lines = [line for line in settings.read_text().splitlines() if not line.startswith(("DIR_LIBRARY=", "MIN_SPACE="))]
    settings.write_text("\n".join([*lines, f"DIR_LIBRARY={tmp_path}/lib", "MIN_SPACE=1000"]) + "\n")
    (folder / "serverlist").write_text(f"{base}feed.xml cat show\n")
    subprocess.run(["podget", "-d", str(folder)], check=False, env=home(tmp_path), capture_output=True, timeout=120)
    got = sorted(path.stat().st_size for path in (tmp_path / "lib").rglob("*.mp3"))
    assert got == sorted(e.renditions[0].size for e in episodes)


@needs("ffprobe")
def test_ffprobe_lists_chapters_in_order(live):
    out, _, episodes = live
    for episode in episodes:
        path = out / episode.renditions[0].path
        argv = ["ffprobe", "-v", "error", "-show_format", "-show_chapters", "-of", "json", str(path)]
        told = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
        assert told["format"]["tags"]["title"] == episode.title
        assert [one["tags"]["title"] for one in told["chapters"]] == [mark.title for mark in episode.marks]
        assert [float(one["start_time"]) for one in told["chapters"]] == [mark.start for mark in episode.marks]


@needs("mp3val")
@needs("mpg123")
def test_the_mp3_is_sound(live):
    out, _, episodes = live
    for episode in episodes:
        path = str(out / episode.renditions[0].path)
        told = subprocess.run(["mp3val", path], capture_output=True, text=True, check=True).stdout
        assert "WARNING" not in told
        assert "ERROR" not in told
        done = subprocess.run(
            ["mpg123", "-t", "-q", path], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        assert done.returncode == 0
        assert "rror" not in done.stderr


def test_webvtt_py(live):
    out, _, episodes = live
    for episode in episodes:
        told = webvtt.read(str(out / episode.slug / f"{episode.slug}.vtt"))
        assert {one.voice for one in told} == {cue.speaker for cue in episode.cues}


def test_the_parser_of_podcast_index(live):
    out, _, episodes = live
    code = "import k from 'podcast-partytime';import fs from 'fs';console.log(JSON.stringify(k.parseFeed(fs.readFileSync(process.argv[1],'utf8'))))"
    told = node(code, out / "feed.xml")
    assert [one["title"] for one in told["items"]] == titles(episodes)
    assert told["locked"] is True
    assert told["guid"]
    assert len(told["items"][0]["podcastTranscripts"]) == 5
    assert len(told["items"][0]["alternativeEnclosures"]) == 2
    assert told["items"][0]["alternativeEnclosures"][0]["integrity"]["type"] == "sri"
    assert told["items"][0]["podcastPeople"]


def test_the_webvtt_parser_of_the_w3c(live):
    out, _, episodes = live
    code = "import w from 'webvtt-parser';import fs from 'fs';const t=new w.WebVTTParser().parse(fs.readFileSync(process.argv[1],'utf8'));console.log(JSON.stringify({n:t.cues.length,e:t.errors}))"
    for episode in episodes:
        told = node(code, out / episode.slug / f"{episode.slug}.vtt")
        assert told["e"] == []
        assert told["n"] >= len(episode.cues)


def test_music_metadata(live):
    out, _, episodes = live
    code = "import {parseFile} from 'music-metadata';const m=await parseFile(process.argv[1],{includeChapters:true,duration:true});console.log(JSON.stringify({t:m.common.title,c:m.format.chapters}))"
    for episode in episodes:
        told = node(code, out / episode.renditions[0].path)
        assert told["t"] == episode.title
        assert [one["title"] for one in told["c"]] == [mark.title for mark in episode.marks]


@pytest.mark.shared
@pytest.mark.slow
@needs("ffmpeg")
def test_the_acceptance_kit_fails_nothing(shared, tmp_path):
    """A show of three episodes, one corrected, one in both editions; then again after a second run."""
    for name in ("first", "second"):
        showcase.build(tmp_path / name)
    argv = [sys.executable, str(shared / "tools" / "accept.py"), str(tmp_path / "second"), "--base", showcase.BASE]
    done = subprocess.run(
        [*argv, "--old", str(tmp_path / "first"), "--allow-skip"],
        check=False,
        capture_output=True,
        text=True,
        timeout=400,
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert failed == []
    assert done.returncode == 0
    assert feed.check(tmp_path / "second") == []
