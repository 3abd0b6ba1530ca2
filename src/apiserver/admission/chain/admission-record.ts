// What admission policies and webhooks made of a request, for the plan: no API server tells its clients this.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Cause } from '../../request.ts';
import type { ResourceName } from '../../store/store.ts';
import type { AdmissionOperation } from './plugin.ts';

/** A policy that did not simply let the request pass. */
export interface PolicyRecord {
  readonly type: 'policy';
  readonly kind: 'ValidatingAdmissionPolicy' | 'MutatingAdmissionPolicy';
  readonly policy: string;
  /** Absent when the policy itself is at fault. */
  readonly binding?: string;
  readonly action: 'Deny' | 'Warn' | 'Audit' | 'Mutate';
  /** `spec.validations[0].expression`; absent when no single expression decided. */
  readonly field?: string;
  readonly expression?: string;
  readonly message?: string;
}

/** A call that a webhook would get. */
export interface WebhookRecord {
  readonly type: 'webhook';
  readonly kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration';
  readonly configuration: string;
  readonly webhook: string;
  readonly failurePolicy: string;
  /** `assumed`: nobody described what it answers, so that it is taken to allow the request. */
  readonly outcome: 'assumed' | 'allowed' | 'denied' | 'patched' | 'failed' | 'failedOpen';
  readonly message?: string;
  /** Called again because the object changed after its first call. */
  readonly isReinvocation?: boolean;
}

export type AdmissionRecord = PolicyRecord | WebhookRecord;

/** A record with the request that it is about. */
export interface AdmissionNote {
  readonly record: AdmissionRecord;
  readonly operation: AdmissionOperation;
  readonly apiVersion: string;
  readonly objectKind: string;
  readonly subresource: string;
  readonly namespace?: string;
  /** With a star at the end where the name is yet to be generated. */
  readonly name: string;
  readonly cause: Cause;
}

/** What the mutating step of a plugin made of a request's object. */
export interface AdmissionChange {
  readonly plugin: string;
  readonly resource: ResourceName;
  readonly namespace: string | undefined;
  /** Empty while the name is yet to be generated. */
  readonly name: string;
  readonly from: KubeObject | undefined;
  readonly to: KubeObject;
  readonly cause: Cause;
}
