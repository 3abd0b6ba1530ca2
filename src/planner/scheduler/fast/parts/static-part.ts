// The part of a decision that only looks at the node's object: worked out once for all nodes, kept until a node changes.
import { CycleState } from '../../framework/cycle-state.ts';
import type { FilterPlugin, PreFilterPlugin, PreScorePlugin, ScorePlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { isSkip, isSuccess, type Status } from '../../framework/status.ts';
import type { NodeTable } from '../nodes/node-table.ts';
import { firstRefusal } from './first-refusal.ts';

type StaticFilter = FilterPlugin & Partial<PreFilterPlugin>;
type StaticScore = ScorePlugin & Partial<PreScorePlugin>;

interface WeightedScore {
  readonly plugin: StaticScore;
  readonly weight: number;
}

/** Raw scores of a plugin that normalizes by the greatest one. */
interface RawScores {
  readonly scores: Int32Array;
  readonly weight: number;
  /** The lower the better. */
  readonly reverse: boolean;
}

export interface StaticPart {
  /** 1 where the node is admitted. */
  readonly mask: Uint8Array;
  /** Why the others refuse the pod, by number. */
  readonly refusals: readonly (Status | undefined)[];
  readonly admitsAll: boolean;
  /** Without those that are zero everywhere. */
  readonly raw: readonly RawScores[];
  /** What plugins add to every node alike. */
  readonly constant: number;
}

/** undefined when a plugin answers something that only the plain path knows to handle. */
export function makeStaticPart(
  table: NodeTable,
  pod: PodInfo,
  filters: readonly StaticFilter[],
  scores: readonly (WeightedScore & { readonly reverse: boolean })[],
): StaticPart | undefined {
  const state = new CycleState();
  const active: StaticFilter[] = [];
  for (const plugin of filters) {
    const result = plugin.preFilter?.(state, pod, table.nodes);
    if (isSkip(result?.status)) continue;
    if (!isSuccess(result?.status) || result?.nodeNames) return undefined;
    active.push(plugin);
  }
  const mask = new Uint8Array(table.size);
  const refusals: (Status | undefined)[] = [];
  let admitted = 0;
  table.nodes.forEach((nodeInfo, i) => {
    refusals[i] = firstRefusal(active, state, pod, nodeInfo);
    if (refusals[i]) return;
    mask[i] = 1;
    admitted += 1;
  });
  const raw: RawScores[] = [];
  let constant = 0;
  for (const { plugin, weight, reverse } of scores) {
    const status = plugin.preScore?.(state, pod, table.nodes);
    if (isSkip(status)) continue;
    if (!isSuccess(status)) return undefined;
    const column = Int32Array.from(table.nodes, (nodeInfo) => Number(plugin.score(state, pod, nodeInfo)));
    if (column.some((score) => score !== 0)) raw.push({ scores: column, weight, reverse });
    else if (reverse) constant += 100 * weight;
  }
  return { mask, refusals, admitsAll: admitted === table.size, raw, constant };
}
