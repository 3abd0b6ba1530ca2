// Scores of nodes and of placements: each plugin's own, normalized, checked and weighed.
// Behaviour: RunScorePlugins and RunPlacementScorePlugins in pkg/scheduler/framework/runtime/framework.go, Kubernetes v1.36.3.
import type { CycleState } from './cycle-state.ts';
import type { NodeInfo } from './node-info.ts';
import {
  MAX_NODE_SCORE,
  type NodeScore,
  type PlacementScorePlugin,
  type PlacementTrial,
  type PodGroupRef,
  type ScorePlugin,
} from './plugin.ts';
import type { PodInfo } from './pod-info.ts';
import type { Weighted } from './profile-plugins.ts';
import type { ScoreOutcome } from './run-outcomes.ts';
import { errorStatus, isSuccess, type Status, statusMessage } from './status.ts';

export function scoreNodes(
  plugins: readonly Weighted<ScorePlugin>[],
  state: CycleState,
  pod: PodInfo,
  nodes: readonly NodeInfo[],
): ScoreOutcome {
  for (const { plugin } of plugins)
    if (plugin.failure !== undefined && !state.skipScorePlugins.has(plugin.name))
      return failed(`running Score plugins: plugin "${plugin.name}" failed with: ${plugin.failure}`);
  const columns: { readonly name: string; readonly weight: number; readonly scores: readonly NodeScore[] }[] = [];
  /** Scores that a number does not hold exactly. */
  const exact = new Map<NodeScore, bigint>();
  for (const { plugin, weight } of plugins) {
    if (state.skipScorePlugins.has(plugin.name)) continue;
    const scores = nodes.map((node): NodeScore => {
      const score = plugin.score(state, pod, node);
      const entry = { name: node.name, score: Number(score) };
      if (typeof score === 'bigint') exact.set(entry, score);
      return entry;
    });
    const status = plugin.normalizeScore?.(state, pod, scores);
    if (!isSuccess(status))
      return failed(
        `running Normalize on Score plugins: plugin "${plugin.name}" failed with: ${statusMessage(status)}`,
      );
    columns.push({ name: plugin.name, weight, scores });
  }
  for (const i of nodes.keys())
    for (const { name, scores } of columns) {
      const entry = scores[i]!;
      if (entry.score > MAX_NODE_SCORE || entry.score < 0)
        return failed(
          `applying score defaultWeights on Score plugins: plugin "${name}" returns an invalid score ${exact.get(entry) ?? entry.score}, it should in the range of [0, ${MAX_NODE_SCORE}] after normalizing`,
        );
    }
  return {
    ok: true,
    nodes: nodes.map(({ name }, i) => {
      const scores = columns.map((column) => ({
        plugin: column.name,
        score: column.scores[i]!.score * column.weight,
      }));
      return { name, scores, total: scores.reduce((sum, { score }) => sum + score, 0) };
    }),
  };
}

/** The total of each placement, in their order. */
export function scorePlacements(
  plugins: readonly Weighted<PlacementScorePlugin>[],
  group: PodGroupRef,
  trials: readonly PlacementTrial[],
): readonly number[] | Status {
  const totals = trials.map(() => 0);
  for (const { plugin, weight } of plugins) {
    const scores = trials.map((trial) => plugin.scorePlacement(group, trial));
    const status = plugin.normalizePlacementScore?.(scores);
    if (!isSuccess(status))
      return errorStatus(
        `running NormalizePlacementScore on PlacementScore plugins: plugin "${plugin.name}" failed with: ${statusMessage(status)}`,
      );
    scores.forEach((score, i) => {
      totals[i]! += score * weight;
    });
  }
  return totals;
}

function failed(message: string): ScoreOutcome {
  return { ok: false, status: errorStatus(message) };
}
