// Saves about a second after the last key; keeps what could not be saved on this machine and offers it again.
const FIELDS = ["to", "cc", "bcc", "subject", "text"];
const PAUSE = 1000, AGAIN = 4000;

export function compose(form, csrf) {
  const key = `draft:${form.dataset.draft}`;
  const said = document.getElementById("saved");
  let timer, running = false, sent = values(), leaving = false;

  offer();
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    keep();
    say("typing…");
    later(PAUSE);
  });
  form.addEventListener("change", (event) => { if (event.target.type === "file") whole(); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); localStorage.removeItem(key); });
  addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => { if (document.hidden) later(0); });
  addEventListener("pagehide", () => { if (!leaving && changed()) post({ keepalive: true }).catch(() => {}); });

  function values() { return Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value])); }
  function changed() { return FIELDS.some((name) => form.elements[name].value !== sent[name]); }
  function later(pause) { clearTimeout(timer); timer = setTimeout(save, pause); }
  function keep() {
    localStorage.setItem(key, JSON.stringify({ base: form.elements.base_revision.value, at: Date.now(), values: values() }));
  }
  function say(words, trouble = false) {
    said.textContent = words;
    said.classList.toggle("trouble", trouble);
  }

  async function save() {
    if (running || leaving || !changed()) return running ? later(200) : undefined;
    running = true;
    const now = values();
    try {
      const answer = await post();
      const told = await answer.json();
      if (answer.ok) saved(told, now);
      else refused(told);
    } catch {
      say("not saved: no connection. Your text is kept on this machine.", true);
      later(AGAIN);
    }
    running = false;
  }

  function post(more = {}) {
    const body = new FormData();
    for (const [name, value] of Object.entries(values())) body.set(name, value);
    body.set("base_revision", form.elements.base_revision.value);
    body.set("once", crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2));
    return fetch(`/drafts/${form.dataset.draft}/autosave`, {
      method: "POST", body, headers: { "X-CSRF": csrf, Accept: "application/json" }, ...more,
    });
  }

  function saved(told, now) {
    form.elements.base_revision.value = told.revision;
    sent = now;
    if (!changed()) localStorage.removeItem(key);
    else later(PAUSE);
    say(`saved ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false })}`);
  }

  function refused(told) {
    say(`not saved: ${told.sentence}`, true);
    if (told.compare) {
      const link = Object.assign(document.createElement("a"), { href: told.compare, textContent: " See both texts" });
      said.append(link);
      localStorage.removeItem(key);
    }
  }

  function whole() {
    const button = form.querySelector('button[value="save"]');
    form.requestSubmit(button);
  }

  function offer() {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    if (!kept || FIELDS.every((name) => kept.values[name] === form.elements[name].value)) return localStorage.removeItem(key);
    const notice = document.getElementById("unsaved");
    notice.querySelector("b").textContent = new Date(kept.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
    notice.hidden = false;
    notice.querySelector("[data-put-back]").onclick = () => {
      for (const name of FIELDS) form.elements[name].value = kept.values[name];
      if (kept.base) form.elements.base_revision.value = kept.base;
      notice.hidden = true;
      keep();
      save();
    };
    notice.querySelector("[data-drop]").onclick = () => { localStorage.removeItem(key); notice.hidden = true; };
  }
}
