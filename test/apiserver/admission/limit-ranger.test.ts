import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { limitRanger } from '../../../src/apiserver/admission/limit-ranger/limit-ranger.ts';
import { ask, makeClaim, makeContainer, makePod } from './ask.ts';

type Json = Readonly<Record<string, unknown>>;
const makeRange = (name: string, ...limits: readonly Json[]) => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name },
  spec: { limits },
});

const defaults = suite('LimitRanger defaults');
const range = makeRange('r', {
  type: 'Container',
  default: { memory: '256Mi', cpu: '500m' },
  defaultRequest: { cpu: '100m' },
});

defaults('missing requests and limits are filled in and told of', () => {
  const object = makePod({
    containers: [makeContainer('c'), makeContainer('d', { cpu: '1' }, { cpu: '1', memory: '1Gi' })],
    initContainers: [makeContainer('i', undefined, { cpu: '1' })],
  });
  const answer = ask(limitRanger, { object, state: [range] }).object;
  assert.equal(answer.spec['containers'], [
    makeContainer('c', { cpu: '100m' }, { memory: '256Mi', cpu: '500m' }),
    makeContainer('d', { cpu: '1' }, { cpu: '1', memory: '1Gi' }),
  ]);
  assert.equal(answer.spec['initContainers'], [makeContainer('i', { cpu: '100m' }, { memory: '256Mi', cpu: '1' })]);
  assert.equal(answer.metadata['annotations'], {
    'kubernetes.io/limit-ranger':
      'LimitRanger plugin set: cpu request for container c; cpu, memory limit for container c; cpu request for init container i; memory limit for init container i',
  });
});

defaults('a pod that says everything is left as it is', () => {
  const object = makePod({ containers: [makeContainer('c', { cpu: '1' }, { cpu: '1', memory: '1Gi' })] });
  const answer = ask(limitRanger, { object, state: [range] }).object;
  assert.is(answer.metadata['annotations'], undefined);
});

defaults('of two ranges the second one only tells of what it added itself', () => {
  const second = makeRange('s', { type: 'Container', default: { 'example.com/gpu': '1', cpu: '9' } });
  const answer = ask(limitRanger, { object: makePod(), state: [range, second] }).object;
  assert.equal(answer.metadata['annotations'], {
    'kubernetes.io/limit-ranger': 'LimitRanger plugin set: example.com/gpu limit for container c',
  });
});

