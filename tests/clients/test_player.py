"""Pages and player in a real browser: follow the sound, by mouse, by keyboard, without JavaScript, under a strict policy."""

import http.server
import json
import os
import shutil
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from yomicast import export, pipeline, site
from yomicast.settings import ShowSettings

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--mute-audio",
]  # fmt: skip
PATIENCE = 120
"""Seconds until a condition counts as never met: a busy machine is slow, not wrong."""
AXE = Path(os.environ.get("NPM_DIR", "/nonexistent")) / "node_modules" / "axe-core" / "axe.min.js"
ARTICLE = """声の<実験>&「記号」の記事

最初の段落です。二つ目の文があります。三つ目の文も続きます。

この段落では、もう少し長い話をします。風の音が聞こえました。

はじめの章

章の中の文です。もう一つの文です。最後の文です。

おわりの章

終わりの段落です。ここまで聞いてくれてありがとうございます。
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Two episodes by the audible test voice, as a publisher would have them."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "voices").mkdir()
    (desk / "voices" / "mei.yaml").write_text("engine: marker\nlicence: {credit: 試験の声}\n", encoding="utf-8")
    (desk / "show.yaml").write_text("title: 試験の番組\nsite: https://blog.example/\n", encoding="utf-8")
    before = Path.cwd()
    os.chdir(desk)
    try:
        for name in ("one", "two"):
            (desk / f"{name}.txt").write_text(ARTICLE.replace("声の", f"{name} 声の"), encoding="utf-8")
            pipeline.render(pipeline.open_job(f"{name}.txt", out=desk / "out"))
    finally:
        os.chdir(before)
    return desk / "out"


@pytest.fixture(scope="module")
def address(out):
    made = site.server(out, public="https://example.com/podcast/")
    site.running(made)
    yield f"http://127.0.0.1:{made.server_address[1]}/"
    made.shutdown()
    made.server_close()


@pytest.fixture(scope="module")
def chromium():
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    context = chromium.new_context(locale="ja-JP")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.problems = []
    page.asked = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


def until(page, condition):
    """Poll from outside: the page's policy rightly refuses Playwright's own eval."""
    end = time.monotonic() + PATIENCE
    while not page.evaluate(f"!!({condition})"):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(50)


WATCH = """() => { window.seen = []; const y = document.querySelector('yomi-player');
y.addEventListener('yomi-cue', e => { if (e.detail.cue && !y.audio.paused) window.seen.push([e.detail.cue.s, y.audio.currentTime, y.audio.playbackRate, CSS.highlights.has('yomi'), !!e.detail.cue.r]); }); }"""


TRIES = 3
"""A busy machine drops frames now and then; one whole try must keep the bound for every cue."""

ENDED = "document.querySelector('yomi-player').audio.ended"
AGAIN = """(from) => { const y = document.querySelector('yomi-player'); y.audio.pause(); y.seek(from); window.seen = []; y.play(); }"""


@pytest.mark.parametrize("rate", [1, 3])
def test_the_sentence_lights_up_with_its_sound(page, address, rate):
    page.goto(address + "one/")
    page.evaluate(WATCH)
    page.select_option("yomi-player select[aria-label=速さ]", str(rate))
    for _ in range(TRIES):
        page.evaluate(AGAIN, 0)
        until(page, f"window.seen.length >= 6 || {ENDED}")
        rows = page.evaluate("window.seen")[1:]
        assert {speed for _, _, speed, _, _ in rows} == {rate}
        assert all(lit == known for *_, lit, known in rows)
        late = [(now - cue) / rate for cue, now, *_ in rows]
        assert min(late) >= -0.01
        if len(late) >= 5 and max(late) <= 0.1:
            break
    assert len(late) >= 5
    assert max(late) <= 0.1, late
    assert any(lit for *_, lit, _ in page.evaluate("window.seen"))
    assert page.problems == []


FIRST_SOUND = """() => { const a = document.querySelector('yomi-player').audio;
a.addEventListener('playing', () => { window.first ??= a.currentTime; }); }"""
"""Where the sound begins, noted when it does: asked afterwards, a busy machine has played on."""


def test_a_click_on_a_sentence_plays_it(page, address):
    page.goto(address + "one/")
    until(page, "document.querySelector('yomi-player').cues.some(c => c.r)")
    page.evaluate(FIRST_SOUND)
    page.get_by_text("風の音が聞こえました。").click(position={"x": 20, "y": 12})
    start = page.evaluate("document.querySelector('yomi-player').cues.find(c => c.t.startsWith('風の')).s")
    until(page, "window.first !== undefined")
    assert start - 0.01 <= page.evaluate("window.first") < start + 1.5


def test_the_keyboard_is_enough(page, address):
    page.goto(address + "one/")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "YOMI-PLAYER":
            break
    at = "document.querySelector('yomi-player').at"
    page.keyboard.press("Enter")
    until(page, "!document.querySelector('yomi-player').audio.paused")
    page.keyboard.press("k")
    assert page.evaluate("document.querySelector('yomi-player').audio.paused")
    here = page.evaluate(at)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(at) == pytest.approx(here + 15, abs=0.5)
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(at) == pytest.approx(here, abs=0.5)
    page.keyboard.press("l")
    starts = page.evaluate("document.querySelector('yomi-player').cues.map(c => c.s)")
    assert page.evaluate(at) == pytest.approx(min(s for s in starts if s > here + 0.05), abs=0.05)
    page.keyboard.press(">")
    assert page.evaluate("document.querySelector('yomi-player').audio.playbackRate") == 1.25
    seen = set()
    for _ in range(8):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.shadowRoot?.activeElement?.getAttribute('aria-label') || ''"))
    assert {"15秒戻る", "15秒進む", "再生位置", "速さ"} <= seen


def test_a_place_chosen_while_the_sound_loads_is_gone_to(page, address):
    """Between play and the first sound nothing can be sought yet; the wish must not be lost."""
    page.goto(address + "one/")
    asked = page.evaluate(
        "(() => { const y = document.querySelector('yomi-player'); y.play(); y.seek(9); return [y.audio.readyState, y.at]; })()"
    )
    assert asked == [0, 9]
    until(page, "document.querySelector('yomi-player').audio.currentTime > 0.2")
    assert page.evaluate("document.querySelector('yomi-player').audio.currentTime") >= 9
    page.evaluate("(() => { const y = document.querySelector('yomi-player'); y.audio.pause(); y.seek(2); })()")
    until(page, "!document.querySelector('yomi-player').audio.seeking")
    assert page.evaluate("document.querySelector('yomi-player').at") == pytest.approx(2, abs=0.05)


def test_a_pause_before_the_sound_has_come_is_no_failure(page, address):
    page.goto(address + "one/")
    page.evaluate(
        "(() => { const y = document.querySelector('yomi-player'); y.audio.addEventListener('pause', () => { window.paused = 1; }); y.toggle(); y.toggle(); })()"
    )
    until(page, "window.paused")
    player = "document.querySelector('yomi-player')"
    assert page.evaluate(f"{player}.audio.play().then(() => {player}.error.textContent)") == ""


def test_a_sound_that_is_not_there_is_said(page, address):
    page.route("**/*.mp3", lambda route: route.fulfill(status=404, body="gone"))
    page.goto(address + "one/")
    page.click("yomi-player button")
    until(page, "document.querySelector('yomi-player').error.textContent")
    assert page.evaluate("document.querySelector('yomi-player').error.textContent") == "音声を読み込めません"


def test_the_place_is_remembered(page, address):
    page.goto(address + "one/")
    until(page, "document.querySelector('yomi-player').cues.length")
    page.get_by_text("最後の文です。").click(position={"x": 20, "y": 12})
    until(page, "document.querySelector('yomi-player').audio.currentTime > 5")
    page.click("yomi-player button")
    until(page, "document.querySelector('yomi-player').audio.paused")
    here = page.evaluate("document.querySelector('yomi-player').audio.currentTime")
    page.reload()
    assert page.evaluate("document.querySelector('yomi-player').at") == pytest.approx(here, abs=1)
    page.evaluate(FIRST_SOUND)
    page.click("yomi-player button")
    until(page, "window.first !== undefined")
    assert page.evaluate("window.first") == pytest.approx(here, abs=1.5)


def test_the_lock_screen_knows_the_episode(page, address):
    page.goto(address + "one/")
    page.click("yomi-player button")
    until(page, "navigator.mediaSession.metadata")
    assert page.evaluate("navigator.mediaSession.metadata.title").startswith("one 声の")
    assert page.evaluate("navigator.mediaSession.metadata.album") == "試験の番組"


def test_nothing_is_loaded_before_play_and_nothing_from_elsewhere(page, address):
    page.goto(address + "one/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in page.asked if url.endswith(".mp3")]
    page.click("yomi-player button")
    until(page, "document.querySelector('yomi-player').audio.currentTime > 0.2")
    assert {urlsplit(url).netloc for url in page.asked if not url.startswith("data:")} == {urlsplit(address).netloc}
    assert page.problems == []


def test_a_foreign_script_is_refused_by_the_page_itself(page, address):
    page.goto(address + "one/")
    refused = page.evaluate("""() => new Promise(done => {
        addEventListener('securitypolicyviolation', e => done(e.effectiveDirective));
        const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s);
        if (window.broken) done('ran'); })""")
    assert refused.startswith("script-src")
    assert page.evaluate("window.broken") is None


def test_hostile_titles_are_text(page, address):
    page.goto(address + "one/")
    assert page.text_content("h1") == "one 声の<実験>&「記号」の記事"


def test_without_javascript_there_are_native_controls(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.goto(address + "one/")
    assert page.locator("audio[controls]").is_visible()
    assert page.get_by_text("風の音が聞こえました。").is_visible()
    context.close()


def test_the_feed_is_a_page_to_a_person(page, address):
    page.goto(address + "feed.xml")
    assert page.text_content("h1") == "試験の番組"
    assert page.input_value("input[type=url]") == address + "feed.xml"
    assert page.locator("article h2").all_text_contents() == [
        "two 声の<実験>&「記号」の記事",
        "one 声の<実験>&「記号」の記事",
    ]
    assert page.locator("audio").count() == 2
    assert not [url for url in page.asked if url.endswith(".mp3")]
    assert {urlsplit(url).netloc for url in page.asked if not url.startswith("data:")} == {urlsplit(address).netloc}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_feed_is_a_page_where_xslt_is_gone(chromium, address, scheme):
    """Browsers are taking XSLT away; this one without it shows the same by CSS."""
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, "--disable-blink-features=XSLT"])
    page = browser.new_page(color_scheme=scheme, viewport={"width": 320, "height": 600})
    page.goto(address + "feed.xml")
    assert page.evaluate("document.documentElement.nodeName") == "rss"
    assert page.locator("channel > title").text_content() == "試験の番組"
    assert page.locator("item > title").first.is_visible()
    assert not page.locator("item > guid").first.is_visible()
    told = page.evaluate("getComputedStyle([...document.getElementsByTagName('atom:link')][0], '::after').content")
    assert address + "feed.xml" in told or "attr(href)" in told
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    browser.close()


@pytest.mark.parametrize("width", [320, 700, 1200])
def test_the_player_covers_nothing(page, address, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + "one/")
    top = page.locator("yomi-player").bounding_box()["y"]
    for above in ("img.cover", "h1", "header .meta"):
        box = page.locator(above).bounding_box()
        assert box["y"] + box["height"] <= top, above


def test_print_is_the_text_without_the_player(page, address):
    page.goto(address + "one/")
    page.emulate_media(media="print")
    assert not page.locator("yomi-player").is_visible()
    assert page.get_by_text("風の音が聞こえました。").is_visible()


def test_search_engines_and_cards_know_the_episode(page, address):
    page.goto(address + "one/")
    data = json.loads(page.text_content("script[type='application/ld+json']"))
    assert (data["@type"], data["associatedMedia"]["@type"]) == ("PodcastEpisode", "AudioObject")
    assert "風の音が聞こえました。" in data["associatedMedia"]["transcript"]
    said = {
        tag: page.get_attribute(f"meta[{'name' if tag.startswith('twitter') else 'property'}='{tag}']", "content")
        for tag in ("og:title", "og:audio", "og:image", "twitter:card", "twitter:player")
    }
    assert said["og:title"] == "one 声の<実験>&「記号」の記事"
    assert said["twitter:card"] == "player"
    assert said["twitter:player"] == "https://example.com/podcast/one/embed.html"
    assert said["og:audio"].startswith("https://example.com/podcast/one/one.")


@pytest.mark.parametrize("path", ["", "one/", "one/embed.html", "feed.xml"])
def test_a_small_phone_needs_no_sideways_scrolling(chromium, address, path):
    context = chromium.new_context(viewport={"width": 320, "height": 600}, has_touch=True)
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate("""() => { const y = document.querySelector('yomi-player'); if (!y) return [];
        return [...y.shadowRoot.querySelectorAll('button,select')].filter(e => !e.hidden)
        .map(e => e.getBoundingClientRect()).filter(r => r.width < 44 || r.height < 44).length; }""")
    assert not small
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["", "one/", "one/embed.html", "one/one.transcript.html", "one/one.notes.html", "feed.xml"]
)
def test_no_accessibility_violation(chromium, address, path, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (NPM_DIR)")
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.goto(address + path)
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(
        "axe.run({exclude: [['xslt-warning-banner']]}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))"
    )
    assert found == []
    context.close()


@pytest.fixture
def blog(tmp_path):
    """A blog at another origin: give it the body of its page, get its address."""
    handler = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *a: None})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: handler(*a, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def post(body):
        head = '<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>blog</title><link rel="icon" href="data:,"><body>'
        (tmp_path / "index.html").write_text(f"{head}{body}</body></html>", encoding="utf-8")
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield post
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("tier", ["component", "iframe", "audio"])
def test_the_printed_code_plays_on_a_blog(page, address, out, blog, tier):
    """What `yomicast embed` prints, pasted as it is into a page of another origin."""
    episode = export.read_episode(out / "one" / "episode.json")
    code = site.snippets(ShowSettings(audio_base=address), episode, text=".entry")[tier]
    page.goto(blog(f'<div class="entry"><p>この段落では、もう少し長い話をします。</p></div>{code}'))
    place = page
    if tier == "iframe":
        page.frame_locator("iframe").locator("yomi-player button").first.wait_for()
        place = page.frames[1]
    elif tier == "component":
        until(page, "document.querySelector('yomi-player').cues?.some(c => c.r)")
    place.evaluate("document.querySelector('audio').play()")
    until(place, "document.querySelector('audio').currentTime > 0.2")
    assert page.problems == []


def test_a_blogs_own_paragraphs_light_up(page, address, blog):
    """The component on another origin, with the blog's markup and the text broken up by links and ruby."""
    cues = f"{address}one/one.player.json"
    audio = next(
        p for p in json.loads(fetch(address + "one/episode.json"))["episode"]["renditions"] if p["rel"] == "audio"
    )
    page.goto(
        blog(
            f"""<script type="module" src="{address}yomi-player.js"></script>
        <yomi-player cues="{cues}" for=".entry"><audio controls preload="none" src="{address}{audio["path"]}"></audio></yomi-player>
        <div class="entry"><p>最初の<a href="#">段落</a>です。二つ目の
        文があります。三つ目の文も続きます。</p><div class="ad">広告です。買いましょう。</div>
        <p>この段落では、もう少し長い話をします。<b>風</b>の音が聞こえました。</p></div>"""
        )
    )
    until(page, "document.querySelector('yomi-player').cues?.length")
    lit = page.evaluate(
        "document.querySelector('yomi-player').cues.filter(c => c.r).map(c => String(c.r).replace(/\\s/g, ''))"
    )
    assert lit == [
        "最初の段落です。", "二つ目の文があります。", "三つ目の文も続きます。",
        "この段落では、もう少し長い話をします。", "風の音が聞こえました。",
    ]  # fmt: skip
    page.evaluate(
        "(() => { const y = document.querySelector('yomi-player'); y.seek(y.cues.find(c => c.r).s + .2); y.play(); })()"
    )
    until(page, "CSS.highlights.has('yomi')")


