"""`yomicast lexicon` and `yomicast proof` on an author's desk."""

import http.client
import json
import threading
import types

import pytest

from yomicast import cli, export, pipeline, speech
from yomicast.cli import lexicon_file
from yomicast.cli import proof as proof_command
from yomicast.model import Cue, Rendition
from yomicast.reading import lexicon

NIGHT = "夜の図書館\n\nNATOの会議が開かれました。\n\n町の人は東雲台へ行きました。\n"
MORNING = "朝の市場\n\nNATOの話を聞きました。\n"
LEXICON = "# この番組の辞書\n東雲台: しののめだい0   # 坂の上\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YOMICAST_LANG", "ja")
    for name, text in {
        "episodes/night.txt": NIGHT,
        "episodes/morning.txt": MORNING,
        "episodes/show.yaml": "title: 試し\n",
        "voices/mei.yaml": "engine: marker\n",
        "voices/lexicon.yaml": LEXICON,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def run(capsys, *words):
    status = cli.main(list(words))
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def test_add_keeps_the_file_and_says_what_changes(desk, capsys):
    status, out, _ = run(capsys, "lexicon", "add", "NATO", "ナトー0")
    assert status == 0
    assert (desk / "voices/lexicon.yaml").read_text(encoding="utf-8") == LEXICON + "NATO: ナトー0\n"
    assert out == "この変更で 2 話の 2 行の読みが変わります\n"


def test_add_speaks_english(desk, capsys, monkeypatch):
    monkeypatch.setenv("YOMICAST_LANG", "en")
    _, out, err = run(capsys, "lexicon", "add", "町", "ちょう")
    assert out == "this change affects 1 line in 1 episode\n"
    assert "night: lines" in err


def test_adding_twice_changes_nothing(desk, capsys):
    run(capsys, "lexicon", "add", "NATO", "ナトー0")
    before = (desk / "voices/lexicon.yaml").stat()
    status, _, err = run(capsys, "lexicon", "add", "ＮＡＴＯ", "ナトー0")
    assert (status, (desk / "voices/lexicon.yaml").stat().st_mtime_ns) == (0, before.st_mtime_ns)
    assert "すでに" in err


def test_a_word_is_changed_only_when_asked(desk, capsys):
    status, _, err = run(capsys, "lexicon", "add", "東雲台", "とううんだい")
    assert status == 2
    assert err.startswith("error[lexicon] voices/lexicon.yaml:2: 「東雲台」はすでに")
    assert "--replace" in err
    assert (desk / "voices/lexicon.yaml").read_text(encoding="utf-8") == LEXICON
    status, out, _ = run(capsys, "lexicon", "add", "東雲台", "とううんだい", "--replace")
    assert (status, out) == (0, "この変更で 1 話の 1 行の読みが変わります\n")
    assert "東雲台: とううんだい   # 坂の上\n" in (desk / "voices/lexicon.yaml").read_text(encoding="utf-8")


def test_a_reading_of_one_episode_goes_into_its_manifest(desk, capsys):
    status, out, _ = run(capsys, "lexicon", "add", "NATO", "ナトー0", "--episode", "episodes/night.txt")
    assert (status, out) == (0, "この変更で 1 話の 1 行の読みが変わります\n")
    assert (desk / "episodes/night.yaml").read_text(encoding="utf-8") == "readings:\n  NATO: ナトー0\n"
    run(capsys, "lexicon", "add", "町", "ちょう", "--episode", "episodes/night.yaml", "--note", "地名")
    assert "  町: {reading: ちょう, note: 地名}\n" in (desk / "episodes/night.yaml").read_text(encoding="utf-8")
    assert pipeline.open_job("episodes/night.txt", out=desk / "out").settings.readings["NATO"] == "ナトー0"


def test_the_first_word_makes_the_lexicon(desk, capsys):
    (desk / "voices/lexicon.yaml").unlink()
    assert run(capsys, "lexicon", "add", "NATO", "ナトー0")[0] == 0
    assert (desk / "voices/lexicon.yaml").read_text(encoding="utf-8") == "NATO: ナトー0\n"


def test_a_broken_reading_is_not_written(desk, capsys):
    status, _, err = run(capsys, "lexicon", "add", "NATO", "nato")
    assert (status, err.startswith("error[lexicon]")) == (2, True)
    assert (desk / "voices/lexicon.yaml").read_text(encoding="utf-8") == LEXICON


def test_what_cannot_be_extended_is_left_alone(desk, capsys):
    text = "{東雲台: しののめだい0}\n"
    (desk / "voices/lexicon.yaml").write_text(text, encoding="utf-8")
    status, _, err = run(capsys, "lexicon", "add", "NATO", "ナトー0")
    assert (status, "手で" in err) == (2, True)
    assert (desk / "voices/lexicon.yaml").read_text(encoding="utf-8") == text


def test_a_file_that_changes_meanwhile_is_not_overwritten(desk, capsys, monkeypatch):
    real = lexicon_file.amend.added

    def slow(*args, **more):
        (desk / "voices/lexicon.yaml").write_text("# 別の人\n", encoding="utf-8")
        return real(*args, **more)

    monkeypatch.setattr(lexicon_file.amend, "added", slow)
    assert run(capsys, "lexicon", "add", "NATO", "ナトー0")[0] == 2
    assert (desk / "voices/lexicon.yaml").read_text(encoding="utf-8") == "# 別の人\n"
    assert [path.name for path in (desk / "voices").iterdir() if path.name.startswith(".")] == []


def test_affected_writes_nothing(desk, capsys):
    status, out, _ = run(capsys, "lexicon", "affected", "NATO", "ナトー0", "--json")
    found = json.loads(out)
    assert (status, found["lines"], [one["episode"] for one in found["episodes"]]) == (0, 2, ["morning", "night"])
    assert (desk / "voices/lexicon.yaml").read_text(encoding="utf-8") == LEXICON
    assert json.loads(run(capsys, "lexicon", "affected", "東雲台", "しののめだい0", "--json")[1])["lines"] == 0


def test_only_affected_lines_are_spoken_again(desk, capsys):
    (desk / "voices/mei.yaml").write_text("engine: openjtalk\nmodel: mei_normal\n", encoding="utf-8")
    cache = desk / "cache"
    before = pipeline.prepare(pipeline.open_job("episodes/night.txt", out=desk / "out"))
    speech.speak(before.script.lines, before.cast, cache=cache)
    out = run(capsys, "lexicon", "add", "NATO", "ナトー0", "--json")[1]
    said = next(one["lines"] for one in json.loads(out)["episodes"] if one["episode"] == "night")
    after = pipeline.prepare(pipeline.open_job("episodes/night.txt", out=desk / "out"))
    kept = speech.cached(after.script.lines, after.cast, cache=cache)
    assert [number for number, spoken in enumerate(kept, 1) if spoken is None] == said
    assert said


def test_an_episodes_own_reading_is_not_touched_by_the_shows(desk, capsys):
    run(capsys, "lexicon", "add", "NATO", "ナトー0", "--episode", "episodes/night.txt")
    found = json.loads(run(capsys, "lexicon", "affected", "NATO", "ナト'ー", "--json")[1])
    assert [one["episode"] for one in found["episodes"]] == ["morning"]


def test_a_reading_that_is_heard_already_changes_nothing(desk, capsys):
    assert json.loads(run(capsys, "lexicon", "affected", "図書館", "としょ'かん", "--json")[1])["lines"] == 0
    assert json.loads(run(capsys, "lexicon", "affected", "図書館", "ずしょ'かん", "--json")[1])["lines"] >= 1


def test_an_article_that_cannot_be_read_is_named(desk, capsys):
    (desk / "episodes/empty.txt").write_text("", encoding="utf-8")
    status, out, err = run(capsys, "lexicon", "affected", "NATO", "ナトー0")
    assert (status, out, "empty.txt" in err) == (0, "この変更で 2 話の 2 行の読みが変わります\n", True)


def test_check_shows_every_broken_file_with_its_line(desk, capsys):
    assert run(capsys, "lexicon", "check")[1] == "1 ファイルの 1 語に問題はありません\n"
    (desk / "voices/lexicon.yaml").write_text("東雲台: しののめだい\n# あ\nNATO: nato\n", encoding="utf-8")
    (desk / "episodes/night.yaml").write_text("readings:\n  町: マ9\n", encoding="utf-8")
    status, _, err = run(capsys, "lexicon", "check")
    assert status == 2
    assert "voices/lexicon.yaml:3" in err
    assert "episodes/night.yaml:2" in err


def test_check_finds_one_word_twice(desk, capsys):
    (desk / "voices/lexicon.yaml").write_text("IT: アイティー\nＩＴ: イット\n", encoding="utf-8")
    status, _, err = run(capsys, "lexicon", "check")
    assert (status, "1 行目" in err, "lexicon.yaml:2" in err) == (2, True, True)


def test_find_shows_where_a_word_comes_from(desk, capsys):
    assert run(capsys, "lexicon", "find", "東雲")[1] == "東雲台\tしののめだい0\tvoices/lexicon.yaml:2\n"
    assert "nato.int" in run(capsys, "lexicon", "find", "nato")[1]
    assert run(capsys, "lexicon", "find", "ない語")[0] == 1


def test_import_keeps_the_authors_words(desk, capsys):
    (desk / "words.txt").write_text("とううんだい\t東雲台\t地名\nしおかぜどおり\t潮風通り\t地名\n", encoding="utf-8")
    status, out, err = run(capsys, "lexicon", "import", "words.txt")
    assert (status, "1 語を" in out, "東雲台" in err) == (0, True, True)
    kept = (desk / "voices/lexicon.yaml").read_text(encoding="utf-8")
    assert kept == LEXICON + "# words.txt (google)\n潮風通り: しおかぜどおり\n"
    run(capsys, "lexicon", "import", "words.txt")
    assert (desk / "voices/lexicon.yaml").read_text(encoding="utf-8") == kept


@pytest.mark.parametrize("name", ["words.json", "words.plist", "words.csv", "words.txt"])
def test_export_and_import_go_round(desk, capsys, name):
    run(capsys, "lexicon", "add", "潮風通り", "しおかぜど'おり")
    assert run(capsys, "lexicon", "export", name)[0] == 0
    (desk / "voices/lexicon.yaml").unlink()
    assert run(capsys, "lexicon", "import", name)[0] == 0
    words = {one.word: one for one in lexicon_file.entries_of(lexicon_file.Shelf(path=desk / "voices/lexicon.yaml"))}
    assert {word: one.reading for word, one in words.items()} == {
        "東雲台": "シノノメダイ",
        "潮風通り": "シオカゼドーリ",
    } or name in {
        "words.plist",
        "words.txt",
    }
    assert set(words) == {"東雲台", "潮風通り"}


def test_every_shipped_word_can_be_exported(desk, capsys):
    run(capsys, "lexicon", "export", "--all", "all.json")
    assert len(json.loads((desk / "all.json").read_text(encoding="utf-8"))) == len(lexicon.starter()) + 1


# --- the proof sheet -------------------------------------------------------------------------------------------------


def test_proof_writes_a_page_before_any_sound(desk, capsys):
    status, out, err = run(capsys, "proof", "episodes/night.txt")
    assert (status, out) == (0, "audio_out/.proof/night.html\n")
    text = (desk / "audio_out/.proof/night.html").read_text(encoding="utf-8")
    assert "しののめだい" in text
    assert "data-sound" not in text.partition("<script")[0]
    assert "行" in err
    assert list((desk / "audio_out").rglob("*.f32")) == []


def test_proof_in_the_terminal(desk, capsys):
    _, out, _ = run(capsys, "proof", "episodes/night.txt", "--text")
    assert "シ[ノノメダイエ" in out
    assert "町の人は東雲台へ行きました。" in out


def test_proof_plays_from_the_finished_episode(desk, capsys, monkeypatch):
    done = pipeline.prepare(pipeline.open_job("episodes/night.txt", out=desk / "audio_out"))
    lines = done.script.lines
    last = len(lines) - 1
    speech.speak(lines[last:], done.cast, cache=desk / "audio_out/.cache/speech")
    cues = tuple(Cue(start=n, end=n + 0.5, text=line.shown, speaker="", line=n) for n, line in enumerate(lines))
    audio = Rendition(path="night/night 1.mp3", media_type="audio/mpeg", size=1, sha256="")
    episode = types.SimpleNamespace(cues=cues, renditions=(audio,))
    monkeypatch.setattr(export, "read_episode", lambda path: episode)
    run(capsys, "proof", "episodes/night.txt")
    page = (desk / "audio_out/.proof/night.html").read_text(encoding="utf-8")
    assert page.count("data-sound=") == 1, "only the line whose sound is still right"
    assert f'data-sound="../night/night%201.mp3#t={last}.00,{last}.50"' in page


@pytest.fixture
def served(desk):
    screen = cli.frame.Screen(language="ja", out=open("/dev/null", "w"), err=open("/dev/null", "w"), quiet=True)  # noqa: SIM115
    one = proof_command.Desk("episodes/night.txt", out=desk / "audio_out", show=None, screen=screen)
    server = proof_command.proof.ProofServer(page=one.page, save=one.save, sound=one.sound)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield server
    server.close()
    thread.join(5)
    screen.out.close()
    screen.err.close()


def ask(server, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Origin": f"http://127.0.0.1:{server.port}", "Content-Type": "application/json"}
    connection.request(method, f"/{server.token}/{path}", body=json.dumps(body) if body else None, headers=headers)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer.status, data


def test_a_correction_lands_in_the_lexicon_and_in_the_page(desk, served):
    assert 'data-reading="ナ&#39;トー"' in ask(served, "GET", "")[1].decode()
    change = {"word": "NATO", "reading": "エヌエーティーオ'ー", "scope": "show"}
    status, data = ask(served, "POST", "corrections", change)
    assert (status, json.loads(data)["message"]) == (
        200,
        "lexicon.yaml に保存しました。この回では 1 行の読みが変わります。",
    )
    assert "NATO: エヌエーティーオ'ー\n" in (desk / "voices/lexicon.yaml").read_text(encoding="utf-8")
    assert "エヌエーティーオー" in ask(served, "GET", "")[1].decode()
    status, _ = ask(served, "POST", "corrections", {"word": "NATO", "reading": "ナ'トー", "scope": "episode"})
    assert (desk / "episodes/night.yaml").read_text(encoding="utf-8") == "readings:\n  NATO: ナ'トー\n"
    status, data = ask(served, "POST", "corrections", {"word": "町", "reading": "machi", "scope": "show"})
    assert (status, "かなではありません" in json.loads(data)["error"]) == (400, True)


def test_ctrl_c_ends_the_server_quietly(desk, capsys, monkeypatch):
    closed = []

    def interrupted(server):
        raise KeyboardInterrupt

    monkeypatch.setattr(proof_command.proof.ProofServer, "serve", interrupted)
    monkeypatch.setattr(
        proof_command.proof.ProofServer, "close", lambda server: closed.append(server._http.server_close())
    )
    status, out, err = run(capsys, "proof", "episodes/night.txt", "--serve")
    assert (status, len(closed)) == (0, 1)
    assert out.startswith("http://127.0.0.1:")
    assert "Ctrl+C" in err


def test_the_server_plays_what_is_cached(desk, served):
    ask(served, "GET", "")
    assert ask(served, "GET", "sound/1")[0] == 404
    done = pipeline.prepare(pipeline.open_job("episodes/night.txt", out=desk / "audio_out"))
    speech.speak(done.script.lines, done.cast, cache=desk / "audio_out/.cache/speech")
    assert 'data-sound="sound/1"' in ask(served, "GET", "")[1].decode()
    status, data = ask(served, "GET", "sound/1")
    assert (status, data[:4]) == (200, b"RIFF")
