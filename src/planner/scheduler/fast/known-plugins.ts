// The plugins that the fast path knows, by what they look at, and whether a profile has no others.
import type { AnyPlugin } from '../framework/plugin.ts';
import type { Framework } from '../framework/runtime.ts';

/** Plugins that look at the node's object alone. */
export const STATIC_FILTERS: ReadonlySet<string> = new Set([
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodeDeclaredFeatures',
]);
/** Plugins that look at the node and its pods. */
export const LOCAL_FILTERS: ReadonlySet<string> = new Set(['NodePorts', 'NodeResourcesFit']);
/** Plugins that have nothing to say about pods without volumes. */
export const VOLUME_FILTERS: ReadonlySet<string> = new Set([
  'VolumeRestrictions',
  'NodeVolumeLimits',
  'VolumeBinding',
  'VolumeZone',
]);
export const LOCAL_SCORES: ReadonlySet<string> = new Set(['NodeResourcesFit', 'NodeResourcesBalancedAllocation']);
/** Plugins that score by the node's object, normalized by the greatest score; true: the lower the better. */
export const STATIC_SCORES: ReadonlyMap<string, boolean> = new Map([
  ['TaintToleration', true],
  ['NodeAffinity', false],
]);

/** Whether the fast path can stand for every plugin of the profile. */
export function isKnownProfile({ plugins }: Framework): boolean {
  const knows = (name: string): boolean =>
    STATIC_FILTERS.has(name) ||
    LOCAL_FILTERS.has(name) ||
    VOLUME_FILTERS.has(name) ||
    // The last has nothing to say about pods without claims of devices.
    ['PodTopologySpread', 'InterPodAffinity', 'DynamicResources'].includes(name);
  const scores = (name: string): boolean =>
    STATIC_SCORES.has(name) ||
    LOCAL_SCORES.has(name) ||
    ['ImageLocality', 'PodTopologySpread', 'InterPodAffinity', 'DynamicResources'].includes(name);
  const isAt = (list: readonly { readonly name: string }[], name: string): boolean =>
    list.some((plugin) => plugin.name === name);
  const scoring = plugins.score.map(({ plugin }) => plugin);
  /** Whether a plugin prepares itself for what it does afterwards. */
  const isWhole = ({ name, preFilter, filter, postFilter, preScore, score }: AnyPlugin): boolean =>
    (!(preFilter && filter) || isAt(plugins.preFilter, name) === isAt(plugins.filter, name)) &&
    (!(preFilter && postFilter) || !isAt(plugins.postFilter, name) || isAt(plugins.preFilter, name)) &&
    (!(preScore && score) || isAt(plugins.preScore, name) === isAt(scoring, name));
  return (
    plugins.filter.every(({ name }) => knows(name)) &&
    plugins.preFilter.every(({ name }) => knows(name)) &&
    plugins.score.every(({ plugin }) => scores(plugin.name)) &&
    plugins.all.every(isWhole)
  );
}
