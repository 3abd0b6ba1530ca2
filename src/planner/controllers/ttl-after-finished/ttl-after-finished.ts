// Deletes finished Jobs when their time to live is over.
// Behaviour: pkg/controller/ttlafterfinished/ttlafterfinished_controller.go, Kubernetes v1.36.3.
import { parseTime } from '../../../apimachinery/time/time.ts';
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import { type ControllerFactory, keyFor, splitKey } from '../../engine/controller.ts';

export const ttlAfterFinishedController: ControllerFactory = () => ({
  name: 'ttl-after-finished-controller',
  watches: [
    {
      resource: 'jobs.batch',
      keys: ({ type, object }) => (type !== 'DELETED' && expiryOf(object as Job) !== undefined ? [keyFor(object)] : []),
    },
  ],
  sync(key, { client, reader, now }) {
    const { namespace, name } = splitKey(key);
    const job = reader.get<Job>('jobs.batch', namespace, name);
    const expiry = job && expiryOf(job);
    if (!job || expiry === undefined) return undefined;
    if (expiry > now) return { requeueAfter: expiry - now };
    const options = { propagationPolicy: 'Foreground', uid: job.metadata.uid ?? '' } as const;
    const answer = client.delete('jobs.batch', { namespace, name }, options);
    return answer.ok || answer.status.reason === 'NotFound' ? undefined : { retry: true };
  },
});

/** When a finished Job expires; undefined when it never does, or not yet. */
function expiryOf({ metadata, spec, status }: Job): number | undefined {
  if (metadata.deletionTimestamp || spec.ttlSecondsAfterFinished === undefined) return undefined;
  const finished = status.conditions?.find(
    (c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True',
  );
  const finishedAt = finished?.lastTransitionTime && parseTime(finished.lastTransitionTime);
  return typeof finishedAt === 'number' ? finishedAt + spec.ttlSecondsAfterFinished * 1000 : undefined;
}
