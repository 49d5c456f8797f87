// Views of one article and of the search.

const MAX_MARKED = 20;

/** @param {Article} article @returns {Promise<View>} */
async function showArticle(article) {
  const wanted = filters();
  const own = pairsOf.get(article.number) ?? [];
  const shown = strongestFirst(own.filter((pair) => pair.codes.some((code) => passageFits(code, wanted))), wanted);
  const ownStories = storiesOf.get(article.number) ?? [];
  const isAsked = article.number === core.run.asked;
  const counted = own.filter((pair) => pair.codes.some(isListed)).length;
  const unseen = tellHidden(own, wanted);
  say(`${count(shown.length, "article")} share text with this one.`);
  return {
    title: `Article: ${article.headline}`,
    parts: [
      el("p", { class: "kicker" }, isAsked ? "Looked up in an index" : "Article"),
      el("h1", { class: "small", tabindex: "-1" }, foreign(article.headline)),
      el("p", { class: "lede" }, article.coverage > 0
        ? `${percent(article.coverage)} of this article is shared with ${counted === 1 ? "another one" : "other ones"}.`
        : counted ? "Little of this article is shared with others." : "This article shares no text with others.",
        unseen ? ` ${unseen}` : null),
      isAsked ? el("p", { class: "quiet" }, "Stored articles are not compared with one another here. ", el("a", { href: "/" }, "Look up another text")) : null,
      facts([
        ["Outlet", foreign(outletOf(article))], ["Published", when(article)], ["Id", foreign(article.id)],
        ...(article.url ? [["Address", webLink(article.url, foreign(article.url))]] : []),
        ...(ownStories.length ? [["Stories", ...ownStories.slice(0, 10).flatMap((story, n) => [n ? "; " : "", el("a", { href: storyAddress(story) }, foreign(story.headline))])]] : []),
      ]),
      shown.length ? section("shared", `Shares text with ${count(shown.length, "article")}`, pairsCsv(shown), ...paged(shown, CARDS, "cards", (some) =>
        el("div", { class: "cards" }, some.map((pair) => pairCard(pair))))) : null,
      await markedText(article, shown.slice(0, MAX_MARKED), wanted),
    ],
  };
}

/** @param {Article} article @param {Pair[]} shown @param {Filters} wanted */
async function markedText(article, shown, wanted) {
  if (article.chunk < 0) return el("p", { class: "quiet" }, "This report omits texts that share nothing.");
  const text = await textOf(article.number);
  const found = await Promise.all(shown.map((pair) => passagesOf(pair, wanted)));
  const spans = found.flatMap((passages, n) => {
    const side = shown[n].a === article.number ? 0 : 1;
    return passages.map((one) => ({ span: one.spans[side], n: one.n, code: one.code, pair: shown[n] }));
  });
  const box = el("div", { class: "prose whole", dir: "auto" });
  let at = 0;
  for (const { from, to, n, code, pair } of clipped(spans, 0, text.length)) {
    const other = articles[pair.a === article.number ? pair.b : pair.a];
    box.append(...paintPlain(text, at, from), el("mark", { class: classOf(code) },
      el("a", { class: "number", href: pairAddress(pair, { passage: n + 1 }), title: `Compare with ${nameOf(other)}`, "aria-label": `${tellKind(code)}, compare with ${nameOf(other)}` }, "⇄"), text.cut(from, to)));
    at = to;
  }
  box.append(...paintPlain(text, at, text.length));
  return section("text", "The text", box);
}

/** @returns {View} */
function showArticles() {
  const wanted = filters();
  const query = (state.asked.get("find") ?? "").trim();
  const found = namedLike(query).filter((one) =>
    articleFits(one, wanted) && (!asksForPassages(wanted) || somePassageFits(pairsOf.get(one.number) ?? [], wanted)));
  say(`${count(found.length, "article")} found.`);
  /** @type {Column<Article>[]} */
  const columns = [
    ["title", "Article", (one) => one.headline],
    ["outlet", "Outlet", (one) => outletOf(one)],
    ["when", "Published", (one) => one.seconds],
    ["share", "Shared text", (one) => one.coverage],
    ["pairs", "Shares text with", (one) => partnersOf(one, wanted)],
  ];
  /** @param {Article} one */
  const row = (one) => el("tr", {},
    el("th", { scope: "row" }, articleLink(one)), el("td", {}, foreign(outletOf(one))), el("td", {}, when(one)),
    el("td", { class: "n" }, percent(one.coverage)), el("td", { class: "n" }, number(partnersOf(one, wanted))));
  return {
    title: "Articles",
    parts: [
      el("h1", { tabindex: "-1" }, query ? ["Articles with “", foreign(query), "”"] : "Articles"),
      el("p", { class: "lede" }, `${count(found.length, "article")} found.`),
      found.length ? el("p", { class: "actions" }, articlesCsv(found)) : null,
      found.length ? sortable(columns, found, "share", "sort", 50, row) : null,
    ].flat(),
  };
}
