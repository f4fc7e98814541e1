import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/cli/program';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { contributes } = manifest;

const documents = [
  'README.md',
  'CHANGELOG.md',
  'examples/digits/README.md',
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const readme = read('README.md');

/** Everything that matches, each once: the first group of the pattern. */
function named(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))];
}

/** The cells of each row of the tables in a text. */
function rows(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\|[-| ]+\|$/.test(line))
    .map((line) => line.slice(2, -1).split(' | '));
}

async function help(...verb: string[]): Promise<string> {
  const { work } = parseArguments(['help', ...verb]);
  return (await work({} as never)).text;
}

/** The verbs that `cairn help` lists, other names of the same included. */
async function verbsInHelp(): Promise<string[]> {
  const text = await help();
  const lines = named(text, /^ {2}([a-z]+(?:\|[a-z]+)*) (?=[[<])/gm);
  return lines.flatMap((line) => line.split('|')).filter((verb) => verb !== 'help');
}

const code = (text: string) => named(text, /`([^`\n]+)`/g);

describe.each(documents)('%s', (document) => {
  const text = read(document);
  const folder = path.join(root, path.dirname(document));

  test('links to files and shows pictures that are there', () => {
    const targets = [
      ...named(text, /\]\(([^)\s]+)\)/g),
      ...named(text, /^\[[^\]]+\]: (\S+)$/gm),
      ...named(text, /<img[^>]+src="([^"]+)"/g),
    ].filter((target) => !/^(?:https?:|#)/.test(target));
    for (const target of targets) {
      expect(existsSync(path.join(folder, target.replace(/#.*$/, ''))), target).toBe(true);
    }
  });

  test('has a definition for every link that needs one', () => {
    for (const name of named(text, /\]\[([^\]]+)\]/g)) expect(text).toContain(`\n[${name}]: `);
  });

  test('names files of the project that are there', () => {
    const places = /^(?:src|test|webview-ui|examples|media|docs|python|\.github)\/[\w./-]+$/;
    const ignored = readFileSync(path.join(root, '.gitignore'), 'utf8').split('\n');
    for (const place of code(text).filter((word) => places.test(word))) {
      // What a run leaves is not there in a fresh clone.
      if (ignored.includes(place) || ignored.includes(`${place}/`)) continue;
      expect(existsSync(path.join(root, place)), place).toBe(true);
    }
  });

  test('names scripts of package.json', () => {
    for (const script of named(text, /npm run ([\w:-]+)/g)) {
      expect(Object.keys(manifest.scripts)).toContain(script);
    }
  });

  test('names commands of VS Code as they are called there', () => {
    const titles = contributes.commands.map(
      ({ category, title }: { category: string; title: string }) => `${category}: ${title}`,
    );
    for (const title of named(text, /\*\*(Cairn: [^*]+)\*\*/g)) expect(titles).toContain(title);
  });

  test('names settings, colours and identifiers that exist', () => {
    const known = [
      ...Object.keys(contributes.configuration.properties),
      ...contributes.colors.map(({ id }: { id: string }) => id),
      'cairn.yaml',
      'cairn.store',
    ];
    const words = code(text).filter((word) => /^cairn\.[a-z][\w.]*$/i.test(word));
    for (const word of words) expect(known).toContain(word);
  });

  test('speaks of the project alone', () => {
    expect(text).not.toMatch(/\/(?:work|tmp|home|root)\/(?!ada)|#\d+\b/);
  });
});

describe('the table of commands', () => {
  const table = rows(readme).filter(([first = '']) => first.startsWith('`cairn '));
  const verbs = table.map(([first = '']) => /^`cairn ([a-z]+)/.exec(first)?.[1] ?? '');

  test('has every verb of the command line, and no other', async () => {
    const known = (await verbsInHelp()).filter((verb) => verb !== 'history');
    expect([...verbs].sort()).toEqual(known.sort());
  });

  test('names options that there are', async () => {
    const helps = await Promise.all(
      ['', ...verbs].map((verb) => help(...verb.split(' ').filter(Boolean))),
    );
    const known = `${helps.join('\n')}\n${read('examples/start.mjs')}\n${read('vsix.mjs')}`;
    const options = named(readme, /(?<![\w-])--([a-z]+(?:-[a-z]+)*)/g);
    for (const option of options.filter((one) => !['all', 'stat'].includes(one))) {
      const pattern = new RegExp(`--${option}\\b|'?${option}'?: `);
      expect(pattern.test(known), `--${option}`).toBe(true);
    }
  });

  test('each verb that the text uses exists', async () => {
    const known = [...(await verbsInHelp()), 'help'];
    const used = documents.flatMap((document) =>
      named(read(document), /(?:`|^ +|^)cairn ([a-z]+)(?=[ `\n])/gm),
    );
    for (const verb of used) expect(known).toContain(verb);
  });
});

test('the keys in README are those of package.json', () => {
  const told = rows(readme).filter(([, keys = '']) => keys.startsWith('Ctrl+'));
  expect(told.length).toBeGreaterThan(5);
  for (const [title = '', keys = ''] of told) {
    const name = title.replace(/^\*\*Cairn: |\*\*$/g, '');
    const command = contributes.commands.find((one: { title: string }) => one.title === name);
    const bound = contributes.keybindings
      .filter((one: { command: string }) => one.command === command?.command)
      .map(({ key }: { key: string }) => key);
    expect(bound, title).toContain(keys.trim().toLowerCase());
  }
});

test('every setting is in README', () => {
  for (const key of Object.keys(contributes.configuration.properties)) {
    expect(readme).toContain(`\`${key}\``);
  }
});

test('the guide names functions that are in the files beside them', () => {
  const steps = rows(read('docs/guide.md')).filter(
    ([, files = '', functions = '']) => /^`src\//.test(files) && functions.startsWith('`'),
  );
  expect(steps.length).toBeGreaterThan(30);
  for (const [, files = '', functions = ''] of steps) {
    const text = code(files).map(read).join('\n');
    for (const name of code(functions)) expect(text, files).toMatch(new RegExp(`\\b${name}\\b`));
  }
});

test('the decisions name every package, and no other', () => {
  const table = rows(read('docs/decisions.md')).slice(1);
  const told = table.flatMap(([first = '']) => first.split(', ')).map((name) => name.trim());
  const { dependencies, devDependencies } = manifest;
  expect(told.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
});
