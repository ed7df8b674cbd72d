"""Lines that lead away from a text: its other parts, books and events beside it, owner's and host's notices; and text like them."""

import pytest

from yomicast import article

TEXT = (
    "桶屋の朝は、たがを締める音で始まる。槌の音は川向こうまで届くという。",
    "木を削る鉋は七種類あり、どれも先代が使っていたものだ。刃だけが新しい。",
    "水を張って一晩おき、漏れがなければ仕上げの布で拭く。それで一つ終わる。",
    "冬の仕事場には火がない。木が乾きすぎるからだと、親方は手に息を吹きかけた。",
)
FORMS = {
    "html": ("<!doctype html><title>桶屋の朝</title><main><article><h1>桶屋の朝</h1><h2>槌の音</h2>", "<p>", "</p>"),
    "md": ("# 桶屋の朝\n\n## 槌の音\n\n", "", "\n\n"),
    "txt": ("桶屋の朝\n\n■槌の音\n\n", "", "\n\n"),
}


def heard(folder, form, lines):
    top, opened, closed = FORMS[form]
    page = folder / f"page.{form}"
    page.write_text(top + "".join(f"{opened}{line}{closed}" for line in lines), encoding="utf-8")
    return [block.text for block in article.read(str(page)).blocks if block.kind not in ("title", "heading")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "line",
    [
        "後編はこちら",
        "前編を読む：鉋を研ぐ日",
        "後編「たがの外れる夜」へつづく",
        "第3回「水を張る」はこちら",
        "→ 続きは明日公開",
        "次回へ続く",
        "前回の記事はこちらから",
        "この記事は連載「川べりの仕事」の第4回です。",
        "本記事はリレー連載「道具箱」の3本目です。連載の目次はこちら。",
        "この投稿は木工アドベントカレンダー 12日目の記事です。",
        "このコラムが面白かったら、木の好きな友人にも教えてあげてください。",
        "よろしければ、お知り合いにもこの便りを転送してください。",
        "この連載の単行本が四月に発売されます。ご予約はお近くの書店へ。",
        "本インタビューの公開収録を3月8日に開催します。お申し込みは特設ページから。",
        "【期間限定】桶と手ぬぐいの詰め合わせ 3,300円",
        "〔送料無料〕湯桶・小　5,500円",
        "『桶を締める』川べり書房、1,980円",
        "この文章は CC BY-SA 4.0 で公開しています。",
        "本コンテンツはクリエイティブ・コモンズの表示ライセンスで提供しています。",
        "※本資料の館外への持ち出しを禁じます。",
        "社外秘",
        "〔会社概要〕川べり木工株式会社　創業：1931年　従業員数：12名",
        "【本リリースに関するお問い合わせ】広報係　内線33　press@kawaberi.example",
        "ご感想は掲示板までどうぞ。リンクはご自由に。",
        "このページはリンクフリーです。ご意見はメールでお寄せください。",
        "リンクはご自由に。お便りは掲示板へどうぞ。このページは1024×768以上でごらんください。",
        "レンタルサーバーなら「もくもく」！　広告なし・100MB",
        "あなたも無料ホームページを作れます",
        "このサイトは無料サービス「もくもく」を利用して作成されています。",
        "無料掲示板 もくもくBBS",
        "後編は6月10日に公開予定です。",
        "つづきは『桶屋の夜』をご覧ください。",
        "連載「川べりの仕事」一覧へ",
        "※この記事は『月刊川べり』5月号の再掲です。",
        "志村さんの著書『桶を締める』は川べり書房より発売中です。",
        "志村さんの最新刊『桶を締める』（川べり書房、税込1,980円）",
        "【イベント情報】志村一郎トークショー　3月8日（土）14時から",
        "読者プレゼントの応募は3月末まで。詳しくはこちらから。",
        "お知り合いへの転送を歓迎します。",
        "リンクの際は表紙へお願いします。",
        "ご意見・ご感想はゲストブックへ。",
        "メールはこちらまで：oke@kawaberi.example",
        "Since 2000.4.1",
        "部外秘につき取扱注意",
        "本書の複写・転載を禁じます。",
        "■会社概要　社名：川べり木工株式会社　所在地：長浦市",
        "このメールにお心当たりのない方は破棄してください。",
        "この連載は毎週金曜日更新です。次回もお楽しみに。",
        "（この連載は隔週木曜に公開します）",
        "ご購入は川べり書房オンラインストアで。",
        "感想は #川べりの仕事 で教えてください",
        "【関連イベント】桶と水の夕べ　3月8日",
    ],
)
def test_lines_that_lead_away_are_silent_below_the_text(tmp_path, form, line):
    assert heard(tmp_path, form, [*TEXT, line]) == list(TEXT)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "line",
    [
        "この仕事の続きは、息子が受け持つという。",
        "親方は第3回の大会で、木づち賞をもらっている。",
        "桶が漏れているのを見つけたら、近所の人にも教えてください。",
        "本の題は『桶を締める』といい、値段は1,980円だった。",
        "展示は三月八日まで開かれている。",
        "この資料は、町の外にはない。",
        "無料で直してもらった桶が、いまも井戸端にある。",
        "連載を始めたころ、桶屋は町に三軒あった。",
        "鎖のリンクは自由に外せるようになっている。",
        "会社の設立は1931年で、従業員は12人いる。",
        "次号は桶の底の話をお届けします。",
        "この書付は、川べりの外への持ち出しが禁じられていた。",
        "感想は母へ、最初に電話で伝えた。",
        "後編を書き終えたのは、桜が散ったあとだった。",
        "この連載を書きはじめてから、毎週金曜日に桶を洗っている。",
        "購入は三度目だと、書店の主人は笑った。",
        "無料の掲示板に貼り紙を出すと、桶の注文が三つ来た。",
        "新刊『桶の話』を読んだのは、店の奥の暗がりだった。",
    ],
)
def test_text_like_them_is_heard(tmp_path, form, line):
    assert heard(tmp_path, form, [*TEXT[:3], line, TEXT[3]]) == [*TEXT[:3], line, TEXT[3]]
    assert heard(tmp_path, form, [*TEXT, line]) == [*TEXT, line]


