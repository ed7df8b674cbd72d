"""How utterances sit in the compiled vocoder's lanes; shared by its source and by what calls it."""

from __future__ import annotations

from typing import Final

STAGES: Final = 5
"""Of the Padé form; each is a lane of its own."""
SLOTS: Final = 6
"""Utterances at a time."""
WIDTH: Final = 32
"""Lanes, a multiple of what the widest registers hold; STAGES × SLOTS of them work."""
UNROLLED: Final = 11
"""Taps done in one pass over the lanes; a voice's taps are padded to a multiple. LLVM unrolls them wholly."""
