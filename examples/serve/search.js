// Completes the query box. Without this file everything else works.
"use strict";

const box = document.getElementById("q");
const list = document.getElementById("completions");
let asked = 0;

box.addEventListener("input", async (event) => {
  // A choice from the list is not typing.
  if (event.inputType === "insertReplacementText" || event.inputType === undefined) return;
  const number = ++asked;
  const typed = box.value;
  if (typed.trim().length < 2) {
    list.replaceChildren();
    return;
  }
  try {
    const answer = await fetch("/suggest?q=" + encodeURIComponent(typed));
    const texts = await answer.json();
    // An answer that comes late is not shown over a later one.
    if (number !== asked) return;
    list.replaceChildren(...texts.map((text) => new Option("", text)));
  } catch {
    list.replaceChildren();
  }
});

// As on many sites: a slash goes to the box.
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});
