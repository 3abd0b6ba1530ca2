// Files as the command line writes them: whole or not at all, and never in place of what is no file.
import { execFileSync, spawn } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { processIo } from '../../src/cli/process-io.ts';

const io = suite<{ folder: string }>('process io');
io.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
});
io.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

io('a file is replaced whole and nothing is left beside it', ({ folder }) => {
  writeFileSync(join(folder, 'plan.json'), 'old and longer');
  processIo().writeFile(join(folder, 'plan.json'), 'new');
  assert.is(readFileSync(join(folder, 'plan.json'), 'utf8'), 'new');
  assert.equal(readdirSync(folder), ['plan.json']);
});
io('a link keeps pointing at its file', ({ folder }) => {
  symlinkSync(join(folder, 'plan.json'), join(folder, 'link.json'));
  processIo().writeFile(join(folder, 'link.json'), 'through the link');
  assert.ok(lstatSync(join(folder, 'link.json')).isSymbolicLink());
  assert.is(readFileSync(join(folder, 'plan.json'), 'utf8'), 'through the link');
});
io('a pipe is written to and stays a pipe', async ({ folder }) => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = spawn('cat', [pipe]);
  let read = '';
  reader.stdout.on('data', (chunk: Buffer) => {
    read += chunk.toString('utf8');
  });
  const closed = new Promise((resolve) => reader.on('close', resolve));
  processIo().writeFile(pipe, 'into the pipe');
  await closed;
  assert.is(read, 'into the pipe');
  assert.ok(statSync(pipe).isFIFO());
});
io('a device that never ends is given up, not read for ever', () => {
  assert.throws(() => processIo().files.read('/dev/zero'), /it does not end after 64 MiB/);
});
io("the user's editor gets the text in a file of its own; none where it does not end well", () => {
  const { edit } = processIo();
  process.env['KUBE_EDITOR'] = 'sed -i s/before/after/';
  assert.is(edit?.('before\n'), 'after\n');
  process.env['KUBE_EDITOR'] = `sed -i 's/be fore/af ter/'`;
  assert.is(edit?.('be fore\n'), 'af ter\n');
  process.env['KUBE_EDITOR'] = 'false';
  assert.is(edit?.('before\n'), undefined);
  delete process.env['KUBE_EDITOR'];
});
io.run();
