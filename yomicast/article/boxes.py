"""What an element is for, told by its class, id, role and tag: the names that sites and their themes share.

Names are read word by word (`entry-share_buttons` is entry, share, buttons), so that a rule needs no list of themes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from yomicast.patterns import expression

Names: TypeAlias = str

WORDS = expression(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[ぁ-んァ-ヶー一-鿿]+")

RULES: tuple[tuple[str, str], ...] = (
    (
        "speaker-label",
        r"(?:speech|fukidashi|hukidashi|balloon|chat|talk|kaiwa|voice|say|word) ?(?:person|name|icon|face|avatar|chara\w*|thumb|img|image)|(?:icon|person|chara|face) ?name|face ?icon",
    ),
    (
        "hidden-label",
        r"tooltip ?(?:text|content|body)|tooltiptext|sr only|screen reader(?: text| only)?|visually hidden|visuallyhidden|assistive text|a11y hidden",
    ),
    ("cookie", r"cookies?|gdpr|ccpa|onetrust|consent|cookieconsent|cmp"),
    (
        "ad",
        (
            r"ads?|adsense|adsbygoogle|advert\w*|advertisement|adbox|adarea|adslot|adspace|adunit|adwrap|dfp|gpt|sponsor\w*|promo|promotion|"
            r"native ad|outbrain|taboola|popin|logly|koukoku|google auto placed|\w*bnr|banner|banners|bnr|pr (?:box|area|block|text|label)|infeed|afi|affiliate|inarticle ad"
        ),
    ),
    (
        "product",
        (
            r"kaerebalink|pick ?creative\w*|pick ?layout\w*|easy ?link\w*|moshimo\w*|yomereba|tomereba|amazlet|rinker|pochipp|appreach|cstmreba|booklink|item box|book ?(?:box|card|info|item|link|data)|product(?: box| card| item)?|"
            r"shop(?:ping)? (?:card|box|link)|(?:shop|store|spot|tenpo) ?(?:info|data|information|detail)|amazon|rakuten|asin|mybest|goods (?:box|item|card)|item ?(?:box|card|link|info)s?|price\w*|itemlink"
        ),
    ),
    (
        "link-card",
        (
            r"blog ?cards?|link ?cards?|card ?(?:box|link)s?|embed ?card|(?:internal|external) (?:link|blog) ?card|bookmark card|url card|hatena (?:embed|citation)|embed block|ogp|"
            r"note ?embed|oembed|iframely|embedly|wp embed\w*|is type wp embed|page ?card|article ?card|entry ?card|post ?card|related ?card|external article|"
            r"linkto|link ?to table|embeds?|link ?preview|rich ?link|link ?box|embedded (?:service|content)"
        ),
    ),
    (
        "toc",
        r"toc|tocs|table of contents|tableofcontents|mokuji|contents? (?:table|list|index)|ez toc|rtoc|mtoc|o index|indexlist|もくじ|目次",
    ),
    (
        "share",
        (
            r"share\w*|sharing|sns|socials?|sharedaddy|sharethis|addtoany|addthis|hatebu|hatena (?:bookmark|star|share)|bookmark (?:button|btn|count)|"
            r"tweet button|twitter share|twitter tweet button|fb like|fb share|line it|like (?:button|btn|count|area)|likes?|clap|buzz|feedly|pocket|"
            r"follow\w*|star container|hatena star|reaction|good btn|iine|snsbtns?|snslist|spread|clip|wpulike\w*|wp ulike|count box"
        ),
    ),
    (
        "related",
        (
            r"related\w*|relation|relations|(?:inline|article|entry|post|body|in|news) ?rel|rel ?(?:box|list|links?|area|articles?|news|posts?|entry|items?)|recommend\w*|osusume|yarpp|jp relatedposts|similar|(?:popular|recent|latest|other|more|next|prev|previous|"
            r"pickup|series|same) (?:posts?|articles?|entry|entries|news|stories|list|contents?)|ranking|rankings|read (?:more|also|next)|also read|see also|"
            r"kanren|ninki\w*|trends?|trending|trend ?words?|newposts?|pickup|archives?|whats new|backnumber|other ?news|moreread"
        ),
    ),
    (
        "author-box",
        (
            r"authors? (?:box|profile|info|bio|card|area|description|desc|about|introduction|detail|block|name|data)|author|authorbox|about (?:the )?(?:author|me|writer)|post author|"
            r"writer(?: (?:box|profile|info|area|card))?|profile(?: (?:box|area|card|name|text|module))?|supervisor\w*|creator(?: (?:box|profile|info))?|vcard|bio|biography|"
            r"wrote|editor(?: (?:box|profile))|prof|hatena module profile|user (?:info|profile|card)|kansyu|kanshu"
        ),
    ),
    (
        "comments",
        r"comments?|commentlist|comment (?:area|box|form|list|respond|wrap\w*)|respond|disqus|trackbacks?|pings?|replies|fb comments|discussion|impression",
    ),
    (
        "call",
        (
            r"cta|subscribe\w*|subscription|newsletter|mail ?magazine|mailmaga|merumaga|signup|sign up|register|registration|app (?:banner|download|install|link)|"
            r"line (?:at|friend)|conversion|cv (?:area|box|btn|button)|download (?:app|bnr)|support(?: (?:button|area|me|appeal))?|appeal|donate\w*|donation|magazine (?:box|card|add\w*|list)|mail (?:box|form)|mailpoet|mc4wp\w*|mailchimp\w*|smart ?(?:app ?)?banner|app ?(?:promo|promotion|guide|link)|chat ?bots?\w*|chat ?(?:launcher|widget|window)|"
            r"purchase|membership|campaign|opt in|optin|request (?:btn|button)|btn wrap|entry btn"
        ),
    ),
    (
        "login",
        r"login|log in|signin|sign in|paywall|pay wall|member (?:only|guide|login)|registwall|premium (?:guide|info)|regwall|piano|continue reading",
    ),
    (
        "breadcrumb",
        r"breadcrumbs?|bread crumbs?|crumbs?|topic ?path|pankuzu|pan kuzu|bread|navi path|location (?:path|navi)|topicspath|now ?place|loc navi",
    ),
    (
        "pager",
        (
            r"pagers?|(?:next|prev) ?(?:box|area|block|read|story|link|item|wrap\w*|up)|read ?next|pagination|paginate|page ?nav\w*|page (?:links?|numbers?)|prev ?next|next ?prev|post nav\w*|nav (?:links?|single|below|above|previous|next)|"
            r"previous|pnavi|pn ?links?|prevnext|single nav|article nav|adjacent|(?:page|back|go|to) ?(?:to )?top|backtotop|gotop|totop|pagetop|return top|ptop"
        ),
    ),
    (
        "survey",
        r"survey|questionnaire|enquete|anketo|feedback|helpful|rating|ratings|post ratings|polls?|wp polls|vote|hyouka|evaluat\w*|voice box|opinion",
    ),
    (
        "reader-notice",
        r"adobe(?: reader)?|acrobat|get ?(?:reader|acrobat|adobe)|pdf ?(?:reader|plugin|link notice|viewer|download)|plug ?in|reader (?:box|download|banner)|getreader|readerdl|adobelink|plugin notice",
    ),
    (
        "nav",
        (
            r"nav|navi|navigation|navbar|gnav\w*|gnavi|lnav\w*|globalnav\w*|global (?:nav\w*|menu)|local ?(?:nav\w*|menu)|side ?(?:nav\w*|menu)|menus?|menubar|hamburger|drawer|"
            r"skip(?: link| nav| to)?\w*|sitemap|sub ?nav\w*|subnavi|tabs?(?! ?(?:box|caption|content|contents|panel|pane|body|item|wrap\w*|container|inner|style))|tab (?:list|menu|nav)|lang(?:uage)? ?(?:switch\w*|select\w*|menu|nav|list)|translate|multi ?lang\w*|foreign|megamenu|"
            r"(?:slider|slide|swiper|slick|carousel) ?(?:count\w*|nav\w*|pag\w*|dots?|arrows?|thumbs?|button\w*)|series ?nav\w*|nav ?box\w*|page (?:menu|index)|headernavi|fnav\w*|index nav|anchor ?(?:list|link|nav|menu)s?"
        ),
    ),
    ("button", r"buttons?|\w*btns?|wp block buttons?|(?:link|more|detail|entry|apply|official) ?(?:btn|button)"),
    ("search", r"search|searchform|search ?(?:form|box|area|window)|site ?search|gsc|kensaku|gcse"),
    (
        "sidebar",
        (
            r"sidebar\w*|side ?bar|side ?(?:area|column|content|contents|block|wrap\w*)|sidebox|side|aside|secondary|widgets?|widget ?area|complementary|sub ?column|subcolumn|"
            r"right ?(?:column|col|side|bar|area|menu)|left ?(?:column|col|side|bar|area|menu)|hatena module|module side|rail|lside|rside"
        ),
    ),
    (
        "photo-credit",
        r"(?:photo\w*|images?|img|pict?|pictures?|fig(?:ure)?|caption|cap|thumb|media) ?(?:\w+ )?credits?|credits?(?! ?(?:card|footer))(?: ?(?:box|text|line|area|list|block|wrap\w*|name|photo|image))?|photographer|photo ?by",
    ),
    (
        "footer",
        r"footer\w*|site ?(?:footer|info)|foot|global ?footer|copyrights?|colophon|bibliographical ?information|notation ?notes|contentinfo|page ?footer|credit ?footer|cc ?licen[sc]e|licen[sc]e(?: ?(?:box|text|info))?|fot|ftr",
    ),
    (
        "header",
        r"site ?(?:header|title|branding|description|logo|name)|masthead|global ?header|page ?header(?: (?:bar|top))|header ?(?:bar|top|area|inner|logo|menu|nav\w*|utility|wrap)|logo|branding|banner role|blog ?title|topbar|top ?bar|utility|font ?size|text ?size|mojisize|moji ?size|textsize|changefont|voice ?(?:read|nav)\w*|yomiage|furigana|header sub|ticker",
    ),
    (
        "glossary",
        (
            r"glossar(?:y|ies)|key ?words? ?(?:box|memo|note|block|column|desc\w*)|yougo\w*|yogo ?(?:box|kaisetsu|memo|note)|terms? ?(?:box|note|memo|desc\w*)|(?:word|kotoba) ?(?:box|memo|note|file|desc\w*)|"
            r"(?:company|corp(?:orate)?|kaisya|kaisha) ?(?:box|data|profile|info|memo|note|outline)"
        ),
    ),
    (
        "byline",
        (
            r"by ?line|(?:post|entry|article|page|news|meta|content|release|blog) ?(?:meta|date|dates|time|info|data|category|categories|tags?|status|id|no|author|credit)|meta|metas|metadata|"
            r"posted ?(?:on|by|in)|published|publish ?date|pub ?date|update(?:d|s)?|update ?(?:date|day|time)|modified|last ?(?:update\w*|modified)|date|dates|datetime|post ?date|time ?stamp|timestamp|"
            r"tags?|tag ?(?:list|links|cloud|box|area|s)|tagcloud|categor(?:y|ies)|cat ?(?:links?|list|name|label)|reading ?time|readtime|views?|page ?views?|post views\w*|pv|posted|submitted|(?:post|entry) ?themes?|koushinbi|kousinbi|category label|"
            r"entry ?(?:footer|utility)|post ?footer|article ?footer|keywords?|topics? ?(?:list|tags?)|label list|hashtags?|dateline|day|id ?number|page ?id|pageid"
        ),
    ),
    (
        "print",
        r"speechify\w*|read ?speaker\w*|audio ?(?:player|box|area)\w*|(?:image|photo|material|file|release image|press) downloads?|print(?:er)?|print ?(?:btn|button|link|page|only)|insatsu|page ?tools?|tools?|toolbar|tool ?box|toolbox|qr ?code|qrcode|qr",
    ),
    (
        "popup",
        r"modal|popup|pop up|popover|dialog|overlay|lightbox|tooltip|toast|snackbar|balloon menu|notification|alertdialog|floating|fixed|sticky (?:bar|footer|nav)",
    ),
    (
        "copy-button",
        r"clipboard|copy ?(?:btn|button|code|url|link|text)|btn copy|copy ?(?:btn|button|code)|code ?(?:copy|button|btn|tools?|toolbar)|line ?numbers?|lineno|gutter|linenos|clipboard copy",
    ),
    (
        "anchor",
        r"anchor|header ?link|heading ?(?:anchor|link|permalink)|headerlink|permalink|hash ?link|self ?link|edit ?(?:link|section|page|button|this)|mw editsection|editsection|mw cite backlink|cite backlink|back ?links?|jump link",
    ),
)
"""Reason and the names it goes by, a regular expression over whole words. First match wins."""

STRONG = frozenset({"cookie", "hidden-label", "login", "popup"})
SOFT = frozenset({"call", "product", "survey", "related", "share"})
"""Reasons whose words (support, price, opinion, series …) can name a part of an article just as well."""
OWN_WORDS = frozenset(
    {
        "point",
        "points",
        "result",
        "results",
        "reason",
        "recipe",
        "history",
        "story",
        "person",
        "merit",
        "shift",
        "shop",
        "hoc",
    }
)
"""Last words of names that make something else of the word before: recommend-point, survey-result, cookie-recipe."""
ICON_BOX = expression(r"(?:^| )(?:common icon|icon|block|blank) box(?= |$)")
"""Boxes of the text, whatever else they are called (comment-box common-icon-box)."""
WEAK = expression(
    r"^(?:single|has|no|with|without|is|wp|js|theme|layout|col|grid|template|default|tax|term|status|format|hentry|type|page id|postid|logged)\b"
)
CARD = expression(r"^(?:is type wp embed|wp embedded content)(?= |$)")
"""WordPress's own name for a card of another post: says what it is, though it begins as names do that say nothing."""
STATE = expression(r"^is (?:ads?|advert\w*|promo(?:tion)?|affiliate)$")
"""The state of a box that is paid for: is-ad."""
COMPILED = tuple((reason, expression(rf"(?:^| )(?:{words})(?= |$)")) for reason, words in RULES)
ONLY_WHOLE = expression(
    r"(?:^| )(?:entry|post|article|main|content|contents|body|text|lead|summary|detail|honbun|lede)(?: |$)"
)
"""Words of an article's own parts: they shield against the rules that one such word could set off by chance."""

