import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

/** The program in a pipe whose reader goes away after one line. */
const pipe = suite('a closed pipe');
for (const line of ['get nodes -o yaml', 'create deployment web --image=nginx -o json'])
  pipe(`${line} ends quietly`, () => {
    const program = `"${process.execPath}" --import tsx src/bin.ts ${line}`;
    const script = `set -o pipefail; ${program} | head -c 1 > /dev/null`;
    const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    assert.is(stderr, '');
    assert.is(status, 0);
  });
pipe.run();
