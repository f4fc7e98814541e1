import type { VersionRecord } from '../core/version';
import type { NewRecord } from '../history';
import { fullReference } from './resolve';

/** A version that a rebuild could not take in, because another one has its label. */
export interface LabelRival {
  readonly version: string;
  readonly label: string;
  readonly holder: string;
}

/**
 * Takes out what two remotes know by one label: a label names one version of a model. The version
 * that was found first keeps it (branches of one's own come before those of remotes); the other
 * stays in Git, and is told.
 */
export function takeOutRivals(entries: Map<string, NewRecord>): LabelRival[] {
  const holders = new Map<string, VersionRecord>();
  const rivals: LabelRival[] = [];
  for (const record of shownOf(entries)) {
    const { model, label } = record;
    if (label === null) continue;
    const key = `${model}\n${label}`;
    const holder = holders.get(key);
    if (holder === undefined) holders.set(key, record);
    else rivals.push({ version: fullReference(record), label, holder: fullReference(holder) });
  }
  const out = new Set(rivals.map(({ version }) => numberOf(version)));
  for (const reference of [...entries.keys()]) {
    if (out.has(numberOf(reference))) entries.delete(reference);
  }
  return rivals;
}

/** Of each version the revision that stands for it, if any stands; in the order of finding. */
function shownOf(entries: ReadonlyMap<string, NewRecord>): VersionRecord[] {
  const shown = new Map<string, VersionRecord>();
  for (const [reference, { record }] of entries) {
    if (record.kind !== 'version' || record.withdrawn !== undefined) continue;
    const key = numberOf(reference);
    const known = shown.get(key);
    if (known === undefined || known.revision < record.revision) shown.set(key, record);
  }
  return [...shown.values()];
}

/** The reference without its revision. */
function numberOf(reference: string): string {
  return reference.replace(/\.\d+$/, '');
}
