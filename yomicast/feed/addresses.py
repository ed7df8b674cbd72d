"""Where the feed lives and what it is called for life."""

from __future__ import annotations

import re
import uuid

from yomicast import shownotes
from yomicast.errors import ConfigError
from yomicast.model import Message
from yomicast.settings import ShowSettings

FEED = "feed.xml"
STYLES = {"feed.xsl": "text/xsl", "feed.css": "text/css"}
"""Stylesheets by type: a browser takes the first that it knows. XSLT makes a page; CSS is for those without it."""
COVER = "cover.jpg"
NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Podcasting 2.0: podcast:guid is the UUIDv5 in this namespace of the feed's address without scheme and final slash."""


def url(show: ShowSettings) -> str:
    """The feed's address."""
    return shownotes.base(show) + FEED


def podcast_guid(show: ShowSettings) -> str:
    """The show's guid: as once written into show.yaml, else from the feed's address.

    Raises:
        ConfigError: what is written is no UUID.
    """
    try:
        if show.guid:
            uuid.UUID(show.guid)
    except ValueError as error:
        raise ConfigError(
            Message(f"guid '{show.guid}' is no UUID", f"guid '{show.guid}' は UUID ではありません"),
            where="show.yaml: guid",
            hint=Message(
                "copy podcast:guid from the feed as it was, or leave it out",
                "元のフィードの podcast:guid を写すか、書かないでください",
            ),
        ) from error
    return show.guid or _from_address(show)


def _from_address(show: ShowSettings) -> str:
    return str(uuid.uuid5(NAMESPACE, re.sub(r"^[a-z]+://", "", url(show)).rstrip("/")))


def page_name(number: int) -> str:
    """The file of archive page `number`, 1 = the oldest episodes; a full page never changes again."""
    return f"feed.archive-{number}.xml"
