// How a configuration file calls itself. It may stand among the manifests that it is for, and is none of them.
import type { Manifest } from '../../manifests/manifest.ts';

export const CONFIG_KIND = 'Configuration';
export const CONFIG_API_VERSION = 'kubeplan.dev/v1';

export function isConfiguration({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): boolean {
  return apiVersion === CONFIG_API_VERSION && kind === CONFIG_KIND;
}
