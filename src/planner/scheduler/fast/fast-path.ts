// Chooses nodes for pods by redoing only what has changed since the last pod of the same kind.
// It says what the plain path says (schedule-one.ts), or leaves the pod to it: pods that fit nowhere, that claim volumes or
// devices, that name their node, and profiles that it does not know. test/planner/scheduler/fast proves the two equal.
import type { CacheObserver, ClusterCache } from '../cache/cluster-cache.ts';
import type { Nominator } from '../cache/nominator.ts';
import { CycleState } from '../framework/cycle-state.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import type { ClusterLister, FilterPlugin, PreFilterPlugin, PreScorePlugin, ScorePlugin } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import type { Framework } from '../framework/runtime.ts';
import { classOfExtendedResource } from '../plugins/dynamic-resources/device-class-resolver.ts';
import { mergeNamespaces, namespaceLabels } from '../plugins/inter-pod-affinity/namespaces.ts';
import { namedNodes } from '../plugins/node-affinity/node-affinity.ts';
import { podResourceRequest } from '../plugins/node-resources-fit/node-resources-fit.ts';
import { requiresAllTopologies, spreadConstraintsOf } from '../plugins/pod-topology-spread/pod-topology-spread.ts';
import type { Profile } from '../profile/profile.ts';
import { numFeasibleNodesToFind } from '../schedule-one.ts';
import { AffinityPart } from './affinity-part.ts';
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
/** Plugins that have nothing to say about pods without claims. */
const CLAIM_FILTERS: ReadonlySet<string> = new Set([
  'VolumeRestrictions',
  'NodeVolumeLimits',
  'VolumeBinding',
  'VolumeZone',
  'DynamicResources',
]);
const LOCAL_SCORES: ReadonlySet<string> = new Set(['NodeResourcesFit', 'NodeResourcesBalancedAllocation']);
/** Plugins that score by the node's object, normalized by the greatest score; true: the lower the better. */
const STATIC_SCORES: ReadonlyMap<string, boolean> = new Map([
  ['TaintToleration', true],
  ['NodeAffinity', false],
]);

/** Kinds of pods to remember at once; each costs some bytes a node. */
const MOST_CLASSES = 1000;

type Filter = FilterPlugin & Partial<PreFilterPlugin>;
type Score = ScorePlugin & Partial<PreScorePlugin>;

/** All that pods of one class share. */
interface ClassParts {
  readonly staticPart: StaticPart;
  readonly local: LocalPart;
  /** Weighted image scores; absent where no node has any of the images. */
  readonly images: Float64Array | undefined;
  readonly hard: HardSpread | undefined;
  readonly soft: SoftSpread | undefined;
  readonly affinity: AffinityPart | undefined;
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
  /** Numbers of nodes, for one search. */
  readonly nodes: Int32Array;
  readonly totals: Float64Array;
}

export class FastPath implements CacheObserver {
  readonly #cache: ClusterCache;
  readonly #objects: ClusterLister;
  readonly #nominator: Nominator;
  readonly #profile: Profile;
  readonly #isKnownProfile: boolean;
  readonly #staticFilters: readonly Filter[];
  readonly #localFilters: readonly Filter[];
  readonly #staticScores: readonly { readonly plugin: Score; readonly weight: number; readonly reverse: boolean }[];
  readonly #localScores: readonly { readonly plugin: Score; readonly weight: number }[];
  readonly #imageScore: { readonly plugin: Score; readonly weight: number } | undefined;
  readonly #weights: ReadonlyMap<string, number>;
  readonly #filters: ReadonlySet<string>;
  #epoch: Epoch | undefined;

