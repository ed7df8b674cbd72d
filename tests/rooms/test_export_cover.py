"""Artwork: whatever the author has becomes square, RGB, small enough; the reason is noted."""

import io

import numpy as np
import pytest
from PIL import Image

from yomicast import export
from yomicast.errors import ConfigError
from yomicast.export.cover import BYTES


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def save(tmp_path, mode="RGB", size=(2000, 2000), name="c.png", **more):
    path = tmp_path / name
    Image.new(mode, size, **more).save(path)
    return path


@pytest.mark.parametrize(
    ("mode", "size", "name", "side", "notes"),
    [
        ("RGB", (2000, 2000), "c.png", 2000, 0),
        ("RGB", (600, 600), "c.png", 1400, 1),
        ("RGB", (4000, 4000), "c.jpg", 3000, 1),
        ("CMYK", (1500, 1500), "c.jpg", 1500, 1),
        ("RGBA", (1500, 1500), "c.png", 1500, 1),
        ("P", (1500, 1500), "c.gif", 1500, 0),
        ("L", (1800, 1500), "c.jpg", 1500, 1),
        ("RGB", (1600, 900), "c.webp", 1600, 1),
    ],
)
def test_every_picture_becomes_artwork(tmp_path, mode, size, name, side, notes):
    data, found = export.cover(save(tmp_path, mode, size, name), title="x")
    picture = opened(data)
    assert (picture.size, picture.mode, picture.format) == ((side, side), "RGB", "JPEG")
    assert len(data) <= BYTES
    assert len(found) == notes
    assert all(note.text.ja != note.text.en for note in found)


def test_a_picture_of_noise_fits_too(tmp_path):
    noise = np.random.default_rng(1).integers(0, 255, (3000, 3000, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "c.bmp")
    assert (tmp_path / "c.bmp").stat().st_size > 20_000_000
    data, _ = export.cover(tmp_path / "c.bmp", title="x")
    assert len(data) <= BYTES
    assert opened(data).width >= 1400


def test_the_camera_held_sideways_is_turned(tmp_path):
    picture = Image.new("RGB", (1500, 1500), "red")
    picture.paste("blue", (0, 0, 1500, 750))
    exif = picture.getexif()
    exif[274] = 3
    picture.save(tmp_path / "c.jpg", exif=exif)
    data, _ = export.cover(tmp_path / "c.jpg", title="x")
    assert opened(data).getpixel((700, 1400))[2] > 200
    assert not opened(data).getexif()


def test_the_transparent_becomes_white(tmp_path):
    data, _ = export.cover(save(tmp_path, "RGBA", (1500, 1500), color=(0, 0, 0, 0)), title="x")
    assert min(opened(data).getpixel((5, 5))) > 250


def test_a_show_without_a_cover_gets_one_of_its_own():
    one, again, other = (export.cover(None, title=title)[0] for title in ("港町だより", "港町だより", "山里だより"))
    assert one == again != other
    assert opened(one).size == (1500, 1500)


@pytest.mark.parametrize("content", [None, b"", b"text", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_is_the_authors_error(tmp_path, content):
    path = tmp_path / "c.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError) as error:
        export.cover(path, title="x")
    assert "1400" in error.value.hint.ja


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path):
    path = tmp_path / "c.png"
    Image.new("1", (12_000, 12_000)).save(path)
    assert path.stat().st_size < 100_000
    with pytest.raises(ConfigError):
        export.cover(path, title="x")


def test_a_file_of_50_mb_is_refused(tmp_path):
    path = tmp_path / "c.png"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(ConfigError) as error:
        export.cover(path, title="x")
    assert "40 MB" in error.value.message.en
