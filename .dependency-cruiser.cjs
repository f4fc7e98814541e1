/**
 * The floors of the house. Imports run only downward, rooms on one floor never import each other
 * (type imports count), and each outside package has one place that may import it:
 *
 *   doors   cli, engine, extension        webview-ui
 *   verbs   operations                      |
 *   rooms   formats … workspace             |
 *   ground  platform                        |
 *   nouns   core  <---------------------- wire
 *
 * `npm run floors` runs this; test/floors proves that every rule can fail.
 */

const doors = ['cli', 'engine', 'extension'];
const rooms = ['formats', 'artifacts', 'history', 'git', 'runs', 'source', 'workspace'];

/** A package, whether it resolves into node_modules, into its types, or not at all. */
const packages = (...names) => `^(node_modules/)?(@types/)?(${names.join('|')})(/|$)`;
const floor = (...names) => `^src/(${names.join('|')})/`;

/** Whatever is in `from` may import from our own floors only what `allowed` matches. */
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|webview-ui|test|examples|bench)/', pathNot: allowed },
});

/** Only files in `owner` may import `target`. */
const reserved = (name, comment, owner, target) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: owner },
  to: { path: target },
});

const nodeModules = (...names) => `^(node:)?(${names.join('|')})(/|$)`;

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea, or a third one is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },

    only('core-imports-core', 'The nouns know nothing else.', floor('core'), floor('core')),
    only('wire-imports-core', 'Letters are made of nouns.', floor('wire'), floor('wire', 'core')),
    only(
      'platform-imports-core',
      'The ground knows the nouns and nothing above.',
      floor('platform'),
      floor('platform', 'core'),
    ),
    only(
      'source-imports-core',
      'Reading source text needs no disk.',
      floor('source'),
      floor('source', 'core'),
    ),
    ...rooms
      .filter((room) => room !== 'source')
      .map((room) =>
        only(
          `${room}-imports-ground`,
          'A room imports the platform and the nouns, never another room.',
          floor(room),
          floor(room, 'platform', 'core'),
        ),
      ),
    only(
      'operations-imports-rooms',
      'The verbs use rooms, ground and nouns; they know no door.',
      floor('operations'),
      floor('operations', 'platform', 'core', ...rooms),
    ),
    only(
      'cli-imports-down',
      'Doors never import each other, and the command line writes no letters.',
      floor('cli'),
      floor('cli', 'operations', 'platform', 'core', ...rooms),
    ),
    ...doors
      .filter((door) => door !== 'cli')
      .map((door) =>
        only(
          `${door}-imports-down`,
          'Doors never import each other.',
          floor(door),
          floor(door, 'wire', 'operations', 'platform', 'core', ...rooms),
        ),
      ),
    only(
      'webview-imports-letters',
      'A panel sees letters and nouns only.',
      '^webview-ui/',
      '^(webview-ui/|src/(wire|core)/)',
    ),
    {
      name: 'rooms-have-one-door',
      comment: 'From outside, a room is reached through its index.ts.',
      severity: 'error',
      from: { path: '^(src|webview-ui)/', pathNot: floor(...rooms) },
      to: { path: floor(...rooms), pathNot: `^src/(${rooms.join('|')})/index\\.ts$` },
    },

    reserved(
      'vscode-in-extension',
      'Only the extension knows VS Code.',
      '^src/extension/',
      packages('vscode'),
    ),
    reserved(
      'sqlite-in-history',
      'Only history opens databases.',
      '^src/history/',
      packages('better-sqlite3'),
    ),
    reserved('simple-git-in-git', 'Only git speaks to Git.', '^src/git/', packages('simple-git')),
    reserved('lezer-in-source', 'Only source parses code.', '^src/source/', packages('@lezer')),
    reserved(
      'widgets-in-webviews',
      'Nothing outside the panels draws.',
      '^webview-ui/',
      packages('lit', 'lit-html', 'echarts', 'zrender'),
    ),
    reserved(
      'toolkit-in-controls',
      'The toolkit is archived upstream: one module knows it, so one module changes with it.',
      '^webview-ui/src/controls\\.ts$',
      packages('@vscode/webview-ui-toolkit'),
    ),
    reserved(
      'disk-and-processes-in-platform',
      'Everything else gets a Platform object, so that tests can make it fail.',
      '^src/platform/',
      nodeModules('fs', 'child_process', 'cluster'),
    ),
    reserved(
      'threads-in-platform-and-engine',
      'The engine is the thread; the platform starts it.',
      '^src/(platform|engine)/',
      nodeModules('worker_threads'),
    ),
    {
      name: 'nouns-need-no-node',
      comment: 'Core and wire run in webviews too; source reads text that it is given.',
      severity: 'error',
      from: { path: '^(src/(core|wire|source)|webview-ui)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nouns-need-no-package',
      comment: 'The nouns are plain data and pure functions.',
      severity: 'error',
      from: { path: floor('core', 'wire') },
      to: { pathNot: '^(src|webview-ui|test|examples|bench)/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that leads nowhere. (vscode exists only inside VS Code.)',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
