"""What stands apart from a text though it stands in the same page: words explained, companies presented, the page itself."""

import docx
import pytest

from yomicast import article

PROSE = (
    "峠の発電所で、水車の羽根が三十年ぶりに取り替えられた。谷の水だけで回る小さな水車である。",
    "羽根を削ったのは、ふもとの鉄工所の三人だった。図面は残っておらず、古い羽根を紙に写し取った。",
    "「音が変わったら、止めて見に行く。それだけです」と、番をする女性は言う。",
    "水車は秋の雨で勢いを増し、夜どおし回りつづけた。谷の家々の灯りは、いちども揺れなかった。",
    "来年は、水路の石を積み直す。石工の手が足りるかどうかは、まだわからない。",
)


def heard(path):
    return [block.text for block in article.read(str(path)).blocks if block.kind not in ("title", "figure")]


def html(folder, inner):
    path = folder / "a.html"
    path.write_text(
        f"<!doctype html><title>水車</title><body><main><h1>水車</h1><div class='entry-content'>{inner}</div></main>",
        "utf-8",
    )
    return path


def marked(folder, text):
    path = folder / "a.md"
    path.write_text(text, "utf-8")
    return path


def feed(folder, inner, title="谷の灯り通信"):
    path = folder / "a.xml"
    path.write_text(
        f"<rss version='2.0'><channel><title>{title}</title><item><title>水車</title><pubDate>Mon, 06 Oct 2025 09:00:00 +0900</pubDate>"
        f"<description><![CDATA[{inner}]]></description></item></channel></rss>",
        "utf-8",
    )
    return path


def word(folder, *lines):
    path, made = folder / "a.docx", docx.Document()
    made.add_paragraph("水車", style="Title")
    for line in (*PROSE, *lines):
        made.add_paragraph(line)
    made.save(str(path))
    return path


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


EXPLAINED = [
    '<div class="Glossary"><h3>水車</h3><p>水の力で回る車。古くは粉を挽くのに使われた。</p></div>',
    '<div class="expl-unit"><h4>水車</h4><p>流れや落ちる水を受けて回る仕組み。発電にも使う。</p></div>',
    '<section class="x1"><p><b>鉄工所</b></p><p>鉄を切り、曲げ、つなぐ町工場。県内に四十軒が残る。</p></section>',
    '<dl class="yougo-kaisetsu"><dt>羽根</dt><dd>水を受ける板。樫や鉄で作る。</dd></dl>',
    '<div class="kotobaBox"><span>【ことば】発電所</span><p>電気を起こす施設。谷に三つある。</p></div>',
    '<div class="inner_b"><h3>ふもと鉄工</h3><p>1958年創業。本社は谷口町。従業員9人。2024年の売上高は6千万円。</p></div>',
]


@pytest.mark.parametrize("box", EXPLAINED)
def test_a_box_that_explains_a_word_is_no_part_of_the_report(tmp_path, box):
    inner = f"<h2>秋の谷</h2>{paragraphs(PROSE[:3])}{box}<h2>冬の支度</h2>{paragraphs(PROSE[3:])}"
    assert heard(html(tmp_path, inner)) == ["秋の谷", *PROSE[:3], "冬の支度", *PROSE[3:]]


TOLD = [
    '<div class="step"><h3>水車</h3><p>羽根は一枚ずつ外します。順を間違えると戻せません。</p></div>',
    '<div class="scene"><h3>石を積む</h3><p>河原の石。丸いものは使わない。角のある石だけを選ぶ。</p></div>',
    '<div class="part"><h3>三人の朝</h3><p>朝は六時に集まる。火を入れるのは、いつもいちばん若い人だ。</p></div>',
]


@pytest.mark.parametrize("box", TOLD)
def test_a_box_that_tells_is_heard(tmp_path, box):
    found = heard(html(tmp_path, f"{paragraphs(PROSE[:3])}{box}{paragraphs(PROSE[3:])}"))
    said = box.split("<p>")[1].split("</p>")[0]
    assert [text for text in (*PROSE, said) if text not in found] == []


