"""What a page says beside its text with the text's own means: calendars, notices below a rule, cues, credits; and text like them."""

import pytest

from yomicast import article

LEAD = "染め場の朝は、藍甕の蓋を上げるところから始まる。泡の色で、その日の濃さが分かる。"
REST = (
    "布は三度沈める。一度目はまだ緑に見え、引き上げると風で青に変わる。",
    "水で洗って、軒先に干す。乾くまでの二時間、誰も布に触らない。",
    "甕は夜のうちに静かになる。翌朝また蓋を上げる。",
)


def html(tmp_path, *parts):
    page = tmp_path / "page.html"
    body = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    page.write_text(
        f"<!doctype html><title>藍の朝</title><main><article><h1>藍の朝</h1>{body}</article></main>", "utf-8"
    )
    return [block.text for block in article.read(str(page)).blocks if block.kind not in ("title", "figure")]


def markdown(tmp_path, text):
    page = tmp_path / "page.md"
    page.write_text(f"# 藍の朝\n\n{text}\n\n" + "\n\n".join((LEAD, *REST)), "utf-8")
    return [block.text for block in article.read(str(page)).blocks if block.kind != "title"]


@pytest.mark.parametrize(
    "line",
    [
        "[染めもの Advent Calendar 2025](https://example.org/c) の 8 日目の記事です。明日は @midori_hata さんの番です。",
        "[草木リレーブログ](https://example.org/r)の第3回です。前回は畑さんの「茜を掘る」でした。",
    ],
)
def test_whose_turn_it_is_in_a_calendar_is_silent(tmp_path, line):
    assert markdown(tmp_path, line) == [LEAD, *REST]


def test_whose_turn_it_is_is_heard_where_the_author_boxed_it_without_a_link(tmp_path):
    said = "この記事は「染めもの Advent Calendar」8日目の記事です。"
    assert markdown(tmp_path, f":::message\n{said}\n:::") == [said, LEAD, *REST]


@pytest.mark.parametrize(
    "item", ["洗い中：二人目の職人が水を替えている", "五人目の弟子が蓋を上げた日のこと", "三人目の孫"]
)
def test_who_comes_as_what_number_is_no_counter(tmp_path, item):
    assert html(tmp_path, LEAD, f"<ul><li>{item}</li></ul>", *REST) == [LEAD, item, *REST]


@pytest.mark.parametrize("line", ["あなたは 4821 人目のお客様です", "人目の旅人さん", "００１２人目のご訪問"])
def test_counters_are_silent(tmp_path, line):
    assert html(tmp_path, LEAD, *REST, line) == [LEAD, *REST]


@pytest.mark.parametrize(
    "box",
    [
        "<div class='k9'><p>藍染めキット「あおぞら」</p><p>送料はいりません</p><a href='#'>くわしく</a></div>",
        "<section><p>はじめての型染め便</p><button>申し込む</button></section>",
    ],
)
def test_the_box_below_an_advertisements_label_is_silent(tmp_path, box):
    label = "<p class='z1'>スポンサーリンク</p>"
    assert html(tmp_path, LEAD, REST[0], label, box, *REST[1:]) == [LEAD, *REST]


def test_a_table_or_words_without_a_link_below_the_label_are_heard(tmp_path):
    label = "<p class='z1'>スポンサーリンク</p>"
    kept = "<div><p>甕の温度は二十度より下げない。</p></div>"
    assert "甕の温度は二十度より下げない。" in html(tmp_path, LEAD, REST[0], label, kept, *REST[1:])


@pytest.mark.parametrize(
    "line",
    ["【お知らせ】型染めの会は定員に達しました。次の回は春です。", "弟子募集中！見学は火曜の朝に染め場までどうぞ。"],
)
def test_notices_below_the_last_rule_are_silent_and_heard_without_it(tmp_path, line):
    assert html(tmp_path, LEAD, *REST, "<hr>", line) == [LEAD, *REST]
    assert line in html(tmp_path, LEAD, line, *REST)