ASIDES = expression(
    r"(?:^| )(?:msg|message|messages?|note|notes|notice|callout|alert|alerts|admonition|tip|tips|hint|warning|caution|important|info|danger|success|memo|point|points|column|box|"
    r"supplement|pull ?(?:quote|out)?|hosoku|balloon|fukidashi|hukidashi|kaiwa|speech|talk|panel|cap box|kakomi|waku|details|markdown alert|custom block)(?= |$)"
)
CAPTION = expression(
    r"(?:^| )(?:captions?|fig ?caption|wp caption text|img ?cap(?:tion)?|photo ?(?:caption|text|cap)|image ?caption|pict ?caption|thumb ?caption|setsumei)(?= |$)"
)
TITLED = expression(
    r"(?:^| )(?:\w*box|memo|alert|cap|card|frame|waku|kakomi|notice|note|msg|message|point|balloon|accordion|tab|faq|step) (?:\w+ )?(?:title|ttl|heading|label|head)(?= |$)"
)
"""The title of a box, which begins no section."""
FOLDED = expression(r"(?:^| )(?:accordion\w*|toggle|collapse|faq|question|qa)(?= |$)")
BOX = expression(r"(?:^| )(?:box|label|wrap\w*|container)(?= |$)")
HEADING = expression(
    r"(?:^| )(?:midashi\d*|komidashi|omidashi|nakamidashi|chumidashi|oomidashi|sub ?head(?:ing|line)?s?|head ?lines?|subtitle|heading\d*|head(?:ing)? ?(?:text|title|lv)\w*|ttl|title|h[1-6]|ttl ?(?:h\d|lv\d|sub)|section ?title|shoumidashi|koumidashi|subhead\w*)(?= |$)"
)
BOUTEN = expression(r"(?:^| )(?:sesame|bouten|emphasis ?dots?|em ?dots?|boten)")


