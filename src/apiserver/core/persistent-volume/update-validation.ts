// What of a PersistentVolume may change.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePersistentVolumeUpdate), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, forbidden, invalid, namedString } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import type {
  NodeSelectorRequirement,
  PersistentVolume,
  PersistentVolumeSpec,
  VolumeNodeAffinity,
} from '../../../schema/generated/types/core-v1.ts';
import { structDiff } from '../pod/internal-diff.ts';
import { structValue } from '../pod-spec/internal-value.ts';
import { sourcesOf } from './source-validation.ts';
import { validatePersistentVolume } from './validation.ts';

const SOURCE_IMMUTABLE = 'spec.persistentvolumesource is immutable after creation';
const AFFINITY_IMMUTABLE = `${FIELD_IMMUTABLE}, except for updating from beta label to GA`;
const CLASS_REMOVED = 'update from non-nil value to nil is forbidden';

/** Names of labels of nodes that have grown up. */
const stableLabels: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'beta.kubernetes.io/os': 'kubernetes.io/os',
  'beta.kubernetes.io/arch': 'kubernetes.io/arch',
  'beta.kubernetes.io/instance-type': 'node.kubernetes.io/instance-type',
};

export function validatePersistentVolumeUpdate(volume: PersistentVolume, old: PersistentVolume): readonly FieldError[] {
  const errors = [...validatePersistentVolume(volume, old)];
  const next = sourcesOf(withoutNewExpandSecret(volume.spec, old.spec));
  const before = sourcesOf(old.spec);
  if (!semanticDeepEqual(next, before)) {
    const difference = structDiff('PersistentVolumeSource', before, next);
    errors.push(forbidden(FieldPath.of('spec', 'persistentvolumesource'), `${SOURCE_IMMUTABLE}\n${difference}`));
  }
  const { volumeMode, nodeAffinity, volumeAttributesClassName } = volume.spec;
  if (volumeMode !== old.spec.volumeMode) {
    errors.push(invalid(FieldPath.of('volumeMode'), namedString(volumeMode), FIELD_IMMUTABLE));
  }
  if (old.spec.nodeAffinity && !keepsAffinity(nodeAffinity, old.spec.nodeAffinity)) {
    const shown = nodeAffinity ? structValue('VolumeNodeAffinity', nodeAffinity) : null;
    errors.push(invalid(FieldPath.of('nodeAffinity'), shown, AFFINITY_IMMUTABLE));
  }
  if (old.spec.volumeAttributesClassName !== undefined && volumeAttributesClassName === undefined) {
    errors.push(forbidden(FieldPath.of('spec', 'volumeAttributesClassName'), CLASS_REMOVED));
  }
  return errors;
}

/** A secret for expansion may be added later. */
function withoutNewExpandSecret(spec: PersistentVolumeSpec, old: PersistentVolumeSpec): PersistentVolumeSpec {
  if (!spec.csi?.controllerExpandSecretRef || !old.csi || old.csi.controllerExpandSecretRef) return spec;
  const { controllerExpandSecretRef: _, ...csi } = spec.csi;
  return { ...spec, csi };
}

function keepsAffinity(next: VolumeNodeAffinity | undefined, old: VolumeNodeAffinity): boolean {
  if (!next) return false;
  const terms = next.required?.nodeSelectorTerms ?? [];
  const before = old.required?.nodeSelectorTerms ?? [];
  if ((next.required === undefined) !== (old.required === undefined) || terms.length !== before.length) return false;
  return terms.every(
    ({ matchExpressions, matchFields }, i) =>
      keepsRequirements(matchExpressions, before[i]?.matchExpressions) &&
      keepsRequirements(matchFields, before[i]?.matchFields),
  );
}

type Requirements = readonly NodeSelectorRequirement[] | undefined;

function keepsRequirements(next: Requirements = [], old: Requirements = []): boolean {
  return (
    next.length === old.length &&
    next.every(({ key, operator, values }, i) => {
      const before = old[i];
      if (!before) return false;
      // Upstream looks any old key up, and so lets the key of a label that has no newer name become empty.
      const isSameKey = key === before.key || (stableLabels[before.key] ?? '') === key;
      return isSameKey && operator === before.operator && semanticDeepEqual(values, before.values);
    })
  );
}
