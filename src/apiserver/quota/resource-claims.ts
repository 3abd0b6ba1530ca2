// How ResourceClaims count against quotas: as objects and by the devices they may take of each class.
// Behaviour: pkg/quota/v1/evaluator/core/resource_claims.go, Kubernetes v1.36.3.
import type { OwnerReference } from '../../apimachinery/object.ts';
import { controllerOf } from '../../apimachinery/owner-references.ts';
import { Quantity } from '../../apimachinery/quantity/quantity.ts';
import { parseTime } from '../../apimachinery/time/time.ts';
import { EXTENDED_RESOURCE_CLAIM } from '../../apimachinery/well-known/annotations.ts';
import type { Pod } from '../../schema/generated/types/core-v1.ts';
import type { DeviceClass, ResourceClaim } from '../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../schema/resource-names.ts';
import { type Evaluator, objectCountName, type QuotaContext } from './evaluator.ts';
import { isExtendedForQuota, podUsage } from './pods.ts';
import { count } from './resource-list.ts';

const OBJECT_COUNT = objectCountName(RESOURCE_CLAIMS);
const PER_CLASS = '.deviceclass.resource.k8s.io/devices';
const IMPLICIT = 'requests.deviceclass.resource.kubernetes.io/';
const REQUESTS = 'requests.';
/** What `All` may amount to at worst. */
const MAX_DEVICES = 32;

export const resourceClaimEvaluator: Evaluator = {
  resource: RESOURCE_CLAIMS,
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  matchingResources: (names, context) =>
    names.filter((name) => {
      if (name === OBJECT_COUNT || name.endsWith(PER_CLASS)) return true;
      if (name.startsWith(IMPLICIT)) return extendedNameOf(name.slice(IMPLICIT.length), context) !== undefined;
      return (
        isExtendedForQuota(name) &&
        classes(context).some((c) => c.spec.extendedResourceName === name.slice(REQUESTS.length))
      );
    }),
  matchesScope: () => false,
  usage: (object, context) => claimUsage(object as ResourceClaim, context),
};

function claimUsage(claim: ResourceClaim, context: QuotaContext): Map<string, Quantity> {
  const usage = new Map([[OBJECT_COUNT, count(1)]]);
  const add = (name: string, devices: number) =>
    usage.set(name, (usage.get(name) ?? Quantity.zero('DecimalSI')).add(count(devices)));
  for (const { exactly, firstAvailable } of claim.spec.devices?.requests ?? []) {
    // Of alternatives the worst counts, for each class.
    const worst = new Map<string, number>();
    for (const request of firstAvailable?.length ? firstAvailable : exactly ? [exactly] : []) {
      const name = request.deviceClassName + PER_CLASS;
      worst.set(name, Math.max(worst.get(name) ?? 0, devicesOf(request.allocationMode, request.count)));
    }
    for (const [name, devices] of worst) add(name, devices);
  }
  chargeExtendedResources(usage, claim, context);
  return usage;
}

function devicesOf(mode: string | undefined, number: number | undefined): number {
  if (mode === 'All') return MAX_DEVICES;
  return mode === 'ExactCount' ? (number ?? 0) : 0;
}

/** Devices of a class also count as the extended resource that the class stands for, unless the pod was charged for them. */
function chargeExtendedResources(usage: Map<string, Quantity>, claim: ResourceClaim, context: QuotaContext): void {
  const charged = podUsageOf(claim, context);
  for (const [name, devices] of [...usage]) {
    if (!name.endsWith(PER_CLASS) || name === PER_CLASS) continue;
    const className = name.slice(0, -PER_CLASS.length);
    const extended = extendedNameOf(className, context);
    for (const alias of [IMPLICIT + className, ...(extended ? [REQUESTS + extended] : [])]) {
      const inPod = charged?.get(alias);
      const rest = inPod ? devices.sub(inPod) : devices;
      if (rest.sign() > 0) usage.set(alias, rest);
    }
  }
}

/** What the pod was charged for whose extended resources made the claim; nothing for other claims. */
function podUsageOf(claim: ResourceClaim, context: QuotaContext): ReadonlyMap<string, Quantity> | undefined {
  const { metadata } = claim;
  const owner = podOwnerOf(claim);
  const pod = owner && context.reader.get<Pod>('pods', metadata.namespace, owner.name);
  if (!pod || pod.metadata.uid !== owner.uid) return undefined;
  const named = pod.status.extendedResourceClaimStatus;
  if (named ? named.resourceClaimName !== metadata.name : hasOlderSibling(claim, owner.uid, context)) return undefined;
  return podUsage(pod, context);
}

function podOwnerOf({ metadata }: ResourceClaim): OwnerReference | undefined {
  const controller =
    metadata.annotations?.[EXTENDED_RESOURCE_CLAIM] === 'true' ? controllerOf({ metadata }) : undefined;
  return controller?.kind === 'Pod' && controller.apiVersion === 'v1' ? controller : undefined;
}

/** While a pod does not say which claim is its own, only the first one made for it counts as that. */
function hasOlderSibling({ metadata }: ResourceClaim, podUid: string, { reader }: QuotaContext): boolean {
  const born = parseTime(metadata.creationTimestamp ?? '') ?? 0;
  return reader.list<ResourceClaim>(RESOURCE_CLAIMS, metadata.namespace).some((other) => {
    if (podOwnerOf(other)?.uid !== podUid) return false;
    const otherBorn = parseTime(other.metadata.creationTimestamp ?? '') ?? 0;
    return otherBorn < born || (otherBorn === born && (other.metadata.name ?? '') < (metadata.name ?? ''));
  });
}

function classes({ reader }: QuotaContext): readonly DeviceClass[] {
  return reader.list<DeviceClass>('deviceclasses.resource.k8s.io');
}

function extendedNameOf(className: string, { reader }: QuotaContext): string | undefined {
  return reader.get<DeviceClass>('deviceclasses.resource.k8s.io', undefined, className)?.spec.extendedResourceName;
}
