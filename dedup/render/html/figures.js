// Figures of what fits the filters: which outlet published later than which, and when.

const MAX_OUTLETS = 12;
const MAX_BARS = 60;

// Pairs of two outlets in known order; the others are counted by why they are none.
/** @param {Pair[]} some */
function betweenOutlets(some) {
  const left = { order: 0, own: 0, unnamed: 0 };
  /** @type {Map<number, Map<number, number>>} */
  const cells = new Map();
  /** @type {Map<number, number>} */
  const sizes = new Map();
  for (const pair of some) {
    const [first, second] = inOrder(pair).map(({ article }) => article.outlet);
    if (first < 0 || second < 0) left.unnamed += 1;
    else if (first === second) left.own += 1;
    else if (pair.first < 0) left.order += 1;
    else {
      if (!cells.has(second)) cells.set(second, new Map());
      cells.get(second)?.set(first, (cells.get(second)?.get(first) ?? 0) + 1);
      for (const one of [first, second]) sizes.set(one, (sizes.get(one) ?? 0) + 1);
    }
  }
  const ranked = [...sizes].sort(([a, n], [b, m]) => m - n || a - b).map(([outlet]) => outlet);
  return { cells, left, names: ranked.slice(0, MAX_OUTLETS), nOutlets: ranked.length };
}

/** @param {Pair[]} some */
function matrixSection(some) {
  const { cells, left, names, nOutlets } = betweenOutlets(some);
  if (names.length === 0) return null;
  /** @param {number} later @param {number} earlier */
  const countOf = (later, earlier) => cells.get(later)?.get(earlier) ?? 0;
  const most = Math.max(...names.flatMap((later) => names.map((earlier) => countOf(later, earlier))));
  const inside = names.reduce((sum, later) => sum + names.reduce((own, earlier) => own + countOf(later, earlier), 0), 0);
  const all = some.length - left.order - left.own - left.unnamed;
  const missing = [
    left.order && `${count(left.order, "pair")} in unknown order`, left.own && `${count(left.own, "pair")} within one outlet`,
    left.unnamed && `${count(left.unnamed, "pair")} with an unknown outlet`,
    all - inside && `${count(all - inside, "pair")} of ${count(nOutlets - names.length, "other outlet")}`,
  ].filter(Boolean);
  return section("matrix", "Shared text between outlets",
    el("p", { class: "quiet" }, "Pairs of articles that share text. The outlet of the row published later, that of the column earlier; later does not mean copied. A number opens its pairs.",
      missing.length ? ` Not counted: ${missing.join(", ")}.` : null),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Shared text between outlets" },
      el("table", { class: "matrix" },
        el("thead", {}, el("tr", {}, el("td", {}, "later ↓ earlier →"), names.map((one) => el("th", { scope: "col" }, foreign(outlets[one]))))),
        el("tbody", {}, names.map((later) => el("tr", {}, el("th", { scope: "row" }, foreign(outlets[later])),
          names.map((earlier) => matrixCell(later, earlier, countOf(later, earlier), most))))))));
}

/** @param {number} later @param {number} earlier @param {number} n @param {number} most */
function matrixCell(later, earlier, n, most) {
  if (n === 0) return el("td", { class: later === earlier ? "own" : null });
  const tone = 1 + Math.round((4 * Math.log(n)) / Math.log(Math.max(most, 10)));
  const href = address("pairs", [], { later: outlets[later], earlier: outlets[earlier] });
  return el("td", { class: `tone-${tone}` },
    el("a", { href, "aria-label": `${outlets[later]} later than ${outlets[earlier]}: ${count(n, "pair")}` }, number(n)));
}

/** @type {[name: string, months: number, seconds: number][]} */
const UNITS = [["minute", 0, 60], ["hour", 0, 3600], ["day", 0, DAY], ["week", 0, 7 * DAY],
  ["month", 1, 0], ["quarter", 3, 0], ["year", 12, 0], ["decade", 120, 0], ["century", 1200, 0]];

const N_OF_TIME = 2; // minutes and hours

/** @param {number} months */
function monthStart(months) {
  const at = new Date(0);
  at.setUTCFullYear(Math.floor(months / 12), months % 12, 1); // Date.UTC takes year 50 for 1950
  return at.getTime() / 1000;
}

// The start of the bar of a moment, or of one of the next bars. Weeks begin on Mondays.
/** @param {number} seconds @param {(typeof UNITS)[number]} unit */
function floorTo(seconds, [, months, size], steps = 0) {
  if (size) {
    const offset = size === 7 * DAY ? 4 * DAY : 0; // 1 January 1970 was a Thursday
    return (Math.floor((seconds - offset) / size) + steps) * size + offset;
  }
  const at = new Date(seconds * 1000);
  return monthStart((Math.floor((at.getUTCFullYear() * 12 + at.getUTCMonth()) / months) + steps) * months);
}

/** @param {number} start @param {string} unit */
function nameOfBar(start, unit) {
  const at = new Date(start * 1000);
  const time = `${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
  if (unit === "minute" || unit === "hour") return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${time} UTC`;
  if (unit === "day" || unit === "week") return tellDay(at.toISOString().slice(0, 10));
  return unit === "month" || unit === "quarter" ? `${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}` : String(at.getUTCFullYear());
}

