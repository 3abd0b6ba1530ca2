// Which of the manifests decide what the API server says to others: those have to be there before the others are asked for.
import { isMap } from '../../apimachinery/json.ts';
import type { Manifest } from '../../manifests/manifest.ts';

/** Kinds whose objects decide. */
const DECIDES: ReadonlySet<string> = new Set([
  'CustomResourceDefinition',
  'DeviceClass',
  'IngressClass',
  'LimitRange',
  'Namespace',
  'PriorityClass',
  'ResourceQuota',
  'RuntimeClass',
  'ServiceAccount',
  'StorageClass',
  'VolumeAttributesClass',
]);
/** Kinds whose objects judge all others, those that decide included. */
const JUDGES: ReadonlySet<string> = new Set([
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
]);

/** By kind alone; what policies take as their parameters decides too. */
export function isDecidingKind({ kind }: Manifest): boolean {
  return DECIDES.has(kind) || JUDGES.has(kind);
}

export function isPolicy({ kind }: Manifest): boolean {
  return JUDGES.has(kind);
}

/** `policies`: manifests among which all policies are. */
export function decidersBeside(policies: readonly Manifest[]): (manifest: Manifest) => boolean {
  const params = paramKindsOf(policies);
  return (manifest) => isDecidingKind(manifest) || params.has(kindText(manifest));
}

/** Kinds of the parameters of policies, as `decidersBeside` knows them. */
export function paramKindsOf(manifests: readonly Manifest[]): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (const manifest of manifests) {
    if (!isPolicy(manifest)) continue;
    const { spec } = manifest.value as { readonly spec?: unknown };
    const { paramKind } = isMap(spec) ? spec : {};
    const { apiVersion, kind } = isMap(paramKind) ? paramKind : {};
    if (typeof apiVersion === 'string' && typeof kind === 'string') kinds.add(kindText({ apiVersion, kind }));
  }
  return kinds;
}

export function kindText({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): string {
  return `${apiVersion} ${kind}`;
}
