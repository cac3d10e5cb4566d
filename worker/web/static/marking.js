// Marks words of an article with the mouse or the keys: those of a quotation that begins or ends elsewhere, and those of
// one that was missed. The words go into a form, which works without this file, too.
"use strict";

const article = document.querySelector(".reading .text");
const isOfWord = (sign) => sign !== undefined && /[\p{L}\p{N}]/u.test(sign);

// The form that takes what is marked: that of a quotation, or that for a missed one; null if neither is open.
const openForm = () =>
  article.querySelector("details.recut[open] form") ?? document.querySelector("details.missed[open] form");

// What a range marks: whole words, and the offset of the first in the article's text, in code points.
function markedBy(range) {
  const said = [];
  let at = null;
  for (const line of article.querySelectorAll("p[data-start]")) {
    if (!range.intersectsNode(line)) continue;
    const part = document.createRange();
    part.selectNodeContents(line);
    const before = part.cloneRange();
    if (range.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(range.startContainer, range.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(range.endContainer, range.endOffset);
    before.setEnd(part.startContainer, part.startOffset);
    const text = line.textContent;
    let start = before.toString().length;
    let end = start + part.toString().length;
    if (!text.slice(start, end).trim()) continue;
    while (isOfWord(text[start - 1]) && isOfWord(text[start])) start -= 1;
    while (isOfWord(text[end - 1]) && isOfWord(text[end])) end += 1;
    if (at === null) at = Number(line.dataset.start) + [...text.slice(0, start)].length;
    said.push(text.slice(start, end));
  }
  return at === null ? null : { words: said.join("\n").trim(), at };
}

// Select the words that a quotation has now; of a missed one, the first word in sight.
function selectFirst(form) {
  const quote = form.dataset.quote;
  const marks = quote ? [...article.querySelectorAll(`mark[data-quote="${quote}"]`)] : [];
  if (marks.length) {
    getSelection().setBaseAndExtent(marks[0], 0, marks.at(-1), marks.at(-1).childNodes.length);
    return;
  }
  const seen = [...article.querySelectorAll("p[data-start]")].find((line) => line.getBoundingClientRect().bottom > 0);
  if (!quote && seen) getSelection().setBaseAndExtent(seen, 0, seen, 0);
}

const isInText = (node) => node !== null && article.contains(node) && !(node.parentElement ?? node).closest(".notes");

function moveEnd(direction) {
  getSelection().modify("extend", direction, "word");
}

function moveStart(direction) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection();
  getSelection().setBaseAndExtent(focusNode, focusOffset, anchorNode, anchorOffset);
  moveEnd(direction);
  const moved = getSelection();
  moved.setBaseAndExtent(moved.focusNode, moved.focusOffset, moved.anchorNode, moved.anchorOffset);
}

// A browser would drag what is selected, instead of selecting anew.
article.addEventListener("mousedown", (event) => {
  if (openForm() && !event.shiftKey && isInText(event.target)) getSelection().removeAllRanges();
});

// Put what is selected in the text into the open form; return false if nothing is.
function take() {
  const form = openForm();
  const selection = getSelection();
  if (!form || selection.isCollapsed || !isInText(selection.anchorNode)) return false;
  const found = markedBy(selection.getRangeAt(0));
  if (!found) return false;
  form.elements.words.value = found.words;
  form.elements.at.value = found.at;
  return true;
}

document.addEventListener("selectionchange", take);

document.addEventListener("keydown", (event) => {
  const form = openForm();
  const direction = { ArrowLeft: "left", ArrowRight: "right" }[event.key];
  if (!form || !direction || !event.shiftKey || event.target.closest("input, textarea")) return;
  event.preventDefault();
  if (!isInText(getSelection().anchorNode)) selectFirst(form);
  (event.altKey ? moveStart : moveEnd)(direction);
});

document.addEventListener("input", (event) => {
  if (event.target.name === "words") event.target.form.elements.at.value = "";
});

document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches("details.recut, details.missed")) return;
    const form = openForm();
    article.classList.toggle("is-marking", form !== null);
    if (event.target.open && form && !take() && form.dataset.quote) selectFirst(form);
  },
  true,
);
