import { expect, test } from 'vitest';
import { Cancelled, isFailure } from '../../src/core/failure';
import { EngineBug, EngineClient, EngineStopped } from '../../src/extension/project/engineClient';
import { openOnEngine } from '../../src/extension/project/engineProject';
import type { EngineReply, EngineRequest } from '../../src/wire/engine';

/** A thread whose answers the test writes: the other end of the wire, not the engine. */
function line() {
  const sent: EngineRequest[] = [];
  const threads: { reply(reply: EngineReply): void; crash(error: Error): void }[] = [];
  const start = () => {
    let reply: (message: unknown) => void = () => undefined;
    let end: (error: Error | null) => void = () => undefined;
    threads.push({ reply: (message) => reply(message), crash: (error) => end(error) });
    return {
      send: (request: EngineRequest) => void sent.push(structuredClone(request)),
      onMessage: (handler: (message: unknown) => void) => {
        reply = handler;
      },
      onEnd: (handler: (error: Error | null) => void) => {
        end = handler;
      },
      stop: () => Promise.resolve(),
    };
  };
  return { sent, threads, start };
}

test('the thread starts with the first question, and replies find their askers', async () => {
  const { sent, threads, start } = line();
  const client = new EngineClient(
    start,
    () => undefined,
    () => 0,
  );
  expect(threads).toHaveLength(0);
  const first = client.ask({ kind: 'discover', directory: 'a' });
  const second = client.ask({ kind: 'discover', directory: 'b' });
  expect(threads).toHaveLength(1);
  threads[0]!.reply({ kind: 'answer', id: sent[1]!.id, answer: 'B' });
  threads[0]!.reply({ kind: 'answer', id: sent[0]!.id, answer: 'A' });
  expect(await Promise.all([first, second])).toEqual(['A', 'B']);
});

test('failures, cancellations and bugs arrive as what they were', async () => {
  const { sent, threads, start } = line();
  const client = new EngineClient(
    start,
    () => undefined,
    () => 0,
  );
  const answers = Promise.allSettled([
    client.ask({ kind: 'discover', directory: '' }),
    client.ask({ kind: 'discover', directory: '' }),
    client.ask({ kind: 'discover', directory: '' }),
  ]);
  const [a, b, c] = sent.map(({ id }) => id);
  threads[0]!.reply({ kind: 'failure', id: a!, code: 'no-such-file', data: { path: 'x' } });
  threads[0]!.reply({ kind: 'cancelled', id: b! });
  threads[0]!.reply({ kind: 'bug', id: c!, message: 'oops', stack: 'there' });
  const reasons = (await answers).map((one) => (one.status === 'rejected' ? one.reason : null));
  expect(isFailure(reasons[0], 'no-such-file')).toBe(true);
  expect(reasons[0].data).toEqual({ path: 'x' });
  expect(reasons[1]).toBeInstanceOf(Cancelled);
  expect(reasons[2]).toBeInstanceOf(EngineBug);
  expect(reasons[2].stack).toBe('there');
});

test('progress reaches the asker, and calling off reaches the engine', async () => {
  const { sent, threads, start } = line();
  const client = new EngineClient(
    start,
    () => undefined,
    () => 0,
  );
  const controller = new AbortController();
  const seen: number[] = [];
  const asked = client.ask(
    { kind: 'discover', directory: '' },
    { signal: controller.signal, progress: ({ done }) => seen.push(done) },
  );
  const { id } = sent[0]!;
  const progress = { phase: 'storing', done: 5, total: 9, unit: 'bytes' } as const;
  threads[0]!.reply({ kind: 'progress', id, progress });
  controller.abort();
  expect(sent[1]).toEqual({ kind: 'cancel', id });
  threads[0]!.reply({ kind: 'cancelled', id });
  await expect(asked).rejects.toBeInstanceOf(Cancelled);
  expect(seen).toEqual([5]);
});

test('after a crash the owed answers fail, and the project is opened again on a new thread', async () => {
  const { sent, threads, start } = line();
  const ends: (Error | null)[] = [];
  const client = new EngineClient(
    start,
    (error) => ends.push(error),
    () => 0,
  );
  const answer = (thread: number, value: unknown) =>
    threads[thread]!.reply({ kind: 'answer', id: sent.at(-1)!.id, answer: value });

  const opening = openOnEngine(client, '/p', false);
  answer(0, { project: 1, root: '/p', home: '/p/.git/cairn' });
  const project = await opening;
  const owed = project.stamp();
  await Promise.resolve();
  threads[0]!.crash(new Error('out of memory'));
  await expect(owed).rejects.toBeInstanceOf(EngineStopped);
  expect(ends).toHaveLength(1);

  const stamps = Promise.all([project.stamp(), project.stamp()]);
  expect(sent.at(-1)).toMatchObject({ kind: 'open', directory: '/p', readOnly: false });
  expect(sent.filter(({ kind }) => kind === 'open')).toHaveLength(2);
  answer(1, { project: 7, root: '/p', home: '/p/.git/cairn' });
  await new Promise((resolve) => setTimeout(resolve, 0));
  const calls = sent.slice(-2);
  expect(calls).toMatchObject([
    { kind: 'call', project: 7, verb: 'stamp' },
    { kind: 'call', project: 7, verb: 'stamp' },
  ]);
  for (const { id } of calls) threads[1]!.reply({ kind: 'answer', id, answer: 's' });
  expect(await stamps).toEqual(['s', 's']);
});

test('a thread that ends again and again rests before the next one starts', async () => {
  const { threads, start } = line();
  let now = 0;
  const client = new EngineClient(
    start,
    () => undefined,
    () => now,
  );
  for (let crash = 0; crash < 3; crash++) {
    const asked = client.ask({ kind: 'discover', directory: '' });
    threads.at(-1)!.crash(new Error('no such module'));
    await expect(asked).rejects.toBeInstanceOf(EngineStopped);
  }
  await expect(client.ask({ kind: 'discover', directory: '' })).rejects.toBeInstanceOf(
    EngineStopped,
  );
  expect(threads).toHaveLength(3);
  now = 31_000;
  const asked = client.ask({ kind: 'discover', directory: '' });
  expect(threads).toHaveLength(4);
  threads[3]!.crash(new Error('again'));
  await expect(asked).rejects.toBeInstanceOf(EngineStopped);
});
