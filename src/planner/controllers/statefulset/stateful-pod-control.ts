// Creates, corrects and deletes the pods of a StatefulSet with their claims, and tells its events.
// Behaviour: pkg/controller/statefulset/stateful_pod_control.go, Kubernetes v1.36.3.
import { aggregateMessage } from '../../../apimachinery/aggregate-error.ts';
import type { StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { PersistentVolumeClaim, Pod } from '../../../schema/generated/types/core-v1.ts';
import { PVCS } from '../../../schema/resource-names.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { RefusedRequest, SyncError } from '../pod-control/refused-request.ts';
import {
  claimNames,
  claimsOf,
  hasStalePodOwner,
  hasUnexpectedController,
  isClaimOwnerUpToDate,
  retentionPolicy,
  storageMatches,
  withClaimOwners,
  withClaimVolumes,
} from './claims.ts';
import { identityMatches, withIdentity } from './identity.ts';

type Verb = 'Create' | 'Update' | 'Delete';

export class StatefulPodControl {
  readonly #set: StatefulSet;
  readonly #context: SyncContext;

  constructor(set: StatefulSet, context: SyncContext) {
    this.#set = set;
    this.#context = context;
  }

  /** Creates the pod's claims, then the pod. */
  createPod(set: StatefulSet, pod: Pod): void {
    this.#told('Create', pod, () => this.createMissingClaims(set, pod));
    const answer = this.#context.client.create('pods', pod);
    if (!answer.ok && answer.status.reason === 'AlreadyExists') throw new RefusedRequest(answer.status);
    this.#told('Update', pod, () => this.updateClaimOwners(set, pod));
    const error = answer.ok ? undefined : new RefusedRequest(answer.status);
    this.#podEvent('Create', pod, error);
    if (error) throw error;
  }

  /** Gives the pod its identity, storage and claim owners back. */
  updatePod(set: StatefulSet, pod: Pod): void {
    let next = identityMatches(set, pod) ? pod : withIdentity(set, pod);
    let isConsistent = next === pod;
    if (!storageMatches(set, next)) {
      next = withClaimVolumes(set, next);
      isConsistent = false;
      this.#told('Update', next, () => this.createMissingClaims(set, next));
    }
    if (!this.claimsMatchRetentionPolicy(set, next)) {
      this.#told('Update', next, () => this.updateClaimOwners(set, next));
      isConsistent = false;
    }
    if (isConsistent) return;
    const answer = this.#context.client.update('pods', next);
    const error = answer.ok ? undefined : new RefusedRequest(answer.status);
    this.#podEvent('Update', next, error);
    if (error) throw error;
  }

  deletePod(pod: Pod): void {
    const { namespace, name = '' } = pod.metadata;
    const answer = this.#context.client.delete('pods', { namespace, name });
    const error = answer.ok || answer.status.reason === 'NotFound' ? undefined : new RefusedRequest(answer.status);
    this.#podEvent('Delete', pod, error);
    if (error) throw error;
  }

  claimsMatchRetentionPolicy(set: StatefulSet, pod: Pod): boolean {
    return claimNames(set, pod).every((name) => {
      const claim = this.#claim(name);
      return claim === undefined || isClaimOwnerUpToDate(claim, set, pod);
    });
  }

  updateClaimOwners(set: StatefulSet, pod: Pod): void {
    for (const name of claimNames(set, pod)) {
      const claim = this.#claim(name);
      if (claim === undefined) continue;
      if (hasUnexpectedController(claim, set, pod))
        this.#context.recorder.event(set, 'Warning', 'ConflictingController', conflictingController(name));
      if (isClaimOwnerUpToDate(claim, set, pod)) continue;
      const answer = this.#context.client.update(PVCS, withClaimOwners(claim, set, pod));
      if (!answer.ok)
        throw new SyncError(`could not update claim ${name} for delete policy ownerRefs: ${answer.status.message}`);
    }
  }

  /** Whether the pod must wait until the garbage collector has taken its predecessor's claim. */
  isClaimStale(set: StatefulSet, pod: Pod): boolean {
    if (!retentionPolicy(set).deletesWhenScaled) return false;
    return claimNames(set, pod).some((name) => {
      const claim = this.#claim(name);
      return claim !== undefined && hasStalePodOwner(claim, pod);
    });
  }

  /** For a pod that waits for its claims. */
  completeClaims(set: StatefulSet, pod: Pod): void {
    this.createMissingClaims(set, pod);
    this.#told('Update', pod, () => this.updateClaimOwners(set, pod));
  }

  createMissingClaims(set: StatefulSet, pod: Pod): void {
    const errors: string[] = [];
    for (const claim of claimsOf(set, pod).values()) {
      const { name = '' } = claim.metadata;
      const existing = this.#claim(name);
      if (existing) {
        if (existing.metadata.deletionTimestamp !== undefined) errors.push(`pvc ${name} is being deleted`);
        continue;
      }
      const answer = this.#context.client.create(PVCS, claim);
      if (!answer.ok) errors.push(`failed to create PVC ${name}: ${answer.status.message}`);
      if (answer.ok || answer.status.reason !== 'AlreadyExists')
        this.#claimEvent(pod, name, answer.ok ? undefined : answer.status.message);
    }
    const message = aggregateMessage(errors);
    if (message !== undefined) throw new SyncError(message);
  }

  #claim(name: string): PersistentVolumeClaim | undefined {
    return this.#context.reader.get<PersistentVolumeClaim>(PVCS, this.#set.metadata.namespace, name);
  }

  /** Tells of a failure on the way as a failure of the verb. */
  #told(verb: Verb, pod: Pod, action: () => void): void {
    try {
      action();
    } catch (error) {
      if (error instanceof SyncError) this.#podEvent(verb, pod, error);
      throw error;
    }
  }

  #podEvent(verb: Verb, { metadata }: Pod, error: SyncError | undefined): void {
    const subject = `${verb} Pod ${metadata.name} in StatefulSet ${this.#set.metadata.name}`;
    if (error === undefined) this.#event('Normal', `Successful${verb}`, `${subject} successful`);
    else this.#event('Warning', `Failed${verb}`, `${subject} failed error: ${error.message}`);
  }

  #claimEvent({ metadata }: Pod, claim: string, error: string | undefined): void {
    const owner = `Pod ${metadata.name} in StatefulSet ${this.#set.metadata.name}`;
    if (error === undefined) this.#event('Normal', 'SuccessfulCreate', `Create Claim ${claim} ${owner} success`);
    else this.#event('Warning', 'FailedCreate', `Create Claim ${claim} for ${owner} failed error: ${error}`);
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.recorder.event(this.#set, type, reason, message);
  }
}

function conflictingController(claim: string): string {
  return `PersistentVolumeClaim ${claim} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim`;
}
