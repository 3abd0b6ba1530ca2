// Which kinds Kubernetes serves, under which resource, in which versions, and what became of those it no longer serves.
// Behaviour: api/openapi-spec/v3 (paths), pkg/controlplane/instance.go (beta and alpha versions are off by default) and
// staging/src/k8s.io/api/*/*/zz_generated.prerelease-lifecycle.go, Kubernetes v1.34, v1.35 and v1.36.3.
import { kinds, kindsWithoutResource } from './generated/kinds.ts';
import { releases } from './generated/layout/packages.ts';
import { lifecycle } from './generated/lifecycle.ts';
import { type KubernetesVersion, newestVersion } from './layout.ts';

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

type ResourceVerb =
  | 'connect'
  | 'create'
  | 'delete'
  | 'deletecollection'
  | 'get'
  | 'list'
  | 'patch'
  | 'update'
  | 'watch';

interface Subresource {
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly verbs: readonly ResourceVerb[];
}

export interface KindInfo extends GroupVersionKind {
  readonly apiVersion: string;
  readonly resource: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly ResourceVerb[];
  readonly subresources: readonly Subresource[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly typeId: string;
  /** The Kubernetes versions that know the kind. `servedByDefault` is false for beta and alpha versions: a cluster must turn them on. */
  readonly servedIn: readonly KubernetesVersion[];
  readonly servedByDefault: boolean;
}

/** What upstream says about the life of an API version of a kind; versions are minor ones such as `1.25`. */
interface KindLifecycle {
  readonly apiVersion: string;
  readonly kind: string;
  readonly introduced?: string;
  readonly deprecated?: string;
  readonly removed?: string;
  readonly replacement?: { readonly apiVersion: string; readonly kind: string };
}

const verbOfLetter: { readonly [letter: string]: ResourceVerb } = {
  c: 'create',
  d: 'delete',
  D: 'deletecollection',
  g: 'get',
  l: 'list',
  p: 'patch',
  u: 'update',
  w: 'watch',
  x: 'connect',
};

// Behaviour: ShortNames() in pkg/registry/<group>/<resource>/storage/storage.go, pkg/registry/core/componentstatus/rest.go and
// staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/etcd.go.
const shortNames: { readonly [resource: string]: readonly string[] } = {
  certificatesigningrequests: ['csr'],
  componentstatuses: ['cs'],
  configmaps: ['cm'],
  cronjobs: ['cj'],
  customresourcedefinitions: ['crd', 'crds'],
  daemonsets: ['ds'],
  deployments: ['deploy'],
  endpoints: ['ep'],
  events: ['ev'],
  horizontalpodautoscalers: ['hpa'],
  ingresses: ['ing'],
  ipaddresses: ['ip'],
  limitranges: ['limits'],
  namespaces: ['ns'],
  networkpolicies: ['netpol'],
  nodes: ['no'],
  persistentvolumeclaims: ['pvc'],
  persistentvolumes: ['pv'],
  poddisruptionbudgets: ['pdb'],
  pods: ['po'],
  priorityclasses: ['pc'],
  replicasets: ['rs'],
  replicationcontrollers: ['rc'],
  resourcequotas: ['quota'],
  serviceaccounts: ['sa'],
  services: ['svc'],
  statefulsets: ['sts'],
  storageclasses: ['sc'],
  volumeattributesclasses: ['vac'],
};

// Behaviour: Categories() in the same files, and in kube-aggregator's pkg/registry/apiservice/etcd/etcd.go.
const categories: { readonly [resource: string]: readonly string[] } = {
  apiservices: ['api-extensions'],
  cronjobs: ['all'],
  customresourcedefinitions: ['api-extensions'],
  daemonsets: ['all'],
  deployments: ['all'],
  horizontalpodautoscalers: ['all'],
  jobs: ['all'],
  mutatingadmissionpolicies: ['api-extensions'],
  mutatingadmissionpolicybindings: ['api-extensions'],
  mutatingwebhookconfigurations: ['api-extensions'],
  pods: ['all'],
  replicasets: ['all'],
  replicationcontrollers: ['all'],
  services: ['all'],
  statefulsets: ['all'],
  validatingadmissionpolicies: ['api-extensions'],
  validatingadmissionpolicybindings: ['api-extensions'],
  validatingwebhookconfigurations: ['api-extensions'],
};

// Kinds that upstream dropped together with their Go types, so that no lifecycle file names them any more.
// Behaviour: the deprecated API migration guide and CHANGELOG-1.16 to CHANGELOG-1.25 of Kubernetes.
const dropped = `apiextensions.k8s.io/v1beta1	CustomResourceDefinition	1.7	1.16	1.22	apiextensions.k8s.io/v1 CustomResourceDefinition
apiregistration.k8s.io/v1beta1	APIService	1.7	1.10	1.22	apiregistration.k8s.io/v1 APIService
auditregistration.k8s.io/v1alpha1	AuditSink	1.13		1.19	
batch/v2alpha1	CronJob	1.5	1.8	1.21	batch/v1 CronJob
extensions/v1beta1	PodSecurityPolicy	1.2	1.11	1.16	policy/v1beta1 PodSecurityPolicy
policy/v1beta1	PodSecurityPolicy	1.11	1.21	1.25	
settings.k8s.io/v1alpha1	PodPreset	1.6		1.20	`;

export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Splits `apps/v1` into group and version; the core group is the empty text. */
export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

const readVerbs = (letters: string): readonly ResourceVerb[] => [...letters].map((letter) => verbOfLetter[letter]!);

const isStable = (version: string) => /^v\d+$/.test(version);

// The order that kubectl and discovery prefer: stable before beta before alpha, then the higher number.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/version/helpers.go (CompareKubeAwareVersionStrings).
export function compareApiVersions(a: string, b: string): number {
  const [first, second] = [a, b].map((text) => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(text);
    if (!match) return undefined;
    const level = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
    return [level, Number(match[1]), Number(match[3] ?? 0)];
  });
  if (!first || !second) return first ? -1 : second ? 1 : a < b ? -1 : a > b ? 1 : 0;
  for (let i = 0; i < 3; i++) {
    if (first[i] !== second[i]) return second[i]! - first[i]!;
  }
  return 0;
}

