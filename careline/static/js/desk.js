// The desk, live: the open conversation follows its stream, the queue is looked at every few
// seconds, single keys do what the buttons say. Without this file everything works by forms.

import { readSigns } from "./chat-read.js";
import { piece, refused, replaceKeepingFocus, say } from "./desk-pieces.js";
import { watchLine } from "./line-watch.js";

const QUEUE_MILLISECONDS = 3000;
// A page in the background only says that this desk is still there.
const HIDDEN_MILLISECONDS = 60000;
const POLL_MILLISECONDS = 5000;
const TYPING_MILLISECONDS = 3000;
const TYPING_SHOWN_MILLISECONDS = 4000;

const title = document.title;

// A form is on its way by itself: the next page will show what has changed.
let leaving = false;
document.addEventListener("submit", (event) => {
  leaving ||= !event.defaultPrevented && event.target.method !== "dialog";
});

// --- The queue.

function followQueue(column) {
  const place = column.querySelector("[data-queue-place]");
  const news = column.querySelector("[data-queue-news]");
  let waiting = Number(place.querySelector("[data-queue]")?.dataset.waiting ?? 0);
  let shown = place.innerHTML;
  const url = `${column.dataset.queueUrl}?open=${encodeURIComponent(column.dataset.open)}`;

  const look = async () => {
    const response = await piece(url);
    if (response) {
      const html = await response.text();
      // An untouched list isn't replaced: no flicker, no lost hover. The form tokens differ each time.
      const bare = html.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
      if (bare !== shown) {
        shown = bare;
        replaceKeepingFocus(place, html);
        const now = Number(place.querySelector("[data-queue]")?.dataset.waiting ?? 0);
        if (now > waiting) {
          news.textContent = now === 1 ? column.dataset.one : column.dataset.many.replace("{n}", now);
        }
        waiting = now;
        document.title = waiting ? `(${waiting}) ${title}` : title;
      }
    }
    schedule();
  };
  let timer;
  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(look, document.hidden ? HIDDEN_MILLISECONDS : QUEUE_MILLISECONDS);
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? schedule() : look()));
  if (waiting) document.title = `(${waiting}) ${title}`;
  schedule();
}

// --- The open conversation.

class Conversation {
  constructor(talk) {
    this.talk = talk;
    this.messages = talk.querySelector("[data-messages]");
    this.connection = talk.querySelector("[data-connection]");
    this.typing = talk.querySelector("[data-typing-news]");
    this.aside = document.querySelector("[data-aside]");
    this.seq = Number(talk.dataset.lastSeq);
    this.reading = Promise.resolve();
    this.scrollToEnd();
  }

  follow() {
    if (!this.talk.dataset.events) return;
    this.line ??= watchLine(() => this.follow());
    this.stream?.close();
    this.stream = new EventSource(`${this.talk.dataset.events}&after=${this.seq}`);
    this.line.watch(this.stream);
    this.stream.addEventListener("contact", (event) => {
      if (Number(event.lastEventId) > this.seq) this.catchUp();
    });
    this.stream.addEventListener("typing", () => this.showTyping());
    this.signs = readSigns({
      list: this.messages,
      address: `${this.talk.dataset.typing.replace("/typing?", "/seen?")}&seq=`,
      mark: (item) => this.markRead(item),
    });
    this.stream.addEventListener("seen", ({ data }) => this.signs.readUpTo(JSON.parse(data).seq));
    this.stream.addEventListener("open", () => this.online());
    this.stream.addEventListener("error", () => this.offline());
  }

  markRead(item) {
    const meta = item.querySelector(".message__meta");
    if (!meta || meta.querySelector("[data-read]")) return;
    const sign = document.createElement("span");
    sign.dataset.read = "";
    sign.textContent = this.talk.dataset.readWord;
    meta.append(sign);
  }

  online() {
    this.signs?.sayAgain();
    say(this.connection, "");
    clearInterval(this.poll);
    this.poll = null;
    this.catchUp();
  }

