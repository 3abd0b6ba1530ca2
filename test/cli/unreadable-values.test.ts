// Values that do not fit their field: the API server's message names no line, and often no field; kubeplan does.
import { resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommand } from './test-io.ts';

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: a
  labels:
    app.kubernetes.io/name: x
spec:
  containers:
  - name: first
    image: app:1
  - name: second
    image: app:1
    ports:
    - containerPort: 80
    resources:
      requests:
        cpu: 100m
        example.com/gpu: "1"
  tolerations:
  - key: k
    tolerationSeconds: 5
`;

/** What is written instead of what, and where the problem is: line, column, field. */
const CASES: readonly (readonly [
  what: string,
  old: string,
  bad: string,
  line: number,
  column: number,
  field: string,
])[] = [
  [
    'a text for a number',
    'containerPort: 80',
    'containerPort: http',
    14,
    7,
    'spec.containers[1].ports[0].containerPort',
  ],
  ['a quantity that is none', 'cpu: 100m', 'cpu: 10x', 17, 9, 'spec.containers[1].resources.requests[cpu]'],
  ['a key with dots', 'gpu: "1"', 'gpu: "1y"', 18, 9, 'spec.containers[1].resources.requests[example.com/gpu]'],
  ['a map for a text', 'image: app:1\n  - name', 'image: {a: b}\n  - name', 10, 5, 'spec.containers[0].image'],
  ['a number for a label', 'name: x', 'name: 7', 6, 5, 'metadata.labels[app.kubernetes.io/name]'],
  [
    'a list for a map',
    'metadata:\n  name: a\n  labels:\n    app.kubernetes.io/name: x',
    'metadata:\n  name: a\n  labels: [x]',
    5,
    3,
    'metadata.labels',
  ],
  [
    'the first of two',
    'tolerationSeconds: 5',
    'tolerationSeconds: soon\n    effect: 3',
    22,
    5,
    'spec.tolerations[0].effect',
  ],
];

const MANIFESTS = resolve('fixtures/guestbook/create/manifests');

const unreadable = suite('values that do not fit');

for (const [what, old, bad, line, column, field] of CASES) {
  assert.ok(POD.includes(old), old);
  const stdin = POD.replace(old, bad);
  unreadable(`${what}: validate names its line`, async () => {
    const { code, stdout } = await runCommand(['validate', '-f', '-', '-o', 'json'], { stdin });
    assert.is(code, 3);
    const { source } = JSON.parse(stdout).results[0];
    assert.equal([source.line, source.column], [line, column]);
  });
  unreadable(`${what}: plan names its line and its field`, async () => {
    const { code, stdout } = await runCommand(['plan', '-f', '-', '-o', 'json'], { stdin });
    assert.is(code, 3);
    const [diagnostic] = JSON.parse(stdout).diagnostics;
    assert.equal([diagnostic.source.line, diagnostic.source.column, diagnostic.field], [line, column, field]);
  });
  unreadable(`${what}: so does what reads a described cluster`, async () => {
    const { stdout } = await runCommand(['plan', '-f', MANIFESTS, '--cluster', '-', '-o', 'json'], { stdin });
    const found = JSON.parse(stdout).diagnostics.find(({ code }: { code: string }) => code === 'InvalidInventory');
    assert.equal([found?.source.line, found?.field], [line, field]);
  });
}

unreadable.run();
