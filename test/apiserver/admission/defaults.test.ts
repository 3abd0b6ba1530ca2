import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultIngressClass } from '../../../src/apiserver/admission/default-ingress-class.ts';
import { defaultStorageClass } from '../../../src/apiserver/admission/default-storage-class.ts';
import { defaultTolerationSeconds } from '../../../src/apiserver/admission/default-toleration-seconds.ts';
import { podTopologyLabels } from '../../../src/apiserver/admission/pod-topology-labels.ts';
import { storageObjectInUseProtection } from '../../../src/apiserver/admission/storage-object-in-use-protection.ts';
import { taintNodesByCondition } from '../../../src/apiserver/admission/taint-nodes-by-condition.ts';
import { ask, makeClaim, makePod } from './ask.ts';

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';

const tolerations = suite('DefaultTolerationSeconds');
const added = (key: string) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });

for (const { name, given, want } of [
  { name: 'none: both come in', given: undefined, want: [added(NOT_READY), added(UNREACHABLE)] },
  {
    name: 'one of another value for not-ready: only unreachable comes in',
    given: [{ key: NOT_READY, operator: 'Equal', value: 'x', effect: 'NoExecute' }],
    want: [{ key: NOT_READY, operator: 'Equal', value: 'x', effect: 'NoExecute' }, added(UNREACHABLE)],
  },
  { name: 'one for everything: nothing comes in', given: [{ operator: 'Exists' }], want: [{ operator: 'Exists' }] },
  {
    name: 'one for another effect does not count',
    given: [{ key: UNREACHABLE, operator: 'Exists', effect: 'NoSchedule' }],
    want: [{ key: UNREACHABLE, operator: 'Exists', effect: 'NoSchedule' }, added(NOT_READY), added(UNREACHABLE)],
  },
])
  tolerations(name, () => {
    const { object } = ask(defaultTolerationSeconds, { object: makePod(given ? { tolerations: given } : {}) });
    assert.equal(object.spec['tolerations'], want);
  });

tolerations('subresources are left alone', () => {
  const { object } = ask(defaultTolerationSeconds, { object: makePod(), old: makePod(), subresource: 'status' });
  assert.is(object.spec['tolerations'], undefined);
});

tolerations.run();

const nodes = suite('TaintNodesByCondition');
const taint = { key: NOT_READY, effect: 'NoSchedule' };
const makeNode = (spec: object) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec });

nodes('a new node is not ready', () =>
  assert.equal(ask(taintNodesByCondition, { object: makeNode({}) }).object.spec, { taints: [taint] }),
);
nodes('the taint comes once', () =>
  assert.equal(ask(taintNodesByCondition, { object: makeNode({ taints: [taint] }) }).object.spec['taints'], [taint]),
);
nodes('an update adds nothing', () =>
  assert.equal(ask(taintNodesByCondition, { object: makeNode({}), old: makeNode({}) }).object.spec, {}),
);
nodes.run();

