/** What a Python literal of numbers, strings and containers means. Tuples and lists are alike. */
export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | ReadonlyMap<string, PythonValue>;

const token =
  /\s*(?:('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(-?\d+)L?|(True|False|None)|([()[\]{},:]))/y;
const deepest = 16;

/**
 * Reads a literal as NumPy writes one into the header of an array: dictionaries with text keys,
 * lists, tuples, text, whole numbers, `True`, `False`, `None`. `null` when it is anything else.
 */
export function readPythonLiteral(text: string): { value: PythonValue } | null {
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  const state: State = { tokens, next: 0 };
  const value = readValue(state, 0);
  return value === undefined || state.next < tokens.length ? null : { value };
}

interface State {
  readonly tokens: readonly string[];
  next: number;
}

function tokensOf(text: string): string[] | null {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const match = token.exec(text);
    if (match === null) return null;
    tokens.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
  }
  return tokens;
}

function readValue(state: State, depth: number): PythonValue | undefined {
  const first = state.tokens[state.next++];
  if (first === undefined || depth > deepest) return undefined;
  if (first === '(' || first === '[') {
    return readSequence(state, first === '(' ? ')' : ']', depth);
  }
  if (first === '{') return readDictionary(state, depth);
  return readLeaf(first);
}

function readLeaf(text: string): PythonValue | undefined {
  if (text === 'True' || text === 'False') return text === 'True';
  if (text === 'None') return null;
  if (/^-?\d/.test(text)) return Number(text);
  if (/^['"]/.test(text)) return text.slice(1, -1).replace(/\\(.)/gs, '$1');
  return undefined;
}

function readSequence(state: State, close: string, depth: number): PythonValue[] | undefined {
  const items: PythonValue[] = [];
  while (state.tokens[state.next] !== close) {
    const item = readValue(state, depth + 1);
    if (item === undefined || !atEnd(state, close)) return undefined;
    items.push(item);
  }
  state.next++;
  return items;
}

function readDictionary(state: State, depth: number): Map<string, PythonValue> | undefined {
  const entries = new Map<string, PythonValue>();
  while (state.tokens[state.next] !== '}') {
    const key = readValue(state, depth + 1);
    if (typeof key !== 'string' || state.tokens[state.next++] !== ':') return undefined;
    const value = readValue(state, depth + 1);
    if (value === undefined || !atEnd(state, '}')) return undefined;
    entries.set(key, value);
  }
  state.next++;
  return entries;
}

/** Passes over the comma after an item; without one the container must end here. */
function atEnd(state: State, close: string): boolean {
  if (state.tokens[state.next] === ',') {
    state.next++;
    return true;
  }
  return state.tokens[state.next] === close;
}
