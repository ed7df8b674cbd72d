"""Web addresses, asked with care: the address behind the name is checked and then used, each redirect again.

Guards against server-side request forgery (OWASP SSRF Prevention): http and https only, no address inside the own
network, no second look-up between check and connection, bounded size, time and number of redirects.
"""

from __future__ import annotations

import gzip
import http.client
import io
import ipaddress
import re
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from yomicast import __version__
from yomicast.article.source import Limits, Source, too_large
from yomicast.errors import ArticleError
from yomicast.model import Message, Place
from yomicast.patterns import expression

AGENT = f"yomicast/{__version__} (article reader)"
READABLE = expression(
    r"^(?:text/|application/(?:xhtml\+xml|xml|rss\+xml|atom\+xml|rdf\+xml|feed\+json|epub\+zip|octet-stream|vnd\.openxmlformats-officedocument\.wordprocessingml\.document|zip|x-zip)|$)"
)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    location: str
    media_type: str
    charset: str
    data: bytes


PICTURES = expression(r"^image/(?!svg)|^application/octet-stream$")


def fetch(address: str, limits: Limits, *, kinds: re.Pattern[str] = READABLE) -> Source:
    """The page, feed or document at `address`, or what else `kinds` of media type lets in.

    Raises:
        ArticleError: no such place, refused, too slow, too large, or nothing to read.
    """
    try:
        return _followed(address, limits, kinds)
    except ArticleError as error:
        error.where = Place(file=address)
        raise


def _followed(address: str, limits: Limits, kinds: re.Pattern[str]) -> Source:
    deadline = time.monotonic() + limits.seconds
    at = address
    for _ in range(limits.redirects + 1):
        answer = _ask(at, limits, deadline)
        if answer.status not in REDIRECTS or not answer.location:
            return _source(address, at, answer, kinds)
        at = urljoin(at, answer.location)
    raise _refused(address, f"more than {limits.redirects} redirects", f"転送が {limits.redirects} 回を超えました")


def _source(address: str, at: str, answer: _Answer, kinds: re.Pattern[str]) -> Source:
    if answer.status in (401, 402, 403):
        raise _refused(
            address,
            f"the site wants a login or refuses ({answer.status})",
            f"ログインが必要か、拒否されました({answer.status})",
        )
    if answer.status >= 400:
        raise _refused(address, f"the site answers {answer.status}", f"サイトの応答: {answer.status}")
    if not kinds.match(answer.media_type):
        en, ja = ("an article", "記事") if kinds is READABLE else ("a picture", "画像")
        raise _refused(address, f"this is {answer.media_type}, not {en}", f"{ja}ではなく {answer.media_type} です")
    return Source(name=address, data=answer.data, url=at, media_type=answer.media_type, charset=answer.charset)


def _ask(address: str, limits: Limits, deadline: float) -> _Answer:
    parts = _checked(address)
    host = parts.hostname or ""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        connection = _connected(host, port, parts.scheme, limits, deadline=deadline, address=address)
    except (OSError, UnicodeError, ValueError) as error:
        raise _refused(address, f"not reachable: {_said(error)}", f"接続できません: {_said(error)}") from error
    try:
        connection.request(
            "GET",
            _path(parts),
            headers={
                "User-Agent": AGENT,
                "Accept-Language": "ja",
                "Accept-Encoding": "gzip, identity",
                "Accept": "*/*",
            },
        )
        with connection.getresponse() as response:
            return _answer(address, response, limits, deadline)
    except (OSError, http.client.HTTPException, EOFError, zlib.error, ValueError) as error:
        raise _refused(
            address, f"the answer broke off: {_said(error)}", f"応答が途切れました: {_said(error)}"
        ) from error
    finally:
        connection.close()


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise _refused(address, "this is no web address", "ウェブアドレスではありません") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _refused(address, "only http and https addresses are read", "http と https のアドレスだけを読みます")
    if parts.username or parts.password:
        raise _refused(address, "addresses with a password are not used", "パスワードを含むアドレスは使えません")
    return parts


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return urlunsplit(("", "", path, quote(parts.query, safe="/%:@!$&'()*+,;=~-._?"), ""))


def _connected(
    host: str, port: int, scheme: str, limits: Limits, *, deadline: float, address: str
) -> http.client.HTTPConnection:
    """A connection to an address that was checked: the name is looked up once."""
    found = socket.getaddrinfo(
        host.encode("idna").decode("ascii") if not host.isascii() else host, port, type=socket.SOCK_STREAM
    )
    numbers = [ipaddress.ip_address(str(item[4][0]).partition("%")[0]) for item in found]
    if not limits.private and (bad := [number for number in numbers if not public(number)]):
        raise _refused(
            address,
            f"{host} is inside the own network ({bad[0]})",
            f"{host} は内部ネットワークのアドレスです({bad[0]})",
        )
    last: OSError | None = None
    for number in numbers:
        try:
            raw = socket.create_connection((str(number), port), timeout=_left(deadline))
        except OSError as error:
            last = error
            continue
        connection = http.client.HTTPConnection(host, port, timeout=_left(deadline))
        connection.sock = (
            ssl.create_default_context().wrap_socket(raw, server_hostname=host) if scheme == "https" else raw
        )
        return connection
    raise last or OSError("no address")


def public(number: Address) -> bool:
    """Whether an address is on the open internet (IPv4 in IPv6 is looked into)."""
    mapped = getattr(number, "ipv4_mapped", None) or getattr(number, "sixtofour", None)
    if mapped is not None and not mapped.is_global:
        return False
    return number.is_global and not number.is_multicast


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("out of time")
    return left


def _answer(address: str, response: http.client.HTTPResponse, limits: Limits, deadline: float) -> _Answer:
    declared = response.getheader("Content-Length", "")
    if declared.isdigit() and int(declared) > limits.size:
        raise too_large(address, limits.size)
    redirected = response.status in REDIRECTS
    data = b"" if redirected else _body(address, response, limits, deadline)
    if response.getheader("Content-Encoding", "").lower() in ("gzip", "x-gzip"):
        data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(limits.size + 1) if data else data
        if len(data) > limits.size:
            raise too_large(address, limits.size)
    return _Answer(
        status=response.status,
        location=response.getheader("Location", "") if redirected else "",
        media_type=response.headers.get_content_type() if response.getheader("Content-Type") else "",
        charset=response.headers.get_content_charset() or "",
        data=data,
    )


def _body(address: str, response: http.client.HTTPResponse, limits: Limits, deadline: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := response.read(65536):
        size += len(chunk)
        if size > limits.size:
            raise too_large(address, limits.size)
        _left(deadline)
        parts.append(chunk)
    return b"".join(parts)


def _said(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _refused(address: str, en: str, ja: str) -> ArticleError:
    return ArticleError(
        Message(en, ja),
        where=address,
        hint=Message(
            "open it in a browser, save the page and give the file",
            "ブラウザーで開いて保存し、そのファイルを渡してください",
        ),
    )
