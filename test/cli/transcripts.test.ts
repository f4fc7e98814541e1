import { afterAll, beforeAll, test } from 'vitest';
import { CommandLine } from './commandLine';
import { expectTranscript } from './transcript';

const cli = new CommandLine('transcripts');
beforeAll(() => cli.ready());
afterAll(() => cli.close());

test('help, version and wrong usage', async () => {
  await expectTranscript(cli, cli.repository(), 'help');
});

test('the first version', async () => {
  await expectTranscript(cli, cli.repository(), 'begin');
});

test('further versions and revisions', async () => {
  await expectTranscript(cli, await cli.project(), 'change');
});

test('what differs', async () => {
  await expectTranscript(cli, await cli.project(), 'compare');
});

test('going back', async () => {
  await expectTranscript(cli, await cli.project(), 'back');
});
