// Texts with marked passages, and marked changes within passages.

/** @template {object} T @param {(T & { span: Span })[]} spans @param {number} from @param {number} to */
function clipped(spans, from, to) {
  /** @type {(T & { from: number, to: number })[]} */
  const fitting = [];
  let end = from;
  for (const one of [...spans].sort((left, right) => left.span[0] - right.span[0])) {
    const { span } = one;
    const start = Math.max(span[0], end);
    const stop = Math.min(span[1], to);
    if (start > stop || (start === stop && span[0] < span[1])) continue;
    fitting.push({ ...one, from: start, to: stop });
    end = stop;
  }
  return fitting;
}

// Text outside passages; boilerplate is gray or hidden.
/** @param {ArticleText} text @param {number} from @param {number} to */
function paintPlain(text, from, to) {
  /** @type {(Node | string)[]} */
  const parts = [];
  const isShown = filters().boilerplate;
  let at = from;
  const masked = [
    ...text.masked.map((span) => ({ span, name: "repeated by this outlet", isCredit: false })),
    ...text.credits.map((span) => ({ span, name: "credit", isCredit: true })),
  ];
  for (const one of clipped(masked, from, to)) {
    parts.push(text.cut(at, one.from));
    const words = text.cut(one.from, one.to);
    if (one.isCredit) parts.push(el("span", { class: "credit", title: "Names the source of the text" }, words));
    else if (isShown) parts.push(el("span", { class: "repeated", title: "This outlet repeats it in unrelated articles" }, words));
    else if (words.trim()) parts.push(el("span", { class: "repeated", title: "Hidden: this outlet repeats it. Filters show it." }, " […] "));
    at = one.to;
  }
  parts.push(text.cut(at, to));
  return parts;
}

// Words are struck out if the other article is known to be later and lacks them.
/** @param {ArticleText} text @param {Edit & { from: number, to: number }} edit @param {number} place @param {boolean} isOrdered */
function paintEdit(text, edit, place, isOrdered) {
  const op = OPS[edit.op];
  const isOnly = op === "inserted" || op === "deleted";
  if (edit.from === edit.to) return el("span", { class: "gap", title: "The other article has more words here" });
  const title = EDITS[isOnly ? "only" : op][place] + (edit.isFact ? "; this changes a fact" : "");
  const name = !isOnly || !isOrdered ? "span" : place ? "ins" : "del";
  const mark = el(name, { class: `edit ${isOnly ? "only" : op}${edit.isFact ? " fact" : ""}`, title }, text.cut(edit.from, edit.to));
  if (edit.isFact) mark.append(hidden(" (changed fact) "));
  return mark;
}

// The inside of a passage. `side` says whether the article is a or b, `place` whether it is left or right.
/** @param {ArticleText} text @param {Passage} passage @param {number} side @param {number} place */
function paintPassage(text, passage, side, place) {
  const [from, to] = passage.spans[side];
  const inside = document.createDocumentFragment();
  const edits = passage.edits.map((edit) => ({ ...edit, span: edit.spans[side] }));
  let at = from;
  for (const edit of clipped(edits, from, to)) {
    inside.append(text.cut(at, edit.from), paintEdit(text, edit, place, passage.isOrdered));
    at = edit.to;
  }
  inside.append(text.cut(at, to));
  return inside;
}

/** @param {number} code */
const classOf = (code) => `passage ${kindOf(code)}`;

/** @param {ArticleText} text @param {Passage[]} passages @param {0 | 1} side @param {number} place @param {(n: number) => void} onNumber */
function paintText(text, passages, side, place, onNumber) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let at = 0;
  const spans = passages.map((passage, n) => ({ span: passage.spans[side], passage, n }));
  for (const { from, to, passage, n } of clipped(spans, 0, text.length)) {
    parts.push(...paintPlain(text, at, from));
    const label = `Passage ${passage.n + 1}, ${tellKind(passage.code)}: show it in both`;
    const mark = el("mark", { class: classOf(passage.code), "data-n": n },
      el("button", { type: "button", class: "number", "aria-label": label, onclick: () => onNumber(n) }, String(passage.n + 1)));
    /** @type {Passage} */
    const trimmed = { ...passage, spans: side ? [passage.spans[0], [from, to]] : [[from, to], passage.spans[1]] };
    mark.append(paintPassage(text, trimmed, side, place));
    parts.push(mark);
    at = to;
  }
  parts.push(...paintPlain(text, at, text.length));
  return parts;
}

// Only what is on the page is explained.
/** @param {Passage[]} passages */
function legend(passages) {
  const ops = new Set(passages.flatMap(({ edits }) => edits.map(({ op }) => OPS[op])));
  const isOrdered = passages.some((one) => one.isOrdered);
  const isOnly = ops.has("inserted") || ops.has("deleted");
  /** @type {[string, string, boolean, ("span" | "del" | "ins")?, string?][]} */
  const rows = [
    ...KINDS.map((name, n) => /** @type {[string, string, boolean, "span", string]} */ (
      [`passage ${name}`, name, passages.some(({ code }) => kindOf(code) === name), "span", KIND_TITLES[n]])),
    ["edit substituted", "replaced", ops.has("substituted")],
    ["edit only", "only in the earlier", isOnly && isOrdered, "del"], ["edit only", "only in the later", isOnly && isOrdered, "ins"],
    ["edit only", "only here", isOnly && !isOrdered],
    ["edit moved", "moved", ops.has("moved")], ["edit inflected", "other form", ops.has("inflected")],
    ["edit fact", "changed fact", passages.some(({ edits }) => edits.some(({ isFact }) => isFact))],
  ];
  return el("ul", { class: "legend", "aria-label": "What the marks mean" },
    rows.filter(([, , isThere]) => isThere).map(([style, label, , name = "span", title]) => el("li", {}, el(name, { class: style, title }, label))));
}
