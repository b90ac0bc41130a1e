// Makes a conversation live: a stream brings what is new, messages go without leaving the
// page. Without this script the same page works by its forms and by refreshing.

import { readSigns } from "./chat-read.js";
import { showTime } from "./chat-times.js";
import { watchLine } from "./line-watch.js";

const chat = document.querySelector("[data-chat]");
const words = chat.dataset;
const list = chat.querySelector("[data-messages]");
const topPart = document.getElementById("chat-top");
const composer = chat.querySelector("[data-composer]");
const box = composer.querySelector("textarea");
const typingLine = chat.querySelector("[data-typing]");
const connectionLine = chat.querySelector("[data-connection]");
const alertLine = chat.querySelector("[data-alert]");

const WAITING_MS = 15000;
const TYPING_SHOWN_MS = 5000;
const TYPING_TOLD_MS = 3000;
const OFFLINE_AFTER_MS = 4000;
const TRIES = 4;
const keep = `careline.chat.${words.chat}`;

let last = Number(words.last);
let ended = false;
let source = null;
let pause = 2000;
let offlineTimer = 0;
let typingTimer = 0;
let toldTyping = 0;
let line = Promise.resolve();
const pending = new Map(); // client id -> { item, text }

/** The address of a live endpoint of this conversation. */
const live = (what) => `${words.chat}${what}`;

// Keeping what was typed, in this tab only; leaving the site clears it.

function remember() {
  try {
    const unsent = [...pending].map(([id, { text }]) => [id, text]);
    sessionStorage.setItem(keep, JSON.stringify({ draft: box.value, unsent }));
  } catch {
    // Storage may be forbidden; the conversation works all the same.
  }
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(keep)) || {};
  } catch {
    return {};
  }
}

function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Showing events.

function shape(name) {
  const template = chat.querySelector(`template[data-event-shape="${name}"]`);
  return template.content.firstElementChild.cloneNode(true);
}

function nearEnd() {
  // The end of the messages, not of the page: the footer below may be a screen high.
  return document.getElementById("latest").getBoundingClientRect().top < window.innerHeight + 240;
}

function add(item) {
  const follow = nearEnd();
  list.append(item);
  if (follow) document.getElementById("latest").scrollIntoView({ block: "end" });
}

function fillBraces(element, values) {
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      node.textContent = node.textContent.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
    }
  }
}

/** Say what has become of our own message; only "Sent" is green. */
function say(item, ...what) {
  const state = item.querySelector("[data-state]");
  state.className = what[0] === words.wordSent ? "message__sent" : "";
  state.replaceChildren(...what);
}

function mine(text, at) {
  const item = shape("mine");
  item.querySelector(".message__text").textContent = text;
  showTime(item.querySelector("time"), at, words.language);
  return item;
}

function theirs(event) {
  const item = shape("theirs");
  item.querySelector(".message__who").textContent = event.name;
  item.querySelector(".message__text").textContent = event.text;
  showTime(item.querySelector("time"), new Date(event.at), words.language);
  if (event.kind === "approved_sentence") {
    const sources = item.querySelector(".message__sources");
    const link = sources.querySelector("a");
    const day = new Intl.DateTimeFormat(words.language, { dateStyle: "long", timeZone: "UTC" })
      .format(new Date(event.reviewed_on));
    fillBraces(sources, { reviewer: event.reviewer, day });
    link.textContent = event.page;
    if (event.url.startsWith("/") || event.url.startsWith(location.origin)) link.href = event.url;
    sources.hidden = false;
  }
  return item;
}

/** A file that another tab of the same visitor sent. */
function file(event) {
  const item = shape("file");
  const link = item.querySelector("a");
  link.href = words.files.replace(words.nobody, event.key);
  fillBraces(link, event);
  showTime(item.querySelector("time"), new Date(event.at), words.language);
  return item;
}

function service(event) {
  const item = shape(event.kind);
  fillBraces(item, event);
  return item;
}

// What the service says by itself; each has a shape of its own.
const SERVICE = new Set([
  "accepted", "released", "handing_over", "left", "handed_over", "idle_warned", "closed_early", "open_again", "ended",
]);

