// The address contains view, ids and filters, so that you can link to a view.

const FILTERS = ["outlet", "from", "to", "kind", "quotes", "min", "all", "boilerplate"];

/** @param {string} text */
const isPositive = (text) => /^[1-9]\d{0,8}$/.test(text);
/** @param {string} text */
const isOutlet = (text) => outletOfName.has(text);
/** @param {string} text */
const isYes = (text) => text === "yes";
/** @param {string} text */
function isDate(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

// What each key of an address may be. Anything else is dropped, and the page says so.
/** @type {Record<string, (text: string) => boolean>} */
const VALID = {
  outlet: isOutlet, later: isOutlet, earlier: isOutlet, from: isDate, to: isDate,
  kind: (text) => KINDS.includes(text), quotes: (text) => ["no", "only"].includes(text), min: isPositive,
  all: isYes, boilerplate: isYes, find: () => true,
  sort: (text) => /^(story|size|outlets|first|spread|source|title|outlet|when|share|pairs)(-up)?$/.test(text),
  page: isPositive, cards: isPositive, list: isPositive, repeats: isPositive, passage: isPositive,
};

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand
  }
}

// Drop what an address asks for in vain; the page says so.
/** @param {State} from @param {string} key */
function ignore(from, key) {
  from.ignored.push(`${key}=${from.asked.get(key)}`);
  from.asked.delete(key);
}

/** @returns {State} */
function readState() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [view = "", ...args] = path.split("/").map(decoded);
  const all = [...new URLSearchParams(query)];
  /** @type {State} */
  const read = { view, args, asked: new URLSearchParams(), ignored: [] };
  for (const [key, value] of all) {
    const isValid = Object.hasOwn(VALID, key) && VALID[key](value);
    if (isValid && !read.asked.has(key)) read.asked.set(key, value);
    else read.ignored.push(`${key}=${value}`);
  }
  const [from, to] = [read.asked.get("from"), read.asked.get("to")];
  if (from && to && from > to) ignore(read, "to");
  return read;
}

let state = readState();

