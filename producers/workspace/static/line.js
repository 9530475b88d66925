// One line to the server for all pages of a person in this browser: it allows six at once, and the seventh page would wait for ever.
// Who holds the lock listens and tells the others, seen or not; when it goes the next one takes over. Where there are no locks (plain
// HTTP) each page listens for itself while it can be seen, and asks now and then while it cannot.
const POLL = 15000, HIDDEN_POLL = 60000;

export function line(me, numbers, heard) {
  const name = `postroom:${me}`, here = unique();
  const shared = navigator.locks && window.BroadcastChannel ? new BroadcastChannel(name) : null;
  const wanted = new Set(numbers);
  let source, polling, rounds = 0, leading = false, last = null;

  if (shared) {
    shared.addEventListener("message", ({ data }) => passed(data));
    navigator.locks.request(name, lead);
    watch();
  } else alone();
  addEventListener("pagehide", () => source?.close());
  return { watch, tell };

  // A page says what it wants to hear of: at first, and again when somebody else begins to listen.
  function watch() {
    if (leading || !shared) listenFor(numbers);
    else shared.postMessage({ wanted: [...numbers], from: here });
  }

  function tell(event, detail) {
    heard(event, detail);
    shared?.postMessage({ event, detail });
  }

  function passed({ event, detail, wanted: more, from, to, who }) {
    if (to && to !== here) return;
    if (event) return heard(event, detail);
    if (who) return watch();
    if (!leading || listenFor(more)) return;
    if (last) shared.postMessage({ event: "ongoing", detail: last, to: from });
    shared.postMessage({ event: "listening", to: from });
  }

  function lead() {
    leading = true;
    shared.postMessage({ who: true });
    listen();
    return new Promise(() => {}); // held until this page is gone
  }

  // Whether it had to begin anew.
  function listenFor(more) {
    const news = [...more].filter((each) => !wanted.has(each));
    for (const each of news) wanted.add(each);
    if (!news.length && source && source.readyState !== EventSource.CLOSED) return false;
    listen();
    return true;
  }

  function alone() {
    document.addEventListener("visibilitychange", follow);
    follow();
  }

  function follow() {
    if (!document.hidden) { stopPolling(); return listen(); }
    source?.close();
    stopPolling();
    polling = setInterval(poll, HIDDEN_POLL);
  }

  function listen() {
    source?.close();
    source = new EventSource(`/live?interaction=${encodeURIComponent([...wanted].join(","))}`);
    source.addEventListener("ongoing", (event) => { stopPolling(); ongoing(JSON.parse(event.data)); });
    source.addEventListener("open", () => tell("listening"));
    source.addEventListener("moved", (event) => tell("moved", JSON.parse(event.data)));
    source.addEventListener("error", () => { if (!polling) startPolling(); });
  }

  function ongoing(told) {
    last = told;
    tell("ongoing", told);
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
      if (answer.ok) ongoing(await answer.json());
      else if (answer.status === 401) stopPolling();
    } catch { /* asked again */ }
  }
}

function unique() { return crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2); }
