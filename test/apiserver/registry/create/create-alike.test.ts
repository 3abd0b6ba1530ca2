// Pods made by a recipe against pods that went through all the steps: same answers, same objects, same writes, whatever the cluster is like.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { suffixesOf } from '../../../../src/apimachinery/generated-name.ts';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import { ADMISSION_PLUGINS } from '../../../../src/apiserver/admission/chain/plugins.ts';
import type { Answer } from '../../../../src/apiserver/request.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const CONTAINER = { name: 'main', image: 'registry.example/app:v1' };
const SPECS: readonly Json[] = [
  { containers: [CONTAINER] },
  { containers: [{ ...CONTAINER, resources: { limits: { cpu: '100m' } } }], priorityClassName: 'high' },
  { containers: [CONTAINER], initContainers: [{ ...CONTAINER, name: 'init' }], serviceAccountName: 'other' },
  { containers: [{ ...CONTAINER, securityContext: { privileged: true } }], hostNetwork: true },
  { containers: [CONTAINER], schedulingGates: [{ name: 'example.com/gate' }] },
  { containers: [CONTAINER], runtimeClassName: 'sandboxed', terminationGracePeriodSeconds: -1 },
  {
    containers: [{ ...CONTAINER, volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    volumes: [{ name: 'data', ephemeral: { volumeClaimTemplate: { spec: CLAIM() } } }],
    nodeName: 'n',
  },
  { containers: [CONTAINER], hostname: 'h' },
];

function CLAIM(): Json {
  return { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
}

const METADATA: readonly Json[] = [
  { generateName: 'web-', labels: { app: 'web' } },
  { generateName: `${'long'.repeat(15)}-`, labels: { app: 'web' }, annotations: { note: 'x' } },
  { generateName: 'not a name', labels: {} },
  { generateName: 'a.b-', finalizers: ['example.com/hold'] },
];

const quota = (hard: Json): Document => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'quota', namespace: 'default' },
  spec: { hard },
});
const policyGroup = 'admissionregistration.k8s.io/v1';

/** What happens to the cluster between the pods. */
const CHANGES: readonly ((server: TestServer) => unknown)[] = [
  (server) =>
    server.create({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'range', namespace: 'default' },
      spec: { limits: [{ type: 'Container', default: { memory: '64Mi' }, max: { cpu: '2' } }] },
    }),
  (server) => server.delete('v1', 'LimitRange', 'range', 'default'),
  (server) => {
    const { object, code } = server.create(quota({ pods: '3' }));
    if (code !== 201) return;
    server.update({ ...(object as unknown as Document), status: { hard: { pods: '3' }, used: { pods: '0' } } }, STATUS);
  },
  (server) => server.delete('v1', 'ResourceQuota', 'quota', 'default'),
  (server) => label(server, { 'pod-security.kubernetes.io/enforce': 'baseline' }),
  (server) => label(server, { 'pod-security.kubernetes.io/warn': 'restricted' }),
  (server) => label(server, {}),
  (server) =>
    server.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'other', namespace: 'default' } }),
  (server) => server.delete('v1', 'ServiceAccount', 'other', 'default'),
  (server) =>
    server.create({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'default' },
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'pull' }],
    }),
  (server) => server.delete('v1', 'ServiceAccount', 'default', 'default'),
  (server) => priorityClass(server, 'high', 1000, false),
  (server) => priorityClass(server, 'usual', 10, true),
  (server) => server.delete('scheduling.k8s.io/v1', 'PriorityClass', 'usual'),
  (server) =>
    server.create({
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: 'sandboxed' },
      handler: 'x',
      overhead: { podFixed: { cpu: '10m' } },
    }),
  (server) => {
    const matchConstraints = {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    };
    const expression = "!object.metadata.generateName.startsWith('web') || object.metadata.uid == ''";
    server.create({
      apiVersion: policyGroup,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'p' },
      spec: { matchConstraints, validations: [{ expression }] },
    });
    server.create({
      apiVersion: policyGroup,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'p' },
      spec: { policyName: 'p', validationActions: ['Warn'] },
    });
  },
  (server) => server.delete(policyGroup, 'ValidatingAdmissionPolicyBinding', 'p'),
  (server) => void (server.world.clock.now += 1000),
  // The next names are taken.
  ...[1, 3, 9].map((count) => (server: TestServer) => takeNames(server, count)),
];

