"""Three ways to put an episode on a blog, from richest to plainest, and which blog takes which."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from yomicast.model import Episode, Message
from yomicast.settings import ShowSettings
from yomicast.site.pages import EMBED, PAGE, PLAYER, main_audio

NOTES: tuple[tuple[str, Message], ...] = (
    ("WordPress", Message("'Custom HTML' block: component or iframe; without rights to scripts: plain audio.",
                          "「カスタム HTML」ブロックに、部品か iframe を。スクリプトが許されない場合は audio を。")),
    ("はてなブログ", Message("HTML or Markdown editor: iframe or plain audio; component through the footer's HTML.",
                     "HTML/Markdown 編集に iframe か audio を。部品はデザイン設定のフッタ HTML で読み込めます。")),
    ("note", Message("takes no HTML: paste the link of the episode page.", "HTML は使えません。エピソードページのリンクを貼ってください。")),
    ("Zenn", Message("takes no HTML: paste the link of the episode page on a line of its own.",
                     "HTML は使えません。エピソードページのリンクを単独の行に書いてください。")),
    ("Hugo", Message("a shortcode with the component, or raw HTML with `markup.goldmark.renderer.unsafe = true`.",
                     "部品をショートコードにするか、`markup.goldmark.renderer.unsafe = true` で HTML を書きます。")),
)  # fmt: skip


def snippets(show: ShowSettings, episode: Episode, *, text: str = "article") -> dict[str, str]:
    """HTML by tier: `component` (follows the blog's own paragraphs, found by CSS selector `text`), `iframe`, `audio`."""
    base = show.audio_base.rstrip("/") + "/"
    folder = f"{base}{quote(episode.slug)}/"
    audio, page = escape(base + quote(main_audio(episode).path)), escape(folder + PAGE)
    title = escape(episode.title)
    seconds = round(episode.seconds)
    plain = f'<audio controls preload="none" src="{audio}" title="{title}"></audio>'
    return {
        "component": (
            f'<script type="module" src="{escape(base + PLAYER)}"></script>\n'
            f'<yomi-player cues="{escape(folder)}{escape(quote(episode.slug))}.player.json" for="{escape(text)}" label="{title}" '
            f'seconds="{seconds}">{plain}</yomi-player>'
        ),
        "iframe": (
            f'<iframe src="{escape(folder + EMBED)}" title="{title}" width="100%" height="230" loading="lazy" '
            'style="border:0" allow="autoplay"></iframe>'
        ),
        "audio": f'{plain}\n<p><a href="{page}">{title}</a></p>',
    }
