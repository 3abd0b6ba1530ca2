// How ServiceAccounts are created and updated.
// Behaviour: pkg/registry/core/serviceaccount/strategy.go, Kubernetes v1.36.3.
import { validateServiceAccountName } from '../../../apimachinery/validation/object-meta.ts';
import { ENFORCE_MOUNTABLE_SECRETS } from '../../../apimachinery/well-known/annotations.ts';
import type { ServiceAccount } from '../../../schema/generated/types/core-v1.ts';
import type { Resource } from '../../resource.ts';

const ENFORCE_DEPRECATED = `metadata.annotations[${ENFORCE_MOUNTABLE_SECRETS}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`;

export const serviceAccountResource: Resource<ServiceAccount> = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  namespaced: true,
  shortNames: ['sa'],
  strategy: {
    allowUnconditionalUpdate: true,
    validateName: validateServiceAccountName,
    prepareForCreate: withCleanSecrets,
    prepareForUpdate: withCleanSecrets,
    warningsOnCreate: (account) => (asksForMountableSecrets(account) ? [ENFORCE_DEPRECATED] : []),
    warningsOnUpdate: (account, old) =>
      asksForMountableSecrets(account) && !asksForMountableSecrets(old) ? [ENFORCE_DEPRECATED] : [],
  },
};

/** Of a reference to a secret only the name is kept. */
function withCleanSecrets(account: ServiceAccount): ServiceAccount {
  if (!account.secrets) return account;
  return { ...account, secrets: account.secrets.map(({ name }) => (name ? { name } : {})) };
}

function asksForMountableSecrets({ metadata }: ServiceAccount): boolean {
  return metadata.annotations?.[ENFORCE_MOUNTABLE_SECRETS] !== undefined;
}
