// Creates and deletes the pods of a controller and tells its events.
// Behaviour: pkg/controller/controller_utils.go (RealPodControl), pkg/controller/replicaset/replica_set.go (slowStartBatch), Kubernetes v1.36.3.
import type { KubeObject, OwnerReference } from '../../../apimachinery/object.ts';
import { isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type { Pod, PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { isNamespaceTerminating, RefusedRequest, SyncError } from './refused-request.ts';

const FAILED_CREATE = 'FailedCreate';
const SUCCESSFUL_CREATE = 'SuccessfulCreate';
const FAILED_DELETE = 'FailedDelete';
const SUCCESSFUL_DELETE = 'SuccessfulDelete';

const NO_LABELS = 'unable to create pods, no labels';

/** The pod that a template asks for, without a name: the API server generates one. */
export function podFromTemplate(template: PodTemplateSpec, parent: KubeObject, owner: OwnerReference | undefined): Pod {
  const { labels, annotations, finalizers } = template.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: podNamePrefix(parent.metadata.name ?? ''),
      ...(parent.metadata.namespace === undefined ? {} : { namespace: parent.metadata.namespace }),
      ...(isEmpty(labels) ? {} : { labels }),
      ...(isEmpty(annotations) ? {} : { annotations }),
      ...(finalizers === undefined || finalizers.length === 0 ? {} : { finalizers }),
      ...(owner === undefined ? {} : { ownerReferences: [owner] }),
    },
    spec: template.spec,
    status: {},
  };
}

function isEmpty(map: Readonly<Record<string, string>> | undefined): map is undefined {
  return map === undefined || Object.keys(map).length === 0;
}

/** `name-`, unless the dash makes it too long for a pod's name. */
function podNamePrefix(name: string): string {
  return isDns1123Subdomain(`${name}a`).length === 0 ? `${name}-` : name;
}

/** The pod as it was created; a refusal is told as an event and thrown. */
export function createPod(pod: Pod, parent: KubeObject, { client, recorder }: SyncContext): Pod {
  if (pod.metadata.labels === undefined) throw new SyncError(NO_LABELS);
  const answer = client.create('pods', pod);
  if (answer.ok) {
    recorder.event(parent, 'Normal', SUCCESSFUL_CREATE, `Created pod: ${answer.object.metadata.name}`);
    return answer.object;
  }
  if (!isNamespaceTerminating(answer.status))
    recorder.event(parent, 'Warning', FAILED_CREATE, `Error creating: ${answer.status.message}`);
  throw new RefusedRequest(answer.status);
}

/** Asks for the pod's deletion; false when it was gone already. */
export function deletePod(pod: Pod, parent: KubeObject, { client, recorder }: SyncContext): boolean {
  const { namespace, name = '' } = pod.metadata;
  const answer = client.delete('pods', { namespace, name });
  if (answer.ok) {
    recorder.event(parent, 'Normal', SUCCESSFUL_DELETE, `Deleted pod: ${name}`);
    return true;
  }
  if (answer.status.reason === 'NotFound') return false;
  recorder.event(parent, 'Warning', FAILED_DELETE, `Error deleting: ${answer.status.message}`);
  throw new SyncError(`unable to delete pods: ${answer.status.message}`);
}

interface BatchResult {
  readonly successes: number;
  /** The first error of the batch that ended it. */
  readonly error?: SyncError;
}

/**
 * Calls `attempt` up to `count` times in batches of 1, 2, 4 …; the batch with the first error is still done to its end.
 * So a quota that is used up meets few doomed requests.
 */
export function slowStartBatch(count: number, attempt: (index: number) => void, initialSize = 1): BatchResult {
  let done = 0;
  let successes = 0;
  for (let size = Math.min(count, initialSize); size > 0; size = Math.min(2 * size, count - done)) {
    let error: SyncError | undefined;
    for (let i = 0; i < size; i++) {
      const failure = errorOf(() => attempt(done + i));
      if (failure === undefined) successes += 1;
      error ??= failure;
    }
    if (error !== undefined) return { successes, error };
    done += size;
  }
  return { successes };
}

/** Does all of it, whatever fails, and gives the first error. */
export function firstErrorOf(attempts: Iterable<() => void>): SyncError | undefined {
  let first: SyncError | undefined;
  for (const attempt of attempts) {
    const error = errorOf(attempt);
    first ??= error;
  }
  return first;
}

export function errorOf(attempt: () => void): SyncError | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
}
