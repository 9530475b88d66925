// What is being pressed stays where it is: a press whose target goes before the release is no click.
let pressed = false;
addEventListener("pointerdown", () => { pressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { pressed = false; }, true);

// Settles when nothing is pressed any more.
export function released() {
  if (!pressed) return Promise.resolve();
  return new Promise((done) => {
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(done), { once: true });
  });
}
