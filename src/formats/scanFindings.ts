import type { FindingPlace, FindingSeverity, ScanFinding } from '../core/scan';

/** A hostile file could name a million; what is kept of each severity suffices to judge it. */
const mostKept = 100;

/** Gathers what is found; each thing once in each place, the worst never pushed out by others. */
export class Findings {
  readonly #kept = new Map<string, ScanFinding>();
  readonly #counts: Record<FindingSeverity, number> = {
    suspicious: 0,
    unreadable: 0,
    dangerous: 0,
  };
  /** Whether anything was recognized that a model library would load. */
  isModel = false;

  add(code: string, severity: FindingSeverity, message: string, where: FindingPlace): void {
    const key = `${code} ${message} ${where.member ?? ''}`;
    if (this.#kept.has(key) || this.#counts[severity] >= mostKept) return;
    this.#counts[severity]++;
    this.#kept.set(key, { code, severity, message, where });
  }

  /** The worst first, else in the order they were found. */
  list(): ScanFinding[] {
    const order: readonly FindingSeverity[] = ['dangerous', 'unreadable', 'suspicious'];
    return order.flatMap((severity) =>
      [...this.#kept.values()].filter((finding) => finding.severity === severity),
    );
  }
}
