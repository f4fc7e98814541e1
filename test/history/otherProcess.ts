import { writeSync } from 'node:fs';
import { openHistory } from '../../src/history';
import { nodePlatform } from '../../src/platform';
import { record } from './sampleRecords';

/**
 * What lock.test.ts runs in another process: `hold` takes the lock and keeps it; `write` stops in
 * the middle of a transaction; `count` adds versions, one transaction each.
 */
async function main([verb, directory = '', count = '0']: readonly string[]): Promise<void> {
  const history = await openHistory(nodePlatform(), directory);
  if (verb === 'count') {
    for (let left = Number(count); left > 0; left -= 1) {
      const lock = await history.lock();
      history.transaction((writer) => {
        const number = writer.nextNumber('digits', 'version');
        writer.addRecord({ record: record({ number }), curves: [] });
      });
      lock.release();
    }
    history.close();
    return;
  }
  const lock = await history.lock();
  if (verb === 'write') {
    history.transaction((writer) => {
      writer.addRecord({ record: record({ number: 100 }), curves: [] });
      say();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  }
  say();
  // What nobody holds any more is collected, and with it the lock.
  setInterval(() => lock, 1000);
}

function say(): void {
  writeSync(1, 'ready\n');
}

void main(process.argv.slice(2));
