// Keeps claims that are being deleted until no pod uses them any more.
// Behaviour: pkg/controller/volume/pvcprotection/pvc_protection_controller.go, Kubernetes v1.36.3.
// Differs: the condition Unused of the alpha gate PersistentVolumeClaimUnusedSinceTime is not kept.
import { PVC_PROTECTION } from '../../../apimachinery/well-known/finalizers.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { PersistentVolumeClaim, Pod } from '../../../schema/generated/types/core-v1.ts';
import { PVCS } from '../../../schema/resource-names.ts';
import { type ControllerFactory, keyFor, splitKey } from '../../engine/controller.ts';
import { addsProtection, removesProtection, withoutFinalizer } from '../../objects/finalizers.ts';
import { claimNameOf, isForPod, isPodTerminated, podsOfClaim } from '../../storage/claim-use.ts';

export const pvcProtectionController: ControllerFactory = () => ({
  name: 'pvc-protection-controller',
  watches: [
    {
      resource: PVCS,
      keys: ({ type, object }) =>
        type !== 'DELETED' && (addsProtection(object, PVC_PROTECTION) || removesProtection(object, PVC_PROTECTION))
          ? [keyFor(object)]
          : [],
    },
    { resource: 'pods', keys: claimsOfPod },
  ],
  sync(key, { client, reader }) {
    const { namespace, name } = splitKey(key);
    const claim = reader.get<PersistentVolumeClaim>(PVCS, namespace, name);
    if (!claim) return undefined;
    if (removesProtection(claim, PVC_PROTECTION)) {
      if (podsOfClaim(claim, reader).some((pod) => holdsClaim(pod, claim))) return undefined;
      return client.update(PVCS, withoutFinalizer(claim, PVC_PROTECTION)).ok ? undefined : { retry: true };
    }
    if (!addsProtection(claim, PVC_PROTECTION)) return undefined;
    const finalizers = [...(claim.metadata.finalizers ?? []), PVC_PROTECTION];
    const next = { ...claim, metadata: { ...claim.metadata, finalizers } };
    return client.update(PVCS, next).ok ? undefined : { retry: true };
  },
});

/** Only pods that are done, or never started, may free a claim. */
function claimsOfPod({ type, object }: StoreEvent): readonly string[] {
  const pod = object as Pod;
  const { volumes } = pod.spec;
  if (!volumes || volumes.length === 0) return [];
  if (type !== 'DELETED' && !isPodTerminated(pod) && pod.spec.nodeName) return [];
  return volumes.flatMap((volume) => {
    const claim = claimNameOf(pod, volume);
    return claim === undefined ? [] : [`${pod.metadata.namespace}/${claim}`];
  });
}

/** A kubelet starts no pod whose claim is being deleted, so pods without a node do not count. */
function holdsClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if (!pod.spec.nodeName) return false;
  return (pod.spec.volumes ?? []).some((volume) => {
    if (claimNameOf(pod, volume) !== claim.metadata.name) return false;
    return volume.persistentVolumeClaim !== undefined || (!isShutDown(pod) && isForPod(claim, pod));
  });
}

/** The kubelet is done with the pod, or somebody forced its deletion. */
function isShutDown({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
}
