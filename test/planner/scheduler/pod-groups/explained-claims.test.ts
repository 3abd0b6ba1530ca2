// What a plan and an explanation say of pods that wait for ResourceClaims, their own and those of their group.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clusterReader } from '../../../../src/apiserver/cluster-reader.ts';
import { pendingPods } from '../../../../src/planner/changes/pods/placements.ts';
import { explainGroup } from '../../../../src/planner/explain/pod-group.ts';
import { printerOf, tableOf } from '../../../../src/report/kubectl/get/printers.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import { play } from './play.ts';

const GATES = { GenericWorkload: true, GangScheduling: true, DRAWorkloadResourceClaims: true };
const RESOURCES = {
  allocatable: { cpu: '2', memory: '8Gi', pods: '110' },
  capacity: { cpu: '2', memory: '8Gi', pods: '110' },
};
const spec = { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'gpu', count: 1 } }] } };
const made = (apiVersion: string, kind: string, name: string, more: object) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'default' },
  ...more,
});
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status: RESOURCES };
const deviceClass = { apiVersion: 'resource.k8s.io/v1', kind: 'DeviceClass', metadata: { name: 'gpu' }, spec: {} };
const slice = {
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceSlice',
  metadata: { name: 's' },
  spec: {
    driver: 'gpu.example.com',
    pool: { name: 'n1', generation: 1, resourceSliceCount: 1 },
    nodeName: 'n1',
    devices: [{ name: 'd0' }],
  },
};
const template = made('resource.k8s.io/v1', 'ResourceClaimTemplate', 't', { spec: { spec } });
const claim = made('resource.k8s.io/v1', 'ResourceClaim', 'c', { spec });
const pod = (resourceClaims: readonly object[], podGroupName?: string) =>
  made('v1', 'Pod', 'p', {
    spec: {
      containers: [{ name: 'c', image: 'x' }],
      tolerations: [{ operator: 'Exists' }],
      resourceClaims,
      ...(podGroupName ? { schedulingGroup: { podGroupName } } : {}),
    },
  });
const group = (resourceClaims: readonly object[]) =>
  made('scheduling.k8s.io/v1alpha2', 'PodGroup', 'g', { spec: { schedulingPolicy: { basic: {} }, resourceClaims } });
const ofTemplate = { name: 'gpu', resourceClaimTemplateName: 't' };
const ofClaim = { name: 'gpu', resourceClaimName: 'c' };

const waiting = suite('why a pod waits for its claims');
for (const [situation, objects, want] of [
  ['its claim is not there', [pod([ofClaim])], 'WaitingForResourceClaim: its ResourceClaim c does not exist'],
  [
    'the template of its claim is not there',
    [pod([ofTemplate])],
    'WaitingForResourceClaim: its ResourceClaim gpu cannot be made: ResourceClaimTemplate t does not exist',
  ],
  [
    'the template of the claim that it shares is not there',
    [pod([ofTemplate], 'g'), group([ofTemplate])],
    'WaitingForResourceClaim: its ResourceClaim gpu cannot be made: ResourceClaimTemplate t does not exist',
  ],
  ['its group is not there', [pod([ofTemplate], 'g'), template], 'WaitingForPodGroup: its pod group g does not exist'],
] as const)
  waiting(`${situation}: the plan says so`, () => {
    const { store } = play({ gates: GATES, steps: [{ create: [node] }, { create: objects }] });
    assert.equal(
      pendingPods(clusterReader(store)).map(({ reason, message }) => `${reason}: ${message}`),
      [want],
    );
  });
waiting.run();

const shared = suite('claims that a group shares, explained');
shared('a claim with devices that is reserved for the group', () => {
  const { store } = play({
    gates: GATES,
    steps: [{ create: [node, deviceClass, slice] }, { create: [claim, group([ofClaim]), pod([ofClaim], 'g')] }],
  });
  const placed = store.get('pods', 'default', 'p') as Pod;
  assert.is(placed.spec.nodeName, 'n1');
  assert.equal(explainGroup(store, placed)?.claims, [
    { name: 'gpu', claim: 'c', devices: ['n1/d0'], isReserved: true },
  ]);
  const claims = store.list('resourceclaims.resource.k8s.io', 'default');
  const slices = store.list('resourceslices.resource.k8s.io');
  const cells = (kind: string, objects: typeof claims) =>
    tableOf(printerOf('resource.k8s.io', kind), objects, 0).rows.map((row) => row.cells.slice(0, -1));
  assert.equal(cells('ResourceClaim', claims), [['c', 'allocated,reserved']]);
  assert.equal(cells('ResourceSlice', slices), [['s', 'n1', 'gpu.example.com', 'n1']]);
});
shared('a claim that cannot be made', () => {
  const { store } = play({ gates: GATES, steps: [{ create: [group([ofTemplate]), pod([ofTemplate], 'g')] }] });
  assert.equal(explainGroup(store, store.get('pods', 'default', 'p') as Pod)?.claims, [
    { name: 'gpu', devices: [], isReserved: false },
  ]);
});
shared.run();
