import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ADMISSION_PLUGINS } from '../../../../src/apiserver/admission/chain/plugins.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const GANG = { gang: { minCount: 2 } };
const BASIC = { basic: {} };
const SOME = { GenericWorkload: true, GangScheduling: true };
const ALL = {
  ...SOME,
  WorkloadAwarePreemption: true,
  TopologyAwareWorkloadScheduling: true,
  DRAWorkloadResourceClaims: true,
};
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_NAME =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

function podGroup(spec: Json, fields: Json = {}): Document {
  return {
    apiVersion: 'scheduling.k8s.io/v1alpha2',
    kind: 'PodGroup',
    metadata: { name: 'g', namespace: 'default' },
    spec,
    ...fields,
  };
}

function workload(podGroupTemplates: readonly Json[]): Document {
  return {
    apiVersion: 'scheduling.k8s.io/v1alpha2',
    kind: 'Workload',
    metadata: { name: 'w', namespace: 'default' },
    spec: { podGroupTemplates },
  };
}

const creating = suite('PodGroup: creating');

for (const { title, gates = SOME, spec, causes } of [
  {
    title: 'without a policy',
    spec: {},
    causes: ['spec.schedulingPolicy: Invalid value: "": must specify one of: `basic`, `gang`'],
  },
  {
    title: 'with both policies, and a gang that says no size',
    spec: { schedulingPolicy: { gang: {}, basic: {} } },
    causes: [
      'spec.schedulingPolicy: Invalid value: "{basic, gang}": must specify exactly one of: `basic`, `gang`',
      'spec.schedulingPolicy.gang.minCount: Required value',
    ],
  },
  {
    title: 'a negative gang and an empty reference',
    spec: { schedulingPolicy: { gang: { minCount: -1 } }, podGroupTemplateRef: {} },
    causes: [
      'spec.podGroupTemplateRef: Invalid value: "": must specify one of: `workload`',
      'spec.schedulingPolicy.gang.minCount: Invalid value: -1: must be greater than or equal to 1',
    ],
  },
  {
    title: 'a reference to names that cannot be',
    spec: {
      schedulingPolicy: BASIC,
      podGroupTemplateRef: { workload: { workloadName: 'A_b', podGroupTemplateName: 'x.y' } },
    },
    causes: [
      `spec.podGroupTemplateRef.workload.workloadName: Invalid value: "A_b": ${SUBDOMAIN}`,
      'spec.podGroupTemplateRef.workload.podGroupTemplateName: Invalid value: "x.y": must not contain dots',
    ],
  },
  {
    title: 'fields whose gates are off are not looked at',
    spec: {
      schedulingPolicy: GANG,
      disruptionMode: 'Foo',
      priority: 7,
      priorityClassName: 'X',
      schedulingConstraints: { topology: [{ key: 'a b' }] },
      resourceClaims: [{}],
    },
    causes: [],
  },
  {
    title: 'too many topologies, claims of one name and from nowhere, an unknown mode',
    gates: ALL,
    spec: {
      schedulingPolicy: BASIC,
      disruptionMode: 'Foo',
      schedulingConstraints: { topology: [{ key: 'a' }, { key: 'b' }] },
      resourceClaims: [{ name: 'x' }, { name: 'x', resourceClaimName: 'A', resourceClaimTemplateName: 'b' }],
    },
    causes: [
      'spec.schedulingConstraints.topology: Too many: 2: must have at most 1 item',
      'spec.resourceClaims[1]: Duplicate value: {"name":"x","resourceClaimName":"A","resourceClaimTemplateName":"b"}',
      'spec.resourceClaims[0]: Invalid value: "": must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
      'spec.resourceClaims[1]: Invalid value: "{resourceClaimName, resourceClaimTemplateName}": must specify exactly one of: `resourceClaimName`, `resourceClaimTemplateName`',
      `spec.resourceClaims[1].resourceClaimName: Invalid value: "A": ${SUBDOMAIN}`,
      'spec.disruptionMode: Unsupported value: "Foo": supported values: "Pod", "PodGroup"',
    ],
  },
  {
    title: 'a topology that is no label',
    gates: ALL,
    spec: { schedulingPolicy: BASIC, schedulingConstraints: { topology: [{ key: 'a b' }] } },
    causes: [`spec.schedulingConstraints.topology[0].key: Invalid value: "a b": ${LABEL_NAME}`],
  },
  {
    title: 'a priority above those of users',
    gates: ALL,
    spec: { schedulingPolicy: BASIC, priority: 2_000_001_000 },
    causes: ['spec.priority: Invalid value: 2000001000: must be less than or equal to 1000000000'],
  },
])
  creating(title, () => assert.equal(new TestServer(gates).create(podGroup(spec)).causes, causes));

creating('what a gate keeps off is dropped, the default mode is read all the same', () => {
  const spec = {
    schedulingPolicy: GANG,
    priorityClassName: 'foo',
    schedulingConstraints: { topology: [{ key: 'z' }] },
  };
  const { object } = new TestServer(SOME, ADMISSION_PLUGINS).create(podGroup(spec));
  assert.equal(object['spec'], { schedulingPolicy: GANG, disruptionMode: 'Pod' });
  assert.equal(object.metadata.finalizers, ['scheduling.k8s.io/podgroup-protection']);
  assert.is(object.metadata.generation, undefined);
});

