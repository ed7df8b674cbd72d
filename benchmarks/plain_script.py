"""The yardstick: what a blogger would write in an afternoon with pyopenjtalk and pydub (needs ffmpeg on PATH).

usage: python benchmarks/plain_script.py ARTICLE.txt OUT.mp3
Speaks every Japanese line sentence by sentence, 0.6 s between them, a quiet chord below, a 64 kbit/s MP3 at the end.
"""

import re
import sys
from pathlib import Path

import numpy as np
import pyopenjtalk
from pydub import AudioSegment

RATE = 48_000
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def main(article: str, out: str) -> None:
    episode = AudioSegment.silent(1000, frame_rate=RATE)
    for line in Path(article).read_text(encoding="utf-8").splitlines():
        if not JAPANESE.search(line):
            continue
        for sentence in filter(str.strip, re.split(r"(?<=。)", line.strip())):
            samples, rate = pyopenjtalk.tts(sentence)
            pcm = np.clip(samples, -32768, 32767).astype("<i2").tobytes()
            episode += AudioSegment(pcm, frame_rate=rate, sample_width=2, channels=1)
            episode += AudioSegment.silent(600, frame_rate=RATE)
    t = np.arange(20 * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * f * t) for f in (220.0, 277.18, 329.63)) / 3
    bed = AudioSegment((chord * 8000).astype("<i2").tobytes(), frame_rate=RATE, sample_width=2, channels=1)
    episode.overlay(bed - 22, loop=True).export(out, format="mp3", bitrate="64k")


if __name__ == "__main__":
    main(*sys.argv[1:3])
