"""report.json: what was read, what was not and why, how it sounds, what a person should look at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from yomicast import __version__
from yomicast.model import Dropped, Episode, Note, Place, Script


def report_json(
    *,
    source: str,
    script: Script,
    episode: Episode,
    sound: Mapping[str, Mapping[str, object]],
    notes: Iterable[Note],
    settings: Mapping[str, object],
    voices: Sequence[str],
) -> str:
    """The report as JSON text, the same for the same episode. `sound`: figures by edition."""
    value = {
        "yomicast": __version__,
        "source": source,
        "slug": episode.slug,
        "title": episode.title,
        "guid": episode.guid,
        "published": episode.published.isoformat(),
        "seconds": round(episode.seconds, 3),
        "lines": len(script.lines),
        "coverage": round(script.coverage, 4),
        "chapters": [{"start": mark.start, "title": mark.title, "level": mark.level} for mark in episode.marks],
        "dropped": [_dropped(item) for item in script.dropped],
        "omissions": [{"en": message.en, "ja": message.ja} for message in script.omissions],
        "quotes": [{"speaker": quote.speaker, "text": quote.text} for quote in script.quotes],
        "notes": [_note(note) for note in notes],
        "voices": list(voices),
        "credits": list(episode.credits),
        "sound": {name: dict(figures) for name, figures in sound.items()},
        "files": [
            {"path": r.path, "type": r.media_type, "bytes": r.size, "sha256": r.sha256} for r in episode.renditions
        ],
        "settings": dict(settings),
    }
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"


def _place(place: Place) -> dict[str, object]:
    return {key: value for key, value in (("line", place.line), ("column", place.column)) if value is not None}


def _dropped(item: Dropped) -> dict[str, object]:
    return {**_place(item.place), "reason": item.reason, "text": item.text}


def _note(note: Note) -> dict[str, object]:
    return {**_place(note.place), "slug": note.slug, "en": note.text.en, "ja": note.text.ja}
