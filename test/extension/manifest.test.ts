import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const { contributes } = manifest;

interface Named {
  readonly command: string;
}

const commands: string[] = contributes.commands.map(({ command }: Named) => command);
const registered = ['commands', 'inline']
  .map((folder) => readFileSync(path.join(root, 'src/extension', folder, 'register.ts'), 'utf8'))
  .join('\n');

test('every command is registered, and every registered one is in the manifest', () => {
  const inCode = [...registered.matchAll(/(?:\[\s*|command\()'(cairn\.[\w.]+)'/g)].map(
    ([, id]) => id,
  );
  expect([...inCode].sort()).toEqual([...commands].sort());
});

test('menus and keys name commands that exist', () => {
  const used = [
    ...Object.values(contributes.menus as Record<string, Named[]>).flat(),
    ...(contributes.keybindings as Named[]),
  ].map(({ command }) => command);
  for (const command of used) {
    if (command !== 'cairn.versions.focus') expect(commands).toContain(command);
  }
});

test('the walkthrough has five steps with pictures that are there and links that work', () => {
  const [walkthrough] = contributes.walkthroughs;
  expect(walkthrough.steps).toHaveLength(5);
  for (const { media, description } of walkthrough.steps) {
    expect(existsSync(path.join(root, media.svg)), media.svg).toBe(true);
    for (const [, command] of description.matchAll(/\(command:([\w.]+)\)/g)) {
      expect([...commands, 'cairn.versions.focus']).toContain(command);
    }
  }
});

test('no setting says what not to do, and each has a description', () => {
  for (const [key, setting] of Object.entries(contributes.configuration.properties)) {
    expect(key).toMatch(/^cairn\./);
    expect(key).not.toMatch(/doNot|disable|hide/i);
    expect(setting).toHaveProperty('markdownDescription');
  }
});

test('nothing activates at the start of a window', () => {
  expect(manifest.activationEvents).not.toContain('*');
  expect(manifest.activationEvents).not.toContain('onStartupFinished');
});
