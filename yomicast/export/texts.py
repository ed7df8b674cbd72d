"""The written forms of an episode: transcripts, chapters, show notes; one table, one row a form.

A timed form prints the same `Segment`s, so that no two forms can tell different words or times.
"""

from __future__ import annotations

import hashlib
import html
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yomicast import shownotes
from yomicast.errors import OutputError
from yomicast.export.lines import Segment, plain, segments
from yomicast.export.rows import rows_json
from yomicast.files import write_changed
from yomicast.model import Episode, Mark, Message, Rendition
from yomicast.settings import ShowSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that a form may print."""

    show: ShowSettings
    episode: Episode
    segments: tuple[Segment, ...]
    chapters: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A row of the table: the file is `<stem><suffix>` beside the audio."""

    suffix: str
    media_type: str
    rel: str
    title: str
    write: Callable[[Told], str]


def narrator(episode: Episode, show: ShowSettings) -> str:
    """Who speaks where a cue does not say."""
    names = (person.name for person in episode.persons if person.role == "narrator" and person.name)
    return plain(next(names, show.author)) or "ナレーター"


def told(episode: Episode, show: ShowSettings) -> Told:
    """The episode with its segments and its chapters."""
    return Told(
        show=show,
        episode=episode,
        segments=segments(episode.cues, narrator=narrator(episode, show)),
        chapters=shownotes.chapters(episode),
    )


def texts(episode: Episode, show: ShowSettings, folder: Path, stem: str) -> list[Rendition]:
    """Write every form of `FORMS` to `folder`/`episode.slug`/, each only if it changed.

    Args:
        episode: with the cues, marks and audio renditions of one edition.
        show: for names and addresses.
        folder: the output folder; paths of the renditions are relative to it.
        stem: how the files begin: the slug, or slug-edition for a second edition.

    Raises:
        OutputError: the folder cannot be written, or `stem` is no plain file name.
    """
    if any(not name or Path(name).name != name for name in (stem, episode.slug)):
        raise OutputError(Message("this is no plain file name", "ファイル名として使えません"), where=stem)
    whole = told(episode, show)
    edition = next((r.edition for r in episode.renditions if r.rel == "audio"), "podcast")
    return [_written(form, whole, folder, _name(form, episode, stem), edition) for form in FORMS]


def _name(form: Form, episode: Episode, stem: str) -> str:
    """`chapters.json` for the first edition, as players' documentation calls it; else `<stem><suffix>`."""
    return form.suffix.lstrip(".") if form.rel == "chapters" and stem == episode.slug else f"{stem}{form.suffix}"


def _written(form: Form, whole: Told, folder: Path, name: str, edition: str) -> Rendition:
    data = form.write(whole).encode()
    path = folder / whole.episode.slug / name
    write_changed(path, data)
    return Rendition(
        path=f"{whole.episode.slug}/{name}",
        media_type=form.media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        seconds=whole.episode.seconds if form.rel == "transcript" else 0.0,
        rel=form.rel,
        edition=edition,
        title=form.title,
    )


# --- timed -----------------------------------------------------------------------------------------------------------


def _stamp(ms: int, point: str) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{point}{ms % 1000:03d}"


def webvtt(this: Told) -> str:
    """WebVTT with a voice span a cue (W3C WebVTT 1, 2019)."""
    parts = ["WEBVTT"]
    for number, one in enumerate(this.segments, 1):
        times = f"{_stamp(one.start, '.')} --> {_stamp(one.end, '.')}"
        parts.append(f"{number}\n{times}\n<v {one.speaker}>" + "\n".join(one.lines) + "</v>")
    return "\n\n".join(parts) + "\n"


def srt(this: Told) -> str:
    """SubRip: the same cues without speakers."""
    parts = []
    for number, one in enumerate(this.segments, 1):
        times = f"{_stamp(one.start, ',')} --> {_stamp(one.end, ',')}"
        parts.append(f"{number}\n{times}\n" + "\n".join(one.lines))
    return "\n\n".join(parts) + "\n"


def transcript_json(this: Told) -> str:
    """Podcasting 2.0 transcript JSON 1.0.0; `words` where the voice told when each sounds."""
    rows = []
    for one in this.segments:
        row: dict[str, object] = {
            "speaker": one.speaker,
            "startTime": one.start / 1000,
            "endTime": one.end / 1000,
            "body": one.text,
        }
        if one.words:
            row["words"] = [{"startTime": a / 1000, "endTime": b / 1000, "body": text} for a, b, text in one.words]
        rows.append(row)
    return _json({"version": "1.0.0", "language": this.show.language, "segments": rows})


def chapters_json(this: Told) -> str:
    """Podcasting 2.0 chapters 1.2.0."""
    rows = []
    for mark in this.chapters:
        row: dict[str, object] = {"startTime": _number(mark.start), "title": mark.title}
        if mark.image:
            row["img"] = shownotes.public_url(this.show, mark.image)
        if mark.link:
            row["url"] = mark.link
        rows.append(row)
    title = shownotes.title(this.episode)
    return _json(
        {"version": "1.2.0", "title": title, "podcastName": shownotes.clean(this.show.title), "chapters": rows}
    )


