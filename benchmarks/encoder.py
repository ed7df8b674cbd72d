"""LAME's quality settings on our own kind of sound: what each costs, and how much noise it leaves.

usage: python benchmarks/encoder.py [AUDIO] [--bitrates 128,192]
AUDIO: any sound file; without it the sample episode is rendered losslessly first. CPU: seconds for a second of sound,
one thread. SNR: of the decoded sound against what was encoded, dB; by bands, the median over loud frames. Noise to mask:
coding noise over a masking threshold by Bark bands (spreading 25 dB a Bark downwards, 10 upwards, threshold 14.5 + z dB
under the masker: Schroeder, Atal & Hall 1979; Brandenburg & Sporer 1992), mean over bands and frames, and its 95th percentile
over frames. The threshold is set low, so only differences between rows mean something. Lower is better.
"""

import argparse
import io
import itertools
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from yomicast import encode
from yomicast.encode import mp3

ROOT = Path(__file__).resolve().parents[1]
SIZE = 2048
EDGES = (0, 500, 1000, 2000, 4000, 8000, 16000)
LATE = 1105
"""Frames by which an encoder and a decoder delay the sound."""


def bark(hertz):
    return 13 * np.arctan(0.00076 * hertz) + 3.5 * np.arctan((hertz / 7500) ** 2)


def spectra(sound):
    frames = np.lib.stride_tricks.sliding_window_view(sound, SIZE)[:: SIZE // 2]
    return np.abs(np.fft.rfft(frames * np.hanning(SIZE))) ** 2


def noise_to_mask(reference, noise):
    hertz = np.arange(SIZE // 2 + 1) * 24_000 / (SIZE // 2)
    bands = np.minimum((bark(hertz) * 2).astype(int), 44)
    gather = np.zeros((45, len(hertz)))
    gather[bands, np.arange(len(hertz))] = 1
    z = (np.arange(45) + 0.5) / 2
    away = z[:, None] - z[None, :]
    spread = 10 ** (np.where(away < 0, 25 * away, -10 * away) / 10)
    masker = reference @ gather.T
    threshold = (masker @ spread.T) * 10 ** (-(14.5 + z) / 10) + 1e-9
    loud = masker.sum(axis=1) > masker.sum(axis=1).max() * 1e-4
    ratio = ((noise @ gather.T) / threshold)[loud][:, z < 21]
    return 10 * np.log10(ratio.mean()), np.percentile(10 * np.log10(ratio.mean(axis=1)), 95)


def row(blocks, quality, bitrate):
    sound = np.concatenate(blocks)
    mp3.QUALITY = quality
    out, start = io.BytesIO(), time.process_time()
    for piece in mp3.encode(blocks, channels=sound.shape[1], bitrate=bitrate):
        out.write(piece)
    cost = (time.process_time() - start) / (len(sound) / 48_000)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "x.mp3"
        path.write_bytes(out.getvalue())
        heard = np.concatenate(list(encode.decode(path)))
    # Without an Info frame a decoder may leave the delay in or take it out.
    late = min(
        (0, 576, LATE), key=lambda n: np.square(heard[n : n + 480_000] - sound[: len(heard[n : n + 480_000])]).sum()
    )
    length = min(len(sound), len(heard) - late)
    sound, noise = sound[:length, 0], heard[late : late + length, 0] - sound[:length, 0]
    power, left = spectra(sound), spectra(noise)
    loud = power.sum(axis=1) > power.sum(axis=1).max() * 1e-3
    at = [int(edge / 24_000 * (SIZE // 2)) for edge in EDGES]
    by_band = [
        np.median(10 * np.log10((power[loud, a:b].sum(axis=1) + 1e-9) / (left[loud, a:b].sum(axis=1) + 1e-9)))
        for a, b in itertools.pairwise(at)
    ]
    snr = 10 * np.log10(np.square(sound).sum() / np.square(noise).sum())
    mask, worst = noise_to_mask(power, left)
    bands = " ".join(f"{value:.0f}" for value in by_band)
    print(f"| {bitrate} | {quality} | {cost:.5f} | {snr:.1f} | {bands} | {mask:.2f} | {worst:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("audio", type=Path, nargs="?")
    parser.add_argument("--bitrates", default="64,128,192")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = args.audio
        if path is None:
            (Path(name) / "show.yaml").write_text("title: x\nsound: {formats: [flac]}\n", encoding="utf-8")
            article = Path(name) / "sample.txt"
            article.write_bytes((ROOT / "episodes" / "night-library.txt").read_bytes())
            command = [sys.executable, str(ROOT / "produce.py"), "render", str(article), "--out", name, "--quiet"]
            subprocess.run(command, check=True, cwd=name)
            path = next(Path(name).glob("*/*.flac"))
        sound = np.concatenate(list(encode.decode(path)))
    sound = sound[: len(sound) // mp3.FRAME * mp3.FRAME]
    blocks = np.split(sound, range(96 * mp3.FRAME, len(sound), 96 * mp3.FRAME))
    print(
        f"| kbit/s | quality | CPU | SNR | SNR by bands to {', '.join(map(str, EDGES[1:]))} Hz | noise to mask | 95 % |"
    )
    print("|---|---|---|---|---|---|---|")
    for bitrate in map(int, args.bitrates.split(",")):
        for quality in (2, 3, 5, 7, 9):
            row(blocks, quality, bitrate)


if __name__ == "__main__":
    main()
