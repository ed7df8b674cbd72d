"""The proof sheet in Chromium: by keyboard, on a phone, offline, in the dark, under its own policy."""

import base64
import contextlib
import os
import shutil
import struct
import threading
from pathlib import Path

import pytest

from yomicast.errors import LexiconError
from yomicast.model import Line, Message, Place, Script, Word
from yomicast.site import proof

pytestmark = pytest.mark.browser
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PATIENCE = 120
"""Seconds until something counts as never happening: a busy machine is slow, not wrong."""
PHONE = {"width": 320, "height": 640}


def word(surface, start, pron, accent=0, *, chained=False, **more):
    return Word(surface=surface, start=start, end=start + len(surface), pron=pron, accent=accent, chained=chained, **more)  # fmt: skip


def line(number):
    words = (
        word("NATO", 0, "ナトー", 1, doubts=("acronym",), candidates=("エヌエーティーオー",)),
        word("の", 4, "ノ", chained=True),
        word("会議", 5, "カイギ", 1, chained=True),
        word("へ", 7, "エ", chained=True),
        word("行っ", 8, "イッ", 0, doubts=("heteronym",), candidates=("オコナッ",)),
        word("た", 10, "タ", chained=True),
        word("。", 11, "", sign="、"),
    )
    text = "NATOの会議へ行った。"
    place = Place(file="episodes/night.txt", line=number)
    return Line(shown=text, spoken=text, role="body", place=place, pause=0.7, words=words)


SCRIPT = Script(title="夜の図書館から", lines=tuple(line(n) for n in range(1, 4)))


