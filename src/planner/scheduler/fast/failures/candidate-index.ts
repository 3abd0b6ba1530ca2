// What eviction would achieve on each node for pods of one class, kept until the node or a budget changes, so that the best
// candidate is found block by block. It answers as preemption/candidates.ts does.
import type { PodDisruptionBudget } from '../../../../schema/generated/types/policy-v1.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import type { Status } from '../../framework/status.ts';
import { type CandidateSearch, type Cost, costOf, isCheaper, isSameCost } from '../../preemption/candidates.ts';
import type { PreemptionRequest } from '../../preemption/evaluator.ts';
import type { VictimSelection } from '../../preemption/victims.ts';
import type { NodeTable } from '../nodes/node-table.ts';

/** Nodes that are counted, and of which the cheapest is remembered, together. */
const BLOCK = 64;

interface Block {
  /** Nodes where nobody has tried yet. */
  untried: number;
  candidates: number;
  /** Candidates that violate no budget. */
  harmless: number;
  /** The first of the cheapest candidates; undefined while it has to be found, -1: there is none. */
  cheapest: number | undefined;
}

type Select = PreemptionRequest['select'];

/** How far a search has come. */
interface Progress {
  best: number;
  /** Candidates that count: no more that violate budgets than would be enough. */
  found: number;
  /** Those of them that violate budgets. */
  violating: number;
}

export class CandidateIndex {
  readonly #table: NodeTable;
  /** 1 where eviction may help at all. */
  readonly #isPotential: Uint8Array;
  readonly #selections: (VictimSelection | undefined)[];
  readonly #costs: (Cost | undefined)[];
  readonly #blocks: readonly Block[];
  #lastCost: Cost = costOf({ pods: [], numPDBViolations: 0 });
  readonly #refusals = new Map<Status, number>();
  #budgets: readonly PodDisruptionBudget[] = [];
  #potential = 0;
  /** The time that the cheapest were found at: pods that have not started count as starting now. */
  #now = Number.NaN;

