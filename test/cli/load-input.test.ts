// How large a file may be: a described cluster larger than manifests, and neither without an end.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CommandInput } from '../../src/cli/command.ts';
import type { Io } from '../../src/cli/io.ts';
import { loadInput } from '../../src/cli/load-input.ts';
import { MAX_FILE_SIZES } from '../../src/manifests/manifest.ts';

const load = suite('loading of input');

const MIB = 1024 * 1024;
const SIZES = { manifests: MIB / 2, cluster: MIB };

/** A config map of about that many characters. */
function configMap(size: number): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  text: ${'x'.repeat(size)}\n`;
}

async function messagesOf(files: Readonly<Record<string, string>>, given: CommandInput): Promise<readonly string[]> {
  const io = {
    files: {
      kind: (path: string) => (path in files ? 'file' : 'missing'),
      read: (path: string) => files[path] ?? '',
      names: () => [],
      stdin: () => '',
    },
  } as unknown as Io; // reading input takes no more
  const { diagnostics } = await loadInput(given, io, { sizes: SIZES });
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

load('manifests may have 64 MiB, a described cluster 512', () => {
  assert.equal(MAX_FILE_SIZES, { manifests: 64 * MIB, cluster: 512 * MIB });
});

load.run();
