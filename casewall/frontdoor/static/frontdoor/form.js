// Additions to the questions on a device. Everything works without this file; with it
// - all pages together are one entry of the browser's history, which leaving exchanges,
// - Shift pressed three times within five seconds leaves,
// - a page that nobody touches closes after ten minutes, and says so before.
"use strict";
(() => {
  const SHIFT_WITHIN = 5000;
  const WARN_AFTER = 8 * 60 * 1000;
  const CLOSE_AFTER = 10 * 60 * 1000;
  const ASK_AGAIN_AFTER = 5 * 60 * 1000;
  const find = (what) => document.querySelector(what);

  let busy = false;
  let presses = [];
  let capital = false;
  let touched = Date.now();
  let asked = Date.now();

  // Nothing of the page is to be seen while the next one loads.
  function cover() {
    const over = document.createElement("div");
    over.className = "govuk-exit-this-page-overlay";
    document.body.append(over);
    document.body.classList.add("govuk-exit-this-page-hide-content");
    document.title = " ";
  }

  // The server ends the visit and leads on; the entry in the history is exchanged, not followed.
  function leave(address) {
    cover();
    window.location.replace(address);
  }

  function say(count) {
    const exit = find(".govuk-exit-this-page");
    const said = find("[data-said]");
    if (!exit || !said) return;
    said.textContent = { 1: exit.dataset.twice, 2: exit.dataset.once }[count] || "";
    for (const [place, light] of [...exit.querySelectorAll("[data-light]")].entries()) {
      light.classList.toggle("govuk-exit-this-page__indicator-light--on", place < count);
    }
    const lights = find("[data-lights]");
    if (lights) lights.classList.toggle("govuk-exit-this-page__indicator--visible", count > 0);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Shift") {
      if (!event.repeat) capital = false;
      return;
    }
    // Shift that made a capital letter is typing, not leaving.
    capital = event.shiftKey;
    if (presses.length === 0) return;
    presses = [];
    say(0);
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || capital) return;
    const now = Date.now();
    presses = [...presses.filter((moment) => now - moment < SHIFT_WITHIN), now];
    say(presses.length);
    const way = find("[data-leave]");
    if (presses.length >= 3 && way) leave(way.href);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    if (link.hasAttribute("data-leave")) {
      event.preventDefault();
      leave(link.href);
    } else if (link.hasAttribute("data-page")) {
      event.preventDefault();
      show(link.href, {});
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-form]");
    if (!form) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    if (event.submitter && event.submitter.name) {
      body.append(event.submitter.name, event.submitter.value);
    }
    show(form.action, form.method === "post" ? { method: "POST", body } : {});
  });

  async function show(address, how) {
    if (busy) return;
    busy = true;
    try {
      const answer = await fetch(address, { ...how, cache: "no-store", credentials: "same-origin" });
      const text = await answer.text();
      if (answer.status >= 500) throw new Error("our side is ill");
      await dress(new DOMParser().parseFromString(text, "text/html"));
    } catch {
      // What was chosen stays on the page, to be sent again.
      const away = find("[data-away]");
      if (away) {
        away.hidden = false;
        away.scrollIntoView({ block: "center" });
      }
    } finally {
      busy = false;
    }
  }

  // A page that was fetched takes the place of this one, without an entry in the history.
  async function dress(next) {
    await restyle(next.querySelector("link[rel=stylesheet]"));
    const root = document.documentElement;
    root.lang = next.documentElement.lang;
    root.dir = next.documentElement.dir;
    document.title = next.title;
    document.body.replaceWith(document.adoptNode(next.body));
    presses = [];
    touch();
    window.scrollTo(0, 0);
    const main = find("#main-content");
    if (main) main.focus({ preventScroll: true });
  }

  // A language written from right to left has a style sheet of its own.
  async function restyle(wanted) {
    const present = find("link[rel=stylesheet]");
    if (!wanted || !present || present.getAttribute("href") === wanted.getAttribute("href")) return;
    const fresh = document.createElement("link");
    fresh.rel = "stylesheet";
    fresh.href = wanted.getAttribute("href");
    const loaded = new Promise((done) => {
      fresh.onload = fresh.onerror = done;
    });
    present.after(fresh);
    await loaded;
    present.remove();
  }

  function touch() {
    touched = Date.now();
    const notice = find("[data-idle]");
    if (!notice) return;
    notice.hidden = true;
    if (touched - asked > ASK_AGAIN_AFTER) stay(notice);
  }

  async function stay(notice) {
    asked = Date.now();
    try {
      const answer = await fetch(notice.dataset.stay, { cache: "no-store" });
      if (answer.status === 404 && !find("[data-code]")) leave(notice.dataset.idle);
    } catch {
      // The next page says that our side cannot be reached.
    }
  }

  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    document.addEventListener(kind, touch, { passive: true });
  }
  window.setInterval(() => {
    const notice = find("[data-idle]");
    if (!notice) return;
    const idle = Date.now() - touched;
    if (idle >= CLOSE_AFTER) leave(notice.dataset.idle);
    else if (idle >= WARN_AFTER && notice.hidden) notice.hidden = false;
  }, 1000);

  // Whatever the browser kept of a page that was left is not shown again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    cover();
    window.location.reload();
  });

  // A link may carry the code behind "#", where no server sees it; it does not stay there.
  const code = find("#code");
  if (code && window.location.hash.length > 1) {
    code.value = decodeURIComponent(window.location.hash.slice(1)).slice(0, 60);
  }
  if (window.location.hash) window.history.replaceState(null, "", window.location.pathname);
})();
