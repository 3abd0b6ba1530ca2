// ValidatingWebhookConfigurations.
// Behaviour: pkg/registry/admissionregistration/validatingwebhookconfiguration/strategy.go, Kubernetes v1.36.3.
import type {
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '../../../schema/generated/types/admissionregistration-v1.ts';
import type { Resource } from '../../resource.ts';
import { defaultWebhook } from '../defaults.ts';
import { webhookConfigurationStrategy } from '../webhook-configuration-strategy.ts';

export const validatingWebhookConfigurationResource: Resource<ValidatingWebhookConfiguration> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  singular: 'validatingwebhookconfiguration',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: webhookConfigurationStrategy(defaultWebhook<ValidatingWebhook>),
};
