// Search for a phrase in all texts of the page.

const MAX_HITS = 50;
const AROUND = 90;

// Words in a row, whatever is between them and however it is written. Scripts without spaces have no word ends.
/** @param {string} phrase */
function phrasePattern(phrase) {
  const words = phrase.normalize("NFC").match(/[\p{L}\p{N}\p{M}]+/gu);
  if (!words) return null;
  const [first, last] = [words[0], words[words.length - 1]];
  const start = /^\p{Lo}/u.test(first) ? "" : "(?<![\\p{L}\\p{N}\\p{M}])";
  const end = /\p{Lo}$/u.test(last) ? "" : "(?![\\p{L}\\p{N}\\p{M}])";
  return new RegExp(`${start}${words.join("[^\\p{L}\\p{N}]+")}${end}`, "giu");
}

/** @param {string} text @param {RegExp} pattern */
function hitIn(text, pattern) {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return null;
  const { index, 0: phrase } = found[0];
  const [from, to] = [Math.max(0, index - AROUND), index + phrase.length + AROUND];
  // Half a word at an end, or half a wide character, is left out.
  const before = from ? `… ${text.slice(from, index).replace(/^\S*\s/, "")}` : text.slice(0, index);
  const rest = text.slice(index + phrase.length, to);
  const after = to < text.length ? `${rest.replace(/\s\S*$/, "")} …` : rest;
  return { n: found.length, parts: /** @type {Hit["parts"]} */ ([before, phrase, after]) };
}

// All texts, chunk by chunk, past the cache, which is for what is looked at.
/** @param {() => boolean} isWanted */
async function* textChunks(isWanted) {
  const nChunks = articles.reduce((most, one) => Math.max(most, one.chunk + 1), 0);
  for (let at = 0; at < nChunks && isWanted(); at += 1) {
    yield readChunk(`texts-${at}`);
    if (at % 20 === 19) say(`${at + 1} of ${nChunks} parts searched.`);
  }
}

/** @param {RegExp} pattern @param {Filters} wanted @param {() => boolean} isWanted */
async function findHits(pattern, wanted, isWanted) {
  /** @type {Hit[]} */
  const hits = [];
  for await (const rows of textChunks(isWanted)) {
    for (const [at, [text]] of rows) {
      const hit = articleFits(articles[at], wanted) ? hitIn(text.normalize("NFC"), pattern) : null;
      if (hit) hits.push({ article: articles[at], n: hit.n, parts: hit.parts });
    }
  }
  /** @param {Hit} hit */
  const time = ({ article }) => article.seconds ?? Infinity;
  return hits.sort((one, other) => time(one) - time(other) || one.article.number - other.article.number);
}

/** @param {string} query */
function namedLike(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return articles.filter((one) => {
    const known = `${one.headline} ${one.id} ${outletOf(one)}`.toLowerCase();
    return words.every((word) => known.includes(word));
  });
}

/** @returns {Promise<View>} */
async function showSearch() {
  const query = (state.asked.get("find") ?? "").trim();
  const wanted = filters();
  const pattern = phrasePattern(query);
  const ticket = shownFor;
  const hits = pattern ? await findHits(pattern, wanted, () => ticket === shownFor) : [];
  const named = pattern ? namedLike(query).filter((one) => articleFits(one, wanted)) : [];
  const title = hits.length ? `${count(hits.length, "article")} ${hits.length === 1 ? "carries" : "carry"} this` : "No text carries this";
  say(title);
  return {
    title: `Search: ${query}`,
    parts: [
      el("p", { class: "kicker" }, "Search"),
      el("h1", { tabindex: "-1" }, pattern ? `${title}: ` : "Type a phrase of the text to search for", pattern ? ["“", foreign(query), "”"] : null),
      hits.length ? el("p", { class: "lede" }, ...tellHits(hits)) : null,
      pattern ? el("p", { class: "quiet" }, ...tellSearched()) : null,
      ...(hits.length ? [articlesCsv(hits.map(({ article }) => article)), ...paged(hits, MAX_HITS, "page", hitList)] : []),
      named.length ? section("named", "By headline, outlet or name",
        el("ul", { class: "plain rows" }, named.slice(0, 10).map((one) => el("li", {}, articleLink(one), " ", byline(one)))),
        named.length > 10 ? el("p", {}, el("a", { href: address("articles", [], { find: query }) }, `All ${number(named.length)} articles`)) : null) : null,
    ],
  };
}

// The articles of this page add up to all: those that share text, those whose passages are not shown, and the others.
function tellSearched() {
  const nSearched = articles.filter((one) => one.chunk >= 0).length;
  const nMissing = articles.length - nSearched;
  return [`Searched: the texts of ${count(nSearched, "article")} that share passages`,
    nOnlyHidden ? `, ${number(nOnlyHidden)} of them only passages that are not shown by default` : "", ".",
    nMissing ? ` Not searched: ${count(nMissing, "article")} without any, because this page has no text of ${nMissing === 1 ? "it" : "them"}.` : ""];
}

/** @param {Hit[]} hits */
function tellHits(hits) {
  const dated = hits.map(({ article }) => article).filter((one) => one.seconds !== null);
  const outletsOfHits = new Set(hits.map(({ article }) => article.outlet).filter((at) => at >= 0));
  /** @type {(string | HTMLElement)[]} */
  const parts = outletsOfHits.size ? [`From ${count(outletsOfHits.size, "outlet")}. `] : [];
  if (dated.length === 0) return [...parts, hits.length > 1 ? "None has a date, so nothing is known of their order." : "It has no date."];
  const isAlone = dated.slice(1).every((other) => orderOf(dated[0], other) === 1);
  const undated = hits.length - dated.length;
  if (hits.length > 1) {
    parts.push(...(isAlone ? ["The earliest with a date is ", foreign(nameOf(dated[0])), `, ${when(dated[0])}. `] : [`Which of them was first is not known: ${tellTie([dated[0], ...dated.slice(1).filter((one) => orderOf(dated[0], one) !== 1)])}. `]));
  }
  return [...parts, undated ? `${count(undated, "article has", "articles have")} no date.` : ""];
}

/** @param {Hit[]} some */
const hitList = (some) =>
  el("ol", { class: "plain rows" }, some.map(({ article, parts: [before, phrase, after], n }) => el("li", {},
    el("h2", { class: "small" }, articleLink(article)), el("p", { class: "byline" }, foreign(nameOf(article)), ` · ${when(article)}${n > 1 ? ` · ${n} times` : ""}`),
    el("blockquote", {}, el("bdi", { dir: "auto" }, before, el("mark", { class: "passage verbatim" }, phrase), after)))));
