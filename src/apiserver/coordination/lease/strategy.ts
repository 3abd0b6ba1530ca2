// How Leases are created and updated.
// Behaviour: pkg/registry/coordination/lease/strategy.go, Kubernetes v1.36.3.
import type { Lease } from '../../../schema/generated/types/coordination-v1.ts';
import type { Resource } from '../../resource.ts';
import { validateLease } from './validation.ts';

export const leaseResource: Resource<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  namespaced: true,
  strategy: {
    acceptsAnyFinalizer: true,
    allowCreateOnUpdate: true,
    prepareForCreate: (lease) => withoutCoordination(lease, undefined),
    validate: validateLease,
    prepareForUpdate: withoutCoordination,
    validateUpdate: validateLease,
  },
};

/** The gate CoordinatedLeaderElection is off: its fields are dropped unless the stored lease has them. */
function withoutCoordination(lease: Lease, old: Lease | undefined): Lease {
  const { strategy, preferredHolder, ...spec } = lease.spec;
  if (strategy === undefined && preferredHolder === undefined) return lease;
  return {
    ...lease,
    spec: {
      ...spec,
      ...(strategy !== undefined && old?.spec.strategy !== undefined ? { strategy } : {}),
      ...(preferredHolder !== undefined && old?.spec.preferredHolder !== undefined ? { preferredHolder } : {}),
    },
  };
}
