"""What a form itself says stands beside the text: Word's styles, a book's title page, fields, a feed's last lines; and calls."""

import io
import zipfile

import docx
import pytest

from yomicast import article, script
from yomicast.settings import ScriptSettings

TEXT = ("雪がゆるむと、まず道を直す。", "杭は秋に削っておいた。", "夏になれば、登る人が来る。")


def heard(found):
    return [block.text for block in found.blocks if block.kind not in ("title", "break")]


def why(found, text):
    return {item.reason for item in found.dropped if text in item.text}


def word(folder, *paragraphs):
    document = docx.Document()
    for style, text in paragraphs:
        if style not in [known.name for known in document.styles]:
            document.styles.add_style(style, 1)
        document.add_paragraph(text, style=style)
    stream = io.BytesIO()
    document.save(stream)
    path = folder / "a.docx"
    path.write_bytes(stream.getvalue())
    return article.read(str(path))


@pytest.mark.parametrize(
    ("style", "text", "reason"),
    [
        ("署名", "登山部　谷口 律", "byline"),
        ("Signature", "谷口 律", "byline"),
        ("執筆者", "谷口 律（小屋番）", "byline"),
        ("日付", "令和八年三月吉日", "byline"),
        ("奥付", "印刷　峰印刷所", "colophon"),
        ("Colophon", "峰の会 会報 第七号", "colophon"),
        ("ヘッダー", "会報　第七号", "header"),
        ("フッター", "- 3 -", "footer"),
    ],
)
@pytest.mark.parametrize("below", [False, True])
def test_a_word_style_that_names_what_is_not_read(tmp_path, style, text, reason, below):
    body = [("Heading 1", "春"), *(("Normal", line) for line in TEXT)]
    found = word(
        tmp_path,
        ("Title", "小屋番の一年"),
        *([] if below else [(style, text)]),
        *body,
        *([(style, text)] if below else []),
    )
    assert (found.title, heard(found), why(found, text)) == ("小屋番の一年", ["春", *TEXT], {reason})


def test_a_sentence_in_such_a_style_is_text(tmp_path):
    said = "三月三日、小屋を開けた。"
    found = word(tmp_path, ("Title", "小屋番の一年"), ("日付", said), *(("Normal", line) for line in TEXT))
    assert heard(found) == [said, *TEXT]


BELOW = [
    "事務局からのお知らせ：合宿の申し込みは、内線八番へお電話ください。",
    "【編集室より お願い】昔の写真をお貸しください。",
    "読者の皆様へ：次の集まりは五月です。",
    "次回予告：沢を渡る",
    "夏号の特集：雷とつきあう",
    "【報道関係者のお問い合わせ窓口】峰の会 広報係　press@mine.example",
    "取材に関するお問い合わせ：峰の会　電話 000-555-0100",
    "［メディアの方へ］広報室 koho@mine.example",
    "【添付資料】登山道の地図",
    "配布先：全会員",
    "- 12 -",
    "〈略歴〉たにぐち・りつ　峰の小屋番。三十年目の春を迎える。",
    "バックナンバーは小屋の棚で読めます。",
    "以上",
    "初出：『峰の会 会報』第六号",
]


@pytest.mark.parametrize("line", BELOW)
def test_what_a_newsletter_sets_below_its_text(tmp_path, line):
    found = word(tmp_path, ("Title", "小屋番の一年"), *(("Normal", text) for text in (*TEXT, line)))
    assert heard(found) == list(TEXT)


@pytest.mark.parametrize(
    "line",
    [
        "事務局からのお願いは、いつも一つだけだった。",
        "取材を終えた記者へ：お茶を出した。",
        "次号予告の欄には、何も書かれていなかった。",
        "報道の人たちへは、小屋主が答えた。",
        "次号は沢の話をします。",
        "以上が、小屋番の一年である。",
        "添付の地図は、谷口さんが描いた。",
        "略歴には、山のことが書かれていなかった。",
    ],
)
def test_a_sentence_about_such_things_is_text(tmp_path, line):
    found = word(tmp_path, ("Title", "小屋番の一年"), *(("Normal", text) for text in (*TEXT, line)))
    assert heard(found) == [*TEXT, line]


