// Which nodes have devices for a pod's claims. The verdicts are those of kube-scheduler v1.36.3 for the same objects.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import { loadCel } from '../../../../src/apiserver/cel/loaded.ts';
import { parseManifests } from '../../../../src/manifests/manifest.ts';
import { makePlan } from '../../../../src/planner/make-plan.ts';
import { loadParts } from '../../../../src/planner/parts.ts';
import { DEFAULT_PROFILE, type Profile } from '../../../../src/planner/scheduler/profile/profile.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../../../src/schema/generated/types/resource-v1.ts';
import { makeNode, makePod } from '../builders.ts';
import { scores, type Things, verdicts } from '../verdicts.ts';

await loadCel();
const devices = suite('DynamicResources');

const V = 'resource.k8s.io/v1';
const DRIVER = 'gpu.example.com';
const object = (value: object): KubeObject => value as KubeObject;

type Json = Readonly<Record<string, unknown>>;

function device(name: string, model: string, more: Json = {}): Json {
  return { name, attributes: { model: { string: model } }, capacity: { memory: { value: '40Gi' } }, ...more };
}

function slice(node: string, list: readonly Json[], spec: Json = {}): KubeObject {
  const pool = { name: node, generation: 1, resourceSliceCount: 1 };
  return object({
    apiVersion: V,
    kind: 'ResourceSlice',
    metadata: { name: `${node}-slice` },
    spec: { driver: DRIVER, pool, nodeName: node, devices: list, ...spec },
  });
}

const CLASS = object({
  apiVersion: V,
  kind: 'DeviceClass',
  metadata: { name: 'gpu' },
  spec: { selectors: [{ cel: { expression: 'device.driver == "gpu.example.com"' } }] },
});

function exactly(more: Json = {}): Json {
  return { deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1, ...more };
}

function claim(name: string, requests: readonly Json[], more: Json = {}, status: Json = {}): KubeObject {
  const spec = { devices: { requests, ...more } };
  return object({
    apiVersion: V,
    kind: 'ResourceClaim',
    metadata: { name, namespace: 'default', uid: `uid-${name}` },
    spec,
    status,
  });
}

const held = (node: string, name: string, more: Json = {}): Json => ({
  allocation: { devices: { results: [{ request: 'r', driver: DRIVER, pool: node, device: name }] }, ...more },
});

const one = (more: Json = {}): KubeObject => claim('mine', [{ name: 'r', exactly: exactly(more) }]);
const select = (expression: string): Json => ({ selectors: [{ cel: { expression } }] });

const NODES = [makeNode('a'), makeNode('b')];
const NO = 'DynamicResources!: cannot allocate all claims';
const pod = makePod('p').spec({ resourceClaims: [{ name: 'c', resourceClaimName: 'mine' }] });

