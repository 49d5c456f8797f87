// Two articles side by side, the earlier one on the left, with their passages beside them.

// Elements that use letter keys themselves.
const TYPED_IN = "select, textarea, input:not([type=checkbox])";
const LISTED = 100;
// On a phone the passages come before the whole texts.
const narrow = matchMedia("(max-width: 60rem)");

/** @param {Pair} pair @returns {Promise<View>} */
async function showPair(pair) {
  const sides = inOrder(pair);
  const wanted = filters();
  const [passages, ...texts] = await Promise.all([passagesOf(pair, wanted), ...sides.map((one) => textOf(one.article.number))]);
  const show = shower(passages, sides, texts);
  const columns = sides.map(({ article, side }, place) => column(article, side, place, texts[place], passages, show.go));
  const asked = state.asked.get("passage");
  const isBeyond = asked !== null && !passages.some((one) => one.n + 1 === Number(asked));
  const whole = el("div", { class: "columns", "data-beyond": isBeyond ? "passage" : null }, columns.map((one) => one.element));
  const list = passages.length ? passageTable(passages, sides, texts) : null;
  const first = passages.length ? [show.toolbar, legend(passages)] : [];
  say(`${count(passages.length, "passage")} in common.`);
  return {
    title: `Side by side: ${sides[0].article.headline}`,
    parts: [
      ...pairHead(pair, sides, passages), ...first,
      ...(narrow.matches ? [list, el("details", { class: "whole-texts" }, el("summary", {}, "Both whole texts"), whole)]
        : [el("div", { class: passages.length ? "beside" : "" }, show.list, whole), list]),
      pair.isVersion ? null : section("unknown", "Not known", el("p", {}, "Whether one took the text from the other, or both from a third article, and whether the reuse was agreed.")),
    ],
    ready: () => show.ready(columns.map((one) => one.box)),
    leave: show.leave,
  };
}

