// Saves about a second after the last key, again when the line comes back, and on leaving. One save at a time, and one that
// was not answered is asked again as it was: the server knows it by its name, and nobody is in conflict with themselves (R33).
const PAUSE = 1000, AGAIN = 4000;

export function saver({ form, csrf, shelf, values, whole, heard }) {
  const path = `/drafts/${form.dataset.draft}`;
  let timer, running = null, asked = null, sent = shown(), conflict = null, over = false;

  addEventListener("online", () => flush());
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  addEventListener("pagehide", leaving);
  return { touched, flush, ask, changed, rest, end, stop, settle };

  function shown() { return JSON.stringify(values()); }
  function changed() { return shown() !== sent; }
  function base() { return form.elements.base_revision.value; }
  function later(pause) { clearTimeout(timer); if (!over) timer = setTimeout(once, pause); }

  function touched() {
    if (!changed()) return;
    shelf.put(values(), base(), asked?.values);
    heard.typing();
    later(PAUSE);
  }

  // What stands there now counts as known, without having been typed by anybody.
  function settle() { sent = shown(); }
  function rest() { clearTimeout(timer); }
  function stop() { over = true; clearTimeout(timer); removeEventListener("pagehide", leaving); }
  function end() { stop(); shelf.clear(); }

  // The server's word about everything that stands there now.
  async function flush() {
    const told = await once();
    return told.ok && !over && changed() ? flush() : told;
  }

  async function once() {
    clearTimeout(timer);
    while (running) await running;
    if (over || (!asked && !changed())) return conflict || { ok: true };
    running = save();
    try { return await running; } finally { running = null; }
  }

  async function save() {
    asked ??= fresh();
    const told = await ask("/autosave", asked.body, { once: asked.once });
    if (passing(told)) { heard.refused(told); later(AGAIN); return told; }
    const then = asked.values;
    asked = null;
    if (told.code === "conflict") [conflict, sent] = [told, then]; // kept beside the draft once, not with every look away
    if (!told.ok) { heard.refused(told); return told; }
    conflict = null;
    form.elements.base_revision.value = told.revision;
    sent = then;
    if (changed()) { shelf.put(values(), base()); heard.typing(); later(PAUSE); } else { shelf.clear(); heard.saved(); }
    return told;
  }

  function fresh() { return { once: unique(), body: whole(), values: shown() }; }

  // The server's word as an object; `ok` where it said yes, `lost` where it said nothing.
  async function ask(place, body, more = {}, options = {}) {
    for (const [name, value] of Object.entries(more)) body.set(name, value);
    try {
      const answer = await fetch(path + place, {
        method: "POST", body, headers: { "X-CSRF": csrf, Accept: "application/json" }, ...options,
      });
      const kind = answer.headers.get("content-type") || "", json = kind.includes("json");
      const told = json ? await answer.json() : { sentence: kind.startsWith("text/plain") ? await answer.text() : "" };
      const sentence = told.sentence || told.detail || `the server answered ${answer.status}.`;
      return { ...told, sentence, status: answer.status, ok: answer.ok && json && told.code !== "kept" };
    } catch {
      return { ok: false, lost: true, sentence: "no connection. Your text is kept on this machine." };
    }
  }

  // A request that outlives the page; what is too large for that is still on the shelf.
  function leaving() {
    const last = asked || (changed() && fresh());
    if (last) ask("/autosave", last.body, { once: last.once }, { keepalive: true });
  }
}

// Nothing was decided; the same again may be answered.
export function passing(told) { return Boolean(told.lost || told.code === "kept" || told.status === 429 || told.status >= 500); }

export function unique() { return crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2); }