const CASES: readonly (readonly [what: string, things: Things, expected: Readonly<Record<string, string>>])[] = [
  [
    'only a node with a device of the class will do',
    [CLASS, slice('a', [device('d', 'x')]), one()],
    { a: 'ok', b: NO },
  ],
  [
    'an expression chooses among the attributes of devices',
    [
      CLASS,
      slice('a', [device('d', 'small')]),
      slice('b', [device('d', 'large')]),
      one(select('device.attributes["gpu.example.com"].model == "large"')),
    ],
    { a: NO, b: 'ok' },
  ],
  [
    'an expression chooses by capacity',
    [
      CLASS,
      slice('a', [device('d', 'x')]),
      one(select('device.capacity["gpu.example.com"].memory.compareTo(quantity("41Gi")) >= 0')),
    ],
    { a: NO, b: NO },
  ],
  ['a device is counted once', [CLASS, slice('a', [device('d', 'x')]), one({ count: 2 })], { a: NO, b: NO }],
  [
    'what another claim holds is gone',
    [CLASS, slice('a', [device('d', 'x')]), one(), claim('other', [], {}, held('a', 'd'))],
    { a: NO, b: NO },
  ],
  [
    'admin access takes nothing away and minds nobody',
    [CLASS, slice('a', [device('d', 'x')]), one({ adminAccess: true }), claim('other', [], {}, held('a', 'd'))],
    { a: 'ok', b: NO },
  ],
  [
    'a taint keeps claims off a device, a toleration lets them',
    [
      CLASS,
      slice('a', [device('d', 'x', { taints: [{ key: 'bad', effect: 'NoSchedule' }] })]),
      slice('b', [device('d', 'x', { taints: [{ key: 'old', effect: 'NoExecute' }] })]),
      one({ tolerations: [{ key: 'old', operator: 'Exists' }] }),
    ],
    { a: NO, b: 'ok' },
  ],
  [
    'devices must agree on an attribute',
    [
      CLASS,
      slice('a', [device('d', 'x'), device('e', 'y')]),
      slice('b', [device('d', 'x'), device('e', 'y'), device('f', 'y')]),
      claim('mine', [{ name: 'r', exactly: exactly({ count: 2 }) }], {
        constraints: [{ matchAttribute: 'gpu.example.com/model' }],
      }),
    ],
    { a: NO, b: 'ok' },
  ],
  [
    'devices must differ in an attribute',
    [
      CLASS,
      slice('a', [device('d', 'x'), device('e', 'x')]),
      slice('b', [device('d', 'x'), device('e', 'y')]),
      claim('mine', [{ name: 'r', exactly: exactly({ count: 2 }) }], {
        constraints: [{ distinctAttribute: 'gpu.example.com/model' }],
      }),
    ],
    { a: NO, b: 'ok' },
  ],
  [
    'partitions draw on the counters of their pool',
    [
      CLASS,
      slice(
        'a',
        ['d', 'e'].map((name) =>
          device(name, 'x', { consumesCounters: [{ counterSet: 's', counters: { mem: { value: '20Gi' } } }] }),
        ),
        { pool: { name: 'a', generation: 1, resourceSliceCount: 2 } },
      ),
      object({
        apiVersion: V,
        kind: 'ResourceSlice',
        metadata: { name: 'a-counters' },
        spec: {
          driver: DRIVER,
          pool: { name: 'a', generation: 1, resourceSliceCount: 2 },
          nodeName: 'a',
          sharedCounters: [{ name: 's', counters: { mem: { value: '30Gi' } } }],
        },
      }),
      one(),
      claim('other', [], {}, held('a', 'd')),
    ],
    { a: NO, b: NO },
  ],
  [
    'a shared device gives away its capacity piece by piece',
    [
      CLASS,
      slice('a', [device('d', 'x', { allowMultipleAllocations: true })]),
      slice('b', [device('d', 'x', { allowMultipleAllocations: true })]),
      one({ capacity: { requests: { memory: '30Gi' } } }),
      claim(
        'other',
        [],
        {},
        {
          allocation: {
            devices: {
              results: [
                {
                  request: 'r',
                  driver: DRIVER,
                  pool: 'a',
                  device: 'd',
                  shareID: 's',
                  consumedCapacity: { memory: '20Gi' },
                },
              ],
            },
          },
        },
      ),
    ],
    { a: NO, b: 'ok' },
  ],
  [
    'all devices means that there must be one, and none in use',
    [CLASS, slice('a', [device('d', 'x')]), one({ allocationMode: 'All', count: undefined })],
    { a: 'ok', b: NO },
  ],
  [
    'devices that every node can reach',
    [CLASS, slice('net', [device('d', 'x')], { nodeName: undefined, allNodes: true }), one()],
    { a: 'ok', b: 'ok' },
  ],
  [
    'a pool that is not complete yet gives nothing',
    [CLASS, slice('a', [device('d', 'x')], { pool: { name: 'a', generation: 1, resourceSliceCount: 2 } }), one()],
    { a: NO, b: NO },
  ],
  [
    'two devices of one name make a pool invalid',
    [CLASS, slice('a', [device('d', 'x'), device('d', 'y')]), one()],
    { a: 'DynamicResources!: invalid resource pools were encountered', b: NO },
  ],
  [
    'an allocated claim keeps the pod to where its devices are',
    [
      CLASS,
      claim(
        'mine',
        [],
        {},
        held('b', 'd', {
          nodeSelector: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }],
          },
        }),
      ),
    ],
    { a: 'DynamicResources!: resourceclaim not available on the node', b: 'ok' },
  ],
  ['a claim that is not there holds the pod back', [CLASS], { '*': 'could not find ResourceClaim "default/mine"' }],
  ['a class that is not there refuses the pod', [one()], { '*': 'request r: device class gpu does not exist' }],
];

