// The part of a decision that looks at a node and the pods on it or promised to it, nothing else: redone only for nodes that
// have changed.
import { CycleState } from '../../framework/cycle-state.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import {
  type FilterPlugin,
  MAX_NODE_SCORE,
  type PodNominator,
  type PreFilterPlugin,
  type PreScorePlugin,
  type ScorePlugin,
} from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { isSkip, type Status } from '../../framework/status.ts';
import type { NodeTable } from '../nodes/node-table.ts';
import { firstRefusal } from './first-refusal.ts';

type LocalFilter = FilterPlugin & Partial<PreFilterPlugin>;

interface LocalScore {
  readonly plugin: ScorePlugin & Partial<PreScorePlugin>;
  readonly weight: number;
}

const NOBODY: ReadonlySet<number> = new Set();

/** Nodes of which the best is remembered together. */
const BLOCK = 64;

export class LocalPart {
  /** Weighted scores added up; -1 where the node does not admit the pod. */
  readonly totals: Float64Array;
  /** Why nodes refuse the pod, by number: a map where few nodes come into question. */
  readonly #refusals: Map<number, Status> | (Status | undefined)[];
  readonly #table: NodeTable;
  readonly #pod: PodInfo;
  readonly #state = new CycleState();
  readonly #filters: readonly LocalFilter[];
  readonly #scores: readonly LocalScore[];
  /** Nodes that may admit the pod at all; absent: any. */
  readonly #candidates: ReadonlySet<number> | undefined;
  readonly #nominator: PodNominator;
  #cursor = -1;
  /** Nodes with scores out of range. */
  readonly #invalid = new Set<number>();
  /** The node that was last looked at without the pod that is promised to it. */
  #exception: number | undefined;
  /** The first of the best nodes of each block; -1 while it has to be found. */
  readonly #bestOfBlock: Int32Array;

  constructor(
    table: NodeTable,
    pod: PodInfo,
    filters: readonly LocalFilter[],
    scores: readonly LocalScore[],
    candidates: readonly number[] | undefined,
    nominator: PodNominator,
  ) {
    this.#table = table;
    this.#pod = pod;
    this.totals = new Float64Array(table.size).fill(-1);
    this.#refusals = candidates ? new Map() : new Array<Status | undefined>(table.size).fill(undefined);
    this.#candidates = candidates && new Set(candidates);
    this.#nominator = nominator;
    this.#bestOfBlock = new Int32Array(Math.ceil(table.size / BLOCK)).fill(-1);
    this.#filters = filters.filter((plugin) => !isSkip(plugin.preFilter?.(this.#state, pod, table.nodes)?.status));
    this.#scores = scores.filter(({ plugin }) => !isSkip(plugin.preScore?.(this.#state, pod, table.nodes)));
  }

  /** For a pod that a node is promised to, `exception`, that node is looked at as if it were not. */
  refresh(uid: string, exception: number | undefined): void {
    const changes = this.#cursor < 0 ? 'all' : this.#table.changesSince(this.#cursor);
    const before = this.#exception;
    this.#exception = exception;
    const candidates = this.#candidates;
    if (changes !== 'all') {
      // Both exceptions are looked at below.
      for (const node of changes)
        if (node !== exception && node !== before && (!candidates || candidates.has(node))) this.#update(node);
    } else if (candidates) for (const node of candidates) this.#update(node);
    else for (let i = 0; i < this.totals.length; i++) this.#update(i);
    if (before !== undefined) {
      if (before !== exception) this.#update(before);
      // Whoever keeps totals hears of it.
      this.#table.touch(before);
    }
    if (exception !== undefined) this.#update(exception, uid);
    this.#cursor = this.#table.cursor;
  }

  /** Whether amounts on a node are so absurd that a score means nothing: the plain path says so. */
  get isInvalid(): boolean {
    return this.#invalid.size > 0;
  }

  /** Why a node does not admit the pod. */
  refusalOf(node: number): Status | undefined {
    const isKnown = !this.#candidates || this.#candidates.has(node) || node === this.#exception;
    if (!isKnown) return this.#refusal(this.#table.nodes[node]!, undefined);
    return this.#refusals instanceof Map ? this.#refusals.get(node) : this.#refusals[node];
  }

  /** The first of the best nodes but for those already refused; undefined when none admits the pod. */
  best(refused: ReadonlySet<number> = NOBODY): number | undefined {
    const { totals } = this;
    let found = -1;
    if (this.#candidates) {
      // In the order of their numbers.
      for (const node of this.#candidates)
        if ((found < 0 || totals[node]! > totals[found]!) && !refused.has(node)) found = node;
      return found < 0 || totals[found]! < 0 ? undefined : found;
    }
    for (let block = 0; block < this.#bestOfBlock.length; block++) {
      let candidate = this.#bestOfBlock[block]!;
      if (candidate < 0) this.#bestOfBlock[block] = candidate = this.#findBest(block * BLOCK, NOBODY);
      if (refused.has(candidate)) candidate = this.#findBest(block * BLOCK, refused);
      if (candidate >= 0 && (found < 0 || totals[candidate]! > totals[found]!)) found = candidate;
    }
    return found < 0 || totals[found]! < 0 ? undefined : found;
  }

  #findBest(start: number, refused: ReadonlySet<number>): number {
    const { totals } = this;
    const end = Math.min(start + BLOCK, totals.length);
    let found = -1;
    for (let node = start; node < end; node++)
      if ((found < 0 || totals[node]! > totals[found]!) && !refused.has(node)) found = node;
    return found;
  }

  /** Why a node refuses the pod; those to whom it is promised and who are as important must find room as well. */
  #refusal(nodeInfo: NodeInfo, uid: string | undefined): Status | undefined {
    const promised = this.#nominator.nominatedPodsForNode(nodeInfo.name);
    if (promised.length > 0) {
      const { priority } = this.#pod;
      const others = promised.filter((other) => other.priority >= priority && other.uid !== uid);
      if (others.length > 0) {
        const crowded = nodeInfo.clone();
        for (const other of others) crowded.addPod(other);
        const refusal = firstRefusal(this.#filters, this.#state, this.#pod, crowded);
        if (refusal) return refusal;
      }
    }
    return firstRefusal(this.#filters, this.#state, this.#pod, nodeInfo);
  }

  #update(node: number, uid?: string): void {
    const nodeInfo = this.#table.nodes[node]!;
    this.#bestOfBlock[(node / BLOCK) | 0] = -1;
    if (this.#invalid.size > 0) this.#invalid.delete(node);
    const refusal = this.#refusal(nodeInfo, uid);
    if (!(this.#refusals instanceof Map)) this.#refusals[node] = refusal;
    else if (refusal) this.#refusals.set(node, refusal);
    else this.#refusals.delete(node);
    if (refusal) {
      this.totals[node] = -1;
      return;
    }
    let total = 0;
    for (const { plugin, weight } of this.#scores) {
      const score = Number(plugin.score(this.#state, this.#pod, nodeInfo));
      if (score < 0 || score > MAX_NODE_SCORE) this.#invalid.add(node);
      total += weight * score;
    }
    this.totals[node] = total;
  }
}
