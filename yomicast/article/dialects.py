# ruff: noqa: SLF001 - the table at the end is the class's own
"""What Markdown dialects add to CommonMark, rewritten to HTML or taken out with a reason, line for line.

Sources: Hugo shortcodes, Jekyll/Liquid tags, Zenn and Qiita notations (`:::`, `@[card]`, `=480x`), VitePress and
Docusaurus containers, GitHub alerts, MkDocs admonitions, MyST fences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

from yomicast.article.breaks import ends_said
from yomicast.article.ledger import JAPANESE, URL, Ledger
from yomicast.patterns import expression

FENCE = expression(r"^(?:>[ ]?)*(?:[-*+] |\d{1,9}[.)] )?(`{3,}|~{3,})(.*)$")
SHORTCODE = expression(
    r"\{\{(?P<sign>[<%])\s*(?P<close>/?)\s*(?P<name>[\w./-]+)?(?P<rest>[^\n{}]{0,800}?)/?\s*[>%]\}\}"
)
LIQUID = expression(r"\{%[^{}%\n]{0,300}%\}|\{\{-?[\w.|'\"/ :-]{1,200}\}\}|\{:[^{}\n]{0,200}\}")
ARGUMENT = expression(r"(?:(?P<key>[\w-]+)\s*=\s*)?(?:\"(?P<quoted>[^\"]*)\"|`(?P<ticked>[^`]*)`|(?P<bare>[^\s\"`=]+))")
FIGURES = expression(r"^(?:.*(?:fig(?:ure)?|img|image|photo|picture|gallery).*)$", re.IGNORECASE)
CONTAINER = expression(r"^[ ]{0,3}(?P<colons>:{3,})[ \t]*(?:\{?(?P<name>[A-Za-z][\w-]*)\}?(?P<title>.*))?$")
SILENT_BOXES = frozenset({"code-group", "tabs", "tab", "cards", "card"})
GITHUB = expression(r"^(?P<lead>\s*(?:>\s?)+)\[!(?P<name>[A-Za-z]+)\][ \t]*(?P<title>.*)$")
MKDOCS = expression(r"^(?:!!!|\?\?\?\+?)\s+(?P<name>[\w-]+)(?:\s+\"(?P<title>[^\"]*)\")?\s*$")
SIZED = expression(r"(!\[[^\]\n]*\]\([^\s)]+)\s+=\d*x\d*(\s*(?:\"[^\"]*\")?\))")
EMBED = expression(r"^[ ]{0,3}@\[(?P<name>[\w-]+)\]\((?P<target>[^)\n]*)\)[ \t]*$")
BARE = expression(rf"^[ ]{{0,3}}<?(?P<url>{URL})>?[ \t]*$")
HEADING_ID = expression(r"^([ ]{0,3}#{1,6}[ \t].*?)[ \t]*(\{[#.:][^}\n]*\})[ \t]*#*[ \t]*$")
HATENA = expression(r"^[ ]{0,3}\[(?:asin|isbn|f:id|https?|tweet|youtube|niconico|gist|map)[:：][^\[\]\n]*\][ \t]*$")
"""Hatena's notation on a line of its own: a product, a picture, an embedded page."""
COMMAND = expression(r"^[ ]{0,3}\\[a-z]{3,20}\*?(?:\{[^{}\n]*\})?[ \t]*$")
"""A command to TeX on a line of its own: \\newpage."""
CONTENTS = expression(
    r"^[ ]{0,3}(?:\[\[?_?toc_?\]?\]|\[\[_TOC_\]\]|@\[toc\].*|<!--\s*toc\s*-->|\$\{toc\}|\{:toc\}|\*\s*TOC)[ \t]*$",
    re.IGNORECASE,
)
MODULE = expression(
    r"^(?:import\s.+\sfrom\s+['\"].+['\"];?|import\s+['\"].+['\"];?|export\s+(?:const|default|function)\b.*)$"
)
COMPONENT = expression(r"^[ ]{0,3}</?[A-Z][\w.]*(?:\s[^<>]*)?/?>[ \t]*$")
EMOJI = expression(r"(?<![\w:/]):(?=[a-z0-9_+-]*[a-z])[a-z0-9_+-]{2,40}:(?![\w/])")
PAREN_MATH = expression(r"\\\\?\((?P<inline>[^\n]{1,300}?)\\\\?\)")
GITLAB_MATH = expression(r"\$`([^`\n]+)`\$")
ATTRIBUTES = expression(r"(?<=[)\]*_`])\{[.#:][^{}\n]{1,80}\}")
MEDIA = expression(r"^[ ]{0,3}!\[\[(?P<target>[^\]\n]+)\]\][ \t]*$")
WIKI = expression(r"\[\[(?P<target>[^\]|\n]+)(?:\|(?P<shown>[^\]\n]+))?\]\]")
TICKS = expression(r"`+")
FURNISHED = expression(
    r"\{\{[<%]\s*(?P<name>(?:(?:link[-_]?)?(?:button|btn)|cta|subscri\w*|news-?letter|sign-?up|ads?|adsense|promo\w*|sponsor\w*|affiliate|amazon|banner|related|share|social|author|profile|bio)(?:[-_]\w+)?)\b[^\n{}]{0,400}[>%]\}\}"
    r"(?P<held>(?:(?!\{\{[<%]\s*/?\s*(?P=name)\b).){0,1200}?)\{\{[<%]\s*/\s*(?P=name)\s*[>%]\}\}",
    re.DOTALL,
)
"""What a site adds, between two shortcodes that say so: a button, a form, an advertisement."""
CODE_TAGS = expression(
    r"^[ ]*(?P<open>\{%-?\s*(?P<liquid>highlight|codeblock|code|prism|mermaid)\b(?P<for>[^%\n]*)%\}"
    r"|\{\{[<%]\s*(?P<hugo>highlight|code|prism|mermaid)\b(?P<of>[^\n{}]*?)[>%]\}\})[ ]*\n"
    r"(?P<code>.*?)\n[ ]*(?P<close>(?(liquid)\{%-?\s*end(?P=liquid)\s*-?%\}|\{\{[<%]\s*/\s*(?P=hugo)\s*[>%]\}\}))[ ]*$",
    re.DOTALL | re.MULTILINE,
)
FORMULA = expression(
    r"(?:\{\{[<%]\s*(?P<hugo>math|katex|mathjax|latex|tex|equation|formula|eq)\b[^\n{}]*?(?<!/)[>%]\}\}|\{%-?\s*(?P<liquid>math|katex|latex|equation)\b[^%\n]*%\})"
    r"(?P<tex>(?:(?!\{\{[<%]|\{%).){1,2000}?)(?(hugo)\{\{[<%]\s*/\s*(?P=hugo)\s*[>%]\}\}|\{%-?\s*end(?P=liquid)\s*-?%\})",
    re.DOTALL,
)
"""A formula between two shortcodes, with or without the dollars that mark it elsewhere."""
PAIRED_RUBY = expression(
    r"\{\{[<%]\s*ruby\s+(?:\w+\s*=\s*)?[\"`](?P<reading>[^\"`\n]{1,40})[\"`]\s*[>%]\}\}(?P<base>[^{}\n]{1,40})\{\{[<%]\s*/\s*ruby\s*[>%]\}\}"
)
MACRO = expression(r"\{\{\s*(?P<name>[A-Za-z][\w-]*)\s*\((?P<given>[^{}\n]{0,300})\)\s*\}\}")
"""A wiki's macro (MDN): a link to a term inside a sentence, a widget alone on its line."""
QUOTED = expression(r"\"([^\"]*)\"|'([^']*)'")
CLOSES = expression(r"\{\{[<%]\s*/\s*([\w-]+)")
NOTICES = expression(
    r"^(?:notice|alert|callout|admonition|hint|note|tip|warning|caution|info|important|attention|box|panel|message|memo|details|expand|collapse|spoiler)$"
)
QUOTES = expression(r"^(?:block|pull)?[-_]?quote$|^epigraph$")
CITES = ("cite", "attribution", "quote-source")
AUTHORS = ("author", "by", "who", "name", "attribution", "speaker", "person")
SOURCES = ("source", "cite", "title", "work", "from", "book")
HTML_BLOCK = expression(
    r"^ {0,3}(?:<[!?]|</?(?:address|article|aside|blockquote|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|"
    r"form|h[1-6]|header|hr|iframe|legend|li|main|menu|nav|ol|p|pre|script|section|style|summary|table|tbody|td|textarea|tfoot|"
    r"th|thead|tr|ul)(?:[\s/>]|$))",
    re.IGNORECASE,
)
"""Begins a stretch, up to the next blank line, in which stars are stars."""
BOLD = expression(r"(?<![*\\])(?P<stars>\*{2,3})(?=[^\s*])(?P<text>[^*\n]{1,400}?)(?<=[^\s*\\])(?P=stars)(?!\*)")
STRUCK = expression(r"(?<![~\\])~~(?=[^\s~])(?P<text>[^~\n]{1,400}?)(?<=[^\s~\\])~~(?!~)")
WITHIN = expression(r"^(?:[ ]{0,3}>)*[ ]*")
FORCED = "  "
"""Makes a line end a break."""
MARKED = expression(r"(?<![=!<>A-Za-z0-9])==(?=[^\s=])(?P<text>[^=\n]{1,120}?)(?<=[^\s=])==(?!=)")
LOWERED = expression(r"(?<=[A-Za-z)])~(?P<text>\d{1,3})~(?![~\w])|(?<=[A-Za-z])~(?P<inner>\d{1,3})~(?=[A-Z])")
RAISED = expression(r"(?<=[A-Za-z0-9)])\^(?P<text>[\d+\-−]{1,3})\^(?!\^)")
COMMENT = expression(r"%%.*?%%", re.DOTALL)
READING = expression(r"\{(?P<base>[^{}|｜<>\n]{1,40})[|｜](?P<reading>[ぁ-ゖァ-ヺー・|｜ 　]{1,80})\}")
CITED = expression(r"\[\^([^\]\s]{1,60})\](?!:)")
DEFINED = expression(r"^[ ]{0,3}\[\^(?P<label>[^\]\s]{1,60})\]:.*(?:\n(?:[ ]{4}|\t).*)*", re.MULTILINE)
DEEPEST = 10
"""Levels of quotes and lists; what is nested deeper is put on this level, since the parser would lose it."""
NESTED = expression(r"^(?:[ ]{40,}|(?:[ ]*>){11,})[ ]*")
BRACKETS = 1000
"""Opening brackets on one line above which they are taken literally: link parsing is quadratic in them."""
ZENN = expression(
    r"^(?::::\s*(?:message|details|note)\b|@\[(?:card|tweet|youtube|speakerdeck|figma|codepen)\])", re.MULTILINE
)


