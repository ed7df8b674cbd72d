"""A local server that behaves like a podcast host: HEAD, byte ranges, ETag, CORS, the right types.

The address alone is the show's page to a browser and the feed to everything else, so that it can be given to a podcast
app as it is. Loopback only unless another address is asked for. Serves finished files below one folder; names that begin with a dot
are not there. With `live`, pages ask every second whether their file changed and reload.
"""

from __future__ import annotations

import hashlib
import http.server
import re
import socket
import threading
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from yomicast.errors import OutputError
from yomicast.model import Message

TYPES = {
    ".xml": "application/rss+xml; charset=utf-8", ".xsl": "text/xsl; charset=utf-8", ".css": "text/css; charset=utf-8", ".mp3": "audio/mpeg",
    ".m4a": "audio/x-m4a", ".opus": "audio/ogg", ".flac": "audio/flac", ".wav": "audio/wav", ".jpg": "image/jpeg",
    ".png": "image/png", ".vtt": "text/vtt; charset=utf-8", ".srt": "application/x-subrip; charset=utf-8",
    ".json": "application/json; charset=utf-8", ".html": "text/html; charset=utf-8", ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".epub": "application/epub+zip",
}  # fmt: skip
FEED = "feed.xml"
STYLED = "application/xml; charset=utf-8"
"""What browsers take to show a feed by its stylesheet; application/rss+xml they show as source."""
BLOCK = 256 * 1024
RELOAD_PATH = "/-/reload.js"
RELOAD = """(()=>{let tag;setInterval(async()=>{try{const r=await fetch(location.pathname,{method:"HEAD",cache:"no-store",headers:{Accept:"text/html"}});
const now=r.headers.get("ETag");if(tag&&now&&now!==tag)location.reload();tag=now}catch{}},1000)})()"""


