import type { Project } from './project';

/** The verbs of a project that can be asked for by name: all its methods but `close`. */
export type Verb = {
  [K in keyof Project]: Project[K] extends (...given: never[]) => unknown ? K : never;
}[Exclude<keyof Project, 'close'>];

/**
 * What a verb's first argument is; the engine and those who ask it call verbs by it. Total: a verb
 * that the contract gains must be named here.
 */
export const verbArguments: Readonly<Record<Verb, 'request' | 'activity' | 'nothing'>> = {
  status: 'request',
  commit: 'request',
  planCommit: 'request',
  update: 'request',
  planUpdate: 'request',
  log: 'request',
  show: 'request',
  revisions: 'request',
  compare: 'request',
  report: 'request',
  reportMarkdown: 'request',
  evidence: 'request',
  exampleRow: 'request',
  tensorSpread: 'request',
  rollback: 'request',
  undo: 'request',
  drop: 'request',
  operations: 'request',
  verify: 'request',
  gc: 'request',
  storage: 'request',
  rebuild: 'activity',
  overview: 'nothing',
  table: 'request',
  tableColumns: 'request',
  chartCurves: 'request',
  curves: 'request',
  codeOf: 'request',
  readFile: 'request',
  parameterHistory: 'request',
  parameterDetail: 'request',
  lineHistory: 'request',
  modelFiles: 'nothing',
  takeIn: 'request',
  runs: 'request',
  run: 'request',
  runCurves: 'request',
  commitRun: 'request',
  deleteRun: 'request',
  stopRun: 'request',
  importHistory: 'request',
  stamp: 'nothing',
};
