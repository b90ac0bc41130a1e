// Makes a conversation live: a stream brings what is new, messages go without leaving the
// page. Without this script the same page works by its forms and by refreshing.

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

function showTime(place, moment) {
  place.dateTime = moment.toISOString();
  place.textContent = new Intl.DateTimeFormat(words.language, { hour: "numeric", minute: "2-digit" })
    .format(moment);
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

function mine(text, at) {
  const item = shape("mine");
  item.querySelector(".message__text").textContent = text;
  showTime(item.querySelector("time"), at);
  return item;
}

function theirs(event) {
  const item = shape("theirs");
  item.querySelector(".message__who").textContent = event.name;
  item.querySelector(".message__text").textContent = event.text;
  showTime(item.querySelector("time"), new Date(event.at));
  if (event.kind === "approved_sentence") {
    const sources = item.querySelector(".message__sources");
    const link = sources.querySelector("a");
    fillBraces(sources, { by: event.reviewer, on: event.reviewed_on });
    link.textContent = event.page;
    if (event.url.startsWith("/") || event.url.startsWith(location.origin)) link.href = event.url;
    sources.hidden = false;
  }
  return item;
}

function service(event) {
  const item = shape(event.kind);
  fillBraces(item, { name: event.name });
  return item;
}

function show(event) {
  if (event.seq <= last) return;
  last = event.seq;
  if (event.kind === "visitor_message") showOwn(event);
  else if (event.kind === "flag") raise();
  else if (event.kind === "accepted" || event.kind === "ended") add(service(event));
  else add(theirs(event));
  if (event.author === "specialist") stopTyping();
  if (event.kind === "accepted" || event.kind === "ended") refreshTop();
  if (event.kind === "ended") finish();
}

/** Our own message came back: from this page, or from another tab of the same visitor. */
function showOwn(event) {
  if (pending.has(event.client_id)) stored(event.client_id);
  else if (!list.querySelector(`[data-client-id="${CSS.escape(event.client_id || "")}"]`)) {
    const item = mine(event.text, new Date(event.at));
    item.querySelector(".message__sent").textContent = words.wordSent;
    add(item);
  }
}

async function raise() {
  await refreshTop();
  const card = topPart.querySelector("[data-care-card]");
  if (!card) return;
  alertLine.textContent = `${card.querySelector(".care-card__title").textContent} ${words.wordCard}`;
  card.scrollIntoView({ block: "start" });
}

// The part above the messages: the card, who is there, the place in line.

async function refreshTop() {
  try {
    const response = await fetch(words.top, { credentials: "same-origin" });
    if (response.status !== 200) return;
    const fresh = await response.text();
    const busy = topPart.contains(document.activeElement);
    if (!busy && fresh !== topPart.dataset.shown) {
      topPart.innerHTML = fresh;
      topPart.dataset.shown = fresh;
    }
    words.waiting = topPart.querySelector("[data-status]")?.dataset.status || words.waiting;
  } catch {
    // The next round tries again.
  }
}

setInterval(() => {
  if (words.waiting === "waiting" && !ended && !document.hidden) refreshTop();
}, WAITING_MS);

// The stream.

function connect() {
  source = new EventSource(`${live("events")}?after=${last}`);
  source.addEventListener("open", online);
  source.addEventListener("contact", (message) => show(JSON.parse(message.data)));
  source.addEventListener("typing", showTyping);
  source.addEventListener("error", () => {
    offline();
    if (source.readyState !== EventSource.CLOSED || ended) return;
    // The browser has given up (a refusal, a restart): come back ourselves, ever more slowly.
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, 30000);
  });
}

function online() {
  clearTimeout(offlineTimer);
  offlineTimer = 0;
  pause = 2000;
  connectionLine.hidden = true;
  connectionLine.textContent = "";
}

function offline() {
  if (offlineTimer || ended) return;
  offlineTimer = setTimeout(() => {
    connectionLine.textContent = words.wordOffline;
    connectionLine.hidden = false;
  }, OFFLINE_AFTER_MS);
}

function finish() {
  ended = true;
  source.close();
  online();
  const unsent = box.value.trim() || pending.size;
  if (unsent) remember();
  // The page of an ended conversation offers the ways on, and shows nothing live.
  else location.reload();
  composer.querySelector("button").disabled = true;
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

function stored(id) {
  const { item } = pending.get(id);
  pending.delete(id);
  item.classList.remove("message--sending", "message--failed");
  item.dataset.clientId = id;
  item.querySelector(".message__sent").textContent = words.wordSent;
  remember();
}

function failed(id, why) {
  const { item } = pending.get(id);
  const state = item.querySelector(".message__sent");
  const again = document.createElement("button");
  item.classList.replace("message--sending", "message--failed");
  again.type = "button";
  again.className = "button button--second button--small";
  again.textContent = words.wordAgain;
  again.addEventListener("click", () => deliver(id));
  state.replaceChildren(`${words.wordFailed} ${why} `, again);
}

async function post(id, text) {
  const response = await fetch(`${live("messages")}?lang=${words.language}`, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ client_id: id, text }),
  });
  if (response.status === 201) return { done: true };
  const said = await response.json().catch(() => ({}));
  return { done: false, again: response.status >= 500, why: said.message || "" };
}

/** Send one message; a lost reply is tried again under the same id, so it is stored once. */
async function deliver(id) {
  const { item, text } = pending.get(id);
  item.classList.remove("message--failed");
  item.classList.add("message--sending");
  item.querySelector(".message__sent").textContent = words.wordSending;
  let why = "";
  for (let turn = 0; turn < TRIES && pending.has(id); turn += 1) {
    try {
      const result = await post(id, text);
      if (result.done) {
        if (pending.has(id)) stored(id);
        return;
      }
      why = result.why;
      if (!result.again) break;
    } catch {
      why = "";
    }
    await new Promise((wake) => setTimeout(wake, 800 * 2 ** turn));
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
  deliver(id);
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

// Begin: the visitor's own clock, what was typed before a reload, the stream.

for (const place of list.querySelectorAll("time[data-moment]")) {
  showTime(place, new Date(place.dateTime));
}

const before = remembered();
if (!box.value && before.draft) box.value = before.draft;
for (const [id, text] of before.unsent || []) {
  if (list.querySelector(`[data-client-id="${CSS.escape(id)}"]`)) continue;
  queue(id, text);
  deliver(id);
}
document.getElementById("latest").scrollIntoView({ block: "end" });
connect();
