// Files by button, by dropping and by pasting: told in numbers while they travel, refused before they do where they are too large.
export function attaching(form, { csrf, words, touched }) {
  const list = form.querySelector(".enclosed"), told = form.querySelector(".attach .told"), field = form.elements.files;
  const travelling = new Map(), failures = new Set();

  field.addEventListener("change", () => { take(field.files); field.value = ""; });
  form.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) { event.preventDefault(); form.classList.add("dropping"); } });
  form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) form.classList.remove("dropping"); });
  form.addEventListener("drop", (event) => {
    form.classList.remove("dropping");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files, Boolean(event.target.closest?.(".rich")));
  });
  form.addEventListener("paste", (event) => {
    // A word processor brings a picture of its words along; the words are meant.
    if (!event.clipboardData?.files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    event.stopPropagation();
    take(event.clipboardData.files, true);
  }, true);
  for (const row of [...list.children]) removable(row);
  addEventListener("beforeunload", warn);
  return { values, put, take, unfinished, stop };

  // Why the mail would leave without a file somebody chose; empty where it would not.
  function unfinished() {
    const [name] = travelling.values(), [failed] = failures;
    if (name) return `${name} is still on its way here; wait for it, or stop it.`;
    return failed ? `${failed.dataset.name} was not attached; try it again, or take it off.` : "";
  }

  function stop() {
    removeEventListener("beforeunload", warn);
    for (const line of travelling.keys()) line.abort();
  }

  function warn(event) { if (travelling.size) event.preventDefault(); }

  function values() { return [...list.querySelectorAll("input[name=keep]:checked")].map((each) => each.value); }
  function put(files) { for (const each of files) if (!values().includes(each)) removable(row(JSON.parse(each), each)); }

  function take(files, inside = false) {
    const limit = Number(form.dataset.limit);
    for (const file of files) {
      if (file.size > limit * 0.7) told.textContent = `${file.name} has ${size(file.size)}; a mail may have ${form.dataset.limitSaid} when it is packed, about ${size(limit * 0.7)} of files.`;
      else travel(file, inside && file.type.startsWith("image/"));
    }
  }

  function travel(file, inside) {
    const place = document.createElement("li"), bar = document.createElement("progress"), stop = document.createElement("button");
    place.className = "travelling";
    Object.assign(bar, { max: 100, value: 0 });
    bar.setAttribute("aria-label", `Sending ${file.name}`);
    Object.assign(stop, { type: "button", className: "plain icon", textContent: "×" });
    stop.setAttribute("aria-label", `Stop ${file.name}`);
    place.append(`${file.name} `, bar, stop);
    list.append(place);
    const line = new XMLHttpRequest();
    travelling.set(line, file.name);
    stop.onclick = () => line.abort();
    upload(line, file, bar).finally(() => travelling.delete(line))
      .then((found) => { place.remove(); arrived(found, file, inside); })
      .catch((trouble) => failed(place, file, inside, trouble));
  }

  // XMLHttpRequest because fetch does not tell how far it is.
  function upload(line, file, bar) {
    return new Promise((resolve, reject) => {
      const body = new FormData();
      body.set("file", file, file.name || "picture.png");
      line.open("POST", `/drafts/${form.dataset.draft}/files`);
      line.setRequestHeader("X-CSRF", csrf);
      line.setRequestHeader("Accept", "application/json");
      line.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total; };
      line.onload = () => (line.status === 201 ? resolve(JSON.parse(line.responseText)) : reject(new Error(sentence(line))));
      line.onerror = () => reject(new Error("no connection"));
      line.onabort = () => reject(null);
      line.send(body);
    });
  }

  function sentence(line) {
    const refused = `refused (${line.status})`;
    try { const said = JSON.parse(line.responseText); return said.sentence || said.detail || refused; } catch { return refused; }
  }

  function arrived({ size: _, ...found }, file, inside) {
    if (inside && words.picture(found)) found.inline_id = `p${found.blob.slice(0, 16)}`;
    if (!values().some((each) => same(JSON.parse(each), found))) removable(row(found, JSON.stringify(found), file.size));
    told.textContent = `${found.name} is attached.`;
    touched();
  }

  function same(one, other) { return one.blob === other.blob && one.name === other.name && one.inline_id === other.inline_id; }

  function failed(place, file, inside, trouble) {
    if (!trouble) return place.remove();
    const again = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "Try again" });
    const off = Object.assign(document.createElement("button"), { type: "button", className: "plain icon", textContent: "×" });
    off.setAttribute("aria-label", `Take ${file.name} off`);
    place.dataset.name = file.name;
    failures.add(place);
    again.onclick = () => { gone(); travel(file, inside); };
    off.onclick = () => { gone(); told.textContent = ""; field.focus(); };
    place.replaceChildren(`${file.name}: ${trouble.message} `, again, off);
    told.textContent = `${file.name} was not attached: ${trouble.message}`;

    function gone() { failures.delete(place); place.remove(); }
  }

  function row(found, value, bytes) {
    const place = document.createElement("li"), label = document.createElement("label"), box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name: "keep", checked: true, value });
    label.className = "file";
    label.append(box, ` ${found.name || "attachment"}${bytes ? ` (${size(bytes)})` : ""}`);
    if (found.inline_id) place.dataset.inline = found.inline_id;
    place.append(label);
    list.append(place);
    return place;
  }

  function removable(place) {
    const box = place.querySelector("input"), name = JSON.parse(box.value).name || "attachment";
    const button = Object.assign(document.createElement("button"), { type: "button", className: "plain icon", textContent: "×" });
    button.setAttribute("aria-label", `Remove ${name}`);
    box.hidden = true;
    button.onclick = () => { place.remove(); told.textContent = `${name} is removed.`; touched(); field.focus(); };
    place.append(button);
  }
}

function size(count) { return count < 1000 ? `${count} B` : count < 1e6 ? `${Math.round(count / 1000)} kB` : `${(count / 1e6).toFixed(1)} MB`; }
