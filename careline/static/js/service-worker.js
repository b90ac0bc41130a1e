// Pages that somebody has read stay readable without a network. Only what the server marks
// (Careline-Offline: keep) is ever kept; the network is always asked first, so that what was
// withdrawn or corrected doesn't stay. Leaving deletes all of it.

const PAGES = "careline-pages-1";
const FILES = "careline-files-1";
const MOST = { [PAGES]: 60, [FILES]: 90 };
const OLDEST_DAYS = 30;
const MARK = "Careline-Offline";

const isFile = (url) => url.pathname.startsWith("/static/");
// Public pages have their language in front; the desk, the editor and the way out haven't.
const isPage = (url) => /^\/[a-z]{2,3}(-[a-zA-Z]+)?\//.test(url.pathname);
const isOurs = (url) => url.origin === self.location.origin;

/** Keep an answer under its address; the oldest go when there are too many. */
async function keep(name, address, answer) {
  const cache = await caches.open(name);
  await cache.delete(address);
  await cache.put(address, answer);
  const all = await cache.keys();
  const tooMany = all.slice(0, Math.max(0, all.length - MOST[name]));
  await Promise.all(tooMany.map((each) => cache.delete(each)));
}

async function forget(address) {
  await (await caches.open(PAGES)).delete(address);
}

const mayBeKept = (answer) => answer.ok && !answer.redirected && answer.headers.get(MARK) === "keep";

/** Keep a page if the server says so; else make sure that no earlier copy of it stays. */
async function remember(address, answer) {
  if (mayBeKept(answer)) await keep(PAGES, address, answer);
  else if (answer.status >= 400 && answer.status < 500) await forget(address);
}

function isFresh(answer) {
  const made = Date.parse(answer.headers.get("Date") || "");
  return !(Date.now() - made > OLDEST_DAYS * 24 * 3600 * 1000);
}

/** The page to show without a network: the kept copy, else the page that says what to do. */
async function withoutNetwork(request, failure) {
  const cache = await caches.open(PAGES);
  const kept = new URL(request.url).search ? undefined : await cache.match(request.url);
  if (kept && isFresh(kept)) return kept;
  const language = new URL(request.url).pathname.split("/")[1];
  const fallback = await cache.match(`/${language}/offline/`);
  if (fallback) return fallback;
  throw failure;
}

async function page(event) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(remember(event.request.url, answer.clone()));
    return answer;
  } catch (failure) {
    return withoutNetwork(event.request, failure);
  }
}

/** A static file's address changes with what is in it, so a kept one is never stale. */
async function file(event) {
  const kept = await (await caches.open(FILES)).match(event.request.url);
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(keep(FILES, event.request.url, answer.clone()));
  return answer;
}

/** Keep what a page that was open before this worker tells of: itself and its files. */
async function adopt({ address, files, offline }) {
  for (const each of [address, offline]) {
    const answer = await fetch(each, { credentials: "same-origin" });
    await remember(new URL(each, self.location.origin).href, answer);
  }
  for (const each of files) {
    const answer = await fetch(each);
    if (answer.ok) await keep(FILES, each, answer);
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const ours = (await caches.keys()).filter((name) => name.startsWith("careline-"));
    await Promise.all(ours.filter((name) => !(name in MOST)).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});
self.addEventListener("message", (event) => {
  if (event.data && event.data.address) event.waitUntil(adopt(event.data).catch(() => undefined));
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || !isOurs(url)) return;
  if (event.request.mode === "navigate" && isPage(url)) event.respondWith(page(event));
  else if (isFile(url)) event.respondWith(file(event));
});
