// The input of a plan from the command line: manifests, described cluster, Kubernetes version and gates.
import type { Diagnostic } from '../apimachinery/diagnostic.ts';
import { type FileSizes, MAX_FILE_SIZES, type Manifest, type ManifestSet, objectsAt } from '../manifests/manifest.ts';
import { readManifests } from '../manifests/read.ts';
import { type ClusterFile, isClusterFile } from '../planner/inventory/cluster-file.ts';
import type { DecodedAhead } from '../planner/inventory/decoded-ahead.ts';
import { defaultPodCidr } from '../planner/inventory/pod-network.ts';
import { featureGates, isKnownGate, type KubernetesOptions, missingGates } from '../planner/kubernetes-options.ts';
import type { PlanInput } from '../planner/plan-input.ts';
import { type KubernetesVersion, newestVersion } from '../schema/layout.ts';
import { type CommandInput, flagOption, listOption, textOption } from './command.ts';
import { isConfiguration } from './config/config-kind.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { buildKustomization, kustomizationOf } from './kustomize.ts';

export interface LoadedInput {
  readonly input: Omit<PlanInput, 'parts'>;
  readonly diagnostics: readonly Diagnostic[];
  /** kube-scheduler's configuration as the described cluster has it. */
  readonly schedulerManifest?: Manifest;
}

interface LoadOptions {
  /** Whether a command without -f is misuse. */
  readonly needsManifests?: boolean;
  /** The largest files to read, in characters. */
  readonly sizes?: FileSizes;
}

export async function loadInput(
  given: CommandInput,
  io: Io,
  { needsManifests = true, sizes = MAX_FILE_SIZES }: LoadOptions = {},
): Promise<LoadedInput> {
  const paths = pathsOf(given);
  const kustomization = kustomizationOf(given, paths);
  if (kustomization !== undefined) return withSurroundings(buildKustomization(kustomization, io), given, io, sizes);
  if (paths.length === 0 && needsManifests)
    throw new UsageError(
      'must specify one of -f and -k',
      'For example: kubeplan plan -f deploy/ --cluster cluster.yaml',
    );
  const read =
    paths.length === 0
      ? { manifests: [], diagnostics: [] }
      : readManifests(paths, flagOption(given, 'recursive'), io.files, sizes.manifests);
  return withSurroundings(read, given, io, sizes);
}

/** The input for the one world that is made of it: the described objects do not stay in memory beside it. */
export function readOnce<T extends Pick<PlanInput, 'cluster'>>(input: T): T {
  return input.cluster ? { ...input, cluster: { ...input.cluster, isReadOnce: true } } : input;
}

/** What -f names. */
export function pathsOf(given: CommandInput): string[] {
  return listOption(given, 'filename').flatMap((path) => path.split(','));
}

/** Manifests that have been read, and all else that the command line says of the input. */
export async function withSurroundings(
  { manifests: read, diagnostics }: ManifestSet,
  given: CommandInput,
  io: Pick<Io, 'files'>,
  sizes: FileSizes = MAX_FILE_SIZES,
): Promise<LoadedInput> {
  const manifests = read.filter((manifest) => !isConfiguration(manifest));
  const clusterPath = textOption(given, 'cluster');
  const named = textOption(given, 'kubernetesVersion');
  const load = (version: KubernetesVersion) =>
    clusterPath === undefined ? undefined : loadCluster(clusterPath, io, sizes, version);
  let cluster = await load(versionOf(named));
  const version = versionOf(named ?? cluster?.file?.spec.kubernetesVersion);
  // Only the cluster file says for which version its objects are to be decoded.
  if (cluster && cluster.decoded.version !== version && cluster.decoded.isUsed) cluster = await load(version);
  const spec = cluster?.file?.spec;
  const runtimeConfig = textOption(given, 'runtimeConfig');
  const kubernetes: KubernetesOptions = {
    version,
    featureGates: { ...spec?.featureGates, ...parseGates(textOption(given, 'featureGates'), version) },
    flags: {
      'allocate-node-cidrs': 'true',
      'cluster-cidr': spec?.podCIDR ?? defaultPodCidr(cluster?.file, cluster?.objects ?? []),
      ...spec?.flags,
      ...(runtimeConfig === undefined ? {} : { 'runtime-config': runtimeConfig }),
    },
  };
  const lacking = missingGates(kubernetes);
  if (lacking !== undefined) throw new UsageError(lacking, 'Turn these on too, or the first one off.');
  const scheduler = cluster?.scheduler && (await readScheduler(cluster.scheduler, kubernetes));
  return {
    input: {
      kubernetes,
      manifests,
      defaultNamespace: textOption(given, 'namespace') ?? 'default',
      ...(scheduler && 'configuration' in scheduler ? { scheduler } : {}),
      ...(cluster
        ? {
            cluster: {
              ...(cluster.file ? { file: cluster.file } : {}),
              objects: cluster.objects,
            },
          }
        : {}),
    },
    ...(cluster?.scheduler ? { schedulerManifest: cluster.scheduler } : {}),
    diagnostics: [
      ...diagnostics,
      ...(cluster?.diagnostics ?? []),
      ...(scheduler && 'message' in scheduler ? [scheduler] : []),
    ],
  };
}

