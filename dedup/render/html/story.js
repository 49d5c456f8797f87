// One story: its spread, its source, and the composition of each article.

const MEMBERS = 40;
const MAX_DOTS = 400;

/** @param {Story} story @returns {Promise<View>} */
async function showStory(story) {
  const { members, carried } = await contentsOf(story);
  const shared = strongestFirst(pairsOfStory[story.number].filter((pair) => pairFits(pair, filters())), filters());
  say(`Story of ${count(members.length, "article")}.`);
  const spread = tellSpread(story);
  const nUndated = members.filter((one) => one.article.seconds === null).length;
  const undated = nUndated && nUndated < members.length ? `, ${number(nUndated)} without a date` : "";
  const from = story.nOutlets ? ` from ${count(story.nOutlets, "outlet")}` : "";
  return {
    title: `Story: ${story.headline}`,
    parts: [
      el("p", { class: "kicker" }, "Story"),
      el("h1", { class: "small", tabindex: "-1" }, foreign(story.headline)),
      el("p", { class: "lede" }, `Carried by ${count(members.length, "article")}${from}${spread ? `, ${spread}` : ""}${undated}.`),
      section("origin", "Where it comes from", facts(originFacts(story, members))),
      carried.length ? section("carried", "Most carried passages", await carriedList(carried)) : null,
      spread && spread !== "on one day" && story.dates && story.dates[1] > story.dates[0] ? section("axis", "How it spread", axis(members, story, ...story.dates)) : null,
      memberSection(members, story),
      shared.length ? section("pairs", "Compare two of them", pairsCsv(shared), ...paged(shared, CARDS, "cards", (some) =>
        el("div", { class: "cards" }, some.map((pair) => pairCard(pair))))) : null,
    ],
  };
}

/** @param {Member[]} members @param {Story} story */
function memberSection(members, story) {
  const shown = members.filter((one) => articleFits(one.article, filters()));
  const nHidden = members.length - shown.length;
  return section("members", "Articles, and their shared text",
    nHidden ? el("p", { class: "quiet" }, `${count(nHidden, "article")} hidden by the filters.`) : null,
    ...paged(shown, MEMBERS, "page", (some) => memberList(some, story)));
}

// The shortest unique name in the story: outlet, day, headline, then id.
/** @param {Story} story @param {number} at */
function nameIn(story, at) {
  /** @param {Article} one */
  const dayIn = (one) => (one.seconds === null ? "" : ` of ${tellDay(dateOf(one))}`);
  /** @param {Article} one */
  const titled = (one) => `${nameOf(one)}${dayIn(one)} (“${one.headline}”)`;
  /** @type {((one: Article) => string)[]} */
  const forms = [nameOf, (one) => nameOf(one) + dayIn(one), titled];
  const others = story.members.filter((one) => one !== at && nameOf(articles[one]) === nameOf(articles[at])).map((one) => articles[one]);
  const form = forms.find((one) => others.every((other) => one(other) !== one(articles[at])));
  return foreign(form ? form(articles[at]) : `${titled(articles[at])}, ${articles[at].id}`);
}

/** @param {number} at */
const named = (at) => [foreign(nameOf(articles[at])), ": ", articleLink(articles[at])];

/** @param {Story} story @param {Member[]} members */
function originFacts(story, members) {
  const { origin, earliest } = story;
  /** @type {[string, ...Child[]][]} */
  const rows = [];
  if (earliest.length === 0) rows.push(["First of these", "No article of this story has a date."]);
  else if (earliest.length === 1) rows.push(["First of these", ...named(earliest[0]), `, ${when(articles[earliest[0]])}`]);
  else rows.push(["First of these", `A tie: ${tellTie(earliest.map((at) => articles[at]))}.`, plainList(earliest)]);
  if (!isNamed(origin)) rows.push(["Source", "Not known."]);
  else {
    rows.push([tellHead(origin), ...(origin.source >= 0 ? named(origin.source) : [foreign(origin.agency), ", no article of it in this story"])]);
    rows.push(["Confidence", `${tellConfidence(origin.confidence)}, because ${BASES[origin.basis]}`]);
  }
  if (origin.rivals.length) rows.push(["It may also be", plainList(origin.rivals)]);
  return [...rows, ["Not known", unknowns(story, members).join(" ")]];
}

// A capped pair has text in common with more pairs, of this story or of others; a pair that is here was compared.
/** @param {Story} story */
function isPartlyCompared({ number: at, members: { length: n } }) {
  const own = pairsOfStory[at];
  return own.some((pair) => pair.isCapped) && own.length < (n * (n - 1)) / 2;
}

/** @param {Story} story @param {Member[]} members */
function unknowns(story, members) {
  const undated = members.filter((one) => one.article.seconds === null).length;
  const notes = [];
  if (undated && story.earliest.length) notes.push(`${count(undated, "article has", "articles have")} no date and may be older.`);
  if (story.earliest.length > 1) notes.push(`Which of the ${count(story.earliest.length, "article")} seen first was the first.`);
  if (isPartlyCompared(story)) notes.push("Some pairs of these articles may not have been compared.");
  notes.push("Whether an earlier article outside of this collection is the source, and whether the reuse was agreed.");
  return notes;
}

