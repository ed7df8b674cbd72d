"""Reading: a script's lines become words with pronunciation and accent. See docs/architecture.md for the door."""

from yomicast.reading.door import Explanation, explain, kana, prosody, read, review, words
from yomicast.reading.kept import Kept

__all__ = ["Explanation", "Kept", "explain", "kana", "prosody", "read", "review", "words"]
