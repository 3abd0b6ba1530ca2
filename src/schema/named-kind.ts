// Which kind a name means, in the forms that kubectl takes for types: `deploy`, `deployments.apps`, `cronjobs.v1.batch`, and `apps/v1/Deployment`.
// Behaviour: ParseResourceArg in staging/src/k8s.io/apimachinery/pkg/runtime/schema/group_version.go, Kubernetes v1.36.3. Unlike
// kubectl, every version of a group is known, whether or not a cluster serves it.
import { allKinds, compareApiVersions, type KindInfo } from './kinds.ts';
import type { KubernetesVersion } from './layout.ts';

/** The core group before others and stable versions before beta ones, where a name alone fits several. */
export function namedKind(name: string, release: KubernetesVersion): KindInfo | undefined {
  const fits = name.includes('/') ? hasApiVersion(name) : isNamed(name.toLowerCase());
  const [best] = allKinds(release)
    .filter(fits)
    .sort((a, b) => Number(a.group !== '') - Number(b.group !== '') || compareApiVersions(a.version, b.version));
  return best;
}

function hasApiVersion(name: string): (info: KindInfo) => boolean {
  const slash = name.lastIndexOf('/');
  const [apiVersion, kind] = [name.slice(0, slash), name.slice(slash + 1).toLowerCase()];
  return (info) => info.apiVersion === apiVersion && isCalled(info, kind);
}

function isNamed(name: string): (info: KindInfo) => boolean {
  const [type = '', ...rest] = name.split('.');
  const place = rest.join('.');
  return (info) => {
    const { group, version } = info;
    return isCalled(info, type) && (place === '' || place === group || place === `${version}.${group}`);
  };
}

function isCalled({ resource, singular, shortNames }: KindInfo, name: string): boolean {
  return name === resource || name === singular || shortNames.includes(name);
}
