// Trains a small network on text and saves its checkpoints, for bench/sequences.mjs on machines
// without PyTorch. A minute or two.
//
//   node bench/checkpoints.mjs OUT [TEXT…]
//
// Writes safetensors: OUT/pretrain (float32, everything moves), OUT/finetune (bfloat16, a hundredth of
// the learning rate), OUT/frozen (bfloat16, only the last layer trains). The network guesses the next
// byte from eight before it; the texts default to this project's documents.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [out, ...texts] = process.argv.slice(2);
if (out === undefined) {
  console.error('Where to? node bench/checkpoints.mjs OUT [TEXT…]');
  process.exit(2);
}
const root = path.join(import.meta.dirname, '..');
const documents = ['README.md', 'docs/guide.md', 'docs/formats.md', 'docs/decisions.md'];
const files = texts.length > 0 ? texts : documents.map((name) => path.join(root, name));
const text = Buffer.concat(files.map((file) => readFileSync(file))).map((byte) => byte & 127);

const [context, batch, hidden, symbols] = [8, 16, 768, 128];

/** Numbers that are the same each time: xorshift32. */
let state = 2_463_534_242;
function random() {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}

/** A layer with Adam's memory. @param {number} inputs @param {number} outputs */
function layer(inputs, outputs) {
  const scale = Math.sqrt(6 / (inputs + outputs));
  const weights = new Float32Array(inputs * outputs).map(() => (random() * 2 - 1) * scale);
  const zeros = () => new Float32Array(weights.length);
  return { inputs, outputs, weights, gradient: zeros(), first: zeros(), second: zeros() };
}
const layers = [layer(context * symbols, hidden), layer(hidden, hidden), layer(hidden, symbols)];

/** @param {ReturnType<typeof layer>} of @param {Float32Array} input */
function forward({ inputs, outputs, weights }, input) {
  const result = new Float32Array(outputs);
  for (let i = 0; i < inputs; i += 1) {
    const value = input[i] ?? 0;
    if (value === 0) continue;
    for (let o = 0; o < outputs; o += 1) {
      result[o] = (result[o] ?? 0) + value * (weights[i * outputs + o] ?? 0);
    }
  }
  return result;
}

/** Adds to the gradient; returns what the input should change. */
function backward(
  /** @type {ReturnType<typeof layer>} */ { inputs, outputs, weights, gradient },
  /** @type {Float32Array} */ input,
  /** @type {Float32Array} */ error,
) {
  const before = new Float32Array(inputs);
  for (let i = 0; i < inputs; i += 1) {
    const value = input[i] ?? 0;
    if (value === 0) continue;
    let sum = 0;
    for (let o = 0; o < outputs; o += 1) {
      const at = i * outputs + o;
      gradient[at] = (gradient[at] ?? 0) + value * (error[o] ?? 0);
      sum += (weights[at] ?? 0) * (error[o] ?? 0);
    }
    before[i] = sum;
  }
  return before;
}

/** One example: adds to the gradients, returns the loss. */
function learn() {
  const at = Math.floor(random() * (text.length - context - 1));
  const input = new Float32Array(context * symbols);
  for (let i = 0; i < context; i += 1) input[i * symbols + (text[at + i] ?? 0)] = 1;
  const values = [input];
  for (const [index, one] of layers.entries()) {
    const result = forward(one, /** @type {Float32Array} */ (values[index]));
    values.push(index < layers.length - 1 ? result.map((value) => Math.max(0, value)) : result);
  }
  const scores = /** @type {Float32Array} */ (values.at(-1));
  const most = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - most));
  const sum = parts.reduce((one, other) => one + other);
  const next = text[at + context] ?? 0;
  let error = parts.map((part, index) => (part / sum - (index === next ? 1 : 0)) / batch);
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    const one = /** @type {ReturnType<typeof layer>} */ (layers[index]);
    error = backward(one, /** @type {Float32Array} */ (values[index]), error);
  }
  return -Math.log((parts[next] ?? 0) / sum);
}

let steps = 0;
/** A step of Adam over the layers that train. @param {number} rate @param {number} from */
function step(rate, from) {
  let loss = 0;
  for (let example = 0; example < batch; example += 1) loss += learn() / batch;
  steps += 1;
  const [one, two] = [1 - 0.9 ** steps, 1 - 0.999 ** steps];
  for (const [index, { weights, gradient, first, second }] of layers.entries()) {
    for (let at = 0; index >= from && at < weights.length; at += 1) {
      const slope = gradient[at] ?? 0;
      first[at] = 0.9 * (first[at] ?? 0) + 0.1 * slope;
      second[at] = 0.999 * (second[at] ?? 0) + 0.001 * slope * slope;
      const move = ((first[at] ?? 0) / one) * (1 / (Math.sqrt((second[at] ?? 0) / two) + 1e-8));
      weights[at] = (weights[at] ?? 0) - rate * move;
    }
    gradient.fill(0);
  }
  return loss;
}

/** The upper halves of floats, rounded to the nearest. @param {Float32Array} floats */
function bfloat16(floats) {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  return new Uint16Array(bits.map((value) => (value + 0x7fff + ((value >>> 16) & 1)) >>> 16));
}

/** @param {string} sequence @param {number} at @param {'F32' | 'BF16'} dtype */
function save(sequence, at, dtype) {
  const data = layers.map(({ weights }) => (dtype === 'F32' ? weights : bfloat16(weights)));
  let offset = 0;
  const entries = layers.map(({ inputs, outputs }, index) => {
    const begin = offset;
    offset += data[index]?.byteLength ?? 0;
    return [
      `layer.${index}.weight`,
      { dtype, shape: [inputs, outputs], data_offsets: [begin, offset] },
    ];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const bytes = data.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  const directory = path.join(String(out), sequence);
  mkdirSync(directory, { recursive: true });
  const name = `step-${String(at).padStart(4, '0')}.safetensors`;
  writeFileSync(path.join(directory, name), Buffer.concat([length, header, ...bytes]));
}

/** @type {[string, number, number, number, number, 'F32' | 'BF16'][]} */
const plans = [
  ['pretrain', 100, 20, 1e-3, 0, 'F32'],
  ['finetune', 100, 10, 1e-5, 0, 'BF16'],
  ['frozen', 50, 10, 1e-4, layers.length - 1, 'BF16'],
];
for (const [sequence, count, every, rate, from, dtype] of plans) {
  if (sequence !== 'pretrain') save(sequence, 0, dtype);
  for (let at = 1; at <= count; at += 1) {
    const loss = step(rate, from);
    if (at % every !== 0) continue;
    save(sequence, at, dtype);
    console.log(`${sequence} ${at}: loss ${loss.toFixed(3)}`);
  }
}
