// A described cluster whose objects nobody reads again: they are let go of, and the plan is the same.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseManifests } from '../../../src/manifests/manifest.ts';
import { makePlan } from '../../../src/planner/make-plan.ts';
import { loadParts } from '../../../src/planner/parts.ts';

const CLUSTER = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Node
  metadata: {name: n1, labels: {zone: a}}
  status: {allocatable: {cpu: "4", memory: 8Gi, pods: "110"}, conditions: [{type: Ready, status: "True"}]}
- apiVersion: v1
  kind: Pod
  metadata: {name: old, namespace: default, labels: {app: old}}
  spec: {nodeName: n1, containers: [{name: app, image: app:1}]}
  status: {phase: Running, podIP: 10.0.0.9}
- apiVersion: v1
  kind: Nonsense
  metadata: {name: other}
- apiVersion: v1
  kind: Pod
  metadata: {name: bad}
  spec: 7
`;
const NEW = `apiVersion: v1
kind: Pod
metadata: {name: new}
spec: {containers: [{name: app, image: app:1}], nodeSelector: {zone: a}}
`;

const readOnce = suite('described objects that are read once');

readOnce('the plan is the same, problems with their lines and the digest included', async () => {
  const parts = await loadParts();
  const planOf = (isReadOnce: boolean) => {
    const objects = parseManifests('cluster.yaml', CLUSTER).manifests;
    const { plan } = makePlan({
      kubernetes: { version: '1.36', featureGates: {}, flags: {} },
      manifests: parseManifests('new.yaml', NEW).manifests,
      cluster: { objects, isReadOnce },
      defaultNamespace: 'default',
      parts,
    });
    return { plan, left: objects.filter(({ value }) => Object.keys(value).length > 0).length };
  };
  const [kept, dropped] = [planOf(false), planOf(true)];
  assert.equal(dropped.plan, kept.plan);
  assert.ok(kept.plan.placements.length > 0 && kept.plan.diagnostics.length > 1);
  assert.is(kept.left, 4);
  assert.is(dropped.left, 0);
});
readOnce.run();
