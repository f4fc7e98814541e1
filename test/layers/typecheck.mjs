import { say } from '../../setup.mjs';
import { check, tool } from './tool.mjs';

/** Each part with the globals that it really has: Node's, the browser's, mocha's. */
const PROJECTS = ['.', 'webview-ui', 'test/host', 'test/e2e'];

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'types (TypeScript)',
  run: async () => {
    const codes = await Promise.all(
      PROJECTS.map(async (project) => {
        const code = await tool('typescript/bin/tsc', ['--noEmit', '-p', project]);
        if (code !== 0) say(`   types do not hold in ${project}`);
        return code;
      }),
    );
    return check(codes.every((code) => code === 0));
  },
};
