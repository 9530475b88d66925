// One line to the server for all pages of a person in this browser: it allows six at once, and the seventh page would wait for ever.
// Who holds the lock listens and tells the others, seen or not; when it goes the next one takes over. Where there are no locks (plain
// HTTP) each page listens for itself while it can be seen, and asks now and then while it cannot.
import { unique } from "./saving.js";

const POLL = 15000, HIDDEN_POLL = 60000;

export function line(me, numbers, heard) {
  const name = `postroom:${me}`, here = unique();
  const shared = navigator.locks && window.BroadcastChannel ? new BroadcastChannel(name) : null;
  const pages = new Map(); // the others, and what each wants to hear of
  let source, polling, rounds = 0, leading = false, last = null, listened = new Set();

  if (shared) {
    shared.addEventListener("message", ({ data }) => passed(data));
    navigator.locks.request(name, lead);
    watch();
  } else alone();
  addEventListener("pagehide", () => { source?.close(); shared?.postMessage({ gone: here }); });
  addEventListener("pageshow", (event) => { if (event.persisted) watch(); });
  return { watch, tell };

  // A page says what it wants to hear of: at first, and again when somebody else begins to listen.
  function watch() {
    if (leading || !shared) listenFor();
    else shared.postMessage({ wanted: [...numbers], from: here });
  }

  function tell(event, detail) {
    heard(event, detail);
    shared?.postMessage({ event, detail });
  }

  function passed({ event, detail, wanted, from, to, who, gone }) {
    if (to && to !== here) return;
    if (event) return heard(event, detail);
    if (who) return watch();
    if (gone) return pages.delete(gone);
    pages.set(from, wanted);
    if (!leading || listenFor()) return;
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
  function listenFor() {
    const known = [...everything()].every((each) => listened.has(each));
    if (known && source && source.readyState !== EventSource.CLOSED) return false;
    listen();
    return true;
  }

  function everything() { return new Set([...numbers, ...[...pages.values()].flat()]); }

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
    listened = everything();
    source = new EventSource(`/live?interaction=${encodeURIComponent([...listened].join(","))}`);
    source.addEventListener("ongoing", (event) => { stopPolling(); ongoing(JSON.parse(event.data)); });
    source.addEventListener("open", () => tell("listening"));
    for (const name of ["moved", "stirred"]) source.addEventListener(name, (event) => tell(name, JSON.parse(event.data)));
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
