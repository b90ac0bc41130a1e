// Remembers, in this tab alone and until it closes or Leave is pressed, which pages were read and
// what was asked. Nothing of it goes anywhere unless the visitor ticks the box before a chat,
// where they see the whole list.

const KEEP = "careline.reading";
const MOST = { pages: 20, questions: 10 };

function remembered() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEEP)) || {};
    return { pages: kept.pages || [], questions: kept.questions || [] };
  } catch {
    return { pages: [], questions: [] };
  }
}

/** Put one more at the end; what was there before moves there. */
function remember(what, entry, same) {
  try {
    const kept = remembered();
    kept[what] = [...kept[what].filter((one) => !same(one)), entry].slice(-MOST[what]);
    sessionStorage.setItem(KEEP, JSON.stringify(kept));
  } catch {
    // Storage may be forbidden: then there is nothing to share.
  }
}

const title = document.querySelector("article.article h1");
if (title) {
  const page = { path: location.pathname, title: title.textContent.trim() };
  remember("pages", page, (one) => one.path === page.path);
}
const question = document.querySelector(".asked__words");
if (question) {
  const text = question.textContent.trim();
  remember("questions", text, (one) => one === text);
}

function lines(list, texts) {
  list.replaceChildren(...texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}

const choice = document.querySelector("[data-shared-reading]");
if (choice) {
  const kept = remembered();
  const box = choice.querySelector("input[type=checkbox]");
  const carried = choice.querySelector("input[name=shared]");
  lines(choice.querySelector("ul"), [...kept.questions, ...kept.pages.map((one) => one.title)]);
  choice.hidden = kept.pages.length + kept.questions.length === 0;
  const fill = () => {
    const pages = kept.pages.map((one) => one.path);
    carried.value = box.checked ? JSON.stringify({ pages, questions: kept.questions }) : "";
  };
  box.addEventListener("change", fill);
  fill();
}
