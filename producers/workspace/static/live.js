// Ongoing and its counters without reload: listens, and asks every few seconds where listening is not possible.
const POLL = 15000;

export function live(interaction) {
  const title = document.title.replace(/^\(\d+\) /, "");
  const numbers = new Set(interaction ? [interaction] : []);
  let polling, source, rounds = 0, before = null;

  if (!window.EventSource) return startPolling();
  listen();
  addEventListener("pagehide", () => source.close());
  // A composer that opens says on which interaction it writes, and hears of it from then on.
  document.addEventListener("postroom:watch", (event) => {
    if (numbers.has(event.detail)) return;
    numbers.add(event.detail);
    listen();
  });

  function listen() {
    source?.close();
    source = new EventSource(`/live?interaction=${encodeURIComponent([...numbers].join(","))}`);
    source.addEventListener("ongoing", (event) => { stopPolling(); show(JSON.parse(event.data)); });
    source.addEventListener("open", () => document.dispatchEvent(new CustomEvent("postroom:listening")));
    source.addEventListener("moved", (event) => moved(JSON.parse(event.data)));
    source.addEventListener("error", () => { if (!polling) startPolling(); });
  }

  // A stream that was refused is not tried again by the browser itself.
  function startPolling() {
    polling = setInterval(() => { if (source?.readyState === EventSource.CLOSED && ++rounds % 4 === 0) listen(); poll(); }, POLL);
    poll();
  }

  function stopPolling() { clearInterval(polling); polling = undefined; }

  async function poll() {
    try {
      const answer = await fetch("/live/counters", { headers: { Accept: "application/json" } });
      if (answer.ok) show(await answer.json());
      else if (answer.status === 401) stopPolling();
    } catch { /* asked again */ }
  }

  function show(told) {
    document.title = told.total ? `(${told.total}) ${title}` : title;
    const total = document.getElementById("ongoing-total");
    total.textContent = told.total;
    total.hidden = !told.total;
    document.getElementById("ongoing").replaceChildren(...(told.items.length ? told.items.map(line) : [quiet()]));
    if (before) for (const item of told.items) if (item.unread > (before.get(item.number) ?? 0)) toast(item);
    for (const row of document.querySelectorAll("tr[data-line]")) count(row, told.calling[row.dataset.line]);
    before = new Map(Object.entries(told.calling));
  }

  function moved(told) {
    document.dispatchEvent(new CustomEvent("postroom:moved", { detail: told }));
    const place = document.getElementById("moved");
    if (!place || told.number !== interaction) return;
    const again = Object.assign(document.createElement("a"), { href: location.pathname, textContent: " Show it" });
    place.replaceChildren(told.owner ? `The owner changed to ${told.owner}: ${told.why}.` : `${told.why}.`, again);
    place.hidden = false;
    if (!told.owner) return;
    toastText(`${told.owner} is the owner now`);
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

function line(item) {
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
