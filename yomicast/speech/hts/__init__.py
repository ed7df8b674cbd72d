"""Our own HTS engine: full-context labels -> sound with exact times, many utterances at once.

Doors: `Synthesiser(voice).speak_many(utterances, controls)`, `word_times`, `load`. docs/hts.md shows the figures.
"""

from yomicast.speech.hts.lanes import compiled
from yomicast.speech.hts.synthesiser import Controls, Result, Synthesiser, Utterance
from yomicast.speech.hts.timing import Mora, Phone, moras, spread, word_times
from yomicast.speech.hts.voice import Voice, load

__all__ = [
    "Controls",
    "Mora",
    "Phone",
    "Result",
    "Synthesiser",
    "Utterance",
    "Voice",
    "compiled",
    "load",
    "moras",
    "spread",
    "word_times",
]
