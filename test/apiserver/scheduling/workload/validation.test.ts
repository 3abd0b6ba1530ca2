import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const GATES = { GenericWorkload: true };
const ALL = {
  ...GATES,
  GangScheduling: true,
  WorkloadAwarePreemption: true,
  TopologyAwareWorkloadScheduling: true,
  DRAWorkloadResourceClaims: true,
};
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

function workload(spec: Json): Document {
  return {
    apiVersion: 'scheduling.k8s.io/v1alpha2',
    kind: 'Workload',
    metadata: { name: 'w', namespace: 'default' },
    spec,
  };
}

const template = (name: string): Json => ({ name, schedulingPolicy: { basic: {} } });

const workloads = suite('Workload');

for (const { title, gates = GATES, spec, causes } of [
  { title: 'without templates', spec: {}, causes: ['spec.podGroupTemplates: Required value'] },
  {
    title: 'with nine templates',
    spec: { podGroupTemplates: [...'abcdefghi'].map(template) },
    causes: ['spec.podGroupTemplates: Too many: 9: must have at most 8 items'],
  },
  {
    title: 'names of the controller, a template twice, and what is wrong with each',
    spec: {
      podGroupTemplates: [
        { name: 'a', schedulingPolicy: { gang: { minCount: 0 } } },
        template('a'),
        { name: 'X', schedulingPolicy: {} },
      ],
      controllerRef: { apiGroup: 'A_', kind: 'a/b', name: '' },
    },
    causes: [
      `spec.controllerRef.apiGroup: Invalid value: "A_": ${SUBDOMAIN}`,
      `spec.controllerRef.kind: Invalid value: "a/b": may not contain '/'`,
      'spec.controllerRef.name: Required value',
      'spec.podGroupTemplates[1]: Duplicate value: {"name":"a","schedulingPolicy":{"basic":{}},"schedulingConstraints":null}',
      'spec.podGroupTemplates[0].schedulingPolicy.gang.minCount: Required value',
      `spec.podGroupTemplates[2].name: Invalid value: "X": ${LABEL}`,
      'spec.podGroupTemplates[2].schedulingPolicy: Invalid value: "": must specify one of: `basic`, `gang`',
    ],
  },
  {
    title: 'the fields of gates that are on',
    gates: ALL,
    spec: {
      podGroupTemplates: [
        {
          name: 'a',
          schedulingPolicy: { gang: { minCount: 2 } },
          disruptionMode: 'Foo',
          priority: 2_000_000_000,
          priorityClassName: 'X',
          schedulingConstraints: { topology: [{ key: '' }] },
          resourceClaims: [{ name: 'x' }, {}, {}, {}, {}],
        },
      ],
    },
    causes: [
      'spec.podGroupTemplates[0].schedulingConstraints.topology[0].key: Required value',
      'spec.podGroupTemplates[0].resourceClaims: Too many: 5: must have at most 4 items',
      'spec.podGroupTemplates[0].disruptionMode: Unsupported value: "Foo": supported values: "Pod", "PodGroup"',
      `spec.podGroupTemplates[0].priorityClassName: Invalid value: "X": ${SUBDOMAIN}`,
      'spec.podGroupTemplates[0].priority: Invalid value: 2000000000: must be less than or equal to 1000000000',
    ],
  },
])
  workloads(title, () => assert.equal(new TestServer(gates).create(workload(spec)).causes, causes));

workloads('fields of gates that are off are dropped, also when they come later', () => {
  const server = new TestServer(GATES);
  const spec = { podGroupTemplates: [{ ...template('a'), priority: 3, disruptionMode: 'Foo' }] };
  assert.equal(server.create(workload(spec)).object['spec'], { podGroupTemplates: [template('a')] });
  assert.equal(server.update(workload(spec)).causes, []);
});

workloads('neither controller nor templates change', () => {
  const server = new TestServer(GATES);
  server.create(workload({ podGroupTemplates: [template('a')] }));
  const controllerRef = { kind: '', name: 'x' };
  assert.equal(server.update(workload({ controllerRef, podGroupTemplates: [] })).causes, [
    'spec.controllerRef: Invalid value: null: field is immutable',
    'spec.podGroupTemplates: Invalid value: null: field is immutable',
    'spec.podGroupTemplates: Required value',
  ]);
});

workloads.run();
