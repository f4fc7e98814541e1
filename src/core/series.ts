/**
 * Checkpoints of one training differ in a number, a date, or in being the best or the last. What is
 * left of a path once those are gone is its series: a version takes one member of a series, and
 * the files of two versions pair by it.
 */

/** A piece of a path: what stays, or what differs between the members of a series. */
export type SeriesPiece =
  | { readonly kind: 'text'; readonly text: string }
  /** A number or a date; `counted` when a counter (`epoch_`, `v`) stands before or after it. */
  | { readonly kind: 'number'; readonly text: string; readonly counted: boolean }
  /** `best`, `last`, `final`, `latest`, as written. */
  | { readonly kind: 'rank'; readonly text: string };

/** Words that count something, so that digits glued to them are a number (`epoch10`, not `resnet50`). */
const counters =
  'global_?steps?|steps?|epochs?|eps?|iterations?|iters?|it|checkpoints?|chkpts?|ckpts?|chk|' +
  'versions?|ver|v|runs?|trains?|exps?|trials?|rounds?|rnd|batch(?:es)?|generations?|gen|' +
  'snapshots?|saves?|seeds?|folds?|states?|weights|models?|nets?|e|s|n|i';

/** Counters that say nothing about whose checkpoint it is: `epoch_7` and `best` are one series. */
const progressWords =
  'global_?steps?|steps?|epochs?|eps?|iterations?|iters?|it|checkpoints?|chkpts?|ckpts?|chk|' +
  'versions?|ver|v|rounds?|rnd|batch(?:es)?|snapshots?|saves?|e|s|n|i';

const rankWords = 'best|last|final|latest';
const capital = (words: string) =>
  words.replace(/(^|\|)([a-z])/g, (_, bar, a) => bar + a.toUpperCase());
const anyCase = (words: string) => `${words}|${capital(words)}|${words.toUpperCase()}`;

// `best` as a word, and as a part of `modelBest` or `BestModel`.
const rankPattern =
  `(?<![A-Za-z])(?:${anyCase(rankWords)})(?![a-z])` +
  `|(?<=[a-z])(?:${capital(rankWords)})(?![a-z])`;

const counterBefore = `(?<=(?<![A-Za-z])(?:${anyCase(counters)}))`;
const counterAfter = `(?=(?:${anyCase(counters)})(?![A-Za-z]))`;
// A sign counts only after `=` (`loss=-0.5`); elsewhere a dash separates.
const numberPattern =
  `(?:(?<==)-)?(?:(?<![A-Za-z0-9])|${counterBefore})(?<!\\d[eE][-+]?)` +
  `\\d+(?:\\.\\d+)*(?:[eE][-+]?\\d+)?[kK]?(?:T\\d{2,6}(?:[-_:.]\\d{2}){0,2}Z?)?` +
  `(?:(?![A-Za-z0-9])|${counterAfter})`;

const piecePattern = new RegExp(`(?<rank>${rankPattern})|(?<number>${numberPattern})`, 'g');

const countedBefore = new RegExp(`(?:^|[^A-Za-z])(?:${anyCase(counters)})[-_=. ]?$`);
const countedAfter = new RegExp(`^[-_]?(?:${anyCase(counters)})(?![A-Za-z])`);

// `.pt`, `.pth.tar`, `.weights.h5`: an ending begins with a letter, so `model.1000` has none.
const endingPattern =
  /(?:\.(?:weights|pth|ckpt|model|tar|json|pkl|joblib|npz))?\.[A-Za-z][A-Za-z0-9]{0,15}$/;

const rankEnding = new RegExp(`^\\.(?:${rankWords})$`, 'i');

/** The ending of a file name with its dot, double ones whole (`.pth.tar`); empty where it has none. */
export function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = endingPattern.exec(name)?.[0] ?? '';
  return rankEnding.test(ending) ? '' : ending;
}

/**
 * Cuts a path (relative, forward slashes) into what stays and what differs in its series. The texts
 * of all pieces, put together, are the path. The file's ending is never cut.
 */
export function seriesPieces(path: string): SeriesPiece[] {
  const ending = endingOf(path);
  const pieces = stemPieces(path.slice(0, path.length - ending.length));
  return ending === '' ? pieces : [...pieces, { kind: 'text', text: ending }];
}

function stemPieces(stem: string): SeriesPiece[] {
  const pieces: SeriesPiece[] = [];
  let done = 0;
  const keep = (end: number) => {
    if (end > done) pieces.push({ kind: 'text', text: stem.slice(done, end) });
  };
  for (const match of stem.matchAll(piecePattern)) {
    keep(match.index);
    const text = match[0];
    done = match.index + text.length;
    if (match.groups?.['rank'] !== undefined) pieces.push({ kind: 'rank', text });
    else pieces.push({ kind: 'number', text, counted: isCounted(stem, match.index, done) });
  }
  keep(stem.length);
  return joinNumbers(pieces);
}

