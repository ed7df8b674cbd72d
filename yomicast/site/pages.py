"""Pages for people: one self-contained page per episode, a page for iframes, a page for the show.

Text comes as read, in blocks of the article; times come from the same cues as every transcript. Pages load nothing from
other hosts and nothing at all before play; a strict content security policy names the inline script and style by hash.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from yomicast import shownotes
from yomicast.files import write_changed
from yomicast.model import Cue, Episode, Mark, Rendition
from yomicast.settings import ShowSettings

PAGE, EMBED, INDEX, PLAYER = "index.html", "embed.html", "index.html", "yomi-player.js"
ROLES_SHOWN = {"body", "list_item", "quote", "caption", "aside", "heading"}
HEADING_TAGS = {2: "h2", 3: "h3"}
LABELS = {
    "audio/mpeg": "MP3", "audio/x-m4a": "M4A", "audio/ogg": "Opus", "audio/flac": "FLAC", "audio/wav": "WAV",
    "text/vtt": "WebVTT", "application/x-subrip": "SRT", "application/json": "JSON", "text/html": "HTML",
    "text/plain": "テキスト", "application/epub+zip": "EPUB",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Cues of one paragraph, and the element that holds them."""

    tag: str
    cues: tuple[Mapping[str, object], ...]
    speaker: str = ""
    anchor: str = ""
    image: str = ""
    image_alt: str = ""


@cache
def _asset(name: str) -> str:
    return (files(__package__) / "assets" / name).read_text(encoding="utf-8").strip()


@cache
def _environment() -> Environment:
    folder = files(__package__) / "templates"
    return Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=True,
        finalize=shownotes.printable,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
    )


def write_pages(show: ShowSettings, episodes: Sequence[Episode], out: Path) -> list[Path]:
    """Write every page whose content changed, and the player component; the paths of all of them."""
    written = write_show(show, episodes, out)
    return [*written, *(path for episode in episodes for path in write_episode_pages(show, episode, out))]


def write_show(show: ShowSettings, episodes: Sequence[Episode], out: Path) -> list[Path]:
    """The show's own page and the player component; cues are not needed."""
    return _written({out / PLAYER: _asset(PLAYER) + "\n", out / INDEX: show_page(show, episodes)})


def write_episode_pages(show: ShowSettings, episode: Episode, out: Path) -> list[Path]:
    """One episode's pages; none where the sound is another tool's."""
    if _elsewhere(episode):
        return []
    makers = (episode_page(show, episode), embed_page(show, episode), player_json(episode))
    return _written(dict(zip(episode_pages(episode.slug, out), makers, strict=True)))


def episode_pages(slug: str, out: Path) -> tuple[Path, ...]:
    """Where `write_episode_pages` writes."""
    return tuple(out / slug / name for name in (PAGE, EMBED, f"{slug}.player.json"))


def _written(texts: Mapping[Path, str]) -> list[Path]:
    for path, text in texts.items():
        write_changed(path, text)
    return list(texts)


@cache
def version() -> str:
    """Changes with everything in this room that a page is made of."""
    total = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            total.update(path.read_bytes())
    return total.hexdigest()


def _elsewhere(episode: Episode) -> bool:
    """Whether the sound is another tool's, at its old address (an adopted feed)."""
    return "://" in main_audio(episode).path


def episode_page(show: ShowSettings, episode: Episode) -> str:
    """The episode's own page: player, chapters, the text as read, notes, downloads."""
    marks = [mark for mark in episode.marks if mark.level <= 2]
    chapters = [{"title": mark.title, "clock": clock(mark.start)} for mark in marks]
    base = show.audio_base.rstrip("/") + "/"
    return _page(
        "episode.html.j2",
        show,
        title=f"{episode.title} | {show.title}",
        description=_short(episode.summary),
        canonical=f"{base}{quote(episode.slug)}/",
        script=_asset(PLAYER),
        up="../",
        blocks=_blocks(episode.cues, episode.marks),
        chapters=chapters,
        downloads=[
            {"href": _local(r, episode), "label": _label(r)}
            for r in episode.renditions
            if r.rel in ("audio", "transcript", "epub")
        ],
        corrections=shownotes.corrections(episode),
        picture_credits=shownotes.picture_credits(episode),
        links=[link for link in episode.links if safe_url(link.url)],
        link=episode.link if safe_url(episode.link) else "",
        json_ld=Markup(_script_json(_linked_data(show, episode, base))),  # noqa: S704  escaped for script by _script_json
        **_player(episode, base),
    )


