// Keeps volumes that are being deleted until they are bound no longer.
// Behaviour: pkg/controller/volume/pvprotection/pv_protection_controller.go, Kubernetes v1.36.3.
import type { PersistentVolume } from '../../../schema/generated/types/core-v1.ts';
import { type ControllerFactory, keyFor } from '../../engine/controller.ts';
import { addsProtection, removesProtection, withoutFinalizer } from '../../objects/finalizers.ts';

const VOLUMES = 'persistentvolumes';
const FINALIZER = 'kubernetes.io/pv-protection';

export const pvProtectionController: ControllerFactory = () => ({
  name: 'pv-protection-controller',
  watches: [
    {
      resource: VOLUMES,
      keys: ({ type, object }) =>
        type !== 'DELETED' && (addsProtection(object, FINALIZER) || removesProtection(object, FINALIZER))
          ? [keyFor(object)]
          : [],
    },
  ],
  sync(key, { client, reader }) {
    const volume = reader.get<PersistentVolume>(VOLUMES, undefined, key);
    if (!volume) return undefined;
    if (removesProtection(volume, FINALIZER)) {
      if (volume.status.phase === 'Bound') return undefined;
      return client.update(VOLUMES, withoutFinalizer(volume, FINALIZER)).ok ? undefined : { retry: true };
    }
    if (!addsProtection(volume, FINALIZER)) return undefined;
    const finalizers = [...(volume.metadata.finalizers ?? []), FINALIZER];
    const next = { ...volume, metadata: { ...volume.metadata, finalizers } };
    return client.update(VOLUMES, next).ok ? undefined : { retry: true };
  },
});
