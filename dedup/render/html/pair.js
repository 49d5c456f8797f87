// Two articles side by side, the earlier one on the left, with synchronized scrolling.

// Elements that use letter keys themselves.
const TYPED_IN = "select, textarea, input:not([type=checkbox])";

/** @param {Pair} pair @returns {Promise<View>} */
async function showPair(pair) {
  const sides = inOrder(pair);
  const wanted = filters();
  const [all, ...texts] = await Promise.all([passagesOf(pair), ...sides.map((one) => textOf(one.article.number))]);
  const order = sides[0].side;
  const passages = all.filter((one) => passageFits(one.code, wanted))
    .sort((one, other) => one.spans[order][0] - other.spans[order][0]);
  const show = shower(passages);
  const columns = sides.map(({ article, side }, place) => column(article, side, place, texts[place], passages, show.go));
  const nHidden = all.length - passages.length;
  const parts = [
    el("p", { class: "kicker" }, tellPassages(pair.codes)),
    el("h1", { tabindex: "-1" }, foreign(sides[0].article.headline), el("span", { class: "quiet" }, pair.first >= 0 ? " → " : " / "), foreign(sides[1].article.headline)),
    el("p", { class: "lede" }, ...tellShare(pair), " ", ...tellFirst(pair)),
    pair.stories.length ? el("p", {}, "Part of the story ", ...pair.stories.map((at) => el("a", { href: address("story", at) }, foreign(stories[at].headline)))) : null,
    nHidden ? el("p", { class: "quiet" }, `${count(nHidden, "passage")} hidden by the filters.`) : null,
    show.toolbar,
    legend([pair]),
    el("div", { class: "columns" }, columns.map((one) => one.element)),
    passages.length ? passageTable(passages, sides, texts, show.go) : null,
  ];
  say(`${count(passages.length, "passage")} in common.`);
  return { title: `Side by side: ${sides[0].article.headline}`, parts, ready: () => show.ready(columns.map((one) => one.box)), leave: show.leave };
}

/** @param {Article} article @param {0 | 1} side @param {number} place @param {ArticleText} text @param {Passage[]} passages @param {(n: number) => void} go */
function column(article, side, place, text, passages, go) {
  const box = el("div", { class: "text prose", dir: "auto", tabindex: "0", role: "region", "aria-label": `Text of the ${place ? "right" : "left"} article` });
  box.append(...paintText(text, passages, side, place, go));
  const id = `column-${place}`;
  const element = el("section", { class: "column", "aria-labelledby": id },
    el("h2", { id }, articleLink(article)),
    byline(article), box);
  return { element, box };
}

/** @param {Passage[]} passages */
function shower(passages) {
  const told = el("span", { class: "where", role: "status" });
  const together = el("input", { type: "checkbox", id: "together", checked: true });
  const marks = el("input", { type: "checkbox", id: "edits", checked: true,
    onchange: () => document.querySelector(".columns")?.classList.toggle("calm", !marks.checked) });
  /** @type {HTMLElement[]} */
  let boxes = [];
  let at = -1;
  let held = 0; // ignore scroll events caused by this script
  /** @type {Find} */
  const find = (box, n) => box.querySelector(`mark[data-n="${n}"]`);

  /** @param {number} n */
  function go(n) {
    if (!passages.length) return;
    at = (n + passages.length) % passages.length;
    held = Date.now() + 400;
    for (const box of boxes) {
      for (const one of box.querySelectorAll("mark.current")) one.classList.remove("current");
      const mark = find(box, at);
      if (!mark) continue;
      mark.classList.add("current");
      box.scrollTop = mark.offsetTop - 24; // offsets are relative to the box
    }
    const { code, identity } = passages[at];
    told.textContent = `Passage ${at + 1} of ${passages.length}: ${kindOf(code).toLowerCase()}, ${count(wordsOf(code), "word")}${code & 1 ? `, ${percent(identity)} the same` : ""}`;
    history.replaceState(history.state, "", asking({ passage: at + 1 }));
    state = readState();
  }

  /** @param {Event} event */
  function follow(event) {
    if (!together.checked || Date.now() < held) return;
    const [from, to] = event.target === boxes[0] ? boxes : [...boxes].reverse();
    held = Date.now() + 60;
    to.scrollTop = matching(from, to, passages.length, find);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || (event.target instanceof Element && event.target.matches(TYPED_IN))) return;
    if (event.key === "n" || event.key === "j") go(at + 1);
    else if (event.key === "p" || event.key === "k") go(Math.max(at, 0) - 1);
  }

  /** @param {string} label @param {string} key @param {() => void} step */
  const button = (label, key, step) =>
    el("button", { type: "button", class: "button", "aria-keyshortcuts": key, disabled: passages.length === 0, onclick: step }, label, el("kbd", { "aria-hidden": "true" }, key));
  const toolbar = el("div", { class: "tools", role: "group", "aria-label": "Passages" },
    button("‹ Previous ", "p", () => go(Math.max(at, 0) - 1)), button("Next › ", "n", () => go(at + 1)), told,
    el("span", { class: "check" }, together, el("label", { for: "together" }, "Scroll together")),
    el("span", { class: "check" }, marks, el("label", { for: "edits" }, "Mark changes")));

  /** @param {HTMLElement[]} found */
  function ready(found) {
    boxes = found;
    for (const box of boxes) box.addEventListener("scroll", follow, { passive: true });
    document.addEventListener("keydown", onKey);
    const asked = Math.trunc(Number(state.asked.get("passage")));
    if (asked >= 1) go(Math.min(asked, passages.length) - 1);
    else told.textContent = count(passages.length, "passage");
  }
  return { toolbar, go, ready, leave: () => document.removeEventListener("keydown", onKey) };
}

