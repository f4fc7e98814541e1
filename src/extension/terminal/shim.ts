/** One file of the shim directory. */
export interface ShimFile {
  readonly name: string;
  readonly text: string;
  /** Unix permission bits. */
  readonly mode: number;
}

/**
 * The `cairn` command for terminals: runs the command line on the editor's own Node, so that none
 * need be installed. One file for POSIX shells, one for Windows.
 * @param executable the process that runs the extension host
 * @param script `dist/cli.js` of the extension
 */
export function shimFiles(executable: string, script: string): ShimFile[] {
  return [
    {
      name: 'cairn',
      mode: 0o755,
      text: [
        '#!/bin/sh',
        '# Written by the Cairn extension: runs its command line on the Node of the editor.',
        `ELECTRON_RUN_AS_NODE=1 exec ${quotedForShell(executable)} ${quotedForShell(script)} "$@"`,
        '',
      ].join('\n'),
    },
    {
      name: 'cairn.cmd',
      mode: 0o755,
      text: [
        '@echo off',
        'rem Written by the Cairn extension: runs its command line on the Node of the editor.',
        'setlocal',
        'set ELECTRON_RUN_AS_NODE=1',
        `"${forBatch(executable)}" "${forBatch(script)}" %*`,
        'exit /b %ERRORLEVEL%',
        '',
      ].join('\r\n'),
    },
  ];
}

function quotedForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A `%` would be read as a variable's sign; a quote cannot stand in a Windows path. */
function forBatch(text: string): string {
  return text.replaceAll('%', '%%');
}
