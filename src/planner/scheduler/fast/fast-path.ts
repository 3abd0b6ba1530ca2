// Chooses nodes for pods by redoing only what has changed since the last pod of the same kind.
// It says what the plain path says (schedule-one.ts), or leaves the pod to it: pods that claim devices or name their node, most
// of those that fit nowhere because of other pods or volumes, and profiles that it does not know. test/planner/scheduler/fast proves the two equal.
import type { CacheObserver, ClusterCache } from '../cache/cluster-cache.ts';
import type { Nominator } from '../cache/nominator.ts';
import { CycleState } from '../framework/cycle-state.ts';
import { diagnosisOf, newDiagnosis } from '../framework/fit-error.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import type { ClusterLister, FilterPlugin, PreFilterPlugin, PreScorePlugin, ScorePlugin } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import type { Framework } from '../framework/runtime.ts';
import { classOfExtendedResource } from '../plugins/dynamic-resources/device-class-resolver.ts';
import { mergeNamespaces, namespaceLabels } from '../plugins/inter-pod-affinity/namespaces.ts';
import { namedNodes } from '../plugins/node-affinity/node-affinity.ts';
import { podResourceRequest } from '../plugins/node-resources-fit/node-resources-fit.ts';
import { requiresAllTopologies, spreadConstraintsOf } from '../plugins/pod-topology-spread/pod-topology-spread.ts';
import { candidateMemory } from '../preemption/evaluator.ts';
import type { Profile } from '../profile/profile.ts';
import { numFeasibleNodesToFind, postFilter, type SchedulingResult } from '../schedule-one.ts';
import { AffinityPart } from './affinity-part.ts';
import { type ClaimPart, makeClaimPart } from './claim-part.ts';
import { FailurePart } from './failure-part.ts';
import { LocalPart } from './local-part.ts';
import { CounterRegistry } from './match-counter.ts';
import { NodeTable } from './node-table.ts';
import { type PodClass, podClassOf } from './pod-class.ts';
import { HardSpread, SoftSpread } from './spread-part.ts';
import { makeStaticPart, type StaticPart } from './static-part.ts';
import { TermGroups } from './term-groups.ts';

/** Plugins that look at the node's object alone. */
const STATIC_FILTERS: ReadonlySet<string> = new Set([
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodeDeclaredFeatures',
]);
/** Plugins that look at the node and its pods. */
const LOCAL_FILTERS: ReadonlySet<string> = new Set(['NodePorts', 'NodeResourcesFit']);
/** Plugins that have nothing to say about pods without volumes. */
const VOLUME_FILTERS: ReadonlySet<string> = new Set([
  'VolumeRestrictions',
  'NodeVolumeLimits',
  'VolumeBinding',
  'VolumeZone',
]);
const LOCAL_SCORES: ReadonlySet<string> = new Set(['NodeResourcesFit', 'NodeResourcesBalancedAllocation']);
/** Plugins that score by the node's object, normalized by the greatest score; true: the lower the better. */
const STATIC_SCORES: ReadonlyMap<string, boolean> = new Map([
  ['TaintToleration', true],
  ['NodeAffinity', false],
]);

/** The best nodes to ask about volumes one by one before asking about all. */
const MOST_TRIES = 16;

/** Kinds of pods to remember at once; each costs some bytes a node. */
const MOST_CLASSES = 1000;

type Filter = FilterPlugin & Partial<PreFilterPlugin>;
type Score = ScorePlugin & Partial<PreScorePlugin>;

/** A pod with what is known about it before nodes are looked at. */
interface Search {
  readonly epoch: Epoch;
  readonly pod: PodInfo;
  readonly parts: ClassParts;
  readonly volumes: ClaimPart | undefined;
  /** Number of the node that is promised to the pod. */
  readonly promised: number | undefined;
}

/** All that pods of one class share. */
interface ClassParts {
  readonly staticPart: StaticPart;
  readonly local: LocalPart;
  /** Weighted image scores; absent where no node has any of the images. */
  readonly images: Float64Array | undefined;
  readonly hard: HardSpread | undefined;
  readonly soft: SoftSpread | undefined;
  readonly affinity: AffinityPart | undefined;
  /** Worked out when the first pod of the class fits nowhere. */
  readonly failure: () => FailurePart;
}

