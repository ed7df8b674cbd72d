"""A small HTTP client for speech servers: bounded in time and size, patient with busy ones, never following redirects.

The standard library's `http.client`, so that a cancelled run can shut the socket of a request in flight. 429 and 503
with Retry-After, 500, 502, 504, cut connections and refused ones are tried again a few times; all else is an error at
once. What a server says is quoted in one short line; keys never are.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import re
import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode, urlsplit

from yomicast import __version__
from yomicast.errors import ConfigError, EngineError, EngineMissing, SynthesisError
from yomicast.model import Message

AGAIN = frozenset({429, 500, 502, 503, 504})
LONGEST_WAIT = 60.0
"""Seconds a server may ask us to wait; more is an error."""
LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered. `kind`: its media type, lower case."""

    status: int
    kind: str
    body: bytes

    def json(self) -> object:
        """The body as JSON.

        Raises:
            SynthesisError: it is something else.
        """
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise SynthesisError(
                Message(
                    f"the server answered with something else than JSON: {glimpse(self.body)}",
                    f"サーバーの応答が JSON ではありません: {glimpse(self.body)}",
                ),
                hint=_IS_IT_THE_SERVER,
            ) from error


_IS_IT_THE_SERVER = Message(
    "check the address and the port: is that the speech server?",
    "アドレスとポートを確かめてください。音声サーバーですか?",
)


