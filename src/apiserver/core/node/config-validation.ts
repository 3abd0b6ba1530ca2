// Whether a Node's reference to a kubelet configuration is complete: a removed feature that old objects may still hold.
// Behaviour: pkg/apis/core/validation/validation.go (validateNodeConfigSourceSpec and below), Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid, required } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { goStruct } from '../../../apimachinery/go/json.ts';
import { isConfigMapKey, isDns1123Label, isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type {
  ConfigMapNodeConfigSource,
  NodeConfigSource,
  NodeConfigStatus,
} from '../../../schema/generated/types/core-v1.ts';
import { validateRequiredName } from '../pod-spec/validation/name.ts';

const EXACTLY_ONE = 'exactly one reference subfield must be non-nil';
const UID_IN_SPEC = 'uid must not be set in spec';
const VERSION_IN_SPEC = 'resourceVersion must not be set in spec';

type CheckReference = (source: ConfigMapNodeConfigSource, path: FieldPath, errors: FieldError[]) => void;

export function validateConfigSourceSpec(source: NodeConfigSource, path: FieldPath, errors: FieldError[]): void {
  validateSource(source, validateSpecReference, path, errors);
}

export function validateConfigStatus(status: NodeConfigStatus, path: FieldPath, errors: FieldError[]): void {
  for (const name of ['assigned', 'active', 'lastKnownGood'] as const) {
    const source = status[name];
    if (source) validateSource(source, validateStatusReference, path.child(name), errors);
  }
}

function validateSource(source: NodeConfigSource, check: CheckReference, path: FieldPath, errors: FieldError[]): void {
  if (source.configMap) check(source.configMap, path.child('configMap'), errors);
  else errors.push(invalid(path, goStruct({ ConfigMap: null }), EXACTLY_ONE));
}

function validateSpecReference(source: ConfigMapNodeConfigSource, path: FieldPath, errors: FieldError[]): void {
  if (source.uid) errors.push(forbidden(path.child('uid'), UID_IN_SPEC));
  if (source.resourceVersion) errors.push(forbidden(path.child('resourceVersion'), VERSION_IN_SPEC));
  validateReference(source, path, errors);
}

function validateStatusReference(source: ConfigMapNodeConfigSource, path: FieldPath, errors: FieldError[]): void {
  if (!source.uid) errors.push(required(path.child('uid'), ''));
  if (!source.resourceVersion) errors.push(required(path.child('resourceVersion'), ''));
  validateReference(source, path, errors);
}

function validateReference(source: ConfigMapNodeConfigSource, path: FieldPath, errors: FieldError[]): void {
  validateRequiredName(isDns1123Label, source.namespace, path, 'namespace', errors);
  validateRequiredName(isDns1123Subdomain, source.name, path, 'name', errors);
  validateRequiredName(isConfigMapKey, source.kubeletConfigKey, path, 'kubeletConfigKey', errors);
}