def rewrite(text: str, ledger: Ledger) -> tuple[str, list[int], bool]:
    """The text in CommonMark with HTML; for each of its lines the line it came from; whether line ends are breaks.

    Line ends are forced breaks in Zenn and Qiita.
    """
    text = _furnished(_blocks_of_comments(_formulas(_fences(text, ledger), ledger), ledger), ledger)
    text = _uncited_notes(text, ledger)
    rewriter = _Rewriter(ledger, frozenset(name.lower() for name in CLOSES.findall(text)))
    out: list[str] = []
    origin: list[int] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        made = rewriter.line(number, line).split("\n")
        if not rewriter.fence and ends_said(line, WITHIN.sub("", "".join(lines[number : number + 1]))):
            made[-1] += FORCED
        out += made
        origin += [number] * len(made)
    return "\n".join(out), origin, bool(ZENN.search(text))


def _fences(text: str, ledger: Ledger) -> str:
    """Code between the tags of Jekyll and Hugo as fenced code, line for line."""

    def fenced(match: re.Match[str]) -> str:
        number = text.count("\n", 0, match.start()) + 1
        for tag in (match["open"], match["close"]):
            ledger.drop(tag, "shortcode", number)
        words = re.findall(r"[\w+#-]+", match["for"] or match["of"] or "")
        fence = "~" * (3 + max(map(len, re.findall(r"~+", match["code"])), default=0))
        return f"{fence}{words[0] if words else ''}\n{match['code']}\n{fence}"

    return CODE_TAGS.sub(fenced, text)


