// What a plan is: the public document that every output renders, saved plans hold and other programs read.
// Its JSON Schema (src/report/json/plan-schema.ts) is published; a test keeps the two alike.
import type { Diagnostic, ObjectRef } from '../../apimachinery/diagnostic.ts';

/** Raised when a reader of the document must change: minor for additions that old readers may ignore. */
export const FORMAT_VERSION = '1.0';

export type Action = 'create' | 'update' | 'replace' | 'delete' | 'no-op';

/** Who decided a new value. */
export type FieldOrigin = 'file' | 'command' | 'default' | 'admission' | 'controller' | 'manager';

export interface FieldChange {
  /** `spec.template.spec.containers[name=web].image` */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly from: FieldOrigin;
  /** The component behind `controller`, `admission` and `manager`. */
  readonly by?: string;
}

export interface PlanChange {
  readonly action: Action;
  /** `submitted`: the input asks for it; `derived`: the cluster does it in consequence. */
  readonly origin: 'submitted' | 'derived';
  readonly object: ObjectRef;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly fields: readonly FieldChange[];
  /** From the nearest cause to the farthest: `ReplicaSet default/web-5d8f…`, `Deployment default/web`, `deploy/web.yaml:1`. */
  readonly because: readonly string[];
  /** The object that owns this one, for trees. */
  readonly owner?: ObjectRef;
}

export interface Placement {
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly node: string;
}

export interface PendingPod {
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly reason: string;
  readonly message: string;
  /** Nodes by what keeps the pod off them; absent where it was refused as a whole, or where too many kinds of pods wait. */
  readonly refusals?: readonly NodeRefusal[];
}

/** Nodes that the same plugins refuse to a pod for the same reasons: all of them, not only the first as in the message. */
export interface NodeRefusal {
  readonly nodes: readonly string[];
  readonly by: readonly { readonly plugin: string; readonly reasons: readonly string[] }[];
}

/** A problem that a user declared known, so that no exit code comes of it; outputs count it and show why. */
export interface SuppressedProblem {
  /** The finding it stands for, as in SARIF's partialFingerprints and in a baseline file. */
  readonly fingerprint: string;
  readonly rule: string;
  readonly object?: ObjectRef;
  readonly reason: string;
  readonly by: 'annotation' | 'configuration' | 'baseline';
}

/** A Service after convergence: where its traffic goes. */
export interface ServiceEndpoints {
  readonly service: { readonly namespace: string; readonly name: string };
  readonly clusterIP?: string;
  readonly ports: readonly string[];
  readonly ready: readonly string[];
  readonly notReady: readonly string[];
}

export interface PlanEvent {
  /** Simulated seconds since the manifests were applied. */
  readonly at: number;
  readonly type: string;
  readonly reason: string;
  readonly object: ObjectRef;
  readonly message: string;
  readonly count: number;
}

/** A webhook that a real API server would have called. */
export interface WebhookCall {
  /** With a star at the end of a name that is yet to be generated. */
  readonly object: ObjectRef;
  readonly operation: string;
  readonly subresource?: string;
  readonly type: 'mutating' | 'validating';
  readonly configuration: string;
  readonly webhook: string;
  readonly failurePolicy: string;
  /** `assumed`: nobody described what it answers, so that it is taken to allow the request. */
  readonly outcome: 'assumed' | 'allowed' | 'denied' | 'patched' | 'failed' | 'failedOpen';
  readonly message?: string;
  /** Called again because the object changed after its first call. */
  readonly isReinvocation?: boolean;
  readonly count: number;
}

export interface PlanSummary {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  /** Objects that change in consequence. */
  readonly derived: number;
  /** Pods that find no node. */
  readonly pending: number;
  /** Submitted objects that the API server would refuse. */
  readonly refused: number;
}

export interface Plan {
  readonly apiVersion: 'kubeplan.dev/v1';
  readonly kind: 'Plan';
  readonly formatVersion: typeof FORMAT_VERSION;
  readonly kubernetesVersion: string;
  readonly hasChanges: boolean;
  readonly converged: boolean;
  readonly summary: PlanSummary;
  readonly changes: readonly PlanChange[];
  readonly placements: readonly Placement[];
  readonly pending: readonly PendingPod[];
  readonly services: readonly ServiceEndpoints[];
  readonly events: readonly PlanEvent[];
  readonly diagnostics: readonly Diagnostic[];
  readonly assumptions: readonly string[];
  /** In the order of the calls; absent when no webhook would be called. */
  readonly webhooks?: readonly WebhookCall[];
  /** Absent when nothing is suppressed. */
  readonly suppressed?: readonly SuppressedProblem[];
  /** Simulated seconds from the apply to the settled cluster. */
  readonly simulatedSeconds: number;
}
