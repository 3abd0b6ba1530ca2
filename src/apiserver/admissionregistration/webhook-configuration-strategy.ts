// What both kinds of webhook configurations have in common when they are created and updated.
// Behaviour: pkg/registry/admissionregistration/{validating,mutating}webhookconfiguration/strategy.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { MutatingWebhook, ValidatingWebhook } from '../../schema/generated/types/admissionregistration-v1.ts';
import type { Strategy } from '../resource.ts';
import { withGeneration, withNextGeneration } from '../strategies/generation.ts';
import { staticSuffixErrors, staticSuffixWarnings, staticSuffixWarningsOnCreate } from './static-suffix.ts';
import { isUnchanged, validateWebhooks, validateWebhooksUpdate } from './webhook-validation.ts';

interface WebhookConfiguration<W> extends KubeObject {
  readonly webhooks?: readonly W[];
}

export function webhookConfigurationStrategy<
  W extends ValidatingWebhook | MutatingWebhook,
  C extends WebhookConfiguration<W>,
>(applyDefaults: (webhook: W) => W): Strategy<C> {
  return {
    acceptsAnyFinalizer: true,
    applyDefaults: (configuration) =>
      configuration.webhooks
        ? { ...configuration, webhooks: configuration.webhooks.map(applyDefaults) }
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
  };
}
