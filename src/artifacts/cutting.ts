import type { ByteLayout, TensorBytes } from '../core/byteLayout';
import type { Hashing } from '../platform';
import { longestCut } from './gear';

/** Tensors of fewer bytes are packed together, up to so many in all. */
const smallTensor = 64 << 10;
/** A gap as short as this goes with small tensors beside it. */
const smallGap = 4 << 10;

/** A stretch of a file that becomes one chunk; with `content`, as many as its content makes. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
  readonly content: boolean;
  /** Bytes of an element; 0: nobody knows. */
  readonly width: number;
  /**
   * 16 hexadecimal digits that say which part of which tensors this is: in two versions of a model,
   * stretches of the same role can be held against each other. `null` where there is no tensor.
   */
  readonly role: string | null;
}

/**
 * Cuts a file along its tensors. The same tensors are cut alike wherever they lie.
 * @param layout `null`, or one that does not fit the file: all of it is cut by content
 */
export function stretches(size: number, layout: ByteLayout | null, hashing: Hashing): Stretch[] {
  if (layout === null || layout.length === 0 || !fits(size, layout)) return content(0, size);
  const cutter = new Cutter(hashing);
  let reached = 0;
  for (const tensor of layout) {
    if (tensor.length === 0) continue;
    cutter.gap(reached, tensor.offset);
    cutter.tensor(tensor);
    reached = tensor.offset + tensor.length;
  }
  cutter.gap(reached, size);
  return cutter.finish();
}

/** Whoever read the header vouches for it, but a file's own claims must never lose a byte. */
function fits(size: number, layout: ByteLayout): boolean {
  let reached = 0;
  for (const { offset, length } of layout) {
    const sensible = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && length >= 0;
    if (!sensible || offset < reached || offset + length > size) return false;
    reached = offset + length;
  }
  return true;
}

function content(offset: number, length: number): Stretch[] {
  return length === 0 ? [] : [{ offset, length, content: true, width: 0, role: null }];
}

/** Elements of other widths (blocks of quantized types) have no planes; complex ones are two numbers. */
function widthOf({ elementBytes }: TensorBytes): number {
  if (elementBytes === 16) return 8;
  return [2, 4, 8].includes(elementBytes) ? elementBytes : 1;
}

class Cutter {
  readonly #done: Stretch[] = [];
  readonly #hashing: Hashing;
  /** Small neighbours that become one chunk. */
  #group = { offset: 0, length: 0, width: 0, names: [] as string[] };

  constructor(hashing: Hashing) {
    this.#hashing = hashing;
  }

  gap(offset: number, end: number): void {
    const length = end - offset;
    if (length <= 0) return;
    // The header changes with any name or shape, and must not take tensors along.
    if (offset === 0 || length > smallGap) {
      this.#flush();
      this.#done.push(...content(offset, length));
    } else this.#join(offset, length, 0, null);
  }

  tensor(tensor: TensorBytes): void {
    const { name, offset, length } = tensor;
    const width = widthOf(tensor);
    if (length < smallTensor) {
      this.#join(offset, length, width, name);
      return;
    }
    this.#flush();
    for (let at = 0; at < length; at += longestCut) {
      const part = Math.min(longestCut, length - at);
      const role = this.#role(`${name}\n${at} ${part}`);
      this.#done.push({ offset: offset + at, length: part, content: false, width, role });
    }
  }

  finish(): Stretch[] {
    this.#flush();
    return this.#done;
  }

  #join(offset: number, length: number, width: number, name: string | null): void {
    const other = width > 0 && this.#group.width > 0 && width !== this.#group.width;
    if (other || this.#group.length + length > smallTensor) this.#flush();
    if (this.#group.length === 0) this.#group = { offset, length: 0, width: 0, names: [] };
    this.#group.length += length;
    this.#group.width ||= width;
    if (name !== null) this.#group.names.push(`${name}\n${length}`);
  }

  #flush(): void {
    const { offset, length, width, names } = this.#group;
    if (length === 0) return;
    const role = names.length === 0 ? null : this.#role(names.join('\n'));
    this.#done.push({ offset, length, content: false, width: width || 1, role });
    this.#group = { offset: 0, length: 0, width: 0, names: [] };
  }

  #role(text: string): string {
    return this.#hashing.sha256Of(text).slice(0, 16);
  }
}
