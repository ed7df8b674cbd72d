"""Pictures of the article become pictures of its chapters: only those that may, the same in every form, nothing from afar."""

import http.server
import io
import json
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from mutagen.id3 import ID3
from PIL import Image

from yomicast import article, cli, export, pipeline
from yomicast.cli.check import findings
from yomicast.errors import ArticleError, ConfigError
from yomicast.files import snapshot

MARKDOWN = """# 港の一日

港町の朝は早い。夜明け前から船が戻ります。

![夜明けの港の写真](pictures/dawn.png)

## 市場

魚が並びます。声が飛び交います。

![氷の上の魚を並べる人](market.jpg)

## 灯台

丘の上に灯台があります。

![灯台から見た海の景色](sea.webp)

Photo by Ao Tanaka on Unsplash

## 港の図書館

昔の地図が残っています。

![港の古い地図](https://maps.example/old.png)
"""


def picture(path, colour, size=(900, 900), **more):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(more.pop("mode", "RGB"), size, colour).save(path, **more)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YOMICAST_LANG", "en")
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mei.yaml").write_text("engine: marker\nspeaker: メイ\n", encoding="utf-8")
    (tmp_path / "port.md").write_text(MARKDOWN, encoding="utf-8")
    (tmp_path / "show.yaml").write_text("title: 港町だより\n", encoding="utf-8")
    picture(tmp_path / "pictures" / "dawn.png", "orange", (1600, 1200))
    picture(tmp_path / "market.jpg", "teal")
    picture(tmp_path / "sea.webp", "navy")
    return tmp_path


def render(target="port.md"):
    return pipeline.render(pipeline.open_job(target, out=Path("out")))


def images(made):
    return [bool(mark.image) for mark in made.episode.marks if mark.level == 2]