interface Table {
  readonly all: readonly KindInfo[];
  readonly byKind: ReadonlyMap<string, KindInfo>;
  readonly byResource: ReadonlyMap<string, KindInfo>;
  readonly typeIds: ReadonlyMap<string, string>;
}

function readKind(line: string, index: number): KindInfo | undefined {
  const [
    group = '',
    version = '',
    kind = '',
    resource = '',
    scope,
    verbs = '',
    typeId = '',
    subresources = '',
    where = '',
  ] = line.split('\t');
  if (!where.includes(String(index))) return undefined;
  const apiVersion = apiVersionOf(group, version);
  return {
    group,
    version,
    kind,
    apiVersion,
    resource,
    singular: kind.toLowerCase(),
    namespaced: scope === 'N',
    verbs: readVerbs(verbs),
    subresources:
      subresources === ''
        ? []
        : subresources.split(',').map((text) => {
            const [name = '', otherVersion = '', otherKind = '', letters = ''] = text.split(':');
            return { name, apiVersion: otherVersion || apiVersion, kind: otherKind || kind, verbs: readVerbs(letters) };
          }),
    shortNames: shortNames[resource] ?? [],
    categories: categories[resource] ?? [],
    typeId,
    servedIn: [...where].map((digit) => releases[Number(digit)] as KubernetesVersion),
    servedByDefault: isStable(version),
  };
}

const tables = new Map<KubernetesVersion, Table>();

function tableOf(release: KubernetesVersion): Table {
  const known = tables.get(release);
  if (known) return known;
  const index = releases.indexOf(release);
  const all: KindInfo[] = [];
  const byKind = new Map<string, KindInfo>();
  const byResource = new Map<string, KindInfo>();
  const typeIds = new Map<string, string>();
  for (const line of kinds.split('\n')) {
    const info = readKind(line, index);
    if (!info) continue;
    all.push(info);
    byKind.set(`${info.apiVersion} ${info.kind}`, info);
    byResource.set(`${info.apiVersion} ${info.resource}`, info);
    typeIds.set(`${info.apiVersion} ${info.kind}`, info.typeId);
  }
  for (const line of kindsWithoutResource.split('\n')) {
    const [group = '', version = '', kind = '', typeId = '', where = ''] = line.split('\t');
    if (where.includes(String(index))) typeIds.set(`${apiVersionOf(group, version)} ${kind}`, typeId);
  }
  const table = { all, byKind, byResource, typeIds };
  tables.set(release, table);
  return table;
}

/** Every kind that a Kubernetes version has a resource for, sorted by group, version and kind. */
export function allKinds(release: KubernetesVersion = newestVersion): readonly KindInfo[] {
  return tableOf(release).all;
}

/** The kind of `apps/v1` `Deployment`, or nothing where the version does not have it. */
export function findKind(
  apiVersion: string,
  kind: string,
  release: KubernetesVersion = newestVersion,
): KindInfo | undefined {
  return tableOf(release).byKind.get(`${apiVersion} ${kind}`);
}

/** The struct that an object of this kind is decoded into; also for kinds without a resource, such as lists, Scale and Eviction. */
export function typeIdOfKind(
  apiVersion: string,
  kind: string,
  release: KubernetesVersion = newestVersion,
): string | undefined {
  return tableOf(release).typeIds.get(`${apiVersion} ${kind}`);
}

/** Whether any API of the group is known. */
export function hasGroup(group: string, release: KubernetesVersion = newestVersion): boolean {
  return tableOf(release).all.some((info) => info.group === group);
}

let lives: ReadonlyMap<string, KindLifecycle> | undefined;

function readLives(): ReadonlyMap<string, KindLifecycle> {
  const found = new Map<string, KindLifecycle>();
  for (const line of `${lifecycle}\n${dropped}`.split('\n')) {
    const [apiVersion = '', kind = '', introduced, deprecated, removed, next] = line.split('\t');
    const [nextVersion = '', nextKind = ''] = (next ?? '').split(' ');
    found.set(`${apiVersion} ${kind}`, {
      apiVersion,
      kind,
      ...(introduced ? { introduced } : {}),
      ...(deprecated ? { deprecated } : {}),
      ...(removed ? { removed } : {}),
      ...(nextVersion ? { replacement: { apiVersion: nextVersion, kind: nextKind } } : {}),
    });
  }
  return found;
}

/** When an API version of a kind was deprecated and removed, and what replaces it; nothing for those that are not. */
export function lifecycleOf(apiVersion: string, kind: string): KindLifecycle | undefined {
  lives ??= readLives();
  return lives.get(`${apiVersion} ${kind}`);
}
