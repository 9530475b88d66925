// One composer, in a page or in a window: its words, files and buttons. Without this file the form works by itself.
import { attaching } from "./attaching.js";
import { LINES, fields } from "./fields.js";
import { inserting } from "./inserting.js";
import { clock, shelf as shelfOf } from "./keeping.js";
import { offering } from "./offering.js";
import { passing, saver, unique } from "./saving.js";
import { words as wordsOf } from "./text.js";

const PATIENCE = 20; // times a wish is asked again that nobody decided within the server's patience
const MOVES = ["postroom:moved", "postroom:listening"]; // what happened, and what may have while nobody listened
const NOT_HERE = new Set(["not_your_draft", "draft_not_open", "not_found", "closed", "in_wrap_up"]);

export function composer(form, { csrf, me, saved: said, title, around, again = false, gone }) {
  const draft = form.dataset.draft, number = form.dataset.number;
  const shelf = shelfOf(me, draft);
  shelf.setAside();
  const trouble = form.querySelector(".trouble");
  const words = wordsOf(form, {
    touched: () => saving.touched(), changed: () => saving.changed(), settle: () => saving.settle(), flush: () => saving.flush(),
    files: () => [...form.querySelectorAll("[name=keep]")].map((each) => JSON.parse(each.value)),
  });
  const files = attaching(form, { csrf, words, touched: () => saving.touched() });
  let free = null; // while the server decides about the whole nothing more is written
  const saving = saver({ form, csrf, shelf, values, whole, heard: {
    typing: () => say("typing…"),
    saved: () => { say(`saved ${clock(Date.now())}`); },
    refused,
  } });
  form.elements.once.value = unique();

  form.classList.add("live");
  const { reveal } = fields(form);
  inserting(form, { words, subject: (line) => { if (!form.elements.subject.value && line) { form.elements.subject.value = line; typed(form.elements.subject); } } });
  for (const button of form.querySelectorAll("[data-quote]")) {
    button.hidden = false;
    button.onclick = () => { words.quote(button.dataset.head, button.dataset.quote); button.closest("details").open = false; };
  }
  words.ready.then(offering(form, { shelf, saving, words, files, values, reveal, again }));
  form.addEventListener("input", (event) => { if ([...LINES, "from_address"].includes(event.target.name)) typed(event.target); });
  form.addEventListener("submit", submit);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); act("send"); }
    const menu = event.key === "Escape" && !event.defaultPrevented && event.target.closest("details[open]");
    if (menu) { event.preventDefault(); menu.open = false; menu.querySelector("summary").focus(); }
  });
  for (const sign of MOVES) document.addEventListener(sign, moved);
  around?.addEventListener("submit", read);
  document.dispatchEvent(new CustomEvent("postroom:watch", { detail: number }));
  return { draft, number, leave, flush: saving.flush, focus };

  function values() {
    const found = Object.fromEntries(LINES.map((name) => [name, form.elements[name].value]));
    const from = form.elements.from_address;
    return { ...found, ...(from && { from_address: from.value }), ...words.values(), files: files.values() };
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
    say(`not saved: ${told.sentence}${passing(told) ? " It is tried again by itself." : ""}`, true);
    const way = wayOut(told);
    if (way) said.append(" ", way);
    if (told.kept) shelf.clear();
  }

  // Where a person goes on whose words were refused.
  function wayOut(told) {
    const [href, textContent] = told.compare ? [told.compare, "See both texts"]
      : told.status === 401 ? [`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`, "Sign in; your text is kept"]
      : told.code === "csrf" ? [location.href, "Open the page again; your text is kept"]
      : told.kept ? [`/drafts/${draft}/revisions`, "See it among the versions"]
      : NOT_HERE.has(told.code) ? [`/drafts/${draft}`, "See the draft; your text is kept"] : [];
    return href && Object.assign(document.createElement("a"), { href, textContent });
  }

  function object(sentence, way = null) {
    trouble.querySelector("span").replaceChildren(sentence, ...(way ? [" ", way] : []));
    trouble.querySelector("button").hidden = true;
    trouble.hidden = false;
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
    if (free) return;
    trouble.hidden = true;
    if (files.unfinished()) return object(`Not sent: ${files.unfinished()}`);
    hold(action === "send" ? "sending…" : "scheduling…");
    const told = await given(action, more);
    free();
    if (!told.ok) return notSent(told, action, more);
    done(told, true);
  }

  // The words first; then what is to become of them. An answer is waited for: nothing is typed that would not be in the mail.
  async function given(action, more) {
    const kept = await decided(saving.flush);
    saving.rest();
    if (!kept.ok) return kept;
    return decided(() => saving.ask("", whole(), {
      action, once: form.elements.once.value, send_at: form.elements.send_at.value,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone, ...more,
    }));
  }

  // Workers who are behind decide later: the very same is asked again until then, and is carried out once (R33).
  async function decided(ask) {
    let told = await ask();
    for (let tries = 0; told.code === "kept" && tries < PATIENCE; tries++) {
      say("on its way to being decided…");
      told = await ask();
    }
    return told;
  }

  function hold(doing) {
    const held = document.activeElement, inside = form.contains(held);
    form.inert = true;
    say(doing);
    said.tabIndex = -1;
    if (inside) said.focus();
    free = () => {
      free = null;
      form.inert = false;
      if (inside && document.activeElement === said) held.focus();
    };
  }

  function done(told, sent = false) {
    saving.end();
    files.stop();
    for (const sign of MOVES) document.removeEventListener(sign, moved);
    gone({ ...told, draft, number, sent });
  }

  // The words stay; the field that is in the way is marked, and what may be decided is one button away.
  function notSent(told, action, more) {
    if (told.code === "conflict") return refused(told);
    if (told.revision) { form.elements.base_revision.value = told.revision; saving.settle(); }
    form.elements.once.value = passing(told) ? form.elements.once.value : unique();
    const field = /^draft\.(to|cc|bcc|subject)/.exec(told.field || "")?.[1];
    object(told.lost || told.status === 401 ? `Not sent: ${told.sentence}` : told.sentence, wayOut(told));
    const sure = trouble.querySelector("button"), stale = told.code === "stale";
    sure.hidden = told.code !== "doubts" && !stale;
    sure.textContent = action === "send" ? "Send all the same" : "Schedule all the same";
    sure.onclick = (event) => { event.preventDefault(); act(action, { ...more, sure: "yes", ...(stale ? { confirm: "yes" } : {}) }); };
    say(told.code === "kept" ? "on its way to being decided" : "not sent", told.code !== "kept");
    if (stale) look();
    if (field) { reveal(field); form.elements[field].setAttribute("aria-invalid", "true"); form.elements[field].focus(); }
    else if (!sure.hidden) sure.focus();
  }

  // What was typed last is a version too; a text that is in conflict is one already.
  async function discard() {
    if (free) return;
    hold("putting it away…");
    const kept = await decided(saving.flush);
    saving.rest();
    const told = kept.ok || kept.code === "conflict" ? await saving.ask("", new FormData(), { action: "discard", once: unique() }) : kept;
    free();
    if (!told.ok) { say("not put away", true); return object(`Not put away: ${told.sentence}`, wayOut(told)); }
    done(told);
  }

  // Nothing is left behind where nothing was written (R25); what was written is saved first. Where that was refused it is said
  // once, and `sure` leaves all the same: the words stay on this machine.
  async function leave(sure = false) {
    if (!sure && files.unfinished()) return notLeft({ sentence: files.unfinished() });
    const kept = await saving.flush();
    if (!kept.ok && !sure) return notLeft(kept);
    const told = kept.ok ? await saving.ask("", new FormData(), { action: "leave", once: unique() }, { keepalive: true }) : kept;
    if (kept.ok) saving.end(); else saving.stop();
    files.stop();
    for (const sign of MOVES) document.removeEventListener(sign, moved);
    return { ...told, left: true };
  }

  function notLeft(told) {
    object(`Not closed yet: ${told.sentence} Close it once more to leave it like this; the text is kept on this machine.`, wayOut(told));
    return { ...told, left: false };
  }

  async function moved(event) {
    if (!event.detail || event.detail.number === number) look();
  }

  async function read(event) {
    if (!("seen" in event.target.dataset)) return;
    event.preventDefault();
    await fetch(event.target.action, { method: "POST", body: new FormData(event.target), headers: { "X-CSRF": csrf, Accept: "application/json" } }).catch(() => null);
    look();
  }

  async function look() {
    if (!around) return;
    const answer = await fetch(`/drafts/${draft}/beside`).catch(() => null);
    if (!answer?.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(`.${around.classList[0]}`);
    around.replaceChildren(...found.childNodes);
    document.dispatchEvent(new CustomEvent("postroom:shown", { detail: around }));
  }

  async function focus() {
    await words.ready;
    const empty = ["to", "subject"].find((name) => !form.elements[name].value);
    if (empty) form.elements[empty].focus(); else words.focus();
  }
}