/** What is known of the nodes as they are; gone when one of them changes. */
interface Epoch {
  readonly table: NodeTable;
  readonly counters: CounterRegistry;
  readonly groups: TermGroups;
  readonly statics: Map<string, StaticPart | undefined>;
  readonly locals: Map<string, LocalPart>;
  readonly images: Map<string, Float64Array | undefined>;
  readonly classes: Map<string, ClassParts | undefined>;
  readonly failures: Set<FailurePart>;
  /** Numbers of nodes, for one search. */
  readonly nodes: Int32Array;
  readonly totals: Float64Array;
}

export class FastPath implements CacheObserver {
  readonly #framework: Framework;
  readonly #cache: ClusterCache;
  readonly #objects: ClusterLister;
  readonly #nominator: Nominator;
  readonly #profile: Profile;
  readonly #isKnownProfile: boolean;
  readonly #staticFilters: readonly Filter[];
  readonly #localFilters: readonly Filter[];
  readonly #volumeFilters: readonly Filter[];
  readonly #staticScores: readonly { readonly plugin: Score; readonly weight: number; readonly reverse: boolean }[];
  readonly #localScores: readonly { readonly plugin: Score; readonly weight: number }[];
  readonly #imageScore: { readonly plugin: Score; readonly weight: number } | undefined;
  readonly #weights: ReadonlyMap<string, number>;
  /** Filter plugins and where they come in the order in which they are asked. */
  readonly #filters: ReadonlyMap<string, number>;
  /** Where the first filter that looks at volumes comes in their order. */
  readonly #firstOfVolumes: number;
  #epoch: Epoch | undefined;

