// What running the plugins of an extension point comes to.
import type { ClaimChange, NominatingInfo } from './plugin.ts';
import type { PodInfo } from './pod-info.ts';
import type { MaybeStatus, Status } from './status.ts';

export interface PreFilterOutcome {
  /** Only these nodes need to be looked at; absent: all. */
  readonly nodeNames: ReadonlySet<string> | undefined;
  readonly status: MaybeStatus;
  /** Plugins that narrowed the nodes down. */
  readonly pluginsWithNodes: ReadonlySet<string>;
}

export interface PluginScore {
  readonly plugin: string;
  /** Normalized and multiplied by the plugin's weight. */
  readonly score: number;
}

export interface NodePluginScores {
  readonly name: string;
  readonly scores: readonly PluginScore[];
  readonly total: number;
}

export type ScoreOutcome =
  | { readonly ok: true; readonly nodes: readonly NodePluginScores[] }
  | { readonly ok: false; readonly status: Status };

export interface PermitRun {
  /** `Wait`: the pod keeps its node, but is not bound yet. */
  readonly status: MaybeStatus;
  /** The plugins that it waits for, each with how many milliseconds at most. */
  readonly timeouts: ReadonlyMap<string, number>;
}

export interface PostFilterRun {
  readonly nominatingInfo?: NominatingInfo;
  readonly victims?: readonly PodInfo[];
  readonly claimChange?: ClaimChange;
  readonly status: MaybeStatus;
}