@pytest.mark.parametrize("cue", ["（クリックで開く）", "(長いので折りたたみ)", "【タップで展開】"])
def test_a_folded_title_is_heard_without_its_cue(tmp_path, cue):
    fold = f"<details><summary>使った布{cue}</summary><p>麻を二反、木綿を一反。</p></details>"
    assert html(tmp_path, LEAD, fold, *REST) == [LEAD, "使った布", "麻を二反、木綿を一反。", *REST]


def test_a_folded_title_keeps_other_brackets(tmp_path):
    fold = "<details><summary>使った布（麻）</summary><p>二反を使った。</p></details>"
    assert html(tmp_path, LEAD, fold, *REST)[1] == "使った布（麻）"


@pytest.mark.parametrize("credit", ["写真／青木しほ", "撮影=青木 しほ", "写真・図版／染め場資料室"])
def test_a_caption_ends_before_its_photographer(tmp_path, credit):
    figure = f"<figure><img src='a.jpg' alt=''><figcaption>軒先の布。風で青くなる {credit}</figcaption></figure>"
    found = html(tmp_path, LEAD, figure, *REST)
    assert any("風で青くなる" in text for text in found)
    assert not any(credit in text for text in found)


def test_the_label_profile_above_who_speaks_is_silent_and_they_are_not(tmp_path):
    found = html(
        tmp_path,
        LEAD,
        "<p><b>プロフィール</b><br>青木しほ（あおき・しほ）1970年生まれ。染め手。</p>",
        "<h2>甕</h2>",
        *REST,
    )
    assert "プロフィール" not in found
    assert any("1970年生まれ" in text for text in found)


def test_a_bold_profile_above_a_text_without_headings_takes_nothing_of_it(tmp_path):
    found = html(tmp_path, LEAD, "<p><b>プロフィール</b><br>青木しほ（あおき・しほ）1970年生まれ。染め手。</p>", *REST)
    assert found[0] == LEAD
    assert found[-3:] == list(REST)


def test_an_address_begins_its_own_line(tmp_path):
    found = html(
        tmp_path,
        LEAD,
        *REST,
        "<h2>お問い合わせ</h2><p>青海町役場 産業振興課 藍と染織を伝える係<br>〒000-0000 青海町浜通り北1番地の3<br>電話：00-0000-0000</p>",
    )
    assert {"青海町役場 産業振興課 藍と染織を伝える係", "〒000-0000 青海町浜通り北1番地の3"} <= set(found)


def test_one_bare_line_that_names_is_a_heading_where_contents_name_the_others(tmp_path):
    text = (
        "藍の朝\n\n目次\n甕を開ける\n布を干す\n\n{}\n\n甕を開ける\n\n{}\n\n{}\n\n青になるもの、ならないもの\n\n"
        "絹はよく染まりますが、羊毛は途中で固くなります。\n\n布を干す\n\n{}\n\n{}\n"
    ).format(LEAD, *REST, "干し終わると、皆で茶を飲む。話すのはたいてい雨のことだ。")
    (tmp_path / "page.txt").write_text(text, "utf-8")
    heads = [block.text for block in article.read(str(tmp_path / "page.txt")).blocks if block.kind == "heading"]
    assert heads == ["甕を開ける", "青になるもの、ならないもの", "布を干す"]


def test_contents_end_where_a_short_sentence_begins_the_text(tmp_path):
    short = "甕は北の土間にあります。"
    text = f"藍の朝\n\n目次\n甕を開ける\n布を干す\n\n{short}\n\n甕を開ける\n\n{REST[0]}\n\n布を干す\n\n{REST[1]}\n"
    (tmp_path / "page.txt").write_text(text, "utf-8")
    found = [block.text for block in article.read(str(tmp_path / "page.txt")).blocks]
    assert found == ["藍の朝", short, "甕を開ける", REST[0], "布を干す", REST[1]]
