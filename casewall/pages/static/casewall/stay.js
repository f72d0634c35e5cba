// Warns before the session ends, and keeps what was typed when it has. The server alone decides
// when that is (casewall/staff/idle.py); without this script a page simply ends with the session.
(() => {
  "use strict";

  const box = document.querySelector("dialog[data-stay]");
  if (!box || !box.showModal) return;
  const warning = Number(box.dataset.warning);
  const who = box.dataset.who;
  // Not from `performance`: that clock stands still while a computer sleeps.
  let ends = Date.now() + Number(box.dataset.left) * 1000;
  let renewed = Date.now();
  let state = "";
  let asked = 0;
  let line = Promise.resolve();
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("session-" + who) : null;

  const left = () => (ends - Date.now()) / 1000;

  function show(name, then = name) {
    state = then;
    for (const part of box.querySelectorAll("[data-when]")) {
      part.hidden = part.dataset.when !== name;
      if (part.hidden) continue;
      box.setAttribute("aria-labelledby", part.querySelector("h2").id);
      for (const place of part.querySelectorAll("[data-at]")) {
        place.textContent = new Date(ends).toLocaleTimeString(document.documentElement.lang, {
          hour: "2-digit",
          minute: "2-digit",
        });
      }
    }
    // After the end nothing of the page may be read, but nothing of it is lost either.
    document.body.style.visibility = name === "ended" ? "hidden" : "";
    box.style.visibility = name === "ended" ? "visible" : "";
    if (!name) box.close();
    else if (!box.open) box.showModal();
  }

  function told(seconds) {
    ends = Date.now() + seconds * 1000;
    if (seconds > warning) show("");
  }

  // Forms of a page that outlived its session need the token of the new one.
  function take(token) {
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      field.value = token;
    }
  }

  // One question after the other, so that no press is lost.
  const ask = (method) => (line = line.then(() => answered(method)));

  async function answered(method) {
    try {
      const form = new URLSearchParams();
      const token = document.querySelector("input[name=csrfmiddlewaretoken]");
      if (token) form.set("csrfmiddlewaretoken", token.value);
      const answer = await fetch(box.dataset.stay, {
        method,
        body: method === "POST" ? form : undefined,
        redirect: "manual",
      });
      // Whoever is not signed in is sent elsewhere.
      if (answer.type === "opaqueredirect") {
        ends = Date.now();
        show("ended");
        return;
      }
      if (!answer.ok) return;
      const said = await answer.json();
      if (said.who !== who) {
        location.reload();
        return;
      }
      take(said.token);
      told(said.left);
      if (method === "POST") {
        if (tabs) tabs.postMessage(said.left);
        if (said.left <= warning) show("last");
      }
    } catch {
      // The network is away, or the answer is a page: the next round asks again.
    }
  }

  async function look() {
    if (state === "ended" || left() > warning || Date.now() - asked < 1000) return;
    if (left() > 0 && state) return;
    asked = Date.now();
    // Another tab may have been used meanwhile: only the server knows.
    await ask("GET");
    if (!state && left() <= warning) show("warned");
  }

  // Typing and pointing is work too, though it asks the server for nothing.
  function active() {
    if (state || left() <= warning || Date.now() - renewed < warning * 250) return;
    renewed = Date.now();
    ask("POST");
  }

  function comeBack() {
    if (document.visibilityState !== "visible") return;
    if (state === "ended") ask("GET");
    else look();
  }

  const acts = {
    // The token may be an old one, if there was a sign-in in another tab.
    stay: () => ask("GET").then(() => ask("POST")),
    close: () => show("", "seen"),
    "go-on": () => ask("GET"),
  };
  box.addEventListener("click", (event) => {
    const act = event.target.closest("[data-do]");
    if (act) acts[act.dataset.do]();
  });
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (state === "warned") acts.stay();
    else if (state === "last") acts.close();
  });
  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(kind, active, { passive: true });
  }
  document.addEventListener("visibilitychange", comeBack);
  if (tabs) {
    tabs.addEventListener("message", (event) => state !== "ended" && told(event.data));
    tabs.postMessage(Number(box.dataset.left));
  }
  setInterval(look, 1000);
})();