def fetch(url):
    import urllib.request

    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def test_the_component_is_small():
    import gzip

    text = (Path(site.__file__).parent / "assets" / "yomi-player.js").read_bytes()
    assert len(gzip.compress(text, 9)) < 6000


@pytest.fixture(scope="module")
def read_address(tmp_path_factory):
    """An episode by Open JTalk, whose words have times of their own."""
    desk = tmp_path_factory.mktemp("read")
    (desk / "a.txt").write_text(
        "言葉の実験\n\n今日は朝から静かな雨が降っています。窓を開けると、遠くで鳥の声が聞こえました。\n",
        encoding="utf-8",
    )
    before = Path.cwd()
    os.chdir(desk)
    try:
        pipeline.render(pipeline.open_job("a.txt", out=desk / "out"))
    finally:
        os.chdir(before)
    made = site.server(desk / "out")
    site.running(made)
    yield f"http://127.0.0.1:{made.server_address[1]}/"
    made.shutdown()
    made.server_close()


WATCH_WORDS = """() => { window.seen = []; const y = document.querySelector('yomi-player'); let last = '';
const look = () => { const c = y.cues[y.now], w = c && y.word >= 0 && c.w[y.word];
  if (w && !y.audio.paused && last !== y.now + ':' + y.word) { last = y.now + ':' + y.word;
    window.seen.push([w[0], y.audio.currentTime, CSS.highlights.has('yomi-word'), c.t.slice(w[2], w[3])]); }
  requestAnimationFrame(look); }; look(); }"""


def test_the_word_lights_up_with_its_sound(page, read_address):
    page.goto(read_address + "a/")
    until(page, "document.querySelector('yomi-player').cues.some(c => c.r && c.w)")
    page.evaluate(WATCH_WORDS)
    start = page.evaluate("document.querySelector('yomi-player').cues.find(c => c.r && c.w).s")
    for _ in range(TRIES):
        page.evaluate(AGAIN, start - 0.2)
        until(page, f"window.seen.filter(w => w[2]).length >= 12 || {ENDED}")
        lit = [row for row in page.evaluate("window.seen") if row[2]]
        late = sorted(now - begin for begin, now, *_ in lit[1:])
        assert late[0] >= -0.01
        if len(lit) < 12:
            continue
        if late[len(late) // 2] <= 0.05 and late[int(len(late) * 0.9)] <= 0.1:
            break
    assert len(lit) >= 12
    assert {"雨", "窓", "鳥"} & {word.strip("、。") for *_, word in lit}
    assert late[len(late) // 2] <= 0.05, late
    assert late[int(len(late) * 0.9)] <= 0.1, late
