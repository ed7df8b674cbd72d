"""Pages as editors and themes write them: what is one line, who speaks in a balloon, what stands beside the text."""

import time

import pytest

from yomicast import article, script
from yomicast.settings import ScriptSettings

PAGE = '<html><body><article><h1>題名はここにある</h1><div class="entry-content">{}</div></article></body></html>'
LONG = "春になると、町の人たちは川べりに集まり、古い桜の下で弁当を広げる。今年もその日が来た。"
PROSE = f"<p>{LONG}</p>"


def read(tmp_path, body, page=PAGE):
    path = tmp_path / "page.html"
    path.write_text(page.replace("{}", body), "utf-8")
    return article.read(str(path))


def texts(found):
    return [(block.kind, block.text) for block in found.blocks if block.kind != "title"]


def reasons(found):
    return {item.text: item.reason for item in found.dropped}


def test_nameless_divs_are_lines_and_empty_ones_part_paragraphs(tmp_path):
    found = read(
        tmp_path,
        "<div>朝から雨が</div><div>降っていた。</div><div><br></div><div>傘を持って出かけた。</div><div>風が強い。</div>",
    )
    assert [text for _, text in texts(found)] == ["朝から雨が降っていた。", "傘を持って出かけた。風が強い。"]


def test_divs_without_an_empty_one_between_stay_paragraphs(tmp_path):
    found = read(tmp_path, "<div>朝から雨だ。</div><div>昼には止んだ。</div><div>夜は星が出た。</div>")
    assert len(texts(found)) == 3


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ("店主の青木さんは顔を上げ、<br>「油が切れただけです」<br>と笑った。", 1),
        ("青木さんは<br>「油が切れただけです」<br>と言った。", 1),
        ("青木さんが顔を上げた。<br>「油が切れただけです」<br>ところが時計は動かない。", 3),
        ("「油が切れただけです」<br>とはいえ、心配だ。", 2),
    ],
)
def test_a_sentence_set_round_speech_is_one(tmp_path, lines, joined):
    found = read(tmp_path, PROSE + f"<p>{lines}</p>")
    assert len([text for _, text in texts(found) if "川べり" not in text]) == joined


def test_a_balloon_gives_its_speaker(tmp_path):
    for markup in (
        (
            '<div class="speech-wrap"><div class="speech-person"><div class="speech-name">花子</div></div>'
            '<div class="speech-balloon"><p>日当たりは要りますか。</p></div></div>'
        ),
        '<div class="kaiwa-box"><div class="kaiwa-face-name">花子</div><div class="kaiwa-area">日当たりは要りますか。</div></div>',
        '<div class="voice clearfix"><div class="icon"><div class="name">花子</div></div><div class="text">日当たりは要りますか。</div></div>',
    ):
        found = read(tmp_path, PROSE + markup)
        assert [(b.speaker, b.text) for b in found.blocks if b.speaker] == [("花子", "日当たりは要りますか。")]
        assert reasons(found)["花子"] == "speaker-label"


def test_a_box_with_a_tab_is_no_navigation(tmp_path):
    found = read(
        tmp_path,
        PROSE + '<div class="tab-caption-box"><div class="tab-caption-box-label">要点</div>'
        '<div class="tab-caption-box-content"><p>苗は太いものを選ぶ。</p></div></div>',
    )
    assert "苗は太いものを選ぶ。" in [text for _, text in texts(found)]


def test_words_that_name_junk_elsewhere_do_not_take_running_text(tmp_path):
    text = "この制度は、子育て中の家庭を支えるために設けられた。申し込みは年に二回で、市の窓口で受け付けている。郵送でもよく、手数料はかからない。"
    found = read(tmp_path, PROSE + f'<div class="support"><p>{text}</p></div>')
    assert text in [block.text for block in found.blocks]
    linked = read(tmp_path, PROSE + f'<div class="support"><p>{text}</p><p><a href="/x">支援する</a></p></div>')
    assert text not in [block.text for block in linked.blocks]


def test_what_stands_above_the_title_is_no_text(tmp_path):
    page = (
        '<html><body><div class="contents"><p>【照会先】</p><p>住宅局 担当 小野（内線12）</p><h1>取りまとめを公表します</h1>'
        + PROSE
        + PROSE
        + "</div></body></html>"
    )
    found = read(tmp_path, "", page)
    assert found.title == "取りまとめを公表します"
    assert {reasons(found)[text] for text in ("【照会先】", "住宅局 担当 小野（内線12）")} == {"header"}


