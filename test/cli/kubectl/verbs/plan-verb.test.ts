import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommand } from '../../test-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubeplan-verbs-'));
const CLUSTER = join(folder, 'cluster.yaml');
const MANIFEST = join(folder, 'web.yaml');
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1"}]}
`;
const NODES = `apiVersion: kubeplan.dev/v1
kind: Cluster
spec:
  nodes: [{name: node, count: 2, capacity: {cpu: "4", memory: 8Gi}}]
`;
const BUDGET = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: default}
spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}
`;
writeFileSync(CLUSTER, `${NODES}---\n${DEPLOYMENT}`);
writeFileSync(MANIFEST, DEPLOYMENT.replace('name: web, namespace', 'name: other, namespace'));

const verbs = suite('verbs as plans of one operation');
const run = (line: string, cluster = CLUSTER) => runCommand([...line.split(' '), '--cluster', cluster]);

verbs('scale shows the plan of the new replicas, and the command that asks for them', async () => {
  const { code, stdout } = await run('scale deployment/web --replicas=3');
  assert.is(code, 0);
  assert.match(
    stdout,
    /~ Deployment default\/web {2}# scale deployment\/web --replicas=3\n +~ spec.replicas: 2 -> 3\n/,
  );
  assert.match(stdout, /Plan: 0 to create, 1 to update, 0 to replace, 0 to delete; 2 in consequence\./);
});
verbs('--kubectl prints what kubectl prints, -o included', async () => {
  assert.equal(await run('scale deployment/web --replicas=3 --kubectl').then(({ code, stdout }) => [code, stdout]), [
    0,
    'deployment.apps/web scaled\n',
  ]);
  assert.is((await run('create deployment x --image=nginx --kubectl -o name')).stdout, 'deployment.apps/x\n');
});
verbs('a dry run is told as kubectl tells it', async () => {
  assert.is(
    (await run('scale deploy/web --replicas=9 --dry-run=server')).stdout,
    'deployment.apps/web scaled (server dry run)\n',
  );
  const { stdout } = await runCommand([
    'create',
    'job',
    'j',
    '--image=b',
    '--dry-run=client',
    '-o',
    'yaml',
    '--',
    'date',
    '-u',
  ]);
  assert.match(stdout, /command:\n {8}- date\n {8}- -u\n/);
});
verbs('create -f plans as kubectl create does', async () => {
  const { code, stdout } = await run(`create -f ${MANIFEST} --detailed-exitcode`);
  assert.is(code, 2);
  assert.match(stdout, /\+ Deployment default\/other {2}# create -f /);
});
verbs('the plan has the outputs of kubeplan plan', async () => {
  const { stdout } = await run('set image deployment/web web=nginx:2 -o json');
  const plan = JSON.parse(stdout) as {
    kind: string;
    changes: { origin: string; fields: { path: string; from: string }[] }[];
  };
  assert.is(plan.kind, 'Plan');
  const [change] = plan.changes;
  assert.is(change?.origin, 'submitted');
  assert.is(change?.fields.find(({ path }) => path.endsWith('image'))?.from, 'command');
});
verbs('delete shows what goes with the object', async () => {
  const { stdout } = await run('delete deploy web');
  assert.match(stdout, /- Deployment default\/web .*\n +- ReplicaSet .*\n +- Pod /);
});
verbs('drain waits for a disruption budget and says what it waited for', async () => {
  const cluster = join(folder, 'budget.yaml');
  writeFileSync(cluster, `${NODES}---\n${DEPLOYMENT.replace('replicas: 2', 'replicas: 3')}---\n${BUDGET}`);
  const { code, stdout, stderr } = await run('drain node-1', cluster);
  assert.is(code, 0, stderr);
  assert.match(stdout, /~ Node node-1 .*\n +\+ spec.unschedulable: true/);
  assert.match(stdout, /- Pod default\/web-/);
});
verbs('a drain that a budget never lets through fails', async () => {
  const cluster = join(folder, 'stuck.yaml');
  writeFileSync(cluster, `${NODES}---\n${DEPLOYMENT}---\n${BUDGET}`);
  const { code, stderr } = await run('drain node-1', cluster);
  assert.is(code, 1);
  assert.match(stderr, /Cannot evict pod as it would violate the pod's disruption budget\./);
  assert.match(stderr, /There are pending nodes to be drained:\n node-1\n/);
});
verbs('rollout status and history print as kubectl does', async () => {
  assert.is((await run('rollout status deployment/web')).stdout, 'deployment "web" successfully rolled out\n');
  assert.match((await run('rollout history deployment/web')).stdout, /REVISION {2}CHANGE-CAUSE\n1 {9}<none>\n/);
});
verbs('what the API server refuses is in the plan, with exit code 3', async () => {
  const { code, stdout } = await runCommand(['create', 'namespace', 'Bad_Name']);
  assert.is(code, 3);
  assert.match(stdout, /error: Namespace Bad_Name: metadata\.name: Invalid value: "Bad_Name"/);
});

const complaints: readonly (readonly [string, string])[] = [
  ['scale deploy/none --replicas=1', 'Error from server (NotFound): deployments.apps "none" not found\n'],
  ['scale flurbs/x --replicas=1', 'error: the server doesn\'t have a resource type "flurbs"\n'],
  ['label pod', 'error: at least one label update is required\n'],
  ['create -f /no/such/file.yaml', 'error: the path "/no/such/file.yaml" does not exist\n'],
  ['rollout undo deploy/web', 'error: no rollout history found for deployment "web"\n'],
  ['get deploy -o jsonpath={.items[', 'error: error parsing jsonpath {.items[, unterminated array\n'],
  ['get deploy -o go-template={{.x', 'error: error parsing template {{.x, template: output:1: unclosed action\n'],
];
for (const [line, stderr] of complaints)
  verbs(`${line} is refused in kubectl's words`, async () => {
    assert.equal(await run(line).then(({ code, stdout, stderr: said }) => ({ code, stdout, said })), {
      code: 1,
      stdout: '',
      said: stderr,
    });
  });
verbs('boolean flags may be written with their value', async () => {
  const { stdout } = await run('get deploy web --no-headers=true -o name');
  assert.is(stdout, 'deployment.apps/web\n');
});
verbs.after(() => rmSync(folder, { recursive: true }));
verbs.run();
