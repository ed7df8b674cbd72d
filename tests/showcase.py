"""A show of three finished episodes with real sound, for the tests of tags, texts, feed and check."""

import dataclasses
import hashlib
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
from PIL import Image

from tests.soundstage import babble
from yomicast import encode, export, feed, loudness
from yomicast.files import sha256_of
from yomicast.model import Cue, Episode, Link, Location, Mark, Message, Person, Rendition, Soundbite, WordTime
from yomicast.settings import ShowSettings, Where

JST = timezone(timedelta(hours=9), "JST")
RATE, FRAME = 48_000, 1152
BASE = "https://example.com/podcast/"
SHOW = ShowSettings(
    title="港町だより",
    author="海野文",
    email="fumi@example.com",
    description="港町の暮らしを声で届けます。",
    category=("News", "Politics"),
    license="CC BY 4.0",
    funding="https://example.com/support",
    update="weekly",
    hub="https://hub.example.com/",
    cover_alt="灯台の絵",
    location=Where(name="函館市", geo="41.77,140.73", osm="R4003662"),
)
SENTENCES = (
    "朝の港では、小さな船が次々に帰ってきます。",
    "市場の人たちは、まだ暗いうちから声をかけ合い、氷の上に銀色の魚を並べていきます。",
    "潮のにおいが町じゅうに広がると、一日が始まります。",
    "「昔はもっと船が多かった」と、八十歳になる漁師の岬さんは笑いながら話しました。",
    "それでも、この海で暮らす理由は変わらないそうです。",
    "坂の上の小学校では、子どもたちが Lighthouse Club という名前の集まりを作り、灯台の歴史を調べています。",
)


