"""Interviews: every way in which pages mark who speaks gives the same turns, and no label is read aloud."""

import pytest

from yomicast import article

TALK = (
    ("氷はどこから運ぶのですか。", "隣町の製氷所からです。朝三時に出ます。"),
    ("冬でも使うのですか。", "使いますよ。魚は冬のほうが傷みやすいんです。"),
    ("やめたいと思ったことは。", "ありません。氷が割れる音が好きなんです。"),
)
LEAD = "港町で氷を運び続ける浜田花さんに、その理由を聞いた。"
END = "取材を終えると、もう日は高かった。"
FORMS = {
    "dash and colon": ("<p><strong>――{}</strong></p>", "<p><strong>浜田：</strong>{}</p>"),
    "names": ("<p>聞き手：{}</p>", "<p>浜田：{}</p>"),
    "bold names": ("<p><b>記者</b>　{}</p>", "<p><b>浜田</b>　{}</p>"),
    "brackets": ("<p>【記者】{}</p>", "<p>【浜田】{}</p>"),
    "boxes": (
        '<div class="talk"><p class="talk__name">記者</p><p class="talk__text">{}</p></div>',
        '<div class="talk"><p class="talk__name">浜田</p><p class="talk__text">{}</p></div>',
    ),
    "spans": ('<p><span class="speaker">記者</span>{}</p>', '<p><span class="speaker">浜田</span>{}</p>'),
    "a space": ("<p><strong>{}</strong></p>", "<p><strong>浜田</strong> {}</p>"),
    "a line of its own": ("<p><strong>{}</strong></p>", "<p><strong>浜田さん</strong><br>{}</p>"),
    "rows": (
        '<div class="row"><span class="hd">――</span><p>{}</p></div>',
        '<div class="row row--a"><span class="hd">浜田</span><p>{}</p></div>',
    ),
    "rows of list items": ("<li><b>記者</b><div>{}</div></li>", "<li><b>浜田</b><div>{}</div></li>"),
    "lists": ("<dl><dt>記者</dt><dd>{}</dd></dl>", "<dl><dt>浜田</dt><dd>{}</dd></dl>"),
    "names before a particle": (
        '<p class="q">――{}</p>',
        '<p><span class="name">浜田</span>{}</p>',
    ),
    "with honorific": ("<p><strong>──{}</strong></p>", "<p>浜田さん：{}</p>"),
}


def turns(tmp_path, name, text):
    page = tmp_path / name
    page.write_text(text, encoding="utf-8")
    blocks = [block for block in article.read(str(page)).blocks if block.kind != "title"]
    assert [block.text for block in blocks] == [LEAD, *(words for turn in TALK for words in turn), END]
    assert [block.speaker[:2] for block in blocks[2:-1:2]] == ["浜田"] * 3
    assert (blocks[0].speaker, blocks[-1].speaker) == ("", "")


@pytest.mark.parametrize("form", FORMS)
def test_pages(tmp_path, form):
    asked, answered = FORMS[form]
    talk = "".join(asked.format(question) + answered.format(answer) for question, answer in TALK)
    turns(
        tmp_path,
        "page.html",
        f"<title>氷の人</title><body><article><h1>氷の人</h1><p>{LEAD}</p>{talk}<p>{END}</p></article>",
    )


@pytest.mark.parametrize(
    ("name", "asked", "answered"),
    [
        ("page.md", "**――{}**", "**浜田**：{}"),
        ("page.md", "**記者**　{}", "**浜田**　{}"),
        ("page.txt", "――{}", "浜田　{}"),
        ("page.txt", "記者：{}", "浜田：{}"),
    ],
)
def test_sources(tmp_path, name, asked, answered):
    talk = "\n\n".join(f"{asked.format(question)}\n\n{answered.format(answer)}" for question, answer in TALK)
    turns(tmp_path, name, f"{'# ' * name.endswith('md')}氷の人\n\n{LEAD}\n\n{talk}\n\n{END}\n")


PAGE = "<title>氷の人</title><body><article><h1>氷の人</h1><p>港町の浜田花さんと、息子の浜田悠さんに聞いた。</p>{}</article>"


def blocks_of(tmp_path, inner):
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(inner), encoding="utf-8")
    return [block for block in article.read(str(page)).blocks if block.kind not in ("title", "heading")][1:]


def test_a_list_for_each_answer(tmp_path):
    """Names come again from list to list; whoever speaks but once is one of them where the others are known."""
    answers = [
        ("花", "朝三時に出ます。"),
        ("悠", "ぼくは四時です。"),
        ("花", "冬も同じです。"),
        ("悠", "眠いですよ。"),
        ("二人", "そうですね。"),
    ]
    lists = "<p>――何時に出ますか。</p>" + "".join(
        f'<dl class="d"><dt>{who}</dt><dd><p>{said}</p></dd></dl>' for who, said in answers[:-2]
    )
    lists += "<p>――つらくはありませんか。</p><dl>" + "".join(
        f"<dt>{who}</dt><dd>{said}</dd>" for who, said in answers[-2:]
    )
    found = blocks_of(tmp_path, lists + "</dl>")
    assert [(b.speaker, b.text) for b in found if b.speaker != "聞き手"] == answers