def test_a_second_title_below_the_first_is_no_chapter(tmp_path):
    page = PAGE.replace("</h1>", '</h1><h2 class="sub_title">毎日の暮らしに木の響きを</h2>')
    found = read(tmp_path, PROSE + "<h2>開発の背景</h2>" + PROSE, page)
    assert [text for kind, text in texts(found) if kind == "heading"] == ["開発の背景"]


def test_links_to_other_pages_and_signatures_go(tmp_path):
    found = read(
        tmp_path,
        PROSE
        + "<p>【関連】街の本屋、十年で三割減</p><p>店は静かに閉じられた。（文・写真　安田拓）</p><p>（早川結衣）</p>",
    )
    assert [text for _, text in texts(found)][1:] == ["店は静かに閉じられた。"]
    assert {"related", "byline"} <= set(reasons(found).values())


def test_a_picture_described_twice_is_told_once(tmp_path):
    found = read(
        tmp_path,
        PROSE + '<figure><img alt="閉店の張り紙を見る客"><figcaption>閉店の張り紙を見る客＝19日</figcaption></figure>',
    )
    assert [kind for kind, _ in texts(found)] == ["paragraph", "caption"]


def test_a_caption_stands_before_its_legend(tmp_path):
    found = read(
        tmp_path, PROSE + "<figure><img alt=''><figcaption>機械の外観</figcaption><div>背面に注意。</div></figure>"
    )
    assert [text for _, text in texts(found)][1:] == ["機械の外観", "背面に注意。"]


@pytest.mark.parametrize(
    ("rows", "info"),
    [
        ("<tr><td>製品名</td><td>こだま</td></tr><tr><td>価格</td><td>千円</td></tr>", "none"),
        ("<tr><th>対象</th><td>市民</td></tr><tr><th>料金</th><td>無料</td></tr>", "none"),
        ("<tr><th>品目</th><th>料金</th></tr><tr><td>いす</td><td>四百円</td></tr>", ""),
    ],
)
def test_a_table_of_names_and_values_has_no_head(tmp_path, rows, info):
    found = read(tmp_path, PROSE + f"<table>{rows}</table>")
    assert next(block.info for block in found.blocks if block.kind == "table") == info


def test_a_column_of_links_in_a_layout_table_is_a_menu(tmp_path):
    page = (
        "<html><head><title>峠の茶屋</title></head><body><table><tr><td><a href='1'>日記</a><br><a href='2'>掲示板</a><br>"
        "<a href='3'>リンク</a><br>三百人目のお客様です</td><td><h1>峠の茶屋</h1>"
        + PROSE
        + "</td></tr></table></body></html>"
    )
    found = read(tmp_path, "", page)
    assert "日記掲示板リンク三百人目のお客様です" in reasons(found)


def test_numbers_of_steps_and_printed_bullets_are_not_said(tmp_path):
    found = read(
        tmp_path,
        PROSE + '<ul><li><div class="number">STEP1</div><div>米を研ぐ</div></li></ul><p>・予診票<br>・自己負担金</p>',
    )
    items = [(block.text, block.info) for block in found.blocks if block.kind == "list_item"]
    assert items == [("米を研ぐ", "STEP1"), ("予診票", ""), ("自己負担金", "")]


def test_code_between_tags_of_generators_is_code(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "# 題名\n\n本文はここから始まる。\n\n{% highlight ruby %}\nputs 1\n{% endhighlight %}\n\n"
        '{{< highlight go >}}\nfmt.Println("x")\n{{< /highlight >}}\n\n==大事==は H~2~O と x^2^ だ。\n',
        "utf-8",
    )
    found = article.read(str(path))
    assert [(b.text, b.info) for b in found.blocks if b.kind == "code"] == [
        ("puts 1", "ruby"),
        ('fmt.Println("x")', "go"),
    ]
    assert found.blocks[-1].text == "大事は H2O と x² だ。"


