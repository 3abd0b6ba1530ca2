// Fills ClusterRoles that gather the rules of others.
// Behaviour: pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { ClusterRole, PolicyRule } from '../../../schema/generated/types/rbac-v1.ts';
import { compileLabelSelector } from '../../../selectors/label-selector.ts';
import { type ControllerFactory, keyFor } from '../../engine/controller.ts';

const CLUSTER_ROLES = 'clusterroles.rbac.authorization.k8s.io';

export const clusterRoleAggregationController: ControllerFactory = () => {
  const gathering = new Set<string>();
  return {
    name: 'clusterrole-aggregation-controller',
    watches: [
      {
        resource: CLUSTER_ROLES,
        keys: ({ type, object }) => {
          const isGathering = type !== 'DELETED' && (object as ClusterRole).aggregationRule !== undefined;
          if (isGathering) gathering.add(keyFor(object));
          else gathering.delete(keyFor(object));
          return [...gathering].sort();
        },
      },
    ],
    sync(key, { client, reader }) {
      const role = reader.get<ClusterRole>(CLUSTER_ROLES, undefined, key);
      if (!role?.aggregationRule) return undefined;
      const rules = gatheredRules(role, reader);
      if (semanticDeepEqual(rules, role.rules ?? [])) return undefined;
      // Upstream applies by force; the list of rules is replaced as a whole either way.
      return client.update(CLUSTER_ROLES, { ...role, rules }).ok ? undefined : { retry: true };
    },
  };
};

function gatheredRules({ metadata, aggregationRule }: ClusterRole, reader: ClusterReader): readonly PolicyRule[] {
  const rules: PolicyRule[] = [];
  for (const clusterRoleSelector of aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = compileLabelSelector(clusterRoleSelector);
    for (const other of reader.list<ClusterRole>(CLUSTER_ROLES)) {
      if (other.metadata.name === metadata.name || !selector.matches(other.metadata.labels)) continue;
      for (const rule of other.rules ?? [])
        if (!rules.some((known) => semanticDeepEqual(known, rule))) rules.push(rule);
    }
  }
  return rules;
}
