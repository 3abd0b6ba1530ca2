import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeDeclaredFeatureValidator } from '../../../src/apiserver/admission/node-declared-feature-validator.ts';
import { persistentVolumeClaimResize } from '../../../src/apiserver/admission/persistent-volume-claim-resize.ts';
import { podResizeValidator } from '../../../src/apiserver/admission/pod-resize-validator.ts';
import { ask, makeClaim, makeContainer, makePod } from './ask.ts';

const claims = suite('PersistentVolumeClaimResize');
const makeClass = (name: string, allowVolumeExpansion?: boolean) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  allowVolumeExpansion,
});
const sized = (storage: string, storageClassName?: string, phase = 'Bound') =>
  makeClaim({ resources: { requests: { storage } }, ...(storageClassName ? { storageClassName } : {}) }, {}, { phase });
const NOT_EXPANDABLE =
  'persistentvolumeclaims "claim" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';

for (const { name, old, object, want } of [
  { name: 'smaller', old: sized('2Gi'), object: sized('1Gi') },
  { name: 'larger in a class that allows it', old: sized('1Gi', 'grows'), object: sized('2Gi', 'grows') },
  {
    name: 'larger before it is bound',
    old: sized('1Gi', 'grows', 'Pending'),
    object: sized('2Gi', 'grows'),
    want: 'persistentvolumeclaims "claim" is forbidden: Only bound persistent volume claims can be expanded',
  },
  {
    name: 'larger in a class that does not',
    old: sized('1Gi', 'stays'),
    object: sized('2Gi', 'stays'),
    want: NOT_EXPANDABLE,
  },
  { name: 'larger without a class', old: sized('1Gi'), object: sized('2Gi'), want: NOT_EXPANDABLE },
  {
    name: 'larger in a class that is gone',
    old: sized('1Gi', 'gone'),
    object: sized('2Gi', 'gone'),
    want: NOT_EXPANDABLE,
  },
  {
    name: 'larger with a change of class',
    old: sized('1Gi', 'stays'),
    object: sized('2Gi', 'grows'),
    want: NOT_EXPANDABLE,
  },
])
  claims(`${name} ${want ? 'is refused' : 'passes'}`, () => {
    const state = [makeClass('grows', true), makeClass('stays')];
    assert.is(ask(persistentVolumeClaimResize, { old, object, state }).refused, want);
  });
claims.run();

function makeNode(labels: object, allocatable: object, declaredFeatures?: readonly string[]) {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels }, status: { allocatable, declaredFeatures } };
}
const bound = (spec: object, generation: number) => makePod({ nodeName: 'n', ...spec }, { generation });
const old = bound({}, 1);

const fit = suite('PodResizeValidator');
const linux = makeNode({ 'kubernetes.io/os': 'linux' }, { cpu: '2', memory: '1Gi' });
const wants = (requests: object, spec = {}) => bound({ containers: [makeContainer('c', { ...requests })], ...spec }, 2);

for (const { name, object, state, want, reason } of [
  { name: 'what fits', object: wants({ cpu: '2', memory: '1Gi' }), state: [linux] },
  {
    name: 'what the node cannot hold',
    object: wants({ cpu: '2500m', memory: '2Gi' }),
    state: [linux],
    want: "node didn't have enough allocatable resources: cpu, requested: 2500, allocatable: 2000; memory, requested: 2147483648, allocatable: 1073741824",
    reason: 'NodeCapacity',
  },
  {
    name: 'overhead that makes it too much',
    object: wants({ cpu: '2' }, { overhead: { cpu: '1' } }),
    state: [linux],
    want: "node didn't have enough allocatable resources: cpu, requested: 3000, allocatable: 2000",
    reason: 'NodeCapacity',
  },
  {
    name: 'another operating system',
    object: wants({}),
    state: [makeNode({ 'kubernetes.io/os': 'windows' }, {})],
    want: 'pod resize is only supported on linux nodes, node "n" is "windows"',
    reason: 'UnsupportedPlatform',
  },
  { name: 'a node that is gone', object: wants({}), state: [], want: 'node "n" not found' },
  {
    name: 'no change of the spec',
    object: bound({ containers: [makeContainer('c', { cpu: '9' })] }, 1),
    state: [linux],
  },
])
  fit(`${name} ${want ? 'is refused' : 'passes'}`, () => {
    const { refused, causes } = ask(podResizeValidator, { object, old, subresource: 'resize', state });
    assert.is(refused, want && `pods "p" is forbidden: ${want}`);
    assert.equal(causes, reason ? [{ reason, message: '', field: '' }] : []);
  });
fit.run();

const features = suite('NodeDeclaredFeatureValidator');
const POD_RESIZE = 'InPlacePodLevelResourcesVerticalScaling';
const INIT_RESIZE = 'InPlacePodVerticalScalingInitContainers';
const both = { resources: { requests: { cpu: '1' } }, initContainers: [makeContainer('i', { cpu: '1' })] };
const before = bound({ resources: { requests: { cpu: '2' } }, initContainers: [makeContainer('i')] }, 1);

for (const { name, object, declared, want } of [
  { name: 'all declared', object: bound(both, 2), declared: [POD_RESIZE, INIT_RESIZE] },
  {
    name: 'none declared',
    object: bound(both, 2),
    declared: [],
    want: `pod update requires features ${POD_RESIZE}, ${INIT_RESIZE} which are not available on node "n"`,
  },
  {
    name: 'one lacking',
    object: bound(both, 2),
    declared: [POD_RESIZE],
    want: `pod update requires features ${INIT_RESIZE} which are not available on node "n"`,
  },
  { name: 'no change of the spec', object: bound(both, 1), declared: [] },
])
  features(`${name}: ${want ? 'refused' : 'passes'}`, () => {
    const state = [makeNode({}, {}, declared)];
    const { refused } = ask(nodeDeclaredFeatureValidator, { object, old: before, subresource: 'resize', state });
    assert.is(refused, want && `pods "p" is forbidden: ${want}`);
  });
features('a sidecar is resized like any container', () => {
  const sidecar = (cpu: string) => ({
    initContainers: [{ ...makeContainer('s', { cpu }), restartPolicy: 'Always' }],
  });
  const { refused } = ask(nodeDeclaredFeatureValidator, {
    object: bound(sidecar('2'), 2),
    old: bound(sidecar('1'), 1),
    state: [makeNode({}, {})],
  });
  assert.is(refused, undefined);
});
features.run();
