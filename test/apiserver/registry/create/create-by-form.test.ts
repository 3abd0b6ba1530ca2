// Events made by their form against events that went through all the steps: same answers, same objects, same writes.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import { ADMISSION_PLUGINS } from '../../../../src/apiserver/admission/chain/plugins.ts';
import { eventResource } from '../../../../src/apiserver/core/event/strategy.ts';
import type { Answer } from '../../../../src/apiserver/request.ts';
import { type Json, TestServer } from '../../test-server.ts';

const NAMESPACES = ['default', 'other', 'going', 'missing'];
const NAMES = ['a.1', 'a.2', 'a.3', 'b/c', '', '..', 'Upper_Case', 'x'.repeat(300)];
const METADATA: readonly Json[] = [
  {},
  {},
  { labels: { app: 'web' } },
  { labels: { '-': 'not valid' } },
  { generateName: 'a.' },
  { uid: 'given', creationTimestamp: '2020-01-01T00:00:00Z' },
  { finalizers: ['hold'] },
];
const FIELDS: readonly Json[] = [
  { message: 'one' },
  { message: 'two', type: 'Normal', reason: 'Scheduled', count: 1 },
  { eventTime: '2026-01-01T00:00:00.000000Z', reportingComponent: 'not a name' },
];
const policyGroup = 'admissionregistration.k8s.io/v1';

/** What happens to the cluster between the events. */
const CHANGES: readonly ((server: TestServer) => unknown)[] = [
  (server) => server.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } }),
  (server) => server.delete('v1', 'Namespace', 'other'),
  (server) =>
    server.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'quota', namespace: 'default' },
      spec: { hard: { 'count/events': '2' } },
    }),
  (server) => server.delete('v1', 'ResourceQuota', 'quota', 'default'),
  (server) => server.delete('v1', 'Event', 'a.1', 'default'),
  (server) => {
    server.create({
      apiVersion: policyGroup,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'p' },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['events'] }],
        },
        validations: [{ expression: "object.metadata.name == 'a.2'" }],
      },
    });
    server.create({
      apiVersion: policyGroup,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'p' },
      spec: { policyName: 'p', validationActions: ['Deny'] },
    });
  },
  (server) => server.delete(policyGroup, 'ValidatingAdmissionPolicyBinding', 'p'),
  (server) => void (server.world.clock.now += 1000),
];

const steps = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.record({ change: fc.nat(CHANGES.length - 1) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        who: fc.constantFrom('default-scheduler', 'replicaset-controller'),
        namespace: fc.constantFrom(...NAMESPACES),
        involved: fc.constantFrom(...NAMESPACES, undefined),
        isElsewhere: fc.nat(5).map((n) => n === 0),
        name: fc.constantFrom(...NAMES),
        metadata: fc.constantFrom(...METADATA),
        fields: fc.constantFrom(...FIELDS),
        dryRun: fc.nat(9).map((n) => n === 0),
      }),
    },
  ),
  { minLength: 2, maxLength: 30 },
);
type Step = Parameters<Parameters<typeof fc.property<[typeof steps extends fc.Arbitrary<infer T> ? T : never]>>[1]>[0];

function run(sequence: Step, isPlain: boolean) {
  const server = new TestServer({}, ADMISSION_PLUGINS);
  if (isPlain) {
    const { formOf: _, ...strategy } = eventResource.strategy;
    server.world.server.options.catalog.add({ ...eventResource, strategy } as unknown as typeof eventResource & never);
  }
  server.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
  server.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'going', finalizers: ['example.com/hold'] } });
  server.delete('v1', 'Namespace', 'going');
  const answers: Answer[] = [];
  for (const step of sequence) {
    if ('change' in step) {
      CHANGES[step.change]!(server);
      continue;
    }
    const { who, namespace, involved, isElsewhere, name, metadata, fields, dryRun } = step;
    const place = isElsewhere ? involved : namespace;
    const object = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { ...(name ? { name } : {}), namespace, ...metadata },
      involvedObject: { kind: 'Pod', name: 'a', ...(place === undefined ? {} : { namespace: place }) },
      source: { component: who },
      reportingComponent: who,
      reportingInstance: '',
      ...fields,
    } as KubeObject;
    answers.push(
      server.world.server.handle({
        verb: 'create',
        resource: 'events',
        namespace,
        object,
        cause: { who },
        ...(dryRun ? { dryRun } : {}),
      }),
    );
  }
  return { answers, events: server.world.store.events(1) };
}

const byForm = suite('create by form');

byForm('events of one form come out as if each had gone through all the steps', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      assert.is(JSON.stringify(run(sequence, false)), JSON.stringify(run(sequence, true)));
    }),
    { numRuns: 60 },
  );
});

byForm('the second event of a form takes no steps', () => {
  const server = new TestServer({}, ADMISSION_PLUGINS);
  let validated = 0;
  const { validate } = eventResource.strategy;
  const strategy: typeof eventResource.strategy = {
    ...eventResource.strategy,
    validate(...args) {
      validated += 1;
      return validate?.(...args) ?? [];
    },
  };
  server.world.server.options.catalog.add({ ...eventResource, strategy } as unknown as typeof eventResource & never);
  for (const name of ['a.1', 'a.2', 'b.1']) {
    const involvedObject = { kind: 'Pod', name, namespace: 'default' };
    const metadata = { name, namespace: 'default' };
    const object = { apiVersion: 'v1', kind: 'Event', metadata, involvedObject } as KubeObject;
    const cause = { who: 'kubelet' };
    server.world.server.handle({ verb: 'create', resource: 'events', namespace: 'default', object, cause });
  }
  assert.is(server.world.store.count('events'), 3);
  assert.is(validated, 1);
});

byForm.run();