function show(event) {
  if (event.seq <= last) return;
  last = event.seq;
  if (event.kind === "visitor_message") showOwn(event);
  else if (event.kind === "visitor_file") add(numbered(file(event), event.seq));
  else if (event.kind === "flag") raise();
  else if (SERVICE.has(event.kind)) add(service(event));
  else add(numbered(theirs(event), event.seq));
  if (event.author === "specialist") stopTyping();
  if (SERVICE.has(event.kind)) refreshTop();
  if (event.kind === "ended") finish();
}

/** Our own message came back: from this page, or from another tab of the same visitor. */
function showOwn(event) {
  if (pending.has(event.client_id)) stored(event.client_id, event.seq);
  else if (!list.querySelector(`[data-client-id="${CSS.escape(event.client_id || "")}"]`)) {
    const item = mine(event.text, new Date(event.at));
    say(item, words.wordSent);
    add(numbered(item, event.seq));
  }
}

function numbered(item, seq) {
  item.dataset.seq = seq;
  return item;
}

async function raise() {
  await refreshTop(true);
  const card = topPart.querySelector("[data-care-card]");
  if (!card) return;
  alertLine.textContent = `${card.querySelector(".care-card__title").textContent}. ${words.wordCard}`;
  card.scrollIntoView({ block: "start" });
}

// The part above the messages: the card, who is there, the place in line.

/** What the help bar says of chat: it may have closed since the page was loaded. */
function sayOpening(line) {
  const bar = document.querySelector(".help-bar__line");
  if (bar && line && !bar.textContent.startsWith(line)) bar.textContent = line;
}

async function refreshTop(always = false) {
  try {
    const response = await fetch(words.top, { credentials: "same-origin" });
    if (response.status !== 200) return;
    const fresh = await response.text();
    // Nobody's focus is taken away, except by danger.
    const busy = !always && topPart.contains(document.activeElement);
    if (!busy && fresh !== topPart.dataset.shown) {
      topPart.innerHTML = fresh;
      topPart.dataset.shown = fresh;
    }
    const opening = document.createElement("template");
    opening.innerHTML = fresh;
    sayOpening(opening.content.querySelector("[data-help-line]")?.textContent);
    words.waiting = topPart.querySelector("[data-status]")?.dataset.status || words.waiting;
  } catch {
    // The next round tries again.
  }
}

setInterval(() => {
  if (words.waiting === "waiting" && !ended && !document.hidden) refreshTop();
}, WAITING_MS);

// The stream.

const watched = watchLine(connect);

function connect() {
  source?.close();
  source = new EventSource(`${live("events")}?after=${last}`);
  watched.watch(source);
  source.addEventListener("open", online);
  source.addEventListener("contact", (message) => show(JSON.parse(message.data)));
  source.addEventListener("typing", showTyping);
  source.addEventListener("seen", (message) => signs.readUpTo(JSON.parse(message.data).seq));
  source.addEventListener("error", () => {
    offline();
    if (source.readyState !== EventSource.CLOSED || ended) return;
    // The browser has given up (a refusal, a restart): come back ourselves, ever more slowly.
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, 30000);
  });
}

function online() {
  signs.sayAgain();
  for (const [id, { item }] of pending) {
    if (item.classList.contains("message--failed")) send(id);
  }
  clearTimeout(offlineTimer);
  offlineTimer = 0;
  pause = 2000;
  connectionLine.hidden = true;
  connectionLine.textContent = "";
}

window.addEventListener("offline", offline);
window.addEventListener("online", () => {
  if (ended) return;
  // A line that went dead isn't always noticed: begin a fresh one.
  connect();
});

function offline() {
  if (offlineTimer || ended) return;
  offlineTimer = setTimeout(() => {
    connectionLine.textContent = words.wordOffline;
    connectionLine.hidden = false;
  }, OFFLINE_AFTER_MS);
}

function finish() {
  ended = true;
  watched.stop();
  source.close();
  box.value = [...pending.values()].map(({ text }) => text).concat(box.value).join("\n").trim();
  try {
    sessionStorage.removeItem(keep);
  } catch {
    // Forbidden storage holds nothing.
  }
  // The page of an ended conversation offers the ways on, and shows what wasn't sent any more.
  if (box.value) composer.submit();
  else location.reload();
}