def _formulas(text: str, ledger: Ledger) -> str:
    """Formulas between shortcodes as Markdown writes them, line for line."""

    def marked(match: re.Match[str]) -> str:
        tex = match["tex"]
        start, end = match.start("tex") - match.start(), match.end("tex") - match.start()
        for tag in (match[0][:start], match[0][end:]):
            ledger.drop(tag, "shortcode", text.count("\n", 0, match.start()) + 1)
        if "$" in tex or "\\(" in tex or "\\[" in tex:
            return tex
        alone = (
            not text[: match.start()].rpartition("\n")[2].strip() and not text[match.end() :].partition("\n")[0].strip()
        )
        return f"$${tex}$$" if alone else f"${tex.strip()}$"

    return FORMULA.sub(marked, text)


def _furnished(text: str, ledger: Ledger) -> str:
    """The text without what shortcodes hold that are the site's, line for line."""

    def gone(match: re.Match[str]) -> str:
        ledger.drop(match[0], "shortcode", text.count("\n", 0, match.start()) + 1)
        return "\n" * match[0].count("\n")

    return FURNISHED.sub(gone, text)


def _uncited_notes(text: str, ledger: Ledger) -> str:
    """Footnotes that the text never cites are never shown; they are written down as dropped."""
    cited = set(CITED.findall(text))

    def gone(match: re.Match[str]) -> str:
        if match["label"] in cited:
            return match[0]
        ledger.drop(match[0], "uncited-footnote", text.count("\n", 0, match.start()) + 1)
        return "\n" * match[0].count("\n")

    return DEFINED.sub(gone, text)