const finalizers = suite('StorageObjectInUseProtection');
for (const { apiVersion, kind, want } of [
  { apiVersion: 'v1', kind: 'PersistentVolumeClaim', want: 'kubernetes.io/pvc-protection' },
  { apiVersion: 'v1', kind: 'PersistentVolume', want: 'kubernetes.io/pv-protection' },
  { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttributesClass', want: 'kubernetes.io/vac-protection' },
]) {
  const object = { apiVersion, kind, metadata: { name: 'x', finalizers: ['mine'] } };
  finalizers(`${kind} gets ${want} after its own`, () => {
    const once = ask(storageObjectInUseProtection, { object }).object;
    assert.equal(once.metadata['finalizers'], ['mine', want]);
    const twice = ask(storageObjectInUseProtection, { object: once }).object;
    assert.equal(twice.metadata['finalizers'], ['mine', want]);
  });
}
finalizers.run();

const classes = suite('DefaultStorageClass and DefaultIngressClass');

function makeClass(name: string, born: string, isDefault: string, beta = '') {
  const key = `storageclass.${beta}kubernetes.io/is-default-class`;
  const metadata = { name, creationTimestamp: born, annotations: { [key]: isDefault } };
  return { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata, provisioner: 'p' };
}

const [OLD, NEW] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
for (const { name, claim, state, want } of [
  { name: 'no default', claim: makeClaim(), state: [makeClass('a', OLD, 'false')], want: undefined },
  {
    name: 'the newest of two',
    claim: makeClaim(),
    state: [makeClass('a', OLD, 'true'), makeClass('b', NEW, 'true')],
    want: 'b',
  },
  {
    name: 'the first by name of two equally old',
    claim: makeClaim(),
    state: [makeClass('b', OLD, 'true'), makeClass('a', OLD, 'true')],
    want: 'a',
  },
  { name: 'the beta annotation counts', claim: makeClaim(), state: [makeClass('a', OLD, 'true', 'beta.')], want: 'a' },
  {
    name: 'an empty name is a choice',
    claim: makeClaim({ storageClassName: '' }),
    state: [makeClass('a', OLD, 'true')],
    want: '',
  },
  {
    name: 'a class in the old annotation is a choice',
    claim: makeClaim({}, { annotations: { 'volume.beta.kubernetes.io/storage-class': '' } }),
    state: [makeClass('a', OLD, 'true')],
    want: undefined,
  },
])
  classes(`storage class: ${name}`, () =>
    assert.is(ask(defaultStorageClass, { object: claim, state }).object.spec['storageClassName'], want),
  );

const ingress = (metadata: object, spec: object) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'i', ...metadata },
  spec,
});
const nginx = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'IngressClass',
  metadata: { name: 'nginx', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
  spec: {},
};
for (const { name, object, want } of [
  { name: 'none named', object: ingress({}, {}), want: 'nginx' },
  { name: 'one named', object: ingress({}, { ingressClassName: 'other' }), want: 'other' },
  {
    name: 'one in the old annotation',
    object: ingress({ annotations: { 'kubernetes.io/ingress.class': 'x' } }, {}),
    want: undefined,
  },
])
  classes(`ingress class: ${name}`, () =>
    assert.is(ask(defaultIngressClass, { object, state: [nginx] }).object.spec['ingressClassName'], want),
  );
classes.run();

const topology = suite('PodTopologyLabels');
const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'n',
    labels: {
      'topology.kubernetes.io/zone': 'z',
      'topology.kubernetes.io/region': 'r',
      'topology.kubernetes.io/rack': 'k',
    },
  },
};
const copied = { 'topology.kubernetes.io/zone': 'z', 'topology.kubernetes.io/region': 'r' };
const binding = {
  apiVersion: 'v1',
  kind: 'Binding',
  metadata: { name: 'p' },
  target: { kind: 'Node', name: 'n' },
};

topology('a binding takes zone and region of its node', () => {
  const { object } = ask(podTopologyLabels, {
    object: binding,
    resourceOf: makePod(),
    subresource: 'binding',
    state: [node],
  });
  assert.equal(object.metadata['labels'], copied);
});
topology('a pod that names its node takes them over its own', () => {
  const object = makePod({ nodeName: 'n' }, { labels: { app: 'a', 'topology.kubernetes.io/zone': 'mine' } });
  const labels = ask(podTopologyLabels, { object, state: [node] }).object.metadata['labels'];
  assert.equal(labels, { app: 'a', ...copied });
});
topology('a node that is not there gives nothing', () => {
  assert.is(ask(podTopologyLabels, { object: makePod({ nodeName: 'n' }) }).object.metadata['labels'], undefined);
});
topology('nothing happens without the feature', () => {
  const { object } = ask(podTopologyLabels, {
    object: makePod({ nodeName: 'n' }),
    state: [node],
    gates: { PodTopologyLabelsAdmission: false },
  });
  assert.is(object.metadata['labels'], undefined);
});
topology.run();