/** @param {Carried[]} carried */
async function carriedList(carried) {
  const texts = await Promise.all(carried.map((one) => textOf(one.article)));
  return el("ol", { class: "plain rows" }, carried.map(({ article, span, nArticles, nSame, nWords }, n) => {
    const words = texts[n].cut(...span);
    return el("li", {}, el("p", { class: "kicker" }, `${count(nArticles, "article")} of this story, ${nSame === nArticles ? "word for word" : `${number(nSame)} word for word and ${number(nArticles - nSame)} with changes`}${nWords ? `; ${count(nWords, "word")}` : ""}`),
      el("blockquote", { class: "short" }, foreign(words)), el("p", { class: "byline" }, "as in ", articleLink(articles[article]), " · ",
        el("a", { href: address("search", [], { find: firstWords(words) }) }, "search for its beginning")));
  }));
}

/** @param {string} text */
const firstWords = (text) => text.trim().split(/\s+/).slice(0, 8).join(" ");

/** @param {number[]} numbers */
function plainList(numbers) {
  /** @param {number} at */
  const known = (at) => `${nameOf(articles[at])}: ${articles[at].headline}`;
  /** @param {number} at */
  const isAlone = (at) => numbers.every((one) => one === at || known(one) !== known(at));
  return el("ul", { class: "plain" },
    numbers.slice(0, 8).map((at) => el("li", {}, ...named(at), isAlone(at) ? null : [", ", foreign(articles[at].id)])),
    numbers.length > 8 ? el("li", {}, `and ${number(numbers.length - 8)} more`) : null);
}

// A dot is a moment; a bar is a day without a time.
/** @param {Member[]} members @param {Story} story @param {number} first @param {number} latest */
function axis(members, story, first, latest) {
  const dated = members.filter((one) => one.article.seconds !== null).slice(0, MAX_DOTS);
  /** @param {Member} one */
  const endOf = (one) => Number(one.article.seconds) + (one.article.isDay ? DAY : 0);
  const last = dated.reduce((end, one) => Math.max(end, endOf(one)), latest);
  const names = [...new Set(dated.map((one) => nameOf(one.article)))].slice(0, 20);
  const [left, right, row] = [176, 880, 24];
  const height = names.length * row + 44;
  /** @param {number} seconds */
  const x = (seconds) => left + 10 + ((right - left - 20) * (seconds - first)) / (last - first);
  /** @param {number} seconds */
  const whenAt = (seconds) => members.filter((one) => one.article.seconds === seconds).slice(0, 1).map((one) => when(one.article)).join("");
  const picture = draw("svg", { viewBox: `0 0 900 ${height}`, width: 900, height, role: "img",
    "aria-label": `When the articles appeared, from ${whenAt(first)} to ${whenAt(latest)}. The list below has every date.` });
  names.forEach((name, n) => {
    const label = name.length > 22 ? `${name.slice(0, 21)}…` : name;
    picture.append(draw("text", { x: left - 10, y: n * row + 20, "text-anchor": "end", class: "ink" }, label),
      draw("rect", { x: left, y: n * row + 15.5, width: right - left, height: 1, class: "grid" }));
  });
  for (const one of dated) {
    const n = names.indexOf(nameOf(one.article));
    if (n < 0) continue;
    const isFirst = story.earliest.includes(one.article.number);
    const style = isFirst ? "dot first" : "dot";
    const [from, to] = [x(Number(one.article.seconds)), x(endOf(one))];
    const dot = one.article.isDay
      ? draw("rect", { x: from.toFixed(1), y: n * row + 12, width: (to - from).toFixed(1), height: 8, rx: 4, class: style })
      : draw("circle", { cx: from.toFixed(1), cy: n * row + 16, r: isFirst ? 7 : 5, class: style });
    dot.append(draw("title", {}, `${nameOf(one.article)}, ${when(one.article)}`));
    picture.append(dot);
  }
  const foot = height - 12;
  picture.append(draw("text", { x: left, y: foot, class: "quiet" }, whenAt(first)),
    draw("text", { x: right, y: foot, "text-anchor": "end", class: "quiet" }, whenAt(latest)));
  return el("div", { class: "scroll figure", tabindex: "0", role: "region", "aria-label": "How it spread" }, picture);
}

/** @param {Member[]} some @param {Story} story */
const memberList = (some, story) =>
  el("ol", { class: "members plain" }, some.map((member) => {
    const { article } = member;
    return el("li", { class: "member" },
      el("div", {}, el("h3", {}, articleLink(article)), el("p", { class: "byline" }, foreign(nameOf(article)), ` · ${when(article)}${lagOf(member, story)}`)),
      el("div", {}, bar(member), el("p", {}, ...madeOf(member, story)), el("p", { class: "byline" }, ...creditOf(member, story)), versionsOf(member)));
  }));

