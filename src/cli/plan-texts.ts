// A plan of texts, for programs: what the command line does, with texts in place of files.
import type { Diagnostic } from '../apimachinery/diagnostic.ts';
import { impersonated } from '../apiserver/authorization/users.ts';
import { type ManifestSet, parseManifests } from '../manifests/manifest.ts';
import type { FileReader } from '../manifests/read.ts';
import type { Plan } from '../planner/changes/plan.ts';
import { makePlan } from '../planner/make-plan.ts';
import { groupsOf, loadParts } from '../planner/parts.ts';
import { UsageError } from './errors.ts';
import { loadBootstrapPolicy } from './identity.ts';
import { type LoadedInput, withSurroundings } from './load-input.ts';

/** A text of manifests, or several by the name that messages call them by. */
export type Texts = string | Readonly<Record<string, string>>;

export interface PlanOptions {
  /** YAML or JSON, any number of documents. */
  readonly manifests: Texts;
  /** The described cluster: Kubernetes objects, a Cluster of kubeplan.dev/v1, or both. Three nodes stand in without it. */
  readonly cluster?: Texts;
  /** Namespace of objects that name none; `default` when absent. */
  readonly namespace?: string;
  /** `1.34`, `1.35` or `1.36`; the newest when absent. */
  readonly kubernetesVersion?: string;
  readonly featureGates?: Readonly<Record<string, boolean>>;
  /** APIs that are off by default, as `{ 'scheduling.k8s.io/v1alpha2': true }`. */
  readonly runtimeConfig?: Readonly<Record<string, boolean>>;
  /** Who applies the manifests; RBAC decides for him. A cluster administrator when absent. */
  readonly user?: { readonly name: string; readonly groups?: readonly string[] };
}

type PlannedTexts = { readonly plan: Plan } | { readonly message: string; readonly diagnostics: readonly Diagnostic[] };

/** The folder that stands for the texts of the cluster. */
const CLUSTER = 'cluster';

export async function planTexts(options: PlanOptions): Promise<PlannedTexts> {
  let loaded: LoadedInput;
  try {
    loaded = await load(options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { message, nextStep } = error;
    return { message: nextStep ? `${message}. ${nextStep}` : message, diagnostics: [] };
  }
  const { input, diagnostics } = loaded;
  const wrong = diagnostics.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0) return { message: wrong.map(textOf).join('\n'), diagnostics };
  const { user } = options;
  const identity = user
    ? { user: impersonated(user.name, user.groups ?? []), policy: await loadBootstrapPolicy(input.kubernetes) }
    : {};
  const { plan } = makePlan({ ...input, ...identity, parts: await loadParts(groupsOf(input)) });
  return { plan: { ...plan, diagnostics: [...diagnostics, ...plan.diagnostics] } };
}

async function load(options: PlanOptions): Promise<LoadedInput> {
  const { manifests, cluster, namespace, kubernetesVersion, featureGates, runtimeConfig } = options;
  const sets = Object.entries(named(manifests, 'manifests.yaml')).map(([name, text]) => parseManifests(name, text));
  const read: ManifestSet = {
    manifests: sets.flatMap((set) => set.manifests),
    diagnostics: sets.flatMap((set) => set.diagnostics),
  };
  const pairs = (switches: Readonly<Record<string, boolean>> = {}): string =>
    Object.entries(switches)
      .map(([name, isOn]) => `${name}=${isOn}`)
      .join(',');
  const given = {
    arguments: [],
    options: {
      ...(cluster === undefined ? {} : { cluster: CLUSTER }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
      ...(featureGates ? { featureGates: pairs(featureGates) } : {}),
      ...(runtimeConfig ? { runtimeConfig: pairs(runtimeConfig) } : {}),
    },
  };
  return withSurroundings(read, given, { files: textReader(named(cluster ?? {}, 'cluster.yaml')) });
}

function named(texts: Texts, name: string): Readonly<Record<string, string>> {
  return typeof texts === 'string' ? { [name]: texts } : texts;
}

/** The texts as files of one folder, whatever their names. */
function textReader(texts: Readonly<Record<string, string>>): FileReader {
  // A name that is no manifest's would be passed over in a folder.
  const path = (name: string): string => `${CLUSTER}/${/\.(ya?ml|json)$/.test(name) ? name : `${name}.yaml`}`;
  const paths = new Map(Object.entries(texts).map(([name, text]) => [path(name), text] as const));
  return {
    kind: (at) => (at === CLUSTER ? 'folder' : paths.has(at) ? 'file' : 'missing'),
    read: (at) => paths.get(at) ?? '',
    names: () => [...paths.keys()].map((at) => at.slice(CLUSTER.length + 1)),
    stdin: () => '',
  };
}

function textOf({ message, source }: Diagnostic): string {
  const place = source ? [source.file, source.line, source.column].filter((part) => part !== undefined).join(':') : '';
  return place ? `${place}: ${message}` : message;
}
