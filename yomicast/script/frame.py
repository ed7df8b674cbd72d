"""Opening and closing words, from templates: {show} {title} {author} {date}. An empty template says nothing."""

from __future__ import annotations

import re
import string

from yomicast.errors import ConfigError, nearest
from yomicast.model import Message
from yomicast.patterns import expression

FIELDS = ("show", "title", "author", "date")
DATE = expression(r"^\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")


def opening(template: str | None, *, show: str, title: str, author: str, date: str) -> str:
    """What is said before the title. By default the show greets."""
    if template is None:
        return f"{show}。今回の記事をお届けします。" if show else ""
    return _filled(template, "script.intro", show=show, title=title, author=author, date=date)


def byline(template: str | None, *, author: str, date: str) -> str:
    """What is said after the title by default: who wrote it, and when. The author's own opening says that itself."""
    if template is not None or not author.strip():
        return ""
    when = f"{spoken_date(date)}の記事です。" if spoken_date(date) else ""
    return f"文、{author.strip()}。{when}"


def closing(template: str | None, *, show: str, title: str, author: str, date: str) -> str:
    """What is said at the end, by default 以上で…を終わります, as narrators close."""
    if template is None:
        return f"以上で、{_quoted(title)}を終わります。" if title else ""
    return _filled(template, "script.outro", show=show, title=title, author=author, date=date)


def spoken_date(date: str) -> str:
    """An ISO or slashed date as 2026年3月20日; empty when it is neither."""
    match = DATE.match(date)
    return f"{match[1]}年{int(match[2])}月{int(match[3])}日" if match else ""


def _quoted(title: str) -> str:
    return f"「{title}」" if not re.search(r"[「」]", title) else f"『{title}』"


def _filled(template: str, where: str, **values: str) -> str:
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise ConfigError(
            Message(f"a brace is not closed: {error}", "波かっこが閉じていません"),
            where=where,
            hint=Message(
                "write {title}, or {{ for a brace", "{title} のように書くか、波かっこ自体は {{ と書いてください"
            ),
        ) from error
    for name in names:
        if name not in FIELDS:
            raise ConfigError(
                Message(f"there is no '{{{name}}}'", f"'{{{name}}}' というものはありません"),
                where=where,
                hint=nearest(name, FIELDS),
            )
    ready = {**values, "date": spoken_date(values["date"]) or values["date"]}
    return re.sub(r"[ \t]*\n\s*", "\n", template.format(**ready)).strip()
