// Chooses nodes for pods by redoing only what has changed since the last pod of the same kind.
// It says what the plain path says (schedule-one.ts), or leaves the pod to it: pods that claim devices or name their node, most
// of those that fit nowhere because of other pods or volumes, and profiles that it does not know. test/planner/scheduler/fast proves the two equal.
import { ownsEphemeralClaims } from '../../storage/claims-and-volumes.ts';
import { isInconvertible } from '../../storage/csi-migration.ts';
import type { CacheObserver, ClusterCache } from '../cache/cluster-cache.ts';
import type { Nominator } from '../cache/nominator.ts';
import { CycleState } from '../framework/cycle-state.ts';
import { diagnosisOf, newDiagnosis } from '../framework/fit-error.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import type { FilterPlugin, PreFilterPlugin } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import type { Framework } from '../framework/runtime.ts';
import { candidateMemory, type PreemptionRequest } from '../preemption/evaluator.ts';
import { selectVictims } from '../preemption/victims.ts';
import type { Profile } from '../profile/profile.ts';
import { type NodeRotation, numNodesToFind, postFilter, type SchedulingResult } from '../schedule-one.ts';
import { type Epoch, makeRoom, newEpoch } from './epoch.ts';
import type { FailurePart } from './failures/failure-part.ts';
import { RoomTrial } from './failures/room-trial.ts';
import { isKnownProfile, VOLUME_FILTERS } from './known-plugins.ts';
import { findFeasible, findNode, isAnyPromised, type Search, scoreNodes } from './node-search.ts';
import { makeClaimPart } from './parts/claim-part.ts';
import { type ClassParts, ClassPartsMaker } from './parts/class-parts.ts';
import { isSameClass, podClassOf } from './pods/pod-class.ts';
import { isRestricted } from './pods/restricted-volumes.ts';

type Select = PreemptionRequest['select'];

export class FastPath implements CacheObserver {
  readonly #framework: Framework;
  readonly #cache: ClusterCache;
  readonly #nominator: Nominator;
  readonly #isKnownProfile: boolean;
  readonly #parts: ClassPartsMaker;
  readonly #hardPodAffinityWeight: number;
  readonly #volumeFilters: readonly (FilterPlugin & Partial<PreFilterPlugin>)[];
  readonly #postFilters: readonly Partial<PreFilterPlugin>[];
  /** Filter plugins and where they come in the order in which they are asked. */
  readonly #filters: ReadonlyMap<string, number>;
  /** Where the first filter that looks at volumes comes in their order. */
  readonly #firstOfVolumes: number;
  #epoch: Epoch | undefined;
  /** The pod before: of pods that come one after the other, most are of one class. */
  #last: { readonly epoch: Epoch; readonly pod: PodInfo; readonly parts: ClassParts | undefined } | undefined;

  constructor(framework: Framework, profile: Profile, cache: ClusterCache, nominator: Nominator) {
    const { filter, postFilter } = framework.plugins;
    this.#framework = framework;
    this.#cache = cache;
    this.#nominator = nominator;
    this.#isKnownProfile = isKnownProfile(framework);
    this.#parts = new ClassPartsMaker(framework, profile, nominator);
    this.#hardPodAffinityWeight = profile.args.InterPodAffinity.hardPodAffinityWeight;
    this.#postFilters = postFilter;
    this.#volumeFilters = filter.filter(({ name }) => VOLUME_FILTERS.has(name));
    this.#filters = new Map(filter.map(({ name }, i) => [name, i]));
    this.#firstOfVolumes = filter.findIndex(({ name }) => VOLUME_FILTERS.has(name));
    cache.observe(this);
    nominator.observe((nodeName) => {
      const node = this.#epoch?.table.numberOf(nodeName);
      if (node !== undefined) this.#epoch?.table.touch(node);
    });
  }

