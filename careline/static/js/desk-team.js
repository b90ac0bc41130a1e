// Working with several contacts and colleagues: what is being written in each contact stays with
// it, Alt and a digit go from one to the other, words among staff and the quick find don't leave
// the page, and a sound or a notice of the computer tells of what is new, where somebody asked
// for that. Without this file everything works by forms.

import { piece, replaceKeepingFocus, say } from "./desk-pieces.js";

// --- What is being written, kept apart for each contact, in this tab only.

const talk = document.querySelector("[data-talk]");
const composer = talk?.querySelector("[data-composer]");
const draftOf = (contact) => `careline.desk.draft.${contact}`;

function kept(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return ""; // Storage may be forbidden: then nothing is kept, and nothing is mixed up.
  }
}

function keep(key, words) {
  try {
    if (words) sessionStorage.setItem(key, words);
    else sessionStorage.removeItem(key);
  } catch {
    // As above.
  }
}

function keepDraft(field, key) {
  // What came back from the server, because it couldn't be stored, wins.
  if (!field.value) field.value = kept(key);
  const remember = () => keep(key, field.value);
  field.addEventListener("input", remember);
  // Sent: the script has emptied the field without an event.
  window.addEventListener("pagehide", remember);
  field.form.addEventListener("sent", remember);
}

if (composer) keepDraft(composer.elements.text, draftOf(talk.dataset.contact));
const among = document.querySelector("[data-among]");
if (among && talk) keepDraft(among.elements.text, `${draftOf(talk.dataset.contact)}.among`);

function forgetAll() {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("careline.desk.")) sessionStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept either.
  }
}

// The next person at this computer finds none of it; nor does anybody of what was deleted.
document.querySelector('form[action*="sign-out"], form[action*="logout"]')?.addEventListener("submit", forgetAll);
if (talk && talk.querySelector("[data-deleted]")) {
  keep(draftOf(talk.dataset.contact), "");
  keep(`${draftOf(talk.dataset.contact)}.among`, "");
}

// --- From contact to contact.

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !/^Digit[1-9]$/.test(event.code)) return;
  const mine = document.querySelectorAll("[data-mine] [data-item], [data-joined] [data-item]");
  const item = mine[Number(event.code.at(-1)) - 1];
  if (!item) return;
  event.preventDefault();
  item.click();
});

// --- Words among staff, without leaving the page.

const amongNews = among?.querySelector("[data-among-news]");
among?.addEventListener("submit", async (event) => {
  if (!event.submitter) return;
  event.preventDefault();
  const field = among.elements.text;
  const said = new FormData(among, event.submitter);
  event.submitter.disabled = true;
  try {
    const response = await fetch(among.action, {
      method: "POST", body: said, headers: { Accept: "application/json" }, redirect: "error",
    });
    const reply = await response.json();
    say(amongNews, reply.stored ? "" : reply.reasons.join(" "));
    if (reply.stored) {
      field.value = "";
      among.elements.client_id.value = freshId();
      among.dispatchEvent(new Event("sent"));
    }
  } catch {
    say(amongNews, talk.dataset.failed);
  } finally {
    event.submitter.disabled = false;
    field.focus();
  }
});

function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `among-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

// --- The quick find.

const find = document.querySelector("[data-find]");
find?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const response = await piece(find.action.split("#")[0], {
    method: "POST", body: new FormData(find), headers: { Accept: "text/html", "X-Piece": "found" },
  });
  const html = await response?.text();
  if (html === undefined) say(talk.querySelector("[data-connection]"), talk.dataset.offline);
  else replaceKeepingFocus(document.querySelector("[data-found]"), html);
});

// --- Sound and notices: that something is new, never what.

const wishes = document.querySelector("[data-shortcuts]")?.dataset ?? {};
const place = document.querySelector("[data-queue-place]");
let heard = signs();

/** What is worth a sound: offers, invitations, questions, unanswered words, danger. */
function signs() {
  if (!place) return new Set();
  const cards = [...place.querySelectorAll("[data-offer]")].map((card) => card.dataset.offer);
  const news = [...place.querySelectorAll("[data-news]")].map((item) => item.dataset.news);
  return new Set([...cards, ...news]);
}

function tell() {
  const now = signs();
  const fresh = [...now].some((sign) => !heard.has(sign));
  heard = now;
  if (!fresh) return;
  if ("sound" in wishes) ring();
  if (wishes.notices && document.hidden && Notification.permission === "granted") {
    new Notification(wishes.notices, { tag: "careline-desk" });
  }
}

let audio;
/** Two short soft tones; browsers allow it after the first key or click on the page. */
function ring() {
  try {
    audio ??= new AudioContext();
    for (const [start, pitch] of [[0, 660], [0.18, 880]]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.08, audio.currentTime + start);
      volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + start + 0.15);
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + start);
      tone.stop(audio.currentTime + start + 0.16);
    }
    document.documentElement.dataset.rang = String(Number(document.documentElement.dataset.rang ?? 0) + 1);
  } catch {
    // No sound on this machine: the list says it all the same.
  }
}

if (place && ("sound" in wishes || wishes.notices)) {
  new MutationObserver(tell).observe(place, { childList: true });
}

document.querySelector("[data-ask-notices]")?.addEventListener("change", async (event) => {
  const box = event.target;
  if (!box.checked || !("Notification" in window)) return;
  if ((await Notification.requestPermission()) === "granted") return;
  box.checked = false;
  const news = document.querySelector("[data-notices-news]");
  news.textContent = news.dataset.refused;
});