@pytest.mark.parametrize("style", ["囲み記事", "枠", "お知らせ", "Box Text"])
def test_a_box_below_the_text_that_asks_for_something(tmp_path, style):
    rows = [("Title", "小屋番の一年"), *(("Normal", text) for text in TEXT)]
    asks = [
        (style, "冬の写真を募集しています。"),
        (style, "会報のアンケートにご協力ください。用紙は小屋にあります。"),
        ("Normal", "（文・写真／谷口 律）"),
        ("奥付", "峰印刷所"),
    ]
    assert heard(word(tmp_path, *rows, *asks)) == list(TEXT)
    assert heard(word(tmp_path, *rows, (style, "火の始末に気をつけてください。"))) == [
        *TEXT,
        "火の始末に気をつけてください。",
    ]
    assert heard(word(tmp_path, *rows[:2], *asks[:1], *rows[2:])) == [TEXT[0], asks[0][1], *TEXT[1:]]


def test_what_stands_below_the_last_word_of_a_letter(tmp_path):
    rows = [("Title", "小屋番の一年"), *(("Normal", text) for text in TEXT), ("Normal", "以上")]
    found = word(tmp_path, *rows, ("Normal", "担当：登山部 谷口"), ("Normal", "別紙：道の地図"))
    assert (heard(found), why(found, "以上")) == (list(TEXT), {"end-mark"})
    assert heard(word(tmp_path, *rows, ("Normal", "追って、道の地図を送ります。"))) == [
        *TEXT,
        "追って、道の地図を送ります。",
    ]


CALLS = [
    "この話が役に立ったら、いいねとブックマークをお願いします！",
    ":pray: よければ **スキ** と **フォロー** をお願いします！\nブログもやっています → [@minefuda](https://example.jp/minefuda)",
    "ここまで読んでくださり、ありがとうございました。記事の拡散、シェアも歓迎です！",
    "最後までお付き合いいただき、ありがとうございます！LGTMやストックをいただけると励みになります。GitHubでも公開しています → minefuda",
    "▼小屋の修理へのご寄附を受け付けております。一口五百円から。",
    "★写真集『峰の四季』発売中！",
    "X（旧Twitter）でも発信しているので、よければフォローしてください！ [@minefuda](https://example.jp/minefuda)",
    "ご感想は小屋までお寄せください。yama@mine.example",
    "よかったらバッジを贈ってもらえると嬉しいです！Zennの本も書いています。よろしくお願いします。",
]
KEPT = [
    "最後まで読んでくださり、ありがとうございました。",
    "誤りに気づいたら、コメントで教えてください。",
    "ブログでは書けないこともある。",
    "雪崩は、いいねを待ってはくれない。",
    "Xも使うが、無線のほうが速い。峰では電波が届かない。",
]


def markdown(folder, text):
    path = folder / "a.md"
    path.write_text(text, "utf-8")
    return article.read(str(path))


@pytest.mark.parametrize("call", CALLS)
def test_a_last_paragraph_that_only_asks_is_silent(tmp_path, call):
    assert heard(markdown(tmp_path, "# 峰\n\n" + "\n\n".join((*TEXT, call)))) == list(TEXT)


@pytest.mark.parametrize("line", KEPT)
def test_a_last_paragraph_with_words_of_its_own_is_heard(tmp_path, line):
    assert heard(markdown(tmp_path, "# 峰\n\n" + "\n\n".join((*TEXT, line)))) == [*TEXT, line]


def test_a_line_with_a_printed_mark_heads_what_follows(tmp_path):
    lines = "■ 筆者について\n谷口律。峰の小屋番。"
    found = markdown(tmp_path, "# 峰\n\n:::message\n冬は休みです。\n:::\n\n" + "\n\n".join((*TEXT, lines)))
    assert heard(found) == ["冬は休みです。", *TEXT]


def test_a_button_between_two_shortcodes_is_no_text(tmp_path):
    button = '{{< button href="/map" >}}小屋の地図を見る{{< /button >}}'
    note = "{{< sidenote >}}祖父の代からの決まり。{{< /sidenote >}}"
    form = "{{< subscribe title='会報' >}}\n毎月届きます。\n\n登録は小屋で。\n{{< /subscribe >}}"
    assert heard(markdown(tmp_path, f"# 峰\n\n{TEXT[0]}\n\n{form}\n\n{button}\n\n{TEXT[1]}{note}\n")) == [
        TEXT[0],
        f"{TEXT[1]}祖父の代からの決まり。",
    ]


