// One composer, in a page or in a window: its words, files and buttons. Without this file the form works by itself.
import { attaching } from "./attaching.js";
import { inserting } from "./inserting.js";
import { clock, shelf as shelfOf } from "./keeping.js";
import { saver, unique } from "./saving.js";
import { words as wordsOf } from "./text.js";

const LINES = ["to", "cc", "bcc", "subject"];

export function composer(form, { csrf, me, saved: said, title, around, again = false, gone }) {
  const draft = form.dataset.draft, number = form.dataset.number;
  const shelf = shelfOf(me, draft);
  const trouble = form.querySelector(".trouble");
  const words = wordsOf(form, {
    touched: () => saving.touched(), changed: () => saving.changed(), settle: () => saving.settle(), flush: () => saving.flush(),
    files: () => [...form.querySelectorAll("[name=keep]")].map((each) => JSON.parse(each.value)),
  });
  const files = attaching(form, { csrf, words, touched: () => saving.touched() });
  const saving = saver({ form, csrf, shelf, values, whole, heard: {
    typing: () => say("typing…"),
    saved: () => { say(`saved ${clock(Date.now())}`); },
    refused,
  } });
  form.elements.once.value = unique();

  form.classList.add("live");
  sender();
  lines();
  schedule();
  inserting(form, { words, subject: (line) => { if (!form.elements.subject.value && line) { form.elements.subject.value = line; typed(form.elements.subject); } } });
  for (const button of form.querySelectorAll("[data-quote]")) {
    button.hidden = false;
    button.onclick = () => { words.quote(button.dataset.head, button.dataset.quote); button.closest("details").open = false; };
  }
  words.ready.then(offer);
  form.addEventListener("input", (event) => { if (LINES.includes(event.target.name)) typed(event.target); });
  form.addEventListener("submit", submit);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); act("send"); }
  });
  document.addEventListener("postroom:moved", moved);
  around?.addEventListener("click", (event) => { if (event.target.closest("[data-seen]")) look("?seen=1"); });
  document.dispatchEvent(new CustomEvent("postroom:watch", { detail: number }));
  return { draft, number, leave, flush: saving.flush, focus };

  function values() {
    const found = Object.fromEntries(LINES.map((name) => [name, form.elements[name].value]));
    return { ...found, ...words.values(), files: files.values() };
  }

  function whole() {
    const body = new FormData(), { files: kept, ...fields } = values();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    for (const each of kept) body.append("keep", each);
    body.set("attachments_shown", "1");
    body.set("base_revision", form.elements.base_revision.value);
    return body;
  }

  function say(text, bad = false) {
    said.textContent = text;
    said.classList.toggle("trouble", bad);
  }

  function refused(told) {
    say(`not saved: ${told.sentence}`, true);
    if (!told.compare) return;
    said.append(Object.assign(document.createElement("a"), { href: told.compare, textContent: " See both texts" }));
    shelf.clear();
  }

  function typed(field) {
    field.removeAttribute("aria-invalid");
    if (field.name === "subject" && title) title.textContent = field.value || "New mail";
    saving.touched();
  }

  async function submit(event) {
    const action = event.submitter?.value || "send";
    event.preventDefault();
    if (event.submitter?.hasAttribute("data-sure-send")) return act(action, { sure: "yes" });
    if (action === "discard") return discard();
    if (action === "save") return saving.flush();
    act(action);
  }

  async function act(action, more = {}) {
    trouble.hidden = true;
    say(action === "send" ? "sending…" : "scheduling…");
    await files.finished();
    await saving.flush();
    saving.rest();
    const told = await saving.ask("", whole(), {
      action, once: form.elements.once.value, send_at: form.elements.send_at.value,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(form.elements.from_address ? { from_address: form.elements.from_address.value } : {}), ...more,
    });
    if (!told.ok) return notSent(told, action, more);
    saving.end();
    document.removeEventListener("postroom:moved", moved);
    gone({ ...told, draft, sent: true });
  }

  // The words stay; the field that is in the way is marked, and what may be decided is one button away.
  function notSent(told, action, more) {
    if (told.code === "conflict") return refused(told);
    if (told.revision) form.elements.base_revision.value = told.revision;
    if (told.revision) saving.settle();
    form.elements.once.value = told.lost ? form.elements.once.value : unique();
    const field = /^draft\.(to|cc|bcc|subject)/.exec(told.field || "")?.[1];
    trouble.querySelector("span").textContent = told.lost ? `Not sent: ${told.sentence}` : told.sentence;
    const sure = trouble.querySelector("button"), stale = told.code === "stale";
    sure.hidden = told.code !== "doubts" && !stale;
    sure.textContent = action === "send" ? "Send all the same" : "Schedule all the same";
    sure.onclick = (event) => { event.preventDefault(); act(action, { ...more, sure: "yes", ...(stale ? { confirm: "yes" } : {}) }); };
    trouble.hidden = false;
    say("not sent", true);
    if (stale) look();
    if (field) { reveal(field); form.elements[field].setAttribute("aria-invalid", "true"); form.elements[field].focus(); }
    else if (!sure.hidden) sure.focus();
  }

  async function discard() {
    saving.rest();
    const told = await saving.ask("", new FormData(), { action: "discard", once: unique() });
    if (!told.ok) return say(told.sentence, true);
    saving.end();
    gone({ ...told, draft });
  }

  // Nothing is left behind where nothing was written (R25); what was written is saved first.
  async function leave() {
    const safe = await saving.flush();
    const told = await saving.ask("", new FormData(), { action: "leave", once: unique() }, { keepalive: true });
    if (safe && told.ok) saving.end();
    document.removeEventListener("postroom:moved", moved);
    return told;
  }

  async function moved(event) {
    if (event.detail.number === number) look();
  }

  async function look(query = "") {
    if (!around) return;
    const answer = await fetch(`/drafts/${draft}/beside${query}`);
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(`.${around.classList[0]}`);
    around.replaceChildren(...found.childNodes);
    document.dispatchEvent(new CustomEvent("postroom:shown", { detail: around }));
  }

  function lines() {
    form.querySelector(".extras").hidden = false;
    for (const name of ["cc", "bcc"]) {
      const empty = !form.elements[name].value, button = form.querySelector(`[data-show="${name}"]`);
      form.querySelector(`[data-extra="${name}"]`).hidden = empty;
      button.hidden = !empty;
      button.onclick = () => { reveal(name); form.elements[name].focus(); };
    }
    for (const each of form.querySelectorAll("[data-plain-only]")) each.hidden = true;
  }

  function reveal(name) {
    const extra = form.querySelector(`[data-extra="${name}"]`);
    if (!extra) return;
    extra.hidden = false;
    form.querySelector(`[data-show="${name}"]`).hidden = true;
  }

  // Chosen for this mail; it comes along to the next page.
  function sender() {
    const field = form.elements.from_address, key = `from:${draft}`;
    if (!field) return;
    const chosen = sessionStorage.getItem(key);
    if ([...field.options].some((each) => each.value === chosen)) field.value = chosen;
    field.addEventListener("change", () => sessionStorage.setItem(key, field.value));
  }

  // In the reader's own zone, with the usual times one click away.
  function schedule() {
    const field = form.elements.send_at, places = form.querySelector(".presets");
    form.querySelector(".zone").textContent = `(${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
    for (const [label, days, hour] of [["Tomorrow 8:00", 1, 8], ["In two days 8:00", 2, 8], ["In a week 8:00", 7, 8]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: label });
      button.onclick = () => {
        const at = new Date();
        at.setDate(at.getDate() + days);
        at.setHours(hour, 0, 0, 0);
        field.value = local(at);
        field.focus();
      };
      places.append(button);
    }
    field.min = local(new Date());
  }

  function local(at) { return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16); }

  // After a reload, a crash or a lost line a person decides; a window that comes along to the next page simply goes on.
  function offer() {
    const kept = shelf.take();
    if (!kept || same(kept.values)) return shelf.clear();
    if (again && kept.base === form.elements.base_revision.value) return putBack(kept);
    const notice = form.querySelector(".unsaved");
    notice.querySelector("b").textContent = clock(kept.at);
    notice.hidden = false;
    notice.querySelector("[data-put-back]").onclick = () => { notice.hidden = true; putBack(kept); };
    notice.querySelector("[data-drop]").onclick = () => { shelf.clear(); notice.hidden = true; };
  }

  function same(kept) {
    const now = values();
    return LINES.every((name) => kept[name] === now[name]) && words.same(kept);
  }

  async function putBack(kept) {
    for (const name of LINES) { form.elements[name].value = kept.values[name]; if (kept.values[name]) reveal(name); }
    await words.put(kept.values);
    files.put(kept.values.files || []);
    form.elements.base_revision.value = kept.base;
    saving.touched();
    saving.flush();
  }

  async function focus() {
    await words.ready;
    const empty = ["to", "subject"].find((name) => !form.elements[name].value);
    if (empty) form.elements[empty].focus(); else words.focus();
  }
}
