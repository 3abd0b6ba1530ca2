// A profile: which plugins run at which extension point, in what order and with what weight.
// Behaviour: pkg/scheduler/apis/config/v1/default_plugins.go, framework/runtime/framework.go (expandMultiPointPlugins), Kubernetes v1.36.3.

import { PendingAllocations } from '../framework/pending-allocations.ts';
import type {
  AnyPlugin,
  BindPlugin,
  Handle,
  PlacementScorePlugin,
  Plugin,
  QueueSortPlugin,
  ScorePlugin,
} from '../framework/plugin.ts';
import type { ProfilePlugins } from '../framework/runtime.ts';
import { DEFAULT_ARGS, type PluginArgs } from './args.ts';
import { REGISTRY } from './registry.ts';

export interface PluginSetting {
  readonly name: string;
  readonly weight?: number;
}

export interface PluginSet {
  readonly enabled: readonly PluginSetting[];
  readonly disabled: readonly PluginSetting[];
}

export const EXTENSION_POINTS = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
  'placementGenerate',
  'placementScore',
] as const;
export type ExtensionPoint = (typeof EXTENSION_POINTS)[number];

export type PluginSets = { readonly [Point in ExtensionPoint | 'multiPoint']: PluginSet };

export interface Profile {
  readonly schedulerName: string;
  /** Share of nodes to find feasible before scoring; undefined: the scheduler's own setting. */
  readonly percentageOfNodesToScore?: number;
  readonly plugins: PluginSets;
  readonly args: PluginArgs;
}

/** In the order in which they run. */
export const DEFAULT_MULTI_POINT: readonly PluginSetting[] = [
  { name: 'SchedulingGates' },
  { name: 'PrioritySort' },
  { name: 'NodeUnschedulable' },
  { name: 'NodeName' },
  { name: 'TaintToleration', weight: 3 },
  { name: 'NodeAffinity', weight: 2 },
  { name: 'NodePorts' },
  { name: 'NodeResourcesFit', weight: 1 },
  { name: 'VolumeRestrictions' },
  { name: 'NodeVolumeLimits' },
  { name: 'VolumeBinding' },
  { name: 'VolumeZone' },
  { name: 'PodTopologySpread', weight: 2 },
  { name: 'InterPodAffinity', weight: 2 },
  { name: 'DynamicResources', weight: 2 },
  { name: 'DefaultPreemption' },
  { name: 'NodeResourcesBalancedAllocation', weight: 1 },
  { name: 'ImageLocality', weight: 1 },
  { name: 'DefaultBinder' },
  { name: 'NodeDeclaredFeatures' },
];

const NOTHING: PluginSet = { enabled: [], disabled: [] };

export const NO_PLUGIN_SETS: PluginSets = {
  multiPoint: NOTHING,
  preEnqueue: NOTHING,
  queueSort: NOTHING,
  preFilter: NOTHING,
  filter: NOTHING,
  postFilter: NOTHING,
  preScore: NOTHING,
  score: NOTHING,
  reserve: NOTHING,
  permit: NOTHING,
  preBind: NOTHING,
  bind: NOTHING,
  postBind: NOTHING,
  placementGenerate: NOTHING,
  placementScore: NOTHING,
};

export const DEFAULT_PROFILE: Profile = {
  schedulerName: 'default-scheduler',
  plugins: { ...NO_PLUGIN_SETS, multiPoint: { enabled: DEFAULT_MULTI_POINT, disabled: [] } },
  args: DEFAULT_ARGS,
};

/** The method by which a plugin shows that it takes part in an extension point. */
const METHOD_OF: { readonly [Point in ExtensionPoint]: keyof AnyPlugin | undefined } = {
  preEnqueue: 'preEnqueue',
  queueSort: 'less',
  preFilter: 'preFilter',
  filter: 'filter',
  postFilter: 'postFilter',
  preScore: 'preScore',
  score: 'score',
  reserve: 'reserve',
  permit: 'permit',
  preBind: 'preBind',
  bind: 'bind',
  postBind: undefined,
  placementGenerate: 'generatePlacements',
  placementScore: 'scorePlacement',
};