for (const [what, things, expected] of CASES)
  devices(what, () => assert.equal(verdicts([...NODES, ...things], pod), expected));

devices('an expression that fails on a device fails the pod', () => {
  const things = [
    CLASS,
    slice('a', [device('d', 'x')]),
    one(select('device.attributes["gpu.example.com"].absent == 1')),
  ];
  assert.equal(verdicts([...NODES, ...things], pod), {
    '*': 'running "DynamicResources" filter plugin: claim default/mine: selector #0: CEL runtime error: no such key: absent',
  });
});

devices('the first alternative that is there counts most', () => {
  const wanted = (name: string, model: string): Json => ({
    name,
    ...exactly(select(`device.attributes["gpu.example.com"].model == "${model}"`)),
  });
  const things = [
    CLASS,
    slice('a', [device('d', 'small')]),
    slice('b', [device('d', 'large')]),
    claim('mine', [{ name: 'r', firstAvailable: [wanted('best', 'large'), wanted('good', 'small')] }]),
  ];
  assert.equal(scores('DynamicResources', [...NODES, ...things], pod), { a: 174, b: 200 });
});

const CLUSTER = `
apiVersion: v1
kind: Node
metadata: {name: a, labels: {kubernetes.io/hostname: a}}
status: {allocatable: {cpu: "4", memory: 8Gi, pods: "10"}, capacity: {cpu: "4", memory: 8Gi, pods: "10"}, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: resource.k8s.io/v1
kind: ResourceSlice
metadata: {name: a-slice}
spec:
  driver: gpu.example.com
  pool: {name: a, generation: 1, resourceSliceCount: 1}
  nodeName: a
  devices: [{name: d0}, {name: d1}]
---
apiVersion: resource.k8s.io/v1
kind: DeviceClass
metadata: {name: gpu}
spec: {extendedResourceName: example.com/gpu, selectors: [{cel: {expression: 'device.driver == "gpu.example.com"'}}]}
`;

async function planned(manifests: string, cluster = CLUSTER) {
  return makePlan({
    kubernetes: { version: '1.36', featureGates: {}, flags: {} },
    manifests: parseManifests('web.yaml', manifests).manifests,
    cluster: { objects: parseManifests('cluster.yaml', cluster).manifests },
    defaultNamespace: 'default',
    parts: await loadParts(),
  });
}

