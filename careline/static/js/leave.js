// Leave at once: forget what this browser tab kept and put the neutral page in this
// page's place in the history. Without JavaScript the link alone does the rest on the server.

/** Make every link marked data-leave take this page's place instead of adding to the history. */
export function readyToLeave(root) {
  for (const link of root.querySelectorAll("a[data-leave]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      try {
        sessionStorage.clear();
        localStorage.clear();
        for (const name of ["careline-pages-1", "careline-files-1"]) caches.delete(name);
      } catch {
        // A browser may forbid storage; leaving matters more.
      }
      document.documentElement.hidden = true;
      location.replace(link.href);
    });
  }
}

readyToLeave(document);
