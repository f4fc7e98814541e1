/** `1 version`, `3 versions`. */
export function countText(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** `0.3 s`, `15 s`. */
export function secondsText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
}

/** Longer values and words are cut in tables; the JSON has them whole. */
const widest = 80;

/** A metric or parameter as a person reads it: at most six digits that count. */
export function valueText(value: unknown): string {
  const text = wholeText(value);
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

function wholeText(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return `[${value.map(wholeText).join(', ')}]`;
  return String(value);
}

function numberText(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(6)));
}

/** What a value was and is: `0.1 → 0.2`, only one side where there is no other. */
export function changeText(status: string, from: unknown, to: unknown): string {
  if (status === 'added') return valueText(to);
  if (status === 'deleted') return valueText(from);
  return `${valueText(from)} → ${valueText(to)}`;
}

/** Date and minute, in the time zone of whoever reads it: `2026-11-21 10:00`. */
export function timeText(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** Rows as aligned columns; trailing spaces are cut, and a cell is one line whatever is in it. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(lineText));
  const widths: number[] = [];
  for (const row of cells) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The first line of a text of several, marked as cut. */
export function firstLine(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  return rest.some((line) => line.trim() !== '') ? `${first.trimEnd()} …` : first;
}

// Control characters, and those that turn the direction of writing or break lines out of sight.
const control = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One line that cannot play with the terminal, whatever name or description is in it. */
export function lineText(text: string): string {
  return text.replace(control, '?');
}

/** The same for several lines. */
export function plainText(text: string): string {
  return text.split('\n').map(lineText).join('\n');
}
