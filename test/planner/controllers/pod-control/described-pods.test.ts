import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isDescribed } from '../../../../src/planner/controllers/pod-control/described-pods.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';

const pod = {
  metadata: {
    name: 'web-5d8f-abcde',
    namespace: 'default',
    labels: { app: 'web', 'pod-template-hash': '5d8f' },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d8f', uid: 'u', controller: true }],
  },
} as unknown as Pod;

const described = suite('described pods');
for (const { name, entry, expected } of [
  { name: 'everything of the namespace', entry: {}, expected: true },
  { name: 'another namespace', entry: { namespace: 'other' }, expected: false },
  { name: 'labels', entry: { matchLabels: { app: 'web' } }, expected: true },
  { name: 'other labels', entry: { matchLabels: { app: 'api' } }, expected: false },
  { name: 'the pod', entry: { workload: 'Pod/web-5d8f-abcde' }, expected: true },
  { name: 'its ReplicaSet', entry: { workload: 'ReplicaSet/web-5d8f' }, expected: true },
  { name: 'its Deployment', entry: { workload: 'Deployment/web' }, expected: true },
  { name: 'another Deployment', entry: { workload: 'Deployment/we' }, expected: false },
  { name: 'a StatefulSet of that name', entry: { workload: 'StatefulSet/web' }, expected: false },
  {
    name: 'labels and workload together',
    entry: { matchLabels: { app: 'api' }, workload: 'Deployment/web' },
    expected: false,
  },
])
  described(`${name}: ${expected}`, () => assert.is(isDescribed(pod, entry), expected));
described.run();
