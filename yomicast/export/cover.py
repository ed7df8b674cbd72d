"""Artwork: whatever the author has -> square RGB JPEG, 1400–3000 px, at most 512 KB; or one drawn for shows without.

Sizes: Apple's artwork rules; 512 KB is what some hosts take. Pictures of chapters, which travel in every copy of the
sound, are at most 800 px and 100 KB. The file is hostile until decoded: bytes, pixels and
formats are bounded, metadata is dropped.
"""

from __future__ import annotations

import colorsys
import hashlib
import io
import math
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw, ImageOps, UnidentifiedImageError

from yomicast.errors import ConfigError
from yomicast.model import Message, Note, Place

SMALLEST, LARGEST = 1400, 3000
BYTES = 512 * 1024
FILE_LIMIT = 40 * 1024 * 1024
PIXEL_LIMIT = 80_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP")
CHAPTER, CHAPTER_FLOOR, CHAPTER_BYTES = 800, 300, 100 * 1024
CROP = 1.4
"""A picture up to this much longer than wide (or wider than long) is cropped; beyond, it is set on a ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a picture is for, as messages name it."""

    name: Message
    hint: Message


COVER = Use(
    name=Message("the cover", "カバー画像"),
    hint=Message(
        "give a square JPEG or PNG of 1400 to 3000 pixels",
        "正方形で 1400〜3000 ピクセルの JPEG か PNG を指定してください",
    ),
)
CHAPTERS = Use(
    name=Message("the chapter's picture", "チャプター画像"),
    hint=Message("give a JPEG or PNG of at least 300 pixels", "300 ピクセル以上の JPEG か PNG にしてください"),
)


def cover(path: Path | None, *, title: str) -> tuple[bytes, tuple[Note, ...]]:
    """The artwork as JPEG, and what was done to it.

    Args:
        path: the author's picture; None: one is drawn, its colours and bars made from `title`, the same every time.
        title: of the show.

    Raises:
        ConfigError: `path` is missing, no picture, or beyond 40 MB or 80 million pixels.
    """
    if path is None:
        return drawn(title), ()
    picture = _opened(path, COVER)
    notes = tuple(
        Note(slug="cover", text=text, place=Place(file=path.name)) for text in _changes(picture, _size_of(picture))
    )
    return _encoded(_squared(_in_rgb(picture), _size_of(picture))), notes


def chapter_image(path: Path) -> bytes:
    """A picture of the article as a chapter's: square JPEG of at most 800 px and 100 KB, never enlarged.

    Raises:
        ConfigError: `path` is no picture, beyond the limits of a cover, or under 300 px: an icon, no illustration.
    """
    picture = _opened(path, CHAPTERS)
    if min(picture.size) < CHAPTER_FLOOR:
        raise _no_picture(path, CHAPTERS, Message("under 300 pixels", "300 ピクセルに足りません"))
    side = min(CHAPTER, _square_side(picture))
    squared = _squared(_in_rgb(picture), side)
    for quality in (85, 75, 65, 50, 35, 20):
        if len(data := _jpeg(squared, quality)) <= CHAPTER_BYTES:
            break
    return data