def sentences(found):
    made = script.as_json(script.write(found, ScriptSettings(), show="峰"))
    return [block["sentences"] for block in made["blocks"] if block["kind"] == "p" and block.get("role") != "announce"]


def test_an_emoji_by_its_name_ends_a_sentence_as_its_picture_does(tmp_path):
    found = markdown(tmp_path, "# 峰\n\n小屋を開けました:tada: 冬の荷は橇で上げます。小屋の:snowflake:印は休業日です。")
    assert sentences(found) == [["小屋を開けました", "冬の荷は橇で上げます。", "小屋の印は休業日です。"]]


def test_a_polite_line_ends_its_sentence_and_a_wrapped_one_does_not(tmp_path):
    found = markdown(
        tmp_path,
        "# 峰\n\n貼り紙があった。\n\n> 本日は休業いたします\n> 水場は使えます\n\n小屋は冬も開けていますが、水が凍ることがあります\nので、雪を溶かして飲みます。荷物を預かることもできます\n際は、声をかけてください。",
    )
    assert [line for block in sentences(found) for line in block] == [
        "貼り紙があった。",
        "本日は休業いたします",
        "水場は使えます",
        "小屋は冬も開けていますが、水が凍ることがありますので、雪を溶かして飲みます。",
        "荷物を預かることもできます際は、声をかけてください。",
    ]


@pytest.mark.parametrize(
    ("quote", "speaker", "kept"),
    [
        ("> 山は急がない。\n>\n> （谷口律『峰の四季』）", "谷口律『峰の四季』", []),
        ("> 山は急がない。\n>\n> 『峰の四季』第三章より", "『峰の四季』第三章", []),
        ("> 山は急がない。\n\n（『峰の四季』昭和三十年）", "『峰の四季』昭和三十年", []),
        ("> 山は急がない。\n\n── 小屋日誌、五月の頁", "小屋日誌、五月の頁", []),
        ("> 山は急がない。\n\n出典：峰の会会報", "峰の会会報", []),
        ("> 出典: 『峰の四季』\n>\n> 山は急がない。", "『峰の四季』", []),
        ("> 山は急がない。{{< cite >}}谷口律『峰の四季』{{< /cite >}}", "谷口律『峰の四季』", []),
        ("> 山は急がない。\n>\n> （中略）", "", ["（中略）"]),
        ("> 山は急がない。\n\n（これは私も知らなかった）", "", ["（これは私も知らなかった）"]),
        ("> 山は急がない。\n\n「そうだ」", "", ["「そうだ」"]),
    ],
)
def test_a_quotation_takes_the_line_that_names_its_source(tmp_path, quote, speaker, kept):
    found = markdown(tmp_path, f"# 峰\n\n壁の板にこうあった。\n\n{quote}\n\n字は薄れている。\n")
    assert {block.speaker for block in found.blocks if block.kind == "quote"} == {speaker}
    assert heard(found) == ["壁の板にこうあった。", "山は急がない。", *kept, "字は薄れている。"]


@pytest.mark.parametrize(
    ("markup", "readings"),
    [
        ("<ruby>浜<rt>はま</rt></ruby><ruby>田<rt>だ</rt></ruby>の岸", ["はまだ"]),
        ("<ruby>浜田<rt>はまだ</rt></ruby><ruby>律<rt>りつ</rt></ruby>さん", ["はまだ", "りつ"]),
        ("<ruby>佐<rt>さ</rt></ruby><ruby>久<rt>く</rt></ruby><ruby>間<rt>ま</rt></ruby>川", ["さくま"]),
        ("<ruby>律<rt>りつ</rt></ruby><ruby>浜田<rt>はまだ</rt></ruby>", ["りつ", "はまだ"]),
        ("<ruby>峰<rt>みね</rt></ruby>と<ruby>沢<rt>さわ</rt></ruby>", ["みね", "さわ"]),
    ],
)
def test_letters_with_readings_of_their_own_are_a_word_and_words_are_not_one(tmp_path, markup, readings):
    path = tmp_path / "a.html"
    path.write_text(f"<title>峰</title><h1>峰</h1><p>{markup}を見た。</p><p>{TEXT[0]}</p>", "utf-8")
    found = article.read(str(path))
    assert [ruby.reading for block in found.blocks for ruby in block.rubies] == readings


