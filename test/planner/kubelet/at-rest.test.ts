// Pods at rest are those of which no stage would make anything, whatever their node is like.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeKubelet, podKubelet } from '../../../src/planner/kubelet/kubelet.ts';
import { isAtRest, podStages } from '../../../src/planner/kubelet/pods/pod-stages.ts';
import { NOWHERE, type PodWorld } from '../../../src/planner/kubelet/pods/pod-world.ts';
import { defaultKubeletSettings } from '../../../src/planner/kubelet/settings.ts';
import type { Node, Pod } from '../../../src/schema/generated/types/core-v1.ts';
import { smallCluster } from './small-cluster.ts';

const rest = suite('pods at rest');

rest('no stage matches them on any node', () => {
  const outcomes = ['never-ready', 'fail', 'running', 'pending', 'succeed', 'crash-loop'];
  const pods = fc.record({
    phase: fc.constantFrom('Running', 'Pending', 'Succeeded', 'Failed', undefined),
    podIP: fc.constantFrom('10.0.0.9', undefined),
    deletionTimestamp: fc.constantFrom('2026-01-01T00:00:00Z', undefined),
    outcome: fc.constantFrom(undefined, ...outcomes),
    restartPolicy: fc.constantFrom('Always', 'Never', 'OnFailure'),
    owner: fc.constantFrom('Job', 'ReplicaSet', undefined),
    reason: fc.constantFrom('ContainersNotReady', undefined),
    waiting: fc.constantFrom('CrashLoopBackOff', undefined),
  });
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, spec: {}, status: {} } as Node;
  const settings = fc.record({
    readiness: fc.constantFrom(0, 5000),
    freezePodsOnSilentNodes: fc.boolean(),
    rejectsMisfits: fc.boolean(),
    restartsFailed: fc.boolean(),
    used: fc.constantFrom(undefined, 1, 100),
  });
  let found = 0;
  fc.assert(
    fc.property(
      pods,
      settings,
      fc.boolean(),
      fc.boolean(),
      (given, { readiness, used, ...more }, hasNode, isNodeSilent) => {
        const { phase, podIP, deletionTimestamp, outcome, restartPolicy, owner, reason, waiting } = given;
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            name: 'p',
            namespace: 'default',
            ...(deletionTimestamp ? { deletionTimestamp } : {}),
            ...(outcome ? { annotations: { 'kubeplan.dev/outcome': outcome } } : {}),
            ...(owner ? { ownerReferences: [{ kind: owner, name: 'o', uid: 'u', controller: true }] } : {}),
          },
          spec: { nodeName: 'n1', restartPolicy, containers: [{ name: 'c', resources: { limits: { memory: '50' } } }] },
          status: {
            ...(phase ? { phase } : {}),
            ...(podIP ? { podIP } : {}),
            conditions: [{ type: 'Ready', status: reason ? 'False' : 'True', ...(reason ? { reason } : {}) }],
            containerStatuses: [{ name: 'c', state: waiting ? { waiting: { reason: waiting } } : {} }],
          },
        } as unknown as Pod;
        const all = {
          ...defaultKubeletSettings,
          ...more,
          ...(used === undefined ? {} : { usageOf: () => ({ c: { memory: used } }) }),
          timings: { ...defaultKubeletSettings.timings, readiness },
        };
        if (!isAtRest(pod, all)) {
          const isRunning = phase === 'Running' && !deletionTimestamp;
          const world: PodWorld = { ...NOWHERE, settings: all };
          assert.ok(!isRunning || podStages.some((stage) => stage.matches(pod, world)), 'a stage has something to do');
          return;
        }
        found += 1;
        const world: PodWorld = {
          now: 0,
          settings: all,
          node: hasNode ? node : undefined,
          isNodeSilent,
          takeAddresses: () => ['10.0.0.1'],
          whyNotAdmitted: () => ({ reason: 'OutOfcpu', message: '' }),
          whyNotPrepared: () => 'no devices',
        };
        assert.is(podStages.find((stage) => stage.matches(pod, world))?.name, undefined);
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(found > 20, `${found} pods at rest`);
});

rest('a new pod gets none of the addresses that running pods of its node have until they are gone', () => {
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] },
    status: { addresses: [{ type: 'InternalIP', address: '192.168.10.11' }] },
  };
  const pod = (name: string, status: Record<string, unknown> = {}) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { nodeName: 'n1', containers: [{ name: 'app' }] },
    status,
  });
  const running = ['2', '3', '5'].map((last) => pod(`old-${last}`, { phase: 'Running', podIP: `10.244.1.${last}` }));
  const ended = pod('ended', { phase: 'Succeeded', podIP: '10.244.1.4' });
  const cluster = smallCluster([nodeKubelet, podKubelet], {}, [node, ...running, ended]);
  cluster.create(pod('new-a'), pod('new-b'));
  cluster.settle();
  const addressesOf = (...names: string[]) =>
    names.map((name) => cluster.get<Pod>('pods', name, 'default')!.status.podIP);
  assert.equal(addressesOf('new-a', 'new-b'), ['10.244.1.4', '10.244.1.6']);

  cluster.user.delete('pods', { namespace: 'default', name: 'old-3' }, { gracePeriodSeconds: 0 });
  cluster.change('pods', 'old-5', { status: { phase: 'Succeeded' } }, 'default', 'status');
  cluster.settle();
  assert.is(cluster.get('pods', 'old-3', 'default'), undefined);
  cluster.create(pod('new-c'), pod('new-d'), pod('new-e'));
  cluster.settle();
  assert.equal(addressesOf('new-c', 'new-d', 'new-e'), ['10.244.1.3', '10.244.1.5', '10.244.1.7']);
});
rest.run();
