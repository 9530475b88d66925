// After Send: until when it can be taken back, at once and without leaving the page.
export function sentToast(told, csrf) {
  const until = new Date(told.leave_at), scheduled = told.state === "scheduled";
  const when = scheduled ? `Scheduled for ${until.toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })}.` : "Sent.";
  const place = toast(when, told.state === "queued" ? "" : scheduled ? "Cancel it" : "Undo", () => undo(told, csrf), scheduled ? 20000 : Math.max(4000, until - Date.now()));
  place.append(Object.assign(document.createElement("a"), { href: `/interactions/${told.interaction}`, textContent: "Show" }));
}

// The mail becomes a draft again where no worker took it yet; its composer comes back.
async function undo(told, csrf) {
  const body = new FormData();
  body.set("mail", told.mail);
  const answer = await fetch(`/interactions/${told.interaction}/undo`, { method: "POST", body, headers: { "X-CSRF": csrf } }).catch(() => null);
  if (answer?.ok) document.dispatchEvent(new CustomEvent("postroom:open", { detail: told.draft }));
  else toast("Too late: it has left already.", "", null);
}

// A sentence with at most one thing to do about it.
export function toast(words, label, then, life = 12000) {
  const place = Object.assign(document.createElement("div"), { className: "toast" });
  place.append(Object.assign(document.createElement("span"), { textContent: words }));
  if (label) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.onclick = () => { place.remove(); then(); };
    place.append(button);
  }
  document.getElementById("toasts").append(place);
  setTimeout(() => place.remove(), life);
  return place;
}
