// MutatingWebhookConfigurations.
// Behaviour: pkg/registry/admissionregistration/mutatingwebhookconfiguration/strategy.go, Kubernetes v1.36.3.
import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
} from '../../../schema/generated/types/admissionregistration-v1.ts';
import type { Resource } from '../../resource.ts';
import { defaultWebhook, REINVOCATION_POLICY } from '../defaults.ts';
import { webhookConfigurationStrategy } from '../webhook-configuration-strategy.ts';

export const mutatingWebhookConfigurationResource: Resource<MutatingWebhookConfiguration> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  singular: 'mutatingwebhookconfiguration',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: webhookConfigurationStrategy(
    (webhook: MutatingWebhook): MutatingWebhook => ({
      reinvocationPolicy: REINVOCATION_POLICY,
      ...defaultWebhook(webhook),
    }),
  ),
};
