// Words that reached no server, on the page of a draft that can be written no more, or not by this person: to be read, copied, dropped.
import { clock, shelf as shelfOf } from "./keeping.js";

export function leftover(me) {
  const [, draft] = /^\/drafts\/([^/]+)$/.exec(location.pathname) || [];
  if (!draft || document.querySelector(`form[data-draft="${CSS.escape(draft)}"]`)) return;
  const shelf = shelfOf(me, draft);
  shelf.setAside();
  for (const kept of shelf.aside()) document.getElementById("main").prepend(notice(kept, () => shelf.drop(kept)));
}

function notice({ at, values }, drop) {
  const place = element("section", { className: "notice leftover" }), words = element("textarea", { readOnly: true, rows: 8 });
  words.value = written(values);
  words.setAttribute("aria-label", "Words that were not saved");
  const copy = element("button", { type: "button", textContent: "Copy them" }), away = element("button", { type: "button", className: "plain", textContent: "Drop them" });
  const said = element("span", { className: "muted" });
  said.setAttribute("role", "status");
  copy.onclick = () => { words.select(); said.textContent = document.execCommand("copy") ? " Copied." : " Copy what is selected."; };
  away.onclick = () => { drop(); place.remove(); document.getElementById("main").focus(); };
  place.append(element("p", { textContent: `You wrote this here at ${clock(at)}. It did not reach the server, and this draft cannot take it any more; it is kept on this machine.` }), words, copy, " ", away, said);
  return place;
}

function written({ to, subject, text, html }) { return [`To: ${to}`, `Subject: ${subject}`, "", html ? plain(html) : text].join("\n"); }

// Each block on a line of its own; parsed where nothing of it can run.
function plain(html) {
  const found = new DOMParser().parseFromString(html, "text/html").body;
  for (const each of found.querySelectorAll("div, p, li")) each.append("\n");
  for (const each of found.querySelectorAll("br")) each.replaceWith("\n");
  return found.textContent.replace(/\n{3,}/g, "\n\n").trim();
}

function element(name, more) { return Object.assign(document.createElement(name), more); }