creating('the API takes both the gate and --runtime-config', () => {
  const { catalog } = new TestServer().world.server.options;
  assert.is(catalog.byKind('scheduling.k8s.io/v1alpha2', 'PodGroup'), undefined);
  assert.is(new TestServer(SOME).world.server.options.catalog.byName('podgroups.scheduling.k8s.io')?.kind, 'PodGroup');
});

creating.run();

const updating = suite('PodGroup: updating');

for (const { title, gates = SOME, spec, causes } of [
  {
    title: 'the policy, and the mode whose gate is off',
    spec: { schedulingPolicy: BASIC, disruptionMode: 'PodGroup', priority: 3 },
    causes: ['spec.schedulingPolicy: Invalid value: null: field is immutable', 'spec.disruptionMode: Forbidden'],
  },
  {
    title: 'a reference that comes late',
    spec: {
      schedulingPolicy: GANG,
      podGroupTemplateRef: { workload: { workloadName: 'w4', podGroupTemplateName: 'a' } },
    },
    causes: ['spec.podGroupTemplateRef: Invalid value: null: field is immutable'],
  },
  {
    title: 'everything that a gate turns on',
    gates: ALL,
    spec: {
      schedulingPolicy: GANG,
      disruptionMode: 'PodGroup',
      priority: 3,
      schedulingConstraints: { topology: [{ key: 'z' }] },
    },
    causes: [
      'spec.schedulingConstraints: Invalid value: null: field is immutable',
      'spec.disruptionMode: Invalid value: null: field is immutable',
      'spec.priority: Invalid value: null: field is immutable',
    ],
  },
])
  updating(title, () => {
    const server = new TestServer(gates);
    server.create(podGroup({ schedulingPolicy: GANG }));
    assert.equal(server.update(podGroup(spec)).causes, causes);
  });

updating('the status by itself, its conditions whole', () => {
  const server = new TestServer(SOME);
  const spec = { schedulingPolicy: GANG };
  server.create(podGroup(spec));
  const status = { conditions: [{ type: 'A', status: 'x' }], resourceClaimStatuses: [{ name: 'x' }] };
  assert.equal(server.update(podGroup(spec, { status }), { subresource: 'status' }).causes, [
    'status.conditions[0].status: Unsupported value: "x": supported values: "False", "True", "Unknown"',
    'status.conditions[0].lastTransitionTime: Required value',
    'status.conditions[0].reason: Required value',
  ]);
});

updating.run();

const admission = suite('PodGroup: admission');

const reference = (podGroupTemplateName: string) => ({
  schedulingPolicy: BASIC,
  podGroupTemplateRef: { workload: { workloadName: 'w', podGroupTemplateName } },
});

for (const { title, templates, wanted, message } of [
  {
    title: 'the Workload that it names is not there',
    templates: undefined,
    wanted: 'a',
    message: 'podgroups.scheduling.k8s.io "g" is forbidden: PodGroup rejected: Workload "w" not found',
  },
  {
    title: 'the Workload has no such template',
    templates: [{ name: 'b', schedulingPolicy: BASIC }],
    wanted: 'a',
    message:
      'podgroups.scheduling.k8s.io "g" is forbidden: PodGroup rejected: PodGroupTemplate "a" not found in Workload "w"',
  },
  { title: 'both are there', templates: [{ name: 'a', schedulingPolicy: BASIC }], wanted: 'a', message: '' },
])
  admission(title, () => {
    const server = new TestServer(SOME, ADMISSION_PLUGINS);
    if (templates) server.create(workload(templates));
    assert.is(server.create(podGroup(reference(wanted))).message, message);
  });

admission('the priority is that of the class', () => {
  const server = new TestServer(ALL, ADMISSION_PLUGINS);
  server.create({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'high' },
    value: 100,
  });
  const spec = { schedulingPolicy: BASIC, priorityClassName: 'high' };
  assert.is((server.create(podGroup(spec)).object['spec'] as Json)['priority'], 100);
  assert.is(
    server.create(podGroup({ schedulingPolicy: BASIC, priority: 7 })).message,
    'podgroups.scheduling.k8s.io "g" is forbidden: priority set in the pod group (7) must match the priority computed (0) based on the priority class set in the spec',
  );
});

admission('a Job whose group is a gang keeps its parallelism', () => {
  const server = new TestServer(SOME, ADMISSION_PLUGINS);
  server.create(podGroup({ schedulingPolicy: GANG }));
  const job = (parallelism: number): Document => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j', namespace: 'default' },
    spec: {
      parallelism,
      template: {
        spec: {
          restartPolicy: 'Never',
          schedulingGroup: { podGroupName: 'g' },
          containers: [{ name: 'c', image: 'x' }],
        },
      },
    },
  });
  const { object } = server.create(job(2));
  const spec = object['spec'] as Json;
  const changed = { ...object, metadata: { ...object.metadata }, spec: { ...spec, parallelism: 3 } };
  assert.is(
    server.update(changed as unknown as Document).message,
    'jobs.batch "j" is forbidden: cannot change parallelism for a Job referencing gang-scheduled PodGroup "g"',
  );
});

admission.run();
