// A list that is being looked at says what is true now; no line moves, comes or goes while a hand is on the list.
import { released } from "./hands.js";

const SOON = 300, SELDOM = 8000; // for what concerns a line that is shown, and for what may belong among them
let waiting, due = Infinity, missed = false, looking = false, listening = 0;

const lines = () => document.getElementById("lines");
const shown = () => [...lines().querySelectorAll("tr[data-line]")];

document.addEventListener("postroom:stirred", (event) => concerns(event.detail) ? wait(SOON) : wait(SELDOM));
document.addEventListener("postroom:called", () => wait(SOON));
document.addEventListener("postroom:acted", () => wait(SOON));
document.addEventListener("postroom:listening", () => { if (listening++) wait(SOON); }); // again: the line was down
document.addEventListener("visibilitychange", () => { if (missed && !document.hidden) look(); });
for (const sign of ["pointerover", "focusin", "change"]) addEventListener(sign, () => { if (missed && !held()) wait(SOON); });

function concerns(numbers) { return shown().some((row) => numbers.includes(row.dataset.line)); }

function wait(pause) {
  const at = performance.now() + pause;
  if (at >= due) return;
  clearTimeout(waiting);
  due = at;
  waiting = setTimeout(look, pause);
}

async function look() {
  due = Infinity;
  if (document.hidden) return void (missed = true);
  if (looking) return wait(SOON);
  looking = true;
  try {
    const answer = await fetch(location.href).catch(() => null);
    if (answer?.ok) await show(new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("lines"));
  } finally { looking = false; }
}

async function show(fresh) {
  await released();
  missed = fresh && said(fresh) !== said(lines());
  if (!missed) return;
  if (held()) inPlace(fresh);
  else { lines().replaceWith(fresh); missed = false; }
  document.dispatchEvent(new CustomEvent("postroom:freshened"));
}

// A pointer over it, the focus within, or lines chosen: what is there stays where it is.
function held() {
  const place = lines();
  return place.matches(":hover") || place.contains(document.activeElement) || place.querySelector("input:checked") !== null;
}

function inPlace(fresh) {
  const now = new Map([...fresh.querySelectorAll("tr[data-line]")].map((row) => [row.dataset.line, row]));
  for (const row of shown()) {
    const found = now.get(row.dataset.line);
    row.classList.toggle("gone", !found);
    if (!found || row.contains(document.activeElement)) continue;
    row.className = found.className;
    [...row.cells].slice(1).forEach((cell, index) => cell.replaceChildren(...found.cells[index + 1].cloneNode(true).childNodes));
  }
}

// What it says, apart from how times read here.
function said(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.textContent = time.dateTime;
  return copy.textContent.replace(/\s+/g, " ");
}
