"""Room 10: episodes -> pages, the player component, a local server, EPUB."""

from yomicast.site.embed import NOTES, snippets
from yomicast.site.epub import write_epub
from yomicast.site.pages import INDEX, embed_page, episode_page, player_json, show_page, write_pages
from yomicast.site.server import own_address, running, server

__all__ = [
    "INDEX",
    "NOTES",
    "embed_page",
    "episode_page",
    "own_address",
    "player_json",
    "running",
    "server",
    "show_page",
    "snippets",
    "write_epub",
    "write_pages",
]
