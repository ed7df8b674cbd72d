"""Boxes of goods and advertisements by what they hold: they go; text that speaks of shops, prices and adverts stays."""

import pytest

from yomicast import article

TEXT = (
    "窯を開ける朝は、町じゅうの犬がよく吠える。煙の匂いが変わるからだと、組合の老人は言う。",
    "棚板を外すと、灰をかぶった徳利が並んでいた。ひとつだけ、口の欠けたものがある。",
)


def heard(folder, between, wrap="div"):
    page = folder / "page.html"
    body = f"<h1>窯の朝</h1><h2>窯出し</h2><p>{TEXT[0]}</p>{between}<p>{TEXT[1]}</p>"
    page.write_text(f"<!doctype html><title>窯の朝</title><{wrap} class='post-body'>{body}</{wrap}>", encoding="utf-8")
    return [block.text for block in article.read(str(page)).blocks if block.kind not in ("title", "figure")]


@pytest.mark.parametrize(
    ("between", "kept"),
    [
        ("<ul><li>Amazon</li><li>楽天市場</li><li>町の荒物屋</li></ul>", ["Amazon", "楽天市場", "町の荒物屋"]),
        (
            "<div><p>徳利は市場で買う。</p><p>値は一本三千円。</p></div>",
            ["徳利は市場で買う。", "値は一本三千円。"],
        ),
        (
            "<div class='memo'><p>日時：十月四日</p><p>参加費：500円</p><p><a href='#'>予約する</a></p></div>",
            ["日時：十月四日", "参加費：500円"],
        ),
        (
            "<div><p>楽天市場で買った茶碗と、組合の店で買った茶碗を並べてみた。</p><p>値段は同じ1,200円だった。</p></div>",
            ["楽天市場で買った茶碗と、組合の店で買った茶碗を並べてみた。", "値段は同じ1,200円だった。"],
        ),
        (
            "<p>［広告］欄に載った小さな徳利が、祖父の作だった。</p>",
            ["［広告］欄に載った小さな徳利が、祖父の作だった。"],
        ),
        ("<ul><li>広告／宣伝の費用</li><li>薪の費用</li></ul>", ["広告／宣伝の費用", "薪の費用"]),
        ("<div><p>広告</p><p>それが最初の仕事だった。一枚二十円。窯の絵を描いた。</p></div>", None),
    ],
)
def test_text_about_goods_is_heard(tmp_path, between, kept):
    found = heard(tmp_path, between)
    if kept is None:
        assert "それが最初の仕事だった。一枚二十円。窯の絵を描いた。" in found
    else:
        assert found == ["窯出し", TEXT[0], *kept, TEXT[1]]


@pytest.mark.parametrize("wrap", ["div", "article", "section"])
def test_a_box_of_goods_goes_with_its_name_and_never_with_the_text(tmp_path, wrap):
    box = "<div><div><b>杉の踏み台</b></div><div><a href='#'>木工市場</a><a href='#'>Amazon</a><span>4,800円</span></div></div>"
    assert heard(tmp_path, box, wrap) == ["窯出し", *TEXT]


BODY = "<p>棚板を外すと、灰をかぶった徳利が並んでいた。ひとつだけ、口の欠けたものがある。</p>"


def told(folder, inside):
    page = folder / "page.html"
    page.write_text(
        f"<!doctype html><title>窯の朝</title><div class='post-body'><h1>窯の朝</h1>{inside}</div>", "utf-8"
    )
    return [(block.kind, block.text) for block in article.read(str(page)).blocks if block.kind != "title"]


@pytest.mark.parametrize("name", ["著者について", "書いた人", "作者", "訳者について"])
def test_a_section_about_somebody_is_text_where_the_text_goes_on_below_it(tmp_path, name):
    about = "<p>槙野は陶工の三代目である。窯は祖父が築いたという。</p>"
    inside = f"<h2>どんな本か</h2>{BODY}<h3>{name}</h3>{about}"
    assert ("heading", name) in told(tmp_path, f"{inside}<h2>読み終えて</h2>{BODY}")
    assert ("heading", name) not in told(tmp_path, inside)
    assert ("heading", name) not in told(tmp_path, f"{inside}<h2>関連記事</h2><ul><li><a href='#'>薪の話</a></li></ul>")


def test_a_box_called_comment_amid_the_text_is_heard_and_below_it_is_not(tmp_path):
    box = "<div class='comment_frame'><p>火は人を待ちません。だから朝が早いのです。</p></div>"
    said = "火は人を待ちません。だから朝が早いのです。"
    amid = told(tmp_path, f"<h2>窯出し</h2>{BODY}<p>組合長は次のように話す。</p>{box}<p>窯は四月にまた開く。</p>")
    below = told(tmp_path, f"<h2>窯出し</h2>{BODY}{box}")
    assert said in [text for _, text in amid]
    assert said not in [text for _, text in below]


