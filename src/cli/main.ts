/**
 * Where `cairn` begins: on a Node that can load the database, the command line itself; on an older
 * one, the same again with a newer Node that lies beside it, or a sentence.
 */
import { nodeForCairn } from './runtime';

// better-sqlite3 crashes the process on an older Node, so nothing that needs it is loaded before.
const neededNapi = 10;
if (Number(process.versions.napi) >= neededNapi) {
  void import('./run').then(({ run }) => run(process.argv.slice(2)));
} else {
  process.exitCode = nodeForCairn(process.argv.slice(1));
}
