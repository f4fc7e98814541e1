import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ParameterValue } from '../../src/core/parameters';
import { ParameterTies } from '../../src/core/parameterTies';
import { ParameterTimeline } from '../../src/core/parameterTimeline';
import { ParameterFinder, parameterLanguage, type SourceParameter } from '../../src/source/index';

const folder = path.join(import.meta.dirname, 'corpus');
const names = readdirSync(folder)
  .filter((name) => !name.endsWith('.ipynb'))
  .sort();

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 30 }),
  inserted: fc.constantFrom(
    '',
    '7',
    '0.5',
    'lr=',
    '(',
    ')',
    '"',
    '\n',
    '    ',
    '#',
    'x = 3\n',
    '[',
  ),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(text: string, { at, length, inserted }: Edit): string {
  const from = Math.floor(at * text.length);
  return text.slice(0, from) + inserted + text.slice(from + length);
}

function byPath(parameters: readonly SourceParameter[]): Map<string, ParameterValue[]> {
  const values = new Map<string, ParameterValue[]>();
  for (const { path: dotted, value } of parameters)
    values.set(dotted, [...(values.get(dotted) ?? []), value]);
  return values;
}

it('whatever is typed, every value that is shown is one that a version had', () => {
  const runs = { numRuns: Number(process.env['CAIRN_PROPERTY_RUNS'] ?? 20) };
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      edit,
      fc.boolean(),
      (name, versions, typed, cut) => {
        const finder = new ParameterFinder(parameterLanguage(name) ?? 'python');
        const timeline = new ParameterTimeline();
        let text = readFileSync(path.join(folder, name), 'utf8');
        const had: Set<string>[] = [];
        for (const one of versions) {
          text = edited(text, one);
          const { parameters } = finder.findInFile(text);
          timeline.append(byPath(parameters));
          had.push(new Set(parameters.map(({ value }) => JSON.stringify(value))));
        }
        const now = cut ? text.slice(0, Math.floor(typed.at * text.length)) : edited(text, typed);
        const live = byPath(finder.findInFile(now).parameters);
        const ties = new ParameterTies(timeline, live);
        for (const [dotted, values] of live) {
          for (const occurrence of values.keys()) {
            for (const { from, to, value } of ties.valuesOf(dotted, occurrence)) {
              for (let index = from; index <= to; index++)
                expect(had[index]?.has(JSON.stringify(value)), dotted).toBe(true);
            }
          }
        }
      },
    ),
    runs,
  );
});
