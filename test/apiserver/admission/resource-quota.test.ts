import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resourceQuota } from '../../../src/apiserver/admission/resource-quota.ts';
import { ask, makeClaim, makeContainer, makePod } from './ask.ts';

type Amounts = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;

function makeQuota(hard: Amounts, used: Amounts | undefined, spec: Json = {}, name = 'q') {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name },
    spec: { hard, ...spec },
    status: { hard, ...(used ? { used } : {}) },
  };
}

const makeService = (spec: Json) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec });
const usedOf = (charged: readonly Json[]) => charged.map(({ status }) => (status as { used: Amounts }).used);

const charging = suite('ResourceQuota charges');

charging('a pod is charged under every name that a quota limits', () => {
  const object = makePod({ containers: [makeContainer('c', { cpu: '500m', memory: '1Gi' }, { cpu: '1' })] });
  const hard = { pods: '5', 'count/pods': '5', 'requests.cpu': '2', 'limits.cpu': '2', memory: '4Gi', secrets: '1' };
  const used = { pods: '1', 'count/pods': '1', 'requests.cpu': '500m', 'limits.cpu': '0', memory: '0', secrets: '0' };
  const { refused, charged } = ask(resourceQuota, { object, state: [makeQuota(hard, used)] });
  assert.is(refused, undefined);
  const want = { pods: '2', 'count/pods': '2', 'requests.cpu': '1', 'limits.cpu': '1', memory: '1Gi', secrets: '0' };
  assert.equal(usedOf(charged), [want]);
});

charging('every quota that matches is charged', () => {
  const state = [makeQuota({ pods: '5' }, { pods: '0' }, {}, 'a'), makeQuota({ pods: '9' }, { pods: '3' }, {}, 'b')];
  assert.equal(usedOf(ask(resourceQuota, { object: makePod(), state }).charged), [{ pods: '1' }, { pods: '4' }]);
});

