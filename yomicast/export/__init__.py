"""Room 8: an episode -> tags, transcripts, chapters, show notes, its state. One text, one set of times in every form.

Doors: `tag` a finished audio file, `texts` beside it, `cover` for artwork, `read_episode` / `write_episode` for what
the feed is rebuilt from, `inspect` for `yomicast check`. A form is a row of `FORMS`, a container a row of `TAGGERS`.
"""

from yomicast.export.cover import cover
from yomicast.export.episode_json import read_episode, write_episode
from yomicast.export.tags import TAGGERS, tag
from yomicast.export.texts import FORMS, texts

__all__ = ["FORMS", "TAGGERS", "cover", "read_episode", "tag", "texts", "write_episode"]