const STATUS = { subresource: 'status' };
const SUFFIXES = suffixesOf('web-');

function takeNames(server: TestServer, count: number): void {
  const made = server.world.store.list('pods').length;
  for (let i = 0; i < count; i++)
    server.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `web-${SUFFIXES(made + i)}`, namespace: 'default' },
      spec: { containers: [CONTAINER] },
    });
}

function label(server: TestServer, labels: Json): void {
  server.update({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', labels } });
}

function priorityClass(server: TestServer, name: string, value: number, globalDefault: boolean): void {
  server.create({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value,
    globalDefault,
  });
}

type Step =
  | { readonly change: number }
  | { readonly spec: number; readonly metadata: number; readonly count: number; readonly isDefaulted: boolean };

const some = (count: number) => fc.array(fc.nat(count - 1), { minLength: 1, maxLength: 2 });

/** Runs in which few kinds of pods are made again and again. */
const steps = fc
  .record({ specs: some(SPECS.length), metadata: some(METADATA.length), isDefaulted: fc.boolean() })
  .chain(({ specs, metadata, isDefaulted }) =>
    fc.array(
      fc.oneof(
        fc.record({ change: fc.nat(CHANGES.length - 1) }),
        fc.record({
          spec: fc.constantFrom(...specs),
          metadata: fc.constantFrom(...metadata),
          count: fc.integer({ min: 1, max: 4 }),
          isDefaulted: fc.constant(isDefaulted),
        }),
      ),
      { minLength: 2, maxLength: 14 },
    ),
  );

interface Template extends KubeObject {
  readonly spec: { readonly template: { readonly spec: { readonly hostname?: string } } };
}

/** The specs as a ReplicaSet in the store holds them, with defaults, and as they were sent. */
function specsOf(server: TestServer): readonly (readonly [stored: object, sent: object])[] {
  return SPECS.map((spec, i) => {
    const { object } = server.create({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: `rs-${i}`, namespace: 'default' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { ...spec, terminationGracePeriodSeconds: 30 } },
      },
    });
    const stored = (object as unknown as Template).spec.template.spec;
    // One that no pod may have.
    const given = stored.hostname === 'h' ? { ...stored, hostname: 'Not valid' } : stored;
    return [given, structuredClone(given)];
  });
}

function run(sequence: readonly Step[], specOf: (spec: object) => object) {
  const server = new TestServer({}, ADMISSION_PLUGINS);
  const specs = specsOf(server);
  const answers: Answer[] = [];
  for (const step of sequence) {
    if ('change' in step) {
      CHANGES[step.change]!(server);
      continue;
    }
    for (let i = 0; i < step.count; i++) {
      const object: KubeObject & Json = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          namespace: 'default',
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'u', controller: true }],
          ...METADATA[step.metadata],
        },
        spec: specOf(specs[step.spec]![step.isDefaulted ? 0 : 1]),
        status: {},
      };
      answers.push(
        server.world.server.handle({
          verb: 'create',
          resource: 'pods',
          namespace: 'default',
          object,
          cause: { who: 'replicaset-controller' },
        }),
      );
    }
  }
  return { answers, events: server.world.store.events(1) };
}

const alike = suite('create alike');

alike('pods of one template come out as if each had gone through all the steps', () => {
  fc.assert(
    fc.property(steps, (sequence: readonly Step[]) => {
      const fast = run(sequence, (spec) => spec);
      const plain = run(sequence, (spec) => structuredClone(spec));
      assert.is(JSON.stringify(fast), JSON.stringify(plain));
    }),
    { numRuns: 30 },
  );
});

alike('the second pod of a template shares what does not bear its name', () => {
  const pod: Step = { spec: 0, metadata: 0, count: 2, isDefaulted: true };
  const [first, second] = run([pod], (spec) => spec).answers.map((answer) => answer.ok && (answer.object as PodLike));
  assert.ok(first && second);
  assert.is(second.status, first.status);
  assert.is(second.metadata.labels, first.metadata.labels);
  assert.is.not(second.spec.volumes[0]?.name, first.spec.volumes[0]?.name);
  assert.is(second.spec.volumes[0]?.projected, first.spec.volumes[0]?.projected);
});

interface PodLike extends KubeObject {
  readonly spec: { readonly volumes: readonly { readonly name: string; readonly projected: object }[] };
  readonly status: object;
}

alike.run();
