// Pieces of page from our own server, put in their place without taking anybody's focus away.

// Addresses that aren't ours to ask any more.
export const refused = new Set();

/** Fetch a piece of page from our own server; null when it can't be had. */
export async function piece(url, how = {}) {
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, redirect: "error", ...how });
    if (response.status === 403) refused.add(url.split("?")[0]);
    return response.ok ? response : null;
  } catch {
    return null;
  }
}

export function say(place, words) {
  if (!place) return;
  place.hidden = !words;
  place.textContent = words;
}

/** Put a new list in the place of the old one, and the focus back on what had it. */
export function replaceKeepingFocus(place, html) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const address = focused?.getAttribute("href") ?? focused?.closest("form")?.getAttribute("action");
  place.innerHTML = html;
  if (!address) return;
  const again = place.querySelector(`a[href="${CSS.escape(address)}"], form[action="${CSS.escape(address)}"] button`);
  again?.focus({ preventScroll: true });
}
