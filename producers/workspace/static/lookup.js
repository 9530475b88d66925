// Looking up customers while somebody types: a list that narrows in place, or suggestions under a field (ARIA combobox).
const PAUSE = 200;

export function lookUp() {
  const field = document.querySelector("[data-lookup]");
  if (field) whileTyping(field, (words, found) => {
    document.getElementById("found").replaceWith(found);
    const count = found.querySelectorAll("li.split").length;
    document.getElementById("lookup-said").textContent = count ? `${count} found` : "Nobody was found";
    history.replaceState(null, "", words ? `?q=${encodeURIComponent(words)}` : location.pathname);
  });
  for (const each of document.querySelectorAll("[data-suggest]")) suggest(each);
}

// Filters apply as soon as they are chosen; the button is for who has no script.
export function applyFilters() {
  for (const form of document.querySelectorAll("form[data-auto]"))
    form.addEventListener("change", (event) => { if (event.target.matches("select, [type=checkbox]")) form.requestSubmit(); });
}

async function ask(words) {
  const answer = await fetch(`/customers?part=1&q=${encodeURIComponent(words)}`);
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("found");
}

function whileTyping(field, show) {
  let waiting, asked = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    const mine = ++asked;
    waiting = setTimeout(async () => {
      const found = await ask(field.value.trim()).catch(() => null);
      if (found && mine === asked) show(field.value.trim(), found);
    }, PAUSE);
  });
}

function suggest(field) {
  const box = Object.assign(document.createElement("ul"), { id: "suggested", className: "suggested", hidden: true });
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", "Customers");
  field.after(box);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": box.id }))
    field.setAttribute(name, value);
  let at = -1;

  whileTyping(field, (words, found) => {
    box.replaceChildren(...(words.length > 1 ? [...found.querySelectorAll("li.split > a")].slice(0, 6).map(option) : []));
    choose(-1);
    open(box.children.length > 0 && document.activeElement === field);
  });
  field.addEventListener("blur", () => setTimeout(() => open(false), 150));
  field.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && !box.hidden) open(false);
    else if (moves && !box.hidden) choose((at + moves + box.children.length + (at < 0 && moves < 0 ? 1 : 0)) % box.children.length);
    else if (event.key === "Enter" && at >= 0 && !box.hidden) location.assign(box.children[at].dataset.to);
    else return;
    event.preventDefault();
  });

  function open(wanted) {
    box.hidden = !wanted;
    field.setAttribute("aria-expanded", String(wanted));
    if (!wanted) choose(-1);
  }

  function choose(place) {
    at = place;
    [...box.children].forEach((each, index) => each.setAttribute("aria-selected", String(index === place)));
    if (place < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", box.children[place].id);
  }

  function option(link, index) {
    const found = Object.assign(document.createElement("li"), { id: `suggested-${index}` });
    found.setAttribute("role", "option");
    found.dataset.to = link.getAttribute("href");
    found.append(...[...link.childNodes].map((node) => node.cloneNode(true)));
    found.addEventListener("mousedown", (event) => { event.preventDefault(); location.assign(found.dataset.to); });
    return found;
  }
}
