// Keeps volumes that are being deleted until they are bound no longer.
// Behaviour: pkg/controller/volume/pvprotection/pv_protection_controller.go, Kubernetes v1.36.3.
import { PV_PROTECTION } from '../../../apimachinery/well-known/finalizers.ts';
import type { PersistentVolume } from '../../../schema/generated/types/core-v1.ts';
import { PVS } from '../../../schema/resource-names.ts';
import { type ControllerFactory, keyFor } from '../../engine/controller.ts';
import { addsProtection, removesProtection, withoutFinalizer } from '../../objects/finalizers.ts';

export const pvProtectionController: ControllerFactory = () => ({
  name: 'pv-protection-controller',
  watches: [
    {
      resource: PVS,
      keys: ({ type, object }) =>
        type !== 'DELETED' && (addsProtection(object, PV_PROTECTION) || removesProtection(object, PV_PROTECTION))
          ? [keyFor(object)]
          : [],
    },
  ],
  sync(key, { client, reader }) {
    const volume = reader.get<PersistentVolume>(PVS, undefined, key);
    if (!volume) return undefined;
    if (removesProtection(volume, PV_PROTECTION)) {
      if (volume.status.phase === 'Bound') return undefined;
      return client.update(PVS, withoutFinalizer(volume, PV_PROTECTION)).ok ? undefined : { retry: true };
    }
    if (!addsProtection(volume, PV_PROTECTION)) return undefined;
    const finalizers = [...(volume.metadata.finalizers ?? []), PV_PROTECTION];
    const next = { ...volume, metadata: { ...volume.metadata, finalizers } };
    return client.update(PVS, next).ok ? undefined : { retry: true };
  },
});