@pytest.mark.parametrize(
    "box",
    [
        "<div><p>＼ 読者だけ ／</p><p>桶づくり半日体験、参加者募集中</p><a href='#'>詳しく見る</a></div>",
        "<section class='x1'><p>桶の写真展、好評開催中！</p><a href='#'>チケットを購入する</a></section>",
        "<aside><b>新しい木の学校 受付開始</b><a href='#'>お申し込みはこちら</a></aside>",
        "<dl><dt>親方の志村さんの本</dt><dd>『桶を締める』川べり書房、1,980円</dd></dl>",
        "<div><p>【お得】湯桶と腰掛けの組 8,800円</p><p><a href='#'>ご購入はこちら</a></p></div>",
        "<p class='evt'><a href='#'>志村さんの桶づくり教室、参加者募集中</a></p>",
        "<p><a href='#'>第2回　たがの外れる夜</a></p>",
        "<div><span>NEXT</span><a href='#'>後編：たがの外れる夜</a></div>",
        "<section><h3>今回の話に出てきた本</h3><p>『桶を締める』志村一郎（川べり書房）</p></section>",
        "<figure><img src='a.jpg' alt=''><figcaption>写真AC：かわべり</figcaption></figure>",
    ],
)
def test_boxes_that_lead_away_are_silent_in_the_text(tmp_path, box):
    page = tmp_path / "page.html"
    paragraphs = [f"<p>{line}</p>" for line in TEXT]
    page.write_text(FORMS["html"][0] + "".join([*paragraphs[:2], box, *paragraphs[2:]]), encoding="utf-8")
    found = [b.text for b in article.read(str(page)).blocks if b.kind not in ("title", "heading", "figure")]
    assert found == list(TEXT)


@pytest.mark.parametrize("bar", ["|", "｜", "│", "┃"])
def test_a_site_above_the_title_with_a_bar_and_a_menu(tmp_path, bar):
    page = tmp_path / "page.txt"
    lines = (
        f"みずべ便り {bar} 川とくらしの読みもの\nトップ 読みもの 川歩きの地図 みずべ便りについて お便り",
        "桶を継ぐ：七つの鉋と一人の弟子",
        "2025年2月3日 この記事は約4分で読めます",
        *TEXT,
    )
    page.write_text("\n\n".join(lines), encoding="utf-8")
    found = article.read(str(page))
    assert found.title == "桶を継ぐ：七つの鉋と一人の弟子"
    assert [block.text for block in found.blocks if block.kind != "title"] == list(TEXT)


