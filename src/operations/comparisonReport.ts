import { comparisonMarkdown } from '../core/comparisonMarkdown';
import {
  type ComparisonEvidence,
  type ComparisonReport,
  maximumSides,
  type Side,
  type SideWeights,
} from '../core/comparisonReport';
import { comparisonReport } from '../core/comparisonTable';
import { Failure } from '../core/failure';
import type { Activity } from '../core/progress';
import { referenceTo } from '../core/version';
import { compare } from './compare';
import { keptWeights } from './compareVersionWeights';
import { comparisonEvidence } from './comparisonEvidence';
import { primaryOf, resolve } from './resolve';
import type { Rooms } from './rooms';

interface SidesRequest {
  /** The first is the base and a version; `null` stands for the working files. */
  readonly sides: readonly Side[];
}

interface WholeReport {
  readonly report: ComparisonReport;
  /** Only what was compared before, or everything with `values`. */
  readonly weights: readonly SideWeights[];
}

/**
 * Two or more sides next to each other, all held against the first; with what is known of their
 * weights, or, with `values`, all of it. @throws Failure `usage`, `no-such-version`; Cancelled
 */
export async function report(
  rooms: Rooms,
  { sides, values = false }: SidesRequest & { readonly values?: boolean },
  activity?: Activity,
): Promise<WholeReport> {
  const [first, ...rest] = sides;
  if (first === undefined || first === null || rest.length === 0 || sides.length > maximumSides) {
    const what = `a comparison is of a version with up to ${maximumSides - 1} others`;
    throw new Failure('usage', { what });
  }
  const base = await resolve(rooms, first);
  const from = referenceTo(base, true);
  const others = [];
  const weights: SideWeights[] = [];
  for (const [index, to] of rest.entries()) {
    const record = to === null ? null : await resolve(rooms, to);
    const asked = { from, lines: true, values, ...(to === null ? {} : { to }) };
    const comparison = await compare(rooms, asked, activity);
    others.push({ record, comparison });
    const files = comparison.weights ?? (await keptWeights(rooms, comparison.artifacts));
    if (files.length > 0) weights.push({ side: index + 1, files });
  }
  const primary = await primaryOf(rooms, base.model);
  return { report: comparisonReport({ base, others }, primary), weights };
}

/** The same as Markdown, with what predictions and data tell. */
export async function reportMarkdown(
  rooms: Rooms,
  request: SidesRequest & { readonly values?: boolean },
  activity?: Activity,
): Promise<string> {
  const whole = await report(rooms, request, activity);
  const evidence: ComparisonEvidence = await comparisonEvidence(rooms, request, activity);
  return comparisonMarkdown(whole.report, evidence, whole.weights);
}
