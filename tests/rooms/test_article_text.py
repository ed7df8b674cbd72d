"""Plain text: what is heard, what is left out, and why."""

import pytest

from yomicast import article
from yomicast.errors import ArticleError

PASTED = """町の図書館が夜も開くようになった理由

a library at night

市立図書館は四月から、閉館を午後十時に延ばしました。

仕事帰りの人が増えたためです。

利用者の声

rows of books
Photo by Taro Yama on Unsplash

市民の一人は、「帰り道に寄れるのは助かる。

子どもと一緒に来ることもある」と話します。

まとめ

写真:市立図書館提供

図書館は今後も時間を見直していくとしています。
"""


def read(tmp_path, text, name="記事.txt", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return article.read(str(path))


def kinds(found):
    return [(block.kind, block.text) for block in found.blocks]


def test_a_pasted_page_gets_its_structure_back(tmp_path):
    found = read(tmp_path, PASTED)
    assert found.title == "町の図書館が夜も開くようになった理由"
    assert [b.text for b in found.blocks if b.kind == "heading"] == ["利用者の声", "まとめ"]
    assert [(d.reason, d.place.line) for d in found.dropped] == [
        ("image-alt", 3),
        ("image-alt", 11),
        ("photo-credit", 12),
        ("photo-credit", 20),
    ]
    quoted = next(b.text for b in found.blocks if "市民の一人" in b.text)
    assert quoted.endswith("子どもと一緒に来ることもある」と話します。")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp"]
)
def test_every_japanese_encoding_is_found(tmp_path, encoding):
    found = read(tmp_path, PASTED, encoding=encoding)
    assert found.title == "町の図書館が夜も開くようになった理由"
    assert found.blocks[-1].text == "図書館は今後も時間を見直していくとしています。"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no Japanese text"),
        (b"\n \n\n", "no Japanese text"),
        (b"Photo by A on Unsplash\n\n----\n", "photo-credit, rule"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "this is no text"),
        ("あ".encode() * 400_000, "a line of 400000 characters"),
    ],
)
def test_what_is_no_article_is_refused_with_a_place_and_a_next_step(tmp_path, content, said):
    with pytest.raises(ArticleError, match=r"\w") as caught:
        read(tmp_path, content, name="bad.txt")
    assert said in caught.value.message.en
    assert str(caught.value.where).startswith(str(tmp_path))
    assert caught.value.hint is not None


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ArticleError, match="no such file"):
        article.read(str(tmp_path / "ない.txt"))


def test_a_text_without_title_gets_one_and_says_so(tmp_path):
    found = read(tmp_path, "朝から雨が降りました。\n\n午後には上がりました。\n", name="x1.txt")
    assert found.title == "朝から雨が降りました"
    assert [note.slug for note in found.notes] == ["guessed-title"]
    assert [b.kind for b in found.blocks] == ["paragraph", "paragraph"]


def blocks(tmp_path, text):
    page = tmp_path / "a.txt"
    page.write_text(
        f"舟着き場の記録\n\n水は少しずつ引いている。杭の頭が見えてきた。\n\n{text}\n\n舟は来月から出す。綱も新しくする。\n",
        "utf-8",
    )
    return [(block.kind, block.text or block.rows) for block in article.read(str(page)).blocks][2:-1]


def test_a_table_typed_with_spaces_is_one(tmp_path):
    table = "　月　　　水位　　　便\n　二月　　九八　　　二〇\n　三月　　九六　　　二四"
    assert blocks(tmp_path, table) == [
        ("table", (("月", "水位", "便"), ("二月", "九八", "二〇"), ("三月", "九六", "二四")))
    ]
    two = "日時　　　二月十四日\n場所　　　舟着き場\n持ち物　　手袋"
    assert [kind for kind, _ in blocks(tmp_path, two)] == ["paragraph"] * 3
    menu = "トップ　　お知らせ　　リンク集\n舟の図　　日記　　掲示板\nホーム　　検索　　サイトマップ"
    assert "table" not in [kind for kind, _ in blocks(tmp_path, menu)]


def test_an_item_goes_on_in_a_line_set_in_below_it(tmp_path):
    comma = "・古い綱を、\n　　岸の子が編み直したもの\n・杭"
    assert blocks(tmp_path, comma) == [("list_item", "古い綱を、岸の子が編み直したもの"), ("list_item", "杭")]
    numbered = "１　綱を替える\n　（費用は町が持つ）\n２　杭を打つ"
    assert blocks(tmp_path, numbered) == [("list_item", "綱を替える（費用は町が持つ）"), ("list_item", "杭を打つ")]
    marked = "・綱を替える\n　　（費用は町が持つ）\n・杭を打つ"
    assert blocks(tmp_path, marked) == [("list_item", "綱を替える（費用は町が持つ）"), ("list_item", "杭を打つ")]


@pytest.mark.parametrize("mark", ["> ", "＞", "　　＞ ", ">> "])
def test_a_mail_quotes_behind_a_sign(tmp_path, mark):
    letter = ("舟はまだ土手の上です。孫が毎朝「おりた？」と聞き", "ます。", "", "杭はいつ打ち直すのでしょうか。")
    text = "\n".join(f"{mark}{line}".rstrip() for line in letter)
    assert blocks(tmp_path, f"西村さんから便りが来た。\n\n{text}\n\n杭は四月である。") == [
        ("paragraph", "西村さんから便りが来た。"),
        ("quote", "舟はまだ土手の上です。孫が毎朝「おりた？」と聞きます。"),
        ("quote", "杭はいつ打ち直すのでしょうか。"),
        ("paragraph", "杭は四月である。"),
    ]


def test_a_sign_before_a_link_quotes_nothing(tmp_path):
    found = blocks(tmp_path, "＞ 前の号\n＞ 次の号\n＞ 詳しくはこちら")
    assert "quote" not in [kind for kind, _ in found]


def test_a_line_goes_on_from_a_bracket_with_a_particle(tmp_path):
    text = (
        "舟着き場の杭は、今年も町の大工が打ち直すことになり、\n木は裏山の杉を使うという話を番小屋（電話は二十二番）\n"
        "へ聞きに行った。綱のほうは組合が新しいものを三十尋ば\nかり買い入れて、雨のあたらない小屋の中に吊るしてある\nという。"
    )
    assert len(blocks(tmp_path, text)) == 1
