// Points out phrases of the list while a text is typed. It blocks nothing and sends nothing;
// without it the server's first answer to the form says the same (casewall/pages/wording.py).
(() => {
  "use strict";

  const PAUSE = 600;
  const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;
  const plain = (word) => word.toLowerCase().replaceAll("’", "'");
  const wordsOf = (text) => Array.from(text.matchAll(WORD), (found) => plain(found[0]));

  const script = document.currentScript;
  const notice = document.querySelector("[data-casewall-wording-notice]");
  const boxes = Array.from(document.querySelectorAll("[data-casewall-wording]"));
  if (!script || !notice || boxes.length === 0) return;

  const looked = [];
  for (const { who, entries } of JSON.parse(script.dataset.casewallWordingLists)) {
    for (const { phrases, why, instead } of entries) {
      for (const phrase of phrases) {
        const spoken = phrase.includes("{who}")
          ? who.map((name) => phrase.replace("{who}", name))
          : [phrase];
        for (const one of spoken) {
          looked.push({ words: wordsOf(one), longer: one.endsWith("*"), why, instead });
        }
      }
    }
  }
  looked.sort((one, other) => other.words.length - one.words.length);

  function standsAt({ words, longer }, text, at) {
    return words.every((word, place) => {
      const typed = text[at + place];
      if (typed === undefined) return false;
      return longer && place === words.length - 1 ? typed.startsWith(word) : typed === word;
    });
  }

  function pointedOut(text) {
    const typed = wordsOf(text);
    const found = new Map();
    for (let at = 0; at < typed.length; at += 1) {
      const one = looked.find((phrase) => standsAt(phrase, typed, at));
      if (!one) continue;
      found.set(typed.slice(at, at + one.words.length).join(" "), one);
      at += one.words.length - 1;
    }
    return found;
  }

  function line(phrase, { why, instead }) {
    const item = document.createElement("li");
    const strong = document.createElement("strong");
    const name = document.createElement("bdi");
    name.textContent = phrase;
    strong.append("“", name, "”");
    item.append(strong, document.createElement("br"), why, document.createElement("br"), instead);
    return item;
  }

  let timer = 0;
  let shown = notice.hidden ? "" : null;
  function look(typedIn) {
    const found = new Map(boxes.flatMap((box) => Array.from(pointedOut(box.value))));
    const names = Array.from(found.keys()).join("\n");
    if (names === shown) return;
    shown = names;
    // Below the box, so that the line being typed stays where it is.
    const group = typedIn.closest(".govuk-form-group");
    if (group) group.after(notice);
    notice.hidden = found.size === 0;
    const lines = Array.from(found, ([phrase, one]) => line(phrase, one));
    notice.querySelector("ul").replaceChildren(...lines);
  }

  for (const box of boxes) {
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => look(box), PAUSE);
    });
  }
})();
