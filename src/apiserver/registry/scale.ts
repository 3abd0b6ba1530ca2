// Writing the scale subresource: the replicas and their owners go back to the object behind it.
// Behaviour: pkg/registry/apps/deployment/storage (scaleUpdatedObjectInfo), pkg/apis/autoscaling/validation (ValidateScale),
// [apiextensions-apiserver]/pkg/registry/customresource/etcd.go, [apimachinery]/pkg/util/managedfields/scalehandler.go, Kubernetes v1.36.3.
import { FieldPath } from '../../apimachinery/field-path.ts';
import { goQuote } from '../../apimachinery/go/quote.ts';
import { valueAt, withValueAt } from '../../apimachinery/json-path.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../apimachinery/object.ts';
import { badRequest, conflict, newInvalid, notFound, type Status } from '../../apimachinery/status.ts';
import {
  nameIsDnsSubdomain,
  validateNonnegativeField,
  validateObjectMeta,
} from '../../apimachinery/validation/object-meta.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../admission/chain/plugin.ts';
import { FieldSet } from '../field-management/field-sets/field-set.ts';
import { type FieldPathElements, fieldPath } from '../field-management/field-sets/path-element.ts';
import {
  decodeManagedFields,
  encodeManagedFields,
  type Managed,
  NOTHING_MANAGED,
  type VersionedSet,
} from '../field-management/managed-fields.ts';
import type { Answer, PatchRequest, UpdateRequest } from '../request.ts';
import { apiVersionOf, groupResourceOf, type Resource, type ScaleMapping } from '../resource.ts';
import { appliedObject } from './apply-configuration.ts';
import { ensureNamespace, NAMESPACE_DIFFERS } from './create/create.ts';
import { requestedVersion } from './managed-kind.ts';
import { patchedObject } from './patch/patched-object.ts';
import { accept, admit, type RequestScope, refuse } from './scope.ts';
import { wrongUidText } from './storage-key.ts';
import { storedObject } from './stored-object.ts';
import { type Scale, scaleOf } from './subresource.ts';
import { trackManagedFields, withEntries } from './track-managed-fields.ts';
import { replaceObject } from './update.ts';
import { wrongNameText } from './wrong-name.ts';

/** Stands for replicas that a custom resource does not have. */
const NEVER_SET = -(2 ** 31);
const SCALE_VERSION = 'autoscaling/v1';
const REPLICAS_IN_SCALE = fieldPath('spec', 'replicas');

export function updateScale(request: UpdateRequest, scope: RequestScope): Answer {
  const old = storedObject(scope, request.namespace, request.name);
  if (!old || !scope.resource.scale) return refuse(missing(request.name, scope), scope.warnings);
  const placed = ensureNamespace(request.object, request.namespace, scope);
  if (!placed) return refuse(badRequest(NAMESPACE_DIFFERS), scope.warnings);
  const wrongName = wrongNameText(placed.metadata.name ?? '', request.name);
  if (wrongName !== undefined) return refuse(badRequest(wrongName), scope.warnings);
  const version = requestedVersion(request, scope);
  const before = scaleWithOwners(old, scope.resource.scale, scope);
  // A scale has a type of its own, whatever the resource.
  const asScale = scaleScope(scope);
  const given = { ...placed, apiVersion: SCALE_VERSION, kind: 'Scale' };
  const next = trackManagedFields(given, before, { apiVersion: SCALE_VERSION, subresource: 'scale' }, asScale);
  return storeScale(next as Scale, old, version, request, scope);
}

export function patchScale(request: PatchRequest, scope: RequestScope): Answer {
  const { resource, warnings } = scope;
  const old = storedObject(scope, request.namespace, request.name);
  if (!old || !resource.scale) return refuse(missing(request.name, scope), warnings);
  const version = requestedVersion(request, scope);
  let before = scaleWithOwners(old, resource.scale, scope);
  if (resource.custom && valueAt(old, resource.scale.specReplicas) === undefined)
    before = { ...before, spec: { replicas: NEVER_SET } };
  const onScale: PatchRequest = { ...request, apiVersion: SCALE_VERSION };
  const asScale = scaleScope(scope);
  const patched =
    request.patchType === 'apply'
      ? appliedObject(onScale, before, asScale)
      : patchedObject(onScale, before, request.fieldValidation ?? 'Ignore', asScale);
  if ('status' in patched) return refuse(patched.status, warnings);
  const next =
    request.patchType === 'apply' ? patched.object : trackManagedFields(patched.object, before, onScale, asScale);
  return storeScale(next as Scale, old, version, request, scope);
}

function replicasMissing({ specReplicas }: ScaleMapping): string {
  return `the spec replicas field ${goQuote(`.${specReplicas.join('.')}`)} cannot be empty`;
}

function missing(name: string, scope: RequestScope): Status {
  return notFound(groupResourceOf(scope.resource), name);
}

/** Scales are a kind of their own: the steps of patches and ownership see them as objects of a resource. */
export const SCALES: Resource = {
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  plural: 'scales',
  singular: 'scale',
  namespaced: true,
  strategy: {},
};

function scaleScope(scope: RequestScope): RequestScope {
  return { ...scope, resource: SCALES };
}

