"""Many articles: each once, one broken article stops only itself, a broken pool is made anew, a second run makes nothing."""

import dataclasses
import json
import os
import unicodedata
from concurrent.futures import BrokenExecutor, Executor, Future
from datetime import datetime
from pathlib import Path

import pytest

from yomicast import batch, cli, config, pipeline
from yomicast.errors import ArticleError
from yomicast.files import snapshot

TEXT = "題名 {n}\n\n最初の文です。二つ目の文、{n}です。\n\nもうひとつの段落です。\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YOMICAST_LANG", "en")
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mei.yaml").write_text("engine: marker\n", encoding="utf-8")
    folder = tmp_path / "episodes"
    folder.mkdir()
    (folder / "show.yaml").write_text("title: 番組\n", encoding="utf-8")
    for n in (1, 2, 3):
        (folder / f"a{n}.md").write_text(f"---\ndate: 2026-03-0{n}\n---\n" + TEXT.format(n=n), encoding="utf-8")
    return tmp_path


class Here(Executor):
    """Runs each task at once, in this process; `deaths` workers die first."""

    def __init__(self, deaths=None):
        self.deaths = deaths if deaths is not None else []

    def submit(self, fn, /, *args, **kwargs):
        job = Future()
        if self.deaths:
            self.deaths.pop()
            job.set_exception(BrokenExecutor("killed"))
        else:
            job.set_result(fn(*args, **kwargs))
        return job


def run(targets, pool=Here, **options):
    with pipeline.workplace(Path("out")):
        work = batch.tasks(targets, Path("out"), **options)
        done = batch.run_all(work, pool, on_done=lambda *_: None)
        pipeline.gather(config.find_project(Path("episodes/a1.md")).show, Path("out"))
    return done


def test_a_folder_gives_each_article_once(desk):
    (desk / "episodes" / "b.yaml").write_text("source: other.txt\ntitle: b\n", encoding="utf-8")
    (desk / "episodes" / "other.txt").write_text(TEXT.format(n=4), encoding="utf-8")
    (desk / "episodes" / "a1.yaml").write_text("title: renamed\n", encoding="utf-8")
    (desk / "episodes" / "cover.jpg").write_bytes(b"x")
    assert [Path(p).name for p in batch.find(["episodes"])] == ["a1.md", "a2.md", "a3.md", "b.yaml"]


def test_globs_and_addresses(desk):
    assert [Path(p).name for p in batch.find(["episodes/a[12].md"])] == ["a1.md", "a2.md"]
    assert batch.find(["https://example.com/a"]) == ["https://example.com/a"]
    assert batch.find(["episodes/a1.md", "episodes"])[0] == "episodes/a1.md"
    assert len(batch.find(["episodes/a1.md", "episodes"])) == 3


def test_an_empty_folder_is_said(desk):
    (desk / "none").mkdir()
    with pytest.raises(ArticleError, match="no article"):
        batch.find(["none"])


@pytest.mark.parametrize("other", ["a1.txt", "A1.md"])
def test_of_two_articles_for_one_episode_the_second_is_refused(desk, other):
    (desk / "episodes" / other).write_text(TEXT.format(n=9), encoding="utf-8")
    done = run(batch.find(["episodes"]))
    assert [outcome.status for outcome in done] == ["made", "made", "made", "failed"]
    assert "the episode 'a1' too" in done[-1].error.message.en
    assert done[-1].error.exit_code == 2


def test_names_that_differ_only_in_composition_are_one_episode(desk):
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "ガイド")
        (desk / "episodes" / f"{name}.md").write_text(TEXT.format(n=9), encoding="utf-8")
    done = run(batch.find(["episodes"]))
    assert sorted(outcome.status for outcome in done) == ["failed", "made", "made", "made", "made"]


def test_two_articles_that_ask_for_one_slug_are_told(desk):
    for n in (2, 3):
        (desk / "episodes" / f"a{n}.yaml").write_text("slug: same\n", encoding="utf-8")
    done = run(batch.find(["episodes"]))
    assert sorted(outcome.status for outcome in done) == ["failed", "made", "made"]
    refused = next(o.error for o in done if o.error)  # before it is made, or after where both were under way at once
    assert "the episode 'same'" in refused.message.en
    assert "slug:" in refused.hint.en


def test_addresses_with_the_same_last_part_are_two_episodes(desk):
    tasks = batch.tasks(["https://a.example/x/index.html", "https://a.example/y/index.html"], Path("out"))
    assert [task.refused for task in tasks] == [None, None]
    assert [task.neighbours.following for task in tasks] == [1, 2]


