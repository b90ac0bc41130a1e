// A button that prints the page. Where there is no JavaScript it stays hidden: the browser's menu prints too.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
