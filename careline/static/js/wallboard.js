// The wallboard, live: every few seconds its parts are fetched, and those that aren't the same
// any more are replaced. Without this file the page shows the moment in which it was loaded.

const LOOK_MILLISECONDS = 3000;
const HIDDEN_MILLISECONDS = 30000;

const board = document.querySelector("[data-wallboard]");
const news = document.querySelector("[data-wallboard-news]");
const stale = document.querySelector("[data-wallboard-stale]");
let timer = 0;
let asked = 0;

/** A part without the token of its form, which differs each time. */
const bare = (part) => part.outerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");

function replace(old, fresh) {
  if (bare(old) === bare(fresh)) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(fresh);
  if (focused) (fresh.querySelector("button, a[href]") ?? document.querySelector("main")).focus({ preventScroll: true });
}

/** Say aloud what can't wait for the next look: danger, and chat that closed or opened. */
function tell(before, now) {
  const danger = Number(now.danger);
  if (danger > Number(before.danger)) {
    news.textContent = danger === 1 ? news.dataset.dangerOne : news.dataset.dangerMany.replace("{n}", danger);
  } else if (before.closedEarly !== now.closedEarly) {
    news.textContent = now.closedEarly === "yes" ? news.dataset.closed : news.dataset.open;
  }
}

function show(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const before = { ...board.querySelector('[data-part="now"]').dataset };
  for (const old of board.querySelectorAll("[data-part]")) {
    const part = fresh.content.querySelector(`[data-part="${old.dataset.part}"]`);
    if (part) replace(old, part);
  }
  tell(before, board.querySelector('[data-part="now"]').dataset);
}

async function look() {
  clearTimeout(timer);
  const mine = (asked += 1);
  try {
    const response = await fetch(board.dataset.wallboard, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!response.ok) throw new Error("refused");
    const html = await response.text();
    if (mine === asked) show(html);
    stale.hidden = true;
  } catch {
    stale.hidden = false;
  }
  clearTimeout(timer);
  timer = setTimeout(look, document.hidden ? HIDDEN_MILLISECONDS : LOOK_MILLISECONDS);
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
timer = setTimeout(look, LOOK_MILLISECONDS);
