// Which names of admission configurations are kept for files that the API server reads by itself.
// Behaviour: pkg/apis/admissionregistration/validation/static_suffix.go, Kubernetes v1.36.3.
import { type FieldError, invalid } from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { StrategyContext } from '../resource.ts';

const GATE = 'ManifestBasedAdmissionControlConfig';
const SUFFIX = '.static.k8s.io';
const RESERVED = `names ending with "${SUFFIX}" are reserved for static manifest-based configurations and cannot be managed via the API`;
const NAME = FieldPath.of('metadata', 'name');

export function staticSuffixErrors({ metadata: { name = '' } }: KubeObject, context: StrategyContext): FieldError[] {
  return name.endsWith(SUFFIX) && context.features.isEnabled(GATE) ? [invalid(NAME, name, RESERVED)] : [];
}

/** Where the name is refused there is no warning on creation. */
export function staticSuffixWarningsOnCreate(object: KubeObject, context: StrategyContext): readonly string[] {
  return context.features.isEnabled(GATE) ? [] : staticSuffixWarnings(object);
}

export function staticSuffixWarnings({ metadata: { name = '' } }: KubeObject): readonly string[] {
  return name.endsWith(SUFFIX) ? [`metadata.name: ${RESERVED}`] : [];
}