def colour(data):
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == "RGB"
        assert image.width == image.height <= 800
        return tuple(round(c / 16) for c in image.getpixel((image.width // 2, image.height // 2)))


def test_a_chapters_picture_is_the_same_in_every_form(desk):
    made = render()
    assert images(made) == [True, True, False, False]
    dawn, market = (mark for mark in made.episode.marks if mark.image)
    assert (dawn.image_alt, market.image_alt) == ("夜明けの港の写真", "氷の上の魚を並べる人")
    files = [(desk / "out" / mark.image).read_bytes() for mark in (dawn, market)]
    assert [colour(data) for data in files] == [(16, 10, 0), (0, 8, 8)]
    audio = next(r.path for r in made.episode.renditions if r.rel == "audio")
    frames = sorted(ID3(desk / "out" / audio).getall("CHAP"), key=lambda frame: frame.start_time)
    inside = [[p.data for p in frame.sub_frames.getall("APIC")] for frame in frames]
    assert inside == [[files[0]], [files[1]], [], []]
    rows = json.loads((desk / "out/port/chapters.json").read_text(encoding="utf-8"))["chapters"]
    public = [f"https://example.com/podcast/{mark.image}" for mark in (dawn, market)]
    assert [row.get("img") for row in rows] == [*public, None, None]
    feed = etree.parse(desk / "out/feed.xml")
    psc = feed.iterfind(".//{http://podlove.org/simple-chapters}chapter")
    assert [row.get("image") for row in psc] == [*public, None, None]
    page = (desk / "out/port/index.html").read_text(encoding="utf-8")
    for mark in (dawn, market):
        assert f'<img class="plate" src="{Path(mark.image).name}" alt="{mark.image_alt}"' in page
    assert findings(desk / "out") == []


def test_a_second_run_writes_nothing_and_an_other_picture_changes_its_name(desk):
    render()
    before = snapshot(desk / "out")
    assert render().written == ()
    assert snapshot(desk / "out") == before
    first = {name for name in before if "chapter-2" in name}
    picture(desk / "market.jpg", "red")
    render()
    second = {name for name in snapshot(desk / "out") if "chapter-2" in name}
    assert first < second, "the old address stays"
    assert first <= set(pipeline.prune(desk / "out"))
    assert {name for name in snapshot(desk / "out") if "chapter-2" in name} == second - first
    assert findings(desk / "out") == []


def test_a_picture_with_somebody_elses_credit_is_left_out_and_said(desk):
    notes = [note for note in render().notes if note.slug == "chapter-image"]
    assert [note.place.line for note in notes] == [17]
    assert "Photo by Ao Tanaka on Unsplash" in notes[0].text.en
    (desk / "show.yaml").write_text("chapter_images: all\n", encoding="utf-8")
    (desk / "port.md").write_text(MARKDOWN.split("## 港の図書館", maxsplit=1)[0], encoding="utf-8")
    made = render()
    assert images(made) == [True, True, True]
    said = (desk / "out/port/port.notes.md").read_text(encoding="utf-8")
    assert "画像: Photo by Ao Tanaka on Unsplash" in said
    assert "画像: Photo by Ao Tanaka on Unsplash" in (desk / "out/port/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("where", ["show.yaml", "port.yaml"])
def test_it_can_be_switched_off(desk, where):
    (desk / where).write_text("chapter_images: off\n", encoding="utf-8")
    assert not any(images(render()))
    assert not list((desk / "out/port").glob("chapter-*"))


CREDITS = {
    "*Photo by Ao on Unsplash*": False,
    "写真：共同通信": False,
    "（写真提供：みなと市）": False,
    "写真: 筆者撮影": True,
    "市場の朝の様子です。": True,
}


@pytest.mark.parametrize("credit", CREDITS)
def test_whose_a_picture_is(desk, credit):
    text = f"# 港\n\n朝です。船が出ます。\n\n## 市場\n\n![市場に並んだ魚の箱](market.jpg)\n{credit}\n\n魚が並びます。声が飛びます。\n"
    (desk / "port.md").write_text(text, encoding="utf-8")
    assert images(render())[1] is CREDITS[credit]


def test_a_stock_librarys_file_name_is_a_credit(desk):
    for name, used in {"unsplash-9Qx.jpg": False, "AdobeStock_123.jpg": False, "canvas.jpg": True}.items():
        picture(desk / name, "green")
        text = f"# 港\n\n朝です。\n\n## 市場\n\n![市場に並んだ魚の箱]({name})\n\n魚が並びます。\n"
        (desk / "port.md").write_text(text, encoding="utf-8")
        assert images(render())[1] is used, name


HTML = (
    '<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>港の一日</title></head><body><article><h1>港の一日</h1>'
    "<p>港町の朝は早い。夜明け前から船が戻ります。</p><h2>市場</h2><p>魚が並びます。声が飛び交います。とても賑やかです。</p>"
    '<figure><img src="market.jpg" alt="氷の上の魚"><figcaption>市場の朝。</figcaption></figure>'
    "<h2>灯台</h2><p>丘の上に灯台があります。海がよく見えます。</p>"
    '<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="sea.webp?w=300"></p><p>おしまいの段落です。</p></article></body></html>'
)
RST = """港の一日
========

港町の朝は早い。

市場
----

魚が並びます。

.. image:: market.jpg
   :alt: 氷の上の魚

灯台
----

丘の上に灯台があります。

.. figure:: sea.webp
   :alt: 灯台から見た海

   灯台から見た海の景色です。
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("port.html", HTML), ("lines.html", HTML.replace("><", ">\n<")), ("port.rst", RST)],
    ids=["one line", "many lines", "rst"],
)
def test_every_form_that_names_its_pictures(desk, name, text):
    (desk / name).write_text(text, encoding="utf-8")
    made = render(name)
    assert images(made) == [False, True, True]
    found = [colour((desk / "out" / mark.image).read_bytes()) for mark in made.episode.marks if mark.image]
    assert found == [(0, 8, 8), (0, 0, 8)]


OUTSIDE = ["../secret.png", "/etc/secret.png", "..%2fsecret.png", "link.png", "file:///tmp/secret.png", "a\0b.png", "//x/y.png", "C:/x.png"]  # fmt: skip


@pytest.mark.parametrize("source", OUTSIDE)
def test_nothing_outside_the_folder_is_published(desk, source):
    inner = desk / "inner"
    inner.mkdir()
    (inner / "show.yaml").write_text("title: t\n", encoding="utf-8")
    picture(desk / "secret.png", "red")
    (inner / "link.png").symlink_to(desk / "secret.png")
    text = f"<article><h1>港</h1><p>朝です。船が出ます。</p><img src='{source}' alt='港の朝の風景'><p>終わりです。</p></article>"
    (inner / "port.html").write_text(text, encoding="utf-8")
    assert images(render("inner/port.html")) == [False]


@pytest.mark.parametrize(
    ("size", "mode", "used"),
    [((299, 900), "RGB", False), ((300, 300), "RGB", True), ((1500, 400), "L", True), ((700, 700), "CMYK", True)],
)
def test_icons_are_no_illustrations(desk, size, mode, used):
    picture(desk / "market.jpg", 0 if mode == "L" else "black", size, mode=mode)
    made = render()
    assert images(made)[1] is used
    notes = [note for note in made.notes if note.slug == "chapter-image" and note.place.line == 11]
    assert bool(notes) is not used
    if used:
        data = (desk / "out" / made.episode.marks[1].image).read_bytes()
        assert colour(data) == (0, 0, 0)


def test_a_broken_picture_is_a_note_and_no_error(desk):
    (desk / "market.jpg").write_bytes(b"\xff\xd8 no picture")
    assert cli.main(["render", "port.md", "--out", "out"]) == 0
    assert images(render()) == [True, False, False, False]


def test_a_large_noisy_picture_gets_small(tmp_path):
    noise = np.random.default_rng(1).integers(0, 255, (3000, 3000, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "c.bmp")
    assert len(export.chapter_image(tmp_path / "c.bmp")) <= 100 * 1024
    with pytest.raises(ConfigError):
        export.chapter_image(tmp_path / "none.png")


@pytest.fixture
def site(tmp_path):
    """A web site on loopback with a picture, a page and a drawing."""
    folder = tmp_path / "site"
    picture(folder / "old.png", "purple")
    (folder / "page.html").write_text("<p>x</p>", encoding="utf-8")
    (folder / "x.svg").write_text("<svg/>", encoding="utf-8")
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=str(folder)))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()


OPEN = article.Limits(private=True, seconds=5.0)


def test_only_pictures_are_fetched_and_never_from_the_own_network(site):
    assert article.picture(f"{site}/old.png", limits=OPEN).startswith(b"\x89PNG")
    for name in ("page.html", "x.svg", "none.png"):
        with pytest.raises(ArticleError):
            article.picture(f"{site}/{name}", limits=OPEN)
    with pytest.raises(ArticleError, match="own network"):
        article.picture(f"{site}/old.png")


def test_pictures_on_the_web_are_used_only_when_asked_and_asked_for_once(desk, site, monkeypatch):
    (desk / "port.md").write_text(MARKDOWN.replace("https://maps.example", site), encoding="utf-8")
    asked = []

    def fetched(address):
        asked.append(address)
        return real(address, limits=OPEN)

    real = article.picture
    monkeypatch.setattr(article, "picture", fetched)
    assert images(render())[3] is False
    assert asked == []
    (desk / "show.yaml").write_text("chapter_images: all\n", encoding="utf-8")
    made = render()
    assert images(made) == [True] * 4
    assert colour((desk / "out" / made.episode.marks[3].image).read_bytes()) == (8, 0, 8)
    assert render().written == ()
    assert asked == [f"{site}/old.png"]