def test_one_broken_article_stops_only_itself(desk):
    (desk / "episodes" / "a0.md").write_text("", encoding="utf-8")
    done = run(batch.find(["episodes"]))
    assert [outcome.status for outcome in done] == ["failed", "made", "made", "made"]
    assert done[0].error.exit_code == 2
    assert [episode.slug for episode in pipeline.all_episodes(Path("out"))] == ["a1", "a2", "a3"]
    assert len({episode.number for episode in pipeline.all_episodes(Path("out"))}) == 3


def test_a_second_run_makes_nothing_and_an_edit_only_its_own(desk):
    targets = batch.find(["episodes"])
    run(targets)
    before = snapshot(desk / "out")
    assert [outcome.status for outcome in run(targets)] == ["fresh"] * 3
    assert snapshot(desk / "out") == before
    text = (desk / "episodes" / "a2.md").read_text(encoding="utf-8")
    (desk / "episodes" / "a2.md").write_text(text.replace("最初の文", "はじめの文"), encoding="utf-8")
    assert [outcome.status for outcome in run(targets)] == ["fresh", "made", "fresh"]
    (desk / "episodes" / "show.yaml").write_text("title: 別の番組\n", encoding="utf-8")
    assert [outcome.status for outcome in run(targets)] == ["made"] * 3


def test_a_file_that_went_missing_is_made_again(desk):
    targets = batch.find(["episodes"])
    run(targets)
    next((desk / "out" / "a1").glob("*.mp3")).unlink()
    assert [outcome.status for outcome in run(targets)] == ["made", "fresh", "fresh"]
    assert list((desk / "out" / "a1").glob("*.mp3"))


def test_a_worker_that_dies_loses_no_episode(desk):
    deaths = [1, 2]
    assert [outcome.status for outcome in run(batch.find(["episodes"]), lambda: Here(deaths))] == ["made"] * 3


def test_a_worker_that_always_dies_is_an_error_not_a_hang(desk):
    done = run(batch.find(["episodes"]), lambda: Here([1] * 3))
    assert {outcome.status for outcome in done} == {"failed"}
    assert "died" in done[0].error.message.en


def test_our_own_mistake_stops_only_its_article(desk, monkeypatch):
    prepare = pipeline.prepare

    def broken(job):
        if job.slug == "a2":
            raise KeyError("oops")
        return prepare(job)

    monkeypatch.setattr(pipeline, "prepare", broken)
    done = run(batch.find(["episodes"]))
    assert [outcome.status for outcome in done] == ["made", "failed", "made"]
    assert done[1].error.exit_code == 1
    assert "KeyError: 'oops'" in done[1].error.message.en


def test_only_a_window_is_handed_over_and_the_longest_come_first(desk):
    (desk / "episodes" / "a2.md").write_text(TEXT.format(n=2) * 3, encoding="utf-8")
    given = []

    class Counting(Here):
        def submit(self, fn, /, *args, **kwargs):
            given.append((args[0].target, len(done)))
            return super().submit(fn, *args, **kwargs)

    done = []
    work = batch.tasks(batch.find(["episodes"]), Path("out"))
    outcomes = batch.run_all(work, Counting, on_done=lambda outcome, *_: done.append(outcome), window=1)
    assert [(Path(target).name, before) for target, before in given] == [("a2.md", 0), ("a1.md", 1), ("a3.md", 2)]
    assert [Path(outcome.target).name for outcome in outcomes] == ["a1.md", "a2.md", "a3.md"]


def test_a_killed_run_keeps_the_numbers_it_gave(desk):
    """The rest gets the numbers of the first run, whatever was made before the kill; later articles come after."""
    batch.tasks(batch.find(["episodes"]), Path("out"))
    run(["episodes/a3.md"])
    (desk / "episodes" / "a0.md").write_text("---\ndate: 2026-03-09\n---\n" + TEXT.format(n=0), encoding="utf-8")
    run(batch.find(["episodes"]))
    assert {e.slug: e.number for e in pipeline.all_episodes(Path("out"))} == {"a0": 4, "a1": 1, "a2": 2, "a3": 3}


@pytest.mark.slow
def test_fifty_thousand_articles_in_one_folder(desk):
    folder = desk / "many"
    folder.mkdir()
    for n in range(50_000):
        os.close(os.open(folder / f"b{n:05}.md", os.O_CREAT | os.O_WRONLY))
    work = batch.tasks(batch.find(["many"]), Path("out"))
    assert len(work) == 50_000
    assert [task.neighbours.following for task in work] == list(range(1, 50_001))
    assert not any(task.refused for task in work)


class Poison(str):
    """A name that kills the process that unpacks it."""

    __slots__ = ()

    def __reduce__(self):
        return os._exit, (9,)


