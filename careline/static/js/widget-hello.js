// Says to the page around that it may frame us: where it may not, this never runs.
if (window.parent !== window) window.parent.postMessage({ careline: "here" }, "*");
