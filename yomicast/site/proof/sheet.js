"use strict";
const $ = (id) => document.getElementById(id);
const said = JSON.parse(document.documentElement.dataset.said);
const served = document.documentElement.dataset.served;
const editor = $("editor"), word = $("word"), reading = $("reading"), words = $("words");
const BEAT = /[ァ-ヴー][ャュョァィゥェォヮ]?/g;
const taken = { show: new Map(), episode: new Map(), place: new Map() };
let opener = null, at = null;

document.documentElement.classList.add("scripted");
for (const button of document.querySelectorAll("button.fix, button.play")) button.hidden = false;

function beats(text) {
  const plain = text.normalize("NFKC").replace(/[’‘′]/g, "'").replace(/[\s・=]/g, "");
  const katakana = plain.replace(/[ぁ-ゖ]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));
  const found = /^([ァ-ヴー]+)(?:'([ァ-ヴー]*)|(\d+))?$/.exec(katakana);
  if (!found || /^[ーァィゥェォャュョヮ]/.test(katakana)) return null;
  const all = (found[1] + (found[2] ?? "")).match(BEAT);
  const before = found[1].match(BEAT).length;
  const accent = katakana.includes("'") ? before : found[3] === undefined ? null : Number(found[3]);
  if (accent !== null && accent > all.length) return null;
  return { all, accent };
}

function preview() {
  const found = beats(reading.value);
  const line = document.createElement("span");
  line.className = "phrase";
  for (const [nth, kana] of (found?.all ?? []).entries()) {
    const beat = document.createElement("i");
    beat.textContent = kana;
    const { accent } = found, n = nth + 1;
    if (accent !== null && (n > 1 || accent === 1) && (n <= accent || accent === 0)) beat.classList.add("hi");
    if (n === accent) beat.classList.add("fall");
    line.append(beat);
  }
  $("preview").replaceChildren(line);
  const wrong = reading.value !== "" && !found;
  reading.setAttribute("aria-invalid", String(wrong));
  $("problem").textContent = wrong ? said.notKana : "";
  return Boolean(found);
}

function offer(also) {
  const buttons = also.map((kana) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = kana;
    button.addEventListener("click", () => { reading.value = kana; preview(); reading.focus(); });
    return button;
  });
  $("candidates").replaceChildren(...buttons);
  $("also").hidden = buttons.length === 0;
}

function choose(data) {
  word.value = data.word;
  reading.value = data.reading;
  offer(data.also ? data.also.split("|") : []);
  editor.querySelector(`[value=${data.once ? "place" : "show"}]`).checked = true;
  preview();
}

function edit(from, line, chosen) {
  opener = from;
  at = line ?? $(from.dataset.line);
  const found = line ? [...line.querySelectorAll(".w")] : [];
  words.replaceChildren(...found.map((span) => new Option(`${span.dataset.word} (${span.dataset.reading})`)));
  $("pick").hidden = found.length === 0;
  const start = chosen ?? found.find((span) => span.classList.contains("flagged")) ?? found[0];
  if (found.length) words.selectedIndex = Math.max(0, found.indexOf(start));
  words.onchange = () => choose(found[words.selectedIndex].dataset);
  choose((start ?? from).dataset);
  editor.showModal();
  (found.length && !chosen ? words : reading).focus();
}

function quoted(text) {
  const plain = /^[\p{L}_][^\x00-\x1f"#:,[\]{}&*!|>%@`?\\]*$/u.test(text) && text === text.trim();
  return plain && !/^(null|true|false|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);
}

function tell(text, reload = false) {
  $("status").firstElementChild.textContent = text;
  $("reload").hidden = !reload;
}

function mark(surface) {
  for (const span of document.querySelectorAll(".w")) if (span.dataset.word === surface) span.classList.add("changed");
}

function ruby(text) {
  return text.normalize("NFKC").replace(/['’‘′\d\s・=]/g, "").replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));
}

function take(change) {
  const key = change.scope === "place" ? `${at.dataset.place} ${change.word}` : change.word;
  taken[change.scope].set(key, change);
  const row = (one) => `${quoted(one.word)}: ${quoted(one.reading)}`;
  const rows = (scope, form) => [...taken[scope].values()].map(form).join("\n");
  $("snippet-show").value = rows("show", row);
  $("snippet-episode").value = taken.episode.size ? `readings:\n${rows("episode", (one) => `  ${row(one)}`)}` : "";
  $("snippet-place").value = rows("place", (one) => `${one.place}  {${one.word}|${ruby(one.reading)}}`);
  for (const area of document.querySelectorAll("#paste textarea")) delete area.dataset.copied;
  $("paste").hidden = false;
  tell(said.taken);
}

async function send(change) {
  const answer = await fetch("corrections", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(change),
  });
  const data = await answer.json();
  if (!answer.ok) throw new Error([data.error, data.hint].filter(Boolean).join(" → "));
  tell(data.message, true);
}

editor.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!word.value.trim() || !preview()) { reading.focus(); return; }
  const scope = new FormData(event.target).get("scope");
  const change = { word: word.value.trim(), reading: reading.value.trim(), scope };
  try {
    if (served && scope !== "place") await send(change); else take({ ...change, place: at.dataset.place });
    mark(change.word);
    editor.close();
  } catch (error) {
    $("problem").textContent = error instanceof TypeError ? said.gone : error.message;
  }
});
editor.addEventListener("close", () => opener?.focus());
reading.addEventListener("input", preview);
$("cancel").addEventListener("click", () => editor.close());
$("reload").addEventListener("click", () => location.reload());

document.addEventListener("click", (event) => {
  const target = event.target.closest("button.fix, .w, button.copy, button.play");
  if (!target || editor.open) return;
  const line = target.closest(".line");
  if (target.matches(".w")) edit(line.querySelector("button.fix"), line, target);
  else if (target.matches(".fix")) edit(target, line, null);
  else if (target.matches(".copy")) copy($(target.dataset.copy));
  else play(target);
});

async function copy(area) {
  try {
    await navigator.clipboard.writeText(area.value);
  } catch {
    area.select();
    document.execCommand("copy");
  }
  area.dataset.copied = "yes";
  tell(said.copied);
}

const voice = new Audio();
let playing = null;
function play(button) {
  const again = playing === button && !voice.paused;
  voice.pause();
  playing?.setAttribute("aria-pressed", "false");
  playing = again ? null : button;
  if (again) return;
  voice.src = button.dataset.sound;
  button.setAttribute("aria-pressed", "true");
  voice.play().catch(() => { button.setAttribute("aria-pressed", "false"); tell(said.silent); });
}
for (const name of ["pause", "ended"]) { // a fragment (#t=1,2) ends with a pause
  voice.addEventListener(name, () => { if (voice.paused) playing?.setAttribute("aria-pressed", "false"); });
}
window.addEventListener("beforeunload", (event) => {
  const left = [...document.querySelectorAll("#paste textarea")].some((area) => area.value && !area.dataset.copied);
  if (left) event.preventDefault();
});
