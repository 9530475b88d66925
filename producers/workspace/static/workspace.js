// Makes the pages quicker and livelier in place. Every page works without it; it decides nothing.
import { countdowns } from "./countdown.js";
import { keys } from "./keys.js";
import { live } from "./live.js";
import { applyFilters, lookUp } from "./lookup.js";
import { windows } from "./windows.js";

localTimes(document);
countdowns(document);
keys();
document.addEventListener("postroom:freshened", () => { localTimes(document); countdowns(document); });
lookUp();
applyFilters();
document.addEventListener("click", (event) => {
  const question = event.target.closest("button[data-sure]")?.dataset.sure;
  if (question && !confirm(question)) event.preventDefault();
});
document.addEventListener("postroom:shown", (event) => localTimes(event.detail));
live(document.body.dataset.interaction);
windows(document.body.dataset);

// The server writes UTC; the reader lives somewhere.
function localTimes(place) {
  const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
  const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false });
  for (const time of place.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if ("seconds" in time.dataset) { time.textContent = at.toLocaleTimeString(undefined, { hour12: false }); continue; }
    if (at.getTimezoneOffset()) time.textContent = ("weekday" in time.dataset ? weekday : day).format(at);
  }
}