def wave():
    samples = b"".join(struct.pack("<h", 3000 if n // 20 % 2 else -3000) for n in range(6400))
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16, b"data", len(samples))  # fmt: skip
    return head + samples


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as player:
        running = player.chromium.launch(executable_path=chromium, args=FLAGS.split())
        yield running
        running.close()


@contextlib.contextmanager
def tab(browser, address, **options):
    """A page that keeps what went wrong in it and what it asked for."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.wrong, page.asked = [], []
    page.on(
        "console", lambda message: page.wrong.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(address)
    yield page
    context.close()


@pytest.fixture
def sheet(tmp_path):
    """A sheet as a file, with one line's sound in it and another's beside it."""
    sound = "data:audio/wav;base64," + base64.b64encode(wave()).decode()
    (tmp_path / "beside.wav").write_bytes(wave())
    path = tmp_path / "proof.html"
    path.write_text(proof.proof_sheet(SCRIPT, sounds={0: sound, 1: "beside.wav"}), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def desk():
    kept = []

    def save(correction):
        if correction.word == "broken":
            raise LexiconError(Message("no", "だめです"), hint=Message("again", "もう一度"))
        kept.append((correction.word, correction.reading, correction.scope))
        return proof.Saved(message=Message("saved", "保存しました。3行が変わります。"))

    server = proof.ProofServer(page=lambda: proof.proof_sheet(SCRIPT, served=True), save=save)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    server.kept = kept
    yield server
    server.close()
    thread.join(5)


def axe():
    folders = [os.environ.get("NPM_DIR"), *(Path(__file__).resolve().parents[n] / "npm" for n in (3, 4))]
    found = (Path(folder) / "node_modules/axe-core/axe.min.js" for folder in folders if folder)
    path = next((path for path in found if path.is_file()), None)
    if path is None:
        pytest.skip("axe-core is not installed (NPM_DIR)")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["reading", "editing", "noted"])
def test_axe_finds_nothing(browser, sheet, scheme, state):
    with tab(browser, sheet, bypass_csp=True, color_scheme=scheme) as page:
        if state != "reading":
            page.locator("#line-2 .fix").click()
        if state == "noted":
            page.locator("#save").click()
        page.add_script_tag(content=axe())
        found = page.evaluate("axe.run()")
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]] == []


def test_it_is_whole_offline_and_keeps_its_policy(browser, sheet):
    with tab(browser, sheet, offline=True) as page:
        page.locator("#line-1 .fix").click()
        page.locator("#cancel").click()
        assert page.wrong == []
        assert [address for address in page.asked if not address.startswith(("file:", "data:"))] == []
        page.evaluate(
            "const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s)"
        )
        assert page.evaluate("window.broken") is None


def test_a_phone_needs_no_sideways_scrolling(browser, sheet):
    with tab(browser, sheet, viewport=PHONE, has_touch=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.locator("#line-1 .w").first.tap()
        page.locator("#editor").wait_for()
        box = page.locator("#editor").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


def test_a_correction_by_keyboard_alone_becomes_a_line_to_paste(browser, sheet):
    with tab(browser, sheet) as page:
        page.locator("#line-2 .fix").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "words"
        assert page.locator("#word").input_value() == "NATO"
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "reading"
        page.keyboard.press("Control+A")
        page.keyboard.insert_text("ナトー0")
        page.keyboard.press("Enter")
        assert page.locator("#snippet-show").input_value() == "NATO: ナトー0"
        assert page.evaluate("document.activeElement.closest('li').id") == "line-2"
        assert page.locator(".w.changed").count() == 3
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.locator("#editor").wait_for(state="hidden")


def test_a_clicked_word_offers_its_other_readings(browser, sheet):
    with tab(browser, sheet) as page:
        page.locator("#line-1 .w", has_text="行").click()
        assert page.locator("#word").input_value() == "行っ"
        page.get_by_role("button", name="オコナッ").click()
        assert page.locator("#reading").input_value() == "オコナッ"
        assert page.get_by_label("この一か所だけ").is_checked(), "a heteronym is read so here, not everywhere"
        page.get_by_label("この回だけ").check()
        page.locator("#save").click()
        assert page.locator("#snippet-episode").input_value() == "readings:\n  行っ: オコナッ"


def test_one_place_becomes_a_mark_for_the_article(browser, sheet):
    with tab(browser, sheet) as page:
        page.locator("#line-2 .w", has_text="行").click()
        page.locator("#reading").fill("オコ'ナッ")
        page.locator("#save").click()
        assert page.locator("#snippet-place").input_value() == "episodes/night.txt:2  {行っ|おこなっ}"


def test_the_accent_is_drawn_while_it_is_typed(browser, sheet):
    with tab(browser, sheet) as page:
        page.locator("#line-1 .fix").click()
        page.locator("#reading").fill("きょうと'し")
        beats = page.eval_on_selector_all("#preview i", "all => all.map(i => i.textContent + ' ' + i.className)")
        assert beats == ["キョ ", "ウ hi", "ト hi fall", "シ "]
        page.locator("#reading").fill("yomi")
        assert page.locator("#problem").text_content()
        page.locator("#save").click()
        assert page.locator("#editor").is_visible()


@pytest.mark.parametrize("number", [1, 2], ids=["in the page", "beside the page"])
def test_a_cached_line_is_heard(browser, sheet, number):
    with tab(browser, sheet) as page:
        page.evaluate(
            """(n) => { const b = document.querySelector(`#line-${n} .play`), states = [];
            window.heard = new Promise((done) => new MutationObserver(() => {
              states.push(b.getAttribute('aria-pressed')); if (states.length > 1) done(states);
            }).observe(b, { attributes: true })); }""",
            number,
        )
        page.locator(f"#line-{number} .play").click()
        assert page.evaluate("window.heard") == ["true", "false"]
        assert page.wrong == []
        assert page.locator("#status span").text_content() == "", "nothing went wrong"
        assert page.locator("#line-3 .play").count() == 0


def test_a_correction_is_saved_through_the_server(browser, desk):
    with tab(browser, desk.address) as page:
        page.locator(".risk .fix").first.click()
        page.locator("#reading").fill("い'った")
        page.get_by_label("番組全体").check()
        page.locator("#save").click()
        page.get_by_text("保存しました。3行が変わります。").wait_for()
        assert desk.kept == [("行っ", "い'った", "show")]
        page.locator("#reload").click()
        page.locator("#line-1 .fix").click()
        page.locator("#word").fill("broken")
        page.locator("#save").click()
        page.get_by_text("だめです → もう一度").wait_for()
        assert page.locator("#editor").is_visible()
        assert [text for text in page.wrong if "400" not in text] == []


def test_without_scripts_it_can_still_be_read(browser, sheet):
    with tab(browser, sheet, java_script_enabled=False) as page:
        assert page.locator("#line-3 ruby").first.is_visible()
        assert page.locator("button:visible").count() == 0