// The middle 98 % of dates, so that one wrong date does not squeeze the others.
/** @param {number[]} times */
function middleOf(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const cut = Math.floor(sorted.length / 100);
  return { from: sorted[cut], to: sorted[sorted.length - 1 - cut] };
}

/** @param {number[]} times @param {typeof UNITS} units */
function unitOf(times, units) {
  const { from, to } = middleOf(times);
  const unit = units.find((one) => floorTo(from, one, MAX_BARS) > to);
  return unit ? { unit, from, to } : null;
}

// Bars of hours and minutes are in UTC, those of days in the zone of each article.
/** @param {Article[]} dated @param {Set<number>} sharing */
function barsOf(dated, sharing) {
  const hasDays = dated.some((one) => one.isDay);
  const byTime = hasDays ? null : unitOf(dated.map((one) => Number(one.seconds)), UNITS.slice(0, N_OF_TIME));
  const times = dated.map((one) => (byTime ? Number(one.seconds) : Date.parse(`${dateOf(one)}T00:00:00Z`) / 1000));
  const { unit, from, to } = byTime ?? unitOf(times, UNITS.slice(N_OF_TIME)) ?? { unit: UNITS[UNITS.length - 1], ...middleOf(times) };
  /** @type {Map<number, Bar>} */
  const bars = new Map();
  for (let start = floorTo(from, unit), n = 1; start <= to; start = floorTo(from, unit, n), n += 1) {
    bars.set(start, { start, name: nameOfBar(start, unit[0]), sharing: 0, others: 0 });
  }
  const outside = { before: 0, after: 0 };
  dated.forEach((one, n) => {
    const bar = bars.get(floorTo(times[n], unit));
    if (bar) bar[sharing.has(one.number) ? "sharing" : "others"] += 1;
    else outside[times[n] < from ? "before" : "after"] += 1;
  });
  return { unit: unit[0], bars: [...bars.values()], outside };
}

/** @param {Article[]} some @param {Pair[]} fitting */
function timelineSection(some, fitting) {
  const dated = some.filter((one) => one.seconds !== null);
  if (dated.length < 2 || fitting.length === 0) return null;
  const sharing = new Set(fitting.flatMap((pair) => [pair.a, pair.b]));
  const { unit, bars, outside } = barsOf(dated, sharing);
  if (bars.length < 2) return null;
  const summary = [`${count(dated.length, "article")} with a date, by ${unit}; ${number(dated.filter((one) => sharing.has(one.number)).length)} share text.`,
    outside.before + outside.after ? ` Not drawn: ${number(outside.before)} before and ${number(outside.after)} after.` : "",
    some.length > dated.length ? ` ${count(some.length - dated.length, "article has", "articles have")} no date.` : ""].join("");
  return section("timeline", `Articles by ${unit}`, el("p", { class: "quiet" }, summary),
    el("ul", { class: "legend" }, el("li", {}, el("span", { class: "swatch tone-4" }), " share text"), el("li", {}, el("span", { class: "swatch all" }), " do not")),
    el("div", { class: "scroll figure", tabindex: "0", role: "region", "aria-label": `Articles by ${unit}` }, drawBars(bars, summary)));
}

/** @param {Bar[]} bars @param {string} summary */
function drawBars(bars, summary) {
  const [left, right, top, bottom] = [44, 892, 12, 180];
  const most = Math.max(...bars.map((bar) => bar.sharing + bar.others));
  const step = (right - left) / bars.length;
  /** @param {number} n */
  const height = (n) => ((bottom - top) * n) / most;
  const picture = draw("svg", { viewBox: "0 0 900 206", width: 900, height: 206, role: "img", "aria-label": summary });
  for (const n of new Set([most, Math.floor(most / 2)])) {
    if (n) picture.append(draw("rect", { x: left, y: bottom - height(n), width: right - left, height: 1, class: "grid" }),
      draw("text", { x: left - 6, y: bottom - height(n) + 4, "text-anchor": "end", class: "quiet" }, number(n)));
  }
  const labeled = Math.max(1, Math.ceil(bars.length / 8));
  bars.forEach((bar, n) => {
    const x = left + n * step;
    const width = Math.max(step - 2, 1);
    const group = draw("g", {}, draw("title", {}, `${bar.name}: ${number(bar.sharing)} of ${number(bar.sharing + bar.others)} share text`),
      draw("rect", { x, y: bottom - height(bar.sharing), width, height: height(bar.sharing), class: "tone-4" }),
      draw("rect", { x, y: bottom - height(bar.sharing + bar.others), width, height: height(bar.others), class: "all" }));
    picture.append(group);
    if (n % labeled) return;
    const room = 7 * bar.name.length; // in pixels, a little more than the label takes
    const isLast = x + room > right;
    if (isLast && n && x - labeled * step + room > right - room) return; // it would cover the one before
    picture.append(draw("text", { x: isLast ? right : x, y: bottom + 18, "text-anchor": isLast ? "end" : "start", class: "quiet" }, bar.name));
  });
  picture.append(draw("rect", { x: left, y: bottom, width: right - left, height: 1, class: "ink" }));
  return picture;
}