/** What kube-scheduler makes of its configuration file, or why it does not start. */
async function readScheduler(
  manifest: Manifest,
  kubernetes: KubernetesOptions,
): Promise<NonNullable<PlanInput['scheduler']> | Diagnostic> {
  const { decodeSchedulerConfiguration } = await import('../planner/scheduler/profile/decode-configuration.ts');
  const gates = featureGates(kubernetes);
  const decoded = decodeSchedulerConfiguration(manifest.value, (name) => gates.isEnabled(name));
  if (decoded.ok) return decoded;
  return {
    severity: 'error',
    code: 'BadSchedulerConfiguration',
    message: `kube-scheduler does not start with this configuration: ${decoded.error}`,
    source: { file: manifest.document.file, line: manifest.document.line },
    nextStep: 'Mend it, or leave it out of the described cluster to have the default profile.',
  };
}

interface LoadedCluster {
  readonly file?: ClusterFile;
  readonly objects: readonly Manifest[];
  readonly scheduler?: Manifest;
  readonly diagnostics: readonly Diagnostic[];
  readonly decoded: DecodedAhead;
}

async function loadCluster(
  path: string,
  io: Pick<Io, 'files'>,
  sizes: FileSizes,
  version: KubernetesVersion,
): Promise<LoadedCluster> {
  const { DecodedAhead } = await import('../planner/inventory/decoded-ahead.ts');
  const decoded = new DecodedAhead(version);
  const pieces = sizes.pieces === undefined ? undefined : { from: sizes.pieces, each: decoded.decode };
  const { manifests, diagnostics } = readManifests([path], true, io.files, sizes.cluster, pieces);
  const files = manifests.filter(({ value }) => isClusterFile(value));
  const schedulers = manifests.filter(isSchedulerConfiguration);
  const objects = manifests.filter((manifest) => !isClusterFile(manifest.value) && !isSchedulerConfiguration(manifest));
  const [first, ...others] = files;
  const scheduler = schedulers[0] ? { scheduler: schedulers[0] } : {};
  const furtherSchedulers = schedulers.slice(1).map(({ document }) => ({
    severity: 'error' as const,
    code: 'BadSchedulerConfiguration',
    message: 'a described cluster has one KubeSchedulerConfiguration',
    source: { file: document.file, line: document.line },
    nextStep: 'Leave the others out: kube-scheduler is started with one file, whose profiles say what differs.',
  }));
  if (!first) return { objects, ...scheduler, diagnostics: [...diagnostics, ...furtherSchedulers], decoded };
  const { checkClusterFile } = await import('../planner/inventory/check-cluster-file.ts');
  const checked = checkClusterFile(first);
  const described = checked.file ? objectsAt(first, OBJECTS) : { manifests: [], diagnostics: [] };
  const second = others.map(({ document }) => ({
    severity: 'error' as const,
    code: 'SecondCluster',
    message: 'a described cluster has one object of kind Cluster',
    source: { file: document.file, line: document.line },
  }));
  return {
    ...(checked.file ? { file: withoutObjects(checked.file) } : {}),
    objects: [...described.manifests, ...objects],
    ...scheduler,
    diagnostics: [...diagnostics, ...checked.diagnostics, ...described.diagnostics, ...second, ...furtherSchedulers],
    decoded,
  };
}

/** Where a Cluster has objects as they are. */
const OBJECTS = ['spec', 'objects'];

/** The file, of whose objects each is a manifest of its own: with lines to tell of, and gone when it was taken in. */
function withoutObjects({ spec, ...file }: ClusterFile): ClusterFile {
  const { objects: _, ...rest } = spec;
  return { ...file, spec: rest };
}

function isSchedulerConfiguration({ apiVersion, kind }: Manifest): boolean {
  return kind === 'KubeSchedulerConfiguration' && apiVersion.startsWith('kubescheduler.config.k8s.io/');
}

function versionOf(text: string | undefined): KubernetesVersion {
  if (text === undefined) return newestVersion;
  const minor = /^v?(1\.\d+)/.exec(text)?.[1];
  if (minor === '1.34' || minor === '1.35' || minor === '1.36') return minor;
  throw new UsageError(`Kubernetes ${text} is not known`, 'Known are 1.34, 1.35 and 1.36.');
}

function parseGates(text: string | undefined, version: KubernetesVersion): Record<string, boolean> {
  if (!text) return {};
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [name = '', value] = pair.split('=');
      if (value !== 'true' && value !== 'false')
        throw new UsageError(`invalid feature gate ${pair}`, 'Write Name=true or Name=false, joined by commas.');
      if (!isKnownGate(name, version))
        throw new UsageError(
          `unrecognized feature gate: ${name}`,
          `Kubernetes ${version} does not know it; check the spelling.`,
        );
      return [name, value === 'true'];
    }),
  );
}
