import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const paint = (style: Style, text: string) => styleText(style, text, { validateStream: false });

/** What is coloured in an answer: titles of tables, how a metric went, warnings. */
const rules: readonly (readonly [RegExp, Style])[] = [
  [/^\S.*(?=\n {2}\S)/gm, 'bold'],
  [/(?<= {2})better$/gm, 'green'],
  [/(?<= {2})worse$/gm, 'red'],
  [/^Warning:/gm, 'yellow'],
];

/** Lays colour over an answer, whose words stay the same: colour never says anything alone. */
export function colouredAnswer(text: string): string {
  return rules.reduce(
    (coloured, [pattern, style]) => coloured.replace(pattern, (found) => paint(style, found)),
    text,
  );
}

/** A failure's sentence and its hint. */
export function colouredFailure(message: string, hint: string): string {
  return `${paint('red', message)}\n${paint('cyan', 'Hint:')} ${hint}`;
}
