// Completion: what may stand at the cursor, and through bash, zsh and fish as a user has it; test/package has it as kubectl asks a
// plugin. Without zsh (and tmux to type in it) or fish their tests are counted as skipped.
import { execFileSync, spawnSync } from 'node:child_process';
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
const has = (name: string, ...args: readonly string[]): boolean => spawnSync(name, args).status === 0;
const withFish = has('fish', '--version') ? completion : completion.skip;
const withZsh = has('zsh', '--version') && has('tmux', '-V') ? completion : completion.skip;

/** A folder with the program, a file to name, and a shell's script. */
async function prepared(folder: string, shell: string): Promise<NodeJS.ProcessEnv> {
  program(folder, 'kubeplan');
  writeFileSync(join(folder, 'manifest.yaml'), '');
  writeFileSync(join(folder, `completion.${shell}`), (await runCommand(['completion', shell])).stdout);
  return { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
}

withFish('fish completes words, values behind = and files', async ({ folder }) => {
  const env = await prepared(folder, 'fish');
  const ask = (line: string): string[] =>
    execFileSync('fish', ['--no-config', '-c', `source completion.fish; complete -C '${line}'`], {
      cwd: folder,
      encoding: 'utf8',
      env,
    })
      .trim()
      .split('\n')
      .map((text) => text.split('\t')[0] ?? '');
  assert.equal(ask('kubeplan val'), ['validate']);
  assert.equal(ask('kubeplan plan --color=al'), ['--color=always']);
  assert.equal(ask('kubeplan plan -f man'), ['manifest.yaml']);
});
withZsh('zsh completes words, values behind = and files', async ({ folder }) => {
  const env = await prepared(folder, 'zsh');
  const socket = `kubeplan-zsh-${process.pid}`;
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], { cwd: folder, encoding: 'utf8', env });
  const waitFor = async (pattern: RegExp): Promise<void> => {
    const end = Date.now() + 40_000;
    for (let screen = ''; !pattern.test(screen); screen = tmux('capture-pane', '-t', 'z', '-p')) {
      if (Date.now() > end) throw new Error(`${pattern} did not appear in:\n${screen}`);
      await new Promise((wait) => setTimeout(wait, 50));
    }
  };
  const type = (text: string, key: string): void => {
    tmux('send-keys', '-t', 'z', '-l', text);
    tmux('send-keys', '-t', 'z', key);
  };
  try {
    tmux('new-session', '-d', '-s', 'z', '-x', '100', '-y', '30', 'zsh -f');
    type('autoload -Uz compinit; compinit -u -D; source ./completion.zsh; print rea""dy', 'Enter');
    await waitFor(/^ready$/m);
    for (const [line, completed] of [
      ['kubeplan val', /kubeplan validate$/m],
      ['kubeplan plan --color=al', /--color=always$/m],
      ['kubeplan plan -f man', /-f manifest\.yaml$/m],
    ] as const) {
      type(line, 'Tab');
      await waitFor(completed);
      tmux('send-keys', '-t', 'z', 'C-c');
    }
  } finally {
    spawnSync('tmux', ['-L', socket, 'kill-server']);
  }
});
completion.run();
