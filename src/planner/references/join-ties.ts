// References among manifests that were judged one by one: those that lead neither to another manifest nor into the described cluster,
// and Services that select no pod of either. Each warning has the place of the reference and, where something is nearly right, that of
// what was probably meant.
import type { Diagnostic, ObjectRef, SourceLocation } from '../../apimachinery/diagnostic.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import { resourceNameOf } from '../../apiserver/resource.ts';
import type { ResourceCatalog } from '../../apiserver/resource-catalog.ts';
import { NearNames } from './near-names.ts';
import { podsOf, type Ties, type Want } from './ties.ts';

type Labels = Readonly<Record<string, string>>;

export interface TiedObject {
  readonly object: ObjectRef;
  readonly ties: Ties | undefined;
  /** Where it stands, or a field of it. */
  locate(field?: string): SourceLocation;
}

interface TiedCluster {
  readonly reader: ClusterReader;
  readonly catalog: ResourceCatalog;
  /** Whether the cluster was described: without that nobody can say what it holds. */
  readonly isDescribed: boolean;
}

export function looseEnds(objects: readonly TiedObject[], cluster: TiedCluster): Diagnostic[] {
  const names = new NameIndex(objects, cluster);
  const pods = new PodIndex(objects, cluster.reader);
  return objects.flatMap((each) => {
    if (!each.ties) return [];
    const { wants, selects } = each.ties;
    return [
      ...wants.flatMap((reference) => names.dangling(each, reference)),
      ...(selects ? pods.selectsNothing(each, selects) : []),
    ];
  });
}

/** Without the references that lead to one of these objects already, and with the places of the others: for who joins many such parts. */
export function withoutMet(objects: readonly TiedObject[]): (Ties | undefined)[] {
  const offered = new Set(objects.map(({ object }) => offeredAs(object, object.namespace)));
  return objects.map(({ ties, locate }) => {
    if (!ties || ties.wants.length === 0) return ties;
    const wants = ties.wants
      .filter((want) => !offered.has(offeredAs(want, want.namespace)))
      .map((want): Want => ({ ...want, source: locate(want.field) }));
    return { ...ties, wants };
  });
}

function offeredAs({ apiVersion, kind, name }: Omit<ObjectRef, 'namespace'>, namespace = ''): string {
  return `${keyOf(apiVersion, kind, name)}/${namespace}`;
}

/** In every namespace, made by a controller. */
const EVERYWHERE = new Set(['ConfigMap/kube-root-ca.crt', 'ServiceAccount/default']);

class NameIndex {
  readonly #cluster: TiedCluster;
  /** By kind and name, then by namespace; the first of a name counts. */
  readonly #offered = new Map<string, Map<string, TiedObject>>();
  /** By kind and namespace. */
  readonly #names = new Map<string, string[]>();
  readonly #near = new Map<string, NearNames>();

  constructor(objects: readonly TiedObject[], cluster: TiedCluster) {
    this.#cluster = cluster;
    for (const each of objects) {
      const { apiVersion, kind, namespace = '', name } = each.object;
      if (name === '') continue;
      const key = keyOf(apiVersion, kind, name);
      const known = this.#offered.get(key);
      if (!known) this.#offered.set(key, new Map([[namespace, each]]));
      else if (!known.has(namespace)) known.set(namespace, each);
      const place = keyOf(apiVersion, kind, namespace);
      const names = this.#names.get(place);
      if (names) names.push(name);
      else this.#names.set(place, [name]);
    }
  }