def test_options_of_sphinx_do_not_lose_the_code(tmp_path):
    path = tmp_path / "a.rst"
    path.write_text(
        "題名\n====\n\n本文はここから始まります。\n\n.. code-block:: console\n   :linenos:\n   :caption: 例\n\n   $ run\n\n"
        ".. todo:: 図を足す\n\n.. only:: html\n\n   画面で読む人へ。図は大きく開けます。\n\n.. only:: html\n\n   この頁の `元の文書 <a.rst>`_ も読めます。\n",
        "utf-8",
    )
    found = article.read(str(path))
    assert "$ run" in [block.text.strip() for block in found.blocks if block.kind == "code"]
    assert [block.text for block in found.blocks if block.kind == "paragraph"] == [
        "本文はここから始まります。",
        "画面で読む人へ。図は大きく開けます。",
    ]


def test_a_link_round_a_title_and_a_summary_is_a_card(tmp_path):
    found = read(
        tmp_path,
        PROSE + '<a href="/x"><div>ほどけない靴ひも</div><div>写真で説明します。</div></a>'
        '<figure><a href="/y"><strong>傘の日のはなし</strong><em>記念日です。</em></a></figure>'
        '<p><a href="/z"><img src="a.jpg"><span>靴下の選び方</span></a></p>',
    )
    assert [text for _, text in texts(found)] == [texts(read(tmp_path, PROSE))[0][1]]
    assert [item.reason for item in found.dropped if item.text.startswith(("ほど", "傘", "靴下"))] == ["link-card"] * 3


def test_a_folding_label_is_text_and_a_form_is_not(tmp_path):
    found = read(
        tmp_path,
        PROSE
        + '<div class="accordion"><input type="checkbox" id="a"><label class="accordion__title" for="a">犬と歩くときは</label>'
        "<div><p>歩幅を合わせます。</p></div></div><form><p>役に立ちましたか。</p><input type='radio'><input type='submit'></form>",
    )
    assert [text for _, text in texts(found)][1:] == ["犬と歩くときは", "歩幅を合わせます。"]


def test_a_conversation_set_as_terms_has_speakers_but_a_list_of_terms_has_none(tmp_path):
    talk = "<dl><dt>森</dt><dd>負けた話をします。</dd><dt>林</dt><dd>耳が痛いです。</dd><dt>森</dt><dd>それだけです。</dd></dl>"
    found = read(tmp_path, PROSE + talk)
    assert [block.speaker for block in found.blocks if block.speaker] == ["森", "林", "森"]
    terms = "<dl><dt>価格</dt><dd>千円です。</dd><dt>重さ</dt><dd>二百グラムです。</dd></dl>" * 2
    assert not any(block.speaker for block in read(tmp_path, PROSE + terms).blocks)


def test_pros_and_cons_in_bold_are_no_conversation(tmp_path):
    pair = "<p><b>長所</b>：軽いことです。</p><p><b>短所</b>：高いことです。</p>"
    found = read(tmp_path, f"<h2>青の鞄</h2>{pair}<h2>赤の鞄</h2>{pair}<h2>黒の鞄</h2>{pair}")
    assert not any(block.speaker for block in found.blocks)


def test_ranks_of_guessed_headings_follow_their_first_use(tmp_path):
    found = read(
        tmp_path,
        "".join(f"<p><b>{mark}</b></p>{PROSE}" for mark in ("■春の部", "◇桜", "◇菜の花", "■夏の部")),
    )
    assert [(b.text, b.level) for b in found.blocks if b.kind == "heading"] == [
        ("春の部", 7),
        ("桜", 8),
        ("菜の花", 8),
        ("夏の部", 7),
    ]


def test_a_section_of_links_goes_to_the_notes_and_one_of_books_stays(tmp_path):
    links = '<h2>参考リンク</h2><ul><li><a href="https://example.jp/a">資料館の案内</a></li></ul>'
    books = "<h2>参考文献</h2><ul><li>松本『坂の研究』（南書房）</li></ul>"
    found = read(tmp_path, f"<h2>はじめに</h2>{PROSE}{books}{links}")
    assert [text for kind, text in texts(found) if kind == "heading"] == ["はじめに", "参考文献"]
    assert ("資料館の案内", "https://example.jp/a") in [(link.text, link.url) for link in found.links]


