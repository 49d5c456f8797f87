// Paged lists, which keep the document small, and sortable tables.

// A page beyond the last one is marked, so that the address does without it.
/** @template T @template {Element} R @param {T[]} items @param {number} size @param {string} key @param {(some: T[]) => R} show */
function paged(items, size, key, show) {
  const nPages = Math.max(1, Math.ceil(items.length / size));
  const asked = Number(state.asked.get(key) ?? 1);
  const at = Math.min(asked, nPages) - 1;
  const shown = show(items.slice(at * size, (at + 1) * size));
  if (asked > nPages) shown.setAttribute("data-beyond", key);
  if (nPages === 1) return [shown];
  /** @param {number} page @param {string} label @param {string} name */
  const link = (page, label, name) =>
    page < 0 || page >= nPages
      ? el("span", { class: "button off", "aria-hidden": "true" }, label)
      : el("a", { class: "button", href: asking({ [key]: page + 1 }), "aria-label": name, "data-keep": key + label }, label);
  const pager = el("nav", { class: "pager", "aria-label": "Pages of the list" },
    link(at - 1, "‹ Previous", "Previous page"),
    el("span", {}, `Page ${number(at + 1)} of ${number(nPages)}`),
    link(at + 1, "Next ›", "Next page"));
  return [shown, pager];
}

// On a narrow screen a row is a card, and each cell has a label.
/** @template T @param {HTMLElement} row @param {Column<T>[]} columns */
function labeled(row, columns) {
  [...row.children].forEach((cell, n) => cell.setAttribute("data-label", columns[n][1]));
  return row;
}

/** @template T @param {Column<T>[]} columns @param {T[]} items @param {string} fallback @param {string} key @param {number} size @param {(item: T) => HTMLElement} row */
function sortable(columns, items, fallback, key, size, row) {
  const asked = state.asked.get(key) ?? fallback;
  const isUp = asked.endsWith("-up");
  const wanted = columns.find(([name]) => name === asked.replace(/-up$/, "")) ?? columns[0];
  const value = wanted[2];
  // Missing values come last in both directions.
  const sorted = items.map((item) => ({ item, by: value(item) })).sort(({ by: a }, { by: b }) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = typeof a === "string" ? a.localeCompare(String(b)) : a - Number(b);
    return isUp ? order : -order;
  });
  const heads = columns.map(([name, label]) => {
    const isSorted = name === wanted[0];
    const next = isSorted && !isUp ? `${name}-up` : name;
    return el("th", { scope: "col", "aria-sort": isSorted ? (isUp ? "ascending" : "descending") : null },
      el("a", { href: asking({ [key]: next, page: "" }), "data-keep": key + name }, label,
        el("span", { "aria-hidden": "true", class: "arrow" }, isSorted ? (isUp ? " ↑" : " ↓") : "")));
  });
  return paged(sorted.map(({ item }) => item), size, "page", (shown) =>
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" },
      el("table", { class: "cardlike" }, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, shown.map((item) => labeled(row(item), columns))))));
}

/** @param {Article} article */
const articleLink = (article, props = {}) =>
  el("a", { href: articleAddress(article.number), ...props }, foreign(article.headline));

/** @param {Article} article */
const byline = (article) =>
  el("span", { class: "byline" }, foreign(nameOf(article)), ` · ${when(article)}`);

/** @param {Pair} pair */
const joint = (pair) => el("span", { class: "quiet" }, pair.first >= 0 ? " and later " : " and ");

// Two articles and their strongest passages. Until these are loaded, the beginning of one.
/** @param {Pair} pair */
function pairCard(pair, nPassages = 2) {
  const [first, second] = inOrder(pair).map((one) => one.article);
  return el("article", { class: "card" },
    el("p", { class: "kicker" }, tellFitting(pair)),
    el("h3", {}, el("a", { href: pairAddress(pair) }, foreign(first.headline), first.headline === second.headline ? null : [joint(pair), foreign(second.headline)])),
    sampleOf(pair, nPassages, false),
    el("p", { class: "note" }, ...tellFirst(pair), " ", ...tellShare(pair)));
}

// So low that five of them are seen at once.
/** @param {Pair} pair */
const briefCard = (pair) =>
  el("article", { class: "card brief" },
    el("h3", { class: "kicker" }, el("a", { href: pairAddress(pair) }, tellFitting(pair),
      hidden(`: ${inOrder(pair).map(({ article }) => article.headline).join(", ")}`))),
    sampleOf(pair, 1, true));

/** @param {Pair} pair */
const tellFitting = (pair) => tellVersions(pair) + tellPassages(pair.codes.filter((code) => passageFits(code, filters())));

/** @param {Pair} pair */
const tellVersions = (pair) => (pair.isVersion ? "Versions of one page: " : "");

/** @param {Pair} pair @param {number} n @param {boolean} isTitled */
function sampleOf(pair, n, isTitled) {
  const sample = el("div", { class: "sample" }, el("blockquote", {}, foreign(pair.snippet)));
  bothTexts(pair, n, isTitled).then((found) => { if (found.length) sample.replaceChildren(...found); }).catch(() => {});
  return sample;
}

/** @param {Pair} pair @param {number} n @param {boolean} isTitled */
async function bothTexts(pair, n, isTitled) {
  const sides = inOrder(pair);
  const [passages, ...texts] = await Promise.all([passagesOf(pair, filters()), ...sides.map((one) => textOf(one.article.number))]);
  const best = passages.sort((a, b) => keptWords(b) - keptWords(a)).slice(0, n);
  return best.map((passage) => bothSides(passage, sides, texts, "short", isTitled));
}

// More of a passage than a list shows, on paper too; a long one would cost time to lay out.
const MOST_LISTED = 2000;

/** @param {Passage} passage @returns {Passage} */
function beginningOf(passage) {
  /** @type {(span: Span) => Span} */
  const cut = ([from, to]) => [from, Math.min(to, from + MOST_LISTED)];
  return { ...passage, spans: [cut(passage.spans[0]), cut(passage.spans[1])] };
}

/** @param {Passage} passage @param {Side[]} sides @param {ArticleText[]} texts */
const bothSides = (passage, sides, texts, style = "", isTitled = false) =>
  el("div", { class: "both" }, sides.map(({ article, side }, place) => {
    const box = el("div", { dir: "auto", class: `prose said ${kindOf(passage.code)}-side ${style}` });
    box.append(paintPassage(texts[place], style ? beginningOf(passage) : passage, side, place));
    return el("figure", {}, el("figcaption", {}, isTitled ? articleLink(article, { class: "title" }) : null,
      el("span", { class: "by" }, foreign(nameOf(article)), ` · ${when(article)}`)), box);
  }));