// Return the address of a view; only filters are kept.
/** @param {string} view @param {string[]} args @param {More} more */
function address(view, args = [], more = {}) {
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
  return `#/${[view, ...args].map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
}

/** @param {number} at @param {More} more */
const articleAddress = (at, more = {}) => address("article", [keys[at]], more);
/** @param {Pair} pair @param {More} more */
const pairAddress = (pair, more = {}) => address("pair", [keys[pair.a], keys[pair.b]], more);
/** @param {Story} story */
const storyAddress = (story) => address("story", [story.id]);

// Return the address of the same view with other values.
/** @param {More} more */
function asking(more) {
  const kept = Object.fromEntries(state.asked);
  return address(state.view, state.args, { ...kept, ...more });
}

/** @returns {Filters} */
function filters(asked = state.asked) {
  /** @param {string} key */
  const outlet = (key) => outletOfName.get(asked.get(key) ?? "") ?? null;
  return {
    outlet: outlet("outlet"),
    from: asked.get("from"),
    to: asked.get("to"),
    kind: KINDS.indexOf(asked.get("kind") ?? ""),
    quotes: asked.get("quotes"),
    min: Number(asked.get("min")),
    all: asked.get("all") === "yes",
    boilerplate: asked.get("boilerplate") === "yes",
    later: outlet("later"),
    earlier: outlet("earlier"),
  };
}

/** @param {number} code @param {Filters} wanted */
function passageFits(code, wanted) {
  if (!isListed(code) && !wanted.all) return false;
  if (wordsOf(code) < wanted.min) return false;
  if (wanted.kind >= 0 && (code & 3) !== wanted.kind) return false;
  if (wanted.quotes === "no" && isQuotation(code)) return false;
  return !(wanted.quotes === "only" && !isQuotation(code));
}

/** @param {Filters} wanted */
const asksForPassages = (wanted) => wanted.min > 0 || wanted.kind >= 0 || Boolean(wanted.quotes);
/** @param {Filters} wanted */
const asksForArticles = (wanted) => [wanted.outlet, wanted.from, wanted.to].some((one) => one !== null);

/** @param {Article} article @param {Filters} wanted */
function articleFits(article, wanted) {
  if (wanted.outlet !== null && article.outlet !== wanted.outlet) return false;
  if (wanted.from === null && wanted.to === null) return true;
  if (article.seconds === null) return false;
  if (wanted.from !== null && dateOf(article) < wanted.from) return false;
  return wanted.to === null || dateOf(article) <= wanted.to;
}

/** @param {Pair} pair @param {Filters} wanted */
function pairFits(pair, wanted) {
  if (!pair.codes.some((code) => passageFits(code, wanted))) return false;
  if (wanted.later !== null || wanted.earlier !== null) {
    const [first, second] = inOrder(pair).map(({ article }) => article.outlet);
    if (pair.first < 0 || second !== wanted.later || first !== wanted.earlier) return false;
  }
  return articleFits(articles[pair.a], wanted) || articleFits(articles[pair.b], wanted);
}

/** @param {Pair[]} some @param {Filters} wanted */
const somePassageFits = (some, wanted) => some.some((pair) => pair.codes.some((code) => passageFits(code, wanted)));

/** @param {Article} article @param {Filters} wanted */
const partnersOf = (article, wanted) => (pairsOf.get(article.number) ?? []).filter((pair) => !pair.isVersion && somePassageFits([pair], wanted)).length;

/** @param {Story} story @param {Filters} wanted */
function storyFits(story, wanted) {
  if (!story.members.some((at) => articleFits(articles[at], wanted))) return false;
  return !asksForPassages(wanted) || somePassageFits(pairsOfStory[story.number], wanted);
}

const NOTHING_ASKED = filters(new URLSearchParams());
const hiddenCodes = pairs.flatMap((pair) => pair.codes.filter((code) => !isListed(code)));
const nNoise = hiddenCodes.filter(isNoise).length;
// Articles that share passages, but none that is shown without filters.
const nOnlyHidden = [...pairsOf.values()].filter((own) => !somePassageFits(own, NOTHING_ASKED)).length;

// How many passages of some pairs are not shown, and why; in the words of the text report.
/** @param {Pair[]} some @param {Filters} wanted */
function tellHidden(some, wanted) {
  const codes = some.flatMap((pair) => pair.codes.filter((code) => !passageFits(code, wanted)));
  const unlisted = wanted.all ? [] : codes.filter((code) => !isListed(code));
  const nNoisy = unlisted.filter(isNoise).length;
  /** @type {[number, string][]} */
  const kinds = [[nNoisy, "of furniture or formulas"], [unlisted.length - nNoisy, "uncertain"], [codes.length - unlisted.length, "outside of the filters"]];
  const parts = kinds.filter(([n]) => n).map(([n, kind]) => `${number(n)} ${kind}`);
  if (parts.length === 0) return "";
  const last = parts.pop();
  return `${codes.length === 1 ? "Passage" : "Passages"} not shown: ${parts.length ? `${parts.join(", ")} and ${last}` : last}.`;
}

/** @type {[key: string, label: string, kind: string | (() => [string, string][])][]} */
const CONTROLS = [
  ["outlet", "Outlet", () => [["", "All outlets"], ...outlets.map((name) => /** @type {[string, string]} */ ([name, name]))]],
  ["from", "From", "date"],
  ["to", "Until", "date"],
  ["kind", "How close", () => [["", "All"], ["verbatim", "Verbatim"], ["edited", "Edited"], ["reworded", "Reworded"]]],
  ["quotes", "Quotations", () => [["", "Shown"], ["no", "Left out"], ["only", "Nothing else"]]],
  ["min", "Minimum words", "number"],
];

// Other filters make other lists.
const FIRST_PAGES = { page: "", cards: "", list: "", repeats: "", passage: "" };

/** @param {(typeof CONTROLS)[number]} row */
function control([key, label, kind]) {
  const id = `filter-${key}`;
  /** @param {{ target: HTMLInputElement }} event */
  const change = (event) => { location.hash = asking({ ...FIRST_PAGES, [key]: event.target.value }); };
  const input = typeof kind === "function"
    ? el("select", { id, onchange: change }, kind().map(([value, name]) => el("option", { value }, name)))
    : el("input", { id, type: kind, min: kind === "number" ? 0 : null, inputmode: kind === "number" ? "numeric" : null, onchange: change });
  return el("div", { class: "control" }, el("label", { for: id }, label), input);
}

/** @param {string} key @param {string} label */
function toggle(key, label) {
  const id = `filter-${key}`;
  const box = el("input", {
    id, type: "checkbox",
    onchange: (event) => { location.hash = asking({ ...FIRST_PAGES, [key]: event.target.checked ? "yes" : "" }); },
  });
  return el("div", { class: "control check" }, box, el("label", { for: id }, label));
}

function buildFilters() {
  const form = el("form", { onsubmit: (event) => event.preventDefault() },
    CONTROLS.map(control),
    hiddenCodes.length ? toggle("all", `Show furniture and formulas (${number(nNoise)}) and uncertain passages (${number(hiddenCodes.length - nNoise)})`) : null,
    toggle("boilerplate", "Show text that an outlet repeats"),
    el("a", { id: "reset", class: "button" }, "Clear the filters"));
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
  reset.setAttribute("href", asking(Object.fromEntries(FILTERS.map((key) => [key, ""]))));
}
