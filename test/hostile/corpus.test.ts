import { describe, expect, it } from 'vitest';
import { scanModel } from '../../src/formats/index';
import { readerOf } from '../formats/fixtures';
import { hostileContainers } from './hostileContainers';
import { hostileGraphs } from './hostileGraphs';
import { hostileModels } from './hostileModels';
import { hostilePacked } from './hostilePacked';
import { type Hostile, hostilePickles } from './hostilePickles';
import { hostileTwists } from './hostileTwists';

const all: readonly Hostile[] = [
  ...hostilePickles,
  ...hostileContainers,
  ...hostileModels,
  ...hostileTwists,
  ...hostileGraphs,
  ...hostilePacked,
];

describe('hostile files', () => {
  it('are many, each under its own name', () => {
    expect(all.length).toBeGreaterThanOrEqual(150);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it.each(all)('$name is not clean', async ({ name, bytes, least }) => {
    const { verdict, findings } = await scanModel(readerOf(bytes), name);
    if (least === 'dangerous') expect(verdict).toBe('dangerous');
    else expect(['suspicious', 'unreadable', 'dangerous']).toContain(verdict);
    for (const { message } of findings) expect(message).toMatch(/\.$/);
  });
});
