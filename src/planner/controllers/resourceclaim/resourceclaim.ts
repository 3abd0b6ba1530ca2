// Makes ResourceClaims from templates for pods, reserves claims for pods that were bound past the scheduler, and frees what nobody uses.
// Behaviour: pkg/controller/resourceclaim/controller.go, Kubernetes v1.36.3.
// Differs: claims of PodGroups (alpha) are not known; status is updated where upstream applies it.
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Client } from '../../../apiserver/server.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Pod, PodResourceClaim } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceClaim, ResourceClaimTemplate } from '../../../schema/generated/types/resource-v1.ts';
import {
  type ControllerFactory,
  keyFor,
  type SyncContext,
  type SyncResult,
  splitKey,
} from '../../engine/controller.ts';
import { consumerOf, isPodDone, namedClaim, needsReservation, whyNotForPod } from './pod-claims.ts';

const CLAIMS = 'resourceclaims.resource.k8s.io';
const TEMPLATES = 'resourceclaimtemplates.resource.k8s.io';
const POD_CLAIM_NAME = 'resource.kubernetes.io/pod-claim-name';
const FINALIZER = 'resource.kubernetes.io/delete-protection';
const CLAIM_KEY = 'claim:';
/** Room for a dash and five random characters in a name of 63. */
const MAX_BASE_LENGTH = 57;

export const resourceClaimController: ControllerFactory = () => {
  /** Pods by what their claims are made from or named: `template:ns/name`, `claim:ns/name`. */
  const users = new Map<string, Set<string>>();
  return {
    name: 'resource_claim',
    watches: [
      { resource: 'pods', keys: notePod },
      { resource: CLAIMS, keys: keysOfClaim },
      {
        resource: TEMPLATES,
        keys: ({ type, object }, reader) => (type === 'DELETED' ? [] : usersOf(`template:${keyFor(object)}`, reader)),
      },
    ],
    sync(key, context) {
      if (!key.startsWith(CLAIM_KEY)) return syncPod(key, context);
      return syncClaim(key.slice(CLAIM_KEY.length), context) ? undefined : { retry: true };
    },
  };

  function notePod({ type, object }: StoreEvent): readonly string[] {
    const pod = object as Pod;
    const { resourceClaims = [] } = pod.spec;
    const extended = pod.status.extendedResourceClaimStatus;
    if (resourceClaims.length === 0 && !extended) return [];
    const { namespace } = pod.metadata;
    const isGone = type === 'DELETED';
    const keys: string[] = [];
    for (const entry of resourceClaims) {
      const template = entry.resourceClaimTemplateName;
      if (template !== undefined) note(`template:${namespace}/${template}`, pod, isGone);
      const named = namedClaim(pod, entry);
      if (named.kind !== 'named') continue;
      note(`${CLAIM_KEY}${namespace}/${named.name}`, pod, isGone);
      if (isGone || isPodDone(pod)) keys.push(`${CLAIM_KEY}${namespace}/${named.name}`);
    }
    if (extended && (isGone || isPodDone(pod))) keys.push(`${CLAIM_KEY}${namespace}/${extended.resourceClaimName}`);
    if (!isGone && pod.metadata.deletionTimestamp === undefined) keys.push(keyFor(pod));
    return keys;
  }

  function note(place: string, pod: Pod, isGone: boolean): void {
    const pods = users.get(place) ?? new Set<string>();
    if (isGone) pods.delete(keyFor(pod));
    else users.set(place, pods.add(keyFor(pod)));
    if (pods.size === 0) users.delete(place);
  }

  function keysOfClaim({ type, object }: StoreEvent, reader: ClusterReader): readonly string[] {
    const key = CLAIM_KEY + keyFor(object);
    return [...(type === 'DELETED' ? [] : [key]), ...usersOf(key, reader)];
  }

  function usersOf(place: string, reader: ClusterReader): readonly string[] {
    return [...(users.get(place) ?? [])].sort().flatMap((key) => {
      const { namespace, name } = splitKey(key);
      const pod = reader.get<Pod>('pods', namespace, name);
      return pod && pod.metadata.deletionTimestamp === undefined ? [key] : [];
    });
  }
};

