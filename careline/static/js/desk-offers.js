// Offers, live: the list brings them (desk.js); this counts the seconds down and says aloud
// that one has come. Without this file the card says how long there was when it was shown.

const place = document.querySelector("[data-queue-place]");
const news = document.querySelector("[data-queue-news]");
const told = new Set();

function look() {
  for (const card of place.querySelectorAll("[data-offer]")) {
    const until = Number(card.dataset.until ?? 0) || Date.now() + Number(card.dataset.seconds) * 1000;
    card.dataset.until = until;
    if (told.has(card.dataset.offer)) continue;
    told.add(card.dataset.offer);
    if (news) news.textContent = card.querySelector("h2").textContent;
  }
}

function count() {
  for (const card of place.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.round((Number(card.dataset.until) - Date.now()) / 1000));
    const line = card.querySelector("[data-left]");
    if (line && line.textContent !== String(left)) line.textContent = String(left);
  }
}

if (place) {
  new MutationObserver(look).observe(place, { childList: true, subtree: false });
  look();
  setInterval(count, 1000);
}