/** @param {Pair} pair @param {Side[]} sides @param {Passage[]} passages */
function pairHead(pair, sides, passages) {
  const unseen = tellHidden([pair], filters());
  const [first, second] = sides.map((one) => foreign(one.article.headline));
  return [
    el("p", { class: "kicker" }, tellVersions(pair), passages.length ? tellPassages(passages.map((one) => one.code)) : "No passage"),
    el("h1", { class: "small", tabindex: "-1" }, first, joint(pair), second),
    el("p", { class: "lede" }, ...tellShare(pair), " ", ...tellFirst(pair)),
    pair.isCapped ? el("p", { class: "quiet" }, "Some other pairs with the same text are not compared.") : null,
    pair.stories.length ? el("p", { class: "byline" }, "Part of the story ", ...pair.stories.flatMap((at, n) => [n ? "; " : "", el("a", { href: storyAddress(stories[at]) }, foreign(stories[at].headline))])) : null,
    unseen ? el("p", { class: "quiet" }, unseen) : null,
  ];
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

/** @param {Passage} passage */
const tellPassage = ({ code, identity }) =>
  `${tellKind(code)}, ${count(wordsOf(code), "word")}, ${percent(identity)} the same, ${tellSure(code)}`;

/** @param {Passage[]} passages @param {Side[]} sides @param {ArticleText[]} texts */
function shower(passages, sides, texts) {
  const where = el("span", { class: "where", role: "status" });
  const together = el("input", { type: "checkbox", id: "together", checked: true });
  const marks = el("input", { type: "checkbox", id: "edits", checked: true,
    onchange: () => byId("main", HTMLElement).classList.toggle("calm", !marks.checked) });
  /** @type {HTMLElement[]} */
  let boxes = [];
  let at = -1;
  let held = 0; // ignore scroll events caused by this script
  /** @type {Find} */
  const find = (box, n) => box.querySelector(`mark[data-n="${n}"]`);
  const items = passages.map((passage, n) =>
    el("button", { type: "button", class: `item ${kindOf(passage.code)}-side`, onclick: () => go(n) },
      el("span", { class: "byline" }, `${passage.n + 1} · ${count(wordsOf(passage.code), "word")} · ${tellSure(passage.code)}`),
      foreign(firstWords(texts[0].cut(...passage.spans[sides[0].side])), { class: "begin" })));
  const list = passages.length ? el("nav", { class: "items", "aria-label": "Passages" }, items) : null;

  /** @param {number} n */
  function go(n, isAsked = true) {
    if (!passages.length) return;
    at = (n + passages.length) % passages.length;
    held = Date.now() + 400;
    for (const one of document.querySelectorAll(".current")) one.classList.remove("current");
    for (const box of boxes) {
      const mark = find(box, at);
      if (!mark) continue;
      mark.classList.add("current");
      box.scrollTop = mark.offsetTop - 24; // offsets are relative to the box
    }
    items[at].classList.add("current");
    if (list) list.scrollTop = items[at].offsetTop - 24;
    where.textContent = `${passages[at].n + 1} of ${passages.length}: ${tellPassage(passages[at])}`;
    if (!isAsked) return;
    if (narrow.matches) document.getElementById(`passage-${passages[at].n + 1}`)?.scrollIntoView();
    history.replaceState(history.state, "", asking({ passage: passages[at].n + 1 }));
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

  /** @param {string} label @param {string} name @param {string} key @param {() => void} step */
  const button = (label, name, key, step) =>
    el("button", { type: "button", class: "button", "aria-keyshortcuts": key, "aria-label": name, title: `${name} (key ${key})`, onclick: step }, label);
  const toolbar = el("div", { class: "tools", role: "group", "aria-label": "Passages" },
    button("‹", "Previous passage", "p", () => go(Math.max(at, 0) - 1)), button("›", "Next passage", "n", () => go(at + 1)), where,
    el("span", { class: "check wide" }, together, el("label", { for: "together" }, "Scroll together")),
    el("span", { class: "check wide" }, marks, el("label", { for: "edits" }, "Mark changes")),
    copyButton("Copy", () => citations(passages[Math.max(at, 0)], sides, texts), "Copy the passage with its citation"),
    el("span", { class: "wide" }, passagesCsv(passages, sides, texts)),
    el("button", { type: "button", class: "button wide", onclick: () => window.print() }, "Print"));

  /** @param {HTMLElement[]} found */
  function ready(found) {
    boxes = found;
    for (const box of boxes) box.addEventListener("scroll", follow, { passive: true });
    document.addEventListener("keydown", onKey);
    const asked = passages.findIndex((one) => one.n + 1 === Number(state.asked.get("passage")));
    if (asked >= 0) go(asked);
    else go(0, false);
  }
  const leaveIt = () => {
    document.removeEventListener("keydown", onKey);
    byId("main", HTMLElement).classList.remove("calm");
  };
  return { toolbar, list, go, ready, leave: leaveIt };
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

/** @param {Passage[]} passages @param {Side[]} sides @param {ArticleText[]} texts */
function passageTable(passages, sides, texts) {
  return section("passages", "Passage by passage",
    ...paged(passages, LISTED, "list", (some) =>
      el("ol", { class: "plain passages" }, some.map((passage) => el("li", { id: `passage-${passage.n + 1}` },
        el("h3", {}, `${passage.n + 1} · ${tellPassage(passage)}`),
        bothSides(passage, sides, texts),
        ...tellMore(passage, sides, texts),
        el("p", { class: "actions" }, copyButton("Copy", () => citations(passage, sides, texts), `Copy passage ${passage.n + 1} with its citation`),
          el("a", { class: "button", href: address("search", [], { find: firstWords(texts[0].cut(...passage.spans[sides[0].side])) }) }, "Who else has it"),
          el("a", { class: "button", href: asking({ passage: passage.n + 1 }) }, "Link")))))));
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
  if (isQuotation(passage.code)) {
    const [left, right] = sides.map(({ side }) => passage.speakers[side] || "unclear");
    const differ = passage.sameSpeaker === false ? " These are different names." : "";
    notes.push(el("p", { class: "byline" }, "Quotation. Speaker: ", foreign(left), " in the first text, ", foreign(right), ` in the second.${differ}`));
  }
  return notes;
}
