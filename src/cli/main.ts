/**
 * Where `cairn` begins: on a Node that can load the database and has zstd, the command line itself;
 * on an older one, the same again with a newer Node that lies beside it, or a sentence.
 */
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { keepCompiledCode } from '../platform/compiledCode';
import { nodeForCairn } from './runtime';

// better-sqlite3 crashes the process on an older Node, so nothing that needs it is loaded before.
const neededNapi = 10;
if (Number(process.versions.napi) >= neededNapi && 'zstdCompressSync' in zlib) {
  keepCompiledCode();
  // A script of its own: only what is loaded from now on is kept compiled.
  const { run }: typeof import('./run') = require(join(__dirname, 'commands.js'));
  void run(process.argv.slice(2));
} else {
  process.exitCode = nodeForCairn(process.argv.slice(1));
}
