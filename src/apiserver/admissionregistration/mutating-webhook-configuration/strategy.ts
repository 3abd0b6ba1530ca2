// How MutatingWebhookConfigurations are created and updated.
// Behaviour: pkg/registry/admissionregistration/mutatingwebhookconfiguration/strategy.go, Kubernetes v1.36.3.
import type { MutatingWebhookConfiguration } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { withGeneration, withNextGeneration } from '../../apps/generation.ts';
import type { Resource } from '../../resource.ts';
import { defaultWebhook, REINVOCATION_POLICY } from '../defaults.ts';
import { staticSuffixErrors, staticSuffixWarnings, staticSuffixWarningsOnCreate } from '../static-suffix.ts';
import { isUnchanged, validateWebhooks, validateWebhooksUpdate } from '../webhook-validation.ts';

export const mutatingWebhookConfigurationResource: Resource<MutatingWebhookConfiguration> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  singular: 'mutatingwebhookconfiguration',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: {
    acceptsAnyFinalizer: true,
    applyDefaults: (configuration) =>
      configuration.webhooks
        ? {
            ...configuration,
            webhooks: configuration.webhooks.map((webhook) => ({
              reinvocationPolicy: REINVOCATION_POLICY,
              ...defaultWebhook(webhook),
            })),
          }
        : configuration,
    prepareForCreate: (configuration) => withGeneration(configuration, 1),
    validate: (configuration, context) => [
      ...validateWebhooks(configuration.webhooks),
      ...staticSuffixErrors(configuration, context),
    ],
    warningsOnCreate: staticSuffixWarningsOnCreate,
    prepareForUpdate: (configuration, old) =>
      isUnchanged(configuration.webhooks, old.webhooks) ? configuration : withNextGeneration(configuration, old),
    validateUpdate: (configuration, old) => validateWebhooksUpdate(configuration.webhooks, old.webhooks),
    warningsOnUpdate: staticSuffixWarnings,
  },
};
