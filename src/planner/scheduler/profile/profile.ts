// A profile: which plugins run at which extension point, in what order and with what weight.
// Behaviour: pkg/scheduler/apis/config/v1/default_plugins.go, framework/runtime/framework.go (expandMultiPointPlugins), Kubernetes v1.36.3.
import type { AnyPlugin, Handle, Plugin } from '../framework/plugin.ts';
import type { ProfilePlugins } from '../framework/runtime.ts';
import { defaultBinder } from '../plugins/default-binder/default-binder.ts';
import { prioritySort } from '../plugins/priority-sort/priority-sort.ts';
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
};

export class ProfileError extends Error {}

/** Makes the plugins of a profile and puts them in order for each extension point. */
export function makePlugins({ plugins, args }: Profile, handle: Handle): ProfilePlugins {
  const made = new Map<string, AnyPlugin>();
  const pluginOf = (name: string): AnyPlugin => {
    let plugin = made.get(name);
    if (!plugin) {
      const make = REGISTRY[name];
      if (!make) throw new ProfileError(`plugin "${name}" does not exist`);
      made.set(name, (plugin = make(args, handle)));
    }
    return plugin;
  };
  const at = <T extends Plugin>(point: ExtensionPoint): readonly T[] =>
    // The presence of the point's method, which was just checked, is what makes a plugin a T.
    expand(plugins, point, pluginOf).map(pluginOf) as unknown as readonly T[];
  const weights = weightsOf(plugins);
  return {
    preEnqueue: at('preEnqueue'),
    queueSort: at<typeof prioritySort>('queueSort')[0] ?? prioritySort,
    preFilter: at('preFilter'),
    filter: at('filter'),
    postFilter: at('postFilter'),
    preScore: at('preScore'),
    score: at<Plugin & { score: never }>('score').map((plugin) => ({ plugin, weight: weights.get(plugin.name) ?? 1 })),
    reserve: at('reserve'),
    permit: at('permit'),
    preBind: at('preBind'),
    bind: plugins.bind.enabled.length + plugins.multiPoint.enabled.length > 0 ? at('bind') : [defaultBinder],
    all: [...made.values()],
  };
}

/**
 * Names at an extension point: first those that the point lists again although multiPoint has them, then multiPoint's,
 * then the point's others.
 */
function expand(sets: PluginSets, point: ExtensionPoint, pluginOf: (name: string) => AnyPlugin): readonly string[] {
  const method = METHOD_OF[point];
  if (method === undefined) return [];
  const enabled = sets[point].enabled.map(({ name }) => name);
  for (const name of enabled)
    if (pluginOf(name)[method] === undefined)
      throw new ProfileError(`plugin "${name}" does not extend ${point} plugin`);
  const disabled = new Set(sets[point].disabled.map(({ name }) => name));
  if (disabled.has('*')) return enabled;
  const multiPoint = sets.multiPoint.enabled
    .map(({ name }) => name)
    .filter((name) => !disabled.has(name) && pluginOf(name)[method] !== undefined);
  const overrides = enabled.filter((name) => multiPoint.includes(name));
  return [
    ...overrides,
    ...multiPoint.filter((name) => !enabled.includes(name)),
    ...enabled.filter((name) => !overrides.includes(name)),
  ];
}

/** A weight given for the score point counts before the one given for all points; zero counts as one. */
function weightsOf({ score, multiPoint }: PluginSets): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const { name, weight } of [...score.enabled, ...multiPoint.enabled])
    if (!weights.has(name)) weights.set(name, weight || 1);
  return weights;
}
