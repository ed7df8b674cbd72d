"""What voices ask of who publishes: checked before a sound is made, named afterwards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from yomicast.errors import LicenceError
from yomicast.model import Message, Voice

TOPICS = {
    "政治": "politics", "ニュース": "news", "宗教": "religion & spirituality", "宗教・スピリチュアル": "religion & spirituality",
    "religion": "religion & spirituality", "ビジネス": "business", "企業": "business", "行政": "government", "成人向け": "explicit",
    "アダルト": "explicit", "r18": "explicit", "r-18": "explicit", "adult": "explicit", "商用": "commercial",
    "医療": "medicine", "教育": "education", "スポーツ": "sports", "投資": "investing",
}  # fmt: skip
"""What authors and terms call a topic, as the feed's categories (Apple's list) call it."""


def topic(name: str) -> str:
    """The feed's word for a topic, lower case."""
    plain = name.strip().lower()
    return TOPICS.get(plain, plain)


def licence_check(
    voices: Mapping[str, Voice], categories: Iterable[str], explicit: bool, *, commercial: bool = False
) -> None:
    """Stop before rendering when a voice may not be used for this. There is never another voice in its place.

    Args:
        voices: by role; best only those that will be heard (`used`).
        categories: the episode's, `News` or `News/Politics`.
        explicit: the episode is for adults.
        commercial: the show earns money.

    Raises:
        LicenceError: with the way out.
    """
    asked = {topic(part) for category in categories for part in (category, *category.split("/"), *category.split(">"))}
    asked |= {"explicit"} if explicit else set()
    asked |= {"commercial"} if commercial else set()
    for role, voice in voices.items():
        _consented(role, voice)
        barred = asked & {topic(name) for name in voice.licence.forbids}
        free_only = not voice.licence.commercial or getattr(voice.settings, "noncommercial", False)
        if commercial and free_only:
            barred.add("commercial")
        if barred:
            raise _barred(role, voice, min(barred))


def _consented(role: str, voice: Voice) -> None:
    if not getattr(voice.settings, "cloned", False) or len(voice.licence.consent.strip()) >= 4:
        return
    raise LicenceError(
        Message(
            f"the voice '{voice.name}' is cloned from a person, and no consent is written down",
            f"声 '{voice.name}' は人の声の複製ですが、本人の同意が書かれていません",
        ),
        where=f"cast.{role}",
        hint=Message(
            f'in voices/{voice.name}.yaml write licence: {{consent: "whose voice, agreed when"}}',
            f"voices/{voice.name}.yaml に licence: {{consent: 「誰の声か、いつ同意を得たか」}} を書いてください",
        ),
    )


def _barred(role: str, voice: Voice, what: str) -> LicenceError:
    name, url = voice.licence.name, voice.licence.url
    terms = " ".join(part for part in (name, url) if part)
    return LicenceError(
        Message(
            f"the voice '{voice.name}' may not be used for '{what}'" + (f" ({terms})" if terms else ""),
            f"声 '{voice.name}' は '{what}' には使えません" + (f"({terms})" if terms else ""),
        ),
        where=f"cast.{role}",
        hint=Message(
            f"choose another voice: cast: {{{role}: …}} in the episode's settings, or correct category:",
            f"回の設定の cast: {{{role}: …}} で別の声を選ぶか、category: を直してください",
        ),
    )
