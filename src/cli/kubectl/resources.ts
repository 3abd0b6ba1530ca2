// Which resources a cluster serves and what a user's word for one means.
// Behaviour: staging/src/k8s.io/client-go/restmapper (discovery, shortcut and category expansion), Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { PrinterColumn } from '../../report/kubectl/get/custom-resources.ts';
import type { CustomResourceDefinition } from '../../schema/generated/types/apiextensions-v1.ts';
import { allKinds, compareApiVersions } from '../../schema/kinds.ts';
import { type KubernetesVersion, newestVersion } from '../../schema/layout.ts';

export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Set for custom resources. */
  readonly custom?: {
    readonly columns: readonly PrinterColumn[];
    /** Fields that its definition offers to selectors, as `spec.size`. */
    readonly selectableFields: readonly string[];
  };
  /** What the server says of a version on its way out. */
  readonly warning?: string;
}

const DEPRECATED: Readonly<Record<string, string>> = {
  'v1 Endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  'v1 ComponentStatus': 'v1 ComponentStatus is deprecated in v1.19+',
};

/** The order in which the API server offers its groups; others follow by name. */
const GROUP_ORDER = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

export class ServedResources {
  /** Every served version, best first within a group. */
  readonly all: readonly ServedResource[];

  /** `present`: versions of which there are objects; they are served although they may be off by default. */
  constructor(
    definitions: readonly KubeObject[],
    present: ReadonlySet<string> = new Set(),
    release: KubernetesVersion = newestVersion,
  ) {
    const builtIn = allKinds(release)
      .filter(({ servedByDefault, apiVersion }) => servedByDefault || present.has(apiVersion))
      .map((info): ServedResource => {
        const warning = DEPRECATED[`${info.apiVersion} ${info.kind}`];
        return { ...info, plural: info.resource, ...(warning ? { warning } : {}) };
      });
    this.all = [
      ...builtIn,
      ...definitions.flatMap((object) => customResources(object as CustomResourceDefinition)),
    ].sort(
      (a, b) =>
        groupRank(a.group) - groupRank(b.group) ||
        compare(a.group, b.group) ||
        compareApiVersions(a.version, b.version) ||
        compare(a.plural, b.plural),
    );
  }

  /** The resource of a word, and others of the same short name that come after it. */
  find(
    word: string,
  ): { readonly resource: ServedResource; readonly alsoMatching: readonly ServedResource[] } | undefined {
    const [name = '', ...rest] = word.toLowerCase().split('.');
    const group = rest.join('.');
    const [version = '', ...groupOfVersion] = rest;
    const named = this.all.filter(({ plural, singular }) => plural === name || singular === name);
    const exact =
      (rest.length > 0
        ? named.find((r) => r.version === version && r.group === groupOfVersion.join('.'))
        : undefined) ??
      named.find((r) => (rest.length === 0 ? true : r.group === group)) ??
      (rest.length > 0 ? named.find((r) => r.group.startsWith(group) && group !== '') : undefined);
    if (exact) return { resource: exact, alsoMatching: [] };
    const short = this.all.filter(
      (r) =>
        r.shortNames.includes(name) &&
        (rest.length === 0 ||
          r.group.startsWith(group) ||
          (r.version === version && r.group === groupOfVersion.join('.'))),
    );
    const [resource, ...others] = short.filter(
      (r, i) => short.findIndex((other) => other.group === r.group && other.plural === r.plural) === i,
    );
    return resource && { resource, alsoMatching: others };
  }

  /** Resources of a category such as `all`, one version each. */
  inCategory(category: string): readonly ServedResource[] {
    const found = this.all.filter(({ categories }) => categories.includes(category));
    return found.filter(
      (r, i) => found.findIndex((other) => other.group === r.group && other.plural === r.plural) === i,
    );
  }

  byKind(apiVersion: string, kind: string): ServedResource | undefined {
    return this.all.find((r) => r.kind === kind && apiVersionOf(r) === apiVersion);
  }
}

export function apiVersionOf({ group, version }: Pick<ServedResource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `deployments.apps` */
export function resourceText({ group, plural }: Pick<ServedResource, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** `deployment.apps` */
export function kindText({ group, kind }: Pick<ServedResource, 'group' | 'kind'>): string {
  return (group === '' ? kind : `${kind}.${group}`).toLowerCase();
}

function groupRank(group: string): number {
  const rank = GROUP_ORDER.indexOf(group);
  return rank < 0 ? GROUP_ORDER.length : rank;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

function customResources({ spec }: CustomResourceDefinition): readonly ServedResource[] {
  return (spec.versions ?? [])
    .filter(({ served }) => served)
    .map((version): ServedResource => {
      const name = `${spec.group}/${version.name}`;
      const better = (spec.versions ?? [])
        .filter((other) => other.served && !other.deprecated && compareApiVersions(other.name, version.name) < 0)
        .sort((a, b) => compareApiVersions(a.name, b.name))[0];
      const instead = better ? `; use ${spec.group}/${better.name} ${spec.names.kind}` : '';
      const warning = version.deprecated
        ? (version.deprecationWarning ?? `${name} ${spec.names.kind} is deprecated${instead}`)
        : undefined;
      return {
        group: spec.group,
        version: version.name,
        kind: spec.names.kind,
        plural: spec.names.plural,
        singular: spec.names.singular ?? spec.names.kind.toLowerCase(),
        shortNames: spec.names.shortNames ?? [],
        categories: spec.names.categories ?? [],
        namespaced: spec.scope === 'Namespaced',
        verbs: CUSTOM_VERBS,
        custom: {
          columns: version.additionalPrinterColumns ?? [],
          selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, '')),
        },
        ...(warning ? { warning } : {}),
      };
    });
}
