// What pods of one class share: the parts of a decision, made from the profile's plugins for the nodes of an epoch.
import type { Nominator } from '../../cache/nominator.ts';
import { CycleState } from '../../framework/cycle-state.ts';
import type {
  ClusterLister,
  FilterPlugin,
  PreFilterPlugin,
  PreScorePlugin,
  ScorePlugin,
} from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import type { Framework } from '../../framework/runtime.ts';
import { classOfExtendedResource } from '../../plugins/dynamic-resources/devices/device-class-resolver.ts';
import { mergeNamespaces, namespaceLabels } from '../../plugins/inter-pod-affinity/namespaces.ts';
import { namedNodes } from '../../plugins/node-affinity/node-affinity.ts';
import { ignoredResourcesOf, podResourceRequest } from '../../plugins/node-resources-fit/node-resources-fit.ts';
import { requiresAllTopologies, spreadConstraintsOf } from '../../plugins/pod-topology-spread/pod-topology-spread.ts';
import type { Profile } from '../../profile/profile.ts';
import { type Epoch, remembered } from '../epoch.ts';
import { FailurePart } from '../failures/failure-part.ts';
import { ROOM_FILTER, type RoomQuestion } from '../failures/room-trial.ts';
import { LOCAL_FILTERS, LOCAL_SCORES, STATIC_FILTERS, STATIC_SCORES } from '../known-plugins.ts';
import { type Column, LikeNodes } from '../nodes/like-nodes.ts';
import type { NodeTable } from '../nodes/node-table.ts';
import type { PodClass } from '../pods/pod-class.ts';
import { AffinityPart } from './affinity-part.ts';
import { LocalPart } from './local-part.ts';
import { HardSpread, SoftSpread } from './spread-part.ts';
import { makeStaticPart, type StaticPart } from './static-part.ts';

type Filter = FilterPlugin & Partial<PreFilterPlugin>;
type Score = ScorePlugin & Partial<PreScorePlugin>;

/** All that pods of one class share. */
export interface ClassParts {
  readonly staticPart: StaticPart;
  readonly local: LocalPart;
  /** Where nothing but room decides among a node's pods: how much the pod asks for. */
  readonly room: RoomQuestion | undefined;
  /** Weighted image scores; absent where no node has any of the images. */
  readonly images: Float64Array | undefined;
  readonly hard: HardSpread | undefined;
  readonly soft: SoftSpread | undefined;
  readonly affinity: AffinityPart | undefined;
  /** The nodes in groups, from the second pod of the class on. */
  readonly likeNodes: () => LikeNodes | undefined;
  /** Worked out when the first pod of the class fits nowhere. */
  readonly failure: () => FailurePart;
}

export class ClassPartsMaker {
  readonly #objects: ClusterLister;
  readonly #nominator: Nominator;
  readonly #profile: Profile;
  readonly #staticFilters: readonly Filter[];
  readonly #localFilters: readonly Filter[];
  readonly #staticScores: readonly { readonly plugin: Score; readonly weight: number; readonly reverse: boolean }[];
  readonly #localScores: readonly { readonly plugin: Score; readonly weight: number }[];
  readonly #imageScore: { readonly plugin: Score; readonly weight: number } | undefined;
  readonly #weights: ReadonlyMap<string, number>;
  /** Filter plugins and where they come in the order in which they are asked. */
  readonly #filters: ReadonlyMap<string, number>;

  constructor({ plugins: { filter, score }, handle }: Framework, profile: Profile, nominator: Nominator) {
    this.#objects = handle.objects;
    this.#nominator = nominator;
    this.#profile = profile;
    this.#filters = new Map(filter.map(({ name }, i) => [name, i]));
    this.#weights = new Map(score.map(({ plugin, weight }) => [plugin.name, weight]));
    this.#staticFilters = filter.filter(({ name }) => STATIC_FILTERS.has(name));
    this.#localFilters = filter.filter(({ name }) => LOCAL_FILTERS.has(name));
    this.#localScores = score.filter(({ plugin }) => LOCAL_SCORES.has(plugin.name));
    this.#staticScores = score.flatMap(({ plugin, weight }) => {
      const reverse = STATIC_SCORES.get(plugin.name);
      return reverse === undefined ? [] : [{ plugin, weight, reverse }];
    });
    this.#imageScore = score.find(({ plugin }) => plugin.name === 'ImageLocality');
  }

  /** undefined when the plain path is to decide about such pods. */
  make(epoch: Epoch, pod: PodInfo, podClass: PodClass): ClassParts | undefined {
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
        new LocalPart(table, pod, this.#localFilters, this.#localScores, this.#holders(epoch, pod), this.#nominator),
    );
    const images = remembered(epoch.images, podClass.imagesText, () => this.#imageScores(table, pod));
    const hardSpread = hard.length > 0 ? new HardSpread(table, counters, pod, hard) : undefined;
    const softSpread =
      soft.length > 0
        ? new SoftSpread(table, counters, pod, soft, requiresAllTopologies(spreadArgs, pod), softWeight ?? 0)
        : undefined;
    const affinity = this.#affinityPart(epoch, pod);
    let failure: FailurePart | undefined;
    return {
      staticPart,
      local,
      room: this.#roomQuestion(pod),
      failure: () => {
        if (!failure) epoch.failures.add((failure = new FailurePart(table, staticPart, local, this.#filters)));
        return failure;
      },
      images,
      hard: hardSpread,
      soft: softSpread,
      affinity,
      likeNodes: likeNodesOf(table, staticPart, local, images, hardSpread, softSpread, affinity),
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

  /**
   * The nodes that have some of the rarest extended resource that the pod asks for; undefined when any node may do, be it that what
   * its pods take has wrapped around below zero or that the profile does not look at room.
   */
  #holders({ table, hasHugeAmounts }: Epoch, pod: PodInfo): readonly number[] | undefined {
    if (hasHugeAmounts || !this.#filters.has(ROOM_FILTER)) return undefined;
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

  #roomQuestion(pod: PodInfo): RoomQuestion | undefined {
    if (pod.hostPorts.length > 0 || !this.#filters.has(ROOM_FILTER)) return undefined;
    const isIgnored = ignoredResourcesOf(this.#profile.args.NodeResourcesFit);
    return { request: podResourceRequest(pod), isIgnored };
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
      (nodeInfo) => score.weight * Number(score.plugin.score(NO_STATE, pod, nodeInfo)),
    );
    return scores.some((value) => value !== 0) ? scores : undefined;
  }
}

const NO_STATE = new CycleState();

/** Groups are worth their making when a second pod comes; they are made anew when more tells nodes apart. */
function likeNodesOf(
  table: NodeTable,
  { admitsAll, mask, raw }: StaticPart,
  local: LocalPart,
  images: Float64Array | undefined,
  hard: HardSpread | undefined,
  soft: SoftSpread | undefined,
  affinity: AffinityPart | undefined,
): () => LikeNodes | undefined {
  let isFirst = true;
  let width = 0;
  let made: LikeNodes | undefined;
  return () => {
    if (isFirst) {
      isFirst = false;
      return undefined;
    }
    const now = affinity?.width ?? 0;
    if (made && width === now) return made;
    width = now;
    const columns: Column[] = [
      ...raw.map(({ scores }): Column => ({ kind: 'fixed', values: scores })),
      ...(images ? [{ kind: 'fixed', values: images } as const] : []),
      ...(hard?.columns ?? []),
      ...(soft?.columns ?? []),
      ...(affinity?.columns ?? []),
    ];
    made = new LikeNodes(table, local, admitsAll ? undefined : mask, columns);
    return made;
  };
}