def _number(seconds: float) -> float | int:
    return int(seconds) if seconds == int(seconds) else round(seconds, 3)


def _json(value: Mapping[str, object]) -> str:
    return rows_json(value) + "\n"


# --- read ------------------------------------------------------------------------------------------------------------


def transcript_html(this: Told) -> str:
    """A page of the whole text: a paragraph a block of the article, a time a paragraph, headings where chapters begin."""
    body = "\n".join(_chapter_html(title, rows) for title, rows in _by_chapter(this))
    title = shownotes.title(this.episode)
    return _page(this.show, f"{title} — 文字起こし", f"<h1>{html.escape(title, quote=False)}</h1>\n{body}")


def _chapter_html(title: str, rows: Sequence[Segment]) -> str:
    """Paragraphs under a heading; where the heading is spoken, that line is it, with its time."""
    groups = [list(group) for _, group in itertools.groupby(rows, _paragraph)]
    spoken = {_sentence_join(group) for group in groups if group[0].role in HEADINGS}
    top = f"<h2>{html.escape(title, quote=False)}</h2>\n" if title and plain(title) not in spoken else ""
    return top + "\n".join(_group_html(group, title) for group in groups)


HEADINGS = {"title": "h2", "heading": "h3"}


def _paragraph(one: Segment) -> tuple[int, str, bool]:
    return one.block, one.speaker, one.role in HEADINGS


def _group_html(rows: Sequence[Segment], chapter: str) -> str:
    first, said = rows[0], _sentence_join(rows)
    clock, exact = shownotes.clock(first.start / 1000), f"PT{first.start / 1000:.3f}S"
    time, text = f'<time datetime="{exact}">{clock}</time>', html.escape(said, quote=False)
    if first.role in HEADINGS:
        tag = "h2" if said == plain(chapter) else HEADINGS[first.role]
        return f"<{tag}>{time} {text}</{tag}>"
    return f"<p>{time} <cite>{html.escape(first.speaker, quote=False)}</cite> {text}</p>"


def _sentence_join(rows: Iterable[Segment]) -> str:
    text = ""
    for one in rows:
        text += (" " if text and text[-1].isascii() and one.text[:1].isascii() else "") + one.text
    return text


def _by_chapter(this: Told) -> list[tuple[str, list[Segment]]]:
    """The segments under the chapter that holds their beginning."""
    edges = [round(mark.start * 1000) for mark in this.chapters] or [0]
    titles = [mark.title for mark in this.chapters] or [""]
    found: list[tuple[str, list[Segment]]] = [(title, []) for title in titles]
    for one in this.segments:
        place = max(0, sum(edge <= one.start for edge in edges) - 1)
        found[place][1].append(one)
    return [(title, rows) for title, rows in found if rows]


def plain_text(this: Told) -> str:
    """The whole text, a line a paragraph."""
    rows = [_sentence_join(group) for _, group in itertools.groupby(this.segments, _paragraph)]
    return "\n\n".join((shownotes.title(this.episode), *rows)) + "\n"


def notes_markdown(this: Told) -> str:
    """Show notes to paste into a blog."""
    return f"# {shownotes.title(this.episode)}\n\n" + shownotes.as_markdown(shownotes.sections(this.episode))


def notes_html(this: Told) -> str:
    """Show notes as a page."""
    title = html.escape(shownotes.title(this.episode), quote=False)
    body = shownotes.as_html(shownotes.sections(this.episode), heading="h2")
    return _page(this.show, shownotes.title(this.episode), f"<h1>{title}</h1>\n{body}")


def _page(show: ShowSettings, title: str, body: str) -> str:
    """A page of text: no script, no request, readable in light and dark."""
    return f"""<!DOCTYPE html>
<html lang="{html.escape(show.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'">
<title>{html.escape(title, quote=False)}</title>
<style>:root{{color-scheme:light dark}}body{{max-width:42em;margin:auto;padding:1em;line-height:1.8;font-family:sans-serif}}time{{opacity:.75;font-variant-numeric:tabular-nums}}cite{{font-style:normal;opacity:.75}}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


FORMS: tuple[Form, ...] = (
    Form(suffix=".vtt", media_type="text/vtt", rel="transcript", title="WebVTT", write=webvtt),
    Form(suffix=".srt", media_type="application/x-subrip", rel="transcript", title="SRT", write=srt),
    Form(
        suffix=".transcript.json", media_type="application/json", rel="transcript", title="JSON", write=transcript_json
    ),
    Form(suffix=".transcript.html", media_type="text/html", rel="transcript", title="HTML", write=transcript_html),
    Form(suffix=".txt", media_type="text/plain", rel="transcript", title="テキスト", write=plain_text),
    Form(
        suffix=".chapters.json",
        media_type="application/json+chapters",
        rel="chapters",
        title="チャプター",
        write=chapters_json,
    ),
    Form(suffix=".notes.md", media_type="text/markdown", rel="notes", title="ショーノート", write=notes_markdown),
    Form(suffix=".notes.html", media_type="text/html", rel="notes", title="ショーノート", write=notes_html),
)
"""Every written form; a new row is tested by being here."""
