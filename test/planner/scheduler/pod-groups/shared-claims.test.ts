// What kube-apiserver, kube-controller-manager and kube-scheduler v1.36.3 made of ResourceClaims that pod groups share
// (DRAWorkloadResourceClaims), on nodes played by kwok. Names that are made up there are compared by what they were made from.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { World } from '../../../../src/planner/world.ts';
import type { Event, Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../../../src/schema/generated/types/resource-v1.ts';
import type { PodGroup } from '../../../../src/schema/generated/types/scheduling-v1alpha2.ts';
import { byText, play, podsPerNode, recordingsIn } from './play.ts';

interface Outcome {
  readonly pods: readonly unknown[];
  readonly nodes: readonly number[];
  readonly groups: readonly unknown[];
  readonly claims: readonly unknown[];
  /** Kind, reason and message of claims that could not be made. */
  readonly events: readonly unknown[];
}

const GATES = { GenericWorkload: true, GangScheduling: true, DRAWorkloadResourceClaims: true };

const recordings = suite('recordings of claims that pod groups share');
for (const recording of recordingsIn<Outcome>('shared-claims.jsonl'))
  recordings(recording.title, () => {
    const want = recording.want;
    const sorted = { ...want, pods: [...want.pods].sort(byText), claims: [...want.claims].sort(byText) };
    assert.equal(outcomeOf(play(recording)), sorted);
  });

const GROUP = { apiVersion: 'scheduling.k8s.io/v1alpha2', kind: 'PodGroup' };
const TEMPLATE = { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaimTemplate' };
const spec = { spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'gpu', count: 1 } }] } } };
const shared = { name: 'shared', resourceClaimTemplateName: 'late' };
const own = { name: 'own', resourceClaimTemplateName: 'early' };

recordings(
  'a claim of its own that a pod has before the shared one is there: the status names one or the other for ever',
  () => {
    const { engine, store } = play({
      gates: GATES,
      steps: [
        {
          create: [
            { ...TEMPLATE, metadata: { name: 'early', namespace: 'default' }, spec },
            {
              ...GROUP,
              metadata: { name: 'ga', namespace: 'default' },
              spec: { schedulingPolicy: { basic: {} }, resourceClaims: [shared] },
            },
            {
              apiVersion: 'v1',
              kind: 'Pod',
              metadata: { name: 'p', namespace: 'default' },
              spec: {
                containers: [{ name: 'c', image: 'x' }],
                schedulingGroup: { podGroupName: 'ga' },
                resourceClaims: [own, shared],
              },
            },
          ],
        },
        { create: [{ ...TEMPLATE, metadata: { name: 'late', namespace: 'default' }, spec }] },
      ] as never,
    });
    const { status } = store.get('pods', 'default', 'p') as Pod;
    assert.is(status.resourceClaimStatuses?.length, 1);
    assert.equal(
      engine.cycles.map(({ who, kind, target }) => [who, kind, target.key]),
      [['resource_claim', 'reverses', 'default/p']],
    );
  },
);

recordings(
  'a pod that names one claim twice: its reservations exclude each other for ever, and the rest settles',
  () => {
    const twice = [
      { name: 'a', resourceClaimName: 'c' },
      { name: 'b', resourceClaimName: 'c' },
    ];
    const resources = { cpu: '1', memory: '1Gi', pods: '10' };
    const { store } = play({
      gates: {},
      steps: [
        {
          create: [
            {
              apiVersion: 'v1',
              kind: 'Node',
              metadata: { name: 'n1' },
              status: { capacity: resources, allocatable: resources },
            },
            { apiVersion: 'resource.k8s.io/v1', kind: 'DeviceClass', metadata: { name: 'gpu' }, spec: {} },
            {
              apiVersion: 'resource.k8s.io/v1',
              kind: 'ResourceSlice',
              metadata: { name: 's' },
              spec: {
                driver: 'gpu.example.com',
                pool: { name: 'n1', generation: 1, resourceSliceCount: 1 },
                nodeName: 'n1',
                devices: [{ name: 'd0' }, { name: 'd1' }],
              },
            },
          ],
        },
        {
          create: [
            {
              apiVersion: 'resource.k8s.io/v1',
              kind: 'ResourceClaim',
              metadata: { name: 'c', namespace: 'default' },
              ...spec,
            },
            {
              apiVersion: 'v1',
              kind: 'Pod',
              metadata: { name: 'p', namespace: 'default' },
              spec: {
                containers: [{ name: 'c', image: 'x' }],
                tolerations: [{ operator: 'Exists' }],
                resourceClaims: twice,
              },
            },
          ],
        },
      ] as never,
    });
    const pod = store.get('pods', 'default', 'p') as Pod;
    assert.match(
      pod.status.conditions?.find(({ type }) => type === 'PodScheduled')?.message ?? '',
      /^running PreBind plugin "DynamicResources": add reservation to claim default\/c: ResourceClaim\.resource\.k8s\.io "c" is invalid: status\.reservedFor\[1\]: Duplicate value: /,
    );
    const claim = store.get('resourceclaims.resource.k8s.io', 'default', 'c') as ResourceClaim;
    assert.equal(claim.status.reservedFor ?? [], []);
  },
);