/** How upstream calls the plugins of each extension point, in the order in which it looks at the points. */
const TYPE_OF: readonly (readonly [ExtensionPoint, string])[] = [
  ['preFilter', 'PreFilterPlugin'],
  ['filter', 'FilterPlugin'],
  ['postFilter', 'PostFilterPlugin'],
  ['reserve', 'ReservePlugin'],
  ['preScore', 'PreScorePlugin'],
  ['score', 'ScorePlugin'],
  ['preBind', 'PreBindPlugin'],
  ['bind', 'BindPlugin'],
  ['postBind', 'PostBindPlugin'],
  ['permit', 'PermitPlugin'],
  ['preEnqueue', 'PreEnqueuePlugin'],
  ['queueSort', 'QueueSortPlugin'],
  ['placementGenerate', 'PlacementGeneratePlugin'],
  ['placementScore', 'PlacementScorePlugin'],
];

/** A profile that kube-scheduler would not start with. */
export class ProfileError extends Error {}

/** Plugins that come last, with gates that are off by default. */
const GATED_MULTI_POINT: readonly PluginSetting[] = [
  { name: 'GangScheduling' },
  { name: 'TopologyPlacementGenerator' },
  { name: 'PodGroupPodsCount', weight: 1 },
];

/** The gates of plugins; the others are always there. */
const GATE_OF: Readonly<Record<string, string>> = {
  DynamicResources: 'DynamicResourceAllocation',
  GangScheduling: 'GangScheduling',
  NodeDeclaredFeatures: 'NodeDeclaredFeatures',
  PodGroupPodsCount: 'TopologyAwareWorkloadScheduling',
  TopologyPlacementGenerator: 'TopologyAwareWorkloadScheduling',
};

/** The plugin sets that apply when a configuration names none. */
export function defaultPluginSets(isFeatureEnabled: (name: string) => boolean): PluginSets {
  const enabled = [...DEFAULT_MULTI_POINT, ...GATED_MULTI_POINT].filter(({ name }) => {
    const gate = GATE_OF[name];
    return gate === undefined || isFeatureEnabled(gate);
  });
  return { ...NO_PLUGIN_SETS, multiPoint: { enabled, disabled: [] } };
}

/** Makes the plugins of a profile and puts them in order for each extension point. */
export function makePlugins({ schedulerName, plugins, args }: Profile, handle: Handle): ProfilePlugins {
  const made = new Map<string, AnyPlugin>();
  for (const set of Object.values(plugins))
    for (const { name } of set.enabled) {
      const make = Object.hasOwn(REGISTRY, name) ? REGISTRY[name] : undefined;
      if (make && !made.has(name)) made.set(name, make(args, handle));
    }
  for (const [point, type] of TYPE_OF) checkPoint(plugins[point], METHOD_OF[point], type, made);
  const names = new Map(TYPE_OF.map(([point, type]) => [point, expand(plugins, point, type, made)]));
  const at = <T extends Plugin>(point: ExtensionPoint): readonly T[] =>
    // The presence of the point's method, which was just checked, is what makes a plugin a T.
    (names.get(point) ?? []).map((name) => made.get(name)) as unknown as readonly T[];
  const weights = weightsOf(plugins.score, plugins.multiPoint);
  const placementWeights = weightsOf(plugins.placementScore, plugins.multiPoint);
  const [queueSort, ...more] = at<QueueSortPlugin>('queueSort');
  if (!queueSort || more.length > 0)
    throw new ProfileError(
      `only one queue sort plugin required for profile with scheduler name "${schedulerName}", but got ${names.get('queueSort')?.length ?? 0}`,
    );
  const bind = at<BindPlugin>('bind');
  if (bind.length === 0)
    throw new ProfileError(`at least one bind plugin is needed for profile with scheduler name "${schedulerName}"`);
  return {
    preEnqueue: at('preEnqueue'),
    queueSort,
    preFilter: at('preFilter'),
    filter: at('filter'),
    postFilter: at('postFilter'),
    preScore: at('preScore'),
    score: at<ScorePlugin>('score').map((plugin) => ({ plugin, weight: weights.get(plugin.name) ?? 1 })),
    reserve: at('reserve'),
    permit: at('permit'),
    preBind: at('preBind'),
    bind,
    placementGenerate: at('placementGenerate'),
    placementScore: at<PlacementScorePlugin>('placementScore').map((plugin) => ({
      plugin,
      weight: placementWeights.get(plugin.name) ?? 1,
    })),
    all: [...made.values()],
  };
}

