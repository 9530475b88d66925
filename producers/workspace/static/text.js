// The words of a mail: plain, or formatted where the editor is there. Changing between the two loses no word.
import { toolbar } from "./toolbar.js";

const PREFERS = "postroom:plain", PATIENCE = 4000;

export function words(form, { touched, changed, settle, flush, files }) {
  const plain = form.elements.text, label = form.querySelector(`label[for="${plain.id}"]`);
  const given = form.querySelector("template.formatted").content.textContent;
  let rich = null, plainly = !given, changing = false;

  plain.addEventListener("input", touched);
  const ready = "formatted" in form.dataset && wantsFormat() ? formatFirst() : Promise.resolve();
  if ("formatted" in form.dataset && !wantsFormat()) offerFormat();
  return { values, same, put, insert, quote, picture, focus, ready };

  function wantsFormat() { return Boolean(given) || (!own(plain.value) && !localStorage.getItem(PREFERS)); }

  function values() {
    return rich ? { mode: "rich", text: "", html: posted(rich.editor.getHTML()) } : { mode: plainly ? "plain" : "", text: plain.value, html: "" };
  }

  function same(kept) { return kept.html ? kept.html === (rich ? values().html : given) : !rich && kept.text === plain.value; }

  // False where formatted words find no editor.
  async function put(kept) {
    if (kept.html) {
      if (rich) rich.editor.setHTML(shown(kept.html)); else return format(kept.html).then(() => true, () => false);
    } else {
      if (rich) plainAgain();
      plain.value = kept.text;
    }
    return true;
  }

  function insert(text, html) {
    if (rich) return insertHtml(html);
    const empty = !own(plain.value), below = empty && text.includes(plain.value.trim()) ? "" : plain.value;
    if (empty) plain.value = `${text.trimEnd()}${below ? `\n${below.startsWith("\n") ? "" : "\n"}${below}` : ""}`;
    else plain.setRangeText(text, plain.selectionStart, plain.selectionEnd, "end");
    plain.focus();
    touched();
  }

  function insertHtml(html) {
    const there = rich.root.innerText;
    if (own(there)) rich.editor.focus().insertHTML(html);
    else rich.editor.setHTML(html + (there.trim() ? `<div><br></div>${rich.editor.getHTML().replace(/^(<div><br><\/div>)+/, "")}` : "")).focus();
    touched();
  }

  // Below everything that is there, as mail programs quote and fold it.
  function quote(head, text) {
    const quoted = text.trim().split("\n");
    if (rich) rich.editor.setHTML(`${rich.editor.getHTML()}<div><br></div>${lines(head)}<blockquote>${lines(quoted.join("\n"))}</blockquote>`);
    else plain.value = `${plain.value.trimEnd()}\n\n${head}\n${quoted.map((line) => `> ${line}`).join("\n")}\n`;
    touched();
  }

  // A picture stands where the cursor was; false where there is no place for one.
  function picture(found) {
    if (!rich) return false;
    rich.editor.focus().insertImage(`/pictures/${found.blob}`, { alt: found.name });
    return true;
  }

  function focus() {
    if (rich) { rich.editor.focus().moveCursorToStart(); return; }
    plain.focus();
    plain.setSelectionRange(0, 0);
  }

  // Until the editor is there formatted words are only shown: plain ones typed over them would take the format away. An editor
  // that is late is not waited for, and one that comes while somebody writes stays away.
  async function formatFirst() {
    const before = plain.value;
    const late = setTimeout(() => { plain.readOnly = false; }, PATIENCE);
    plain.readOnly = Boolean(given);
    try {
      await import("./editor.js");
      if (given && plain.value !== before) { plainly = true; offerFormat(); } else await format(given);
    } catch { /* plain words it is */ } finally {
      clearTimeout(late);
      plain.readOnly = false;
    }
  }

  async function format(html = "") {
    const { editor } = await import("./editor.js");
    const held = document.activeElement === plain, typed = changed();
    const root = Object.assign(document.createElement("div"), { className: "rich" });
    label.removeAttribute("for");
    label.id = `label-${plain.id}`;
    for (const [name, value] of [["role", "textbox"], ["aria-multiline", "true"], ["aria-labelledby", label.id]]) root.setAttribute(name, value);
    plain.before(root);
    rich = { root, editor: editor(root) };
    rich.editor.setHTML(html ? shown(html) : lines(plain.value));
    rich.bar = toolbar(root, rich.editor, { plain: toPlain });
    plain.hidden = true;
    rich.editor.addEventListener("input", touched);
    if (!typed) settle();
    if (held) rich.editor.focus().moveCursorToEnd();
  }

  // The formatted words stay among the versions; what is left is what the server makes of them for the plain part. Who types
  // meanwhile is waited for.
  async function toPlain() {
    if (changing) return;
    changing = true;
    let html, text;
    do {
      await flush();
      html = values().html;
      text = await plainOf(html);
    } while (rich && values().html !== html);
    changing = false;
    if (!rich) return;
    plainAgain();
    plain.value = text;
    localStorage.setItem(PREFERS, "1");
    touched();
    plain.focus();
  }

  async function plainOf(html) {
    const body = new FormData();
    body.set("html", html);
    const answer = await fetch("/drafts/plain", { method: "POST", body, headers: { "X-CSRF": document.body.dataset.csrf, Accept: "application/json" } }).catch(() => null);
    return answer?.ok ? (await answer.json()).text : rich.root.innerText;
  }

  function plainAgain() {
    rich.bar.remove();
    rich.editor.destroy();
    rich.root.remove();
    rich = null;
    plainly = true;
    plain.hidden = false;
    label.htmlFor = plain.id;
    offerFormat();
  }

  function offerFormat() {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "plain formatting", textContent: "Format" });
    button.onclick = async () => {
      button.remove();
      localStorage.removeItem(PREFERS);
      await format();
      touched();
      rich.editor.focus();
    };
    plain.after(button);
  }

  // On the page a picture is fetched by its digest, in the mail it is named by its content id.
  function posted(html) { return html.replace(/src="\/pictures\/([0-9a-f]{16})[0-9a-f]{48}"/g, 'src="cid:p$1"'); }
  function shown(html) {
    return html.replace(/src="cid:([\w.-]+)"/g, (all, id) => {
      const found = files().find((each) => each.inline_id === id);
      return found ? `src="/pictures/${found.blob}"` : all;
    });
  }
}

// What a person wrote, without the signature below it.
export function own(text) { return text.split(/^-- ?$/m)[0].trim(); }

function lines(text) {
  return text.split("\n").map((line) => {
    const place = document.createElement("div");
    if (line) place.textContent = line; else place.append(document.createElement("br"));
    return place.outerHTML;
  }).join("");
}
