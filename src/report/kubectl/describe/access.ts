// Describes roles and bindings.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go and pkg/util/rbac/rbac.go, Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
} from '../../../schema/generated/types/rbac-v1.ts';
import { goText } from '../go-value.ts';
import { describer, writeMeta } from './describer.ts';

export const describeRole = describer<Role | ClusterRole>((w, object) => {
  w.line(0, 'Name:', object.metadata.name ?? '');
  writeMeta(w, object);
  w.write(0, 'PolicyRule:\n');
  w.line(1, 'Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs');
  w.line(1, '---------', '-----------------', '--------------', '-----');
  for (const rule of compactRules((object.rules ?? []).flatMap(brokenDown))) {
    const lists = [rule.nonResourceURLs, rule.resourceNames, rule.verbs].map((list) => goText(list ?? []));
    w.line(1, resourceText(rule), ...lists);
  }
});

/** One rule for each group, resource and name, and for each path and verb. */
function brokenDown(rule: PolicyRule): readonly PolicyRule[] {
  const verbs = rule.verbs ?? [];
  if (verbs.length === 0) return [];
  const rules: PolicyRule[] = [];
  for (const group of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      const one = { verbs, apiGroups: [group], resources: [resource] };
      const names = rule.resourceNames ?? [];
      if (names.length === 0) rules.push(one);
      for (const name of names) rules.push({ ...one, resourceNames: [name] });
    }
  }
  for (const url of rule.nonResourceURLs ?? [])
    rules.push(...verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })));
  return rules;
}

/** Rules for the same thing become one with all their verbs. */
function compactRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const simple = new Map<string, PolicyRule>();
  const compacted: PolicyRule[] = [];
  for (const rule of rules) {
    const [resource] = rule.resources ?? [];
    if (resource === undefined) {
      compacted.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.apiGroups?.[0], resource, rule.resourceNames?.[0]]);
    const known = simple.get(key);
    const verbs = [...new Set([...(known?.verbs ?? []), ...(rule.verbs ?? [])])];
    simple.set(key, { ...(known ?? rule), verbs });
  }
  return [...compacted, ...simple.values()].sort((a, b) => compareBytes(ruleText(a), ruleText(b)));
}

/** The text that Go sorts rules by. */
function ruleText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const [v, g, r, n, u] = [verbs, apiGroups, resources, resourceNames, nonResourceURLs].map((list) =>
    goText(list ?? []),
  );
  return `&PolicyRule{Verbs:${v},APIGroups:${g},Resources:${r},ResourceNames:${n},NonResourceURLs:${u},}`;
}

function resourceText({ resources, apiGroups }: PolicyRule): string {
  const [resource] = resources ?? [];
  if (resource === undefined) return '';
  const slash = resource.indexOf('/');
  const name = slash < 0 ? resource : resource.slice(0, slash);
  const group = apiGroups?.[0] ? `.${apiGroups[0]}` : '';
  return `${name}${group}${slash < 0 ? '' : resource.slice(slash)}`;
}

export const describeRoleBinding = describer<RoleBinding | ClusterRoleBinding>((w, object) => {
  w.line(0, 'Name:', object.metadata.name ?? '');
  writeMeta(w, object);
  w.write(0, 'Role:\n');
  w.line(1, 'Kind:', object.roleRef.kind);
  w.line(1, 'Name:', object.roleRef.name);
  w.write(0, 'Subjects:\n');
  w.line(1, 'Kind', 'Name', 'Namespace');
  w.line(1, '----', '----', '---------');
  for (const { kind, name, namespace } of object.subjects ?? []) w.line(1, kind, name, namespace ?? '');
});
