// The submitted objects applied as kubectl apply does with --server-side, --prune or an ApplySet: by kubectl's own engine, with each request
// signed with the line of its manifest.
import type { Diagnostic, ObjectRef } from '../../apimachinery/diagnostic.ts';
import type { JsonMap } from '../../apimachinery/json.ts';
import { resourceNameOf } from '../../apiserver/resource.ts';
import { locate, type Manifest } from '../../manifests/manifest.ts';
import type { FileReader } from '../../manifests/read.ts';
import { submittedKey, type Wish } from '../changes/changes.ts';
import { writtenByUser } from '../operation.ts';
import type { World } from '../world.ts';
import { type Applied, type ApplyOptions, refusals, unknownKind } from './apply-manifests.ts';
import { runKubectl } from './kubectl/kubectl.ts';
import { namesOnly } from './kubectl/output/printer.ts';
import { inApplyOrder } from './order.ts';

export interface ApplyFlags {
  readonly serverSide?: boolean;
  readonly forceConflicts?: boolean;
  readonly fieldManager?: string;
  readonly prune?: boolean;
  /** Prunes among all objects that apply made. */
  readonly all?: boolean;
  readonly selector?: string;
  readonly pruneAllowlist?: readonly string[];
  readonly applySet?: string;
}

/** kubectl would not begin: its flags contradict each other. */
export class ApplyMisuse extends Error {}

/** The folder that stands for the manifests. */
const FOLDER = 'manifests';

export function applyWithFlags(
  world: World,
  manifests: readonly Manifest[],
  flags: ApplyFlags,
  options: ApplyOptions,
): Applied {
  const { server } = world;
  const { catalog } = server.options;
  const diagnostics: Diagnostic[] = [];
  const known = inApplyOrder(manifests).filter((manifest) => {
    if (catalog.byKind(manifest.apiVersion, manifest.kind)) return true;
    diagnostics.push(unknownKind(manifest, options.kubernetesVersion));
    return false;
  });
  const placed = known.map((manifest) => ({ manifest, namespace: namespaceOf(manifest, world, options) }));
  const byAddress = new Map(placed.map((entry) => [addressOf({ ...entry.manifest, ...entry }), entry] as const));
  const refused = new Set<string>();
  const args = argumentsOf(flags, options.defaultNamespace);
  const command = { file: `kubectl ${args.filter((word) => word !== '-f' && word !== FOLDER).join(' ')}` };
  const before = world.store.revision;

  const result = runKubectl(
    { args, files: asFiles(placed), env: { KUBECTL_APPLYSET: 'true' }, openFormat: namesOnly },
    {
      server,
      kubernetesVersion: options.kubernetesVersion,
      source: (object) => {
        const manifest = byAddress.get(addressOf(object))?.manifest;
        return manifest ? locate(manifest) : command;
      },
      onRefusal: (status, object) => {
        const address = addressOf(object);
        refused.add(address);
        const entry = byAddress.get(address);
        diagnostics.push(
          ...(entry
            ? refusals(entry.manifest, status, entry.namespace)
            : [{ severity: 'error' as const, code: status.reason || 'Refused', message: status.message, object }]),
        );
      },
    },
  );
  if (result.code !== 0 && refused.size === 0) {
    const { text, failures } = failuresIn(result.stderr, world.store.revision !== before);
    diagnostics.push(...failures);
    refused.add(text);
  }
  for (const [, message = ''] of result.stderr.matchAll(/^Warning: (.*)$/gm))
    diagnostics.push({ severity: 'warning', code: 'APIWarning', message });

  const submitted = new Map<string, Wish>(writtenByUser(world.store, before));
  for (const [address, { manifest, namespace }] of byAddress) {
    const resource = catalog.byKind(manifest.apiVersion, manifest.kind);
    const object = resource && !refused.has(address) && server.find(resource, namespace, manifest.name);
    if (object) submitted.set(submittedKey(resourceNameOf(resource), object), manifest);
  }
  return { submitted, replaced: new Map(), refused: refused.size + (manifests.length - known.length), diagnostics };
}

/** What kubectl failed with although nothing was refused. Throws ApplyMisuse where it did not even begin. */
function failuresIn(
  stderr: string,
  hasWritten: boolean,
): { readonly text: string; readonly failures: readonly Diagnostic[] } {
  const failures = stderr.split(/\n(?=error: |Error from server)/).filter((text) => /^(error|Error)/.test(text));
  const [first = stderr] = failures;
  const text = first.replace(/^error: /, '').trim();
  if (!hasWritten && !first.startsWith('Error from server')) throw new ApplyMisuse(text);
  return {
    text,
    failures: failures.map((message) => ({ severity: 'error', code: 'ApplyFailed', message: message.trim() })),
  };
}

function argumentsOf(flags: ApplyFlags, namespace: string): string[] {
  const { serverSide, forceConflicts, fieldManager, prune, all, selector, pruneAllowlist = [], applySet } = flags;
  return [
    'apply',
    '-f',
    FOLDER,
    ...(serverSide ? ['--server-side'] : []),
    ...(forceConflicts ? ['--force-conflicts'] : []),
    ...(fieldManager ? [`--field-manager=${fieldManager}`] : []),
    ...(prune ? ['--prune'] : []),
    ...(all ? ['--all'] : []),
    ...(selector ? [`--selector=${selector}`] : []),
    ...pruneAllowlist.map((kind) => `--prune-allowlist=${kind}`),
    // An ApplySet's parent lives in the namespace that the command names.
    ...(applySet ? [`--applyset=${applySet}`, `--namespace=${namespace}`] : []),
  ];
}

interface Placed {
  readonly manifest: Manifest;
  readonly namespace: string | undefined;
}

/** The manifests as files of one folder, in the order in which they are to be applied. */
function asFiles(placed: readonly Placed[]): FileReader {
  const texts = new Map<string, string>(
    placed.map(
      ({ manifest, namespace }, i) => [`${String(i).padStart(8, '0')}.json`, textOf(manifest, namespace)] as const,
    ),
  );
  return {
    kind: (path) => (path === FOLDER ? 'folder' : texts.has(path.slice(FOLDER.length + 1)) ? 'file' : 'missing'),
    read: (path) => texts.get(path.slice(FOLDER.length + 1)) ?? '',
    names: () => [...texts.keys()],
    stdin: () => '',
  };
}

function textOf({ value }: Manifest, namespace: string | undefined): string {
  if (namespace === undefined) return JSON.stringify(value);
  // What is no map in its metadata, the server refuses.
  const metadata = value['metadata'] as JsonMap | undefined;
  const isMap = metadata !== null && typeof metadata === 'object' && !Array.isArray(metadata);
  return JSON.stringify(isMap ? { ...value, metadata: { ...metadata, namespace } } : value);
}

function namespaceOf(manifest: Manifest, { server }: World, { defaultNamespace }: ApplyOptions): string | undefined {
  const resource = server.options.catalog.byKind(manifest.apiVersion, manifest.kind);
  return resource?.namespaced ? (manifest.namespace ?? defaultNamespace) : undefined;
}

function addressOf({
  kind,
  namespace,
  name,
}: Omit<ObjectRef, 'apiVersion' | 'namespace'> & { readonly namespace?: string | undefined }): string {
  return `${kind} ${namespace ?? ''}/${name}`;
}
