// Types of the page's script, for type checking only.

type Span = [from: number, to: number];
type Child = Node | string | null | undefined | Child[];
type Handler = (event: any) => void;
type Props = Record<string, string | number | boolean | null | undefined | Handler>;
type More = Record<string, string | number | null>;
type Column<T> = [name: string, label: string, value: (item: T) => string | number | null];

// Rows as written by rows.py and page.py.
type Basis = "credit" | "link" | "wire" | "";
type OriginRow = [source: number, agency: string, basis: Basis, confidence: number, rivals: number[]];
type TextRow = [text: string, masked: Span[], credits: Span[]];
type EditRow = [op: number, from: number, to: number, at: number, end: number, isFact: number];
type PassageRow = [
  a: number, aEnd: number, b: number, bEnd: number, code: number, identity: number, edits: EditRow[],
  speakerA: string, speakerB: string, sameSpeaker: boolean | null,
];
type CarriedRow = [article: number, from: number, to: number, nArticles: number, nSame: number, nWords: number];
type Taken = [article: number, share: number, nEdits: number];
type MemberRow = [
  article: number, origin: OriginRow, lag: number | null, coverage: number, taken: Taken[], credit: string,
  versions: number[],
];
interface Core {
  run: { version: string; skipped: string[]; nSkipped: number; leastSure: number; isPair: boolean; asked: number };
  outlets: string[];
  articles: [
    id: string, headline: string, outlet: number, published: string, seconds: number | null, isDay: number,
    url: string, nChars: number, coverage: number, chunk: number,
  ][];
  pairs: [
    a: number, b: number, relation: number, similarity: number, coverA: number, coverB: number, isCapped: number,
    first: number, stories: number[], codes: number[], snippet: string, chunk: number,
  ][];
  stories: [id: string, members: number[], earliest: number[], origin: OriginRow, headline: string, chunk: number][];
  boilerplate: [outlet: number, text: string, nArticles: number][];
}
// A chunk contains rows of one kind, keyed by the number of an article, a pair or a story.
type Chunk = Map<number, any>;
type Receive = (run: string, rows: [number, unknown][]) => void;

interface Article {
  number: number; id: string; headline: string; outlet: number; published: string; seconds: number | null;
  isDay: number; url: string; nChars: number; coverage: number; chunk: number;
}
interface Pair {
  number: number; a: number; b: number; isVersion: boolean; similarity: number; coverA: number; coverB: number;
  isCapped: number; first: number; stories: number[]; codes: number[]; snippet: string; chunk: number;
}
interface Origin { source: number; agency: string; basis: Basis; confidence: number; rivals: number[] }
interface Story {
  number: number; id: string; members: number[]; earliest: number[]; chunk: number; origin: Origin; nOutlets: number;
  headline: string; dates: [first: number, last: number] | null;
}
interface Member {
  article: Article; origin: Origin; lag: number | null; coverage: number; taken: Taken[]; credit: string;
  versions: number[];
}
interface ArticleText {
  length: number; cut: (from: number, to: number) => string; masked: Span[]; credits: Span[];
}
interface Carried { article: number; span: Span; nArticles: number; nSame: number; nWords: number }
interface Edit { op: number; spans: [Span, Span]; isFact: boolean }
interface Passage {
  n: number; spans: [Span, Span]; code: number; identity: number; edits: Edit[]; speakers: [string, string];
  isOrdered: boolean; sameSpeaker: boolean | null;
}
type Find = (box: HTMLElement, n: number) => HTMLElement | null;
interface Side { article: Article; coverage: number; side: 0 | 1 }

interface Filters {
  outlet: number | null; from: string | null; to: string | null; kind: number; quotes: string | null; min: number;
  all: boolean; boilerplate: boolean; later: number | null; earlier: number | null;
}
interface State { view: string; args: string[]; asked: URLSearchParams; ignored: string[] }
interface Hit { article: Article; parts: [before: string, phrase: string, after: string]; n: number }
interface Bar { start: number; name: string; sharing: number; others: number }
interface View { title: string; parts: (Node | string | null)[]; ready?: () => void; leave?: () => void }

interface Window { dedupChunk: (name: string, ...chunk: Parameters<Receive>) => void }
