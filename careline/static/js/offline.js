// Keeps pages that were read for reading without a network, and says when a page is such a copy.

const notice = document.querySelector("[data-offline-notice]");

/** Say that this is a kept copy, and of which day. */
async function tell() {
  notice.hidden = navigator.onLine;
  if (navigator.onLine || !("caches" in window)) return;
  const kept = await caches.match(location.href.split("#")[0]);
  const made = kept && Date.parse(kept.headers.get("Date") || "");
  if (!made) return;
  const place = notice.querySelector("[data-offline-day]");
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format(made);
  place.textContent = place.dataset.offlineDay.replace("{day}", day);
  place.hidden = false;
}

/** Start the worker, and let it keep this page, which was loaded before it was there. */
async function start() {
  const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")]
    .map((each) => each.href || each.src)
    .filter((address) => new URL(address).origin === location.origin);
  const first = !navigator.serviceWorker.controller;
  await navigator.serviceWorker.register("/service-worker.js");
  const ready = await navigator.serviceWorker.ready;
  if (first) {
    ready.active.postMessage({ address: location.href.split("#")[0], files, offline: notice.dataset.offlinePage });
  }
}

if (notice) {
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();
  if ("serviceWorker" in navigator && isSecureContext) start().catch(() => undefined);
}
