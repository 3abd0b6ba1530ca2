// Plugins of which a configuration turns off the extension point at which they prepare themselves. The verdicts are those of
// kube-scheduler v1.36.3 with the same configuration.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decidePod } from '../../../../src/planner/scheduler/explain/decision.ts';
import { DEFAULT_PROFILE, type Profile } from '../../../../src/planner/scheduler/profile/profile.ts';
import { makeNode, makePod } from '../builders.ts';
import { clusterOf, scores, verdicts } from '../verdicts.ts';

const unprepared = suite('plugins that could not prepare themselves');

const NODES = [makeNode('a').labels({ disk: 'ssd' }), makeNode('b')];

function without(point: 'preFilter' | 'preScore', name: string): Profile {
  const set = { enabled: [], disabled: [{ name }] };
  return { ...DEFAULT_PROFILE, plugins: { ...DEFAULT_PROFILE.plugins, [point]: set } };
}

for (const [name, message] of [
  ['NodePorts', 'reading "PreFilterNodePorts" from cycleState: not found'],
  ['NodeResourcesFit', 'error reading "PreFilterNodeResourcesFit" from cycleState: not found'],
  ['InterPodAffinity', 'error reading "PreFilterInterPodAffinity" from cycleState: not found'],
  ['PodTopologySpread', 'reading "PreFilterPodTopologySpread" from cycleState: not found'],
  ['VolumeRestrictions', 'cannot read "PreFilterVolumeRestrictions" from cycleState'],
  ['VolumeBinding', 'not found'],
  ['NodeDeclaredFeatures', 'error reading "PreFilterNodeDeclaredFeatures" from cycle-state: not found'],
] as const)
  unprepared(`${name} without its PreFilter fails at every node`, () => {
    const found = verdicts(NODES, makePod('p'), without('preFilter', name));
    assert.equal(found, { '*': `running "${name}" filter plugin: ${message}` });
  });

for (const [name, message] of [
  ['InterPodAffinity', 'failed to read "PreScoreInterPodAffinity" from cycleState: not found'],
  ['PodTopologySpread', 'error reading "PreScorePodTopologySpread" from cycleState: not found'],
  ['TaintToleration', 'failed to read "PreScoreTaintToleration" from cycleState: not found'],
] as const)
  unprepared(`${name} without its PreScore cannot score`, () => {
    const { framework } = clusterOf(NODES, without('preScore', name));
    const decision = decidePod(framework, makePod('p').info());
    assert.is(decision.message, `running Score plugins: plugin "${name}" failed with: ${message}`);
  });

unprepared('DynamicResources cannot score what its PreFilter would have found', () => {
  const off = without('preFilter', 'DynamicResources');
  const profile = {
    ...off,
    plugins: { ...off.plugins, filter: { enabled: [], disabled: [{ name: 'DynamicResources' }] } },
  };
  const decision = decidePod(clusterOf(NODES, profile).framework, makePod('p').info());
  assert.is(decision.message, 'running Score plugins: plugin "DynamicResources" failed with: not found');
});

unprepared('NodeAffinity reads the terms of the pod again where it could not prepare itself', () => {
  const preference = { matchExpressions: [{ key: 'disk', operator: 'Exists' }] };
  const pod = makePod('p').spec({
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference }] } },
  });
  assert.equal(scores('NodeAffinity', NODES, pod, without('preScore', 'NodeAffinity')), { a: 200, b: 0 });
});

unprepared('is left to the plain path', () => {
  for (const profile of [without('preFilter', 'VolumeBinding'), without('preScore', 'TaintToleration')]) {
    assert.is(clusterOf(NODES, profile).fast.schedule(makePod('p').info(), 100), undefined);
  }
});

unprepared.run();
