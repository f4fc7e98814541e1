import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A safetensors file with one tensor of bytes: u64 header length, JSON header, data. */
export function safetensors(...bytes: number[]): Buffer {
  const header = JSON.stringify({
    weight: { dtype: 'U8', shape: [bytes.length], data_offsets: [0, bytes.length] },
  });
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, Buffer.from(padded), Buffer.from(bytes)]);
}

export function script(learningRate: number): string {
  return `import model\n\nLEARNING_RATE = ${learningRate}\nEPOCHS = 5\n\nmodel.train(LEARNING_RATE, EPOCHS)\n`;
}

export interface Training {
  readonly learningRate: number;
  readonly accuracy: number;
  readonly weights: number;
}

/** Leaves in the folder what a training would. */
export function train(folder: string, { learningRate, accuracy, weights }: Training): void {
  writeFileSync(path.join(folder, 'train.py'), script(learningRate));
  writeFileSync(path.join(folder, 'models', 'digits.safetensors'), safetensors(weights, 2, 3));
  const metrics = { val_accuracy: accuracy };
  writeFileSync(path.join(folder, 'metrics.json'), JSON.stringify(metrics));
}

/** A Git repository with code, and a model that Git ignores. */
export function makeRepository(folder: string): void {
  mkdirSync(path.join(folder, 'models'), { recursive: true });
  writeFileSync(path.join(folder, '.gitignore'), 'models/\n');
  train(folder, { learningRate: 0.1, accuracy: 0.9, weights: 1 });
  const git = (...words: string[]) => execFileSync('git', words, { cwd: folder, stdio: 'ignore' });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.org');
  git('add', '-A');
  git('commit', '-q', '-m', 'code');
}
