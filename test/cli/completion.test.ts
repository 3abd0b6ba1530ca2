// Completion: what may stand at the cursor, and through bash as a user has it; test/package has it as kubectl asks a plugin.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { complete } from '../../src/cli/completion/complete.ts';
import { SHELLS } from '../../src/cli/completion/scripts.ts';
import { runCommand } from './test-io.ts';

const completion = suite<{ folder: string }>('completion');
completion.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
});
completion.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

for (const { words, has = [], lacks = [], files = false } of [
  { words: [''], has: ['plan', 'validate', 'auth', '--help', '--version'], lacks: ['can-i'] },
  { words: ['pl'], has: ['plan'], lacks: ['validate'] },
  { words: ['auth', ''], has: ['can-i'], lacks: ['plan'] },
  { words: ['plan', '--col'], has: ['--color'], lacks: ['--cluster'] },
  { words: ['plan', '-'], has: ['-f', '--filename', '--no-interactive', '--config', '--no-config', '--help'] },
  { words: ['plan', '--color', ''], has: ['auto', 'always', 'never'], lacks: ['--color'] },
  { words: ['plan', '--color=a'], has: ['--color=auto', '--color=always'], lacks: ['--color=never'] },
  { words: ['plan', '-o', 's'], has: ['sarif'], lacks: ['text'] },
  { words: ['plan', '--fail-on', 'c'], has: ['changes', 'create'], lacks: ['delete'] },
  { words: ['plan', '-f', ''], files: true },
  { words: ['plan', '--cluster', ''], files: true },
  { words: ['show', ''], files: true },
  { words: ['schema', ''], has: ['plan', 'cluster', 'config'] },
  { words: ['completion', ''], has: ['bash', 'zsh', 'fish'] },
  { words: ['config', 'v'], has: ['validate'], lacks: ['plan'] },
  { words: ['get', 'po'], has: ['pods', 'poddisruptionbudgets'], lacks: ['nodes'] },
  { words: ['nothing', ''], lacks: ['plan'] },
] as const)
  completion(
    `after "${words.join(' ')}" ${[...has, ...(files ? ['files'] : [])].join(', ') || 'nothing'}`,
    async () => {
      const found = await complete(words);
      const texts = found.candidates.map(({ text }) => text);
      for (const text of has) assert.ok(texts.includes(text), `${text} is missing of ${texts}`);
      for (const text of lacks as readonly string[]) assert.not.ok(texts.includes(text), text);
      assert.is(found.takesFiles, files);
    },
  );

completion('every shell has a script, others are refused', async () => {
  for (const shell of SHELLS) {
    const { code, stdout } = await runCommand(['completion', shell]);
    assert.is(code, 0);
    assert.match(stdout, /__complete/);
  }
  const { code, stderr } = await runCommand(['completion', 'tcsh']);
  assert.is(code, 1);
  assert.match(stderr, /no completion for tcsh\nKnown are bash, zsh, fish\./);
});

function program(folder: string, name: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `#!/bin/sh\nexec ${process.execPath} --import ${resolve('node_modules/tsx/dist/loader.mjs')} ${resolve('src/bin.ts')} "$@"\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

completion('bash completes words, values behind = and files', async ({ folder }) => {
  program(folder, 'kubeplan');
  writeFileSync(join(folder, 'manifest.yaml'), '');
  const { stdout: script } = await runCommand(['completion', 'bash']);
  writeFileSync(join(folder, 'completion.bash'), script);
  const ask = (line: string): string[] =>
    execFileSync(
      'bash',
      [
        '-c',
        `source completion.bash; COMP_LINE="$1"; COMP_POINT=\${#1}; _kubeplan; printf '%s\\n' "\${COMPREPLY[@]}"`,
        'bash',
        line,
      ],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` } },
    )
      .trim()
      .split('\n');
  assert.equal(ask('kubeplan val'), ['validate']);
  assert.equal(ask('kubeplan plan --color=al'), ['always']);
  assert.equal(ask('kubeplan plan -f man'), ['manifest.yaml']);
});
completion.run();
