"""Where the feed lives and what it is called for life."""

from __future__ import annotations

import re
import uuid

from yomicast import shownotes
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
    """The show's guid: as once written into show.yaml, else from the feed's address."""
    return show.guid or str(uuid.uuid5(NAMESPACE, re.sub(r"^[a-z]+://", "", url(show)).rstrip("/")))


def page_name(number: int) -> str:
    """The file of archive page `number`, 1 = the oldest episodes; a full page never changes again."""
    return f"feed.archive-{number}.xml"