// Scroll position of the other side, interpolated between passages.
/** @param {HTMLElement} from @param {HTMLElement} to @param {number} n @param {Find} find */
function matching(from, to, n, find) {
  const stops = [[0, 0], [from.scrollHeight - from.clientHeight, to.scrollHeight - to.clientHeight]];
  for (let at = 0; at < n; at += 1) {
    const [here, there] = [find(from, at), find(to, at)];
    if (here && there) stops.push([here.offsetTop - 24, there.offsetTop - 24]);
  }
  stops.sort((one, other) => one[0] - other[0]);
  const here = from.scrollTop;
  const next = Math.max(1, stops.findIndex(([place]) => place >= here));
  const [[low, lowTo], [high, highTo]] = [stops[next - 1], stops[next]];
  return high > low ? lowTo + ((highTo - lowTo) * (here - low)) / (high - low) : highTo;
}

/** @param {Passage[]} passages @param {Side[]} sides @param {ArticleText[]} texts @param {(n: number) => void} go */
function passageTable(passages, sides, texts, go) {
  return section("passages", "Passage by passage",
    ...paged(passages.map((passage, n) => ({ passage, n })), 20, "list", (some) =>
      el("ol", { class: "plain passages" }, some.map(({ passage, n }) => el("li", {},
        el("h3", {}, el("button", { type: "button", class: "link", onclick: () => { go(n); document.querySelector(".tools")?.scrollIntoView(); } }, `Passage ${n + 1}`),
          ` ${kindOf(passage.code).toLowerCase()}, ${count(wordsOf(passage.code), "word")}`),
        el("div", { class: "both" }, sides.map(({ article, side }, place) => {
          const box = el("div", { dir: "auto", class: "prose" });
          box.append(paintPassage(texts[place], passage, side, place));
          return el("figure", {}, el("figcaption", {}, foreign(nameOf(article))), box);
        })),
        ...tellMore(passage, sides, texts))))));
}

/** @param {Passage} passage @param {Side[]} sides @param {ArticleText[]} texts */
function tellMore(passage, sides, texts) {
  const notes = [];
  const changed = passage.edits.filter((edit) => edit.isFact);
  if (changed.length) {
    /** @param {Edit} edit @param {number} place */
    const words = (edit, place) => texts[place].cut(...edit.spans[sides[place].side]).trim() || "nothing";
    notes.push(el("p", { class: "changed" }, el("strong", {}, "Changed facts: "), ...changed.slice(0, 12).flatMap((edit, n) =>
      [n ? "; " : "", foreign(words(edit, 0)), " → ", foreign(words(edit, 1))])));
  }
  if (isQuote(passage.code)) {
    const [left, right] = sides.map(({ side }) => passage.speakers[side] || "unclear");
    const differ = passage.sameSpeaker === false ? " These are different names." : "";
    notes.push(el("p", { class: "byline" }, "Quotation. Speaker: ", foreign(left), " on the left, ", foreign(right), ` on the right.${differ}`));
  }
  return notes;
}
