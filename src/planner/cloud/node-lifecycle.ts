// Takes nodes out of the cluster whose machine is gone, and marks those whose machine is shut down.
// Behaviour: cloud-provider/controllers/nodelifecycle/node_lifecycle_controller.go, Kubernetes v1.36.3.
// Differs: looks at a node when it changes, not every five seconds.
import type { Node } from '../../schema/generated/types/core-v1.ts';
import { type ControllerFactory, watchSelf } from '../engine/controller.ts';
import { swapTaints } from '../objects/node-taints.ts';
import { type CloudOptions, instanceOf } from './description.ts';

const SHUTDOWN = { key: 'node.cloudprovider.kubernetes.io/shutdown', effect: 'NoSchedule' };

export const cloudNodeLifecycleController: ControllerFactory<CloudOptions> = ({ cloud }) => ({
  name: 'cloud-node-lifecycle-controller',
  watches: cloud?.instances || cloud?.otherInstances ? [watchSelf('nodes')] : [],
  sync(key, { client, reader, recorder, now }) {
    const node = reader.get<Node>('nodes', undefined, key);
    if (!node || !cloud) return undefined;
    const ready = node.status.conditions?.find(({ type }) => type === 'Ready');
    const instance = instanceOf(node, cloud);
    if (ready?.status !== 'True' && !instance) {
      recorder.event(
        node,
        'Normal',
        'DeletingNode',
        `Deleting node ${key} because it does not exist in the cloud provider`,
      );
      const answer = client.delete('nodes', { name: key });
      if (!answer.ok)
        recorder.event(node, 'Warning', 'DeletingNodeFailed', `Failed deleting node ${key}: ${answer.status.message}`);
      return undefined;
    }
    const isShutDown = ready?.status !== 'True' && instance?.state === 'shutdown';
    const isMarked = node.spec.taints?.some((taint) => taint.key === SHUTDOWN.key && taint.effect === SHUTDOWN.effect);
    const mustUnmark = isMarked && ready?.status === 'True';
    const swapped =
      isShutDown && !isMarked
        ? swapTaints(node, [SHUTDOWN], [], now)
        : mustUnmark
          ? swapTaints(node, [], [SHUTDOWN], now)
          : node;
    return swapped === node || client.update('nodes', swapped).ok ? undefined : { retry: true };
  },
});
