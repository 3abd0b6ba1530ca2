// Makes the plugins of a profile, and says why kube-scheduler would not start with it.
// Behaviour: NewFramework and expandMultiPointPlugins in pkg/scheduler/framework/runtime/framework.go, Kubernetes v1.36.3.
import { PendingAllocations } from '../framework/pending-allocations.ts';
import type {
  AnyPlugin,
  BindPlugin,
  FilterPlugin,
  Handle,
  PlacementScorePlugin,
  Plugin,
  QueueSortPlugin,
  ScorePlugin,
} from '../framework/plugin.ts';
import type { ProfilePlugins } from '../framework/profile-plugins.ts';
import { EXTENSION_POINTS, type ExtensionPoint, pluginTypeOf, takesPart } from './extension-points.ts';
import type { PluginSet, PluginSets, Profile } from './profile.ts';
import { REGISTRY } from './registry.ts';
import { unpreparedFilter, unpreparedScore } from './unprepared.ts';

/** A profile that kube-scheduler would not start with. */
export class ProfileError extends Error {}

/** Makes the plugins of a profile and puts them in order for each extension point. */
export function makePlugins({ schedulerName, plugins, args }: Profile, handle: Handle): ProfilePlugins {
  const made = new Map<string, AnyPlugin>();
  for (const set of Object.values(plugins))
    for (const { name } of set.enabled) {
      const make = Object.hasOwn(REGISTRY, name) ? REGISTRY[name] : undefined;
      if (make && !made.has(name)) made.set(name, make(args, handle));
    }
  for (const point of EXTENSION_POINTS) checkPoint(plugins[point], point, made);
  const names = new Map(EXTENSION_POINTS.map((point) => [point, expand(plugins, point, made)]));
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
  const isUnprepared = ({ name }: Plugin, point: 'preFilter' | 'preScore'): boolean =>
    made.get(name)?.[point] !== undefined && !names.get(point)?.includes(name);
  const prepared = (plugin: ScorePlugin): ScorePlugin => {
    const point = (['preScore', 'preFilter'] as const).find((before) => isUnprepared(plugin, before));
    return point ? unpreparedScore(plugin, point) : plugin;
  };
  const bind = at<BindPlugin>('bind');
  if (bind.length === 0)
    throw new ProfileError(`at least one bind plugin is needed for profile with scheduler name "${schedulerName}"`);
  return {
    preEnqueue: at('preEnqueue'),
    queueSort,
    preFilter: at('preFilter'),
    filter: at<FilterPlugin>('filter').map((plugin) =>
      isUnprepared(plugin, 'preFilter') ? unpreparedFilter(plugin) : plugin,
    ),
    postFilter: at('postFilter'),
    preScore: at('preScore'),
    score: at<ScorePlugin>('score').map((plugin) => ({
      plugin: prepared(plugin),
      weight: weights.get(plugin.name) ?? 1,
    })),
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

function checkPoint({ enabled }: PluginSet, point: ExtensionPoint, made: ReadonlyMap<string, AnyPlugin>): void {
  const type = pluginTypeOf(point);
  const seen = new Set<string>();
  for (const { name } of enabled) {
    const plugin = made.get(name);
    if (!plugin) throw new ProfileError(`${type} "${name}" does not exist`);
    if (!takesPart(plugin, point)) throw new ProfileError(`plugin "${name}" does not extend ${type} plugin`);
    if (seen.has(name)) throw new ProfileError(`plugin "${name}" already registered as "${type}"`);
    seen.add(name);
  }
}

/**
 * Names at an extension point: first those that the point lists again although multiPoint has them, then multiPoint's,
 * then the point's others.
 */
function expand(sets: PluginSets, point: ExtensionPoint, made: ReadonlyMap<string, AnyPlugin>): readonly string[] {
  const type = pluginTypeOf(point);
  const enabled = sets[point].enabled.map(({ name }) => name);
  const disabled = new Set(sets[point].disabled.map(({ name }) => name));
  if (disabled.has('*')) return enabled;
  const overrides = new Set<string>();
  const multiPoint = new Set<string>();
  for (const { name } of sets.multiPoint.enabled) {
    const plugin = made.get(name);
    if (!plugin) throw new ProfileError(`${type} "${name}" does not exist`);
    if (!takesPart(plugin, point) || disabled.has(name)) continue;
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
