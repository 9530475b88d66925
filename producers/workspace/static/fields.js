// The lines above a mail: what is hidden until it is wanted, from where it leaves, and when.
export const LINES = ["to", "cc", "bcc", "subject"];

export function fields(form) {
  for (const name of ["cc", "bcc"]) {
    const empty = !form.elements[name].value, button = form.querySelector(`[data-show="${name}"]`);
    form.querySelector(`[data-extra="${name}"]`).hidden = empty;
    button.hidden = !empty;
    button.onclick = () => { reveal(name); form.elements[name].focus(); };
  }
  form.querySelector(".extras").hidden = false;
  for (const each of form.querySelectorAll("[data-plain-only]")) each.hidden = true;
  schedule();
  return { reveal };

  function reveal(name) {
    const extra = form.querySelector(`[data-extra="${name}"]`);
    if (!extra) return;
    extra.hidden = false;
    form.querySelector(`[data-show="${name}"]`).hidden = true;
  }

  // In the reader's own zone, with the usual times one click away.
  function schedule() {
    const field = form.elements.send_at, places = form.querySelector(".presets");
    form.querySelector(".zone").textContent = `(${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
    for (const [label, days, hour] of [["Tomorrow 8:00", 1, 8], ["In two days 8:00", 2, 8], ["In a week 8:00", 7, 8]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: label });
      button.onclick = () => {
        const at = new Date();
        at.setDate(at.getDate() + days);
        at.setHours(hour, 0, 0, 0);
        field.value = local(at);
        field.focus();
      };
      places.append(button);
    }
    field.min = local(new Date());
  }
}

function local(at) { return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16); }
