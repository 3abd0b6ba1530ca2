// The kinds that a policy matches by name, at most ten a rule, and what is known of their types.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/validating/typechecking.go (typesToCheck, paramsGVK),
// [apimachinery]/pkg/api/meta/restmapper.go (KindsFor), Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { cel } from '../../../apiserver/cel/loaded.ts';
import type { CheckedKind } from '../../../apiserver/cel/policy-type-check.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { CustomResourceDefinition } from '../../../apiserver/custom-resources/custom-resource.ts';
import type { ResourceCatalog } from '../../../apiserver/resource-catalog.ts';
import type { NamedRuleWithOperations } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { allKinds, apiVersionOf, typeIdOfKind } from '../../../schema/kinds.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../../schema/resource-names.ts';

const MOST_TYPES = 10;

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface Cluster {
  readonly version: KubernetesVersion;
  readonly catalog: ResourceCatalog;
  readonly reader: ClusterReader;
}

/** Sorted; none where a rule names no kind without a wildcard. */
export function kindsOf(rules: readonly NamedRuleWithOperations[], cluster: Cluster): readonly Kind[] {
  const found = new Map<string, Kind>();
  for (const rule of rules) {
    let count = 0;
    for (const { group, version, resource } of resourcesOf(rule))
      for (const kind of kindsFor(group, version, resource, cluster)) {
        found.set(`${kind.group} ${kind.version} ${kind.kind}`, kind);
        count += 1;
        if (count === MOST_TYPES) return sorted(found.values());
      }
  }
  return sorted(found.values());
}

function sorted(kinds: Iterable<Kind>): readonly Kind[] {
  return [...kinds].sort(
    (a, b) => compareBytes(a.group, b.group) || compareBytes(a.version, b.version) || compareBytes(a.kind, b.kind),
  );
}

function* resourcesOf({ apiGroups = [], apiVersions = [], resources = [] }: NamedRuleWithOperations) {
  const hasWildcard = (name: string): boolean => name.includes('*');
  if (apiGroups.some(hasWildcard) || apiVersions.some(hasWildcard)) return;
  for (const group of [...apiGroups].sort(compareBytes))
    for (const version of [...apiVersions].sort(compareBytes))
      for (const resource of [...resources].sort(compareBytes))
        if (!/[*/]/.test(resource)) yield { group, version, resource: resource.toLowerCase() };
}

/** Without a group those of all groups. */
function kindsFor(group: string, version: string, resource: string, { catalog, ...cluster }: Cluster): readonly Kind[] {
  const isWanted = (kind: Kind, plural: string, singular: string): boolean =>
    (group === '' || kind.group === group) &&
    kind.version === version &&
    (plural === resource || singular === resource);
  const builtIn = allKinds(cluster.version).filter(
    (info) =>
      isWanted(info, info.resource, info.singular) &&
      catalog.byKind(apiVersionOf(info.group, info.version), info.kind) !== undefined,
  );
  const custom = catalog.all().flatMap((served): Kind[] => {
    if (!served.custom) return [];
    return [served.version, ...(served.otherVersions ?? []).map((other) => other.version)]
      .map((each) => ({ group: served.group, version: each, kind: served.kind }))
      .filter((kind) => isWanted(kind, served.plural, served.singular ?? ''));
  });
  return [...builtIn, ...custom];
}

/** Undefined where nothing is known of the type. */
export function declaredKind(kind: Kind, { version, catalog, reader }: Cluster): CheckedKind | undefined {
  const apiVersion = apiVersionOf(kind.group, kind.version);
  const typeId = typeIdOfKind(apiVersion, kind.kind, version);
  if (typeId !== undefined) return { ...kind, declared: cel().declTypeOfStruct(version, typeId) };
  const served = catalog.byKind(apiVersion, kind.kind);
  const definition = served && reader.get(CUSTOM_RESOURCE_DEFINITIONS, undefined, `${served.plural}.${served.group}`);
  if (!definition) return undefined;
  const { versions } = (definition as unknown as CustomResourceDefinition).spec; // definitions are filed there
  const schema = versions.find(({ name }) => name === kind.version)?.schema?.openAPIV3Schema;
  return { ...kind, declared: cel().declTypeOfCustom(version, schema) };
}