  constructor(table: NodeTable) {
    this.#table = table;
    this.#isPotential = new Uint8Array(table.size);
    this.#selections = new Array<VictimSelection | undefined>(table.size).fill(undefined);
    this.#costs = new Array<Cost | undefined>(table.size).fill(undefined);
    this.#blocks = Array.from({ length: Math.ceil(table.size / BLOCK) }, () => ({
      untried: 0,
      candidates: 0,
      harmless: 0,
      cheapest: -1,
    }));
  }

  /** The node has changed, or the verdict on it. */
  update(node: number, isPotential: boolean): void {
    this.forget(node);
    const before = this.#isPotential[node] === 1;
    if (before === isPotential) return;
    this.#isPotential[node] = isPotential ? 1 : 0;
    const delta = isPotential ? 1 : -1;
    this.#potential += delta;
    this.#blockOf(node).untried += delta;
  }

  /**
   * `select`: whom any pod of the class has to evict from a node. Without `admits` that is all; with it the pod has something
   * more to ask of a node: where the node with all its pods grants that, evicting some changes nothing about it.
   */
  search(request: PreemptionRequest, select: Select, admits?: (nodeInfo: NodeInfo) => boolean): CandidateSearch {
    this.#follow(request);
    const wanted = request.wanted(this.#potential);
    if (admits) return this.#searchEach(request, select, wanted, admits);
    const progress: Progress = { best: -1, found: 0, violating: 0 };
    for (let b = 0; b < this.#blocks.length; b++) {
      const block = this.#blocks[b]!;
      const { untried, candidates, harmless } = block;
      const isAnyHarmless = progress.found > progress.violating || harmless > 0;
      const isLast = isAnyHarmless && progress.found + candidates + untried >= wanted;
      const isCut = progress.violating < wanted && progress.violating + candidates - harmless > wanted;
      if (untried > 0 || isLast || isCut) {
        if (this.#searchBlock(b, request, select, wanted, progress)) break;
        continue;
      }
      if (candidates === 0 || (harmless === 0 && progress.violating === wanted)) continue;
      this.#take(this.#cheapestOf(b, request.now), progress, request.now);
      progress.found += candidates;
      progress.violating += candidates - harmless;
    }
    return this.#result(progress.best, this.#refusals);
  }

  /** True when there are enough candidates. */
  #searchBlock(b: number, request: PreemptionRequest, select: Select, wanted: number, progress: Progress): boolean {
    const isPotential = this.#isPotential;
    const selections = this.#selections;
    const costs = this.#costs;
    const end = Math.min((b + 1) * BLOCK, isPotential.length);
    let { best, found, violating } = progress;
    let lowest = best < 0 ? undefined : costs[best];
    let isEnough = false;
    for (let node = b * BLOCK; node < end && !isEnough; node++) {
      if (isPotential[node] === 0) continue;
      if (!selections[node]) this.#remember(node, select(this.#table.nodes[node]!));
      const cost = costs[node];
      if (!cost) continue;
      if (cost.violations > 0) {
        if (violating === wanted) continue;
        violating += 1;
      }
      // Most candidates share the cost of the best one.
      if (cost !== lowest && (!lowest || isCheaper(cost, lowest, request.now))) {
        best = node;
        lowest = cost;
      }
      found += 1;
      isEnough = found > violating && found >= wanted;
    }
    progress.best = best;
    progress.found = found;
    progress.violating = violating;
    return isEnough;
  }

  #searchEach(
    request: PreemptionRequest,
    select: Select,
    wanted: number,
    admits: (nodeInfo: NodeInfo) => boolean,
  ): CandidateSearch {
    const refusals = new Map<Status, number>();
    let best: { readonly node: number; readonly cost: Cost; readonly selection: VictimSelection } | undefined;
    let found = 0;
    let violating = 0;
    for (let node = 0; node < this.#isPotential.length; node++) {
      if (this.#isPotential[node] === 0) continue;
      const nodeInfo = this.#table.nodes[node]!;
      const isShared = admits(nodeInfo);
      if (isShared && !this.#selections[node]) this.#remember(node, select(nodeInfo));
      const selection = isShared ? this.#selections[node]! : request.select(nodeInfo);
      if ('status' in selection) {
        refusals.set(selection.status, (refusals.get(selection.status) ?? 0) + 1);
        continue;
      }
      const cost = isShared ? this.#costs[node]! : costOf(selection.victims);
      if (cost.violations > 0) {
        if (violating === wanted) continue;
        violating += 1;
      }
      if (!best || isCheaper(cost, best.cost, request.now)) best = { node, cost, selection };
      found += 1;
      if (found > violating && found >= wanted) break;
    }
    if (!best || 'status' in best.selection) return { best: undefined, refusals, potential: this.#potential };
    const { name } = this.#table.nodes[best.node]!;
    return { best: { node: name, victims: best.selection.victims }, refusals, potential: this.#potential };
  }

  #take(node: number, progress: Progress, now: number): void {
    if (node < 0) return;
    if (progress.best < 0 || isCheaper(this.#costs[node]!, this.#costs[progress.best]!, now)) progress.best = node;
  }

  #result(best: number, refusals: ReadonlyMap<Status, number>): CandidateSearch {
    const selection = best < 0 ? undefined : this.#selections[best];
    const victims = selection && 'victims' in selection ? selection.victims : undefined;
    return {
      best: victims && { node: this.#table.nodes[best]!.name, victims },
      refusals,
      potential: this.#potential,
    };
  }

  #cheapestOf(b: number, now: number): number {
    const block = this.#blocks[b]!;
    if (block.cheapest !== undefined) return block.cheapest;
    const costs = this.#costs;
    const end = Math.min((b + 1) * BLOCK, costs.length);
    let found = -1;
    let lowest: Cost | undefined;
    for (let node = b * BLOCK; node < end; node++) {
      const cost = costs[node];
      if (!cost || cost === lowest || (lowest && !isCheaper(cost, lowest, now))) continue;
      found = node;
      lowest = cost;
    }
    block.cheapest = found;
    return found;
  }

  #follow({ budgets, now }: PreemptionRequest): void {
    if (budgets.length !== this.#budgets.length || budgets.some((budget, i) => budget !== this.#budgets[i])) {
      this.#budgets = budgets;
      for (let node = 0; node < this.#selections.length; node++) this.forget(node);
    }
    if (now === this.#now) return;
    this.#now = now;
    for (const block of this.#blocks) block.cheapest = undefined;
  }

  #remember(node: number, selection: VictimSelection): void {
    this.#selections[node] = selection;
    const block = this.#blockOf(node);
    block.untried -= 1;
    if ('status' in selection) {
      this.#refusals.set(selection.status, (this.#refusals.get(selection.status) ?? 0) + 1);
      return;
    }
    const cost = this.#shared(costOf(selection.victims));
    this.#costs[node] = cost;
    block.candidates += 1;
    if (cost.violations === 0) block.harmless += 1;
    block.cheapest = undefined;
  }

  /** The same object for costs that are the same one after the other. */
  #shared(cost: Cost): Cost {
    if (!isSameCost(cost, this.#lastCost)) this.#lastCost = cost;
    return this.#lastCost;
  }

  /** What was found out about a node no longer holds. */
  forget(node: number): void {
    const selection = this.#selections[node];
    if (!selection) return;
    const block = this.#blockOf(node);
    const cost = this.#costs[node];
    this.#selections[node] = undefined;
    this.#costs[node] = undefined;
    block.untried += 1;
    if ('status' in selection) {
      const left = (this.#refusals.get(selection.status) ?? 0) - 1;
      if (left > 0) this.#refusals.set(selection.status, left);
      else this.#refusals.delete(selection.status);
    } else {
      block.candidates -= 1;
      if (cost?.violations === 0) block.harmless -= 1;
      block.cheapest = undefined;
    }
  }

  #blockOf(node: number): Block {
    return this.#blocks[(node / BLOCK) | 0]!;
  }
}
