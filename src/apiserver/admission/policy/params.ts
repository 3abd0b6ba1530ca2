// The objects that a policy is evaluated with, one evaluation each.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/generic/{policy_dispatcher,policy_source}.go (CollectParams,
// ensureParamsForPolicyLocked), Kubernetes v1.36.3.
import { parseGroupVersion } from '../../../apimachinery/group-version-kind.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ParamKind, ParamRef } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { labelSelectorAsSelector } from '../../../selectors/label-selector.ts';
import { apiVersionOf, type Resource, resourceNameOf } from '../../resource.ts';
import type { AdmissionContext } from '../chain/plugin.ts';
import type { RequestView } from './request-view.ts';

const NAMESPACE_MISSING = 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources';
const NAMESPACE_FORBIDDEN = 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`';
const NONE_FOUND = 'no params found for policy binding with `Deny` parameterNotFoundAction';

/** Undefined stands for an evaluation without params. */
type Params = { readonly params: readonly (KubeObject | undefined)[] } | { readonly error: string };

/** The resource that a policy takes its params from; why the policy cannot work when nothing serves the kind. */
export function paramResource(
  paramKind: ParamKind | undefined,
  { catalog }: AdmissionContext,
): { readonly resource?: Resource } | { readonly error: string } {
  if (!paramKind) return {};
  const { apiVersion = '', kind = '' } = paramKind;
  const resource = catalog.byKind(apiVersion, kind);
  if (resource) return { resource };
  const { group = '', version = '' } = parseGroupVersion(apiVersion) ?? {};
  return { error: `failed to find resource referenced by paramKind: '${group}/${version}, Kind=${kind}'` };
}

export function collectParams(
  paramKind: ParamKind | undefined,
  resource: Resource | undefined,
  reference: ParamRef | undefined,
  request: RequestView,
): Params {
  if (!paramKind || !reference || !resource) return { params: [undefined] };
  const place = namespaceOf(resource, reference, request);
  if ('error' in place) return place;
  const found = lookUp(resource, place.namespace, reference, request);
  if ('error' in found) return found;
  if (found.params.length === 0 && reference.parameterNotFoundAction === 'Deny') return { error: NONE_FOUND };
  return { params: found.params.map((param) => inVersion(param, resource, paramKind)) };
}

function namespaceOf(
  { namespaced }: Resource,
  { namespace = '' }: ParamRef,
  request: RequestView,
): { readonly namespace?: string } | { readonly error: string } {
  if (!namespaced) return namespace === '' ? {} : { error: NAMESPACE_FORBIDDEN };
  const place = namespace || request.namespace;
  return place === '' ? { error: NAMESPACE_MISSING } : { namespace: place };
}

function lookUp(
  resource: Resource,
  namespace: string | undefined,
  { name = '', selector }: ParamRef,
  { context: { reader } }: RequestView,
): { readonly params: readonly KubeObject[] } | { readonly error: string } {
  const stored = resourceNameOf(resource.storedAs ?? resource);
  if (name !== '') {
    const found = reader.get(stored, namespace, name);
    return { params: found ? [found] : [] };
  }
  const parsed = labelSelectorAsSelector(selector);
  if (!parsed.ok) return { error: parsed.error };
  return {
    params: reader.list(stored, namespace).filter(({ metadata }) => parsed.value.matches(metadata.labels ?? {})),
  };
}

/** Params come in the version that the policy names. */
function inVersion(param: KubeObject, resource: Resource, { apiVersion = '' }: ParamKind): KubeObject {
  const conversion = resource.otherVersions?.find(
    ({ group = resource.group, version }) => apiVersionOf({ group, version }) === apiVersion,
  );
  return conversion ? conversion.fromStored(param) : param;
}
