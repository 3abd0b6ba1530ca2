// What the author of a pod or node says it does once it runs, which nothing offline could know.
// Differs: real containers decide this; the annotations under kubeplan.dev/ stand in for them.
import type { ObjectMeta } from '../../apimachinery/object.ts';
import { controllerOf } from '../../apimachinery/owner-references.ts';
import { JOB_COMPLETION_INDEX } from '../../apimachinery/well-known/annotations.ts';
import type { Pod } from '../../schema/generated/types/core-v1.ts';

export const OUTCOME = 'kubeplan.dev/outcome';
const EXIT_CODE = 'kubeplan.dev/exit-code';
const FAIL_INDEXES = 'kubeplan.dev/fail-indexes';
const RUNNING_INDEXES = 'kubeplan.dev/running-indexes';

/** `ready` is what pods do that say nothing. */
type PodOutcome = 'ready' | 'never-ready' | 'running' | 'fail' | 'pending' | 'succeed';

/** What becomes of the pod's containers: those of Jobs succeed unless told otherwise. */
export function podOutcome(pod: Pod): PodOutcome {
  const annotations = pod.metadata.annotations ?? {};
  const said = annotations[OUTCOME];
  const index = annotations[JOB_COMPLETION_INDEX];
  if (said === 'pending') return 'pending';
  if (said === 'fail' || isListed(annotations[FAIL_INDEXES], index)) return 'fail';
  if (said === 'never-ready') return 'never-ready';
  if (said === 'running' || isListed(annotations[RUNNING_INDEXES], index)) return 'running';
  return endsByItself(pod) ? 'succeed' : 'ready';
}

/** Whether the pod says itself that it never becomes ready: an index that fails was ready before. */
export function startsUnready(pod: Pod): boolean {
  const said = pod.metadata.annotations?.[OUTCOME];
  return said === 'never-ready' || said === 'fail';
}

export function exitCodeOf(pod: Pod): number {
  const code = Number(pod.metadata.annotations?.[EXIT_CODE] ?? '1');
  return Number.isInteger(code) ? code : 1;
}

/** Whether the node keeps silent: no heartbeats, no status. */
export function isNotResponding(node: { readonly metadata: Pick<ObjectMeta, 'annotations'> }): boolean {
  return node.metadata.annotations?.[OUTCOME] === 'not-responding';
}

function endsByItself(pod: Pod): boolean {
  const { restartPolicy } = pod.spec;
  if (restartPolicy !== 'Never' && restartPolicy !== 'OnFailure') return false;
  return controllerOf(pod)?.kind === 'Job' || (pod.metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Job');
}

function isListed(list: string | undefined, index: string | undefined): boolean {
  return list !== undefined && index !== undefined && list.split(',').includes(index);
}
