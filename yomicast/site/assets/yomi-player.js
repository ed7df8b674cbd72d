/* <yomi-player>: a native <audio> with better controls and a text that follows the sound. GPL-3.0-or-later.
   <yomi-player cues="x.player.json" for="#article"><audio controls preload="none" src="x.mp3"></audio></yomi-player>
   Without JavaScript the audio inside stays as it is. Nothing is loaded before play, but the cues when `for` is set. */
(() => {
const T = {
  ja: { play: "再生", pause: "一時停止", back: "15秒戻る", fwd: "15秒進む", speed: "速さ", seek: "再生位置", chapters: "チャプター", player: "音声プレーヤー", prev: "前の文", next: "次の文", err: "音声を読み込めません" },
  en: { play: "Play", pause: "Pause", back: "Back 15 s", fwd: "Forward 15 s", speed: "Speed", seek: "Position", chapters: "Chapters", player: "Audio player", prev: "Previous sentence", next: "Next sentence", err: "The audio cannot be loaded" },
};
const CSS_TEXT = `
:host{display:block;font:1rem/1.5 system-ui,sans-serif;color:var(--yomi-ink,#1c1b22);background:var(--yomi-paper,#f6f4ef);border:1px solid var(--yomi-line,#75706a);border-radius:.75rem;padding:.75rem;max-width:100%;box-sizing:border-box}
.r{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
button,select{font:inherit;color:inherit;background:transparent;border:1px solid var(--yomi-line,#75706a);border-radius:.5rem;min-height:2.75rem;min-width:2.75rem;padding:0 .6rem;cursor:pointer;max-width:100%}
.p{background:var(--yomi-accent,#7a3d12);color:var(--yomi-on-accent,#fff);border-color:transparent;min-width:6.5rem}
select option{color:#1c1b22;background:#fff}
:focus-visible{outline:3px solid var(--yomi-focus,#0b57d0);outline-offset:2px}
input{flex:1 1 8rem;min-width:6rem;height:2.75rem;margin:0;accent-color:var(--yomi-accent,#7a3d12)}
.t{font-variant-numeric:tabular-nums;white-space:nowrap}
.c{flex:1 1 100%}.e{flex:1 1 100%}.e:empty{display:none}
@media (prefers-color-scheme:dark){:host{color:var(--yomi-ink,#f1eee8);background:var(--yomi-paper,#23222a);border-color:var(--yomi-line,#9a958d)}button,select{border-color:var(--yomi-line,#9a958d)}.p{background:var(--yomi-accent,#ffc27d);color:var(--yomi-on-accent,#231302)}input{accent-color:var(--yomi-accent,#ffc27d)}:focus-visible{outline-color:var(--yomi-focus,#9cc2ff)}}
@media print{:host{display:none}}`;
const clock = (s) => {
  s = Math.max(0, Math.floor(s || 0));
  const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60, p = (n) => String(n).padStart(2, "0");
  return (h ? h + ":" + p(m) : m) + ":" + p(s % 60);
};
const bare = (s) => s.normalize("NFKC").replace(/[\s\u200b]/g, "");
const sheet = (() => { try { const s = new CSSStyleSheet(); s.replaceSync(CSS_TEXT); return s; } catch { return null; } })();
const el = (tag, props, ...kids) => { const e = Object.assign(document.createElement(tag), props); e.append(...kids); return e; };

class YomiPlayer extends HTMLElement {
  connectedCallback() {
    const audio = this.querySelector("audio");
    if (this.audio || !audio) return;
    this.audio = audio;
    const lang = (this.closest("[lang]")?.lang || navigator.language || "ja").slice(0, 2);
    const t = this.t = T[lang] || T.en;
    const root = this.attachShadow({ mode: "open" });
    if (sheet && root.adoptedStyleSheets) root.adoptedStyleSheets = [sheet];
    this.playing = el("button", { type: "button", className: "p", textContent: "▶ " + t.play, onclick: () => this.toggle() });
    const jump = (d, label) => { const b = el("button", { type: "button", textContent: (d < 0 ? "−" : "+") + "15", onclick: () => this.seek(this.at + d) }); b.setAttribute("aria-label", label); return b; };
    this.range = el("input", { type: "range", min: 0, max: Math.round(+this.getAttribute("seconds")) || 1, value: 0, step: 1, oninput: () => this.seek(+this.range.value) });
    this.range.setAttribute("aria-label", t.seek);
    this.time = el("span", { className: "t" });
    this.speed = el("select", { onchange: () => { audio.playbackRate = +this.speed.value; this.save(); } });
    this.speed.setAttribute("aria-label", t.speed);
    for (const v of [0.7, 0.85, 1, 1.25, 1.5, 2, 3]) this.speed.append(el("option", { value: v, textContent: v + "×", selected: v === 1 }));
    this.list = el("select", { hidden: true, className: "c", onchange: () => { this.seek(+this.list.value); this.play(); } });
    this.list.setAttribute("aria-label", t.chapters);
    this.error = el("span", { className: "e" });
    this.error.setAttribute("role", "alert");
    const group = el("div", { className: "r" }, this.playing, jump(-15, t.back), jump(15, t.fwd), this.range, this.time, this.speed, this.list, this.error, el("slot", { hidden: true }));
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.getAttribute("label") || t.player);
    root.append(group);
    audio.controls = false;
    audio.preload = "none";
    audio.addEventListener("loadedmetadata", () => this.land());
    for (const name of ["play", "pause", "timeupdate", "seeked", "loadedmetadata", "ended"]) audio.addEventListener(name, () => this.draw());
    audio.addEventListener("play", () => { this.load(); this.session(); this.loop(); });
    audio.addEventListener("pause", () => this.save());
    audio.addEventListener("error", () => { this.error.textContent = t.err; }, true);
    this.addEventListener("keydown", (e) => this.key(e));
    addEventListener("pagehide", () => this.save());
    this.cues = []; this.now = -1;
    const kept = this.kept();
    if (kept.v) { audio.playbackRate = kept.v; this.speed.value = kept.v; }
    const at = /[#&]t=([\d.]+)/.exec(location.hash);
    this.start = at ? +at[1] : kept.t || 0;
    if (this.hasAttribute("for")) this.load();
    this.draw();
  }
  get id_() { return "yomi:" + (this.getAttribute("key") || this.audio.currentSrc || this.audio.src); }
  kept() { try { return JSON.parse(localStorage.getItem(this.id_)) || {}; } catch { return {}; } }
  save() { const a = this.audio; try { localStorage.setItem(this.id_, JSON.stringify({ t: a.ended ? 0 : Math.floor(this.at), v: a.playbackRate })); } catch { /* private mode */ } }
  async load() {
    if (this.loading || !this.hasAttribute("cues")) return this.loading;
    const from = this.getAttribute("cues");
    const got = from[0] === "#" ? Promise.resolve(JSON.parse(document.querySelector(from).textContent)) : fetch(from).then((r) => r.json());
    return this.loading = got.then((d) => {
      this.cues = d.cues;
      for (const c of d.chapters || []) this.list.append(el("option", { value: c.s, textContent: clock(c.s) + " " + c.t }));
      this.list.hidden = this.list.length < 2;
      this.bind();
      this.draw();
    }).catch(() => { this.loading = null; });
  }
  /* Find each cue's text in the page: own sentences by data-cue, a blog's paragraphs by their text. */
  bind() {
    const where = this.hasAttribute("for") && document.querySelector(this.getAttribute("for"));
    if (!where) return;
    const walker = document.createTreeWalker(where, NodeFilter.SHOW_TEXT, (n) => n.parentElement.closest("script,style,rt,rp,yomi-player") ? 2 : 1);
    let flat = ""; const map = [];
    for (let n; (n = walker.nextNode());) for (let i = 0; i < n.data.length; i++) for (const ch of bare(n.data[i])) { flat += ch; map.push([n, i]); }
    let from = 0;
    this.cues.forEach((c) => {
      const text = bare(c.t); const at = text ? flat.indexOf(text, from) : -1;
      if (at < 0 || (at - from > 4000 && from)) return;
      from = at + text.length; c.a = at; c.b = from;
      const r = c.r = document.createRange();
      r.setStart(...map[at]); const [n, i] = map[from - 1]; r.setEnd(n, i + 1);
      for (const w of c.w || []) {
        const l = bare(c.t.slice(0, w[2])).length, k = l + bare(c.t.slice(w[2], w[3])).length;
        if (k > l && map[at + k - 1]) { const q = w.r = document.createRange(); q.setStart(...map[at + l]); const [m, j] = map[at + k - 1]; q.setEnd(m, j + 1); }
      }
    });
    where.addEventListener("click", (e) => {
      if (e.target.closest("a,button,input,select,textarea") || String(getSelection())) return;
      const p = document.caretPositionFromPoint ? document.caretPositionFromPoint(e.clientX, e.clientY) : document.caretRangeFromPoint?.(e.clientX, e.clientY);
      if (!p) return;
      const node = p.offsetNode || p.startContainer, off = p.offset ?? p.startOffset;
      const hit = this.cues.find((c) => c.r && c.r.isPointInRange(node, off));
      if (hit) { this.seek(hit.s); this.play(); }
    });
  }
  toggle() { if (this.audio.paused) this.play(); else this.audio.pause(); }
  /* A pause before the sound has come rejects too (AbortError): that is no failure. */
  play() { this.audio.play().then(() => { this.error.textContent = ""; }, (e) => { if (e.name !== "AbortError") this.error.textContent = this.t.err; }); }
  /* Before the sound's length is known, also while it is being loaded, a place is kept in `start`; land() goes there. */
  seek(s) { const a = this.audio; s = Math.max(0, s); if (a.readyState) { this.start = 0; a.currentTime = Math.min(s, a.duration || s); } else { this.start = s; } this.draw(); }
  land() { if (this.start) this.seek(this.start); }
  get at() { return this.start || this.audio.currentTime; }
  sentence(d) { const t = this.at; const next = d > 0 ? this.cues.find((c) => c.s > t + .05) : this.cues.filter((c) => c.s < t - 1).pop(); if (next) this.seek(next.s); }
  key(e) {
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const on = e.composedPath()[0].tagName;
    if (on === "SELECT" || on === "INPUT" && /^Arrow|Home|End|Page/.test(e.key) || on === "BUTTON" && e.key === " ") return;
    const rate = (d) => { this.speed.selectedIndex = Math.min(6, Math.max(0, this.speed.selectedIndex + d)); this.speed.onchange(); };
    const act = { " ": () => this.toggle(), k: () => this.toggle(), ArrowLeft: () => this.seek(this.at - 15), ArrowRight: () => this.seek(this.at + 15), j: () => this.sentence(-1), l: () => this.sentence(1), "<": () => rate(-1), ">": () => rate(1) }[e.key];
    if (act) { e.preventDefault(); act(); }
  }
  loop() { this.draw(); if (!this.audio.paused) requestAnimationFrame(() => this.loop()); }
  draw() {
    const a = this.audio, t = this.at, whole = a.duration && isFinite(a.duration) ? a.duration : +this.getAttribute("seconds") || 0;
    const label = a.paused ? "▶ " + this.t.play : "❚❚ " + this.t.pause;
    if (this.playing.textContent !== label) this.playing.textContent = label;
    if (whole && +this.range.max !== Math.round(whole)) this.range.max = Math.round(whole);
    const sec = Math.floor(t);
    if (this.sec !== sec || this.whole !== whole) {
      this.sec = sec; this.whole = whole; this.range.value = sec;
      this.time.textContent = clock(t) + " / " + clock(whole);
      this.range.setAttribute("aria-valuetext", clock(t) + " / " + clock(whole));
    }
    let lo = 0, hi = this.cues.length;
    while (lo < hi) { const m = (lo + hi) >> 1; if (this.cues[m].s <= t) lo = m + 1; else hi = m; }
    const n = lo && t < this.cues[lo - 1].e ? lo - 1 : -1, cue = this.cues[n];
    const w = cue?.w ? cue.w.findIndex((x) => t >= x[0] && t < x[1]) : -1;
    if (n === this.now && w === this.word) return;
    const moved = n !== this.now; this.now = n; this.word = w;
    if (self.Highlight && CSS.highlights) {
      cue?.r ? CSS.highlights.set("yomi", new Highlight(cue.r)) : CSS.highlights.delete("yomi");
      const r = w >= 0 && cue.w[w].r; r ? CSS.highlights.set("yomi-word", new Highlight(r)) : CSS.highlights.delete("yomi-word");
    }
    else if (moved) document.querySelectorAll("[data-cue]").forEach((s) => s.toggleAttribute("data-now", s.dataset.cue == n));
    if (moved) {
      this.dispatchEvent(new CustomEvent("yomi-cue", { bubbles: true, detail: { index: n, cue } }));
      const box = !a.paused && cue?.r?.getBoundingClientRect();
      if (box && (box.top < 0 || box.bottom > innerHeight)) scrollTo({ top: scrollY + box.top - innerHeight / 3, behavior: matchMedia("(prefers-reduced-motion:reduce)").matches ? "auto" : "smooth" });
      for (let i = 0; i < this.list.length; i++) if (+this.list.options[i].value <= t + .05) this.list.selectedIndex = i;
    }
  }
  session() {
    const m = navigator.mediaSession; if (!m) return;
    const g = (n) => this.getAttribute(n) || "";
    m.metadata = new MediaMetadata({ title: g("label"), artist: g("artist"), album: g("album"), artwork: g("artwork") ? [{ src: g("artwork") }] : [] });
    const on = { play: () => this.play(), pause: () => this.audio.pause(), seekbackward: () => this.seek(this.at - 15), seekforward: () => this.seek(this.at + 15), seekto: (d) => this.seek(d.seekTime), previoustrack: () => this.sentence(-1), nexttrack: () => this.sentence(1) };
    for (const k in on) try { m.setActionHandler(k, on[k]); } catch { /* not known here */ }
  }
}
customElements.get("yomi-player") || customElements.define("yomi-player", YomiPlayer);
})();
