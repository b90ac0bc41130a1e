// Writes a moment in the visitor's own time zone next to the service's.
// <time datetime="2026-11-09T07:00:00-06:00" data-your-time="({time} your time)" hidden></time>

/** Minutes east of UTC in which an ISO time is written; null when it doesn't say. */
function offsetOf(written) {
  const parts = written.match(/([+-])(\d\d):(\d\d)$/);
  if (!parts) return null;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return parts[1] === "-" ? -minutes : minutes;
}

/** The visitor's wording of a moment: the hour, and the day where it is another day. */
function wording(moment, offset, language) {
  const options = { hour: "numeric", minute: "2-digit" };
  const there = new Date(moment.getTime() + (offset ?? 0) * 60000);
  if (there.getUTCDate() !== moment.getDate()) options.weekday = "short";
  return new Intl.DateTimeFormat(language, options).formatToParts(moment)
    .map((part) => (part.type === "dayPeriod" ? part.value.toLowerCase() : part.value))
    .join("")
    .replace(/\u202f/g, "\u00a0");
}

/** Fill every marked time below `root`; say nothing where both clocks agree. */
export function showYourTimes(root) {
  for (const place of root.querySelectorAll("time[data-your-time]")) {
    const language = place.dataset.locale || document.documentElement.lang || undefined;
    const written = place.getAttribute("datetime") || "";
    const moment = new Date(written);
    const offset = offsetOf(written);
    if (Number.isNaN(moment.getTime()) || offset === -moment.getTimezoneOffset()) continue;
    place.textContent = place.dataset.yourTime.replace("{time}", wording(moment, offset, language));
    place.hidden = false;
  }
}

showYourTimes(document);
