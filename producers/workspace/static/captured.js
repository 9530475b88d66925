// New captured mails appear by themselves, unless somebody is writing an answer.
const EVERY = 2000;

setInterval(async () => {
  const shown = document.getElementById("mails");
  const writing = [...shown.querySelectorAll("textarea")].some((field) => field.value || field === document.activeElement);
  if (document.hidden || writing || new URLSearchParams(location.search).has("cursor")) return;
  const address = new URL(location.href);
  address.searchParams.set("part", "1");
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("mails");
  if (fresh && fresh.dataset.newest !== shown.dataset.newest) { shown.replaceWith(fresh); document.dispatchEvent(new CustomEvent("postroom:freshened")); }
}, EVERY);
