// Reads a page aloud, sentence by sentence, where the browser has a voice of its own for the
// page's language. A voice that lives on a server is left alone: it would tell that server
// what somebody reads.

const READ = "main h1, main h2, main .lead, main .sentence, main .facts th, main .facts td";

/** Return a voice on this device for the language; undefined where there is none. */
function voiceFor(language) {
  const own = speechSynthesis.getVoices().filter((voice) => voice.localService);
  return own.find((voice) => voice.lang.toLowerCase().startsWith(language.toLowerCase()));
}

/** Return what is to be read, without the numbers of sources. */
function pieces() {
  return [...document.querySelectorAll(READ)].filter(
    (each) => !each.closest("[hidden], nav, form, .provenance") && !each.querySelector(".sentence"),
  );
}

function words(piece) {
  const copy = piece.cloneNode(true);
  for (const number of copy.querySelectorAll(".cite, .visually-hidden")) number.remove();
  return copy.textContent.trim();
}

/** Make the buttons of one bar work. */
function bringToLife(bar) {
  const start = bar.querySelector("[data-read-start]");
  const stop = bar.querySelector("[data-read-stop]");
  let turn = 0;

  function show(reading) {
    start.hidden = reading;
    stop.hidden = !reading;
  }

  function end() {
    turn += 1;
    speechSynthesis.cancel();
    for (const each of document.querySelectorAll(".being-read")) each.classList.remove("being-read");
    show(false);
  }

  function say(list, mine) {
    const piece = list.shift();
    if (mine !== turn) return;
    if (!piece) {
      end();
      return;
    }
    const spoken = new SpeechSynthesisUtterance(words(piece));
    spoken.voice = voiceFor(document.documentElement.lang);
    spoken.lang = document.documentElement.lang;
    spoken.onstart = () => piece.classList.add("being-read");
    spoken.onend = () => {
      piece.classList.remove("being-read");
      say(list, mine);
    };
    spoken.onerror = () => mine === turn && end();
    speechSynthesis.speak(spoken);
  }

  start.addEventListener("click", () => {
    end();
    show(true);
    stop.focus();
    say(pieces(), turn);
  });
  stop.addEventListener("click", () => {
    end();
    start.focus();
  });
  addEventListener("pagehide", end);
  bar.hidden = false;
}

/** Show the bar once there is a voice; many browsers load theirs late. */
function offer() {
  const bar = document.querySelector("[data-read-aloud]");
  if (bar && bar.hidden && voiceFor(document.documentElement.lang)) bringToLife(bar);
}

if ("speechSynthesis" in window) {
  speechSynthesis.addEventListener("voiceschanged", offer);
  offer();
}
