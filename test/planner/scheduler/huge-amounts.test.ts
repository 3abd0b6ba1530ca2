// What kube-scheduler v1.36.3 decides where amounts are beyond 2^53 and sums beyond 2^63: huge-amounts.jsonl holds its answers for
// some of the clusters of huge-clusters.ts, each of which came out the same four times.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCase } from '../../../scripts/conformance/scheduling.ts';
import { StaticCluster } from '../../../src/planner/scheduler/explain/static-cluster.ts';
import { PodInfo } from '../../../src/planner/scheduler/framework/pod-info.ts';
import { schedulePod, searchOfAllNodes } from '../../../src/planner/scheduler/schedule-one.ts';
import type { Pod } from '../../../src/schema/generated/types/core-v1.ts';
import { hugeCluster } from './huge-clusters.ts';

interface Recording {
  readonly seed: number;
  readonly pods: readonly unknown[];
}

const huge = suite('huge amounts');

const lines = readFileSync(fileURLToPath(new URL('./huge-amounts.jsonl', import.meta.url)), 'utf8')
  .trim()
  .split('\n');

for (const line of lines) {
  const { seed, pods } = JSON.parse(line) as Recording;
  huge(`cluster ${seed} is decided as recorded`, () => {
    assert.equal(runCase(hugeCluster(seed)), pods);
  });
}

huge('the fast path decides as the plain path does', () => {
  let decided = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
      const { objects, pending } = hugeCluster(seed);
      const cluster = new StaticCluster(objects.map((object, i) => named(object as Pod, `bound-${i}`)));
      for (const [i, pod] of pending.entries()) {
        const info = new PodInfo(named(pod, `pending-${i}`));
        const plain = schedulePod(cluster.framework, info, searchOfAllNodes());
        const fast = cluster.fast.schedule(info, 100);
        if (fast) {
          decided += 1;
          assert.equal(fast.outcome, plain.outcome, `seed ${seed}: ${info.name}`);
        }
        if (plain.outcome.kind === 'scheduled') cluster.place(info, plain.outcome.node);
      }
    }),
    { numRuns: 300, seed: 1 },
  );
  assert.ok(decided > 300, `only ${decided} decided by the fast path`);
});

function named(pod: Pod, uid: string): Pod {
  return { ...pod, metadata: { uid, ...pod.metadata } };
}

huge.run();
