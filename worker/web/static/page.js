// Keys and small comforts. Every page works without this file.
"use strict";

document.documentElement.classList.add("has-script");

const isTyping = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]");

// The quotations of an article, in their order; the current one is the one that the address names.
function step(by) {
  const anchors = [...document.querySelectorAll(".reading .anchor")];
  if (!anchors.length) return;
  const now = anchors.findIndex((anchor) => `#${anchor.id}` === location.hash);
  const next = now < 0 ? (by > 0 ? 0 : anchors.length - 1) : Math.min(Math.max(now + by, 0), anchors.length - 1);
  location.hash = anchors[next].id;
}

// The quotation that the address names, and its note in the margin.
function showCurrent() {
  for (const marked of document.querySelectorAll(".current")) marked.classList.remove("current");
  const found = /^#q(\d+)$/.exec(location.hash);
  if (!found) return;
  for (const marked of document.querySelectorAll(`[data-quote="${found[1]}"], [data-note="${found[1]}"]`))
    marked.classList.add("current");
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event)) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  } else if (event.key === "n" || event.key === "p") {
    step(event.key === "n" ? 1 : -1);
  } else if (event.key === "/") {
    const box = document.querySelector("input[type=search]");
    if (box) {
      event.preventDefault();
      box.focus();
    }
  }
});

window.addEventListener("hashchange", showCurrent);
showCurrent();
