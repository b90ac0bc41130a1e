// The times of a call on the visitor's own clock, behind the service's; and the name of their
// zone for the form, so that later pages can say it without a script.

const group = document.querySelector("[data-call-times]");

/** The hours of a window here; with the weekday where it is another day than there. */
function ownHours({ from, until }, language) {
  const [starts, ends] = [new Date(from), new Date(until)];
  const hour = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(language, { weekday: "short" });
  const there = Number(from.slice(8, 10));
  const before = there === starts.getDate() ? "" : `${day.format(starts)} `;
  return `${before}${hour.format(starts)} – ${hour.format(ends)}`;
}

/** Minutes east of UTC that an ISO time names. */
function offsetOf(written) {
  const [, sign, hours, minutes] = written.match(/([+-])(\d\d):(\d\d)$/) || [null, "+", 0, 0];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

if (group) {
  const language = document.documentElement.lang;
  for (const choice of document.querySelectorAll("input[data-from]")) {
    const here = -new Date(choice.dataset.from).getTimezoneOffset();
    if (offsetOf(choice.dataset.from) === here) continue;
    const own = group.dataset.own.replace("{time}", ownHours(choice.dataset, language));
    choice.closest("label").append(` (${own})`);
  }
  try {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
    group.querySelector("input[data-zone]").value = zone;
  } catch {
    // Without it the pages speak of the service's clock alone.
  }
}
