// Makes the pages quicker and livelier in place. Every page works without it; it decides nothing.
import { compose } from "./composer.js";
import { live } from "./live.js";

const form = document.querySelector("form[data-draft]");

localTimes(document);
countdowns();
keys();
lookUp();
for (const button of document.querySelectorAll("button[data-sure]"))
  button.addEventListener("click", (event) => { if (!confirm(button.dataset.sure)) event.preventDefault(); });
if (form) compose(form, document.body.dataset.csrf);
live(document.body.dataset.interaction);

// The server writes UTC; the reader lives somewhere.
export function localTimes(place) {
  const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
  for (const time of place.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (at.getTimezoneOffset()) time.textContent = day.format(at);
  }
}

function countdowns() {
  for (const place of document.querySelectorAll("[data-countdown]")) {
    const until = new Date(place.dataset.countdown).getTime();
    const tick = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left > 600) return;
      place.textContent = left > 0 ? `in ${left} s` : "now";
      if (left > 0) setTimeout(tick, 250);
      else if (left > -5 && place.dataset.then === "reload") setTimeout(reloadUnlessTyping, 800);
    };
    tick();
  }
}

function reloadUnlessTyping() {
  const typed = [...document.querySelectorAll("textarea, input:not([type=hidden]):not([type=search])")];
  if (!typed.some((field) => field.type !== "checkbox" && field.value !== field.defaultValue)) location.reload();
}

// c compose or write, e close, / search; never while somebody types.
function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("q").focus();
    }
    const target = /^[ce]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
    if (target) { event.preventDefault(); target.click(); }
  });
}

function lookUp() {
  const field = document.querySelector("[data-lookup]");
  let waiting, asked = 0;
  field?.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++asked;
      const answer = await fetch(`/customers?part=1&q=${encodeURIComponent(field.value)}`);
      if (!answer.ok || mine !== asked) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("found");
      document.getElementById("found").replaceWith(found);
    }, 200);
  });
}
