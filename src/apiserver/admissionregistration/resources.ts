// The resources of admissionregistration.k8s.io.
import type { Resource } from '../resource.ts';
import { mutatingAdmissionPolicyResource } from './mutating-admission-policy/strategy.ts';
import { mutatingAdmissionPolicyBindingResource } from './mutating-admission-policy-binding/strategy.ts';
import { mutatingWebhookConfigurationResource } from './mutating-webhook-configuration/strategy.ts';
import { validatingAdmissionPolicyResource } from './validating-admission-policy/strategy.ts';
import { validatingAdmissionPolicyBindingResource } from './validating-admission-policy-binding/strategy.ts';
import { validatingWebhookConfigurationResource } from './validating-webhook-configuration/strategy.ts';

export const admissionregistrationResources: readonly Resource[] = [
  mutatingAdmissionPolicyResource,
  mutatingAdmissionPolicyBindingResource,
  mutatingWebhookConfigurationResource,
  validatingAdmissionPolicyResource,
  validatingAdmissionPolicyBindingResource,
  validatingWebhookConfigurationResource,
];
