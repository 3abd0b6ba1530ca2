import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommand } from '../../test-io.ts';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
`;

const look = suite('looking at the planned cluster');
look('get shows what the manifests lead to', async () => {
  const { code, stdout } = await runCommand(['get', 'deploy', 'web', '--no-headers', '-f', '-'], { stdin: DEPLOYMENT });
  assert.is(code, 0);
  assert.match(stdout, /^web +2\/2 +2 +2 /);
});
look('--current shows the cluster before them', async () => {
  const { stdout, stderr } = await runCommand(['get', 'deploy', '--current', '-f', '-'], { stdin: DEPLOYMENT });
  assert.is(stdout, '');
  assert.is(stderr, 'No resources found in default namespace.\n');
});
look('without manifests the described cluster is shown', async () => {
  const { code, stdout } = await runCommand(['get', 'nodes', '-o', 'name']);
  assert.is(code, 0);
  assert.match(stdout, /^node\//);
});
look('describe names the replica set of a deployment', async () => {
  const { stdout } = await runCommand(['describe', 'deploy', 'web', '-f', '-'], { stdin: DEPLOYMENT });
  assert.match(stdout, /NewReplicaSet: +web-\w+ \(2\/2 replicas created\)/);
});
look('a revision is asked of a deployment that has none yet', async () => {
  const paused = DEPLOYMENT.replace('spec:', 'spec:\n  paused: true');
  const history = (...flags: readonly string[]) =>
    runCommand(['rollout', 'history', 'deploy/web', '--revision=2', ...flags, '--cluster', '-'], { stdin: paused });
  assert.is((await history()).stdout, 'deployment.apps/web with revision #2\nNo rollout history found.\n');
  assert.is((await history('-o', 'json')).stderr, 'error: unable to find the specified revision\n');
});
look('rules of a role that say the same are one, and paths stand once for each verb', async () => {
  const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [apps, apps], resources: [deployments], verbs: [get, list]}
- {nonResourceURLs: [/healthz], verbs: [get, head]}
`;
  const { stdout } = await runCommand(['describe', 'clusterrole', 'reader', '-f', '-'], { stdin: role });
  const rules = stdout.split('\n').slice(6, -1);
  assert.equal(
    rules.map((line) => line.trim().split(/ {2,}/)),
    [
      ['deployments.apps', '[]', '[]', '[get list]'],
      ['[/healthz]', '[]', '[get]'],
      ['[/healthz]', '[]', '[head]'],
    ],
  );
});
look('events tell what happened', async () => {
  const { stdout } = await runCommand(['events', '--for', 'deploy/web', '-f', '-'], { stdin: DEPLOYMENT });
  assert.match(stdout, /ScalingReplicaSet +Deployment\/web/);
});
look('describe shows the lease by which the kubelet of a node says that it is alive', async () => {
  const { stdout } = await runCommand(['describe', 'node', 'node-1']);
  assert.match(stdout, /Lease:\n +HolderIdentity: +node-1\n +AcquireTime: .+\n +RenewTime: /);
});
look('a node whose kubelet never reported has no lease', async () => {
  const cluster = JSON.stringify({
    apiVersion: 'kubeplan.dev/v1',
    kind: 'Cluster',
    spec: { nodes: [{ name: 'a', exactName: true, annotations: { 'kubeplan.dev/outcome': 'not-responding' } }] },
  });
  const args = ['get', 'leases', '-n', 'kube-node-lease'];
  const { stdout, stderr } = await runCommand([...args, '--cluster', '-'], { stdin: cluster });
  assert.is(stdout, '');
  assert.is(stderr, 'No resources found in kube-node-lease namespace.\n');
});
look('an unknown type fails', async () => {
  const { code, stderr } = await runCommand(['get', 'flurbs']);
  assert.is(code, 1);
  assert.is(stderr, 'error: the server doesn\'t have a resource type "flurbs"\n');
});
look.run();
