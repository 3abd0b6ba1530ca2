// How far a scheduler looks among many nodes, and where it goes on with the next pod. The answers are those of kube-scheduler
// v1.36.3 with a parallelism of 1.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import type { ClusterReader } from '../../../src/apiserver/cluster-reader.ts';
import { ObjectSet } from '../../../src/planner/scheduler/explain/object-set.ts';
import { decodeSchedulerConfiguration } from '../../../src/planner/scheduler/profile/decode-configuration.ts';
import { schedulePod } from '../../../src/planner/scheduler/schedule-one.ts';
import { SchedulerState } from '../../../src/planner/scheduler/scheduler-state.ts';
import { makeNode, makePod, type NodeBuilder, type PodBuilder } from './builders.ts';

const search = suite('search for nodes');

const HEADER = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';
const isEnabled = (gate: string): boolean => gate !== 'StorageCapacityScoring';

interface Look {
  readonly feasible: number;
  readonly refused: number;
  /** Number of the node at which the next search starts. */
  readonly next: number;
  readonly message?: string;
}

function schedulerOf(yaml: string, nodes: readonly NodeBuilder[]): SchedulerState {
  const decoded = decodeSchedulerConfiguration(parse(HEADER + yaml), isEnabled);
  if (!decoded.ok) throw new Error(decoded.error);
  const state = new SchedulerState(decoded.configuration, { isFeatureEnabled: isEnabled } as never); // nothing else is asked of a component
  const objects = nodes.map((node) => node.build());
  state.see(new ObjectSet(objects) as unknown as ClusterReader, 0); // plugins look things up, and no more
  for (const node of objects) state.cache.setNode(node);
  return state;
}

/** What the scheduler looks at for a pod, as it goes about it itself. */
function look(state: SchedulerState, pod: PodBuilder): Look {
  const info = pod.info();
  const profile = state.profileOf(info);
  if (!profile) throw new Error('no profile');
  const { framework, search: how, fast } = profile;
  assert.is(fast.schedule(info, how.percentageOfNodesToScore), undefined, 'part of the nodes is for the plain path');
  const { feasible, diagnosis, outcome } = schedulePod(framework, info, how);
  return {
    feasible: feasible.length,
    refused: diagnosis.nodeToStatus.size,
    next: how.rotation.nextStartNodeIndex,
    ...('message' in outcome ? { message: outcome.message } : {}),
  };
}

const TAINT = { key: 'a', effect: 'NoSchedule' };

/** So many nodes; those of these numbers refuse pods. */
function nodesOf(count: number, refusing: readonly number[] = []): readonly NodeBuilder[] {
  return Array.from({ length: count }, (_, i) => {
    const node = makeNode(`n${String(i).padStart(3, '0')}`);
    return refusing.includes(i) ? node.taints(TAINT) : node;
  });
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);
const NO_SCORES = '{preScore: {disabled: [{name: "*"}]}, score: {disabled: [{name: "*"}]}}';
const NO_FILTERS =
  '{preFilter: {disabled: [{name: "*"}]}, filter: {disabled: [{name: "*"}]}, score: {disabled: [{name: DynamicResources}]}}';

for (const [situation, yaml, nodes, want] of [
  ['ends when a hundred nodes will do', 'percentageOfNodesToScore: 5', nodesOf(150), [100, 0, 100]],
  [
    'goes on to the first node that is one too many',
    'percentageOfNodesToScore: 5',
    nodesOf(150, [3, 101, 102]),
    [100, 3, 103],
  ],
  [
    'goes round where no node is one too many',
    'percentageOfNodesToScore: 5',
    nodesOf(150, range(100, 150)),
    [100, 50, 0],
  ],
  ['takes the share that is asked for', 'percentageOfNodesToScore: 50', nodesOf(300), [150, 0, 150]],
  ['lets the number of nodes decide where zero is given', 'percentageOfNodesToScore: 0', nodesOf(400), [188, 0, 188]],
  [
    'goes by the profile, zero too',
    'percentageOfNodesToScore: 100\nprofiles: [{percentageOfNodesToScore: 0}]',
    nodesOf(400),
    [188, 0, 188],
  ],
  [
    'takes the first node where nothing scores',
    `percentageOfNodesToScore: 5\nprofiles: [{plugins: ${NO_SCORES}}]`,
    nodesOf(150, [0, 2]),
    [1, 2, 3],
  ],
  [
    'takes the first nodes where nothing filters',
    `percentageOfNodesToScore: 5\nprofiles: [{plugins: ${NO_FILTERS}}]`,
    nodesOf(150, [0, 2]),
    [100, 0, 100],
  ],
] as const)
  search(situation, () => {
    const [feasible, refused, next] = want;
    assert.equal(look(schedulerOf(yaml, nodes), makePod('p')), { feasible, refused, next });
  });

search('goes on for a pod of one profile where it ended for a pod of another', () => {
  const profiles =
    'profiles: [{schedulerName: a, percentageOfNodesToScore: 1}, {schedulerName: b, percentageOfNodesToScore: 50}]';
  const state = schedulerOf(profiles, nodesOf(250, [110, 225]));
  const nexts = ['a', 'b', 'a'].map((schedulerName, i) => look(state, makePod(`p${i}`).spec({ schedulerName })).next);
  assert.equal(nexts, [100, 227, 77]);
});

search('goes on where it was when all nodes have been looked at, of however many there still are', () => {
  const state = schedulerOf('percentageOfNodesToScore: 5', nodesOf(150));
  assert.is(look(state, makePod('p')).next, 100);
  for (const number of range(90, 150)) state.cache.removeNode(`n${String(number).padStart(3, '0')}`);
  const { fast, search: how } = state.profileOf(makePod('q').info())!;
  assert.is(fast.schedule(makePod('q').info(), 5, how.rotation)?.outcome.kind, 'scheduled');
  assert.is(how.rotation.nextStartNodeIndex, 10);
  const promised = makePod('r').status({ nominatedNodeName: 'n003' }).info();
  how.rotation.nextStartNodeIndex = 95;
  assert.equal(fast.schedule(promised, 5, how.rotation)?.outcome, { kind: 'scheduled', node: 'n003' });
  assert.is(how.rotation.nextStartNodeIndex, 95);
});

search('goes on behind the nodes that it had come to when a node failed', () => {
  const plugins = '{preFilter: {disabled: [{name: NodePorts}]}}';
  const state = schedulerOf(`percentageOfNodesToScore: 5\nprofiles: [{plugins: ${plugins}}]`, nodesOf(150, [0, 1]));
  const message = 'running "NodePorts" filter plugin: reading "PreFilterNodePorts" from cycleState: not found';
  assert.equal(look(state, makePod('p')), { feasible: 0, refused: 2, next: 2, message });
});

search('tells what refused the promised node among what keeps the pod to some nodes', () => {
  const nodes = nodesOf(120, [7, 8]);
  const terms = [7, 8].map((i) => ({ matchFields: [{ key: 'metadata.name', operator: 'In', values: [`n00${i}`] }] }));
  const pod = makePod('p')
    .spec({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
    })
    .status({ nominatedNodeName: 'n007' });
  const { message = '' } = look(schedulerOf('percentageOfNodesToScore: 5', nodes), pod);
  assert.match(message, "118 node(s) didn't satisfy plugin(s) [NodeAffinity TaintToleration]");
});

search.run();
