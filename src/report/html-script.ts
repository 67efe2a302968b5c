/**
 * The page's script, in the page itself: search, keyboard, theme. It reads the page's text and shows or hides what is there; it
 * makes no element from text, fetches nothing, and without it the page is whole, only without search.
 */

/** JavaScript for browsers, without anything that ends a script element. */
export const SCRIPT: string = `
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const $ = (id) => document.getElementById(id);
  const search = $("search"), tally = $("matches"), keys = $("keys");
  const items = [...document.querySelectorAll(".item,.card")];
  const texts = new Map(items.map((one) => [one, one.textContent.toLowerCase()]));
  const groups = [...document.querySelectorAll("[data-group]")];
  let cursor = -1;

  function apply() {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const one of items) {
      const fits = words.every((word) => texts.get(one).includes(word));
      one.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector(".item:not([hidden]),.card:not([hidden])");
    tally.textContent = words.length === 0 ? "" : shown + " of " + items.length;
    point(-1);
  }

  function visible() { return items.filter((one) => !one.hidden && one.offsetParent !== null); }

  function point(at) {
    for (const one of document.querySelectorAll(".at-cursor")) one.classList.remove("at-cursor");
    cursor = at;
    const one = visible()[at];
    if (!one) return;
    one.classList.add("at-cursor");
    const target = one.querySelector("summary") || one;
    if (target === one) one.tabIndex = -1;
    target.focus({ preventScroll: true });
    one.scrollIntoView({ block: "nearest" });
    const bar = document.querySelector(".bar").getBoundingClientRect().bottom;
    const top = one.getBoundingClientRect().top;
    if (top < bar + 8) window.scrollBy(0, top - bar - 8);
  }

  function toggleAll(open) { for (const one of items) if (one.tagName === "DETAILS" && !one.hidden) one.open = open; }

  function theme() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("sigsafe-theme", root.dataset.theme); } catch {}
  }

  function follow() {
    const one = location.hash.length > 1 && $(decodeURIComponent(location.hash.slice(1)));
    if (!one) return;
    if (one.tagName === "DETAILS") one.open = true;
    one.scrollIntoView();
  }

  try { const kept = localStorage.getItem("sigsafe-theme"); if (kept === "light" || kept === "dark") root.dataset.theme = kept; } catch {}
  search.addEventListener("input", apply);
  $("open").addEventListener("click", () => toggleAll(true));
  $("close").addEventListener("click", () => toggleAll(false));
  $("theme").addEventListener("click", theme);
  $("help").addEventListener("click", () => keys.showModal());
  window.addEventListener("hashchange", follow);
  follow();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search) {
      if (event.key === "Escape") { search.value = ""; apply(); search.blur(); }
      if (event.key === "Enter") { event.preventDefault(); point(0); }
      return;
    }
    if (keys.open) return;
    const actions = {
      "/": () => search.focus(),
      j: () => point(Math.min(cursor + 1, visible().length - 1)),
      k: () => point(Math.max(cursor - 1, 0)),
      o: () => { const one = visible()[cursor]; if (one && one.tagName === "DETAILS") one.open = !one.open; },
      e: () => toggleAll(true),
      c: () => toggleAll(false),
      t: theme,
      "?": () => keys.showModal(),
    };
    const action = actions[event.key];
    if (action) { event.preventDefault(); action(); }
  });
})();
`;