def _blocks_of_comments(text: str, ledger: Ledger) -> str:
    def gone(match: re.Match[str]) -> str:
        ledger.drop(match[0], "html-comment", text.count("\n", 0, match.start()) + 1)
        return "\n" * match[0].count("\n")

    fenced = [(m.start(), m.end()) for m in re.finditer(r"^(`{3,}|~{3,}).*?^\1", text, re.DOTALL | re.MULTILINE)]
    if "<!--" not in text:
        return text
    return re.sub(
        r"<!--.*?-->",
        lambda match: match[0] if any(a <= match.start() < b for a, b in fenced) else gone(match),
        text,
        flags=re.DOTALL,
    )


class _Rewriter:
    """Line by line, with what is open: a code fence, containers, an indented admonition."""

    def __init__(self, ledger: Ledger, closed: frozenset[str] = frozenset()) -> None:
        self.ledger = ledger
        self.closed = closed
        self.fence = ""
        self.boxes: list[tuple[int, str]] = []
        self.indented = False
        self.raw = False

    def line(self, number: int, line: str) -> str:
        """One line rewritten."""
        if self._fenced(line):
            return line
        self.raw = bool(line.strip()) and (self.raw or HTML_BLOCK.match(line) is not None)
        if self.indented and line.strip():
            if line.startswith(("    ", "\t")):
                line = line[1:] if line.startswith("\t") else line[4:]
            else:
                self.indented = False
                return "</div>\n\n" + self._rewritten(number, line)
        return self._rewritten(number, line)

    def _rewritten(self, number: int, line: str) -> str:
        whole = self._whole(number, line)
        return self._body(number, line) if whole is None else whole

    def _fenced(self, line: str) -> bool:
        match = FENCE.match(line.lstrip())
        if self.fence:
            if match and match[1].startswith(self.fence) and not match[2].strip():
                self.fence = ""
            return True
        if match and not ("`" in match[2] and match[1][0] == "`"):
            if re.match(
                r"\{(?:note|tip|warning|important|admonition|caution|hint|seealso|danger|attention)\}", match[2].strip()
            ):
                return False
            self.fence = match[1]
            return True
        return False

    def _whole(self, number: int, line: str) -> str | None:
        """Lines that are of the dialect as a whole; None for all others."""
        for pattern, handler in WHOLE:
            if match := pattern.match(line):
                return handler(self, match, number)
        return None

    def _container(self, match: re.Match[str], number: int) -> str:
        colons = len(match["colons"])
        if not match["name"]:
            if not self.boxes:
                return match[0]
            self.ledger.drop(match[0], "markup", number)
            _, tag = self.boxes.pop()
            return f"\n</{tag}>\n" if tag else ""
        name, title = match["name"].lower(), (match["title"] or "").strip(" []{}　")
        title = re.sub(r"\{[^}]*\}", "", title).strip()
        self.ledger.drop(match[0], "markup", number)
        if name in SILENT_BOXES:
            self.boxes.append((colons, ""))
            return ""
        if name == "details":
            self.boxes.append((colons, "details"))
            return f'<details data-line="{number}"><summary>{escape(title)}</summary>\n'
        self.boxes.append((colons, "div"))
        kind = f"message-{title}" if title in ("alert", "info", "warn") else name
        shown = "" if kind != name or not title else f"<p>{escape(title)}</p>"
        return f'\n<div class="admonition {escape(kind)}" data-line="{number}">{shown}\n'

    def _github(self, match: re.Match[str], number: int) -> str:
        self.ledger.drop(f"[!{match['name']}]", "box-kind", number)
        return f"{match['lead']}{match['title']}"

    def _mkdocs(self, match: re.Match[str], number: int) -> str:
        self.indented = True
        title = match["title"] or ""
        self.ledger.drop(match[0], "box-kind", number)
        shown = f"<p>{escape(title)}</p>" if title else ""
        return f'<div class="admonition {escape(match["name"])}" data-line="{number}">{shown}\n'

    def _bare(self, match: re.Match[str], number: int) -> str:
        self.ledger.drop(match[0], "url", number)
        self.ledger.link(match["url"], match["url"])
        return ""

    # --- inside a line

    def _body(self, number: int, line: str) -> str:
        spans: list[str] = []

        def keep(span: str) -> str:
            spans.append(span)
            return f"\x02{len(spans) - 1}\x03"

        def drop(reason: str, instead: str = "") -> Callable[[re.Match[str]], str]:
            def gone(match: re.Match[str]) -> str:
                self.ledger.drop(match[0], reason, number)
                return instead

            return gone

        line = line.replace("\x02", "").replace("\x03", "")
        if NESTED.match(line):
            self.ledger.drop(">" * max(0, line.count(">") - DEEPEST), "markup", number)
            line = NESTED.sub(_shallower, line)
        if line.count("[") > BRACKETS:
            line = line.replace("[", "\\[")
        line = GITLAB_MATH.sub(r"$\1$", line)
        line = _spans(line, keep)
        line = READING.sub(_ruby, line)
        line = PAIRED_RUBY.sub(lambda found: f"<ruby>{found['base']}<rt>{found['reading']}</rt></ruby>", line)
        line = MACRO.sub(lambda match: self._macro(match, number), line)
        line = SHORTCODE.sub(lambda match: self._shortcode(match, number), line)
        line = HEADING_ID.sub(lambda match: self._heading_id(match, number), line)
        line = LIQUID.sub(drop("shortcode"), line)
        line = SIZED.sub(r"\1\2", line)
        line = EMOJI.sub(drop("emoji-code"), line)
        line = ATTRIBUTES.sub(drop("attributes"), line)
        line = line if self.raw else BOLD.sub(_bold, line)
        line = STRUCK.sub(lambda match: f"<s>{match['text']}</s>", line)
        line = MARKED.sub(lambda match: self._unmarked(match, number), line)
        line = LOWERED.sub(lambda match: f"<sub>{match['text'] or match['inner']}</sub>", line)
        line = RAISED.sub(lambda match: f"<sup>{match['text']}</sup>", line)
        line = PAREN_MATH.sub(lambda match: f"${match['inline']}$", line)
        line = WIKI.sub(lambda match: match["shown"] or match["target"], line)
        return re.sub("\x02(\\d+)\x03", lambda match: spans[int(match[1])], line)

    def _unmarked(self, match: re.Match[str], number: int) -> str:
        self.ledger.drop("====", "markup", number)
        return f"<mark>{match['text']}</mark>"

    def _heading_id(self, match: re.Match[str], number: int) -> str:
        self.ledger.drop(match[2], "heading-id", number)
        return match[1]

    def _macro(self, match: re.Match[str], number: int) -> str:
        given = [found[0] or found[1] for found in QUOTED.findall(match["given"])]
        shown = "" if match.string.strip() == match[0] else next((word for word in reversed(given[:2]) if word), "")
        self.ledger.drop(match[0].replace(shown, "", 1) if shown else match[0], "shortcode", number)
        return escape(shown)

    def _shortcode(self, match: re.Match[str], number: int) -> str:
        name = (match["name"] or "").lower()
        given = {
            (item["key"] or str(n)): item["quoted"] or item["ticked"] or item["bare"] or ""
            for n, item in enumerate(ARGUMENT.finditer(match["rest"]))
        }
        if name == "ruby" and not match["close"]:
            base, reading = given.get("rb") or given.get("0", ""), given.get("rt") or given.get("1", "")
            return f"<ruby>{escape(base)}<rt>{escape(reading)}</rt></ruby>"
        if name in ("ref", "relref"):
            return "#"
        if name in self.closed and name in CITES:
            self.ledger.drop(match[0], "shortcode", number)
            return "</cite>" if match["close"] else "<cite>"
        if (
            not match["close"]
            and (text := given.get("text") or given.get("label"))
            and match.string.strip() != match[0]
        ):
            self.ledger.drop(match[0].replace(text, "", 1), "shortcode", number)
            return escape(text)  # a term with its explanation, a link: the words in the sentence
        self.ledger.drop(match[0], "shortcode", number)
        if name in self.closed and NOTICES.match(name) and match.string.strip() == match[0]:
            return _notice(name, given, closing=bool(match["close"]), number=number)
        if name in self.closed and QUOTES.match(name) and match.string.strip() == match[0]:
            return _set_off(given, closing=bool(match["close"]), number=number)
        if FIGURES.match(name) and not match["close"]:
            caption = given.get("caption") or given.get("title") or ""
            shown = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
            return f'<figure data-line="{number}"><img data-figure="" src="{escape(given.get("src", ""))}" alt="{escape(given.get("alt", ""))}">{shown}</figure>'
        return ""


