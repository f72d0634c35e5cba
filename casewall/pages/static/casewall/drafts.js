// Keeps a draft of every form that says so: two seconds after a pause, at the latest five seconds
// after the first change, and when the page is left. Nothing is kept in the browser; without this
// script, or without a connection, a form works as any other.
(() => {
  "use strict";

  const PAUSE = 2000;
  const LATEST = 5000;
  const AGAIN = 10000;
  const TOKEN = "csrfmiddlewaretoken";

  function randomName() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // After a new sign-in in another tab the forms of this page need the token of the new session.
  async function newToken() {
    const box = document.querySelector("dialog[data-stay]");
    if (!box) return false;
    const answer = await fetch(box.dataset.stay, { redirect: "manual" });
    if (!answer.ok) return false;
    const said = await answer.json();
    if (said.who !== box.dataset.who) return false;
    for (const field of document.querySelectorAll(`input[name=${TOKEN}]`)) {
      field.value = said.token;
    }
    return true;
  }

  function keep(form) {
    if (form.dataset.draftReady) return;
    form.dataset.draftReady = "yes";
    const told = form.dataset;
    const tab = randomName();
    const said = document.createElement("p");
    said.className = "govuk-body cw-muted";
    said.dataset.casewallDraftSaid = "";
    said.setAttribute("aria-live", "off");
    form.append(said);

    let base = Number(told.casewallDraftVersion);
    let turn = 0;
    let changedAt = 0;
    let timer = 0;
    let state = "";
    let sent = false;
    let running = null;
    let stop = null;

    function typed() {
      const kept = [];
      for (const [name, value] of new FormData(form)) {
        if (typeof value !== "string" || name === TOKEN) continue;
        const box = form.elements.namedItem(name);
        if (box && box.type === "password") continue;
        kept.push([name, value]);
      }
      return JSON.stringify(kept);
    }

    let saved = told.casewallDraftUnsaved ? "" : typed();

    function say(name, at) {
      state = name;
      const loud = name !== "saved";
      said.setAttribute("aria-live", loud ? "polite" : "off");
      const words = told["casewallDraft" + name[0].toUpperCase() + name.slice(1)] || "";
      const text = words.replace("%time%", at || "");
      if (said.textContent !== text) said.textContent = text;
    }

    function later(wait) {
      clearTimeout(timer);
      timer = setTimeout(save, wait);
    }

    function changed() {
      if (sent) return;
      const now = Date.now();
      if (!changedAt) changedAt = now;
      later(Math.max(0, Math.min(PAUSE, changedAt + LATEST - now)));
    }

    function send(fields, leaving) {
      turn += 1;
      const body = new URLSearchParams({
        draft: told.casewallDraft,
        base: String(base),
        tab,
        turn: String(turn),
        fields,
      });
      const token = form.querySelector(`input[name=${TOKEN}]`);
      if (token) body.set(TOKEN, token.value);
      stop = new AbortController();
      return fetch(told.casewallDraftUrl, {
        method: "POST",
        body,
        redirect: "manual",
        keepalive: leaving,
        signal: leaving ? undefined : stop.signal,
      });
    }

    // Returns whether everything that the form holds now is kept on the server.
    async function attempt() {
      const fields = typed();
      if (fields === saved) return true;
      changedAt = 0;
      let answer = await send(fields, false);
      if (answer.status === 403 && (await newToken())) answer = await send(fields, false);
      if (answer.status === 409) {
        base = 0;
        if (sent) return false;
        answer = await send(fields, false);
      }
      if (answer.ok) {
        const kept = await answer.json();
        base = kept.version;
        saved = fields;
        say("saved", kept.at);
        return true;
      }
      if (answer.status === 413) say("long");
      else if (answer.type === "opaqueredirect" || answer.status === 403) say("out");
      else say("away");
      return false;
    }

    async function save() {
      clearTimeout(timer);
      if (running) return running;
      running = attempt()
        .catch(() => {
          if (!sent) say("away");
          return false;
        })
        .finally(() => {
          running = null;
          if (sent) return;
          if (state && state !== "saved") later(AGAIN);
          else if (typed() !== saved) changed();
        });
      return running;
    }

    function leave() {
      if (sent) return;
      const fields = typed();
      if (fields === saved) return;
      // Whether it arrives is not known; if the page lives on, it is sent once more.
      send(fields, true).catch(() => {});
    }

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    // A button that fills several boxes, as “All attended”, tells of none of them.
    form.addEventListener("click", (event) => {
      if (event.target.closest("[data-casewall-all]")) changed();
    });
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (state === "out" || state === "away") {
        // The answer to a post would replace the page, and with it what was typed.
        event.preventDefault();
        const button = event.submitter;
        save().then((isKept) => {
          if (isKept) form.requestSubmit(button);
          else said.scrollIntoView({ block: "center" });
        });
        return;
      }
      sent = true;
      clearTimeout(timer);
      if (stop) stop.abort();
    });
    // Another form of the page may end the session, or this draft.
    document.addEventListener("submit", (event) => {
      if (event.target === form || event.defaultPrevented) return;
      const draft = event.target.querySelector("input[name=draft]");
      if (draft && draft.value === told.casewallDraft) {
        sent = true;
        clearTimeout(timer);
        if (stop) stop.abort();
      } else {
        leave();
      }
    });
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") leave();
      else if (state === "out" || state === "away") save();
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) sent = false;
    });
    if (told.casewallDraftUnsaved) changed();
  }

  function keepAll() {
    for (const form of document.querySelectorAll("form[data-casewall-draft]")) keep(form);
  }

  keepAll();
  document.addEventListener("htmx:after:swap", keepAll);
})();