class Handler(http.server.BaseHTTPRequestHandler):
    """One request. `root`, `live` and `base` are set on a subclass by `server`."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    root: ClassVar[Path]
    live: ClassVar[bool] = False
    base: ClassVar[bytes] = b""
    logs: ClassVar[tuple[Callable[[str], None], ...]] = ()

    def do_GET(self) -> None:
        """A file or a part of one."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """The same without the body."""
        self._answer(body=False)

    def do_OPTIONS(self) -> None:
        """What a browser on another site may ask for."""
        self._head(
            204,
            {
                "Access-Control-Allow-Methods": "GET, HEAD",
                "Access-Control-Allow-Headers": "Range",
                "Content-Length": "0",
            },
        )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
        """To the given log, else nowhere."""
        for log in self.logs:
            log(format % args)

    def _answer(self, *, body: bool) -> None:
        if self.live and self.path == RELOAD_PATH:
            self._send(RELOAD.encode(), "text/javascript; charset=utf-8", body=body)
            return
        path = self._file()
        if path is None:
            self._send("ありません / not found\n".encode(), "text/plain; charset=utf-8", body=body, status=404)
            return
        kind = self._type(path)
        if path.suffix == ".xml" and self._is_browser():
            kind = STYLED
        if path.suffix in {".xml", ".html"}:
            self._send(self._rewritten(path), kind, body=body)
        else:
            self._send_file(path, kind, body=body)

    def _file(self) -> Path | None:
        """The finished file that the address names, never outside the folder."""
        parts = [part for part in unquote(urlsplit(self.path).path).split("/") if part]
        if any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
            return None
        path = self.root.joinpath(*parts)
        try:
            if path.is_dir():
                page = parts or self._is_browser() or not (path / FEED).is_file()
                path = path / ("index.html" if page else FEED)
            real = path.resolve(strict=True)
        except (OSError, ValueError):
            return None
        return real if real.is_file() and real.is_relative_to(self.root.resolve()) else None

    def _is_browser(self) -> bool:
        """Whether a page is asked for."""
        return "text/html" in self.headers.get("Accept", "")

    @staticmethod
    def _type(path: Path) -> str:
        if path.name.endswith("chapters.json"):
            return "application/json+chapters; charset=utf-8"
        return TYPES.get(path.suffix.lower(), "application/octet-stream")

    def _rewritten(self, path: Path) -> bytes:
        """The feed with its public address replaced by this server's, and pages with the reload script."""
        data = path.read_bytes()
        if path.suffix == ".xml" and self.base:
            host = self.headers.get("Host") or "127.0.0.1"
            if re.fullmatch(r"[\w.:\[\]-]+", host):
                data = data.replace(self.base, f"http://{host}/".encode())
        if path.suffix == ".html" and self.live:
            data = data.replace(b"</body>", f'<script src="{RELOAD_PATH}"></script></body>'.encode())
        return data

    def _send(self, data: bytes, kind: str, *, body: bool, status: int = 200) -> None:
        tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        self._ranged(
            len(data), kind, tag, body=body, status=status, read=lambda start, stop: [data[start:stop]], modified=""
        )

    def _send_file(self, path: Path, kind: str, *, body: bool) -> None:
        status = path.stat()
        tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'

        def read(start: int, stop: int) -> list[bytes]:
            with path.open("rb") as stream:
                stream.seek(start)
                for at in range(start, stop, BLOCK):
                    self.wfile.write(stream.read(min(BLOCK, stop - at)))
            return []

        self._ranged(
            status.st_size,
            kind,
            tag,
            body=body,
            status=200,
            read=read,
            modified=formatdate(status.st_mtime, usegmt=True),
        )

    def _ranged(
        self,
        size: int,
        kind: str,
        tag: str,
        *,
        body: bool,
        status: int,
        read: Callable[[int, int], list[bytes]],
        modified: str,
    ) -> None:
        """The whole or the one range asked for (RFC 9110, 14); several ranges are answered with the whole."""
        headers = {"Content-Type": kind, "ETag": tag, "Accept-Ranges": "bytes"} | (
            {"Last-Modified": modified} if modified else {}
        )
        if status == 200 and self.headers.get("If-None-Match") == tag:
            self._head(304, headers)
            return
        start, stop = 0, size
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", (self.headers.get("Range") or "").strip())
        unchanged = self.headers.get("If-Range") in (None, tag, modified or None)
        if asked and (asked[1] or asked[2]) and status == 200 and unchanged:
            start = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
            stop = min(size, int(asked[2]) + 1) if asked[1] and asked[2] else size
            if start >= size or stop <= start:
                self._head(416, headers | {"Content-Range": f"bytes */{size}", "Content-Length": "0"})
                return
            status = 206
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
        self._head(status, headers | {"Content-Length": str(stop - start)})
        if body:
            try:
                for chunk in read(start, stop):
                    self.wfile.write(chunk)
            except (BrokenPipeError, ConnectionResetError, TimeoutError):
                self.close_connection = True

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        everywhere = {
            "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Content-Range, Accept-Ranges",
            "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache", "Vary": "Accept",
        }  # fmt: skip
        for name, value in (everywhere | headers).items():
            self.send_header(name, value)
        self.end_headers()


def server(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    live: bool = False,
    public: str = "",
    log: Callable[[str], None] | None = None,
) -> http.server.ThreadingHTTPServer:
    """A server for `folder`, bound but not yet running; `port` 0 takes a free one. `public`: the show's audio_base.

    Raises:
        OutputError: there is no such folder, or the address is taken.
    """
    if not folder.is_dir():
        raise OutputError(
            Message("there is no such folder", "フォルダーがありません"),
            where=str(folder),
            hint=Message(
                "make an episode first: yomicast render ARTICLE", "まず一話作ってください: yomicast render 記事"
            ),
        )
    settings = {"root": folder, "live": live, "base": public.encode(), "logs": (log,) if log else ()}
    handler = type("BoundHandler", (Handler,), settings)
    try:
        made = http.server.ThreadingHTTPServer((host, port), handler)
    except OSError as error:
        raise OutputError(
            Message(f"cannot listen there: {error.strerror}", f"そこでは待ち受けられません: {error.strerror}"),
            where=f"{host}:{port}",
            hint=Message("choose another --port", "--port で別の番号を指定してください"),
        ) from error
    made.daemon_threads = True
    return made


def own_address() -> str:
    """This machine's address on its network, found without sending anything; loopback when there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: a datagram socket only picks a route
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def running(made: http.server.ThreadingHTTPServer) -> threading.Thread:
    """Run the server in a thread of its own."""
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    return thread