RST = ".. 下書き\n\n:orphan:\n\n.. |v| replace:: 二\n\n.. _top:\n\n峰の手引き\n==========\n\n{fields}\n\n{text}\n\n支度\n----\n\n{later}\n\n縄を持つ。\n"


def test_fields_below_the_title_are_about_the_document_and_later_ones_are_text(tmp_path):
    path = tmp_path / "a.rst"
    path.write_text(
        RST.format(
            fields=":筆者: 谷口 律\n:改訂: 三月\n:対象: 小屋番", text=TEXT[0], later=":靴: 底の厚いもの\n:縄: 二十尋"
        ),
        "utf-8",
    )
    found = article.read(str(path))
    assert (found.title, found.meta.author) == ("峰の手引き", "谷口 律")
    assert heard(found) == [TEXT[0], "支度", "靴", "底の厚いもの", "縄", "二十尋", "縄を持つ。"]


def test_fields_that_tell_something_are_text(tmp_path):
    path = tmp_path / "a.rst"
    path.write_text(RST.format(fields=":要旨: 冬の小屋を守る人の話。", text=TEXT[0], later=TEXT[1]), "utf-8")
    assert "冬の小屋を守る人の話。" in heard(article.read(str(path)))


PAGE = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body>{}</body></html>"
PACKAGE = "<package xmlns='http://www.idpf.org/2007/opf'><metadata xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>峰の四季</dc:title></metadata><manifest>{}</manifest><spine>{}</spine></package>"
CHAPTER = "<h2>春</h2>" + "".join(f"<p>{text}</p>" for text in TEXT)


def book(folder, *pages):
    path = folder / "a.epub"
    container = "<container><rootfiles><rootfile full-path='p.opf'/></rootfiles></container>"
    items = "".join(f"<item id='i{n}' href='{n}.xhtml'/>" for n in range(len(pages)))
    spine = "".join(f"<itemref idref='i{n}'/>" for n in range(len(pages)))
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/epub+zip")
        packed.writestr("META-INF/container.xml", container)
        packed.writestr("p.opf", PACKAGE.format(items, spine))
        for n, page in enumerate(pages):
            packed.writestr(f"{n}.xhtml", PAGE.format(page))
    return article.read(str(path))


@pytest.mark.parametrize(
    ("first", "kept"),
    [
        ("<h1>峰の四季</h1><p>小屋番の覚え書き</p><p>谷口 律</p>", []),
        ("<p>谷口 律</p><p class='t'>峰の四季</p><p>峰出版</p>", []),
        ("<h1>峰の四季</h1><p>この本を、下の村の人々に。</p>", ["この本を、下の村の人々に。"]),
        ("<p>本書は横書きの画面に合わせて制作しています。端末によっては、改行の位置が変わります。</p>", []),
        ("<p>父と母に</p>", ["父と母に"]),
    ],
)
def test_of_a_books_first_pages_only_the_title_and_the_authors_words_are_heard(tmp_path, first, kept):
    for pages in ((first, CHAPTER), ("<p>峰の四季</p>", first, CHAPTER)):
        found = book(tmp_path, *pages)
        assert (found.title, heard(found)) == ("峰の四季", [*kept, "春", *TEXT])


