// Overview: stories, other pairs, reuse between outlets, timeline.

const STORIES = 25;
const CARDS = 8;

/** @returns {View} */
function showOverview() {
  const wanted = filters();
  const found = stories.filter((story) => storyFits(story, wanted));
  const others = pairs.filter((pair) => pair.stories.length === 0 && pairFits(pair, wanted));
  others.sort((one, other) => other.similarity - one.similarity);
  const isCut = asksForArticles(wanted) || asksForPassages(wanted);
  const title = isCut && pairs.length ? cutHeadline(found, others) : headlineOf();
  say(`${count(found.length, "story", "stories")} and ${count(others.length, "other pair")} shown.`);
  /** @type {Node[]} */
  const parts = [el("h1", { tabindex: "-1" }, title), el("p", { class: "lede" }, ...ledeOf(isCut))];
  // Without stories, show the pairs first.
  if (stories.length) parts.push(storySection(found), ...figureSections());
  if (pairs.length) parts.push(otherSection(others));
  if (!stories.length) parts.push(...figureSections());
  if (wanted.boilerplate) parts.push(boilerplateSection(wanted));
  if (core.run.nSkipped) parts.push(skippedSection());
  return { title: "Text reuse report", parts };
}

function headlineOf() {
  if (stories.length) {
    const most = stories.reduce((best, one) => (one.members.length > best.members.length ? one : best));
    return `${count(stories.length, "story", "stories")}, the widest in ${count(most.members.length, "article")}`;
  }
  if (pairs.length) return `${count(pairs.length, "pair")} of articles share${pairs.length === 1 ? "s" : ""} text`;
  return "No shared text was found";
}

/** @param {Story[]} found @param {Pair[]} others */
function cutHeadline(found, others) {
  const free = pairs.filter((pair) => pair.stories.length === 0).length;
  const told = [];
  if (stories.length) told.push(`${number(found.length)} of ${count(stories.length, "story", "stories")}`);
  if (free) told.push(`${number(others.length)} of ${count(free, stories.length ? "other pair" : "pair")}`);
  return `${told.join(" and ")} fit${found.length + others.length === 1 ? "s" : ""} the filters`;
}

/** @param {boolean} isCut */
function ledeOf(isCut) {
  const sharing = pairsOf.size;
  const told = [`Of ${count(articles.length, "article")}${outlets.length ? ` from ${count(outlets.length, "outlet")}` : ""}, `,
    `${number(sharing)} ${sharing === 1 ? "has" : "have"} text in common with another one.`];
  const undated = articles.filter((one) => one.seconds === null).length;
  if (undated === articles.length) told.push(" None has a date, so which was first cannot be told.");
  else if (undated) told.push(` ${count(undated, "article has", "articles have")} no date.`);
  if (pairs.some((pair) => pair.isCapped)) told.push(" Of texts that very many carry, each copy is compared with its nearest source only.");
  if (isCut && pairs.length) told.push(" These numbers and the figures below count everything; the lists hold what fits the filters.");
  return told;
}

/** @param {Story[]} found */
function storySection(found) {
  /** @type {Column<Story>[]} */
  const columns = [
    ["story", "Story", (story) => story.headline],
    ["size", "Articles", (story) => story.members.length],
    ["outlets", "Outlets", (story) => story.nOutlets],
    ["first", "First seen", (story) => story.dates && story.dates[0]],
    ["spread", "Spread over", (story) => story.dates && story.dates[1] - story.dates[0]],
    ["source", "Most likely source", (story) => story.origin.confidence],
  ];
  return section("stories", "Stories",
    found.length ? sortable(columns, found, "size", "sort", STORIES, storyRow) : el("p", {}, "No story fits the filters."));
}

/** @param {Story} story */
function storyRow(story) {
  const { origin } = story;
  const source = origin.source >= 0
    ? [isLikely(origin) ? "" : "perhaps ", foreign(nameOf(articles[origin.source])), el("br"), el("span", { class: "byline" }, tellConfidence(origin.confidence))]
    : [origin.agency ? foreign(origin.agency) : "not known"];
  return el("tr", {},
    el("th", { scope: "row" }, el("a", { href: address("story", story.number) }, foreign(story.headline))),
    el("td", { class: "n" }, number(story.members.length)),
    el("td", { class: "n" }, story.nOutlets ? number(story.nOutlets) : "–"),
    el("td", {}, story.dates ? dayOf(story.dates[0]) : "no date"),
    el("td", {}, tellSpread(story) ?? "–"),
    el("td", {}, source));
}

/** @param {Pair[]} others */
function otherSection(others) {
  const title = stories.length ? "Other reuse" : "Articles with the same words";
  const isFull = isSmall;
  const list = others.length
    ? paged(others, CARDS, "cards", (shown) => el("div", { class: "cards" }, shown.map((pair) => pairCard(pair, isFull))))
    : [el("p", {}, "No pair fits the filters.")];
  const note = stories.length ? "Articles that share a passage but belong to no common story." : null;
  return section("others", title, note && el("p", { class: "quiet" }, note), isFull && others.length ? legend(others) : null, ...list);
}

function figureSections() {
  const titles = { outlets: "Reuse between outlets", timeline: "When" };
  const parts = [];
  for (const [name, title] of Object.entries(titles)) {
    const template = document.getElementById(`figure-${name}`);
    if (!(template instanceof HTMLTemplateElement)) continue;
    const picture = document.importNode(template.content, true);
    const told = picture.querySelector("svg")?.getAttribute("aria-label");
    const box = el("div", { class: "scroll figure", tabindex: "0", role: "region", "aria-label": title });
    box.append(picture);
    if (name === "outlets") makeReachable(box);
    parts.push(section(`figure-title-${name}`, title, el("p", { class: "quiet" }, told), box,
      name === "outlets" ? outletTable() : null));
  }
  return parts;
}