  offline() {
    if (this.talk.dataset.status === "ended") return;
    // The browser tries the stream again by itself, unless it was refused; meanwhile we ask.
    this.poll ??= setInterval(() => this.catchUp(), POLL_MILLISECONDS);
    if (!navigator.onLine) say(this.connection, this.talk.dataset.offline);
  }

  /** Add what is new. One reading at a time, so that nothing is added twice. */
  catchUp() {
    this.reading = this.reading.then(() => this.readOn());
    return this.reading;
  }

  async readOn() {
    const response = await piece(`${this.talk.dataset.log}?after=${this.seq}`);
    if (refused.has(this.talk.dataset.log)) {
      this.lose();
      return;
    }
    if (!response) {
      say(this.connection, this.talk.dataset.offline);
      return;
    }
    say(this.connection, "");
    const last = Number(response.headers.get("X-Last-Seq"));
    const status = response.headers.get("X-Contact-Status");
    const html = await response.text();
    if (last > this.seq) {
      this.seq = last;
      this.add(html);
    }
    if (status !== this.talk.dataset.status) this.changed(status);
  }

  /** It is with somebody else now; what was being written stays to be read or copied. */
  lose() {
    this.line?.stop();
    this.stream?.close();
    clearInterval(this.poll);
    const button = this.talk.querySelector("[data-composer] button");
    if (button) button.disabled = true;
    say(this.connection, this.talk.dataset.gone);
  }

  add(html) {
    const stuck = this.isAtEnd();
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    // The visitor deleted everything: no word of it stays on a screen either.
    if (fresh.content.querySelector("[data-deleted]")) this.forget();
    const fromVisitor = fresh.content.querySelector(".message--theirs");
    const together = fresh.content.querySelector("[data-team]");
    const nowMine = fresh.content.querySelector("[data-now-mine]");
    this.messages.append(fresh.content);
    // It has become this person's: what they may do with it is on the page as it is now.
    if (nowMine && !leaving) return location.reload();
    if (fromVisitor) this.hideTyping();
    if (fromVisitor || together) this.refreshAside();
    if (stuck) this.scrollToEnd();
  }

  /** Drop everything that is known of the visitor; only what is being written here stays. */
  forget() {
    this.messages.replaceChildren();
    const who = this.talk.querySelector("[data-nobody]");
    if (who) who.textContent = who.dataset.nobody;
    this.talk.querySelector("[data-details]")?.remove();
    this.aside?.closest("[data-about]")?.replaceChildren();
    // What was asked for before is not put back when it comes.
    this.aside = null;
  }

  changed(status) {
    this.talk.dataset.status = status;
    if (leaving) return;
    if (status !== "ended") {
      location.reload();
      return;
    }
    this.line?.stop();
    this.stream?.close();
    clearInterval(this.poll);
    const composer = this.talk.querySelector("[data-composer]");
    if (composer?.querySelector("textarea").value.trim()) {
      // What was being written stays to be read or copied.
      composer.querySelector("button").disabled = true;
      say(composer.querySelector("[data-composer-news]"), this.talk.dataset.ended);
      this.scrollToEnd();
    } else {
      location.reload();
    }
  }

  async refreshAside() {
    if (!this.aside) return;
    const response = await piece(this.talk.dataset.context);
    const html = await response?.text();
    if (html && this.aside) replaceKeepingFocus(this.aside, html);
  }

  showTyping() {
    if (!this.typing) return;
    this.typing.hidden = false;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.hideTyping(), TYPING_SHOWN_MILLISECONDS);
  }

  hideTyping() {
    if (this.typing) this.typing.hidden = true;
  }

  get scroller() {
    const column = this.talk.closest(".desk__column");
    return column.scrollHeight > column.clientHeight ? column : document.scrollingElement;
  }

  isAtEnd() {
    const box = this.scroller;
    return box.scrollHeight - box.scrollTop - box.clientHeight < 120;
  }

  scrollToEnd() {
    const column = this.talk.closest(".desk__column");
    if (column.scrollHeight > column.clientHeight) column.scrollTop = column.scrollHeight;
    else this.messages.lastElementChild?.scrollIntoView({ block: "center" });
  }
}

// --- Sending.

