// A pod with what the scheduler looks up again and again worked out once: affinity terms, requests, ports, interned labels.
// Behaviour: pkg/scheduler/framework/types.go (PodInfo), kube-scheduler/framework/types.go (AffinityTerm), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type {
  ContainerStatus,
  Pod,
  PodAffinityTerm,
  PodSpec,
  PodStatus,
} from '../../../schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../schema/generated/types/meta-v1.ts';
import { type HostPort, hostPortsOf } from './host-ports.ts';
import type { Int64 } from './int64.ts';
import { compileSelector, internLabels, type LabelSet, LabelSetSelector, type Labels } from './label-set.ts';
import { hasPodLevelRequests, NON_MISSING_CPU, NON_MISSING_MEMORY, podRequests } from './pod-requests.ts';
import { type Resource, resourceOf } from './resource.ts';

/** An affinity or anti-affinity term with its selectors compiled. */
export interface AffinityTerm {
  readonly namespaces: ReadonlySet<string>;
  readonly selector: LabelSetSelector;
  readonly topologyKey: string;
  readonly namespaceSelector: LabelSetSelector;
}

export interface WeightedAffinityTerm extends AffinityTerm {
  readonly weight: number;
}

/** Requests of a pod on a node, and the same with 100m and 200Mi where a container asks for nothing. */
interface PodResource {
  readonly resource: Resource;
  readonly non0CPU: Int64;
  readonly non0Mem: Int64;
}

const NO_STATUS: PodStatus = {};
const NO_LABELS: Labels = {};
const NO_TERMS: readonly never[] = [];

export class PodInfo {
  readonly pod: Pod;
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
  readonly status: PodStatus;
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly priority: number;
  readonly labels: Labels;
  readonly labelSet: LabelSet;
  readonly isTerminating: boolean;
  /** Has inter-pod affinity or anti-affinity of any kind. */
  readonly hasAffinity: boolean;
  readonly hostPorts: readonly HostPort[];
  #key: string | undefined;
  #terms: AffinityTerms | undefined;
  #resource: PodResource | undefined;

  constructor(pod: Pod) {
    const { metadata, spec } = pod;
    this.pod = pod;
    this.metadata = metadata;
    this.spec = spec;
    this.status = pod.status ?? NO_STATUS;
    this.name = metadata.name ?? '';
    this.namespace = metadata.namespace ?? '';
    this.uid = metadata.uid ?? `${this.namespace}/${this.name}`;
    this.priority = spec.priority ?? 0;
    this.labels = metadata.labels ?? NO_LABELS;
    this.labelSet = internLabels(metadata.labels);
    this.isTerminating = metadata.deletionTimestamp !== undefined;
    this.hasAffinity = spec.affinity?.podAffinity !== undefined || spec.affinity?.podAntiAffinity !== undefined;
    this.hostPorts = hostPortsOf(spec);
  }

