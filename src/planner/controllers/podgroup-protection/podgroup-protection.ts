// Keeps PodGroups that are being deleted until no pod that still runs refers to them.
// Behaviour: pkg/controller/scheduling/podgroupprotection/podgroup_protection_controller.go, Kubernetes v1.36.3.
import { POD_GROUP_PROTECTION } from '../../../apiserver/admission/pod-group-protection.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { PodGroup } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS } from '../../../schema/resource-names.ts';
import { type ControllerFactory, keyFor, splitKey } from '../../engine/controller.ts';
import { removesProtection, withoutFinalizer } from '../../objects/finalizers.ts';
import { isPodTerminated } from '../../storage/claim-use.ts';

export const podGroupProtectionController: ControllerFactory = () => ({
  name: 'podgroup-protection-controller',
  watches: [
    {
      resource: POD_GROUPS,
      keys: ({ type, object }) =>
        type !== 'DELETED' && removesProtection(object, POD_GROUP_PROTECTION) ? [keyFor(object)] : [],
    },
    { resource: 'pods', keys: groupOfDonePod },
  ],
  sync(key, { client, reader }) {
    const { namespace, name } = splitKey(key);
    const group = reader.get<PodGroup>(POD_GROUPS, namespace, name);
    if (!group || !removesProtection(group, POD_GROUP_PROTECTION)) return undefined;
    const isUsed = reader
      .list<Pod>('pods', namespace)
      .some((pod) => pod.spec.schedulingGroup?.podGroupName === name && !isPodTerminated(pod));
    if (isUsed) return undefined;
    return client.update(POD_GROUPS, withoutFinalizer(group, POD_GROUP_PROTECTION)).ok ? undefined : { retry: true };
  },
});

/** Only a pod that is gone or done can free its group. */
function groupOfDonePod({ type, object }: StoreEvent): readonly string[] {
  const pod = object as Pod; // the watch is on pods
  const name = pod.spec.schedulingGroup?.podGroupName;
  if (name === undefined || (type !== 'DELETED' && !isPodTerminated(pod))) return [];
  return [`${pod.metadata.namespace}/${name}`];
}
