// Templates in a menu, each to be read with its values before it is put in.
export function inserting(form, { words, subject }) {
  const place = form.querySelector(".insert"), menu = place.querySelector(".menu");
  place.hidden = false;
  place.addEventListener("toggle", async () => {
    if (place.open && !menu.childElementCount) await fill();
  });
  menu.addEventListener("click", (event) => {
    const chosen = event.target.closest("button");
    if (!chosen) return;
    place.open = false;
    subject(chosen.dataset.subject);
    words.insert(chosen.dataset.words, chosen.dataset.html);
  });

  async function fill() {
    const answer = await fetch(`/drafts/${form.dataset.draft}/templates`).catch(() => null);
    if (!answer?.ok) return menu.replaceChildren("The templates could not be fetched; try again.");
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".offered");
    for (const offer of found.querySelectorAll("form.offer")) {
      const plain = Object.assign(document.createElement("div"), { className: "offer" });
      plain.append(...[...offer.children].filter((each) => each.type !== "hidden"));
      for (const button of plain.querySelectorAll("button")) button.type = "button";
      offer.replaceWith(plain);
    }
    menu.replaceChildren(...found.childNodes);
  }
}
