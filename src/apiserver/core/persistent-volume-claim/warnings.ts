// What is told about a PersistentVolumeClaim that names its class by annotation or asks for parts of a byte.
// Behaviour: pkg/api/persistentvolumeclaim/util.go, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { parseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { BETA_STORAGE_CLASS } from '../../../apimachinery/well-known/annotations.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../../schema/generated/types/core-v1.ts';
import { isWhole } from '../pod-spec/resource-names.ts';

const CLASS_DEPRECATED = `metadata.annotations[${BETA_STORAGE_CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`;

export function claimWarnings({ metadata, spec }: PersistentVolumeClaim): readonly string[] {
  const annotated = metadata.annotations?.[BETA_STORAGE_CLASS] !== undefined;
  const fractions = fractionWarnings(spec);
  return annotated ? [CLASS_DEPRECATED, ...fractions] : fractions;
}

function fractionWarnings({ resources }: PersistentVolumeClaimSpec): readonly string[] {
  return (['requests', 'limits'] as const).flatMap((list) => {
    const quantity = parseQuantity(resources[list]?.['storage'] ?? '0');
    if (!quantity || isWhole(quantity)) return [];
    return [
      `spec.resources.${list}[storage]: fractional byte value ${goQuote(quantity.toString())} is invalid, must be an integer`,
    ];
  });
}
