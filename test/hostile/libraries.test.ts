import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readModel, scanModel } from '../../src/formats/index';
import { readerOf } from '../formats/fixtures';

/** Made by `make_libraries_*.py`; the libraries' versions are in `versions.json`. */
const folder = fileURLToPath(new URL('./libraries/', import.meta.url));
const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Record<
  string,
  'clean' | 'suspicious'
>;

describe('files of today\u2019s libraries', () => {
  it('are many', () => {
    const names = readdirSync(folder).filter(
      (name) => !/^(?:expected|versions)\.json$|^\./.test(name),
    );
    expect(names.sort()).toEqual(Object.keys(expected).sort());
    expect(names.length).toBeGreaterThanOrEqual(60);
  });

  it.each(Object.entries(expected))('%s is %s, and read', async (name, verdict) => {
    const reader = readerOf(new Uint8Array(readFileSync(`${folder}${name}`)));
    const scan = await scanModel(reader, name);
    const told = { verdict: scan.verdict, findings: scan.findings.map(({ code }) => code) };
    expect(told).toEqual({ verdict, findings: verdict === 'clean' ? [] : expect.any(Array) });
    for (const { message } of scan.findings) expect(message).toMatch(/run|object/);
    const { complete, why, warnings } = await readModel(reader, name);
    expect({ complete, why, warnings }).toEqual({ complete: true, why: null, warnings: [] });
  });
});