def test_a_list_of_words_is_the_text_itself(tmp_path):
    words = {"羽根": "水を受ける板。", "水路": "水を引く溝。", "堰": "水をためる壁。", "軸": "車を支える柱。"}
    rows = "".join(f'<div class="glossary"><h3>{term}</h3><p>{said}</p></div>' for term, said in words.items())
    found = heard(html(tmp_path, f"{paragraphs(PROSE[:1])}{rows}"))
    assert [text for text in (*words, *words.values()) if text not in found] == []


def test_turns_of_a_talk_are_the_text_itself(tmp_path):
    turns = [
        ("聞き手", "水車の番は長い？"),
        ("瀬野", "三十年目（笑）。"),
        ("聞き手", "雨の夜は？"),
        ("瀬野", "夜どおしの番。眠りません。"),
    ]
    rows = "".join(f'<div class="u"><span>{who}</span><p>{said}</p></div>' for who, said in turns)
    found = heard(html(tmp_path, f"{paragraphs((*PROSE, '番をするのは瀬野さんだ。'))}{rows}"))
    assert [said for _, said in turns if said not in "".join(found)] == []


def test_companies_in_a_row_are_the_matter(tmp_path):
    says = "創業1950年。本社は谷口町。従業員{}人。"
    rows = "".join(f"<h2>鉄工所{n}</h2><p>{says.format(n)}</p>" for n in range(3, 7))
    assert len(heard(html(tmp_path, f"{paragraphs(PROSE[:2])}{rows}"))) == 10


def test_a_name_in_brackets_closes_a_report_whose_reporter_the_page_names(tmp_path):
    shown = '<figure><img src="a.jpg" alt=""><figcaption>秋の水車、瀬野かおる撮影</figcaption></figure>'
    inner = f"{shown}{paragraphs(PROSE)}<p>【瀬野かおる】</p><div class='w'><h4>谷口町</h4><p>1955年に三つの村が合併。</p></div>"
    assert [text for text in heard(html(tmp_path, inner)) if "秋の水車" not in text] == list(PROSE)


@pytest.mark.parametrize(
    "box",
    [
        '<p class="pull-quote">音が変わったら、止めて見に行く。それだけです</p>',
        '<dl class="shop-info"><dt>水車茶屋</dt><dd>住所：谷口町1</dd><dd>定休日：月曜</dd></dl>',
    ],
)
def test_a_box_that_says_it_again_or_names_a_shop(tmp_path, box):
    assert heard(html(tmp_path, f"{paragraphs(PROSE[:4])}{box}{paragraphs(PROSE[4:])}")) == list(PROSE)


BELOW_NAME = [
    "<h3>石工</h3><p>石を切り、積む職人。</p>",
    "<p>◆谷口町　県の北にある町。人口は約2千人。</p>",
    '<div class="memo"><p>水力発電の割合は、県内で一割ほど。</p></div>',
]


@pytest.mark.parametrize("below", BELOW_NAME)
@pytest.mark.parametrize("name", ["（瀬野かおる）", "（文化部・瀬野かおる）"])
def test_below_the_name_of_who_wrote_it_the_report_is_over(tmp_path, name, below):
    assert heard(html(tmp_path, f"{paragraphs(PROSE)}<p>{name}</p>{below}")) == list(PROSE)


def test_signed_parts_are_a_collection(tmp_path):
    inner = f"{paragraphs(PROSE[:3])}<p>（瀬野かおる）</p><h3>水路の石</h3>{paragraphs(PROSE[3:])}<p>（戸川進）</p>"
    found = heard(html(tmp_path, inner))
    assert [text for text in (*PROSE, "水路の石") if text not in found] == []