// Other captures of the page, which are no articles of their own.
/** @param {Member} member */
function versionsOf({ versions }) {
  if (!versions.length) return null;
  const links = versions.slice(0, 4).flatMap((at) => [", ", el("a", { href: articleAddress(at) }, when(articles[at]))]);
  return el("p", { class: "byline" }, `One of ${number(versions.length + 1)} versions of the page; others: `, ...links.slice(1), versions.length > 4 ? ", …" : null);
}

/** @param {Member} member @param {Story} story */
function lagOf(member, story) {
  if (story.earliest.includes(member.article.number)) return story.earliest.length > 1 ? " · among the first seen" : " · first seen";
  const first = story.earliest.find((at) => orderOf(member.article, articles[at]) === -1);
  return first !== undefined ? ` · ${tellLag(articles[first], member.article)}` : "";
}

/** @param {Member} member */
const ownShare = (member) => Math.max(0, 1 - member.taken.reduce((sum, [, share]) => sum + share, 0));

// Composition of the text as a bar; the sentence below it says the same.
/** @param {Member} member */
function bar(member) {
  /** @type {[number, string][]} */
  const parts = member.taken.slice(0, 4).map(([, share], n) => [share, `part-${n}`]);
  const rest = member.taken.slice(4).reduce((sum, [, share]) => sum + share, 0);
  // Without an earlier carrier, the bar has what later ones share.
  if (!parts.length) parts.push([member.coverage, "part-4"]);
  if (rest) parts.push([rest, "part-4"]);
  const box = el("div", { class: "bar", "aria-hidden": "true" });
  for (const [share, name] of parts) {
    if (share <= 0) continue;
    const piece = el("span", { class: name });
    piece.style.width = `${share * 100}%`;
    box.append(piece);
  }
  return box;
}

// Shared text is a fact and the source an inference, so they are stated separately.
/** @param {Member} member @param {Story} story */
function madeOf(member, story) {
  if (member.taken.length === 0) return tellElsewhere(member, story);
  const parts = member.taken.slice(0, 4).flatMap(([at, share, nEdits], n) => [
    n ? "; " : "", `${percent(share)} ${n ? "" : "shared "}with `, el("a", { href: articleAddress(at) }, nameIn(story, at)),
    nEdits ? ` (${count(nEdits, "word")} changed)` : "", `, ${tellOrder(member.article, articles[at])}`]);
  const more = member.taken.length - 4;
  if (more > 0) parts.push(`; some in ${count(more, "more article")}`);
  parts.push(ownShare(member) < 0.005 ? "." : `; ${percent(ownShare(member))} in none of these.`);
  return parts;
}

/** @param {Member} member @param {Story} story */
function tellElsewhere(member, story) {
  if (member.coverage === 0) return ["No text shared with other articles of this story."];
  const others = story.members.filter((at) => at !== member.article.number);
  const share = `${percent(member.coverage)} shared with `;
  if (others.length === 1) return [share, el("a", { href: articleAddress(others[0]) }, nameIn(story, others[0])), `, ${tellOrder(member.article, articles[others[0]])}.`];
  return [`${share}${others.every((at) => orderOf(member.article, articles[at]) === 1) ? "later" : "other"} articles.`];
}

/** @param {Article} article @param {Article} other */
function tellOrder(article, other) {
  const order = orderOf(article, other);
  return !order ? "order unknown" : order < 0 ? "which is earlier" : "which is later";
}

// An outlet owes itself no credit.
/** @param {Article} article @param {Article} other */
const isOwed = (article, other) =>
  orderOf(article, other) === -1 && (article.outlet < 0 || article.outlet !== other.outlet);

/** @param {Member} member @param {Story} story */
function creditOf(member, story) {
  const parts = [];
  const { origin } = member;
  if (member.credit) parts.push("Credits: ", foreign(member.credit), ". ");
  else if (member.taken.some(([at]) => isOwed(member.article, articles[at]))) parts.push("No credit found. ");
  if (isNamed(origin)) {
    const source = origin.source >= 0 ? nameIn(story, origin.source) : foreign(origin.agency);
    const isOfAll = origin.source >= 0 ? origin.source === story.origin.source : origin.agency === story.origin.agency;
    const how = isOfAll ? ["First written", "by "] : ["Taken", "from "];
    parts.push(`${how[0]}${isLikely(origin) ? ", most likely, " : " perhaps "}${how[1]}`, source, `: ${tellConfidence(origin.confidence)}`,
      origin.source >= 0 ? `, because ${BASES[origin.basis]}.` : ".");
  } else if (story.origin.source === member.article.number) {
    parts.push(`${isLikely(story.origin) ? "Most likely" : "Perhaps"} the first to write it: ${tellConfidence(story.origin.confidence)}, because ${BASES[story.origin.basis]}.`);
  } else if (!story.earliest.includes(member.article.number) && !member.taken.length) parts.push("Source not known.");
  if (origin.rivals.length) parts.push(" It might be ",
    ...origin.rivals.slice(0, 3).flatMap((at, n) => [n ? " or " : "", nameIn(story, at)]), " instead.");
  return parts;
}
