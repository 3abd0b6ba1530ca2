import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decidePod } from '../../../../src/planner/scheduler/explain/decision.ts';
import { StaticCluster } from '../../../../src/planner/scheduler/explain/static-cluster.ts';
import { PodInfo } from '../../../../src/planner/scheduler/framework/pod-info.ts';
import { podOf, type Random, random, randomNode, randomTemplate, surroundings } from '../random-cluster.ts';

const fast = suite('fast path');

/** Schedules pods, removes some, lets some end and nodes change; at each step both paths must agree. */
function compare(seed: number, steps: number, size: number): { readonly decided: number; readonly left: number } {
  const r = random(seed);
  const nodes = Array.from({ length: r.int(1, size) }, (_, i) => randomNode(r, `node-${String(i).padStart(3, '0')}`));
  const cluster = new StaticCluster([...surroundings(r), ...nodes]);
  const templates = Array.from({ length: 5 }, () => randomTemplate(r));
  const placed: PodInfo[] = [];
  let decided = 0;
  let left = 0;
  for (let step = 0; step < steps; step++) {
    disturb(r, cluster, nodes.length, placed);
    const pod = new PodInfo(podOf(r.pick(templates), `pod-${step}`));
    const choice = cluster.fast.choose(pod, 100);
    const totals = cluster.fast.totals(pod);
    const decision = decidePod(cluster.framework, pod);
    if (choice === undefined) left += 1;
    else {
      decided += 1;
      assert.is(choice, decision.node, `seed ${seed} step ${step}: node of ${JSON.stringify(pod.spec)}`);
    }
    if (totals) {
      const expected = new Map(
        decision.nodes.filter(({ status }) => status === 'Success').map(({ node, total }) => [node, total]),
      );
      assert.equal(
        Object.fromEntries(totals),
        Object.fromEntries(expected),
        `seed ${seed} step ${step}: ${JSON.stringify(pod.spec)}`,
      );
    }
    if (decision.node) {
      const bound = new PodInfo({ ...pod.pod, spec: { ...pod.spec, nodeName: decision.node } });
      cluster.cache.addPod(bound, decision.node);
      placed.push(bound);
    }
  }
  return { decided, left };
}

function disturb(r: Random, cluster: StaticCluster, nodes: number, placed: PodInfo[]): void {
  if (placed.length > 0 && r.chance(0.2)) {
    const [gone] = placed.splice(r.int(0, placed.length - 1), 1);
    cluster.cache.removePod(gone!.uid);
  }
  if (placed.length > 0 && r.chance(0.1)) {
    const at = r.int(0, placed.length - 1);
    const { pod } = placed[at]!;
    const ending = new PodInfo({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
    cluster.cache.updatePod(ending, pod.spec.nodeName!);
    placed[at] = ending;
  }
  if (r.chance(0.05)) cluster.cache.setNode(randomNode(r, `node-${String(r.int(0, nodes)).padStart(3, '0')}`));
  if (r.chance(0.05)) {
    const important = podOf(randomTemplate(r), `nominated-${r.int(0, 3)}`);
    const nominatedNodeName = `node-${String(r.int(0, nodes - 1)).padStart(3, '0')}`;
    cluster.nominator.add(new PodInfo({ ...important, status: { nominatedNodeName } }));
  }
}

fast('decides as the plain path does, whatever the cluster and its history', () => {
  let decided = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
      decided += compare(seed, 25, 12).decided;
    }),
    { numRuns: 300, seed: 1 },
  );
  assert.ok(decided > 800, `only ${decided} decided by the fast path`);
});

fast('leaves pods with claims to the plain path', () => {
  const r = random(7);
  const cluster = new StaticCluster([randomNode(r, 'a'), ...surroundings(r)]);
  const { metadata, spec } = randomTemplate(r);
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }];
  assert.is(cluster.fast.choose(new PodInfo(podOf({ metadata, spec: { ...spec, volumes } }, 'p')), 100), undefined);
});

fast.run();
