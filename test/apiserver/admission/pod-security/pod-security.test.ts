import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { podSecurity } from '../../../../src/apiserver/admission/pod-security/pod-security.ts';
import { policyOf } from '../../../../src/apiserver/admission/pod-security/policy.ts';
import { ask, makeNamespace, makePod } from '../ask.ts';

const PREFIX = 'pod-security.kubernetes.io/';
const labels = (wanted: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(wanted).map(([key, value]) => [PREFIX + key, value]));
const inNamespace = (wanted: Readonly<Record<string, string>>) => [makeNamespace(labels(wanted))];
const HOST = { hostNetwork: true };
const SAYS = 'host namespaces (hostNetwork=true)';

const policies = suite('pod security labels');

for (const { name, wanted, want } of [
  { name: 'none', wanted: {}, want: ['privileged latest', 'privileged latest', 0] },
  {
    name: 'enforce alone also warns',
    wanted: { enforce: 'baseline', 'enforce-version': 'v1.30' },
    want: ['baseline 30', 'baseline 30', 0],
  },
  {
    name: 'a version of warnings alone is kept',
    wanted: { enforce: 'baseline', 'enforce-version': 'v1.30', 'warn-version': 'latest' },
    want: ['baseline 30', 'baseline latest', 0],
  },
  {
    name: 'warn has a level of its own',
    wanted: { enforce: 'baseline', warn: 'restricted' },
    want: ['baseline latest', 'restricted latest', 0],
  },
  {
    name: 'warn can be less',
    wanted: { enforce: 'restricted', warn: 'privileged' },
    want: ['restricted latest', 'privileged latest', 0],
  },
  {
    name: 'a wrong level is the strictest, without warnings',
    wanted: { enforce: 'Baseline' },
    want: ['restricted latest', 'privileged latest', 1],
  },
  { name: 'an empty level is wrong', wanted: { enforce: '' }, want: ['restricted latest', 'privileged latest', 1] },
  {
    name: 'a wrong warn level warns of nothing',
    wanted: { warn: 'all' },
    want: ['privileged latest', 'privileged latest', 1],
  },
  {
    name: 'wrong versions are the latest',
    wanted: { 'enforce-version': 'v1.01', 'audit-version': '1.2', 'warn-version': 'v2.0' },
    want: ['privileged latest', 'privileged latest', 3],
  },
])
  policies(name, () => {
    const { enforce, warn, errors } = policyOf(labels(wanted));
    assert.equal([`${enforce.level} ${enforce.version}`, `${warn.level} ${warn.version}`, errors.length], want);
  });

policies.run();

const pods = suite('PodSecurity on pods');

pods('what breaks the enforced level is refused, without a warning', () => {
  const { refused, warnings } = ask(podSecurity, {
    object: makePod(HOST),
    state: inNamespace({ enforce: 'baseline', warn: 'restricted' }),
  });
  assert.is(refused, `pods "p" is forbidden: violates PodSecurity "baseline:latest": ${SAYS}`);
  assert.equal(warnings, []);
});

pods('what breaks only the warned level is warned of', () => {
  const { refused, warnings } = ask(podSecurity, {
    object: makePod(HOST),
    state: inNamespace({ warn: 'baseline', 'warn-version': 'v1.20' }),
  });
  assert.is(refused, undefined);
  assert.equal(warnings, [`would violate PodSecurity "baseline:v1.20": ${SAYS}`]);
});

for (const { name, question } of [
  { name: 'a namespace without labels', question: { object: makePod(HOST), state: inNamespace({}) } },
  {
    name: 'an update that changes no image',
    question: { object: makePod(HOST), old: makePod(HOST), state: inNamespace({ enforce: 'baseline' }) },
  },
  {
    name: 'an update of the status',
    question: {
      object: makePod(HOST),
      old: makePod(),
      subresource: 'status',
      state: inNamespace({ enforce: 'baseline' }),
    },
  },
])
  pods(`passes: ${name}`, () => assert.is(ask(podSecurity, question).refused, undefined));

for (const { name, spec } of [
  { name: 'an image', spec: { containers: [{ name: 'c', image: 'new' }] } },
  {
    name: 'the number of containers',
    spec: {
      containers: [
        { name: 'c', image: 'i' },
        { name: 'd', image: 'i' },
      ],
    },
  },
  { name: 'the ephemeral containers', spec: { ephemeralContainers: [{ name: 'e', image: 'i' }] } },
])
  pods(`an update of ${name} is looked at`, () => {
    const object = makePod({ ...HOST, ...spec });
    const { refused } = ask(podSecurity, { object, old: makePod(HOST), state: inNamespace({ enforce: 'baseline' }) });
    assert.ok(refused);
  });

