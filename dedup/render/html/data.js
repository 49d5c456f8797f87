// Rows of the report, and chunks of texts and passages that are read when somebody looks.

const core = JSON.parse(document.getElementById("core").textContent);

const outlets = core.outlets;
const articles = core.articles.map(
  ([id, headline, outlet, published, seconds, isDay, url, nChars, coverage, chunk], number) => ({
    number, id, headline, outlet, published, seconds, isDay, url, nChars, coverage, chunk,
  }),
);
const pairs = core.pairs.map(
  ([a, b, relation, coverA, coverB, isCapped, first, stories, codes, snippet, chunk], number) => ({
    number, a, b, relation, coverA, coverB, isCapped, first, stories, codes, snippet, chunk,
    nWords: codes.reduce((sum, code) => sum + (code >> 2), 0),
  }),
);
const originOf = ([source, agency, basis, confidence, rivals]) => ({
  source, agency, basis, confidence, rivals,
});
const stories = core.stories.map(([members, earliest, origin, chunk], number) => {
  const times = members.map((at) => articles[at].seconds).filter((when) => when !== null);
  const known = members.map((at) => articles[at].outlet).filter((at) => at >= 0);
  const first = times.length ? times.reduce((one, other) => Math.min(one, other)) : null;
  const last = times.length ? times.reduce((one, other) => Math.max(one, other)) : null;
  return {
    number, members, earliest, chunk, first, last,
    origin: originOf(origin),
    nOutlets: new Set(known).size,
    lead: origin[0] >= 0 ? origin[0] : (earliest[0] ?? members[0]),
  };
});
const boilerplate = core.boilerplate.map(([outlet, text, nArticles]) => ({ outlet, text, nArticles }));

const pairsOf = new Map();
for (const pair of pairs) {
  for (const at of [pair.a, pair.b]) {
    if (!pairsOf.has(at)) pairsOf.set(at, []);
    pairsOf.get(at).push(pair);
  }
}
const storiesOf = new Map();
for (const story of stories) {
  for (const at of story.members) {
    if (!storiesOf.has(at)) storiesOf.set(at, []);
    storiesOf.get(at).push(story);
  }
}
const pairsOfStory = stories.map(() => []);
for (const pair of pairs) for (const at of pair.stories) pairsOfStory[at].push(pair);

// So little that every list can show whole sentences.
const isSmall = articles.every((one) => one.chunk < 2) && pairs.every((pair) => pair.chunk < 2);

// A few chunks stay; a text is seldom looked at twice.
const MAX_CHUNKS = 24;
const chunks = new Map();
const awaited = new Map();

// Files of a folder call this: a page that was opened as a file may not fetch, but load scripts.
window.dedupChunk = (name, run, rows) => awaited.get(name)?.(run, rows);
const madeIn = document.querySelector("meta[name=run]")?.content;

function loadChunk(name) {
  if (!chunks.has(name)) {
    const inside = document.getElementById(name);
    chunks.set(name, inside ? Promise.resolve(new Map(JSON.parse(inside.textContent))) : fromFile(name));
    if (chunks.size > MAX_CHUNKS) chunks.delete(chunks.keys().next().value);
  }
  return chunks.get(name);
}

function fromFile(name) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const fail = (why) => {
      chunks.delete(name); // to be asked for again
      reject(new Error(why));
    };
    awaited.set(name, (run, rows) => {
      awaited.delete(name);
      if (run === madeIn) resolve(new Map(rows));
      else fail("This report was made anew since the page was opened: reload it.");
    });
    script.onload = () => {
      script.remove();
      if (awaited.delete(name)) fail(`data/${name}.js is not whole. Copy or make the folder again.`);
    };
    script.onerror = () => {
      awaited.delete(name);
      fail(`data/${name}.js cannot be read. The folder has to stay together.`);
    };
    script.src = `data/${name}.js?${madeIn}`; // a browser keeps files of an earlier run
    document.head.append(script);
  });
}

async function textOf(at) {
  const chunk = articles[at].chunk;
  if (chunk < 0) return null;
  const [text, masked, credits] = (await loadChunk(`texts-${chunk}`)).get(at);
  // Spans count code points; a string of this language counts half of some of them.
  const chars = /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
  const cut = (from, to) => {
    const part = chars.slice(from, to);
    return typeof part === "string" ? part : part.join("");
  };
  return { length: chars.length, cut, masked, credits };
}

async function passagesOf(pair) {
  const rows = (await loadChunk(`passages-${pair.chunk}`)).get(pair.number);
  return rows.map(([a, aEnd, b, bEnd, code, identity, edits, speakerA, speakerB, sameSpeaker]) => ({
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

async function membersOf(story) {
  const rows = (await loadChunk(`members-${story.chunk}`)).get(story.number);
  return rows.map(([article, origin, lag, coverage, taken, credit]) => ({
    article: articles[article], origin: originOf(origin), lag, coverage, taken, credit,
  }));
}
