// Clusters that make no sense: a clear reason, no hang, no stack trace.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseManifests } from '../../../src/manifests/manifest.ts';
import { makePlan } from '../../../src/planner/make-plan.ts';
import { loadParts } from '../../../src/planner/parts.ts';
import { decidePod } from '../../../src/planner/scheduler/explain/decision.ts';
import { explainPod } from '../../../src/planner/scheduler/explain/explanation.ts';
import { makeNode, makePod } from './builders.ts';
import { clusterOf, verdicts } from './verdicts.ts';

const parts = await loadParts();
const bad = suite('bad input');

const node = (name: string, amounts: string): string => `
apiVersion: v1
kind: Node
metadata: {name: ${name}, labels: {kubernetes.io/hostname: ${name}}}
status: {allocatable: ${amounts}, capacity: ${amounts}, conditions: [{type: Ready, status: "True"}]}
`;
const pod = (more = ''): string => `
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers: [{name: c, image: x, resources: {requests: {cpu: 100m, memory: 64Mi}}}]${more}
`;
const GOOD = node('good', '{cpu: "4", memory: 8Gi, pods: "10"}');

function planned(
  cluster: readonly string[],
  manifest: string,
): { readonly told: readonly string[]; readonly on: readonly string[] } {
  const { plan } = makePlan({
    kubernetes: { version: '1.36', featureGates: {}, flags: {} },
    manifests: parseManifests('web.yaml', manifest).manifests,
    cluster: { objects: parseManifests('cluster.yaml', cluster.join('\n---\n')).manifests },
    defaultNamespace: 'default',
    parts,
  });
  const told = [
    ...plan.pending.map(({ message }) => message),
    ...plan.diagnostics.map(({ code, message }) => `${code}: ${message}`),
  ];
  return { told, on: plan.placements.map((placement) => placement.node) };
}

const CASES: readonly (readonly [
  what: string,
  cluster: readonly string[],
  manifest: string,
  on: readonly string[],
  told: RegExp | undefined,
])[] = [
  [
    'a node with less than nothing has no room',
    [node('bad', '{cpu: "-4", memory: "-8Gi", pods: "10"}')],
    pod(),
    [],
    /^0\/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory\. no new claims to deallocate, preemption/,
  ],
  [
    'a node with more than can be counted stands beside others',
    [node('absurd', '{cpu: 7Ei, memory: 16Ei, pods: "9223372036854775807"}'), GOOD],
    pod(),
    ['good'],
    undefined,
  ],
  [
    'a node with amounts that are none is named and left out',
    [node('bad', '{cpu: many, memory: 8Gi, pods: "10"}'), GOOD],
    pod(),
    ['good'],
    /^InvalidInventory: .*quantities must match the regular expression/,
  ],
  [
    'a node with less than nothing is told of',
    [node('bad', '{cpu: "-4", memory: 8Gi, pods: "10"}'), GOOD],
    pod(),
    ['good'],
    /^ContradictoryCluster: no cluster holds such a node: Invalid value: "-4": must be greater than or equal to 0$/,
  ],
  [
    'a node with places for half a pod is told of',
    [node('half', '{cpu: "4", memory: 8Gi, pods: "1.5"}')],
    pod(),
    ['half'],
    /^ContradictoryCluster: no cluster holds such a node: Invalid value: "1500m": must be an integer$/,
  ],
  [
    'a node with labels that are none is told of',
    [GOOD.replace('labels: {', 'labels: {"": x, ')],
    pod(),
    ['good'],
    /^ContradictoryCluster: no cluster holds such a node: Invalid value: "": name part must be non-empty$/,
  ],
  [
    'a node without a name is told of',
    [node('""', '{}'), GOOD],
    pod(),
    ['good'],
    /^ContradictoryCluster: .*Required value/,
  ],
  [
    'a class of devices that is not there is named',
    [GOOD],
    `
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata: {name: c}
spec: {devices: {requests: [{name: r, exactly: {deviceClassName: nope}}]}}`,
    [],
    /^DanglingReference: DeviceClass nope does not exist$/,
  ],
  [
    'a storage class that is not there is named',
    [GOOD],
    `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: c}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: nope}`,
    [],
    /^DanglingReference: StorageClass nope does not exist$/,
  ],
  [
    'a storage class that only volumes name will do',
    [
      GOOD,
      `
apiVersion: v1
kind: PersistentVolume
metadata: {name: pv}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: manual, hostPath: {path: /x}}`,
    ],
    `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: c}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: manual}`,
    [],
    undefined,
  ],
  [
    'a volume that is not there is named',
    [GOOD],
    `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: c}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: "", volumeName: nope}`,
    [],
    /^DanglingReference: PersistentVolume nope does not exist$/,
  ],
  [
    'a claim of devices that is not there is named',
    [GOOD],
    pod('\n  resourceClaims: [{name: gpu, resourceClaimName: nope}]'),
    [],
    /^its ResourceClaim nope does not exist$/,
  ],
  [
    'a scheduler that is not there is named',
    [GOOD],
    pod('\n  schedulerName: nope'),
    [],
    /^its scheduler nope is not simulated: there is default-scheduler$/,
  ],
  ['a pod bound to a node that is not there goes', [GOOD], pod('\n  nodeName: gone'), [], /^RemovedAgain: /],
  [
    'a described pod on a node that is not there is told of',
    [GOOD, pod('\n  nodeName: gone').replace('name: p}', 'name: q}')],
    pod(),
    ['good'],
    /^ContradictoryCluster: runs on node gone, which does not exist/,
  ],
  [
    'a claim that is not there is named',
    [GOOD],
    pod('\n  volumes: [{name: v, persistentVolumeClaim: {claimName: nope}}]'),
    [],
    /^0\/1 nodes are available: persistentvolumeclaim "nope" not found\./,
  ],
  [
    'an affinity that contradicts itself matches nothing',
    [GOOD],
    pod(
      '\n  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}, {key: a, operator: DoesNotExist}]}]}}}',
    ),
    [],
    /^0\/1 nodes are available: 1 node\(s\) didn't match Pod's node affinity\/selector\./,
  ],
];

