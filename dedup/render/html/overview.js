// Overview: three numbers, the strongest pairs, stories, outlets and dates; and the list of pairs.

const STORIES = 10;
const CARDS = 10;
const STRONGEST = 5;

/** @returns {View} */
function showOverview() {
  const wanted = filters();
  const found = stories.filter((story) => storyFits(story, wanted));
  const fitting = pairs.filter((pair) => pairFits(pair, wanted) && !pair.isVersion);
  const some = articles.filter((one) => articleFits(one, wanted));
  const isCut = asksForArticles(wanted) || asksForPassages(wanted);
  say(`${count(fitting.length, "pair")} and ${count(found.length, "story", "stories")} shown.`);
  const parts = [
    el("h1", { class: "small", tabindex: "-1" }, pairs.length ? `Shared text among ${count(articles.length, "article")}` : `No shared text was found among ${count(articles.length, "article")}`),
    el("p", { class: "lede" }, ...ledeOf(isCut)),
    pairs.length ? numbers(some, fitting, found) : null,
    pairs.length ? strongestSection(fitting, wanted) : null,
    stories.length ? storySection(found) : null,
    matrixSection(fitting),
    timelineSection(some, fitting),
    wanted.boilerplate ? boilerplateSection(wanted) : null,
    core.run.nSkipped ? skippedSection() : null,
  ];
  return { title: "Text reuse report", parts };
}

/** @param {boolean} isCut */
function ledeOf(isCut) {
  const notes = outlets.length ? [`From ${count(outlets.length, "outlet")}.`] : [];
  const undated = articles.filter((one) => one.seconds === null).length;
  if (undated === articles.length) notes.push(" No article has a date, so nothing is known of their order.");
  else if (undated) notes.push(` ${count(undated, "article has", "articles have")} no date.`);
  const nVersions = pairs.filter((pair) => pair.isVersion).length;
  if (nVersions) notes.push(` ${count(nVersions, "pair is two", "pairs are")} versions of one page, which is no reuse.`);
  if (pairs.some((pair) => pair.isCapped)) notes.push(" Text that very many articles carry is not compared in every pair.");
  if (isCut) notes.push(" Filters are on: everything below counts only what fits them.");
  const unseen = tellHidden(pairs, filters());
  return unseen ? [...notes, ` ${unseen}`, filters().all ? null : " The filters can show all."] : notes;
}

/** @param {Article[]} some @param {Pair[]} fitting @param {Story[]} found */
function numbers(some, fitting, found) {
  const sharing = new Set(fitting.flatMap((pair) => [pair.a, pair.b]));
  const n = some.filter((one) => sharing.has(one.number)).length;
  /** @type {[number, string, string][]} */
  const rows = [
    [n, `of ${count(some.length, "article")} share${n === 1 ? "s" : ""} text with another`, address("articles")],
    [fitting.length, `pair${fitting.length === 1 ? "" : "s"} of articles share${fitting.length === 1 ? "s" : ""} text`, address("pairs")],
    [found.length, `${found.length === 1 ? "story" : "stories"} in two or more articles`, ""],
  ];
  const toStories = () => document.getElementById("stories")?.scrollIntoView();
  /** @param {string} label */
  const below = (label) => (stories.length ? el("button", { type: "button", class: "link", onclick: toStories }, label) : label);
  return el("ul", { class: "numbers" }, rows.map(([value, label, href]) =>
    el("li", {}, el("strong", {}, number(value)), " ", href ? el("a", { href }, label) : below(label))));
}

// One pair of each story and article, those of two outlets first; then more of them if these are few.
/** @param {Pair[]} fitting @param {Filters} wanted */
function strongestOf(fitting, wanted) {
  const ranked = strongestFirst(fitting, wanted);
  /** @param {Pair} pair */
  const isOfOne = (pair) => articles[pair.a].outlet >= 0 && articles[pair.a].outlet === articles[pair.b].outlet;
  const [used, usedStories] = [new Set(), new Set()];
  /** @type {Pair[]} */
  const chosen = [];
  for (const pair of [...ranked.filter((one) => !isOfOne(one)), ...ranked.filter(isOfOne)]) {
    if (chosen.length === STRONGEST) break;
    if ([pair.a, pair.b].some((at) => used.has(at)) || pair.stories.some((at) => usedStories.has(at))) continue;
    for (const at of [pair.a, pair.b]) used.add(at);
    for (const at of pair.stories) usedStories.add(at);
    chosen.push(pair);
  }
  return chosen.concat(ranked.filter((pair) => !chosen.includes(pair)).slice(0, STRONGEST - chosen.length));
}

