// Measures how hard a draft is to read while somebody types it. The server counts, by the same
// rules as for saved pages; it keeps nothing. Without this the panel shows the text as saved last.

(() => {
  const PAUSE = 700; // milliseconds without a key before the text is sent
  const SENTENCE = /^body-\d+-value-sentences-\d+-value-text$/;
  const BLOCK = /^body-\d+$/;

  /** Whether the field stands in a block or a sentence that was taken out of the form. */
  function isGone(form, name) {
    const parts = name.split("-");
    const within = parts.map((_part, place) => parts.slice(0, place + 1).join("-"));
    return within.some((start) => form.elements[`${start}-deleted`]?.value);
  }

  /** Return what is to be measured: each sentence, and each conflict by its key. */
  function textOf(form, language) {
    const sent = new URLSearchParams({ language });
    for (const field of form.elements) {
      const name = field.name || "";
      if (!field.value || isGone(form, name)) continue;
      if (SENTENCE.test(name)) sent.append("text", field.value);
      const block = name.replace(/-value$/, "");
      if (block !== name && BLOCK.test(block) && form.elements[`${block}-type`]?.value === "conflict") {
        sent.append("conflict", field.value);
      }
    }
    return sent;
  }

  function bringToLife(panel) {
    const form = panel.closest("form");
    const figures = panel.querySelector("[data-reading-figures]");
    const said = panel.querySelector("[data-reading-said]");
    const verdict = () => figures.querySelector("[data-reading-verdict]")?.dataset.readingVerdict || "";
    let last = "";
    let known = verdict();
    let waiting = 0;
    let asking = null;

    async function measure() {
      const sent = textOf(form, panel.dataset.language);
      if (sent.toString() === last) return;
      asking?.abort();
      asking = new AbortController();
      try {
        const answer = await fetch(panel.dataset.readingLevel, {
          method: "POST",
          headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
          body: sent,
          signal: asking.signal,
        });
        if (!answer.ok) return; // The figures stay; the next pause asks again.
        figures.innerHTML = await answer.text();
        last = sent.toString();
      } catch {
        return; // Offline, or typed on.
      }
      if (verdict() !== known) {
        known = verdict();
        said.textContent = known;
      }
    }

    function soon() {
      clearTimeout(waiting);
      waiting = setTimeout(measure, PAUSE);
    }

    last = textOf(form, panel.dataset.language).toString();
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("click", soon); // A block that is added or taken out gives no other sign.
  }

  function start() {
    for (const panel of document.querySelectorAll("[data-reading-level]")) bringToLife(panel);
  }

  // After Wagtail's own scripts have made the fields of the body.
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start);
})();
