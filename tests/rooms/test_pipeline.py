"""The corridor: a bare article is an episode, a second run changes nothing, a killed run resumes, errors leave nothing."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from lxml import html

from yomicast import cli, encode, pipeline
from yomicast.cli.frame import Screen
from yomicast.cli.progress import ProgressView
from yomicast.errors import ArticleError, ConfigError, OutputError
from yomicast.files import snapshot

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = """朝の市場を歩く

people walking on street during daytime
Photo by Ao Tanaka on Unsplash

港のそばの市場は、朝の五時に始まります。魚を並べる音が、まだ暗い通りに響きます。

買い物に来る人は、一日におよそ1,200人。近くの店の人だけでなく、遠くから来る人もいます。

市場で出会った人たち

man in black jacket standing near table
Photo by Ao Tanaka on Unsplash

三十年続く店の山本さんは「お客さんの顔を見て、今日のおすすめを決める」と話します。

若い店主も増えました。去年は三つの店が新しく開いています。

これからの市場

woman holding vegetables
Photo by Ao Tanaka on Unsplash

市場は来年、建て替えの工事に入ります。工事のあいだも、朝の市は続くそうです。

おいしいものは、早起きした人から順番に手に入ります。
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """An empty folder with an article and the audible test voice under the default voice's name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YOMICAST_LANG", "en")
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mei.yaml").write_text("engine: marker\nlicence: {credit: test voice}\n", encoding="utf-8")
    (tmp_path / "market.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def render(target="market.txt", out="out", **options):
    return pipeline.render(pipeline.open_job(target, out=Path(out)), **options)


def test_a_bare_article_is_an_episode(desk):
    made = render()
    names = set(snapshot(desk / "out"))
    assert {"feed.xml", "cover.jpg", "market/episode.json", "market/report.json", "market/market.vtt"} <= names
    assert any(re.fullmatch(r"market/market\.[0-9a-f]{8}\.mp3", name) for name in names)
    assert not list((desk / "out").rglob("*.part"))
    assert [mark.title for mark in made.episode.marks if mark.level == 2][1:] == [
        "市場で出会った人たち",
        "これからの市場",
    ]
    assert "test voice" in made.episode.credits


def test_junk_is_not_spoken_and_is_listed_with_a_reason(desk):
    made = render()
    spoken = "".join(line.spoken for line in made.script.lines)
    assert "Unsplash" not in spoken
    assert "people walking" not in spoken
    report = json.loads((desk / "out/market/report.json").read_text(encoding="utf-8"))
    assert len(report["dropped"]) == 6
    assert all(item["reason"] and item["line"] for item in report["dropped"])


def test_every_cue_is_where_its_line_sounds(desk):
    """The marker voice is one flat level a line: drift between cues and sound shows at once."""
    made = render()
    audio = next(r for r in made.episode.renditions if r.rel == "audio")
    sound = np.concatenate(list(encode.decode(desk / "out" / audio.path)))[:, 0]
    power = np.convolve(sound**2, np.ones(960) / 960, "same")
    for cue in made.episode.cues:
        inside = power[int((cue.start + 0.03) * 48000) : int((cue.end - 0.03) * 48000)]
        around = [power[int((cue.end + 0.03) * 48000)], power[int((cue.start - 0.03) * 48000)]]
        assert inside.min() > 20 * max(around), cue.text


def test_a_second_run_speaks_nothing_and_rewrites_nothing(desk):
    first = render()
    before = snapshot(desk / "out")
    again = render(now=datetime(2031, 1, 1, tzinfo=UTC))
    assert again.spoken_new == 0
    assert again.written == ()
    assert snapshot(desk / "out") == before
    assert (again.episode.guid, again.episode.published) == (first.episode.guid, first.episode.published)


def test_a_corrected_sentence_is_the_only_one_spoken_again(desk):
    first = render()
    text = ARTICLE.replace("去年は三つの店が新しく開いています。", "去年は四つの店が新しく開いています。")
    (desk / "market.txt").write_text(text, encoding="utf-8")
    again = render()
    assert again.spoken_new == 1
    assert again.episode.guid == first.episode.guid
    old, new = (next(r.path for r in m.episode.renditions if r.rel == "audio") for m in (first, again))
    assert old != new
    assert (desk / "out" / old).is_file()


def test_the_feed_keeps_every_episode(desk):
    render()
    (desk / "second.txt").write_text(ARTICLE.replace("朝の市場を歩く", "夜の市場を歩く"), encoding="utf-8")
    made = render("second.txt")
    assert made.episode.number == 2
    feed = (desk / "out/feed.xml").read_text(encoding="utf-8")
    assert "朝の市場を歩く" in feed
    assert "夜の市場を歩く" in feed


def test_what_the_manifest_says_wins(desk):
    (desk / "market.yaml").write_text(
        'title: 別の題\npublished: "2026-03-20 07:00"\nnumber: 12\nlink: https://example.jp/a\n', encoding="utf-8"
    )
    for target in ("market.txt", "market.yaml"):
        episode = render(target).episode
        assert (episode.title, episode.number, episode.link) == ("別の題", 12, "https://example.jp/a")
        assert episode.published.isoformat() == "2026-03-20T07:00:00+09:00"


def test_a_dry_run_writes_nothing(desk, capsys):
    assert cli.main(["render", "market.txt", "--dry-run", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["chapters"] == ["市場で出会った人たち", "これからの市場"]
    assert len(plan["dropped"]) == 6
    assert not (desk / "audio_out").exists()


def test_json_and_quiet(desk, capsys):
    assert cli.main(["render", "market.txt", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["spoken"] > 5
    assert cli.main(["render", "market.txt", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_plan_of_a_dry_run_is_a_result_in_words(desk, capsys, monkeypatch):
    """On stdout, so that it can be piped, also with --quiet; reasons are words, in --json slugs."""
    assert cli.main(["render", "market.txt", "--dry-run", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert (out.splitlines()[0], err) == ("朝の市場を歩く", "")
    assert "line 3 [image description] people walking" in out
    monkeypatch.setenv("YOMICAST_LANG", "ja")
    cli.main(["render", "market.txt", "--dry-run"])
    assert "3行目 [画像の説明] people walking" in capsys.readouterr().out


def test_progress_tells_no_time_left_before_something_was_measured(monkeypatch):
    lines = []
    clock = iter([0.0, 100.0, 101.0, 120.0])
    monkeypatch.setattr("yomicast.cli.progress.time.monotonic", lambda: next(clock))
    view = ProgressView(Screen(language="en", out=io.StringIO(), err=io.StringIO()))
    view.screen.say = lambda message: lines.append(message.en)
    for done in (3, 4, 13):
        view("speak", done, 23)
    assert lines == ["speaking: 17 %, about 19 s left", "speaking: 57 %, about 20 s left"]


BAD_ARTICLES = {
    "empty": b"",
    "white-space": b" \n\t\n\xe3\x80\x80\n",
    "only-junk": b"people eating inside of cafeteria\nPhoto by A B on Unsplash\n",
    "binary": bytes(range(256)) * 64,
    "png": b"\x89PNG\r\n\x1a\n" + bytes(2000),
}


@pytest.mark.parametrize("illness", BAD_ARTICLES)
def test_a_bad_article_is_one_line_with_a_next_step_and_no_output(desk, capsys, illness):
    (desk / "bad.txt").write_bytes(BAD_ARTICLES[illness])
    assert cli.main(["render", "bad.txt"]) == 2
    shown = capsys.readouterr().err.splitlines()
    assert shown[0].startswith("error[article] bad.txt")
    assert len(shown) == 2
    assert shown[1].startswith("  → ")
    assert not (desk / "audio_out").exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_an_article_in_another_encoding_is_the_same_episode(desk, encoding):
    plain = [line.spoken for line in pipeline.prepare(pipeline.open_job("market.txt", out=Path("out"))).script.lines]
    (desk / "market.txt").write_text(ARTICLE, encoding=encoding)
    again = [line.spoken for line in pipeline.prepare(pipeline.open_job("market.txt", out=Path("out"))).script.lines]
    assert again == plain


def test_a_megabyte_on_one_line_is_read_or_refused_within_bounds(desk, capsys):
    (desk / "long.txt").write_text("山" * 350_000, encoding="utf-8")
    start = time.monotonic()
    status = cli.main(["render", "long.txt", "--dry-run"])
    assert status in (0, 2)
    assert "Traceback" not in capsys.readouterr().err
    assert time.monotonic() - start < 120


def test_a_missing_music_file_is_named(desk, capsys):
    (desk / "show.yaml").write_text("sound: {opening: {file: no.mp3}}\n", encoding="utf-8")
    assert cli.main(["render", "market.txt"]) == 4
    assert "no.mp3" in capsys.readouterr().err


NOT_SPOKEN_FIRST = {
    "music": ("sound: {bed: {file: no.mp3}}", "sound.bed.file: no.mp3"),
    "length": ("length: banana", "market.yaml: length"),
    "date": ("published: soon", "market.yaml: published"),
    "voice": ("cast: {quote: meii}", "market.yaml: cast.quote"),
    "role": ("cast: {narater: mei}", "market.yaml: cast.narater"),
    "chain": ("cast: {narrator: loud}", "voices/loud.yaml: chain"),
}


@pytest.mark.parametrize("illness", NOT_SPOKEN_FIRST)
def test_what_can_be_known_is_said_before_a_line_is_spoken_and_where_it_stands(desk, capsys, illness):
    """Twenty minutes of speech are not made for a run that then stops at a misspelt name."""
    (desk / "voices" / "loud.yaml").write_text("engine: marker\nchain: [wram]\n", encoding="utf-8")
    text, where = NOT_SPOKEN_FIRST[illness]
    (desk / "market.yaml").write_text(text + "\n", encoding="utf-8")
    assert cli.main(["render", "market.txt", "--out", "out"]) in (2, 3, 4)
    first, second = capsys.readouterr().err.splitlines()
    assert where in first
    assert second.startswith("  → ")
    assert not (desk / "out").exists()


@pytest.mark.parametrize("line", ['title: "\\0"', "author: '  '", 'description: "\\x1b"', "guid: mine"])
def test_a_show_without_a_name_or_with_a_wrong_guid_is_refused_before_it_is_made(desk, capsys, line):
    (desk / "show.yaml").write_text(line + "\n", encoding="utf-8")
    assert cli.main(["render", "market.txt"]) == 2
    first, *rest = capsys.readouterr().err.splitlines()
    assert first.startswith("error[config] ")
    assert "show.yaml" in first
    assert len(rest) <= 1
    assert not list(desk.glob("audio_out/market"))


def test_each_name_of_the_cast_speaks_its_lines_and_who_has_none_is_noted(desk):
    for name in ("tanaka", "low"):
        (desk / "voices" / f"{name}.yaml").write_text("engine: marker\nspeaker: 声の主\n", encoding="utf-8")
    text = "題名の行\n\n本文です。\n\n田中：こんにちは。\n\n[low] 低い声の行です。\n"
    (desk / "talk.txt").write_text(text, encoding="utf-8")
    (desk / "talk.yaml").write_text("cast: {田中: tanaka, 鈴木: low, quote: low}\n", encoding="utf-8")
    made = pipeline.prepare(pipeline.open_job("talk.txt", out=Path("out")))
    spoken = {line.shown: made.cast.get(line.speaker or line.voice or "narrator").name for line in made.script.lines}
    assert (spoken["こんにちは。"], spoken["低い声の行です。"], spoken["本文です。"]) == ("tanaka", "low", "mei")
    notes = [note.text.en for note in made.script.notes if note.slug == "cast"]
    assert notes == ["cast: no line is spoken by '鈴木'", "cast: no line is spoken by 'quote'"]


def test_a_manifest_says_only_what_differs_from_the_show(desk):
    (desk / "show.yaml").write_text(
        "sound: {formats: [mp3, flac], loudness: -18, opening: {file: a.wav, overlap: 3}, bed: {mood: night, level: -20}}\n"
        "script: {intro: こんにちは。, cut: [x]}\n",
        encoding="utf-8",
    )
    (desk / "market.yaml").write_text(
        "sound: {bed: {seed: 7}, opening: {mood: news}}\nscript: {cut: [y]}\n", encoding="utf-8"
    )
    settings = pipeline.open_job("market.txt", out=Path("out")).settings
    assert (settings.sound.formats, settings.sound.loudness) == (("mp3", "flac"), -18)
    assert (settings.sound.bed.mood, settings.sound.bed.seed, settings.sound.bed.level) == ("night", 7, -20)
    assert (settings.sound.opening.file, settings.sound.opening.mood, settings.sound.opening.overlap) == ("", "news", 3)
    assert (settings.script.intro, settings.script.cut) == ("こんにちは。", ("y",))


def test_a_figure_that_misses_its_gate_is_noted(desk):
    """A jingle that is far too loud is made as asked, and said."""
    (desk / "show.yaml").write_text("sound: {opening: {level: 20, seconds: 30}, loudness: -9}\n", encoding="utf-8")
    made = render()
    assert made.editions[0].figures["range_lu"] > 6
    assert any("loudness range" in note.text.en for note in made.notes)


def test_a_missing_cover_is_drawn_and_noted(desk):
    made = render()
    assert "no-cover" in {note.slug for note in made.notes}
    assert (desk / "out/cover.jpg").read_bytes()[:2] == b"\xff\xd8"


def test_a_named_cover_that_is_not_there_is_an_error(desk):
    (desk / "show.yaml").write_text("cover: no.jpg\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="cover"):
        render()


def test_nothing_of_the_users_is_overwritten(desk):
    (desk / "out/market").mkdir(parents=True)
    (desk / "out/market/notes-of-mine.txt").write_text("mine", encoding="utf-8")
    render()
    assert (desk / "out/market/notes-of-mine.txt").read_text(encoding="utf-8") == "mine"
    assert (desk / "market.txt").read_text(encoding="utf-8") == ARTICLE


@pytest.mark.skipif(sys.platform == "win32", reason="rights work otherwise there")
def test_an_output_that_is_a_file_is_refused(desk):
    (desk / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        render()
    assert (desk / "out").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a small disk to fill")
def test_a_full_disk_is_said_and_leaves_no_half_file(desk, monkeypatch):
    import errno

    real = os.fsync
    calls = 0

    def fsync(handle):
        nonlocal calls
        calls += 1
        if calls > 6:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle)

    monkeypatch.setattr("yomicast.files.os.fsync", fsync)
    with pytest.raises(OutputError, match="full"):
        render()
    monkeypatch.undo()
    monkeypatch.chdir(desk)
    assert not list((desk / "out").rglob("*.part"))
    assert not (desk / "out/feed.xml").exists()
    render()
    assert (desk / "out/feed.xml").exists()


def test_an_unknown_date_points_at_the_next_step(desk):
    (desk / "market.yaml").write_text("published: soon\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="no date"):
        render()


def test_a_folder_is_no_article(desk):
    (desk / "x").mkdir()
    with pytest.raises(ArticleError, match="folder"):
        pipeline.open_job("x", out=Path("out"))


@pytest.mark.slow
def test_a_run_killed_at_any_moment_resumes_to_the_same_result(desk):
    reference = desk / "reference"
    command = [sys.executable, str(ROOT / "produce.py"), "render", "market.txt", "--quiet", "--out"]
    (desk / "market.yaml").write_text('published: "2026-03-20 07:00"\n', encoding="utf-8")
    start = time.monotonic()
    subprocess.run([*command, str(reference)], check=True, cwd=desk)
    whole = time.monotonic() - start
    wanted = {name: (reference / name).read_bytes() for name in snapshot(reference)}
    for round_ in range(6):
        out = desk / "killed"
        shutil.rmtree(out, ignore_errors=True)
        for _ in range(2):
            child = subprocess.Popen([*command, str(out)], cwd=desk)
            time.sleep(whole * (0.45 + 0.1 * round_))
            child.send_signal(signal.SIGKILL)
            child.wait()
            for name in snapshot(out) if out.exists() else ():
                if not name.endswith("report.json"):
                    assert (out / name).read_bytes() == wanted[name], name
        subprocess.run([*command, str(out)], check=True, cwd=desk)
        assert {name: (out / name).read_bytes() for name in snapshot(out)} == wanted
        assert not list(out.rglob("*.part"))


def test_the_authors_edits_of_the_script_are_what_is_spoken(desk, capsys):
    assert cli.main(["script", "market.txt"]) == 0
    sheet = Path(capsys.readouterr().out.strip().splitlines()[-1])
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(text.replace("まだ暗い通りに響きます。", "まだ暗い道に響きます。"), encoding="utf-8")
    spoken = "".join(
        line.spoken for line in pipeline.prepare(pipeline.open_job("market.txt", out=Path("out"))).script.lines
    )
    assert "まだ暗い道に響きます。" in spoken
    assert "まだ暗い通りに" not in spoken


def test_a_renamed_article_is_the_same_episode(desk):
    first = render().episode
    (desk / "market.txt").rename(desk / "asaichi.txt")
    again = render("asaichi.txt").episode
    assert (again.guid, again.published, again.number) == (first.guid, first.published, first.number)
    assert [episode.slug for episode in pipeline.all_episodes(desk / "out")] == ["asaichi"]
    (desk / "market.txt").write_text(ARTICLE, encoding="utf-8")
    other = render("market.txt").episode
    assert other.guid != again.guid
    assert len(pipeline.all_episodes(desk / "out")) == 2


def test_a_feed_of_another_tool_is_kept_unless_adopted_and_then_nobody_gets_an_episode_twice(desk, capsys):
    theirs = """<rss version="2.0"><channel><title>t</title><link>https://example.com/</link><description>d</description>
    <item><title>朝の市場を歩く</title><guid isPermaLink="false">old-guid</guid><pubDate>Mon, 02 Mar 2020 07:00:00 +0900</pubDate>
    <enclosure url="https://old.example/a.mp3" length="5" type="audio/mpeg"/></item></channel></rss>"""
    (desk / "out").mkdir()
    (desk / "out/feed.xml").write_text(theirs, encoding="utf-8")
    assert cli.main(["render", "market.txt", "--out", "out"]) == 5
    assert "--adopt" in capsys.readouterr().err
    assert (desk / "out/feed.xml").read_text(encoding="utf-8") == theirs
    assert cli.main(["render", "market.txt", "--out", "out", "--adopt"]) == 0
    (episode,) = pipeline.all_episodes(desk / "out")
    assert (episode.guid, episode.published.year) == ("old-guid", 2020)
    assert (desk / "out/feed.before-adopt.xml").read_text(encoding="utf-8") == theirs


def test_two_articles_with_one_slug_do_not_replace_each_other(desk, capsys):
    render()
    before = (desk / "out/market/episode.json").read_bytes()
    (desk / "night.txt").write_text(ARTICLE.replace("朝の市場を歩く", "夜の市場を歩く"), encoding="utf-8")
    (desk / "night.yaml").write_text("slug: market\n", encoding="utf-8")
    assert cli.main(["render", "night.txt", "--out", "out"]) == 2
    shown = capsys.readouterr().err.splitlines()
    assert "market.txt" in shown[0]
    assert "slug" in shown[1]
    assert (desk / "out/market/episode.json").read_bytes() == before
    (desk / "market.txt").rename(desk / "asa.txt")
    (desk / "market.yaml").write_text("source: asa.txt\ntitle: 朝市\n", encoding="utf-8")
    assert render("market.yaml").episode.title == "朝市", "the article moved and was given another title"


def test_every_chapter_leads_to_its_words(desk):
    render()
    page = html.document_fromstring((desk / "out/market/index.html").read_text(encoding="utf-8"))
    rows = json.loads((desk / "out/market/chapters.json").read_text(encoding="utf-8"))["chapters"]
    for n, row in enumerate(rows):
        address, _, anchor = row["url"].partition("#")
        assert address == "https://example.com/podcast/market/index.html"
        place = page.get_element_by_id(anchor)
        assert n == 0 or place.text_content() == row["title"]
