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

for (const subject of ['pod/absent', 'nonsense/web', 'web', 'pod/a/b'])
  command(`${subject} is misuse with a sentence that says why`, async () => {
    const { code, stdout, stderr } = await explain([subject], pod('1'));
    assert.equal([code, stdout], [1, '']);
    assert.match(stderr, /is not in the planned cluster|there is no resource type|is no subject/);
  });

command.run();
