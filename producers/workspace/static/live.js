// Ongoing and its counters without reload, on every page of this browser, and what moves on the interactions that are open there.
import { line as lineOf } from "./line.js";

export function live(interaction) {
  const title = document.title.replace(/^\(\d+\) /, "");
  const numbers = new Set(interaction ? [interaction] : []);
  let before = null;
  const line = lineOf(document.body.dataset.me, numbers, (event, detail) => {
    if (event === "ongoing") show(detail);
    else if (event === "moved") moved(detail);
    else if (event === "stirred") document.dispatchEvent(new CustomEvent("postroom:stirred", { detail }));
    else document.dispatchEvent(new CustomEvent("postroom:listening"));
  });

  // A composer that opens says on which interaction it writes, and hears of it from then on.
  document.addEventListener("postroom:watch", (event) => {
    if (numbers.has(event.detail)) return;
    numbers.add(event.detail);
    line.watch();
  });
  // What one did in a window oneself shows on the page behind it, and on one's other pages.
  document.addEventListener("postroom:acted", (event) => line.tell("moved", { number: event.detail, mine: true }));

  function show(told) {
    document.title = told.total ? `(${told.total}) ${title}` : title;
    const total = document.getElementById("ongoing-total");
    total.textContent = told.total;
    total.hidden = !told.total;
    document.getElementById("ongoing").replaceChildren(...(told.items.length ? told.items.map(row) : [quiet()]));
    if (before) for (const item of told.items) if (item.unread > (before.get(item.number) ?? 0)) toast(item);
    for (const row of document.querySelectorAll("tr[data-line]")) count(row, told.calling[row.dataset.line]);
    if (before) document.dispatchEvent(new CustomEvent("postroom:called", { detail: Object.keys(told.calling) }));
    before = new Map(Object.entries(told.calling));
  }

  function moved(told) {
    if (!numbers.has(told.number)) return;
    document.dispatchEvent(new CustomEvent("postroom:moved", { detail: told }));
    if (told.owner) toastText(`${told.owner} is the owner of ${told.number} now`);
    const place = document.getElementById("moved");
    if (!place || told.mine || told.number !== interaction) return;
    const again = Object.assign(document.createElement("a"), { href: location.pathname, textContent: " Show it" });
    place.replaceChildren(told.owner ? `The owner changed to ${told.owner}: ${told.why}.` : `${told.why}.`, again);
    place.hidden = false;
    if (!told.owner) return;
    const owner = document.getElementById("owner");
    if (owner) owner.textContent = told.owner;
  }
}

// On a list the count stands beside the subject as well; lines of colleagues are left as they are.
function count(row, unread) {
  const place = row.querySelector(".count");
  if (unread === undefined && !("mine" in row.dataset)) return;
  place.textContent = unread ?? 0;
  place.hidden = !unread;
  row.classList.toggle("calling", unread !== undefined);
}

function row(item) {
  const link = element("a", "", { href: `/interactions/${item.number}` });
  link.append(element("span", item.customer), " ", element("span", item.unread || "!", { className: "count" }), element("small", item.subject || item.number));
  const found = document.createElement("li");
  found.append(link);
  return found;
}

function quiet() { return element("li", "Nothing at the moment.", { className: "quiet" }); }

function toast(item) { show(element("a", `${item.customer} answered: ${item.subject}`, { href: `/interactions/${item.number}`, className: "toast" })); }
function toastText(words) { show(element("div", words, { className: "toast" })); }
function show(found) {
  document.getElementById("toasts").append(found);
  setTimeout(() => found.remove(), 8000);
}

function element(name, text, more = {}) { return Object.assign(document.createElement(name), { textContent: text, ...more }); }
