// --save-cluster: working on, step by step, from where a plan ends.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ran, runCommand } from './test-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubeplan-saved-'));
const DESCRIBED = `apiVersion: kubeplan.dev/v1
kind: Cluster
spec:
  nodes:
    - name: worker
      count: 2
      staticPods: [{metadata: {name: agent, namespace: kube-system}, spec: {containers: [{name: a, image: a:1}]}}]
    - {name: gone, exactName: true}
  storageClasses: [{name: standard, provisioner: example.com/disk, default: true}]
  cloud: {loadBalancers: {network: 203.0.113.0/24}}
  pods: [{workload: Deployment/web, readiness: 5s}]
---
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles: [{schedulerName: default-scheduler}, {schedulerName: second}]
---
apiVersion: events.k8s.io/v1
kind: Event
metadata: {name: old, namespace: default}
regarding: {apiVersion: v1, kind: Node, name: worker-1}
reason: Noted
note: from before
type: Normal
`;
const described = join(folder, 'described.yaml');
writeFileSync(described, DESCRIBED);

/** Runs a verb and puts what it saved where the next one looks. */
async function step(line: string, cluster: string, saved = 'c.yaml'): Promise<Ran> {
  const path = join(folder, saved);
  const ran = await runCommand([...line.split(' '), '--cluster', cluster, '--save-cluster', path]);
  const text = ran.files.get(path);
  if (text !== undefined) writeFileSync(path, text);
  return ran;
}
/** The objects of a saved cluster without the counts of its store. */
const documents = (text: string) =>
  text
    .split(/^---\n/m)
    .slice(1)
    .map((each) => each.replace(/^ +resourceVersion: .*\n/gm, ''));
const look = async (line: string, cluster: string): Promise<string> =>
  (await runCommand([...line.split(' '), '--cluster', cluster])).stdout;
const saved = join(folder, 'c.yaml');

const saving = suite('--save-cluster');
saving('each verb goes on from where the last one ended', async () => {
  await step('create deployment web --image=nginx --replicas=2', described);
  await step('scale deployment/web --replicas=3', saved);
  await step('set image deployment/web nginx=nginx:2 --kubectl', saved);
  assert.is(
    await look('get deployments -o jsonpath={.items[*].spec.template.spec.containers[*].image}', saved),
    'nginx:2',
  );
  assert.is((await look('get pods -o name', saved)).split('\n').length - 1, 3);
  assert.match(await look('rollout history deployment/web', saved), /\n1 .*\n2 /);
});
saving('what no object says is kept: timings, the cloud, static pods, the scheduler', async () => {
  await step('expose deployment web --port=80 --type=LoadBalancer', saved, 'lb.yaml');
  const after = join(folder, 'lb.yaml');
  assert.match(await look('get service web -o jsonpath={.status.loadBalancer.ingress[0].ip}', after), /^203\.0\.113\./);
  assert.is((await look('get pods -n kube-system -o name', after)).split('\n').length - 1, 2);
  await step('delete node gone', after, 'lb.yaml');
  assert.is(await look('get nodes -o name', after), 'node/worker-1\nnode/worker-2\n');
  await step('run slow --image=a --overrides={"spec":{"schedulerName":"second"}}', after, 'lb.yaml');
  assert.match(await look('get pod slow -o jsonpath={.spec.nodeName}', after), /^worker-/);
});
saving('described events keep what they are about', async () => {
  assert.match(await look('events --for=node/worker-1', saved), /Noted +Node\/worker-1 +from before/);
});
saving('a file called .json is a list', async () => {
  await step('cordon worker-1', saved, 'c.json');
  assert.match(await look('get nodes', join(folder, 'c.json')), /worker-1 +Ready,SchedulingDisabled/);
});
saving('nothing is saved where nothing was done', async () => {
  const ran = await step('scale deployment/none --replicas=3', saved, 'none.yaml');
  assert.equal([ran.code, ran.files.size], [1, 0]);
});
for (const fixture of [
  'guestbook/create',
  'storage/binding',
  'workloads/stateful',
  'autoscaling/load',
  'nodes/static-pods',
]) {
  saving(`applying again to the saved cluster changes nothing, in ${fixture}`, async () => {
    const from = join('fixtures', fixture);
    await step(`plan -f ${from}/manifests`, `${from}/cluster.yaml`, 'again.yaml');
    const again = await runCommand([
      ...`plan -f ${from}/manifests -o json`.split(' '),
      ...['--cluster', join(folder, 'again.yaml')],
    ]);
    assert.is(JSON.parse(again.stdout).hasChanges, false);
  });
}
for (const fixture of ['guestbook/create', 'workloads/stateful', 'nodes/failure', 'nodes/static-pods']) {
  saving(`a saved cluster that nothing is done to is saved as it is, in ${fixture}`, async () => {
    const from = join('fixtures', fixture);
    await step(`plan -f ${from}/manifests`, `${from}/cluster.yaml`, 'once.yaml');
    await step('create namespace another', join(folder, 'once.yaml'), 'twice.yaml');
    const texts = ['once.yaml', 'twice.yaml'].map((file) => documents(readFileSync(join(folder, file), 'utf8')));
    const [once = [], twice = []] = texts;
    assert.equal(
      twice.filter((text) => !/^ {2}(name|namespace): another$/m.test(text)),
      once,
    );
  });
}
saving('what controllers make is saved as it is read back', async () => {
  const endpoints = join(folder, 'endpoints.yaml');
  writeFileSync(
    endpoints,
    `{apiVersion: v1, kind: Service, metadata: {name: ext}, spec: {ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: ext}, subsets: [{addresses: [{ip: 10.1.1.1}], ports: [{port: 80}]}]}
`,
  );
  await step(`apply -f ${endpoints}`, described, 'mirror.yaml');
  const slice = documents(readFileSync(join(folder, 'mirror.yaml'), 'utf8')).find((text) =>
    text.includes('endpointslicemirroring-controller'),
  );
  assert.match(slice ?? '', /^kind: EndpointSlice$/m);
  assert.not.match(slice ?? '', /\{\}/);
});
saving.after(() => rmSync(folder, { recursive: true }));
saving.run();
