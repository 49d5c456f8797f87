// The address contains view and filters, so that you can link to a view.

const FILTERS = ["outlet", "from", "to", "kind", "quotes", "min", "boilerplate"];

/** @returns {State} */
function readState() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [view = "", arg = ""] = path.split("/");
  const asked = new URLSearchParams(query);
  return { view, arg, asked };
}

let state = readState();

// Return the address of a view; only filters are kept.
/** @param {string} view @param {string | number} arg @param {More} more */
function address(view, arg = "", more = {}) {
  const kept = new URLSearchParams();
  for (const key of FILTERS) {
    const value = state.asked.get(key);
    if (value) kept.set(key, value);
  }
  for (const [key, value] of Object.entries(more)) {
    if (value === "" || value === null) kept.delete(key);
    else kept.set(key, String(value));
  }
  const query = kept.toString();
  return `#/${view}${arg === "" ? "" : `/${arg}`}${query ? `?${query}` : ""}`;
}

// Return the address of the same view with other values.
/** @param {More} more */
function asking(more) {
  const kept = Object.fromEntries(state.asked);
  return address(state.view, state.arg, { ...kept, ...more });
}

/** @returns {Filters} */
function filters() {
  const { asked } = state;
  /** @param {string} key */
  const day = (key) => {
    const at = Date.parse(`${asked.get(key) ?? ""}T00:00:00Z`);
    return Number.isNaN(at) ? null : at / 1000;
  };
  const least = Number(asked.get("min"));
  const outlet = asked.get("outlet");
  return {
    outlet: outlet !== null && /^\d+$/.test(outlet) && Number(outlet) < outlets.length ? Number(outlet) : null,
    from: day("from"),
    to: day("to"),
    kind: asked.get("kind"),
    quotes: asked.get("quotes"),
    min: Number.isFinite(least) ? least : 0,
    boilerplate: asked.get("boilerplate") === "yes",
  };
}

/** @param {number} code @param {Filters} wanted */
function passageFits(code, wanted) {
  if (wordsOf(code) < wanted.min) return false;
  if (wanted.kind === "verbatim" && code & 1) return false;
  if (wanted.kind === "edited" && !(code & 1)) return false;
  if (wanted.quotes === "no" && isQuote(code)) return false;
  return !(wanted.quotes === "only" && !isQuote(code));
}

/** @param {Filters} wanted */
const asksForPassages = (wanted) => wanted.min > 0 || Boolean(wanted.kind) || Boolean(wanted.quotes);
/** @param {Filters} wanted */
const asksForArticles = (wanted) => [wanted.outlet, wanted.from, wanted.to].some((one) => one !== null);

/** @param {Article} article @param {Filters} wanted */
function articleFits(article, wanted) {
  if (wanted.outlet !== null && article.outlet !== wanted.outlet) return false;
  if (wanted.from === null && wanted.to === null) return true;
  if (article.seconds === null) return false;
  if (wanted.from !== null && article.seconds < wanted.from) return false;
  return wanted.to === null || article.seconds < wanted.to + 86400;
}

/** @param {Pair} pair @param {Filters} wanted */
function pairFits(pair, wanted) {
  const fits = articleFits(articles[pair.a], wanted) || articleFits(articles[pair.b], wanted);
  return fits && pair.codes.some((code) => passageFits(code, wanted));
}

/** @param {Pair[]} some @param {Filters} wanted */
const somePassageFits = (some, wanted) => some.some((pair) => pair.codes.some((code) => passageFits(code, wanted)));

/** @param {Story} story @param {Filters} wanted */
function storyFits(story, wanted) {
  if (!story.members.some((at) => articleFits(articles[at], wanted))) return false;
  return !asksForPassages(wanted) || somePassageFits(pairsOfStory[story.number], wanted);
}

/** @type {[key: string, label: string, kind: string | (() => [string, string][])][]} */
const CONTROLS = [
  ["outlet", "Outlet", () => [["", "All outlets"], ...outlets.map((name, n) => /** @type {[string, string]} */ ([String(n), name]))]],
  ["from", "From", "date"],
  ["to", "Until", "date"],
  ["kind", "How copied", () => [["", "Any way"], ["verbatim", "Word for word"], ["edited", "Edited"]]],
  ["quotes", "Quotations", () => [["", "Shown"], ["no", "Left out"], ["only", "Nothing else"]]],
  ["min", "Minimum words", "number"],
];

/** @param {(typeof CONTROLS)[number]} row */
function control([key, label, kind]) {
  const id = `filter-${key}`;
  /** @param {{ target: HTMLInputElement }} event */
  const change = (event) => { location.hash = asking({ [key]: event.target.value, page: "", passage: "" }); };
  const input = typeof kind === "function"
    ? el("select", { id, onchange: change }, kind().map(([value, name]) => el("option", { value }, name)))
    : el("input", { id, type: kind, min: kind === "number" ? 0 : null, inputmode: kind === "number" ? "numeric" : null, onchange: change });
  return el("div", { class: "control" }, el("label", { for: id }, label), input);
}

function buildFilters() {
  const box = el("input", {
    id: "filter-boilerplate", type: "checkbox",
    onchange: (event) => { location.hash = asking({ boilerplate: event.target.checked ? "yes" : "" }); },
  });
  const form = el("form", { onsubmit: (event) => event.preventDefault() },
    CONTROLS.map(control),
    el("div", { class: "control check" }, box, el("label", { for: box.id }, "Show text that an outlet repeats")),
    el("a", { id: "reset", class: "button" }, "Show everything"));
  const fold = el("details", {}, el("summary", { id: "filter-summary" }, "Filters"), form);
  byId("filters", HTMLElement).append(fold);
}

function showFilters() {
  for (const key of FILTERS) {
    const input = document.getElementById(`filter-${key}`);
    if (input instanceof HTMLInputElement && input.type === "checkbox") input.checked = state.asked.get(key) === "yes";
    else if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) input.value = state.asked.get(key) ?? "";
  }
  const active = FILTERS.filter((key) => state.asked.get(key)).length;
  byId("filter-summary", HTMLElement).textContent = active ? `Filters (${active} on)` : "Filters";
  const reset = byId("reset", HTMLElement);
  reset.hidden = active === 0;
  reset.setAttribute("href", address(state.view, state.arg, Object.fromEntries(FILTERS.map((key) => [key, ""]))));
}