def _opened(path: Path, what: Use) -> Image.Image:
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise _no_picture(path, what, Message("larger than 40 MB", "40 MB を超えています"))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(path, formats=FORMATS) as picture:
                if picture.width * picture.height > PIXEL_LIMIT:
                    raise _no_picture(path, what, Message("more than 80 million pixels", "8000 万画素を超えています"))
                return ImageOps.exif_transpose(picture)
    except FileNotFoundError as error:
        raise _no_picture(path, what, Message("there is no such file", "ファイルがありません")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise _no_picture(path, what, Message("it cannot be read as a picture", "画像として読めません")) from error


def _no_picture(path: Path, what: Use, why: Message) -> ConfigError:
    return ConfigError(
        Message(f"{what.name.en} cannot be used: {why.en}", f"{what.name.ja}を使えません: {why.ja}"),
        where=str(path),
        hint=what.hint,
    )


def _size_of(picture: Image.Image) -> int:
    return min(LARGEST, max(SMALLEST, _square_side(picture)))


def _square_side(picture: Image.Image) -> int:
    """Of the square that a picture is cropped to, or set on."""
    width, height = picture.size
    return min(width, height) if max(width, height) <= CROP * min(width, height) else max(width, height)


def _changes(picture: Image.Image, side: int) -> list[Message]:
    width, height = picture.size
    found = []
    if width != height:
        found.append(
            Message(f"the cover is {width}×{height}, made square", f"カバーが {width}×{height} なので正方形にしました")
        )
    if _square_side(picture) < SMALLEST:
        found.append(
            Message(
                f"the cover is small ({width}×{height}) and was enlarged to {side}; a larger original looks better",
                f"カバーが小さい ({width}×{height}) ので {side} に拡大しました。大きい原画のほうがきれいです",
            )
        )
    if max(width, height) > LARGEST:
        found.append(
            Message(
                f"the cover was reduced from {width}×{height} to {side}",
                f"カバーを {width}×{height} から {side} に縮めました",
            )
        )
    if picture.mode not in ("RGB", "L", "P"):
        found.append(
            Message(
                f"the cover's colours were turned from {picture.mode} to RGB",
                f"カバーの色を {picture.mode} から RGB に変えました",
            )
        )
    return found


def _in_rgb(picture: Image.Image) -> Image.Image:
    """RGB by the picture's own profile where it has one; what is transparent becomes white."""
    profile = picture.info.get("icc_profile")
    if picture.mode == "CMYK" and profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if turned is not None:
                return turned
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile: Pillow's plain conversion below
    if "A" in picture.getbands() or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(ground, clear).convert("RGB")
    return picture.convert("RGB")


def _squared(picture: Image.Image, side: int) -> Image.Image:
    """Cropped about the middle when nearly square, else whole on a ground of its own mean colour."""
    width, height = picture.size
    if max(width, height) <= CROP * min(width, height):
        return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS)
    mean = picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(mean, tuple)
    return ImageOps.pad(picture, (side, side), Image.Resampling.LANCZOS, color=(mean[0], mean[1], mean[2]))


def _encoded(picture: Image.Image) -> bytes:
    """JPEG of at most 512 KB: first less quality, then fewer pixels."""
    for side in (picture.width, 2000, SMALLEST):
        if side > picture.width:
            continue
        sized = picture if side == picture.width else picture.resize((side, side), Image.Resampling.LANCZOS)
        for quality in (90, 82, 74, 65, 55, 45):
            data = _jpeg(sized, quality)
            if len(data) <= BYTES:
                return data
    return _jpeg(sized, 20)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality, optimize=True, progressive=False)
    return stream.getvalue()


def drawn(title: str) -> bytes:
    """Bars of a spoken sentence on a ground, colours and heights from `title`: no letters, for no font ships with us."""
    seed = hashlib.sha256(title.encode()).digest()
    side = LARGEST // 2
    hue = seed[0] / 256
    ground, light = _colour(hue, 0.55, 0.22), _colour((hue + 0.08) % 1, 0.35, 0.92)
    picture = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((side * 0.1, side * 0.1, side * 0.9, side * 0.9), fill=_colour(hue, 0.5, 0.34))
    count = 15
    for number in range(count):
        arch = math.sin(math.pi * (number + 0.5) / count)
        tall = side * (0.06 + 0.42 * arch * (0.35 + 0.65 * seed[1 + number] / 255))
        middle = side * (0.2 + 0.6 * (number + 0.5) / count)
        box = (middle - side * 0.012, (side - tall) / 2, middle + side * 0.012, (side + tall) / 2)
        pen.rounded_rectangle(box, radius=side * 0.012, fill=light)
    return _jpeg(picture, 90)


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
