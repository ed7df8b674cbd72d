"""What an edit changed for people who have heard the episode: one short line for the show notes, from the words alone.

Pure. Two readings of a word, a sentence parted elsewhere, a comma: nobody heard another text, so nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from yomicast.patterns import expression
from yomicast.shownotes import clean

MOST = 3
"""Changes that are told one by one; more are counted."""
CONTEXT, WHOLE = 12, 36
"""Characters around a change, and of a sentence that is shown whole."""
REWRITTEN = 0.4
"""Share of unchanged sentences below which the text counts as rewritten."""
_UNHEARD = expression(r"[\s、。，「」『』]")


def correction(before: Sequence[str], after: Sequence[str]) -> str:
    """What changed from the sentences `before` to the sentences `after`; empty when no word did."""
    old, new = ([clean(text) for text in texts] for texts in (before, after))
    matcher = SequenceMatcher(None, [_heard(text) for text in old], [_heard(text) for text in new], autojunk=False)
    changes = [
        change
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
        for change in _changes(old[a:b], new[c:d])
    ]
    if len(changes) > MOST and matcher.ratio() < REWRITTEN:
        return "本文を全体に改めました。"
    told = changes[:MOST]
    if len(changes) > MOST:
        told.append(f"ほか{len(changes) - MOST}か所を改めました")
    return "".join(f"{change}。" for change in told)


def _heard(text: str) -> str:
    return _UNHEARD.sub("", text)


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """A stretch of sentences in two versions, told sentence by sentence where they pair."""
    if _heard("".join(old)) == _heard("".join(new)):
        return
    if len(old) == len(new):
        yield from (_replaced(a, b) for a, b in zip(old, new, strict=True) if _heard(a) != _heard(b))
    elif not old:
        yield f"「{_short(''.join(new))}」を加えました"
    elif not new:
        yield f"「{_short(''.join(old))}」を削りました"
    else:
        yield _replaced("".join(old), "".join(new))


def _replaced(old: str, new: str) -> str:
    """Both versions about the place where they part."""
    shared = min(len(old), len(new))
    first = next((n for n in range(shared) if old[n] != new[n]), shared)
    last = next((n for n in range(shared - first) if old[-1 - n] != new[-1 - n]), shared - first)
    return f"「{_around(old, first, last)}」を「{_around(new, first, last)}」に改めました"


def _around(text: str, first: int, last: int) -> str:
    """`text` whole when short, else its middle between the `first` and `last` characters that both versions share."""
    if len(text) <= WHOLE:
        return _quoted(text)
    start, stop = max(0, first - CONTEXT), min(len(text), len(text) - last + CONTEXT)
    middle = _short(text[start:stop])
    return ("…" if start else "") + middle + ("…" if stop < len(text) and not middle.endswith("…") else "")


def _short(text: str) -> str:
    return _quoted(text if len(text) <= WHOLE else text[: WHOLE - 1] + "…")


def _quoted(text: str) -> str:
    """Inside 「」, quotation marks are 『』."""
    return text.translate(str.maketrans("「」", "『』"))
