// What is looked at is in the address, so that a view can be linked to; filters go along.

const FILTERS = ["outlet", "from", "to", "kind", "quotes", "min", "boilerplate"];

function readState() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [view = "", arg = ""] = path.split("/");
  const asked = new URLSearchParams(query);
  return { view, arg, asked };
}

let state = readState();

// An address of a view: filters stay, what else was asked for goes.
function address(view, arg = "", more = {}) {
  const kept = new URLSearchParams();
  for (const key of FILTERS) if (state.asked.get(key)) kept.set(key, state.asked.get(key));
  for (const [key, value] of Object.entries(more)) {
    if (value === "" || value === null) kept.delete(key);
    else kept.set(key, value);
  }
  const query = kept.toString();
  return `#/${view}${arg === "" ? "" : `/${arg}`}${query ? `?${query}` : ""}`;
}

// The same view with something else asked for.
function asking(more) {
  const kept = Object.fromEntries(state.asked);
  return address(state.view, state.arg, { ...kept, ...more });
}

function filters() {
  const { asked } = state;
  const day = (key) => {
    const at = Date.parse(`${asked.get(key) ?? ""}T00:00:00Z`);
    return Number.isNaN(at) ? null : at / 1000;
  };
  const least = Number(asked.get("min"));
  const outlet = asked.get("outlet");
  return {
    outlet: outlet !== null && /^\d+$/.test(outlet) && outlets[outlet] !== undefined ? Number(outlet) : null,
    from: day("from"),
    to: day("to"),
    kind: asked.get("kind"),
    quotes: asked.get("quotes"),
    min: Number.isFinite(least) ? least : 0,
    boilerplate: asked.get("boilerplate") === "yes",
  };
}

function passageFits(code, wanted) {
  if (wordsOf(code) < wanted.min) return false;
  if (wanted.kind === "verbatim" && code & 1) return false;
  if (wanted.kind === "edited" && !(code & 1)) return false;
  if (wanted.quotes === "no" && isQuote(code)) return false;
  return !(wanted.quotes === "only" && !isQuote(code));
}

const asksForPassages = (wanted) => wanted.min > 0 || Boolean(wanted.kind) || Boolean(wanted.quotes);
const asksForArticles = (wanted) => [wanted.outlet, wanted.from, wanted.to].some((one) => one !== null);

function articleFits(article, wanted) {
  if (wanted.outlet !== null && article.outlet !== wanted.outlet) return false;
  if (wanted.from === null && wanted.to === null) return true;
  if (article.seconds === null) return false;
  if (wanted.from !== null && article.seconds < wanted.from) return false;
  return wanted.to === null || article.seconds < wanted.to + 86400;
}

function pairFits(pair, wanted) {
  const fits = articleFits(articles[pair.a], wanted) || articleFits(articles[pair.b], wanted);
  return fits && pair.codes.some((code) => passageFits(code, wanted));
}

const somePassageFits = (some, wanted) => some.some((pair) => pair.codes.some((code) => passageFits(code, wanted)));

function storyFits(story, wanted) {
  if (!story.members.some((at) => articleFits(articles[at], wanted))) return false;
  return !asksForPassages(wanted) || somePassageFits(pairsOfStory[story.number], wanted);
}

const CONTROLS = [
  ["outlet", "Outlet", () => [["", "All outlets"], ...outlets.map((name, n) => [String(n), name])]],
  ["from", "From", "date"],
  ["to", "Until", "date"],
  ["kind", "How copied", () => [["", "Any way"], ["verbatim", "Word for word"], ["edited", "Edited"]]],
  ["quotes", "Quotations", () => [["", "Shown"], ["no", "Left out"], ["only", "Nothing else"]]],
  ["min", "At least so many words", "number"],
];

function control([key, label, kind]) {
  const id = `filter-${key}`;
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
  document.getElementById("filters").append(fold);
}

function showFilters() {
  for (const key of FILTERS) {
    const input = document.getElementById(`filter-${key}`);
    if (input.type === "checkbox") input.checked = state.asked.get(key) === "yes";
    else input.value = state.asked.get(key) ?? "";
  }
  const active = FILTERS.filter((key) => state.asked.get(key)).length;
  document.getElementById("filter-summary").textContent = active ? `Filters (${active} on)` : "Filters";
  const reset = document.getElementById("reset");
  reset.hidden = active === 0;
  reset.setAttribute("href", address(state.view, state.arg, Object.fromEntries(FILTERS.map((key) => [key, ""]))));
}