PAGE_ITSELF = [
    "## この文章について\n\n[CC BY-NC-SA 4.0](https://c.example/)で公開しています。図は除きます。",
    "## この記事について\n\n去年の集まりで配った冊子から転載し、加筆しました。",
    "## ライセンスについて\n\n文章はCC BY 4.0です。",
    "---\n\n{{< notice info >}}\n石積みの教室のお申し込みは[こちらのフォーム](/f/)から。道具はお貸しします。\n{{< /notice >}}\n\n## この連載について\n\n毎月第一週に更新しています。",
    "---\n\n番の日誌は[別のページ](/m/)にあります。\n\n## 図のこと\n\n図は[写真帳](/p/)より。",
    "***\n\n写真の販売は[店のページ](/s/)で。\n\n本文: CC BY 4.0",
    "この記事は2021年に公開したものを加筆・修正しました。誤りがあれば[issue](/i/)でお知らせください。",
    "※記事の内容は取材当時のものです。",
    "この文章は町の広報の「谷だより」に掲載したものです。無断転載はご遠慮ください。",
    "{{< admonition note お知らせ >}}\n谷ものがたりの第二回は5月に公開予定です。\n{{< /admonition >}}",
    "この原稿は町の文集に寄稿したものを改題し、まとめ直しました。",
    "{{< callout >}}\n水車の見学のご予約は店頭で受け付けています。\n{{< /callout >}}",
    "読んでくださってありがとうございました。感想はコメント欄へどうぞ！",
]


@pytest.mark.parametrize("foot", PAGE_ITSELF)
def test_a_foot_about_the_page_is_silent(tmp_path, foot):
    text = "\n\n".join((PROSE[0], "## 秋の谷", *PROSE[1:4], "## 石を待つ", PROSE[4]))
    wanted = [PROSE[0], "秋の谷", *PROSE[1:4], "石を待つ", PROSE[4]]
    assert heard(marked(tmp_path, f"# 水車\n\n{text}\n\n{foot}\n")) == wanted
    noted = text.replace("小さな水車である。", "小さな水車である[^a]。")
    found = heard(marked(tmp_path, f"# 水車\n\n{noted}\n\n{foot}\n\n[^a]: 落差は四メートル。\n"))
    assert [line for line in found if line not in (*wanted, "落差は四メートル。")] == []


@pytest.mark.parametrize(
    "foot",
    [
        "## この連載について\n\n書きはじめたころ、私はまだ谷に住んでいなかった。水の音だけを聞いていた。",
        "## この記事について話した夜\n\n番の女性は笑った。",
        "---\n\n谷の灯りは、今夜もついている。",
    ],
)
def test_a_last_section_that_tells_is_heard(tmp_path, foot):
    text = "\n\n".join((PROSE[0], "## 秋の谷", *PROSE[1:]))
    last = foot.split("\n\n")[-1]
    assert heard(marked(tmp_path, f"# 水車\n\n{text}\n\n{foot}\n"))[-1] == last


FEED_FEET = [
    "この記事は <a href='/'>谷の灯り通信</a> に最初に掲載されました。",
    "この投稿は「谷の灯り通信」で初めて公開されました。",
    "初出：<a href='/'>谷の灯り通信</a>",
    "続きは<a href='/'>谷の灯り通信</a>でお読みください。",
    "<a href='/'>谷の灯り通信</a>",
    "Originally published at <a href='/'>谷の灯り通信</a>.",
    "This article was originally published on the valley paper.",
    "© 2025 谷の灯り通信",
    "<a href='/'>谷の灯り通信</a>をもっと読む",
]


@pytest.mark.parametrize("foot", FEED_FEET)
def test_what_a_feed_says_of_itself_below_an_entry(tmp_path, foot):
    inner = f"{paragraphs(PROSE)}<p>{foot}</p><p><a href='/c'>ひとこと残す</a> | <a href='/t'>お茶をおごる</a></p>"
    assert heard(feed(tmp_path, inner)) == list(PROSE)


def test_a_feed_with_a_name_of_two_parts_and_its_mail_version(tmp_path):
    foot = "<p>※この記事は瀬野工房の「谷の灯り」に掲載したものです。</p>"
    above = "<p>この記事はメール版でもお届けしています。ブラウザで読む</p>"
    assert heard(feed(tmp_path, above + paragraphs(PROSE) + foot, "谷の灯り | 瀬野工房")) == list(PROSE)


@pytest.mark.parametrize("last", ["谷の灯り通信という名は、番の女性がつけた。", "灯りは、最初に谷の奥の家でついた。"])
def test_a_sentence_with_the_feeds_name_is_heard(tmp_path, last):
    assert heard(feed(tmp_path, paragraphs((*PROSE, last)))) == [*PROSE, last]


