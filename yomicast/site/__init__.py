"""Room 10: episodes -> pages, the player component, a local server, EPUB."""

from yomicast.site.embed import NOTES, snippets
from yomicast.site.epub import write_epub
from yomicast.site.pages import (
    INDEX,
    embed_page,
    episode_page,
    episode_pages,
    player_json,
    show_page,
    version,
    write_episode_pages,
    write_pages,
    write_show,
)
from yomicast.site.server import own_address, running, server

__all__ = [
    "INDEX",
    "NOTES",
    "embed_page",
    "episode_page",
    "episode_pages",
    "own_address",
    "player_json",
    "running",
    "server",
    "show_page",
    "snippets",
    "version",
    "write_episode_pages",
    "write_epub",
    "write_pages",
    "write_show",
]
