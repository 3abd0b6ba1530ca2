import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommand } from './test-io.ts';

const pod = (cpu: string): string => `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: main, image: nginx, resources: {requests: {cpu: "${cpu}"}}}]}
`;
const explain = (args: readonly string[], stdin: string) => runCommand(['explain', ...args, '-f', '-'], { stdin });

const command = suite('kubeplan explain');

command('a pod that is placed is explained with exit code 0', async () => {
  const { code, stdout } = await explain(['pod/web'], pod('1'));
  assert.is(code, 0);
  assert.match(stdout, /^Pod default\/web is on node-1, decided at 0s\n/);
  assert.match(stdout, /Tie: node-1, node-2, node-3 score the same/);
});

command('pods that wait are explained without being named, with exit code 4', async () => {
  const { code, stdout } = await explain(['-o', 'json'], pod('5'));
  assert.is(code, 4);
  const { kind, pods } = JSON.parse(stdout);
  assert.equal([kind, pods.length, pods[0].nodes[0].lacks], ['Explanation', 1, '+1 cpu']);
});

command('where nobody waits that is said', async () => {
  const { code, stdout } = await explain([], pod('1'));
  assert.equal([code, stdout], [0, 'No pod waits for a node.\n']);
});

command('what the API server refuses is told, with exit code 3', async () => {
  const { code, stdout, stderr } = await explain([], pod('-1'));
  assert.equal([code, stdout], [3, 'No pod waits for a node.\n']);
  assert.match(stderr, /Pod default\/web: spec\.containers\[0\]\.resources\.requests\[cpu\]: Invalid value: "-1"/);
});

command('pods that wait for the same reason are explained once', async () => {
  const manifests = ['a', 'b', 'c'].map((name) => pod('5').replace('name: web', `name: ${name}`)).join('---');
  const { stdout } = await explain([], `${manifests}---${pod('6')}`);
  assert.match(stdout, /^Pod default\/a stays pending: .*\n {2}and so do 2 like it: default\/b, default\/c\n/);
  assert.match(stdout, /\nPod default\/web stays pending/);
  assert.is(stdout.match(/stays pending/g)?.length, 2);
});

command('a second KubeSchedulerConfiguration is an error', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
  const scheduler = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';
  writeFileSync(join(folder, 'cluster.yaml'), `${scheduler}---\n${scheduler}`);
  try {
    const { code, stderr } = await explain(['--cluster', join(folder, 'cluster.yaml')], pod('1'));
    assert.is(code, 3);
    assert.match(stderr, /cluster\.yaml:4: a described cluster has one KubeSchedulerConfiguration/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const subject of ['pod/absent', 'nonsense/web', 'web', 'pod/a/b'])
  command(`${subject} is misuse with a sentence that says why`, async () => {
    const { code, stdout, stderr } = await explain([subject], pod('1'));
    assert.equal([code, stdout], [1, '']);
    assert.match(stderr, /is not in the planned cluster|there is no resource type|is no subject/);
  });

command.run();
