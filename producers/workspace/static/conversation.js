// An interaction that is being looked at follows what happens, in place, without taking anything from under a hand.
import { released } from "./hands.js";

const PAUSE = 200;
let waiting, missed = false, unseen = false;

document.addEventListener("postroom:moved", (event) => {
  if (event.detail.number === document.body.dataset.interaction) waitOrLook();
});
// What happened between the page's making and the listening, or while the line was down.
document.addEventListener("postroom:listening", waitOrLook);
document.addEventListener("postroom:due", waitOrLook);
document.addEventListener("visibilitychange", () => { if (missed && !document.hidden) look(false); });
// What came in while the page was open counts as read with the first sign of a reader.
for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => { if (unseen) { unseen = false; look(true); } });

function waitOrLook() {
  clearTimeout(waiting);
  if (document.hidden) missed = true;
  else waiting = setTimeout(() => look(false), PAUSE);
}

async function look(read) {
  missed = false;
  const address = new URL(location.href);
  if (!read) address.searchParams.set("glance", "1");
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  await released();
  const parts = [...document.querySelectorAll("[data-live]")];
  if (!parts.map((part) => replace(part, fresh.getElementById(part.id))).some(Boolean)) return;
  unseen = !read;
  document.dispatchEvent(new CustomEvent("postroom:freshened"));
}

// Whether it had to be.
function replace(part, fresh) {
  if (!fresh || said(fresh) === said(part)) return false;
  if ("stays" in part.dataset && !said(fresh).trim()) return false; // being read is no reason to vanish
  if (part.contains(document.activeElement)) return keptBack();
  const open = new Set([...part.querySelectorAll("details[open]")].map(place));
  for (const details of fresh.querySelectorAll("details")) details.open = open.has(place(details));
  part.replaceWith(fresh);
  return true;
}

function keptBack() {
  const note = document.getElementById("kept-back");
  if (note) note.hidden = false;
  return false;
}

// What it says, without seconds that run and times that read differently here and there.
function said(part) {
  const copy = part.cloneNode(true);
  for (const each of copy.querySelectorAll("time, [data-countdown], .ago, [role=status]")) each.remove();
  return copy.textContent.replace(/\s+/g, " ");
}

function place(details) { return `${details.id || details.closest("[id]").id} ${details.className}`; }