  dangling(from: TiedObject, want: Want): Diagnostic[] {
    const { field, apiVersion, kind, namespace, name } = want;
    const { catalog, reader, isDescribed } = this.#cluster;
    const resource = catalog.byKind(apiVersion, kind);
    // What is not served here cannot be looked for.
    if (!resource || EVERYWHERE.has(`${kind}/${name}`)) return [];
    const place = resource.namespaced ? namespace : undefined;
    const offered = this.#offered.get(keyOf(apiVersion, kind, name));
    if (offered?.has(place ?? '') || reader.get(resourceNameOf(resource), place, name)) return [];
    const [elsewhere] = offered?.values() ?? [];
    const address = resource.namespaced ? `${namespace}/${name}` : name;
    return [
      {
        severity: 'warning',
        code: 'DanglingReference',
        message: `${kind} ${address} ${isDescribed ? 'does not exist' : 'is not among the manifests'}`,
        object: from.object,
        field,
        source: want.source ?? from.locate(field),
        ...(elsewhere
          ? {
              related: [elsewhere.locate()],
              nextStep: `${kind} ${name} is in namespace ${elsewhere.object.namespace}, and a reference stays within its own.`,
            }
          : this.#meant(apiVersion, kind, place, name)),
      },
    ];
  }

  #meant(
    apiVersion: string,
    kind: string,
    namespace: string | undefined,
    name: string,
  ): Pick<Diagnostic, 'nextStep' | 'related'> {
    const meant = this.#nearNames(apiVersion, kind, namespace).nearest(name);
    if (meant === undefined)
      return this.#cluster.isDescribed ? {} : { nextStep: 'Where the cluster holds it, describe that with --cluster.' };
    const offered = this.#offered.get(keyOf(apiVersion, kind, meant))?.get(namespace ?? '');
    return { nextStep: `Did you mean ${meant}?`, ...(offered ? { related: [offered.locate()] } : {}) };
  }

  /** All names of a kind in a namespace, among the manifests and in the cluster. */
  #nearNames(apiVersion: string, kind: string, namespace: string | undefined): NearNames {
    const key = keyOf(apiVersion, kind, namespace ?? '');
    const known = this.#near.get(key);
    if (known) return known;
    const { catalog, reader } = this.#cluster;
    const resource = catalog.byKind(apiVersion, kind);
    const stored = resource ? reader.list(resourceNameOf(resource), namespace) : [];
    const names = new NearNames([
      ...(this.#names.get(key) ?? []),
      ...stored.map(({ metadata }) => metadata.name ?? ''),
    ]);
    this.#near.set(key, names);
    return names;
  }
}

/** Versions of one group hold the same objects; the last part is a name, or a namespace. */
function keyOf(apiVersion: string, kind: string, name: string): string {
  return `${apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''}/${kind}/${name}`;
}

interface PodSource {
  readonly labels: Labels;
  readonly field: string;
  /** Undefined for what is in the cluster. */
  readonly from?: TiedObject;
}

/** Workloads of the described cluster whose pods count although they may not be there. */
const WORKLOADS = ['pods', 'deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicasets.apps'];

/** Pods, and what makes them, by namespace and single label. */
class PodIndex {
  readonly #byLabel = new Map<string, PodSource[]>();

  constructor(objects: readonly TiedObject[], reader: ClusterReader) {
    for (const from of objects) {
      const pods = from.ties?.pods;
      if (pods) this.#file(from.object.namespace, { ...pods, from });
    }
    const held = new Set(reader.resources());
    for (const resource of WORKLOADS.filter((name) => held.has(name)))
      for (const object of reader.list(resource)) {
        const pods = podsOf(object);
        if (pods) this.#file(object.metadata.namespace, pods);
      }
  }

  #file(namespace: string | undefined, source: PodSource): void {
    for (const [key, value] of Object.entries(source.labels)) {
      const at = labelKey(namespace, key, value);
      const known = this.#byLabel.get(at);
      if (known) known.push(source);
      else this.#byLabel.set(at, [source]);
    }
  }

  selectsNothing(service: TiedObject, selector: Labels): Diagnostic[] {
    const pairs = Object.entries(selector);
    const having = pairs.map(([key, value]) => this.#byLabel.get(labelKey(service.object.namespace, key, value)) ?? []);
    const fewest = having.reduce((a, b) => (b.length < a.length ? b : a));
    if (fewest.some(({ labels }) => pairs.every(([key, value]) => labels[key] === value))) return [];
    const close = having.flat().find(({ from }) => from);
    return [
      {
        severity: 'warning',
        code: 'SelectsNothing',
        message: `selector ${pairs
          .map(([key, value]) => `${key}=${value}`)
          .sort()
          .join(',')} matches no pod`,
        object: service.object,
        field: 'spec.selector',
        source: service.locate('spec.selector'),
        ...(close?.from
          ? {
              related: [close.from.locate(close.field)],
              nextStep: `Nearest are the pods of ${close.from.object.kind} ${close.from.object.name}, with other labels.`,
            }
          : {}),
      },
    ];
  }
}

function labelKey(namespace: string | undefined, key: string, value: string): string {
  return `${namespace ?? ''}\u0000${key}\u0000${value}`;
}
