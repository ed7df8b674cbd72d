"""An S3-compatible store as a place, through obstore: create-only puts, If-Match, retries on 503 are the library's.

Keys come from the environment only (AWS_ACCESS_KEY_ID and so on). Conditional requests: RFC 9110, 13.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from yomicast.errors import PublishError
from yomicast.model import Message
from yomicast.publish.place import Conflict, Headers, Remote
from yomicast.settings import PublishSettings


def opened(settings: PublishSettings) -> Objects:
    """The store at `s3://bucket/prefix`; `settings.endpoint` for other providers than Amazon.

    Raises:
        PublishError: obstore is not installed, or the address is wrong.
    """
    bucket, _, prefix = settings.to.removeprefix("s3://").partition("/")
    if not bucket and settings.to.startswith("s3:"):
        raise PublishError(
            Message("the address names no bucket", "バケットの名前がありません"),
            where=settings.to,
            hint=Message("write s3://bucket/prefix", "s3://バケット/接頭辞 と書いてください"),
        )
    try:
        from obstore.store import MemoryStore, S3Store
    except ImportError as error:
        raise PublishError(
            Message("publishing to a store needs an extra package", "ストアへの公開には追加パッケージが要ります"),
            where=settings.to,
            hint=Message("pip install 'yomicast[publish]'", "pip install 'yomicast[publish]' を実行してください"),
        ) from error
    if settings.to.startswith("memory:"):
        return Objects(MemoryStore(), settings.to)
    options: dict[str, Any] = {
        "region": settings.region
        or os.environ.get("AWS_REGION")
        or os.environ.get("AWS_DEFAULT_REGION")
        or "us-east-1",
        "retry_config": PATIENCE,
    }
    if settings.endpoint:
        options["endpoint"] = settings.endpoint
        options["client_options"] = {"allow_http": settings.endpoint.startswith("http://")}
    with _explained(settings.to):
        return Objects(S3Store(bucket, prefix=prefix.strip("/") or None, **options), settings.to)


PATIENCE: Any = {
    "max_retries": 10,
    "retry_timeout": timedelta(minutes=5),
    "backoff": {"init_backoff": timedelta(seconds=0.5), "max_backoff": timedelta(seconds=30), "base": 2},
}
"""A store that asks for patience (503, 429) or drops the line is asked again after 0.5 s, 1 s, 2 s …; the library does not
read Retry-After, so pauses grow beyond what stores usually ask for.
"""

REFUSALS: dict[str, Message] = {
    "ExpiredToken": Message("the keys have expired: get new ones", "鍵の期限が切れています。新しい鍵を用意してください"),
    "TokenRefreshRequired": Message("the keys have expired: get new ones", "鍵の期限が切れています。新しい鍵を用意してください"),
    "RequestTimeTooSkewed": Message("set this machine's clock", "この機械の時計を合わせてください"),
    "InvalidAccessKeyId": Message("check AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID を確かめてください"),
    "SignatureDoesNotMatch": Message("check AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY を確かめてください"),
    "AccessDenied": Message("the keys may not write there", "この鍵では書き込めません"),
    "NoSuchBucket": Message("make the bucket, or correct its name", "バケットを作るか、名前を直してください"),
    "PermanentRedirect": Message(
        "the bucket is in another region: set publish.region, or --endpoint",
        "バケットは別のリージョンにあります。publish.region か --endpoint を指定してください",
    ),
}  # fmt: skip
"""Next steps by the codes of S3 (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)."""


class Objects:
    """A bucket, or a part of one below a prefix."""

    def __init__(self, store: Any, name: str) -> None:
        self.store, self.name = store, name

    def files(self) -> Mapping[str, Remote]:
        """Every object; an ETag that is an MD5 (no multipart upload) is taken as one."""
        import obstore

        with _explained(self.name):
            rows = [row for batch in obstore.list(self.store) for row in batch]
        return {row["path"]: Remote(size=row["size"], md5=_md5(row.get("e_tag"))) for row in rows}

    def read(self, key: str) -> tuple[bytes, str] | None:
        """Bytes and ETag."""
        import obstore

        try:
            with _explained(self.name):
                got = obstore.get(self.store, key)
                return bytes(got.bytes()), str(got.meta.get("e_tag") or "")
        except FileNotFoundError:
            return None

    def create(self, key: str, path: Path, headers: Headers) -> bool:
        """PUT with If-None-Match: *."""
        import obstore
        from obstore.exceptions import AlreadyExistsError

        try:
            with _explained(self.name):
                obstore.put(
                    self.store,
                    key,
                    path.read_bytes(),
                    attributes=_attributes(headers),
                    mode="create",
                    use_multipart=False,
                )
        except AlreadyExistsError:
            return False
        return True

    def write(self, key: str, data: bytes, headers: Headers) -> None:
        """PUT."""
        import obstore

        with _explained(self.name):
            obstore.put(self.store, key, data, attributes=_attributes(headers), use_multipart=False)

    def swap(self, key: str, data: bytes, headers: Headers, *, tag: str | None) -> None:
        """PUT with If-Match, or If-None-Match: * for a first one."""
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        mode: Any = "create" if tag is None else {"e_tag": tag}
        try:
            with _explained(self.name):
                obstore.put(self.store, key, data, attributes=_attributes(headers), mode=mode, use_multipart=False)
        except (AlreadyExistsError, PreconditionError, FileNotFoundError) as error:
            raise Conflict(key) from error


def _attributes(headers: Headers) -> dict[str, str]:
    return {"Content-Type": headers.media_type, "Cache-Control": headers.cache}


def _md5(tag: str | None) -> str:
    bare = (tag or "").strip('"')
    return bare if len(bare) == 32 and "-" not in bare else ""


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """The store's refusals in one line; a conflict or an absent file is the caller's to handle."""
    from obstore import exceptions as known

    try:
        yield
    except (known.AlreadyExistsError, known.PreconditionError, FileNotFoundError):
        raise
    except known.BaseError as error:
        code, said = _refusal(str(error))
        raise PublishError(
            Message(f"the store refused: {said}", f"ストアが受け付けません: {said}"),
            where=name,
            hint=REFUSALS.get(code)
            or Message(
                "run again: what arrived is not sent twice", "もう一度実行してください。届いた分は送り直しません"
            ),
        ) from error


def _refusal(text: str) -> tuple[str, str]:
    """The store's code for what is wrong, and what it says, in one line."""
    code = re.search(r"<Code>([^<]{1,100})</Code>", text)
    message = re.search(r"<Message>([^<]{1,200})</Message>", text)
    if code:
        return code[1], f"{code[1]}: {message[1]}" if message else code[1]
    first = (text.splitlines() or ["no answer"])[0][:300]
    redirected = re.search(r"redirect", first, re.IGNORECASE) is not None
    return "PermanentRedirect" if redirected else "", first