for (const { name, question } of [
  { name: 'an update', question: { object: makePod(), old: makePod() } },
  { name: 'an update of the status', question: { object: makePod(), old: makePod(), subresource: 'status' } },
  {
    name: 'a resize of a pod being deleted',
    question: {
      object: makePod(),
      old: makePod({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      subresource: 'resize',
    },
  },
])
  defaults(`${name} gets no defaults`, () => {
    const { object } = ask(limitRanger, { ...question, state: [range] });
    assert.is(object.metadata['annotations'], undefined);
  });

defaults('a resize gets them', () => {
  const { object } = ask(limitRanger, { object: makePod(), old: makePod(), subresource: 'resize', state: [range] });
  assert.ok(object.metadata['annotations']);
});

defaults.run();

const bounds = suite('LimitRanger bounds');
const one = (requests?: Json, limits?: Json) => makePod({ containers: [makeContainer('c', requests, limits)] });

for (const { name, limit, pod, want } of [
  {
    name: 'within all bounds',
    limit: { min: { cpu: '50m' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '4' } },
    pod: one({ cpu: '500m' }, { cpu: '2' }),
  },
  {
    name: 'no request',
    limit: { min: { cpu: '50m' } },
    pod: one(),
    want: 'minimum cpu usage per Container is 50m.  No request is specified',
  },
  {
    name: 'too small a request',
    limit: { min: { memory: '16Mi' } },
    pod: one({ memory: '8Mi' }),
    want: 'minimum memory usage per Container is 16Mi, but request is 8Mi',
  },
  {
    name: 'too small a limit',
    limit: { min: { cpu: '50m' } },
    pod: one({ cpu: '50m' }, { cpu: '49m' }),
    want: 'minimum cpu usage per Container is 50m, but limit is 49m',
  },
  {
    name: 'no limit',
    limit: { max: { cpu: '2' } },
    pod: one({ cpu: '1' }),
    want: 'maximum cpu usage per Container is 2.  No limit is specified',
  },
  {
    name: 'too large a limit',
    limit: { max: { cpu: '2' } },
    pod: one({}, { cpu: '2001m' }),
    want: 'maximum cpu usage per Container is 2, but limit is 2001m',
  },
  {
    name: 'too large a request',
    limit: { max: { cpu: '2' } },
    pod: one({ cpu: '3' }, { cpu: '2' }),
    want: 'maximum cpu usage per Container is 2, but request is 3',
  },
  {
    name: 'too wide a ratio',
    limit: { maxLimitRequestRatio: { cpu: '2' } },
    pod: one({ cpu: '300m' }, { cpu: '1' }),
    want: 'cpu max limit to request ratio per Container is 2, but provided ratio is 3.333333',
  },
  {
    name: 'a ratio halfway between two millionths, to the even one',
    limit: { maxLimitRequestRatio: { cpu: '1' } },
    pod: one({ cpu: '128m' }, { cpu: '129m' }),
    want: 'cpu max limit to request ratio per Container is 1, but provided ratio is 1.007812',
  },
  {
    name: 'a ratio without a request',
    limit: { maxLimitRequestRatio: { cpu: '2' } },
    pod: one({}, { cpu: '1' }),
    want: 'cpu max limit to request ratio per Container is 2, but no request is specified or request is 0',
  },
  {
    name: 'a ratio without a limit',
    limit: { maxLimitRequestRatio: { cpu: '2' } },
    pod: one({ cpu: '1' }),
    want: 'cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0',
  },
  {
    name: 'several, each said once, by name',
    limit: { min: { memory: '1Gi', cpu: '1' } },
    pod: makePod({ containers: [makeContainer('a'), makeContainer('b')] }),
    want: '[minimum cpu usage per Container is 1.  No request is specified, minimum memory usage per Container is 1Gi.  No request is specified]',
  },
] as { name: string; limit: Json; pod: Json; want?: string }[])
  bounds(`container: ${name}`, () =>
    assert.is(
      ask(limitRanger, { object: pod, state: [makeRange('r', { type: 'Container', ...limit })] }).refused,
      want && `pods "p" is forbidden: ${want}`,
    ),
  );

const sidecar = { ...makeContainer('s', { cpu: '1' }), restartPolicy: 'Always' };
for (const { name, spec, want } of [
  {
    name: 'the sum counts',
    spec: { containers: [makeContainer('a', { cpu: '2' }), makeContainer('b', { cpu: '2' })] },
    want: '4',
  },
  {
    name: 'a larger init container counts, on top of the sidecar before it',
    spec: {
      containers: [makeContainer('a', { cpu: '1' })],
      initContainers: [sidecar, makeContainer('i', { cpu: '3' })],
    },
    want: '4',
  },
  {
    name: 'what the pod says itself counts',
    spec: { containers: [makeContainer('a', { cpu: '1' })], resources: { requests: { cpu: '7' } } },
    want: '7',
  },
])
  bounds(`pod: ${name}`, () => {
    const state = [makeRange('r', { type: 'Pod', min: { cpu: '10' } })];
    assert.is(
      ask(limitRanger, { object: makePod(spec), state }).refused,
      `pods "p" is forbidden: minimum cpu usage per Pod is 10, but request is ${want}`,
    );
  });

for (const { name, requests, want } of [
  { name: 'within', requests: { storage: '2Gi' } },
  {
    name: 'too small',
    requests: { storage: '1Mi' },
    want: 'minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 1Mi',
  },
  {
    name: 'too large',
    requests: { storage: '6Gi' },
    want: 'maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi',
  },
])
  bounds(`claim: ${name}`, () => {
    const object = makeClaim({ resources: { requests } });
    const state = [makeRange('r', { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '5Gi' } })];
    const { refused } = ask(limitRanger, { object, state });
    assert.is(refused, want && `persistentvolumeclaims "claim" is forbidden: ${want}`);
  });

bounds.run();
