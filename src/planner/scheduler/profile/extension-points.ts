// The extension points of the scheduling framework, as a configuration names them.
// Behaviour: getExtensionPoints in pkg/scheduler/framework/runtime/framework.go, Kubernetes v1.36.3.
import type { AnyPlugin } from '../framework/plugin.ts';

interface ExtensionPointRow {
  /** What messages call a plugin of the point. */
  readonly type: string;
  /** By having it a plugin shows that it takes part; no plugin of kube-scheduler's own has anything to do at postBind. */
  readonly method: keyof AnyPlugin | undefined;
}

/** In the order in which kube-scheduler looks at them: it starts with no profile, and names the first fault. */
const ROWS = {
  preFilter: { type: 'PreFilterPlugin', method: 'preFilter' },
  filter: { type: 'FilterPlugin', method: 'filter' },
  postFilter: { type: 'PostFilterPlugin', method: 'postFilter' },
  reserve: { type: 'ReservePlugin', method: 'reserve' },
  preScore: { type: 'PreScorePlugin', method: 'preScore' },
  score: { type: 'ScorePlugin', method: 'score' },
  preBind: { type: 'PreBindPlugin', method: 'preBind' },
  bind: { type: 'BindPlugin', method: 'bind' },
  postBind: { type: 'PostBindPlugin', method: undefined },
  permit: { type: 'PermitPlugin', method: 'permit' },
  preEnqueue: { type: 'PreEnqueuePlugin', method: 'preEnqueue' },
  queueSort: { type: 'QueueSortPlugin', method: 'less' },
  placementGenerate: { type: 'PlacementGeneratePlugin', method: 'generatePlacements' },
  placementScore: { type: 'PlacementScorePlugin', method: 'scorePlacement' },
} as const satisfies Readonly<Record<string, ExtensionPointRow>>;

export type ExtensionPoint = keyof typeof ROWS;

export const EXTENSION_POINTS = Object.keys(ROWS) as readonly ExtensionPoint[];

export function pluginTypeOf(point: ExtensionPoint): string {
  return ROWS[point].type;
}

export function takesPart(plugin: AnyPlugin, point: ExtensionPoint): boolean {
  const { method }: ExtensionPointRow = ROWS[point];
  return method !== undefined && plugin[method] !== undefined;
}