function syncPod(key: string, context: SyncContext): SyncResult | undefined {
  const { reader, client, recorder } = context;
  const { namespace, name } = splitKey(key);
  const pod = reader.get<Pod>('pods', namespace, name);
  if (!pod || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const entries = pod.spec.resourceClaims ?? [];
  const made = new Map<string, string>();
  for (const entry of entries) {
    // A pod that is done gets nothing back that was deleted.
    const claim = isPodDone(pod) ? undefined : provideClaim(pod, entry, context);
    if (claim === undefined) continue;
    if ('error' in claim) {
      recorder.event(pod, 'Warning', 'FailedResourceClaimCreation', `PodResourceClaim ${entry.name}: ${claim.error}`);
      return { retry: true };
    }
    made.set(entry.name, claim.name);
  }
  if (made.size > 0) {
    const before = (pod.status.resourceClaimStatuses ?? []).filter((status) => !made.has(status.name));
    const added = [...made].map(([entry, resourceClaimName]) => ({ name: entry, resourceClaimName }));
    const status = { ...pod.status, resourceClaimStatuses: [...before, ...added] };
    // The write brings the pod back here.
    return client.updateStatus('pods', { ...pod, status }).ok ? undefined : { retry: true };
  }
  if (!pod.spec.nodeName) return undefined;
  return entries.every((entry) => reserve(pod, entry, context)) ? undefined : { retry: true };
}

/** The claim that was missing, or nothing when none is. */
function provideClaim(
  pod: Pod,
  entry: PodResourceClaim,
  { reader, client }: SyncContext,
): { readonly name: string } | { readonly error: string } | undefined {
  const { namespace = '', name: podName = '' } = pod.metadata;
  const named = namedClaim(pod, entry);
  if (named.kind === 'unneeded') return undefined;
  if (named.kind === 'named') {
    const claim = reader.get<ResourceClaim>(CLAIMS, namespace, named.name);
    if (claim && (!named.isGenerated || whyNotForPod(pod, claim) === undefined)) return undefined;
  }
  const templateName = entry.resourceClaimTemplateName;
  if (templateName === undefined) return undefined;
  const existing = reader
    .listByIndex<ResourceClaim>(CLAIMS, 'owner', pod.metadata.uid ?? '')
    .find(({ metadata }) => metadata.annotations?.[POD_CLAIM_NAME] === entry.name);
  if (existing) return { name: existing.metadata.name ?? '' };
  const template = reader.get<ResourceClaimTemplate>(TEMPLATES, namespace, templateName);
  if (!template)
    return {
      error: `resource claim template "${templateName}": resourceclaimtemplate.resource.k8s.io "${templateName}" not found`,
    };
  const { labels, annotations } = template.spec.metadata ?? {};
  const claim: ResourceClaim = {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: {
      generateName: generatedPrefix(podName, entry.name),
      namespace,
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Pod', name: podName, uid: pod.metadata.uid ?? '', controller: true },
      ],
      annotations: { ...annotations, [POD_CLAIM_NAME]: entry.name },
      ...(labels ? { labels } : {}),
    },
    spec: template.spec.spec,
    status: {},
  };
  const answer = client.create<ResourceClaim>(CLAIMS, claim);
  if (answer.ok) return { name: answer.object.metadata.name ?? '' };
  return { error: `create ResourceClaim : ${answer.status.message}` };
}

function generatedPrefix(podName: string, claimName: string): string {
  const prefix = `${podName}-${claimName}-`;
  if (prefix.length <= MAX_BASE_LENGTH) return prefix;
  const share = (text: string): string => text.slice(0, Math.floor((text.length * MAX_BASE_LENGTH) / prefix.length));
  return `${share(podName)}-${share(claimName)}`;
}

/** For pods that were put on a node without the scheduler; false when the write was refused. */
function reserve(pod: Pod, entry: PodResourceClaim, { reader, client }: SyncContext): boolean {
  const named = namedClaim(pod, entry);
  if (named.kind !== 'named') return named.kind === 'unneeded';
  const claim = reader.get<ResourceClaim>(CLAIMS, pod.metadata.namespace, named.name);
  if (!claim) return true;
  if (named.isGenerated && whyNotForPod(pod, claim) !== undefined) return false;
  if (!needsReservation(pod, claim)) return true;
  const reservedFor = [...(claim.status.reservedFor ?? []), consumerOf(pod)];
  return client.updateStatus(CLAIMS, { ...claim, status: { ...claim.status, reservedFor } }).ok;
}

function syncClaim(key: string, context: SyncContext): boolean {
  const { reader } = context;
  const { namespace, name } = splitKey(key);
  const claim = reader.get<ResourceClaim>(CLAIMS, namespace, name);
  if (!claim) return true;
  const client = context.on(claim);
  const { reservedFor = [] } = claim.status;
  const remaining = reservedFor.filter((consumer) => {
    if (consumer.apiGroup || consumer.resource !== 'pods') return true;
    const pod = reader.get<Pod>('pods', namespace, consumer.name);
    return pod !== undefined && pod.metadata.uid === consumer.uid && !isPodDone(pod);
  });
  const isHeld = claim.metadata.finalizers?.includes(FINALIZER) ?? false;
  const isFreed = remaining.length < reservedFor.length;
  const isDeleting = claim.metadata.deletionTimestamp !== undefined;
  if (isFreed || (isHeld && isDeleting && remaining.length === 0)) {
    const freed = freedClaim(claim, remaining, isHeld);
    const saved = freed === claim ? claim : savedStatus(freed, client);
    if (!saved) return false;
    if (isHeld && !saved.status.allocation) {
      const finalizers = (saved.metadata.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
      if (!client.update(CLAIMS, { ...saved, metadata: { ...saved.metadata, finalizers } }).ok) return false;
    }
  }
  if (remaining.length > 0) return true;
  const owner = controllerOf(claim);
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Pod') return true;
  const pod = reader.get<Pod>('pods', namespace, owner.name);
  // Without a pod the garbage collector takes care.
  if (!pod || (pod.metadata.uid === owner.uid && !isPodDone(pod))) return true;
  return isDeleting || client.delete(CLAIMS, { namespace, name }).ok;
}

/** A claim that nobody uses gives its devices back, if the finalizer says that they are given back here. */
function freedClaim(
  claim: ResourceClaim,
  remaining: NonNullable<ResourceClaim['status']['reservedFor']>,
  isHeld: boolean,
): ResourceClaim {
  const { reservedFor: before = [], allocation, ...status } = claim.status;
  const keepsDevices = allocation !== undefined && !(isHeld && remaining.length === 0);
  if (remaining.length === before.length && keepsDevices === (allocation !== undefined)) return claim;
  return {
    ...claim,
    status: {
      ...status,
      ...(keepsDevices ? { allocation } : {}),
      ...(remaining.length > 0 ? { reservedFor: remaining } : {}),
    },
  };
}

function savedStatus(claim: ResourceClaim, client: Client): ResourceClaim | undefined {
  const answer = client.updateStatus<ResourceClaim>(CLAIMS, claim);
  return answer.ok ? answer.object : undefined;
}
