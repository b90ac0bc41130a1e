// In a frame on another site: Escape closes, links to elsewhere open beside, leaving leaves the
// whole page, and the page around learns that something new was said (never what).

const INSIDE = /^\/[A-Za-z]{2,3}(-[A-Za-z0-9]+)?\/widget\//;

/** Tell the page around; what is said holds nothing personal, so anybody may hear it. */
function tell(what, more = {}) {
  if (window.parent !== window) window.parent.postMessage({ careline: what, ...more }, "*");
}

/** Whether a browser keeps our cookie in this frame; without it a chat would be lost. */
function keepsCookies() {
  const name = "careline_probe";
  document.cookie = `${name}=1; Path=/; Secure; SameSite=None; Partitioned`;
  const kept = document.cookie.includes(`${name}=1`);
  document.cookie = `${name}=; Path=/; Max-Age=0; Secure; SameSite=None; Partitioned`;
  return kept;
}

function isInside(address) {
  return address.origin === location.origin && INSIDE.test(address.pathname);
}

/** The same page outside of frames. */
function outside(address) {
  return address.href.replace("/widget/", "/");
}

const messages = document.querySelector("[data-messages]");
const needsCookies = /\/widget\/(chat|yours)\//;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link) return;
  if (link.matches("[data-leave]")) {
    event.preventDefault();
    event.stopPropagation();
    leave(link);
    return;
  }
  const address = new URL(link.href);
  if (!address.protocol.startsWith("http")) return;
  if (isInside(address) && needsCookies.test(address.pathname) && !keepsCookies()) {
    link.href = outside(address);
    link.target = "_blank";
  } else if (!isInside(address)) {
    link.target = "_blank";
    link.rel = "noopener";
  }
}, true);

document.addEventListener("submit", (event) => {
  const address = new URL(event.target.action);
  if (!isInside(address)) event.target.target = "_blank";
}, true);

/** Leave at once: end the chat, forget what this frame kept, and lead the whole page away. */
function leave(link) {
  try {
    navigator.sendBeacon(document.querySelector("[data-framed]").dataset.leave);
    sessionStorage.clear();
    localStorage.clear();
  } catch {
    // A browser may forbid storage; leaving matters more.
  }
  document.documentElement.hidden = true;
  tell("leave", { to: link.dataset.to });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") tell("close");
});

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || event.data?.careline !== "opened") return;
  const heading = document.querySelector("[data-care-card] h2, .error-summary, main h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: Boolean(messages) }); // A conversation shows its latest words.
});

if (messages) {
  new MutationObserver((changes) => {
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
    if (added.some((item) => item.matches?.(".message--theirs"))) tell("news");
  }).observe(messages, { childList: true });
}

// Browsers don't follow autofocus in a frame of another site.
if (document.hasFocus()) document.querySelector(".error-summary")?.focus();
tell("loaded");
