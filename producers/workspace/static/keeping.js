// What is typed is on this machine before it is anywhere else; per person, so that nobody is offered another's words.
// Words found from before are set aside, where no key reaches them, until a person puts them back or drops them.
const TYPED = "draft", ASIDE = "aside";

export function shelf(me, draft) {
  const typed = `${TYPED}:${me}:${draft}`, older = `${ASIDE}:${me}:${draft}`;
  return { put, clear, setAside, aside, drop };

  // `asked`: what a save that nobody answered yet would have made of the draft.
  function put(values, base, asked) { write(typed, { base, asked, at: Date.now(), values }); }
  function clear() { localStorage.removeItem(typed); }
  function aside() { return read(older) || []; }

  function setAside() {
    const found = read(typed);
    if (!found) return;
    clear();
    if (!write(older, [...aside(), found])) write(typed, found);
  }

  function drop(kept) {
    const left = aside().filter((each) => each.at !== kept.at);
    if (left.length) write(older, left); else localStorage.removeItem(older);
  }
}

export function keptDrafts(me) {
  const beginnings = [`${TYPED}:${me}:`, `${ASIDE}:${me}:`];
  return [...new Set(Object.keys(localStorage).flatMap((key) => beginnings.filter((each) => key.startsWith(each)).map((each) => key.slice(each.length))))];
}

export function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

function read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } }

// False where there is no room: the server has it within a second.
function write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } }
