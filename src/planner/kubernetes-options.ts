// Which Kubernetes a simulation is: minor version and feature gates.
// Behaviour: pkg/features/kube_features.go of each version, as src/schema/generated/feature-gates.ts has it.
import type { FeatureGates } from '../apiserver/resource.ts';
import { gateDefaults, gateVersions } from '../schema/generated/feature-gates.ts';
import type { KubernetesVersion } from '../schema/layout.ts';

export interface KubernetesOptions {
  readonly version: KubernetesVersion;
  /** Gates set by hand; the others have the version's default. */
  readonly featureGates: Readonly<Record<string, boolean>>;
  /** Command-line flags of the control plane's components, by name without dashes. */
  readonly flags: Readonly<Record<string, string>>;
}

/** A gate that the version does not know counts as off. */
export function featureGates({
  version,
  featureGates,
}: Pick<KubernetesOptions, 'version' | 'featureGates'>): FeatureGates {
  const defaults = defaultsOf(version);
  return { isEnabled: (name) => featureGates[name] ?? defaults.get(name) ?? false };
}

export function isKnownGate(name: string, version: KubernetesVersion): boolean {
  return defaultsOf(version).has(name);
}

const tables = new Map<KubernetesVersion, ReadonlyMap<string, boolean>>();

function defaultsOf(version: KubernetesVersion): ReadonlyMap<string, boolean> {
  let table = tables.get(version);
  if (!table) tables.set(version, (table = readDefaults(gateVersions.indexOf(version))));
  return table;
}

function readDefaults(column: number): ReadonlyMap<string, boolean> {
  const table = new Map<string, boolean>();
  for (const line of gateDefaults.trim().split('\n')) {
    const space = line.indexOf(' ');
    const value = line[space + 1 + column];
    if (value !== '-') table.set(line.slice(0, space), value === '1');
  }
  return table;
}