devices('pods get claims from a template, then devices, until there are none left', async () => {
  const { plan, world } = await planned(`
apiVersion: resource.k8s.io/v1
kind: ResourceClaimTemplate
metadata: {name: t}
spec: {spec: {devices: {requests: [{name: r, exactly: {deviceClassName: gpu}}]}}}
---
${['p0', 'p1', 'p2']
  .map(
    (name) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  resourceClaims: [{name: c, resourceClaimTemplateName: t}]
  containers: [{name: main, image: nginx, resources: {claims: [{name: c}]}}]
`,
  )
  .join('---\n')}`);
  assert.equal(
    plan.placements.map(({ pod: of, node }) => `${of.name} ${node}`),
    ['p0 a', 'p1 a'],
  );
  assert.equal(
    plan.pending.map(({ pod: of, message }) => `${of.name} ${message}`),
    [
      'p2 0/1 nodes are available: 1 cannot allocate all claims. still not schedulable, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
    ],
  );
  const claims = world.store.list('resourceclaims.resource.k8s.io') as unknown as ResourceClaim[];
  const taken = claims.flatMap(
    ({ status }) => status.allocation?.devices.results?.map(({ device: name }) => name) ?? [],
  );
  assert.equal(taken.sort(), ['d0', 'd1']);
  assert.equal(claims.map(({ status }) => status.reservedFor?.[0]?.name ?? '-').sort(), ['-', 'p0', 'p1']);
});

devices('a class provides an extended resource that the node does not have', async () => {
  const { plan, world } = await planned(`
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers: [{name: main, image: nginx, resources: {limits: {example.com/gpu: 2}}}]
`);
  assert.equal(
    plan.placements.map(({ node }) => node),
    ['a'],
  );
  const stored = world.store.get('pods', 'default', 'p') as unknown as Pod;
  assert.equal(stored.status?.extendedResourceClaimStatus?.requestMappings, [
    { containerName: 'main', resourceName: 'example.com/gpu', requestName: 'container-0-request-0' },
  ]);
});

devices('a node with the extended resource itself cannot be bound by a pod that has claims too', async () => {
  const own = CLUSTER.replaceAll('pods: "10"', 'pods: "10", example.com/gpu: "2"');
  const { plan, world } = await planned(
    `
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata: {name: mine}
spec: {devices: {requests: [{name: r, exactly: {deviceClassName: gpu}}]}}
---
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  resourceClaims: [{name: c, resourceClaimName: mine}]
  containers: [{name: main, image: nginx, resources: {limits: {example.com/gpu: 2}, claims: [{name: c}]}}]
`,
    own,
  );
  assert.match(
    plan.pending[0]?.message ?? '',
    'running PreBind plugin "DynamicResources": nil or empty request mappings, no update of pod default/p ExtendedResourceClaimStatus',
  );
  const claims = world.store.list('resourceclaims.resource.k8s.io') as unknown as ResourceClaim[];
  assert.equal(
    claims.map(({ metadata, status }) => [metadata.name, status.reservedFor ?? []]),
    [['mine', []]],
  );
});

const scored = suite('devices in the scores of node resources');

const GPU = object({
  apiVersion: V,
  kind: 'DeviceClass',
  metadata: { name: 'gpu' },
  spec: {
    extendedResourceName: 'example.com/gpu',
    selectors: [{ cel: { expression: 'device.attributes["gpu.example.com"].model == "x"' } }],
  },
});

/** Node a has two devices of the class, b four of which two are taken, c four of its own that no class provides. */
const SUPPLY: Things = [
  GPU,
  makeNode('a'),
  makeNode('b'),
  makeNode('c').allocatable({ cpu: '4', memory: '16Gi', pods: '110', 'example.com/gpu': '4' }),
  slice('a', [device('d0', 'x'), device('d1', 'x'), device('d2', 'y')]),
  slice(
    'b',
    ['d0', 'd1', 'd2', 'd3'].map((name) => device(name, 'x')),
  ),
  claim('one', [{ name: 'r', exactly: exactly() }], {}, held('b', 'd0')),
  claim('two', [{ name: 'r', exactly: exactly() }], {}, held('b', 'd1')),
];

const withResources = (names: readonly string[]): Profile => {
  const resources = names.map((name) => ({ name, weight: 1 }));
  const scoringStrategy = { type: 'LeastAllocated', resources } as const;
  return { ...DEFAULT_PROFILE, args: { ...DEFAULT_PROFILE.args, NodeResourcesFit: { scoringStrategy } } };
};

for (const [what, names, more, asked, want] of [
  ['free devices of the class count', ['example.com/gpu'], [], 'example.com/gpu', { a: 50, b: 25, c: 75 }],
  [
    'devices that every node can reach count for each',
    ['example.com/gpu'],
    [slice('all', [device('s', 'x'), device('t', 'x')], { nodeName: undefined, allNodes: true })],
    'example.com/gpu',
    { a: 75, b: 50, c: 75 },
  ],
  ['a pod that asks for none is scored without', ['example.com/gpu'], [], undefined, { a: 0, b: 0, c: 0 }],
  [
    'the name made from that of the class counts by itself',
    ['deviceclass.resource.kubernetes.io/gpu'],
    [],
    'deviceclass.resource.kubernetes.io/gpu',
    { a: 50, b: 25, c: undefined },
  ],
] as const)
  scored(what, () => {
    const asking = asked === undefined ? makePod('p') : makePod('p').requests({ [asked]: '1' });
    assert.equal(scores('NodeResourcesFit', [...SUPPLY, ...more], asking, withResources(names)), want);
  });

scored.run();

devices.run();
