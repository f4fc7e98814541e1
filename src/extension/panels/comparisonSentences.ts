import type { VersionComparison } from '../../core/comparison';
import { figure } from '../../core/figures';
import { changeText, counted, parameterText } from '../../core/labels';

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

function codeSentence({ code }: VersionComparison): string {
  return code.files.length === 0 ? 'same code' : `${counted(code.files.length, 'file')} of code`;
}

function dataSentence({ data }: VersionComparison): string {
  return data.length === 0 ? 'same data' : `${counted(data.length, 'dataset')} changed`;
}

function environmentSentence({ environment }: VersionComparison): string {
  if (environment.length === 0) return 'same environment';
  return `${counted(environment.length, 'difference')} of environment`;
}
