"""Room 8: an episode -> tags, transcripts, chapters, show notes, its state. One text, one set of times in every form.

Doors: `tag` a finished audio file, `texts` beside it, `cover` for artwork, `chapter_image` for a picture of the article, `read_episode` / `write_episode` for what
the feed is rebuilt from, `inspect` and `inspect_pages` for `yomicast check`,
`correction`: what an edit changed in words, `doubts`: what a person should know before publishing. A form is a row of `FORMS`, a container a row of `TAGGERS`.
"""

from yomicast.export.amend import correction
from yomicast.export.cover import chapter_image, cover
from yomicast.export.episode_json import read_episode, read_outline, write_episode
from yomicast.export.inspect import inspect
from yomicast.export.tags import TAGGERS, tag
from yomicast.export.texts import FORMS, texts
from yomicast.export.web import inspect_pages
from yomicast.shownotes import doubts

__all__ = [
    "FORMS",
    "TAGGERS",
    "chapter_image",
    "correction",
    "cover",
    "doubts",
    "inspect",
    "inspect_pages",
    "read_episode",
    "read_outline",
    "tag",
    "texts",
    "write_episode",
]
