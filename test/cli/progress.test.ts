// The line that says what a long plan is at: for a person only, not before 300 ms, gone before the result.
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Io } from '../../src/cli/io.ts';
import { progressOn } from '../../src/cli/progress.ts';

function terminal(isTerminal: boolean, env: Io['env'] = {}) {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), isTerminal, columns: 20 };
  return { written, progress: progressOn(output, { env }) };
}

const progress = suite('progress');
progress('whoever waits less than 300 ms sees nothing', () => {
  const { written, progress } = terminal(true);
  progress.say('settling');
  progress.clear();
  assert.equal(written, []);
});
progress('after 300 ms one line says it, cut to the terminal, and is cleared afterwards', async () => {
  const { written, progress } = terminal(true);
  await sleep(320);
  progress.say('settling: 1,000 of 20,000 pods');
  progress.say('at once again');
  progress.clear();
  progress.clear();
  assert.equal(written, ['\r\u001b[Ksettling: 1,000 of ', '\r\u001b[K']);
});
for (const [name, isTerminal, env] of [
  ['a pipe', false, {}],
  ['a terminal that can do nothing', true, { TERM: 'dumb' }],
  ['a CI system', true, { CI: 'true' }],
] as const)
  progress(`${name} gets none`, async () => {
    const { written, progress } = terminal(isTerminal, env);
    await sleep(320);
    progress.say('settling');
    progress.clear();
    assert.equal(written, []);
  });
progress.run();
