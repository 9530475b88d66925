// The words of a mail: plain, or formatted where the editor is there. Changing between the two loses no word.
export function words(form, { touched }) {
  const plain = form.elements.text;
  plain.addEventListener("input", touched);
  return {
    values: () => ({ mode: "plain", text: plain.value, html: "" }),
    put: async (values) => { plain.value = values.text; },
    insert(text) { plain.setRangeText(text, plain.selectionStart, plain.selectionEnd, "end"); touched(); },
    picture: null,
    focus: () => { plain.focus(); plain.setSelectionRange(0, 0); },
  };
}
