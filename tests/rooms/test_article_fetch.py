"""Web addresses: what is asked, what is refused. A server on loopback stands for the web."""

import gzip
import importlib
import ipaddress
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from yomicast import article
from yomicast.article import Limits
from yomicast.article.fetch import public
from yomicast.errors import ArticleError

PAGE = "<html><body><h1>題名です</h1><p>本文の文があります。もう一つあります。</p></body></html>"
OPEN = Limits(private=True, seconds=5.0)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        answers = {
            "/page": (200, {"Content-Type": "text/html; charset=Shift_JIS"}, PAGE.encode("cp932")),
            "/gzip": (
                200,
                {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"},
                gzip.compress(PAGE.encode()),
            ),
            "/bomb": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(b" " * 20_000_000)),
            "/moved": (302, {"Location": "/page"}, b""),
            "/loop": (301, {"Location": "/loop"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/inside": (302, {"Location": "http://169.254.169.254/latest/"}, b""),
            "/image": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
            "/wall": (403, {"Content-Type": "text/html"}, b"no"),
            "/big": (200, {"Content-Type": "text/html", "Content-Length": "99999999"}, b""),
            "/%E6%97%A5": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE.encode()),
        }
        status, headers, body = answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("path", ["/page", "/moved", "/gzip", "/日"])
def test_a_page_is_read(site, path):
    found = article.read(site + path, limits=OPEN)
    assert (found.title, found.form) == ("題名です", "html")
    assert found.meta.link.startswith(site)
    assert found.blocks[0].place.file == site + path


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/loop", "redirects"),
        ("/file", "only http"),
        ("/image", "image/png"),
        ("/wall", "login or refuses"),
        ("/missing", "404"),
        ("/big", "MiB"),
        ("/bomb", "MiB"),
    ],
)
def test_what_cannot_be_an_article_is_refused(site, path, said):
    with pytest.raises(ArticleError, match=said) as caught:
        article.read(site + path, limits=OPEN)
    assert caught.value.where.file == site + path
    assert caught.value.hint is not None


def test_the_own_network_is_not_asked_unless_allowed(site):
    for address in (
        site + "/page",
        "http://localhost:1/",
        "http://[::1]/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
    ):
        with pytest.raises(ArticleError, match="own network"):
            article.read(address)


def test_redirects_are_checked_too(site, monkeypatch):
    """The first address passes as public; the redirect into the network does not."""
    module = importlib.import_module("yomicast.article.fetch")
    monkeypatch.setattr(module, "public", lambda number: str(number) == "127.0.0.1" or number.is_global)
    with pytest.raises(ArticleError, match="own network"):
        article.read(site + "/inside", limits=Limits(seconds=5.0))


@pytest.mark.parametrize("address", ["http://user:pw@example.jp/", "http://", "https://[broken/"])
def test_odd_addresses_are_refused(address):
    with pytest.raises(ArticleError):
        article.read(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.215.14", True),
        ("127.0.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("224.0.0.1", False),
        ("2002:7f00:1::", False),
        ("2606:4700::1111", True),
    ],
)
def test_public_addresses(address, expected):
    assert public(ipaddress.ip_address(address)) is expected
