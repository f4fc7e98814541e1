/**
 * Where `cairn` begins: on a Node that can load the database and has zstd, the command line itself;
 * on an older one, the same again with a newer Node that lies beside it, or a sentence.
 */
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { requireCompiled } from '../platform/compiledCode';
import { nodeForCairn } from './runtime';

// better-sqlite3 crashes the process on an older Node, so nothing that needs it is loaded before.
const neededNapi = 10;
if (Number(process.versions.napi) >= neededNapi && 'zstdCompressSync' in zlib) {
  const words = process.argv.slice(2);
  const verb = words[0] ?? '';
  const use = /^[a-z]{1,20}$/.test(verb) ? verb : 'other';
  const commands = requireCompiled(join(__dirname, 'commands.js'), use);
  const { run } = commands as typeof import('./run');
  void run(words);
} else {
  process.exitCode = nodeForCairn(process.argv.slice(1));
}
