import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StaticCluster } from '../../../../src/planner/scheduler/explain/static-cluster.ts';
import { PodInfo } from '../../../../src/planner/scheduler/framework/pod-info.ts';
import { DEFAULT_PROFILE, type Profile } from '../../../../src/planner/scheduler/profile/profile.ts';
import {
  type SchedulingResult,
  schedulePod,
  searchOfAllNodes,
} from '../../../../src/planner/scheduler/schedule-one.ts';
import type { Pod, Volume } from '../../../../src/schema/generated/types/core-v1.ts';
import { makeNode, makePod } from '../builders.ts';
import {
  podOf,
  type Random,
  random,
  randomBudgets,
  randomNode,
  randomTemplate,
  surroundings,
} from '../random-cluster.ts';
import { randomVolumes } from '../random-volumes.ts';
import { claim, DRIVER, volume } from '../storage-objects.ts';

const fast = suite('fast path');

interface Tally {
  scheduled: number;
  failed: number;
  preempting: number;
  withVolumes: number;
  /** Pods with volumes that preempt. */
  preemptingWithVolumes: number;
  left: number;
}

const MAY_BE_MISSING = [
  'NodeResourcesFit',
  'TaintToleration',
  'NodeAffinity',
  'NodePorts',
  'PodTopologySpread',
  'InterPodAffinity',
  'NodeResourcesBalancedAllocation',
  'VolumeBinding',
  'NodeVolumeLimits',
];

/** The default profile less a plugin. */
function without(plugin: string): Profile {
  const { plugins } = DEFAULT_PROFILE;
  const enabled = plugins.multiPoint.enabled.filter(({ name }) => name !== plugin);
  return { ...DEFAULT_PROFILE, plugins: { ...plugins, multiPoint: { ...plugins.multiPoint, enabled } } };
}

/** Schedules pods, removes some, lets some end and nodes change; at each step both paths must agree. */
function compare(seed: number, steps: number, size: number, tally: Tally): void {
  const r = random(seed);
  const nodes = Array.from({ length: r.int(1, r.chance(0.5) ? 2 : size) }, (_, i) =>
    randomNode(r, `node-${String(i).padStart(3, '0')}`),
  );
  const templates = Array.from({ length: 5 }, () => randomTemplate(r));
  const volumes = randomVolumes(r, nodes, steps);
  const profile = seed % 4 === 0 ? without(MAY_BE_MISSING[(seed / 4) % MAY_BE_MISSING.length]!) : DEFAULT_PROFILE;
  const cluster = new StaticCluster([...surroundings(r), ...nodes, ...volumes.objects], { profile });
  const placed: PodInfo[] = [];
  const waiting: PodInfo[] = [];
  for (let step = 0; step < steps; step++) {
    disturb(r, cluster, nodes.length, placed);
    const pod = waiting.length > 0 && r.chance(0.3) ? waiting.pop()! : newPod(r, templates, volumes.podVolumes, step);
    const result = cluster.fast.schedule(pod, 100);
    const totals = cluster.fast.totals(pod);
    const plain = schedulePod(cluster.framework, pod, searchOfAllNodes(), { alwaysScore: true });
    const what = `seed ${seed} step ${step}: ${JSON.stringify(pod.pod)}`;
    if (result) {
      assert.equal(outcomeOf(result), outcomeOf(plain), what);
      count(tally, result, pod);
    } else tally.left += 1;
    if (totals && plain.scores)
      assert.equal(
        Object.fromEntries(totals),
        Object.fromEntries(plain.scores.map(({ name, total }) => [name, total])),
        what,
      );
    follow(plain, pod, cluster, placed, waiting);
  }
}

function newPod(
  r: Random,
  templates: readonly ReturnType<typeof randomTemplate>[],
  podVolumes: (step: number) => readonly Volume[],
  step: number,
): PodInfo {
  const { metadata, spec } = r.pick(templates);
  const volumes = r.chance(0.25) ? podVolumes(step) : [];
  return new PodInfo(podOf({ metadata, spec: { ...spec, ...(volumes.length > 0 ? { volumes } : {}) } }, `pod-${step}`));
}

