// Wording of dates, shares, order and confidence.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** @param {number} n */
const pad = (n) => String(n).padStart(2, "0");
/** @param {number} n */
const number = (n) => n.toLocaleString("en");
/** @param {number} n @param {string} one */
const count = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

// The date in the zone of the article, which is that of its outlet.
/** @param {Article} article */
const dateOf = (article) => article.published.slice(0, 10);

/** @param {string} date */
function tellDay(date) {
  const [year, month, day] = date.split("-").map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

// Date, time and zone of the article, as `date_of` of naming.py.
/** @param {Article} article */
function when(article) {
  if (article.seconds === null) return "no date";
  if (article.isDay) return tellDay(dateOf(article));
  const [, zone = ""] = article.published.match(/([+-]\d\d:\d\d\S*)$/) ?? [];
  return `${tellDay(dateOf(article))}, ${article.published.slice(11, 16)} UTC${zone === "+00:00" ? "" : zone}`;
}

// In the largest unit that gives two or more, as `_duration` of naming.py.
/** @param {number} seconds */
function duration(seconds) {
  /** @type {[string, number][]} */
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = units.find(([, length]) => seconds >= 2 * length) ?? units[2];
  return count(Math.floor(seconds / size + 0.5), unit);
}

const DAY = 86400;
const TIE = 600; // of dates.py: closer dates are a tie

// The days of a date in its own zone and in UTC, in order.
/** @param {Article} article */
function daysOf(article) {
  const own = Date.parse(`${dateOf(article)}T00:00:00Z`) / (1000 * DAY);
  const utc = Math.floor(Number(article.seconds) / DAY);
  return [Math.min(own, utc), Math.max(own, utc)];
}

// The least number of whole days from one article to another if either has no time, as find_days
// of dates.py; null if both have one.
/** @param {Article} first @param {Article} second */
function daysBetween(first, second) {
  if (!first.isDay && !second.isDay) return null;
  const [from, to] = [daysOf(first), daysOf(second)];
  return Math.max(to[0] - from[1], 0) + Math.min(to[1] - from[0], 0);
}

// -1 if the second was surely first, 1 if it was surely later, 0 for a tie, as `who_was_first` of dates.py.
/** @param {Article} first @param {Article} second */
function orderByDate(first, second) {
  const days = daysBetween(first, second);
  const lag = Number(second.seconds) - Number(first.seconds);
  return days === null ? (Math.abs(lag) <= TIE ? 0 : Math.sign(lag)) : Math.sign(days);
}

// As `tell_lag` of naming.py.
/** @param {Article} first @param {Article} second */
function tellLag(first, second) {
  const days = daysBetween(first, second);
  if (days === null) return `${duration(Number(second.seconds) - Number(first.seconds))} later`;
  return days === 1 ? "the next day" : `${count(days, "day")} later`;
}

/** @template T @param {T[]} items @param {(item: T) => number} measure */
const greatest = (items, measure) => items.reduce((best, one) => (measure(one) > measure(best) ? one : best));

// Seconds of a lag; one in days counts as that many times 24 hours.
/** @param {[Article, Article]} lag */
const lengthOf = ([first, last]) => (daysBetween(first, last) ?? (Number(last.seconds) - Number(first.seconds)) / DAY) * DAY;

// The two articles with the greatest sure lag, or null, as `find_lag` of dates.py.
/** @param {Article[]} dated @returns {[Article, Article] | null} */
function greatestLag(dated) {
  const [days, times] = [true, false].map((isDay) => dated.filter((one) => Boolean(one.isDay) === isDay));
  /** @type {[Article, Article][]} */
  const lags = [];
  if (times.length) lags.push([greatest(times, (one) => -Number(one.seconds)), greatest(times, (one) => Number(one.seconds))]);
  for (const [some, others] of days.length ? [[days, dated], [dated, days]] : []) {
    lags.push([greatest(some, (one) => -daysOf(one)[1]), greatest(others, (one) => daysOf(one)[0])]);
  }
  const sure = lags.filter(([first, last]) => orderByDate(first, last) === 1);
  return sure.length ? greatest(sure, lengthOf) : null;
}

/** @param {Story} story */
const datedOf = (story) => story.members.map((at) => articles[at]).filter((one) => one.seconds !== null);

// How much later than another the last article of a story surely is, as `tell_spread` of naming.py.
/** @param {Story} story */
function tellSpread(story) {
  const dated = datedOf(story);
  if (dated.length < 2) return null;
  const lag = greatestLag(dated);
  if (lag) return `the last one ${tellLag(...lag)}`;
  if (!dated.some((one) => one.isDay)) return "within 10 minutes";
  // A tie of two dates may have any order and any lag.
  return dated.every((one) => dateOf(one) === dateOf(dated[0])) ? "on one day" : null;
}

/** @param {number} share */
function percent(share) {
  const n = share * 100;
  if (n > 0 && n < 1) return "less than 1\u00a0%";
  return `${n > 99 && n < 100 ? 99 : Math.round(n)}\u00a0%`;
}

/** @param {Article} article */
const outletOf = (article) => (article.outlet < 0 ? "unknown outlet" : outlets[article.outlet]);
// Name of an article in a sentence: its outlet, or its id if the outlet is unknown.
/** @param {Article} article */
const nameOf = (article) => (article.outlet < 0 ? article.id : outlets[article.outlet]);

// A code holds what lists and filters need of a passage; see `_code` of rows.py.
const KINDS = ["verbatim", "edited", "reworded"];
const KIND_TITLES = [
  "verbatim: at least 95\u00a0% of the words are the same, and no fact differs",
  "edited: at least half of the words are the same",
  "reworded: fewer than half of the words are the same",
];
const ROLES = ["text", "quotation", "formula", "furniture"];
/** @param {number} code */
const kindOf = (code) => KINDS[code & 3];
/** @param {number} code */
const hasQuote = (code) => (code & 4) > 0;
/** @param {number} code */
const roleOf = (code) => ROLES[(code >> 3) & 3];
/** @param {number} code */
const isQuotation = (code) => roleOf(code) === "quotation";
/** @param {number} code */
const isNoise = (code) => (code & 16) > 0;
/** @param {number} code */
const sureOf = (code) => (code >> 5) & 127;
/** @param {number} code */
const isListed = (code) => !isNoise(code) && sureOf(code) >= core.run.leastSure;
// Too large for bit operations.
/** @param {number} code */
const wordsOf = (code) => Math.floor(code / 4096);
/** @param {number} code */
const tellSure = (code) => `${sureOf(code)}\u00a0% sure`;

// Kind and role, as `_kind` of terminal.py.
/** @param {number} code */
function tellKind(code) {
  if (roleOf(code) !== "text") return `${kindOf(code)}, ${roleOf(code)}`;
  return hasQuote(code) ? `${kindOf(code)}, contains a quotation` : kindOf(code);
}

/** @param {number[]} codes */
function tellPassages(codes) {
  if (codes.length === 1) return `1 passage, ${count(wordsOf(codes[0]), "word")}, ${tellKind(codes[0])}, ${tellSure(codes[0])}`;
  const total = codes.reduce((sum, code) => sum + wordsOf(code), 0);
  const kinds = KINDS.map((name) => [name, codes.filter((code) => kindOf(code) === name).length]);
  const kindCounts = kinds.filter(([, n]) => n).map(([name, n]) => (n === codes.length ? name : `${n} ${name}`));
  const sure = Math.max(...codes.map(sureOf));
  return `${count(codes.length, "passage")}, ${count(total, "word")}, ${kindCounts.join(", ")}, up to ${sure}\u00a0% sure`;
}

// Expected shared words, so that a long copy comes before a short one.
/** @param {Pair} pair @param {Filters} wanted */
const strengthOf = (pair, wanted) =>
  pair.similarity * pair.codes.reduce((sum, code) => sum + (passageFits(code, wanted) ? wordsOf(code) * sureOf(code) : 0), 0);
/** @param {Passage} passage */
const keptWords = ({ code, identity }) => wordsOf(code) * sureOf(code) * identity;

/** @param {Pair[]} some @param {Filters} wanted */
const strongestFirst = (some, wanted) =>
  some.map((pair) => ({ pair, by: strengthOf(pair, wanted) })).sort((one, other) => other.by - one.by).map(({ pair }) => pair);

// The earlier article first; a and b if the order is unknown.
/** @param {Pair} pair @returns {[Side, Side]} */
function inOrder(pair) {
  /** @type {Side} */
  const a = { article: articles[pair.a], coverage: pair.coverA, side: 0 };
  /** @type {Side} */
  const b = { article: articles[pair.b], coverage: pair.coverB, side: 1 };
  return pair.first === 1 ? [b, a] : [a, b];
}

// -1 if the other article was first, 1 if it came later, 0 if both are of one time,
// null if unknown.
/** @param {Article} article @param {Article} other */
function orderOf(article, other) {
  const pair = (pairsOf.get(article.number) ?? []).find((one) => one.a === other.number || one.b === other.number);
  if (article.seconds === null || other.seconds === null) return null;
  if (pair) return pair.first < 0 ? 0 : (pair.first === 0) === (pair.a === other.number) ? -1 : 1;
  return orderByDate(article, other);
}

// Two articles of one outlet cannot be named by outlet.
/** @param {Article} first @param {Article} second */
function namesOf(first, second) {
  if (nameOf(first) === nameOf(second)) return [["One article"], ["the other"]];
  return [[foreign(nameOf(first))], [foreign(nameOf(second))]];
}

// Why the order of some articles with dates is unknown.
/** @param {Article[]} tied */
function tellTie(tied) {
  const nDays = tied.filter((one) => one.isDay).length;
  if (nDays === 0) return "their dates are too close to tell";
  if (nDays === tied.length) return `${tied.length === 2 ? "neither" : "none"} of them has a time`;
  return nDays === 1 ? "one of them has no time" : `${number(nDays)} of them have no time`;
}

/** @param {Pair} pair */
function tellFirst(pair) {
  const [first, second] = inOrder(pair).map((one) => one.article);
  if (pair.first === -2) return [`Which was first is unknown: ${tellTie([first, second])}.`];
  if (pair.first === -1) {
    const undated = [first, second].filter((one) => one.seconds === null);
    if (undated.length === 2) return ["Neither article has a date, so their order is unknown."];
    return [foreign(nameOf(undated[0])), " has no date, so the order is unknown."];
  }
  const names = namesOf(first, second);
  return [...names[0], ` was first, ${when(first)}; `, ...names[1], ` came ${tellLag(first, second)}.`];
}

/** @param {Pair} pair */
function tellShare(pair) {
  const [first, second] = inOrder(pair);
  if (nameOf(first.article) === nameOf(second.article)) {
    const order = pair.first >= 0 ? ["later", "earlier"] : ["second", "first"];
    return [`Of two articles of `, foreign(nameOf(first.article)), `, the ${order[0]} one shares ${percent(second.coverage)} of its text with the ${order[1]} one, and ${percent(first.coverage)} the other way round.`];
  }
  const earlier = first.article.outlet < 0 ? [foreign(first.article.id)] : ["the ", foreign(nameOf(first.article)), " article"];
  return [foreign(nameOf(second.article)), ` shares ${percent(second.coverage)} of its text with `, ...earlier, `, and ${percent(first.coverage)} the other way round.`];
}

const BASES = {
  credit: "others credit it",
  link: "others link to it",
  wire: "the articles credit this agency",
  "": "",
};

// Word and figure come from the same rounded number.
/** @param {number} confidence */
const inPercent = (confidence) => (confidence < 1 ? Math.min(99, Math.round(confidence * 100)) : 100);

/** @param {number} confidence */
function tellConfidence(confidence) {
  /** @type {[number, string][]} */
  const steps = [[95, "almost certain"], [80, "very likely"], [65, "likely"], [61, "more likely than not"]];
  const [, word] = steps.find(([least]) => inPercent(confidence) >= least) ?? [0, "one of several candidates"];
  return `${word} (${inPercent(confidence)}\u00a0%)`;
}

// Near one half, another answer is as good: not "most likely".
/** @param {Origin} origin */
const isLikely = (origin) => inPercent(origin.confidence) > 60;
/** @param {Origin} origin */
const isNamed = (origin) => origin.source >= 0 || Boolean(origin.agency);
/** @param {Origin} origin */
const tellHead = (origin) => (isLikely(origin) ? "Most likely source" : "Perhaps the source");

const OPS = ["kept", "inflected", "substituted", "inserted", "deleted", "moved"];
// Tooltips of words on the left and on the right; the left article is the earlier one.
/** @type {Record<string, [left: string, right: string]>} */
const EDITS = {
  inflected: ["another form of the word", "another form of the word"],
  substituted: ["replaced in the other article", "replaces words of the other article"],
  only: ["not in the other article", "not in the other article"],
  moved: ["elsewhere in the other article", "elsewhere in the other article"],
};