@pytest.mark.parametrize(
    "line",
    [
        "本報告に関する取材のお申し込みは総務係（内線214）まで",
        "取材のご依頼は、発電所の広報係（電話 0000-11-2222）へお願いします。",
        "本資料についてのご質問は、谷口までご連絡ください。",
        "写真の借用のお申し込みは資料室にて承ります。",
        "この冊子へのご感想は編集委員会宛にお寄せください。",
        "落丁・乱丁のお取り替えは発行元まで。",
        "本報告書の内容に関する問い合わせ：水路班　瀬野（内線 32）",
        "投稿はこちら　mizu@valley.example",
    ],
)
def test_whom_to_ask_about_a_paper_is_none_of_its_text(tmp_path, line):
    assert heard(word(tmp_path, line)) == list(PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "水車の見学の申し込みは、発電所の窓口まで。",
        "取材の申し込みは三年のあいだに二件しかなかった。",
        "写真コンテストへのご応募は谷口町の産業課まで。",
        "この報告を書き終えた朝、水車は止まっていた。",
    ],
)
def test_whom_to_ask_about_the_matter_is(tmp_path, line):
    assert heard(word(tmp_path, line)) == [*PROSE, line]


@pytest.mark.parametrize("name", ["保守課　瀬野 かおる", "水路班　戸川進（技師）"])
def test_who_wrote_a_paper_below_its_title(tmp_path, name):
    path, made = tmp_path / "a.docx", docx.Document()
    made.add_paragraph("水車", style="Title")
    for line in (name, *PROSE):
        made.add_paragraph(line)
    made.save(str(path))
    assert heard(path) == list(PROSE)


@pytest.mark.parametrize("head", ["次号予告", "来月号のご案内", "次回のテーマ"])
def test_what_the_next_issue_brings(tmp_path, head):
    path, made = tmp_path / "a.docx", docx.Document()
    made.add_paragraph("水車", style="Title")
    for line in PROSE:
        made.add_paragraph(line)
    made.add_paragraph(head, style="Heading 1")
    made.add_paragraph("特集「谷の雪」。雪の写真をお待ちしています。")
    made.save(str(path))
    assert heard(path) == list(PROSE)


def office(folder, name, head, office="上下水道課　管理係", tag="div"):
    path = folder / "a.html"
    path.write_text(
        f"<!doctype html><title>水路の清掃</title><body><div id='main'><h1>水路の清掃</h1><div id='honbun'><h2>日どり</h2>{paragraphs(PROSE)}</div>"
        f"<{tag} id='{name}'><h2>{head}</h2><p>{office}</p><p>電話番号：0000-11-2222</p></{tag}></div>",
        "utf-8",
    )
    return path


@pytest.mark.parametrize("name", ["section_footer", "sec-bottom", "boxA", "tantoka"])
@pytest.mark.parametrize(
    "head", ["このページに関するお問い合わせ先", "この記事についての問い合わせ先", "お問い合わせ先"]
)
def test_an_office_below_a_notice_is_heard_whatever_its_box_is_called(tmp_path, name, head):
    if (name, head) != ("section_footer", "お問い合わせ先"):
        assert heard(office(tmp_path, name, head))[-3:] == [head, "上下水道課　管理係", "電話番号：0000-11-2222"]


def test_an_office_in_one_word_is_one(tmp_path):
    assert heard(office(tmp_path, "boxB", "このページに関するお問い合わせ先", "管理課"))[-2:] == [
        "管理課",
        "電話番号：0000-11-2222",
    ]


def test_a_sites_own_address_is_not_heard(tmp_path):
    assert heard(office(tmp_path, "foot", "お問い合わせ", "谷口町役場"))[-1] == PROSE[-1]
    assert heard(office(tmp_path, "x", "お問い合わせ先", "谷口町役場　代表", tag="footer"))[-1] == PROSE[-1]
    inside = "</p><div class='adr'><h2>お問い合わせ先</h2><p>管理課</p><p>電話 0000-11-2222</p></div><p>"
    assert heard(office(tmp_path, "z", "谷口町", inside, tag="footer"))[-1] == PROSE[-1]
    assert heard(office(tmp_path, "y", "このページに関するお問い合わせ先", "谷口水力株式会社　営業課"))[-1] == PROSE[-1]
