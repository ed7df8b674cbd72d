"""Publishing: nothing dangles after any crash, nothing is lost between publishers, nothing is sent twice."""

import contextlib
import http.server
import os
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ClassVar

import pytest

from yomicast import export, pipeline, publish
from yomicast.errors import OutputError, PublishError
from yomicast.files import sha256_of
from yomicast.model import Cue, Episode, Mark, Rendition
from yomicast.pipeline import folder
from yomicast.publish import place as places
from yomicast.publish import sending
from yomicast.settings import PublishSettings, ShowSettings

SHOW = ShowSettings(title="番組", audio_base="https://example.com/podcast/")
COMPOSE = partial(folder._composed, SHOW)


def add_episode(out, slug, number=1):
    """A finished episode as the pipeline leaves one."""
    folder = out / slug
    folder.mkdir(parents=True, exist_ok=True)
    sound = folder / f"{slug}.mp3"
    sound.write_bytes(os.urandom(3000))
    digest = sha256_of(sound)
    sound = sound.rename(folder / f"{slug}.{digest[:8]}.mp3")
    (folder / f"{slug}.vtt").write_text(f"WEBVTT\n\n00:00.000 --> 00:01.000\n<v A>{slug}\n", encoding="utf-8")
    (folder / "report.json").write_text("{}", encoding="utf-8")
    (out / "cover.jpg").write_bytes(b"\xff\xd8cover")
    episode = Episode(
        slug=slug, guid=f"guid-{slug}", title=f"題 {slug}", published=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=number),
        seconds=60.0, summary="要約", number=number, image="cover.jpg",
        renditions=(
            Rendition(path=f"{slug}/{sound.name}", media_type="audio/mpeg", size=3000, sha256=digest, seconds=60.0),
            Rendition(path=f"{slug}/{slug}.vtt", media_type="text/vtt", size=10, sha256="0" * 64, rel="transcript"),
        ),
        cues=(Cue(start=0, end=1, text="文。", speaker="A", line=0),), marks=(Mark(start=0, title="題"),),
    )  # fmt: skip
    export.write_episode(folder / "episode.json", episode)


@pytest.fixture
def out(tmp_path):
    for number, slug in enumerate(("a", "b"), 1):
        add_episode(tmp_path / "out", slug, number)
    return tmp_path / "out"


@pytest.fixture(scope="session")
def s3():
    """A real S3 server on loopback."""
    server_module = pytest.importorskip("moto.server")
    boto3 = pytest.importorskip("boto3")
    pytest.importorskip("obstore")
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    before = {name: os.environ.get(name) for name in keys}
    os.environ.update(keys)
    boto3.client("s3", endpoint_url=address, region_name="us-east-1").create_bucket(Bucket="show")
    yield address
    server.stop()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture(params=["folder", "memory", "s3", "rclone"])
def place(request, tmp_path):
    """Every kind of place gets every promise."""
    if request.param == "folder":
        return places.opened(PublishSettings(to=str(tmp_path / "web")))
    if request.param == "memory":
        pytest.importorskip("obstore")
        return places.opened(PublishSettings(to="memory:"))
    if request.param == "s3":
        prefix = re.sub(r"\W", "-", request.node.name) + tmp_path.name
        return places.opened(PublishSettings(to=f"s3://show/{prefix}", endpoint=request.getfixturevalue("s3")))
    if not shutil.which("rclone"):
        pytest.skip("rclone is not installed")
    (tmp_path / "remote").mkdir()
    return places.opened(PublishSettings(to=f"rclone:{tmp_path / 'remote'}"))


def dangling(place):
    """Addresses in the feed at the place that lead nowhere."""
    feed = place.read("feed.xml")
    if feed is None:
        return []
    there = set(place.files())
    base = SHOW.audio_base
    linked = {
        urllib.parse.unquote(url[len(base) :])
        for url in re.findall(r'"(https://example\.com/podcast/[^"]+)"', feed[0].decode())
    }
    return sorted(key for key in linked if key and key not in there and not key.endswith("/"))


def items(place):
    return sorted(re.findall(r"guid-(\w+)", place.read("feed.xml")[0].decode()))


def test_everything_arrives_and_a_second_run_sends_nothing(out, place):
    first = publish.publish(out, place, COMPOSE)
    assert sorted(set(items(place))) == ["a", "b"]
    assert dangling(place) == []
    assert len(first.created) == 2
    again = publish.publish(out, place, COMPOSE)
    assert again.sent == 0
    assert not any(key.endswith("report.json") or "/." in key for key in place.files())


