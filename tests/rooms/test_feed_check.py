"""`yomicast check`: a good output has no finding; each single defect put into it is caught under its own name."""

import dataclasses
import io
import json
import re
import shutil
from datetime import UTC, datetime

import lameenc
import pytest
from mutagen.id3 import ID3, TIT2, TLAN, CTOCFlags
from PIL import Image

from tests import showcase
from yomicast import cli, export, feed
from yomicast.cli.check import findings
from yomicast.export import rules as export_rules
from yomicast.export import tags
from yomicast.feed import rules as feed_rules

GARBLED = "港町".encode().decode("latin-1")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def good(tmp_path_factory):
    out = tmp_path_factory.mktemp("good")
    showcase.build(out, count=2)
    return out


@pytest.fixture
def out(good, tmp_path):
    shutil.copytree(good, tmp_path / "out")
    return tmp_path / "out"


def slugs(folder, **more):
    return {one.rule.slug for one in findings(folder, now=NOW, **more)}


def test_a_good_output_has_no_finding(good):
    assert findings(good, now=NOW) == []
    assert findings(good, base=showcase.BASE, now=NOW) == []


# --- one defect each -------------------------------------------------------------------------------------------------


def in_feed(old, new, count=1):
    def spoil(out):
        path = out / "feed.xml"
        text = path.read_text(encoding="utf-8")
        spoiled = re.sub(old, new, text, count=count, flags=re.DOTALL)
        assert spoiled != text
        path.write_text(spoiled, encoding="utf-8")

    return spoil


def in_file(pattern, old, new, count=1):
    def spoil(out):
        path = min(out.glob(pattern))
        text = path.read_text(encoding="utf-8")
        spoiled = re.sub(old, new, text, count=count, flags=re.DOTALL)
        assert spoiled != text
        path.write_text(spoiled, encoding="utf-8")

    return spoil


def in_json(pattern, change):
    def spoil(out):
        path = min(out.glob(pattern))
        value = json.loads(path.read_text(encoding="utf-8"))
        change(value)
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")

    return spoil


def sound_of(out):
    return min(out.glob("minato-2/minato-2.*.mp3"))


def in_sound(change):
    def spoil(out):
        path = sound_of(out)
        path.write_bytes(change(path.read_bytes()))

    return spoil


def in_tags(change):
    """Change tags as another tagger would, keeping our order of frames."""

    def spoil(out):
        path = sound_of(out)
        with path.open("rb") as stream:
            start, stop = tags.bare(stream)
        data = path.read_bytes()
        found = ID3(path)
        found.getall("WFED")[0].url = "\0" + found.getall("WFED")[0].url.lstrip("\0")
        change(found)
        saved = io.BytesIO()
        found.update_to_v23()
        found.save(saved, v1=0, v2_version=3, padding=lambda _: 0)
        path.write_bytes(tags._ordered(saved.getvalue()) + data[start:stop])

    return spoil


def shuffled(out):
    """The chapter frames in reverse, as they lie when a tagger sorts by size."""
    path = sound_of(out)
    data = path.read_bytes()
    at, frames = 10, []
    while data[at : at + 4].isalnum():
        size = 10 + int.from_bytes(data[at + 4 : at + 8], "big")
        frames.append(data[at : at + size])
        at += size
    chapters = iter([one for one in frames if one.startswith(b"CHAP")][::-1])
    turned = [next(chapters) if one.startswith(b"CHAP") else one for one in frames]
    path.write_bytes(data[:10] + b"".join(turned) + data[at:])


def set_frame(key, **values):
    def change(found):
        for name, value in values.items():
            setattr(found.getall(key)[0], name, value)

    return change


def drop(key):
    return lambda found: found.delall(key)


def shift(out):
    path = out / "minato-1/minato-1.vtt"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(\d\d)\.(\d)(\d\d)", lambda m: f"{m[1]}.{(int(m[2]) + 3) % 10}{m[3]}", text), "utf-8")


def shift_all(out):
    """Every timed form moved by the same 0.5 s: only the timetable of the sound can tell."""
    show = showcase.SHOW
    episode = export.read_episode(out / "minato-1/episode.json")
    cues = tuple(dataclasses.replace(cue, start=cue.start + 0.5, end=cue.end + 0.5) for cue in episode.cues)
    export.texts(dataclasses.replace(episode, cues=cues), show, out, "minato-1")


def picture(mode="RGB", size=(1500, 1500), form="JPEG", noise=False):
    def spoil(out):
        image = Image.effect_noise(size, 80).convert(mode) if noise else Image.new(mode, size)
        image.save(out / "cover.jpg", form)

    return spoil


