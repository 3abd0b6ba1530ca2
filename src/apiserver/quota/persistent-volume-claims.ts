// How claims count against quotas: as objects and by the storage they ask for, in all and per storage class.
// Behaviour: pkg/quota/v1/evaluator/core/persistent_volume_claims.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { mustParseQuantity, type Quantity } from '../../apimachinery/quantity/quantity.ts';
import { BETA_STORAGE_CLASS } from '../../apimachinery/well-known/annotations.ts';
import type { PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';
import { PVCS } from '../../schema/resource-names.ts';
import { type Evaluator, matchesScopeValues, objectCountName } from './evaluator.ts';
import { count } from './resource-list.ts';

const OBJECT_COUNT = objectCountName('persistentvolumeclaims');
const STORAGE = 'requests.storage';
const CLASS_SUFFIX = '.storageclass.storage.k8s.io/';

/** The pipeline hands each evaluator objects of its own resource. */
const asClaim = (object: KubeObject): PersistentVolumeClaim => object as PersistentVolumeClaim;

export const persistentVolumeClaimEvaluator: Evaluator = {
  resource: 'persistentvolumeclaims',
  handles({ operation, subresource, object, oldObject }) {
    if (subresource === '') return operation === 'CREATE' || operation === 'UPDATE';
    return subresource === 'status' && oldObject !== undefined && releases(asClaim(object), asClaim(oldObject));
  },
  matchingResources: (names) =>
    names.filter(
      (name) =>
        name === OBJECT_COUNT ||
        [PVCS, STORAGE].some((resource) => name === resource || name.endsWith(CLASS_SUFFIX + resource)),
    ),
  matchesScope: (scope, object) =>
    scope.scopeName === 'VolumeAttributesClass' && matchesScopeValues(scope, attributesClasses(asClaim(object))),
  usage: (object) => claimUsage(asClaim(object)),
  releasesOnUpdate: (object, old) => releases(asClaim(object), asClaim(old)),
};

function claimUsage(claim: PersistentVolumeClaim): Map<string, Quantity> {
  const usage = new Map([
    [PVCS, count(1)],
    [OBJECT_COUNT, count(1)],
  ]);
  const className = claim.metadata.annotations?.[BETA_STORAGE_CLASS] ?? claim.spec.storageClassName ?? '';
  if (className) usage.set(className + CLASS_SUFFIX + PVCS, count(1));
  const storage = storageOf(claim);
  if (!storage) return usage;
  usage.set(STORAGE, storage);
  if (className) usage.set(className + CLASS_SUFFIX + STORAGE, storage);
  return usage;
}

/** The request in whole bytes, or what was allocated if an expansion took more. */
function storageOf({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const request = spec.resources?.requests?.['storage'];
  if (request === undefined) return undefined;
  const requested = mustParseQuantity(request).roundUp(0);
  const allocated = status?.allocatedResources?.['storage'];
  if (allocated === undefined) return requested;
  const rounded = mustParseQuantity(allocated).roundUp(0);
  return rounded.cmp(requested) > 0 ? rounded : requested;
}

function releases(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean {
  if (claim.status?.allocatedResources?.['storage'] !== old.status?.allocatedResources?.['storage']) return true;
  return attributesClasses(claim).join() !== attributesClasses(old).join();
}

function attributesClasses({ spec, status }: PersistentVolumeClaim): readonly string[] {
  const names = [
    spec.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return [...new Set(names.filter((name): name is string => Boolean(name)))].sort();
}