  get key(): string {
    return (this.#key ??= `${this.namespace}/${this.name}`);
  }

  get requiredAffinityTerms(): readonly AffinityTerm[] {
    return this.#affinity().requiredAffinity;
  }
  get requiredAntiAffinityTerms(): readonly AffinityTerm[] {
    return this.#affinity().requiredAntiAffinity;
  }
  get preferredAffinityTerms(): readonly WeightedAffinityTerm[] {
    return this.#affinity().preferredAffinity;
  }
  get preferredAntiAffinityTerms(): readonly WeightedAffinityTerm[] {
    return this.#affinity().preferredAntiAffinity;
  }
  /** Set when a selector of an affinity term cannot be read. */
  get affinityError(): string | undefined {
    return this.#affinity().error;
  }

  /** What the pod takes away from its node. */
  get resource(): PodResource {
    return (this.#resource ??= podResource(this.pod));
  }

  /** Whether another object of the same pod makes no difference to anybody but preemption. */
  countsAs({ pod, isTerminating, labelSet }: PodInfo): boolean {
    if (isTerminating !== this.isTerminating || labelSet !== this.labelSet) return false;
    if (pod.spec !== this.spec && !semanticDeepEqual(pod.spec, this.spec)) return false;
    return sameRequestsInStatus(pod, this.pod);
  }

  /** Takes over what was worked out for an older object of the same pod that counts the same. */
  inherit(older: PodInfo): void {
    this.#terms = older.#terms;
    this.#resource = older.#resource;
  }

  /** Takes over what another pod asks for, whose containers ask for the same; nobody has resized either. */
  asksLike(other: PodInfo): void {
    const isPlain = !this.spec.resources && !isResized(this.pod) && !isResized(other.pod);
    if (isPlain) this.#resource ??= other.#resource;
  }

  #affinity(): AffinityTerms {
    return (this.#terms ??= this.hasAffinity ? affinityTerms(this.spec, this.namespace) : NO_AFFINITY);
  }
}

/** Whether the parts of the status that requests are read from are the same: they change with an in-place resize. */
function sameRequestsInStatus({ status: a }: Pod, { status: b }: Pod): boolean {
  return (
    sameResized(a?.containerStatuses, b?.containerStatuses) &&
    sameResized(a?.initContainerStatuses, b?.initContainerStatuses) &&
    isSame(a?.resources, b?.resources) &&
    isSame(a?.allocatedResources, b?.allocatedResources)
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || semanticDeepEqual(a, b);
}

function sameResized(a: readonly ContainerStatus[] | undefined, b: readonly ContainerStatus[] | undefined): boolean {
  if (a === b || (!isAnyResized(a) && !isAnyResized(b))) return true;
  const resized = (list: readonly ContainerStatus[] | undefined) =>
    (list ?? [])
      .filter(({ resources }) => resources)
      .map(({ name, resources, allocatedResources }) => ({ name, resources, allocatedResources }));
  return semanticDeepEqual(resized(a), resized(b));
}

function isAnyResized(list: readonly ContainerStatus[] | undefined): boolean {
  if (list) for (const { resources } of list) if (resources) return true;
  return false;
}

interface AffinityTerms {
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly WeightedAffinityTerm[];
  readonly preferredAntiAffinity: readonly WeightedAffinityTerm[];
  readonly error?: string;
}

const NO_AFFINITY: AffinityTerms = {
  requiredAffinity: NO_TERMS,
  requiredAntiAffinity: NO_TERMS,
  preferredAffinity: NO_TERMS,
  preferredAntiAffinity: NO_TERMS,
};

/** Terms by the object that holds them, so that pods which share a spec share them. */
const compiledTerms = new WeakMap<PodAffinityTerm, Map<string, AffinityTerm | undefined>>();

function affinityTerms({ affinity }: PodSpec, namespace: string): AffinityTerms {
  let error: string | undefined;
  const compile = (term: PodAffinityTerm, list: string): AffinityTerm[] => {
    const compiled = compileTerm(term, namespace);
    if (compiled) return [compiled];
    error ??= `${list}: invalid label selector`;
    return [];
  };
  const { podAffinity, podAntiAffinity } = affinity ?? {};
  const required = (terms: readonly PodAffinityTerm[] | undefined, list: string): readonly AffinityTerm[] =>
    (terms ?? NO_TERMS).flatMap((term) => compile(term, list));
  const preferred = (
    terms: readonly { readonly weight: number; readonly podAffinityTerm: PodAffinityTerm }[] | undefined,
    list: string,
  ): readonly WeightedAffinityTerm[] =>
    (terms ?? NO_TERMS).flatMap(({ weight, podAffinityTerm }) =>
      compile(podAffinityTerm, list).map((term) => ({ ...term, weight })),
    );
  const result = {
    requiredAffinity: required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution, 'requiredAffinityTerms'),
    requiredAntiAffinity: required(
      podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution,
      'requiredAntiAffinityTerms',
    ),
    preferredAffinity: preferred(
      podAffinity?.preferredDuringSchedulingIgnoredDuringExecution,
      'preferredAffinityTerms',
    ),
    preferredAntiAffinity: preferred(
      podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution,
      'preferredAntiAffinityTerms',
    ),
  };
  return error === undefined ? result : { ...result, error };
}

function compileTerm(term: PodAffinityTerm, namespace: string): AffinityTerm | undefined {
  let byNamespace = compiledTerms.get(term);
  if (!byNamespace) compiledTerms.set(term, (byNamespace = new Map()));
  if (byNamespace.has(namespace)) return byNamespace.get(namespace);
  const selector = compileSelector(term.labelSelector);
  const namespaceSelector = compileSelector(term.namespaceSelector);
  const named = term.namespaces ?? NO_TERMS;
  const compiled =
    selector && namespaceSelector
      ? {
          namespaces: new Set(named.length === 0 && term.namespaceSelector === undefined ? [namespace] : named),
          selector: LabelSetSelector.of(selector),
          topologyKey: term.topologyKey,
          namespaceSelector: LabelSetSelector.of(namespaceSelector),
        }
      : undefined;
  byNamespace.set(namespace, compiled);
  return compiled;
}

/**
 * Whether a pod meets a term. `namespaceLabels` are those of the pod's namespace, or undefined where upstream passes none:
 * a namespace selector is then asked about no labels at all.
 */
export function termMatches(term: AffinityTerm, pod: PodInfo, namespaceLabels: LabelSet | undefined): boolean {
  if (!term.namespaces.has(pod.namespace) && !term.namespaceSelector.matches(namespaceLabels ?? NO_LABEL_SET))
    return false;
  return term.selector.matches(pod.labelSet);
}

const NO_LABEL_SET = internLabels(undefined);

/** By lists of containers that many pods share. */
const resourcesOfShared = new WeakMap<readonly object[], PodResource>();

/** Pods that ask for nothing but what their containers do, and that nobody resized, ask for the same when they share the list. */
function podResource(pod: Pod): PodResource {
  const { containers, initContainers, resources, overhead } = pod.spec;
  const isShared = containers !== undefined && Object.isFrozen(containers);
  if (!isShared || initContainers?.length || resources || overhead || isResized(pod)) return workOutResource(pod);
  let known = resourcesOfShared.get(containers);
  if (!known) resourcesOfShared.set(containers, (known = workOutResource(pod)));
  return known;
}

function isResized({ status }: Pod): boolean {
  return status?.containerStatuses?.some(({ resources }) => resources) ?? false;
}

function workOutResource(pod: Pod): PodResource {
  const requests = podRequests(pod, { useStatusResources: true });
  const podLevel = hasPodLevelRequests(pod);
  const missing = new Map<string, Quantity>();
  if (!podLevel || !requests.has('cpu')) missing.set('cpu', NON_MISSING_CPU);
  if (!podLevel || !requests.has('memory')) missing.set('memory', NON_MISSING_MEMORY);
  const non0 =
    missing.size === 0
      ? requests
      : podRequests(pod, { useStatusResources: true, nonMissingContainerRequests: missing });
  return {
    resource: resourceOf(requests),
    non0CPU: non0.get('cpu')?.exactMilliValue() ?? 0,
    non0Mem: non0.get('memory')?.exactValue() ?? 0,
  };
}
