import { figure } from '../../core/figures';
import { counted, parameterText, shortReference } from '../../core/labels';
import { code, escaped, table } from '../../core/markdown';
import { sameParameter } from '../../core/parameters';
import type { ParameterDetail, ValueRow } from '../../core/pastValues';

/** Rows that a hover shows; what else changed with a value, by name. */
const mostRows = 8;
const mostOthers = 8;
const noBreak = '\u00a0';
const narrowNoBreak = '\u202f';

/** The addresses of a row's links; `null` where one makes no sense. */
export interface RowLinks {
  readonly compare: string | null;
  readonly rollBack: string;
  readonly use: string | null;
}

/**
 * A parameter's hover in Markdown: the picture, where there is one, and a table of its values, best
 * first, the versions and the metric, what else changed with each, and links. The picture comes first
 * so that it is seen together with the best values: a hover is no higher than a quarter of the editor.
 */
export function hoverText(
  detail: ParameterDetail,
  linksOf: (row: ValueRow) => RowLinks,
  picture: string | null,
): string {
  const { path, rows, metric, current, value, better } = detail;
  const order = better === null || metric === null ? 'newest first' : 'best first';
  const head = `**${escaped(path)}** in ${counted(rows.length, 'value')}, ${order}`;
  const cells = rows.slice(0, mostRows).map((row) => {
    const here = sameParameter(row.value, value);
    const shown = code(parameterText(row.value, 24));
    return [
      here ? `**${shown}**${noBreak}(here)` : shown,
      versionsText(row.versions, current),
      row.metric === null ? '' : figure(row.metric),
      othersText(row.others),
      linksText(linksOf(row)),
    ];
  });
  const titles = ['Value', 'Versions', escaped(metric ?? 'Metric'), 'Changed with it', ''];
  const more = rows.length > mostRows ? `\n\n… and ${rows.length - mostRows} more values` : '';
  // A line of its own, and no paragraph, which would cost the room of a row.
  const image = picture === null ? '' : `  \n![${altText(detail)}](${picture})`;
  return `${head}${image}\n\n${table(titles, cells)}${more}`;
}

function altText({ path, metric }: ParameterDetail): string {
  return escaped(`${metric ?? 'metric'} against ${path}`);
}

/** `v7 (current), v5–v3, v1`. */
export function versionsText(versions: readonly string[], current: string | null): string {
  const numbers = versions.map((reference) => Number(/@v(\d+)/.exec(reference)?.[1] ?? 0));
  const mine = /@v(\d+)/.exec(current ?? '')?.[1];
  const runs: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    const single = String(number) === mine || String(last?.to) === mine;
    if (last !== undefined && last.to - 1 === number && !single) last.to = number;
    else runs.push({ from: number, to: number });
  }
  const texts = runs.map(({ from, to }) => {
    const text =
      from === to ? `v${from}` : from - to === 1 ? `v${from}, v${to}` : `v${from}–v${to}`;
    return String(from) === mine ? `**${text}**${noBreak}(current)` : text;
  });
  const shown = texts.slice(0, 6);
  return texts.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}

function othersText(others: readonly string[]): string {
  if (others.length === 0) return '';
  const named = others.slice(0, mostOthers).map((name) => escaped(name));
  const rest = others.length - named.length;
  return `+${others.length}: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function linksText({ compare, rollBack, use }: RowLinks): string {
  // They stay on one line: what changed may wrap instead.
  const link = (title: string, address: string | null) =>
    address === null ? [] : [`[${title.replaceAll(' ', noBreak)}](${address})`];
  return [
    ...link('Use this value', use),
    ...link('Compare', compare),
    ...link('Roll Back', rollBack),
  ].join(`${narrowNoBreak}·${narrowNoBreak}`);
}

/** What a link that runs a command points to. */
export function commandAddress(command: string, ...given: readonly unknown[]): string {
  // A bracket would end Markdown's address.
  const query = encodeURIComponent(JSON.stringify(given)).replace(
    /[()]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `command:${command}?${query}`;
}

/** `Use this value: 0.01 (v6, val_accuracy 0.942)`. */
export function useTitle({ value, at, metric }: ValueRow, name: string | null): string {
  const outcome = metric === null || name === null ? '' : `, ${name} ${figure(metric)}`;
  return `Use this value: ${parameterText(value, 30)} (${shortReference(at)}${outcome})`;
}
