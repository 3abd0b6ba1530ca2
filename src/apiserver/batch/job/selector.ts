// The selector and the pod labels that a Job gets unless it brings a selector of its own.
// Behaviour: pkg/registry/batch/job/strategy.go (generateSelector), pkg/apis/batch/validation/validation.go
// (validateGeneratedSelector), Kubernetes v1.36.3.
import { type FieldError, invalid, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import { type Labels, labelSelectorAsSelector } from '../../../selectors/label-selector.ts';
import { labelSelectorValue } from '../../../selectors/label-selector-validation.ts';

export const CONTROLLER_UID_LABEL = 'batch.kubernetes.io/controller-uid';
export const JOB_NAME_LABEL = 'batch.kubernetes.io/job-name';
const LEGACY_CONTROLLER_UID_LABEL = 'controller-uid';
const LEGACY_JOB_NAME_LABEL = 'job-name';

const NOT_GENERATED = '`selector` not auto-generated';

const TEMPLATE_LABELS = FieldPath.of('spec', 'template', 'metadata', 'labels');
const SELECTOR = FieldPath.of('spec', 'selector');

export function withGeneratedSelector(job: Job): Job {
  const { metadata, spec } = job;
  if (spec.manualSelector) return job;
  const { name = '', uid = '' } = metadata;
  const given = spec.template.metadata.labels;
  // What the manifest says stays: a contradiction is refused later.
  const labels = {
    [LEGACY_JOB_NAME_LABEL]: name,
    [JOB_NAME_LABEL]: name,
    [LEGACY_CONTROLLER_UID_LABEL]: uid,
    [CONTROLLER_UID_LABEL]: uid,
    ...given,
  };
  const matchLabels = { [CONTROLLER_UID_LABEL]: uid, ...spec.selector?.matchLabels };
  return {
    ...job,
    metadata: given && metadata.labels === given ? { ...metadata, labels } : metadata,
    spec: {
      ...spec,
      selector: { ...spec.selector, matchLabels },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
}

export function validateGeneratedSelector(
  { metadata, spec }: Job,
  withPrefixedLabels: boolean,
  errors: FieldError[],
): void {
  if (spec.manualSelector || !spec.selector) return;
  const { name = '', uid = '' } = metadata;
  if (uid === '') errors.push(required(FieldPath.of('metadata', 'uid'), ''));
  const expected: Record<string, string> = { [LEGACY_CONTROLLER_UID_LABEL]: uid, [LEGACY_JOB_NAME_LABEL]: name };
  if (withPrefixedLabels) {
    expected[CONTROLLER_UID_LABEL] = uid;
    expected[JOB_NAME_LABEL] = name;
  }
  for (const [key, value] of Object.entries(expected)) {
    validateHasLabel(spec.template.metadata.labels, key, value, errors);
  }
  const selector = labelSelectorAsSelector(spec.selector);
  if (selector.ok && !selector.value.matches(expected)) {
    errors.push(invalid(SELECTOR, labelSelectorValue(spec.selector), NOT_GENERATED));
  }
}

function validateHasLabel(labels: Labels | undefined, key: string, value: string, errors: FieldError[]): void {
  const actual = labels?.[key];
  const detail = `must be '${value}'`;
  if (actual === undefined) errors.push(required(TEMPLATE_LABELS.key(key), detail));
  else if (actual !== value) errors.push(invalid(TEMPLATE_LABELS.key(key), labels, detail));
}