/** @param {Pair[]} fitting @param {Filters} wanted */
function strongestSection(fitting, wanted) {
  const chosen = strongestOf(fitting, wanted);
  return section("strongest", "Strongest pairs",
    fitting.length > chosen.length ? el("p", { class: "quiet" }, "Those of different outlets, articles and stories come first.") : null,
    chosen.length ? el("div", { class: "cards" }, chosen.map(briefCard)) : el("p", {}, "No pair fits the filters."),
    fitting.length > chosen.length ? el("p", {}, el("a", { class: "button", href: address("pairs") }, `All ${number(fitting.length)} pairs`)) : null);
}

/** @param {Story[]} found */
function storySection(found) {
  /** @type {Column<Story>[]} */
  const columns = [
    ["story", "Story", (story) => story.headline],
    ["size", "Articles", (story) => story.members.length],
    ["outlets", "Outlets", (story) => story.nOutlets],
    ["first", "First seen", (story) => story.dates && story.dates[0]],
    ["spread", "Last one", lagOfStory],
    ["source", "Most likely source", ({ origin }) => (isLikely(origin) ? origin.confidence : null)],
  ];
  return section("stories", "Stories",
    found.length ? sortable(columns, found, "size", "sort", STORIES, storyRow) : el("p", {}, "No story fits the filters."));
}

// Of a tie, the first of the dates that the page shows.
/** @param {Story} story */
function firstDayOf({ earliest }) {
  const [first] = earliest.map((at) => dateOf(articles[at])).sort();
  return first ? tellDay(first) : "no date";
}

/** @param {Story} story */
function lagOfStory(story) {
  const lag = greatestLag(datedOf(story));
  return lag ? lengthOf(lag) : tellSpread(story) && 0;
}

/** @param {Story} story */
function storyRow(story) {
  const { origin } = story;
  const named = origin.source >= 0 ? nameOf(articles[origin.source]) : origin.agency;
  const source = named && isLikely(origin)
    ? [foreign(named), el("br"), el("span", { class: "byline" }, tellConfidence(origin.confidence))]
    : ["not known"];
  return el("tr", {},
    el("th", { scope: "row" }, el("a", { href: storyAddress(story) }, foreign(story.headline))),
    el("td", { class: "n" }, number(story.members.length)),
    el("td", { class: "n" }, story.nOutlets ? number(story.nOutlets) : "–"),
    el("td", {}, firstDayOf(story)),
    el("td", {}, tellSpread(story)?.replace(/^the last one /, "").replace(/^on one day$/, "the same day") ?? "–"),
    el("td", {}, source));
}

/** @returns {View} */
function showPairs() {
  const wanted = filters();
  const ranked = strongestFirst(pairs.filter((pair) => pairFits(pair, wanted)), wanted);
  const versions = ranked.filter((pair) => pair.isVersion);
  const found = [...ranked.filter((pair) => !pair.isVersion), ...versions];
  const isCell = wanted.later !== null && wanted.earlier !== null;
  const nSharing = found.length - versions.length;
  const size = `${count(nSharing, "pair")} of articles`;
  say(`${size}.`);
  const [later, earlier] = ["later", "earlier"].map((key) => state.asked.get(key) ?? "");
  return {
    title: "Pairs",
    parts: [
      el("h1", { tabindex: "-1" }, isCell ? [`${size}: `, foreign(later), " later than ", foreign(earlier)] : `${size} share${nSharing === 1 ? "s" : ""} text`),
      versions.length ? el("p", { class: "note" }, `${count(versions.length, "pair of versions", "pairs of versions")} of one page ${versions.length === 1 ? "comes" : "come"} last.`) : null,
      el("p", { class: "actions" }, isCell ? el("a", { class: "button", href: asking({ later: "", earlier: "", cards: "" }) }, "Pairs of all outlets") : null, found.length ? pairsCsv(found) : null),
      el("h2", { class: "hidden" }, "The pairs"),
      ...(found.length ? paged(found, CARDS, "cards", (shown) => el("div", { class: "cards" }, shown.map((pair) => pairCard(pair, 1)))) : [el("p", {}, "No pair fits the filters.")]),
    ],
  };
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
