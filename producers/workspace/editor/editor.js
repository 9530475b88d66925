// What is taken from others for formatted letters: Squire, made for mail, and DOMPurify, without which nothing gets into it.
import DOMPurify from "dompurify";
import Squire from "squire-rte";

// The same few tags as producers/workspace/harmless.py keeps on the server.
const OWN = {
  ALLOWED_TAGS: [
    "p", "div", "br", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li", "blockquote", "img", "h2", "h3", "pre",
    "code", "hr", "span", "sub", "sup", "table", "thead", "tbody", "tr", "td", "th",
  ],
  ALLOWED_ATTR: ["href", "src", "alt", "width"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|cid:|\/pictures\/)/i,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
  WHOLE_DOCUMENT: false,
};

// A picture from elsewhere would not travel with the letter, and nothing is loaded from elsewhere here.
DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.nodeName === "IMG" && !/^(cid:|\/pictures\/)/.test(node.getAttribute("src") || "")) node.remove();
});

export function editor(root) {
  return new Squire(root, { blockTag: "DIV", sanitizeToDOMFragment: (html) => document.importNode(DOMPurify.sanitize(html, OWN), true) });
}
