import type { Disk } from './disk';
import type { Processes } from './processes';
import type { WriteSeam } from './seam';

export interface Clock {
  now(): Date;
  /** Milliseconds that never go backwards. */
  elapsed(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface Randomness {
  /** So many random bytes in hexadecimal. */
  token(bytes: number): string;
}

/** Incremental SHA-256. */
export interface Hash {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal; the hash is spent. */
  digest(): string;
}

export interface Hashing {
  sha256(): Hash;
  sha256Of(bytes: Uint8Array | string): string;
}

/** Everything below the rooms: what a room needs from the machine, and nothing else. */
export interface Platform {
  readonly disk: Disk;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly hashing: Hashing;
  readonly seam: WriteSeam;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `linux-x64`, `darwin-arm64`, `win32-x64`, … */
  readonly system: string;
  readonly home: string;
  readonly temporary: string;
}
