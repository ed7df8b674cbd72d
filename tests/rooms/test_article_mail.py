"""Mail magazines and saved mails as plain text: wrapped lines, drawn headings, boxes, advertisements, imprint."""

import re

import pytest

from yomicast import article

BODY = (
    "港の朝は早い。市場の明かりがともるころ、船はもう沖から戻ってくる。網を下ろす手つきには迷いがない。三十年変わらない作業だと、仲間は言う。",
    "潮の匂いと重油の匂いが混ざる岸壁で、競りの声が響きはじめた。値段が決まるのは一瞬だ。組合の岸辺さんは「声の大きさより、間の取り方で決まるんだよ」と笑う。",
    "魚は箱に詰められ、氷をかぶせられて、町の店へ運ばれていく。港を離れるころには、日がすっかり高くなっていた。また明日も同じ朝が来る。",
    "漁師の一日は、ここからが本番である。網の手入れに半日かかることも珍しくない。破れ目を見つけるたびに、針が静かに動く。",
)
RULE, LINE, DOUBLE, DASHES = "━" * 30, "─" * 30, "=" * 36, "-" * 50
PLAIN = ("■夜明け", "■昼の仕事")
TITLED = "市場の一日\n\n"
IMPRINT = f"{LINE}\n発行：みなと編集室\n登録・解除：http://m.example.jp/\n{LINE}\n"
TOPS = (
    ("港だより 第12号", f"{RULE}\n　港だより　第12号　2024年3月2日発行\n{RULE}\n\n"),
    (
        "市場の一日",
        f"{DASHES}\n■□ 港だより vol.12 □■\n{DASHES}\n※このメールはご登録の方にお送りしています。\n\n{TITLED}",
    ),
    (
        "市場の一日",
        "☆★☆★☆★☆★☆★\n　　港だより　No.12\n☆★☆★☆★☆★☆★\n\n【市場の一日】\n\n　INDEX\n　1. 夜明け\n　2. 昼の仕事\n\n",
    ),
    ("市場の一日", f"{TITLED}発行日：2024年3月2日\n配信数：1,204部\n\n◇◆目次◆◇\n１　夜明け\n２　昼の仕事\n\n"),
    ("市場の一日", "件名：市場の一日\n差出人：港だより編集室\n日付：2024年3月2日\n\n"),
)
HEADS = (
    PLAIN,
    ("【夜明け】", "【昼の仕事】"),
    (f"{LINE}\n■夜明け\n{LINE}", f"{LINE}\n■昼の仕事\n{LINE}"),
    ("┏━━━━━━┓\n┃ 夜明け ┃\n┗━━━━━━┛", "┏━━━━━━┓\n┃ 昼の仕事 ┃\n┗━━━━━━┛"),
    ("◆◇夜明け◇◆", "◆◇昼の仕事◇◆"),
    ("≪夜明け≫", "≪昼の仕事≫"),
    (f"◆夜明け\n{'-' * 30}", f"◆昼の仕事\n{'-' * 30}"),
)
ENDS = (
    IMPRINT,
    f"{RULE}\n★港だより　発行人：浜田花\n★ご意見・ご感想はこちら→ info@example.jp\n★解除はこちら http://k.example.jp/\n{RULE}\n",
    f"+{'-' * 40}+\n 港だより【毎週土曜発行】\n 発行者：浜田花\n このメールに返信いただいても届きません。\n+{'-' * 40}+\n",
    f"{DOUBLE}\nこのメールマガジンは、まぐまぐ！を利用して発行しています。\n(マガジンID：000123)\n{DOUBLE}\n",
)
ADVERTS = (
    f"{LINE}\n【PR】冬のギフトならみなと食品。いまだけ送料無料！\nhttp://gift.example.jp/\n{LINE}\n\n",
    "▼△▼△▼△ PR ▼△▼△▼△\n冬のギフトならみなと食品\n http://gift.example.jp/\n▲▽▲▽▲▽▲▽▲▽\n\n",
    f"━［PR］━━━━━━━━━\n冬のギフトならみなと食品\n→ http://gift.example.jp/\n{RULE}\n\n",
    f"※広告※{'-' * 30}\n冬のギフトならみなと食品！詳しくはこちら\nhttp://gift.example.jp/\n{'-' * 38}\n\n",
)