@pytest.mark.parametrize(
    "last",
    [
        "<p>峰の四季</p><p>二〇二六年五月一日　初版第一刷発行</p><p>著者　谷口 律</p><p>発行所　峰出版</p><p>落丁のときはお取り替えします。</p>",
        "<h2>峰出版の山の本</h2><ul><li>『沢を渡る』谷口律</li><li>『雷の話』大河内仁</li></ul>",
        "<p>この作品は『会報』第六号に掲載したものに加筆し、電子書籍化したものです。</p>",
        "<p>ご感想をお寄せください。https://mine.example/</p>",
    ],
)
def test_of_a_books_last_pages_nothing_is_heard(tmp_path, last):
    assert heard(book(tmp_path, CHAPTER, last)) == ["春", *TEXT]


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        (
            "<h2>印刷所の朝</h2><p>発行の日、印刷所は朝から忙しい。初版は二千部だった。</p>",
            ["印刷所の朝", "発行の日、印刷所は朝から忙しい。初版は二千部だった。"],
        ),
        (
            "<h2>棚</h2><p>『沢を渡る』と『雷の話』が並んでいた。私は雷のほうを抜いた。</p>",
            ["棚", "『沢を渡る』と『雷の話』が並んでいた。私は雷のほうを抜いた。"],
        ),
        ("<h2>詩</h2><p>雪は</p><p>まだ来ない</p>", ["詩", "雪は", "まだ来ない"]),
    ],
)
def test_a_chapter_that_tells_of_printing_or_books_is_text(tmp_path, last, kept):
    assert heard(book(tmp_path, CHAPTER, last)) == ["春", *TEXT, *kept]


@pytest.mark.parametrize(
    "last",
    [
        "<p>☆小屋の屋根瓦を寄進しませんか。</p>",
        "<p><a href='https://m.example/'>峰の会の店</a></p><p>送料無料。</p>",
        "",
    ],
)
def test_an_entry_ends_where_it_says_where_it_appeared_first(tmp_path, last):
    path = tmp_path / "a.xml"
    words = "".join(f"<p>{text}</p>" for text in TEXT)
    footer = "<p>投稿 <a href='https://m.example/1'>峰</a> は <a href='https://m.example/'>峰の会</a> に最初に表示されました。</p>"
    path.write_text(
        f"<rss version='2.0'><channel><title>峰の会</title><item><title>峰</title><description><![CDATA[{words}{footer}{last}]]></description></item></channel></rss>",
        "utf-8",
    )
    assert heard(article.read(str(path))) == list(TEXT)


SEASONS = [
    piece
    for season, text in zip(("春", "夏", "秋"), TEXT * 3, strict=False)
    for piece in (("Heading 1", season), ("Normal", text))
]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ([("発行情報", "峰の会会報"), ("発行情報", "第七号")], [("発行情報", "無断での複写を禁じます。")]),
        (
            [("Normal", "峰の会会報"), ("Normal", "第7号（令和8年3月1日発行）")],
            [("Normal", "発行：峰の会　編集：谷口律")],
        ),
        ([("Masthead", "峰の会会報 No. 7")], [("Imprint", "峰印刷所")]),
        ([], [("Normal", "【取材のお申し込み】"), ("Normal", "峰の会 広報係 電話 000-000-0000")]),
        ([], [("Normal", "■報道機関の方のお問い合わせ"), ("Normal", "峰の会 広報係"), ("Normal", "電話 000-000-0000")]),
    ],
)
@pytest.mark.parametrize("style", ["Title", "Normal"])
def test_what_a_paper_prints_around_its_article(tmp_path, above, below, style):
    found = word(tmp_path, *above, (style, "小屋番の一年"), *SEASONS, *below)
    assert (found.title, heard(found)) == ("小屋番の一年", [text for _, text in SEASONS])


@pytest.mark.parametrize("line", ["峰の会会報", "第七号室の鍵はいまも小屋にある", "山を下りた日の日誌から"])
def test_a_last_line_that_no_margin_says_is_text(tmp_path, line):
    found = word(tmp_path, ("Title", "小屋番の一年"), *SEASONS, ("Normal", line))
    assert line in heard(found)


MATH = [
    "{{< math >}}\n\\Delta h = k t\n{{< /math >}}",
    "{{% katex display %}}\\Delta h = k t{{% /katex %}}",
    "{{< equation >}}\n$$\n\\Delta h = k t\n$$\n{{< /equation >}}",
    "{% math %}\n\\Delta h = k t\n{% endmath %}",
]


@pytest.mark.parametrize("formula", MATH)
def test_a_formula_between_shortcodes_is_a_formula(tmp_path, formula):
    found = markdown(tmp_path, f"{TEXT[0]}\n\n{formula}\n\n{TEXT[-1]}\n")
    assert [(block.kind, block.text) for block in found.blocks if block.kind == "math"] == [("math", "\\Delta h = k t")]
