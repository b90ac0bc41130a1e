// Read signs, both ways. "Read" stands only at what was on a screen that somebody looked at: the
// page visible and in front, and the message in view. Nothing of it is stored.

/**
 * Tell the other side what is read here, and mark what they have read.
 * `list` holds the messages, `address` is where to tell it (it ends before the number), `mark`
 * puts the sign at one of our own messages.
 */
export function readSigns({ list, address, mark }) {
  let told = 0;
  let read = 0;

  const isSeen = (item) => {
    const { top, bottom } = item.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  };

  const look = () => {
    if (document.hidden || !document.hasFocus()) return;
    const theirs = [...list.querySelectorAll(".message--theirs[data-seq]")].reverse();
    const seq = Number(theirs.find(isSeen)?.dataset.seq || 0);
    if (seq <= told) return;
    told = seq;
    fetch(`${address}${seq}`, { method: "POST", credentials: "same-origin" }).catch(() => {
      told = 0; // Said again with the next look.
    });
  };

  const show = () => {
    for (const item of list.querySelectorAll(".message--mine[data-seq]")) {
      if (Number(item.dataset.seq) <= read) mark(item);
    }
  };

  new MutationObserver(() => {
    look();
    show();
  }).observe(list, { childList: true });
  for (const event of ["focus", "online", "pageshow"]) window.addEventListener(event, look);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("scroll", look, { capture: true, passive: true });
  look();

  return {
    /** They have read up to this number. */
    readUpTo(seq) {
      read = Math.max(read, seq);
      show();
    },
    /** The line was cut: what was told may be lost. */
    sayAgain() {
      told = 0;
      look();
    },
    show,
  };
}
