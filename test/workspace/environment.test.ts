import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodePlatform } from '../../src/platform';
import { readEnvironment } from '../../src/workspace';
import { fill, projectFolder, removeFolders } from './projectFolder';

afterAll(removeFolders);

const platformWith = (environment: Record<string, string> = {}) =>
  nodePlatform({ environment, system: 'linux-x64' });

const venv = (folder: string, version: string, packages: readonly string[]) => ({
  [`${folder}/pyvenv.cfg`]: `home = /usr/bin\nversion = ${version}\n`,
  ...Object.fromEntries(
    packages.map((name) => [
      `${folder}/lib/python3.11/site-packages/${name}.dist-info/METADATA`,
      '',
    ]),
  ),
});

describe('the Python environment', () => {
  it('is read from the names in the project’s own', async () => {
    const root = await projectFolder({
      ...venv('.venv', '3.11.7', [
        'torch-2.13.0+cu126',
        'Scikit_Learn-1.5.0',
        'constructor-1.0',
        '~ip-23.0',
      ]),
      '.venv/lib/python3.11/site-packages/old-0.1-py3.11.egg-info': '',
      '.venv/lib/python3.11/site-packages/torch/__init__.py': '',
      '.venv/lib64': { link: 'lib' },
    });
    expect(await readEnvironment(platformWith(), root)).toEqual({
      python: '3.11.7',
      packages: { constructor: '1.0', old: '0.1', 'scikit-learn': '1.5.0', torch: '2.13.0+cu126' },
      platform: 'linux-x64',
    });
  });

  it('is the one that the search path finds, also behind pyenv’s shims, where there is no other', async () => {
    const root = await projectFolder({
      'usr/bin/python3': { link: 'python3.12' },
      'usr/bin/python3.12': '',
      'usr/lib/python3.12/site-packages/numpy-2.1.0.dist-info/METADATA': '',
      'pyenv/shims/python3': '#!/bin/sh\n',
      'pyenv/version': '3.11.9\n',
      'pyenv/versions/3.11.9/lib/python3.11/site-packages/torch-2.0.dist-info/METADATA': '',
    });
    const searched = (...places: string[]) =>
      readEnvironment(
        platformWith({ PATH: places.map((place) => join(root, place)).join(':') }),
        root,
      );
    expect(await searched('nowhere', 'usr/bin')).toEqual({
      python: '3.12',
      packages: { numpy: '2.1.0' },
      platform: 'linux-x64',
    });
    expect(await searched('pyenv/shims', 'usr/bin')).toMatchObject({
      python: '3.11.9',
      packages: { torch: '2.0' },
    });
  });

  it('is only the platform where there is none', async () => {
    const root = await projectFolder({ 'env/README': 'not an environment', venv: 'nor this' });
    expect(await readEnvironment(platformWith(), root)).toEqual({ platform: 'linux-x64' });
  });

  it('is the given one before the activated one before the project’s before Conda’s base', async () => {
    const root = await projectFolder({
      ...venv('given', '3.9.1', []),
      ...venv('active', '3.10.1', []),
      ...venv('.venv', '3.11.1', []),
      ...venv('base', '3.12.1', []),
    });
    const at = (name: string) => join(root, name);
    const version = async (environment: Record<string, string>, interpreter?: string) =>
      (
        await readEnvironment(
          platformWith(environment),
          root,
          interpreter === undefined ? {} : { interpreter },
        )
      ).python;
    const active = { VIRTUAL_ENV: at('active') };
    expect(await version(active, at('given/bin/python'))).toBe('3.9.1');
    expect(await version(active, 'given/Scripts/python.exe')).toBe('3.9.1');
    expect(await version(active)).toBe('3.10.1');
    expect(await version({ CONDA_PREFIX: at('active'), CONDA_DEFAULT_ENV: 'work' })).toBe('3.10.1');
    expect(await version({ CONDA_PREFIX: at('base'), CONDA_DEFAULT_ENV: 'base' })).toBe('3.11.1');
    expect(await version({ VIRTUAL_ENV: at('gone') })).toBe('3.11.1');
    const bare = await projectFolder();
    const base = platformWith({ CONDA_PREFIX: at('base'), CONDA_DEFAULT_ENV: 'base' });
    expect((await readEnvironment(base, bare)).python).toBe('3.12.1');
  });

  it('knows Conda, uv, Windows, Debian, and environments that share', async () => {
    const root = await projectFolder({
      'conda/conda-meta/python-3.10.4-h12debd9_0_cpython.json': '',
      'conda/lib/python3.10/site-packages/numpy-1.26.0.dist-info/METADATA': '',
      'uv/pyvenv.cfg': 'home = /x\nversion_info = 3.12.3.final.0\n',
      'win/Lib/site-packages/keras-3.15.0.dist-info/METADATA': '',
      'usr/lib/python3/dist-packages/yaml-6.0.egg-info/PKG-INFO': '',
      'usr/lib/python3.8/dist-packages/other-1.0.dist-info/METADATA': '',
      'usr/bin/python3': { link: 'python3.11' },
      'usr/bin/python3.11': '',
      'usr/local/lib/python3.11/dist-packages/yaml-7.0.dist-info/METADATA': '',
      'shared/lib/python3.11/site-packages/mine-1.0.dist-info/METADATA': '',
    });
    const usr = join(root, 'usr/bin');
    const read = (prefix: string) =>
      readEnvironment(platformWith(), root, { interpreter: `${prefix}/bin/python` });
    expect(await read('conda')).toMatchObject({ python: '3.10.4', packages: { numpy: '1.26.0' } });
    expect(await read('uv')).toMatchObject({ python: '3.12.3', packages: {} });
    const windows = { interpreter: 'win/python.exe' };
    expect((await readEnvironment(platformWith(), root, windows)).packages).toEqual({
      keras: '3.15.0',
    });
    expect((await read('usr')).packages).toEqual({ yaml: '7.0' });
    await fill(root, {
      'shared/pyvenv.cfg': `home = ${usr}\ninclude-system-site-packages = true\n`,
    });
    expect(await read('shared')).toMatchObject({
      python: '3.11',
      packages: { mine: '1.0', yaml: '7.0' },
    });
  });

  it('takes no more than its limit', async () => {
    const root = await projectFolder(venv('.venv', '3.11.1', ['c-1', 'a-1', 'b-1']));
    const found = await readEnvironment(platformWith(), root, { limit: 2 });
    expect(found.packages).toEqual({ a: '1', b: '1' });
  });
});
