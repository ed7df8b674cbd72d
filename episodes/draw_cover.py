"""Draws episodes/cover.jpg, the sample show's artwork: our own, by code. Run: python episodes/draw_cover.py."""

import math
from pathlib import Path

from PIL import Image, ImageDraw

SIDE = 1500


def draw() -> Image.Image:
    """A night sky, a shelf of books, a wave of sound."""
    image = Image.new("RGB", (SIDE, SIDE))
    pen = ImageDraw.Draw(image)
    for y in range(SIDE):
        depth = y / SIDE
        pen.line([(0, y), (SIDE, y)], fill=(int(14 + 30 * depth), int(20 + 24 * depth), int(56 + 50 * depth)))
    for n in range(90):
        x, y = (n * 733) % SIDE, (n * n * 37 + n * 211) % 820
        size = 2 + n % 4
        pen.ellipse([x, y, x + size, y + size], fill=(255, 244, 214))
    pen.ellipse([1080, 150, 1290, 360], fill=(255, 236, 170))
    pen.ellipse([1030, 120, 1230, 320], fill=(22, 29, 70))
    wave = []
    for x in range(120, SIDE - 120, 4):
        swell = math.sin((x - 120) / (SIDE - 240) * math.pi)
        wave.append((x, 660 + swell * (150 * math.sin(x / 46) + 60 * math.sin(x / 17))))
    pen.line(wave, fill=(255, 196, 92), width=16, joint="curve")
    colours = [(201, 92, 74), (86, 140, 150), (226, 179, 90), (120, 98, 150), (94, 128, 92), (222, 214, 196)]
    x = 60
    for n in range(24):
        wide, high = 44 + (n * 29) % 26, 300 + (n * 83) % 150
        pen.rectangle([x, 1330 - high, x + wide, 1330], fill=colours[n % len(colours)])
        pen.rectangle([x + 8, 1330 - high + 40, x + wide - 8, 1330 - high + 52], fill=(250, 240, 220))
        x += wide + 6
        if x > SIDE - 120:
            break
    pen.rectangle([0, 1330, SIDE, 1390], fill=(92, 62, 44))
    pen.rectangle([0, 1390, SIDE, SIDE], fill=(30, 22, 32))
    return image


if __name__ == "__main__":
    draw().save(Path(__file__).with_name("cover.jpg"), quality=88, optimize=True)