/** Does what the scheduler does after a decision, in short. */
function follow(
  { outcome, state }: SchedulingResult,
  pod: PodInfo,
  cluster: StaticCluster,
  placed: PodInfo[],
  waiting: PodInfo[],
): void {
  if (outcome.kind === 'scheduled') {
    const bound = new PodInfo({ ...pod.pod, spec: { ...pod.spec, nodeName: outcome.node } });
    cluster.nominator.delete(pod.uid);
    cluster.framework.runReservePlugins(state, pod, outcome.node);
    cluster.cache.addPod(bound, outcome.node);
    placed.push(bound);
  }
  if (outcome.kind !== 'unschedulable' || !outcome.nominatingInfo) return;
  const { nominatedNodeName } = outcome.nominatingInfo;
  for (const victim of outcome.victims ?? []) {
    cluster.cache.removePod(victim.uid);
    placed.splice(
      placed.findIndex(({ uid }) => uid === victim.uid),
      1,
    );
  }
  cluster.nominator.add(pod, outcome.nominatingInfo);
  if (nominatedNodeName) waiting.push(new PodInfo({ ...pod.pod, status: { nominatedNodeName } }));
}

function outcomeOf({ outcome }: SchedulingResult): unknown {
  if (outcome.kind !== 'unschedulable' || !outcome.victims) return outcome;
  return { ...outcome, victims: outcome.victims.map(({ uid }) => uid) };
}

function count(tally: Tally, { outcome }: SchedulingResult, { spec }: PodInfo): void {
  if (outcome.kind === 'scheduled') tally.scheduled += 1;
  else tally.failed += 1;
  if (outcome.kind === 'unschedulable' && outcome.victims?.length) tally.preempting += 1;
  if (outcome.kind === 'scheduled' && spec.volumes?.length) tally.withVolumes += 1;
  if (outcome.kind === 'unschedulable' && outcome.victims?.length && spec.volumes?.length)
    tally.preemptingWithVolumes += 1;
}

function disturb(r: Random, cluster: StaticCluster, nodes: number, placed: PodInfo[]): void {
  if (placed.length > 0 && r.chance(0.2)) {
    const [gone] = placed.splice(r.int(0, placed.length - 1), 1);
    cluster.cache.removePod(gone!.uid);
  }
  if (placed.length > 0 && r.chance(0.2)) {
    const at = r.int(0, placed.length - 1);
    const { pod } = placed[at]!;
    const changed = r.chance(0.5)
      ? { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }
      : { ...pod, status: { ...pod.status, startTime: `2026-01-01T00:00:0${r.int(0, 9)}Z` } };
    const info = new PodInfo(changed);
    cluster.cache.updatePod(info, pod.spec.nodeName!);
    placed[at] = info;
  }
  if (r.chance(0.05)) cluster.cache.setNode(randomNode(r, `node-${String(r.int(0, nodes)).padStart(3, '0')}`));
  if (r.chance(0.05)) {
    const important = podOf(randomTemplate(r), `nominated-${r.int(0, 3)}`);
    const nominatedNodeName = `node-${String(r.int(0, nodes - 1)).padStart(3, '0')}`;
    cluster.nominator.add(new PodInfo({ ...important, status: { nominatedNodeName } }));
  }
}

fast('decides as the plain path does, whatever the cluster and its history', () => {
  const tally: Tally = { scheduled: 0, failed: 0, preempting: 0, withVolumes: 0, preemptingWithVolumes: 0, left: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => compare(seed, 25, 12, tally)),
    { numRuns: 300, seed: 1 },
  );
  assert.ok(tally.scheduled > 800, `only ${tally.scheduled} scheduled by the fast path`);
  assert.ok(tally.failed > 300, `only ${tally.failed} failures explained by the fast path`);
  assert.ok(tally.preempting > 30, `only ${tally.preempting} preemptions by the fast path`);
  assert.ok(tally.withVolumes > 30, `only ${tally.withVolumes} pods with volumes`);
});

fast('decides as the plain path does where many nodes are alike', () => {
  const tally: Tally = { scheduled: 0, failed: 0, preempting: 0, withVolumes: 0, preemptingWithVolumes: 0, left: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => compare(seed, 60, 90, tally)),
    { numRuns: 12, seed: 2 },
  );
  assert.ok(tally.scheduled > 250, `only ${tally.scheduled} scheduled by the fast path`);
});

