import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { clusterReader } from '../../../src/apiserver/cluster-reader.ts';
import { resourceClaimEvaluator } from '../../../src/apiserver/quota/resource-claims.ts';
import { resourceListOf } from '../../../src/apiserver/quota/resource-list.ts';
import { Store } from '../../../src/apiserver/store/store.ts';

type Json = Readonly<Record<string, unknown>>;
const [EARLY, LATE] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:05Z'];

function contextOf(state: Readonly<Record<string, readonly object[]>>) {
  const store = new Store();
  for (const [resource, objects] of Object.entries(state))
    for (const object of objects) store.create(resource, object as KubeObject, { cause: { who: 'test' }, at: 0 });
  return { reader: clusterReader(store), now: 0 };
}

const makeClaim = (requests: readonly Json[], metadata: Json = {}) =>
  ({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { name: 'claim', namespace: 'ns', ...metadata },
    spec: { devices: { requests } },
    status: {},
  }) as unknown as KubeObject;
const exactly = (deviceClassName: string, count: number) => ({
  name: 'r',
  exactly: { deviceClassName, allocationMode: 'ExactCount', count },
});
const gpus = { metadata: { name: 'gpus' }, spec: { extendedResourceName: 'example.com/gpu' } };

const usage = suite('quota usage of resource claims');

for (const { name, requests, want } of [
  {
    name: 'devices of a class add up',
    requests: [exactly('nics', 2), exactly('nics', 1)],
    want: { 'nics.deviceclass.resource.k8s.io/devices': '3', 'requests.deviceclass.resource.kubernetes.io/nics': '3' },
  },
  {
    name: 'all devices of a class are as many as a claim can have',
    requests: [{ name: 'r', exactly: { deviceClassName: 'nics', allocationMode: 'All' } }],
    want: {
      'nics.deviceclass.resource.k8s.io/devices': '32',
      'requests.deviceclass.resource.kubernetes.io/nics': '32',
    },
  },
  {
    name: 'of alternatives the largest counts, for each class',
    requests: [
      {
        name: 'r',
        firstAvailable: [
          { name: 'a', deviceClassName: 'nics', allocationMode: 'ExactCount', count: 1 },
          { name: 'b', deviceClassName: 'nics', allocationMode: 'ExactCount', count: 4 },
        ],
      },
    ],
    want: { 'nics.deviceclass.resource.k8s.io/devices': '4', 'requests.deviceclass.resource.kubernetes.io/nics': '4' },
  },
  {
    name: 'a class that stands for an extended resource counts as that too',
    requests: [exactly('gpus', 1)],
    want: {
      'gpus.deviceclass.resource.k8s.io/devices': '1',
      'requests.deviceclass.resource.kubernetes.io/gpus': '1',
      'requests.example.com/gpu': '1',
    },
  },
])
  usage(name, () => {
    const context = contextOf({ 'deviceclasses.resource.k8s.io': [gpus] });
    assert.equal(resourceListOf(resourceClaimEvaluator.usage(makeClaim(requests), context)), {
      'count/resourceclaims.resource.k8s.io': '1',
      ...want,
    });
  });

const ofPod = (name: string, creationTimestamp: string) => ({
  name,
  creationTimestamp,
  annotations: { 'resource.kubernetes.io/extended-resource-claim': 'true' },
  ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'pod', uid: 'u', controller: true }],
});
const podWith = (status: Json) => ({
  metadata: { name: 'pod', namespace: 'ns', uid: 'u' },
  spec: { containers: [{ name: 'c', resources: { requests: { 'example.com/gpu': '1' } } }] },
  status,
});

for (const { name, status, siblings, isCharged } of [
  { name: 'the only claim made for a pod is charged with the pod', status: {}, siblings: [], isCharged: false },
  {
    name: 'a younger one beside it changes nothing',
    status: {},
    siblings: [makeClaim([], ofPod('other', LATE))],
    isCharged: false,
  },
  {
    name: 'beside an older one it is charged by itself',
    status: {},
    siblings: [makeClaim([], ofPod('other', EARLY))],
    isCharged: true,
  },
  {
    name: 'beside an equally old one the first by name is the one',
    status: {},
    siblings: [makeClaim([], ofPod('a', LATE))],
    isCharged: true,
  },
  {
    name: 'what the pod says of its claim decides',
    status: { extendedResourceClaimStatus: { resourceClaimName: 'claim' } },
    siblings: [makeClaim([], ofPod('other', EARLY))],
    isCharged: false,
  },
  {
    name: 'a pod that names another claim',
    status: { extendedResourceClaimStatus: { resourceClaimName: 'other' } },
    siblings: [],
    isCharged: true,
  },
])
  usage(name, () => {
    const context = contextOf({
      'deviceclasses.resource.k8s.io': [gpus],
      'resourceclaims.resource.k8s.io': siblings,
      pods: [podWith(status)],
    });
    const charged = resourceClaimEvaluator.usage(makeClaim([exactly('gpus', 1)], ofPod('claim', LATE)), context);
    assert.is(charged.has('requests.example.com/gpu'), isCharged);
  });

usage.run();