function isCounted(stem: string, start: number, end: number): boolean {
  return countedBefore.test(stem.slice(0, start)) || countedAfter.test(stem.slice(end));
}

/** Numbers with nothing but separators between them are one: a date, a time, `05-0.23`. */
function joinNumbers(pieces: readonly SeriesPiece[]): SeriesPiece[] {
  const joined: SeriesPiece[] = [];
  for (const piece of pieces) {
    const separator = joined.at(-1);
    const first = joined.at(-2);
    if (piece.kind === 'number' && first?.kind === 'number' && separates(separator)) {
      const text = `${first.text}${separator?.text ?? ''}${piece.text}`;
      joined.splice(-2, 2, { kind: 'number', text, counted: first.counted });
    } else {
      joined.push(piece);
    }
  }
  return joined;
}

function separates(piece: SeriesPiece | undefined): boolean {
  return piece?.kind === 'text' && /^[-_.: ]{1,2}$/.test(piece.text);
}

/** A path with `*` for all that differs in its series: `checkpoints/epoch_*.pt`. For people to read. */
export function seriesPattern(path: string): string {
  return starred(seriesPieces(path));
}

function starred(pieces: readonly SeriesPiece[]): string {
  return pieces.map((piece) => (piece.kind === 'text' ? piece.text : '*')).join('');
}

/** The directory or file name `train3`, whose first was `train`: a counter's number glued on. */
const gluedNumber = /(?<=[A-Za-z])\*(?=\/|$)/g;
const progressBefore = new RegExp(`(?<![A-Za-z])(?:${anyCase(progressWords)})[-_=. ]?(?=\\*)`, 'g');
const progressAfter = new RegExp(`(?<=\\*)[-_. ]?(?:${anyCase(progressWords)})(?![A-Za-z])`, 'g');

/**
 * The series a path belongs to: equal keys, one series. Words that only count are gone as well, so
 * that `epoch_7.pt`, `epoch=7-val_loss=0.1.pt`, `best.pt` and `last.pt` of one directory are one;
 * so are `train/weights/best.pt` and `train2/weights/best.pt`.
 */
export function seriesOf(path: string): string {
  const ending = endingOf(path);
  const stem = starred(stemPieces(path.slice(0, path.length - ending.length)))
    .replace(/[A-Za-z_]+=\*/g, '*')
    .replace(progressBefore, '')
    .replace(progressAfter, '')
    .replace(gluedNumber, '')
    .replace(/\*(?:[-_.=+, ]*\*)+/g, '*');
  return stem + ending;
}

/** Whether a path names itself the best of its series. */
export function isBest(path: string): boolean {
  return seriesPieces(path).some((piece) => piece.kind === 'rank' && /best/i.test(piece.text));
}

/** Orders paths by what is in them, numbers by their value: `epoch_9` before `epoch_10`. */
export function compareNaturally(one: string, other: string): number {
  const a = one.split(/(\d+)/);
  const b = other.split(/(\d+)/);
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left, right] = [a[index] ?? '', b[index] ?? ''];
    // Odd places hold the digits.
    const order = index % 2 === 1 ? compareDigits(left, right) : compareText(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length || compareText(one, other);
}

function compareDigits(one: string, other: string): number {
  const [a, b] = [one.replace(/^0+(?=\d)/, ''), other.replace(/^0+(?=\d)/, '')];
  return a.length - b.length || compareText(a, b);
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

export interface Pairing<A, B> {
  readonly pairs: readonly (readonly [A, B])[];
  readonly onlyFrom: readonly A[];
  readonly onlyTo: readonly B[];
}

/** Pairs the files of two versions: equal paths first, then those of one series, in order. */
export function pairBySeries<A extends { path: string }, B extends { path: string }>(
  from: readonly A[],
  to: readonly B[],
): Pairing<A, B> {
  const samePath = pairBy(from, to, (path) => path);
  const sameSeries = pairBy(samePath.onlyFrom, samePath.onlyTo, seriesOf);
  return { ...sameSeries, pairs: [...samePath.pairs, ...sameSeries.pairs] };
}

function pairBy<A extends { path: string }, B extends { path: string }>(
  from: readonly A[],
  to: readonly B[],
  key: (path: string) => string,
): Pairing<A, B> {
  const waiting = Map.groupBy(to, (item) => key(item.path));
  const pairs: [A, B][] = [];
  const onlyFrom: A[] = [];
  for (const item of from) {
    const partner = waiting.get(key(item.path))?.shift();
    if (partner === undefined) onlyFrom.push(item);
    else pairs.push([item, partner]);
  }
  const paired = new Set(pairs.map(([, partner]) => partner));
  return { pairs, onlyFrom, onlyTo: to.filter((item) => !paired.has(item)) };
}