/** A pod that nothing but room and taints keeps off a node. */
function unrelated(r: Random, cpu: string, priority: number): ReturnType<typeof randomTemplate> {
  const { metadata, spec } = randomTemplate(r);
  const { affinity: _affinity, topologySpreadConstraints: _constraints, ...rest } = spec;
  const large = { name: 'large', image: 'x', resources: { requests: { cpu } } };
  return { metadata, spec: { ...rest, containers: [...(spec.containers ?? []), large], priority } };
}

/** More nodes than are tried, all full: which are tried, and which is the cheapest, is found block by block. */
function compareCrowded(seed: number, tally: Tally): void {
  const r = random(seed);
  const steps = 40;
  const nodes = Array.from({ length: r.int(101, 180) }, (_, i) => randomNode(r, `node-${String(i).padStart(3, '0')}`));
  const templates = Array.from({ length: 3 }, () => unrelated(r, `${r.int(1, 3)}`, r.pick([10, 20])));
  const volumes = randomVolumes(r, r.chance(0.5) ? nodes : [], steps);
  const args = { minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: [100, 2, 20, 100][seed % 4]! };
  const profile = { ...DEFAULT_PROFILE, args: { ...DEFAULT_PROFILE.args, DefaultPreemption: args } };
  const objects = [...surroundings(r), ...nodes, ...volumes.objects, ...randomBudgets(r)];
  const cluster = new StaticCluster(objects, { profile });
  const placed: PodInfo[] = [];
  const waiting: PodInfo[] = [];
  for (const { metadata } of nodes)
    for (let i = r.int(1, 3); i > 0; i--) {
      const filler = podOf(unrelated(r, '8', r.int(0, 1)), `${metadata.name}-${i}`);
      const started = r.chance(0.8) ? { startTime: `2026-01-01T00:00:0${r.int(0, 9)}Z` } : {};
      const info = new PodInfo({
        ...filler,
        spec: { ...filler.spec, nodeName: metadata.name },
        status: started,
      } as Pod);
      cluster.cache.addPod(info, metadata.name ?? '');
      placed.push(info);
    }
  for (let step = 0; step < steps; step++) {
    disturb(r, cluster, nodes.length, placed);
    const pod = waiting.length > 0 && r.chance(0.3) ? waiting.pop()! : newPod(r, templates, volumes.podVolumes, step);
    const result = cluster.fast.schedule(pod, 100);
    const plain = schedulePod(cluster.framework, pod, searchOfAllNodes());
    if (result) {
      assert.equal(outcomeOf(result), outcomeOf(plain), `seed ${seed} step ${step}: ${JSON.stringify(pod.pod)}`);
      count(tally, result, pod);
    } else tally.left += 1;
    follow(plain, pod, cluster, placed, waiting);
  }
}

fast('evicts the pods that the plain path evicts where most nodes are full', () => {
  const tally: Tally = { scheduled: 0, failed: 0, preempting: 0, withVolumes: 0, preemptingWithVolumes: 0, left: 0 };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => compareCrowded(seed, tally)),
    { numRuns: 8, seed: 1 },
  );
  assert.ok(tally.preempting > 80, `only ${tally.preempting} preemptions by the fast path`);
  assert.ok(tally.preemptingWithVolumes > 10, `only ${tally.preemptingWithVolumes} with volumes`);
});

fast('leaves pods with claims of devices to the plain path', () => {
  const r = random(7);
  const cluster = new StaticCluster([randomNode(r, 'a'), ...surroundings(r)]);
  const { metadata, spec } = randomTemplate(r);
  const resourceClaims = [{ name: 'gpu', resourceClaimName: 'gpu' }];
  assert.is(
    cluster.fast.schedule(new PodInfo(podOf({ metadata, spec: { ...spec, resourceClaims } }, 'p')), 100),
    undefined,
  );
});

fast('takes a node without the extended resource where the profile does not look at room', () => {
  const profile = without('NodeResourcesFit');
  const cluster = new StaticCluster([makeNode('a').build(), makeNode('b').build()], { profile });
  const pod = makePod('p').requests({ 'example.com/gpu': '1' }).info();
  assert.equal(cluster.fast.schedule(pod, 100)?.outcome, { kind: 'scheduled', node: 'a' });
});

