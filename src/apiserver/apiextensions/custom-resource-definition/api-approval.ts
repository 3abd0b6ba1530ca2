// Definitions in the groups of the Kubernetes community name where their API was approved.
// Behaviour: [apiextensions-apiserver]/pkg/apihelpers/helpers.go,
// pkg/apis/apiextensions/validation/validation.go (validateAPIApproval), Kubernetes v1.36.3.
import { type FieldError, invalid, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { CustomResourceDefinition } from '../../../schema/generated/types/apiextensions-v1.ts';
import { parseUrl } from '../../admissionregistration/url.ts';
import { isRequestUri } from '../../custom-resources/validation/request-uri.ts';

const ANNOTATION = 'api-approved.kubernetes.io';
const SEE = 'see https://github.com/kubernetes/enhancements/pull/1111';
const MISSING = `protected groups must have approval annotation "${ANNOTATION}", ${SEE}`;
const INVALID = `protected groups must have approval annotation "${ANNOTATION}" with either a URL or a reason starting with "unapproved", ${SEE}`;
const PATH = FieldPath.of('metadata', 'annotations').key(ANNOTATION);

type Approval = 'missing' | 'bypassed' | 'approved' | 'invalid';

export function approvalErrors(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): readonly FieldError[] {
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(crd.spec.group)) return [];
  const state = approvalOf(crd);
  if (old && approvalOf(old) === state) return [];
  if (state === 'missing') return [required(PATH, MISSING)];
  return state === 'invalid' ? [invalid(PATH, textOf(crd), INVALID)] : [];
}

function textOf({ metadata }: CustomResourceDefinition): string {
  return metadata.annotations?.[ANNOTATION] ?? '';
}

function approvalOf(crd: CustomResourceDefinition): Approval {
  const text = textOf(crd);
  if (text === '') return 'missing';
  if (text.startsWith('unapproved')) return 'bypassed';
  const parsed = parseUrl(text);
  return isRequestUri(text) && parsed.ok && parsed.url.host !== '' && parsed.url.scheme !== '' ? 'approved' : 'invalid';
}
