"""Only the person at this machine can write through the proof sheet."""

import http.client
import json
import threading

import pytest

from yomicast.errors import LexiconError
from yomicast.model import Message
from yomicast.site.proof import ProofServer, Saved

RIGHT = {"word": "NATO", "reading": "ナ'トー", "scope": "show"}


@pytest.fixture
def desk():
    kept = []

    def save(correction):
        if correction.reading == "broken":
            raise LexiconError(Message("not kana", "かなではありません"), hint=Message("write kana", "かなで書く"))
        kept.append(correction)
        return Saved(message=Message("saved", "保存しました"))

    server = ProofServer(page=lambda: f"<p>{len(kept)}</p>", save=save, sound={3: (b"RIFF", "audio/wav")}.get)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    server.kept = kept
    yield server
    server.close()
    thread.join(5)


def ask(desk, method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=5)
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection.request(method, path, body=data, headers={name.replace("_", "-"): v for name, v in headers.items()})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer, text


def post(desk, body=None, **changes):
    given = {"Origin": f"http://127.0.0.1:{desk.port}", "Content_Type": "application/json", **changes}
    path = given.pop("path", f"/{desk.token}/corrections")
    return ask(desk, "POST", path, RIGHT if body is None else body, **{k: v for k, v in given.items() if v is not None})


def test_the_page_is_made_anew_for_each_visit(desk):
    assert ask(desk, "GET", f"/{desk.token}/")[1] == b"<p>0</p>"
    answer, text = post(desk)
    assert (answer.status, json.loads(text)) == (200, {"message": "保存しました"})
    assert ask(desk, "GET", f"/{desk.token}/")[1] == b"<p>1</p>"
    assert (desk.kept[0].word, desk.kept[0].reading, desk.kept[0].scope) == ("NATO", "ナ'トー", "show")


def test_it_listens_on_loopback_only(desk):
    assert desk.address.startswith("http://127.0.0.1:")
    assert desk._http.server_address[0] == "127.0.0.1"


def test_sounds_are_served(desk):
    answer, body = ask(desk, "GET", f"/{desk.token}/sound/3")
    assert (answer.status, answer.headers["Content-Type"], body) == (200, "audio/wav", b"RIFF")
    assert ask(desk, "GET", f"/{desk.token}/sound/4")[0].status == 404


STRANGERS = {
    "no token": {"path": "/corrections"},
    "a guessed token": {"path": "/" + "A" * 32 + "/corrections"},
    "a token in other letters": {"path": "/é/corrections"},
    "another page's origin": {"Origin": "https://evil.example"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "no origin": {"Origin": None},
    "a sandboxed page": {"Origin": "null"},
    "a rebound name": {"Host": "evil.example"},
    "a form": {"Content_Type": "text/plain"},
    "another path": {"path": None},
}


@pytest.mark.parametrize("changes", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_cannot_write(desk, changes):
    if changes == {"path": None}:
        changes = {"path": f"/{desk.token}/other"}
    if "é" in changes.get("path", ""):
        changes = {"path": "/%C3%A9/corrections"}
    answer, _ = post(desk, **changes)
    assert 400 <= answer.status < 500
    assert desk.kept == []


def test_a_stranger_cannot_read(desk):
    assert ask(desk, "GET", "/")[0].status == 404
    assert ask(desk, "GET", f"/{desk.token}/", Host="evil.example")[0].status == 404
    assert ask(desk, "GET", f"/{desk.token}/../secret")[0].status == 404
    assert ask(desk, "GET", f"/{desk.token}")[0].status == 404


BODIES = {
    "not JSON": b"{",
    "nested without end": b"[" * 9000,
    "a list": [],
    "a number for a word": {**RIGHT, "word": 3},
    "an unknown scope": {**RIGHT, "scope": "world"},
    "more than asked for": {**RIGHT, "path": "/etc/passwd"},
    "less than asked for": {"word": "NATO"},
    "too large": {**RIGHT, "word": "あ" * 20_000},
    "empty": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_broken_correction_is_refused(desk, body):
    assert post(desk, body)[0].status in (400, 413)
    assert desk.kept == []


def test_what_is_wrong_with_a_reading_is_said(desk):
    answer, text = post(desk, {**RIGHT, "reading": "broken"})
    assert answer.status == 400
    assert json.loads(text) == {"error": "かなではありません", "hint": "かなで書く", "where": ""}


def test_the_page_cannot_be_framed_or_sniffed(desk):
    headers = ask(desk, "GET", f"/{desk.token}/")[0].headers
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert headers["Cache-Control"] == "no-store"
