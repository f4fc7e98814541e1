import type { FileWeights, VersionComparison } from './comparison';
import { figure } from './figures';
import { changeText, counted, parameterText } from './labels';

/** Most parameters that the overview names before it only counts them. */
const mostNamed = 3;

/** What is different, each in a few words: `lr 0.01 → 0.001`, `2 files of code`, `same data`. */
export function comparisonSentences(
  comparison: VersionComparison,
  primary: string | null,
): string[] {
  return [
    ...metricSentences(comparison, primary),
    ...parameterSentences(comparison),
    fileSentence(comparison),
    codeSentence(comparison),
    dataSentence(comparison),
    environmentSentence(comparison),
  ].filter((sentence) => sentence !== '');
}

function metricSentences({ metrics }: VersionComparison, primary: string | null): string[] {
  const change = metrics.find(({ key }) => key === primary);
  if (change === undefined || change.to === null) return [];
  const from = change.from === null ? '' : `${figure(change.from)} → `;
  const how = changeText(change);
  return [`${change.key} ${from}${figure(change.to)}${how === '' ? '' : ` (${how})`}`];
}

function parameterSentences({ parameters }: VersionComparison): string[] {
  if (parameters.length === 0) return ['same parameters'];
  const named = parameters.slice(0, mostNamed).map(({ key, from, to, status }) => {
    if (status === 'added') return `${key} ${parameterText(to)} added`;
    if (status === 'deleted') return `${key} gone`;
    return `${key} ${parameterText(from)} → ${parameterText(to)}`;
  });
  const more = parameters.length - named.length;
  return more === 0 ? named : [...named, `${counted(more, 'other parameter')} changed`];
}

function fileSentence({ artifacts }: VersionComparison): string {
  if (artifacts.length === 0) return 'same model files';
  return `${counted(artifacts.length, 'model file')} changed`;
}

function codeSentence({ code: { files } }: VersionComparison): string {
  if (files.length === 0) return 'same code';
  const lines = files.flatMap(({ lines: count }) =>
    count === undefined || count === null ? [] : [count],
  );
  const added = lines.reduce((sum, count) => sum + count.added, 0);
  const removed = lines.reduce((sum, count) => sum + count.removed, 0);
  const size = lines.length === 0 ? '' : ` (+${added} −${removed})`;
  return `${counted(files.length, 'file')} of code${size}`;
}

function dataSentence({ data }: VersionComparison): string {
  return data.length === 0 ? 'same data' : `${counted(data.length, 'dataset')} changed`;
}

/** Most packages that are named before they are only counted. */
const mostPackages = 2;

function environmentSentence({ environment }: VersionComparison): string {
  if (environment.length === 0) return 'same environment';
  const named = environment.map(({ key, from, to, status }) => {
    if (status === 'added') return `${key} ${to} added`;
    return status === 'deleted' ? `${key} gone` : `${key} ${from} → ${to}`;
  });
  if (named.length <= mostPackages) return named.join(', ');
  return `${counted(environment.length, 'difference')} of environment`;
}

/** `weights: 6 of 14 tensors changed`, and what is told of the parts of one file. */
export function weightsOverview(files: readonly FileWeights[]): string[] {
  return files.flatMap(({ path, whole, sentences }) => {
    const of = files.length === 1 ? 'weights' : `weights of ${path}`;
    return [`${of}: ${whole.changed} of ${counted(whole.tensors, 'tensor')} changed`, ...sentences];
  });
}
