// Which objects a controller owns: it takes in orphans that its selector matches and lets go of owned ones that it no longer matches.
// Behaviour: pkg/controller/controller_ref_manager.go, Kubernetes v1.36.3.
import { aggregateMessage } from '../../../apimachinery/aggregate-error.ts';
import { type GroupVersionKind, groupVersionText } from '../../../apimachinery/group-version-kind.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Answer } from '../../../apiserver/request.ts';
import type { Client } from '../../../apiserver/server.ts';
import type { ResourceName } from '../../../apiserver/store/store.ts';
import type { Selector } from '../../../selectors/label-selector.ts';
import { SyncError } from './refused-request.ts';

interface Claim<T extends KubeObject> {
  readonly owner: KubeObject;
  readonly ownerKind: GroupVersionKind;
  /** Of the objects to claim. */
  readonly resource: ResourceName;
  matches(object: T): boolean;
  /** Given to what is adopted, taken from what is released. */
  readonly finalizers?: readonly string[];
}

/** Those of the candidates that belong to the owner, adopted ones as they are after the adoption. */
export function claimObjects<T extends KubeObject>(
  candidates: readonly T[],
  claim: Claim<T>,
  client: Client,
): readonly T[] {
  const claimed: T[] = [];
  const errors: string[] = [];
  for (const candidate of candidates) {
    const outcome = claimObject(candidate, claim, client);
    if (typeof outcome === 'string') errors.push(outcome);
    else if (outcome !== undefined) claimed.push(outcome);
  }
  if (errors.length > 0) throw new SyncError(aggregateMessage(errors) ?? '');
  return claimed;
}

/** The object when it is the owner's, nothing when it is not, or why that could not be settled. */
function claimObject<T extends KubeObject>(object: T, claim: Claim<T>, client: Client): T | string | undefined {
  const { owner } = claim;
  const isOwnerDeleted = owner.metadata.deletionTimestamp !== undefined;
  const controller = controllerOf(object);
  if (controller !== undefined) {
    if (controller.uid !== owner.metadata.uid) return undefined;
    if (claim.matches(object)) return object;
    return isOwnerDeleted ? undefined : release(object, claim, client);
  }
  if (isOwnerDeleted || object.metadata.deletionTimestamp !== undefined || !claim.matches(object)) return undefined;
  const adopted = adopt(object, claim, client);
  if (adopted.ok) return adopted.object;
  return adopted.status.reason === 'NotFound' ? undefined : adopted.status.message;
}

/** The uid in the patch makes it fail when another object has taken the name. */
function adopt<T extends KubeObject>(object: T, claim: Claim<T>, client: Client): Answer<T> {
  const { owner, ownerKind, finalizers = [] } = claim;
  const reference = {
    apiVersion: groupVersionText(ownerKind),
    kind: ownerKind.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return client.patch<T>(claim.resource, keyOf(object), {
    metadata: {
      uid: object.metadata.uid,
      ownerReferences: [reference],
      ...(finalizers.length > 0 ? { finalizers } : {}),
    },
  });
}

function release<T extends KubeObject>(object: T, claim: Claim<T>, client: Client): string | undefined {
  const { owner, finalizers = [] } = claim;
  const answer = client.patch<T>(claim.resource, keyOf(object), {
    metadata: {
      uid: object.metadata.uid,
      ownerReferences: [{ $patch: 'delete', uid: owner.metadata.uid }],
      ...(finalizers.length > 0 ? { '$deleteFromPrimitiveList/finalizers': finalizers } : {}),
    },
  });
  // Invalid: somebody else removed the reference, or the object has another uid by now.
  if (answer.ok || answer.status.reason === 'NotFound' || answer.status.reason === 'Invalid') return undefined;
  return answer.status.message;
}

function keyOf({ metadata: { namespace, name = '' } }: KubeObject) {
  return { namespace, name };
}

/** Objects whose controller is this one. */
export function controlledBy<T extends KubeObject>(
  reader: ClusterReader,
  resource: ResourceName,
  uid: string,
): readonly T[] {
  return reader.listByIndex<T>(resource, 'owner', uid).filter((object) => controllerOf(object)?.uid === uid);
}

/** Objects of a namespace that a selector matches, found by the label that narrows most. */
export function selectObjects<T extends KubeObject>(
  reader: ClusterReader,
  resource: ResourceName,
  namespace: string | undefined,
  selector: Selector,
): readonly T[] {
  if (!selector.selectable) return [];
  const pair = narrowingPair(selector);
  const candidates = pair
    ? reader.listByLabel<T>(resource, pair.key, pair.value, namespace)
    : reader.list<T>(resource, namespace);
  return candidates.filter(({ metadata }) => selector.matches(metadata.labels));
}

/** Labels that few objects share, before those that users choose. */
const NARROW = ['pod-template-hash', 'batch.kubernetes.io/controller-uid', 'controller-uid'];

/** A label and its value without which nothing matches; undefined when the selector demands none. */
export function narrowingPair({
  requirements,
}: Selector): { readonly key: string; readonly value: string } | undefined {
  const demanded = requirements.filter(
    ({ operator, values }) => (operator === '=' || operator === '==' || operator === 'in') && values.length === 1,
  );
  const best = NARROW.map((key) => demanded.find((r) => r.key === key)).find((r) => r !== undefined) ?? demanded[0];
  return best && { key: best.key, value: best.values[0] ?? '' };
}