def test_a_dry_run_sends_nothing(out, place):
    plan = publish.publish(out, place, COMPOSE, dry_run=True)
    assert dict(place.files()) == {}
    assert "feed.xml" in plan.written
    assert len(plan.created) == 2


def test_a_changed_page_is_sent_and_old_sound_stays(out, place):
    publish.publish(out, place, COMPOSE)
    old = next(key for key in place.files() if key.startswith("a/") and key.endswith(".mp3"))
    (out / "a" / "a.vtt").write_text("WEBVTT\n\nchanged\n", encoding="utf-8")
    add_episode(out, "a", 1)
    done = publish.publish(out, place, COMPOSE)
    assert old in place.files()
    assert len(done.created) == 1
    assert {"a/a.vtt", "a/episode.json", "feed.xml"} >= set(done.written) - {"index.html"}
    assert dangling(place) == []


def test_conditional_writes(place):
    headers = publish.Headers(media_type="text/plain", cache="no-cache")
    place.swap("x.txt", b"one", headers, tag=None)
    data, tag = place.read("x.txt")
    assert data == b"one"
    with pytest.raises(publish.Conflict):
        place.swap("x.txt", b"two", headers, tag=None)
    place.swap("x.txt", b"two", headers, tag=tag)
    with pytest.raises(publish.Conflict):
        place.swap("x.txt", b"three", headers, tag=tag)
    assert place.read("x.txt")[0] == b"two"
    assert place.read("none.txt") is None


def test_media_are_created_once(place, tmp_path):
    headers = publish.Headers(media_type="audio/mpeg", cache="immutable")
    path = tmp_path / "a.mp3"
    path.write_bytes(b"one")
    assert place.create("m/a.mp3", path, headers) is True
    path.write_bytes(b"two")
    assert place.create("m/a.mp3", path, headers) is False
    assert place.read("m/a.mp3")[0] == b"one"


def test_types_and_cache_times_reach_the_store(out, s3):
    import urllib.request

    place = places.opened(PublishSettings(to="s3://show/headers", endpoint=s3))
    publish.publish(out, place, COMPOSE)
    key = next(key for key in place.files() if key.endswith(".mp3"))
    for name, kind, cache in ((key, "audio/mpeg", "immutable"), ("feed.xml", "application/xml", "max-age=300")):
        import boto3

        client = boto3.client("s3", endpoint_url=s3, region_name="us-east-1")
        url = client.generate_presigned_url("get_object", Params={"Bucket": "show", "Key": f"headers/{name}"})
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.headers["Content-Type"].startswith(kind)
            assert cache in answer.headers["Cache-Control"]


class Crash(Exception):
    """The publisher dies here."""


class Crashing:
    """A place whose user dies at operation number `at`: before it, or after it has happened."""

    def __init__(self, inner, at, when):
        self.inner, self.left, self.when = inner, at, when

    def _step(self, act):
        self.left -= 1
        if self.left == 0 and self.when == "before":
            raise Crash
        result = act()
        if self.left == 0:
            raise Crash
        return result

    def files(self):
        return self.inner.files()

    def read(self, key):
        return self.inner.read(key)

    def create(self, *args):
        return self._step(lambda: self.inner.create(*args))

    def write(self, *args):
        return self._step(lambda: self.inner.write(*args))

    def swap(self, *args, **names):
        return self._step(lambda: self.inner.swap(*args, **names))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["memory", "s3"])
def test_a_crash_at_any_operation_leaves_the_old_feed_whole(out, when, kind, request, tmp_path):
    pytest.importorskip("obstore")
    endpoint = request.getfixturevalue("s3") if kind == "s3" else ""
    for at in range(1, 40):
        to = f"s3://show/crash-{when}-{at}" if kind == "s3" else "memory:"
        place = places.opened(PublishSettings(to=to, endpoint=endpoint))
        local = tmp_path / f"{kind}{at}"
        add_episode(local, "a", 1)
        publish.publish(local, place, COMPOSE)
        old = place.read("feed.xml")[0]
        add_episode(local, "b", 2)
        add_episode(local, "a", 1)
        try:
            publish.publish(local, Crashing(place, at, when), COMPOSE)
        except Crash:
            feed = place.read("feed.xml")[0]
            assert feed == old or (when == "after" and b"guid-b" in feed)
            assert dangling(place) == []
            publish.publish(local, place, COMPOSE)
            assert sorted(set(items(place))) == ["a", "b"]
            assert dangling(place) == []
        else:
            assert at > 5
            return
    pytest.fail("the run never finished")