def embed_page(show: ShowSettings, episode: Episode) -> str:
    """The player alone, for an iframe."""
    base = show.audio_base.rstrip("/") + "/"
    return _page(
        "embed.html.j2", show, title=episode.title, description=_short(episode.summary),
        canonical=f"{base}{quote(episode.slug)}/", script=_asset(PLAYER), up="../", **_player(episode, base),
    )  # fmt: skip


def show_page(show: ShowSettings, episodes: Sequence[Episode]) -> str:
    """All episodes, newest first, and how to subscribe."""
    base = show.audio_base.rstrip("/") + "/"
    newest = sorted(episodes, key=lambda episode: episode.published, reverse=True)
    image = next((episode.image for episode in newest if episode.image), "")
    data = {
        "@context": "https://schema.org", "@type": "PodcastSeries", "name": show.title, "description": show.description,
        "inLanguage": show.language, "webFeed": f"{base}feed.xml", "url": base, "author": {"@type": "Organization", "name": show.author},
    }  # fmt: skip
    return _page(
        "show.html.j2",
        show,
        title=show.title,
        description=_short(show.description),
        canonical=base,
        script="",
        up="",
        page_url=base,
        feed_url=f"{base}feed.xml",
        image=quote(image),
        image_url=f"{base}{quote(image)}" if image else "",
        credits=list(dict.fromkeys(credit for episode in newest for credit in episode.credits)),
        episodes=[
            {
                "episode": e,
                "href": main_audio(e).path if _elsewhere(e) else f"{quote(e.slug)}/{PAGE}",
                "date": _date(e),
                "length": length(e.seconds),
            }
            for e in newest
        ],
        json_ld=Markup(_script_json(data)),  # noqa: S704  escaped for script by _script_json
    )


def player_json(episode: Episode) -> str:
    """What the component needs to follow the sound: cues (s, e, t, words w) and chapters."""
    return json.dumps(_player_data(episode), ensure_ascii=False, separators=(",", ":")) + "\n"


def _player_data(episode: Episode) -> dict[str, object]:
    def cue(item: Cue) -> dict[str, object]:
        words = [[round(w.start, 3), round(w.end, 3), w.start_char, w.end_char] for w in item.words]
        return {"s": round(item.start, 3), "e": round(item.end, 3), "t": item.text} | ({"w": words} if words else {})

    return {
        "cues": [cue(item) for item in episode.cues],
        "chapters": [{"s": mark.start, "t": mark.title} for mark in episode.marks if mark.level <= 2],
    }


def _player(episode: Episode, base: str) -> dict[str, object]:
    audio = main_audio(episode)
    return {
        "episode": episode,
        "audio": audio,
        "audio_src": _local(audio, episode),
        "audio_url": base + quote(audio.path),
        "page_url": f"{base}{quote(episode.slug)}/",
        "embed_url": f"{base}{quote(episode.slug)}/{EMBED}",
        "image_url": f"{base}{quote(episode.image)}" if episode.image else "",
        "date": _date(episode),
        "length": length(episode.seconds),
        "cues_json": Markup(_script_json(_player_data(episode))),  # noqa: S704  escaped for script by _script_json
    }


def main_audio(episode: Episode) -> Rendition:
    """The file that the page plays: the first audio of the first edition."""
    return next(rendition for rendition in episode.renditions if rendition.rel == "audio")


