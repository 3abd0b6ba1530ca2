// The shape of an admission plugin: first every plugin may change the request's object, later every plugin may refuse it.
// Behaviour: [apiserver]/pkg/admission/interfaces.go, order in pkg/kubeapiserver/options/plugins.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Status } from '../../apimachinery/status.ts';
import type { Resource, StrategyContext } from '../resource.ts';

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

export interface AdmissionAttributes {
  readonly operation: AdmissionOperation;
  readonly resource: Resource;
  readonly subresource: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The object as it would be stored; absent on delete. */
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
}

export interface AdmissionContext extends StrategyContext {
  /** A warning header on the answer. */
  warn(text: string): void;
  /**
   * Writes that a plugin does besides its verdict: ResourceQuota charges usage. Done only when the request passes
   * and is no dry run.
   */
  afterStored(write: (server: AdmissionWriter) => void): void;
}

export interface AdmissionWriter {
  updateStatus(object: KubeObject): void;
}

export interface AdmissionPlugin {
  /** Upstream's name: `LimitRanger`. */
  readonly name: string;
  readonly operations: readonly AdmissionOperation[];
  /** Mutating step: the object to go on with, or a refusal. */
  mutate?(attributes: AdmissionAttributes, context: AdmissionContext): KubeObject | AdmissionRefusal | undefined;
  /** Validating step: a refusal, or nothing. */
  validate?(attributes: AdmissionAttributes, context: AdmissionContext): AdmissionRefusal | undefined;
}

/** The answer that the API server gives instead; `by` is the plugin's name, for the plan. */
export interface AdmissionRefusal {
  readonly refused: Status;
  readonly by: string;
}

export function isRefusal(result: KubeObject | AdmissionRefusal | undefined): result is AdmissionRefusal {
  return result !== undefined && 'refused' in result;
}
