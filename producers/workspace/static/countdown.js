// Seconds that run down to an instant of the server's time, said aloud now and then to those who do not see them.
const SAID = [60, 30, 10], AFTER = [800, 3000, 9000]; // what is due then takes the workers a moment
const ahead = new Date(document.body.dataset.now).getTime() - Date.now(); // a moved clock, or one that goes wrong here

export function countdowns(place) {
  for (const each of place.querySelectorAll("[data-countdown]:not([data-runs])")) run(each);
}

function run(place) {
  const until = new Date(place.dataset.countdown).getTime();
  const aloud = place.dataset.say ? said() : null;
  let spoken = Infinity;
  if (aloud) place.after(aloud);
  place.dataset.runs = "1";
  tick();

  function tick() {
    const left = Math.ceil((until - Date.now() - ahead) / 1000);
    if (left > 600 || !place.isConnected) return;
    place.textContent = left > 0 ? `in ${words(left)}` : "now";
    const due = SAID.filter((at) => left <= at).pop();
    if (aloud && left > 0 && due < spoken) { spoken = due; aloud.textContent = `${left} seconds ${place.dataset.say}`; }
    if (left > 0) setTimeout(tick, 250);
    else if (left > -5 && "then" in place.dataset) for (const pause of AFTER) setTimeout(() => document.dispatchEvent(new CustomEvent("postroom:due")), pause);
  }
}

function said() { return Object.assign(document.createElement("span"), { className: "out", role: "status" }); }

function words(seconds) { return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`; }
