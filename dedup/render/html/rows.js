// Rows of the report, and chunks of texts and passages, which load on demand.

/** @type {Core} */
const core = JSON.parse(byId("core", HTMLScriptElement).text);

const outlets = core.outlets;
const articles = core.articles.map(
  ([id, headline, outlet, published, seconds, isDay, url, nChars, coverage, chunk], number) => ({
    number, id, headline, outlet, published, seconds, isDay, url, nChars, coverage, chunk,
  }),
);
const VERSION = 5; // beyond the relations of texts: captures of one page, which are no reuse
const pairs = core.pairs.map(
  ([a, b, relation, similarity, coverA, coverB, isCapped, first, stories, codes, snippet, chunk], number) => ({
    number, a, b, isVersion: relation === VERSION, similarity, coverA, coverB, isCapped, first, stories, codes, snippet, chunk,
  }),
);
/** @type {(row: OriginRow) => Origin} */
const originOf = ([source, agency, basis, confidence, rivals]) => ({
  source, agency, basis, confidence, rivals,
});
/** @type {Story[]} */
const stories = core.stories.map(([id, members, earliest, origin, headline, chunk], number) => {
  const times = members.map((at) => articles[at].seconds).filter((when) => when !== null);
  const known = members.map((at) => articles[at].outlet).filter((at) => at >= 0);
  return {
    number, id, members, earliest, headline, chunk,
    dates: times.length ? [times.reduce((one, other) => Math.min(one, other)), times.reduce((one, other) => Math.max(one, other))] : null,
    origin: originOf(origin),
    nOutlets: new Set(known).size,
  };
});
const boilerplate = core.boilerplate.map(([outlet, text, nArticles]) => ({ outlet, text, nArticles }));

/** @template T @param {T[]} items @param {(item: T) => number[]} numbers @returns {Map<number, T[]>} */
function byNumber(items, numbers) {
  const found = new Map();
  for (const item of items) {
    for (const at of numbers(item)) {
      if (!found.has(at)) found.set(at, []);
      found.get(at).push(item);
    }
  }
  return found;
}

const pairsOf = byNumber(pairs, (pair) => [pair.a, pair.b]);
const storiesOf = byNumber(stories, (story) => story.members);
/** @type {Pair[][]} */
const pairsOfStory = stories.map(() => []);
for (const pair of pairs) for (const at of pair.stories) pairsOfStory[at].push(pair);

// Names in addresses. They are ids, so that an address stays right when a report is made again; two ids that look the
// same on a page differ by a number.
/** @type {Map<string, number>} */
const numberOf = new Map();
const keys = articles.map(({ id }, at) => {
  let key = id;
  for (let n = 2; numberOf.has(key); n += 1) key = `${id}~${n}`;
  numberOf.set(key, at);
  return key;
});
const storyOf = new Map(stories.map((story) => [story.id, story]));
const outletOfName = new Map(outlets.map((name, at) => [name, at]));

/** @param {string} a @param {string} b */
function pairNamed(a, b) {
  const [one, other] = [numberOf.get(a), numberOf.get(b)];
  if (one === undefined || other === undefined || one === other) return undefined;
  return pairsOf.get(one)?.find((pair) => pair.a === other || pair.b === other);
}

// Keep only a few chunks; texts are rarely viewed twice.
const MAX_CHUNKS = 24;
/** @type {Map<string, Promise<Chunk>>} */
const chunks = new Map();
/** @type {Map<string, Receive>} */
const awaited = new Map();

// Data files call this. A page opened as a file cannot fetch, but can load scripts.
window.dedupChunk = (name, run, rows) => awaited.get(name)?.(run, rows);
const madeIn = document.querySelector("meta[name=run]")?.getAttribute("content");

/** @param {string} name @returns {Promise<Chunk>} */
function readChunk(name) {
  const inside = document.getElementById(name);
  return inside ? Promise.resolve(new Map(JSON.parse(inside.textContent))) : fromFile(name);
}

/** @param {string} name @returns {Promise<Chunk>} */
function loadChunk(name) {
  const known = chunks.get(name);
  if (known) return known;
  const chunk = readChunk(name);
  chunks.set(name, chunk);
  const [oldest] = chunks.keys();
  if (chunks.size > MAX_CHUNKS) chunks.delete(oldest);
  return chunk;
}

/** @param {string} name @returns {Promise<Chunk>} */
function fromFile(name) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    /** @param {string} why */
    const fail = (why) => {
      chunks.delete(name); // allow a retry
      reject(new Error(why));
    };
    awaited.set(name, (run, rows) => {
      awaited.delete(name);
      if (run === madeIn) resolve(new Map(rows));
      else fail("The report changed after this page was opened. Reload it.");
    });
    script.addEventListener("load", () => {
      script.remove();
      if (awaited.delete(name)) fail(`data/${name}.js is incomplete. Copy or create the folder again.`);
    });
    script.addEventListener("error", () => {
      awaited.delete(name);
      fail(`data/${name}.js cannot be read. Keep the files of the folder together.`);
    });
    script.src = `data/${name}.js?${madeIn}`; // browsers cache files of earlier runs
    document.head.append(script);
  });
}

/** @param {number} at @returns {Promise<ArticleText>} */
async function textOf(at) {
  /** @type {TextRow} */
  const [text, masked, credits] = (await loadChunk(`texts-${articles[at].chunk}`)).get(at);
  // Spans count code points; JavaScript strings count UTF-16 units.
  const chars = /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
  /** @param {number} from @param {number} to */
  const cut = (from, to) => {
    const part = chars.slice(from, to);
    return typeof part === "string" ? part : part.join("");
  };
  return { length: chars.length, cut, masked, credits };
}

// Passages that fit the filters, in the order of the earlier text, which also numbers them.
/** @param {Pair} pair @param {Filters} wanted @returns {Promise<Passage[]>} */
async function passagesOf(pair, wanted) {
  /** @type {PassageRow[]} */
  const all = (await loadChunk(`passages-${pair.chunk}`)).get(pair.number);
  const rows = all.filter(([, , , , code]) => passageFits(code, wanted));
  const left = inOrder(pair)[0].side === 1 ? 2 : 0;
  rows.sort((one, other) => one[left] - other[left]);
  return rows.map(([a, aEnd, b, bEnd, code, identity, edits, speakerA, speakerB, sameSpeaker], n) => ({
    n,
    spans: [[a, aEnd], [b, bEnd]],
    code,
    identity,
    edits: edits.map(([op, from, to, at, end, isFact]) => ({
      op, spans: [[from, to], [at, end]], isFact: isFact === 1,
    })),
    speakers: [speakerA, speakerB],
    isOrdered: pair.first >= 0,
    sameSpeaker,
  }));
}

/** @param {Story} story @returns {Promise<{ members: Member[], carried: Carried[] }>} */
async function contentsOf(story) {
  /** @type {[MemberRow[], CarriedRow[]]} */
  const [members, carried] = (await loadChunk(`members-${story.chunk}`)).get(story.number);
  return {
    members: members.map(([article, origin, lag, coverage, taken, credit, versions]) => ({
      article: articles[article], origin: originOf(origin), lag, coverage, taken, credit, versions,
    })),
    carried: carried.map(([article, from, to, nArticles, nSame, nWords]) => ({ article, span: [from, to], nArticles, nSame, nWords })),
  };
}
