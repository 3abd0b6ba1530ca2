// The policies that take part in requests: those that a binding names, each with its bindings, in order of name.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/generic/policy_source.go, Kubernetes v1.36.3.
// Differs: upstream goes through policies and bindings in an order that it leaves open.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ParamKind } from '../../../schema/generated/types/admissionregistration-v1.ts';
import type { AdmissionContext } from '../chain/plugin.ts';

interface AnyPolicy extends KubeObject {
  readonly spec: { readonly paramKind?: ParamKind; readonly failurePolicy?: string };
}

interface AnyBinding extends KubeObject {
  readonly spec: { readonly policyName?: string };
}

export interface Hook<P, B> {
  readonly policy: P;
  readonly bindings: readonly B[];
}

export function hooksOf<P extends AnyPolicy, B extends AnyBinding>(
  policies: string,
  { reader }: Pick<AdmissionContext, 'reader'>,
): readonly Hook<P, B>[] {
  const bindings = reader.list<B>(`${policies.replace(/ies$/, 'y')}bindings.admissionregistration.k8s.io`);
  if (bindings.length === 0) return [];
  const byPolicy = new Map<string, B[]>();
  for (const binding of bindings) {
    const name = binding.spec.policyName ?? '';
    const known = byPolicy.get(name);
    if (known) known.push(binding);
    else byPolicy.set(name, [binding]);
  }
  // A binding may come before its policy, and stay when the policy goes.
  return reader
    .list<P>(`${policies}.admissionregistration.k8s.io`)
    .filter(({ metadata }) => byPolicy.has(metadata.name ?? ''))
    .map((policy) => ({ policy, bindings: byPolicy.get(policy.metadata.name ?? '') ?? [] }));
}
