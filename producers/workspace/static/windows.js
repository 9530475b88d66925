// Composers over the page one is reading: several, moved, put aside, made large; those open come along to the next page.
import { composer } from "./composer.js";
import { keptDrafts } from "./keeping.js";
import { leftover } from "./leftover.js";
import { sentToast, toast } from "./sending.js";

const KEPT = "composers", STEP = 24, GAP = 12;
let front = 20;
const OPENING = /^\/(compose|customers\/[^/]+\/compose|interactions\/[^/]+\/reply)$/;

export function windows({ csrf, me }) {
  const open = new Map();
  const coming = new Map(remembered().map((each) => [each.draft, each])); // until their words are fetched

  document.addEventListener("submit", composeHere);
  document.addEventListener("postroom:open", (event) => bring(event.detail));
  const page = document.querySelector(".sheet form[data-draft]");
  if (page) wholePage(page);
  coming.delete(page?.dataset.draft);
  leftover(me);
  for (const each of coming.values()) bring(each.draft, each);
  remember();
  offerKept();
  document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", wordsStay);

  // A composer that is the page: the same form, only at home.
  function wholePage(form) {
    const written = composer(form, {
      csrf, me, saved: document.querySelector(".head .saved"), title: document.querySelector(".head h1"),
      around: document.querySelector("main > .news"),
      gone: (told) => { location.href = `/interactions/${told.interaction}${told.sent ? `?sent=${told.mail}` : ""}`; },
    });
    const leave = document.querySelector("[data-leave]");
    leave.hidden = false;
    let said = false;
    leave.onclick = async () => {
      said = !(await written.leave(said)).left;
      if (!said) location.href = `/interactions/${written.number}`;
    };
  }

  async function composeHere(event) {
    const form = event.target, path = form.getAttribute("action") || ""; // form.action may be a button of that name
    if (!OPENING.test(path)) return;
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    const answer = await fetch(path, { method: "POST", body, headers: { "X-CSRF": csrf, "X-Part": "new" } }).catch(() => null);
    const place = answer?.ok && part(await answer.text());
    if (place) show(place, { opener: event.submitter });
    else if (answer) form.submit();
    else toast("No connection; nothing was begun. Try again.", "", null);
  }

  async function bring(draft, before = null) {
    if (open.has(draft)) return open.get(draft).raise();
    const answer = await fetch(`/drafts/${draft}`, { headers: { "X-Part": before ? "again" : "new" } }).catch(() => null);
    const place = answer?.ok && part(await answer.text());
    if (place) return show(place, { before });
    if (!before) { location.href = `/drafts/${draft}`; return; }
    if (!answer || answer.status >= 500 || [401, 429].includes(answer.status)) return; // it comes with the next page
    coming.delete(draft); // somebody else's by now, or sent
    remember();
    offerKept([draft]);
  }

  function part(text) { return new DOMParser().parseFromString(text, "text/html").querySelector("dialog.window"); }

  function show(found, { before = null, opener = null } = {}) {
    const place = document.adoptNode(found), form = place.querySelector("form[data-draft]"), draft = form.dataset.draft;
    if (open.has(draft)) return open.get(draft).raise();
    document.body.append(place);
    place.open = true; // not show(): that takes the focus, also from somebody who came to read the page
    const state = { draft, place, aside: before?.aside ?? false, large: before?.large ?? false, at: before?.at ?? null, raise, opener };
    open.set(draft, state);
    coming.delete(draft);
    const written = composer(form, {
      csrf, me, saved: place.querySelector(".saved"), title: place.querySelector("h2"), around: place.querySelector(".nearby"),
      again: Boolean(before), gone: (told) => { close(state); if (told.sent) sentToast(told, csrf); acted(told.number); },
    });
    document.dispatchEvent(new CustomEvent("postroom:shown", { detail: place }));
    controls(state, written);
    if (before) lay(state); else { raise(); acted(form.dataset.number); }
    remember();

    function raise() {
      state.aside = false;
      lay(state);
      written.focus();
    }
  }

  function controls(state, written) {
    const { place } = state, button = (name) => place.querySelector(`[data-${name}]`);
    button("minimise").onclick = () => { state.aside = !state.aside; lay(state); };
    button("maximise").onclick = () => { state.large = !state.large; state.aside = false; lay(state); };
    let said = false;
    button("close").onclick = async () => {
      place.inert = true;
      said = !(await written.leave(said)).left;
      place.inert = false;
      if (said) { state.aside = false; lay(state); button("close").focus(); return; }
      close(state);
      acted(written.number);
    };
    button("move").onkeydown = (event) => {
      const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
      if (!by) return;
      event.preventDefault();
      moveTo(state, ...corner(place).map((value, index) => value + by[index]));
    };
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || state.aside) return;
      state.aside = true;
      lay(state);
      button("minimise").focus();
    });
    drag(state, place.querySelector(".grip"));
  }

  function drag(state, grip) {
    grip.addEventListener("pointerdown", (event) => {
      if (event.target.closest("button") || state.large || state.aside) return;
      const [left, top] = corner(state.place), [x, y] = [event.clientX, event.clientY];
      grip.setPointerCapture(event.pointerId);
      grip.onpointermove = (now) => moveTo(state, left + now.clientX - x, top + now.clientY - y);
      grip.onpointerup = () => { grip.onpointermove = null; };
    });
    grip.addEventListener("dblclick", (event) => { if (!event.target.closest("button")) { state.large = !state.large; lay(state); } });
  }

  function corner(place) { const box = place.getBoundingClientRect(); return [box.left, box.top]; }

  function moveTo(state, left, top) {
    const box = state.place.getBoundingClientRect();
    state.at = [Math.max(0, Math.min(innerWidth - box.width, left)), Math.max(0, Math.min(innerHeight - 60, top))];
    state.large = false;
    lay(state);
  }

  // Those nobody moved stand side by side from the right; a moved one stands where it was put.
  function lay(changed) {
    const free = { right: GAP, up: 0 };
    for (const state of open.values()) {
      const { place, aside, at } = state, large = state.large && !aside, moved = at && !aside && !large;
      place.classList.toggle("aside", aside);
      place.classList.toggle("large", large);
      place.classList.toggle("moved", Boolean(moved));
      if (!moved && !large) stand(place, free, aside);
      place.style.left = moved ? `${at[0]}px` : "";
      place.style.top = moved ? `${at[1]}px` : "";
      if (changed === state) place.style.zIndex = String(++front);
      place.querySelector("[data-minimise]").setAttribute("aria-expanded", String(!aside));
      place.querySelector("[data-maximise]").setAttribute("aria-pressed", String(state.large));
    }
    remember();
  }

  // Where there is no room left for another one, what is put aside begins a row above; a whole window stands over the last.
  function stand(place, free, aside) {
    const { offsetWidth: width, offsetHeight: height } = place, most = Math.max(0, innerWidth - width - GAP);
    if (aside && free.right > most && free.right > GAP) Object.assign(free, { right: GAP, up: free.up + height + 4 });
    place.style.setProperty("--right", `${Math.min(free.right, most)}px`);
    place.style.setProperty("--up", `${aside ? free.up : 0}px`);
    free.right += width + GAP;
  }

  function close(state) {
    state.place.remove();
    open.delete(state.draft);
    lay(null);
    (state.opener?.isConnected ? state.opener : document.getElementById("main")).focus({ preventScroll: true });
  }

  function acted(number) { document.dispatchEvent(new CustomEvent("postroom:acted", { detail: number })); }

  function remembered() { try { return JSON.parse(sessionStorage.getItem(KEPT)) || []; } catch { return []; } }
  function remember() {
    const shown = [...open.values()].map(({ draft, aside, large, at }) => ({ draft, aside, large, at }));
    sessionStorage.setItem(KEPT, JSON.stringify([...coming.values(), ...shown]));
  }

  // After a crash nobody remembers the window, but the words are here.
  function offerKept(drafts = keptDrafts(me)) {
    const lost = drafts.filter((draft) => !coming.has(draft) && !here(draft) && keptDrafts(me).includes(draft));
    for (const draft of lost.slice(0, 3)) toast("Words of a draft are kept on this machine, not on the server.", "Open it", () => bring(draft));
  }

  function here(draft) { return draft === page?.dataset.draft || open.has(draft) || location.pathname === `/drafts/${draft}`; }

  function wordsStay(event) {
    if (keptDrafts(me).length && !confirm("Words of yours did not reach the server yet. They stay on this machine until you sign in here again. Sign out?")) event.preventDefault();
  }
}