def test_the_check_would_see_a_feed_sent_first(out):
    """Negative control: the wrong order is caught by `dangling`."""
    pytest.importorskip("obstore")
    place = places.opened(PublishSettings(to="memory:"))
    done = sending.Published()
    sending._send_feed({s: (out / s / "episode.json").read_bytes() for s in "ab"}, place, COMPOSE, done, dry_run=False)
    assert dangling(place)


@pytest.mark.parametrize("kind", ["folder", "memory", "s3"])
def test_four_publishers_at_once_lose_no_episode(tmp_path, kind, request):
    pytest.importorskip("obstore")
    endpoint = request.getfixturevalue("s3") if kind == "s3" else ""
    to = {"folder": str(tmp_path / "web"), "memory": "memory:", "s3": f"s3://show/many{tmp_path.name}"}[kind]
    shared_place = places.opened(PublishSettings(to=to, endpoint=endpoint))
    failures = []

    def one(n):
        local = tmp_path / f"p{n}"
        add_episode(local, f"e{n}", n)
        place = shared_place if kind == "memory" else places.opened(PublishSettings(to=to, endpoint=endpoint))
        try:
            publish.publish(local, place, COMPOSE)
        except Exception as error:  # noqa: BLE001  whatever it is, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(set(items(shared_place))) == ["e1", "e2", "e3", "e4"]
    assert dangling(shared_place) == []


def test_a_feed_that_only_speaks_of_us_is_not_ours(out, tmp_path):
    place = places.opened(PublishSettings(to=str(tmp_path / "web")))
    (tmp_path / "web" / "feed.xml").write_text("<rss><title>yomicast を使ってみた</title></rss>", encoding="utf-8")
    with pytest.raises(PublishError, match="not made by yomicast"):
        publish.publish(out, place, COMPOSE)


def test_a_sound_that_is_nowhere_is_not_linked(out, tmp_path):
    settings = PublishSettings(to=str(tmp_path / "web"))
    sound = next((out / "a").glob("*.mp3"))
    kept = sound.read_bytes()
    for old in ("a", "b"):
        (out / old / f"{old}.vtt").touch()
    sound.unlink()
    with pytest.raises(PublishError, match="neither here nor there") as caught:
        pipeline.publish_to(SHOW, settings, out, on_done=lambda *_: None)
    assert caught.value.where.file == f"a/{sound.name}"
    assert not (tmp_path / "web" / "feed.xml").exists()
    sound.write_bytes(kept)
    pipeline.publish_to(SHOW, settings, out, on_done=lambda *_: None)
    sound.unlink()  # gone here, but already there: nothing dangles
    pipeline.publish_to(SHOW, settings, out, on_done=lambda *_: None)
    assert dangling(places.opened(settings)) == []


def test_a_render_under_way_is_not_published_from(out, tmp_path):
    with pipeline.workplace(out), pytest.raises(OutputError, match="another run"):
        pipeline.publish_to(SHOW, PublishSettings(to=str(tmp_path / "web")), out, on_done=lambda *_: None)


def refusal(code, message):
    return f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()


class Moody(http.server.BaseHTTPRequestHandler):
    """A store that answers as `moods` say, first to last, then takes everything; a mood is None to cut the line."""

    moods: ClassVar[list] = []
    seen: ClassVar[list] = []

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.seen.append(self.path)
        mood = self.moods.pop(0) if self.moods else (200, {"ETag": '"1"'}, b"")
        if mood is None:
            self.connection.close()
            return
        status, headers, body = mood
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def moody(monkeypatch):
    pytest.importorskip("obstore")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Moody)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Moody.moods, Moody.seen = [], []
    yield places.opened(PublishSettings(to="s3://show/x", endpoint=f"http://127.0.0.1:{server.server_port}"))
    server.shutdown()
    server.server_close()


PLAIN = publish.Headers(media_type="text/plain", cache="no-cache")


@pytest.mark.parametrize(
    "mood", [(503, {"Retry-After": "1"}, refusal("SlowDown", "slow")), (429, {}, b""), None],
    ids=["503", "429", "line cut"],
)  # fmt: skip
def test_a_store_that_asks_for_patience_gets_it(moody, mood):
    Moody.moods = [mood, mood]
    moody.write("a.txt", b"data", PLAIN)
    assert len(Moody.seen) == 3