pods.run();

const templates = suite('PodSecurity on pod templates');
const template = { metadata: {}, spec: makePod(HOST)['spec'] };

for (const { apiVersion, kind, body } of [
  { apiVersion: 'apps/v1', kind: 'Deployment', body: { spec: { template } } },
  { apiVersion: 'apps/v1', kind: 'ReplicaSet', body: { spec: { template } } },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', body: { spec: { template } } },
  { apiVersion: 'apps/v1', kind: 'DaemonSet', body: { spec: { template } } },
  { apiVersion: 'batch/v1', kind: 'Job', body: { spec: { template } } },
  { apiVersion: 'batch/v1', kind: 'CronJob', body: { spec: { jobTemplate: { spec: { template } } } } },
  { apiVersion: 'v1', kind: 'ReplicationController', body: { spec: { template } } },
  { apiVersion: 'v1', kind: 'PodTemplate', body: { template } },
])
  templates(`${kind} is warned of, never refused`, () => {
    const object = { apiVersion, kind, metadata: { name: 'x' }, ...body };
    const { refused, warnings } = ask(podSecurity, { object, state: inNamespace({ enforce: 'baseline' }) });
    assert.is(refused, undefined);
    assert.equal(warnings, [`would violate PodSecurity "baseline:latest": ${SAYS}`]);
  });

templates('a controller without a template is passed over', () => {
  const object = { apiVersion: 'v1', kind: 'ReplicationController', metadata: { name: 'x' }, spec: {} };
  assert.equal(ask(podSecurity, { object, state: inNamespace({ warn: 'restricted' }) }).warnings, []);
});

templates.run();

const namespaces = suite('PodSecurity on namespaces');
const withLabels = (wanted: Readonly<Record<string, string>>) => makeNamespace(labels(wanted));

namespaces('wrong labels are refused on create', () => {
  const { refused, code } = ask(podSecurity, { object: withLabels({ enforce: 'none', 'warn-version': '1' }) });
  assert.is(code, 422);
  assert.is(
    refused,
    'Namespace "ns" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "none": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1": must be "latest" or "v1.x"]',
  );
});

namespaces('wrong labels that were there before may stay', () => {
  const wrong = withLabels({ enforce: 'none' });
  assert.is(ask(podSecurity, { object: wrong, old: wrong }).refused, undefined);
  assert.ok(ask(podSecurity, { object: wrong, old: withLabels({ enforce: 'other' }) }).refused);
});

const owned = (name: string, uid: string) =>
  makePod(HOST, {
    name,
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid, controller: true }],
  });

namespaces('a stricter level warns of the pods that are there, alike ones together', () => {
  const { warnings } = ask(podSecurity, {
    object: withLabels({ enforce: 'baseline' }),
    old: withLabels({}),
    state: [
      owned('b', '1'),
      owned('a', '1'),
      makePod(HOST, { name: 'c' }),
      makePod({ hostPID: true, ...HOST }, { name: 'd' }),
      makePod({ volumes: [{ name: 'v', hostPath: {} }] }, { name: 'e' }),
      makePod({}, { name: 'f' }),
    ],
  });
  assert.equal(warnings, [
    'existing pods in namespace "ns" violate the new PodSecurity enforce level "baseline:latest"',
    'a (and 3 other pods): host namespaces',
    'e: hostPath volumes',
  ]);
});

for (const { name, old, next } of [
  { name: 'no change', old: { enforce: 'baseline' }, next: { enforce: 'baseline', warn: 'restricted' } },
  { name: 'a laxer level', old: { enforce: 'restricted' }, next: { enforce: 'baseline' } },
  { name: 'no level any more', old: { enforce: 'restricted', 'enforce-version': 'v1.1' }, next: {} },
])
  namespaces(`${name}: the pods are not looked at`, () => {
    const question = {
      object: withLabels(next as Record<string, string>),
      old: withLabels(old as Record<string, string>),
    };
    assert.equal(ask(podSecurity, { ...question, state: [makePod(HOST)] }).warnings, []);
  });

namespaces('a laxer level of another version: they are', () => {
  const { warnings } = ask(podSecurity, {
    object: withLabels({ enforce: 'baseline', 'enforce-version': 'v1.30' }),
    old: withLabels({ enforce: 'restricted' }),
    state: [makePod(HOST)],
  });
  assert.equal(warnings[1], 'p: host namespaces');
});

namespaces.run();
