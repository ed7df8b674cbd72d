"""What the figures of a finished sound must hold, and what to do where they do not. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from yomicast.model import Message, Note

LOUDNESS, RANGE, SILENCE, APART = 0.3, 6.0, 2.5, 20.0
"""LU off the target, LU, seconds, dB of speech over music (WCAG 2.2 SC 1.4.7)."""


def doubts(figures: Mapping[str, float], *, target: float, true_peak: float) -> tuple[Note, ...]:
    """A note for each figure that misses its gate; figures that are not there are not judged.

    Args:
        figures: as the report has them, by name.
        target: LUFS wanted.
        true_peak: dBTP allowed.
    """
    found: list[Message] = []
    lufs = figures.get("lufs", target)
    if abs(lufs - target) > LOUDNESS:
        found.append(
            Message(
                f"loudness is {lufs} LUFS, not {target:g}: ask for less with sound.loudness",
                f"ラウドネスが {target:g} ではなく {lufs} LUFS です。sound.loudness を下げてください",
            )
        )
    if (peak := figures.get("true_peak_dbtp", true_peak)) > true_peak:
        found.append(
            Message(
                f"true peak is {peak} dBTP, over {true_peak:g}: raise sound.bitrate",
                f"トゥルーピークが {true_peak:g} を超えて {peak} dBTP です。sound.bitrate を上げてください",
            )
        )
    if (width := figures.get("range_lu", 0.0)) > RANGE:
        found.append(
            Message(
                f"loudness range is {width} LU, over {RANGE:g}: bring the music's level: nearer to speech",
                f"ラウドネスレンジが {RANGE:g} を超えて {width} LU です。音楽の level: を声に近づけてください",
            )
        )
    if (rest := figures.get("longest_silence_s", 0.0)) > SILENCE:
        found.append(
            Message(
                f"{rest} s of silence: is there a silent stretch in the music or in a voice's lines?",
                f"{rest} 秒の無音があります。音楽や声に音のないところがないか確かめてください",
            )
        )
    if (apart := figures.get("speech_over_music_min_db", APART)) < APART:
        found.append(
            Message(
                f"music comes up to {apart} dB under speech, nearer than {APART:g}: raise sound.speech_over_music",
                f"音楽が声から {apart} dB しか離れていません({APART:g} 以上が必要)。sound.speech_over_music を上げてください",
            )
        )
    return tuple(Note(slug="sound", text=text) for text in found)