for (const [what, cluster, manifest, on, told] of CASES)
  bad(what, () => {
    const result = planned(cluster, manifest);
    assert.equal(result.on, on);
    if (told)
      assert.ok(
        result.told.some((text) => told.test(text)),
        result.told.join('\n'),
      );
    else assert.equal(result.told, []);
  });

const term = (i: number) => ({
  labelSelector: { matchLabels: { app: `a${i}` } },
  topologyKey: 'kubernetes.io/hostname',
});
const many = Array.from({ length: 10_000 }, (_, i) => i);

/** Of the processor, so that a busy machine does not count. */
function seconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const LARGE = [
  [
    '10,000 terms of anti-affinity keep nobody away whom they do not name',
    { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: many.map(term) } },
    { a: 'ok', b: 'ok' },
  ],
  [
    '10,000 terms of affinity that nobody meets refuse every node',
    { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: many.map(term) } },
    {
      a: "InterPodAffinity!: node(s) didn't match pod affinity rules",
      b: "InterPodAffinity!: node(s) didn't match pod affinity rules",
    },
  ],
  [
    '10,000 terms of node affinity are alternatives',
    {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: many.map((i) => ({
            matchExpressions: [
              { key: 'kubernetes.io/hostname', operator: 'In', values: [i === 9_999 ? 'b' : `x${i}`] },
            ],
          })),
        },
      },
    },
    { a: "NodeAffinity!: node(s) didn't match Pod's node affinity/selector", b: 'ok' },
  ],
] as const;

for (const [what, affinity, expected] of LARGE)
  bad(what, () => {
    const things = [makeNode('a'), makeNode('b'), makePod('q').labels({ app: 'other' }).on('a')];
    const spent = seconds(() => assert.equal(verdicts(things, makePod('p').spec({ affinity })), expected));
    assert.ok(spent < 5, `it took ${spent} s`);
  });

const DEVICES = `
apiVersion: resource.k8s.io/v1
kind: DeviceClass
metadata: {name: gpu}
spec: {}
---
apiVersion: resource.k8s.io/v1
kind: ResourceSlice
metadata: {name: s}
spec:
  driver: d.example.com
  pool: {name: p, generation: 1, resourceSliceCount: 1}
  nodeName: good
  devices: [${many
    .slice(0, 64)
    .map((i) => `{name: d${i}, attributes: {a: {int: ${i % 2}}}}`)
    .join(', ')}]
`;

bad('devices of which no combination will do: the search ends, and is not made again', () => {
  const manifest = `
apiVersion: resource.k8s.io/v1
kind: ResourceClaim
metadata: {name: c}
spec:
  devices:
    requests:
      - {name: many, exactly: {deviceClassName: gpu, count: 16}}
      - {name: none, exactly: {deviceClassName: gpu, count: 16, selectors: [{cel: {expression: "device.attributes['d.example.com'].a == 7"}}]}}
---${pod('\n  resourceClaims: [{name: gpu, resourceClaimName: c}]')}`;
  let told: readonly string[] = [];
  const spent = seconds(() => {
    ({ told } = planned([GOOD, DEVICES], manifest));
  });
  assert.is(told[0], 'running "DynamicResources" filter plugin: node good: timed out trying to allocate devices');
  assert.ok(spent < 5, `it took ${spent} s`);
});

bad('10,000 taints: the first of them are told', () => {
  const taints = many.map((i) => ({ key: `k${i}`, value: 'v', effect: 'NoSchedule' }));
  const things = ['a', 'b', 'c'].map((name) => makeNode(name).taints(...taints));
  const spent = seconds(() => {
    const { rejections, remedies } = explainPod(clusterOf(things).framework, makePod('p').info());
    const [first] = rejections;
    assert.equal(first?.obstacles[0]?.details.slice(-2), ['taint k19=v:NoSchedule', '9980 more']);
    assert.equal(remedies, []);
  });
  assert.ok(spent < 5, `it took ${spent} s`);
});

bad('a score that no node can have is an error of the pod', () => {
  const { message, node: on } = decidePod(
    clusterOf([makeNode('a').allocatable({ cpu: '-1', memory: '1Gi' }), makeNode('b')]).framework,
    makePod('p').requests({ memory: '1Mi' }).info(),
  );
  assert.match(message ?? `on ${on}`, /plugin "NodeResourcesFit" returns an invalid score|^on b$/);
});

bad.run();
