// Show the view that the address names.

/** @type {(() => void) | null | undefined} */
let leave = null;
let shownFor = 0;
let hasShown = false;

// Views are rebuilt on return, so browsers cannot restore their scroll position.
history.scrollRestoration = "manual";
/** @type {Map<number, number>} */
const places = new Map();
let entry = 0;
let noting = 0;

// Saves the scroll position of the old view, and returns that of the new one.
function turnTo() {
  clearTimeout(noting); // the pending note belongs to the old view
  if (entry) places.set(entry, window.scrollY);
  const known = history.state ?? {};
  entry = known.entry ?? Date.now() + Math.random();
  if (!known.entry) history.replaceState({ entry }, "");
  return places.get(entry) ?? known.scrollY;
}

// For a reload. Browsers limit the rate, so wait until scrolling ends.
window.addEventListener("scroll", () => {
  clearTimeout(noting);
  noting = setTimeout(() => {
    if (history.state?.entry === entry) history.replaceState({ entry, scrollY: window.scrollY }, "");
  }, 150);
}, { passive: true });

/** @param {State} state @returns {View | Promise<View>} */
function viewOf({ view, args: [one = "", other = ""] }) {
  const story = view === "story" ? storyOf.get(one) : undefined;
  const pair = view === "pair" ? pairNamed(one, other) : undefined;
  const at = view === "article" ? numberOf.get(one) : undefined;
  if (story) return showStory(story);
  if (pair) return showPair(pair);
  if (at !== undefined) return showArticle(articles[at]);
  if (view === "articles") return showArticles();
  if (view === "pairs") return showPairs();
  if (view === "search") return showSearch();
  if (view === "" && core.run.isPair && pairs.length === 1) return showPair(pairs[0]);
  if (view === "" && core.run.asked >= 0) return showArticle(articles[core.run.asked]);
  if (view === "") return showOverview();
  return showNothing(state);
}

// Say which part of the address is unknown.
/** @param {State} state @returns {View} */
function showNothing({ view, args }) {
  const ids = args.slice(0, view === "pair" ? 2 : 1);
  const missing = view === "story" ? ids : ids.filter((id) => !numberOf.has(id));
  /** @param {string} kind @param {string} id */
  const unknown = (kind, id) => el("p", {}, `This report has no ${kind} `, foreign(`“${id}”`), ".");
  /** @type {HTMLElement[]} */
  let notes = [unknown("view", view)];
  if (["story", "article", "pair"].includes(view)) {
    notes = missing.map((id) => unknown(view === "story" ? "story" : "article", id));
    if (notes.length === 0) notes = [el("p", {}, ids.length === 2 ? "These two articles share no passage." : "The address names too few articles.")];
  }
  return { title: "Not found", parts: [el("h1", { tabindex: "-1" }, "View not found"), ...notes, el("p", {}, el("a", { href: address("") }, "Go to the overview"))] };
}

// What the address asked for in vain.
const tellIgnored = () => (state.ignored.length
  ? el("p", { class: "quiet", id: "ignored" }, "Ignored in the address: ", foreign(state.ignored.slice(0, 5).join(", ")), ".") : null);

// The view of an address, which is made again without what is beyond the ends of its lists.
/** @param {State} own */
async function viewWithin(own) {
  const view = await viewOf(own);
  const box = document.createDocumentFragment();
  box.append(...view.parts.filter((part) => part !== null));
  const beyond = new Set([...box.querySelectorAll("[data-beyond]")].map((one) => one.getAttribute("data-beyond") ?? ""));
  if (beyond.size === 0 || own !== state) return view;
  for (const key of beyond) ignore(own, key);
  return viewOf(own);
}

// Links keep the filters.
function showLinks() {
  for (const link of document.querySelectorAll("header [data-view]")) {
    const view = link.getAttribute("data-view") ?? "";
    link.setAttribute("href", address(view));
    if (view === state.view && link.closest("nav")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

async function show() {
  const before = state;
  state = readState();
  const place = turnTo();
  shownFor += 1;
  const ticket = shownFor;
  const isSameView = hasShown && before.view === state.view && before.args.join("/") === state.args.join("/");
  const kept = isSameView ? document.activeElement?.getAttribute("data-keep") : null;
  showFilters();
  showLinks();
  byId("query", HTMLInputElement).value = state.asked.get("find") ?? "";
  const main = byId("main", HTMLElement);
  main.setAttribute("aria-busy", "true");
  /** @type {View} */
  let view;
  try {
    view = await viewWithin(state);
  } catch (error) {
    view = { title: "Error", parts: [el("h1", { tabindex: "-1" }, "Cannot show this view"), el("p", {}, error instanceof Error ? error.message : String(error))] };
  }
  if (ticket !== shownFor) return; // the user moved on
  const ignored = tellIgnored();
  if (ignored) history.replaceState(history.state, "", asking({}));
  leave?.();
  leave = view.leave ?? null;
  main.replaceChildren(...[ignored, ...view.parts].filter((part) => part !== null));
  main.removeAttribute("aria-busy");
  document.title = view.title;
  if (!isSameView) {
    if (hasShown) main.querySelector("h1")?.focus({ preventScroll: true });
  } else if (kept) {
    /** @type {HTMLElement | null} */
    const focused = main.querySelector(`[data-keep="${CSS.escape(kept)}"]`);
    focused?.focus({ preventScroll: place !== undefined });
  }
  hasShown = true;
  view.ready?.();
  if (place !== undefined || !isSameView) window.scrollTo(0, place ?? 0);
}

byId("search", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  location.hash = address("search", [], { find: byId("query", HTMLInputElement).value.trim() });
});
// A link within the page names no view.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  byId("main", HTMLElement).focus();
});
buildFilters();
window.addEventListener("hashchange", show);
narrow.addEventListener("change", show);
show();
