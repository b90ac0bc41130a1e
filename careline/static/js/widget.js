// Careline on another site. One script tag; docs/widget.md says how.
//
// First a plain link. Where this site is on the helpline's list, a frame of the helpline's own
// says so, and the link opens a panel with the helpline's pages in a frame. No cookie is set on
// this site, nothing is read from it, and nothing of it is sent anywhere.
(() => {
  "use strict";

  const WORDS = /* words */ {};
  const script = document.currentScript;
  if (!script) return;
  const own = new URL(script.src).origin;
  const asked = script.dataset.language || document.documentElement.lang.slice(0, 2);
  const language = asked in WORDS ? asked : Object.keys(WORDS)[0];
  const words = WORDS[language];
  const at = (path) => `${own}/${language}/${path}`;
  const SMALL = "(max-width: 40em)";
  const HELLO_MS = 15000;

  const STYLE = `
    :host { all: initial; }
    @media print { :host { display: none; } }
    a, button { font: 600 17px/1.25 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      min-block-size: 48px; min-inline-size: 48px; box-sizing: border-box; cursor: pointer;
      display: inline-flex; align-items: center; justify-content: center; border-radius: 10px; }
    a:focus-visible, button:focus-visible { outline: 3px solid #0B5C5E; outline-offset: 3px; }
    .open { position: fixed; inset-block-end: 16px; inset-inline-end: 16px; z-index: 2147483000;
      max-inline-size: calc(100vw - 32px); padding: 10px 20px; background: #0B5C5E; color: #fff;
      border: 2px solid #fff; text-decoration: none; text-align: center; }
    .open:hover { background: #084648; }
    dialog { position: fixed; inset: auto 16px 16px auto; z-index: 2147483001; margin: 0;
      inline-size: 400px; block-size: min(680px, calc(100vh - 32px)); max-inline-size: none;
      max-block-size: none; padding: 0; border: 2px solid #0B5C5E; border-radius: 10px;
      overflow: hidden; background: #FBF8F3; color: #1E2A2B; }
    dialog[open] { display: flex; flex-direction: column; }
    header { display: flex; align-items: center; justify-content: space-between; gap: 12px;
      padding: 4px 4px 4px 16px; border-block-end: 1px solid #E2DACD; }
    h2 { margin: 0; font: 600 17px/1.3 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    header button { background: none; border: 0; color: #0B5C5E; padding: 0 16px; }
    iframe { flex: 1; inline-size: 100%; border: 0; background: #FBF8F3; color-scheme: normal; }
    @media ${SMALL} {
      dialog { inset: 0; inline-size: 100vw; block-size: 100vh; block-size: 100dvh; border: 0;
        border-radius: 0; }
    }
    @media (prefers-color-scheme: dark) {
      dialog { background: #141A1B; color: #ECE7DE; }
      header button { color: #86CBC7; }
      iframe { background: #141A1B; }
    }
    @media (forced-colors: active) { .open, dialog { border-color: CanvasText; } }`;

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // Not an inline style: a strict policy allows it.
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  /** The site's own link, if it has one, else a link in the corner. */
  function link() {
    const given = document.querySelector("a[data-careline]");
    if (given) return given;
    const made = document.createElement("a");
    made.className = "open";
    made.textContent = script.dataset.label || words.open;
    root.append(made);
    return made;
  }

  const opener = link();
  const label = opener.textContent;
  let dialog = null;
  let frame = null;
  let loaded = false;

  function openerBecomesButton() {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-haspopup", "dialog");
    opener.setAttribute("aria-expanded", "false");
    opener.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
      event.preventDefault();
      open();
    });
    opener.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      open();
    });
  }

  function panel() {
    dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", "careline-title");
    const header = document.createElement("header");
    const title = document.createElement("h2");
    title.id = "careline-title";
    title.textContent = words.title;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = words.close;
    close.addEventListener("click", () => dialog.close());
    frame = document.createElement("iframe");
    frame.title = words.title;
    frame.src = at("widget/");
    header.append(title, close);
    dialog.append(header, frame);
    dialog.lang = language;
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") dialog.close();
    });
    dialog.addEventListener("close", closed);
    root.append(dialog);
  }

  function open() {
    if (!dialog) panel();
    if (dialog.open) return;
    opener.textContent = label;
    opener.setAttribute("aria-expanded", "true");
    // A small screen is covered whole, and nothing behind it can be reached; a large one isn't.
    if (matchMedia(SMALL).matches) dialog.showModal();
    else dialog.show();
    enter();
  }

  /** The focus goes into the frame, to the heading of its page. */
  function enter() {
    frame.focus();
    if (loaded) frame.contentWindow.postMessage({ careline: "opened" }, own);
  }

  function closed() {
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  }

  function leave(to) {
    document.documentElement.hidden = true;
    location.replace(to);
  }

  function heard(event) {
    const said = event.data && event.data.careline;
    if (event.origin !== own || !said) return;
    if (hello && event.source === hello.contentWindow && said === "here") welcome();
    if (!frame || event.source !== frame.contentWindow) return;
    if (said === "loaded") {
      loaded = true;
      if (dialog.open) enter();
    }
    if (said === "close" && dialog.open) dialog.close();
    if (said === "news" && !dialog.open) opener.textContent = words.news;
    if (said === "leave" && /^https?:/.test(event.data.to)) leave(event.data.to);
  }

  let hello = null;

  function welcome() {
    hello.remove();
    hello = null;
    openerBecomesButton();
  }

  /** Ask in a frame of the helpline's whether it may be framed here; no reply means no. */
  function ask() {
    hello = document.createElement("iframe");
    hello.hidden = true;
    hello.title = words.title;
    hello.setAttribute("aria-hidden", "true");
    hello.src = at("widget/hello/");
    root.append(hello);
    setTimeout(() => {
      if (hello) hello.remove();
    }, HELLO_MS);
  }

  function start() {
    opener.href = opener.getAttribute("href") || at("talk/");
    document.body.append(host);
    addEventListener("message", heard);
    if (typeof HTMLDialogElement === "function") ask();
  }

  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