  podAdded(pod: PodInfo, { name }: NodeInfo): void {
    if (this.#epoch && this.#epoch.hasHugeAmounts !== this.#cache.hasHugeAmounts) this.#epoch = undefined;
    this.#change(pod, name, 1);
  }

  podRemoved(pod: PodInfo, { name }: NodeInfo): void {
    this.#change(pod, name, -1);
  }

  /** How important a pod is as a victim has changed, which nothing but eviction looks at. */
  podStarted({ name }: NodeInfo): void {
    const node = this.#epoch?.table.numberOf(name);
    if (!this.#epoch || node === undefined) return;
    for (const { candidates } of this.#epoch.failures) candidates.forget(node);
  }

  nodesChanged(): void {
    this.#epoch = undefined;
  }

  /** Services, namespaces or device classes have changed: what classes have taken from them is out of date. */
  forgetClasses(): void {
    this.#last = undefined;
    this.#epoch?.classes.clear();
    this.#epoch?.failures.clear();
  }

  /** What the scheduler does with a pod, or undefined when the plain path is to decide; then `rotation` stays as it is. */
  schedule(pod: PodInfo, percentageOfNodesToScore: number, rotation?: NodeRotation): SchedulingResult | undefined {
    const result = this.#decide(pod, percentageOfNodesToScore);
    // All nodes have been looked at, but where the promised one was taken at once: the next search starts at the same node.
    const isPromised = result?.outcome.kind === 'scheduled' && result.outcome.node === pod.status.nominatedNodeName;
    if (result && rotation && !isPromised) rotation.nextStartNodeIndex %= this.#cache.list().length;
    return result;
  }

  #decide(pod: PodInfo, percentageOfNodesToScore: number): SchedulingResult | undefined {
    const search = this.#startSearch(pod, percentageOfNodesToScore);
    if (!search) return undefined;
    const node = findNode(search);
    if (search.volumes?.hasFailed || search.parts.local.isInvalid) return undefined;
    if (node === undefined) return this.#fail(search);
    const state = search.volumes?.state ?? new CycleState();
    return {
      state,
      diagnosis: NO_DIAGNOSIS,
      outcome: { kind: 'scheduled', node: search.epoch.table.nodes[node]!.name },
    };
  }

  /** Why the pod fits nowhere, and whom to evict; undefined when more than each node and its pods refuse it. */
  #fail({ epoch: { table }, pod, parts, volumes, promised }: Search): SchedulingResult | undefined {
    if (parts.hard || parts.affinity?.hasFilter) return undefined;
    const asksMore = volumes?.admitsAll === false;
    // Others with the same volumes may hold them, and pods with a promise bring volumes of their own.
    if (asksMore && (this.#sharesVolumes(pod) || isAnyPromised(this.#nominator, pod))) return undefined;
    const failure = parts.failure();
    failure.refresh(promised);
    if (asksMore && !this.#isRefusedBeforeVolumes(failure)) return undefined;
    const state = new CycleState();
    // Of the plugins that the fast path knows those for volumes have been asked, and the others have nothing to refuse before they
    // look at nodes, nor to note but what postFilter looks for.
    for (const plugin of this.#postFilters) plugin.preFilter?.(state, pod, this.#cache.list());
    const admits = asksMore ? (nodeInfo: NodeInfo) => volumes.admits(nodeInfo) : undefined;
    state.write(candidateMemory, (asked) => {
      const request = { ...asked, select: this.#preparedSelect(state, pod, asked.select) };
      return failure.candidates.search(request, this.#classSelect(pod, parts, request), admits);
    });
    const diagnosis = diagnosisOf(failure, failure.rejectors);
    const outcome = postFilter(this.#framework, state, pod, diagnosis, table.size);
    return volumes?.hasFailed ? undefined : { state, diagnosis, outcome };
  }

  /** As the plain path selects, after what it does before. */
  #preparedSelect(state: CycleState, pod: PodInfo, select: Select): Select {
    let isPrepared = false;
    return (nodeInfo) => {
      if (!isPrepared) this.#framework.runPreFilterPlugins(state, pod);
      isPrepared = true;
      return select(nodeInfo);
    };
  }

  /** Whom any pod of the class has to evict from a node: found by sums where nothing but room keeps it off. */
  #classSelect(pod: PodInfo, { room, staticPart }: ClassParts, { select, budgets }: PreemptionRequest): Select {
    return (nodeInfo) => {
      const node = this.#epoch?.table.numberOf(nodeInfo.name);
      if (!room || node === undefined || staticPart.refusals[node]) return select(nodeInfo);
      const promised = this.#nominator.nominatedPodsForNode(nodeInfo.name);
      const others = promised.filter(({ priority, uid }) => priority >= pod.priority && uid !== pod.uid);
      return selectVictims(pod, nodeInfo, budgets, () => new RoomTrial(room, nodeInfo, others));
    };
  }

  /** Whether every node refuses the pod before anybody looks at its volumes. */
  #isRefusedBeforeVolumes({ refusesAll, rejectors }: FailurePart): boolean {
    if (!refusesAll) return false;
    for (const plugin of rejectors) if ((this.#filters.get(plugin) ?? 0) > this.#firstOfVolumes) return false;
    return true;
  }

  /** Whether another pod mounts one of the pod's claims, or may have attached what the pod attaches without a claim. */
  #sharesVolumes({ spec, namespace }: PodInfo): boolean {
    return (spec.volumes ?? []).some((volume) =>
      volume.persistentVolumeClaim
        ? this.#cache.isPvcUsedByPods(`${namespace}/${volume.persistentVolumeClaim.claimName}`)
        : !volume.ephemeral && isRestricted(volume),
    );
  }

  /** Every feasible node with its total, by name: for tests that compare with the plain path. */
  totals(pod: PodInfo): ReadonlyMap<string, number> | undefined {
    const search = this.#startSearch(pod, 100);
    if (!search) return undefined;
    search.parts.local.refresh(pod.uid, search.promised);
    search.parts.affinity?.refresh();
    const size = findFeasible(search);
    if (size === undefined || pod.status.nominatedNodeName) return undefined;
    const { epoch, parts } = search;
    scoreNodes(epoch, parts, size);
    const result = new Map<string, number>();
    for (let k = 0; k < size; k++) {
      const node = epoch.nodes[k]!;
      result.set(epoch.table.nodes[node]!.name, epoch.totals[node]!);
    }
    return result;
  }

  #change(pod: PodInfo, nodeName: string, delta: 1 | -1): void {
    const epoch = this.#epoch;
    const node = epoch?.table.numberOf(nodeName);
    if (!epoch || node === undefined) return;
    epoch.table.touch(node);
    epoch.counters.change(pod, node, delta);
    epoch.groups.change(pod, node, delta);
  }

  #startSearch(pod: PodInfo, percentageOfNodesToScore: number): Search | undefined {
    if (!this.#isKnownProfile || pod.spec.nodeName || pod.spec.resourceClaims?.length) return undefined;
    this.#epoch ??= newEpoch(this.#cache, this.#hardPodAffinityWeight);
    const epoch = this.#epoch;
    const { size } = epoch.table;
    if (size === 0 || numNodesToFind(this.#framework, percentageOfNodesToScore, size) < size) return undefined;
    const parts = this.#partsOf(epoch, pod);
    if (!parts) return undefined;
    const nominator = this.#nominator;
    const own = nominator.nodeOf(pod.uid);
    const promised = own === undefined ? undefined : epoch.table.numberOf(own);
    if (!pod.spec.volumes?.some(isRestricted)) return { epoch, pod, parts, nominator, promised, volumes: undefined };
    // Nodes would fail that the search need not come to.
    if (this.#cache.hasInconvertible || pod.spec.volumes.some(isInconvertible)) return undefined;
    if (this.#cache.hasForeignClaims(this.#ownsClaims)) return undefined;
    const volumes = makeClaimPart(this.#volumeFilters, pod, epoch.table.nodes);
    return volumes && { epoch, pod, parts, nominator, promised, volumes };
  }

  readonly #ownsClaims = (pod: PodInfo): boolean | undefined =>
    ownsEphemeralClaims(this.#framework.handle.objects, pod);

  #partsOf(epoch: Epoch, pod: PodInfo): ClassParts | undefined {
    const last = this.#last;
    if (last?.epoch === epoch && isSameClass(last.pod, pod)) {
      pod.asksLike(last.pod);
      return last.parts;
    }
    const parts = this.#partsOfClass(epoch, pod);
    this.#last = { epoch, pod, parts };
    return parts;
  }

  #partsOfClass(epoch: Epoch, pod: PodInfo): ClassParts | undefined {
    const podClass = podClassOf(pod);
    const known = epoch.classes.get(podClass.text);
    if (known || epoch.classes.has(podClass.text)) return known;
    makeRoom(epoch);
    const parts = this.#parts.make(epoch, pod, podClass);
    epoch.classes.set(podClass.text, parts);
    return parts;
  }
}

const NO_DIAGNOSIS = newDiagnosis();
