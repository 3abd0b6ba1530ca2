// How ControllerRevisions are created and updated: their data never changes.
// Behaviour: pkg/registry/apps/controllerrevision/strategy.go, pkg/apis/apps/validation/validation.go, Kubernetes v1.36.3.
import { type FieldError, GoValue, invalid, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { FIELD_IMMUTABLE, validateNonnegativeField } from '../../../apimachinery/validation/object-meta.ts';
import type { ControllerRevision } from '../../../schema/generated/types/apps-v1.ts';
import type { Resource } from '../../resource.ts';

const NO_DATA = 'data is mandatory';
const NOT_AN_OBJECT = 'data must be a valid JSON object';

const DATA = FieldPath.of('data');
const REVISION = FieldPath.of('revision');

export const controllerRevisionResource: Resource<ControllerRevision> = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  namespaced: true,
  strategy: {
    allowUnconditionalUpdate: true,
    validate: (revision) => [...validateRevision(revision), ...validateData(revision)],
    validateUpdate: (revision, old) => [...validateRevision(revision), ...validateSameData(revision, old)],
  },
};

function validateRevision({ revision = 0 }: ControllerRevision): readonly FieldError[] {
  return validateNonnegativeField(revision, REVISION);
}

function validateData({ data }: ControllerRevision): readonly FieldError[] {
  if (data === undefined || data === null) return [required(DATA, NO_DATA)];
  return typeof data === 'object' && !Array.isArray(data) ? [] : [required(DATA, NOT_AN_OBJECT)];
}

/** Upstream compares the text, so the order of keys counts. */
function validateSameData({ data }: ControllerRevision, old: ControllerRevision): readonly FieldError[] {
  const text = goMarshalInOrder(data);
  return text === goMarshalInOrder(old.data) ? [] : [invalid(DATA, new GoValue(text), FIELD_IMMUTABLE)];
}
