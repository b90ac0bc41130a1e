// Notices a line that went dead without a word: a phone that slept, a network that forgot it.
// The server sends a beat every fifteen seconds, and a browser says nothing when none comes.

const SILENT_MILLISECONDS = 40000;
const LOOK_MILLISECONDS = 5000;
const HEARD = ["open", "beat", "contact", "typing"];

/** Watch streams, one after the other; `begin` is called to open another when one is silent. */
export function watchLine(begin) {
  let heard = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - heard < SILENT_MILLISECONDS) return;
    heard = Date.now();
    begin();
  }, LOOK_MILLISECONDS);
  return {
    watch(stream) {
      for (const name of HEARD) stream.addEventListener(name, () => { heard = Date.now(); });
    },
    stop: () => clearInterval(timer),
  };
}
