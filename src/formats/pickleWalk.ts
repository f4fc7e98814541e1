import type { Cursor } from './cursor';

/**
 * Walks over the opcodes of a pickle and notes what it names. Nothing is built and nothing is
 * imported: this tells where a pickle ends and what it would ask for, no more.
 * https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
export interface PickleNotes {
  /** `stop`: the pickle ended. `limit`: it was left after so many opcodes. `unsound`: no opcode. */
  readonly ended: 'stop' | 'limit' | 'unsound' | 'until';
  /** `module name` of what it would import, in order, each once. */
  readonly globals: readonly string[];
  /** Texts in the order they are pushed (not those fetched again from the memo). */
  readonly texts: readonly string[];
  /** The first values of every persistent id: what PyTorch puts in the place of a storage. */
  readonly persistent: readonly (readonly Noted[])[];
}

/** A value as far as it is noted; `null` for everything else. */
export type Noted = string | number | { readonly global: string } | null;

const longestText = 1024;
const mostNoted = 100_000;

/** How the argument of an opcode is told: a number of bytes, a length before it, or lines. */
const fixed: Readonly<Record<string, number>> = {
  ...{ K: 1, h: 1, q: 1, '\x82': 1, '\x80': 1, M: 2, '\x83': 2, J: 4, '\x84': 4 },
  ...{ j: 4, r: 4, G: 8, '\x95': 8 },
};
const withLength: Readonly<Record<string, 1 | 4 | 8>> = {
  ...{ U: 1, C: 1, '\x8c': 1, '\x8a': 1, T: 4, B: 4, X: 4, '\x8b': 4 },
  ...{ '\x8d': 8, '\x8e': 8, '\x96': 8 },
};
const lines: Readonly<Record<string, number>> = {
  ...{ I: 1, L: 1, S: 1, V: 1, F: 1, g: 1, p: 1, P: 1, c: 2, i: 2 },
};
const bare = new Set(
  '\x97\x98N\x88\x89]ael)t\x85\x86\x87}dsu\x8f\x90\x9102(1\x94\x93RboQ\x81\x92.',
);
const pushing = new Set('N\x88\x89]l)t\x85\x86\x87}d\x8f\x91Ro\x81\x92');

/**
 * Walks one pickle from the cursor's position; afterwards the cursor stands behind its STOP.
 * `until` is asked after each global whether to leave early.
 * @throws EndOfFile where the file ends within the pickle
 */
export async function walkPickle(
  cursor: Cursor,
  mostOpcodes: number,
  until: (global: string) => boolean = () => false,
): Promise<PickleNotes> {
  const walk = new PickleWalk(cursor);
  for (let count = 0; count < mostOpcodes; count++) {
    const step = await walk.step();
    if (step === 'stop' || step === 'unsound') return { ended: step, ...walk.notes };
    if (step !== null && until(step.global)) return { ended: 'until', ...walk.notes };
  }
  return { ended: 'limit', ...walk.notes };
}

class PickleWalk {
  readonly notes = {
    globals: [] as string[],
    texts: [] as string[],
    persistent: [] as Noted[][],
  };
  readonly #memo = new Map<number, Noted>();
  /** What was pushed since the last mark. */
  #recent: Noted[] = [];

  constructor(private readonly cursor: Cursor) {}

  async step(): Promise<'stop' | 'unsound' | { global: string } | null> {
    const opcode = String.fromCharCode(await this.cursor.u8());
    if (opcode === '.') return 'stop';
    if (lines[opcode] !== undefined) return await this.#lineOpcode(opcode, lines[opcode]);
    if (withLength[opcode] !== undefined) {
      await this.#lengthOpcode(opcode, withLength[opcode]);
    } else if (fixed[opcode] !== undefined) {
      await this.#fixedOpcode(opcode, fixed[opcode]);
    } else if (!bare.has(opcode)) {
      return 'unsound';
    } else {
      return this.#bareOpcode(opcode);
    }
    return null;
  }

