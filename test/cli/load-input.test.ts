// How large a file may be: a described cluster larger than manifests, and neither without an end.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CommandInput } from '../../src/cli/command.ts';
import type { Io } from '../../src/cli/io.ts';
import { loadInput } from '../../src/cli/load-input.ts';
import { locate, MAX_FILE_SIZES } from '../../src/manifests/manifest.ts';

const load = suite('loading of input');

const MIB = 1024 * 1024;
const SIZES = { manifests: MIB / 2, cluster: MIB };

/** A config map of about that many characters. */
function configMap(size: number): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  text: ${'x'.repeat(size)}\n`;
}

function ioOf(files: Readonly<Record<string, string>>): Io {
  return {
    files: {
      kind: (path: string) => (path in files ? 'file' : 'missing'),
      read: (path: string) => files[path] ?? '',
      names: () => [],
      stdin: () => '',
    },
  } as unknown as Io; // reading input takes no more
}

async function messagesOf(files: Readonly<Record<string, string>>, given: CommandInput): Promise<readonly string[]> {
  const { diagnostics } = await loadInput(given, ioOf(files), { sizes: SIZES });
  return diagnostics.map(({ code, message, source }) => `${source?.file}: ${code} ${message}`);
}

const CASES: readonly (readonly [what: string, manifest: number, cluster: number, expected: readonly string[]])[] = [
  ['files below their limits are read', 0.4, 0.9, []],
  ['manifests above theirs are refused', 0.6, 0.9, ['m.yaml: FileTooLarge file is larger than 0.5 MiB']],
  ['a cluster above its own is refused', 0.4, 1.1, ['c.yaml: FileTooLarge file is larger than 1 MiB']],
];

for (const [what, manifest, cluster, expected] of CASES)
  load(what, async () => {
    const files = { 'm.yaml': configMap(manifest * MIB), 'c.yaml': configMap(cluster * MIB) };
    const given = { options: { filename: ['m.yaml'], cluster: 'c.yaml' }, arguments: [] };
    assert.equal(await messagesOf(files, given), expected);
  });

load('manifests may have 64 MiB, a described cluster 512, and is read piece by piece from 256 KiB on', () => {
  assert.equal(MAX_FILE_SIZES, { manifests: 64 * MIB, cluster: 512 * MIB, pieces: MIB / 4 });
});

const POD_CIDRS: readonly (readonly [what: string, spec: string, expected: string])[] = [
  ['a small cluster has the network that most have', '{nodes: [{name: node, count: 256}]}', '10.244.0.0/16'],
  ['one with more nodes than that has blocks has a wider one', '{nodes: [{name: node, count: 257}]}', '10.128.0.0/9'],
  ['a network that is named counts', '{podCIDR: 10.0.0.0/16, nodes: [{name: node, count: 257}]}', '10.0.0.0/16'],
];

for (const [what, spec, expected] of POD_CIDRS)
  load(`pods' addresses: ${what}`, async () => {
    const io = ioOf({ 'c.yaml': `{apiVersion: kubeplan.dev/v1, kind: Cluster, spec: ${spec}}` });
    const given = { options: { cluster: 'c.yaml' }, arguments: [] };
    const { input } = await loadInput(given, io, { needsManifests: false });
    assert.is(input.kubernetes.flags['cluster-cidr'], expected);
  });

load('objects of a cluster file have their places in it, and one that is none is told of with its line', async () => {
  const cluster = `apiVersion: kubeplan.dev/v1
kind: Cluster
spec:
  nodes: [{name: node}]
  objects:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: a}
  - {apiVersion: v1, metadata: {name: b}}
`;
  const given = { options: { cluster: 'c.yaml' }, arguments: [] };
  const { input, diagnostics } = await loadInput(given, ioOf({ 'c.yaml': cluster }), { needsManifests: false });
  const { file, objects = [] } = input.cluster ?? {};
  assert.equal(file?.spec, { nodes: [{ name: 'node' }] });
  assert.equal(
    objects.map((manifest) => [manifest.name, locate(manifest).line, locate(manifest, 'metadata.name').line]),
    [['a', 6, 8]],
  );
  assert.equal(
    diagnostics.map(({ code, source }) => [code, source?.line]),
    [['MissingKind', 9]],
  );
});

load.run();