def cues_and_marks(seconds, shift=0):
    """Lines with rests of 0.8 s, chapters on whole seconds inside rests."""
    cues, marks, at, number = [], [Mark(start=0, title="はじめに")], 1.2, shift
    titles = iter(("朝の市場", "漁師の話 & 海", "灯台を調べる子ども"))
    while at < seconds - 9:
        text = SENTENCES[number % len(SENTENCES)]
        long = round(len(text) / 6.5, 3)
        if number - shift in (3, 6, 9) and (title := next(titles, None)):
            at = float(int(at) + 1)
            marks.append(Mark(start=at, title=title))
            at += 0.4
        speaker = "岬さん" if text.startswith("「") else "メイ"
        words = (
            WordTime(start=at, end=at + 0.4, start_char=0, end_char=2),
            WordTime(start=at + 0.4, end=at + 0.9, start_char=2, end_char=4),
        )
        cues.append(
            Cue(start=at, end=at + long, text=text, speaker=speaker, line=number, block=number // 2, words=words)
        )
        at = round(at + long + 0.6, 3)
        number += 1
    return tuple(cues), tuple(marks)


def sound(cues, seconds, channels=2):
    """Babble where a cue is, exact silence elsewhere, at −16 LUFS in stereo, −19 in mono."""
    frames = round(seconds * RATE) // FRAME * FRAME
    samples = np.zeros((frames, channels), np.float32)
    for cue in cues:
        a, b = round(cue.start * RATE), round(cue.end * RATE)
        samples[a:b] = babble((b - a) / RATE, cue.line)[: b - a, None]
    found = loudness.loudness(loudness.listen(iter([samples])))
    target = -16 if channels == 2 else -19
    return (samples * 10 ** ((target - found.integrated) / 20)).clip(-0.7, 0.7).astype(np.float32)


class Ready:
    """Samples as the encode room takes them: mastered already."""

    title, rate, gain_db = "", RATE, 0.0

    def __init__(self, samples, cues=(), marks=()):
        self.samples, self.cues, self.marks = samples, cues, marks
        self.frames, self.channels = samples.shape
        self.seams = (0, self.frames)

    def blocks(self, start=0, stop=None):
        yield self.samples[start:stop]

    def key(self, start, stop):
        return hashlib.sha256(self.samples[start:stop].tobytes()).hexdigest()

    def corrected(self, levels):
        return None


def write_sound(path, samples, *, form="mp3", bitrate=128, cues=(), marks=()):
    """Encode at the encode room's door; seconds of the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as cache:
        ready = Ready(samples, cues, marks)
        return encode.encode(ready, path, form=form, bitrate=bitrate, cache=Path(cache)).seconds


def draft(number=1, *, slug="", title="", seconds=66.0, **more):
    """An episode before its files."""
    cues, marks = cues_and_marks(seconds, shift=number)
    seconds = round((cues[-1].end + 1.5) * RATE) // FRAME * FRAME / RATE
    known = {
        "slug": slug or f"minato-{number}",
        "guid": f"3f0c2f0e-0000-4000-8000-{number:012d}",
        "title": title or ("朝の港を歩く", "灯台と子どもたち", "海の道 <古地図> & 航路")[number % 3],
        "published": datetime(2026, 3, 19 + number, 7, 0, tzinfo=JST),
        "seconds": seconds,
        "summary": "港町の朝を歩き、漁師と子どもに話を聞きました。市場、海、灯台の三つの話です。",
        "link": f"https://example.com/blog/minato-{number}",
        "author": "海野文",
        "number": number,
        "image": "cover.jpg",
        "image_alt": "灯台の絵",
        "marks": marks,
        "cues": cues,
        "links": (Link(text="港の案内図", url="https://example.com/map?a=1&b=2"),),
        "persons": (Person(name="メイ", role="narrator"), Person(name="海野文", role="author")),
        "credits": ("声: HTS Voice Mei (CC BY 3.0)",),
        "omissions": (Message("1 image caption", "画像の説明 1 件"),),
        "soundbites": (Soundbite(start=1.2, seconds=20.0, title=SENTENCES[0]),),
        "license": "CC BY 4.0",
        "location": Location(name="函館港", geo="geo:41.7688,140.7288"),
    }
    return Episode(**{**known, **more})


PLATE = "chapter-2.0a1b2c3d.jpg"


def plate(folder):
    """A chapter's picture, written; its bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (600, 600), "teal").save(folder / PLATE)
    return (folder / PLATE).read_bytes()


def finish(out, episode, show=SHOW, *, edition="podcast", channels=2):
    """Write the episode's files as the pipeline does; the episode with its renditions."""
    cover, _ = export.cover(None, title=show.title)
    out.mkdir(parents=True, exist_ok=True)
    (out / "cover.jpg").write_bytes(cover)
    stem = episode.slug if edition == "podcast" else f"{episode.slug}-{edition}"
    staged = out / episode.slug / f"{stem}.mp3"
    seconds = write_sound(staged, sound(episode.cues, episode.seconds, channels))
    script = "\n".join(cue.text for cue in episode.cues)
    picture = plate(out / episode.slug)
    marks = (episode.marks[0], dataclasses.replace(episode.marks[1], image=f"{episode.slug}/{PLATE}", image_alt="市場"))
    episode = dataclasses.replace(episode, marks=(*marks, *episode.marks[2:]))
    images = {f"{episode.slug}/{PLATE}": picture}
    export.tag(staged, episode, show, cover=cover, script=script, feed_url=feed.url(show), images=images)
    digest = sha256_of(staged)
    final = staged.with_name(f"{stem}.{digest[:8]}.mp3")
    staged.replace(final)
    audio = Rendition(
        path=final.relative_to(out).as_posix(),
        media_type="audio/mpeg",
        size=final.stat().st_size,
        sha256=digest,
        seconds=seconds,
        edition=edition,
        title=edition,
    )
    episode = dataclasses.replace(episode, renditions=(audio,))
    written = export.texts(episode, show, out, stem)
    return dataclasses.replace(episode, renditions=(audio, *written))


def build(out, show=SHOW, count=3):
    """A whole output folder: `count` episodes, the second one corrected, the last one in both editions."""
    episodes = []
    for number in range(1, count + 1):
        one = draft(number, corrections=(("2026-03-22", "船の数を正しました。"),) if number == 2 else ())
        episode = finish(out, one, show)
        if number == count:
            clear = finish(out, draft(number, seconds=70.0), show, edition="clear", channels=1)
            episode = dataclasses.replace(episode, renditions=(*episode.renditions, *clear.renditions))
        export.write_episode(out / episode.slug / "episode.json", episode)
        episodes.append(episode)
    feed.write(show, episodes, out)
    return episodes


def digest(folder):
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*.*")}


def with_files(episode):
    """The episode with names of files that nobody wrote."""
    audio = Rendition(
        path=f"{episode.slug}/a.0a1b2c3d.mp3", media_type="audio/mpeg", size=99, sha256="ab" * 32, seconds=60
    )
    return dataclasses.replace(episode, renditions=(audio,))
