// The part of a decision that looks at a node and the pods on it, nothing else: redone only for nodes that have changed.
import { CycleState } from '../framework/cycle-state.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import type { FilterPlugin, PreFilterPlugin, PreScorePlugin, ScorePlugin } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import { isSkip, isSuccess } from '../framework/status.ts';
import type { NodeTable } from './node-table.ts';

type LocalFilter = FilterPlugin & Partial<PreFilterPlugin>;

export interface LocalScore {
  readonly plugin: ScorePlugin & Partial<PreScorePlugin>;
  readonly weight: number;
}

/** Nodes of which the best is remembered together. */
const BLOCK = 64;

export class LocalPart {
  /** Weighted scores added up; -1 where the node does not admit the pod. */
  readonly totals: Float64Array;
  readonly #table: NodeTable;
  readonly #pod: PodInfo;
  readonly #state = new CycleState();
  readonly #filters: readonly LocalFilter[];
  readonly #scores: readonly LocalScore[];
  #cursor = -1;
  /** The first of the best nodes of each block; -1 while it has to be found. */
  readonly #bestOfBlock: Int32Array;

  constructor(table: NodeTable, pod: PodInfo, filters: readonly LocalFilter[], scores: readonly LocalScore[]) {
    this.#table = table;
    this.#pod = pod;
    this.totals = new Float64Array(table.size);
    this.#bestOfBlock = new Int32Array(Math.ceil(table.size / BLOCK)).fill(-1);
    this.#filters = filters.filter((plugin) => !isSkip(plugin.preFilter?.(this.#state, pod, table.nodes)?.status));
    this.#scores = scores.filter(({ plugin }) => !isSkip(plugin.preScore?.(this.#state, pod, table.nodes)));
  }

  refresh(): void {
    const changes = this.#cursor < 0 ? 'all' : this.#table.changesSince(this.#cursor);
    this.#cursor = this.#table.cursor;
    if (changes === 'all') for (let i = 0; i < this.totals.length; i++) this.#update(i);
    else for (const node of changes) this.#update(node);
  }

  /** The first of the best nodes; undefined when none admits the pod. */
  best(): number | undefined {
    const { totals } = this;
    let found = -1;
    for (let block = 0; block < this.#bestOfBlock.length; block++) {
      let candidate = this.#bestOfBlock[block]!;
      if (candidate < 0) this.#bestOfBlock[block] = candidate = this.#findBest(block * BLOCK);
      if (found < 0 || totals[candidate]! > totals[found]!) found = candidate;
    }
    return found < 0 || totals[found]! < 0 ? undefined : found;
  }

  #findBest(start: number): number {
    const { totals } = this;
    const end = Math.min(start + BLOCK, totals.length);
    let found = start;
    for (let node = start + 1; node < end; node++) if (totals[node]! > totals[found]!) found = node;
    return found;
  }

  /** Whether the pod would fit a node in another state. */
  admits(nodeInfo: NodeInfo): boolean {
    for (const plugin of this.#filters) if (!isSuccess(plugin.filter(this.#state, this.#pod, nodeInfo))) return false;
    return true;
  }

  #update(node: number): void {
    const nodeInfo = this.#table.nodes[node]!;
    this.#bestOfBlock[(node / BLOCK) | 0] = -1;
    if (!this.admits(nodeInfo)) {
      this.totals[node] = -1;
      return;
    }
    let total = 0;
    for (const { plugin, weight } of this.#scores) total += weight * plugin.score(this.#state, this.#pod, nodeInfo);
    this.totals[node] = total;
  }
}