NOTICE = "このメールは、店でメールマガジンに\nご登録いただいた方にお送りしています。"


@pytest.mark.parametrize("above", ["", f"{NOTICE}\n"])
@pytest.mark.parametrize("name", ["桶屋通信　第31号", "～☆　お　け　や　☆～　第３１号"])
@pytest.mark.parametrize(
    ("first", "title"), [("桶が、まだ乾いています", "桶が、まだ乾いています"), ("こんにちは、桶屋の志村です", None)]
)
def test_a_masthead_of_two_lines(tmp_path, above, name, first, title):
    page = tmp_path / "page.txt"
    rule = "━" * 30
    head = f"{above}{rule}\n　{name}\n　　　　　　　　　　2025年2月3日（月）発行\n{rule}"
    page.write_text("\n\n".join([head, first, TEXT[0], "■鉋", *TEXT[1:]]), encoding="utf-8")
    found = article.read(str(page))
    assert found.title == (title or " ".join(name.split()))
    heard = [block.text for block in found.blocks if block.kind == "paragraph"]
    assert heard == ([] if title else [first]) + list(TEXT)


GLUED = (
    "あわせて読みたい鉋の刃を研ぐ、冬の三日間2024.01.20",
    "関連記事木曽の山で、桶の木を選ぶ",
    "こちらもおすすめ樽屋の二代目、酒蔵に通う",
    "この記事もチェック！竹のたがを締める音",
    "【関連】木を読む。山の師匠に聞いた話",
    "【無料】桶の手入れ帖をダウンロードする",
)
ALIKE = (
    "関連記事の集め方",
    "おすすめ記事が増えた理由",
    "こちらもどうぞと言う店",
    "無料で直す理由",
    "無料相談",
    "無料の体験会",
    "あわせて読みたいと思う夜",
)


@pytest.mark.parametrize("line", GLUED)
def test_a_link_glued_to_its_label_is_none_of_the_text(tmp_path, line):
    page = tmp_path / "page.txt"
    page.write_text("\n\n".join(["桶を継ぐ", TEXT[0], line, *TEXT[1:]]), encoding="utf-8")
    heard = [block.text for block in article.read(str(page)).blocks if block.kind != "title"]
    assert heard == list(TEXT)


@pytest.mark.parametrize("line", ALIKE)
def test_a_heading_that_begins_like_a_link_stays(tmp_path, line):
    page = tmp_path / "page.txt"
    page.write_text("\n\n".join(["桶を継ぐ", TEXT[0], line, *TEXT[1:]]), encoding="utf-8")
    assert line in [block.text for block in article.read(str(page)).blocks]


FOOT = (
    "このホームページは、ホームページ職人Ver.6で作成しました。",
    "当サイトは有志の手で運営しています。",
    "このページはメモ帳で書いています。",
    "本サイトは個人の趣味により公開しているものです。",
)


@pytest.mark.parametrize("line", FOOT)
@pytest.mark.parametrize("order", [1, -1])
def test_what_an_old_page_says_of_itself(tmp_path, line, order):
    page = tmp_path / "page.html"
    foot = "<br>".join([line, "最終更新日：2004/3/7", "(C) 1999-2004 桶の会"][::order])
    told = "<br><br>".join(TEXT)
    page.write_text(
        f"<html><body><h1>桶を継ぐ</h1>{told}<hr><font size=2>{foot}</font></body></html>", encoding="utf-8"
    )
    heard = [block.text for block in article.read(str(page)).blocks if block.kind != "title"]
    assert heard == list(TEXT)


def test_a_page_may_tell_why_it_was_written(tmp_path):
    page = tmp_path / "page.html"
    told = ["このページは、私が十年かけて一人で書いたものです。", *TEXT]
    page.write_text(f"<html><body><h1>桶を継ぐ</h1>{'<br><br>'.join(told)}</body></html>", encoding="utf-8")
    assert [block.text for block in article.read(str(page)).blocks if block.kind != "title"] == told
