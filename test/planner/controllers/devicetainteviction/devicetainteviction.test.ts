// What kube-controller-manager v1.36.3 made of pods whose devices were tainted (recordings), and what takes its time.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { deviceTaintEvictionController } from '../../../../src/planner/controllers/devicetainteviction/devicetainteviction.ts';
import { podKubelet } from '../../../../src/planner/kubelet/kubelet.ts';
import type { World } from '../../../../src/planner/world.ts';
import type { Event } from '../../../../src/schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../../../src/schema/generated/types/resource-v1.ts';
import { START, smallCluster } from '../../kubelet/small-cluster.ts';
import { byText, play, type Recording } from '../../scheduler/pod-groups/play.ts';

interface Outcome {
  readonly pods: readonly unknown[];
  /** Name or what it was made from, whether it has devices, how many it is reserved for. */
  readonly claims: readonly unknown[];
  readonly events: readonly unknown[];
}

const recordings = suite('evictions for taints of devices');
for (const line of readFileSync(fileURLToPath(new URL('./recordings.jsonl', import.meta.url)), 'utf8')
  .trim()
  .split('\n')) {
  const recording = JSON.parse(line) as Recording<Outcome>;
  recordings(recording.title, () => assert.equal(outcomeOf(play(recording)), recording.want));
}

function outcomeOf({ store }: World): Outcome {
  const claims = store.list('resourceclaims.resource.k8s.io', 'default') as readonly ResourceClaim[]; // claims are filed there
  const events = store.list('events', 'default') as readonly Event[];
  const told = events
    .filter(({ reason }) => reason === 'DeviceTaintManagerEviction')
    .map(({ involvedObject, reason, message }) => JSON.stringify([involvedObject.kind, reason, message]));
  return {
    pods: store.list('pods', 'default').map(({ metadata }) => metadata.name),
    claims: claims
      .map(({ metadata, status }) => [
        metadata.generateName ?? metadata.name,
        status.allocation !== undefined,
        status.reservedFor?.length ?? 0,
      ])
      .sort(byText),
    events: [...new Set(told)].sort().map((text) => JSON.parse(text) as unknown),
  };
}

const ago = (seconds: number): string => new Date(START - seconds * 1000).toISOString().replace('.000', '');
const slice = (generation: number, taints: readonly object[]) => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceSlice',
  metadata: { name: `s${generation}` },
  spec: {
    driver: 'd',
    pool: { name: 'p', generation, resourceSliceCount: 1 },
    nodeName: 'n1',
    devices: [{ name: 'd0', taints }],
  },
});
const TAINT = { key: 'bad', effect: 'NoExecute', timeAdded: ago(40) };
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: { nodeName: 'n1', containers: [], resourceClaims: [{ name: 'c', resourceClaimName: 'c' }] },
};
const CLAIM = {
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaim',
  metadata: { name: 'c', namespace: 'default' },
  spec: { devices: {} },
};
const toleration = { key: 'bad', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 100 };
const result = { request: 'r', driver: 'd', pool: 'p', device: 'd0', tolerations: [toleration] };

/** A pod with the device of a slice whose taint, 40 s old, its claim tolerates for 100 s. */
function tainted() {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };
  const cluster = smallCluster([deviceTaintEvictionController, podKubelet], {}, [node, POD, CLAIM, slice(1, [TAINT])]);
  const { uid } = cluster.list('pods')[0]!.metadata;
  const status = {
    reservedFor: [{ resource: 'pods', name: 'p', uid }],
    allocation: { devices: { results: [result] } },
  };
  cluster.change('resourceclaims.resource.k8s.io', 'c', { status }, 'default', 'status');
  return cluster;
}
const namesIn = (cluster: ReturnType<typeof tainted>) => cluster.list('pods').map(({ metadata }) => metadata.name);

recordings('a taint that is tolerated for 100 s and was added 40 s ago: the pod goes after 60 s', () => {
  const cluster = tainted();
  cluster.engine.advance(59_000);
  assert.equal(namesIn(cluster), ['p']);
  cluster.engine.advance(2_000);
  assert.equal(namesIn(cluster), []);
  assert.equal(cluster.events(), ['Pod p Normal DeviceTaintManagerEviction: Marking for deletion']);
});

recordings('slices of a newer generation take the taint away in time: the pod stays', () => {
  const cluster = tainted();
  cluster.engine.advance(30_000);
  cluster.create(slice(2, []));
  cluster.engine.advance(100_000);
  assert.equal(namesIn(cluster), ['p']);
  assert.equal(cluster.events(), ['Pod p Normal DeviceTaintManagerEviction: Cancelling deletion']);
});

recordings.run();