/** Why kube-scheduler would not start with a profile; undefined when it would. */
export function checkProfile(profile: Profile): string | undefined {
  try {
    makePlugins(profile, IDLE_HANDLE);
    return undefined;
  } catch (error) {
    if (error instanceof ProfileError) return error.message;
    throw error;
  }
}

/** For plugins that are made but never run. */
const IDLE_HANDLE: Handle = {
  podGroups: { get: () => undefined },
  waitingPods: { allow: () => undefined },
  activate: () => undefined,
  pendingAllocations: new PendingAllocations(),
  snapshot: {
    list: () => [],
    get: () => undefined,
    candidates: () => [],
    getCandidate: () => undefined,
    havePodsWithAffinityList: () => [],
    havePodsWithRequiredAntiAffinityList: () => [],
    isPvcUsedByPods: () => false,
  },
  objects: { get: () => undefined, list: () => [] },
  nominator: { nominatedPodsForNode: () => [] },
  now: () => 0,
  isFeatureEnabled: () => false,
  runPreFilterExtensionAddPod: () => undefined,
  runPreFilterExtensionRemovePod: () => undefined,
  runFilterPluginsWithNominatedPods: () => undefined,
};

function checkPoint(
  { enabled }: PluginSet,
  method: keyof AnyPlugin | undefined,
  type: string,
  made: ReadonlyMap<string, AnyPlugin>,
): void {
  const seen = new Set<string>();
  for (const { name } of enabled) {
    const plugin = made.get(name);
    if (!plugin) throw new ProfileError(`${type} "${name}" does not exist`);
    if (!takesPart(plugin, method)) throw new ProfileError(`plugin "${name}" does not extend ${type} plugin`);
    if (seen.has(name)) throw new ProfileError(`plugin "${name}" already registered as "${type}"`);
    seen.add(name);
  }
}

function takesPart(plugin: AnyPlugin, method: keyof AnyPlugin | undefined): boolean {
  return method !== undefined && plugin[method] !== undefined;
}

/**
 * Names at an extension point: first those that the point lists again although multiPoint has them, then multiPoint's,
 * then the point's others.
 */
function expand(
  sets: PluginSets,
  point: ExtensionPoint,
  type: string,
  made: ReadonlyMap<string, AnyPlugin>,
): readonly string[] {
  const enabled = sets[point].enabled.map(({ name }) => name);
  const disabled = new Set(sets[point].disabled.map(({ name }) => name));
  if (disabled.has('*')) return enabled;
  const overrides = new Set<string>();
  const multiPoint = new Set<string>();
  for (const { name } of sets.multiPoint.enabled) {
    const plugin = made.get(name);
    if (!plugin) throw new ProfileError(`${type} "${name}" does not exist`);
    if (!takesPart(plugin, METHOD_OF[point]) || disabled.has(name)) continue;
    if (multiPoint.has(name)) throw new ProfileError(`plugin "${name}" already registered as "${type}"`);
    (enabled.includes(name) ? overrides : multiPoint).add(name);
  }
  return [
    ...enabled.filter((name) => overrides.has(name)),
    ...multiPoint,
    ...enabled.filter((name) => !overrides.has(name)),
  ];
}

/** A weight given for the one point counts before the one given for all points; zero counts as one. */
function weightsOf(point: PluginSet, multiPoint: PluginSet): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const { name, weight } of [...point.enabled, ...multiPoint.enabled])
    if (!weights.has(name)) weights.set(name, weight || 1);
  return weights;
}