@dataclass(slots=True, kw_only=True)
class Server:
    """One server. May be asked from several threads; each request has its own connection.

    `timeout`: seconds without a byte, and for a whole answer five times that. `tries`: attempts in all. `secret`: never
    quoted.
    """

    url: str
    start: Message
    timeout: float = 60.0
    tries: int = 4
    largest: int = LARGEST
    secret: str = ""
    _open: set[http.client.HTTPConnection] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise ConfigError(
                Message(f"no address of a server: {self.url}", f"サーバーのアドレスではありません: {self.url}"),
                where="url",
                hint=Message("like http://127.0.0.1:50021", "例: http://127.0.0.1:50021"),
            )

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> Reply:
        """GET; see `ask`."""
        return self.ask("GET", path, query)

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        *,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        also: Collection[int] = (),
    ) -> Reply:
        """One question, asked again when the server was busy or the line was cut. `body` goes as JSON. `also`:
        statuses other than 200 that are an answer to the caller.

        Raises:
            EngineMissing: nobody answers there. SynthesisError: the server said no, or its answer never came whole or
            was too large.
        """
        target = urlsplit(self.url).path.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        head = {"User-Agent": f"yomicast/{__version__}", "Accept": "*/*", **(headers or {})}
        if data is not None:
            head["Content-Type"] = "application/json"
        for attempt in range(1, self.tries + 1):
            last = attempt == self.tries
            try:
                reply, after = self._once(method, target, data, head)
            except (OSError, http.client.HTTPException) as error:
                if last or self._stop.is_set() or isinstance(error, ssl.SSLCertVerificationError):
                    raise self._failed(error) from error
                after = None
            else:
                if reply.status == 200 or reply.status in also:
                    return reply
                if reply.status not in AGAIN or last:
                    raise self._refused(reply)
            self._rest(min(8.0, 0.25 * 2**attempt) if after is None else after)
        raise AssertionError  # the last attempt returns or raises

    def close(self) -> None:
        """Shut what is in flight: those requests fail at once."""
        self._stop.set()
        for connection in list(self._open):
            if connection.sock is not None:
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)

    def _once(
        self, method: str, target: str, data: bytes | None, head: Mapping[str, str]
    ) -> tuple[Reply, float | None]:
        connection, target = self._connection(target)
        self._open.add(connection)
        try:
            connection.connect()
            if self._stop.is_set():  # closed while we were connecting
                raise ConnectionAbortedError
            connection.request(method, target, body=data, headers=dict(head))
            answer = connection.getresponse()
            body = self._body(answer)
            kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
            return Reply(status=answer.status, kind=kind, body=body), _retry_after(answer.getheader("Retry-After"))
        finally:
            self._open.discard(connection)
            connection.close()

    def _connection(self, target: str) -> tuple[http.client.HTTPConnection, str]:
        """A connection, through the environment's proxy unless the server is on this machine."""
        parts = urlsplit(self.url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        proxy = (
            ""
            if is_local(host) or urllib.request.proxy_bypass(host)
            else urllib.request.getproxies().get(parts.scheme, "")
        )
        port = parts.port or (443 if secure else 80)
        if not proxy:
            if secure:
                return http.client.HTTPSConnection(host, port, timeout=self.timeout), target
            return http.client.HTTPConnection(host, port, timeout=self.timeout), target
        through = urlsplit(proxy if "//" in proxy else f"//{proxy}")
        if secure:
            connection = http.client.HTTPSConnection(through.hostname or "", through.port or 80, timeout=self.timeout)
            connection.set_tunnel(host, port)
            return connection, target
        plain = http.client.HTTPConnection(through.hostname or "", through.port or 80, timeout=self.timeout)
        return plain, f"http://{parts.netloc}{target}"

    def _body(self, answer: http.client.HTTPResponse) -> bytes:
        deadline = time.monotonic() + 5 * self.timeout
        found = bytearray()
        while chunk := answer.read(65_536):
            found += chunk
            if len(found) > self.largest:
                raise SynthesisError(Message("the server sent too much", "サーバーの応答が大きすぎます"))
            if time.monotonic() > deadline:
                raise TimeoutError
        if answer.length:  # http.client stops quietly when the line is cut in mid-body
            raise http.client.IncompleteRead(bytes(found[:20]), answer.length)
        return bytes(found)

    def _rest(self, seconds: float) -> None:
        if seconds > LONGEST_WAIT:
            raise SynthesisError(
                Message(
                    f"the server is over its limit for {seconds:.0f} s more",
                    f"サーバーの利用制限が、あと {seconds:.0f} 秒続きます",
                ),
                where=self.url,
                hint=Message(
                    "run again later: finished lines are kept", "後でもう一度実行してください。済んだ行は残っています"
                ),
            )
        if self._stop.wait(seconds):
            raise SynthesisError(Message("cancelled", "中止しました"))

    def _failed(self, error: Exception) -> EngineError:
        if isinstance(error, ConnectionRefusedError | socket.gaierror):
            return EngineMissing(
                Message(f"no server answers at {self.url}", f"{self.url} にサーバーがいません"),
                where=self.url,
                hint=self.start,
            )
        if isinstance(error, ssl.SSLError):
            said = f"no trusted connection: {error.reason}"
            return EngineMissing(
                Message(said, f"安全な接続ができません: {error.reason}"), where=self.url, hint=_IS_IT_THE_SERVER
            )
        if isinstance(error, TimeoutError):
            said_en, said_ja = f"no answer within {self.timeout:.0f} s", f"{self.timeout:.0f} 秒以内に応答がありません"
        else:
            name = type(error).__name__
            said_en, said_ja = f"the connection broke ({name})", f"接続が切れました ({name})"
        return SynthesisError(Message(said_en, said_ja), where=self.url, hint=_IS_IT_THE_SERVER)

    def _refused(self, reply: Reply) -> SynthesisError:
        said = glimpse(reply.body, self.secret)
        return SynthesisError(
            Message(f"the server said {reply.status}: {said}", f"サーバーの応答 {reply.status}: {said}"),
            where=self.url,
            hint=_HINTS.get(reply.status, _IS_IT_THE_SERVER),
        )


_HINTS = {
    401: Message("check the key in the environment", "環境変数のキーを確かめてください"),
    403: Message("this key may not do that", "このキーでは許可されていません"),
    429: Message("run again later: finished lines are kept", "後でもう一度実行してください。済んだ行は残っています"),
    500: Message("see the server's own log", "サーバー側のログを見てください"),
}


def is_local(host: str) -> bool:
    """Whether the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def glimpse(body: bytes, secret: str = "") -> str:
    """The beginning of an answer on one line, markup and keys apart."""
    text = body[:4_000].decode("utf-8", errors="replace")
    with contextlib.suppress(ValueError):
        found = json.loads(body)
        inner = found.get("error", found.get("detail", found)) if isinstance(found, dict) else found
        inner = inner.get("message", inner.get("text", inner)) if isinstance(inner, dict) else inner
        text = inner if isinstance(inner, str) else json.dumps(inner, ensure_ascii=False)
    text = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    text = re.sub(r"\bsk-[\w*-]{6,}", "…", text.replace(secret, "…") if secret else text)
    return "".join(c for c in text if c.isprintable())[:160] or "(nothing)"


def _retry_after(value: str | None) -> float | None:
    """Seconds from a Retry-After header: a number or a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None
