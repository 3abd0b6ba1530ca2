// A described cluster that is read piece by piece and decoded on the way gives the plan of the same cluster read as a whole.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Io } from '../../src/cli/io.ts';
import { loadInput, readOnce } from '../../src/cli/load-input.ts';
import { writeYaml } from '../../src/manifests/writer/write-yaml.ts';
import { makePlan } from '../../src/planner/make-plan.ts';
import { loadParts } from '../../src/planner/parts.ts';

type Value = Readonly<Record<string, unknown>>;

const condition = { type: 'Ready', status: 'True', lastTransitionTime: '2026-02-01T00:00:00Z', lastProbeTime: null };

function pod(name: string, more: Value = {}): Value {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', creationTimestamp: '2026-02-01T00:00:00Z', labels: { app: 'web' } },
    spec: {
      nodeName: 'n1',
      containers: [
        { name: 'app', image: 'app:1', resources: { requests: { cpu: '1000m', memory: '1024Mi' } }, env: [] },
      ],
      volumes: [{ name: 'tmp', emptyDir: {} }],
    },
    status: { phase: 'Running', podIP: '10.0.0.9', conditions: [condition] },
    ...more,
  };
}

const OBJECTS: readonly Value[] = [
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    status: { allocatable: { cpu: '8', memory: '16Gi', pods: '110' }, conditions: [{ type: 'Ready', status: 'True' }] },
  },
  pod('a'),
  pod('b'),
  pod('a'),
  pod('bad', { spec: 7 }),
  pod('unknown-field', { extra: true }),
  { apiVersion: 'v1', kind: 'Nonsense', metadata: { name: 'x' } },
  { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 't', namespace: 'default' }, spec: { size: 1 } },
  {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h', namespace: 'default' },
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
  },
  { apiVersion: 'v1', kind: 'List', items: [pod('inner')] },
  { kind: 'Pod', metadata: { name: 'nameless' } },
];
const LIST = { apiVersion: 'v1', items: OBJECTS, kind: 'List', metadata: { resourceVersion: '' } };
const YAML = writeYaml(LIST as never);
const JSON_TEXT = JSON.stringify(LIST, null, 4);
const NEW = `apiVersion: v1\nkind: Pod\nmetadata: {name: new}\nspec: {containers: [{name: app, image: app:1, resources: {requests: {cpu: 2}}}]}\n`;
const clusterOf = (version: string): string =>
  `apiVersion: kubeplan.dev/v1\nkind: Cluster\nspec: {kubernetesVersion: "${version}"}\n`;

/** The input as it is loaded when files are read as a whole, or in pieces. */
async function inputOf(files: Readonly<Record<string, string>>, inPieces: boolean) {
  const io = {
    files: {
      kind: (path: string) => (path === 'c' ? 'folder' : path in files ? 'file' : 'missing'),
      read: (path: string) => files[path] ?? '',
      names: () => Object.keys(files).flatMap((path) => (path.startsWith('c/') ? [path.slice(2)] : [])),
      stdin: () => '',
      open: (path: string) => {
        const bytes = Buffer.from(files[path] ?? '');
        return {
          size: bytes.length,
          read: (into: Uint8Array, at: number) => bytes.copy(into, 0, at),
          close: () => undefined,
        };
      },
    },
  } as unknown as Io; // reading input takes no more
  const given = { options: { filename: ['m.yaml'], cluster: 'c' }, arguments: [] };
  const sizes = { manifests: 1e6, cluster: 1e6, ...(inPieces ? { pieces: 1 } : {}) };
  return loadInput(given, io, { sizes });
}

const large = suite('a cluster in pieces');
const parts = await loadParts();
for (const [what, files] of [
  ['YAML', { 'c/list.yaml': YAML }],
  ['JSON', { 'c/list.json': JSON_TEXT }],
  ['YAML for an older version, which another file names', { 'c/list.yaml': YAML, 'c/z.yaml': clusterOf('1.34') }],
  ['JSON for an older version, which another file names', { 'c/list.json': JSON_TEXT, 'c/a.yaml': clusterOf('1.34') }],
  [
    'a Cluster with objects',
    {
      'c/cluster.json': JSON.stringify({ apiVersion: 'kubeplan.dev/v1', kind: 'Cluster', spec: { objects: OBJECTS } }),
    },
  ],
  ['documents', { 'c/all.yaml': OBJECTS.map((object) => writeYaml(object as never)).join('---\n') }],
] as const)
  large(`${what}: the plan is the same, problems with their places and the digest included`, async () => {
    const all = { ...files, 'm.yaml': NEW };
    const [whole, pieces] = [await inputOf(all, false), await inputOf(all, true)];
    assert.equal(pieces.diagnostics, whole.diagnostics);
    const { version } = whole.input.kubernetes;
    assert.ok(whole.input.cluster!.objects.every(({ decodedFor }) => decodedFor === undefined));
    const ahead = pieces.input.cluster!.objects.filter(({ decodedFor }) => decodedFor === version);
    assert.ok(ahead.length >= 6, `${ahead.length} decoded ahead`);
    const expected = makePlan({ ...whole.input, parts }).plan;
    assert.ok(expected.diagnostics.length > 3 && expected.placements.length > 0);
    // Twice from the same values, then once for all.
    for (const input of [pieces.input, pieces.input, readOnce(pieces.input)])
      assert.equal(makePlan({ ...input, parts }).plan, expected);
    assert.ok(pieces.input.cluster!.objects.every(({ value }) => Object.keys(value).length === 0));
  });
large.run();
