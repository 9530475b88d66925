// Ongoing and its counters without reload: listens, and asks every few seconds where listening is not possible.
const POLL = 15000;

export function live(interaction) {
  const title = document.title.replace(/^\(\d+\) /, "");
  let polling, before = null;

  if (!window.EventSource) return poll();
  const source = new EventSource(`/live?interaction=${encodeURIComponent(interaction || "")}`);
  source.addEventListener("ongoing", (event) => { stopPolling(); show(JSON.parse(event.data)); });
  source.addEventListener("moved", (event) => moved(JSON.parse(event.data)));
  source.addEventListener("error", () => { if (!polling) polling = setInterval(poll, POLL); });
  addEventListener("pagehide", () => source.close());

  function stopPolling() { clearInterval(polling); polling = undefined; }

  async function poll() {
    try {
      const answer = await fetch("/live/counters", { headers: { Accept: "application/json" } });
      if (answer.ok) show(await answer.json());
      else if (answer.status === 401) stopPolling();
    } catch { /* asked again */ }
    if (!window.EventSource && !polling) polling = setInterval(poll, POLL);
  }

  function show(told) {
    document.title = told.total ? `(${told.total}) ${title}` : title;
    const total = document.getElementById("ongoing-total");
    total.textContent = told.total;
    total.hidden = !told.total;
    document.getElementById("ongoing").replaceChildren(...(told.items.length ? told.items.map(line) : [quiet()]));
    if (before) for (const item of told.items) if (item.unread > (before.get(item.number) ?? 0)) toast(item);
    before = new Map(told.items.map((item) => [item.number, item.unread]));
  }

  function moved(told) {
    const place = document.getElementById("moved");
    if (!place) return;
    const again = Object.assign(document.createElement("a"), { href: location.pathname, textContent: " Show it" });
    place.replaceChildren(told.owner ? `The owner changed to ${told.owner}: ${told.why}.` : `${told.why}.`, again);
    place.hidden = false;
    if (!told.owner) return;
    toastText(`${told.owner} is the owner now`);
    const owner = document.getElementById("owner");
    if (owner) owner.textContent = told.owner;
  }
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