  constructor(framework: Framework, profile: Profile, cache: ClusterCache, nominator: Nominator) {
    const { filter, score } = framework.plugins;
    this.#framework = framework;
    this.#cache = cache;
    this.#objects = framework.objects;
    this.#nominator = nominator;
    this.#profile = profile;
    this.#filters = new Map(filter.map(({ name }, i) => [name, i]));
    this.#weights = new Map(score.map(({ plugin, weight }) => [plugin.name, weight]));
    this.#staticFilters = filter.filter(({ name }) => STATIC_FILTERS.has(name));
    this.#localFilters = filter.filter(({ name }) => LOCAL_FILTERS.has(name));
    this.#volumeFilters = filter.filter(({ name }) => VOLUME_FILTERS.has(name));
    this.#localScores = score.filter(({ plugin }) => LOCAL_SCORES.has(plugin.name));
    this.#staticScores = score.flatMap(({ plugin, weight }) => {
      const reverse = STATIC_SCORES.get(plugin.name);
      return reverse === undefined ? [] : [{ plugin, weight, reverse }];
    });
    this.#imageScore = score.find(({ plugin }) => plugin.name === 'ImageLocality');
    this.#isKnownProfile = isKnown(framework);
    this.#firstOfVolumes = filter.findIndex(({ name }) => VOLUME_FILTERS.has(name));
    cache.observe(this);
    nominator.observe((nodeName) => {
      const node = this.#epoch?.table.numberOf(nodeName);
      if (node !== undefined) this.#epoch?.table.touch(node);
    });
  }

  podAdded(pod: PodInfo, { name }: NodeInfo): void {
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
    this.#epoch?.classes.clear();
    this.#epoch?.failures.clear();
  }

  /** What the scheduler does with a pod, or undefined when the plain path is to decide. */
  schedule(pod: PodInfo, percentageOfNodesToScore: number): SchedulingResult | undefined {
    const search = this.#startSearch(pod, percentageOfNodesToScore);
    if (!search) return undefined;
    const node = this.#find(search);
    if (search.volumes?.hasFailed) return undefined;
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
    // Others with the same volumes may hold them.
    if (asksMore && this.#sharesVolumes(pod)) return undefined;
    const failure = parts.failure();
    failure.refresh(promised);
    if (asksMore && !this.#isRefusedBeforeVolumes(failure)) return undefined;
    const state = new CycleState();
    const { status, nodeNames } = this.#framework.runPreFilterPlugins(state, pod);
    if (status || nodeNames) return undefined;
    const admits = asksMore ? (nodeInfo: NodeInfo) => volumes.admits(nodeInfo) : undefined;
    state.write(candidateMemory, (request) => failure.candidates.search(request, admits));
    const diagnosis = diagnosisOf(failure, failure.rejectors);
    const outcome = postFilter(this.#framework, state, pod, diagnosis, table.size);
    return volumes?.hasFailed ? undefined : { state, diagnosis, outcome };
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
    const size = this.#feasible(search);
    if (size === undefined || pod.status.nominatedNodeName) return undefined;
    const { epoch, parts } = search;
    this.#score(epoch, parts, size);
    const result = new Map<string, number>();
    for (let k = 0; k < size; k++) {
      const node = epoch.nodes[k]!;
      result.set(epoch.table.nodes[node]!.name, epoch.totals[node]!);
    }
    return result;
  }

  #find(search: Search): number | undefined {
    const { epoch, pod, parts } = search;
    const { nodes, table } = epoch;
    parts.local.refresh(pod.uid, search.promised);
    parts.affinity?.refresh();
    const nominated = pod.status.nominatedNodeName;
    const nominee = nominated ? table.numberOf(nominated) : undefined;
    if (nominee === undefined && this.#isLocal(parts)) {
      const node = this.#bestLocal(search);
      if (node !== 'unknown') return node;
    }
    // The promised node, if it still admits the pod, is taken without comparing it with others.
    if (nominee !== undefined && this.#feasible(search, nominee) === 1) return nominee;
    const size = this.#feasible(search);
    if (size === undefined || size === 0) return undefined;
    if (size === 1) return nodes[0];
    this.#score(epoch, parts, size);
    return best(nodes, size, epoch.totals);
  }

  #bestLocal({ epoch: { table }, parts: { local }, volumes }: Search): number | 'unknown' | undefined {
    if (!volumes || volumes.admitsAll) return local.best();
    const refused = new Set<number>();
    while (refused.size < MOST_TRIES) {
      const node = local.best(refused);
      if (node === undefined || volumes.admits(table.nodes[node]!)) return node;
      refused.add(node);
    }
    return 'unknown';
  }

  /** Whether nothing but each node and its pods has a say: then the best node is kept track of. */
  #isLocal({ staticPart, images, hard, soft, affinity }: ClassParts): boolean {
    const { admitsAll, raw } = staticPart;
    return admitsAll && raw.length === 0 && !images && !hard && !soft && !affinity?.isRelevant;
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
    const epoch = this.#currentEpoch();
    const { size } = epoch.table;
    if (size === 0 || numFeasibleNodesToFind(percentageOfNodesToScore, size) < size) return undefined;
    const parts = this.#partsOf(epoch, pod);
    if (!parts) return undefined;
    const own = this.#nominator.nodeOf(pod.uid);
    const promised = own === undefined ? undefined : epoch.table.numberOf(own);
    if (!pod.spec.volumes?.some(isRestricted)) return { epoch, pod, parts, promised, volumes: undefined };
    const volumes = makeClaimPart(this.#volumeFilters, pod, epoch.table.nodes);
    return volumes && { epoch, pod, parts, promised, volumes };
  }

  #currentEpoch(): Epoch {
    if (this.#epoch) return this.#epoch;
    const table = new NodeTable(this.#cache.list());
    this.#epoch = {
      table,
      counters: new CounterRegistry(table),
      groups: new TermGroups(table, this.#profile.args.InterPodAffinity.hardPodAffinityWeight),
      statics: new Map(),
      locals: new Map(),
      images: new Map(),
      classes: new Map(),
      failures: new Set(),
      nodes: new Int32Array(table.size),
      totals: new Float64Array(table.size),
    };
    return this.#epoch;
  }

  #partsOf(epoch: Epoch, pod: PodInfo): ClassParts | undefined {
    const podClass = podClassOf(pod);
    const known = epoch.classes.get(podClass.text);
    if (known || epoch.classes.has(podClass.text)) return known;
    if (epoch.classes.size >= MOST_CLASSES) {
      const { classes, locals, statics, images, counters, failures } = epoch;
      for (const known of [classes, locals, statics, images, counters, failures]) known.clear();
    }
    const parts = this.#makeParts(epoch, pod, podClass);
    epoch.classes.set(podClass.text, parts);
    return parts;
  }

  #makeParts(epoch: Epoch, pod: PodInfo, podClass: PodClass): ClassParts | undefined {
    if (pod.affinityError || namedNodes(pod) !== undefined || this.#isDelegated(pod)) return undefined;
    const { table, counters } = epoch;
    const staticPart = remembered(epoch.statics, podClass.staticText, () =>
      makeStaticPart(table, pod, this.#staticFilters, this.#staticScores),
    );
    const spreadArgs = this.#profile.args.PodTopologySpread;
    const constraintsOf = spreadConstraintsOf(spreadArgs, { objects: this.#objects });
    const hard = this.#filters.has('PodTopologySpread') ? constraintsOf(pod, 'DoNotSchedule') : [];
    const softWeight = this.#weights.get('PodTopologySpread');
    const soft = softWeight === undefined ? [] : constraintsOf(pod, 'ScheduleAnyway');
    if (!staticPart || !hard || !soft) return undefined;
    const local = remembered(
      epoch.locals,
      podClass.localText,
      () =>
        new LocalPart(table, pod, this.#localFilters, this.#localScores, this.#holders(table, pod), this.#nominator),
    );
    let failure: FailurePart | undefined;
    return {
      staticPart,
      local,
      failure: () => {
        if (!failure) epoch.failures.add((failure = new FailurePart(table, staticPart, local, this.#filters)));
        return failure;
      },
      images: remembered(epoch.images, podClass.imagesText, () => this.#imageScores(table, pod)),
      hard: hard.length > 0 ? new HardSpread(table, counters, pod, hard) : undefined,
      soft:
        soft.length > 0
          ? new SoftSpread(table, counters, pod, soft, requiresAllTopologies(spreadArgs, pod), softWeight ?? 0)
          : undefined,
      affinity: this.#affinityPart(epoch, pod),
    };
  }

  #affinityPart({ table, counters, groups }: Epoch, pod: PodInfo): AffinityPart | undefined {
    const filters = this.#filters.has('InterPodAffinity');
    const weight = this.#weights.get('InterPodAffinity');
    // One without the other is nothing that a default profile does.
    if (!filters && weight === undefined) return undefined;
    const merge = <T extends Parameters<typeof mergeNamespaces>[1]>(terms: readonly T[]): readonly T[] =>
      terms.map((term) => mergeNamespaces(this.#objects, term));
    const terms = {
      affinity: merge(pod.requiredAffinityTerms),
      antiAffinity: merge(pod.requiredAntiAffinityTerms),
      preferred: merge(pod.preferredAffinityTerms),
      avoided: merge(pod.preferredAntiAffinityTerms).map((term) => ({ ...term, weight: -term.weight })),
    };
    const { ignorePreferredTermsOfExistingPods = false } = this.#profile.args.InterPodAffinity;
    return new AffinityPart(
      table,
      counters,
      groups,
      pod,
      terms,
      namespaceLabels(this.#objects, pod.namespace),
      weight ?? 0,
      !ignorePreferredTermsOfExistingPods,
    );
  }

  /** The nodes that have some of the rarest extended resource that the pod asks for; undefined when any node may do. */
  #holders(table: NodeTable, pod: PodInfo): readonly number[] | undefined {
    const { ignoredResources = [], ignoredResourceGroups = [] } = this.#profile.args.NodeResourcesFit;
    if (ignoredResources.length > 0 || ignoredResourceGroups.length > 0) return undefined;
    let fewest: readonly number[] | undefined;
    for (const [resource, amount] of podResourceRequest(pod).scalars ?? []) {
      if (amount <= 0) continue;
      const holders = table.holdersOf(resource);
      if (holders.length < (fewest?.length ?? table.size)) fewest = holders;
    }
    return fewest;
  }

  /** Whether devices stand in for an extended resource, which only the plain path works out. */
  #isDelegated(pod: PodInfo): boolean {
    for (const name of podResourceRequest(pod).scalars?.keys() ?? [])
      if (classOfExtendedResource(this.#objects, name)) return true;
    return false;
  }

  #imageScores(table: NodeTable, pod: PodInfo): Float64Array | undefined {
    const score = this.#imageScore;
    if (!score || !table.nodes.some(({ imageStates }) => imageStates.size > 0)) return undefined;
    const scores = Float64Array.from(
      table.nodes,
      (nodeInfo) => score.weight * score.plugin.score(NO_STATE, pod, nodeInfo),
    );
    return scores.some((value) => value !== 0) ? scores : undefined;
  }

  /** Fills in the numbers of the nodes that admit the pod, of all or of one; undefined when the plain path has to find out. */
  #feasible({ epoch: { table, nodes }, pod, parts, volumes }: Search, only?: number): number | undefined {
    const { staticPart, local, hard, affinity } = parts;
    const isRelated = hard !== undefined || affinity?.hasFilter === true || volumes?.admitsAll === false;
    // How pods with the promise of a node would count there is for the plain path.
    if (isRelated && this.#isAnyPromised(pod)) return undefined;
    const { mask, admitsAll } = staticPart;
    const { totals } = local;
    const end = only === undefined ? totals.length : only + 1;
    let size = 0;
    for (let i = only ?? 0; i < end; i++) if (totals[i]! >= 0 && (admitsAll || mask[i] === 1)) nodes[size++] = i;
    if (hard) size = hard.filter(nodes, size);
    if (affinity?.hasFilter) size = affinity.filter(nodes, size);
    if (!volumes || volumes.admitsAll) return size;
    let kept = 0;
    for (let k = 0; k < size; k++) if (volumes.admits(table.nodes[nodes[k]!]!)) nodes[kept++] = nodes[k]!;
    return kept;
  }

  /** Whether another pod that is as important has the promise of a node. */
  #isAnyPromised(pod: PodInfo): boolean {
    if (this.#nominator.isEmpty) return false;
    for (const name of this.#nominator.nodes())
      for (const { priority, uid } of this.#nominator.nominatedPodsForNode(name))
        if (priority >= pod.priority && uid !== pod.uid) return true;
    return false;
  }

  #score({ nodes, totals }: Epoch, { staticPart, local, images, soft, affinity }: ClassParts, size: number): void {
    const { raw, constant } = staticPart;
    for (let k = 0; k < size; k++) {
      const node = nodes[k]!;
      totals[node] = local.totals[node]! + constant + (images ? images[node]! : 0);
    }
    for (const { scores, weight, reverse } of raw) addNormalized(totals, nodes, size, scores, weight, reverse);
    soft?.addTo(totals, nodes, size);
    affinity?.addTo(totals, nodes, size);
  }
}

function remembered<T>(known: Map<string, T>, text: string, make: () => T): T {
  const value = known.get(text);
  if (value !== undefined || known.has(text)) return value as T; // it was put there by this function
  const made = make();
  known.set(text, made);
  return made;
}

/** The first of the best: the nodes are in the order of their names. */
function best(nodes: Int32Array, size: number, totals: Float64Array): number {
  let found = nodes[0]!;
  for (let k = 1; k < size; k++) if (totals[nodes[k]!]! > totals[found]!) found = nodes[k]!;
  return found;
}

/** As defaultNormalizeScore: a whole percentage of the greatest score. */
function addNormalized(
  totals: Float64Array,
  nodes: Int32Array,
  size: number,
  scores: Int32Array,
  weight: number,
  reverse: boolean,
): void {
  let max = 0;
  for (let k = 0; k < size; k++) if (scores[nodes[k]!]! > max) max = scores[nodes[k]!]!;
  for (let k = 0; k < size; k++) {
    const node = nodes[k]!;
    const score = max === 0 ? 0 : Math.floor((scores[node]! * 100) / max);
    totals[node]! += weight * (reverse ? 100 - score : score);
  }
}

type PodVolume = NonNullable<PodInfo['spec']['volumes']>[number];

/** Volumes that a volume plugin has something to say about. */
function isRestricted(volume: PodVolume): boolean {
  return Boolean(
    volume.persistentVolumeClaim ??
      volume.ephemeral ??
      volume.gcePersistentDisk ??
      volume.awsElasticBlockStore ??
      volume.rbd ??
      volume.iscsi ??
      volume.azureDisk ??
      volume.cinder ??
      volume.portworxVolume ??
      volume.azureFile ??
      volume.vsphereVolume,
  );
}

function isKnown({ plugins }: Framework): boolean {
  const knows = (name: string): boolean =>
    STATIC_FILTERS.has(name) ||
    LOCAL_FILTERS.has(name) ||
    VOLUME_FILTERS.has(name) ||
    // The last has nothing to say about pods without claims of devices.
    ['PodTopologySpread', 'InterPodAffinity', 'DynamicResources'].includes(name);
  const scores = (name: string): boolean =>
    STATIC_SCORES.has(name) ||
    LOCAL_SCORES.has(name) ||
    ['ImageLocality', 'PodTopologySpread', 'InterPodAffinity', 'DynamicResources'].includes(name);
  const isWhole = (name: string): boolean =>
    plugins.filter.some((plugin) => plugin.name === name) === plugins.preFilter.some((plugin) => plugin.name === name);
  return (
    plugins.filter.every(({ name }) => knows(name)) &&
    plugins.preFilter.every(({ name }) => knows(name)) &&
    plugins.score.every(({ plugin }) => scores(plugin.name)) &&
    ['NodeAffinity', 'NodePorts', 'NodeResourcesFit', 'PodTopologySpread', 'InterPodAffinity'].every(isWhole)
  );
}

const NO_STATE = new CycleState();

const NO_DIAGNOSIS = newDiagnosis();
