// An interaction that is being looked at follows what happens to it, in place, without taking anything from under a hand.
const PAUSE = 200;
let waiting, missed = false, unseen = false;

document.addEventListener("postroom:moved", (event) => {
  if (event.detail.number !== document.body.dataset.interaction) return;
  clearTimeout(waiting);
  waitOrLook();
});
document.addEventListener("visibilitychange", () => { if (missed && !document.hidden) look(); });
// What came in while the page was open counts as read with the first sign of a reader.
for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => { if (unseen) { unseen = false; look(true); } });

function waitOrLook() {
  if (document.hidden) missed = true;
  else waiting = setTimeout(look, PAUSE);
}

async function look(read = false) {
  missed = false;
  const address = new URL(location.href);
  if (read !== true) address.searchParams.set("glance", "1");
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) replace(part, fresh.getElementById(part.id));
  unseen ||= read !== true;
  document.dispatchEvent(new CustomEvent("postroom:freshened"));
}

function replace(part, fresh) {
  if (!fresh || said(fresh) === said(part)) return;
  if (part.contains(document.activeElement)) { document.getElementById("kept-back").hidden = false; return; }
  const open = new Set([...part.querySelectorAll("details[open]")].map(place));
  for (const details of fresh.querySelectorAll("details")) details.open = open.has(place(details));
  part.replaceWith(fresh);
}

// What it says, without seconds that run and times that read differently here and there.
function said(part) {
  const copy = part.cloneNode(true);
  for (const each of copy.querySelectorAll("time, [data-countdown], .ago, [role=status]")) each.remove();
  return copy.textContent.replace(/\s+/g, " ");
}

function place(details) { return `${details.id || details.closest("[id]").id} ${details.className}`; }
