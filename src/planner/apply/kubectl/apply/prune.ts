// Which objects kubectl apply --prune takes away: those that apply made, that the selector takes and no file holds any more.
// Behaviour: staging/src/k8s.io/kubectl/pkg/util/prune/prune.go, pkg/cmd/apply/prune.go, pkg/cmd/diff/prune.go, Kubernetes v1.36.3.
import { isMap, type JsonMap } from '../../../../apimachinery/json.ts';
import type { ResourceCatalog } from '../../../../apiserver/resource-catalog.ts';
import { everything, type Selector } from '../../../../selectors/label-selector.ts';
import { CommandFailure } from '../failures.ts';
import { type Mapping, mappingOf, missingKind } from '../mapping.ts';
import { hasLastApplied } from '../patching/last-applied-configuration.ts';
import type { Session } from '../session.ts';

const DEFAULT_KINDS: readonly (readonly [string, string])[] = [
  ['v1', 'ConfigMap'],
  ['v1', 'Endpoints'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'Pod'],
  ['v1', 'ReplicationController'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
  ['networking.k8s.io/v1', 'Ingress'],
  ['apps/v1', 'DaemonSet'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'ReplicaSet'],
  ['apps/v1', 'StatefulSet'],
  ['v1', 'Namespace'],
  ['v1', 'PersistentVolume'],
];
const DEFAULTS_WILL_CHANGE =
  'Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.';

/** What a command has gone over: it is not pruned, and only its namespaces are looked through. */
export class Visited {
  readonly #uids = new Set<string>();
  readonly namespaces = new Set<string>();

  add(object: JsonMap): void {
    const { metadata } = object;
    const uid = isMap(metadata) ? metadata['uid'] : undefined;
    this.#uids.add(typeof uid === 'string' ? uid : '');
  }

  has({ metadata }: JsonMap): boolean {
    const uid = isMap(metadata) ? metadata['uid'] : undefined;
    return this.#uids.has(typeof uid === 'string' ? uid : '');
  }
}

/** The kinds of an allowlist, each `group/version/kind`. */
export function parseAllowlist(list: readonly string[], catalog: ResourceCatalog): readonly Mapping[] {
  return list.map((text) => {
    const parts = text.split('/');
    if (parts.length !== 3)
      throw new CommandFailure(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
    const [group = '', version = '', kind = ''] = parts;
    const apiVersion = group === 'core' || group === '' ? version : `${group}/${version}`;
    const mapping = mappingOf(catalog, apiVersion, kind);
    if (!mapping) throw missingKind(apiVersion, kind);
    return mapping;
  });
}

export interface Prunable {
  readonly mapping: Mapping;
  readonly namespace: string;
  readonly object: JsonMap;
}

/** The objects to prune, found when they are asked for. */
export function* prunable(
  allowlist: readonly Mapping[],
  visited: Visited,
  selector: Selector | undefined,
  session: Session,
): Generator<Prunable> {
  const mappings = allowlist.length > 0 ? allowlist : defaultMappings(session);
  const places = [
    ...[...visited.namespaces].flatMap((namespace) =>
      mappings.filter(({ namespaced }) => namespaced).map((mapping) => ({ mapping, namespace })),
    ),
    ...mappings.filter(({ namespaced }) => !namespaced).map((mapping) => ({ mapping, namespace: '' })),
  ];
  for (const { mapping, namespace } of places)
    for (const object of session.client.list(mapping, namespace, selector ?? everything()))
      if (hasLastApplied(object) && !visited.has(object)) yield { mapping, namespace, object };
}

function defaultMappings({ client, output }: Session): readonly Mapping[] {
  output.log('prune.go:71', DEFAULTS_WILL_CHANGE);
  const { catalog } = client.server.options;
  return DEFAULT_KINDS.flatMap(([apiVersion, kind]) => mappingOf(catalog, apiVersion, kind) ?? []);
}