/** @param {Element} cell */
const outletIn = (cell) => outlets.indexOf((cell.getAttribute("data-target") ?? "").split("\n")[0]);

/** @param {number} outlet */
function openOutlet(outlet) {
  isListWanted = true;
  const there = asking({ outlet, cards: "", page: "" });
  if (location.hash === there) bringList();
  else location.hash = there;
}

// A click in a figure filters a list above or below it.
let isListWanted = false;

function bringList() {
  if (!isListWanted) return;
  isListWanted = false;
  const heading = ["stories", "others"].map((id) => document.getElementById(id))
    .find((one) => one?.parentElement?.querySelector("table, .card"));
  if (!heading) return;
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
  heading.scrollIntoView();
}

/** @type {Partial<Record<string, [right: number, down: number]>>} */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Cells are links. Tab reaches one of them, arrow keys the others.
/** @param {HTMLElement} box */
function makeReachable(box) {
  const all = [.../** @type {NodeListOf<SVGElement>} */ (box.querySelectorAll("[data-target]"))];
  const cells = all.filter((cell) => outletIn(cell) >= 0);
  // There is no filter for several outlets, or for unknown ones.
  for (const cell of all) if (!cells.includes(cell)) cell.removeAttribute("data-target");
  box.querySelector("svg")?.setAttribute("role", "group"); // an image would hide its links
  cells.forEach((cell, n) => {
    cell.setAttribute("role", "link");
    cell.setAttribute("tabindex", n ? "-1" : "0");
    cell.setAttribute("aria-label", cell.textContent);
  });
  /** @param {Event} event */
  const cellOf = (event) => cells.find((cell) => cell.contains(/** @type {Node} */ (event.target)));
  box.addEventListener("click", (event) => {
    const cell = cellOf(event);
    if (cell) openOutlet(outletIn(cell));
  });
  box.addEventListener("keydown", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    const step = STEPS[event.key];
    const next = step && nearest(cells, cell, step);
    if (event.key === "Enter") openOutlet(outletIn(cell));
    if (next) {
      cell.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    }
    if (event.key === "Enter" || step) event.preventDefault();
  });
}

// The next cell in a direction, in the same row or column if possible.
/** @param {SVGElement[]} cells @param {Element} from @param {[right: number, down: number]} step */
function nearest(cells, from, [right, down]) {
  /** @param {Element} cell */
  const at = (cell) => [Number(cell.getAttribute("x")), Number(cell.getAttribute("y"))];
  const [x, y] = at(from);
  /** @param {Element} cell */
  const away = (cell) => {
    const [dx, dy] = [at(cell)[0] - x, at(cell)[1] - y];
    const ahead = dx * right + dy * down;
    return ahead > 0 ? ahead + 100 * Math.abs(right ? dy : dx) : Infinity;
  };
  const best = cells.reduce((one, other) => (away(other) < away(one) ? other : one));
  return away(best) < Infinity ? best : null;
}

// The figure as a table, for screen readers and for exact numbers. Pairs of unknown order count
// for neither outlet.
function outletTable() {
  const counts = new Map();
  for (const pair of pairs) {
    const isKnown = pair.first >= 0;
    const [first, second] = inOrder(pair).map((one) => one.article.outlet).sort((a, b) => (isKnown ? 0 : a - b));
    const key = `${second} ${first} ${isKnown}`;
    const row = counts.get(key) ?? { second, first, n: 0, isKnown };
    row.n += 1;
    counts.set(key, row);
  }
  /** @param {number} at */
  const name = (at) => (at < 0 ? "unknown outlet" : outlets[at]);
  const rows = [...counts.values()].sort((one, other) => Number(other.isKnown) - Number(one.isKnown) || other.n - one.n).slice(0, 100);
  return el("details", {}, el("summary", {}, `As a table${counts.size > rows.length ? " (the 100 largest)" : ""}`),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Reuse between outlets, as a table" },
      el("table", {},
        el("thead", {}, el("tr", {}, ["Later outlet", "Earlier outlet", "Pairs of articles", "Order"].map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, rows.map((row) => el("tr", {},
          el("th", { scope: "row" }, row.second < 0 ? name(-1) : el("a", { href: asking({ outlet: row.second, cards: "", page: "" }), onclick: () => { isListWanted = true; } }, foreign(name(row.second)))),
          el("td", {}, foreign(name(row.first))), el("td", { class: "n" }, number(row.n)), el("td", {}, row.isKnown ? "known" : "unknown: counted for neither")))))));
}

/** @param {Filters} wanted */
function boilerplateSection(wanted) {
  const shown = boilerplate.filter((one) => wanted.outlet === null || one.outlet === wanted.outlet);
  return section("boilerplate", "Boilerplate",
    el("p", { class: "quiet" }, "Outlets repeat this text in unrelated articles, so it does not count as reuse."),
    shown.length === 0 ? el("p", {}, "None found.") : paged(shown, 10, "repeats", (some) =>
      el("ul", { class: "plain" }, some.map((one) => el("li", {},
        el("blockquote", {}, foreign(one.text.length > 400 ? `${one.text.slice(0, 400)}…` : one.text)),
        el("p", { class: "byline" }, foreign(one.outlet < 0 ? "unknown outlet" : outlets[one.outlet]), ` · in ${count(one.nArticles, "article")}`))))));
}

function skippedSection() {
  const more = core.run.nSkipped - core.run.skipped.length;
  return section("skipped", "Skipped inputs",
    el("ul", {}, core.run.skipped.map((one) => el("li", {}, foreign(one))), more > 0 ? el("li", {}, `and ${number(more)} more`) : null));
}
