import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/cli/program';
import { versionOptionsFrom, withProjectPaths } from '../../src/cli/versionOptions';
import { Failure } from '../../src/core/failure';

const globals = (line: string) => parseArguments(line.split(' ')).globals;

describe('global options', () => {
  test.each([
    '--json --project there log',
    '--json log --project there',
    'log digits --limit 3 --project there --json',
    '--project=there log --json digits',
  ])('stand anywhere: %s', (line) => {
    expect(globals(line)).toEqual({ json: true, quiet: false, project: 'there' });
  });

  test('are not taken from what is said with another option', () => {
    const { globals: found } = parseArguments(['commit', '-m', '--json', '--quiet']);
    expect(found).toEqual({ json: false, quiet: true });
    expect(globals('rollback v1 --reason --project')).toEqual({ json: false, quiet: false });
  });
});

describe('what the options of a version are read as', () => {
  test('values are what JSON makes of them, else text', () => {
    const param = ['lr=1e-3', 'layers=[64, 32]', 'name=adam', 'on=true', 'id="7"', 'at=v1', 'e=.5'];
    expect(versionOptionsFrom({ param: [...param, 'none=null', 'odd=[64', 'empty='] })).toEqual({
      parameters: {
        ...{ lr: 0.001, layers: [64, 32], name: 'adam', on: true, id: '7', at: 'v1', e: 0.5 },
        ...{ none: null, odd: '[64', empty: '' },
      },
    });
  });

  test('metrics are numbers, or the names of what is none', () => {
    expect(versionOptionsFrom({ metric: ['a=0.1', 'b=nan', 'c=-inf', 'd=1e3'] })).toEqual({
      metrics: { a: 0.1, b: 'NaN', c: '-Infinity', d: 1000 },
    });
    expect(() => versionOptionsFrom({ metric: ['a=good'] })).toThrow(Failure);
    expect(() => versionOptionsFrom({ metric: ['a='] })).toThrow(Failure);
    expect(() => versionOptionsFrom({ metric: ['=1'] })).toThrow(Failure);
  });

  test('paths are relative to where the command runs', () => {
    const options = { files: ['a.pt', '../b.pt', '../../c.pt', '/d.pt'], metricsFile: './m.json' };
    expect(withProjectPaths(options, '/p/models', '/p')).toEqual({
      files: ['models/a.pt', 'b.pt', '/c.pt', '/d.pt'],
      metricsFile: 'models/m.json',
    });
  });
});