def _bold(match: re.Match[str]) -> str:
    """Bold as elements: CommonMark leaves the stars of **「…」**です standing, since a sign and a letter meet there."""
    inner = f"<strong>{match['text']}</strong>"
    return f"<em>{inner}</em>" if len(match["stars"]) == 3 else inner


def _notice(name: str, given: Mapping[str, str], *, closing: bool, number: int) -> str:
    """A box between two shortcodes; its title is a paragraph."""
    folded = name in ("details", "expand", "collapse", "spoiler")
    tag = "details" if folded else "div"
    if closing:
        return f"\n\n</{tag}>\n"
    placed = [value for key, value in given.items() if key.isdigit() and JAPANESE.search(value)]
    title = escape(given.get("title") or given.get("summary") or (placed[0] if placed else ""))
    if folded:
        return f'<details data-line="{number}"><summary>{title}</summary>\n\n'
    kind = next((value for value in given.values() if value.isalpha() and value.isascii()), name)
    shown = f'<p data-line="{number}">{title}</p>' if title else ""
    return f'<div class="admonition {escape(kind)}" data-line="{number}">{shown}\n\n'


def _set_off(given: Mapping[str, str], *, closing: bool, number: int) -> str:
    """A quotation between two shortcodes; who said it and where are its arguments."""
    if closing:
        return "\n\n</blockquote>\n"
    named = (next((given[key] for key in keys if given.get(key)), "") for keys in (AUTHORS, SOURCES))
    cite = " ".join(filter(None, named)) or (given.get("0", "") if JAPANESE.search(given.get("0", "")) else "")
    shown = f"<cite>{escape(cite)}</cite>" if cite else ""
    return f'<blockquote data-line="{number}">{shown}\n\n'


