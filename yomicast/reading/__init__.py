"""Reading: a script's lines become words with pronunciation and accent. See docs/architecture.md for the door."""

from yomicast.reading.door import kana, prosody, read, words

__all__ = ["kana", "prosody", "read", "words"]
