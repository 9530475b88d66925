// The buttons above formatted words. Each says whether it is on where the cursor stands.
const BUTTONS = [
  ["B", "Bold", "B", "bold", "removeBold"], ["I", "Italic", "I", "italic", "removeItalic"], ["U", "Underline", "U", "underline", "removeUnderline"],
  ["•", "List", "UL", "makeUnorderedList", "removeList"], ["1.", "Numbered list", "OL", "makeOrderedList", "removeList"],
  ["❝", "Quotation", "BLOCKQUOTE", "increaseQuoteLevel", "decreaseQuoteLevel"],
];

export function toolbar(root, editor, { plain }) {
  const bar = element("div", { className: "format" });
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "Format");
  const buttons = BUTTONS.map(([sign, name, tag, on, off]) => {
    const button = press(sign, name, () => { editor[editor.hasFormat(tag) ? off : on](); editor.focus(); });
    button.setAttribute("aria-pressed", "false");
    return [button, tag];
  });
  const link = element("span", { className: "linking", hidden: true }), address = element("input", { type: "url", placeholder: "https://…" });
  address.setAttribute("aria-label", "Address of the link");
  address.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); set(); }
    if (event.key === "Escape") { event.preventDefault(); shut(); }
  });
  address.addEventListener("input", (event) => event.stopPropagation());
  link.append(address, press("Link it", "Set the link", set));
  const grow = element("span", { className: "grow" });
  bar.append(...buttons.map(([button]) => button), press("Link", "Link", ask), press("Clear", "Without format", () => editor.removeAllFormatting()), link, grow, press("Plain", "Plain words only", plain));
  root.before(bar);
  editor.addEventListener("pathChange", mark);
  editor.addEventListener("select", mark);
  return bar;

  function mark() { for (const [button, tag] of buttons) button.setAttribute("aria-pressed", String(editor.hasFormat(tag))); }
  function ask() {
    if (editor.hasFormat("A")) { editor.removeLink(); return editor.focus(); }
    link.hidden = false;
    address.focus();
  }
  function set() {
    const given = address.value.trim();
    if (given) editor.makeLink(/^(https?:|mailto:|tel:)/i.test(given) ? given : given.includes("@") ? `mailto:${given}` : `https://${given}`);
    shut();
  }
  function shut() { address.value = ""; link.hidden = true; editor.focus(); }
}

function press(sign, name, act) {
  const button = element("button", { type: "button", className: "icon", textContent: sign, title: name });
  button.setAttribute("aria-label", name);
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays where it is
  button.onclick = act;
  return button;
}

function element(name, more) { return Object.assign(document.createElement(name), more); }
