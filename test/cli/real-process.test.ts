// The program as a process of its own, where files, pipes and devices go wrong: a clear message, the right exit code, no stack trace.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
const file = (name: string): string => join(folder, name);
const PROGRAM = `${process.execPath} --import tsx src/bin.ts`;
const WAVES = 'plan -f fixtures/rollout/waves/manifests --cluster fixtures/rollout/waves/cluster';
const INVALID = 'plan -f fixtures/guestbook/invalid/manifests --cluster fixtures/guestbook/invalid/cluster.yaml';

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line of bash in which $kubeplan is the program. */
function bash(line: string): Ran {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line.replaceAll('$kubeplan', PROGRAM)], {
    encoding: 'utf8',
    env: { ...process.env, CI: '' },
  });
  assert.not.match(stdout + stderr, /\n\s+at .*:\d+:\d+/, 'no stack trace');
  return { code: status, stdout, stderr };
}

const real = suite('real processes');
real.after(() => rmSync(folder, { recursive: true }));

real('a plan saved and shown again says the same', () => {
  const { code, stdout } = bash(`$kubeplan ${WAVES} --out ${file('plan.json')} && $kubeplan show ${file('plan.json')}`);
  assert.is(code, 0);
  const [first, second] = stdout.split(/(?<=Converged: .*\n)/);
  assert.is(second, first);
});

for (const [name, edit, message] of [
  ['truncated', (text: string) => text.slice(0, -3000), /was cut off after \d+ characters; save it anew/],
  [
    'edited',
    (text: string) => text.replace('"wanted":4', '"wanted":5'),
    /was edited after it was saved: .*; plan again/,
  ],
  [
    'of a newer format',
    (text: string) => text.replace(/"formatVersion":"[^"]*"/, '"formatVersion":"2.0"'),
    /has plan format 2\.0, and this kubeplan reads 1\.\d+: use the version that wrote it or a newer one/,
  ],
  ['of zeros', (text: string) => text.replace(/./gs, '\0'), /is not a saved plan: it is not JSON/],
] as const)
  real(`a saved plan that is ${name} is refused`, () => {
    writeFileSync(file('bad.json'), edit(readFileSync(file('plan.json'), 'utf8')));
    const { code, stdout, stderr } = bash(`$kubeplan show ${file('bad.json')}`);
    assert.is(code, 1);
    assert.is(stdout, '');
    assert.match(stderr, /^error: [^\n]*\n$/);
    assert.match(stderr, message);
  });
real('verify refuses it, too', () => {
  const { code, stderr } = bash(`$kubeplan verify ${file('bad.json')} --cluster fixtures/rollout/waves/cluster`);
  assert.is(code, 1);
  assert.match(stderr, /^error: .* is not a saved plan: it is not JSON\n$/);
});

for (const [name, path, reason] of [
  ['in a folder that is not there', () => file('no/such/plan.json'), 'no such file or directory'],
  ['below a file', () => `${file('plan.json')}/plan.json`, 'not a directory'],
  ['on a full device', () => '/dev/full', 'no space left on device'],
  ['that is a folder', () => folder, 'illegal operation on a directory'],
] as const)
  real(`--out ${name} is an error in a sentence, and nothing is left behind`, () => {
    const before = readdirSync(folder);
    const { code, stdout, stderr } = bash(`$kubeplan ${WAVES} --out ${path()}`);
    assert.is(code, 1);
    assert.is(stdout, '');
    assert.is(stderr, `error: cannot write ${path()}: ${reason}\n`);
    assert.equal(readdirSync(folder), before);
  });
real('-o FORMAT=FILE that cannot be written is the same', () => {
  const { code, stderr } = bash(`$kubeplan ${WAVES} -o json=${file('no/plan.json')}`);
  assert.is(code, 1);
  assert.is(stderr, `error: cannot write ${file('no/plan.json')}: no such file or directory\n`);
});
real('standard output on a full device is an error', () => {
  const { code, stderr } = bash(`$kubeplan ${WAVES} > /dev/full`);
  assert.is(code, 1);
  assert.is(stderr, 'error: cannot write to standard output: no space left on device\n');
});
real('a reader that goes away changes no exit code', () => {
  const { code, stdout, stderr } = bash(`set -o pipefail; $kubeplan ${WAVES} -o json | head -1`);
  assert.is(code, 0);
  assert.is(stdout, '{\n');
  assert.is(stderr, '');
  assert.is(bash(`set -o pipefail; $kubeplan ${INVALID} -o json | true`).code, 3);
});
real('closed streams are no failure', () => {
  assert.is(bash(`$kubeplan ${INVALID} >&- 2>&-`).code, 3);
});
real('what is not there or cannot be read is named', () => {
  const { code, stderr } = bash(`$kubeplan plan -f ${file('plan.json')}/manifests`);
  assert.is(code, 1);
  assert.match(stderr, /plan\.json\/manifests" does not exist/);
  const closed = bash(`$kubeplan show ${folder}`);
  assert.is(closed.code, 1);
  assert.match(closed.stderr, /^error: cannot read .*: illegal operation on a directory\n$/);
});
real('a pipe that breaks off is told by its place', () => {
  const { code, stderr } = bash(`printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a' | $kubeplan plan -f -`);
  assert.is(code, 3);
  assert.match(stderr, /^error: -:4:1: yaml: line 3: did not find expected ',' or '}'\n/);
});
real('Ctrl-C ends a plan that is being made at once, and leaves no half of it', async () => {
  const deployment = (index: number): string =>
    JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `web-${index}` },
      spec: {
        replicas: 100,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
      },
    });
  writeFileSync(file('many.yaml'), Array.from({ length: 300 }, (_, index) => deployment(index)).join('\n---\n'));
  const args = ['--import', 'tsx', 'src/bin.ts', 'plan', '-f', file('many.yaml'), '--out', file('many.json')];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('exit', (code, signal) => resolve([code, signal])),
  );
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  assert.is(child.exitCode, null, 'it is still at work');
  const pressed = performance.now();
  child.kill('SIGINT');
  // By the signal itself, which a shell turns into 130.
  assert.equal(await ended, [null, 'SIGINT']);
  assert.ok(performance.now() - pressed < 2_000);
  assert.not.ok(existsSync(file('many.json')));
});
real('the saved plan is as large as its JSON without blanks', () => {
  const { size } = statSync(file('plan.json'));
  const plan = JSON.parse(readFileSync(file('plan.json'), 'utf8'));
  assert.ok(size < JSON.stringify(plan).length * 1.1, String(size));
});
real.run();
