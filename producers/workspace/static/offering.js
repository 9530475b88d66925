// Words that were set aside come back by a person's decision; a window that comes along to the next page simply goes on.
import { LINES } from "./fields.js";
import { clock } from "./keeping.js";

export function offering(form, { shelf, saving, words, files, values, reveal, again }) {
  const notice = form.querySelector(".unsaved");
  return offer;

  function offer() {
    const kept = shelf.aside().at(-1);
    notice.hidden = true;
    if (!kept) return;
    if (same(kept.values)) { shelf.drop(kept); return offer(); }
    if (again && goesOn(kept) && !saving.changed()) return putBack(kept);
    notice.hidden = false;
    notice.querySelector("b").textContent = clock(kept.at);
    notice.querySelector("[data-put-back]").onclick = () => putBack(kept);
    notice.querySelector("[data-drop]").onclick = () => { shelf.drop(kept); offer(); };
  }

  // Nobody wrote in between: the draft holds what these words began from, or what the last save made of it.
  function goesOn(kept) { return kept.base === form.elements.base_revision.value || Boolean(kept.asked && same(JSON.parse(kept.asked))); }

  function same(kept) {
    const now = values();
    return [...LINES, "from_address"].every((name) => kept[name] === now[name]) && words.same(kept) && names(kept.files) === names(now.files);
  }

  // What stands there now is a version by then; or, without a line, it is what is offered next.
  async function putBack(kept) {
    again = false;
    const told = await saving.flush();
    if (!told.ok) shelf.setAside();
    if (!(await words.put(kept.values))) return offer(); // formatted, and no editor here
    for (const name of LINES) { form.elements[name].value = kept.values[name]; if (kept.values[name]) reveal(name); }
    if (kept.values.from_address && form.elements.from_address) form.elements.from_address.value = kept.values.from_address;
    files.put(kept.values.files || []);
    saving.touched();
    shelf.drop(kept);
    saving.flush();
    offer();
  }
}

function names(kept) { return (kept || []).map((each) => JSON.parse(each)).map((each) => `${each.blob} ${each.name}`).join("\n"); }
