// The flags of kubectl apply on a plan: field ownership and its conflicts, pruning with its cascade, ApplySets, and contradictions.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../src/planner/changes/plan.ts';
import { runCommand } from './test-io.ts';

const NODE =
  'apiVersion: kubeplan.dev/v1\nkind: Cluster\nspec: {nodes: [{name: node, count: 1, capacity: {cpu: "4", memory: 8Gi}}]}\n';
const workload = (name: string, app = name) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {app: ${app}}}
spec:
  selector: {matchLabels: {run: ${name}}}
  template: {metadata: {labels: {run: ${name}}}, spec: {containers: [{name: c, image: x}]}}
`;
const OWNED = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: default
  managedFields:
  - {manager: operator, operation: Apply, apiVersion: v1, time: "2025-01-01T00:00:00Z", fieldsType: FieldsV1, fieldsV1: {"f:data": {"f:a": {}}}}
data: {a: theirs}
`;
const SETTINGS = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: mine}\n';

const flags = suite<{ folder: string; cluster: string }>('apply flags');
flags.before(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
  context.cluster = join(context.folder, 'cluster.yaml');
  const before = join(context.folder, 'before.yaml');
  const node = join(context.folder, 'node.yaml');
  writeFileSync(node, NODE);
  writeFileSync(before, [workload('web', 'shop'), workload('old', 'shop'), workload('other')].join('---\n'));
  // What apply made, with its memory in the annotations; the objects that follow come by themselves.
  const { stdout } = await runCommand(['get', 'deploy,rs,pods', '-o', 'yaml', '-f', before, '--cluster', node]);
  writeFileSync(context.cluster, `${NODE}---\n${OWNED}---\n${stdout}`);
});
flags.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

async function planned({ folder, cluster }: { folder: string; cluster: string }, text: string, ...args: string[]) {
  const path = join(folder, 'in.yaml');
  writeFileSync(path, text);
  const ran = await runCommand(['plan', '-f', path, '--cluster', cluster, '-o', 'json', ...args]);
  const plan = ran.stdout === '' ? undefined : (JSON.parse(ran.stdout) as Plan);
  const lines = (plan?.changes ?? []).map(({ action, origin, object: { kind, name } }) =>
    `${action} ${origin} ${kind} ${name}`.replace(/-[a-z0-9]{8,10}(-[a-z0-9]{5})?$/, ''),
  );
  return { ...ran, plan, lines };
}

flags(
  '--prune -l deletes what the manifests no longer hold, with all that follows, and nothing else',
  async (context) => {
    const { code, lines, plan } = await planned(context, workload('web', 'shop'), '--prune', '-l', 'app=shop');
    assert.is(code, 0);
    assert.equal(
      lines.filter((line) => line.startsWith('delete')),
      ['delete derived Pod old', 'delete submitted Deployment old', 'delete derived ReplicaSet old'].sort(
        (a, b) => lines.indexOf(a) - lines.indexOf(b),
      ),
    );
    assert.not.ok(
      lines.some((line) => / other$/.test(line)),
      lines.join('\n'),
    );
    const pruned = plan?.changes.find(({ object, action }) => action === 'delete' && object.kind === 'Deployment');
    assert.match(pruned?.because.join(' ') ?? '', /kubectl apply --prune --selector=app=shop/);
  },
);
flags('--server-side tells whose field it would take, at the line of the manifest', async (context) => {
  const { code, plan } = await planned(context, SETTINGS, '--server-side');
  assert.is(code, 3);
  const [problem] = plan?.diagnostics.filter(({ severity }) => severity === 'error') ?? [];
  assert.match(problem?.message ?? '', /conflict with "operator"/);
  assert.is(problem?.source?.line, 4);
  assert.is(plan?.summary.refused, 1);
});
flags('--force-conflicts takes it, under the manager that is named', async (context) => {
  const args = ['--server-side', '--force-conflicts', '--field-manager', 'me'];
  const { code, plan } = await planned(context, SETTINGS, ...args);
  assert.is(code, 0);
  const [change] = plan?.changes.filter(({ object }) => object.name === 'settings') ?? [];
  assert.is(change?.action, 'update');
  assert.match(change?.because.at(-1) ?? '', /in\.yaml:1/);
  const after = change?.after as { metadata?: { managedFields?: { manager: string }[] } } | undefined;
  const managedFields = after?.metadata?.managedFields ?? [];
  assert.equal(
    managedFields.map(({ manager }) => manager),
    ['me'],
  );
});
flags('an ApplySet is made, and labels what belongs to it', async (context) => {
  const { code, plan } = await planned(
    context,
    SETTINGS,
    '--server-side',
    '--force-conflicts',
    '--prune',
    '--applyset',
    'set',
  );
  assert.is(code, 0);
  const find = (kind: string) =>
    plan?.changes.find(({ object, origin }) => object.kind === kind && origin === 'submitted');
  assert.is(find('Secret')?.action, 'create');
  assert.match(JSON.stringify(find('ConfigMap')?.after), /"applyset\.kubernetes\.io\/part-of":"applyset-/);
});
for (const { args, message } of [
  { args: ['--prune'], message: /all resources selected for prune without explicitly passing --all/ },
  { args: ['--force-conflicts'], message: /--force-conflicts only works with --server-side/ },
  { args: ['--applyset', 'set'], message: /--applyset requires --prune/ },
  { args: ['--prune', '--all', '-l', 'a=b'], message: /cannot set --all and --selector at the same time/ },
  { args: ['--prune', '-l', '!!'], message: /selector/ },
] as const)
  flags(`${args.join(' ')} is misuse, in kubectl's words`, async (context) => {
    const { code, stderr, stdout } = await planned(context, SETTINGS, ...args);
    assert.is(code, 1, stdout);
    assert.match(stderr, message);
    assert.is(stderr.trim().split('\n').length, 1);
  });
flags('a kind that is not served and an object that is refused leave the others be', async (context) => {
  const text = [SETTINGS, 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: g}\n', workload('B_D')].join(
    '---\n',
  );
  const { code, plan } = await planned(context, text, '--field-manager', 'me');
  assert.is(code, 3);
  assert.is(plan?.summary.refused, 2);
  assert.is(plan?.changes.find(({ object }) => object.name === 'settings')?.action, 'update');
});
flags.run();
