// The plugins of one profile, sorted by where they run.
import type {
  AnyPlugin,
  BindPlugin,
  FilterPlugin,
  PermitPlugin,
  PlacementGeneratePlugin,
  PlacementScorePlugin,
  PostFilterPlugin,
  PreBindPlugin,
  PreEnqueuePlugin,
  PreFilterPlugin,
  PreScorePlugin,
  QueueSortPlugin,
  ReservePlugin,
  ScorePlugin,
} from './plugin.ts';

export interface Weighted<P> {
  readonly plugin: P;
  readonly weight: number;
}

/** The plugins of a profile at each extension point, already made. */
export interface ProfilePlugins {
  readonly preEnqueue: readonly PreEnqueuePlugin[];
  readonly queueSort: QueueSortPlugin;
  readonly preFilter: readonly PreFilterPlugin[];
  readonly filter: readonly FilterPlugin[];
  readonly postFilter: readonly PostFilterPlugin[];
  readonly preScore: readonly PreScorePlugin[];
  readonly score: readonly Weighted<ScorePlugin>[];
  readonly reserve: readonly ReservePlugin[];
  readonly permit: readonly PermitPlugin[];
  readonly preBind: readonly PreBindPlugin[];
  readonly bind: readonly BindPlugin[];
  /** At most one is asked. */
  readonly placementGenerate: readonly PlacementGeneratePlugin[];
  readonly placementScore: readonly Weighted<PlacementScorePlugin>[];
  /** Every plugin of the profile once, for the events they register. */
  readonly all: readonly AnyPlugin[];
}