fast('leaves it to the plain path to find a node that fails over a volume of some pod', () => {
  const csiNode = (name: string, count: number) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name },
    spec: { drivers: [{ name: 'disk.csi.azure.com', nodeID: name, allocatable: { count } }] },
  });
  const azure = (kind: string) => ({ name: 'v', azureDisk: { diskName: 'd', diskURI: `u-${kind}`, kind } });
  const nodes = ['a', 'b', 'c'].map((name) => makeNode(name).build());
  const there = (kind: string) =>
    makePod('there')
      .requests({ cpu: '2' })
      .spec({ volumes: [azure(kind)] })
      .on('b');
  const newcomer = makePod('p')
    .spec({ volumes: [azure('Managed')] })
    .info();
  const outcome = (kind: string) => {
    const cluster = new StaticCluster([
      ...nodes,
      ...nodes.map(({ metadata }) => csiNode(metadata.name ?? '', 5)),
      there(kind).build(),
    ]);
    const plain = schedulePod(cluster.framework, newcomer, searchOfAllNodes()).outcome;
    const quick = cluster.fast.schedule(newcomer, 100)?.outcome;
    return [plain.kind, quick?.kind];
  };
  assert.equal(outcome('Managed'), ['scheduled', 'scheduled']);
  assert.equal(outcome('Shared'), ['error', undefined]);
});

fast('leaves it to the plain path to find a node that fails over a claim that is not for its pod', () => {
  const csiNode = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name: 'b' },
    spec: { drivers: [{ name: DRIVER, nodeID: 'b', allocatable: { count: 5 } }] },
  };
  const ephemeral = { volumeClaimTemplate: { metadata: {}, spec: { accessModes: ['ReadWriteOnce'], resources: {} } } };
  const there = makePod('there')
    .requests({ cpu: '2' })
    .spec({ volumes: [{ name: 'v', ephemeral }] })
    .on('b');
  const newcomer = makePod('p')
    .spec({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] })
    .info();
  const claimRef = { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'c', uid: 'uid-c' };
  const outcomes = (owner: string | undefined) => {
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'there', uid: `uid-${owner}`, controller: true }];
    const theirs = owner ? [claim('there-v', {}, { ownerReferences })] : [];
    const mine = [
      claim('c', { volumeName: 'v-c', storageClassName: '' }),
      volume('v-c', { claimRef, csi: { driver: DRIVER, volumeHandle: 'h' } }),
    ];
    const nodes = ['a', 'b', 'c'].map((name) => makeNode(name).build());
    const cluster = new StaticCluster([...nodes, csiNode, ...mine, ...theirs, there.build()]);
    const plain = schedulePod(cluster.framework, newcomer, searchOfAllNodes()).outcome;
    return [plain.kind, cluster.fast.schedule(newcomer, 100)?.outcome.kind];
  };
  assert.equal(outcomes('there'), ['scheduled', 'scheduled']);
  assert.equal(outcomes(undefined), ['scheduled', 'scheduled']);
  assert.equal(outcomes('somebody'), ['error', undefined]);
});

fast('leaves pods with volumes to the plain path where a node is promised to somebody', () => {
  const csiNode = (name: string) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name },
    spec: { drivers: [{ name: DRIVER, nodeID: name, allocatable: { count: 1 } }] },
  });
  const bound = (name: string) => {
    const claimRef = { kind: 'PersistentVolumeClaim', namespace: 'default', name, uid: `uid-${name}` };
    return [claim(name, { volumeName: `v-${name}`, storageClassName: '' }), volume(`v-${name}`, { claimRef })];
  };
  const mounting = (name: string) =>
    makePod(name).spec({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: `c-${name}` } }] });
  const cluster = new StaticCluster([makeNode('a').build(), csiNode('a'), ...bound('c-p'), ...bound('c-q')]);
  const pod = mounting('p').info();
  assert.is(cluster.fast.schedule(pod, 100)?.outcome.kind, 'scheduled');
  cluster.nominator.add(mounting('q').status({ nominatedNodeName: 'a' }).info());
  assert.is(schedulePod(cluster.framework, pod, searchOfAllNodes()).outcome.kind, 'unschedulable');
  assert.is(cluster.fast.schedule(pod, 100), undefined);
});

fast.run();