function newClientId(start) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `${start}-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Send a form in the background; true when it is stored. The same client id can't store twice. */
async function store(form, conversation, news) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      redirect: "error",
    });
    if (response.status === 403) {
      // Signed out, or no longer theirs: the plain page says so and gives the words back.
      form.submit();
      return false;
    }
    const reply = await response.json();
    say(news, reply.stored ? "" : reply.reasons.join(" "));
    if (reply.stored) await conversation.catchUp();
    return reply.stored;
  } catch {
    say(news, conversation.talk.dataset.failed);
    return false;
  } finally {
    button.disabled = conversation.talk.dataset.status === "ended";
  }
}

function sendInPlace(conversation) {
  const composer = conversation.talk.querySelector("[data-composer]");
  const news = composer?.querySelector("[data-composer-news]");
  composer?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = composer.elements.text;
    const sent = field.value;
    // Now, not when it is stored: by then somebody may be elsewhere.
    field.focus();
    if (!sent.trim() || composer.querySelector("button").disabled) return;
    if (await store(composer, conversation, news)) {
      // Somebody may have gone on writing while it was under way.
      if (field.value.startsWith(sent)) field.value = field.value.slice(sent.length);
      composer.elements.client_id.value = newClientId("words");
      composer.dispatchEvent(new Event("sent"));
      conversation.scrollToEnd();
    }
  });
  composer?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) composer.requestSubmit();
  });
  composer?.addEventListener("input", tellTyping(conversation.talk.dataset.typing));

  // The fitting sentences and those that the quick find found.
  document.querySelector("[data-about]")?.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-sentence]");
    if (!form) return;
    event.preventDefault();
    composer?.elements.text.focus();
    if (await store(form, conversation, news)) {
      form.hidden = true;
      conversation.scrollToEnd();
    }
  });
}

function tellTyping(url) {
  let told = 0;
  return () => {
    const now = Date.now();
    if (!url || now - told < TYPING_MILLISECONDS) return;
    told = now;
    fetch(url, { method: "POST" }).catch(() => {});
  };
}

// --- Keys.

function isTyping(target) {
  return target.isContentEditable || target.closest("input, textarea, select") !== null;
}

function toggleSheet() {
  const sheet = document.getElementById("key-sheet");
  if (!sheet) return false;
  if (sheet.open) sheet.close();
  else sheet.showModal();
  return true;
}

function step(by) {
  const items = [...document.querySelectorAll("[data-item]")];
  if (!items.length) return;
  const here = items.indexOf(document.activeElement);
  const open = items.findIndex((item) => item.hasAttribute("aria-current"));
  const from = here >= 0 ? here : open;
  items[(from + by + items.length) % items.length].focus();
}

const VISIBLE_FIELDS = "select, textarea, input:not([type=hidden]), button, a[href]";

function act(element) {
  const how = element.dataset.do;
  if (how === "focus") element.focus();
  else if (how === "focus-first") (element.querySelector(element.dataset.first ?? VISIBLE_FIELDS) ?? element).focus();
  else if (how === "open") {
    element.open = true;
    (element.querySelector(VISIBLE_FIELDS) ?? element).focus();
  } else if (how === "sheet") toggleSheet() || element.click();
  else element.click();
  element.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  if (event.key === "Escape" && isTyping(event.target)) {
    event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (event.key !== "?" && document.querySelector("dialog[open]")) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "a") {
    const button = document.querySelector("[data-accept-open]") ?? document.querySelector("[data-accept]");
    if (!button) return;
    button.click();
  } else {
    const element = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!element) return;
    act(element);
  }
  event.preventDefault();
}

// --- Start.

for (const note of document.querySelectorAll("[data-without-script]")) note.hidden = true;

const column = document.querySelector("[data-queue-url]");
if (column) followQueue(column);

const talk = document.querySelector("[data-talk]");
if (talk) {
  const conversation = new Conversation(talk);
  conversation.follow();
  sendInPlace(conversation);
}

if (document.body.querySelector("[data-shortcuts='on']")) document.addEventListener("keydown", onKey);
document.querySelector('[data-do="sheet"]')?.addEventListener("click", (event) => {
  if (toggleSheet()) event.preventDefault();
});