@pytest.mark.parametrize(
    "row", ["<dl><dt>{}</dt><dd>{}</dd></dl>", "<div><b>{}</b><p>{}</p></div>", "<li><span>{}</span><p>{}</p></li>"]
)
def test_labels_that_nobody_is_called_by(tmp_path, row):
    """Pros and cons come again as well, but no page says 利点さん."""
    said = [("利点", "安く済みます。"), ("欠点", "場所を取ります。")] * 3
    page = tmp_path / "page.html"
    page.write_text(PAGE.format("".join(row.format(*each) for each in said)), encoding="utf-8")
    found = article.read(str(page)).blocks
    assert not any(block.speaker for block in found)
    assert sum("利点" in block.text for block in found) == 3


@pytest.mark.parametrize(
    ("heading", "read"),
    [
        ('<span class="num">02</span>氷を割る', "氷を割る"),
        ('<em class="section-no">3</em>氷を割る', "氷を割る"),
        ("<small>04</small> 氷を割る", "氷を割る"),
        ("<b>3</b>つの理由", "3つの理由"),
        ('<span class="num">12</span>月の氷', "12月の氷"),
        ("<b>7</b>　氷を割る", "7　氷を割る"),
    ],
)
def test_a_number_drawn_before_a_heading(tmp_path, heading, read):
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(f"<h2>{heading}</h2><p>氷は木づちで割る。</p>"), encoding="utf-8")
    assert [b.text for b in article.read(str(page)).blocks if b.kind == "heading"] == [read]


COUNCIL = ("これより会議を開きます。", "予算について伺います。", "お答えいたします。", "再度伺います。")


@pytest.mark.parametrize(
    ("chair", "member", "named"),
    [
        ("○議長（岸田　潔君）　", "○四番（森　みつ子君）　", ("岸田潔", "森みつ子")),
        ("◯座長（岸田さん）　", "◯委員（森さん）　", ("岸田", "森")),
        ("○岸田委員長　", "○森委員　", ("岸田委員長", "森委員")),
        ("◎委員長（岸田 潔）：", "○委員（森 みつ子）：", ("岸田潔", "森みつ子")),
    ],
)
def test_minutes_word_for_word(tmp_path, chair, member, named):
    begun, asked, told, again = COUNCIL
    rows = [
        chair + begun,
        member + asked,
        "　　　（「そうだ」と呼ぶ者あり）",
        chair + told,
        "よろしいですか。",
        member + again,
    ]
    page = tmp_path / "a.txt"
    page.write_text("水道議会の記録\n\n" + "\n\n".join(rows) + "\n", "utf-8")
    blocks = article.read(str(page)).blocks[1:]
    assert [(block.speaker, block.text) for block in blocks] == [
        (named[0], begun),
        (named[1], asked),
        ("", "（「そうだ」と呼ぶ者あり）"),
        (named[0], told),
        (named[0], "よろしいですか。"),
        (named[1], again),
    ]


def test_a_notice_with_rings_before_its_labels_is_no_minutes(tmp_path):
    page = tmp_path / "a.txt"
    page.write_text(
        "秋の市\n\n港の広場で秋の市を開きます。雨の日は体育館に移します。\n\n○日時　十月三日\n\n○場所　港の広場\n\n○日時　十月四日は予備日です。\n\n"
        "どなたもお越しください。\n",
        "utf-8",
    )
    assert {block.speaker for block in article.read(str(page)).blocks} == {""}


@pytest.mark.parametrize(
    ("told", "full"),
    [
        ("箱を直す職人の桑名凪さんを訪ねた。桑名さんは笑う。", "桑名凪さん"),
        ("箱を直す職人の桑名凪と、編集の者とで話した。桑名さんは笑う。", "桑名凪"),
        ("桑名町の工房で話を聞いた。桑名さんは笑う。", "桑名"),
    ],
)
def test_a_family_name_told_by_an_element_is_completed_by_the_text(tmp_path, told, full):
    answers = ["木は動きます。", "三年は待ちます。", "釘は使いません。"]
    rows = "".join(
        f'<dl class="d"><dt>編集部</dt><dd><p>なぜですか。</p></dd><dt>桑名</dt><dd><p>{said}</p></dd></dl>'
        for said in answers
    )
    found = blocks_of(tmp_path, f"<p>{told}</p>{rows}")
    assert [b.speaker for b in found if b.text in answers] == [full] * 3