@pytest.mark.parametrize(
    ("markup", "gone"),
    [
        (
            "<figure><img src='a.jpg' alt=''><figcaption>窯の口＝四日</figcaption></figure><p>槙野陽子撮影</p>",
            "槙野陽子撮影",
        ),
        ("<div class='ph'><p class='ph__credit'>槙野陽子</p></div>", "槙野陽子"),
        ("<p>撮影協力：三代窯</p>", "撮影協力：三代窯"),
        (
            "<div class='dl'><p>添付ファイル</p><ul><li><a href='a.pdf'>申込書（PDF：80KB）</a></li></ul></div>",
            "添付ファイル",
        ),
    ],
)
def test_who_took_a_picture_and_the_name_of_dropped_files_are_silent(tmp_path, markup, gone):
    found = [text for _, text in told(tmp_path, f"<h2>窯出し</h2>{BODY}{markup}{BODY}")]
    assert gone not in found
    assert len(found) >= 3


@pytest.mark.parametrize("text", ["その写真は槙野陽子撮影と裏に書いてあった。", "写真の提供は、町の組合が引き受けた。"])
def test_a_sentence_about_pictures_is_text(tmp_path, text):
    found = told(tmp_path, f"<h2>窯出し</h2>{BODY}<p class='photo-credit'>{text}</p>{BODY}")
    assert ("paragraph", text) in found


@pytest.mark.parametrize("label", ["次に読む", "前後の回", "つづけてどうぞ"])
def test_links_below_the_text_go_with_the_word_above_them(tmp_path, label):
    links = "<a href='/8'>第8回　土は、嘘をつかない。</a><br><br><a href='/6'>第6回　薪を割る人</a>"
    found = told(tmp_path, f"<h2>窯出し</h2>{BODY}{BODY}<div><p>{label}</p><p>{links}</p></div>")
    assert [text for kind, text in found if kind != "heading"] == [BODY[3:-4]] * 2


@pytest.mark.parametrize(("asks", "answers"), [("質問", "回答"), ("Q", "A"), ("問", "答え")])
def test_the_word_before_a_question_is_its_label(tmp_path, asks, answers):
    asked = f"<p><span class='label'>{asks}</span>窯は見られますか。</p><p><span class='label'>{answers}</span>四月だけです。</p>"
    found = [text for _, text in told(tmp_path, f"{BODY}<h2>よくある質問</h2>{asked}")]
    assert found[-2:] == ["窯は見られますか。", "四月だけです。"]


@pytest.mark.parametrize(
    "markup",
    [
        "<div><p>申込書は組合の窓口にあります。</p><p>遠方の人には郵送もします。</p><p><a href='#'>申し込む</a></p></div>",
        "<div><p>見学の登録は前の日までに。電話：000-00-0000</p><p><a href='#'>登録する</a></p></div>",
        "<div><p>作：槙野陽子</p><p>徳利 高さ18センチ</p><p>灰釉</p></div>",
        "<p>組合の名簿に<a href='#'>登録する</a>と、窯の日取りが届く。</p>",
        "<div><p>一日目の宿は、薪小屋の二階だった。</p><p>窓から煙突が見える。</p><p>宿代は1,500円（税込）。</p></div>",
    ],
)
def test_a_box_of_the_text_stays_though_it_asks_or_names_a_price(tmp_path, markup):
    found = " ".join(text for _, text in told(tmp_path, f"<h2>窯出し</h2>{BODY}{markup}{BODY}"))
    first = markup.split("<p>")[1].split("<")[0].rstrip("。")
    assert first.split("：")[-1] in found


WRITER = "<div><p>槙野 陽子（まきの・ようこ）</p><p>ライター。1985年、窯の町に生まれる。著書に『火の番』。</p></div>"


def test_who_wrote_it_is_silent_below_the_text_and_heard_in_it(tmp_path):
    text = f"<h2>窯出し</h2>{BODY}{BODY}{BODY}"
    assert "槙野 陽子（まきの・ようこ）" not in [said for _, said in told(tmp_path, text + WRITER)]
    assert "槙野 陽子（まきの・ようこ）" in [said for _, said in told(tmp_path, text + WRITER + BODY)]
    last = "<p>槙野陽子</p><p>その名を、窯の町では誰もが覚えている。</p>"
    assert "槙野陽子" in [said for _, said in told(tmp_path, text + last)]
