import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { taintEvictionController } from '../../../../src/planner/controllers/tainteviction/tainteviction.ts';
import { podKubelet } from '../../../../src/planner/kubelet/kubelet.ts';
import { type SmallCluster, START, smallCluster } from '../../kubelet/small-cluster.ts';

const TAINT = { key: 'maint', value: 'yes', effect: 'NoExecute' };
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };
const pod = (name: string, tolerations: readonly unknown[] = []) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { nodeName: 'n1', containers: [], tolerations },
});
const names = (cluster: SmallCluster) => cluster.list('pods').map(({ metadata }) => metadata.name);
const taint = (cluster: SmallCluster, taints: readonly unknown[]) =>
  cluster.change('nodes', 'n1', { spec: { taints } });

const eviction = suite('taint eviction');

eviction('at once, after a while, never', () => {
  const cluster = smallCluster([taintEvictionController, podKubelet]);
  const forever = { key: 'maint', operator: 'Exists' };
  cluster.create(node, pod('plain'), pod('brave', [forever]), pod('timed', [{ ...forever, tolerationSeconds: 8 }]));
  cluster.settle();
  taint(cluster, [TAINT]);
  cluster.engine.advance(1000);
  assert.equal(names(cluster), ['brave', 'timed']);
  cluster.engine.advance(7000);
  assert.equal(names(cluster), ['brave']);
  assert.equal(cluster.events(), [
    'Pod plain Normal TaintManagerEviction: Marking for deletion Pod default/plain',
    'Pod timed Normal TaintManagerEviction: Marking for deletion Pod default/timed',
  ]);
});

eviction('a taint that goes in time cancels', () => {
  const cluster = smallCluster([taintEvictionController, podKubelet]);
  cluster.create(node, pod('timed', [{ key: 'maint', operator: 'Exists', tolerationSeconds: 8 }]));
  cluster.settle();
  taint(cluster, [TAINT]);
  cluster.engine.advance(5000);
  taint(cluster, []);
  cluster.engine.advance(60_000);
  assert.equal(names(cluster), ['timed']);
  assert.equal(cluster.events(), ['Pod timed Normal TaintManagerEviction: Cancelling deletion of Pod default/timed']);
});

eviction('a pod that goes and is made anew at once leaves nothing planned', () => {
  const cluster = smallCluster([taintEvictionController, podKubelet]);
  const timed = pod('timed', [{ key: 'maint', operator: 'Exists', tolerationSeconds: 8 }]);
  cluster.create(node, timed);
  cluster.settle();
  taint(cluster, [TAINT]);
  cluster.engine.advance(5000);
  cluster.user.delete('pods', { namespace: 'default', name: 'timed' }, { gracePeriodSeconds: 0 });
  cluster.create(timed);
  cluster.engine.advance(7000);
  assert.equal(names(cluster), ['timed']);
  assert.equal(cluster.events(), ['Pod timed Normal TaintManagerEviction: Cancelling deletion of Pod default/timed']);
});

eviction('the time runs from the first taint on, a second one does not extend it', () => {
  const cluster = smallCluster([taintEvictionController, podKubelet]);
  cluster.create(node, pod('timed', [{ operator: 'Exists', tolerationSeconds: 8 }]));
  cluster.settle();
  taint(cluster, [TAINT]);
  cluster.engine.advance(5000);
  taint(cluster, [TAINT, { ...TAINT, key: 'other' }]);
  cluster.engine.advance(3500);
  assert.equal(names(cluster), []);
});

eviction('a pod that is bound to a tainted node goes too', () => {
  const cluster = smallCluster([taintEvictionController, podKubelet]);
  cluster.create({ ...node, spec: { taints: [TAINT] } } as never);
  cluster.settle();
  cluster.create(pod('late'));
  cluster.settle();
  assert.equal(names(cluster), []);
});

const ago = (seconds: number): string => new Date(START - seconds * 1000).toISOString().replace('.000', '');
const tolerated = { key: 'maint', operator: 'Exists', tolerationSeconds: 300 };
const LONG_AGO = { startTime: ago(2000) };
for (const [situation, taints, times, seconds] of [
  ['tainted 100 s ago', [{ ...TAINT, timeAdded: ago(100) }], LONG_AGO, 200],
  ['tainted longer ago than it tolerates', [{ ...TAINT, timeAdded: ago(400) }], LONG_AGO, 0],
  ['tainted before the pod came', [{ ...TAINT, timeAdded: ago(1000) }], { startTime: ago(50) }, 250],
  [
    'tainted before the pod was bound, as its condition tells',
    [{ ...TAINT, timeAdded: ago(1000) }],
    { startTime: ago(900), conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: ago(20) }] },
    280,
  ],
  ['tainted nobody knows when', [TAINT], LONG_AGO, 300],
  [
    'tainted twice: the first taint counts',
    [
      { ...TAINT, timeAdded: ago(50) },
      { ...TAINT, key: 'other', timeAdded: ago(100) },
    ],
    LONG_AGO,
    200,
  ],
] as const)
  eviction(`a described pod on a node ${situation} goes after ${seconds} s`, () => {
    const described = { ...pod('timed', [tolerated, { ...tolerated, key: 'other' }]), status: times };
    const tainted = { ...node, spec: { taints } };
    const cluster = smallCluster([taintEvictionController, podKubelet], {}, [tainted, described] as never);
    if (seconds > 0) {
      cluster.engine.advance(seconds * 1000 - 1000);
      assert.equal(names(cluster), ['timed']);
    }
    cluster.engine.advance(1500);
    assert.equal(names(cluster), []);
  });
eviction.run();
