"""How utterances sit in the compiled vocoder's lanes; shared by its source and by what calls it.

The bank is one block of float32, in rows of `SLOTS`: a number of each utterance beside each other, which is one
register. First what the two filters keep for each stage, then for each tap of the second its states and coefficients.
"""

from __future__ import annotations

from typing import Final

STAGES: Final = 5
"""Of the Padé form."""
SLOTS: Final = 8
"""Utterances at a time: as many single floats as a 256-bit register holds."""

FEED1: Final = 0
"""Row of the first filter's inputs, one a stage."""
HOLD1: Final = FEED1 + STAGES
"""Row of the first filter's states."""
FEED2: Final = HOLD1 + STAGES
"""Row of the second filter's inputs."""
HOLD2: Final = FEED2 + STAGES
"""Row of the second filter's first states."""
FIRST: Final = HOLD2 + STAGES
"""Row of the first filter's coefficient; its step a sample follows."""
TAPS: Final = FIRST + 2
"""Row of the second filter's first tap."""
TAP: Final = STAGES + 2
"""Rows of a tap: a state each stage, the coefficient, its step a sample."""

BLOCK: Final = 8
"""Columns of a spectrum that are solved beside each other."""


def rows(order: int) -> int:
    """Rows of the bank for a spectrum of `order` coefficients."""
    return TAPS + max(0, order - 2) * TAP
