// What a plan is: the public document that every output renders, saved plans hold and other programs read.
// Its JSON Schema (src/report/json/plan-schema.ts) is published; a test keeps the two alike.
import type { Diagnostic, ObjectRef, SourceLocation } from '../../apimachinery/diagnostic.ts';

/** Raised when a reader of the document must change: minor for additions that old readers may ignore. */
export const FORMAT_VERSION = '1.1';

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
  /** Where the value stands, when it comes from a file. */
  readonly source?: SourceLocation;
}

/** A field that somebody changed since it was applied last: the three values that a reader must tell apart. */
export interface DriftedField {
  readonly path: string;
  readonly lastApplied?: unknown;
  readonly live?: unknown;
  readonly desired?: unknown;
  /** The field manager that owns the live value, where the object says so. */
  readonly by?: string;
}

/** What it costs to delete an object and create it anew. */
export interface Replacement {
  /** The fields that cannot be changed in place, with what the API server says. */
  readonly because: readonly string[];
  /** Pods that go with the old object. */
  readonly podsDeleted: number;
  /** Ready pods before, and the fewest at any moment until the new object has settled. */
  readonly readyBefore: number;
  readonly readyAtLeast: number;
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
  /** What differs from what was applied last, before anything is done. */
  readonly drift?: readonly DriftedField[];
  /** Of a replace. */
  readonly replacement?: Replacement;
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

/** A pod that has to go although nobody asked for that pod to be deleted. */
export interface Eviction {
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly node?: string;
  readonly at: number;
  /** As the pod's condition DisruptionTarget says: `PreemptionByScheduler`, `EvictionByEvictionAPI`, `DeletionByTaintManager`. */
  readonly reason: string;
  readonly message: string;
  /** The pod that takes its place. */
  readonly preemptor?: { readonly namespace: string; readonly name: string };
}

/** One wave of a rollout: how many pods of the old and the new template are wanted, and how many are ready then. */
export interface RolloutStep {
  readonly at: number;
  readonly old: number;
  readonly new: number;
  readonly ready: number;
}

/** How a workload gets from its old pods to its new ones. */
export interface Rollout {
  readonly object: ObjectRef;
  /** Pods wanted in the end. */
  readonly wanted: number;
  /** From what was there before, wave by wave. */
  readonly steps: readonly RolloutStep[];
  /** The fewest ready pods at any moment. */
  readonly readyAtLeast: number;
  /** By how many the ready pods fell below what was ready before and is still wanted. */
  readonly unavailableAtMost: number;
  readonly complete: boolean;
  /** What the next wave waits for, when it never comes. */
  readonly stalledOn?: string;
}

/** What is asked of something that holds only so much, before and after. */
export interface Usage {
  /** `cpu`, `memory`, `pods`, `requests.cpu` */
  readonly resource: string;
  /** Absent when there is no bound. */
  readonly limit?: string;
  readonly before: string;
  readonly after: string;
  /** Of the limit, in whole per cent, rounded down. */
  readonly percentBefore?: number;
  readonly percentAfter?: number;
}

/** A node that the plan touches; in a small cluster, every node. */
export interface NodeUsage {
  readonly node: string;
  readonly zone?: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  /** Against what the node can allocate. */
  readonly usage: readonly Usage[];
}

/** What the pods of a touched namespace request. */
export interface NamespaceUsage {
  readonly namespace: string;
  readonly usage: readonly Usage[];
}

export interface QuotaUsage {
  readonly quota: { readonly namespace: string; readonly name: string };
  readonly usage: readonly Usage[];
}

/** `waiting`: no node; `starting`: a node, not running; `unready`, `ready`: running; `ended`: its containers have ended. */
export type PodState = 'waiting' | 'starting' | 'unready' | 'ready' | 'ended' | 'gone';

/** A pod of the plan comes into a state; what stands at the second before the first, the pod had before. */
export interface PodMoment {
  readonly at: number;
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly state: PodState;
  readonly node?: string;
}

/** What a plan was made from: the same inputs have the same digests, in whichever order they are read. */
export interface PlanInputs {
  readonly manifests: InputDigest;
  readonly cluster: InputDigest;
}

export interface InputDigest {
  readonly objects: number;
  /** `sha256:…` */
  readonly digest: string;
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
  readonly evictions: readonly Eviction[];
  readonly rollouts: readonly Rollout[];
  readonly nodes: readonly NodeUsage[];
  readonly namespaces: readonly NamespaceUsage[];
  readonly quotas: readonly QuotaUsage[];
  readonly services: readonly ServiceEndpoints[];
  readonly events: readonly PlanEvent[];
  /** How the pods that change get there, in order of time. */
  readonly timeline: readonly PodMoment[];
  readonly diagnostics: readonly Diagnostic[];
  readonly assumptions: readonly string[];
  /** In the order of the calls; absent when no webhook would be called. */
  readonly webhooks?: readonly WebhookCall[];
  /** Absent when nothing is suppressed. */
  readonly suppressed?: readonly SuppressedProblem[];
  readonly inputs: PlanInputs;
  /** Simulated seconds from the apply to the settled cluster. */
  readonly simulatedSeconds: number;
}