def _ruby(match: re.Match[str]) -> str:
    """A reading in braces as `<ruby>`, because its bar would part the cells of a table."""
    reading = re.sub(r"[|｜]", "", match["reading"])
    return f"<ruby>{match['base']}<rt>{reading}</rt></ruby>"


def _shallower(match: re.Match[str]) -> str:
    return "> " * DEEPEST if ">" in match[0] else " " * (4 * DEEPEST)


def _spans(line: str, keep: Callable[[str], str]) -> str:
    """The line with each code span replaced by what `keep` makes of it; one pass, as CommonMark pairs backticks."""
    ticks = [(match.start(), match.end()) for match in TICKS.finditer(line)]
    later: dict[int, list[int]] = {}
    for n in range(len(ticks) - 1, -1, -1):
        later.setdefault(ticks[n][1] - ticks[n][0], []).append(n)
    out: list[str] = []
    at = n = 0
    while n < len(ticks):
        start, end = ticks[n]
        waiting = later[end - start]
        while waiting and waiting[-1] <= n:
            waiting.pop()
        if waiting:
            out += (line[at:start], keep(line[start : ticks[waiting[-1]][1]]))
            at, n = ticks[waiting[-1]][1], waiting[-1]
        n += 1
    return "".join((*out, line[at:]))


def _gone(reason: str) -> Callable[[_Rewriter, re.Match[str], int], str]:
    def handler(rewriter: _Rewriter, match: re.Match[str], number: int) -> str:
        rewriter.ledger.drop(match[0], reason, number)
        return ""

    return handler


WHOLE: tuple[tuple[re.Pattern[str], Callable[[_Rewriter, re.Match[str], int], str]], ...] = (
    (CONTAINER, _Rewriter._container),
    (GITHUB, _Rewriter._github),
    (MKDOCS, _Rewriter._mkdocs),
    (CONTENTS, _gone("toc")),
    (EMBED, _gone("embed")),
    (HATENA, _gone("embed")),
    (COMMAND, _gone("command")),
    (MEDIA, _gone("embed")),
    (BARE, _Rewriter._bare),
    (MODULE, _gone("module")),
    (COMPONENT, _gone("component")),
)