@pytest.mark.slow
def test_an_article_that_kills_its_worker_takes_no_other_with_it(desk):
    work = batch.tasks(batch.find(["episodes"]), Path("out"))
    bad = dataclasses.replace(work[1], target=Poison(work[1].target))
    done = batch.run_all([work[0], bad, work[2]], lambda: batch.local_pool(2), on_done=lambda *_: None, window=4)
    assert [outcome.status for outcome in done] == ["made", "failed", "made"]
    assert "died" in done[1].error.message.en


def test_what_the_author_writes_and_what_makes_it_count(desk, monkeypatch):
    """An edited script, a lexicon beside the show, a new dictionary: each makes the episode due; nothing else does."""

    def digest():
        return batch.inputs(pipeline.open_job("episodes/a1.md", out=Path("out")))

    seen = [digest()]
    assert digest() == seen[0]
    (desk / "episodes" / "scripts").mkdir()
    (desk / "episodes" / "scripts" / "a1.txt").write_text("x", encoding="utf-8")
    seen.append(digest())
    (desk / "episodes" / "lexicon.yaml").write_text("港: みなと\n", encoding="utf-8")
    seen.append(digest())
    monkeypatch.setattr(batch, "versions", lambda: {"sudachidict-core": "next"})
    seen.append(digest())
    monkeypatch.setattr("yomicast.speech.marker.Marker.fingerprint", lambda *_: "next model")
    seen.append(digest())
    assert len(set(seen)) == 5


@pytest.mark.slow
def test_processes_make_the_same_bytes_as_this_one(desk, capsys):
    assert cli.main(["render", "episodes", "--out", "many", "--json", "--log", "log.jsonl"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["status"] for row in rows] == ["made"] * 3
    assert len((desk / "log.jsonl").read_text(encoding="utf-8").splitlines()) == 3
    run(batch.find(["episodes"]))
    ours = {name: (desk / "out" / name).read_bytes() for name in snapshot(desk / "out")}
    assert {name: (desk / "many" / name).read_bytes() for name in snapshot(desk / "many")} == ours


def test_the_plan_says_what_a_run_would_do(desk, capsys):
    assert cli.main(["plan", "episodes", "--out", "out", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["due"] == 3
    assert not (desk / "out").exists()
    run(batch.find(["episodes/a1.md"]))
    assert cli.main(["plan", "episodes", "--out", "out", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert [row["state"] for row in plan["episodes"]] == ["fresh", "new", "new"]
    assert plan["bytes"] > 0


def test_since_leaves_old_files_alone(desk):
    os.utime(desk / "episodes" / "a1.md", (0, 0))
    assert [Path(p).name for p in batch.find(["episodes"], since="2020-01-01")] == ["a2.md", "a3.md"]
    with pytest.raises(ArticleError, match="no date"):
        batch.find(["episodes"], since="yesterday")


def test_every_worker_has_the_runs_own_now(desk):
    """Undated articles of one run share its date; no worker asks its own clock."""
    now = datetime(2026, 3, 20, 7, tzinfo=pipeline.JST)
    for name in ("a1.md", "a2.md"):
        (desk / "episodes" / name).write_text(TEXT.format(n=name), encoding="utf-8")
    run(["episodes/a1.md", "episodes/a2.md"], now=now)
    assert {episode.published for episode in pipeline.all_episodes(Path("out"))} == {now}


def test_a_wrong_date_is_refused_before_a_feed_is_asked(desk, capsys):
    assert cli.main(["render", "--feed", "https://no-such-host.invalid/feed", "--since", "yesterday"]) == 2
    assert "'yesterday' is no date" in capsys.readouterr().err


def test_watch_sees_what_a_render_depends_on(desk):
    from yomicast.cli import many

    seen = many._states(["episodes"])
    assert seen == many._states(["episodes"])
    for name in ("episodes/new.md", "episodes/scripts/a1.txt", "voices/lexicon.yaml", "episodes/show.yaml"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("x", encoding="utf-8")
        os.utime(name, ns=(1, len(seen)))
        now = many._states(["episodes"])
        assert now != seen, name
        seen = now
    assert "episodes/a1.md" in many._states(["episodes/*.md"])
    assert "episodes/a1.md" in many._states(["episodes/a1.md"])


def test_watching_a_broken_show_says_so_and_goes_on(desk, capsys):
    (desk / "episodes" / "show.yaml").write_text("titel: x\n", encoding="utf-8")
    assert cli.main(["watch", "episodes", "--once", "--out", "out"]) == 2
    assert "unknown key 'titel'" in capsys.readouterr().err