def wrapped(text, column):
    text, lines = "　" + text, []
    while text:
        at = column
        while at < len(text) and text[at] in "、。」":  # no line begins with these
            at += 1
        lines.append(text[:at])
        text = text[at:]
    return "\n".join(lines)


def check(tmp_path, title, *, top=TITLED, heads=PLAIN, end=IMPRINT, advert="", column=30):
    parts = [wrapped(text, column) for text in BODY]
    text = f"{top}\n{heads[0]}\n\n{parts[0]}\n\n{parts[1]}\n\n{advert}{heads[1]}\n\n{parts[2]}\n\n{parts[3]}\n\n{end}"
    source = tmp_path / "mail.txt"
    source.write_bytes(text.encode("cp932"))
    found = article.read(str(source))
    heard = [(block.kind, re.sub(r"\s", "", block.text)) for block in found.blocks if block.kind != "title"]
    assert found.title == title
    assert heard == [
        ("heading", "夜明け"),
        ("paragraph", BODY[0]),
        ("paragraph", BODY[1]),
        ("heading", "昼の仕事"),
        ("paragraph", BODY[2]),
        ("paragraph", BODY[3]),
    ]


@pytest.mark.parametrize(("title", "top"), TOPS)
def test_what_stands_above(tmp_path, title, top):
    check(tmp_path, title, top=top)


@pytest.mark.parametrize("heads", HEADS)
def test_drawn_headings(tmp_path, heads):
    check(tmp_path, "市場の一日", heads=heads)


@pytest.mark.parametrize("end", ENDS)
def test_what_stands_below(tmp_path, end):
    check(tmp_path, "市場の一日", end=end)


@pytest.mark.parametrize("advert", ADVERTS)
def test_advertisements(tmp_path, advert):
    check(tmp_path, "市場の一日", heads=HEADS[2], advert=advert)


@pytest.mark.parametrize("column", [20, 25, 34, 38])
def test_any_column(tmp_path, column):
    check(tmp_path, "市場の一日", column=column)


NOTICES = (
    "※このメールは直売所で登録された方にお送りし\nています。解除は→ http://m.example.jp/off",
    "（送信専用アドレスからのメールです。ご返信い\nただいてもお答えできません。）",
    "いつもありがとうございます。\n本メールは会員の皆様にお届けしております。",
    "このメルマガは、まぐまぐを利用して発行してい\nます。表示が崩れる場合は等幅フォントでご覧くだ\nさい。",
)
OWN_WORDS = (
    "このメルマガは、今日で創刊から十年になりました。",
    "メールの返信は三日以内と、祖父は手紙の時代から決めていました。",
    "配信という言葉を、父は最後まで覚えませんでした。",
    "いつもありがとうございます、と市場では誰もが言います。",
)


@pytest.mark.parametrize("below_title", [False, True])
@pytest.mark.parametrize("notice", NOTICES)
def test_a_wrapped_notice_goes_as_a_whole(tmp_path, notice, below_title):
    page = tmp_path / "page.txt"
    head = ("市場の一日", notice) if below_title else (notice, "市場の一日")
    page.write_text("\n\n".join([*head, BODY[0], "■夜明け", *BODY[1:]]), encoding="utf-8")
    found = article.read(str(page))
    assert found.title == "市場の一日"
    assert [block.text for block in found.blocks if block.kind == "paragraph"] == list(BODY)


@pytest.mark.parametrize("said", OWN_WORDS)
def test_a_text_may_speak_of_mails(tmp_path, said):
    page = tmp_path / "page.txt"
    page.write_text("\n\n".join(["市場の一日", said, BODY[0], "■夜明け", *BODY[1:]]), encoding="utf-8")
    found = article.read(str(page))
    assert [block.text for block in found.blocks if block.kind == "paragraph"] == [said, *BODY]
