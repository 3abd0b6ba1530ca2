// The roles and bindings that every API server starts with, as its feature gates have them.
// Behaviour: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/{policy,controller_policy}.go, Kubernetes v1.36.3.
import type { FeatureGates } from '../../apiserver/resource.ts';
import policy from './bootstrap-policy.json' with { type: 'json' };

/** Something that is only there where a feature gate is on. */
interface Gated {
  readonly gate?: string;
}

export function bootstrapPolicy(gates: FeatureGates): readonly Record<string, unknown>[] {
  const isThere = ({ gate }: Gated): boolean => gate === undefined || gates.isEnabled(gate);
  return policy.filter(isThere).map((recorded) => {
    const { gate: _gate, ...item }: Gated & Record<string, unknown> = recorded;
    const rules = (recorded as { readonly rules?: readonly (Gated & Record<string, unknown>)[] }).rules;
    return rules ? { ...item, rules: rules.filter(isThere).map(({ gate: _gate, ...rule }) => rule) } : item;
  });
}
