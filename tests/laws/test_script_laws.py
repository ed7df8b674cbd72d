"""Laws of the script room, whatever the article says."""

from collections import Counter
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yomicast import script
from yomicast.errors import ArticleError
from yomicast.model import Article, Block, Place
from yomicast.script import edits, sentences
from yomicast.script.account import SPACE
from yomicast.settings import ScriptSettings

BITS = st.sampled_from(
    [
        "港", "の", "朝は", "早い。", "「", "」", "『", "』", "（", "）", "(WB)", "(かみ・しろ)", "神代", "(笑)", "！", "？", "、", "\n", " ", "　",
        "と話す。", "佐藤さんは", "G7G20といった", "ブラジルカナダなど", "https://example.jp/a", "$x^2$", "™", ":tada:", "🎉", "[^1]", "[pause: 2s]",
        "[takumi] ", "{南風|はえ}", "｜凪《なぎ》", "《《点》》", "<ruby>帆<rt>ほ</rt></ruby>", "Dr. ", "3.14", "w", "…", "・", "→", "#", "@", "\\", "\u200b", "｡", "A",
    ]
)  # fmt: skip
TEXT = st.lists(BITS, max_size=30).map("".join)
KINDS = st.sampled_from(
    [
        "paragraph",
        "list_item",
        "quote",
        "caption",
        "aside",
        "heading",
        "footnote",
        "code",
        "math",
        "figure",
        "table",
        "break",
    ]
)
LIMITS = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def articles(draw):
    blocks = [Block(kind="paragraph", text="はじめの文です。", place=Place(line=1))]
    for n in range(draw(st.integers(0, 6))):
        kind = draw(KINDS)
        rows = ((draw(TEXT), "列"), (draw(TEXT), "値")) if kind == "table" else ()
        blocks.append(
            Block(
                kind=kind,
                text="" if kind == "break" else draw(TEXT),
                place=Place(line=n + 2),
                level=draw(st.integers(1, 4)) if kind == "heading" else 0,
                rows=rows,
                info=draw(st.sampled_from(["", "1", "alert", "indented"])),
                speaker=draw(st.sampled_from(["", "", "北野"])),
            )
        )
    return Article(title="題", blocks=tuple(blocks))


SETTINGS = st.builds(
    ScriptSettings,
    mode=st.sampled_from(["podcast", "strict"]),
    footnotes=st.sampled_from(["notes", "inline"]),
    code=st.sampled_from(["announce", "skip", "read"]),
    tables=st.sampled_from(["auto", "announce", "read"]),
    intro=st.just(""),
    outro=st.just(""),
)


def visible(text):
    return Counter(SPACE.sub("", text).replace("\u200b", ""))


@LIMITS
@given(articles(), SETTINGS)
def test_every_visible_character_is_shown_or_dropped_for_a_reason(article, how):
    made = script.write(article, how)
    want = Counter()
    for block in article.blocks:
        want += visible(block.text)
        want += sum((visible(cell) for row in block.rows for cell in row), Counter())
    kept = Counter()
    for line in made.lines:
        kept += visible(line.shown) if line.role != "title" else Counter()
    for item in made.dropped:
        assert item.reason
        kept += visible(item.text)
    for ruby in (r for line in made.lines for r in line.rubies):
        kept += visible(ruby.reading)
    kept += sum((visible(kana) for _, kana in made.readings), Counter())
    kept += visible("。、0123456789")
    missing = {char: count - kept[char] for char, count in want.items() if count > kept[char]}
    assert not missing
    assert made.coverage == 1.0


@LIMITS
@given(articles(), SETTINGS)
def test_spoken_is_shown_with_its_edits_and_nothing_else(article, how):
    for line in script.write(article, how).lines:
        assert edits.applied(line.shown, line.edits) == line.spoken
        assert all(a.end <= b.start for a, b in pairwise(line.edits))
        assert all(0 <= r.start < r.end <= len(line.spoken) and r.reading for r in line.rubies)
        assert line.spoken.strip()
        assert line.pause >= 0


@LIMITS
@given(TEXT)
def test_sentences_lose_nothing_and_stand_in_order(text):
    spans = sentences.split(text)
    assert all(a < b for a, b in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    rest = "".join(
        text[b:c] for b, c in zip([0, *(b for _, b in spans)], [*(a for a, _ in spans), len(text)], strict=True)
    )
    assert not rest.strip()


@LIMITS
@given(articles(), SETTINGS)
def test_the_same_article_makes_the_same_script_and_sheet(article, how):
    one, two = script.write(article, how), script.write(article, how)
    assert one == two
    sheet = script.revised(one, "", how)[1]
    assert script.revised(two, sheet, how) == (one, sheet)


@LIMITS
@given(articles(), st.text(max_size=200), SETTINGS)
def test_any_sheet_is_taken(article, edited, how):
    made, again = script.revised(script.write(article, how), edited, how)
    assert isinstance(again, str)
    assert script.as_json(made)["blocks"]
    assert script.explain(made)


@LIMITS
@given(articles(), st.sampled_from(["。", "港|朝", ".", "^"]))
def test_cuts_are_written_down(article, pattern):
    try:
        made = script.write(article, ScriptSettings(cut=(pattern,), intro="", outro=""))
    except ArticleError:
        return
    assert made.lines