@pytest.mark.parametrize(
    ("mood", "said", "hint"),
    [
        ((400, {}, refusal("ExpiredToken", "The token has expired.")), "ExpiredToken: The token has", "expired"),
        ((403, {}, refusal("ExpiredToken", "The token has expired.")), "ExpiredToken: The token has", "expired"),
        ((403, {}, refusal("AccessDenied", "Access Denied")), "AccessDenied", "may not write"),
        ((403, {}, refusal("InvalidAccessKeyId", "No such key")), "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
        ((403, {}, refusal("RequestTimeTooSkewed", "Too different")), "RequestTimeTooSkewed", "clock"),
        ((301, {"x-amz-bucket-region": "eu-west-1"}, refusal("PermanentRedirect", "x")), "redirect", "region"),
        ((307, {"Location": "http://127.0.0.1:9/"}, b""), "Redirect", "region"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_line_with_its_own_next_step(moody, mood, said, hint):
    Moody.moods = [mood] * 3
    with pytest.raises(PublishError, match=said) as caught:
        moody.write("a.txt", b"data", PLAIN)
    assert "\n" not in caught.value.message.en
    assert hint in caught.value.hint.en
    assert len(Moody.seen) == 1


@pytest.fixture
def sftp(tmp_path, monkeypatch):
    """A real SFTP server on loopback."""
    if not shutil.which("rclone"):
        pytest.skip("rclone is not installed")
    (tmp_path / "remote").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        ["rclone", "serve", "sftp", str(tmp_path / "remote"), "--addr", f"127.0.0.1:{port}", "--user", "u", "--pass", "p"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    hidden = subprocess.run(["rclone", "obscure", "p"], capture_output=True, text=True, check=True).stdout.strip()
    monkeypatch.setenv("RCLONE_SFTP_PASS", hidden)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.05)
    yield f"sftp://u@127.0.0.1:{port}/"
    server.terminate()
    server.wait()


@pytest.mark.slow
def test_a_real_sftp_server_gets_everything_once(out, sftp):
    place = places.opened(PublishSettings(to=sftp))
    publish.publish(out, place, COMPOSE)
    assert sorted(set(items(place))) == ["a", "b"]
    assert dangling(place) == []
    assert publish.publish(out, place, COMPOSE).sent == 0


def test_a_feed_that_is_not_ours_is_not_replaced(out, tmp_path):
    web = tmp_path / "web"
    web.mkdir()
    (web / "feed.xml").write_text("<rss><channel><generator>other</generator></channel></rss>", encoding="utf-8")
    place = places.opened(PublishSettings(to=str(web)))
    with pytest.raises(PublishError, match="not made by yomicast"):
        publish.publish(out, place, COMPOSE)
    assert sorted(p.name for p in web.iterdir()) == ["feed.xml"]
    publish.publish(out, place, COMPOSE, adopt=True)
    assert sorted(set(items(place))) == ["a", "b"]


def test_names_that_some_hosts_take_for_one_are_refused(out, tmp_path):
    add_episode(out, "A", 3)
    with pytest.raises(PublishError, match="differ only in case"):
        publish.publish(out, places.opened(PublishSettings(to=str(tmp_path / "web"))), COMPOSE)


@pytest.mark.parametrize(
    ("to", "said"),
    [("", "no place"), ("gopher://x", "cannot publish to 'gopher:'"), ("s3://", "names no bucket")],
)
def test_a_wrong_address_is_one_line_with_a_next_step(to, said):
    with pytest.raises(PublishError, match=said) as caught:
        places.opened(PublishSettings(to=to))
    assert caught.value.hint


def test_a_store_without_a_bucket_says_so(out, s3):
    place = places.opened(PublishSettings(to="s3://nowhere/x", endpoint=s3))
    with pytest.raises(PublishError, match="the store refused") as caught:
        publish.publish(out, place, COMPOSE)
    assert "\n" not in caught.value.message.en


def test_old_sound_is_pruned_only_when_asked(out):
    old = next((out / "a").glob("*.mp3"))
    add_episode(out, "a", 1)
    assert pipeline.prune(out, dry_run=True) == [f"a/{old.name}"]
    assert old.exists()
    assert pipeline.prune(out) == [f"a/{old.name}"]
    assert not old.exists()
    assert pipeline.prune(out) == []
