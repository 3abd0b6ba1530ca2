// Which of the resources that are built an API server serves: some take a feature gate, alpha versions take --runtime-config.
// Behaviour: [apiserver]/pkg/server/resourceconfig/helpers.go, pkg/controlplane/instance.go, pkg/registry/*/rest, Kubernetes v1.36.3.
import { findKind } from '../schema/kinds.ts';
import type { KubernetesVersion } from '../schema/layout.ts';
import { apiVersionOf, type FeatureGates, type Resource, resourceNameOf } from './resource.ts';

export interface ApiSwitches {
  readonly version: KubernetesVersion;
  readonly features: FeatureGates;
  /** The flag `--runtime-config`. */
  readonly runtimeConfig: string | undefined;
}

/** Resources whose storage is made only with a gate. */
const GATE_OF: Readonly<Record<string, string>> = {
  'podgroups.scheduling.k8s.io': 'GenericWorkload',
  'workloads.scheduling.k8s.io': 'GenericWorkload',
};

/** Keys of --runtime-config that stand for many versions, in the order in which they count. */
const MATCHERS: readonly (readonly [string, RegExp])[] = [
  ['api/all', /^/],
  ['api/ga', /^v\d+$/],
  ['api/beta', /^v\d+beta\d+$/],
  ['api/alpha', /^v\d+alpha\d+$/],
];

export function servedResources(resources: readonly Resource[], switches: ApiSwitches): readonly Resource[] {
  const overrides = readRuntimeConfig(switches.runtimeConfig);
  return resources.filter((resource) => isServed(resource, switches, overrides));
}

/** What turns on a kind that is known and off by default; undefined for any other. */
export function switchesFor(apiVersion: string, kind: string, version: KubernetesVersion): string | undefined {
  const info = findKind(apiVersion, kind, version);
  const gate = info && GATE_OF[resourceNameOf({ group: info.group, plural: info.resource })];
  return gate && `--feature-gates ${gate}=true --runtime-config ${apiVersion}=true`;
}

function isServed(
  resource: Resource,
  { version, features }: ApiSwitches,
  overrides: ReadonlyMap<string, boolean>,
): boolean {
  const gate = GATE_OF[resourceNameOf(resource)];
  const isAlpha = resource.version.includes('alpha');
  if (gate === undefined && !isAlpha && overrides.size === 0) return true;
  if (gate !== undefined && !features.isEnabled(gate)) return false;
  const apiVersion = apiVersionOf(resource);
  if (isAlpha && !findKind(apiVersion, resource.kind, version)) return false;
  let isOn = !isAlpha;
  for (const [key, pattern] of MATCHERS) if (pattern.test(resource.version)) isOn = overrides.get(key) ?? isOn;
  return overrides.get(`${apiVersion}/${resource.plural}`) ?? overrides.get(apiVersion) ?? isOn;
}

function readRuntimeConfig(text = ''): ReadonlyMap<string, boolean> {
  const overrides = new Map<string, boolean>();
  for (const pair of text.split(',')) {
    const [key = '', value = 'true'] = pair.trim().split('=');
    if (key) overrides.set(key, isTrue(value));
  }
  return overrides;
}

/** As Go reads a boolean; the flag without a value means true. */
function isTrue(value: string): boolean {
  return ['', '1', 't', 'T', 'true', 'TRUE', 'True'].includes(value);
}
