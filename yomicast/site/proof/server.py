"""`yomicast proof --serve`: the sheet on loopback, and corrections typed in it.

Nobody but the person at this machine may write: the server listens on 127.0.0.1 only, every address begins with a
secret token, the Host must be this server's own (no rebinding of names), and a correction must come from this page
(Origin, JSON). Standard library only.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, cast
from urllib.parse import urlsplit

from yomicast.errors import YomicastError
from yomicast.model import Message

LARGEST = 16 * 1024
SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was typed: `reading` in the lexicon's notation, not checked yet."""

    word: str
    reading: str
    scope: Literal["show", "episode"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Where a correction went, as a sentence for the page."""

    message: Message


class ProofServer:
    """Serves the sheet until it is closed; `address` is what to open, token included.

    Args:
        page: makes the sheet anew for each visit (readings change as corrections are saved).
        save: writes a correction; a YomicastError is shown to the person, who can type again.
        sound: a line's sound as (bytes, media type), None where there is none.
        language: of messages.
        port: 0 = any free one.
    """

    def __init__(
        self,
        *,
        page: Callable[[], str],
        save: Callable[[Correction], Saved],
        sound: Callable[[int], tuple[bytes, str] | None] = lambda _: None,
        language: Literal["en", "ja"] = "ja",
        port: int = 0,
    ) -> None:
        self.page, self.save, self.sound, self.language = page, save, sound, language
        self.token = secrets.token_urlsafe(24)
        self.turn = threading.Lock()
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.desk = self
        self.port = int(self._http.server_address[1])

    @property
    def address(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}/{self.token}/"

    def serve(self) -> None:
        """Answer until `close` is called from another thread or a KeyboardInterrupt comes."""
        self._http.serve_forever(poll_interval=0.2)

    def close(self) -> None:
        """Stop and free the port."""
        self._http.shutdown()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    desk: ProofServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as the base class hands them in


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "yomicast", ""
    timeout = SECONDS

    @property
    def desk(self) -> ProofServer:
        return cast("_Server", self.server).desk

    def do_GET(self) -> None:
        path = self._inside()
        if path == "":
            with self.desk.turn:
                self._guarded(lambda: self._send(HTTPStatus.OK, self.desk.page().encode(), "text/html; charset=utf-8"))
        elif found := re.fullmatch(r"sound/(\d{1,6})", path or "/"):
            sound = self.desk.sound(int(found[1]))
            if sound is None:
                self._refuse(HTTPStatus.NOT_FOUND)
            else:
                self._send(HTTPStatus.OK, *sound)
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        own = {f"http://127.0.0.1:{self.desk.port}", f"http://localhost:{self.desk.port}"}
        if self._inside() != "corrections" or self.headers.get("Origin") not in own:
            self._refuse(HTTPStatus.FORBIDDEN)
        elif self.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        elif not 0 < (size := self._size()) <= LARGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif (correction := _correction(self.rfile.read(size))) is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
        else:
            with self.desk.turn:
                self._guarded(
                    lambda: self._json(HTTPStatus.OK, {"message": self._said(self.desk.save(correction).message)})
                )

    def _inside(self) -> str | None:
        """The path below the token; None when host or token are not ours."""
        if self.headers.get("Host") not in {f"127.0.0.1:{self.desk.port}", f"localhost:{self.desk.port}"}:
            return None
        token, slash, rest = urlsplit(self.path).path.lstrip("/").partition("/")
        same = hmac.compare_digest(token.encode(errors="replace"), self.desk.token.encode())
        return rest if same and slash else None

    def _size(self) -> int:
        text = self.headers.get("Content-Length", "")
        return int(text) if re.fullmatch(r"\d{1,9}", text) else 0

    def _guarded(self, answer: Callable[[], None]) -> None:
        try:
            answer()
        except YomicastError as error:
            fields = {"error": self._said(error.message), "hint": self._said(error.hint) if error.hint else ""}
            self._json(HTTPStatus.BAD_REQUEST, fields | {"where": str(error.where)})

    def _said(self, text: Message) -> str:
        return text.ja if self.desk.language == "ja" else text.en

    def _json(self, status: HTTPStatus, fields: dict[str, str]) -> None:
        self._send(status, json.dumps(fields, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._json(status, {"error": status.phrase, "hint": ""})

    def _send(self, status: HTTPStatus, body: bytes, media_type: str) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": media_type,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Content-Security-Policy": "frame-ancestors 'none'",
        }
        if self.close_connection:
            headers["Connection"] = "close"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Nothing is printed: the token would be in it."""


def _correction(body: bytes) -> Correction | None:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or set(data) != {"word", "reading", "scope"}:
        return None
    word, reading, scope = data["word"], data["reading"], data["scope"]
    if not isinstance(word, str) or not isinstance(reading, str) or scope not in ("show", "episode"):
        return None
    return Correction(word=word, reading=reading, scope=scope)
