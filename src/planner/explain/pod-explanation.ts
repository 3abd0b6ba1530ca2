// What `kubeplan explain` answers: why pods are where they are or why they wait. Public document, versioned with the plan's; its
// JSON Schema is src/report/json/explanation-schema.ts.

export interface PodRef {
  readonly namespace: string;
  readonly name: string;
}

interface ExplainedScore {
  readonly plugin: string;
  readonly weight: number;
  /** What counts: the plugin's own score of 0 to 100 times the weight. */
  readonly score: number;
}

interface ExplainedObstacle {
  readonly plugin: string;
  /** In kube-scheduler's words. */
  readonly reasons: readonly string[];
  /** What exactly is in the way: labels, taints, amounts, pods. */
  readonly details: readonly string[];
}

export interface ExplainedNode {
  readonly node: string;
  /** Whether the node admits the pod. */
  readonly feasible: boolean;
  /** The plugin that refused the pod first, which is what kube-scheduler reports. */
  readonly plugin?: string;
  readonly reasons?: readonly string[];
  /** Everything in the way, also what kube-scheduler did not get to. */
  readonly obstacles: readonly ExplainedObstacle[];
  /** What alone is in the way: `+200m cpu`, `only the taint dedicated=gpu:NoSchedule`. */
  readonly lacks?: string;
  /** Of feasible nodes. */
  readonly scores?: readonly ExplainedScore[];
  readonly total?: number;
}

interface ExplainedRemedy {
  readonly at: 'pod' | 'node' | 'cluster';
  readonly change: string;
  /** Nodes that would admit the pod then. */
  readonly nodes: readonly string[];
}

export interface ExplainedVictim extends PodRef {
  readonly priority: number;
  readonly startTime?: string;
}

interface PreemptionCandidate {
  readonly node: string;
  readonly victims: number;
  /** Disruption budgets that evicting them would violate. */
  readonly violations: number;
  readonly highestPriority: number;
}

export interface ExplainedPreemption {
  readonly node: string;
  readonly victims: readonly ExplainedVictim[];
  /** Less important pods of the node that could stay. */
  readonly spared: readonly ExplainedVictim[];
  /** The nodes where eviction would have helped, in the order in which they were tried. */
  readonly candidates: readonly PreemptionCandidate[];
  /** Why this node among them. */
  readonly why: string;
}

/** A claim of devices that a pod group has for those of its pods that ask for just this one. */
export interface SharedClaim {
  readonly name: string;
  /** The ResourceClaim, once it is there. */
  readonly claim?: string;
  /** Pool and name of each device that is allocated. */
  readonly devices: readonly string[];
  readonly isReserved: boolean;
}

/** The pods that a pod is scheduled together with. */
export interface ExplainedGroup {
  readonly name: string;
  /** Whether the PodGroup is there. */
  readonly exists: boolean;
  /** Of a gang: so many pods get their nodes at the same time, or none. */
  readonly minCount?: number;
  /** The label of nodes whose value all pods have to share. */
  readonly topology?: string;
  /** ResourceClaims that its pods share. */
  readonly claims?: readonly SharedClaim[];
  readonly pods: number;
  readonly placed: number;
  /** What kube-scheduler says of the group. */
  readonly message?: string;
}

export interface PodExplanation {
  readonly pod: PodRef;
  /** `given`: the description or the manifest says where the pod is, nobody chose. */
  readonly outcome: 'scheduled' | 'given' | 'unschedulable' | 'gated' | 'foreign';
  readonly node?: string;
  /** What kube-scheduler says of a pod that waits. */
  readonly message?: string;
  /** Simulated seconds after the manifests were applied; negative: before. Absent: the settled cluster. */
  readonly at?: number;
  readonly profile: string;
  /** Feasible ones by total, then those with the fewest obstacles. */
  readonly nodes: readonly ExplainedNode[];
  /** The nodes with the greatest total; more than one is a tie, which kubeplan decides by name and kube-scheduler by chance. */
  readonly best: readonly string[];
  /** Zones that do not rule the pod out, of those that nodes are in; absent where all are allowed. */
  readonly zones?: { readonly allowed: readonly string[]; readonly of: number };
  /** What would let a waiting pod in: each change alone, tried out. */
  readonly remedies: readonly ExplainedRemedy[];
  readonly preemption?: ExplainedPreemption;
  readonly group?: ExplainedGroup;
}

export interface Explanation {
  readonly apiVersion: 'kubeplan.dev/v1';
  readonly kind: 'Explanation';
  readonly formatVersion: '1.0';
  readonly kubernetesVersion: string;
  readonly pods: readonly PodExplanation[];
}