def test_attached_files_are_declared_not_read(tmp_path):
    found = read(tmp_path, PROSE + '<p><a href="a.pdf">利用申込書（PDF：142KB）</a></p>' + PROSE)
    assert reasons(found)["利用申込書（PDF：142KB）"] == "attachment"
    made = script.write(found, ScriptSettings(), show="番組")
    assert ["添付ファイル 1 点" in message.ja for message in made.omissions] == [True]


def test_the_contents_of_a_pasted_text_say_what_is_a_heading(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "川を歩く\n\n川べりの道を、上流まで歩いてみた。\n\n目次 [非表示]\n1 橋のたもと\n1.1 「渡るな」\n2 水源\n\n橋のたもと\n\n"
        "橋は三つある。どれも古い。\n\n「渡るな」\n\n札にはそう書いてあった。\n\n水源\n\n水は岩の間から湧いていた。\n",
        "utf-8",
    )
    found = article.read(str(path))
    assert [(b.text, b.level) for b in found.blocks if b.kind == "heading"] == [
        ("橋のたもと", 2),
        ("「渡るな」", 3),
        ("水源", 2),
    ]


def test_lists_in_a_long_text_are_compared_with_its_headings_once(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text(
        "長い記事\n\n" + "".join(f"■第{n}の話\n\n本文の{n}番目です。\n\n1 行く\n2 帰る\n\n" for n in range(2500)),
        "utf-8",
    )
    started = time.process_time()
    article.read(str(path))
    assert time.process_time() - started < 20


def test_what_is_struck_by_its_style_is_not_said(tmp_path):
    page = tmp_path / "a.html"
    page.write_text(
        f"<article><h1>記録</h1><p>{LONG}</p><p>今年は<span style='text-decoration: line-through'>九本</span>八本です。</p></article>",
        "utf-8",
    )
    found = article.read(str(page))
    assert found.blocks[-1].text == "今年は八本です。"
    assert ("九本", "struck") in {(item.text, item.reason) for item in found.dropped}


def test_an_expert_heard_in_a_box_is_text_and_readers_comments_are_not(tmp_path):
    remark = "港の灯は船の目です。消せば船は来なくなります。町はそれを忘れないでほしい。長く見てきた者として、そう思います。見守りたい。"
    boxes = (
        f"<div class='CommentBox'><h3>港湾に詳しい瀬川教授の話</h3><p>{remark}</p></div>"
        "<div class='comments'><h3>コメント</h3><ul><li>いい記事でした。ありがとう。</li></ul></div>"
    )
    page = tmp_path / "a.html"
    page.write_text(f"<article><h1>港の灯</h1><p>{LONG}</p>{boxes}</article>", "utf-8")
    said = [block.text for block in article.read(str(page)).blocks]
    assert remark in said
    assert "港湾に詳しい瀬川教授の話" in said
    assert "いい記事でした。ありがとう。" not in said


def test_a_box_that_sells_a_book_is_no_text_and_a_table_of_prices_is(tmp_path):
    sold = "<table border=1><tr><td><a href=o>川の本</a><br>定価2,640円（税込）<br>この本を注文する</td></tr></table>"
    prices = "<table border=1><tr><td>大人</td><td>500円</td></tr><tr><td>子ども</td><td>200円</td></tr></table>"
    page = tmp_path / "a.html"
    page.write_text(f"<article><h1>川の本</h1><p>{LONG}</p>{sold}<p>{LONG}</p>{prices}<p>{LONG}</p></article>", "utf-8")
    found = article.read(str(page))
    assert [block.rows[0] for block in found.blocks if block.rows] == [("大人", "500円")]
    assert "product" in {item.reason for item in found.dropped}
    assert not any("注文" in block.text for block in found.blocks)


def test_paragraphs_that_count_in_kanji_are_a_list(tmp_path):
    page = tmp_path / "a.html"
    page.write_text(
        f"<article><h1>箒</h1><p>{LONG}</p><p>一、皮をむく。</p><p>二、玉を作る。</p><p>{LONG}</p></article>", "utf-8"
    )
    items = [block.text for block in article.read(str(page)).blocks if block.kind == "list_item"]
    assert items == ["皮をむく。", "玉を作る。"]


def test_what_an_abbreviation_stands_for_is_a_tooltip(tmp_path):
    page = tmp_path / "a.rst"
    page.write_text(f"時計\n====\n\n{LONG}\n\n:abbr:`NTP (Network Time Protocol)` で合わせます。\n", "utf-8")
    found = article.read(str(page))
    assert found.blocks[-1].text == "NTP で合わせます。"
    assert "tooltip" in {item.reason for item in found.dropped}


BLOCKQUOTE = "<blockquote>{}</blockquote>"


def test_a_quotation_round_the_whole_page_is_a_margin_and_one_inside_the_text_is_none(tmp_path):
    said = "<p>舟は朝に出て、夕べに帰る。荷は塩と米である。</p>"
    margin = read(
        tmp_path, "<h2>川の道</h2>" + PROSE * 3 + BLOCKQUOTE.format(said), "<body><blockquote>{}</blockquote></body>"
    )
    assert [block.kind for block in margin.blocks if "舟は" in block.text] == ["quote"]
    assert {block.kind for block in margin.blocks if "舟は" not in block.text} <= {"title", "heading", "paragraph"}
    long = read(tmp_path, PROSE + BLOCKQUOTE.format(said * 2))
    assert [block.kind for block in long.blocks if "舟は" in block.text] == ["quote", "quote"]


def test_notices_in_a_pages_foot_are_judged_line_by_line(tmp_path):
    foot = "<p>画面は解像度1024×768以上の表示でご覧ください。<br>文章の無断転載はお断りします。<br>Copyright(C)2001 川の会</p>"
    assert "1024" not in "".join(text for _, text in texts(read(tmp_path, PROSE + foot)))
    prose = (
        "<p>この作家は許しを得ずに書き写した。<br>無断転載は禁じられていた。<br>それでも本は町じゅうで読まれた。</p>"
    )
    assert texts(read(tmp_path, PROSE + prose))[-1][1].count("。") == 3


def test_a_card_of_wordpress_goes_and_its_other_blocks_stay(tmp_path):
    card = '<div class="wp-block-embed is-type-wp-embed"><blockquote class="wp-embedded-content"><a>靴の磨き方</a></blockquote><p>布を一枚用意します。</p></div>'
    kept = '<div class="wp-block-group is-type-plain"><p>布は綿がよい。</p></div>'
    found = read(tmp_path, PROSE + card + kept)
    assert [text for _, text in texts(found)][1:] == ["布は綿がよい。"]
    assert {item.reason for item in found.dropped if "布を一枚" in item.text} == {"link-card"}


@pytest.mark.parametrize(
    "label", ["この記事で紹介したお店", "今回の記事で取材した場所", "■この特集に登場した宿", "この記事で使った道具"]
)
def test_addresses_below_a_text_are_no_text(tmp_path, label):
    path = tmp_path / "a.txt"
    body = "坂の多い町\n\n" + "石の坂を上ると、古い茶屋が見えてくる。\n\n店の人は湯を沸かして待っていた。\n\n" * 3
    path.write_text(f"{body}{label}\n茶屋みなと　港町3-2　10:00〜17:00\n地図で見る\n", "utf-8")
    found = article.read(str(path))
    assert found.blocks[-1].text == "店の人は湯を沸かして待っていた。"
    path.write_text(f"{body}{label.strip('■')}は、どれも歩いて行ける。\n", "utf-8")
    assert article.read(str(path)).blocks[-1].text.endswith("歩いて行ける。")


def test_a_file_of_sphinx_says_sentences_only(tmp_path):
    path = tmp_path / "a.rst"
    path.write_text(
        "題名\n====\n\n水は\\ **2杯**\\ 入れます [#a]_。火は*弱く*します。面積は縦*横*高さではなく 3*4 です。\n\n"
        ".. seealso::\n\n   『鍋の手入れ帖』第三版\n\n.. seealso::\n\n   鍋の洗い方は別の頁で説明します。\n\n"
        ".. [#a] 軟水なら少なめに。\n\n.. only:: html\n\n   作成 |today|　台所の会\n",
        "utf-8",
    )
    found = article.read(str(path))
    heard = [block.text for block in found.blocks if block.kind in ("paragraph", "aside")]
    assert heard == [
        "水は2杯入れます。火は弱くします。面積は縦横高さではなく 3*4 です。",
        "鍋の洗い方は別の頁で説明します。",
    ]
    gone = "".join(item.text for item in found.dropped)
    assert "鍋の手入れ帖" in gone
    assert "台所の会" in gone


def test_what_a_feed_says_twice_is_left_out_in_its_own_order(tmp_path):
    said = [f"{number}通りの要約です。" for number in "一二三四五六"]
    bodies = "".join(f"<content>{text}</content>" for text in [*said, LONG])
    path = tmp_path / "feed.xml"
    path.write_text(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>町</title><entry><title>題名</title>{bodies}</entry></feed>',
        "utf-8",
    )
    assert [item.text for item in article.read(str(path)).dropped if item.reason == "summary"] == said


def test_a_turn_has_the_name_as_the_text_calls_it_and_ends_where_the_narrator_goes_on(tmp_path):
    intro = "<p>北港で船を直す蓮沼ふゆさん（61）を訪ねた。聞き手は編集部の角田。</p>"
    turns = "".join(
        f"<p><b>{who}：</b>{text}</p>"
        for who, text in (
            ("角田", "船は何年もつのですか。"),
            ("蓮沼", "手を入れれば五十年です。"),
            ("角田", "木を替えながらですね。"),
            ("蓮沼", "釘も替えます。"),
        )
    )
    found = read(
        tmp_path, f"{intro}{turns}<p>もちろん、塗りもします。</p><p>話の合間に、古い図面を見せてもらった。</p>"
    )
    said = [block.speaker for block in found.blocks if block.kind == "paragraph"]
    assert said == ["", "角田", "蓮沼ふゆさん", "角田", "蓮沼ふゆさん", "蓮沼ふゆさん", ""]


def test_a_block_quote_round_the_whole_page_is_a_margin_and_a_short_one_a_quotation(tmp_path):
    table = "<table><tr><th>年</th><th>便</th></tr><tr><td>昭和三年</td><td>四往復</td></tr></table>"
    body = f"<blockquote>{PROSE}{table}{PROSE}</blockquote><blockquote><p>雨は歌う。</p></blockquote>"
    assert [kind for kind, _ in texts(read(tmp_path, body))] == ["paragraph", "table", "paragraph", "quote"]
    quoted = f"{PROSE}<blockquote>{PROSE}{PROSE}</blockquote>"
    assert [kind for kind, _ in texts(read(tmp_path, quoted))] == ["paragraph", "quote", "quote"]
    twice = (
        f"<blockquote><blockquote>{PROSE}{PROSE}<blockquote><p>雨は歌う。</p></blockquote></blockquote></blockquote>"
    )
    assert [kind for kind, _ in texts(read(tmp_path, twice))] == ["paragraph", "paragraph", "quote"]


@pytest.mark.parametrize(
    ("before", "kind"),
    [("渡し場の記録には、次のような一行がある。", "quote"), ("渡し場は昭和の終わりに閉じた。", "paragraph")],
)
def test_words_in_a_frame_of_one_cell_are_a_quotation_where_the_text_announces_one(tmp_path, before, kind):
    frame = "<table><tr><td>水、三尺。舟を出さず。</td></tr></table>"
    found = read(tmp_path, f"{PROSE}<p>{before}</p>{frame}{PROSE}")
    assert (kind, "水、三尺。舟を出さず。") in texts(found)


@pytest.mark.parametrize(
    ("lead", "indent", "kinds"),
    [
        ("会の渡辺さんから手紙をいただきました。一部を紹介します。", "", "quote"),
        ("会の渡辺さんから手紙をいただきました。", "", "paragraph"),
        ("会の渡辺さんから手紙をいただきました。一部を紹介します。", "　", "paragraph"),
    ],
)
def test_an_announced_paragraph_that_alone_is_set_in_is_a_quotation(tmp_path, lead, indent, kinds):
    rows = [
        "題名はここにある",
        f"{indent}{LONG}",
        f"{indent}{lead}",
        "　舟は出ます。水が引けば。",
        *[f"{indent}{LONG}"] * 4,
    ]
    path = tmp_path / "page.txt"
    path.write_text("\n\n".join(rows), "utf-8")
    assert (kinds, "舟は出ます。水が引けば。") in texts(article.read(str(path)))
