import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { errnoOf } from './diskErrors';

/** So many are kept: a few verbs of a few versions of Cairn and Node. */
const mostKept = 40;

/**
 * Loads a script as `require` does, and keeps what V8 compiled of it when the process ends well: all
 * functions that this use of it needed, where Node's own cache has those of the script's top only
 * (https://nodejs.org/api/vm.html#scriptcreatecacheddata). In the user's own caches: what lies in a
 * directory that others can write to would be run. Where nothing can be kept (a home that is
 * read-only, `NODE_DISABLE_COMPILE_CACHE`), it is compiled anew each time.
 * @param path absolute, a CommonJS script
 * @param use what it is loaded for: another one needs other functions
 */
export function requireCompiled(path: string, use: string): unknown {
  const source = readFileSync(path, 'utf8');
  const kept = keptUnder(path, source, use);
  const cachedData = kept === null ? undefined : readSound(kept);
  const code = wrap(source);
  // V8 checks that it is its own, and of a source as long; the name has the checksum.
  const script = new Script(code, { filename: path, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  const run = script.runInThisContext();
  run.call(module.exports, module.exports, createRequire(path), module, path, dirname(path));
  if (kept !== null && (cachedData === undefined || script.cachedDataRejected === true)) {
    process.once('exit', (exitCode) => {
      if (exitCode === 0) keep(kept, script.createCachedData());
    });
  }
  return module.exports;
}

/** The file for what is compiled; `null` where nothing is to be kept. */
function keptUnder(path: string, source: string, use: string): string | null {
  if (process.env['NODE_DISABLE_COMPILE_CACHE'] === '1') return null;
  const named = process.env['NODE_COMPILE_CACHE'];
  const directory = join(named ?? userCaches(), 'cairn', 'compiled');
  const checksum = (text: string) => crc32(text).toString(16).padStart(8, '0');
  const { v8 } = process.versions;
  return join(directory, `${checksum(path)}-${checksum(source)}-${v8}-${process.arch}-${use}`);
}

/** V8 takes what it is given: so the file ends in a checksum of what stands before. */
const checksumLength = 4;

function readSound(path: string): Buffer | undefined {
  const bytes = ifAllowed(() => readFileSync(path)) ?? Buffer.alloc(0);
  const code = bytes.subarray(0, Math.max(0, bytes.length - checksumLength));
  const isSound = code.length > 0 && bytes.readUInt32LE(code.length) === crc32(code);
  return isSound ? code : undefined;
}

/** Whole or not at all. */
function keep(path: string, code: Uint8Array): void {
  const checksum = Buffer.alloc(checksumLength);
  checksum.writeUInt32LE(crc32(code));
  const directory = dirname(path);
  const temporary = `${path}.${process.pid}`;
  ifAllowed(() => mkdirSync(directory, { recursive: true, mode: 0o700 }));
  ifAllowed(() => {
    writeFileSync(temporary, Buffer.concat([code, checksum]), { mode: 0o600 });
    renameSync(temporary, path);
  });
  ifAllowed(() => rmSync(temporary, { force: true }));
  ifAllowed(() => forgetOldest(directory));
}

function forgetOldest(directory: string): void {
  const files = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  const aged = files.map(({ name }) => {
    const path = join(directory, name);
    return { path, age: statSync(path).mtimeMs };
  });
  aged.sort((one, other) => other.age - one.age);
  for (const { path } of aged.slice(mostKept)) rmSync(path, { force: true });
}

/** A cache that cannot be read or written is none. */
function ifAllowed<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return null;
  }
}

/** Where the system keeps what a user's programs can make again. */
function userCaches(): string {
  if (process.platform === 'win32') {
    return process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  // https://specifications.freedesktop.org/basedir-spec/latest/: a relative path is not to be used.
  const named = process.env['XDG_CACHE_HOME'];
  return named?.startsWith('/') === true ? named : join(homedir(), '.cache');
}
