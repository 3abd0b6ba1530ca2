// How NetworkPolicies are created and updated.
// Behaviour: pkg/registry/networking/networkpolicy/strategy.go, pkg/apis/networking/v1/defaults.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { warningsForCidr } from '../../../apimachinery/validation/ip.ts';
import { holdsGivenEmpty } from '../../../schema/decode/given-empty.ts';
import type {
  NetworkPolicy,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '../../../schema/generated/types/networking-v1.ts';
import type { Resource } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { ipBlocksOf, validateNetworkPolicy, validateNetworkPolicyUpdate } from './validation.ts';

export const networkPolicyResource: Resource<NetworkPolicy> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  namespaced: true,
  shortNames: ['netpol'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: (policy) => ({ ...policy, spec: defaultSpec(policy.spec) }),
    prepareForCreate: (policy) => withGeneration(policy, 1),
    validate: validateNetworkPolicy,
    warningsOnCreate: addressWarnings,
    prepareForUpdate: (policy, old) =>
      // Upstream compares with reflect.DeepEqual, to which an empty list is not an absent one.
      semanticDeepEqual(policy.spec, old.spec) && !holdsGivenEmpty(policy.spec)
        ? policy
        : withNextGeneration(policy, old),
    validateUpdate: validateNetworkPolicyUpdate,
    warningsOnUpdate: addressWarnings,
  },
};

function defaultSpec(spec: NetworkPolicySpec): NetworkPolicySpec {
  const { ingress, egress, policyTypes } = spec;
  return {
    ...spec,
    ...(ingress ? { ingress: ingress.map(withProtocols) } : {}),
    ...(egress ? { egress: egress.map(withProtocols) } : {}),
    // Without types a policy is about what comes in, and about what goes out if it says anything of it.
    policyTypes: policyTypes ?? (egress ? ['Ingress', 'Egress'] : ['Ingress']),
  };
}

function withProtocols<R extends { readonly ports?: readonly NetworkPolicyPort[] }>(rule: R): R {
  const { ports } = rule;
  if (!ports?.some(({ protocol }) => protocol === undefined)) return rule;
  return { ...rule, ports: ports.map((port) => ({ protocol: 'TCP', ...port })) };
}

function addressWarnings({ spec }: NetworkPolicy): readonly string[] {
  return ipBlocksOf(spec).flatMap(({ block: { cidr, except = [] }, path }) => [
    ...warningsForCidr(path.child('cidr'), cidr),
    ...except.flatMap((text, i) => warningsForCidr(path.child('except').index(i), text)),
  ]);
}