def slow_mp3():
    """24 kHz, as LAME makes it of 48 kHz at 32 kbit/s."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(48_000)
    encoder.set_channels(1)
    encoder.set_bit_rate(32)
    return bytes(encoder.encode(bytes(96_000))) + bytes(encoder.flush())


def oblong():
    stream = io.BytesIO()
    Image.new("RGB", (400, 300)).save(stream, "JPEG")
    return stream.getvalue()


def page(text):
    return lambda out: (out / "minato-1" / "index.html").write_text(text, encoding="utf-8")


PAGE = (
    '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>題</title>'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'"></head><body>{}</body></html>'
)
FIRST_ITEM = r"(<item>.*?)"
DEFECTS = {
    "feed-gone": ("feed-absent", lambda out: (out / "feed.xml").unlink()),
    "feed-truncated": ("feed-unreadable", lambda out: (out / "feed.xml").write_bytes((out / "feed.xml").read_bytes()[:3000])),
    "feed-entity-bomb": ("feed-unreadable", in_feed(r"(<\?xml-style)", r'<!DOCTYPE rss [<!ENTITY a "aaa">]>\1')),
    "feed-in-latin-1": ("feed-encoding", in_feed(r"<\?xml[^>]*\?>\n", "")),
    "feed-edited": ("feed-edited", in_feed("港町の暮らしを声で届けます。", "港町の暮らしを声で伝えます。")),
    "old-podcast-namespace": ("feed-namespace", in_feed("https://podcastindex.org/namespace/1.0", "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md")),
    "no-channel-title": ("channel-missing", in_feed("<title>港町だより</title>", "")),
    "no-artwork": ("channel-missing", in_feed("<itunes:image [^>]*/>", "")),
    "english": ("channel-value", in_feed("<language>ja</language>", "<language>en</language>")),
    "explicit-no": ("channel-value", in_feed("<itunes:explicit>false", "<itunes:explicit>no")),
    "guid-is-no-uuid": ("channel-value", in_feed("<podcast:guid>[^<]*", "<podcast:guid>minato")),
    "bad-mail": ("owner-email", in_feed("<itunes:email>[^<]*", "<itunes:email>fumi at example")),
    "ai-not-declared": ("ai-content", in_feed("<podcast:txt.*?</podcast:txt>", "")),
    "self-elsewhere": ("self-link", in_feed('href="[^"]*" rel="self"', 'href="https://example.com/podcast/rss" rel="self"')),
    "link-to-feed": ("site-link", in_feed("<link>https://example.com/</link>", "<link>https://example.com/podcast/feed.xml</link>")),
    "other-guid": ("guid-not-derived", in_feed("<podcast:guid>[^<]*", "<podcast:guid>6c967fe4-ab76-51b1-aec1-bde9677f87ca")),
    "unknown-category": ("category", in_feed('text="Politics"', 'text="Sea"')),
    "date-without-zone": ("date", in_feed(r"(<item>.*?<pubDate>[^<]*) \+0900", r"\1")),
    "wrong-weekday": ("date", in_feed("<pubDate>Sat", "<pubDate>Mon")),
    "wrong-zone": ("state-differs", in_feed(r"(<item>.*?<pubDate>[^<]*) \+0900", r"\1 +0000")),
    "oldest-first": ("order", in_feed(r"(<item>.*?</item>)\s*(<item>.*?</item>)", r"\2\1")),
    "dated-next-year": ("future", in_feed(r"<pubDate>[^<]*", "<pubDate>Sat, 20 Mar 2027 07:00:00 +0900")),
    "long-title": ("text-long", in_feed(r"(<item>\s*<title>)", r"\1" + "長" * 256)),
    "space-around": ("outer-space", in_feed(r"(<item>\s*<title>)", r"\1 ")),
    "mojibake": ("mojibake", in_feed(r"(<item>\s*<title>)", r"\1" + GARBLED)),
    "invented-tag": ("podcast-tag", in_feed("<podcast:medium>podcast</podcast:medium>", "<podcast:medium>podcast</podcast:medium><podcast:mood>calm</podcast:mood>")),
    "place-without-name": ("location", in_feed("<podcast:location([^>]*)>[^<]*<", r"<podcast:location\1><")),
    "place-off-the-globe": ("location", in_feed('geo="geo:41.7688,', 'geo="geo:141.7688,')),
    "place-of-no-map": ("location", in_feed('osm="R4003662"', 'osm="4003662"')),
    "javascript-link": ("address", in_feed(r"(<item>.*?<link>)[^<]*", r"\1javascript:alert(1)")),
    "japanese-address": ("address", in_feed(r"(<item>.*?<link>)[^<]*", r"\1https://example.com/港")),
    "lost-transcript": ("no-file", lambda out: (out / "minato-2/minato-2.srt").unlink()),
    "path-escape": ("no-file", in_feed(r"podcast/minato-2/minato-2.srt", "podcast/../../../etc/passwd")),
    "twin-guids": ("guid-twice", in_feed("000000000001</guid>", "000000000002</guid>")),
    "guid-changed": ("state-differs", in_feed("000000000002</guid>", "000000000009</guid>")),
    "twin-sounds": ("sound-twice", in_feed(r'(enclosure url="([^"]*)".*?enclosure url=)"[^"]*"', r'\1"\2"')),
    "no-guid": ("item-missing", in_feed("<guid.*?</guid>", "")),
    "no-enclosure": ("item-missing", in_feed("<enclosure[^>]*/>", "")),
    "no-description": ("item-missing", in_feed(r"(<item>.*?)<description>.*?</description>", r"\1")),
    "duration-as-clock": ("item-value", in_feed("<itunes:duration>[^<]*", "<itunes:duration>00:01:06")),
    "episode-zero": ("item-value", in_feed("<itunes:episode>2", "<itunes:episode>0")),
    "number-in-title": ("title-noise", in_feed(r"(<item>\s*<title>)", r"\1第12回 ")),
    "show-in-title": ("title-noise", in_feed(r"(<item>\s*<title>)", r"\1港町だより ")),
    "guid-as-permalink": ("guid-permalink", in_feed('isPermaLink="false"', 'isPermaLink="true"')),
    "wrong-type": ("sound-type", in_feed(r'(<enclosure [^>]*type=)"audio/mpeg"', r'\1"audio/mp3"')),
    "wrong-length": ("sound-length", in_feed(r'(<enclosure [^>]*length=)"\d+"', r'\1"12345"')),
    "long-description": ("description-long", in_feed(r"(<item>.*?<description><!\[CDATA\[)", r"\1<p>" + "長" * 1400 + "</p>")),
    "dropped-cdata": ("description-cdata", in_feed(r"<description><!\[CDATA\[(.*?)\]\]>", lambda m: f"<description>{m[1]}".replace(" & ", " &amp; "))),
    "open-paragraph": ("description-markup", in_feed(r"(<item>.*?)</p>", r"\1")),
    "script-in-description": ("description-markup", in_feed(r"(<item>.*?<description><!\[CDATA\[)", r"\1<script>x</script>")),
    "javascript-in-description": ("description-link", in_feed(r'(<item>.*?<a href=)"[^"]*"', r'\1"javascript:x"')),
    "other-chapter-line": ("description-chapters", in_feed("\n00:00:00 はじめに\n", "\n00:00:00 まえがき\n")),
    "no-srt": ("transcript-missing", in_feed('<podcast:transcript [^>]*subrip"[^>]*/>', "")),
    "english-transcript": ("transcript-language", in_feed(r'(<podcast:transcript [^>]*language=)"ja"', r'\1"en"')),
    "no-chapters": ("chapters-missing", in_feed("<podcast:chapters [^>]*/>", "")),
    "chapters-as-json": ("chapters-type", in_feed('type="application/json\\+chapters"', 'type="application/json"')),
    "no-psc": ("psc-missing", in_feed("<psc:chapters.*?</psc:chapters>", "")),
    "soundbite-too-short": ("soundbite", in_feed('duration="20.0"', 'duration="4.0"')),
    "alternate-length": ("alternate-length", in_feed(r'(<podcast:alternateEnclosure [^>]*length=)"\d+"', r'\1"1"')),
    "alternate-without-source": ("alternate-source", in_feed("<podcast:source [^>]*/>", "")),
    "wrong-hash": ("integrity", in_feed(r'(value="sha256-)....', r"\1AAAA")),
    "state-truncated": ("state-unreadable", lambda out: (out / "minato-1/episode.json").write_text('{"version": 1')),
    "episode-dropped": ("state-not-in-feed", in_feed(r"<item>.*?</item>", "")),
    "file-deleted": ("file-lost", lambda out: (out / "minato-2/minato-2.notes.md").unlink()),
    "bit-flipped": ("file-changed", in_sound(lambda data: data[:-900] + bytes([data[-900] ^ 1]) + data[-899:])),
    "no-sound": ("sound-unreadable", in_sound(lambda data: b"\0" * len(data))),
    "wrong-duration": ("sound-duration", in_feed("<itunes:duration>[^<]*", "<itunes:duration>99")),
    "sound-truncated": ("sound-cut", in_sound(lambda data: data[: len(data) * 3 // 4])),
    "no-info-frame": ("sound-without-info", in_sound(lambda data: data.replace(b"Info", b"XXXX", 1).replace(b"LAME", b"XXXX"))),
    "id3-2.4": ("id3-version", lambda out: ID3(sound_of(out)).save(sound_of(out), v1=0)),
    "unsynchronised": ("id3-unsync", in_sound(lambda data: data[:5] + b"\x80" + data[6:])),
    "id3-v1": ("id3-v1", in_sound(lambda data: data + b"TAG" + bytes(125))),
    "tag-broken": ("id3-unreadable", in_sound(lambda data: data[:3] + b"\x09" + data[4:])),
    "other-title": ("id3-differs", in_tags(set_frame("TIT2", text=["別の題"]))),
    "other-language": ("id3-differs", in_tags(lambda f: f.setall("TLAN", [TLAN(encoding=0, text="eng")]))),
    "comment-in-english": ("id3-language", in_tags(set_frame("COMM", lang="eng"))),
    "no-lyrics": ("id3-missing", in_tags(drop("USLT"))),
    "no-cover": ("id3-missing", in_tags(drop("APIC"))),
    "half-a-script": ("id3-script", in_tags(set_frame("USLT", text="朝の港では、"))),
    "sylt-shifted": ("id3-sylt", in_tags(lambda f: setattr(f.getall("SYLT")[0], "text", [(t, ms + 500) for t, ms in f.getall("SYLT")[0].text]))),
    "title-garbled": ("id3-mojibake", in_tags(lambda f: f.setall("TIT2", [TIT2(encoding=0, text="海の道".encode().decode("latin-1"))]))),
    "cover-not-square": ("id3-cover", in_tags(set_frame("APIC", data=oblong()))),
    "wfed-without-byte": ("id3-feed", in_tags(set_frame("WFED", url=feed.url(showcase.SHOW)))),
    "chapters-version-number": ("chapters-unreadable", in_json("minato-2/chapters.json", lambda d: d.update(version=1.2))),
    "chapters-reversed": ("chapters-order", in_json("minato-2/chapters.json", lambda d: d["chapters"].reverse())),
    "chapter-between-seconds": ("chapters-fraction", in_json("minato-2/chapters.json", lambda d: d["chapters"][1].update(startTime=d["chapters"][1]["startTime"] + 0.04))),
    "chapter-in-speech": ("chapters-cut", in_json("minato-2/chapters.json", lambda d: d["chapters"][1].update(startTime=d["chapters"][1]["startTime"] + 2))),
    "chapter-renamed": ("chapters-differ", in_json("minato-2/chapters.json", lambda d: d["chapters"][1].update(title="別"))),
    "chapter-frame-renamed": ("chapters-differ", in_tags(lambda f: f.getall("CHAP")[0].sub_frames["TIT2"].text.__setitem__(0, "別"))),
    "chapter-picture-lost": ("chapters-image", lambda out: (out / "minato-2" / showcase.PLATE).unlink()),
    "chapter-picture-not-in-tag": ("chapters-image", in_tags(lambda f: f.getall("CHAP")[1].sub_frames.delall("APIC"))),
    "chapter-picture-not-in-json": ("chapters-image", in_json("minato-2/chapters.json", lambda d: d["chapters"][1].pop("img"))),
    "chapter-picture-elsewhere": ("chapters-image", in_feed(r'(<item>.*?<psc:chapter [^>]*image=")[^"]*', r"\1https://example.com/podcast/cover.jpg")),
    "chapters-apart": ("chapters-gap", in_tags(set_frame("CHAP", end_time=1))),
    "chapter-offset": ("chapters-offset", in_tags(set_frame("CHAP", start_offset=0))),
    "contents-unordered": ("chapters-contents", in_tags(set_frame("CTOC", flags=CTOCFlags.TOP_LEVEL))),
    "chapters-shuffled": ("chapters-shuffled", shuffled),
    "vtt-without-signature": ("text-unreadable", in_file("minato-1/*.vtt", "WEBVTT", "WEBVT")),
    "vtt-comma": ("text-unreadable", in_file("minato-1/*.vtt", r"(\d\d)\.(\d\d\d)", r"\1,\2")),
    "vtt-empty": ("text-empty", lambda out: (out / "minato-1/minato-1.vtt").write_text("WEBVTT\n")),
    "vtt-shifted": ("text-differs", shift),
    "all-shifted": ("text-drift", shift_all),
    "srt-word-lost": ("text-differs", in_file("minato-1/*.srt", "漁師", "")),
    "srt-number-lost": ("text-unreadable", in_file("minato-1/*.srt", "\n2\n", "\n3\n")),
    "json-empty-body": ("text-unreadable", in_json("minato-1/*.transcript.json", lambda d: d["segments"][0].update(body=" "))),
    "json-version": ("text-unreadable", in_json("minato-1/*.transcript.json", lambda d: d.update(version="1.0"))),
    "html-word-lost": ("text-differs", in_file("minato-1/*.transcript.html", "漁師の岬さん", "岬さん")),
    "plain-word-lost": ("text-differs", in_file("minato-1/minato-1.txt", "漁師の岬さん", "岬さん")),
    "overlap": ("text-order", in_file("minato-1/*.vtt", r"--> 00:00:\d\d\.\d\d\d\n", "--> 00:00:59.000\n")),
    "no-speaker": ("text-speaker", in_file("minato-1/*.vtt", "<v [^>]*>", "")),
    "long-line": ("text-line", in_file("minato-1/*.vtt", "灯台の歴史を", "灯台の歴史を" * 12)),
    "markup": ("text-markup", in_file("minato-1/*.vtt", "漁師", "**漁師**")),
    "text-garbled": ("text-mojibake", in_file("minato-1/*.vtt", "漁師", GARBLED)),
    "beyond-the-end": ("text-outside", in_file("minato-1/*.vtt", r"(.*--> )00:0\d:\d\d", r"\g<1>00:09:00")),
    "page-in-english": ("page-language", in_file("minato-1/*.transcript.html", 'lang="ja"', 'lang="en"')),
    "page-untitled": ("page-title", in_file("minato-1/*.transcript.html", "<title>.*?</title>", "")),
    "page-without-policy": ("page-policy", in_file("minato-1/*.transcript.html", "<meta http-equiv[^>]*>", "")),
    "page-loads-a-font": ("page-remote", page(PAGE.format('<link rel="stylesheet" href="https://fonts.example/x.css">'))),
    "page-link-broken": ("page-link", page(PAGE.format('<a href="../nowhere.html">x</a>'))),
    "page-javascript": ("page-script", page(PAGE.format('<a href=" JavaScript:x()">x</a>'))),
    "page-empty": ("page-unreadable", page("")),
    "art-is-text": ("art-unreadable", lambda out: (out / "cover.jpg").write_text("x")),
    "art-small": ("art-size", picture(size=(600, 600))),
    "art-oblong": ("art-size", picture(size=(1500, 1400))),
    "art-cmyk": ("art-colour", picture(mode="CMYK")),
    "art-png-called-jpg": ("art-type", picture(form="PNG")),
    "art-heavy": ("art-bytes", picture(size=(2400, 2400), noise=True)),
    "sound-slow": ("sound-format", lambda out: sound_of(out).write_bytes(slow_mp3())),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_one_defect_is_caught_by_its_rule(out, name):
    slug, spoil = DEFECTS[name]
    spoil(out)
    assert slug in slugs(out)


def test_every_rule_has_a_defect():
    assert {slug for slug, _ in DEFECTS.values()} == set(feed_rules.RULES) | set(export_rules.RULES)


def test_findings_are_told_in_both_languages(out, capsys, monkeypatch):
    DEFECTS["wrong-length"][1](out)
    monkeypatch.setenv("YOMICAST_LANG", "ja")
    assert cli.main(["check", str(out)]) == 5
    assert "error[sound-length] feed.xml item 1: length 12345" in (said := capsys.readouterr().out)
    assert "→ エピソードをもう一度" in said
    assert cli.main(["check", str(out), "--json"]) == 5
    told = json.loads(capsys.readouterr().out)
    row = next(one for one in told["findings"] if one["rule"] == "sound-length")
    assert row["ja"] != row["en"]
    assert told["errors"] >= 1


def test_a_good_output_exits_with_0(good, capsys):
    assert cli.main(["check", str(good)]) == 0
    assert capsys.readouterr().out == ""


def test_no_folder_is_an_error_with_a_next_step(tmp_path, capsys):
    assert cli.main(["check", str(tmp_path / "none")]) == 5
    assert "→" in capsys.readouterr().err
