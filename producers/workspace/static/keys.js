// Keys for what the page offers anyway, as links and buttons: c, e, /, ?, and g followed by a place. Never while somebody types,
// never from inside a composer, and not at all where a person has switched them off in this browser.
const PLACES = { m: "/list/my", o: "/list/open", q: "/queues", u: "/customers" };
const TYPED_INTO = "input, textarea, select, [contenteditable], .composer, dialog";
const OFF = "postroom:keys-off";

export function keys() {
  const help = document.getElementById("keys");
  let going = 0;
  choice();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of document.querySelectorAll("details.who[open]")) shut(menu);
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPED_INTO) || help?.open) return;
    if (localStorage.getItem(OFF) || document.querySelector("form[inert]")) return;
    const place = Date.now() - going < 1500 && PLACES[event.key];
    going = event.key === "g" ? Date.now() : 0;
    const target = /^[ce]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
    if (place) location.assign(place);
    else if (event.key === "/") document.getElementById("q").focus();
    else if (event.key === "?") help?.showModal();
    else if (target) { if (meant(event.key, target)) target.click(); }
    else return;
    event.preventDefault();
  });
  document.querySelector('[data-key="?"]')?.addEventListener("click", (event) => { event.preventDefault(); help.showModal(); });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.who[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
}

// One stray key closes nothing; where the button asks by itself, once is enough.
function meant(key, target) { return key !== "e" || "sure" in target.dataset || confirm("Close this interaction?"); }

function choice() {
  const box = document.querySelector("[data-keys] input");
  if (!box) return;
  box.closest("[data-keys]").hidden = false;
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => { if (box.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1"); });
}

function shut(menu) {
  menu.open = false;
  menu.querySelector("summary").focus();
}