recordings.run();

function outcomeOf({ store }: World): Outcome {
  const pods = store.list('pods', 'default') as readonly Pod[]; // pods are filed there
  const groups = store.list('podgroups.scheduling.k8s.io', 'default') as readonly PodGroup[]; // and groups there
  const claims = store.list('resourceclaims.resource.k8s.io', 'default') as readonly ResourceClaim[]; // and claims there
  const events = store.list('events', 'default') as readonly Event[];
  const named = namesOf(claims);
  return {
    pods: pods.map((pod) => podOutcome(pod, named)).sort(byText),
    nodes: podsPerNode(pods),
    groups: groups.map((group) => groupOutcome(group, named)).sort(byText),
    claims: claims.map((claim) => claimOutcome(claim, pods)).sort(byText),
    events: events
      .filter(({ reason }) => reason === 'FailedResourceClaimCreation')
      .map(({ involvedObject, reason, message }) => [involvedObject.kind, reason, message])
      .sort(byText),
  };
}

type Named = (name: string | undefined) => string;

/** What a name was made from; of claims that are gone, with a mark, what it looks like. */
function namesOf(claims: readonly ResourceClaim[]): Named {
  const made = new Map(claims.map(({ metadata }) => [metadata.name, metadata.generateName ?? metadata.name ?? '']));
  return (name = '') => made.get(name) ?? (name === '' ? '' : `?${name.replace(/-[a-z0-9]{5}$/, '-')}`);
}

function podOutcome({ metadata, spec, status }: Pod, named: Named): unknown {
  const condition = status.conditions?.find(({ type }) => type === 'PodScheduled');
  const waits = condition ? `${condition.reason}: ${condition.message}` : '-';
  return {
    group: spec.schedulingGroup?.podGroupName ?? metadata.name,
    isPlaced: Boolean(spec.nodeName),
    why: spec.nodeName ? '' : waits.replace(/default\/([a-z0-9-]+)/g, (_all, name: string) => `default/${named(name)}`),
    promise: status.nominatedNodeName ? 'nominated' : '',
    claims: (status.resourceClaimStatuses ?? [])
      .map(({ name, resourceClaimName }) => [name, ofPod(named(resourceClaimName), metadata.name)])
      .sort(byText),
  };
}

function groupOutcome({ metadata, status }: PodGroup, named: Named): unknown {
  return {
    name: metadata.name,
    isDeleting: metadata.deletionTimestamp !== undefined,
    conditions: (status.conditions ?? []).map(({ type, status: is, reason, message }) => [type, is, reason, message]),
    claims: (status.resourceClaimStatuses ?? [])
      .map(({ name, resourceClaimName }) => [name, named(resourceClaimName)])
      .sort(byText),
  };
}

function claimOutcome({ metadata, status }: ResourceClaim, pods: readonly Pod[]): unknown {
  const groupOf = (name: string): string => {
    const pod = pods.find((candidate) => candidate.metadata.name === name);
    return pod?.spec.schedulingGroup?.podGroupName ?? name;
  };
  const owners = metadata.ownerReferences ?? [];
  const pod = owners.find(({ kind }) => kind === 'Pod')?.name;
  return {
    name: ofPod(metadata.generateName ?? metadata.name ?? '', pod),
    owners: owners.map(({ kind, name }) => `${kind}/${kind === 'Pod' ? groupOf(name) : name}`),
    devices: status.allocation?.devices.results?.length ?? 0,
    reservedFor: (status.reservedFor ?? [])
      .map(({ apiGroup = '', resource, name }) => [apiGroup, resource, resource === 'pods' ? groupOf(name) : name])
      .sort(byText),
    finalizers: metadata.finalizers ?? [],
    annotations: metadata.annotations ?? {},
    labels: metadata.labels ?? {},
    isDeleting: metadata.deletionTimestamp !== undefined,
  };
}

/** Pods of a group are alike. */
function ofPod(name: string, pod: string | undefined): string {
  return pod !== undefined && name.startsWith(`${pod}-`) ? `POD-${name.slice(pod.length + 1)}` : name;
}
