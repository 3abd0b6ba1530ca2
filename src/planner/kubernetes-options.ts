// Which Kubernetes a simulation is: minor version and feature gates.
// Behaviour: pkg/features/kube_features.go of each version, as src/schema/generated/feature-gates.ts has it.
import type { FeatureGates } from '../apiserver/resource.ts';
import type { ApiSwitches } from '../apiserver/served-apis.ts';
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
  const given = Object.entries(featureGates);
  const gates = given.length === 0 ? defaults : new Map([...defaults, ...given]);
  return { isEnabled: (name) => gates.get(name) ?? false };
}

/** Gates that no component starts with unless others are on. Upstream lists more; those of pod groups are off by default. */
const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  DRAWorkloadResourceClaims: ['DynamicResourceAllocation', 'GenericWorkload'],
  GangScheduling: ['GenericWorkload'],
  TopologyAwareWorkloadScheduling: ['GenericWorkload'],
  WorkloadAwarePreemption: ['GangScheduling'],
  WorkloadWithJob: ['GenericWorkload'],
};

/** Why components would not start with these gates; undefined when they would. */
export function missingGates(options: Pick<KubernetesOptions, 'version' | 'featureGates'>): string | undefined {
  const gates = featureGates(options);
  for (const [gate, needed] of Object.entries(DEPENDENCIES)) {
    const missing = gates.isEnabled(gate) ? needed.filter((name) => !gates.isEnabled(name)) : [];
    if (missing.length > 0)
      return `${gate} is enabled, but depends on features that are disabled: [${missing.join(' ')}]`;
  }
  return undefined;
}

/** What decides which APIs are served. */
export function apiSwitches(kubernetes: KubernetesOptions): ApiSwitches {
  const { version, flags } = kubernetes;
  return { version, features: featureGates(kubernetes), runtimeConfig: flags['runtime-config'] };
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
