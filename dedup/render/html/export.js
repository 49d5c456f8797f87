// Take something along: a passage with its citation, a table as CSV.

/** @param {string} text */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // an old browser, or no permission
    const box = el("textarea", { class: "hidden", "aria-hidden": "true" });
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
}

// Text, source and place, so that a reader of the citation finds it.
/** @param {Article} article @param {ArticleText} text @param {Span} span */
function citation(article, text, span) {
  const words = text.cut(...span).replace(/\s+/g, " ").trim();
  const source = [article.headline, outletOf(article), when(article), article.url].filter(Boolean).join(", ");
  return `“${words}”\n— ${source} (${article.id}, characters ${span[0]}–${span[1]})`;
}

/** @param {Passage} passage @param {Side[]} sides @param {ArticleText[]} texts */
const citations = (passage, sides, texts) =>
  sides.map(({ article, side }, n) => citation(article, texts[n], passage.spans[side])).join("\n\n");

/** @param {string} label @param {() => string} text */
function copyButton(label, text, name = label) {
  const button = el("button", { type: "button", class: "button", "aria-label": name, onclick: async () => {
    await copyText(text());
    say("Copied, with its citation.");
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  } }, label);
  return button;
}

// A cell of text that begins like a formula would be computed by a spreadsheet.
/** @param {string | number | null} value */
function csvCell(value) {
  if (typeof value !== "string") return value === null ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll("\"", "\"\"")}"` : safe;
}

/** @param {(string | number | null)[][]} rows */
const csvOf = (rows) => `\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;

/** @param {string} name @param {string[]} heads @param {() => (string | number | null)[][]} rows */
function csvButton(name, heads, rows) {
  return el("button", { type: "button", class: "button", onclick: () => {
    const url = URL.createObjectURL(new Blob([csvOf([heads, ...rows()])], { type: "text/csv" }));
    el("a", { href: url, download: `${name}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  } }, "Save as CSV");
}

const ARTICLE_HEADS = ["id", "headline", "outlet", "published", "url"];
/** @param {Article} article @returns {(string | number | null)[]} */
const articleCells = (article) =>
  [article.id, article.headline, article.outlet < 0 ? null : outlets[article.outlet], article.published || null, article.url || null];

/** @param {Pair[]} some */
function pairsCsv(some) {
  const heads = ["order", "similarity", "passages", "words", ...["first", "second"].flatMap((which) =>
    [...ARTICLE_HEADS, "share"].map((head) => `${which}_${head}`))];
  return csvButton("pairs", heads, () => some.map((pair) => {
    const sides = inOrder(pair);
    const shown = pair.codes.filter((code) => passageFits(code, filters()));
    const words = shown.reduce((sum, code) => sum + wordsOf(code), 0);
    const cells = sides.map(({ article, coverage }) => articleCells(article).concat(coverage));
    /** @type {(string | number | null)[]} */
    const row = [pair.first >= 0 ? "known" : "unknown", pair.similarity, shown.length, words];
    return row.concat(...cells);
  }));
}

/** @param {Article[]} some */
const articlesCsv = (some) => csvButton("articles", [...ARTICLE_HEADS, "share", "in_articles"], () =>
  some.map((one) => articleCells(one).concat(one.coverage, partnersOf(one, filters()))));

/** @param {Passage[]} passages @param {Side[]} sides @param {ArticleText[]} texts */
const passagesCsv = (passages, sides, texts) =>
  csvButton("passages", ["passage", "kind", "role", "words", "same", "sure", ...["first", "second"].flatMap((which) =>
    ["id", "start", "end", "text"].map((head) => `${which}_${head}`))], () =>
    passages.map((one) => {
      const cells = sides.map(({ article, side }, n) => [article.id, one.spans[side][0], one.spans[side][1], texts[n].cut(...one.spans[side])]);
      return [one.n + 1, kindOf(one.code), roleOf(one.code), wordsOf(one.code), one.identity, sureOf(one.code) / 100].concat(...cells);
    }));
