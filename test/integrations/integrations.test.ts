// The GitHub Action, the GitLab template and the pre-commit hooks: their files say what their readers demand, and their commands run.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { COMMANDS } from '../../src/cli/commands.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const INVALID = CONFIG_MAP.replace('name: a', 'name: B_D');
const read = (file: string): string => readFileSync(file, 'utf8');

const integrations = suite<{ folder: string; bin: string }>('integrations');
integrations.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
  context.bin = join(context.folder, 'bin');
  mkdirSync(context.bin);
  mkdirSync(join(context.folder, '.git'));
  const program = `exec ${process.execPath} --import ${resolve('node_modules/tsx/dist/loader.mjs')} ${resolve('src/bin.ts')} "$@"`;
  const script = (name: string, text: string): void => {
    writeFileSync(join(context.bin, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(context.bin, name), 0o755);
  };
  script('kubeplan', program);
  // npx --yes kubeplan@VERSION ARGS…
  script('npx', `[ "$1" = --yes ] && [[ "$2" == kubeplan@* ]] || exit 99\nshift 2\n${program}`);
  script('gh', `echo "$@" > "${context.folder}/gh.txt"`);
  mkdirSync(join(context.folder, 'deploy'));
  writeFileSync(join(context.folder, 'deploy', 'a.yaml'), CONFIG_MAP);
});
integrations.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const shell = (command: string, { folder, bin }: { folder: string; bin: string }, env: Record<string, string> = {}) =>
  spawnSync('bash', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH']}`, HOME: folder, CI: 'true', ...env },
  });

function actionEnvironment(folder: string, inputs: Record<string, string>): Record<string, string> {
  const action = parse(read('action.yml'));
  const env: Record<string, string> = {
    GITHUB_OUTPUT: join(folder, 'output.txt'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    RUNNER_TEMP: folder,
    GITHUB_ACTION_PATH: process.cwd(),
  };
  for (const [name, value] of Object.entries<string>(action.runs.steps[0].env)) {
    const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value)?.[1];
    env[name] = input ? (inputs[input] ?? action.inputs[input].default) : (inputs[name] ?? '');
  }
  for (const file of ['output.txt', 'summary.md', 'gh.txt']) rmSync(join(folder, file), { force: true });
  return env;
}

integrations('every input of the action has a description and reaches the step, every output comes from it', () => {
  const action = parse(read('action.yml'));
  const used = JSON.stringify(action.runs.steps);
  for (const [name, { description }] of Object.entries<{ description: string }>(action.inputs)) {
    assert.ok(description, name);
    assert.ok(used.includes(`inputs.${name} `), `${name} is not used`);
  }
  const script = read('integrations/github/run.sh');
  for (const name of Object.keys(action.outputs)) assert.ok(script.includes(`${name}=`), `${name} is not written`);
  assert.is(action.runs.using, 'composite');
  for (const step of action.runs.steps) assert.ok(step.shell, 'a composite step names its shell');
});
integrations('the action plans: annotations, SARIF, summary, outputs and one comment', (context) => {
  const { folder } = context;
  const env = actionEnvironment(folder, { filename: 'deploy', comment: 'true', PULL_REQUEST: '7' });
  const [step] = parse(read('action.yml')).runs.steps;
  const ran = shell(step.run, context, env);
  assert.is(ran.status, 0, ran.stderr);
  assert.match(read(join(folder, 'output.txt')), /exit-code=0\n[\s\S]*changes=true\n/);
  assert.match(read(join(folder, 'summary.md')), /^### kubeplan: 1 to create/);
  assert.is(JSON.parse(read(join(folder, 'kubeplan.sarif'))).version, '2.1.0');
  assert.match(
    read(join(folder, 'gh.txt')),
    /^pr comment 7 --edit-last --create-if-none --body-file .*kubeplan\.md\n$/,
  );
});
integrations('the action fails on what is refused, with an annotation at its line, and validates', (context) => {
  const { folder } = context;
  writeFileSync(join(folder, 'bad.yaml'), INVALID);
  const [step] = parse(read('action.yml')).runs.steps;
  const ran = shell(step.run, context, actionEnvironment(folder, { command: 'validate', filename: 'bad.yaml' }));
  assert.is(ran.status, 3, ran.stderr);
  assert.match(ran.stdout, /^::error file=bad\.yaml,line=3,col=\d+,title=FieldValueInvalid::ConfigMap default\/B_D/m);
  assert.is(read(join(folder, 'output.txt')), 'exit-code=3\n');
});
integrations('the action passes --fail-on and more options on, and takes changes for no failure', (context) => {
  const { folder } = context;
  const [step] = parse(read('action.yml')).runs.steps;
  const args = { filename: 'deploy', args: '-n kube-public --detailed-exitcode' };
  assert.is(shell(step.run, context, actionEnvironment(folder, { ...args, 'fail-on': 'create' })).status, 4);
  const ran = shell(step.run, context, actionEnvironment(folder, args));
  assert.is(ran.status, 0, ran.stderr);
  assert.match(read(join(folder, 'output.txt')), /^exit-code=2\n/);
});
integrations('the GitLab template runs and writes every file that it hands over', (context) => {
  const { folder } = context;
  const { kubeplan: job, variables } = parse(read('integrations/gitlab/kubeplan.gitlab-ci.yml'));
  const ran = shell(job.script.join('\n'), context, { ...variables, KUBEPLAN_FILENAME: 'deploy' });
  assert.is(ran.status, 0, ran.stderr);
  assert.match(ran.stdout, /Plan: 1 to create/);
  const { paths, reports } = job.artifacts;
  for (const file of [...paths, ...Object.values<string>(reports)])
    assert.ok(read(join(folder, file)).length > 0, file);
  assert.equal(JSON.parse(read(join(folder, reports.codequality))), []);
});
integrations('the pre-commit hooks run as pre-commit runs them', (context) => {
  const { folder } = context;
  const hooks = parse(read('.pre-commit-hooks.yaml')) as {
    id: string;
    entry: string;
    language: string;
    pass_filenames?: boolean;
  }[];
  const bins = Object.keys(JSON.parse(read('package.json')).bin);
  for (const { entry, language } of hooks) {
    const [program, command] = entry.split(' ');
    assert.ok(bins.includes(program!), 'npm installs the program');
    assert.ok(
      COMMANDS.some(({ command: { name } }) => name === command),
      `${command} is a command`,
    );
    assert.is(language, 'node');
  }
  const hook = (id: string) => hooks.find((one) => one.id === id)!.entry;
  copyFileSync(join(folder, 'deploy', 'a.yaml'), join(folder, 'b.yaml'));
  assert.is(shell(`${hook('kubeplan-validate')} deploy/a.yaml b.yaml`, context).status, 0);
  assert.is(shell(`${hook('kubeplan-validate')} deploy/a.yaml bad.yaml`, context).status, 3);
  writeFileSync(
    join(folder, 'kubeplan.yaml'),
    'apiVersion: kubeplan.dev/v1\nkind: Configuration\nfilename: [deploy]\n',
  );
  const planned = shell(hook('kubeplan-plan'), context);
  rmSync(join(folder, 'kubeplan.yaml'));
  assert.is(planned.status, 0, planned.stderr);
  assert.match(planned.stdout, /Plan: 1 to create/);
});
integrations.run();