function storeScale(
  given: Scale,
  old: KubeObject,
  version: string,
  request: Pick<UpdateRequest, 'name' | 'apiVersion'>,
  scope: RequestScope,
): Answer {
  const { resource, warnings } = scope;
  const mapping = resource.scale as ScaleMapping;
  const name = old.metadata.name ?? '';
  const attributes = admissionAttributes(given, old, request.name, scope);
  const mutated = admit('mutate', attributes, scope, []);
  if (mutated && 'status' in mutated) return refuse(mutated.status, warnings);
  // Plugins leave the kind of an object as it is.
  const scale = (mutated?.object ?? given) as Scale;
  const replicas = scale.spec?.replicas ?? 0;
  if (!Number.isInteger(replicas)) return refuse(badRequest('spec.replicas must be an integer'), warnings);
  if (replicas === NEVER_SET) return refuse(badRequest(replicasMissing(mapping)), warnings);
  // Custom resources are validated as a whole, once the number is in its place.
  const errors = resource.custom
    ? []
    : [
        ...validateObjectMeta(scale.metadata, true, nameIsDnsSubdomain, FieldPath.of('metadata')),
        ...validateNonnegativeField(replicas, FieldPath.of('spec', 'replicas')),
      ];
  if (errors.length > 0) return refuse(newInvalid({ group: 'autoscaling', kind: 'Scale' }, name, errors), warnings);
  const { uid, resourceVersion } = scale.metadata;
  if (uid && uid !== old.metadata.uid) {
    const target = { group: resource.group, resource: `${resource.plural}/scale` };
    return refuse(conflict(target, name, wrongUidText(resource, old, uid, scope.context.dryRun)), warnings);
  }
  // The path of a scale mapping leads to a number in an object of this resource.
  const scaled = withValueAt(old, mapping.specReplicas, replicas) as KubeObject;
  const entries =
    scope.fieldManager === undefined ? undefined : entriesOfParent(old, scale, version, mapping, resource);
  const owned = entries === undefined ? scaled : withEntries(scaled, entries);
  const versioned = resourceVersion ? { ...owned, metadata: { ...owned.metadata, resourceVersion } } : owned;
  const admission = [scaleAdmission(attributes, scope)];
  const answer = replaceObject(versioned, old, { name: request.name }, { ...scope, admission });
  return answer.ok ? accept(answer.code, scaleOf(answer.object, mapping), warnings) : answer;
}

/** Admission is asked about the scale and not about its object. */
function admissionAttributes(scale: Scale, old: KubeObject, name: string, scope: RequestScope): AdmissionAttributes {
  return {
    operation: 'UPDATE',
    resource: scope.resource,
    subresource: 'scale',
    namespace: old.metadata.namespace,
    name,
    object: scale,
    oldObject: scaleOf(old, scope.resource.scale),
  };
}

/** Stands in the place of the plugins while the object is replaced, and puts its scale before them. */
function scaleAdmission(given: AdmissionAttributes, scope: RequestScope): AdmissionPlugin {
  return {
    name: 'Scale',
    operations: ['UPDATE'],
    validate({ object }) {
      const scale = object && scaleOf(object, scope.resource.scale);
      const step = admit('validate', given, scope, [], { object: scale });
      return step && 'status' in step ? { refused: step.status, by: 'Scale' } : undefined;
    },
  };
}

/** Where each version of a resource keeps its replicas; undefined for a version it does not have. */
function replicasIn(apiVersion: string, mapping: ScaleMapping, resource: Resource): FieldPathElements | undefined {
  const versions = [
    apiVersionOf(resource),
    ...(resource.otherVersions ?? []).map(({ group = resource.group, version }) => apiVersionOf({ group, version })),
  ];
  return versions.includes(apiVersion) ? fieldPath(...mapping.specReplicas) : undefined;
}

function ownersOf(object: KubeObject): Managed {
  const decoded = decodeManagedFields(object.metadata.managedFields);
  return decoded.ok ? decoded.managed : NOTHING_MANAGED;
}

/** The scale of an object, owned by those who own the replicas of the object. */
function scaleWithOwners(old: KubeObject, mapping: ScaleMapping, scope: RequestScope): Scale {
  const { managers, times } = ownersOf(old);
  const set = FieldSet.of(REPLICAS_IN_SCALE);
  const owners = [...managers].flatMap(([id, versioned]): [string, VersionedSet][] => {
    const path = replicasIn(versioned.apiVersion, mapping, scope.resource);
    if (!path || !versioned.set.has(path)) return [];
    return [[id, { set, apiVersion: SCALE_VERSION, isApplied: versioned.isApplied }]];
  });
  const entries = encodeManagedFields({ managers: new Map(owners), times });
  return withEntries(scaleOf(old, mapping), entries) as Scale;
}

/** The owners of the object once the scale has been written: who lost the replicas of the scale loses them here. */
function entriesOfParent(
  old: KubeObject,
  scale: Scale,
  version: string,
  mapping: ScaleMapping,
  resource: Resource,
): readonly ManagedFieldsEntry[] {
  const parent = ownersOf(old);
  const ofScale = new Map(ownersOf(scale).managers);
  const managers = new Map<string, VersionedSet>();
  for (const [id, versioned] of parent.managers) {
    const path = replicasIn(versioned.apiVersion, mapping, resource);
    if (!path) continue;
    if (!versioned.set.has(path) || ofScale.delete(id)) {
      managers.set(id, versioned);
      continue;
    }
    const set = versioned.set.difference(FieldSet.of(path));
    if (!set.isEmpty) managers.set(id, { ...versioned, set });
  }
  const own = FieldSet.of(fieldPath(...mapping.specReplicas));
  for (const [id, { set, isApplied }] of ofScale)
    if (set.has(REPLICAS_IN_SCALE)) managers.set(id, { set: own, apiVersion: version, isApplied });
  // Owners that come from the scale have only the times that the object knew of them.
  return encodeManagedFields({ managers, times: parent.times }) ?? [];
}