// Typing.

function showTyping() {
  const name = topPart.querySelector("[data-specialist]")?.dataset.specialist || "";
  if (!name) return;
  typingLine.textContent = words.wordTyping.replace("{name}", name);
  clearTimeout(typingTimer);
  typingTimer = setTimeout(stopTyping, TYPING_SHOWN_MS);
}

function stopTyping() {
  typingLine.textContent = "";
}

function tellTyping() {
  if (!box.value || Date.now() - toldTyping < TYPING_TOLD_MS || words.waiting !== "assigned") return;
  toldTyping = Date.now();
  fetch(live("typing"), { method: "POST", credentials: "same-origin" }).catch(() => {});
}

// Sending. "Sent" appears when the server has stored it, never before.

function stored(id, seq) {
  const { item } = pending.get(id);
  numbered(item, seq);
  pending.delete(id);
  item.classList.remove("message--sending", "message--failed");
  item.dataset.clientId = id;
  say(item, words.wordSent);
  signs.show();
  remember();
}

function failed(id, why) {
  const { item } = pending.get(id);
  const again = document.createElement("button");
  item.classList.replace("message--sending", "message--failed");
  again.type = "button";
  again.className = "button button--second button--small";
  again.textContent = words.wordAgain;
  again.addEventListener("click", () => send(id));
  say(item, `${words.wordFailed} ${why} `, again);
}

async function post(id, text) {
  const response = await fetch(`${live("messages")}?lang=${words.language}`, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ client_id: id, text }),
  });
  if (response.status === 201) return { done: true, seq: (await response.json()).seq };
  const said = await response.json().catch(() => ({}));
  return { done: false, again: response.status >= 500, why: said.message || "" };
}

/** Wait, but no longer than until the browser says that it is back on line. */
function rest(milliseconds) {
  return new Promise((wake) => {
    const timer = setTimeout(wake, milliseconds);
    window.addEventListener("online", () => {
      clearTimeout(timer);
      wake();
    }, { once: true });
  });
}

/** Send after what is being sent already, so that the order stays. */
function send(id) {
  const { item } = pending.get(id);
  item.classList.remove("message--failed");
  item.classList.add("message--sending");
  say(item, words.wordSending);
  line = line.then(() => deliver(id)).catch(() => {});
}

/** Send one message; a lost reply is tried again under the same id, so it is stored once. */
async function deliver(id) {
  const text = pending.get(id)?.text;
  let why = "";
  for (let turn = 0; turn < TRIES && pending.has(id); turn += 1) {
    try {
      const result = await post(id, text);
      if (result.done) {
        if (pending.has(id)) stored(id, result.seq);
        return;
      }
      why = result.why;
      if (!result.again) break;
    } catch {
      why = "";
      offline();
    }
    if (turn < TRIES - 1) await rest(800 * 2 ** turn);
  }
  if (pending.has(id)) failed(id, why);
}

function queue(id, text) {
  const item = mine(text, new Date());
  item.classList.add("message--sending");
  pending.set(id, { item, text });
  add(item);
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text || ended) return;
  const id = freshId();
  queue(id, text);
  box.value = "";
  remember();
  box.focus();
  send(id);
});

box.addEventListener("input", () => {
  remember();
  tellTyping();
});

// Enter sends where there is a real keyboard; a phone's Enter is a new line.
box.addEventListener("keydown", (event) => {
  const plain = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (!plain || !matchMedia("(pointer: fine)").matches) return;
  event.preventDefault();
  composer.requestSubmit();
});

const signs = readSigns({
  list,
  address: `${live("seen")}?seq=`,
  mark(item) {
    const sign = item.querySelector(".message__sent");
    if (sign) sign.textContent = words.wordRead;
  },
});

// Begin: what was typed before a reload, then the stream.

const before = remembered();
if (!box.value && before.draft) box.value = before.draft;
for (const [id, text] of before.unsent || []) {
  if (list.querySelector(`[data-client-id="${CSS.escape(id)}"]`)) continue;
  queue(id, text);
  send(id);
}
document.getElementById("latest").scrollIntoView({ block: "end" });
connect();