@lru_cache(maxsize=20_000)
def words(names: str) -> str:
    """`entry-share_btns is-Active` as `entry share btns is active`; names of one element, classes and id alike."""
    return " ".join(match.lower() for match in WORDS.findall(names))


@lru_cache(maxsize=20_000)
def reason(names: str) -> str:
    """Why an element with these names is no article text; empty if nothing says so.

    Each class is read by itself, so that words of two classes never make a name together.
    """
    if any(ICON_BOX.search(words(name)) for name in names.split()):
        return ""
    for name in names.split():
        spelt = words(name)
        if STATE.match(spelt):
            return "ad"
        if CARD.match(spelt):
            return "link-card"
        if not spelt or WEAK.match(spelt):
            continue
        for why, pattern in COMPILED:
            if pattern.search(spelt) and not _shielded(spelt, why):
                return why
    return ""


def _shielded(spelt: str, why: str) -> bool:
    """`entry-content` with `follow` inside is still the entry; `post-content-tags` is not."""
    tokens = spelt.split()
    last = tokens[-1]
    if len(tokens) > 1 and last in OWN_WORDS and why in SOFT | {"ad", "popup", "cookie"}:
        return True
    return (
        why not in STRONG
        and last in ("content", "contents", "body", "main", "text", "article", "inner", "container", "wrapper", "wrap")
        and len(tokens) > 1
        and any(
            token in ("entry", "post", "article", "main", "page", "blog", "news", "single", "note")
            for token in tokens[:-1]
        )
    )


def is_aside(names: str) -> bool:
    """A box that is part of the article: note, tip, message."""
    return any(ASIDES.search(words(name)) for name in names.split())


def is_caption(names: str) -> bool:
    """An element that holds a picture's caption."""
    return any(CAPTION.search(spelt) and not BOX.search(spelt) for spelt in map(words, names.split()))


def is_heading(names: str) -> bool:
    """A paragraph that a site's style makes a heading."""
    return any(HEADING.search(spelt) and not TITLED.search(spelt) for spelt in map(words, names.split()))