def _page(template: str, show: ShowSettings, *, script: str, **values: object) -> str:
    css = _asset("page.css")
    policy = (
        "default-src 'none'; media-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        f"style-src {_hash(css)}; script-src 'self'{' ' + _hash(script) if script else ''}"
    )
    page = _environment().get_template(template)
    return page.render(
        show=show,
        css=Markup(css),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        csp=policy,
        **values,
    )


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def _script_json(value: object) -> str:
    """JSON that can stand in a script element: no `</script>`, no line separators that end a string."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text)


def _linked_data(show: ShowSettings, episode: Episode, base: str) -> dict[str, object]:
    audio = main_audio(episode)
    return {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "name": episode.title,
        "description": episode.summary,
        "datePublished": episode.published.isoformat(),
        "inLanguage": show.language,
        "url": f"{base}{quote(episode.slug)}/",
        "timeRequired": f"PT{round(episode.seconds)}S",
        "isBasedOn": episode.link if safe_url(episode.link) else None,
        "contentLocation": {"@type": "Place", "name": episode.location.name} if episode.location else None,
        "accessMode": ["auditory", "textual"],
        "accessibilityFeature": ["transcript", "synchronizedAudioText", "structuralNavigation"],
        "partOfSeries": {"@type": "PodcastSeries", "name": show.title, "webFeed": f"{base}feed.xml"},
        "associatedMedia": {
            "@type": "AudioObject",
            "contentUrl": base + quote(audio.path),
            "encodingFormat": audio.media_type,
            "contentSize": str(audio.size),
            "duration": f"PT{round(episode.seconds)}S",
            "transcript": "".join(cue.text for cue in episode.cues if cue.role in ROLES_SHOWN),
        },
    }


def _blocks(cues: Sequence[Cue], marks: Sequence[Mark]) -> list[_Block]:
    """The text in paragraphs; the first cue of each chapter's block carries the chapter's anchor."""
    found: list[_Block] = []
    shown = [mark for mark in marks if mark.level <= 2]
    anchors = {n: f"c{n}" for n in range(len(shown))}
    starts = [mark.start for mark in shown]
    levels = {mark.title: mark.level for mark in marks}
    used: set[int] = set()
    numbered = [(n, cue) for n, cue in enumerate(cues) if cue.role in ROLES_SHOWN]
    for _, group in itertools.groupby(numbered, key=lambda pair: (pair[1].block, pair[1].role)):
        items = list(group)
        first = items[0][1]
        chapter = max((k for k, start in enumerate(starts) if start <= first.end), default=0)
        anchor = "" if chapter in used else anchors.get(chapter, "")
        mark = shown[chapter] if anchor else None
        used.add(chapter)
        tag = {"heading": HEADING_TAGS.get(levels.get(first.text, 2), "h3"), "quote": "blockquote"}.get(first.role, "p")
        texts = tuple({"n": n, "text": cue.text} for n, cue in items)
        speaker = first.speaker if first.role == "quote" else ""
        picture = {"image": _beside(mark.image), "image_alt": mark.image_alt} if mark and mark.image else {}
        found.append(_Block(tag=tag, cues=texts, speaker=speaker, anchor=anchor, **picture))
    missing = [anchors[n] for n in anchors if n not in used]
    return [_Block(tag="span", cues=(), anchor=anchor) for anchor in missing] + found


def _beside(path: str) -> str:
    """Address of a picture of the episode from the episode's own page: it stands in the same folder."""
    return quote(path.rsplit("/", 1)[-1])


def _local(rendition: Rendition, episode: Episode) -> str:
    """Address of a file of the episode from the episode's own page."""
    inside = rendition.path.removeprefix(f"{episode.slug}/")
    return quote(inside) if inside != rendition.path else "../" + quote(rendition.path)


def _label(rendition: Rendition) -> str:
    kind = LABELS.get(rendition.media_type.split(";")[0], rendition.media_type)
    return kind if rendition.edition == "podcast" else f"{kind}({rendition.edition})"


def safe_url(url: str) -> bool:
    """Whether a link may stand on a page: http or https with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _short(text: str, most: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def _date(episode: Episode) -> str:
    when = episode.published
    return f"{when.year}年{when.month}月{when.day}日"


def length(seconds: float) -> str:
    """22分26秒."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}時間" if hours else "") + (f"{minutes}分" if minutes or hours else "") + f"{rest}秒"


def clock(seconds: float) -> str:
    """0:00 or 1:02:03."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return (f"{hours}:{minutes:02}" if hours else f"{minutes}") + f":{whole % 60:02}"
