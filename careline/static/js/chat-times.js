// The times of a conversation on the visitor's own clock; without it they are the service's.

/** Write a moment as an hour of this browser's clock. */
export function showTime(place, moment, language) {
  place.dateTime = moment.toISOString();
  place.textContent = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" })
    .format(moment);
}

for (const place of document.querySelectorAll("time[data-moment]")) {
  showTime(place, new Date(place.dateTime), document.documentElement.lang);
}
