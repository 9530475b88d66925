// What is typed is on this machine before it is anywhere else; per person, so that nobody is offered another's words.
export function shelf(me, draft) {
  const key = `${prefix(me)}${draft}`;
  return {
    put(values, base) {
      try { localStorage.setItem(key, JSON.stringify({ base, at: Date.now(), values })); } catch { /* full: the server has it within a second */ }
    },
    take() {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    clear() { localStorage.removeItem(key); },
  };
}

export function keptDrafts(me) {
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix(me))).map((key) => key.slice(prefix(me).length));
}

export function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
}

function prefix(me) { return `draft:${me}:`; }
