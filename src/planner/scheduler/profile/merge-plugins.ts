// Puts the plugins that a profile names together with those of the default profile.
// Behaviour: pkg/scheduler/apis/config/v1/default_plugins.go (mergePluginSet), Kubernetes v1.36.3.
import type { GivenPluginSet } from './configuration-fields.ts';
import type { PluginSet, PluginSetting } from './profile.ts';

/** A default plugin that is given again stays in its place with the given weight; the others follow in the order given. */
export function mergePluginSet(defaults: PluginSet, given: GivenPluginSet = {}): PluginSet {
  const disabled = [...(given.disabled ?? []).map(settingOf), ...defaults.disabled].map(({ name }) => ({ name }));
  const isDisabled = new Set(disabled.map(({ name }) => name));
  const enabled = (given.enabled ?? []).map(settingOf);
  // The last of those that are given twice counts.
  const lastOf = new Map(enabled.map(({ name }, i) => [name, i]));
  const replaced = new Set<number>();
  const merged: PluginSetting[] = [];
  for (const setting of isDisabled.has('*') ? [] : defaults.enabled) {
    if (isDisabled.has(setting.name)) continue;
    const at = lastOf.get(setting.name);
    if (at !== undefined) replaced.add(at);
    merged.push(at === undefined ? setting : enabled[at]!);
  }
  return { enabled: [...merged, ...enabled.filter((_setting, i) => !replaced.has(i))], disabled };
}

function settingOf({ name = '', weight }: { readonly name?: string; readonly weight?: number }): PluginSetting {
  return weight === undefined ? { name } : { name, weight };
}