for (const { name, question, want } of [
  { name: 'an update that only shrinks', question: { object: makeClaim(), old: makeClaim() }, want: [] },
  {
    name: 'an update that grows',
    question: {
      object: makeClaim({ resources: { requests: { storage: '3Gi' } } }),
      old: makeClaim({ resources: { requests: { storage: '1Gi' } } }),
    },
    want: [{ persistentvolumeclaims: '1', 'requests.storage': '3Gi' }],
  },
  { name: 'events', question: { object: { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e' } } }, want: [] },
])
  charging(`${name}: ${want.length === 0 ? 'nothing' : 'the difference'}`, () => {
    const hard = { persistentvolumeclaims: '5', 'requests.storage': '10Gi', 'count/events': '1' };
    const used = { persistentvolumeclaims: '1', 'requests.storage': '1Gi', 'count/events': '1' };
    const { charged, refused } = ask(resourceQuota, { ...question, state: [makeQuota(hard, used)] });
    assert.is(refused, undefined);
    assert.equal(
      usedOf(charged),
      want.map((amounts) => ({ ...used, ...amounts })),
    );
  });

charging('a pod that comes under a quota with an update is charged whole', () => {
  const state = [makeQuota({ pods: '5' }, { pods: '0' }, { scopes: ['Terminating'] })];
  const { charged } = ask(resourceQuota, { object: makePod({ activeDeadlineSeconds: 5 }), old: makePod(), state });
  assert.equal(usedOf(charged), [{ pods: '1' }]);
});

charging.run();

const refusing = suite('ResourceQuota refuses');

for (const { name, object, quota, want } of [
  {
    name: 'one pod too many',
    object: makePod(),
    quota: makeQuota({ pods: '3' }, { pods: '3' }),
    want: 'pods "p" is forbidden: exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3',
  },
  {
    name: 'only what does not fit is told, by name',
    object: makePod({ containers: [makeContainer('c', { cpu: '1500m', memory: '1Gi' })] }),
    quota: makeQuota(
      { 'requests.memory': '1Gi', cpu: '2', pods: '9' },
      { 'requests.memory': '512Mi', cpu: '1', pods: '1' },
    ),
    want: 'pods "p" is forbidden: exceeded quota: q, requested: cpu=1500m,requests.memory=1Gi, used: cpu=1,requests.memory=512Mi, limited: cpu=2,requests.memory=1Gi',
  },
  {
    name: 'node ports of a service',
    object: makeService({ type: 'NodePort', ports: [{ port: 1 }, { port: 2 }] }),
    quota: makeQuota({ 'services.nodeports': '1', services: '5' }, { 'services.nodeports': '0', services: '0' }),
    want: 'services "s" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1',
  },
  {
    name: 'storage of a class',
    object: makeClaim({ storageClassName: 'gold', resources: { requests: { storage: '2Gi' } } }),
    quota: makeQuota(
      { 'gold.storageclass.storage.k8s.io/requests.storage': '1Gi' },
      { 'gold.storageclass.storage.k8s.io/requests.storage': '0' },
    ),
    want: 'persistentvolumeclaims "claim" is forbidden: exceeded quota: q, requested: gold.storageclass.storage.k8s.io/requests.storage=2Gi, used: gold.storageclass.storage.k8s.io/requests.storage=0, limited: gold.storageclass.storage.k8s.io/requests.storage=1Gi',
  },
  {
    name: 'objects of any kind',
    object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: {} },
    quota: makeQuota({ 'count/deployments.apps': '0' }, { 'count/deployments.apps': '0' }),
    want: 'deployments.apps "d" is forbidden: exceeded quota: q, requested: count/deployments.apps=1, used: count/deployments.apps=0, limited: count/deployments.apps=0',
  },
  {
    name: 'containers that do not say what the quota limits',
    object: makePod({ containers: [makeContainer('b', { cpu: '1' }), makeContainer('a')] }),
    quota: makeQuota({ 'requests.cpu': '9', 'limits.memory': '9Gi' }, { 'requests.cpu': '0', 'limits.memory': '0' }),
    want: 'pods "p" is forbidden: failed quota: q: must specify limits.memory for: a,b; requests.cpu for: a',
  },
  {
    name: 'what is used is not counted yet',
    object: makePod({ containers: [makeContainer('c', { cpu: '1' })] }),
    quota: makeQuota({ pods: '9', cpu: '9' }, undefined),
    want: 'pods "p" is forbidden: status unknown for quota: q, resources: cpu,pods',
  },
])
  refusing(name, () => assert.is(ask(resourceQuota, { object, state: [quota] }).refused, want));

refusing('nothing while the quota has no status at all', () => {
  const { status: _, ...fresh } = makeQuota({ pods: '0' }, undefined);
  assert.is(ask(resourceQuota, { object: makePod(), state: [{ ...fresh, status: {} }] }).refused, undefined);
});

refusing.run();

const scopes = suite('ResourceQuota scopes');
const full = (spec: Json) => makeQuota({ pods: '0' }, { pods: '0' }, spec);
const selecting = (scopeName: string, operator: string, values?: readonly string[]) => ({
  scopeSelector: { matchExpressions: [{ scopeName, operator, ...(values ? { values } : {}) }] },
});
const requesting = { containers: [makeContainer('c', { cpu: '1' })] };
const across = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'zone', namespaceSelector: {} }],
    },
  },
};

for (const { name, quota, spec, isCounted } of [
  {
    name: 'BestEffort counts a pod without requests',
    quota: full({ scopes: ['BestEffort'] }),
    spec: {},
    isCounted: true,
  },
  { name: 'BestEffort leaves others out', quota: full({ scopes: ['BestEffort'] }), spec: requesting, isCounted: false },
  {
    name: 'NotBestEffort is the opposite',
    quota: full({ scopes: ['NotBestEffort'] }),
    spec: requesting,
    isCounted: true,
  },
  { name: 'Terminating needs a deadline', quota: full({ scopes: ['Terminating'] }), spec: {}, isCounted: false },
  {
    name: 'all scopes must match',
    quota: full({ scopes: ['NotTerminating', 'NotBestEffort'] }),
    spec: {},
    isCounted: false,
  },
  {
    name: 'a priority class among these',
    quota: full(selecting('PriorityClass', 'In', ['high'])),
    spec: { priorityClassName: 'high' },
    isCounted: true,
  },
  {
    name: 'none of these, having none',
    quota: full(selecting('PriorityClass', 'NotIn', ['high'])),
    spec: {},
    isCounted: true,
  },
  { name: 'any priority class', quota: full(selecting('PriorityClass', 'Exists')), spec: {}, isCounted: false },
  {
    name: 'affinity into other namespaces',
    quota: full({ scopes: ['CrossNamespacePodAffinity'] }),
    spec: across,
    isCounted: true,
  },
])
  scopes(name, () => {
    const { refused } = ask(resourceQuota, { object: makePod(spec), state: [quota] });
    assert.is(refused !== undefined, isCounted);
  });

scopes.run();
