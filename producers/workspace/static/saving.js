// Saves about a second after the last key, again when the line comes back, and on leaving. One save at a time.
const PAUSE = 1000, AGAIN = 4000;

export function saver({ form, csrf, shelf, values, whole, heard }) {
  const path = `/drafts/${form.dataset.draft}`;
  let timer, running = null, sent = JSON.stringify(values()), over = false;

  addEventListener("online", () => flush());
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  addEventListener("pagehide", leaving);
  return { touched, flush, ask, changed, rest, end, settle };

  function changed() { return JSON.stringify(values()) !== sent; }
  function base() { return form.elements.base_revision.value; }
  function later(pause) { clearTimeout(timer); if (!over) timer = setTimeout(flush, pause); }

  function touched() {
    if (!changed()) return;
    shelf.put(values(), base());
    heard.typing();
    later(PAUSE);
  }

  // What stands there now counts as known, without having been typed by anybody.
  function settle() { sent = JSON.stringify(values()); }
  function rest() { clearTimeout(timer); }
  function end() { over = true; clearTimeout(timer); shelf.clear(); removeEventListener("pagehide", leaving); }

  async function flush() {
    clearTimeout(timer);
    while (running) await running;
    if (over || !changed()) return true;
    running = save();
    try { return await running; } finally { running = null; }
  }

  async function save() {
    const now = values();
    const told = await ask("/autosave", whole(), { once: unique() });
    if (told.lost || told.code === "kept") later(AGAIN);
    if (!told.ok) { heard.refused(told); return false; }
    form.elements.base_revision.value = told.revision;
    sent = JSON.stringify(now);
    if (changed()) later(PAUSE); else shelf.clear();
    heard.saved();
    return true;
  }

  // The server's word as an object; `ok` where it said yes, `lost` where it said nothing.
  async function ask(place, body, more = {}, options = {}) {
    for (const [name, value] of Object.entries(more)) body.set(name, value);
    try {
      const answer = await fetch(path + place, {
        method: "POST", body, headers: { "X-CSRF": csrf, Accept: "application/json" }, ...options,
      });
      const json = (answer.headers.get("content-type") || "").includes("json");
      const told = json ? await answer.json() : { sentence: await answer.text() };
      return { ...told, ok: answer.ok && json && told.code !== "kept" };
    } catch {
      return { ok: false, lost: true, sentence: "no connection. Your text is kept on this machine." };
    }
  }

  // A request that outlives the page; what is too large for that is still on the shelf.
  function leaving() {
    if (!over && changed()) ask("/autosave", whole(), { once: unique() }, { keepalive: true });
  }
}

export function unique() { return crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2); }