  #push(value: Noted): void {
    this.#recent.push(value);
    if (this.#recent.length > 64) this.#recent.splice(0, 32);
  }

  #remember(index: number): void {
    if (this.#memo.size < mostNoted * 10) this.#memo.set(index, this.#recent.at(-1) ?? null);
  }

  #pushText(text: string): void {
    if (this.notes.texts.length < mostNoted) this.notes.texts.push(text);
    this.#push(text);
  }

  #pushGlobal(global: string): { global: string } {
    const { globals } = this.notes;
    if (globals.length < 1000 && !globals.includes(global)) globals.push(global);
    this.#push({ global });
    return { global };
  }

  async #lineOpcode(opcode: string, count: number): Promise<{ global: string } | null> {
    const first = await this.cursor.line();
    if (count === 2) return this.#pushGlobal(`${first} ${await this.cursor.line()}`);
    if (opcode === 'g') this.#push(this.#memo.get(Number(first)) ?? null);
    else if (opcode === 'p') this.#remember(Number(first));
    else if (opcode === 'V') this.#pushText(first);
    else if (opcode === 'I' || opcode === 'L') this.#push(Number.parseInt(first, 10));
    else this.#push(null);
    return null;
  }

  async #lengthOpcode(opcode: string, width: 1 | 4 | 8): Promise<void> {
    const length = await this.#unsigned(width);
    if (opcode === 'X' || opcode === '\x8c' || opcode === '\x8d') {
      this.#pushText(await this.cursor.text(length, longestText));
    } else if (opcode === '\x8a' && length <= 8) {
      this.#push(signed(await this.cursor.bytes(length)));
    } else {
      this.cursor.skip(length);
      this.#push(null);
    }
  }

  async #fixedOpcode(opcode: string, width: number): Promise<void> {
    if (opcode === 'h' || opcode === 'j') {
      this.#push(this.#memo.get(await this.#unsigned(width)) ?? null);
    } else if (opcode === 'q' || opcode === 'r') {
      this.#remember(await this.#unsigned(width));
    } else if (opcode === 'K' || opcode === 'M') {
      this.#push(await this.#unsigned(width));
    } else if (opcode === 'J') {
      this.#push(signed(await this.cursor.bytes(width)));
    } else {
      this.cursor.skip(width);
      // PROTO and FRAME push nothing.
      if (opcode !== '\x80' && opcode !== '\x95') this.#push(null);
    }
  }

  #bareOpcode(opcode: string): { global: string } | null {
    if (opcode === '(') this.#recent = [];
    else if (opcode === '\x94') this.#remember(this.#memo.size);
    else if (opcode === '\x93') {
      const [module, name] = this.#recent.slice(-2);
      this.#recent.splice(-2);
      return this.#pushGlobal(`${nameOf(module)} ${nameOf(name)}`);
    } else if (opcode === 'Q') {
      if (this.notes.persistent.length < mostNoted) {
        this.notes.persistent.push(this.#recent.slice(0, 8));
      }
      this.#recent = [null];
      // A tuple's items stay noted, so that the persistent id made of them still shows them.
    } else if (pushing.has(opcode) && opcode !== 't') this.#push(null);
    return null;
  }

  async #unsigned(width: number): Promise<number> {
    const bytes = await this.cursor.bytes(width);
    let value = 0;
    for (let index = width - 1; index >= 0; index--) value = value * 256 + (bytes[index] ?? 0);
    return value;
  }
}

function nameOf(value: Noted | undefined): string {
  return typeof value === 'string' ? value : '?';
}

/** Two's complement, little-endian. */
function signed(bytes: Uint8Array): number {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) {
    value = (value << 8n) | BigInt(bytes[index] ?? 0);
  }
  return Number(BigInt.asIntN(bytes.length * 8, value));
}
