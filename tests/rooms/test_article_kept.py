"""Plain texts that hold what pages carry as furniture elsewhere, as their own matter: nothing of it may go."""

import re

import pytest

from yomicast import article

TEXT = "窓の外で雨が降っている。店の奥では時計の音がする。私は本を閉じて、湯をわかした。"
OWN = {
    "labels": "夏祭り\n\n{}\n\n日時　八月三日\n場所　公民館\n料金　無料\n連絡先　公民館 電話 000-00-0000\n\n{}\n\n申し込みは窓口へどうぞ。",
    "ingredients": "肉じゃが\n\n{}\n\n材料\n玉ねぎ 1個\nにんじん 1本\n牛肉 200グラム\n\n{}\n\n{}",
    "verse": "秋の歌\n\n風が吹く\n葉が落ちる\n私は歩く\n\n川の音\n橋の上\n月が出た\n\n{}\n\n{}",
    "play": "朝の駅\n\n駅員　おはようございます。\n客　次の電車は何時ですか。\n駅員　八時です。\n\n{}\n\n{}",
    "numbers": "数の話\n\n{}\n\n1 4 1 5 9 2\n\n{}\n\n{}",
    "prices": "文具の値段\n\n{}\n\n300円\n\n{}\n\n500円\n\n{}\n\n{}",
    "last-words": "島の話\n\n{}\n\n{}\n\n-----------\n編集者の田中さんは転載を断り、配信もしない。彼の返信は短い。\n登録は要らない、と書いてあった。\n",
    "menu-words": "ウェブの言葉\n\n{}\n\n国際 スポーツ 芸能の三つは次の号に譲る。\n\n{}\n\n関連記事を書いた記者にも話を聞いた。\n\n{}",
    "subjects": "学校の話\n\n{}\n\n・政治・経済・社会\n・社会科学\n・文化 教育 健康\n\n{}\n\n{}",
    "subtitle": "本屋の灯り\n小さな町の書店を歩く三日間の記録\n\n{}\n\n{}",
    "advertised": "【PR】記者が歩いた茶の里\n\n{}\n\n{}\n\n{}",
}


@pytest.mark.parametrize("name", OWN)
def test_what_a_text_says_itself_stays(tmp_path, name):
    source = OWN[name].replace("{}", TEXT)
    (tmp_path / "text.txt").write_text(source, "utf-8")
    found = article.read(str(tmp_path / "text.txt"))
    assert {item.text for item in found.dropped if re.search(r"\w", item.text)} == set()


def test_the_days_of_a_diary_stay(tmp_path):
    days = [
        f"2026年8月{day}日\n{'晴れ。' if day % 2 else '雨。少し歩く。'}{TEXT if day < 24 else ''}"
        for day in range(1, 31)
    ]
    text = "\n\n".join(["夏の日記", *days, "シェアする\nツイート\nコメント（2）"])
    (tmp_path / "text.txt").write_text(text, "utf-8")
    found = article.read(str(tmp_path / "text.txt"))
    said = "".join(block.text for block in found.blocks)
    assert said.count("晴れ。") == said.count("雨。少し歩く。") == 15
    assert not {"シェアする", "ツイート"} & {block.text for block in found.blocks}