  constructor(framework: Framework, profile: Profile, cache: ClusterCache, nominator: Nominator) {
    const { filter, score } = framework.plugins;
    this.#cache = cache;
    this.#objects = framework.objects;
    this.#nominator = nominator;
    this.#profile = profile;
    this.#filters = new Set(filter.map(({ name }) => name));
    this.#weights = new Map(score.map(({ plugin, weight }) => [plugin.name, weight]));
    this.#staticFilters = filter.filter(({ name }) => STATIC_FILTERS.has(name));
    this.#localFilters = filter.filter(({ name }) => LOCAL_FILTERS.has(name));
    this.#localScores = score.filter(({ plugin }) => LOCAL_SCORES.has(plugin.name));
    this.#staticScores = score.flatMap(({ plugin, weight }) => {
      const reverse = STATIC_SCORES.get(plugin.name);
      return reverse === undefined ? [] : [{ plugin, weight, reverse }];
    });
    this.#imageScore = score.find(({ plugin }) => plugin.name === 'ImageLocality');
    this.#isKnownProfile = isKnown(framework);
    cache.observe(this);
  }

  podAdded(pod: PodInfo, { name }: NodeInfo): void {
    this.#change(pod, name, 1);
  }

  podRemoved(pod: PodInfo, { name }: NodeInfo): void {
    this.#change(pod, name, -1);
  }

  nodesChanged(): void {
    this.#epoch = undefined;
  }

  /** Services, namespaces or device classes have changed: what classes have taken from them is out of date. */
  forgetClasses(): void {
    this.#epoch?.classes.clear();
  }

  /** The node for a pod, or undefined when the plain path is to decide. */
  choose(pod: PodInfo, percentageOfNodesToScore: number): string | undefined {
    const found = this.#search(pod, percentageOfNodesToScore);
    if (!found) return undefined;
    const { epoch, parts, nominee } = found;
    const { nodes, table } = epoch;
    if (nominee !== undefined) return table.nodes[nominee]!.name;
    if (this.#isLocal(parts)) {
      const node = parts.local.best();
      return node === undefined ? undefined : table.nodes[node]!.name;
    }
    const size = this.#feasible(epoch, parts, pod);
    if (size === undefined || size === 0) return undefined;
    if (size === 1) return table.nodes[nodes[0]!]!.name;
    this.#score(epoch, parts, size);
    return table.nodes[best(nodes, size, epoch.totals)]!.name;
  }

  /** Every feasible node with its total, by name: for tests that compare with the plain path. */
  totals(pod: PodInfo): ReadonlyMap<string, number> | undefined {
    const found = this.#search(pod, 100);
    if (!found || found.nominee !== undefined) return undefined;
    const { epoch, parts } = found;
    const size = this.#feasible(epoch, parts, pod);
    if (size === undefined) return undefined;
    this.#score(epoch, parts, size);
    const result = new Map<string, number>();
    for (let k = 0; k < size; k++) {
      const node = epoch.nodes[k]!;
      result.set(epoch.table.nodes[node]!.name, epoch.totals[node]!);
    }
    return result;
  }

  /** Whether nothing but each node and its pods has a say: then the best node is kept track of. */
  #isLocal({ staticPart, local, images, hard, soft, affinity }: ClassParts): boolean {
    if (!staticPart.admitsAll || staticPart.raw.length > 0 || images || hard || soft || !this.#nominator.isEmpty)
      return false;
    local.refresh();
    affinity?.refresh();
    return !affinity?.isRelevant;
  }

  #change(pod: PodInfo, nodeName: string, delta: 1 | -1): void {
    const epoch = this.#epoch;
    const node = epoch?.table.numberOf(nodeName);
    if (!epoch || node === undefined) return;
    epoch.table.touch(node);
    epoch.counters.change(pod, node, delta);
    epoch.groups.change(pod, node, delta);
  }

  #search(
    pod: PodInfo,
    percentageOfNodesToScore: number,
  ): { readonly epoch: Epoch; readonly parts: ClassParts; readonly nominee: number | undefined } | undefined {
    if (!this.#isKnownProfile || !isSimple(pod)) return undefined;
    const epoch = this.#currentEpoch();
    const { size } = epoch.table;
    if (size === 0 || numFeasibleNodesToFind(percentageOfNodesToScore, size) < size) return undefined;
    const parts = this.#partsOf(epoch, pod);
    if (!parts) return undefined;
    const nominated = pod.status.nominatedNodeName;
    if (!nominated) return { epoch, parts, nominee: undefined };
    const nominee = epoch.table.numberOf(nominated);
    if (nominee === undefined) return { epoch, parts, nominee: undefined };
    // The promised node, if it still admits the pod, is taken without looking at others.
    const feasible = this.#feasible(epoch, parts, pod);
    if (feasible === undefined) return undefined;
    const isAdmitted = epoch.nodes.subarray(0, feasible).includes(nominee);
    return { epoch, parts, nominee: isAdmitted ? nominee : undefined };
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
      epoch.classes.clear();
      epoch.counters.clear();
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
    return {
      staticPart,
      local: remembered(
        epoch.locals,
        podClass.localText,
        () => new LocalPart(table, pod, this.#localFilters, this.#localScores),
      ),
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

  /** Fills in the numbers of the nodes that admit the pod; undefined when the plain path has to find out. */
  #feasible(
    { table, nodes }: Epoch,
    { staticPart, local, hard, affinity }: ClassParts,
    pod: PodInfo,
  ): number | undefined {
    local.refresh();
    affinity?.refresh();
    const { mask, admitsAll } = staticPart;
    const { totals } = local;
    let size = 0;
    for (let i = 0; i < totals.length; i++) if (totals[i]! >= 0 && (admitsAll || mask[i] === 1)) nodes[size++] = i;
    const isRelated = hard !== undefined || affinity?.hasFilter === true;
    if (hard) size = hard.filter(nodes, size);
    if (affinity?.hasFilter) size = affinity.filter(nodes, size);
    if (this.#nominator.isEmpty) return size;
    return this.#withoutPromised(table, nodes, size, local, isRelated, pod);
  }

  /** Nodes that are promised to pods at least as important must have room for those as well. */
  #withoutPromised(
    table: NodeTable,
    nodes: Int32Array,
    size: number,
    local: LocalPart,
    isRelated: boolean,
    pod: PodInfo,
  ): number | undefined {
    const full = new Set<number>();
    for (const name of this.#nominator.nodes()) {
      const node = table.numberOf(name);
      const others = this.#nominator
        .nominatedPodsForNode(name)
        .filter(({ priority, uid }) => priority >= pod.priority && uid !== pod.uid);
      if (node === undefined || others.length === 0) continue;
      // How those pods would count elsewhere is for the plain path.
      if (isRelated) return undefined;
      const crowded = table.nodes[node]!.clone();
      for (const other of others) crowded.addPod(other);
      if (!local.admits(crowded)) full.add(node);
    }
    if (full.size === 0) return size;
    let kept = 0;
    for (let k = 0; k < size; k++) if (!full.has(nodes[k]!)) nodes[kept++] = nodes[k]!;
    return kept;
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

/** Claims and a node of its own are for the plain path. */
function isSimple({ spec }: PodInfo): boolean {
  if (spec.nodeName || spec.resourceClaims?.length) return false;
  for (const volume of spec.volumes ?? [])
    if (volume.persistentVolumeClaim || volume.ephemeral || isDisk(volume)) return false;
  return true;
}

type PodVolume = NonNullable<PodInfo['spec']['volumes']>[number];

/** Volumes that a volume plugin has something to say about. */
function isDisk(volume: PodVolume): boolean {
  return Boolean(
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
    CLAIM_FILTERS.has(name) ||
    name === 'PodTopologySpread' ||
    name === 'InterPodAffinity';
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
