// How PersistentVolumes are created and updated.
// Behaviour: pkg/registry/core/persistentvolume/strategy.go, Kubernetes v1.36.3.
import { formatTime, parseTime } from '../../../apimachinery/time/time.ts';
import type { PersistentVolume } from '../../../schema/generated/types/core-v1.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { defaultPersistentVolume } from './defaults.ts';
import { validatePersistentVolumeUpdate } from './update-validation.ts';
import { validatePersistentVolume } from './validation.ts';
import { persistentVolumeWarnings } from './warnings.ts';

export const persistentVolumeResource: Resource<PersistentVolume> = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  namespaced: false,
  shortNames: ['pv'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: defaultPersistentVolume,
    prepareForCreate: (volume, { now }) => ({
      ...volume,
      status: { phase: 'Pending', lastPhaseTransitionTime: formatTime(now) },
    }),
    validate: (volume) => validatePersistentVolume(volume, undefined),
    warningsOnCreate: persistentVolumeWarnings,
    prepareForUpdate: (volume, old) => ({ ...volume, status: old.status }),
    validateUpdate: validatePersistentVolumeUpdate,
    warningsOnUpdate: persistentVolumeWarnings,
  },
  subresources: { status: { prepareForUpdate: prepareStatus } },
};

/** Notes when the phase changed, unless the client says so itself. */
function prepareStatus(given: PersistentVolume, old: PersistentVolume, { now }: StrategyContext): PersistentVolume {
  const volume = { ...given, spec: old.spec };
  const { phase, lastPhaseTransitionTime: time } = volume.status;
  const before = old.status.lastPhaseTransitionTime;
  if (phase === old.status.phase) {
    if (time || !before) return volume;
    return { ...volume, status: { ...volume.status, lastPhaseTransitionTime: before } };
  }
  if (time && !sameTime(time, before)) return volume;
  return { ...volume, status: { ...volume.status, lastPhaseTransitionTime: formatTime(now) } };
}

function sameTime(a: string, b: string | undefined): boolean {
  return b !== undefined && parseTime(a) === parseTime(b);
}
